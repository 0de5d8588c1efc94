use proptest::prelude::*;

use super::*;
use crate::{
    asn1::{BOOLEAN, GENERALIZED_TIME, OBJECT_IDENTIFIER, OCTET_STRING, SET, element},
    cms::tests::{DATA, Draw, attribute},
    scheme::SchemeError,
    x509::{
        CertificateFault, PathError,
        tests::{BASIC, Draft, PURPOSES, STAMPING, authority, key, name, purposes},
    },
};

const CERTIFICATE_V1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
const CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
const SHA256: &[u8] = &[
    0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
];
const SHA1: &[u8] = &[0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];

/// The statement of a token to be.
#[derive(Clone)]
struct Statement {
    version: u8,
    hash: &'static [u8],
    imprint: Vec<u8>,
    time: &'static str,
    after: Vec<u8>,
}

impl Statement {
    fn der(&self) -> Vec<u8> {
        let imprint = [element(SEQUENCE, self.hash), element(OCTET_STRING, &self.imprint)].concat();
        let parts = [
            element(INTEGER, &[self.version]),
            element(OBJECT_IDENTIFIER, &[0x2a, 0x03, 0x04, 0x01]),
            element(SEQUENCE, &imprint),
            element(INTEGER, &[0x2b]),
            element(GENERALIZED_TIME, self.time.as_bytes()),
            self.after.clone(),
        ];
        element(SEQUENCE, &parts.concat())
    }
}

fn statement() -> Statement {
    Statement {
        version: 1,
        hash: SHA256,
        imprint: Algorithm::Sha256.of(b"m").as_bytes().to_vec(),
        time: "20260601120000.25Z",
        after: Vec::new(),
    }
}

fn root() -> TrustAnchor {
    TrustAnchor::pin(Draft::authority("root", "root").certificate(&key(1), &key(1)))
}

fn bound_v2(certificate: &Certificate) -> Vec<u8> {
    let id = element(OCTET_STRING, Algorithm::Sha256.of(certificate.der()).as_bytes());
    attribute(CERTIFICATE_V2, &nested(&id))
}

/// `SEQUENCE { SEQUENCE { SEQUENCE { id } } }`.
fn nested(id: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &element(SEQUENCE, &element(SEQUENCE, id)))
}

fn draw(statement: &Statement, certificate: &Certificate, binding: Vec<Vec<u8>>) -> Draw {
    let content = statement.der();
    let mut draw = Draw {
        content: Some(content.clone()),
        certificates: vec![certificate.der().to_vec()],
        ..Draw::over(TST_INFO, &content)
    };
    draw.attributes.extend(binding);
    draw.sorted()
}

fn stamping() -> Certificate {
    Draft::stamping("tsa", "root").certificate(&key(3), &key(1))
}

fn token(statement: &Statement, certificate: &Certificate) -> Vec<u8> {
    draw(statement, certificate, vec![bound_v2(certificate)]).signed(&key(3))
}

fn verify(bytes: &[u8], message: &[u8]) -> Result<Timestamp, TimestampError> {
    let token = Token::parse(bytes)?;
    let mut taken = token.message();
    taken.update(message);
    token.verify(&taken, &[root()], &[])
}

#[test]
fn a_token_states_a_time_under_the_pinned_root() {
    let mut statement = statement();
    let accuracy = [
        element(INTEGER, &[1]),
        element(0x80, &[0x01, 0xf4]),
        element(0x81, &[7]),
    ]
    .concat();
    statement.after = [
        element(SEQUENCE, &accuracy),
        element(BOOLEAN, &[0xff]),
        element(INTEGER, &[5]),
        element(0xa0, &element(0xa4, &name("tsa"))),
    ]
    .concat();
    let found = verify(&token(&statement, &stamping()), b"m").unwrap();
    assert_eq!(
        found.time,
        "2026-06-01T12:00:00.25Z".parse::<DateTime<Utc>>().unwrap()
    );
    assert_eq!(
        found.latest(),
        "2026-06-01T12:00:01.750007Z".parse::<DateTime<Utc>>().unwrap()
    );
    assert_eq!(found.accuracy.unwrap().to_string(), "1.500007 s");
    assert_eq!(
        (found.policy.as_str(), found.serial.as_str()),
        ("1.2.3.4.1", "2b")
    );
    assert_eq!(
        (found.imprint, found.signer.as_str()),
        (Algorithm::Sha256, "CN=tsa")
    );
    assert_eq!(found.binding, Binding::V2(Algorithm::Sha256));
    assert_eq!(found.path.moment, found.time);
    assert_eq!(found.path.revocation.to_string(), "revocation: not checked");
}

