use proptest::prelude::*;

use super::*;
use crate::{
    key::{PublicKey, parse_keys},
    signing::SigningKey,
};

const KEY_ID: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
const KID: &str = "0807060504030201";

fn sign(signer: &SigningKey, algorithm: &[u8; 2], message: &[u8], comment: &str) -> String {
    let signature = if algorithm == b"ED" {
        let mut taken = Message::blake2b();
        taken.update(message);
        signer.sign(&taken.blake2b_digest().unwrap())
    } else {
        signer.sign(message)
    };
    let global = signer.sign(&[&signature[..], comment.as_bytes()].concat());
    format!(
        "untrusted comment: signature\n{}\ntrusted comment: {comment}\n{}\n",
        encoding::base64(&[&algorithm[..], &KEY_ID, &signature].concat()),
        encoding::base64(&global)
    )
}

fn check(text: &str, message: &[u8], key: &PublicKey, kid: Option<&str>) -> Result<usize, MinisignError> {
    let signature = Signature::parse(text.as_bytes())?;
    let mut taken = signature.message();
    taken.update(message);
    signature.verify(&taken, &[Candidate { key, kid }])
}

#[test]
fn both_algorithms_stand_under_the_pinned_key_only() {
    let (signer, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    for algorithm in [b"ED", b"Ed"] {
        let text = sign(&signer, algorithm, b"m", "timestamp:1\tfile:m");
        assert_eq!(check(&text, b"m", &signer.public(), Some(KID)), Ok(0));
        assert_eq!(check(&text, b"m", &signer.public(), None), Ok(0));
        let mismatch = Err(MinisignError::Signature(SignatureError::Mismatch));
        assert_eq!(check(&text, b"n", &signer.public(), Some(KID)), mismatch);
        assert_eq!(check(&text, b"m", &other.public(), Some(KID)), mismatch);
        let refused = check(&text, b"m", &signer.public(), Some("0102030405060708"));
        assert!(matches!(refused, Err(MinisignError::NotPinned { .. })));
        assert!(refused.is_err_and(|error| error.is_undecided()));
        assert!(!MinisignError::TrustedComment.is_undecided());
        let read = Signature::parse(text.as_bytes()).unwrap();
        assert_eq!(read.key_id(), KID);
        assert_eq!(read.trusted_comment(), "timestamp:1\tfile:m");
        assert_eq!(read.is_prehashed(), algorithm == b"ED");
    }
}

/// The algorithm's two letters are not signed; changing them must not change what is signed into something valid.
#[test]
fn one_algorithm_is_not_taken_for_the_other() {
    let signer = SigningKey::generate().unwrap();
    let text = sign(&signer, b"ED", b"m", "c");
    let mut first = encoding::unbase64(text.lines().nth(1).unwrap()).unwrap();
    first[1] = b'd';
    let changed = text.replace(text.lines().nth(1).unwrap(), &encoding::base64(&first));
    let refused = check(&changed, b"m", &signer.public(), None);
    assert_eq!(refused, Err(MinisignError::Signature(SignatureError::Mismatch)));
}

#[test]
fn a_changed_comment_is_named() {
    let signer = SigningKey::generate().unwrap();
    let text = sign(&signer, b"ED", b"m", "timestamp:1");
    let changed = text.replace("timestamp:1", "timestamp:2");
    let refused = check(&changed, b"m", &signer.public(), None);
    assert_eq!(refused, Err(MinisignError::TrustedComment));
    let changed = text.replace("untrusted comment: signature", "untrusted comment: another");
    assert_eq!(check(&changed, b"m", &signer.public(), None), Ok(0));
}

#[test]
fn a_message_too_long_for_the_old_algorithm_is_named() {
    let signer = SigningKey::generate().unwrap();
    let signature = Signature::parse(sign(&signer, b"Ed", b"m", "c").as_bytes()).unwrap();
    let mut taken = Message::whole(2);
    taken.update(b"message");
    let refused = signature.verify(&taken, &[(&signer.public()).into()]);
    let error = MessageError::TooLong { limit: 2, found: 7 };
    assert_eq!(refused, Err(MinisignError::Message(error)));
}

#[test]
fn the_four_lines_are_strict() {
    let signer = SigningKey::generate().unwrap();
    let whole = sign(&signer, b"ED", b"m", "c");
    assert!(Signature::parse(whole.trim_end().as_bytes()).is_ok());
    assert!(Signature::parse(whole.replace('\n', "\r\n").as_bytes()).is_ok());
    let lines: Vec<&str> = whole.lines().collect();
    let mut changed = vec![
        format!("{whole}x\n"),
        format!("{whole}\n"),
        format!("\n{whole}"),
        whole.replace("trusted comment", "comment"),
        whole.replace("trusted comment: c", "trusted comment:c"),
        whole.replace(lines[1], &format!("{} ", lines[1])),
        whole.replace(lines[3], "AAAA"),
        whole.replace(lines[1], "AAAA"),
    ];
    changed.extend((0..4).map(|gone| {
        let mut left = lines.clone();
        left.remove(gone);
        left.join("\n")
    }));
    for text in changed {
        assert!(Signature::parse(text.as_bytes()).is_err(), "{text}");
    }
    let mut first = encoding::unbase64(lines[1]).unwrap();
    first[..2].copy_from_slice(b"EE");
    let text = whole.replace(lines[1], &encoding::base64(&first));
    let found = "4545".to_owned();
    assert_eq!(
        Signature::parse(text.as_bytes()),
        Err(MinisignError::Algorithm { found })
    );
}

/// What the key file reader gives is what a signature asks for.
#[test]
fn a_key_file_gives_the_candidate() {
    let signer = SigningKey::generate().unwrap();
    let bytes = [b"Ed", &KEY_ID[..], signer.public().ed25519_bytes().unwrap()].concat();
    let file = format!("untrusted comment: key\n{}\n", encoding::base64(&bytes));
    let found = parse_keys(file.as_bytes(), None).unwrap().remove(0);
    let signature = Signature::parse(sign(&signer, b"ED", b"m", "c").as_bytes()).unwrap();
    let mut taken = signature.message();
    taken.update(b"m");
    assert_eq!(signature.verify(&taken, &[(&found).into()]), Ok(0));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, first: Vec<u8>, second: Vec<u8>) {
        let _ = Signature::parse(&bytes);
        let (first, second) = (encoding::base64(&first), encoding::base64(&second));
        let text = format!("untrusted comment: x\n{first}\ntrusted comment: y\n{second}\n");
        let _ = Signature::parse(text.as_bytes());
    }
}
