//! Lies about what stands beside the records and is no manifest: counts and roots that cannot be read, keys of others.

use serde_json::{Value, json};
use tickmark_crypto::encoding::{base64, hex};

use super::case::Must::{Anchored, NotProven, Proven, Refuted};
use super::case::{Case, Expect, must};
use super::subject::{self, Subject};
use crate::kit::Bundle;
use crate::manner;

pub fn cases() -> Vec<Case> {
    let mut cases = unreadable();
    cases.extend(foreign_keys());
    cases
}

/// The export of CAP-SRP, with other members around its events.
fn export(s: &Subject, lie: &str, title: &str, edit: impl FnOnce(&mut Value), expect: Expect) -> Case {
    let records = s.records();
    let bundle = (s.manner.pack)(&records, &records);
    let (name, bytes) = &bundle.files()[0];
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    edit(&mut document);
    s.case_of(lie, title, Bundle::file(name, document.to_string()), expect)
}

/// A statement that says nothing which could agree with the records is no statement that was never made. Each event is
/// signed all the same.
fn unreadable() -> Vec<Case> {
    let s = subject::named("cap-srp");
    let refuted = || must(Anchored, Proven, Refuted, &["statement_unreadable"]);
    let case = |lie, title, name: &'static str, value: Value| {
        export(&s, lie, title, move |document| document[name] = value, refuted())
    };
    vec![
        case(
            "count-is-a-list",
            "The export states a list where the number of events stands.",
            "event_count",
            json!([8]),
        ),
        case(
            "count-is-an-object",
            "The export states an object where the number of events stands.",
            "event_count",
            json!({}),
        ),
        case(
            "root-is-a-list",
            "The export states a list where the root over all events stands.",
            "merkle_root",
            json!([]),
        ),
        export(
            &s,
            "count-is-null",
            "The export states null where the number of events stands: it states none.",
            |document| document["event_count"] = Value::Null,
            must(Anchored, Proven, NotProven, &[]),
        ),
    ]
}

/// The key beside the records is not the one that signed them, which is pinned.
fn foreign_keys() -> Vec<Case> {
    let other = manner::by_somebody_else(manner::raw_key);
    let title = "The key beside the records is another than the one that signed them.";
    let cap_srp = subject::named("cap-srp");
    let document = export(
        &cap_srp,
        "replace-key-of-document",
        title,
        |document| document["public_key"] = json!(base64(&other)),
        must(Refuted, Proven, NotProven, &["carried_key_differs"]),
    );
    let vcp = subject::named("vcp");
    let records = vcp.records();
    let bundle = (vcp.manner.pack)(&records, &records);
    let foreign = json!({"Algorithm": "ED25519", "PublicKey": hex(&other)});
    let files: Vec<(&str, Vec<u8>)> = bundle
        .files()
        .iter()
        .map(|(name, bytes)| match name.as_str() {
            "public_key.json" => (name.as_str(), foreign.to_string().into_bytes()),
            _ => (name.as_str(), bytes.clone()),
        })
        .collect();
    let member = vcp.case_of(
        "replace-key-member",
        title,
        Bundle::folder(&files),
        // the root is signed under the pinned key, and fixes how many events there are
        must(Refuted, Proven, Proven, &["carried_key_differs"]),
    );
    vec![document, member]
}
