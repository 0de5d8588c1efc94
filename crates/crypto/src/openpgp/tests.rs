use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::{
    digest::Algorithm, encoding, message::MessageError, secret::SecretBytes, signature::SignatureError,
    signing::SigningKey,
};

pub(crate) const BORN: u32 = 1_700_000_000;
const SIGNED: u32 = BORN + 1000;

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![number; 32])).unwrap()
}

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(i64::from(SIGNED) + 1000, 0).unwrap()
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[0xc0 | kind, 255], &(body.len() as u32).to_be_bytes()[..], body].concat()
}

/// The body of an Ed25519 key (algorithm 27).
pub(crate) fn key_body(key: &SigningKey, created: u32) -> Vec<u8> {
    [
        &[4],
        &created.to_be_bytes()[..],
        &[27],
        key.public().ed25519_bytes().unwrap(),
    ]
    .concat()
}

fn covered(body: &[u8]) -> Vec<u8> {
    [&[0x99], &(body.len() as u16).to_be_bytes()[..], body].concat()
}

fn sub(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[255], &(body.len() as u32 + 1).to_be_bytes()[..], &[kind], body].concat()
}

/// A signature packet's body over some bytes.
struct Draft {
    kind: u8,
    hash: u8,
    created: u32,
    signed: Vec<u8>,
    unsigned: Vec<u8>,
    /// The number of the key that signs.
    by: u8,
    /// The key body whose fingerprint is named.
    issuer: Vec<u8>,
}

impl Draft {
    fn new(kind: u8, by: u8, issuer: Vec<u8>) -> Self {
        Self {
            kind,
            hash: 10,
            created: BORN,
            signed: Vec::new(),
            unsigned: Vec::new(),
            by,
            issuer,
        }
    }

    fn over(&self, content: &[u8]) -> Vec<u8> {
        let fingerprint = key::Key::read(&self.issuer).unwrap();
        let issuer = [&[4], &fingerprint.fingerprint()[..]].concat();
        let signed = [
            sub(2, &self.created.to_be_bytes()),
            sub(33, &issuer),
            self.signed.clone(),
        ]
        .concat();
        let head = [
            &[4, self.kind, 27, self.hash],
            &(signed.len() as u16).to_be_bytes()[..],
            &signed,
        ]
        .concat();
        let trailer = [&[4, 0xff], &(head.len() as u32).to_be_bytes()[..]].concat();
        let digest = Algorithm::Sha512.of(&[content, &head, &trailer].concat());
        let signature = key(self.by).sign(digest.as_bytes());
        [
            &head[..],
            &(self.unsigned.len() as u16).to_be_bytes(),
            &self.unsigned,
            &digest.as_bytes()[..2],
            &signature,
        ]
        .concat()
    }
}

const USER: &[u8] = b"Audit <audit@example>";

fn user_cover(primary: &[u8]) -> Vec<u8> {
    [
        &covered(primary)[..],
        &[0xb4],
        &(USER.len() as u32).to_be_bytes(),
        USER,
    ]
    .concat()
}

pub(crate) fn certificate_bytes() -> Vec<u8> {
    Parts::whole().bytes()
}

/// The parts of a certificate: a primary key under 1, and a subkey under 2.
struct Parts {
    primary: Vec<u8>,
    own: Vec<Vec<u8>>,
    user: Vec<Vec<u8>>,
    subkey: Vec<u8>,
    bindings: Vec<Vec<u8>>,
}

impl Parts {
    fn whole() -> Self {
        let (primary, subkey) = (key_body(&key(1), BORN), key_body(&key(2), BORN));
        let mut parts = Self {
            user: vec![certification(&primary, &[sub(27, &[0x03])].concat())],
            own: Vec::new(),
            bindings: Vec::new(),
            primary,
            subkey,
        };
        parts.bindings = vec![parts.binding(&sub(27, &[2]), 2)];
        parts
    }

    /// A binding with some statements and a back signature by a key.
    fn binding(&self, signed: &[u8], back_by: u8) -> Vec<u8> {
        let cover = self.subkey_cover();
        let back = Draft::new(0x19, back_by, self.subkey.clone()).over(&cover);
        let binding = Draft {
            signed: signed.to_vec(),
            unsigned: sub(32, &back),
            ..Draft::new(0x18, 1, self.primary.clone())
        };
        binding.over(&cover)
    }

