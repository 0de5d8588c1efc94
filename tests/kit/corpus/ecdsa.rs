//! ECDSA signatures written otherwise: the second s, and spellings that only lenient readers take.
//!
//! Of every signature (r, s) anybody can make (r, n - s), which FIPS 186-5 and RFC 7518 verify as well; only some systems
//! allow the lower one alone, as the Agent Audit Trail does. Elsewhere that is no forgery: the same content under the same
//! key, so no claim changes where nothing but the signature reaches it. It means that a signature's text is no name of a
//! record.

use serde_json::{Value, json};
use tickmark_crypto::encoding::{base64, base64url, unbase64url};

use super::case::Must::{Anchored, NotProven, Proven, Refuted};
use super::case::{Asked, Case, Expect, must};
use super::subject;
use crate::kit::Bundle;
use crate::manner::ecdsa::{other_s, p1363, r_and_s};
use crate::manner::{lines, p256};

pub fn cases() -> Vec<Case> {
    let mut cases = linked();
    cases.extend(unlinked());
    cases.extend(der());
    cases
}

/// Pins the P-256 key.
fn pinned() -> String {
    subject::named("aat").manner.trust
}

/// Agent Audit Trail: r and s side by side, and the next record names a digest over the signature.
fn linked() -> Vec<Case> {
    let s = subject::named("aat");
    let records = s.records();
    let rewritten = |index: usize, bytes: Vec<u8>| {
        let mut held = records.clone();
        held[index]["signature"] = json!(base64url(&bytes));
        held
    };
    let own = |index: usize| unbase64url(records[index]["signature"].as_str().unwrap()).unwrap();
    let case = |lie, title, held: Vec<Value>, expect| s.case(lie, title, &records, &held, expect);
    vec![
        case(
            "signature-other-s",
            "s of record 4's ECDSA signature is n - s, the upper one of two, and the next record names another digest.",
            rewritten(3, other_s(&own(3))),
            must(
                Refuted,
                Refuted,
                NotProven,
                &["signature_mismatch", "link_mismatch"],
            ),
        ),
        case(
            "signature-other-s-at-end",
            "s of the last record's ECDSA signature is n - s, the upper one of two; no record follows whose link covers it.",
            rewritten(7, other_s(&own(7))),
            must(Refuted, Refuted, NotProven, &["signature_mismatch"]),
        ),
        case(
            "signature-der-for-p1363",
            "The ECDSA signature of record 4 is written in DER, which the format does not write.",
            rewritten(3, der_of(&own(3))),
            must(Refuted, Refuted, NotProven, &["signature_mismatch"]),
        ),
    ]
}

/// JSON Web Signatures under ES256 (RFC 7518, section 3.4): nothing links one token to the next.
fn unlinked() -> Vec<Case> {
    let s = subject::named("jws");
    let token = |n: u64, write: &dyn Fn(&[u8]) -> Vec<u8>| {
        let input = [
            base64url(br#"{"alg":"ES256"}"#),
            base64url(format!("{{\"n\":{n}}}").as_bytes()),
        ]
        .join(".");
        let signature = write(&p1363(&p256().sign(input.as_bytes())));
        format!("{input}.{}\n", base64url(&signature))
    };
    let case = |lie: &str, title: &str, write: &dyn Fn(&[u8]) -> Vec<u8>, expect: Expect| {
        let text: String = (0..8)
            .map(|n| {
                if n == 3 {
                    token(n, write)
                } else {
                    token(n, &<[u8]>::to_vec)
                }
            })
            .collect();
        let mut case = s.case_of(lie, title, Bundle::file("tokens.jsonl", text), expect);
        case.trust = pinned();
        case
    };
    vec![
        case(
            "es256-other-s",
            "s of the fourth token's ECDSA signature is n - s: the same content under the same key.",
            &other_s,
            s.whole(),
        ),
        case(
            "es256-der",
            "The signature of the fourth token is written in DER, which RFC 7518 does not allow.",
            &der_of,
            must(Refuted, Refuted, NotProven, &["signature_mismatch"]),
        ),
    ]
}

/// A reviewer's own profile of a system that writes DER.
const DER_PROFILE: &str = r#"id = "door-log"
version = "1"
title = "A log with ECDSA signatures in DER"
spec_url = "a system of this test"
[detect]
all = ["/n", "/sig"]
[[source]]
kind = "jsonl"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "es256"
form = "der"
message = [{ json = { exclude = ["/sig"], canon = "jcs" } }]
"#;

fn der() -> Vec<Case> {
    let s = subject::named("jws");
    let whole = || must(Anchored, Proven, NotProven, &[]);
    let refuted = || must(Refuted, Refuted, NotProven, &["signature_mismatch"]);
    let case = |lie: &str, title: &str, write: &dyn Fn(&[u8]) -> Vec<u8>, expect: Expect| {
        let record = |n: u64| {
            let der = p256().sign(format!("{{\"n\":{n}}}").as_bytes());
            let der = if n == 3 { write(&der) } else { der };
            json!({"n": n, "sig": base64(&der)})
        };
        let records: Vec<Value> = (0..8).map(record).collect();
        let mut case = s.case_of(lie, title, Bundle::file("door.jsonl", lines(&records)), expect);
        case.format = "es256-der".into();
        case.profile = Some(Asked::Own(DER_PROFILE.into()));
        case.trust = pinned();
        case
    };
    vec![
        case(
            "signature-other-s",
            "s of record 4's ECDSA signature is n - s: the same content under the same key.",
            &|der| der_of(&other_s(&p1363(der))),
            whole(),
        ),
        case(
            "signature-p1363-for-der",
            "The ECDSA signature of record 4 is r and s side by side, which the profile does not name.",
            &p1363,
            refuted(),
        ),
        case(
            "signature-der-long-integer",
            "r of record 4's signature has a zero in front that DER does not allow.",
            &|der| sequence(&[&[0][..], &r_and_s(der)[0]].concat(), &r_and_s(der)[1]),
            refuted(),
        ),
        case(
            "signature-der-bytes-behind",
            "A byte stands behind the DER of record 4's signature.",
            &|der| [der, &[0][..]].concat(),
            refuted(),
        ),
    ]
}

/// The same two numbers in DER.
fn der_of(p1363: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let start = bytes.iter().position(|&byte| byte != 0).unwrap();
        let sign = if bytes[start] & 0x80 == 0 { vec![] } else { vec![0] };
        [sign, bytes[start..].to_vec()].concat()
    };
    sequence(&integer(&p1363[..32]), &integer(&p1363[32..]))
}

fn sequence(r: &[u8], s: &[u8]) -> Vec<u8> {
    let tagged = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let body = [tagged(r), tagged(s)].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], body.as_slice()].concat()
}
