//! Every leaf of a record of each genuine log is changed, one at a time: what is listed as uncovered goes unnoticed, and
//! everything else is noticed. So the list of uncovered fields is neither too long nor too short.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use crate::kit::{Bundle, fixtures, key_file, told};
use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_verify::verification::ClaimOutcome;

struct Log {
    path: &'static str,
    key: Option<(&'static str, &'static str)>,
    /// Pointer of the record that is changed; in lines, the fourth.
    record: Option<&'static str>,
}

const fn log(path: &'static str, key: Option<(&'static str, &'static str)>) -> Log {
    Log {
        path,
        key,
        record: None,
    }
}

const LOGS: &[Log] = &[
    Log {
        record: Some("/entries/3"),
        ..log(
            "emitters/witnesskit/chain.json",
            Some(("ed25519", "emitters/witnesskit/pubkey.b64")),
        )
    },
    log(
        "emitters/agentproofchain/log.jsonl",
        Some(("ed25519", "emitters/agentproofchain/pubkey.b64")),
    ),
    log(
        "emitters/agent-receipts/receipts.jsonl",
        Some(("ed25519", "emitters/agent-receipts/pubkey.pem")),
    ),
    log("emitters/agt-auditlog/entries.jsonl", None),
    Log {
        record: Some("/entries/3"),
        ..log("emitters/agt-auditlog/export.json", None)
    },
    log(
        "emitters/agt-filesink-hmac/audit.jsonl",
        Some(("hmac-sha256", "emitters/agt-filesink-hmac/hmac_secret.txt")),
    ),
    log("emitters/ms-mcp-receipt-governed/receipts.jsonl", None),
    log(
        "emitters/signet/audit_dir/audit/2026-11-23.jsonl",
        Some(("ed25519", "emitters/signet/pubkey.txt")),
    ),
    log("emitters/signet/audit_dir/audit/2026-11-23.jsonl", None),
    Log {
        record: Some("/events/3"),
        ..log(
            "emitters/cap-srp/export.json",
            Some(("ed25519", "emitters/cap-srp/pubkey.b64")),
        )
    },
    log(
        "emitters/aat-mcp/records.jsonl",
        Some(("es256", "emitters/aat-mcp/pubkey.pem")),
    ),
    log("emitters/aat-mcp/records.jsonl", None),
    log(
        "emitters/ai-audit-trail/unz/receipts.jsonl",
        Some(("ed25519", "emitters/ai-audit-trail/unz/public_key.hex")),
    ),
    log("aivs/audit-log.jsonl", None),
    log(
        "emitters/scopeblind-pydantic-ai/receipts.jsonl",
        Some(("ed25519", "emitters/scopeblind-pydantic-ai/pubkey.hex")),
    ),
    log("emitters/autonomous-audit/audit.jsonl", None),
    log("emitters/merkle-audit/entries.jsonl", None),
    log("emitters/actionproof/receipts.jsonl", None),
    log(
        "vcp-rta/vcp_rta_events.jsonl",
        Some(("ed25519", "vcp-rta/pubkey.hex")),
    ),
];

/// Keys beside signatures that no hash covers.
const CARRIED_KEYS: [&str; 2] = ["/signature/public_key", "/signer_public_key"];

/// Another value in the place of a leaf.
fn changed(leaf: &Value<'_>, text: &str) -> String {
    match &leaf.kind {
        Kind::Null => "\"x\"".to_owned(),
        Kind::Bool(truth) => (!truth).to_string(),
        Kind::Number(token) => if *token == "7" { "8" } else { "7" }.to_owned(),
        Kind::String(_) => {
            let inside = &text[1..text.len() - 1];
            // the first character, so that a time, a digest or a base64 text stays one of its kind where that can be
            match inside.chars().next() {
                Some('1') => format!("\"2{}\"", &inside[1..]),
                Some(first) if first.is_ascii_digit() => format!("\"1{}\"", &inside[1..]),
                Some('a') => format!("\"b{}\"", &inside[1..]),
                Some(first) if first.is_ascii_alphabetic() => format!("\"a{}\"", &inside[1..]),
                _ => format!("\"{inside}x\""),
            }
        }
        Kind::Array(_) => "[1]".to_owned(),
        Kind::Object(_) => "{\"x\":1}".to_owned(),
    }
}

