//! Lies that show only against what is known by another way: a head, a count, a digest, an earlier import.

use serde_json::Value;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

use super::case::Must::Refuted;
use super::case::{Case, Expect, Remembered, Told};
use super::subject::{self, N, Subject};
use super::trail::after_cut_tail;

pub fn cases() -> Vec<Case> {
    subject::all().iter().flat_map(of).collect()
}

fn of(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let mut cases = told(s, &records);
    cases.extend(earlier(s, &records));
    cases
}

fn incomplete(expect: Expect, code: &'static str) -> Expect {
    let mut expect = expect;
    expect.completeness = Refuted;
    expect.faults.push(code);
    expect
}

fn told(s: &Subject, records: &[Value]) -> Vec<Case> {
    let cut = |lie, title, expect, told| {
        let mut case = s.case(lie, title, records, &records[..6], expect);
        case.told = told;
        case
    };
    let count = Told {
        count: Some(N),
        ..Told::default()
    };
    let head = Told {
        heads: vec![s.head(records)],
        ..Told::default()
    };
    let mut wrong = s.case(
        "another-bundle-than-sent",
        "The bundle is not the one whose digest was told.",
        records,
        records,
        Expect {
            integrity: Refuted,
            faults: vec!["bundle_digest_mismatch"],
            ..s.whole()
        },
    );
    wrong.told.sha256 = Some(hex(&sha256(b"the bundle that was sent")));
    vec![
        cut(
            "drop-tail-count-told",
            "The last two records are gone; their number is known.",
            incomplete(after_cut_tail(s), "count_mismatch"),
            count,
        ),
        cut(
            "drop-tail-head-told",
            "The last two records are gone; the last hash is known.",
            incomplete(after_cut_tail(s), "head_mismatch"),
            head,
        ),
        wrong,
    ]
}

/// An emitter that shows one reviewer another history than it showed before.
fn earlier(s: &Subject, records: &[Value]) -> Vec<Case> {
    let import = |records: &[Value], head: String| Remembered {
        chain: match s.name.as_str() {
            "aat" => Some("s1".into()),
            "agent-receipts" => Some("chain_1".into()),
            _ => None,
        },
        first_id: hex(&sha256(records[0].to_string().as_bytes())),
        records: records.len() as u64,
        head,
    };
    let shorter = &records[..5];
    let mut as_then = s.whole();
    if s.name == "agent-receipts" {
        as_then.completeness = super::case::Must::NotProven; // its last record is not here yet
    }
    let mut rollback = s.case(
        "roll-back",
        "The trail is handed over as it was three records ago, with everything that stated its end then.",
        shorter,
        shorter,
        incomplete(as_then, "rollback"),
    );
    rollback.told.remembered = Some(import(records, s.head(records)));
    let mut fork = s.case(
        "fork",
        "At record 5 an earlier import of the same trail had another hash.",
        records,
        records,
        incomplete(s.whole(), "fork"),
    );
    fork.told.remembered = Some(import(shorter, "f".repeat(64)));
    vec![rollback, fork]
}
