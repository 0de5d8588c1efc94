//! Bundles in: intake, import, verdict.
use serde::{Deserialize, Serialize};
use tickmark_verify::verification::{ClaimOutcome, Fault, Verification};

use super::ErrorView;
use super::finding::NoteView;

/// The time for which a bundle's completeness is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReviewPeriod {
    /// Its beginning: a day (in UTC unless a zone stands behind it) or an RFC 3339 instant.
    pub from: String,
    /// Its end, spelled alike: a last day belongs to it, a last instant does not.
    pub to: String,
}

/// Judge a kept bundle again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct VerifyAgain {
    /// The bundle.
    pub id: String,
    /// The review period from now on; else the one that is kept with the bundle.
    pub period: Option<ReviewPeriod>,
}

/// Who handed over what, when, on which medium, for which request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Intake {
    /// Who handed it over.
    pub received_from: String,
    /// When, as the reviewer states it.
    pub received_at: String,
    /// On which medium.
    pub medium: String,
    /// For which request.
    pub request: String,
    /// The digest that the sender stated. Another digest refutes integrity.
    pub sender_sha256: Option<String>,
    /// The review period that it is judged for. On import: the engagement's, where none is stated and that has both days.
    pub period: Option<ReviewPeriod>,
}

/// Import one file or folder.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportBundle {
    /// File or folder.
    pub path: String,
    /// How it came.
    pub intake: Intake,
    /// The system it comes from. The first import under a source pins its profile; a later one is judged under that.
    pub source: Option<String>,
    /// Id of a shipped profile, or path of a profile file; else detected.
    pub profile: Option<String>,
    /// Opens an age-encrypted bundle.
    pub passphrase: Option<String>,
    /// An age identity (`AGE-SECRET-KEY-1...`) that opens it.
    pub identity: Option<String>,
    /// A last hash that the sender stated by another way.
    pub expect_head: Option<String>,
    /// A count that the sender stated by another way.
    pub expect_count: Option<u64>,
}

/// `tickmark.import/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportSummary {
    /// Always `tickmark.import/1`.
    pub schema: String,
    /// One entry a path.
    pub bundles: Vec<ImportedBundle>,
}

/// One imported bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportedBundle {
    /// The path as given.
    pub name: String,
    /// Its id in the vault; `None` when nothing was stored.
    pub bundle: Option<String>,
    /// The profile's id, if one applies.
    pub source: Option<String>,
    /// The system it was imported under, as the vault spells it.
    pub under_source: Option<String>,
    /// Id of the profile that is expected of this source from now on, when this import pinned it.
    pub pins_profile: Option<String>,
    /// Its verdict.
    pub verdict: Option<ClaimOutcome>,
    /// Whether the same bytes were in the vault already.
    pub already_held: bool,
    /// The review period that it is judged for: of bytes that were in the vault already, the one that is kept with them.
    pub period: Option<ReviewPeriod>,
    /// What was stored.
    pub counts: ImportCounts,
    /// Its faults.
    pub faults: Vec<Fault>,
    /// Why nothing was stored.
    pub error: Option<ErrorView>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportCounts {
    /// Records.
    pub records: u64,
    /// Metric samples.
    pub metrics: u64,
    /// Evidence items.
    pub evidence: u64,
    /// Fairness results.
    pub fairness: u64,
    /// Personal data found.
    pub pii: u64,
}

/// How far a long task is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Progress {
    /// `receiving`, `judging`, `indexing`, `writing`.
    pub phase: String,
    /// Done so far, in `unit`.
    pub done: u64,
    /// In all, where known.
    pub total: Option<u64>,
    /// `bytes` or `records`.
    pub unit: String,
    /// Records judged so far.
    pub records: u64,
    /// Rate, in `unit` a second.
    pub per_second: u64,
    /// Time left, where known.
    pub seconds_left: Option<u64>,
    /// The first faults, as soon as they are seen.
    pub faults: Vec<Fault>,
}

/// A bundle in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct BundleRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The system it comes from, as the reviewer named it.
    pub source: Option<String>,
    /// Digest of the received bytes.
    pub sha256: String,
    /// Size of the received bytes.
    pub bytes: u64,
    /// Records in it.
    pub records: u64,
    /// Its verdict.
    pub verdict: ClaimOutcome,
    /// Claim.
    pub integrity: ClaimOutcome,
    /// Claim.
    pub authenticity: ClaimOutcome,
    /// Claim.
    pub completeness: ClaimOutcome,
    /// Claim.
    pub time: ClaimOutcome,
    /// Title of the profile it was judged under.
    pub profile: Option<String>,
    /// When it was imported.
    pub imported_at: String,
    /// By whom.
    pub imported_by: String,
    /// Faults in it.
    pub faults: u64,
    /// Earliest time that a record states.
    pub first_time: Option<String>,
    /// Latest time that a record states.
    pub last_time: Option<String>,
}

/// A bundle's verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct BundleView {
    /// The same as in the list.
    pub row: BundleRow,
    /// The newest judgement.
    pub verification: Verification,
    /// When it was judged.
    pub judged_at: String,
    /// How often it was judged; older judgements stay on file.
    pub judgements: u64,
    /// How it came.
    pub intake: Intake,
    /// Whether the sender's digest is the digest of what was received.
    pub digest_agrees: Option<bool>,
    /// Received files.
    pub files: u64,
    /// The custody event of its import.
    pub custody_seq: u64,
    /// Notes on the bundle and its checks.
    pub notes: Vec<NoteView>,
}