#[test]
fn another_message_is_refused() {
    let bytes = token(&statement(), &stamping());
    let refused = verify(&bytes, b"n").unwrap_err();
    assert!(matches!(refused, TimestampError::Imprint { .. }));
    assert!(!refused.is_undecided());
    let read = Token::parse(&bytes).unwrap();
    let digest = Algorithm::Sha256.of(b"m");
    let open = read.verify_digest(&digest, &[], &[]).unwrap_err();
    assert!(open.is_undecided(), "nothing is pinned");
    assert!(read.verify_digest(&digest, &[root()], &[]).is_ok());
    assert!(
        read.verify_digest(&Algorithm::Sha256.of(b"n"), &[root()], &[])
            .is_err()
    );
    let refused = Token::parse(&bytes)
        .unwrap()
        .verify(&Message::hashed([Algorithm::Sha512]), &[root()], &[]);
    assert!(matches!(refused, Err(TimestampError::Message(_))));
}

#[test]
fn the_statement_is_what_was_signed() {
    let mut later = statement();
    later.time = "20260701120000Z";
    let mut draw = draw(&statement(), &stamping(), vec![bound_v2(&stamping())]);
    draw.content = Some(later.der());
    let refused = verify(&draw.signed(&key(3)), b"m");
    assert!(matches!(
        refused,
        Err(TimestampError::Cms(CmsError::Digest { .. }))
    ));
}

#[test]
fn the_path_holds_at_the_stated_time() {
    for time in ["20251231235959Z", "20270101000000Z"] {
        let mut statement = statement();
        statement.time = time;
        let refused = verify(&token(&statement, &stamping()), b"m");
        let Err(TimestampError::Cms(CmsError::Path(PathError::Certificate { fault, .. }))) = refused else {
            panic!("{refused:?}")
        };
        assert!(matches!(
            fault,
            CertificateFault::NotYetValid { .. } | CertificateFault::Expired { .. }
        ));
    }
}

#[test]
fn the_signer_is_for_time_stamping_alone() {
    for purposes in [purposes(&[STAMPING, DATA]), purposes(&[DATA])] {
        let mut draft = Draft::stamping("tsa", "root");
        draft.extensions.retain(|(oid, ..)| *oid != PURPOSES);
        draft.extensions.push((PURPOSES, true, purposes));
        let certificate = draft.certificate(&key(3), &key(1));
        let refused = verify(&token(&statement(), &certificate), b"m");
        assert!(
            matches!(refused, Err(TimestampError::Cms(CmsError::Path(_)))),
            "{refused:?}"
        );
    }
    let mut draft = Draft::stamping("tsa", "root");
    for (oid, critical, _) in &mut draft.extensions {
        *critical = *oid != PURPOSES;
    }
    let certificate = draft.certificate(&key(3), &key(1));
    assert!(
        verify(&token(&statement(), &certificate), b"m").is_err(),
        "not critical"
    );
    // an authority's certificate is not a stamping one
    let mut draft = Draft::authority("tsa", "root");
    draft.extensions.retain(|(oid, ..)| *oid == BASIC);
    assert_eq!(draft.extensions[0].2, authority(None));
    let certificate = draft.certificate(&key(3), &key(1));
    assert!(verify(&token(&statement(), &certificate), b"m").is_err());
}

