//! Keys in every form, encodings and what a person pins.

use std::sync::OnceLock;

use tickmark_crypto::encoding::{
    base58, base64, base64url, hex, unbase58, unbase64, unbase64_either, unbase64_padding_optional,
    unbase64url, unhex, unhex_any_case,
};
use tickmark_crypto::key::{KeyAlgorithm, KeyEncoding, PublicKey, parse_carried, parse_key_file, parse_keys};
use tickmark_crypto::pin::parse_pins;
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::{EcdsaSigningKey, SigningKey};
use tickmark_verify::Trust;

use crate::target::{Listed, Target, joined, shape};

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new(
            "encoding",
            "hex and base64 that are read are written as they were",
            |name| {
                Target::new(name, &["=", "==", "+", "/", "-", "_", "\n"], encoding)
                    .seed("hex", "00ff10a5")
                    .seed("base64", "AP8Qpeo=")
                    .seed("base64url", "AP8Qpeo")
                    .seed("base58", "2NEpo7TZRRrLZSi2U")
            },
        ),
        Listed::new(
            "keys",
            "a key that is read is the same key when it is written as PEM",
            |name| key_seeds(Target::new(name, KEYS, key_file)),
        ),
        Listed::new(
            "carried-key",
            "a key that a record carries is of the algorithm that was asked for",
            |name| key_seeds(Target::new(name, KEYS, carried)),
        ),
        Listed::new(
            "pins",
            "what is pinned has an algorithm and a fingerprint",
            |name| {
                key_seeds(Target::new(name, KEYS, pins))
                    .seed("root", include_bytes!("../seeds/pins/root.pem"))
                    .seed("openpgp", include_bytes!("../seeds/pins/openpgp.asc"))
            },
        ),
        Listed::new(
            "trust",
            "a trust file is read whole or not at all, and never shows a secret",
            |name| key_seeds(Target::new(name, TRUST, trust)).seed("entries", entries()),
        ),
    ]
}

/// A signing key that everybody knows.
pub fn known(number: u8) -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![number; 32])).unwrap()
}

/// The same on P-256.
pub fn known_p256(number: u8) -> EcdsaSigningKey {
    EcdsaSigningKey::from_secret_bytes(&SecretBytes::new(vec![number; 32])).unwrap()
}

fn key_seeds(target: Target) -> Target {
    let key = known(1).public();
    let raw = key.ed25519_bytes().copied().unwrap_or_default();
    let coordinates = |bytes: &[u8]| base64url(bytes);
    let spki = known_p256(2).public().spki_der().to_vec();
    let (x, y) = spki[spki.len() - 64..].split_at(32);
    let jwk = format!(
        "{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"{}\"}}",
        base64url(&raw)
    );
    let ec = format!(
        "{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{}\",\"y\":\"{}\"}}",
        coordinates(x),
        coordinates(y)
    );
    target
        .seed("pem", key.pem())
        .seed("spki", spki.clone())
        .seed("hex", hex(&raw))
        .seed("prefixed", format!("ed25519:{}", base64(&raw)))
        .seed(
            "did",
            format!("did:key:z{}", base58(&[&[0xed, 1][..], &raw].concat())),
        )
        .seed("jwk", jwk.clone())
        .seed("jwks", format!("{{\"keys\":[{jwk},{ec}]}}"))
        .seed(
            "vkey",
            tickmark_crypto::note::NoteKey::new("log.example", key, tickmark_crypto::note::NoteKind::Ed25519)
                .and_then(|key| key.vkey())
                .unwrap_or_default(),
        )
}

fn entries() -> String {
    format!(
        "[[key]]\nalgorithm = \"ed25519\"\npublic_key = \"{}\"\nkid = \"agent-7\"\nowner = \"Example Bank\"\nconfirmed = \"by phone\"\n\
         valid_from = 2026-01-01T00:00:00Z\n\n[[key]]\nalgorithm = \"hmac-sha256\"\nsecret = \"{SECRET}\"\nowner = \"Example Bank\"\n",
        base64(known(1).public().spki_der())
    )
}

/// The secret of the seed; short pieces of it may be anybody's.
const SECRET: &str = "zqx-secret-7391";

fn encoding(input: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(input) else {
        return 0;
    };
    let lower = unhex(text);
    let any = unhex_any_case(text);
    let padded = unbase64(text);
    let url = unbase64url(text);
    let fifty_eight = unbase58(text);
    if let Ok(bytes) = &lower {
        assert_eq!(hex(bytes), text);
    }
    if let Ok(bytes) = &any {
        assert_eq!(hex(bytes), text.to_ascii_lowercase());
    }
    if let Ok(bytes) = &padded {
        assert_eq!(base64(bytes), text);
        assert_eq!(unbase64_padding_optional(text).as_ref(), Ok(bytes));
        assert_eq!(unbase64_either(text).as_ref(), Ok(bytes));
    }
    if let Ok(bytes) = &url {
        assert_eq!(base64url(bytes), text);
    }
    if let Ok(bytes) = &fifty_eight {
        assert_eq!(base58(bytes), text);
    }
    if let Ok(bytes) = unbase64_padding_optional(text) {
        assert_eq!(base64(&bytes).trim_end_matches('='), text.trim_end_matches('='));
    }
    assert_eq!(unhex(&hex(input)).as_deref(), Ok(input));
    joined(&[
        shape(&lower),
        shape(&any),
        shape(&padded),
        shape(&url),
        shape(&fifty_eight),
    ])
}

