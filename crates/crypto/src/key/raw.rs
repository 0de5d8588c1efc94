//! Keys as bare bytes, and those bytes as hex, base64, base64url or `did:key`.

use super::{KeyAlgorithm, KeyError, PublicKey, der};
use crate::encoding;

/// Reads one key from a text without blanks: a prefix may name the algorithm or the encoding, the length tells the rest.
pub(super) fn parse_text(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    if let Some(identifier) = text.strip_prefix("did:key:") {
        return parse_did(identifier, algorithm);
    }
    match text.split_once(':') {
        None => parse_bytes(&decode(text)?, algorithm),
        Some((prefix, rest)) => {
            let named = match prefix.to_ascii_lowercase().as_str() {
                "ed25519" => Some(KeyAlgorithm::Ed25519),
                "p256" | "es256" => Some(KeyAlgorithm::Es256),
                "p384" | "es384" => Some(KeyAlgorithm::Es384),
                "rsa" => None,
                "ml-dsa-65" => Some(KeyAlgorithm::MlDsa65),
                "hex" | "base64" | "base64url" => None,
                _ => return Err(KeyError::Unrecognised),
            };
            match (named, algorithm) {
                (Some(found), Some(expected)) if found != expected => {
                    Err(KeyError::Algorithm { expected, found })
                }
                _ => parse_bytes(&decode(rest)?, algorithm.or(named)),
            }
        }
    }
}

/// Reads one key from bytes: SubjectPublicKeyInfo or PKCS#1 DER, an Ed25519 key, a point of P-256 or P-384, ML-DSA-65.
pub(super) fn parse_bytes(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    match (bytes.len(), bytes.first(), algorithm) {
        (0, ..) => Err(KeyError::Empty),
        (32, ..) => PublicKey::ed25519(bytes, algorithm),
        (33, Some(2 | 3), _) | (65, Some(4), _) => PublicKey::p256(bytes, algorithm),
        (49, Some(2 | 3), _) | (97, Some(4), _) => PublicKey::p384(bytes, algorithm),
        // x ‖ y without the leading 04 is read only where the algorithm is given: 64 bytes could be much else.
        (64, _, Some(KeyAlgorithm::Es256)) => PublicKey::p256(&uncompressed(bytes), algorithm),
        (96, _, Some(KeyAlgorithm::Es384)) => PublicKey::p384(&uncompressed(bytes), algorithm),
        (64, ..) if is_keypair(bytes) => Err(KeyError::Secret {
            form: "an Ed25519 key pair",
        }),
        (super::material::ML_DSA_65_BYTES, ..) => PublicKey::ml_dsa_65(bytes, algorithm),
        (_, Some(0x30), _) => der::parse_any(bytes, algorithm),
        (found, ..) => Err(KeyError::Length { found }),
    }
}

/// Reads a `did:key` identifier: multibase `z` (base58) of a multicodec number and the key (W3C did:key method).
pub(super) fn parse_did(identifier: &str, algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    // A verification method repeats the identifier after `#`.
    let identifier = match identifier.split_once('#') {
        Some((identifier, fragment)) if identifier == fragment => identifier,
        Some(_) => return Err(KeyError::Unrecognised),
        None => identifier,
    };
    let base58 = identifier.strip_prefix('z').ok_or(KeyError::Unrecognised)?;
    match *encoding::unbase58(base58)? {
        [0xed, 0x01, ref key @ ..] => PublicKey::ed25519(key, algorithm),
        [0x80, 0x24, ref key @ ..] => PublicKey::p256(key, algorithm),
        [0x81, 0x24, ref key @ ..] => PublicKey::p384(key, algorithm),
        [0x85, 0x24, ref key @ ..] => der::parse_pkcs1(key, algorithm),
        [0x80, 0x26, ..] => Err(KeyError::Secret {
            form: "an Ed25519 private key in multibase",
        }),
        _ => Err(KeyError::Unsupported {
            kind: "a did:key of another algorithm",
        }),
    }
}

/// Hex where every character is a hex digit, else base64 in either alphabet.
///
/// No key is readable both ways: a key's base64 of an even length of hex digits only would be a key of another length.
fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    if text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(encoding::unhex_any_case(text)?);
    }
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte))
    {
        return Err(KeyError::Unrecognised);
    }
    Ok(encoding::unbase64_either(text)?)
}

fn uncompressed(coordinates: &[u8]) -> Vec<u8> {
    let mut sec1 = vec![4];
    sec1.extend_from_slice(coordinates);
    sec1
}

/// 64 bytes whose second half is the public key of the first half.
fn is_keypair(bytes: &[u8]) -> bool {
    <&[u8; 64]>::try_from(bytes).is_ok_and(|pair| ed25519_dalek::SigningKey::from_keypair_bytes(pair).is_ok())
}
