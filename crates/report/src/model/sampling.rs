//! Population, plan, draw, results, limit; and what was tested without a sample.

use serde::{Deserialize, Serialize};

/// One attribute that was tested by a random sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Its short name in this report, for example `A1`.
    pub label: String,
    /// Its plan's id in the vault.
    pub plan_id: String,
    /// What is asked of each unit: "A person reviewed before a decline".
    pub attribute: String,
    /// What counts as a deviation: "no review, or later than the decision".
    pub deviation: String,
    /// Where it is prescribed.
    pub criterion: String,
    /// What the units were drawn from.
    pub population: Population,
    /// The frozen plan.
    pub plan: Plan,
    /// The draw, once there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub draw: Option<Draw>,
    /// What the results show, once there are any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evaluation: Option<Evaluation>,
}

/// What the units were drawn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// In words.
    pub definition: String,
    /// Labels of the bundles it comes from.
    pub bundles: Vec<String>,
    /// The query that chose it.
    pub filter: String,
    /// The query, said back in words.
    pub filter_reads_as: String,
    /// Records that were imported from these bundles.
    pub imported: u64,
    /// Records that were left out, with the reason. `imported` less these is `size`.
    pub excluded: Vec<Exclusion>,
    /// Records in it.
    pub size: u64,
    /// Order of the frame.
    pub frame_order: FrameOrder,
    /// SHA-256 over the record ids in frame order, each followed by LF; lower-case hex.
    pub frame_digest: String,
    /// The ids in frame order, where the filter cannot be applied again to the bundle.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub ids: Vec<String>,
}

/// Records that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// Order of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameOrder {
    /// By record id.
    Id,
    /// By stated time, then id.
    TimeId,
    /// As in the bundles.
    Source,
}

/// A frozen plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Tolerable rate as entered, for example `5%`.
    pub tolerable: String,
    /// Expected rate as entered.
    pub expected: String,
    /// Confidence as entered.
    pub confidence: String,
    /// `hypergeometric` or `binomial`.
    pub method: String,
    /// Units to test (n).
    pub sample_size: u64,
    /// Deviations that the plan accepts (c).
    pub acceptable: u64,
    /// When it was frozen, RFC 3339.
    pub frozen_at: String,
    /// By whom.
    pub frozen_by: String,
    /// SHA-256 of the frozen plan's canonical JSON, lower-case hex.
    pub digest: String,
    /// The custody event of the freeze.
    pub custody_seq: u64,
}

/// A draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Algorithm and version, for example `rivest-sha256/1`.
    pub algorithm: String,
    /// The seed, as typed.
    pub seed: String,
    /// Where the seed came from, for example `20 rolls of a ten-sided die, two people`.
    pub seed_source: String,
    /// When it was drawn, RFC 3339.
    pub drawn_at: String,
    /// By whom.
    pub drawn_by: String,
    /// The custody event of the draw.
    pub custody_seq: u64,
    /// In draw order, replacements last.
    pub units: Vec<Unit>,
}

/// A drawn unit and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Place in draw order, from 1.
    pub ordinal: u64,
    /// Counter of the sampler that gave it.
    pub counter: u64,
    /// Position in the frame, from 1.
    pub pick: u64,
    /// Label of its bundle.
    pub bundle: String,
    /// Record number in its bundle, from 1.
    pub position: u64,
    /// Record id.
    pub record_id: String,
    /// The result in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub result: Option<UnitResult>,
    /// Its note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tested_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tested_at: Option<String>,
    /// The ordinal that replaces it, where the attribute did not apply.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replaced_by: Option<u64>,
    /// The finding that cites it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub finding: Option<String>,
    /// Results that the one in force replaced, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub superseded: Vec<EarlierResult>,
}

/// A result that a later one replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierResult {
    /// The result.
    pub result: UnitResult,
    /// Its note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
}

/// What was found for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitResult {
    /// The control worked in this case.
    Pass,
    /// It did not.
    Deviation,
    /// The attribute does not apply; another draw replaces the unit.
    NotApplicable,
    /// Evidence is missing; counts as a deviation.
    CouldNotTest,
}

/// What the results show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Whether every unit has a result.
    pub finished: bool,
    /// Units that count (n).
    pub tested: u64,
    /// Units that pass.
    pub passed: u64,
    /// Deviations, with those that could not be tested (x).
    pub deviations: u64,
    /// Of these, units that could not be tested.
    pub could_not_test: u64,
    /// Units that were replaced because the attribute does not apply.
    pub not_applicable: u64,
    /// Deviations by units, as a decimal from 0 to 1.
    pub point_rate: String,
    /// One-sided upper limit, as a decimal from 0 to 1, unrounded. This value decides.
    pub upper_limit: String,
    /// The same rounded up to 0.1 %, for example `6.6 %`.
    pub upper_printed: String,
    /// The same as a count of the population, where it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub upper_count: Option<u64>,
    /// Whether the finished sample supports the control.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supports: Option<bool>,
    /// In words.
    pub sentence: String,
}

/// A check that a machine counted in all records: a census, so no limit is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusCheck {
    /// Its short name in this report, for example `C1`.
    pub label: String,
    /// What is asked of every record.
    pub title: String,
    /// Records that were counted.
    pub records: u64,
    /// Exceptions among them; `None` when it cannot be evaluated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exceptions: Option<u64>,
    /// What it shows.
    pub result: super::ControlResult,
    /// What has to be known beside it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// A record that was chosen by judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgementItem {
    /// Label of its bundle.
    pub bundle: String,
    /// Record number in its bundle, from 1.
    pub position: u64,
    /// Record id.
    pub record_id: String,
    /// Why it was chosen.
    pub reason: String,
    /// What was found.
    pub found: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
}
