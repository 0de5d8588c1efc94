//! Signed tokens (RFC 7515, RFC 7797): what is proven, and every trick that must not be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use crate::kit::{Bundle, hold_together, told};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64url, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::{SigningKey, hmac_sha256};
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Profile, ProfileChoice, Request};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![seed; 32])).unwrap()
}

fn raw(key: &SigningKey) -> [u8; 32] {
    *key.public().ed25519_bytes().unwrap()
}

fn pinned(key: &SigningKey, kid: &str) -> String {
    let kid = if kid.is_empty() {
        String::new()
    } else {
        format!("kid = \"{kid}\"\n")
    };
    format!(
        "[[key]]\nalgorithm = \"ed25519\"\n{kid}public_key = \"{}\"\n",
        hex(&raw(key))
    )
}

fn input(header: &str, payload: &str) -> String {
    format!(
        "{}.{}",
        base64url(header.as_bytes()),
        base64url(payload.as_bytes())
    )
}

/// A compact token.
fn token(key: &SigningKey, header: &str, payload: &str) -> String {
    let input = input(header, payload);
    format!("{input}.{}", base64url(&key.sign(input.as_bytes())))
}

const HEADER: &str = r#"{"alg":"EdDSA","kid":"k1"}"#;

fn request(profile: Option<&str>, trust: &str) -> Request {
    let mut request = Request::default();
    if let Some(text) = profile {
        request.profile = ProfileChoice::Named(Box::new(Profile::parse(text).unwrap()));
    }
    if !trust.is_empty() {
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    request
}

fn judge_under(profile: Option<&str>, text: &str, trust: &str) -> Verification {
    let v = Bundle::file("tokens.txt", text)
        .verify(&request(profile, trust))
        .unwrap();
    hold_together(&v);
    v
}

fn judge(text: &str, trust: &str) -> Verification {
    let v = judge_under(None, text, trust);
    assert_eq!(
        v.profile.as_ref().map(|p| p.id.as_str()),
        Some("jws"),
        "{}",
        told(&v)
    );
    v
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome) {
    let found = (v.claims.integrity.outcome, v.claims.authenticity.outcome);
    assert_eq!(found, (integrity, authenticity), "{}", told(v));
    assert_ne!(v.verdict, PROVEN, "nothing fixes how many tokens there are");
}

fn codes(v: &Verification) -> Vec<(&str, Option<u64>)> {
    v.faults
        .iter()
        .map(|fault| (fault.code.as_str(), fault.record))
        .collect()
}

#[test]
fn tokens_under_a_pinned_key() {
    let one = key(1);
    let lines: String = (0..700)
        .map(|n| token(&one, HEADER, &format!(r#"{{"n":{n}}}"#)) + "\n")
        .collect();
    let v = judge(&lines, &pinned(&one, "k1"));
    hold(&v, PROVEN, PROVEN);
    assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
    assert_eq!((v.counts.records, v.counts.signed), (700, 700));
    assert!(v.uncovered_fields.is_empty(), "{:?}", v.uncovered_fields);
    // a header's kid chooses among pinned keys by name
    hold(&judge(&lines, &pinned(&one, "k2")), OPEN, OPEN);
    hold(&judge(&lines, &pinned(&one, "")), PROVEN, PROVEN);
    hold(&judge(&lines, &pinned(&key(2), "")), OPEN, REFUTED);
    hold(&judge(&lines, ""), OPEN, OPEN);
}

#[test]
fn the_example_of_the_standard() {
    // RFC 7515, appendix A.3
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0\
                 cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let jwk = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                  "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    hold(&judge(token, jwk), PROVEN, PROVEN);
    hold(&judge(&token.replacen("NU1Q", "NU1A", 1), jwk), OPEN, REFUTED);
    // the key of the right curve and another algorithm is no candidate
    hold(&judge(token, &pinned(&key(1), "")), OPEN, OPEN);
}

#[test]
fn flattened_and_general_tokens() {
    let (one, two) = (key(1), key(2));
    let (header, payload) = (base64url(HEADER.as_bytes()), base64url(br#"{"a":1}"#));
    let sign =
        |key: &SigningKey, header: &str| base64url(&key.sign(format!("{header}.{payload}").as_bytes()));
    let flat = format!(
        "{{\n \"payload\": \"{payload}\",\n \"protected\": \"{header}\",\n \"header\": {{\"note\": \"x\"}},\n \"signature\": \"{}\", \"seen\": 1\n}}\n",
        sign(&one, &header)
    );
    let v = judge(&flat, &pinned(&one, ""));
    hold(&v, PROVEN, PROVEN);
    assert_eq!(
        v.uncovered_fields,
        ["/seen", "/signatures/*/header/note"],
        "what nobody signed is told"
    );
    let other = base64url(br#"{"alg":"EdDSA","kid":"k2"}"#);
    let general = |first: String, second: String| {
        format!(
            r#"{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{first}"}},{{"protected":"{other}","signature":"{second}"}}]}}"#
        )
    };
    let both = general(sign(&one, &header), sign(&two, &other));
    let trust = format!("{}{}", pinned(&one, "k1"), pinned(&two, "k2"));
    hold(&judge(&both, &trust), PROVEN, PROVEN);
    hold(&judge(&both, &pinned(&two, "k2")), PROVEN, PROVEN);
    // one that does not fit its pinned key is not outvoted
    let torn = general(sign(&one, &header), sign(&one, &other));
    hold(&judge(&torn, &trust), OPEN, REFUTED);
    hold(&judge(&torn, &pinned(&one, "k1")), PROVEN, PROVEN);
}

#[test]
fn algorithms_come_from_the_pinned_key() {
    let one = key(1);
    let trust = pinned(&one, "");
    let refused = |text: &str| {
        let v = judge(text, &trust);
        assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
        assert!(
            codes(&v).contains(&("signature_refused", Some(1))),
            "{}",
            told(&v)
        );
    };
    // none, with and without a signature that would fit
    for name in ["none", "None", "nOnE", ""] {
        refused(&token(&one, &format!(r#"{{"alg":"{name}"}}"#), r#"{"a":1}"#));
    }
    let bare = format!("{}.", input(r#"{"alg":"none"}"#, r#"{"a":1}"#));
    assert_eq!(judge(&bare, &trust).claims.authenticity.outcome, REFUTED);
    assert_eq!(judge(&bare, "").claims.authenticity.outcome, REFUTED);
    // a public key as the secret of a keyed digest
    let keyed = input(r#"{"alg":"HS256"}"#, r#"{"a":1}"#);
    for secret in [
        raw(&one).to_vec(),
        one.public().pem().into_bytes(),
        one.public().spki_der().to_vec(),
    ] {
        refused(&format!(
            "{keyed}.{}",
            base64url(&hmac_sha256(&secret, keyed.as_bytes()))
        ));
    }
    // another algorithm of the profile's, for which no key is pinned
    hold(
        &judge(&token(&one, r#"{"alg":"ES256"}"#, r#"{"a":1}"#), &trust),
        OPEN,
        OPEN,
    );
    // no algorithm, or one that nobody signed
    refused(&token(&one, r#"{"kid":"k1"}"#, r#"{"a":1}"#));
    let payload = base64url(b"{}");
    let loose = format!(
        r#"{{"payload":"{payload}","header":{{"alg":"EdDSA"}},"signature":"{}"}}"#,
        base64url(&one.sign(format!(".{payload}").as_bytes()))
    );
    refused(&loose);
}

#[test]
fn what_must_be_understood_and_is_not() {
    let one = key(1);
    for header in [
        r#"{"alg":"EdDSA","crit":["exp"],"exp":1}"#,
        r#"{"alg":"EdDSA","crit":[]}"#,
        r#"{"alg":"EdDSA","crit":["b64"]}"#,
        r#"{"alg":"EdDSA","crit":["alg"]}"#,
        r#"{"alg":"EdDSA","b64":false}"#,
    ] {
        let v = judge(&token(&one, header, r#"{"a":1}"#), &pinned(&one, ""));
        assert_eq!(v.claims.authenticity.outcome, REFUTED, "{header}: {}", told(&v));
    }
    let understood = token(&one, r#"{"alg":"EdDSA","b64":true,"crit":["b64"]}"#, r#"{"a":1}"#);
    hold(&judge(&understood, &pinned(&one, "")), PROVEN, PROVEN);
}

#[test]
fn a_payload_that_is_not_encoded() {
    let one = key(1);
    let header = base64url(br#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#);
    let sign = |payload: &str| base64url(&one.sign(format!("{header}.{payload}").as_bytes()));
    let compact = |payload: &str| format!("{header}.{payload}.{}", sign(payload));
    hold(&judge(&compact(r#"{"a":1}"#), &pinned(&one, "")), PROVEN, PROVEN);
    let flat = |payload: &str, signed: &str| {
        let text = serde_json::json!({"payload": payload, "protected": header, "signature": sign(signed)});
        judge(&text.to_string(), &pinned(&one, ""))
    };
    hold(&flat(r#"{"a":1.5}"#, r#"{"a":1.5}"#), PROVEN, PROVEN);
    hold(&flat(r#"{"a":1.50}"#, r#"{"a":1.5}"#), OPEN, REFUTED);
    // in compact form a payload with a dot has no end
    let v = judge_under(Some(JWS), &compact(r#"{"a":1.5}"#), &pinned(&one, ""));
    assert_eq!(codes(&v), [("not_a_token", Some(1))], "{}", told(&v));
}

const JWS: &str = include_str!("../../profiles/jws.toml");

#[test]
fn a_carried_key_is_never_looked_at() {
    let (one, thief) = (key(1), key(9));
    let jwk = format!(
        r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#,
        base64url(&raw(&thief))
    );
    for header in [
        format!(r#"{{"alg":"EdDSA","jwk":{jwk}}}"#),
        r#"{"alg":"EdDSA","jku":"https://thief.example/jwks.json","kid":"k1"}"#.to_owned(),
        r#"{"alg":"EdDSA","x5u":"https://thief.example/cert.pem","x5c":["MIIB"]}"#.to_owned(),
    ] {
        let stolen = token(&thief, &header, r#"{"a":1}"#);
        hold(&judge(&stolen, &pinned(&one, "")), OPEN, REFUTED);
        hold(&judge(&stolen, ""), OPEN, OPEN);
        // the same header under the pinned key proves what it signs
        hold(
            &judge(&token(&one, &header, r#"{"a":1}"#), &pinned(&one, "")),
            PROVEN,
            PROVEN,
        );
    }
}

#[test]
fn two_readings_and_damage() {
    let one = key(1);
    let good = token(&one, HEADER, r#"{"a":1}"#);
    for (wrong, code) in [
        (
            token(&one, r#"{"alg":"EdDSA","alg":"none"}"#, r#"{"a":1}"#),
            "duplicate_member",
        ),
        (token(&one, HEADER, r#"{"a":1,"a":2}"#), "duplicate_member"),
        (token(&one, HEADER, "[1]"), "not_a_token"),
        (good.replacen('.', "=.", 1), "not_a_token"),
        (format!("{good}.AAAA"), "not_a_token"),
        ("not a token".to_owned(), "not_a_token"),
    ] {
        let v = judge(&format!("{good}\n{wrong}\n{good}\n"), &pinned(&one, ""));
        assert_eq!(v.claims.integrity.outcome, REFUTED, "{wrong}: {}", told(&v));
        assert_eq!(codes(&v), [(code, Some(2))], "{wrong}: {}", told(&v));
    }
    for (payload, header) in [
        (r#"{"a":2}"#, HEADER),
        (r#"{"a":1}"#, r#"{"alg":"EdDSA","kid":"k3"}"#),
    ] {
        let signature = good.rsplit_once('.').unwrap().1;
        let forged = format!("{}.{signature}", input(header, payload));
        let v = judge(&forged, &pinned(&one, ""));
        assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
    }
}

const LINKED: &str = r#"
id = "test-linked-tokens"
version = "1"
title = "Test linked tokens"
spec_url = "this test"
[detect]
all = ["/payload/seq", "/payload/prev"]
[[source]]
kind = "jws"
[seq]
field = "/payload/seq"
start = 1
[link]
field = "/payload/prev"
genesis = ["null"]
[link.target.preimage]
alg = "sha256"
enc = "hex"
parts = [{ raw = "line" }]
[[signatures]]
field = "/signatures/*/signature"
enc = "b64url"
alg = "ed25519"
message = [{ raw = "jws" }]
"#;

#[test]
fn linked_tokens_are_a_trail_like_any_other() {
    let one = key(1);
    let mut prev = "null".to_owned();
    let tokens: Vec<String> = (1..=9)
        .map(|seq| {
            let made = token(&one, HEADER, &format!(r#"{{"seq":{seq},"prev":{prev}}}"#));
            prev = format!("\"{}\"", hex(&sha256(made.as_bytes())));
            made
        })
        .collect();
    let trust = pinned(&one, "k1");
    let ask = |lines: &[String], count: u64| {
        let mut request = request(Some(LINKED), &trust);
        request.expect_count = Some(count);
        let v = Bundle::file("tokens.txt", lines.join("\n"))
            .verify(&request)
            .unwrap();
        hold_together(&v);
        v
    };
    let v = ask(&tokens, 9);
    assert_eq!(v.verdict, PROVEN, "{}", told(&v));
    assert_eq!(v.chains[0].head, hex(&sha256(tokens[8].as_bytes())));
    let mut dropped = tokens.clone();
    dropped.remove(4);
    let v = ask(&dropped, 8);
    assert_eq!(codes(&v), [("link_mismatch", Some(5))], "{}", told(&v));
    assert_eq!(ask(&tokens[..7], 9).verdict, REFUTED);
    assert_eq!(ask(&tokens[1..], 8).verdict, OPEN);
}

#[test]
fn a_profile_of_tokens_is_one_of_tokens_throughout() {
    for (whole, wrong) in [
        ("kind = \"jws\"", "kind = \"jsonl\""),
        (
            "message = [{ raw = \"jws\" }]",
            "message = [{ field = \"/payload\" }]",
        ),
        (
            "message = [{ raw = \"jws\" }]",
            "message = [{ raw = \"jws\" }, { lit = \"x\" }]",
        ),
        ("parts = [{ raw = \"line\" }]", "parts = [{ raw = \"jws\" }]"),
        ("[seq]", "[[source]]\nkind = \"jsonl\"\n[seq]"),
        ("alg = \"ed25519\"", "alg = [\"ed25519\", \"hmac-sha256\"]"),
        ("alg = \"ed25519\"", "alg = []"),
    ] {
        assert!(LINKED.contains(whole), "{whole}");
        assert!(
            Profile::parse(&LINKED.replacen(whole, wrong, 1)).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn a_keyed_token_needs_a_profile_and_a_secret_of_its_own() {
    let profile = LINKED
        .replacen("alg = \"ed25519\"", "alg = \"hmac-sha256\"", 1)
        .replacen("[seq]\nfield = \"/payload/seq\"\nstart = 1\n", "", 1);
    let keyed = input(r#"{"alg":"HS256"}"#, r#"{"seq":1,"prev":null}"#);
    let made = format!(
        "{keyed}.{}",
        base64url(&hmac_sha256(b"a secret", keyed.as_bytes()))
    );
    let secret = "[[key]]\nalgorithm = \"hmac-sha256\"\nsecret = \"a secret\"\n";
    let v = judge_under(Some(&profile), &made, secret);
    hold(&v, PROVEN, PROVEN);
    assert!(
        v.claims.authenticity.sentence.contains("holder of the secret"),
        "{}",
        told(&v)
    );
    hold(
        &judge_under(Some(&profile), &made, &secret.replacen("a secret", "b secret", 1)),
        OPEN,
        REFUTED,
    );
}
