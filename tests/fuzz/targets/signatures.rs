//! Detached signatures, certificates and time stamps: an input never stands for a message that its signer did not sign.
//!
//! The keys in `seeds/pins` signed [`MESSAGE`] and nothing else. Whatever is made of their signatures, under these keys it
//! must not verify over another message.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use tickmark_crypto::cms::{CmsRequest, SignedData};
use tickmark_crypto::key::{Candidate, FoundKey, parse_keys};
use tickmark_crypto::message::Message;
use tickmark_crypto::timestamp::Token;
use tickmark_crypto::x509::{Certificate, PathRequest, Purpose, TrustAnchor, parse_certificates};
use tickmark_crypto::{minisign, openpgp, sshsig};

use crate::target::{Listed, Target, joined, shape};

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new(
            "sshsig",
            "an OpenSSH signature stands for no other message",
            |name| Target::new(name, ARMOR, ssh),
        ),
        Listed::new(
            "minisign",
            "a minisign signature stands for no other message or comment",
            |name| Target::new(name, MINISIGN, mini),
        ),
        Listed::new("cms", "a CMS signature stands for no other message", |name| {
            Target::new(name, DER, cms)
        }),
        Listed::new("timestamp", "a time stamp stands for no other message", |name| {
            Target::new(name, DER, timestamp)
        }),
        Listed::new(
            "x509",
            "a certificate keeps its bytes, and a path ends at a pinned root",
            |name| Target::new(name, DER, x509),
        ),
        Listed::new(
            "openpgp-signature",
            "an OpenPGP signature stands for no other message",
            |name| Target::new(name, ARMOR, pgp_signature),
        ),
        Listed::new(
            "openpgp-key",
            "an OpenPGP key that was changed vouches for no other signature",
            |name| Target::new(name, ARMOR, pgp_key),
        ),
    ]
}

/// What seeds/make had signed.
const MESSAGE: &[u8] = b"{\"record\":1}\n";
/// What nobody signed.
const OTHER: &[u8] = b"{\"record\":2}\n";

fn over(mut message: Message, bytes: &[u8]) -> Message {
    message.update(bytes);
    message
}

/// A time at which every certificate of seeds/make holds.
fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_893_456_000, 0).unwrap_or_default()
}

fn keys(text: &str) -> Vec<FoundKey> {
    text.lines()
        .filter(|line| !line.starts_with("untrusted"))
        .flat_map(|line| parse_keys(line.as_bytes(), None).unwrap())
        .collect()
}

fn ssh(input: &[u8]) -> u64 {
    static KEYS: OnceLock<Vec<FoundKey>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| keys(include_str!("../seeds/pins/ssh.pub")));
    let candidates: Vec<Candidate<'_>> = keys.iter().map(|found| Candidate::from(&found.key)).collect();
    let read = sshsig::Signature::parse(input);
    let Ok(signature) = &read else { return shape(&read) };
    let verify = |bytes| signature.verify(&over(signature.message(), bytes), "file", &candidates);
    assert!(verify(OTHER).is_err(), "it stands for another message");
    shape(&verify(MESSAGE))
}

fn mini(input: &[u8]) -> u64 {
    static KEY: OnceLock<Vec<FoundKey>> = OnceLock::new();
    let key = KEY.get_or_init(|| parse_keys(include_bytes!("../seeds/pins/minisign.pub"), None).unwrap());
    let candidates: Vec<Candidate<'_>> = key.iter().map(Candidate::from).collect();
    let read = minisign::Signature::parse(input);
    let Ok(signature) = &read else { return shape(&read) };
    let verify = |bytes| signature.verify(&over(signature.message(), bytes), &candidates);
    assert!(verify(OTHER).is_err(), "it stands for another message");
    let verified = verify(MESSAGE);
    assert!(verified.is_err() || signature.trusted_comment() == "a trusted comment");
    joined(&[shape(&verified), u64::from(signature.is_prehashed())])
}

fn root() -> &'static [TrustAnchor] {
    static ROOT: OnceLock<Vec<TrustAnchor>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = parse_certificates(include_bytes!("../seeds/pins/root.pem")).unwrap();
        root.into_iter().map(TrustAnchor::pin).collect()
    })
}

