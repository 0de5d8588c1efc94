//! The hashes that records carry, and how each names the one before.

use serde::Deserialize;
use tickmark_crypto::digest::Algorithm;

use super::{Encoding, Part, word};

/// The hash of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordHash {
    /// Algorithm.
    #[serde(deserialize_with = "word")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// Pointer where it is recorded; absent when the record does not carry its own hash.
    pub field: Option<String>,
    /// The hashed bytes.
    pub preimage: Vec<Part>,
}

/// A further hash in a record, for example of its payload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldHash {
    /// Pointer where it is recorded.
    pub field: String,
    /// Algorithm.
    #[serde(deserialize_with = "word")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// The hashed bytes.
    pub preimage: Vec<Part>,
    /// Whether the field may be absent.
    #[serde(default)]
    pub optional: bool,
}

/// How a record names its predecessor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Pointer of the predecessor's value; absent when it stands in no field and only enters the preimage.
    pub field: Option<String>,
    /// Values that a first record may have there. `"absent"` and `"null"` are words; text is written `"=text"`.
    #[serde(default)]
    pub genesis: Vec<Genesis>,
    /// Pointer of another field of the first record, whose text is its value there too.
    pub genesis_field: Option<String>,
    /// Whether a record with a first value may stand anywhere, and begins a trail of its own there.
    #[serde(default)]
    pub restarts: bool,
    /// What of the predecessor is named.
    pub target: Target,
    /// Further spellings in which a record may name the same digest.
    #[serde(default)]
    pub also: Vec<Encoding>,
    /// Whether a source keeps one chain for ever (one for each chain id, where the profile partitions) and never begins
    /// anew. An export that does not hold the end of an earlier one then refutes completeness.
    #[serde(default)]
    pub lasting: bool,
}

/// A value at the beginning of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Genesis {
    /// The field is not there.
    Absent,
    /// The field is null.
    Null,
    /// The field has this text.
    Text(String),
}

/// What of the predecessor is named.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Target {
    /// Its recorded hash.
    Hash,
    /// The text of one of its fields.
    Field(String),
    /// A digest over it that it does not carry itself.
    Preimage(TargetPreimage),
}

/// A digest over the predecessor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetPreimage {
    /// Algorithm.
    #[serde(deserialize_with = "word")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// The hashed bytes.
    pub parts: Vec<Part>,
}

impl<'de> Deserialize<'de> for Genesis {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "absent" => Ok(Genesis::Absent),
            "null" => Ok(Genesis::Null),
            other => match other.strip_prefix('=') {
                Some(rest) => Ok(Genesis::Text(expand_repeat(rest))),
                None => Err(serde::de::Error::custom(format!(
                    "genesis “{other}”: expected absent, null or =text"
                ))),
            },
        }
    }
}

/// `0*64` stands for sixty-four zeros, also after a prefix: `sha256:0*64`.
fn expand_repeat(text: &str) -> String {
    let repeated = || {
        let (head, times) = text.rsplit_once('*')?;
        let times = times.parse::<usize>().ok().filter(|times| *times <= 128)?;
        let mut start = head.chars();
        let last = start.next_back()?;
        Some(format!("{}{}", start.as_str(), String::from(last).repeat(times)))
    };
    repeated().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::expand_repeat;

    #[test]
    fn a_repeated_character_is_written_out() {
        assert_eq!(expand_repeat("sha256:0*4"), "sha256:0000");
        assert_eq!(expand_repeat("genesis"), "genesis");
        assert_eq!(expand_repeat("*4"), "*4");
        assert_eq!(expand_repeat("0*9999"), "0*9999");
        assert_eq!(expand_repeat(""), "");
    }
}