#[test]
fn the_certificate_is_bound() {
    let certificate = stamping();
    let v1 = |digest: &[u8]| attribute(CERTIFICATE_V1, &nested(&element(OCTET_STRING, digest)));
    let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate.der());
    let with = |binding| verify(&draw(&statement(), &certificate, binding).signed(&key(3)), b"m");
    assert_eq!(with(vec![v1(sha1.as_ref())]).unwrap().binding, Binding::V1Sha1);
    for binding in [
        vec![],
        vec![v1(&[0; 20])],
        vec![bound_v2(root().certificate())],
        vec![v1(&[0; 20]), bound_v2(&certificate)],
        vec![v1(sha1.as_ref()), bound_v2(root().certificate())],
    ] {
        let refused = with(binding);
        assert!(
            matches!(refused, Err(TimestampError::Binding { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn issuer_and_number_beside_the_binding_must_fit() {
    let certificate = stamping();
    let with = |names: &[u8], serial: u8| {
        let mut id = element(OCTET_STRING, Algorithm::Sha256.of(certificate.der()).as_bytes());
        let pair = [element(SEQUENCE, names), element(INTEGER, &[serial])].concat();
        id.extend(element(SEQUENCE, &pair));
        let binding = vec![attribute(CERTIFICATE_V2, &nested(&id))];
        verify(&draw(&statement(), &certificate, binding).signed(&key(3)), b"m")
    };
    assert!(with(&element(0xa4, &name("root")), 1).is_ok());
    for (names, serial) in [
        (element(0xa4, &name("root")), 2),
        (element(0xa4, &name("other")), 1),
        (element(0x82, b"root"), 1),
        (Vec::new(), 1),
    ] {
        assert!(matches!(
            with(&names, serial),
            Err(TimestampError::Binding { .. })
        ));
    }
}

#[test]
fn a_response_is_read_by_its_status() {
    let token = token(&statement(), &stamping());
    let response = |status: u8| {
        let parts = [element(SEQUENCE, &element(INTEGER, &[status])), token.clone()];
        element(SEQUENCE, &parts.concat())
    };
    assert!(verify(&response(0), b"m").is_ok());
    assert!(verify(&response(1), b"m").is_ok());
    for status in 2..6 {
        let refused = verify(&response(status), b"m");
        assert_eq!(
            refused,
            Err(TimestampError::Refused {
                status: status.into()
            })
        );
    }
    let bare = element(SEQUENCE, &element(SEQUENCE, &element(INTEGER, &[0])));
    assert!(Token::parse(&bare).is_err(), "granted without a token");
}

#[test]
fn the_statement_is_strict() {
    type Change = fn(&mut Statement);
    let changes: [(Change, &str); 9] = [
        (|s| s.version = 2, "version"),
        (|s| s.imprint.truncate(31), "short imprint"),
        (|s| s.time = "20260601120000+0100", "zone"),
        (|s| s.time = "202606011200Z", "no seconds"),
        (|s| s.time = "20260601120000.0Z", "trailing zero"),
        (|s| s.after = vec![0x04, 0x00], "something else"),
        (
            |s| s.after = element(SEQUENCE, &element(0x80, &[0x03, 0xe8])),
            "1000 ms",
        ),
        (
            |s| s.after = element(SEQUENCE, &element(INTEGER, &[0xff])),
            "negative accuracy",
        ),
        (|s| s.after = element(BOOLEAN, &[1]), "boolean"),
    ];
    for (change, what) in changes {
        let mut statement = statement();
        change(&mut statement);
        assert!(verify(&token(&statement, &stamping()), b"m").is_err(), "{what}");
    }
    let mut weak = statement();
    (weak.hash, weak.imprint) = (SHA1, vec![0; 20]);
    let refused = verify(&token(&weak, &stamping()), b"m");
    let sha1 = SchemeError::Weak { name: "SHA-1" };
    assert_eq!(refused, Err(TimestampError::ImprintAlgorithm(sha1)));
}

#[test]
fn a_critical_extension_refuses() {
    let extension = |critical: bool| {
        let mut inside = element(OBJECT_IDENTIFIER, &[0x2a, 0x03, 0x04]);
        if critical {
            inside.extend(element(BOOLEAN, &[0xff]));
        }
        inside.extend(element(OCTET_STRING, &[]));
        let mut statement = statement();
        statement.after = element(0xa1, &element(SEQUENCE, &inside));
        verify(&token(&statement, &stamping()), b"m")
    };
    assert!(extension(false).is_ok());
    let oid = "1.2.3.4".to_owned();
    assert_eq!(extension(true), Err(TimestampError::Critical { oid }));
}

#[test]
fn only_a_time_stamp_of_one_signer_is_one() {
    let plain = Draw {
        content: Some(b"m".to_vec()),
        ..Draw::over(DATA, b"m").sorted()
    };
    assert!(matches!(
        Token::parse(&plain.signed(&key(3))),
        Err(TimestampError::NotTimestamp { .. })
    ));
    let whole = draw(&statement(), &stamping(), vec![bound_v2(&stamping())]);
    let two = Draw {
        signers: 2,
        ..whole.clone()
    };
    assert!(matches!(
        Token::parse(&two.signed(&key(3))),
        Err(TimestampError::Signers { found: 2 })
    ));
    let empty = Draw {
        content: None,
        ..whole
    };
    assert!(matches!(
        Token::parse(&empty.signed(&key(3))),
        Err(TimestampError::NoInfo)
    ));
}

#[test]
fn the_structure_is_strict() {
    let whole = token(&statement(), &stamping());
    for length in 0..whole.len() {
        assert!(Token::parse(&whole[..length]).is_err(), "{length}");
    }
    assert!(Token::parse(&[&whole[..], &[0]].concat()).is_err());
    let indefinite = [&[0x30, 0x80], &whole[4..], &[0, 0]].concat();
    assert!(Token::parse(&indefinite).is_err());
    assert!(matches!(
        Token::parse(&vec![0x30; TOKEN_LIMIT + 1]),
        Err(TimestampError::TooLarge { .. })
    ));
    assert_eq!(element(SET, &[]), [0x31, 0]);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Token::parse(&bytes);
        let _ = Token::parse(&element(SEQUENCE, &element(SEQUENCE, &bytes)));
        let _ = Info::read(&element(SEQUENCE, &bytes));
        let _ = binding::check(
            &crate::cms::Attributes {
                signed: Vec::new(),
                content_type: Vec::new(),
                message_digest: Vec::new(),
                signing_time: None,
                certificate_v1: None,
                certificate_v2: Some(bytes),
            },
            root().certificate(),
        );
    }

    #[test]
    fn a_changed_bit_moves_no_proof(at in 0_usize..4000, bit in 0_u8..8) {
        let mut whole = token(&statement(), &stamping());
        let expected = verify(&whole, b"m").unwrap();
        let at = at % whole.len();
        whole[at] ^= 1 << bit;
        prop_assert!(verify(&whole, b"n").is_err());
        if let Ok(found) = verify(&whole, b"m") {
            prop_assert_eq!(found, expected); // in what nobody signs
        }
    }
}