fn key_file(input: &[u8]) -> u64 {
    let read = parse_key_file(input, None);
    if let Ok(file) = &read {
        file.keys.iter().for_each(|found| comes_back(&found.key));
    }
    for algorithm in KeyAlgorithm::ALL {
        for found in parse_keys(input, Some(algorithm)).unwrap_or_default() {
            assert_eq!(found.key.algorithm(), algorithm);
        }
    }
    joined(&[
        shape(&read),
        read.map_or(0, |file| {
            joined(&[file.keys.len().min(3) as u64, file.skipped.len().min(3) as u64])
        }),
    ])
}

/// A key is the same when it is written and read again.
fn comes_back(key: &PublicKey) {
    if key.algorithm() == KeyAlgorithm::HmacSha256 {
        return;
    }
    let again = parse_keys(key.pem().as_bytes(), Some(key.algorithm()));
    let again = again.unwrap_or_else(|error| panic!("{} does not come back: {error}", key.pem()));
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].key.fingerprint(), key.fingerprint());
    let by_spki = PublicKey::from_spki_der(key.spki_der(), Some(key.algorithm()));
    assert_eq!(by_spki.map(|key| key.fingerprint()), Ok(key.fingerprint()));
}

fn carried(input: &[u8]) -> u64 {
    static ENCODINGS: OnceLock<Vec<KeyEncoding>> = OnceLock::new();
    let encodings = ENCODINGS.get_or_init(|| {
        let prefix = || "ed25519:".to_owned();
        vec![
            KeyEncoding::Pem,
            KeyEncoding::Hex,
            KeyEncoding::Base64,
            KeyEncoding::Base64Url,
            KeyEncoding::DidKey,
            KeyEncoding::Multibase,
            KeyEncoding::Jwk,
            KeyEncoding::PrefixedHex { prefix: prefix() },
            KeyEncoding::PrefixedBase64 { prefix: prefix() },
            KeyEncoding::PrefixedBase64Url { prefix: prefix() },
        ]
    });
    let Ok(text) = std::str::from_utf8(input) else {
        return 0;
    };
    let mut answers = Vec::new();
    for encoding in encodings {
        for algorithm in KeyAlgorithm::ALL {
            let read = parse_carried(text, encoding, algorithm);
            if let Ok(key) = &read {
                assert_eq!(key.algorithm(), algorithm);
                comes_back(key);
            }
            answers.push(shape(&read));
        }
    }
    joined(&answers)
}

fn pins(input: &[u8]) -> u64 {
    let read = parse_pins(input);
    for pin in read.iter().flatten() {
        assert!(pin.fingerprint().len() >= 40 && !pin.algorithm().is_empty());
    }
    shape(&read)
}

fn trust(input: &[u8]) -> u64 {
    let mut trust = Trust::default();
    let read = trust.add_file("trust.toml", input);
    match &read {
        Ok(()) => trust.keys().iter().for_each(|pinned| comes_back(&pinned.key)),
        Err(error) => {
            assert!(trust.is_empty(), "a part of it was added");
            assert!(!error.to_string().contains(SECRET), "the secret is told: {error}");
        }
    }
    shape(&read)
}

const KEYS: &[&str] = &[
    "-----BEGIN PUBLIC KEY-----\n",
    "-----END PUBLIC KEY-----\n",
    "-----BEGIN RSA PUBLIC KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN CERTIFICATE-----\n",
    "ed25519:",
    "did:key:z",
    "did:key:z6Mk",
    "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
    "\"kty\"",
    "\"OKP\"",
    "\"EC\"",
    "\"crv\"",
    "\"P-256\"",
    "\"P-384\"",
    "\"Ed25519\"",
    "\"keys\":[",
    "\"x\"",
    "\"d\"",
    "untrusted comment: x\n",
    "ssh-ed25519 AAAA",
    "ssh-rsa ",
    "ecdsa-sha2-nistp256 ",
    "namespaces=\"file\"",
    "valid-after=\"20260101\"",
    "cert-authority",
    "PublicKeyList",
    "+00000000+",
    "#",
    "=",
];

const TRUST: &[&str] = &[
    "[[key]]\n",
    "[[identity]]\n",
    "algorithm = \"ed25519\"\n",
    "algorithm = \"hmac-sha256\"\n",
    "algorithm = \"x509-root\"\n",
    "algorithm = \"openpgp\"\n",
    "algorithm = \"es256\"\n",
    "public_key = \"\"\n",
    "secret = \"x\"\n",
    "kid = \"a\"\n",
    "owner = \"a\"\n",
    "valid_from = 2026-01-01T00:00:00Z\n",
    "valid_to = 1970-01-01\n",
    "issuer = \"a\"\n",
    "'''",
    "\"\"\"",
    "=",
    "[",
    "]",
];
