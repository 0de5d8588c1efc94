use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::{
    asn1::{BIT_STRING, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, UTC_TIME, element},
    scheme::SchemeError,
    signature::SignatureError,
    signing::SigningKey,
};

pub(crate) const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
const SHA1_RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
];
pub(crate) const BASIC: &[u8] = &[0x55, 0x1d, 0x13];
pub(crate) const USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
pub(crate) const PURPOSES: &[u8] = &[0x55, 0x1d, 0x25];
const NAMES: &[u8] = &[0x55, 0x1d, 0x1e];
const UNKNOWN: &[u8] = &[0x2a, 0x03, 0x04];
pub(crate) const STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
const EMAIL: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04];

/// A certificate to be, with every part open to change.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) subject: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) serial: u8,
    pub(crate) validity: (&'static str, &'static str),
    pub(crate) extensions: Vec<(&'static [u8], bool, Vec<u8>)>,
    pub(crate) algorithm: &'static [u8],
    pub(crate) outer_algorithm: &'static [u8],
}

pub(crate) fn name(text: &str) -> Vec<u8> {
    let pair = [
        element(OBJECT_IDENTIFIER, &[0x55, 0x04, 0x03]),
        element(0x0c, text.as_bytes()),
    ]
    .concat();
    element(SEQUENCE, &element(SET, &element(SEQUENCE, &pair)))
}

pub(crate) fn authority(path_length: Option<u8>) -> Vec<u8> {
    let mut inside = element(BOOLEAN, &[0xff]);
    if let Some(length) = path_length {
        inside.extend(element(INTEGER, &[length]));
    }
    element(SEQUENCE, &inside)
}

pub(crate) fn usage(bits: u8) -> Vec<u8> {
    element(BIT_STRING, &[bits.trailing_zeros() as u8, bits])
}

pub(crate) fn purposes(listed: &[&[u8]]) -> Vec<u8> {
    let listed = listed.iter().flat_map(|oid| element(OBJECT_IDENTIFIER, oid));
    element(SEQUENCE, &listed.collect::<Vec<u8>>())
}

impl Draft {
    pub(crate) fn of(subject: &'static str, issuer: &'static str) -> Self {
        Self {
            subject,
            issuer,
            serial: 1,
            validity: ("260101000000Z", "261231235959Z"),
            extensions: Vec::new(),
            algorithm: ED25519,
            outer_algorithm: ED25519,
        }
    }

    pub(crate) fn authority(subject: &'static str, issuer: &'static str) -> Self {
        Self {
            extensions: vec![(BASIC, true, authority(None)), (USAGE, true, usage(0x06))],
            ..Self::of(subject, issuer)
        }
    }

    pub(crate) fn stamping(subject: &'static str, issuer: &'static str) -> Self {
        Self {
            extensions: vec![
                (USAGE, true, usage(0x80)),
                (PURPOSES, true, purposes(&[STAMPING])),
            ],
            ..Self::of(subject, issuer)
        }
    }

    fn with(mut self, oid: &'static [u8], critical: bool, value: Vec<u8>) -> Self {
        self.extensions.retain(|(known, ..)| *known != oid);
        self.extensions.push((oid, critical, value));
        self
    }

    fn without(mut self, oid: &'static [u8]) -> Self {
        self.extensions.retain(|(known, ..)| *known != oid);
        self
    }

    pub(crate) fn signed(&self, key: &SigningKey, issuer: &SigningKey) -> Vec<u8> {
        let extensions = self.extensions.iter().flat_map(|(oid, critical, value)| {
            let mut inside = element(OBJECT_IDENTIFIER, oid);
            if *critical {
                inside.extend(element(BOOLEAN, &[0xff]));
            }
            inside.extend(element(OCTET_STRING, value));
            element(SEQUENCE, &inside)
        });
        let extensions: Vec<u8> = extensions.collect();
        let mut tbs = element(0xa0, &element(INTEGER, &[2]));
        tbs.extend(element(INTEGER, &[self.serial]));
        tbs.extend(element(SEQUENCE, self.algorithm));
        tbs.extend(name(self.issuer));
        let validity = [self.validity.0, self.validity.1].map(|time| element(UTC_TIME, time.as_bytes()));
        tbs.extend(element(SEQUENCE, &validity.concat()));
        tbs.extend(name(self.subject));
        tbs.extend_from_slice(key.public().spki_der());
        if !extensions.is_empty() {
            tbs.extend(element(0xa3, &element(SEQUENCE, &extensions)));
        }
        let tbs = element(SEQUENCE, &tbs);
        let signature = [&[0], &issuer.sign(&tbs)[..]].concat();
        let parts = [
            tbs,
            element(SEQUENCE, self.outer_algorithm),
            element(BIT_STRING, &signature),
        ];
        element(SEQUENCE, &parts.concat())
    }

