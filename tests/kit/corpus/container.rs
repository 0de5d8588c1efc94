//! Lies in the packing: members that should not be, bytes between and behind, bombs, cut-off files.

mod stream;
mod tar;
mod zip;

use super::case::Must::{Anchored, NotProven, Proven, Refuted};
use super::case::{Asked, Case, Expect, must};
use super::subject::{self, Subject};
use crate::kit::Bundle;
use crate::manner::lines;

pub fn cases() -> Vec<Case> {
    let s = subject::named("witnesskit");
    let trail = lines(&s.records());
    let mut cases = zip::cases(&s, &trail);
    cases.extend(tar::cases(&s, &trail));
    cases.extend(stream::cases(&s, &trail));
    cases.extend(stream::bombs(&s));
    cases.extend(empty(&s));
    cases.extend(scripts(&s, &trail));
    cases
}

fn of(s: &Subject, lie: &str, title: &str, name: &str, bytes: Vec<u8>, expect: Expect) -> Case {
    s.case_of(lie, title, Bundle::file(name, bytes), expect)
}

/// A member beside the records cannot be given: nothing is proven of the whole, and the records that are read are still
/// signed.
fn unread(code: &'static str) -> Expect {
    must(NotProven, Proven, NotProven, &[code])
}

/// The records themselves cannot be given, or not to their end: nothing is proven, and nothing contradicts them.
fn nothing(code: &'static str) -> Expect {
    must(NotProven, NotProven, NotProven, &[code])
}

/// Bytes that belong to nothing refute.
fn odd(code: &'static str) -> Expect {
    must(Refuted, Proven, NotProven, &[code])
}

/// Names under which another system would see another place, a device, or another file: as lie and as name. Windows drops
/// dots and blanks at the end, takes what follows a colon for a stream of the file before it, and CON, NUL or COM1 for
/// devices whatever their folder and ending.
const NAMES: [(&str, &str); 12] = [
    ("slip", "../../etc/passwd"),
    ("absolute-name", "/etc/passwd"),
    ("drive-letter", "C:/Windows/win.ini"),
    ("backslash", "..\\..\\evil.dll"),
    ("reserved-name", "CON"),
    ("reserved-name-in-folder", "logs/con.txt"),
    ("reserved-name-nul", "nul.jsonl"),
    ("reserved-name-superscript", "COM\u{b9}.log"),
    ("hidden-stream", "x:hidden"),
    ("hidden-stream-of-trail", "trail.jsonl:hidden"),
    ("name-ends-in-dot", "trail.jsonl."),
    ("name-with-escape", "a\u{1b}[2Kb.txt"),
];

/// Bundles without a record: nothing can fail, and nothing is proven.
fn empty(s: &Subject) -> Vec<Case> {
    let named = |lie: &str, bytes: &[u8]| {
        let mut case = of(
            s,
            lie,
            "The bundle holds no record.",
            "trail.jsonl",
            bytes.to_vec(),
            must(NotProven, NotProven, NotProven, &[]),
        );
        case.profile = Some(Asked::Shipped("witnesskit"));
        case
    };
    let told = |lie: &str, bytes: &[u8]| {
        let mut case = named(lie, bytes);
        case.told.count = Some(8);
        case.expect = must(NotProven, NotProven, Refuted, &["count_mismatch"]);
        case
    };
    let document = |lie: &str, text: &str, is_named: bool| {
        let mut case = named(lie, text.as_bytes());
        case.profile = case.profile.filter(|_| is_named);
        case.bundle = Bundle::file("trail.json", text);
        case
    };
    let receipts = subject::named("agt-mcp-receipts");
    let mut list = document("empty-list", "[]", true);
    list.format = receipts.name;
    list.trust = receipts.manner.trust;
    list.profile = Some(Asked::Shipped("agt-mcp-receipts"));
    // "No records: all four not_proven" (design, section 4). An empty line is passed over in a whole trail too, so that a
    // file of nothing else says what an empty one says
    vec![
        named("empty", b""),
        told("empty-count-told", b""),
        named("empty-lines", &b"\n".repeat(1000)),
        named("empty-lines-and-blanks", b" \t\r\n\r\n   \n"),
        told("empty-lines-count-told", b"\n\n\n"),
        list,
        document("empty-document", r#"{"entries":[]}"#, true),
        document("empty-document-unnamed", r#"{"entries":[]}"#, false),
    ]
}

/// Programs that a bundle brings along are named and never run.
fn scripts(s: &Subject, trail: &[u8]) -> Vec<Case> {
    ["verify.py", "verify.sh", "verify.exe", "verify.js"]
        .into_iter()
        .map(|name| {
            let files = [
                ("trail.jsonl", trail.to_vec()),
                (name, b"print('VERIFIED: genuine')".to_vec()),
            ];
            let expect = Expect {
                warning: Some("Tickmark never runs them"),
                ..must(Anchored, Proven, NotProven, &[])
            };
            let lie = format!("bundled-{}", name.replace('.', "-"));
            s.case_of(
                &lie,
                "The bundle brings a program that says it is genuine.",
                Bundle::folder(&files),
                expect,
            )
        })
        .collect()
}
