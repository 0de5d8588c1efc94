//! Keys that records carry in a field of their own. They show agreement within a bundle, never who wrote it.

use super::{KeyAlgorithm, KeyError, PublicKey, file, jwk, pem, raw};
use crate::encoding;

/// How a record writes the key that it carries; named by a profile and never guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyEncoding {
    /// One PEM block.
    Pem,
    /// Hex in either case.
    Hex,
    /// Standard base64, padded.
    Base64,
    /// Base64url, unpadded.
    Base64Url,
    /// A `did:key:z…` identifier, also as a verification method `did:key:z…#z…`.
    DidKey,
    /// Multibase base58: `z…` with a multicodec number, as in `publicKeyMultibase`.
    Multibase,
    /// A JSON Web Key as JSON text.
    Jwk,
    /// A fixed text, then hex.
    PrefixedHex {
        /// The text, such as `ed25519:`.
        prefix: String,
    },
    /// A fixed text, then standard base64, padded.
    PrefixedBase64 {
        /// The text, such as `ed25519:`.
        prefix: String,
    },
    /// A fixed text, then base64url, unpadded.
    PrefixedBase64Url {
        /// The text, such as `u`.
        prefix: String,
    },
}

/// Reads a key that a record carries, in the one encoding and for the one algorithm that the profile names.
///
/// Where the encoding gives bytes, these are a raw key or SubjectPublicKeyInfo.
///
/// # Errors
/// [`KeyError`].
pub fn parse_carried(
    text: &str,
    encoding: &KeyEncoding,
    algorithm: KeyAlgorithm,
) -> Result<PublicKey, KeyError> {
    if algorithm == KeyAlgorithm::HmacSha256 {
        return Err(KeyError::HmacHasNoPublicKey);
    }
    if text.len() > file::KEY_FILE_LIMIT {
        return Err(KeyError::TooLarge {
            limit: file::KEY_FILE_LIMIT,
            found: text.len(),
        });
    }
    let bound = Some(algorithm);
    let after = |prefix: &str| text.strip_prefix(prefix).ok_or(KeyError::Unrecognised);
    match encoding {
        KeyEncoding::Pem => parse_pem(text, algorithm),
        KeyEncoding::Hex => raw::parse_bytes(&encoding::unhex_any_case(text)?, bound),
        KeyEncoding::Base64 => raw::parse_bytes(&encoding::unbase64(text)?, bound),
        KeyEncoding::Base64Url => raw::parse_bytes(&encoding::unbase64url(text)?, bound),
        KeyEncoding::DidKey => raw::parse_did(after("did:key:")?, bound),
        KeyEncoding::Multibase => raw::parse_did(text, bound),
        KeyEncoding::Jwk => jwk::from_json(text)?.parse(bound).map(|found| found.key),
        KeyEncoding::PrefixedHex { prefix } => {
            raw::parse_bytes(&encoding::unhex_any_case(after(prefix)?)?, bound)
        }
        KeyEncoding::PrefixedBase64 { prefix } => {
            raw::parse_bytes(&encoding::unbase64(after(prefix)?)?, bound)
        }
        KeyEncoding::PrefixedBase64Url { prefix } => {
            raw::parse_bytes(&encoding::unbase64url(after(prefix)?)?, bound)
        }
    }
}

fn parse_pem(text: &str, algorithm: KeyAlgorithm) -> Result<PublicKey, KeyError> {
    file::refuse_secrets(text)?;
    match pem::blocks(text)?.as_slice() {
        [block] => pem::parse_block(block, Some(algorithm)),
        _ => Err(KeyError::Structure {
            at: 0,
            expected: "one PEM block",
        }),
    }
}
