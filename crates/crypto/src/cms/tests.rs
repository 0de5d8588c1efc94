use proptest::prelude::*;

use super::*;
use crate::{
    asn1::{Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, UTC_TIME, element},
    digest::Algorithm,
    message::MessageError,
    scheme::SchemeError,
    signature::SignatureError,
    signing::SigningKey,
    x509::{
        Certificate, PathError, Purpose, TrustAnchor,
        tests::{Draft, ED25519, key, name},
    },
};

pub(crate) const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
const SHA512: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const SHA1: &[u8] = &[0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a];

/// A signature to be, with every part open to change.
#[derive(Clone)]
pub(crate) struct Draw {
    pub(crate) content_type: &'static [u8],
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    /// Attributes in the order in which they will stand.
    pub(crate) attributes: Vec<Vec<u8>>,
    pub(crate) digest: &'static [u8],
    pub(crate) algorithm: &'static [u8],
    pub(crate) issuer: &'static str,
    pub(crate) serial: u8,
    pub(crate) signers: usize,
}

pub(crate) fn attribute(oid: &[u8], value: &[u8]) -> Vec<u8> {
    element(
        SEQUENCE,
        &[element(OBJECT_IDENTIFIER, oid), element(SET, value)].concat(),
    )
}

impl Draw {
    pub(crate) fn over(content_type: &'static [u8], content: &[u8]) -> Self {
        Self {
            content_type,
            content: None,
            certificates: Vec::new(),
            attributes: vec![
                attribute(CONTENT_TYPE, &element(OBJECT_IDENTIFIER, content_type)),
                attribute(
                    MESSAGE_DIGEST,
                    &element(OCTET_STRING, Algorithm::Sha512.of(content).as_bytes()),
                ),
            ],
            digest: SHA512,
            algorithm: ED25519,
            issuer: "root",
            serial: 1,
            signers: 1,
        }
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.attributes.sort();
        self
    }

    pub(crate) fn signed(&self, signer: &SigningKey) -> Vec<u8> {
        let attributes = self.attributes.concat();
        let mut info = element(INTEGER, &[1]);
        let id = [name(self.issuer), element(INTEGER, &[self.serial])].concat();
        info.extend(element(SEQUENCE, &id));
        info.extend(element(SEQUENCE, self.digest));
        let signature = if attributes.is_empty() {
            signer.sign(b"m")
        } else {
            info.extend(element(0xa0, &attributes));
            signer.sign(&element(SET, &attributes))
        };
        info.extend(element(SEQUENCE, self.algorithm));
        info.extend(element(OCTET_STRING, &signature));
        let info = element(SEQUENCE, &info);

        let mut encapsulated = element(OBJECT_IDENTIFIER, self.content_type);
        if let Some(content) = &self.content {
            encapsulated.extend(element(0xa0, &element(OCTET_STRING, content)));
        }
        let mut data = element(INTEGER, &[1]);
        data.extend(element(SET, &element(SEQUENCE, self.digest)));
        data.extend(element(SEQUENCE, &encapsulated));
        if !self.certificates.is_empty() {
            data.extend(element(0xa0, &self.certificates.concat()));
        }
        data.extend(element(SET, &info.repeat(self.signers)));
        let content = element(0xa0, &element(SEQUENCE, &data));
        element(
            SEQUENCE,
            &[element(OBJECT_IDENTIFIER, SIGNED_DATA), content].concat(),
        )
    }
}

fn root() -> TrustAnchor {
    let root = Draft {
        serial: 9,
        ..Draft::authority("root", "root")
    };
    TrustAnchor::pin(root.certificate(&key(1), &key(1)))
}

fn signer() -> Certificate {
    Draft::of("signer", "root").certificate(&key(3), &key(1))
}

fn whole() -> Draw {
    Draw {
        certificates: vec![signer().der().to_vec()],
        ..Draw::over(DATA, b"m").sorted()
    }
}

fn request(anchors: &[TrustAnchor]) -> CmsRequest<'_> {
    CmsRequest {
        anchors,
        material: &[],
        moment: "2026-06-01T00:00:00Z".parse().unwrap(),
        purpose: Purpose::Any,
    }
}

fn check(draw: &Draw, message: &[u8]) -> Result<Signer, CmsError> {
    let signed = SignedData::parse(&draw.signed(&key(3)))?;
    let mut taken = signed.message();
    taken.update(message);
    signed.verify(&taken, &request(&[root()]))
}

