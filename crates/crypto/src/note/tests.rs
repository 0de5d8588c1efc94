use proptest::prelude::*;

use super::*;
use crate::{
    key::parse_keys,
    signing::{EcdsaSigningKey, SigningKey},
};

fn line(key: &NoteKey, signature: &[u8]) -> String {
    let bytes = [&key.id[..], signature].concat();
    format!("— {} {}\n", key.name, encoding::base64(&bytes))
}

fn signer(name: &str, kind: NoteKind) -> (SigningKey, NoteKey) {
    let secret = SigningKey::generate().unwrap();
    let key = NoteKey::new(name, secret.public(), kind).unwrap();
    (secret, key)
}

const TEXT: &str = "example.com/log\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

#[test]
fn the_example_of_the_format() {
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let found = parse_keys(vkey.as_bytes(), None).unwrap().remove(0);
    let key = NoteKey::of_kid(found.kid.as_deref().unwrap(), &found.key).unwrap();
    assert_eq!(
        (key.kind(), key.vkey().as_deref()),
        (NoteKind::Ed25519, Some(vkey))
    );
    let note = "This is an example message.\n\n— example.com/foo \
        Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.verify(&[key]), Ok(vec![Verified { key: 0, time: None }]));
}

#[test]
fn unknown_keys_are_passed_over_and_a_known_one_that_fails_refuses() {
    let (secret, key) = signer("example.com/log", NoteKind::Ed25519);
    let (_, other) = signer("example.com/log", NoteKind::Ed25519);
    let good = line(&key, &secret.sign(TEXT.as_bytes()));
    let bad = line(&key, &secret.sign(b"something else"));
    let strange = line(&other, &[7; 64]);

    let note = format!("{TEXT}\n{strange}{good}");
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(
        note.verify(std::slice::from_ref(&key)),
        Ok(vec![Verified { key: 0, time: None }])
    );
    assert!(matches!(note.verify(&[other]), Err(NoteError::Signature { .. })));

    let note = format!("{TEXT}\n{good}{bad}");
    let note = Note::parse(note.as_bytes()).unwrap();
    assert!(matches!(
        note.verify(std::slice::from_ref(&key)),
        Err(NoteError::Signature { .. })
    ));

    let note = format!("{TEXT}\n{strange}");
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.verify(&[key]), Err(NoteError::NoKnownKey));
    assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));
}

#[test]
fn a_witness_signs_its_time() {
    let (secret, key) = signer("witness.example/w1", NoteKind::Cosignature);
    let cosign = |time: u64, text: &str| {
        let signature = secret.sign(&cosigned(time, text));
        line(&key, &[&time.to_be_bytes()[..], &signature].concat())
    };
    let verify = |note: String| {
        Note::parse(note.as_bytes())
            .unwrap()
            .verify(std::slice::from_ref(&key))
    };

    let time = 1_679_315_147;
    let stands = verify(format!("{TEXT}\n{}", cosign(time, TEXT)));
    assert_eq!(
        stands,
        Ok(vec![Verified {
            key: 0,
            time: Some(time)
        }])
    );

    // another time in front of the same signature
    let signature = secret.sign(&cosigned(time, TEXT));
    let moved = line(&key, &[&(time + 1).to_be_bytes()[..], &signature].concat());
    assert!(matches!(
        verify(format!("{TEXT}\n{moved}")),
        Err(NoteError::Signature { .. })
    ));

    // a plain signature of the same key is no cosignature, and a cosignature is none of a text that is no checkpoint
    let plain = line(&key, &secret.sign(TEXT.as_bytes()));
    assert!(verify(format!("{TEXT}\n{plain}")).is_err());
    let message = "This is an example message.\n";
    assert!(matches!(
        verify(format!("{message}\n{}", cosign(time, message))),
        Err(NoteError::Cosignature { .. })
    ));
    let late = 1_u64 << 63;
    assert!(matches!(
        verify(format!("{TEXT}\n{}", cosign(late, TEXT))),
        Err(NoteError::Cosignature { .. })
    ));
}

#[test]
fn rekor_signs_with_ecdsa() {
    let secret = EcdsaSigningKey::generate().unwrap();
    let key = NoteKey::new("rekor.example", secret.public(), NoteKind::Ecdsa).unwrap();
    let note = format!("{TEXT}\n{}", line(&key, &secret.sign(TEXT.as_bytes())));
    let parsed = Note::parse(note.as_bytes()).unwrap();
    assert!(parsed.verify(&[key]).is_ok());
    let other = EcdsaSigningKey::generate().unwrap().public();
    let other = NoteKey::new("rekor.example", other, NoteKind::Ecdsa).unwrap();
    assert_eq!(parsed.verify(&[other]), Err(NoteError::NoKnownKey));
}

#[test]
fn the_hash_of_a_vkey_tells_its_kind() {
    for kind in [NoteKind::Ed25519, NoteKind::Cosignature] {
        let (_, key) = signer("example.com/a", kind);
        let found = parse_keys(key.vkey().unwrap().as_bytes(), None)
            .unwrap()
            .remove(0);
        let again = NoteKey::of_kid(found.kid.as_deref().unwrap(), &found.key).unwrap();
        assert_eq!(again, key);
        assert_eq!(NoteKey::of_kid("example.com/b+00000000", &found.key), None);
    }
    let (secret, _) = signer("example.com/a", NoteKind::Ed25519);
    assert_eq!(NoteKey::new("a b", secret.public(), NoteKind::Ed25519), None);
    assert_eq!(NoteKey::new("a+b", secret.public(), NoteKind::Ed25519), None);
    assert_eq!(NoteKey::new("a", secret.public(), NoteKind::Ecdsa), None);
}

#[test]
fn what_is_no_note_to_the_letter_is_refused() {
    let (secret, key) = signer("example.com/log", NoteKind::Ed25519);
    let good = line(&key, &secret.sign(TEXT.as_bytes()));
    let whole = format!("{TEXT}\n{good}");
    assert!(Note::parse(whole.as_bytes()).is_ok());
    let refused = [
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        whole.trim_end().to_owned(),
        whole.replace("— ", "- "),
        whole.replace("example.com/log ", "example.com/log+x "),
        whole.replace('\n', "\r\n"),
        whole.replace("example", "exam\u{1}ple"),
        whole.replace("=\n", "\n"),
        format!("{TEXT}\n— example.com/log AAAAAA==\n"),
        format!("{TEXT}\n{}", good.repeat(SIGNATURE_LIMIT + 1)),
    ];
    for (number, note) in refused.iter().enumerate() {
        assert!(Note::parse(note.as_bytes()).is_err(), "{number}");
    }
    assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::Text { at: 0 }));
    let sixteen = format!("{TEXT}\n{}", good.repeat(16));
    assert!(Note::parse(sixteen.as_bytes()).unwrap().verify(&[key]).is_ok());
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, text in "(\\PC|\n){0,60}\n\n(— [a-z]{1,3} [A-Za-z0-9+/=]{0,12}\n){0,3}") {
        let _ = Note::parse(&bytes);
        if let Ok(note) = Note::parse(text.as_bytes()) {
            let _ = note.verify(&[]);
        }
    }
}
