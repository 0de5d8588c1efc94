//! Lists that auditors open in a spreadsheet (RFC 4180, UTF-8, CRLF).
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe before it. The untouched text stands in
//! `report.json`.

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use crate::ReportError;
use crate::model::{EvidenceRef, Report};
use crate::words;

/// Every drawn unit of every sample, in draw order: `sample.csv`.
///
/// # Errors
/// When the list cannot be written.
pub fn sample(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut list = List::new("sample.csv", &SAMPLE_COLUMNS)?;
    for sample in &report.samples {
        for unit in sample.draw.iter().flat_map(|draw| &draw.units) {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            list.row([
                sample.label.clone(),
                sample.attribute.clone(),
                unit.ordinal.to_string(),
                unit.counter.to_string(),
                unit.pick.to_string(),
                unit.bundle.clone(),
                unit.position.to_string(),
                unit.record_id.clone(),
                unit.result.map_or("not tested", words::unit_result).to_string(),
                text(&unit.note),
                text(&unit.tested_by),
                text(&unit.tested_at),
                unit.replaced_by
                    .map_or(String::new(), |ordinal| ordinal.to_string()),
                text(&unit.finding),
                unit.superseded.len().to_string(),
            ])?;
        }
    }
    list.end()
}

/// Every finding: `exceptions.csv`.
///
/// # Errors
/// When the list cannot be written.
pub fn exceptions(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut list = List::new("exceptions.csv", &EXCEPTION_COLUMNS)?;
    for finding in &report.findings {
        let references: Vec<String> = finding.evidence.iter().map(reference).collect();
        list.row([
            finding.id.clone(),
            finding.version.to_string(),
            finding.title.clone(),
            words::severity(finding.severity).to_string(),
            words::finding_status(finding.status).to_string(),
            finding.criterion.clone(),
            finding.condition.clone(),
            finding.cause.clone(),
            finding.effect.clone(),
            finding.recommendation.clone(),
            finding.response.clone().unwrap_or_default(),
            references.join("; "),
            finding.author.clone(),
            finding.written_at.clone(),
        ])?;
    }
    list.end()
}

/// A cell that no spreadsheet takes for a formula: an apostrophe before `=`, `+`, `-`, `@`, a tab, a carriage return or a
/// line feed, also in their full-width forms and behind spaces that a spreadsheet passes over. Numbers with a sign are
/// text here and get one too.
pub fn neutral(cell: &str) -> String {
    let first = cell.trim_start_matches(is_passed_over).chars().next();
    let begins = cell
        .chars()
        .next()
        .is_some_and(|letter| matches!(letter, '\t' | '\r' | '\n'));
    if begins || first.is_some_and(is_formula) {
        format!("'{cell}")
    } else {
        cell.to_string()
    }
}

fn is_formula(letter: char) -> bool {
    matches!(
        letter,
        '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '﹦' | '﹫' | '−'
    )
}

fn is_passed_over(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn reference(reference: &EvidenceRef) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(reference.sample.clone());
    parts.extend(reference.ordinal.map(|ordinal| format!("draw {ordinal}")));
    parts.extend(reference.bundle.clone());
    parts.extend(reference.position.map(|position| format!("record {position}")));
    parts.extend(reference.record_id.clone());
    parts.extend(reference.check.as_ref().map(|check| format!("check {check}")));
    parts.join(" ")
}

struct List {
    name: &'static str,
    writer: Writer<Vec<u8>>,
}

impl List {
    fn new(name: &'static str, columns: &[&str]) -> Result<List, ReportError> {
        let writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Necessary)
            .from_writer(Vec::new());
        let mut list = List { name, writer };
        list.row(columns.iter().map(ToString::to_string))?;
        Ok(list)
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<(), ReportError> {
        let cells = cells.into_iter().map(|cell| neutral(&cell));
        self.writer.write_record(cells).map_err(|error| ReportError::Csv {
            list: self.name,
            reason: error.to_string(),
        })
    }

    fn end(self) -> Result<Vec<u8>, ReportError> {
        let List { name, writer } = self;
        writer.into_inner().map_err(|error| ReportError::Csv {
            list: name,
            reason: error.to_string(),
        })
    }
}

const SAMPLE_COLUMNS: [&str; 15] = [
    "sample",
    "attribute",
    "draw",
    "counter",
    "position",
    "bundle",
    "record",
    "record_id",
    "result",
    "note",
    "tested_by",
    "tested_at",
    "replaced_by_draw",
    "finding",
    "superseded_results",
];

const EXCEPTION_COLUMNS: [&str; 14] = [
    "id",
    "version",
    "title",
    "severity",
    "status",
    "criterion",
    "condition",
    "cause",
    "effect",
    "recommendation",
    "response",
    "evidence",
    "author",
    "written_at",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_neutralised() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "  =1",
            "\u{feff}=1",
            "\u{200b}=cmd|'/c calc'!A1",
            "|x",
            "%0A",
        ] {
            assert!(neutral(formula).starts_with('\''), "{formula:?}");
        }
        for text in ["", "a=b", "F-03", "2026-11-20", "'=1", "Müller", "3 - 2"] {
            assert_eq!(neutral(text), text);
        }
    }

    proptest! {
        #[test]
        fn the_text_stays_whole(cell in ".{0,40}") {
            let neutral = neutral(&cell);
            let marked = ["'", cell.as_str()].concat();
            prop_assert!(neutral == cell || neutral == marked);
        }
    }
}
