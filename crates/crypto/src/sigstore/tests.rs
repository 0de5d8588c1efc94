use proptest::prelude::*;
use serde_json::{Value, json};

use super::{logged::log_id, *};
use crate::{
    asn1::{OCTET_STRING, SEQUENCE, element},
    digest::{self, Algorithm},
    encoding::{base64, hex},
    key::PublicKey,
    merkle::{Knobs, ProofError},
    note::{NoteKey, NoteKind},
    signature::SignatureError,
    signing::EcdsaSigningKey,
    x509::{
        Certificate, CertificateFault, PathError,
        tests::{BASIC, Extension, PURPOSES, USAGE, authority, issue_p256, purposes, usage},
    },
};

const PROMISES: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02];
const ISSUER: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x08];
const NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const CODE_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];

/// 2026-06-01T00:00:00Z; the certificates hold for 2026.
const TIME: u64 = 1_780_272_000;
const ARTEFACT: &[u8] = b"the artefact";

/// An instance of Sigstore with one signer.
struct Instance {
    fulcio: EcdsaSigningKey,
    rekor: EcdsaSigningKey,
    certificate_log: EcdsaSigningKey,
    signer: EcdsaSigningKey,
}

impl Instance {
    fn new() -> Self {
        let key = || EcdsaSigningKey::generate().unwrap();
        Self {
            fulcio: key(),
            rekor: key(),
            certificate_log: key(),
            signer: key(),
        }
    }

    fn authority(&self) -> Vec<u8> {
        let extensions = [(BASIC, true, authority(None)), (USAGE, true, usage(0x06))];
        issue_p256(
            "fulcio",
            "fulcio",
            &self.fulcio.public(),
            &self.fulcio,
            &extensions,
        )
    }

