//! Detached signatures and time stamps that others made: ours agree with what they prove, and refuse what they do not.
//!
//! The fixtures lie outside the repository (`TICKMARK_FIXTURES`, or beside the checkout) and are skipped visibly where absent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tickmark_crypto::{
    cms::{CmsError, CmsRequest, SignedData},
    digest::Digest,
    encoding,
    key::{self, Candidate},
    message::Message,
    minisign,
    openpgp::{self, Document},
    sshsig,
    timestamp::{Timestamp, TimestampError, Token},
    x509::{Certificate, PathRequest, Purpose, TrustAnchor, parse_certificates},
};

fn fixtures() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let set = std::env::var_os("TICKMARK_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !set.is_dir() {
        eprintln!("skipped: fixtures not present");
        return None;
    }
    Some(set)
}

fn taken(mut message: Message, bytes: &[u8]) -> Message {
    message.update(bytes);
    message
}

fn anchors(path: &Path) -> Vec<TrustAnchor> {
    let certificates = parse_certificates(&fs::read(path).unwrap()).unwrap();
    certificates.into_iter().map(TrustAnchor::pin).collect()
}

#[test]
fn openssh_signed() {
    let Some(folder) = fixtures() else { return };
    let local = folder.join("local-tools");
    let read = |name: &str| fs::read(local.join(name)).unwrap();
    let signature = sshsig::Signature::parse(&read("data.json.sshsig")).unwrap();
    let found = key::parse_keys(&read("allowed_signers"), None).unwrap();
    assert!(found[0].limits.allow_namespace("audit-bundle"));
    assert!(!found[0].limits.allow_namespace("file"));
    let candidates: Vec<Candidate<'_>> = found.iter().map(Candidate::from).collect();
    let message = taken(signature.message(), &read("data.json"));
    assert_eq!(signature.verify(&message, "audit-bundle", &candidates), Ok(0));
    assert!(signature.verify(&message, "file", &candidates).is_err());
    let other = taken(signature.message(), b"other");
    assert!(signature.verify(&other, "audit-bundle", &candidates).is_err());
}

#[test]
fn minisign_signed() {
    let Some(folder) = fixtures() else { return };
    let read = |name: &str| fs::read(folder.join("minisign").join(name)).unwrap();
    let text = read("pub.key");
    // the file begins with notes on where it comes from
    let text = std::str::from_utf8(&text).unwrap();
    let start = text.find("untrusted comment:").unwrap();
    let found = key::parse_keys(&text.as_bytes()[start..], None).unwrap();
    for (name, prehashed) in [("test.legacy.minisig", false), ("test.prehashed.minisig", true)] {
        let signature = minisign::Signature::parse(&read(name)).unwrap();
        assert_eq!(signature.is_prehashed(), prehashed);
        let message = taken(signature.message(), b"test");
        assert_eq!(signature.verify(&message, &[(&found[0]).into()]), Ok(0), "{name}");
        let other = taken(signature.message(), b"Test");
        assert!(signature.verify(&other, &[(&found[0]).into()]).is_err());
    }
}

#[test]
fn gnupg_signed() {
    let Some(folder) = fixtures() else { return };
    let read = |name: &str| fs::read(folder.join("local-tools").join(name)).unwrap();
    let pinned = openpgp::parse_certificates(&read("pub.asc")).unwrap().remove(0);
    assert_eq!(pinned.fingerprint(), "EE24C36C95F8AD5EF3DFB51E9209AD54272EB365");
    let signature = openpgp::Signature::parse(&read("data.json.asc")).unwrap();
    let moment = "2026-11-25T00:00:00Z".parse().unwrap();
    let verify = |message: &[u8]| signature.verify(&taken(signature.message(), message), &[&pinned], moment);
    let signer = verify(&read("data.json")).unwrap();
    assert_eq!(
        (signer.key, signer.document),
        (pinned.fingerprint(), Document::Binary)
    );
    assert!(verify(b"other").is_err());
}

#[test]
fn openssl_signed_and_stamped() {
    let Some(folder) = fixtures() else { return };
    let local = folder.join("local-tools");
    let read = |name: &str| fs::read(local.join(name)).unwrap();
    let anchors = anchors(&local.join("ca.pem"));

    let signed = SignedData::parse(&read("data.p7s")).unwrap();
    let request = CmsRequest {
        anchors: &anchors,
        material: &[],
        moment: "2026-11-25T00:00:00Z".parse().unwrap(),
        purpose: Purpose::Any,
    };
    let message = taken(signed.message(), &read("data.json"));
    let signer = signed.verify(&message, &request).unwrap();
    eprintln!("signed by {}, said at {:?}", signer.subject, signer.claimed_time);
    assert!(
        signed
            .verify(&taken(signed.message(), b"other"), &request)
            .is_err()
    );
    let early = CmsRequest {
        moment: "2026-11-22T00:00:00Z".parse().unwrap(),
        ..request
    };
    assert!(matches!(signed.verify(&message, &early), Err(CmsError::Path(_))));

    for name in ["data.tsr", "data.tst"] {
        let token = Token::parse(&read(name)).unwrap();
        let message = taken(token.message(), &read("data.json"));
        let stamp = token.verify(&message, &anchors, &[]).unwrap();
        assert_eq!(stamp.signer, "CN=Test tsa");
        assert_eq!(stamp.time.to_rfc3339(), "2026-11-23T15:11:44+00:00");
        let refused = token.verify(&message, &[], &[]);
        assert!(matches!(refused, Err(TimestampError::Cms(CmsError::Path(_)))));
        let other = taken(token.message(), b"other");
        let refused = token.verify(&other, &anchors, &[]);
        assert!(matches!(refused, Err(TimestampError::Imprint { .. })));
    }
}

