//! What stands beside the records: statements that cannot be read, keys of others, documents without records.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use crate::kit::{Bundle, hold_together, told};
use crate::manner::{self, Manner, all, by_somebody_else, lines, raw_key};
use serde_json::{Value, json};
use tickmark_crypto::encoding::{base64, hex};
use tickmark_verify::Request;
use tickmark_verify::verification::{ClaimOutcome, Verification};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn manner(profile: &str) -> Manner {
    all()
        .into_iter()
        .find(|manner| manner.profile == profile)
        .unwrap()
}

fn judge(bundle: &Bundle, trust: &str) -> Verification {
    let mut request = Request::default();
    if !trust.is_empty() {
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    let v = bundle.verify(&request).unwrap();
    hold_together(&v);
    v
}

/// A whole bundle of that format, one JSON member of which is edited.
fn edited(profile: &str, member: &str, edit: impl Fn(&mut Value)) -> Verification {
    let manner = manner(profile);
    let records = (manner.records)(8);
    let bundle = (manner.pack)(&records, &records);
    let files: Vec<(&str, Vec<u8>)> = bundle
        .files()
        .iter()
        .map(|(name, bytes)| {
            if name != member {
                return (name.as_str(), bytes.clone());
            }
            let mut document: Value = serde_json::from_slice(bytes).unwrap();
            edit(&mut document);
            (name.as_str(), document.to_string().into_bytes())
        })
        .collect();
    let bundle = match files.as_slice() {
        [(name, bytes)] => Bundle::file(name, bytes.clone()),
        many => Bundle::folder(many),
    };
    judge(&bundle, &manner.trust)
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome, completeness: ClaimOutcome) {
    let c = &v.claims;
    let found = (
        c.integrity.outcome,
        c.authenticity.outcome,
        c.completeness.outcome,
    );
    assert_eq!(found, (integrity, authenticity, completeness), "{}", told(v));
}

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|fault| fault.code.as_str()).collect()
}

#[test]
fn a_statement_that_cannot_be_read_is_no_absent_one() {
    for (name, value) in [
        ("event_count", json!([8])),
        ("event_count", json!({})),
        ("merkle_root", json!([])),
    ] {
        let v = edited("cap-srp", "export.json", |export| export[name] = value.clone());
        hold(&v, PROVEN, PROVEN, REFUTED);
        assert_eq!(codes(&v), ["statement_unreadable"], "{}", told(&v));
        assert!(v.faults[0].sentence.contains("cannot be read"), "{}", told(&v));
        assert_eq!(v.faults[0].field.as_deref(), Some(&*format!("/{name}")));
    }
    // null states nothing
    let v = edited("cap-srp", "export.json", |export| {
        export["event_count"] = Value::Null
    });
    hold(&v, PROVEN, PROVEN, OPEN);
    // a signed root is then signed by nobody, and its signature that is a list cannot be read
    let v = edited("vcp", "security_object.json", |object| {
        object["MerkleTree"]["Root"] = json!({"is": "x"})
    });
    hold(&v, PROVEN, REFUTED, REFUTED);
    let v = edited("vcp", "security_object.json", |object| {
        object["Signature"] = json!([])
    });
    hold(&v, PROVEN, REFUTED, OPEN);
    assert_eq!(codes(&v), ["statement_signature_malformed"], "{}", told(&v));
}

#[test]
fn a_foreign_key_beside_the_records_is_told() {
    let other = by_somebody_else(raw_key);
    let v = edited("cap-srp", "export.json", |export| {
        export["public_key"] = json!(base64(&other))
    });
    hold(&v, REFUTED, PROVEN, OPEN);
    assert_eq!(codes(&v), ["carried_key_differs"], "{}", told(&v));
    assert_eq!(v.faults[0].field.as_deref(), Some("/public_key"));
    // one place for the signatures of records and root: one fault
    let v = edited("vcp", "public_key.json", |key| {
        key["PublicKey"] = json!(hex(&other))
    });
    hold(&v, REFUTED, PROVEN, PROVEN);
    assert_eq!(codes(&v), ["carried_key_differs"], "{}", told(&v));
    // without it nothing is missing
    let v = edited("cap-srp", "export.json", |export| {
        export["public_key"] = Value::Null
    });
    hold(&v, PROVEN, PROVEN, OPEN);
    assert!(v.faults.is_empty(), "{}", told(&v));
}