    fn root(&self) -> Value {
        let log = |url: &str, key: &PublicKey| {
            json!({"baseUrl": url, "hashAlgorithm": "SHA2_256", "logId": {"keyId": log_id(key)},
                "publicKey": {"rawBytes": base64(key.spki_der()), "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": {"start": "2026-01-01T00:00:00Z"}}})
        };
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log("https://rekor.example", &self.rekor.public())],
            "ctlogs": [log("https://ct.example/2026", &self.certificate_log.public())],
            "certificateAuthorities": [{"uri": "https://fulcio.example", "validFor": {"start": "2026-01-01T00:00:00Z"},
                "certChain": {"certificates": [{"rawBytes": base64(&self.authority())}]}}],
        })
    }

    fn extensions(&self) -> Vec<Extension> {
        let address = b"https://issuer.example";
        vec![
            (USAGE, true, usage(0x80)),
            (PURPOSES, false, purposes(&[CODE_SIGNING])),
            (
                NAMES,
                true,
                element(SEQUENCE, &element(0x81, b"auditor@example.com")),
            ),
            (ISSUER, false, element(0x0c, address)),
        ]
    }

    /// The signer's certificate, shown to the certificate log by some key.
    fn certificate(&self, shown_to: &EcdsaSigningKey) -> Vec<u8> {
        let issue = |extensions: &[Extension]| {
            issue_p256(
                "signer",
                "fulcio",
                &self.signer.public(),
                &self.fulcio,
                extensions,
            )
        };
        let mut extensions = self.extensions();
        let body = Certificate::from_der(&issue(&extensions)).unwrap();
        let body = body.body_without(PROMISES).unwrap();
        let time = (TIME * 1000).to_be_bytes();
        let issuer = digest::sha256(self.fulcio.public().spki_der());
        let length = (body.len() as u32).to_be_bytes();
        let signed = [&[0, 0], &time[..], &[0, 1], &issuer, &length[1..], &body, &[0, 0]].concat();
        let signature = shown_to.sign(&signed);
        let id = digest::sha256(self.certificate_log.public().spki_der());
        let size = (signature.len() as u16).to_be_bytes();
        let promise = [&[0], &id[..], &time, &[0, 0, 4, 3], &size, &signature].concat();
        let one = (promise.len() as u16).to_be_bytes();
        let all = (promise.len() as u16 + 2).to_be_bytes();
        let list = [&all[..], &one, &promise].concat();
        extensions.push((PROMISES, false, element(OCTET_STRING, &list)));
        issue(&extensions)
    }

    fn bundle(&self) -> Value {
        let certificate = self.certificate(&self.certificate_log);
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            base64(&certificate)
        );
        let signature = self.signer.sign(ARTEFACT);
        let entry = self.entry(&signature, &pem);
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"certificate": {"rawBytes": base64(&certificate)}, "tlogEntries": [entry]},
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": base64(&digest::sha256(ARTEFACT))},
                "signature": base64(&signature),
            },
        })
    }

    /// The same, signed by a key without a certificate.
    fn managed(&self) -> Value {
        let signature = self.signer.sign(ARTEFACT);
        let mut bundle = self.bundle();
        bundle["messageSignature"]["signature"] = json!(base64(&signature));
        bundle["verificationMaterial"] = json!({
            "publicKey": {"hint": "a hint"},
            "tlogEntries": [self.entry(&signature, &self.signer.public().pem())],
        });
        bundle
    }

    fn entry(&self, signature: &[u8], pem: &str) -> Value {
        let body = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": hex(&digest::sha256(ARTEFACT))}},
            "signature": {"content": base64(signature), "publicKey": {"content": base64(pem.as_bytes())}},
        }});
        self.logged(body.to_string().as_bytes(), TIME)
    }

    /// An entry with all that the log says of it: the second of two.
    fn logged(&self, body: &[u8], time: u64) -> Value {
        let knobs = Knobs::rfc6962();
        let sibling = knobs.leaf(b"another entry");
        let root = knobs.node(&sibling, &knobs.leaf(body));
        let text = format!("rekor.example - 42\n2\n{}\n", base64(root.as_bytes()));
        let key = NoteKey::new("rekor.example", self.rekor.public(), NoteKind::Ecdsa).unwrap();
        let line = [&key.id()[..], &self.rekor.sign(text.as_bytes())].concat();
        let id = digest::sha256(self.rekor.public().spki_der());
        let promised = format!(
            r#"{{"body":"{}","integratedTime":{time},"logID":"{}","logIndex":7}}"#,
            base64(body),
            hex(&id)
        );
        json!({
            "logIndex": "7",
            "logId": {"keyId": base64(&id)},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
            "integratedTime": time.to_string(),
            "inclusionPromise": {"signedEntryTimestamp": base64(&self.rekor.sign(promised.as_bytes()))},
            "inclusionProof": {
                "logIndex": "1", "treeSize": "2", "rootHash": base64(root.as_bytes()),
                "hashes": [base64(sibling.as_bytes())],
                "checkpoint": {"envelope": format!("{text}\n— rekor.example {}\n", base64(&line))},
            },
            "canonicalizedBody": base64(body),
        })
    }

    fn verify(&self, bundle: &Value) -> Result<Verified, SigstoreError> {
        let root = TrustedRoot::parse(self.root().to_string().as_bytes()).unwrap();
        verify(bundle, Some(&root), &[])
    }

    fn changed(&self, change: impl Fn(&mut Value)) -> SigstoreError {
        let mut bundle = self.bundle();
        change(&mut bundle);
        self.verify(&bundle).unwrap_err()
    }
}

fn verify(bundle: &Value, root: Option<&TrustedRoot>, keys: &[PublicKey]) -> Result<Verified, SigstoreError> {
    let bundle = Bundle::parse(bundle.to_string().as_bytes())?;
    bundle.verify(Some(&Artefact::of(ARTEFACT)), &Pins { root, keys })
}

fn entry(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]["tlogEntries"][0]
}

