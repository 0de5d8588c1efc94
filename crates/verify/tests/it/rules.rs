//! Rules of single receipt families that no other trail shows: counter-signatures, keys named by digest, carried DIDs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::semicolon_if_nothing_returned
)]

use crate::kit::{Bundle, hold_together, told};
use crate::manner::{ecdsa, lines, p256, scu};
use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base58, base64, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;
use tickmark_verify::verification::{ClaimOutcome, Verification};
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

fn pin(key: &SigningKey, kid: &str) -> String {
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

/// An ECDSA signature of any system and its twin with the other s: only where a profile says so the upper one counts for none.
#[test]
fn the_lower_s_counts_alone_where_the_profile_says_so() {
    let profile = |low_s: &str| {
        format!(
            "id = \"low\"\nversion = \"1\"\ntitle = \"t\"\nspec_url = \"-\"\n[detect]\nall = [\"/n\", \"/sig\"]\n\
             [[source]]\nkind = \"jsonl\"\n[[signatures]]\nfield = \"/sig\"\nenc = \"b64\"\nalg = \"es256\"\n{low_s}\
             message = [{{ field = \"/n\" }}]\n"
        )
    };
    let trust = format!(
        "[[key]]\nalgorithm = \"es256\"\npublic_key = \"\"\"{}\"\"\"\n",
        p256().public().pem()
    );
    let low = ecdsa::low_s(&p256().sign(b"1"));
    let judged = |low_s: &str, signature: &[u8]| {
        let mut request = Request::default();
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
        let profile = Profile::parse(&profile(low_s)).unwrap();
        request.profile = ProfileChoice::Named(Box::new(profile));
        let record = json!({"n": 1, "sig": base64(signature)});
        let v = Bundle::file("log.jsonl", lines(&[record]))
            .verify(&request)
            .unwrap();
        hold_together(&v);
        v.claims.authenticity.outcome
    };
    assert_eq!(judged("", &low), PROVEN);
    assert_eq!(judged("", &ecdsa::other_s(&low)), PROVEN);
    assert_eq!(judged("low_s = true\n", &low), PROVEN);
    assert_eq!(judged("low_s = true\n", &ecdsa::other_s(&low)), REFUTED);
    let refused = Profile::parse(&profile("low_s = true\n").replace("es256", "ed25519")).unwrap_err();
    assert!(refused.to_string().contains("signatures.low_s"), "{refused}");
}

fn judge(profile: &str, record: &Value, trust: &str) -> Verification {
    let mut request = Request {
        expect_count: Some(1),
        ..Request::default()
    };
    if !trust.is_empty() {
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    let v = Bundle::file("receipts.jsonl", lines(std::slice::from_ref(record)))
        .verify(&request)
        .unwrap();
    hold_together(&v);
    assert_eq!(
        v.profile.as_ref().map(|p| p.id.as_str()),
        Some(profile),
        "{}",
        told(&v)
    );
    v
}

#[track_caller]
fn hold(v: &Verification, integrity: ClaimOutcome, authenticity: ClaimOutcome) {
    let found = (v.claims.integrity.outcome, v.claims.authenticity.outcome);
    assert_eq!(found, (integrity, authenticity), "{}", told(v));
}

/// A receipt with what its issuer, parent and decision point sign; each may be another key or nobody.
fn aerf(tags: &Value, parent: Option<&SigningKey>, pdp: Option<&SigningKey>) -> Value {
    let mut receipt = json!({"id": "i", "plan_id": "p", "agent": "a", "action": "pay", "in_policy": true,
        "evidence_hash_sha512": "00", "observed_at": "2026-05-11T12:00:00+00:00", "key_id": "issuer",
        "policy_hash": "aa", "context_hash_sha256": "bb", "impact_tags": tags});
    if let Some(pdp) = pdp {
        let verdict = json!({"context_hash_sha256": "bb", "in_policy": true, "policy_hash": "aa"});
        receipt["pdp_signature"] = json!(hex(&pdp.sign(&scu(&verdict))));
        receipt["pdp_key_id"] = json!("pdp");
    }
    let message = scu(&receipt);
    receipt["signature"] = json!(hex(&key(1).sign(&message)));
    if let Some(parent) = parent {
        receipt["parent_signature"] = json!(hex(&parent.sign(&message)));
        receipt["parent_key_id"] = json!("parent");
    }
    receipt
}

#[test]
fn a_counter_signature_is_somebody_elses() {
    let trust = pin(&key(1), "issuer") + &pin(&key(2), "parent") + &pin(&key(3), "pdp");
    let tags = json!(["FINANCE"]);
    let v = judge("aerf", &aerf(&tags, Some(&key(2)), Some(&key(3))), &trust);
    hold(&v, PROVEN, PROVEN);
    assert_eq!(v.verdict, PROVEN, "{}", told(&v));
    // no tags, or none in the list: no parent is asked for
    hold(
        &judge("aerf", &aerf(&json!([]), None, Some(&key(3))), &trust),
        PROVEN,
        PROVEN,
    );
    hold(
        &judge("aerf", &aerf(&Value::Null, None, None), &trust),
        PROVEN,
        PROVEN,
    );
    // tags, and no parent
    hold(
        &judge("aerf", &aerf(&tags, None, Some(&key(3))), &trust),
        PROVEN,
        REFUTED,
    );
    // the issuer as its own parent, whatever the keys are called
    let own = aerf(&tags, Some(&key(1)), None);
    for trust in [
        trust.clone(),
        pin(&key(1), ""),
        pin(&key(1), "issuer") + &pin(&key(1), "parent"),
    ] {
        assert_eq!(judge("aerf", &own, &trust).claims.authenticity.outcome, REFUTED);
    }
    // a parent that nobody pinned proves nothing, and a decision for another context is refuted
    let only_issuer = pin(&key(1), "issuer");
    hold(
        &judge("aerf", &aerf(&tags, Some(&key(2)), None), &only_issuer),
        PROVEN,
        OPEN,
    );
    let mut split = aerf(&tags, Some(&key(2)), Some(&key(3)));
    split["context_hash_sha256"] = json!("cc");
    assert_eq!(judge("aerf", &split, &trust).claims.authenticity.outcome, REFUTED);
}

fn asqav(thumbprint: Option<String>) -> Value {
    let mut payload = json!({"type": "t", "issued_at": "2026-05-04T12:00:00Z", "issuer_id": "A", "mode": "payload",
        "payload_digest": {"hash": "00"}, "policy_digest": "00", "agent_id": "a"});
    if let Some(text) = thumbprint {
        payload["key_thumbprint"] = json!(text);
    }
    let signature = base64(&key(1).sign(&scu(&payload)));
    json!({"payload": payload, "signature": {"alg": "Ed25519", "kid": "k", "sig": signature}})
}

#[test]
fn a_record_may_name_its_key_by_digest() {
    let trust = pin(&key(1), "") + &pin(&key(2), "");
    let public = key(1).public();
    hold(&judge("asqav", &asqav(None), &trust), PROVEN, PROVEN);
    for digest in [
        hex(&sha256(&raw(&key(1)))),
        format!("sha256:{}", hex(&sha256(public.spki_der()))),
        public.thumbprint().unwrap(),
    ] {
        hold(&judge("asqav", &asqav(Some(digest)), &trust), PROVEN, PROVEN);
    }
    for other in [hex(&sha256(&raw(&key(3)))), "sha256:".to_owned(), String::new()] {
        let v = judge("asqav", &asqav(Some(other)), &trust);
        hold(&v, OPEN, OPEN);
    }
    // the digest of a pinned key that did not sign
    let v = judge("asqav", &asqav(Some(hex(&sha256(&raw(&key(2)))))), &trust);
    assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
}

#[test]
fn a_signature_may_come_in_one_of_several_spellings() {
    let trust = pin(&key(1), "");
    let mut receipt = asqav(None);
    let padded = receipt["signature"]["sig"].as_str().unwrap().to_owned();
    let url = padded.trim_end_matches('=').replace('+', "-").replace('/', "_");
    receipt["signature"]["sig"] = json!(url);
    hold(&judge("asqav", &receipt, &trust), PROVEN, PROVEN);
    for mixed in [
        format!("{url}=="),
        format!("{padded}="),
        padded.replacen("==", "=", 1),
    ] {
        receipt["signature"]["sig"] = json!(mixed);
        assert_eq!(
            judge("asqav", &receipt, &trust).claims.authenticity.outcome,
            REFUTED,
            "{mixed}"
        );
    }
}

fn did(key: &SigningKey) -> String {
    format!("did:key:z{}", base58(&[&[0xed, 0x01][..], &raw(key)].concat()))
}

fn credential(method: &str, signer: &SigningKey) -> Value {
    let document =
        json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "credentialSubject": {"a": 1}});
    let proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": "2026-08-01T09:30:05Z",
        "verificationMethod": method, "proofPurpose": "assertionMethod"});
    let signature = signer.sign(&[sha256(&scu(&proof)), sha256(&scu(&document))].concat());
    let mut signed = document;
    signed["proof"] = proof;
    signed["proof"]["proofValue"] = json!(format!("z{}", base58(&signature)));
    signed
}

