//! The exceptions register, and what the records show about each control.

use serde::{Deserialize, Serialize};

/// How grave a finding is; the gravest sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its id in this report, for example `F-03`.
    pub id: String,
    /// Version, from 1.
    pub version: u64,
    /// Title.
    pub title: String,
    /// What is prescribed, and where.
    pub criterion: String,
    /// What was found.
    pub condition: String,
    /// Why, where it is known.
    pub cause: String,
    /// What follows, where it is known.
    pub effect: String,
    /// What should be done.
    pub recommendation: String,
    /// What the responsible party answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub response: Option<String>,
    /// Severity.
    pub severity: Severity,
    /// Status.
    pub status: FindingStatus,
    /// What it rests on.
    pub evidence: Vec<EvidenceRef>,
    /// By whom.
    pub author: String,
    /// When this version was written, RFC 3339.
    pub written_at: String,
    /// Earlier versions, oldest first.
    #[serde(default)]
    pub history: Vec<FindingVersion>,
}

/// An earlier version of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Kind of thing that a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// Kind of thing.
    pub kind: EvidenceKind,
    /// Label of the bundle.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bundle: Option<String>,
    /// Record number in the bundle, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub position: Option<u64>,
    /// Record id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record_id: Option<String>,
    /// The check's id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub check: Option<String>,
    /// Label of the sample.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sample: Option<String>,
    /// The drawn unit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ordinal: Option<u64>,
}

/// What the records show about a control or check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlResult {
    /// The records show that it was done.
    Observed,
    /// The records show that it was not done at least once.
    Exception,
    /// These records cannot show it.
    NotEvaluable,
}

/// One control of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Its id in the map, for example `eu-ai-act-19-1`.
    pub id: String,
    /// The framework.
    pub framework: String,
    /// The clause.
    pub clause: String,
    /// What it asks, in short.
    pub duty: String,
    /// What the records show.
    pub result: ControlResult,
    /// What was seen, in one sentence.
    pub detail: String,
    /// What records can show about it.
    pub shows: String,
    /// What records cannot show about it.
    pub cannot: String,
    /// Findings on it.
    #[serde(default)]
    pub findings: Vec<String>,
}
