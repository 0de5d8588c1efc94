//! Lies about which key and which profile are to be believed.

use serde_json::json;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

use super::case::Must::{NotProven, Refuted, SelfConsistent};
use super::case::{Asked, Case, Expect, must};
use super::subject::{self, Subject};
use super::trail::remove;
use crate::kit::Bundle;
use crate::manner::{lines, ssa, without};

pub fn cases() -> Vec<Case> {
    let s = subject::named("witnesskit");
    let mut cases = weak_keys(&s);
    cases.extend(foreign_keys(&s));
    cases.extend(steered(&s));
    cases
}

/// Keys under which a signature needs no secret are refused when they are pinned.
fn weak_keys(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let zero = "00".repeat(32);
    let keys = [
        ("weak-key-neutral", format!("01{}", "00".repeat(31))),
        ("weak-key-zero", zero),
        ("weak-key-order-two", format!("ec{}7f", "ff".repeat(30))),
        (
            "weak-key-order-eight",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".into(),
        ),
        ("weak-key-not-canonical", format!("ee{}7f", "ff".repeat(30))),
        ("weak-key-no-point", format!("02{}", "00".repeat(31))),
    ];
    let case = |(lie, key): (&str, String)| {
        let mut case = s.case(
            lie,
            "The key to pin is a point under which anybody can sign.",
            &records,
            &records,
            Expect::refused(),
        );
        case.trust =
            format!("[[key]]\nalgorithm = \"ed25519\"\nowner = \"Somebody\"\npublic_key = \"{key}\"\n");
        case
    };
    keys.into_iter().map(case).collect()
}

/// A pinned key of another algorithm, or of another name, is no candidate.
fn foreign_keys(s: &Subject) -> Vec<Case> {
    let records = s.records();
    let open = must(SelfConsistent, NotProven, NotProven, &[]);
    let mut hmac = s.case(
        "key-of-another-algorithm",
        "Only a secret for HMAC is pinned.",
        &records,
        &records,
        open.clone(),
    );
    hmac.trust = "[[key]]\nalgorithm = \"hmac-sha256\"\nowner = \"Somebody\"\nsecret = \"s\"\n".into();
    let custody = subject::named("tickmark-custody");
    let held = custody.records();
    let mut kid = custody.case(
        "key-of-another-name",
        "The pinned key has another name than the records give theirs.",
        &held,
        &held,
        open,
    );
    kid.trust = custody.manner.trust.replace("owner", "kid = \"another\"\nowner");
    vec![hmac, kid]
}

/// Signatures are taken away and the trail is dressed as a format that asks for none.
fn steered(s: &Subject) -> Vec<Case> {
    let mut prev = json!("0".repeat(64));
    let mut records = s.records();
    for record in &mut records {
        for pointer in ["/signature", "/version"] {
            remove(record, pointer);
        }
        record["prev_hash"] = prev;
        record["hash"] = json!(hex(&sha256(&ssa(&without(record, &["hash"])))));
        prev = record["hash"].clone();
    }
    let bundle = || Bundle::file("trail.jsonl", lines(&records));
    let title = "Signatures are gone and the trail is remade in a format that asks for none.";
    let taken = must(SelfConsistent, NotProven, NotProven, &[]);
    let steered = s.case_of("steer-to-weaker-profile", title, bundle(), taken);
    let mut named = s.case_of(
        "steer-with-profile-named",
        title,
        bundle(),
        must(
            Refuted,
            Refuted,
            NotProven,
            &["hash_mismatch", "signature_missing"],
        ),
    );
    named.profile = Some(Asked::Shipped("witnesskit"));
    vec![steered, named]
}
