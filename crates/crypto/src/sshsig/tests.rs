use proptest::prelude::*;

use super::*;
use crate::signing::{EcdsaSigningKey, SigningKey};

fn text(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The parts of a signature, to be changed one at a time.
#[derive(Clone)]
struct Parts {
    key: Vec<u8>,
    namespace: Vec<u8>,
    reserved: Vec<u8>,
    hash: Vec<u8>,
    scheme: Vec<u8>,
    bytes: Vec<u8>,
    after: Vec<u8>,
}

impl Parts {
    fn of(signer: &SigningKey, message: &[u8]) -> Self {
        let digest = Algorithm::Sha512.of(message);
        let signed = [MAGIC, &text(&[b"file", b"", b"sha512", digest.as_bytes()])].concat();
        Self {
            key: text(&[b"ssh-ed25519", signer.public().ed25519_bytes().unwrap()]),
            namespace: b"file".to_vec(),
            reserved: Vec::new(),
            hash: b"sha512".to_vec(),
            scheme: b"ssh-ed25519".to_vec(),
            bytes: signer.sign(&signed).to_vec(),
            after: Vec::new(),
        }
    }

    fn blob(&self) -> Vec<u8> {
        let signature = text(&[&self.scheme, &self.bytes]);
        let parts = text(&[&self.key, &self.namespace, &self.reserved, &self.hash, &signature]);
        [MAGIC, &[0, 0, 0, 1], &parts, &self.after].concat()
    }

    fn armored(&self) -> String {
        armor(&self.blob())
    }

    fn parse(&self) -> Result<Signature, SshsigError> {
        Signature::parse(self.armored().as_bytes())
    }
}

fn armor(blob: &[u8]) -> String {
    let base64 = encoding::base64(blob);
    let lines: Vec<_> = base64
        .as_bytes()
        .chunks(70)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
}

fn check(signature: &Signature, message: &[u8], key: &PublicKey) -> Result<usize, SshsigError> {
    let mut taken = signature.message();
    taken.update(message);
    signature.verify(&taken, "file", &[key.into()])
}

#[test]
fn a_signature_stands_under_its_pinned_key_only() {
    let (signer, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let signature = Parts::of(&signer, b"m").parse().unwrap();
    assert_eq!(check(&signature, b"m", &signer.public()), Ok(0));
    assert_eq!(
        check(&signature, b"n", &signer.public()),
        Err(SshsigError::Signature(SignatureError::Mismatch))
    );
    let refused = check(&signature, b"m", &other.public());
    let carried = signer.public().fingerprint();
    assert!(refused.as_ref().is_err_and(SshsigError::is_undecided));
    assert_eq!(refused, Err(SshsigError::NotPinned { carried }));
    let forged = check(&signature, b"n", &signer.public());
    assert!(!forged.is_err_and(|error| error.is_undecided()));
    let mut taken = signature.message();
    taken.update(b"m");
    let (one, two) = (other.public(), signer.public());
    let candidates = [Candidate::from(&one), Candidate::from(&two)];
    assert_eq!(signature.verify(&taken, "file", &candidates), Ok(1));
}

/// Someone signs with his own key and names the pinned one inside.
#[test]
fn the_key_inside_is_a_hint_only() {
    let (pinned, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let mut parts = Parts::of(&other, b"m");
    parts.key = Parts::of(&pinned, b"m").key;
    let signature = parts.parse().unwrap();
    assert_eq!(
        check(&signature, b"m", &pinned.public()),
        Err(SshsigError::Signature(SignatureError::Mismatch))
    );
}

#[test]
fn another_namespace_is_refused() {
    let signer = SigningKey::generate().unwrap();
    let signature = Parts::of(&signer, b"m").parse().unwrap();
    let mut taken = signature.message();
    taken.update(b"m");
    let refused = signature.verify(&taken, "git", &[(&signer.public()).into()]);
    assert_eq!(
        refused,
        Err(SshsigError::Namespace {
            expected: "git".to_owned(),
            found: "file".to_owned()
        })
    );
    // and the namespace written outside the signature is part of what was signed
    let mut parts = Parts::of(&signer, b"m");
    parts.namespace = b"git".to_vec();
    let signature = parts.parse().unwrap();
    let refused = signature.verify(&taken, "git", &[(&signer.public()).into()]);
    assert_eq!(refused, Err(SshsigError::Signature(SignatureError::Mismatch)));
}

#[test]
fn a_message_taken_in_for_another_signature_is_refused() {
    let signer = SigningKey::generate().unwrap();
    let signature = Parts::of(&signer, b"m").parse().unwrap();
    let refused = signature.verify(
        &Message::hashed([Algorithm::Sha256]),
        "file",
        &[(&signer.public()).into()],
    );
    assert_eq!(refused, Err(SshsigError::Message(MessageError::Foreign)));
}

#[test]
fn weak_and_unknown_algorithms_are_refused_by_name() {
    let whole = Parts::of(&SigningKey::generate().unwrap(), b"m");
    for scheme in [
        "ssh-rsa",
        "ssh-dss",
        "sk-ssh-ed25519@openssh.com",
        "ecdsa-sha2-nistp521",
    ] {
        let mut parts = whole.clone();
        parts.scheme = scheme.into();
        let found = scheme.to_owned();
        assert_eq!(parts.parse(), Err(SshsigError::Scheme { found }));
    }
    for hash in ["sha1", "md5", "sha384", "SHA512", ""] {
        let mut parts = whole.clone();
        parts.hash = hash.into();
        let found = hash.to_owned();
        assert_eq!(parts.parse(), Err(SshsigError::Hash { found }));
    }
    let said = SshsigError::Scheme {
        found: "ssh-rsa".to_owned(),
    };
    assert!(said.to_string().ends_with("it signs with SHA-1"));
}

#[test]
fn a_signature_of_another_algorithm_than_the_key_is_refused() {
    let mut parts = Parts::of(&SigningKey::generate().unwrap(), b"m");
    parts.scheme = b"rsa-sha2-512".to_vec();
    assert!(matches!(
        parts.parse(),
        Err(SshsigError::Key(KeyError::Algorithm { .. }))
    ));
}

#[test]
fn the_structure_is_strict() {
    let whole = Parts::of(&SigningKey::generate().unwrap(), b"m");
    let changes: [fn(&mut Parts); 6] = [
        |parts| parts.after = vec![0],
        |parts| parts.reserved = b"x".to_vec(),
        |parts| parts.namespace = Vec::new(),
        |parts| parts.namespace = b"a\0b".to_vec(),
        |parts| parts.key.push(0),
        |parts| parts.key = Vec::new(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut parts = whole.clone();
        change(&mut parts);
        assert!(parts.parse().is_err(), "change {number}");
    }
    let blob = whole.blob();
    for length in 0..blob.len() {
        assert!(
            Signature::parse(armor(&blob[..length]).as_bytes()).is_err(),
            "{length}"
        );
    }
    let mut second = blob;
    second[9] = 2;
    assert_eq!(
        Signature::parse(armor(&second).as_bytes()),
        Err(SshsigError::Version { found: 2 })
    );
}

#[test]
fn the_armor_is_strict() {
    let whole = Parts::of(&SigningKey::generate().unwrap(), b"m").armored();
    assert!(Signature::parse(whole.as_bytes()).is_ok());
    assert!(Signature::parse(whole.trim_end().as_bytes()).is_ok());
    assert!(Signature::parse(whole.replace('\n', "\r\n").as_bytes()).is_ok());
    for changed in [
        format!(" {whole}"),
        format!("\n{whole}"),
        format!("{whole}\n"),
        format!("{whole}{whole}"),
        whole.replace("-----END SSH SIGNATURE-----\n", ""),
        whole.replace("-----END SSH SIGNATURE-----", "-----END SSH SIGNATURE----"),
        whole.replacen("SSH SIGNATURE-----\n", "SSH SIGNATURE-----\n\n", 1),
        whole.replacen("SSH SIGNATURE-----\n", "SSH SIGNATURE-----\nComment: x\n", 1),
        whole.replace('=', ""),
    ] {
        // base64 without padding differs only where there is padding
        if changed != whole {
            assert!(Signature::parse(changed.as_bytes()).is_err(), "{changed}");
        }
    }
    let long = "x".repeat(SSHSIG_LIMIT + 1);
    assert!(matches!(
        Signature::parse(long.as_bytes()),
        Err(SshsigError::TooLarge { .. })
    ));
}

#[test]
fn numbers_of_ecdsa_have_one_spelling() {
    let signer = EcdsaSigningKey::generate().unwrap();
    let point = crate::key::PublicKey::from_spki_der(signer.public().spki_der(), None)
        .unwrap()
        .spki_der()[26..]
        .to_vec();
    let digest = Algorithm::Sha256.of(b"m");
    let signed = [MAGIC, &text(&[b"file", b"", b"sha256", digest.as_bytes()])].concat();
    let der = signer.sign(&signed);
    let r = der[4..4 + usize::from(der[3])].to_vec();
    let s = der[6 + r.len()..].to_vec();
    let parts = |numbers: &[&[u8]]| Parts {
        key: text(&[b"ecdsa-sha2-nistp256", b"nistp256", &point]),
        namespace: b"file".to_vec(),
        reserved: Vec::new(),
        hash: b"sha256".to_vec(),
        scheme: b"ecdsa-sha2-nistp256".to_vec(),
        bytes: text(numbers),
        after: Vec::new(),
    };
    let signature = parts(&[&r, &s]).parse().unwrap();
    assert_eq!(check(&signature, b"m", &signer.public()), Ok(0));
    assert!(check(&signature, b"n", &signer.public()).is_err());
    let padded = [&[0], &r[..]].concat();
    for numbers in [
        &[&padded[..], &s][..],
        &[&r, &s, &s],
        &[&r],
        &[&[0x80; 32], &s],
        &[&[1; 33], &s],
    ] {
        assert!(parts(numbers).parse().is_err(), "{numbers:?}");
    }
}

#[test]
fn a_pinned_key_of_another_algorithm_does_not_serve() {
    let signer = SigningKey::generate().unwrap();
    let signature = Parts::of(&signer, b"m").parse().unwrap();
    for other in [
        crate::key::hmac_key(crate::secret::Secret::new("x".to_owned())),
        EcdsaSigningKey::generate().unwrap().public(),
    ] {
        assert!(matches!(
            check(&signature, b"m", &other),
            Err(SshsigError::NotPinned { .. })
        ));
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = Signature::parse(&bytes);
        let _ = Signature::parse(armor(&bytes).as_bytes());
        let _ = Signature::parse_blob(&[MAGIC, &[0, 0, 0, 1], &bytes].concat());
    }

    #[test]
    fn a_changed_bit_is_never_proven(at in 0_usize..600, bit in 0_u8..8) {
        let signer = SigningKey::from_seed(&crate::secret::SecretBytes::new(vec![7; 32])).unwrap();
        let mut blob = Parts::of(&signer, b"m").blob();
        let at = at % blob.len();
        blob[at] ^= 1 << bit;
        if let Ok(signature) = Signature::parse_blob(&blob) {
            prop_assert!(check(&signature, b"m", &signer.public()).is_err());
        }
    }
}