    pub(crate) fn certificate(&self, key: &SigningKey, issuer: &SigningKey) -> Certificate {
        Certificate::from_der(&self.signed(key, issuer)).unwrap()
    }
}

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&crate::secret::SecretBytes::new(vec![number; 32])).unwrap()
}

fn moment() -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// Root, intermediate and signer under the keys 1, 2 and 3.
struct Chain {
    root: Draft,
    middle: Draft,
    signer: Draft,
    moment: DateTime<Utc>,
    purpose: Purpose,
}

impl Chain {
    fn whole() -> Self {
        Self {
            root: Draft::authority("root", "root"),
            middle: Draft::authority("middle", "root"),
            signer: Draft::stamping("signer", "middle"),
            moment: moment(),
            purpose: Purpose::TimeStamping,
        }
    }

    fn find(&self) -> Result<Path, PathError> {
        let root = self.root.certificate(&key(1), &key(1));
        let middle = self.middle.certificate(&key(2), &key(1));
        let signer = self.signer.certificate(&key(3), &key(2));
        let request = PathRequest {
            anchors: &[TrustAnchor::pin(root)],
            material: &[middle],
            moment: self.moment,
            purpose: self.purpose,
        };
        request.find(&signer)
    }

    fn fault(&self) -> (String, CertificateFault) {
        match self.find() {
            Err(PathError::Certificate { subject, fault }) => (subject, fault),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_path_leads_to_the_pinned_root() {
    let path = Chain::whole().find().unwrap();
    let subjects: Vec<_> = path.certificates.iter().map(Certificate::subject).collect();
    assert_eq!(subjects, ["CN=signer", "CN=middle", "CN=root"]);
    assert_eq!((path.anchor, path.moment), (0, moment()));
    assert_eq!(path.revocation.to_string(), "revocation: not checked");
}

#[test]
fn every_certificate_holds_at_the_moment() {
    let late = ("260701000000Z", "261231235959Z");
    let early = ("260101000000Z", "260531235959Z");
    let places: [fn(&mut Chain) -> &mut Draft; 3] = [
        |chain| &mut chain.root,
        |chain| &mut chain.middle,
        |chain| &mut chain.signer,
    ];
    for place in places {
        let mut chain = Chain::whole();
        place(&mut chain).validity = late;
        assert!(matches!(chain.fault().1, CertificateFault::NotYetValid { .. }));
        place(&mut chain).validity = early;
        assert!(matches!(chain.fault().1, CertificateFault::Expired { .. }));
        place(&mut chain).validity = ("260601000000Z", "260601000000Z");
        assert!(chain.find().is_ok(), "first and last instant are included");
    }
}

#[test]
fn an_issuer_is_an_authority() {
    for (draft, fault) in [
        (
            Draft::authority("middle", "root").without(BASIC),
            CertificateFault::NotAuthority,
        ),
        (
            Draft::authority("middle", "root").with(BASIC, true, element(SEQUENCE, &[])),
            CertificateFault::NotAuthority,
        ),
        (
            Draft::authority("middle", "root").with(USAGE, true, usage(0x80)),
            CertificateFault::KeyUsage {
                needed: "the signing of certificates",
            },
        ),
    ] {
        let mut chain = Chain::whole();
        chain.middle = draft.clone();
        assert_eq!(chain.fault(), ("CN=middle".to_owned(), fault.clone()));
        let mut chain = Chain::whole();
        chain.root = Draft {
            subject: "root",
            ..draft
        };
        assert_eq!(chain.fault(), ("CN=root".to_owned(), fault));
    }
}

#[test]
fn a_path_is_no_longer_than_its_authorities_allow() {
    let mut chain = Chain::whole();
    chain.root = Draft::authority("root", "root").with(BASIC, true, authority(Some(0)));
    let fault = CertificateFault::PathLength { limit: 0, found: 1 };
    assert_eq!(chain.fault(), ("CN=root".to_owned(), fault));
    chain.root = Draft::authority("root", "root").with(BASIC, true, authority(Some(1)));
    chain.middle = Draft::authority("middle", "root").with(BASIC, true, authority(Some(0)));
    assert!(chain.find().is_ok());
}

#[test]
fn the_purpose_is_demanded() {
    let timestamping = CertificateFault::Purpose {
        purpose: Purpose::TimeStamping,
    };
    for signer in [
        Draft::stamping("signer", "middle").without(PURPOSES),
        Draft::stamping("signer", "middle").with(PURPOSES, false, purposes(&[STAMPING])),
        Draft::stamping("signer", "middle").with(PURPOSES, true, purposes(&[STAMPING, EMAIL])),
        Draft::stamping("signer", "middle").with(PURPOSES, true, purposes(&[EMAIL])),
        Draft::stamping("signer", "middle").with(PURPOSES, true, purposes(&[&[0x55, 0x1d, 0x25, 0x00]])),
    ] {
        let mut chain = Chain::whole();
        chain.signer = signer;
        assert_eq!(chain.fault(), ("CN=signer".to_owned(), timestamping.clone()));
        chain.purpose = Purpose::Any;
        assert!(chain.find().is_ok());
    }
    let mut chain = Chain::whole();
    chain.middle = chain.middle.with(PURPOSES, false, purposes(&[EMAIL]));
    assert_eq!(chain.fault(), ("CN=middle".to_owned(), timestamping));
    chain.middle = chain.middle.with(PURPOSES, false, purposes(&[EMAIL, STAMPING]));
    assert!(chain.find().is_ok());
    chain.signer = Draft::stamping("signer", "middle").with(PURPOSES, false, purposes(&[STAMPING, EMAIL]));
    chain.purpose = Purpose::EmailProtection;
    assert!(chain.find().is_ok());
    chain.purpose = Purpose::CodeSigning;
    assert!(chain.find().is_err());
}

#[test]
fn the_signers_key_is_for_signatures() {
    let mut chain = Chain::whole();
    chain.signer = Draft::stamping("signer", "middle").with(USAGE, true, usage(0x20));
    assert!(matches!(chain.fault().1, CertificateFault::KeyUsage { .. }));
    chain.signer = Draft::stamping("signer", "middle").with(USAGE, true, usage(0x40));
    assert!(chain.find().is_ok(), "content commitment serves");
    chain.signer = Draft::stamping("signer", "middle").without(USAGE);
    assert!(chain.find().is_ok(), "no restriction");
}

#[test]
fn what_is_not_understood_refuses() {
    let oid = "1.2.3.4".to_owned();
    for place in [0, 1, 2] {
        let mut chain = Chain::whole();
        let draft = [&mut chain.root, &mut chain.middle, &mut chain.signer]
            .into_iter()
            .nth(place)
            .unwrap();
        *draft = draft.clone().with(UNKNOWN, false, vec![5, 0]);
        assert!(chain.find().is_ok(), "not critical");
        let draft = [&mut chain.root, &mut chain.middle, &mut chain.signer]
            .into_iter()
            .nth(place)
            .unwrap();
        *draft = draft.clone().with(UNKNOWN, true, vec![5, 0]);
        assert_eq!(chain.fault().1, CertificateFault::Critical { oid: oid.clone() });
    }
    let mut chain = Chain::whole();
    chain.middle = chain.middle.with(NAMES, false, element(SEQUENCE, &[]));
    assert!(matches!(chain.fault().1, CertificateFault::Constraint { .. }));
}

#[test]
fn weak_and_inconsistent_algorithms_are_refused() {
    let mut chain = Chain::whole();
    (chain.signer.algorithm, chain.signer.outer_algorithm) = (SHA1_RSA, SHA1_RSA);
    let weak = CertificateFault::Signature(SchemeError::Weak { name: "SHA-1" });
    assert_eq!(chain.fault(), ("CN=signer".to_owned(), weak.clone()));
    assert!(
        chain.find().unwrap_err().is_undecided(),
        "it may be true, and proves nothing"
    );
    assert!(weak.to_string().contains("SHA-1"));
    chain.signer.algorithm = ED25519;
    assert_eq!(chain.fault().1, CertificateFault::Algorithms);
}

#[test]
fn a_signature_by_another_key_is_refused() {
    let root = TrustAnchor::pin(Draft::authority("root", "root").certificate(&key(1), &key(1)));
    let request = PathRequest {
        anchors: &[root],
        material: &[],
        moment: moment(),
        purpose: Purpose::TimeStamping,
    };
    let forged = Draft::stamping("signer", "root").certificate(&key(3), &key(9));
    let mismatch = CertificateFault::Signature(SchemeError::Signature(SignatureError::Mismatch));
    let refused = request.find(&forged);
    let subject = "CN=signer".to_owned();
    assert_eq!(
        refused,
        Err(PathError::Certificate {
            subject,
            fault: mismatch
        })
    );
    // names are compared with the root's, whatever the key says
    let stranger = Draft::stamping("signer", "other root").certificate(&key(3), &key(1));
    assert!(matches!(request.find(&stranger), Err(PathError::NoIssuer { .. })));
}

/// A root that travels along is material: it ends no path.
#[test]
fn a_root_that_comes_along_is_not_trusted() {
    let root = Draft::authority("root", "root").certificate(&key(1), &key(1));
    let own = Draft::authority("other", "other").certificate(&key(7), &key(7));
    let signer = Draft::stamping("signer", "other").certificate(&key(3), &key(7));
    let request = PathRequest {
        anchors: &[TrustAnchor::pin(root)],
        material: std::slice::from_ref(&own),
        moment: moment(),
        purpose: Purpose::TimeStamping,
    };
    assert!(matches!(request.find(&signer), Err(PathError::NoIssuer { .. })));
    let pinned = [TrustAnchor::pin(own.clone())];
    let request = PathRequest {
        anchors: &pinned,
        ..request
    };
    assert!(request.find(&signer).is_ok());
}

#[test]
fn a_pinned_signer_is_its_own_path() {
    let signer = Draft::stamping("signer", "signer").certificate(&key(3), &key(3));
    let request = PathRequest {
        anchors: &[TrustAnchor::pin(signer.clone())],
        material: &[],
        moment: moment(),
        purpose: Purpose::TimeStamping,
    };
    assert_eq!(request.find(&signer).unwrap().certificates, [signer]);
}

/// Many certificates of one name, each issued by each: the number of paths grows with the factorial.
#[test]
fn a_maze_is_given_up() {
    let maze: Vec<_> = (0..12)
        .map(|serial| {
            Draft {
                serial,
                ..Draft::authority("maze", "maze")
            }
            .certificate(&key(1), &key(1))
        })
        .collect();
    let signer = Draft::stamping("signer", "maze").certificate(&key(3), &key(1));
    let request = PathRequest {
        anchors: &[],
        material: &maze,
        moment: moment(),
        purpose: Purpose::TimeStamping,
    };
    assert!(matches!(request.find(&signer), Err(PathError::TooMuch { .. })));
}

#[test]
fn the_structure_is_strict() {
    let whole = Draft::stamping("signer", "middle").signed(&key(3), &key(2));
    for length in 0..whole.len() {
        assert!(Certificate::from_der(&whole[..length]).is_err(), "{length}");
    }
    assert!(
        Certificate::from_der(&[&whole[..], &[0]].concat()).is_err(),
        "trailing byte"
    );
    let indefinite = [&[0x30, 0x80], &whole[4..], &[0, 0]].concat();
    assert!(Certificate::from_der(&indefinite).is_err(), "BER");
    let twice = Draft {
        extensions: vec![(USAGE, true, usage(0x80)), (USAGE, true, usage(0x80))],
        ..Draft::of("signer", "middle")
    };
    assert!(
        Certificate::from_der(&twice.signed(&key(3), &key(2))).is_err(),
        "twice"
    );
    let loose = Draft::of("signer", "middle").with(USAGE, true, element(BIT_STRING, &[7, 0xff]));
    assert!(
        Certificate::from_der(&loose.signed(&key(3), &key(2))).is_err(),
        "unused bits are zero"
    );
}

#[test]
fn certificates_are_read_from_pem_and_der() {
    let der = Draft::authority("root", "root").signed(&key(1), &key(1));
    let block = |label: &str| {
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            crate::encoding::base64(&der)
        )
    };
    let pem = format!("root\n{0}second\n{0}", block("CERTIFICATE"));
    let read = parse_certificates(pem.as_bytes()).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(parse_certificates(&der).unwrap(), read[..1]);
    assert_eq!(read[0].der(), der);
    assert_eq!((read[0].subject(), read[0].issuer()), ("CN=root", "CN=root"));
    assert_eq!(read[0].serial(), "01");
    assert!(read[0].is_authority());
    assert_eq!(
        read[0].fingerprint(),
        crate::digest::Algorithm::Sha256.of(&der).hex()
    );
    for text in [
        "",
        "certificate",
        &block("PUBLIC KEY"),
        &block("PRIVATE KEY"),
        "-----BEGIN CERTIFICATE-----\n",
    ] {
        assert!(parse_certificates(text.as_bytes()).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = parse_certificates(&bytes);
        let _ = Certificate::from_der(&element(SEQUENCE, &bytes));
    }

    #[test]
    fn a_changed_bit_is_never_proven(at in 0_usize..2000, bit in 0_u8..8) {
        let root = TrustAnchor::pin(Draft::authority("root", "root").certificate(&key(1), &key(1)));
        let mut der = Draft::stamping("signer", "root").signed(&key(3), &key(1));
        let at = at % der.len();
        der[at] ^= 1 << bit;
        if let Ok(changed) = Certificate::from_der(&der) {
            let request = PathRequest { anchors: &[root], material: &[], moment: moment(), purpose: Purpose::TimeStamping };
            prop_assert!(request.find(&changed).is_err());
        }
    }
}