#[test]
fn a_detached_signature_stands_under_the_pinned_root() {
    let signer = check(&whole(), b"m").unwrap();
    assert_eq!((signer.subject.as_str(), signer.number), ("CN=signer", 0));
    assert_eq!(signer.claimed_time, None);
    assert_eq!(signer.path.certificates.len(), 2);
    let refused = check(&whole(), b"n").unwrap_err();
    assert!(matches!(refused, CmsError::Digest { .. }) && !refused.is_undecided());
}

#[test]
fn a_signature_without_its_certificate_needs_material() {
    let draw = Draw {
        certificates: Vec::new(),
        ..whole()
    };
    assert!(matches!(check(&draw, b"m"), Err(CmsError::NoCertificate { .. })));
    let signed = SignedData::parse(&draw.signed(&key(3))).unwrap();
    let mut taken = signed.message();
    taken.update(b"m");
    let (anchors, material) = ([root()], [signer()]);
    let request = CmsRequest {
        material: &material,
        ..request(&anchors)
    };
    assert!(signed.verify(&taken, &request).is_ok());
}

#[test]
fn a_root_that_comes_along_is_not_trusted() {
    let draw = Draw {
        certificates: vec![
            Draft::of("signer", "other")
                .certificate(&key(3), &key(7))
                .der()
                .to_vec(),
            Draft::authority("other", "other")
                .certificate(&key(7), &key(7))
                .der()
                .to_vec(),
        ],
        issuer: "other",
        ..whole()
    };
    assert!(matches!(
        check(&draw, b"m"),
        Err(CmsError::Path(PathError::NoIssuer { .. }))
    ));
}

/// A certificate of the same issuer and number with another key, put before the true one, changes nothing.
#[test]
fn an_injected_namesake_changes_nothing() {
    let namesake = Draft::of("namesake", "root").certificate(&key(8), &key(8));
    let mut draw = whole();
    draw.certificates.insert(0, namesake.der().to_vec());
    assert_eq!(check(&draw, b"m").unwrap().subject, "CN=signer");
    draw.certificates.pop();
    assert_eq!(
        check(&draw, b"m"),
        Err(CmsError::Scheme(SchemeError::Signature(SignatureError::Mismatch)))
    );
}

#[test]
fn content_stands_inside_or_outside() {
    let draw = Draw {
        content: Some(b"m".to_vec()),
        ..whole()
    };
    let signed = SignedData::parse(&draw.signed(&key(3))).unwrap();
    assert_eq!(signed.content(), Some(&b"m"[..]));
    assert_eq!(signed.content_type(), "1.2.840.113549.1.7.1");
    assert!(signed.verify_attached(&request(&[root()])).is_ok());
    assert!(matches!(
        signed.verify(&signed.message(), &request(&[root()])),
        Err(CmsError::Content { .. })
    ));
    let changed = Draw {
        content: Some(b"n".to_vec()),
        ..whole()
    };
    let changed = SignedData::parse(&changed.signed(&key(3))).unwrap();
    assert!(matches!(
        changed.verify_attached(&request(&[root()])),
        Err(CmsError::Digest { .. })
    ));
    let detached = SignedData::parse(&whole().signed(&key(3))).unwrap();
    assert!(matches!(
        detached.verify_attached(&request(&[root()])),
        Err(CmsError::Content { .. })
    ));
}

#[test]
fn signed_attributes_are_complete_and_in_order() {
    let mut without = whole();
    for gone in 0..2 {
        let mut draw = whole();
        draw.attributes.remove(gone);
        assert!(matches!(check(&draw, b"m"), Err(CmsError::Attributes { .. })));
    }
    let mut draw = whole();
    draw.attributes.reverse();
    let order = CmsError::Attributes {
        expected: "the order of DER",
    };
    assert_eq!(check(&draw, b"m"), Err(order));
    let mut draw = whole();
    draw.attributes.push(draw.attributes[1].clone());
    assert!(check(&draw, b"m").is_err(), "twice the same");
    let mut draw = whole();
    let other = element(OCTET_STRING, Algorithm::Sha512.of(b"n").as_bytes());
    draw.attributes.push(attribute(MESSAGE_DIGEST, &other));
    assert!(
        matches!(check(&draw.sorted(), b"n"), Err(CmsError::Attributes { .. })),
        "two digests"
    );
    let draw = Draw {
        content_type: SIGNED_DATA,
        ..whole()
    };
    let refused = CmsError::Attributes {
        expected: "the type of the content",
    };
    assert_eq!(check(&draw, b"m"), Err(refused));
    without.attributes.clear();
    assert_eq!(
        check(&without, b"m"),
        Err(CmsError::Scheme(SchemeError::NeedsMessage)),
        "Ed25519 over the content itself"
    );
    without.content_type = SIGNED_DATA;
    assert!(matches!(check(&without, b"m"), Err(CmsError::Attributes { .. })));
}

