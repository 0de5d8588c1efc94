//! What a report says: `tickmark.report/1`, plain data that the workbench fills.
//!
//! The PDF prints this and nothing else, and the same data in canonical form is the embedded `report.json`: every figure
//! on a page stands in the file. Counts are integers below 2^53; rates and limits are decimal strings (`"0.0657"`), so
//! that no float takes part in the canonical form. Times are RFC 3339 texts with their zone, as they were recorded.
//! The JSON Schema is `docs/schemas/report.json`; it only grows.

use serde::{Deserialize, Serialize};

pub mod custody;
pub mod evidence;
pub mod finding;
pub mod recipe;
pub mod sampling;
pub mod timeline;

pub use custody::{Custody, CustodyEvent, SignOff, Signer};
pub use evidence::{Evidence, Intake};
pub use finding::{
    Control, ControlResult, EvidenceKind, EvidenceRef, Finding, FindingStatus, FindingVersion, Severity,
};
pub use recipe::{Recipe, Step, Term};
pub use sampling::{
    CensusCheck, Draw, EarlierResult, Evaluation, Exclusion, FrameOrder, JudgementItem, Plan, Population,
    Sample, Unit, UnitResult,
};
pub use timeline::{Bucket, BucketUnit, Silence, Timeline};

/// The schema name that every [`Report`] carries.
pub const SCHEMA: &str = "tickmark.report/1";

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// What stands on the cover.
    pub header: Header,
    /// What was to be examined, and against what.
    pub engagement: Engagement,
    /// The page that is read first.
    pub summary: Summary,
    /// Every bundle that was received, with its newest judgement.
    pub evidence: Vec<Evidence>,
    /// When the records were made, a picture a bundle.
    #[serde(default)]
    pub timelines: Vec<Timeline>,
    /// Attributes that were tested by a random sample.
    #[serde(default)]
    pub samples: Vec<Sample>,
    /// Checks that a machine counted in all records.
    #[serde(default)]
    pub census: Vec<CensusCheck>,
    /// Records that were chosen by judgement: apart, because no limit follows from them.
    #[serde(default)]
    pub judgement: Vec<JudgementItem>,
    /// The exceptions register.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What the records show about each control, and what they cannot show.
    #[serde(default)]
    pub controls: Vec<Control>,
    /// Sentences: what limits this report.
    #[serde(default)]
    pub limitations: Vec<String>,
    /// What was replaced by placeholders before this report was made.
    #[serde(default)]
    pub redactions: Vec<Redaction>,
    /// Who had or touched the evidence.
    pub custody: Custody,
    /// Who signs for what.
    #[serde(default)]
    pub sign_offs: Vec<SignOff>,
    /// How to perform it again.
    pub recipe: Recipe,
    /// The words that this report uses.
    #[serde(default)]
    pub glossary: Vec<Term>,
}

/// Draft or final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Anything may still change.
    Draft,
    /// The engagement is sealed.
    Final,
}

/// What stands on the cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The report's id, for example `TM-2026-0147`.
    pub id: String,
    /// Its version, for example `1.0`.
    pub version: String,
    /// Draft or final.
    pub status: Status,
    /// Its title; a line feed asks for a new line.
    pub title: String,
    /// One or two lines under the title.
    pub subtitle: String,
    /// For whom it is.
    pub addressee: String,
    /// The review period.
    pub period: Period,
    /// Who may read it, for example `restricted`; printed in the head of every page.
    pub classification: String,
    /// Who prepared it.
    pub prepared_by: String,
    /// Who reviewed it, once somebody has.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reviewed_by: Option<String>,
    /// The program that made it.
    pub tool: Tool,
    /// When it was made, by the machine's clock, RFC 3339 with zone.
    pub made_at: String,
    /// When the engagement was sealed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sealed_at: Option<String>,
    /// Language of its texts, BCP 47, for example `en`.
    pub lang: String,
}

/// First and last day of the review, `YYYY-MM-DD`; of one bundle also instants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
}

/// The program that made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Always `tickmark`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the program file, lower-case hex, where it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<String>,
}

/// What was to be examined, and against what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    /// Its id in the vault.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is examined, in sentences.
    pub scope: String,
    /// Criteria that findings and controls cite.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// Version of the shipped map of frameworks, where rows of it are used.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub criteria_map: Option<CriteriaMap>,
    /// Sentences: who answers for what.
    #[serde(default)]
    pub responsibilities: Vec<String>,
    /// What the reviewer states on independence; typed by a person, never defaulted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub independence: Option<String>,
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// The framework or policy.
    pub framework: String,
    /// The clause.
    pub clause: String,
    /// What it asks, in short.
    pub duty: String,
}

/// The map of frameworks that the criteria were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriteriaMap {
    /// Its version.
    pub version: String,
    /// SHA-256 of its text, lower-case hex.
    pub digest: String,
}

/// The page that is read first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The sentences that somebody reads who reads nothing else.
    pub lead: Vec<String>,
    /// Sentences: what was examined.
    pub examined: Vec<String>,
    /// Sentences: what this report does not show.
    pub not_shown: Vec<String>,
    /// The reviewer's own conclusion, if one was written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conclusion: Option<Conclusion>,
}

/// What a named person concludes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// The text, as entered.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
}

/// One kind of content that was replaced before the report was made. The replaced text is never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// What it was, for example `e-mail address`.
    pub kind: String,
    /// The rule that found it.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// Why it was replaced.
    pub ground: String,
}