    fn subkey_cover(&self) -> Vec<u8> {
        [covered(&self.primary), covered(&self.subkey)].concat()
    }

    fn bytes(&self) -> Vec<u8> {
        let signatures = |list: &[Vec<u8>]| list.iter().flat_map(|body| packet(2, body)).collect::<Vec<u8>>();
        [
            packet(6, &self.primary),
            signatures(&self.own),
            packet(13, USER),
            signatures(&self.user),
            packet(14, &self.subkey),
            signatures(&self.bindings),
        ]
        .concat()
    }

    fn certificate(&self) -> Certificate {
        parse_certificates(&self.bytes()).unwrap().remove(0)
    }

    fn by_primary(&self, message: &[u8]) -> Result<Signer, OpenPgpError> {
        self.verify(&document(1, &self.primary, SIGNED, 0), message)
    }

    fn by_subkey(&self, message: &[u8]) -> Result<Signer, OpenPgpError> {
        self.verify(&document(2, &self.subkey, SIGNED, 0), message)
    }

    fn verify(&self, signature: &[u8], message: &[u8]) -> Result<Signer, OpenPgpError> {
        let signature = Signature::parse(&packet(2, signature))?;
        let mut taken = signature.message();
        taken.update(message);
        signature.verify(&taken, &[&self.certificate()], moment())
    }

    fn faults(&self) -> (Option<KeyFault>, Option<KeyFault>) {
        let fault = |verified| match verified {
            Ok(_) => None,
            Err(OpenPgpError::Unusable { fault, .. }) => Some(fault),
            Err(other) => panic!("{other}"),
        };
        (fault(self.by_primary(b"m")), fault(self.by_subkey(b"m")))
    }
}

fn certification(primary: &[u8], signed: &[u8]) -> Vec<u8> {
    let draft = Draft {
        signed: signed.to_vec(),
        ..Draft::new(0x13, 1, primary.to_vec())
    };
    draft.over(&user_cover(primary))
}

fn document(by: u8, issuer: &[u8], created: u32, kind: u8) -> Vec<u8> {
    let draft = Draft {
        created,
        ..Draft::new(kind, by, issuer.to_vec())
    };
    draft.over(b"m")
}

fn revocation(parts: &Parts, kind: u8, by: u8, created: u32, reason: u8) -> Vec<u8> {
    let draft = Draft {
        created,
        signed: sub(29, &[reason]),
        ..Draft::new(kind, by, parts.primary.clone())
    };
    draft.over(&if kind == 0x20 {
        covered(&parts.primary)
    } else {
        parts.subkey_cover()
    })
}

#[test]
fn primary_key_and_subkey_sign() {
    let parts = Parts::whole();
    let certificate = parts.certificate();
    assert_eq!(
        certificate.user_ids().collect::<Vec<_>>(),
        ["Audit <audit@example>"]
    );
    let signer = parts.by_primary(b"m").unwrap();
    assert_eq!(signer.key, certificate.fingerprint());
    assert_eq!((signer.candidate, signer.document), (0, Document::Binary));
    assert_eq!(signer.claimed_time.timestamp(), i64::from(SIGNED));
    let signer = parts.by_subkey(b"m").unwrap();
    assert_ne!(signer.key, certificate.fingerprint());
    for refused in [parts.by_primary(b"n"), parts.by_subkey(b"n")] {
        assert_eq!(refused, Err(OpenPgpError::Signature(SignatureError::Mismatch)));
    }
    assert_eq!(parts.faults(), (None, None));
}

#[test]
fn a_key_that_is_not_pinned_is_named() {
    let parts = Parts::whole();
    let stranger = key_body(&key(9), BORN);
    let refused = parts.verify(&document(9, &stranger, SIGNED, 0), b"m");
    assert!(refused.as_ref().is_err_and(OpenPgpError::is_undecided));
    assert!(matches!(refused, Err(OpenPgpError::NotPinned { issuer }) if issuer.len() == 40));
    assert!(!parts.by_primary(b"n").is_err_and(|error| error.is_undecided()));
    // naming the pinned key does not help
    let refused = parts.verify(&document(9, &parts.primary, SIGNED, 0), b"m");
    assert_eq!(refused, Err(OpenPgpError::Signature(SignatureError::Mismatch)));
}

