//! minisign public keys: a comment line and base64 of `Ed` ‖ key id (8 bytes) ‖ Ed25519 key (32 bytes).

use super::{FoundKey, KeyAlgorithm, KeyError, KeyLimits, PublicKey};
use crate::encoding;

/// Reads a minisign public key with its comment line.
pub(super) fn parse(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let comment = lines
        .next()
        .and_then(|line| line.strip_prefix("untrusted comment:"))
        .map(str::trim);
    let (Some(key), None) = (lines.next(), lines.next()) else {
        return Err(KeyError::Structure {
            at: 0,
            expected: "a comment line and one line of base64",
        });
    };
    let mut found = parse_bytes(&encoding::unbase64(key)?, algorithm)?;
    found.comment = comment.filter(|comment| !comment.is_empty()).map(str::to_owned);
    Ok(found)
}

/// Reads the 42 bytes of a minisign public key.
pub(super) fn parse_bytes(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    let wrong = KeyError::Length { found: bytes.len() };
    let rest = bytes.strip_prefix(b"Ed").ok_or_else(|| wrong.clone())?;
    let (id, key) = rest.split_first_chunk::<8>().ok_or_else(|| wrong.clone())?;
    if key.len() != 32 {
        return Err(wrong);
    }
    let key = PublicKey::ed25519(key, algorithm)?;
    // Written little-endian and shown big-endian, as minisign shows it.
    let kid = encoding::hex(&u64::from_le_bytes(*id).to_be_bytes()).to_uppercase();
    Ok(FoundKey {
        key,
        kid: Some(kid),
        comment: None,
        limits: KeyLimits::default(),
    })
}
