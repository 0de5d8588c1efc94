//! Receipt families on genuine vectors: every one with the right key pinned, positives proven and negatives never.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::semicolon_if_nothing_returned
)]

use std::collections::BTreeMap;
use std::path::Path;

use crate::kit::{Bundle, fixtures, hold_together, told};
use serde_json::Value;
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{ClaimOutcome, Verification};
use tickmark_verify::{ProfileChoice, Request};

/// Vectors whose outcome is another one here, with the reason.
const OTHERS: [(&str, ClaimOutcome, &str); 3] = [
    (
        "asqav-05-hash-mode-prod",
        ClaimOutcome::Proven,
        "ML-DSA-65 is checked here",
    ),
    (
        "asqav-22-key-substituted",
        ClaimOutcome::NotProven,
        "the record names another key by its digest, so the pinned one is no candidate",
    ),
    (
        "agentreceipts-05-genesis-missing-prev-hash",
        ClaimOutcome::Proven,
        "emitters leave the null of a first receipt out; its signature covers it as null",
    ),
];

/// A payload with a sequence of its own looks like an early kind of ACTA, so this family must be named for it.
const ONLY_BY_NAME: &str = "acta-up-02-a2a-trajectory-endpoint";

fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_str(&text(path)?).ok()
}

fn entry(algorithm: &str, kid: Option<&str>, key: &str) -> String {
    let kid = kid.map_or_else(String::new, |kid| format!("kid = \"{kid}\"\n"));
    format!("[[key]]\nalgorithm = \"{algorithm}\"\n{kid}public_key = \"{key}\"\n")
}

/// Pins what the vector says are the right keys.
fn trust_of(folder: &Path) -> String {
    let mut entries = String::new();
    let key_set = text(&folder.join("acta-keys.json"));
    if let Some(set) = key_set {
        return set;
    }
    if let Some(Value::Object(keys)) = json(&folder.join("keys.json")) {
        for (kid, key) in &keys {
            entries += &entry("ed25519", Some(kid), key.as_str().unwrap());
        }
    }
    if let Some(set) = json(&folder.join("jwks.json")) {
        for key in set["keys"].as_array().unwrap() {
            let algorithm = key["alg"].as_str().unwrap().to_lowercase();
            let bytes = key["public_key"].as_str().or(key["pub"].as_str()).unwrap();
            entries += &entry(&algorithm, key["kid"].as_str(), bytes);
        }
    }
    if let Some(Value::Object(documents)) = json(&folder.join("did_map.json")) {
        for (did, document) in &documents {
            match document.as_str() {
                Some(hex) => entries += &entry("ed25519", None, hex),
                None => {
                    for method in document["verificationMethod"].as_array().unwrap() {
                        let key = format!("did:key:{}", method["publicKeyMultibase"].as_str().unwrap());
                        entries += &entry("ed25519", Some(method["id"].as_str().unwrap()), &key);
                    }
                }
            }
            assert!(did.starts_with("did:"));
        }
    }
    // a did:key names itself; the reviewer pins what the issuer told to be its own
    if entries.is_empty()
        && let Some(receipt) = json(&folder.join("receipt.json"))
    {
        let issuer = receipt["issuer"]["id"].as_str().or(receipt["issuer"].as_str());
        if let Some(did) = issuer.filter(|did| did.starts_with("did:key:")) {
            entries += &entry("ed25519", None, did);
        }
    }
    entries
}

fn profile_of(format: &str, receipt: &str) -> Option<&'static str> {
    Some(match format {
        "acta" => "acta",
        "aerf" => "aerf",
        "w3c-vc" => "w3c-vc",
        "asqav-native" if receipt.contains("\"mode\": \"hash\"") => "asqav-hash",
        "asqav-native" => "asqav",
        "agentreceipts" => "agent-receipts",
        name if name.starts_with("pipelock") => "pipelock",
        _ => return None,
    })
}

fn judge(folder: &Path, profile: &str, trust: &str, is_named: bool) -> (Verification, u64) {
    let receipt = text(&folder.join("receipt.json")).unwrap();
    let predecessor = text(&folder.join("predecessor.json"));
    let count = 1 + u64::from(predecessor.is_some());
    // the received texts as they are, one after the other
    let records: Vec<String> = predecessor.into_iter().chain([receipt]).collect();
    let mut request = Request {
        expect_count: Some(count),
        ..Request::default()
    };
    if is_named {
        let profile = shipped()
            .unwrap()
            .iter()
            .find(|known| known.id == profile)
            .unwrap();
        request.profile = ProfileChoice::Named(Box::new(profile.clone()));
    }
    if !trust.is_empty() {
        request.trust.add_file("pinned", trust.as_bytes()).unwrap();
    }
    let v = Bundle::file("receipts.json", format!("[{}]", records.join(",")))
        .verify(&request)
        .unwrap();
    hold_together(&v);
    (v, count)
}

