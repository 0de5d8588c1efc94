//! Where records lie, how they are recognised and how they number themselves.

use serde::Deserialize;

/// How a trail is recognised: by its shape, then by reproducing a recorded hash.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Pointers that every record of the first twenty must have.
    #[serde(default)]
    pub all: Vec<String>,
    /// Pointers of which no record may have any.
    #[serde(default)]
    pub none: Vec<String>,
    /// Pointers with the text that they must have.
    #[serde(default, rename = "const")]
    pub constant: std::collections::BTreeMap<String, String>,
}

/// Where records lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How they are written.
    pub kind: SourceKind,
    /// Which members hold them: a name with `*` for any run of characters; absent for every member of the kind.
    pub file: Option<String>,
    /// For `json`: pointer of the array.
    #[serde(default)]
    pub at: String,
    /// Pointer whose text names the chain; absent for one chain.
    pub partition: Option<String>,
    /// In which order records are judged.
    #[serde(default)]
    pub order: Order,
}

/// In which order records are judged. They are counted and told in file order all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Order {
    /// As they stand.
    #[default]
    File,
    /// By the number, instant or text at this pointer; equal ones as they stand.
    By(String),
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// One record a line.
    Jsonl,
    /// A JSON document with the records in an array.
    Json,
    /// One record a member.
    Files,
    /// One signed token (RFC 7515) a line.
    Jws,
    /// One signed token a member.
    JwsFiles,
}

impl SourceKind {
    /// Whether records lie in signed tokens, and are opened before anything is read in them.
    pub fn is_jws(self) -> bool {
        matches!(self, SourceKind::Jws | SourceKind::JwsFiles)
    }
}

/// The records' own numbering.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seq {
    /// Pointer of the number.
    pub field: String,
    /// The first number of a whole trail.
    #[serde(default)]
    pub start: i64,
    /// What is added each time; below zero where records count down.
    #[serde(default = "one")]
    pub step: i64,
    /// Whether records may have no number; those that have one are still counted on.
    #[serde(default)]
    pub optional: bool,
    /// Whether a gap is a fault (`fail`) or only told (`report`).
    #[serde(default)]
    pub gaps: Gaps,
}

/// What a gap in the numbering means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gaps {
    /// A fault.
    #[default]
    Fail,
    /// Told, and completeness is not proven.
    Report,
}

fn one() -> i64 {
    1
}

impl<'de> Deserialize<'de> for Order {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "file" => Ok(Order::File),
            pointer if pointer.starts_with('/') => Ok(Order::By(text)),
            _ => Err(serde::de::Error::custom(format!(
                "order “{text}”: expected file or a pointer such as /seq"
            ))),
        }
    }
}

impl Order {
    /// The pointer by which records are put in order.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Order::File => None,
            Order::By(pointer) => Some(pointer),
        }
    }
}