#[test]
fn a_text_has_any_line_ends() {
    let parts = Parts::whole();
    let draft = Draft {
        created: SIGNED,
        ..Draft::new(1, 1, parts.primary.clone())
    };
    let signature = draft.over(b"a\r\nb\r\n");
    for text in ["a\nb\n", "a\r\nb\r\n", "a\nb\r\n"] {
        let signer = parts.verify(&signature, text.as_bytes()).unwrap();
        assert_eq!(signer.document, Document::Text);
    }
    assert!(parts.verify(&signature, b"a\nb").is_err());
    let signature = Signature::parse(&packet(2, &signature)).unwrap();
    let binary = crate::message::Message::hashed([Algorithm::Sha512]);
    assert_eq!(
        signature.verify(&binary, &[&parts.certificate()], moment()),
        Err(OpenPgpError::Message(MessageError::Foreign))
    );
}

#[test]
fn a_key_needs_its_own_word() {
    let mut parts = Parts::whole();
    parts.user.clear();
    let none = Some(KeyFault::NoSelfSignature);
    assert_eq!(parts.faults(), (none.clone(), none.clone()));
    // somebody else's word does not count
    let foreign = Draft::new(0x13, 9, parts.primary.clone()).over(&user_cover(&parts.primary));
    parts.user = vec![foreign];
    assert_eq!(parts.faults(), (none.clone(), none));
    parts.own = vec![Draft::new(0x1f, 1, parts.primary.clone()).over(&covered(&parts.primary))];
    assert_eq!(parts.faults(), (None, None), "a direct signature does");
}

#[test]
fn a_key_signs_only_where_it_is_meant_to() {
    let mut parts = Parts::whole();
    parts.user = vec![certification(&parts.primary, &sub(27, &[0x01]))];
    assert_eq!(parts.faults(), (Some(KeyFault::NotForSigning), None));
    parts.bindings = vec![parts.binding(&sub(27, &[0x0c]), 2)];
    assert_eq!(parts.faults().1, Some(KeyFault::NotForSigning));
    parts.bindings = vec![parts.binding(&[], 2)];
    assert_eq!(parts.faults().1, Some(KeyFault::NotForSigning), "no flags");
}

#[test]
fn a_subkey_is_bound_in_both_directions() {
    let mut parts = Parts::whole();
    parts.bindings.clear();
    assert_eq!(parts.faults(), (None, Some(KeyFault::NotBound)));
    parts.bindings = vec![parts.binding(&sub(27, &[2]), 9)];
    assert_eq!(parts.faults().1, Some(KeyFault::NoBackSignature));
    let bare = Draft {
        signed: sub(27, &[2]),
        ..Draft::new(0x18, 1, parts.primary.clone())
    };
    parts.bindings = vec![bare.over(&parts.subkey_cover())];
    assert_eq!(parts.faults().1, Some(KeyFault::NoBackSignature));
    let foreign = Draft { by: 9, ..bare };
    parts.bindings = vec![foreign.over(&parts.subkey_cover())];
    assert_eq!(parts.faults().1, Some(KeyFault::NotBound));
}

#[test]
fn keys_expire_when_they_say() {
    let life = |seconds: u32| [sub(27, &[3]), sub(9, &seconds.to_be_bytes())].concat();
    let mut parts = Parts::whole();
    parts.user = vec![certification(&parts.primary, &life(1001))];
    assert_eq!(parts.faults(), (None, None));
    parts.user = vec![certification(&parts.primary, &life(1000))];
    let (primary, subkey) = parts.faults();
    assert!(matches!(primary, Some(KeyFault::Expired { .. })));
    assert!(
        matches!(subkey, Some(KeyFault::Expired { .. })),
        "with its primary key"
    );
    let mut parts = Parts::whole();
    let life = [sub(27, &[2]), sub(9, &1000_u32.to_be_bytes())].concat();
    parts.bindings = vec![parts.binding(&life, 2)];
    assert!(matches!(parts.faults(), (None, Some(KeyFault::Expired { .. }))));
}

