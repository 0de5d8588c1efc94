//! Sources: the systems that bundles come from, and the profile that is expected of each.
use serde::{Deserialize, Serialize};

/// State the profile that is expected of a source.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ExpectProfile {
    /// The source.
    pub source: String,
    /// Id of a shipped profile, or path of a profile file.
    pub profile: String,
    /// Why it supersedes what was expected before; needed where something was.
    pub reason: Option<String>,
}

/// A system that bundles come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SourceView {
    /// Its name, as the reviewer gave it.
    pub name: String,
    /// Bundles that were imported under it.
    pub bundles: u64,
    /// The profile that is expected of it; `None` while no import showed one.
    pub expected: Option<ExpectedProfileView>,
    /// What was expected before, newest first.
    pub superseded: Vec<ExpectedProfileView>,
}

/// A profile that is, or was, expected of a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ExpectedProfileView {
    /// The profile's id.
    pub profile: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text, lower-case hex.
    pub digest: String,
    /// When it was stated.
    pub stated_at: String,
    /// By whom.
    pub stated_by: String,
    /// Why it superseded the one before.
    pub reason: Option<String>,
}
