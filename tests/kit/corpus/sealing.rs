//! Lies about signatures and keys: another key, malleable and weak signatures, lenient spellings, other algorithms.

use serde_json::{Value, json};
use tickmark_crypto::encoding::{base64, hex, unhex};
use tickmark_crypto::signing::hmac_sha256;

use super::case::Must::{Anchored, NotProven, Proven, Refuted, SelfConsistent};
use super::case::{Case, Expect, Must, must};
use super::subject::{self, Follows, Signs, States, Subject, Written};
use super::trail::remove;
use crate::manner;

pub fn cases() -> Vec<Case> {
    subject::open().iter().flat_map(of).collect()
}

fn of(s: &Subject) -> Vec<Case> {
    if s.signs == Signs::Nothing {
        return Vec::new();
    }
    let records = s.records();
    let mut cases = other_key(s);
    if s.signs_records() {
        cases.extend(broken(s, &records));
        cases.extend(misspelled(s, &records));
    }
    cases.extend(carried_key(s, &records));
    cases
}

/// The whole bundle is made by somebody else, with a key of their own.
fn other_key(s: &Subject) -> Vec<Case> {
    let bundle = || {
        manner::by_somebody_else(|| {
            let records = s.records();
            (s.manner.pack)(&records, &records)
        })
    };
    let integrity = match s.follows {
        // nothing that can be checked reaches the last record
        Follows::Digest => NotProven,
        // nor any record, where no hash stands beside it and no key
        Follows::Nothing if !s.manner.carries_key => NotProven,
        _ => SelfConsistent,
    };
    let code = if s.signs == Signs::Closing {
        "statement_signature_mismatch"
    } else {
        "signature_mismatch"
    };
    let title = "The whole bundle is made and signed by somebody else, who puts their own key into it.";
    let mut unpinned = s.case_of(
        "forge-without-pin",
        title,
        bundle(),
        must(integrity, NotProven, NotProven, &[]),
    );
    unpinned.trust = String::new();
    vec![
        s.case_of(
            "resign-with-another-key",
            title,
            bundle(),
            must(integrity, Refuted, NotProven, &[code]),
        ),
        unpinned,
    ]
}

/// What a trail comes to where the signature of record 4 fits no key, or cannot be read.
fn at_four(s: &Subject, is_readable: bool) -> (Must, Must) {
    let integrity = match (s.states, s.follows) {
        (States::Manifest, _) => Refuted,
        (States::Root, _) => Anchored, // the signed root reaches every record
        _ if s.links_signature() => Refuted, // the next record names a digest over the signature too
        (_, Follows::Digest) if !is_readable => SelfConsistent,
        (_, Follows::Nothing) if !is_readable => NotProven,
        (_, Follows::Digest | Follows::Nothing) => Refuted,
        _ => SelfConsistent,
    };
    let completeness = if s.states == States::Root {
        Proven
    } else {
        NotProven
    };
    (integrity, completeness)
}

fn with_signature(s: &Subject, records: &[Value], text: &str) -> Vec<Value> {
    let mut lie = records.to_vec();
    *lie[3].pointer_mut(s.manner.signature.unwrap()).unwrap() = json!(text);
    if s.hash_covers_signature && !s.links_signature() {
        (s.manner.remake)(lie)
    } else {
        lie
    }
}