fn cms(input: &[u8]) -> u64 {
    let read = SignedData::parse(input);
    let Ok(signed) = &read else { return shape(&read) };
    let request = CmsRequest {
        anchors: root(),
        material: &[],
        moment: moment(),
        purpose: Purpose::Any,
    };
    let verify = |bytes| signed.verify(&over(signed.message(), bytes), &request);
    assert!(verify(OTHER).is_err(), "it stands for another message");
    let attached = signed.verify_attached(&request);
    assert!(
        attached.is_err() || signed.content() == Some(MESSAGE),
        "it stands for another content"
    );
    joined(&[shape(&verify(MESSAGE)), shape(&attached)])
}

fn timestamp(input: &[u8]) -> u64 {
    let read = Token::parse(input);
    let Ok(token) = &read else { return shape(&read) };
    let verify = |bytes| token.verify(&over(token.message(), bytes), root(), &[]);
    assert!(verify(OTHER).is_err(), "it stands for another message");
    let verified = verify(MESSAGE);
    if let Ok(stamp) = &verified {
        assert!(stamp.latest() < moment(), "it states another time");
    }
    shape(&verified)
}

fn x509(input: &[u8]) -> u64 {
    let read = parse_certificates(input);
    let Ok(certificates) = &read else {
        return shape(&read);
    };
    let mut answers = Vec::new();
    for certificate in certificates {
        let again = Certificate::from_der(certificate.der()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.fingerprint(), certificate.fingerprint());
        let request = PathRequest {
            anchors: root(),
            material: certificates,
            moment: moment(),
            purpose: Purpose::Any,
        };
        let path = request.find(certificate);
        answers.push(shape(&path));
        if let Ok(path) = &path {
            let first = path.certificates.first().map(Certificate::fingerprint);
            assert!(
                path.anchor < root().len()
                    && (first.is_none() || path.certificates.len() <= certificates.len() + 1)
            );
        }
        answers.push(shape(&certificate.public_key(None)));
    }
    joined(&answers)
}

fn pgp_certificates() -> &'static [openpgp::Certificate] {
    static KEYS: OnceLock<Vec<openpgp::Certificate>> = OnceLock::new();
    KEYS.get_or_init(|| openpgp::parse_certificates(include_bytes!("../seeds/pins/openpgp.asc")).unwrap())
}

fn pgp_signature(input: &[u8]) -> u64 {
    let read = openpgp::Signature::parse(input);
    let Ok(signature) = &read else { return shape(&read) };
    let candidates: Vec<&openpgp::Certificate> = pgp_certificates().iter().collect();
    let verify = |bytes| signature.verify(&over(signature.message(), bytes), &candidates, moment());
    assert!(verify(OTHER).is_err(), "it stands for another message");
    shape(&verify(MESSAGE))
}

fn pgp_key(input: &[u8]) -> u64 {
    let read = openpgp::parse_certificates(input);
    let Ok(certificates) = &read else {
        return shape(&read);
    };
    let candidates: Vec<&openpgp::Certificate> = certificates.iter().collect();
    static SIGNATURE: OnceLock<openpgp::Signature> = OnceLock::new();
    let signature = SIGNATURE.get_or_init(|| {
        openpgp::Signature::parse(include_bytes!("../seeds/openpgp-signature/armored.asc")).unwrap()
    });
    let verify = |bytes| signature.verify(&over(signature.message(), bytes), &candidates, moment());
    assert!(verify(OTHER).is_err(), "it stands for another message");
    shape(&verify(MESSAGE))
}

const ARMOR: &[&str] = &[
    "-----BEGIN SSH SIGNATURE-----\n",
    "-----END SSH SIGNATURE-----\n",
    "-----BEGIN PGP SIGNATURE-----\n\n",
    "-----END PGP SIGNATURE-----\n",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n",
    "-----END PGP PUBLIC KEY BLOCK-----\n",
    "=AAAA\n",
    "SSHSIG",
    "AAAA",
    "\n",
    "sha512",
    "sha256",
    "ssh-ed25519",
    "file",
    "\u{0}\u{0}\u{0}\u{4}",
];
const MINISIGN: &[&str] = &[
    "untrusted comment: ",
    "trusted comment: ",
    "RWQ",
    "RUQ",
    "ED",
    "Ed",
    "\n",
    "\r\n",
];
const DER: &[&str] = &[
    "0\u{0}",
    "1\u{0}",
    "\u{2}\u{1}\u{1}",
    "\u{5}\u{0}",
    "\u{6}\u{3}+ep",
    "\u{4}\u{0}",
    "\u{3}\u{1}\u{0}",
    "0",
    "\u{1}\u{1}",
    "-----BEGIN CERTIFICATE-----\n",
    "-----END CERTIFICATE-----\n",
    "-----BEGIN CMS-----\n",
    "20260101000000Z",
    "991231235959Z",
];