/// A pointer with `*` for array indices, as uncovered fields are told.
fn pattern(place: &Pointer, record: &Value<'_>) -> String {
    let mut text = String::new();
    let mut here = Some(record);
    for segment in place.segments() {
        let is_array = here.is_some_and(Value::is_array);
        let step = Pointer::root().child(segment.as_str());
        text.push_str(&if is_array {
            "/*".to_owned()
        } else {
            step.to_string()
        });
        here = here.and_then(|value| value.at(&step));
    }
    text
}

#[test]
fn what_is_uncovered_goes_unnoticed_and_nothing_else() {
    let Some(root) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let mut wrong = Vec::new();
    let mut tried = 0;
    for log in LOGS {
        let trust = log.key.map(|(alg, path)| key_file(alg, &root.join(path)));
        let bytes = std::fs::read(root.join(log.path)).unwrap();
        let name = log.path.rsplit('/').next().unwrap();
        let whole = Bundle::file(name, bytes.clone())
            .verify_with(trust.as_deref())
            .unwrap();
        assert_eq!(whole.counts.faults, 0, "{}: {}", log.path, told(&whole));
        // the text of the record and where it begins
        let (start, end) = match log.record {
            None => {
                let starts: Vec<usize> = std::iter::once(0)
                    .chain(
                        bytes
                            .iter()
                            .enumerate()
                            .filter(|(_, b)| **b == b'\n')
                            .map(|(i, _)| i + 1),
                    )
                    .collect();
                (starts[3], starts.get(4).map_or(bytes.len(), |end| end - 1))
            }
            Some(pointer) => {
                let document = parse(&bytes, &Limits::default()).unwrap();
                let span = document.at(&Pointer::parse(pointer).unwrap()).unwrap().span;
                (span.start as usize, span.end as usize)
            }
        };
        let text = &bytes[start..end];
        let record = parse(text, &Limits::default()).unwrap();
        for (place, leaf) in record.leaves() {
            let token = std::str::from_utf8(leaf.span.of(text)).unwrap();
            let mut lie = bytes[..start + leaf.span.start as usize].to_vec();
            lie.extend_from_slice(changed(leaf, token).as_bytes());
            lie.extend_from_slice(&bytes[start + leaf.span.end as usize..]);
            let pattern = pattern(&place, &record);
            let is_uncovered = whole.uncovered_fields.contains(&pattern);
            tried += 1;
            let bundle = Bundle::file(name, lie);
            let v = match bundle.verify_with(trust.as_deref()) {
                Ok(v) => v,
                Err(error) => {
                    wrong.push(format!("{} {pattern}: {error}", log.path));
                    continue;
                }
            };
            let is_noticed = v.verdict == ClaimOutcome::Refuted;
            // another key is noticed, and none is not: `members.rs` takes it away
            let is_carried_key = CARRIED_KEYS.contains(&pattern.as_str());
            if is_noticed == is_uncovered && !is_carried_key {
                let what = if is_uncovered {
                    "uncovered, yet noticed"
                } else {
                    "covered, yet unnoticed"
                };
                wrong.push(format!("{} {pattern}: {what}\n{}", log.path, told(&v)));
            }
            let records: Vec<_> = v.faults.iter().filter_map(|fault| fault.record).collect();
            // a changed link or hash may also show at the record after it
            if is_noticed && !records.iter().any(|record| (4..=5).contains(record)) {
                wrong.push(format!(
                    "{} {pattern}: noticed at {records:?}\n{}",
                    log.path,
                    told(&v)
                ));
            }
        }
    }
    println!("{tried} leaves changed");
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
