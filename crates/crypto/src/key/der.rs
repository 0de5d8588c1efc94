//! The two structures in which DER carries public keys.

use super::{KeyAlgorithm, KeyError, PublicKey};
use crate::asn1::{BIT_STRING, Der, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE, element};

/// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
pub(super) fn parse_spki(der: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    let mut outer = Der::new(der);
    let mut spki = outer.enter(SEQUENCE, "a SEQUENCE")?;
    outer.end()?;
    let mut kind = spki.enter(SEQUENCE, "the algorithm's SEQUENCE")?;
    let oid = kind.value(OBJECT_IDENTIFIER, "the algorithm's identifier")?;
    let key = spki.bit_string()?;
    spki.end()?;
    match oid {
        OID_ED25519 => {
            kind.end()?; // RFC 8410, section 3: no parameters
            PublicKey::ed25519(key, algorithm)
        }
        OID_ML_DSA_65 => {
            kind.end()?; // RFC 9881, section 2: no parameters
            PublicKey::ml_dsa_65(key, algorithm)
        }
        OID_EC => {
            let curve = kind.value(OBJECT_IDENTIFIER, "the curve's identifier")?;
            kind.end()?;
            match curve {
                OID_P256 => PublicKey::p256(key, algorithm),
                OID_P384 => PublicKey::p384(key, algorithm),
                OID_P521 => Err(KeyError::Unsupported {
                    kind: "a key on curve P-521",
                }),
                OID_SECP256K1 => Err(KeyError::Unsupported {
                    kind: "a key on curve secp256k1",
                }),
                _ => Err(KeyError::Unsupported {
                    kind: "a key on another curve",
                }),
            }
        }
        OID_RSA => {
            kind.value(NULL, "the NULL parameters of RSA")?;
            kind.end()?;
            parse_pkcs1(key, algorithm)
        }
        OID_RSA_PSS => parse_pkcs1(key, Some(pss(kind.rest(), algorithm)?)),
        OID_X25519 => Err(KeyError::Unsupported {
            kind: "an X25519 key, which encrypts and does not sign",
        }),
        OID_ED448 => Err(KeyError::Unsupported { kind: "an Ed448 key" }),
        _ => Err(KeyError::Unsupported {
            kind: "a key of another algorithm",
        }),
    }
}

/// Reads an RSAPublicKey (RFC 8017, appendix A.1.1): SEQUENCE { modulus INTEGER, publicExponent INTEGER }.
pub(super) fn parse_pkcs1(der: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    let (modulus, exponent) = rsa_numbers(der)?;
    PublicKey::rsa(modulus, exponent, algorithm)
}

/// The key bits of a SubjectPublicKeyInfo that was written here.
pub(super) fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    let mut inside = Der::new(spki).enter(SEQUENCE, "a SEQUENCE").ok()?;
    inside.value(SEQUENCE, "the algorithm's SEQUENCE").ok()?;
    inside.bit_string().ok()
}

/// The modulus and exponent of an RSAPublicKey, big-endian without leading zeros.
pub(super) fn rsa_numbers(pkcs1: &[u8]) -> Result<(&[u8], &[u8]), KeyError> {
    let mut outer = Der::new(pkcs1);
    let mut key = outer.enter(SEQUENCE, "a SEQUENCE")?;
    outer.end()?;
    let modulus = key.unsigned("the modulus")?;
    let exponent = key.unsigned("the exponent")?;
    key.end()?;
    Ok((modulus, exponent))
}

/// Reads DER of either kind, and says so when it is a private key.
pub(super) fn parse_any(der: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    let mut outer = Der::new(der);
    let mut inside = outer.enter(SEQUENCE, "a SEQUENCE")?;
    match inside.peek() {
        Some(INTEGER) => {
            // PKCS#1 and PKCS#8 private keys and SEC 1 keys begin with a version of 0 or 1; no modulus is that small.
            if matches!(inside.unsigned("the modulus"), Ok([0 | 1] | [])) {
                return Err(KeyError::Secret {
                    form: "a private key in DER",
                });
            }
            parse_pkcs1(der, algorithm)
        }
        _ => parse_spki(der, algorithm),
    }
}

/// Writes the SubjectPublicKeyInfo of a key: the algorithm's inner bytes as they stand, then the key as a BIT STRING.
pub(super) fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let mut bits = vec![0];
    bits.extend_from_slice(key);
    let mut inside = element(SEQUENCE, algorithm);
    inside.extend(element(BIT_STRING, &bits));
    element(SEQUENCE, &inside)
}

/// Writes an RSAPublicKey.
pub(super) fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let mut inside = unsigned(modulus);
    inside.extend(unsigned(exponent));
    element(SEQUENCE, &inside)
}

/// Algorithm identifiers as they stand inside a SubjectPublicKeyInfo.
pub(super) const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
pub(super) const ML_DSA_65: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];
pub(super) const RSA: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
pub(super) const P256: &[u8] = &[
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07,
];
pub(super) const P384: &[u8] = &[
    0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22,
];

/// The algorithm of a key under `id-RSASSA-PSS` (RFC 4055, section 3.1): without parameters it may be any of ours; with
/// parameters it is the one whose hash, mask and salt they name.
pub(crate) fn pss(parameters: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<KeyAlgorithm, KeyError> {
    let found = match parameters {
        [] => algorithm
            .filter(|asked| asked.is_rsa_pss())
            .unwrap_or(KeyAlgorithm::RsaPssSha256),
        _ => [
            (KeyAlgorithm::RsaPssSha256, 1, 32),
            (KeyAlgorithm::RsaPssSha384, 2, 48),
            (KeyAlgorithm::RsaPssSha512, 3, 64),
        ]
        .into_iter()
        .find(|(_, hash, salt)| pss_parameters(*hash, *salt) == parameters)
        .map(|(algorithm, ..)| algorithm)
        .ok_or(KeyError::Unsupported {
            kind: "an RSA-PSS key with unusual parameters",
        })?,
    };
    match algorithm {
        Some(expected) if expected != found => Err(KeyError::Algorithm { expected, found }),
        _ => Ok(found),
    }
}

/// RSASSA-PSS-params: hash, MGF1 with the same hash, salt as long as the digest; `hash` is the last part of its identifier.
fn pss_parameters(hash: u8, salt: u8) -> Vec<u8> {
    let hash = [
        0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, 0x05, 0x00,
    ];
    let mgf1 = [
        &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08][..],
        &hash,
    ]
    .concat();
    let fields = [
        element(0xa0, &hash),
        element(0xa1, &element(SEQUENCE, &mgf1)),
        element(0xa2, &[INTEGER, 1, salt]),
    ];
    element(SEQUENCE, &fields.concat())
}

fn unsigned(number: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(number.len() + 1);
    if number.first().is_none_or(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(number);
    element(INTEGER, &content)
}

const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const OID_ED448: &[u8] = &[0x2b, 0x65, 0x71];
const OID_X25519: &[u8] = &[0x2b, 0x65, 0x6e];
const OID_ML_DSA_65: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12];
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const OID_P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
const OID_SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