/// Certificates were put in beside the true one. They give no path, whichever of them a careless reader would trust.
#[test]
fn injected_certificates_are_not_trusted() {
    let Some(folder) = fixtures() else { return };
    let bytes = fs::read(folder.join("rfc3161/response-injected-certs.tsr")).unwrap();
    let token = Token::parse(&bytes).unwrap();
    // What was stamped is not part of the fixture, so its digest is taken from the token itself.
    let (algorithm, imprint) = token.imprint();
    assert_eq!(imprint.len(), algorithm.len());
    let digest = Digest::from_slice(imprint).unwrap();
    let message = taken(token.message(), b"");
    assert!(matches!(
        token.verify(&message, &[], &[]),
        Err(TimestampError::Imprint { .. })
    ));
    let certificates = token.certificates();
    let subjects: Vec<&str> = certificates.iter().map(Certificate::subject).collect();
    assert!(subjects.contains(&"CN=Spoofed TSA"), "{subjects:?}");
    let find = |anchors: &[TrustAnchor], certificate: &Certificate| {
        let request = PathRequest {
            anchors,
            material: certificates,
            moment: token.stated_time(),
            purpose: Purpose::TimeStamping,
        };
        request.find(certificate)
    };
    for certificate in certificates {
        assert!(find(&[], certificate).is_err());
    }
    let (signer, injected) = certificates.split_last().unwrap();
    for wrong in injected {
        let pinned = [TrustAnchor::pin(wrong.clone())];
        assert!(find(&pinned, signer).is_err(), "{}", wrong.subject());
        assert!(
            token.verify_digest(&digest, &pinned, &[]).is_err(),
            "{}",
            wrong.subject()
        );
    }
    assert!(token.verify_digest(&digest, &[], &[]).is_err());
    // the true authority's own certificate, were it pinned: its signature and its binding hold
    let pinned = [TrustAnchor::pin(signer.clone())];
    let stamp = token.verify_digest(&digest, &pinned, &[]).unwrap();
    assert_eq!(stamp.path.certificates, std::slice::from_ref(signer));
}

/// Tokens of a public authority over signatures, with its root as its operators publish it.
#[test]
fn a_public_authority_stamped() {
    let Some(folder) = fixtures() else { return };
    let conformance = folder.join("sigstore-conformance");
    let mut stamped = Vec::new();
    for name in [
        "rekor2-happy-path",
        "rekor2-checkpoint-cosigned",
        "rekor2-timestamp-with-embedded-cert",
        "rekor2-dsse-happy-path",
        "rekor2-timestamp-with-incorrect-time_fail",
    ] {
        let json = |file: &str| -> Value {
            serde_json::from_slice(&fs::read(conformance.join(name).join(file)).unwrap()).unwrap()
        };
        let (bundle, root) = (json("bundle.sigstore.json"), json("trusted_root.json"));
        let base64 = |value: &Value| encoding::unbase64(&value.as_str().unwrap().replace('\n', "")).unwrap();
        let chain = root["timestampAuthorities"][0]["certChain"]["certificates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|certificate| Certificate::from_der(&base64(&certificate["rawBytes"])).unwrap());
        let mut chain: Vec<Certificate> = chain.collect();
        let anchor = TrustAnchor::pin(chain.pop().unwrap());
        let signature = match &bundle["dsseEnvelope"] {
            Value::Null => base64(&bundle["messageSignature"]["signature"]),
            envelope => base64(&envelope["signatures"][0]["sig"]),
        };
        let verify = |message: &[u8], anchors: &[TrustAnchor]| -> Result<Timestamp, TimestampError> {
            let stamps = &bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"];
            let token = Token::parse(&base64(&stamps[0]["signedTimestamp"]))?;
            token.verify(&taken(token.message(), message), anchors, &chain)
        };
        let pinned = [anchor];
        match verify(&signature, &pinned) {
            Ok(stamp) => {
                eprintln!("{name}: {} by {} ({})", stamp.time, stamp.signer, stamp.binding);
                stamped.push(name);
                assert!(verify(b"other", &pinned).is_err());
                assert!(verify(&signature, &[]).is_err());
            }
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
    assert_eq!(
        stamped,
        [
            "rekor2-happy-path",
            "rekor2-checkpoint-cosigned",
            "rekor2-timestamp-with-embedded-cert",
            "rekor2-dsse-happy-path",
            "rekor2-timestamp-with-incorrect-time_fail",
        ],
        "the last one's time lies outside of another certificate's validity, not of the authority's"
    );
}