#[test]
fn a_key_does_not_sign_before_it_is_made() {
    let parts = Parts::whole();
    let early = document(1, &parts.primary, BORN - 1, 0);
    assert!(matches!(
        parts.verify(&early, b"m"),
        Err(OpenPgpError::Unusable {
            fault: KeyFault::NotYetMade { .. },
            ..
        })
    ));
}

#[test]
fn revocations_count() {
    let refused = |own: bool, created, reason| {
        let mut parts = Parts::whole();
        if own {
            let one = revocation(&parts, 0x20, 1, created, reason);
            parts.own.push(one);
            parts.faults().0
        } else {
            let one = revocation(&parts, 0x28, 1, created, reason);
            parts.bindings.push(one);
            assert_eq!(parts.faults().0, None, "the primary key is not revoked");
            parts.faults().1
        }
    };
    for own in [true, false] {
        for reason in [0, 2, 32, 100] {
            // disclosed or without a reason: no earlier signature can be told from a later one
            assert!(refused(own, SIGNED + 1, reason).is_some(), "{reason}");
        }
        for reason in [1, 3] {
            assert_eq!(refused(own, SIGNED + 1, reason), None);
            assert!(refused(own, SIGNED, reason).is_some());
        }
    }
}

#[test]
fn a_doubtful_revocation_refuses_and_a_forged_one_does_not() {
    let mut parts = Parts::whole();
    parts.own = vec![revocation(&parts, 0x20, 9, BORN, 0)];
    assert_eq!(
        parts.faults(),
        (None, None),
        "in the owner's name, by somebody else"
    );
    let mut weak = revocation(&parts, 0x20, 1, BORN, 0);
    weak[3] = 2;
    let mut critical = Draft::new(0x20, 1, parts.primary.clone());
    critical.signed = sub(0x80 | 100, &[]);
    let stranger = Draft::new(0x20, 9, key_body(&key(9), BORN));
    for doubtful in [
        weak,
        critical.over(&covered(&parts.primary)),
        stranger.over(&covered(&parts.primary)),
        vec![3, 5, 0x20, 0, 0, 0, 0],
        vec![6, 0x20, 27, 10],
    ] {
        parts.own = vec![doubtful];
        assert_eq!(parts.faults().0, Some(KeyFault::DoubtfulRevocation));
    }
}

#[test]
fn a_signature_holds_as_long_as_it_says() {
    let parts = Parts::whole();
    let with = |created: u32, life: u32| {
        let draft = Draft {
            created,
            signed: sub(3, &life.to_be_bytes()),
            ..Draft::new(0, 1, parts.primary.clone())
        };
        parts.verify(&draft.over(b"m"), b"m")
    };
    assert!(with(SIGNED, 0).is_ok());
    assert!(with(SIGNED, 1001).is_ok());
    assert!(matches!(with(SIGNED, 1000), Err(OpenPgpError::Expired { .. })));
    assert!(matches!(with(SIGNED + 1001, 0), Err(OpenPgpError::Future { .. })));
}

#[test]
fn weak_hashes_are_refused_by_name() {
    let parts = Parts::whole();
    for (hash, name) in [(1, "MD5"), (2, "SHA-1"), (3, "RIPEMD-160"), (11, "SHA-224")] {
        let draft = Draft {
            hash,
            created: SIGNED,
            ..Draft::new(0, 1, parts.primary.clone())
        };
        assert_eq!(
            parts.verify(&draft.over(b"m"), b"m"),
            Err(OpenPgpError::Weak { name })
        );
    }
}

