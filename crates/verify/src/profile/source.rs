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
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// One record a line.
    Jsonl,
    /// A JSON document with the records in an array.
    Json,
    /// One record a member.
    Files,
}

/// The records' own numbering.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seq {
    /// Pointer of the number.
    pub field: String,
    /// The first number of a whole trail.
    #[serde(default)]
    pub start: u64,
    /// What is added each time.
    #[serde(default = "one")]
    pub step: u64,
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

fn one() -> u64 {
    1
}
