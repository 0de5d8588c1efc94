//! The report, and performing it again.
use serde::{Deserialize, Serialize};

/// The sum of a performed-again report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportOutcome {
    /// All agrees.
    Agrees,
    /// Something differs.
    Differs,
    /// Nothing differs, something could not be checked.
    Incomplete,
}

/// Whether a figure holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureOutcome {
    /// It agrees.
    Agrees,
    /// It differs.
    Differs,
    /// It could not be checked.
    NotChecked,
    /// A person entered it; it is not recomputed.
    Entered,
}

/// Write the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WriteReport {
    /// PDF file to write; `report.json` and the lists go beside it.
    pub path: String,
    /// Title; empty for the engagement's.
    pub title: String,
    /// Further limitations, in the reviewer's words.
    pub limitations: String,
    /// The reviewer's own conclusion, if any.
    pub conclusion: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReportWritten {
    /// The PDF.
    pub pdf: String,
    /// Its `report.json`.
    pub json: String,
    /// SHA-256 of `report.json`.
    pub digest: String,
    /// Pages.
    pub pages: u64,
    /// The custody event.
    pub custody_seq: u64,
}

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// SHA-256 of its `report.json`.
    pub digest: String,
    /// Pages.
    pub pages: u64,
    /// When.
    pub written_at: String,
    /// By whom.
    pub written_by: String,
    /// Where it was written.
    pub path: String,
}

/// What the report would say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReportPreview {
    /// Title.
    pub title: String,
    /// The sentences of its summary.
    pub lead: Vec<String>,
    /// Its chapters.
    pub chapters: Vec<String>,
    /// What is still missing, in words.
    pub gaps: Vec<String>,
}

/// Perform a report again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CheckReport {
    /// The PDF, or its `report.json`.
    pub path: String,
    /// The bundles it was made from, where at hand.
    pub bundles: Vec<String>,
    /// Trust files or folders.
    pub trust: Vec<String>,
}

/// `tickmark.report-check/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ReportCheck {
    /// Always `tickmark.report-check/1`.
    pub schema: String,
    /// The sum.
    pub outcome: ReportOutcome,
    /// In words.
    pub sentence: String,
    /// Every figure.
    pub figures: Vec<FigureCheck>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FigureCheck {
    /// Its name.
    pub figure: String,
    /// As the report states it.
    pub printed: String,
    /// As it was performed again, or why not.
    pub found: String,
    /// Whether they agree.
    pub outcome: FigureOutcome,
}
