//! What others published for the transparency family: Sigstore's conformance cases, COSE's examples, the example of C2SP, a
//! genuine receipt of Azure Confidential Ledger.
//!
//! The fixtures lie outside the repository (`TICKMARK_FIXTURES`, or beside the checkout) and are skipped visibly where absent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use crate::production;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tickmark_crypto::{
    ccf::{LedgerError, LedgerReceipt},
    cose::{Sign1, Tagging},
    digest, encoding,
    key::{self, PublicKey},
    note::{Note, NoteKey},
    sigstore::{Artefact, Attested, Bundle, Content, Pins, SigstoreError, TrustedRoot, Verified},
    x509::parse_certificates,
};

fn fixtures(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let folder = std::env::var_os("TICKMARK_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let folder = folder.join(name);
    if !folder.is_dir() {
        eprintln!("skipped: fixtures of {name} not present");
        return None;
    }
    Some(folder)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The identity that every case without a key names.
const SUBJECT: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn verify(case: &Path, artefact: &[u8]) -> Result<Verified, SigstoreError> {
    let bundle = Bundle::parse(&fs::read(case.join("bundle.sigstore.json")).unwrap())?;
    let root = fs::read(case.join("trusted_root.json"))
        .unwrap_or_else(|_| production::root().to_string().into_bytes());
    let root = TrustedRoot::parse(&root)?;
    let keys: Vec<PublicKey> = match fs::read(case.join("key.pub")) {
        // one of the cases has a key whose base64 has stray bits at its end: it cannot be pinned at all
        Ok(pem) => key::parse_keys(&pem, None).map_err(|_| SigstoreError::NoKey)?,
        Err(_) => Vec::new(),
    }
    .into_iter()
    .map(|found| found.key)
    .collect();
    let pins = Pins {
        root: Some(&root),
        keys: &keys,
    };
    match bundle.content() {
        Content::Message { .. } => bundle.verify(Some(&Artefact::of(artefact)), &pins),
        Content::Envelope(envelope) => {
            let verified = bundle.verify(None, &pins)?;
            let statement: Value = serde_json::from_slice(&envelope.payload).unwrap();
            let found = encoding::hex(&digest::sha256(artefact));
            let named = statement["subject"]
                .as_array()
                .unwrap()
                .iter()
                .any(|subject| subject["digest"]["sha256"] == found.as_str());
            if named {
                Ok(verified)
            } else {
                Err(SigstoreError::OtherArtefact {
                    expected: "a subject".to_owned(),
                    found,
                })
            }
        }
    }
}

#[test]
fn sigstore_conformance_all_14() {
    let Some(folder) = fixtures("sigstore-conformance") else {
        return;
    };
    let artefact = fs::read(folder.join("a.txt")).unwrap();
    let (mut held, mut refused) = (0, 0);
    for entry in fs::read_dir(&folder).unwrap() {
        let case = entry.unwrap().path();
        if !case.is_dir() {
            continue;
        }
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        match verify(&case, &artefact) {
            Ok(verified) => {
                assert!(!name.ends_with("_fail"), "{name} was accepted");
                held += 1;
                assert!(verified.is_logged, "{name}");
                if let Attested::Certificate { identity, .. } = verified.by {
                    let identity = identity.unwrap();
                    assert_eq!(
                        (identity.subject.as_str(), identity.issuer.as_str()),
                        (SUBJECT, ISSUER),
                        "{name}"
                    );
                    assert!(verified.seen.is_some(), "{name}");
                } else {
                    assert!(name.starts_with("managed-key"), "{name}");
                }
            }
            Err(error) => {
                assert!(name.ends_with("_fail"), "{name}: {error}");
                assert!(reason_fits(&name, &error), "{name}: {error:?}");
                refused += 1;
            }
        }
    }
    assert_eq!((held, refused), (8, 6));
}

/// A case that must fail fails for the reason that it was made for.
fn reason_fits(name: &str, error: &SigstoreError) -> bool {
    match name {
        "checkpoint-wrong-roothash_fail" => matches!(error, SigstoreError::OtherCheckpoint { .. }),
        "dsse-invalid-sig_fail" => matches!(error, SigstoreError::Signature(_)),
        "inclusion-proof-corrupted-hash_fail" => matches!(error, SigstoreError::Proof(_)),
        "invalid-checkpoint-signature_fail" => matches!(error, SigstoreError::Note(_)),
        "managed-key-wrong-key_fail" => matches!(error, SigstoreError::NoKey),
        "rekor2-timestamp-with-incorrect-time_fail" => matches!(error, SigstoreError::Path(_)),
        _ => false,
    }
}

#[test]
fn a_genuine_bundle_stands_for_nothing_but_its_artefact() {
    let Some(folder) = fixtures("sigstore-conformance") else {
        return;
    };
    for name in [
        "happy-path-v0.1",
        "rekor2-happy-path",
        "managed-key-happy-path",
        "rekor2-dsse-happy-path",
    ] {
        assert!(verify(&folder.join(name), b"another artefact").is_err(), "{name}");
    }
}

#[test]
fn cose_wg_examples_all_12() {
    let Some(folder) = fixtures("cose-sign1") else {
        return;
    };
    let (mut held, mut refused) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let vector = json(&path);
        let sign = &vector["input"]["sign0"];
        let external = encoding::unhex(sign["external"].as_str().unwrap_or_default()).unwrap();
        let bytes = encoding::unhex_any_case(vector["output"]["cbor"].as_str().unwrap()).unwrap();
        let key = cose_key(&sign["key"]);
        let holds = Sign1::parse(&bytes, Tagging::Optional)
            .and_then(|message| message.verify(&key, &external, None))
            .is_ok();
        assert_eq!(holds, vector["fail"] != true, "{}", path.display());
        if holds { held += 1 } else { refused += 1 }
    }
    assert_eq!((held, refused), (6, 6));
}

/// The examples write keys as JSON Web Keys with the secret part, and Ed25519 in hex.
fn cose_key(jwk: &Value) -> PublicKey {
    if let Some(x) = jwk["x_hex"].as_str() {
        return key::parse_keys(x.as_bytes(), None).unwrap().remove(0).key;
    }
    let public = serde_json::json!({"kty": jwk["kty"], "crv": jwk["crv"], "x": jwk["x"], "y": jwk["y"]});
    key::parse_keys(public.to_string().as_bytes(), None)
        .unwrap()
        .remove(0)
        .key
}

#[test]
fn c2sp_example() {
    let Some(folder) = fixtures("c2sp-signed-note") else {
        return;
    };
    let found = key::parse_keys(&fs::read(folder.join("vkey.txt")).unwrap(), None)
        .unwrap()
        .remove(0);
    let key = NoteKey::of_kid(found.kid.as_deref().unwrap(), &found.key).unwrap();
    let bytes = fs::read(folder.join("note.txt")).unwrap();
    assert!(
        Note::parse(&bytes)
            .unwrap()
            .verify(std::slice::from_ref(&key))
            .is_ok()
    );
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let holds = Note::parse(&changed).is_ok_and(|note| note.verify(std::slice::from_ref(&key)).is_ok());
        assert!(!holds, "{at}");
    }
}

#[test]
fn azure_confidential_ledger_receipt() {
    let Some(folder) = fixtures("azure-confidential-ledger") else {
        return;
    };
    let receipt = fs::read_to_string(folder.join("receipt1.json")).unwrap();
    let service = parse_certificates(&fs::read(folder.join("service_cert1.pem")).unwrap()).unwrap();
    let service = service[0].public_key(None).unwrap();
    let read = LedgerReceipt::parse(receipt.as_bytes()).unwrap();
    assert_eq!(read.transaction(), Some("2.35"));
    assert_eq!(read.verify(std::slice::from_ref(&service)), Ok(0));
    let node = read.node().public_key(None).unwrap();
    assert_eq!(read.verify(&[node]), Err(LedgerError::NotEndorsed));
    let digit = receipt.replace("ce:2.35:fa", "ce:2.35:fb");
    assert!(
        LedgerReceipt::parse(digit.as_bytes())
            .unwrap()
            .verify(&[service])
            .is_err()
    );
}