#[test]
fn a_certificate_stands_under_the_pinned_root() {
    let instance = Instance::new();
    let verified = instance.verify(&instance.bundle()).unwrap();
    let Attested::Certificate { identity, path } = verified.by else {
        panic!("by a key");
    };
    assert_eq!(
        identity,
        Some(Identity {
            subject: "auditor@example.com".to_owned(),
            issuer: "https://issuer.example".to_owned(),
        })
    );
    assert_eq!(path.certificates.len(), 2);
    let seen = verified.seen.unwrap();
    assert_eq!(
        (seen.at.timestamp() as u64, seen.by.as_str()),
        (TIME, "rekor.example")
    );
    assert!(verified.is_logged);
}

#[test]
fn what_travels_in_the_bundle_is_not_trusted() {
    let instance = Instance::new();
    let bundle = instance.bundle();
    assert_eq!(verify(&bundle, None, &[]), Err(SigstoreError::NoRoot));
    // it agrees with itself, which is something else
    let parsed = Bundle::parse(bundle.to_string().as_bytes()).unwrap();
    assert_eq!(parsed.verify_carried(Some(&Artefact::of(ARTEFACT))), Ok(()));
    let other = Instance::new();
    assert!(matches!(
        other.verify(&bundle),
        Err(SigstoreError::UnknownLog { .. })
    ));
    // another authority, with the log of this one
    let mut root = instance.root();
    root["certificateAuthorities"] = other.root()["certificateAuthorities"].clone();
    let root = TrustedRoot::parse(root.to_string().as_bytes()).unwrap();
    assert!(matches!(
        verify(&bundle, Some(&root), &[]),
        Err(SigstoreError::Path(_))
    ));
}

#[test]
fn another_artefact_signature_or_digest_is_refused() {
    let instance = Instance::new();
    let bundle = Bundle::parse(instance.bundle().to_string().as_bytes()).unwrap();
    let root = TrustedRoot::parse(instance.root().to_string().as_bytes()).unwrap();
    let pins = Pins {
        root: Some(&root),
        keys: &[],
    };
    assert!(matches!(
        bundle.verify(Some(&Artefact::of(b"other")), &pins),
        Err(SigstoreError::OtherArtefact { .. })
    ));
    assert!(matches!(
        bundle.verify(None, &pins),
        Err(SigstoreError::ArtefactMissing { .. })
    ));
    // the SHA-256 alone is enough for P-256
    let short = Artefact {
        sha256: Algorithm::Sha256.of(ARTEFACT),
        bytes: None,
    };
    assert!(bundle.verify(Some(&short), &pins).is_ok());
    // the digest that the bundle states is not what is signed
    let stated = instance.changed(|bundle| {
        bundle["messageSignature"]
            .as_object_mut()
            .unwrap()
            .remove("messageDigest");
        bundle["messageSignature"]["signature"] = json!(base64(&instance.signer.sign(b"other")));
    });
    assert_eq!(stated, SigstoreError::Signature(SignatureError::Mismatch));
}

#[test]
fn the_entry_is_for_this_signature_key_and_digest() {
    let instance = Instance::new();
    // ECDSA nonces here are fixed by message and key, so another message makes another signature
    let pem = instance.signer.public().pem();
    let other_signature = instance.changed(|bundle| {
        let body = base64_body(bundle, |body| {
            body["spec"]["signature"]["content"] = json!("AAAA");
        });
        *entry(bundle) = instance.logged(&body, TIME);
    });
    assert_eq!(other_signature, SigstoreError::OtherEntry { what: "signature" });
    let other_digest = instance.changed(|bundle| {
        let zeros = json!("00".repeat(32));
        let body = base64_body(bundle, |body| {
            body["spec"]["data"]["hash"]["value"] = zeros.clone();
        });
        *entry(bundle) = instance.logged(&body, TIME);
    });
    assert_eq!(other_digest, SigstoreError::OtherEntry { what: "digest" });
    let other_certificate = instance.changed(|bundle| {
        let again = instance.certificate(&instance.certificate_log);
        let mut again = Certificate::from_der(&again).unwrap().der().to_vec();
        *again.last_mut().unwrap() ^= 1;
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            base64(&again)
        );
        let text = json!(base64(pem.as_bytes()));
        let body = base64_body(bundle, |body| {
            body["spec"]["signature"]["publicKey"]["content"] = text.clone();
        });
        *entry(bundle) = instance.logged(&body, TIME);
    });
    assert_eq!(other_certificate, SigstoreError::OtherEntry { what: "key" });
    let other_kind = instance.changed(|bundle| entry(bundle)["kindVersion"]["kind"] = json!("dsse"));
    assert_eq!(other_kind, SigstoreError::OtherEntry { what: "kind" });
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY"));
}

