//! The one spelling in which the vault hashes and signs JSON: RFC 8785 (JCS).

use serde_json::Value;
use tickmark_formats::canonical::{Dialect, to_vec};
use tickmark_formats::json;
use tickmark_formats::limits::Limits;

use crate::error::VaultError;

/// Writes a value as canonical JSON. Refuses what has no single spelling (numbers beyond a double, depth over 64).
pub(crate) fn canonical(value: &Value) -> Result<String, VaultError> {
    let text = value.to_string();
    let refused = |found: String| VaultError::Refused {
        what: "JSON",
        expected: "one canonical spelling",
        found,
    };
    let parsed =
        json::parse(text.as_bytes(), &Limits::default()).map_err(|error| refused(error.to_string()))?;
    let bytes = to_vec(&parsed, &Dialect::JCS).map_err(|error| refused(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| refused(error.to_string()))
}

/// Lower-case hex SHA-256.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(bytes))
}
