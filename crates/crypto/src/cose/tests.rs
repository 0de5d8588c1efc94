use proptest::prelude::*;

use super::*;
use crate::{encoding::unhex, key::parse_keys, signing::SigningKey};

/// Makes messages as a signer would.
pub(crate) struct Message {
    pub protected: Vec<u8>,
    pub unprotected: Vec<u8>,
    pub payload: Option<Vec<u8>>,
}

impl Message {
    /// EdDSA in the protected headers, nothing else.
    pub(crate) fn of(payload: &[u8]) -> Self {
        Self {
            protected: vec![0xa1, 0x01, 0x27],
            unprotected: vec![0xa0],
            payload: Some(payload.to_vec()),
        }
    }

    pub(crate) fn signed(&self, key: &SigningKey, payload: &[u8]) -> Vec<u8> {
        let mut signed = Vec::new();
        cbor::write_head(&mut signed, 4, 4);
        cbor::write_text(&mut signed, "Signature1");
        cbor::write_bytes(&mut signed, &self.protected);
        cbor::write_bytes(&mut signed, &[]);
        cbor::write_bytes(&mut signed, payload);
        self.with_signature(&key.sign(&signed))
    }

    fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        let mut out = vec![0xd2, 0x84];
        cbor::write_bytes(&mut out, &self.protected);
        out.extend_from_slice(&self.unprotected);
        match &self.payload {
            Some(payload) => cbor::write_bytes(&mut out, payload),
            None => out.push(0xf6),
        }
        cbor::write_bytes(&mut out, signature);
        out
    }
}

/// RFC 9052, appendix C.2.1: the key is that of appendix C.7.1, kid "11".
#[test]
fn the_example_of_the_standard() {
    let bytes = unhex(concat!(
        "d28443a10126a10442313154546869732069732074686520636f6e74656e742e",
        "58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e",
        "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
    ))
    .unwrap();
    let jwk = r#"{"kty":"EC","crv":"P-256","x":"usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8","y":"IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"}"#;
    let key = parse_keys(jwk.as_bytes(), None).unwrap().remove(0).key;
    let message = Sign1::parse(&bytes, Tagging::Required).unwrap();
    assert_eq!(message.kid(), Some(&b"11"[..]));
    assert_eq!(message.payload(), Some(&b"This is the content."[..]));
    assert_eq!(message.verify(&key, b"", None), Ok(()));
    assert!(matches!(
        message.verify(&key, b"other", None),
        Err(CoseError::Signature(SignatureError::Mismatch))
    ));
    assert_eq!(
        message.verify(&key, b"", Some(b"other")),
        Err(CoseError::PayloadTwice)
    );
    let bare = message.without_unprotected();
    let again = Sign1::parse(&bare, Tagging::Required).unwrap();
    assert_eq!((again.verify(&key, b"", None), again.kid()), (Ok(()), None));
}

#[test]
fn a_payload_may_stand_elsewhere() {
    let key = SigningKey::generate().unwrap();
    let mut message = Message::of(b"elsewhere");
    message.payload = None;
    let bytes = message.signed(&key, b"elsewhere");
    let message = Sign1::parse(&bytes, Tagging::Required).unwrap();
    assert_eq!(message.verify(&key.public(), b"", Some(b"elsewhere")), Ok(()));
    assert!(message.verify(&key.public(), b"", Some(b"other")).is_err());
    assert_eq!(
        message.verify(&key.public(), b"", None),
        Err(CoseError::PayloadMissing)
    );
}

#[test]
fn the_message_names_no_other_algorithm_than_the_key() {
    let key = SigningKey::generate().unwrap();
    let named = |protected: &[u8]| {
        let mut message = Message::of(b"x");
        message.protected = protected.to_vec();
        let bytes = message.signed(&key, b"x");
        Sign1::parse(&bytes, Tagging::Required)
            .unwrap()
            .verify(&key.public(), b"", None)
    };
    assert_eq!(named(&[0xa1, 0x01, 0x27]), Ok(())); // EdDSA
    assert_eq!(named(&[0xa1, 0x01, 0x32]), Ok(())); // Ed25519
    assert_eq!(named(&[]), Ok(())); // the key says it
    assert!(matches!(
        named(&[0xa1, 0x01, 0x26]),
        Err(CoseError::Algorithm { .. })
    ));
    assert!(matches!(
        named(&[0xa1, 0x01, 0x63, b'x', b'y', b'z']),
        Err(CoseError::Algorithm { .. })
    ));
}

#[test]
fn headers_are_held_to_their_rules() {
    let key = SigningKey::generate().unwrap();
    let parse = |protected: &[u8], unprotected: &[u8]| {
        let mut message = Message::of(b"x");
        message.protected = protected.to_vec();
        message.unprotected = unprotected.to_vec();
        let bytes = message.signed(&key, b"x");
        Sign1::parse(&bytes, Tagging::Required).map(|_| ())
    };
    assert_eq!(
        parse(&[0xa1, 0x01, 0x27], &[0xa1, 0x01, 0x27]),
        Err(CoseError::HeaderTwice { label: 1 })
    );
    // crit: [99], not known
    assert!(matches!(
        parse(&[0xa2, 0x02, 0x81, 0x18, 99, 0x18, 99, 0x01], &[0xa0]),
        Err(CoseError::Critical { .. })
    ));
    // crit: [3], known but not there
    assert!(matches!(
        parse(&[0xa1, 0x02, 0x81, 0x03], &[0xa0]),
        Err(CoseError::Critical { .. })
    ));
    // crit: [1], known and there
    assert_eq!(parse(&[0xa2, 0x01, 0x27, 0x02, 0x81, 0x01], &[0xa0]), Ok(()));
    // crit: [], and crit where nothing protects it
    assert!(parse(&[0xa1, 0x02, 0x80], &[0xa0]).is_err());
    assert!(parse(&[0xa1, 0x01, 0x27], &[0xa1, 0x02, 0x81, 0x01]).is_err());
    // a header twice, within one map and within the bytes of the other
    assert!(matches!(
        parse(&[0xa2, 0x01, 0x27, 0x01, 0x26], &[0xa0]),
        Err(CoseError::Cbor(_))
    ));
    assert!(matches!(
        parse(&[0xa1, 0x01, 0x27], &[0xa2, 0x04, 0x40, 0x04, 0x40]),
        Err(CoseError::Cbor(_))
    ));
    assert!(parse(&[0x80], &[0xa0]).is_err());
}

#[test]
fn the_tag_is_that_of_one_signature() {
    let key = SigningKey::generate().unwrap();
    let bytes = Message::of(b"x").signed(&key, b"x");
    let bare = &bytes[1..];
    assert!(Sign1::parse(bare, Tagging::Required).is_err());
    assert!(Sign1::parse(bare, Tagging::Optional).is_ok());
    let other = [&[0xd1], bare].concat(); // COSE_Mac0
    assert!(Sign1::parse(&other, Tagging::Optional).is_err());
    let longer = [&bytes[..], &[0]].concat();
    assert!(Sign1::parse(&longer, Tagging::Required).is_err());
    for end in 0..bytes.len() {
        assert!(Sign1::parse(&bytes[..end], Tagging::Required).is_err());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>, protected: Vec<u8>) {
        let _ = Sign1::parse(&bytes, Tagging::Optional);
        let message = Message { protected, unprotected: bytes, payload: None };
        let _ = Sign1::parse(&message.with_signature(&[0; 64]), Tagging::Required);
    }
}