/// The body of the bundle's entry after a change.
fn base64_body(bundle: &mut Value, change: impl Fn(&mut Value)) -> Vec<u8> {
    let text = entry(bundle)["canonicalizedBody"].as_str().unwrap().to_owned();
    let mut body: Value = serde_json::from_slice(&crate::encoding::unbase64(&text).unwrap()).unwrap();
    change(&mut body);
    body.to_string().into_bytes()
}

#[test]
fn the_promise_the_proof_and_the_checkpoint_are_held() {
    let instance = Instance::new();
    // a promise over another entry, or for another time
    let other = instance.logged(b"another body", TIME);
    let promise =
        instance.changed(|bundle| entry(bundle)["inclusionPromise"] = other["inclusionPromise"].clone());
    assert_eq!(promise, SigstoreError::Promise(SignatureError::Mismatch));
    let moved = instance.changed(|bundle| entry(bundle)["integratedTime"] = json!((TIME + 1).to_string()));
    assert_eq!(moved, SigstoreError::Promise(SignatureError::Mismatch));
    // a path that leads elsewhere, an index beyond the tree, a checkpoint of another tree
    let path = instance.changed(|bundle| {
        entry(bundle)["inclusionProof"]["hashes"][0] = json!(base64(&[7; 32]));
    });
    assert!(matches!(path, SigstoreError::Proof(ProofError::Root { .. })));
    let beyond = instance.changed(|bundle| entry(bundle)["inclusionProof"]["logIndex"] = json!("2"));
    assert!(matches!(
        beyond,
        SigstoreError::Proof(ProofError::IndexBeyondSize { .. })
    ));
    let tree = instance.changed(|bundle| {
        entry(bundle)["inclusionProof"]["checkpoint"] = other["inclusionProof"]["checkpoint"].clone();
    });
    assert_eq!(tree, SigstoreError::OtherCheckpoint { what: "root" });
    let note = instance.changed(|bundle| {
        let checkpoint = &mut entry(bundle)["inclusionProof"]["checkpoint"]["envelope"];
        let text = checkpoint
            .as_str()
            .unwrap()
            .replace("rekor.example - 42", "rekor.example - 43");
        *checkpoint = json!(text);
    });
    assert!(matches!(note, SigstoreError::Note(_)));
    // neither is there
    let none = instance.changed(|bundle| {
        bundle["verificationMaterial"]["tlogEntries"] = json!([]);
    });
    assert_eq!(none, SigstoreError::NoEntry);
    let unproven = instance.changed(|bundle| {
        entry(bundle).as_object_mut().unwrap().remove("inclusionProof");
    });
    assert!(matches!(unproven, SigstoreError::Member { .. }));
    // without the promise nothing signs the time
    let timeless = instance.changed(|bundle| {
        entry(bundle).as_object_mut().unwrap().remove("inclusionPromise");
    });
    assert_eq!(timeless, SigstoreError::NoTime);
}

#[test]
fn the_certificate_held_when_the_log_took_the_entry() {
    let instance = Instance::new();
    // 2027, after the certificate's year
    let late = instance.changed(|bundle| {
        let body = base64_body(bundle, |_| {});
        *entry(bundle) = instance.logged(&body, TIME + 365 * 86_400);
    });
    assert!(matches!(
        late,
        SigstoreError::Path(PathError::Certificate {
            fault: CertificateFault::Expired { .. },
            ..
        })
    ));
    // 2025, before the log counted
    let early = instance.changed(|bundle| {
        let body = base64_body(bundle, |_| {});
        *entry(bundle) = instance.logged(&body, TIME - 365 * 86_400);
    });
    assert!(matches!(early, SigstoreError::UnknownLog { .. }));
}

