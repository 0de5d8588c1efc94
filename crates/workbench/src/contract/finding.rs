//! Findings and notes.
use serde::{Deserialize, Serialize};

/// Kind of thing that a finding or note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A record.
    Record,
    /// A bundle.
    Bundle,
    /// A check of a bundle.
    Check,
    /// A drawn unit.
    Unit,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
    /// For information.
    Info,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// Being written.
    Draft,
    /// Raised.
    Open,
    /// The other party has answered.
    Answered,
    /// Settled.
    Closed,
    /// Taken back.
    Withdrawn,
}

/// What a finding or note is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct EvidenceRef {
    /// Kind of thing.
    pub kind: EvidenceKind,
    /// The bundle.
    pub bundle: Option<String>,
    /// The record's number.
    pub position: Option<u64>,
    /// The record's id.
    pub record_id: Option<String>,
    /// The check's id.
    pub check: Option<String>,
    /// The plan.
    pub plan: Option<String>,
    /// The drawn unit.
    pub ordinal: Option<u64>,
}

/// Write a finding, or supersede one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WriteFinding {
    /// The finding that is superseded; else a new one.
    pub id: Option<String>,
    /// Title.
    pub title: String,
    /// What is prescribed, and where.
    pub criterion: String,
    /// What was found.
    pub condition: String,
    /// Why, where known.
    pub cause: String,
    /// What follows, where known.
    pub effect: String,
    /// What should be done.
    pub recommendation: String,
    /// Severity.
    pub severity: Severity,
    /// Status.
    pub status: FindingStatus,
    /// What it rests on.
    pub evidence: Vec<EvidenceRef>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FindingView {
    /// Its id.
    pub id: String,
    /// Its number in the engagement, from 1.
    pub number: u64,
    /// Version, from 1.
    pub version: u64,
    /// Title.
    pub title: String,
    /// What is prescribed, and where.
    pub criterion: String,
    /// What was found.
    pub condition: String,
    /// Why.
    pub cause: String,
    /// What follows.
    pub effect: String,
    /// What should be done.
    pub recommendation: String,
    /// Severity.
    pub severity: Severity,
    /// Status.
    pub status: FindingStatus,
    /// What it rests on.
    pub evidence: Vec<EvidenceRef>,
    /// By whom.
    pub author: String,
    /// When.
    pub written_at: String,
    /// Earlier versions.
    pub history: Vec<FindingVersion>,
}

/// An earlier version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FindingVersion {
    /// Its number.
    pub version: u64,
    /// Title then.
    pub title: String,
    /// Severity then.
    pub severity: Severity,
    /// Status then.
    pub status: FindingStatus,
    /// By whom.
    pub author: String,
    /// When.
    pub written_at: String,
}

/// Write a note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WriteNote {
    /// What it is about.
    pub target: EvidenceRef,
    /// The note.
    pub text: String,
    /// The note that it replaces.
    pub supersedes: Option<String>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct NoteView {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub target: EvidenceRef,
    /// The note.
    pub text: String,
    /// By whom.
    pub author: String,
    /// When.
    pub written_at: String,
    /// Whether a later note replaces it.
    pub superseded: bool,
}

/// A criterion that a finding can cite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CriterionView {
    /// Its id.
    pub id: String,
    /// Framework.
    pub framework: String,
    /// Clause.
    pub clause: String,
    /// What it asks, in short.
    pub duty: String,
    /// What records can show.
    pub shows: String,
    /// What records cannot show.
    pub cannot: String,
}
