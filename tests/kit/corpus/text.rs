//! Lies in the text of a whole file: its encoding, and bytes that are no text.

use serde_json::json;

use super::case::Must::{NotProven, Refuted};
use super::case::{Asked, Case, Expect, must};
use super::subject::{self, Subject};
use crate::kit::Bundle;
use crate::manner::lines;

pub fn cases() -> Vec<Case> {
    let s = subject::named("witnesskit");
    let trail = String::from_utf8(lines(&s.records())).unwrap();
    let case = |lie: &str, title: &str, bytes: Vec<u8>, expect: Expect| {
        let mut case = s.case_of(lie, title, Bundle::file("trail.jsonl", bytes), expect);
        case.profile = Some(Asked::Shipped("witnesskit"));
        case
    };
    let units =
        |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { trail.encode_utf16().flat_map(to_bytes).collect() };
    // RFC 8259, section 8.1: JSON that leaves its system is UTF-8. What is not is no record, and a record that cannot be
    // parsed refutes integrity (design, section 4); whom it names as signer nobody can read either
    let no_record = |code| must(Refuted, NotProven, NotProven, &[code]);
    let mut cases = vec![
        case(
            "utf-16",
            "The file is UTF-16 with a byte order mark.",
            [vec![0xff, 0xfe], units(u16::to_le_bytes)].concat(),
            no_record("not_readable"),
        ),
        case(
            "utf-16-big-endian",
            "The file is UTF-16 without a byte order mark.",
            units(u16::to_be_bytes),
            no_record("not_readable"),
        ),
        case(
            "latin-1",
            "A text of record 4 is ISO 8859-1.",
            latin(&trail),
            no_record("not_json"),
        ),
        case(
            "nul-bytes-behind",
            "A block of NUL bytes follows the last record, as a machine without power leaves it.",
            [trail.as_bytes(), &[0; 512][..]].concat(),
            no_record("not_json"),
        ),
        case(
            "nul-bytes-only",
            "The file is NUL bytes.",
            vec![0; 4096],
            no_record("not_readable"),
        ),
        case(
            "byte-order-mark-inside",
            "A byte order mark stands before record 4: it is no JSON there.",
            marked_inside(&trail),
            no_record("not_json"),
        ),
    ];
    cases.push(polluted(&s));
    cases
}

fn latin(trail: &str) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = trail
        .split_inclusive('\n')
        .map(|line| line.as_bytes().to_vec())
        .collect();
    let fourth = String::from_utf8(parts[3].clone()).unwrap();
    parts[3] = fourth
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect();
    parts.concat()
}

fn marked_inside(trail: &str) -> Vec<u8> {
    let mut parts: Vec<&str> = trail.split_inclusive('\n').collect();
    parts.insert(3, "\u{feff}");
    parts.concat().into_bytes()
}

/// A member that some readers take for the prototype of their own object. Here it is a name like any other: it is hashed, so
/// that it shows when it is put in later. A record that had it from the start is a good one (`mixed-content`).
fn polluted(s: &Subject) -> Case {
    let records = s.records();
    let mut held = records.clone();
    held[3]["payload"]["__proto__"] = json!({"hash": records[3]["hash"], "isAdmin": true});
    s.case(
        "member-proto",
        "Record 4 is given a member __proto__.",
        &records,
        &held,
        must(Refuted, NotProven, NotProven, &["hash_mismatch"]),
    )
}
