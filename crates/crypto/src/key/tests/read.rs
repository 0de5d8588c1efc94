use super::*;
use crate::{
    secret::{Secret, SecretBytes},
    signature::EcdsaForm,
    signing::{EcdsaSigningKey, SigningKey, hmac_sha256},
};

#[test]
fn one_key_in_every_form() {
    let key = edwards();
    let (raw, spki) = (encoding::unhex(HEX).unwrap(), key.spki_der());
    let vkey_hash = {
        let named = [b"log.example/1\n".as_slice(), &[1], &raw].concat();
        encoding::hex(&crate::digest::sha256(&named)[..4])
    };
    let forms = [
        HEX.to_owned(),
        HEX.to_uppercase(),
        format!("0x{HEX}\n"),
        format!("\u{feff}{HEX}\r\n"),
        encoding::base64(&raw),
        encoding::base64url(&raw),
        encoding::base64(&raw).trim_end_matches('=').to_owned(),
        encoding::hex(spki),
        encoding::base64(spki),
        encoding::base64url(spki),
        format!("ed25519:{HEX}"),
        format!("Ed25519:{}", encoding::base64(&raw)),
        format!("# the gateway's key\n\n{HEX}\n"),
        pem("PUBLIC KEY", spki),
        format!("Subject: gateway\n{}", pem("PUBLIC KEY", spki).replace('\n', "\r\n")),
        format!("did:key:z{}", encoding::base58(&[&[0xed, 0x01], raw.as_slice()].concat())),
        // RFC 8037, appendix A.2
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#.to_owned(),
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#
            .to_owned(),
        format!(r#"{{"keys":[{{"kid":"a","alg":"Ed25519","public_key":"{}"}}]}}"#, encoding::base64(&raw)),
        format!(r#"{{"agent-7":"{HEX}"}}"#),
        openssh("ssh-ed25519", &[&raw]),
        format!("{} reviewer@example", openssh("ssh-ed25519", &[&raw])),
        format!("a@example,b@example namespaces=\"x y,z\" {} note", openssh("ssh-ed25519", &[&raw])),
        format!(
            "untrusted comment: minisign public key\n{}\n",
            encoding::base64(&[b"Ed".as_slice(), &[1, 2, 3, 4, 5, 6, 7, 8], &raw].concat())
        ),
        format!("log.example/1+{vkey_hash}+{}", encoding::base64(&[&[1], raw.as_slice()].concat())),
        // broken over two lines without PEM's own
        format!("{}\n{}", &encoding::base64(spki)[..32], &encoding::base64(spki)[32..]),
    ];
    for form in forms {
        assert_eq!(only(&form).key, key, "{form}");
    }
    assert_eq!(parse_keys(&raw, None).unwrap()[0].key, key);
    assert_eq!(parse_keys(spki, None).unwrap()[0].key, key);
    // as `openssl pkey -pubin -outform DER | sha256sum` prints it
    assert_eq!(
        key.fingerprint(),
        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9".to_owned()
    );
}

#[test]
fn what_stands_beside_a_key_is_kept() {
    let raw = encoding::unhex(HEX).unwrap();
    let signer = only(&format!(
        "a@example,b@example namespaces=\"audit bundle,git\",valid-before=\"20270101Z\" {} note",
        openssh("ssh-ed25519", &[&raw])
    ));
    assert_eq!(signer.comment.as_deref(), Some("a@example,b@example"));
    assert_eq!(signer.limits.namespaces.as_deref(), Some("audit bundle,git"));
    assert_eq!(
        (signer.limits.valid_from, signer.limits.valid_to.as_deref()),
        (None, Some("20270101Z"))
    );

    let plain = only(&format!("{} two words", openssh("ssh-ed25519", &[&raw])));
    assert_eq!(plain.comment.as_deref(), Some("two words"));

    let minisign = encoding::base64(
        &[
            b"Ed".as_slice(),
            &[0x1f, 0xe8, 0xb4, 0x42, 0x18, 0x0f, 0x62, 0xe7],
            &raw,
        ]
        .concat(),
    );
    let found = only(&format!(
        "untrusted comment: minisign public key E7620F1842B4E81F\n{minisign}"
    ));
    assert_eq!(found.kid.as_deref(), Some("E7620F1842B4E81F"));

    let jwk = only(
        r#"{"kty":"OKP","crv":"Ed25519","kid":"agent-7","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    );
    assert_eq!(jwk.kid.as_deref(), Some("agent-7"));
    assert_eq!(
        only(&format!(r#"{{"agent-7":"{HEX}"}}"#)).kid.as_deref(),
        Some("agent-7")
    );
}

#[test]
fn several_keys_keep_their_order_and_number() {
    let other = SigningKey::generate().unwrap().public();
    let text = [
        pem("PUBLIC KEY", edwards().spki_der()),
        pem("PUBLIC KEY", other.spki_der()),
    ]
    .concat();
    let keys: Vec<_> = parse_keys(text.as_bytes(), None)
        .unwrap()
        .into_iter()
        .map(|found| found.key)
        .collect();
    assert_eq!(keys, [edwards(), other.clone()]);

    let lines = format!("{HEX}\n# other\n{}\n", encoding::hex(other.spki_der()));
    assert_eq!(parse_keys(lines.as_bytes(), None).unwrap().len(), 2);

    let damaged = format!("{HEX}\n{HEX}00\n");
    let source = Box::new(KeyError::Length { found: 33 });
    assert_eq!(
        parse_keys(damaged.as_bytes(), None),
        Err(KeyError::At { number: 2, source })
    );
}

#[test]
fn a_key_set_may_hold_keys_for_other_uses_and_says_so() {
    let set = r#"{"keys":[
        {"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"EC","crv":"P-521","x":"AA","y":"AA"}]}"#;
    let file = parse_key_file(set.as_bytes(), None).unwrap();
    assert_eq!(file.keys.len(), 1);
    assert_eq!(
        file.skipped
            .iter()
            .map(|skipped| skipped.number)
            .collect::<Vec<_>>(),
        [1, 3]
    );

    let weak = set.replace(r#""use":"enc","#, "");
    let refused = parse_keys(weak.as_bytes(), None);
    assert!(
        matches!(refused, Err(KeyError::At { number: 1, .. })),
        "{refused:?}"
    );
    assert_eq!(refusal(r#"{"keys":[]}"#), KeyError::Empty);
}

/// The did:key method's own examples.
#[test]
fn did_keys_of_every_curve() {
    let cases = [
        (
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
            r#"{"kty":"OKP","crv":"Ed25519","x":"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"}"#,
        ),
        (
            "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            r#"{"kty":"EC","crv":"P-256","x":"fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
                "y":"hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU"}"#,
        ),
        (
            "did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
            r#"{"kty":"EC","crv":"P-384","x":"lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
                "y":"y6N1IC-2mXxHreETBW7K3mBcw0qGr3CWHCs-yl09yCQRLcyfGv7XhqAngHOu51Zv"}"#,
        ),
    ];
    for (did, jwk) in cases {
        assert_eq!(only(did).key, only(jwk).key, "{did}");
        let identifier = did.strip_prefix("did:key:").unwrap();
        let algorithm = only(did).key.algorithm();
        let method = format!("{did}#{identifier}");
        assert_eq!(
            parse_carried(&method, &KeyEncoding::DidKey, algorithm),
            Ok(only(did).key)
        );
        assert_eq!(
            parse_carried(identifier, &KeyEncoding::Multibase, algorithm),
            Ok(only(did).key)
        );
        assert!(parse_carried(&format!("{did}#z1"), &KeyEncoding::DidKey, algorithm).is_err());
    }
    assert!(matches!(
        refusal("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
        KeyError::Unsupported { .. }
    ));
}

#[test]
fn rsa_keys_bind_to_one_of_six_algorithms() {
    let key = rsa(2048, &[1, 0, 1]).unwrap();
    let pkcs1 = &key.spki_der()[24..];
    assert_eq!(only(&pem("RSA PUBLIC KEY", pkcs1)).key, key);
    assert_eq!(only(&encoding::base64(pkcs1)).key, key);
    let pss = key.bound_to(KeyAlgorithm::RsaPssSha384).unwrap();
    assert_eq!(
        (pss.algorithm(), pss.fingerprint()),
        (KeyAlgorithm::RsaPssSha384, key.fingerprint())
    );
    assert_ne!(pss, key);
    assert!(key.bound_to(KeyAlgorithm::Ed25519).is_err());
    assert!(edwards().bound_to(KeyAlgorithm::RsaPssSha256).is_err());
    assert_eq!(edwards().bound_to(KeyAlgorithm::Ed25519), Ok(edwards()));

    let number = |bytes: &[u8]| encoding::base64url(bytes);
    let modulus = number(&key.spki_der()[33..33 + 256]);
    let jwk = format!(r#"{{"kty":"RSA","alg":"PS512","n":"{modulus}","e":"AQAB"}}"#);
    assert_eq!(only(&jwk).key, key.bound_to(KeyAlgorithm::RsaPssSha512).unwrap());
    let list = format!(
        r#"{{"PublicKeyList":[{{"Value":"{}","Fingerprint":"30ca","ValidityStartTime":1758240000.0,
            "ValidityEndTime":"2026-12-01T00:00:00Z"}}]}}"#,
        encoding::base64(pkcs1)
    );
    let found = only(&list);
    assert_eq!((&found.key, found.kid.as_deref()), (&key, Some("30ca")));
    assert_eq!(found.limits.valid_from.as_deref(), Some("2025-09-19T00:00:00Z"));
    assert_eq!(found.limits.valid_to.as_deref(), Some("2026-12-01T00:00:00Z"));
    let (from, to) = (found.limits.begin().unwrap(), found.limits.end().unwrap());
    assert_eq!(from.map(|from| from.timestamp()), Some(1_758_240_000));
    assert_eq!(
        to.map(|to| to.to_rfc3339()),
        Some("2026-12-01T00:00:00+00:00".into())
    );
    // one owner publishes a set; keys that lie in one file may be anybody's
    let set = format!(r#"{{"keys":[{jwk}]}}"#);
    assert!(is_key_set(&list) && is_key_set(&set));
    for other in [
        jwk,
        key.pem() + &key.pem(),
        format!(r#"{{"a":"{HEX}","b":"{HEX}"}}"#),
    ] {
        assert!(!is_key_set(&other), "{other}");
    }
}

/// RFC 7638, section 3.1 (RSA) and RFC 8037, appendix A.3 (Ed25519).
#[test]
fn thumbprints_known_answers() {
    assert_eq!(
        edwards().thumbprint().as_deref(),
        Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    );
    let rsa = r#"{"kty":"RSA","e":"AQAB","alg":"RS256","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#;
    assert_eq!(
        only(rsa).key.thumbprint().as_deref(),
        Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    );
    let p256 = EcdsaSigningKey::generate().unwrap().public();
    assert_eq!(p256.thumbprint().map(|text| text.len()), Some(43));
    assert_eq!(hmac_key(Secret::new("s".to_owned())).thumbprint(), None);
}

#[test]
fn a_key_is_written_as_it_is_read() {
    let p256 = EcdsaSigningKey::generate().unwrap().public();
    for key in [edwards(), p256, rsa(2048, &[1, 0, 1]).unwrap()] {
        assert_eq!(only(&key.pem()).key, key);
        assert!(key.pem().lines().all(|line| line.len() <= 64));
    }
    assert_eq!(
        edwards()
            .ed25519_bytes()
            .map(|bytes| encoding::hex(bytes))
            .as_deref(),
        Some(HEX)
    );
    assert_eq!(hmac_key(Secret::new("s".to_owned())).pem(), "");
}

#[test]
fn an_hmac_key_hides_its_secret() {
    let key = hmac_key(Secret::new("correct horse".to_owned()));
    assert_eq!((key.fingerprint(), key.spki_der()), (String::new(), &[][..]));
    assert_eq!(format!("{key:?}"), "PublicKey(hmac-sha256 )");
    assert_eq!(key, hmac_key_bytes(SecretBytes::new(b"correct horse".to_vec())));
    assert_ne!(key, hmac_key(Secret::new("correct horsf".to_owned())));
    let tag = hmac_sha256(b"correct horse", b"m");
    assert_eq!(key.clone().verify(b"m", &tag, EcdsaForm::Der), Ok(()));
    assert!(parse_carried("correct horse", &KeyEncoding::Hex, KeyAlgorithm::HmacSha256).is_err());
}

#[test]
fn a_vkey_names_itself() {
    let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let found = only(text);
    assert_eq!(found.kid.as_deref(), Some("example.com/foo+530d903a"));
    assert_eq!(found.comment.as_deref(), Some("example.com/foo"));
    let renamed = refusal(&text.replace("foo", "bar"));
    assert!(matches!(renamed, KeyError::Id { .. }), "{renamed:?}");
}

#[test]
fn carried_keys_have_the_encoding_that_the_profile_names() {
    let raw = encoding::unhex(HEX).unwrap();
    let prefix = "ed25519:".to_owned();
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#.to_owned();
    let forms = [
        (KeyEncoding::Pem, pem("PUBLIC KEY", edwards().spki_der())),
        (KeyEncoding::Hex, HEX.to_owned()),
        (KeyEncoding::Base64, encoding::base64(&raw)),
        (KeyEncoding::Base64Url, encoding::base64url(&raw)),
        (KeyEncoding::Jwk, jwk),
        (
            KeyEncoding::PrefixedHex {
                prefix: prefix.clone(),
            },
            format!("{prefix}{HEX}"),
        ),
        (
            KeyEncoding::PrefixedBase64 {
                prefix: prefix.clone(),
            },
            format!("{prefix}{}", encoding::base64(&raw)),
        ),
        (
            KeyEncoding::PrefixedBase64Url {
                prefix: "u".to_owned(),
            },
            format!("u{}", encoding::base64url(&raw)),
        ),
    ];
    for (at, (encoding, _)) in forms.iter().enumerate() {
        for (other, (_, text)) in forms.iter().enumerate() {
            let read = parse_carried(text, encoding, KeyAlgorithm::Ed25519);
            assert_eq!(read.is_ok(), at == other, "{encoding:?} {text}");
        }
        assert!(parse_carried(&forms[at].1, encoding, KeyAlgorithm::Es256).is_err());
    }
}