#[test]
fn a_did_is_a_key_only_where_it_holds_one() {
    let web = credential("did:web:issuer.example#key-1", &key(1));
    hold(
        &judge("w3c-vc", &web, &pin(&key(1), "did:web:issuer.example#key-1")),
        PROVEN,
        PROVEN,
    );
    hold(
        &judge("w3c-vc", &web, &pin(&key(2), "did:web:issuer.example#key-1")),
        OPEN,
        REFUTED,
    );
    // a key that is pinned for another name, or no key
    hold(
        &judge("w3c-vc", &web, &pin(&key(1), "did:web:issuer.example#key-2")),
        OPEN,
        OPEN,
    );
    hold(&judge("w3c-vc", &web, ""), OPEN, OPEN);
    let own = credential(&format!("{}#key-1", did(&key(1))), &key(1));
    hold(&judge("w3c-vc", &own, ""), PROVEN, OPEN);
    hold(&judge("w3c-vc", &own, &pin(&key(1), "")), PROVEN, PROVEN);
    hold(&judge("w3c-vc", &own, &pin(&key(2), "")), PROVEN, REFUTED);
    // the document carries another key than the one that signed it
    let stolen = credential(&did(&key(2)), &key(1));
    assert_eq!(judge("w3c-vc", &stolen, "").claims.integrity.outcome, REFUTED);
    assert_eq!(
        judge("w3c-vc", &stolen, &pin(&key(1), ""))
            .claims
            .integrity
            .outcome,
        REFUTED
    );
    // what the proof says of itself is signed too
    let mut changed = own;
    changed["proof"]["proofPurpose"] = json!("authentication");
    assert_eq!(
        judge("w3c-vc", &changed, &pin(&key(1), ""))
            .claims
            .authenticity
            .outcome,
        REFUTED
    );
}

#[test]
fn a_commitment_in_place_of_the_payload_is_refuted() {
    let payload = json!({"issued_at": "2026-05-04T12:00:00Z", "issuer_id": "A"});
    let receipt =
        |signature: [u8; 64]| json!({"payload": payload, "signature": {"kid": "A", "sig": hex(&signature)}});
    let message = scu(&payload);
    hold(
        &judge("acta", &receipt(key(1).sign(&message)), &pin(&key(1), "A")),
        PROVEN,
        PROVEN,
    );
    let v = judge(
        "acta",
        &receipt(key(1).sign(&sha256(&message))),
        &pin(&key(1), "A"),
    );
    assert_eq!(v.claims.authenticity.outcome, REFUTED, "{}", told(&v));
    // what tells of the signature is reached by nothing on the last receipt, and is listed
    let mut told_too = receipt(key(1).sign(&message));
    told_too["signature"]["alg"] = json!("EdDSA");
    let v = judge("acta", &told_too, &pin(&key(1), "A"));
    assert_eq!(
        v.uncovered_fields,
        ["/signature/alg", "/signature/kid"],
        "{}",
        told(&v)
    );
}