#[test]
fn a_document_without_records_has_none() {
    for text in [
        r#"{"entries":[]}"#,
        r#"{"version":"1","events":[],"event_count":0}"#,
        "[]",
        "{\n \"entries\": [\n ]\n}\n",
    ] {
        let v = judge(&Bundle::file("export.json", text), "");
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!((v.counts.records, v.faults.len()), (0, 0), "{text}: {}", told(&v));
    }
    // a record of its own is one, whatever lists are in it
    for text in [r#"{"id":1,"items":[]}"#, r#"{"id":1,"data":[]}"#] {
        let v = judge(&Bundle::file("record.json", text), "");
        assert_eq!(v.counts.records, 1, "{text}: {}", told(&v));
    }
    let v = judge(&Bundle::file("trail.jsonl", "{\"entries\":[]}\n"), "");
    assert_eq!(
        v.counts.records,
        1,
        "lines are records where they are called so: {}",
        told(&v)
    );
}

#[test]
fn nulls_do_not_hide_the_records_of_an_array() {
    let witnesskit = manner("witnesskit");
    let mut elements = vec![Value::Null];
    elements.extend((witnesskit.records)(4));
    let text = json!({ "entries": elements }).to_string();
    let v = judge(&Bundle::file("chain.json", text), &witnesskit.trust);
    hold(&v, REFUTED, OPEN, OPEN);
    let first = v.faults.first().map(|fault| (fault.code.as_str(), fault.record));
    assert_eq!((first, v.counts.records), (Some(("not_a_record", Some(1))), 5));
    // without a format nothing says what a record has to be
    for (text, records) in [(r#"[null,{"a":1},{"a":2}]"#, 3), (r#"{"entries":[null]}"#, 1)] {
        let v = judge(&Bundle::file("list.json", text), "");
        hold(&v, OPEN, OPEN, OPEN);
        assert_eq!(v.counts.records, records, "{}", told(&v));
    }
}

#[test]
fn a_stray_first_line_does_not_hide_the_format() {
    let witnesskit = manner("witnesskit");
    let records = (witnesskit.records)(4);
    let trail = String::from_utf8(lines(&records)).unwrap();
    for (line, code) in [
        ("[]", "not_a_record"),
        ("1", "not_a_record"),
        ("#c", "not_json"),
        ("null", "not_a_record"),
    ] {
        let v = judge(
            &Bundle::file("trail.jsonl", format!("{line}\n{trail}")),
            &witnesskit.trust,
        );
        assert_eq!(
            v.profile.as_ref().map(|p| p.id.as_str()),
            Some("witnesskit"),
            "{line}: {}",
            told(&v)
        );
        hold(&v, REFUTED, OPEN, OPEN);
        assert_eq!(
            (codes(&v), v.faults[0].record),
            (vec![code], Some(1)),
            "{line}: {}",
            told(&v)
        );
    }
    // the lines of a text, and those of one document, are no records
    for text in [
        "# notes\nfirst\n{\"a\":1}\nlast\n",
        "[\n{\"a\":1}\n,\n{\"a\":2}\n]\n",
    ] {
        let v = judge(&Bundle::file("notes.json", text), "");
        assert!(v.faults.is_empty(), "{text}: {}", told(&v));
    }
}

#[test]
fn nobody_signs_what_a_record_lacks() {
    let receipts = manner("asqav-hash");
    let mut records = (receipts.records)(4);
    records[1].as_object_mut().unwrap().remove("policy_decision");
    let v = judge(&manner::jsonl(&records, &records), &receipts.trust);
    hold(&v, REFUTED, REFUTED, OPEN);
    let told_at: Vec<_> = v.faults.iter().map(|f| (f.code.as_str(), f.record)).collect();
    assert_eq!(
        told_at,
        [("not_a_record", Some(2)), ("signature_malformed", Some(2))],
        "{}",
        told(&v)
    );
}