#[test]
fn the_certificate_was_shown_to_a_pinned_log() {
    let instance = Instance::new();
    let stranger = EcdsaSigningKey::generate().unwrap();
    let hidden = instance.certificate(&stranger);
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64(&hidden)
    );
    let refused = instance.changed(|bundle| {
        bundle["verificationMaterial"]["certificate"]["rawBytes"] = json!(base64(&hidden));
        *entry(bundle) = instance.entry(&instance.signer.sign(ARTEFACT), &pem);
    });
    assert_eq!(refused, SigstoreError::NoSct);
}

#[test]
fn a_pinned_key_needs_no_root() {
    let instance = Instance::new();
    let bundle = instance.managed();
    let key = instance.signer.public();
    let verified = verify(&bundle, None, std::slice::from_ref(&key)).unwrap();
    assert_eq!(
        (verified.by, verified.seen, verified.is_logged),
        (Attested::Key(0), None, false)
    );
    assert_eq!(verified.open.len(), 1);
    let root = TrustedRoot::parse(instance.root().to_string().as_bytes()).unwrap();
    let verified = verify(&bundle, Some(&root), std::slice::from_ref(&key)).unwrap();
    assert!(verified.is_logged && verified.seen.is_some());
    let stranger = EcdsaSigningKey::generate().unwrap().public();
    assert_eq!(
        verify(&bundle, Some(&root), &[stranger]),
        Err(SigstoreError::NoKey)
    );
    // the entry is held against the bundle without any root, too
    let mut moved = bundle.clone();
    let other = instance.logged(b"{}", TIME);
    *entry(&mut moved) = other;
    assert!(verify(&moved, None, std::slice::from_ref(&key)).is_err());
    let mut bare = bundle;
    bare["verificationMaterial"]["tlogEntries"] = json!([]);
    let verified = verify(&bare, None, &[key]).unwrap();
    assert_eq!(verified.open, ["The signature is in no transparency log."]);
}

#[test]
fn other_shapes_are_refused() {
    let instance = Instance::new();
    let refused: [fn(&mut Value); 6] = [
        |bundle| bundle["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.4"),
        |bundle| bundle["verificationMaterial"]["publicKey"] = json!({"hint": "x"}),
        |bundle| {
            bundle["dsseEnvelope"] = json!({"payload": "", "payloadType": "", "signatures": [{"sig": ""}]});
        },
        |bundle| entry(bundle)["inclusionProof"]["treeSize"] = json!("02"),
        |bundle| entry(bundle)["inclusionProof"]["hashes"] = json!(vec![base64(&[0; 32]); 65]),
        |bundle| bundle["messageSignature"]["messageDigest"]["digest"] = json!("AAAA"),
    ];
    for (number, change) in refused.iter().enumerate() {
        let mut bundle = instance.bundle();
        change(&mut bundle);
        assert!(Bundle::parse(bundle.to_string().as_bytes()).is_err(), "{number}");
    }
    let bundle = instance.bundle().to_string();
    assert!(Bundle::is_one(bundle.as_bytes()) && !TrustedRoot::is_one(bundle.as_bytes()));
    let root = instance.root().to_string();
    assert!(TrustedRoot::is_one(root.as_bytes()) && !Bundle::is_one(root.as_bytes()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, text: String) {
        let _ = Bundle::parse(&bytes);
        let _ = TrustedRoot::parse(&bytes);
        let instance = json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": text}, "tlogEntries": [{
                "logIndex": text, "logId": {"keyId": text}, "kindVersion": {"kind": text, "version": text},
                "inclusionPromise": {"signedEntryTimestamp": text}, "canonicalizedBody": text}]},
            "messageSignature": {"signature": text}});
        let _ = Bundle::parse(instance.to_string().as_bytes());
    }
}
