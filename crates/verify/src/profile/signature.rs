//! Signatures on records, and where a bundle names or carries the key.

use serde::Deserialize;
use tickmark_crypto::key::KeyAlgorithm;

use super::{Encoding, Part, one_or_more};

/// A signature on a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Pointer of its text.
    pub field: String,
    /// How it is written; of several spellings the first that reads it.
    #[serde(rename = "enc", deserialize_with = "one_or_more")]
    pub encodings: Vec<Encoding>,
    /// Its algorithms. Which of them it is, the pinned key says; it is never read from the record.
    #[serde(rename = "alg", deserialize_with = "one_or_more")]
    pub algorithms: Vec<KeyAlgorithm>,
    /// Whether an ECDSA signature is `p1363` or `der`.
    #[serde(default)]
    pub form: Form,
    /// Whether of the two signatures that an ECDSA signature can be written as only the one with the lower `s` counts.
    #[serde(default)]
    pub low_s: bool,
    /// The signed bytes.
    pub message: Vec<Part>,
    /// Pointer of the object in which it stands, where a next record names a digest over that object too. What else is in it
    /// tells of the signature; nothing reaches it on the last record.
    pub envelope: Option<String>,
    /// When it must be there.
    #[serde(default)]
    pub required: Required,
    /// Whether it must stand under another key than the signatures before it in the profile.
    #[serde(default)]
    pub distinct: bool,
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
    /// Pointer of the key's SHA-256: of the key as bytes or as SubjectPublicKeyInfo, or its thumbprint (RFC 7638). Where
    /// it is there, only the key that it names can have signed.
    pub digest: Option<String>,
    /// Pointer of the key itself.
    pub field: Option<String>,
    /// Member that holds the key.
    pub file: Option<String>,
    /// Where the envelope of a JSON document carries the key.
    pub at: Option<String>,
    /// How the key is written: `hex`, `b64`, `ed25519:+b64` …, `pem`, `did`, `jwk`.
    pub enc: Option<String>,
}

impl Signature {
    /// Its bytes; `None` where its text is in none of its spellings.
    pub fn read(&self, text: &str) -> Option<Vec<u8>> {
        self.encodings.iter().find_map(|encoding| encoding.read(text))
    }

    /// Whether it is the signature of a signed token.
    pub fn is_jws(&self) -> bool {
        matches!(self.message.as_slice(), [Part::SigningInput])
    }

    /// Whether it may be of this algorithm.
    pub fn may_be(&self, algorithm: KeyAlgorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Whether it may be made with a secret that who checks it holds too.
    pub fn may_be_keyed(&self) -> bool {
        self.may_be(KeyAlgorithm::HmacSha256)
    }
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
