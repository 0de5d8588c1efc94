//! Signatures on records, and where a bundle names or carries the key.

use serde::Deserialize;
use tickmark_crypto::key::KeyAlgorithm;

use super::{Encoding, Part, word};

/// A signature on a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Pointer of its text.
    pub field: String,
    /// How it is written.
    pub enc: Encoding,
    /// Its algorithm. Never read from the record.
    #[serde(deserialize_with = "word")]
    pub alg: KeyAlgorithm,
    /// Whether an ECDSA signature is `p1363` or `der`.
    #[serde(default)]
    pub form: Form,
    /// The signed bytes.
    pub message: Vec<Part>,
    /// When it must be there.
    #[serde(default)]
    pub required: Required,
    /// Where the record names or carries the key.
    #[serde(default)]
    pub key: CarriedKey,
}

/// How an ECDSA signature is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `r ‖ s`, fixed length.
    #[default]
    P1363,
    /// ASN.1 DER.
    Der,
}

/// When a signature must be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Required {
    /// On every record.
    #[default]
    Always,
    /// Never; one that is there is still checked.
    Never,
    /// When this pointer is there and not null.
    If(String),
}

/// Where a key is named or carried. A carried key proves only that the bundle agrees with itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedKey {
    /// Pointer of the key's name.
    pub kid: Option<String>,
    /// Pointer of the key itself.
    pub field: Option<String>,
    /// Member that holds the key.
    pub file: Option<String>,
    /// Where the envelope of a JSON document carries the key.
    pub at: Option<String>,
    /// How the key is written: `hex`, `b64`, `ed25519:+b64` …, `pem`, `did`, `jwk`.
    pub enc: Option<String>,
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "always" => Ok(Required::Always),
            "never" => Ok(Required::Never),
            other => match other.strip_prefix("if:") {
                Some(pointer) => Ok(Required::If(pointer.to_owned())),
                None => Err(serde::de::Error::custom(format!(
                    "required “{other}”: expected always, never or if:/pointer"
                ))),
            },
        }
    }
}
