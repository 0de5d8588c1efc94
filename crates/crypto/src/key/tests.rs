use proptest::prelude::*;

use super::*;
use crate::{
    encoding,
    secret::{Secret, SecretBytes},
    signature::EcdsaForm,
    signing::{EcdsaSigningKey, SigningKey, hmac_sha256},
};

/// RFC 8032, section 7.1, test 1; the same key in RFC 8037, appendix A.
const HEX: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn edwards() -> PublicKey {
    PublicKey::from_ed25519_bytes(&encoding::unhex(HEX).unwrap().try_into().unwrap()).unwrap()
}

fn only(text: &str) -> FoundKey {
    let mut keys = parse_keys(text.as_bytes(), None).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(keys.len(), 1, "{text}");
    keys.remove(0)
}

fn refusal(text: &str) -> KeyError {
    parse_keys(text.as_bytes(), None).expect_err(text)
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = encoding::base64(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn openssh(kind: &str, parts: &[&[u8]]) -> String {
    let mut blob = Vec::new();
    for part in [kind.as_bytes()].iter().chain(parts) {
        blob.extend((part.len() as u32).to_be_bytes());
        blob.extend_from_slice(part);
    }
    format!("{kind} {}", encoding::base64(&blob))
}

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
fn a_given_algorithm_binds() {
    let p256 = EcdsaSigningKey::generate().unwrap().public();
    let found = |key: &PublicKey, algorithm| {
        parse_keys(key.spki_der(), Some(algorithm)).map(|mut keys| keys.remove(0).key)
    };
    assert_eq!(found(&p256, KeyAlgorithm::Es256), Ok(p256.clone()));
    for expected in KeyAlgorithm::ALL {
        let refused = match expected {
            KeyAlgorithm::Es256 => continue,
            KeyAlgorithm::HmacSha256 => KeyError::HmacHasNoPublicKey,
            _ => KeyError::Algorithm {
                expected,
                found: KeyAlgorithm::Es256,
            },
        };
        assert_eq!(found(&p256, expected), Err(refused));
    }
    let clash =
        r#"{"kty":"OKP","crv":"Ed25519","alg":"ES256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(
        refusal(clash),
        KeyError::Algorithm {
            expected: KeyAlgorithm::Es256,
            found: KeyAlgorithm::Ed25519
        }
    );
    let prefixed = parse_keys(format!("p256:{HEX}").as_bytes(), None);
    assert!(prefixed.is_err());
    assert!(parse_keys(format!("ed25519:{HEX}").as_bytes(), Some(KeyAlgorithm::Es256)).is_err());
}

#[test]
fn points_are_read_compressed_and_not_and_only_when_on_the_curve() {
    let key = EcdsaSigningKey::generate().unwrap().public();
    let point = &key.spki_der()[26..];
    assert_eq!(point.len(), 65);
    let mut compressed = vec![2 + (point[64] & 1)];
    compressed.extend_from_slice(&point[1..33]);
    assert_eq!(only(&encoding::hex(point)).key, key);
    assert_eq!(only(&encoding::hex(&compressed)).key, key);
    assert_eq!(
        parse_keys(&point[1..], Some(KeyAlgorithm::Es256)).unwrap()[0].key,
        key
    );
    assert!(
        parse_keys(&point[1..], None).is_err(),
        "64 bytes alone say nothing"
    );

    let mut off = point.to_vec();
    off[64] ^= 1;
    assert_eq!(
        refusal(&encoding::hex(&off)),
        KeyError::NotOnCurve { curve: Curve::P256 }
    );
    off[0] = 6; // the hybrid form of SEC 1
    assert!(parse_keys(&off, Some(KeyAlgorithm::Es256)).is_err());
    let infinity = pem("PUBLIC KEY", &der::spki(der::P256, &[0]));
    assert_eq!(refusal(&infinity), KeyError::NotOnCurve { curve: Curve::P256 });
}

#[test]
fn weak_edwards_points_are_refused() {
    let small_order = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    for point in small_order {
        assert_eq!(refusal(point), KeyError::WeakPoint, "{point}");
    }
    let not_canonical = [
        "0100000000000000000000000000000000000000000000000000000000000080", // x = 0 with a sign
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = 1 + p
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // y = p
        "0200000000000000000000000000000000000000000000000000000000000000", // no point
    ];
    for point in not_canonical {
        assert_eq!(
            refusal(point),
            KeyError::NotOnCurve {
                curve: Curve::Ed25519
            },
            "{point}"
        );
    }
}

fn rsa(bits: usize, exponent: &[u8]) -> Result<PublicKey, KeyError> {
    let mut modulus = vec![0xc5; bits / 8];
    modulus[bits / 8 - 1] = 0x61;
    PublicKey::rsa(&modulus, exponent, None)
}

#[test]
fn weak_rsa_keys_are_refused() {
    const F4: &[u8] = &[1, 0, 1];
    assert_eq!(
        rsa(2048, F4).map(|key| key.algorithm()),
        Ok(KeyAlgorithm::RsaPkcs1Sha256)
    );
    assert_eq!(rsa(2040, F4), Err(KeyError::RsaTooShort { bits: 2040 }));
    assert_eq!(rsa(1024, F4), Err(KeyError::RsaTooShort { bits: 1024 }));
    assert_eq!(rsa(8200, F4), Err(KeyError::RsaTooLong { bits: 8200 }));
    for exponent in [
        &[3][..],
        &[1],
        &[],
        &[0xff, 0xff],
        &[1, 0, 0],
        &[1, 0, 2],
        &[1; 9],
        &[1; 33],
    ] {
        assert_eq!(rsa(2048, exponent), Err(KeyError::RsaExponent), "{exponent:?}");
    }
    let even = PublicKey::rsa(&[0xc4; 256], F4, None);
    assert_eq!(even, Err(KeyError::RsaModulus));
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
    assert_eq!(found.limits.valid_from.as_deref(), Some("1758240000.0"));
    assert_eq!(found.limits.valid_to.as_deref(), Some("2026-12-01T00:00:00Z"));
}

#[test]
fn secrets_pasted_by_mistake_are_named_and_not_repeated() {
    let signer = SigningKey::generate().unwrap();
    let seed = signer.seed();
    let pkcs8 = [
        &[
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ][..],
        seed.expose(),
    ]
    .concat();
    let public = crate::digest::Digest::from_slice(&signer.public().spki_der()[12..]).unwrap();
    let pair = [seed.expose(), public.as_bytes()].concat();
    let secrets = [
        pem("PRIVATE KEY", &pkcs8),
        pem("OPENSSH PRIVATE KEY", seed.expose()),
        pem("EC PRIVATE KEY", seed.expose()),
        pem("ENCRYPTED PRIVATE KEY", seed.expose()),
        format!(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{}\n-----END PGP PRIVATE KEY BLOCK-----",
            encoding::base64(&pair)
        ),
        encoding::hex(&pkcs8),
        encoding::base64(&pkcs8),
        encoding::hex(&pair),
        format!("ed25519:{}", encoding::base64(&pair)),
        format!(
            r#"{{"kty":"OKP","crv":"Ed25519","x":"{}","d":"{}"}}"#,
            HEX,
            encoding::base64url(seed.expose())
        ),
        format!(r#"{{"kty":"oct","k":"{}"}}"#, encoding::base64url(seed.expose())),
        format!(
            "PRIVATE+KEY+log.example+{}+{}",
            "01020304",
            encoding::base64(seed.expose())
        ),
        "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ".to_owned(),
        format!(
            "untrusted comment: minisign encrypted secret key\n{}",
            encoding::base64(&pair)
        ),
        format!(
            "did:key:z{}",
            encoding::base58(&[&[0x80, 0x26], seed.expose()].concat())
        ),
    ];
    let (hex, base64) = (encoding::hex(seed.expose()), encoding::base64(seed.expose()));
    for text in &secrets {
        let error = refusal(text);
        assert!(matches!(error, KeyError::Secret { .. }), "{error:?} for {text}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&hex) && !shown.contains(&base64[..40]), "{shown}");
    }
    assert!(matches!(parse_keys(&pkcs8, None), Err(KeyError::Secret { .. })));
    assert!(matches!(parse_keys(&pair, None), Err(KeyError::Secret { .. })));
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
fn structures_are_strict() {
    let spki = edwards().spki_der().to_vec();
    let read = |bytes: &[u8]| PublicKey::from_spki_der(bytes, None);
    assert!(
        read(&[spki.clone(), vec![0]].concat()).is_err(),
        "bytes after the end"
    );
    assert!(read(&spki[..43]).is_err(), "cut off");
    let long_length = [&[0x30, 0x81, 0x2a], &spki[2..]].concat();
    assert!(read(&long_length).is_err(), "length not minimal");
    let unused_bits = {
        let mut bytes = spki.clone();
        bytes[11] = 1;
        bytes
    };
    assert!(read(&unused_bits).is_err());
    let with_null = der::spki(&[der::ED25519, &[5, 0]].concat(), &spki[12..]);
    assert!(read(&with_null).is_err(), "parameters where there are none");
    for at in 0..12 {
        let mut changed = spki.clone();
        changed[at] ^= 0x40;
        assert!(read(&changed).is_err(), "{at}");
    }
    for text in [
        "-----BEGIN PUBLIC KEY-----\nAAAA",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END KEY-----\n",
    ] {
        assert!(matches!(refusal(text), KeyError::Structure { .. }), "{text}");
    }
    assert!(matches!(
        refusal("-----BEGIN PUBLIC KEY-----\nA\u{e4}AA\n-----END PUBLIC KEY-----\n"),
        KeyError::Encoding(_)
    ));
}

#[test]
fn other_kinds_are_named() {
    for (text, kind) in [
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "an X.509 certificate",
        ),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxx=\n=ab\n-----END PGP PUBLIC KEY BLOCK-----",
            "an OpenPGP key",
        ),
        (
            r#"{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#,
            "a Sigstore trusted root",
        ),
        (
            r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#,
            "a JSON Web Key of another kind",
        ),
    ] {
        assert_eq!(refusal(text), KeyError::Unsupported { kind });
    }
    for text in [
        "hello world",
        "{",
        "[1]",
        r#"{"kty":1}"#,
        "kid:abc",
        "did:key:6Mk",
        "did:web:example.com",
    ] {
        assert_eq!(refusal(text), KeyError::Unrecognised, "{text}");
    }
    for text in ["", " \n", "# only a comment\n", "{}"] {
        assert_eq!(refusal(text), KeyError::Empty, "{text:?}");
    }
    assert!(matches!(
        refusal(&"a".repeat(KEY_FILE_LIMIT + 1)),
        KeyError::TooLarge { .. }
    ));
}

#[test]
fn members_and_names_twice_are_refused() {
    let twice = r#"{"kty":"OKP","crv":"Ed25519","x":"AA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(refusal(twice), KeyError::Unrecognised);
    assert_eq!(
        refusal(&format!(r#"{{"a":"{HEX}","a":"{HEX}"}}"#)),
        KeyError::Unrecognised
    );
}

#[test]
fn openssh_lines_are_strict() {
    let raw = encoding::unhex(HEX).unwrap();
    let inside = openssh("ssh-ed25519", &[&raw]);
    let refused = [
        inside.replace("ssh-ed25519 ", "ecdsa-sha2-nistp256 "),
        openssh("ssh-ed25519", &[&raw, b"more"]),
        openssh("ssh-ed25519", &[&raw[..31]]),
        openssh("ssh-dss", &[&raw]),
        openssh("ecdsa-sha2-nistp256", &[b"nistp384", &raw]),
        format!("a@example cert-authority {inside}"),
        format!("a@example no-touch-required {inside}"),
        format!("a@example valid-before=\"20270101\",valid-before=\"20280101\" {inside}"),
        format!("a@example namespaces=\"open {inside}"),
        format!("a@example namespaces= {inside}"),
        "ssh-ed25519".to_owned(),
        "ssh-ed25519 AAAA".to_owned(),
    ];
    for line in refused {
        assert!(parse_keys(line.as_bytes(), None).is_err(), "{line}");
    }
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

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, algorithm in prop::option::of(prop::sample::select(&KeyAlgorithm::ALL[..]))) {
        let _ = parse_key_file(&bytes, algorithm);
        let _ = PublicKey::from_spki_der(&bytes, algorithm);
    }

    #[test]
    fn no_text_panics(text in r#"(did:key:z|ed25519:|ssh-ed25519 |\{"kty":"|-----BEGIN |untrusted comment:|a\+0102aabb\+)?\PC{0,80}(\n\PC{0,80}){0,3}"#) {
        let _ = parse_key_file(text.as_bytes(), None);
        for encoding in [KeyEncoding::Pem, KeyEncoding::Jwk, KeyEncoding::DidKey, KeyEncoding::Multibase] {
            let _ = parse_carried(&text, &encoding, KeyAlgorithm::Ed25519);
        }
    }

    #[test]
    fn no_changed_structure_panics_or_is_another_spelling(at in 0_usize..300, with: u8, cut in 0_usize..300) {
        let key = rsa(2048, &[1, 0, 1]).unwrap();
        let mut spki = key.spki_der().to_vec();
        let at = at % spki.len();
        spki[at] = with;
        if let Ok(read) = PublicKey::from_spki_der(&spki, None) {
            prop_assert_eq!(read.spki_der(), &spki[..]);
        }
        spki.truncate(cut);
        prop_assert!(cut >= key.spki_der().len() || PublicKey::from_spki_der(&spki, None).is_err());
    }
}