#[test]
fn the_claimed_time_is_told_and_not_believed() {
    let mut draw = whole();
    draw.attributes
        .push(attribute(SIGNING_TIME, &element(UTC_TIME, b"200101000000Z")));
    let signer = check(&draw.sorted(), b"m").unwrap();
    assert_eq!(signer.claimed_time, Some("2020-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(signer.path.moment, request(&[]).moment);
}

#[test]
fn weak_digests_are_refused_by_name() {
    let draw = Draw {
        digest: SHA1,
        ..whole()
    };
    let refused = CmsError::Scheme(SchemeError::Weak { name: "SHA-1" });
    assert_eq!(check(&draw, b"m"), Err(refused));
}

#[test]
fn a_message_of_another_signature_is_refused() {
    let signed = SignedData::parse(&whole().signed(&key(3))).unwrap();
    let foreign = crate::message::Message::hashed([Algorithm::Sha256]);
    assert_eq!(
        signed.verify(&foreign, &request(&[root()])),
        Err(CmsError::Message(MessageError::Foreign))
    );
}

#[test]
fn the_number_of_signers_is_bounded() {
    for signers in [0, 9] {
        let draw = Draw { signers, ..whole() };
        assert!(matches!(check(&draw, b"m"), Err(CmsError::Signers { .. })));
    }
    let draw = Draw {
        signers: 8,
        ..whole()
    };
    assert_eq!(SignedData::parse(&draw.signed(&key(3))).unwrap().signers(), 8);
    assert!(check(&draw, b"m").is_ok());
}

#[test]
fn the_structure_is_strict() {
    let whole = whole().signed(&key(3));
    for length in 0..whole.len() {
        assert!(SignedData::parse(&whole[..length]).is_err(), "{length}");
    }
    assert!(
        SignedData::parse(&[&whole[..], &[0]].concat()).is_err(),
        "trailing byte"
    );
    let indefinite = [&[0x30, 0x80], &whole[4..], &[0, 0]].concat();
    assert!(SignedData::parse(&indefinite).is_err(), "BER");
    let encrypted = element(SEQUENCE, &element(OBJECT_IDENTIFIER, DATA));
    assert!(matches!(
        SignedData::parse(&encrypted),
        Err(CmsError::NotSigned { .. })
    ));
    let base64 = crate::encoding::base64(&whole);
    let pem = format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n");
    assert!(SignedData::parse(pem.as_bytes()).is_ok());
    assert!(SignedData::parse(pem.repeat(2).as_bytes()).is_err());
    assert!(SignedData::parse(pem.replace("CMS", "X509 CRL").as_bytes()).is_err());
    let mut cursor = Der::new(&whole);
    assert!(cursor.any("a ContentInfo").is_ok());
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, at in 0_usize..2000, with: u8) {
        let _ = SignedData::parse(&bytes);
        let mut whole = whole().signed(&key(3));
        let at = at % whole.len();
        whole[at] = with;
        let _ = SignedData::parse(&whole);
    }

    #[test]
    fn a_changed_bit_moves_no_proof(at in 0_usize..2000, bit in 0_u8..8) {
        let mut whole = whole().signed(&key(3));
        let at = at % whole.len();
        whole[at] ^= 1 << bit;
        if let Ok(signed) = SignedData::parse(&whole) {
            // what nobody signs may change; the message and the signer may not
            let mut other = signed.message();
            other.update(b"n");
            prop_assert!(signed.verify(&other, &request(&[root()])).is_err());
            let mut same = signed.message();
            same.update(b"m");
            if let Ok(found) = signed.verify(&same, &request(&[root()])) {
                prop_assert_eq!(found.subject, "CN=signer");
            }
        }
    }
}
