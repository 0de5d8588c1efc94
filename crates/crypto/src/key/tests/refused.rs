use proptest::prelude::*;

use super::*;
use crate::signing::{EcdsaSigningKey, SigningKey};

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