fn signature_of(s: &Subject, record: &Value) -> String {
    record
        .pointer(s.manner.signature.unwrap())
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn broken(s: &Subject, records: &[Value]) -> Vec<Case> {
    let own = s.written.read(&signature_of(s, &records[3]));
    let next = s.written.read(&signature_of(s, &records[4]));
    let mut flipped = own.clone();
    flipped[20] ^= 1;
    let mut lies = vec![
        (
            "signature-of-another-record",
            "Record 4 has the signature of record 5.",
            next,
        ),
        (
            "signature-bit-flipped",
            "One bit of the signature of record 4 is another.",
            flipped,
        ),
        (
            "signature-cut-short",
            "The signature of record 4 lacks its last byte.",
            own[..own.len() - 1].to_vec(),
        ),
        (
            "signature-of-zeros",
            "The signature of record 4 is all zeros.",
            vec![0; own.len()],
        ),
    ];
    if s.manner.trust.contains("ed25519") {
        let mut small = vec![0; 64];
        small[0] = 1;
        lies.push((
            "signature-malleable",
            "S of record 4's signature has the group order added: the same signature, written again.",
            malleable(&own),
        ));
        lies.push((
            "signature-small-order",
            "R of record 4's signature is the neutral point and S is 0.",
            small,
        ));
    }
    if s.manner.trust.contains("es256") {
        lies.push((
            "signature-zero-r",
            "r of record 4's ECDSA signature is 0.",
            [vec![0; 32], own[32..].to_vec()].concat(),
        ));
    }
    let (integrity, completeness) = at_four(s, true);
    let case = |(lie, title, bytes): (&str, &str, Vec<u8>)| {
        let held = with_signature(s, records, &s.written.write(&bytes));
        s.case(
            lie,
            title,
            records,
            &held,
            must(integrity, Refuted, completeness, &["signature_mismatch"]),
        )
    };
    lies.into_iter().map(case).collect()
}

/// The same bytes in a text that a lenient reader takes.
fn misspelled(s: &Subject, records: &[Value]) -> Vec<Case> {
    let own = signature_of(s, &records[3]);
    let padded = match s.written {
        // Asqav writes base64 or base64url, with or without padding: another padding is another of its own spellings
        _ if s.name.starts_with("asqav") => None,
        Written::Hex => Some(own.to_uppercase()),
        Written::Base64(_) => Some(own.trim_end_matches('=').to_owned()),
        Written::Base64Url(_) => Some(format!("{own}==")),
        Written::HexAfter(prefix) | Written::Base58(prefix) => Some(own[prefix.len()..].to_owned()),
    };
    let lies = [
        (
            "signature-lenient-bits",
            "The signature of record 4 is written with other unused bits or letters.",
            s.written.lenient(&own),
        ),
        (
            "signature-lenient-padding",
            "The signature of record 4 has other padding, other case or no prefix.",
            padded,
        ),
        (
            "signature-with-blank",
            "A line break follows the signature of record 4.",
            Some(format!("{own}\n")),
        ),
    ];
    let (integrity, completeness) = at_four(s, false);
    let case = |(lie, title, text): (&str, &str, Option<String>)| {
        let held = with_signature(s, records, &text?);
        Some(s.case(
            lie,
            title,
            records,
            &held,
            must(integrity, Refuted, completeness, &["signature_malformed"]),
        ))
    };
    lies.into_iter().filter_map(case).collect()
}

/// The key beside a record is replaced, and the record's hash does not cover it.
fn carried_key(s: &Subject, records: &[Value]) -> Vec<Case> {
    let other = manner::by_somebody_else(manner::raw_key);
    let (pointer, text) = match s.name.as_str() {
        "witnesskit" => ("/signature/public_key", base64(&other)),
        "agt-mcp-receipts" => ("/signer_public_key", hex(&other)),
        _ => return Vec::new(),
    };
    let mut lie = records.to_vec();
    *lie[3].pointer_mut(pointer).unwrap() = json!(text);
    let title = "Record 4 carries another key than the one that signed it.";
    let expect = must(Refuted, Proven, NotProven, &["carried_key_differs"]);
    let mut unpinned = s.case(
        "replace-carried-key-unpinned",
        title,
        records,
        &lie,
        must(Refuted, NotProven, NotProven, &["carried_signature_mismatch"]),
    );
    unpinned.trust = String::new();
    // an HMAC under the public key, for a verifier that lets the record choose the algorithm
    let mut confused = records.to_vec();
    let hash = records[3]
        .pointer(s.manner.hash.unwrap())
        .unwrap()
        .as_str()
        .unwrap();
    let tag = hmac_sha256(&manner::raw_key(), hash.as_bytes());
    *confused[3].pointer_mut(s.manner.signature.unwrap()).unwrap() = json!(s.written.write(&tag));
    if s.name == "witnesskit" {
        confused[3]["signature"]["alg"] = json!("HS256");
    }
    let mut bare = records.to_vec();
    bare.iter_mut().for_each(|record| remove(record, pointer));
    let gone = Expect {
        uncovered: Some(pointer),
        ..s.whole()
    };
    let mut one_bare = records.to_vec();
    remove(&mut one_bare[3], pointer);
    vec![
        s.case(
            "remove-carried-key",
            "Record 4 carries no key any more; the signer's is pinned.",
            records,
            &one_bare,
            gone,
        ),
        s.case(
            "remove-carried-keys",
            "No record carries a key any more; the signer's is pinned.",
            records,
            &bare,
            s.whole(),
        ),
        s.case("replace-carried-key", title, records, &lie, expect),
        unpinned,
        s.case(
            "confuse-algorithm",
            "Record 4 names HMAC and carries an HMAC under the public key.",
            records,
            &confused,
            must(SelfConsistent, Refuted, NotProven, &["signature_mismatch"]),
        ),
    ]
}

/// The same R, and S plus the order of the group (RFC 8032, section 5.1).
fn malleable(signature: &[u8]) -> Vec<u8> {
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let mut out = signature.to_vec();
    let mut carry = 0;
    for (at, part) in order.iter().enumerate() {
        let sum = u16::from(out[32 + at]) + u16::from(*part) + carry;
        out[32 + at] = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    out
}
