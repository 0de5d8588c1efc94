//! Plan, freeze, draw, results, limit.
use serde::{Deserialize, Serialize};

/// Order of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FrameOrder {
    /// By record id.
    Id,
    /// By stated time, then id.
    TimeId,
    /// As in the bundles.
    Source,
}

/// What the reviewer saw for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum UnitResult {
    /// The control worked in this case.
    Pass,
    /// It did not.
    Deviation,
    /// The attribute does not apply; the next draw replaces the unit.
    NotApplicable,
    /// Evidence is missing; counts as a deviation.
    CouldNotTest,
}

/// The four figures of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PlanSize {
    /// Tolerable rate, for example `5%`.
    pub tolerable: String,
    /// Expected rate.
    pub expected: String,
    /// Confidence.
    pub confidence: String,
    /// Size of the population, where it is given by hand.
    pub population: Option<u64>,
}

/// What a plan would ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PreviewPlan {
    /// The figures.
    pub size: PlanSize,
    /// Population: only this bundle.
    pub bundle: Option<String>,
    /// Population: only records that fit this query.
    pub query: String,
}

/// What it asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PlanPreview {
    /// Records in the population.
    pub population: u64,
    /// Units to test.
    pub sample_size: u64,
    /// Acceptable deviations.
    pub acceptable: u64,
    /// `hypergeometric` or `binomial`.
    pub method: String,
    /// The same in words.
    pub sentence: String,
    /// Chance to support, by true rate.
    pub curve: Vec<CurvePoint>,
    /// Three sentences that read the curve.
    pub readings: Vec<String>,
    /// What other tolerable rates would ask.
    pub alternatives: Vec<PlanAlternative>,
}

/// A point of the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CurvePoint {
    /// True rate, 0 to 1.
    pub rate: f64,
    /// Chance that the sample supports, 0 to 1.
    pub chance: f64,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PlanAlternative {
    /// Tolerable rate.
    pub tolerable: String,
    /// Units.
    pub sample_size: u64,
    /// Acceptable deviations.
    pub acceptable: u64,
    /// Chance to support at the expected rate.
    pub chance: f64,
}

/// Freeze plan and population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FreezePlan {
    /// What is asked of each unit.
    pub attribute: String,
    /// What counts as a deviation.
    pub deviation: String,
    /// Where it is prescribed.
    pub criterion: String,
    /// The figures.
    pub size: PlanSize,
    /// Only this bundle.
    pub bundle: Option<String>,
    /// Only records that fit this query.
    pub query: String,
    /// Order of the frame.
    pub order: FrameOrder,
}

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PlanRow {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub attribute: String,
    /// Units to test.
    pub sample_size: u64,
    /// Acceptable deviations.
    pub acceptable: u64,
    /// Records in the population.
    pub population: u64,
    /// When it was frozen.
    pub frozen_at: String,
    /// Whether the sample is drawn.
    pub drawn: bool,
    /// Units with a result.
    pub tested: u64,
    /// Deviations so far.
    pub deviations: u64,
    /// Conclusion, when the sample is finished.
    pub supports: Option<bool>,
}

/// A frozen plan with its draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PlanView {
    /// The same as in the list.
    pub row: PlanRow,
    /// What counts as a deviation.
    pub deviation: String,
    /// Where it is prescribed.
    pub criterion: String,
    /// Tolerable rate.
    pub tolerable: String,
    /// Expected rate.
    pub expected: String,
    /// Confidence.
    pub confidence: String,
    /// `hypergeometric`.
    pub method: String,
    /// Bundles of the population.
    pub bundles: Vec<String>,
    /// The query that chose the population.
    pub filter: String,
    /// The same in words.
    pub filter_reads_as: String,
    /// Order of the frame.
    pub frame_order: FrameOrder,
    /// SHA-256 over the ids in frame order, each followed by LF.
    pub frame_digest: String,
    /// SHA-256 of the frozen plan's canonical JSON.
    pub plan_digest: String,
    /// By whom.
    pub frozen_by: String,
    /// The draw.
    pub draw: Option<DrawView>,
    /// What the results show so far.
    pub evaluation: Option<EvaluationView>,
}

/// Draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DrawSample {
    /// The plan.
    pub plan: String,
    /// The seed, typed.
    pub seed: String,
    /// Where it came from, for example `20 rolls of a ten-sided die, two people`.
    pub seed_source: String,
}

/// A draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DrawView {
    /// `rivest-sha256/1`.
    pub algorithm: String,
    /// The seed.
    pub seed: String,
    /// Where it came from.
    pub seed_source: String,
    /// When.
    pub drawn_at: String,
    /// By whom.
    pub drawn_by: String,
    /// In draw order, replacements last.
    pub units: Vec<UnitView>,
}

/// A drawn unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct UnitView {
    /// Place in draw order, from 1.
    pub ordinal: u64,
    /// Counter of the sampler that gave it.
    pub counter: u64,
    /// Position in the frame, from 1.
    pub pick: u64,
    /// Record id.
    pub record_id: String,
    /// Bundle.
    pub bundle: String,
    /// Record number in its bundle.
    pub position: u64,
    /// The result in force.
    pub result: Option<UnitResult>,
    /// Its note.
    pub note: Option<String>,
    /// When.
    pub tested_at: Option<String>,
    /// By whom.
    pub tested_by: Option<String>,
    /// The ordinal that replaces it.
    pub replaced_by: Option<u64>,
    /// Earlier results that were superseded.
    pub superseded: u64,
}

/// Record a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordResult {
    /// The plan.
    pub plan: String,
    /// The unit.
    pub ordinal: u64,
    /// The result.
    pub result: UnitResult,
    /// Required for a deviation, not applicable and could not test.
    pub note: String,
}

/// What the results show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct EvaluationView {
    /// Whether every unit has a result.
    pub finished: bool,
    /// Units that count.
    pub tested: u64,
    /// Pass.
    pub passed: u64,
    /// Deviations, with `could not test`.
    pub deviations: u64,
    /// Replaced units.
    pub not_applicable: u64,
    /// Could not test.
    pub could_not_test: u64,
    /// Deviations by units.
    pub point: f64,
    /// One-sided upper limit, 0 to 1, unrounded.
    pub upper_limit: f64,
    /// The same, rounded up to 0.1 %.
    pub upper_printed: String,
    /// The same as a count of the population.
    pub upper_count: Option<u64>,
    /// Whether the finished sample supports the control.
    pub supports: Option<bool>,
    /// In words.
    pub sentence: String,
    /// Upper limit after each tested unit.
    pub running: Vec<f64>,
}
