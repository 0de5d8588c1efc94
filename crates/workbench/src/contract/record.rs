//! Records: query, page, one record beside its bytes.
use serde::{Deserialize, Serialize};
use tickmark_verify::verification::Fault;

use super::finding::NoteView;

/// Order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordOrder {
    /// As in the bundle.
    Source,
    /// The other way round.
    SourceReversed,
    /// By stated time, undated last.
    Time,
    /// Latest first, undated last.
    TimeReversed,
}

/// Which records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordsQuery {
    /// Only this bundle.
    pub bundle: Option<String>,
    /// The query line, for example `outcome:declined after:2026-08-01 -actor:svc-batch refund`.
    pub query: String,
    /// Order of rows.
    pub order: RecordOrder,
    /// First row, from 0.
    pub offset: u64,
    /// Rows wanted, at most 500.
    pub limit: u64,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordsPage {
    /// Rows that fit the query.
    pub total: u64,
    /// Rows in the bundle or engagement.
    pub of: u64,
    /// The page.
    pub rows: Vec<RecordRow>,
    /// The query said back in words.
    pub reads_as: String,
    /// Time taken.
    pub micros: u64,
}

/// One record in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordRow {
    /// Its bundle.
    pub bundle: String,
    /// Number in file order, from 1.
    pub position: u64,
    /// Hex SHA-256 of its received bytes, with `#k` for a repeated one.
    pub id: String,
    /// The time that it states.
    pub time: Option<String>,
    /// What happened.
    pub event: Option<String>,
    /// Who or what acted.
    pub actor: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Model and version.
    pub model: Option<String>,
    /// First words of its text.
    pub summary: Option<String>,
    /// Whether a signature on it verifies.
    pub signed: bool,
    /// Faults on it.
    pub faults: u64,
    /// Notes and findings that name it.
    pub notes: u64,
}

/// Values of one column and how often they occur.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Facet {
    /// Query name of the column: `event`, `actor`, `outcome`, `model`.
    pub field: String,
    /// Most frequent first.
    pub values: Vec<FacetValue>,
    /// Values that are not listed.
    pub more: u64,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// How many records have it.
    pub count: u64,
}

/// Records over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct HistogramView {
    /// `minute`, `hour`, `day` or `month`.
    pub unit: String,
    /// In time order; empty ones are present.
    pub buckets: Vec<Bucket>,
    /// Records that state no time.
    pub undated: u64,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Bucket {
    /// Start, RFC 3339.
    pub from: String,
    /// Records.
    pub count: u64,
    /// Records with a fault.
    pub faults: u64,
}

/// One record beside its original bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordView {
    /// The same as in the list.
    pub row: RecordRow,
    /// Member of the bundle.
    pub member: String,
    /// Physical line, from 1.
    pub line: u64,
    /// Byte offset in the member.
    pub offset: u64,
    /// Its received bytes as text; bytes that are no UTF-8 are shown as U+FFFD.
    pub text: String,
    /// Parts of `text` that no hash or signature reaches, in UTF-16 units.
    pub uncovered: Vec<TextSpan>,
    /// Its fields.
    pub fields: Vec<FieldView>,
    /// The record before.
    pub before: Option<ChainNeighbour>,
    /// Itself.
    pub own: ChainNeighbour,
    /// The record after.
    pub after: Option<ChainNeighbour>,
    /// Faults on it.
    pub faults: Vec<Fault>,
    /// Notes on it.
    pub notes: Vec<NoteView>,
    /// Ids of findings that name it.
    pub findings: Vec<String>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct TextSpan {
    /// First UTF-16 unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FieldView {
    /// JSON pointer.
    pub pointer: String,
    /// Its text as recorded.
    pub value: String,
    /// Whether a hash or signature reaches it.
    pub covered: bool,
}

/// A record as its neighbours see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ChainNeighbour {
    /// Number in file order.
    pub position: u64,
    /// Its own hash.
    pub link: Option<String>,
    /// Faults on it.
    pub faults: u64,
}