#[test]
fn what_is_not_understood_refuses() {
    let parts = Parts::whole();
    let with = |kind: u8| {
        let draft = Draft {
            created: SIGNED,
            signed: sub(kind, &[]),
            ..Draft::new(0, 1, parts.primary.clone())
        };
        parts.verify(&draft.over(b"m"), b"m")
    };
    assert!(with(100).is_ok());
    assert_eq!(with(0x80 | 100), Err(OpenPgpError::Critical { found: 100 }));
    assert!(with(2).is_err(), "a second time");
    let other = document(1, &parts.primary, SIGNED, 0x10);
    assert_eq!(
        parts.verify(&other, b"m"),
        Err(OpenPgpError::NotDocument { found: 0x10 })
    );
}

#[test]
fn the_structure_is_strict() {
    let parts = Parts::whole();
    let body = document(1, &parts.primary, SIGNED, 0);
    let whole = packet(2, &body);
    assert!(Signature::parse(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(Signature::parse(&whole[..length]).is_err(), "{length}");
        assert!(Signature::parse(&packet(2, &body[..length.min(body.len() - 1)])).is_err());
    }
    assert!(Signature::parse(&[&whole[..], &whole].concat()).is_err(), "two");
    assert!(
        Signature::parse(&[&whole[..], &[0]].concat()).is_err(),
        "trailing byte"
    );
    let partial = [&[0xc2, 0xe1], &body[..2], &[(body.len() - 2) as u8], &body[2..]].concat();
    assert!(Signature::parse(&partial).is_err(), "in parts");
    let indeterminate = [&[0x8b], &body[..]].concat();
    assert!(Signature::parse(&indeterminate).is_err(), "of no length");
    let old = [&[0x89], &(body.len() as u16).to_be_bytes()[..], &body].concat();
    assert_eq!(
        Signature::parse(&old),
        Signature::parse(&whole),
        "the older packet format"
    );
    let mut sixth = body;
    sixth[0] = 6;
    assert_eq!(
        Signature::parse(&packet(2, &sixth)),
        Err(OpenPgpError::Version {
            what: "signature",
            found: 6
        })
    );
}

#[test]
fn the_armor_is_strict() {
    let whole = packet(2, &document(1, &Parts::whole().primary, SIGNED, 0));
    let base64 = encoding::base64(&whole);
    let text = |head: &str, body: &str| {
        format!("-----BEGIN PGP SIGNATURE-----\n{head}\n{body}\n-----END PGP SIGNATURE-----\n")
    };
    for good in [text("", &base64), text("Comment: x\n", &base64)] {
        assert!(Signature::parse(good.as_bytes()).is_ok(), "{good}");
        assert!(Signature::parse(good.replace('\n', "\r\n").as_bytes()).is_ok());
    }
    for bad in [
        text("", &format!("{base64}\n=AAAA")),
        text("", &format!("{base64}\n=")),
        text("Comment", &base64),
        text("", &base64).replace("END PGP SIGNATURE", "END PGP MESSAGE"),
        text("", &base64).replace("SIGNATURE", "PUBLIC KEY BLOCK"),
        text("", &base64).repeat(2),
        text("", ""),
    ] {
        assert!(Signature::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn secret_keys_are_refused() {
    let secret = packet(5, &key_body(&key(1), BORN));
    assert_eq!(parse_certificates(&secret), Err(OpenPgpError::Secret));
    let armored = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n";
    assert_eq!(parse_certificates(armored.as_bytes()), Err(OpenPgpError::Secret));
    assert!(parse_certificates(&packet(13, USER)).is_err());
    assert!(parse_certificates(&[]).is_err());
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, at in 0_usize..2000, with: u8) {
        let _ = (Signature::parse(&bytes), parse_certificates(&bytes));
        let _ = (Signature::parse(&packet(2, &bytes)), parse_certificates(&packet(6, &bytes)));
        let mut whole = Parts::whole().bytes();
        let at = at % whole.len();
        whole[at] = with;
        let _ = parse_certificates(&whole);
    }

    #[test]
    fn a_changed_bit_moves_no_proof(at in 0_usize..300, bit in 0_u8..8) {
        let parts = Parts::whole();
        let mut body = document(1, &parts.primary, SIGNED, 0);
        let at = at % body.len();
        body[at] ^= 1 << bit;
        // the unsigned area is empty and the two bytes before the signature are compared, so nothing may change
        prop_assert!(parts.verify(&body, b"m").is_err());
    }
}
