//! What was received, how it came, and what it proves.

use serde::{Deserialize, Serialize};
use tickmark_verify::verification::Verification;

use super::Period;

/// One received bundle. Name, size, digest and packing stand in `verification.bundle`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its short name in this report, for example `B1`; records are cited by it.
    pub label: String,
    /// Its id in the vault.
    pub bundle: String,
    /// How it came.
    pub intake: Intake,
    /// When it was imported, RFC 3339.
    pub imported_at: String,
    /// By whom.
    pub imported_by: String,
    /// Version of the program that imported it.
    pub importer: String,
    /// The custody event of its import.
    pub custody_seq: u64,
    /// When it was last judged, RFC 3339.
    pub judged_at: String,
    /// How often it was judged; earlier judgements stay in the vault.
    pub judgements: u64,
    /// Earliest time that a record states, as recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub first_time: Option<String>,
    /// Latest time that a record states, as recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_time: Option<String>,
    /// The newest judgement.
    pub verification: Verification,
}

/// Who handed over what, when, on which medium, for which request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Who handed it over.
    pub received_from: String,
    /// When, as the reviewer states it.
    pub received_at: String,
    /// On which medium.
    pub medium: String,
    /// For which request.
    pub request: String,
    /// The digest that the sender stated, lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender_sha256: Option<String>,
    /// Whether it is the digest of what was received; `None` when the sender stated none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender_agrees: Option<bool>,
    /// The review period that it is judged for: each end a day or an RFC 3339 instant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub period: Option<Period>,
}