#[test]
fn every_vector_of_every_family() {
    let Some(folder) = fixtures()
        .map(|fixtures| fixtures.join("asqav-conformance"))
        .filter(|f| f.is_dir())
    else {
        eprintln!("skipped: the fixtures (asqav-conformance) are not here");
        return;
    };
    let mut counts: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut passed_over = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names.iter().filter(|path| path.join("receipt.json").is_file()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected = json(&path.join("expected.json")).unwrap();
        let receipt = text(&path.join("receipt.json")).unwrap();
        let Some(profile) = profile_of(expected["format"].as_str().unwrap(), &receipt) else {
            passed_over.push(name);
            continue;
        };
        let trust = trust_of(path);
        let (v, count) = judge(path, profile, &trust, true);
        let other = OTHERS
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, outcome, _)| *outcome);
        let is_valid = expected["outcome"] == "verified";
        let is_skipped = expected["reason_code"]
            .as_str()
            .unwrap()
            .starts_with("signature_skipped");
        let is_invalid = !is_skipped && expected["failure_class"] != "unverifiable";
        let claims = (v.claims.integrity.outcome, v.claims.authenticity.outcome);
        let both = (ClaimOutcome::Proven, ClaimOutcome::Proven);
        let holds = match other {
            Some(ClaimOutcome::Proven) => claims == both,
            Some(outcome) => v.verdict == outcome && v.claims.authenticity.outcome != ClaimOutcome::Proven,
            None if is_valid => claims == both && v.counts.records == count,
            None if is_invalid => v.verdict == ClaimOutcome::Refuted,
            None => v.verdict != ClaimOutcome::Proven && claims != both,
        };
        let tally = counts.entry(profile).or_default();
        let column = match v.verdict {
            _ if claims == both && v.verdict != ClaimOutcome::Refuted => 0,
            ClaimOutcome::Refuted => 1,
            _ => 2,
        };
        tally[column] += 1;
        if !holds {
            tally[3] += 1;
            wrong.push(format!(
                "{name}: {} {}\n{}",
                expected["outcome"],
                expected["reason_code"],
                told(&v)
            ));
        }
        if is_valid {
            // the right family is recognised without a name, and nothing is proven without a key
            let (found, _) = judge(path, profile, &trust, false);
            let id = found.profile.as_ref().map(|profile| profile.id.as_str());
            if id != Some(profile) && name != ONLY_BY_NAME {
                wrong.push(format!("{name}: recognised as {id:?}"));
            }
            let (unpinned, _) = judge(path, profile, "", true);
            if unpinned.claims.authenticity.outcome != ClaimOutcome::NotProven {
                wrong.push(format!("{name} without a key\n{}", told(&unpinned)));
            }
        }
    }
    let mut total = [0; 4];
    for (family, tally) in &counts {
        eprintln!(
            "{family}: {} proven, {} refuted, {} not proven, {} unlike the vector",
            tally[0], tally[1], tally[2], tally[3]
        );
        total.iter_mut().zip(tally).for_each(|(sum, one)| *sum += one);
    }
    eprintln!("in all: {total:?}; of other families: {passed_over:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(total[0] >= 20 && total[1] >= 15, "{total:?}");
}

/// Receipts or chains of receipts in a file of vectors, with whether they are valid and the digest that a next one names.
fn collect(value: &Value, is_rejected: bool, found: &mut Vec<(Vec<Value>, bool, Option<String>)>) {
    let valid = value["expectedValid"].as_bool().or(is_rejected.then_some(false));
    if let Some(valid) = valid {
        let one = value["receipt"]
            .is_object()
            .then(|| vec![value["receipt"].clone()]);
        let receipts = one.or_else(|| value["receipts"].as_array().cloned());
        let receipts = receipts.filter(|list| {
            list.iter()
                .all(|receipt| receipt["credentialSubject"].is_object())
        });
        if let Some(receipts) = receipts.filter(|list| !list.is_empty()) {
            let hash = value["expectedReceiptHash"].as_str().map(str::to_owned);
            found.push((receipts, valid, hash));
            return;
        }
    }
    let below: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    below
        .into_iter()
        .for_each(|value| collect(value, is_rejected, found));
}

#[test]
fn vectors_of_agent_receipts() {
    let Some(folder) = fixtures()
        .map(|fixtures| fixtures.join("agent-receipts-vectors"))
        .filter(|f| f.is_dir())
    else {
        eprintln!("skipped: the fixtures (agent-receipts-vectors) are not here");
        return;
    };
    let (mut proven, mut rejected, mut hashes) = (0, 0, 0);
    for file in ["malformed", "v020", "v030", "v040", "v050"] {
        let vectors = json(&folder.join(format!("{file}_vectors.json"))).unwrap();
        let mut found = Vec::new();
        collect(&vectors, file == "malformed", &mut found);
        assert!(!found.is_empty(), "{file}");
        for (receipts, valid, hash) in found {
            let profile = shipped()
                .unwrap()
                .iter()
                .find(|known| known.id == "agent-receipts")
                .unwrap();
            let mut request = Request {
                profile: ProfileChoice::Named(Box::new(profile.clone())),
                expect_count: Some(receipts.len() as u64),
                ..Request::default()
            };
            let pem = vectors["keys"]["publicKey"].as_str().unwrap();
            request.trust.add_file("key.pem", pem.as_bytes()).unwrap();
            let text = Value::Array(receipts.clone()).to_string();
            let v = Bundle::file("receipts.json", text).verify(&request).unwrap();
            hold_together(&v);
            let claims = (v.claims.integrity.outcome, v.claims.authenticity.outcome);
            let is_proven = claims == (ClaimOutcome::Proven, ClaimOutcome::Proven);
            assert_eq!(is_proven, valid, "{file}: {}\n{}", receipts[0]["id"], told(&v));
            assert!(
                valid || v.verdict == ClaimOutcome::Refuted,
                "{file}: {}",
                told(&v)
            );
            if let (Some(hash), true) = (hash, valid) {
                assert_eq!(v.chains[0].head, hash, "{file}: {}", receipts[0]["id"]);
                hashes += 1;
            }
            if valid { proven += 1 } else { rejected += 1 }
        }
    }
    eprintln!("agent-receipts vectors: {proven} proven, {rejected} refuted, {hashes} digests equal");
    assert!(
        proven >= 6 && rejected >= 7 && hashes >= 4,
        "{proven} {rejected} {hashes}"
    );
}
