//! Chapter 8: the exceptions register.

use super::phrase;
use crate::model::{EvidenceKind, EvidenceRef, Finding, Report, Severity};
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style, prose};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("8", "Exceptions");
    if report.findings.is_empty() {
        flow.text("No finding was recorded.");
        return;
    }
    let count = |severity: Severity| {
        report
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count() as u64
    };
    let parts: Vec<String> = [Severity::High, Severity::Medium, Severity::Low, Severity::Info]
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| {
            format!(
                "{} {}",
                words::count(count(severity)),
                words::severity(severity).to_lowercase()
            )
        })
        .collect();
    flow.text(&format!(
        "{}: {}.",
        words::counted(report.findings.len() as u64, "finding", "findings"),
        phrase::list(&parts)
    ));
    flow.gap(3.0);
    flow.table(&overview(report));
    for (number, finding) in report.findings.iter().enumerate() {
        register(flow, finding, &format!("8.{}", number + 1));
    }
}

fn overview(report: &Report) -> Table {
    let mut table = Table::new(vec![
        Column::words("", Width::Fit),
        Column::words("Finding", Width::Share(1.0)),
        Column::words("Severity", Width::Fit),
        Column::words("Status", Width::Fit),
    ]);
    for finding in &report.findings {
        table.row(vec![
            phrase::strong(finding.id.clone()),
            phrase::cell(finding.title.clone()),
            phrase::cell(words::severity(finding.severity)),
            phrase::cell(words::finding_status(finding.status)),
        ]);
    }
    table
}

fn register(flow: &mut Flow, finding: &Finding, number: &str) {
    flow.need(110.0);
    flow.section(number, &format!("{} {}", finding.id, finding.title));
    let mut table = Table::pairs(92.0);
    table.pair(
        "Severity, status",
        phrase::cell(format!(
            "{}, {}",
            words::severity(finding.severity),
            words::finding_status(finding.status)
        )),
    );
    let texts = [
        ("Criterion", Some(&finding.criterion)),
        ("Condition", Some(&finding.condition)),
        ("Cause", Some(&finding.cause)),
        ("Effect", Some(&finding.effect)),
        ("Recommendation", Some(&finding.recommendation)),
        ("Response", finding.response.as_ref()),
    ];
    for (name, text) in texts {
        match text {
            Some(text) if !text.is_empty() => {
                table.pair(name, prose(&phrase::quoted(text, MOST_LETTERS), Style::TABLE));
            }
            Some(_) if name != "Response" => table.pair(name, phrase::muted("not stated")),
            _ => table.pair(name, phrase::muted("none yet")),
        }
    }
    table.pair("Rests on", evidence(finding));
    table.pair(
        "Written",
        phrase::cell(format!(
            "version {}, {}, {}",
            words::count(finding.version),
            finding.author,
            words::time(&finding.written_at)
        )),
    );
    if !finding.history.is_empty() {
        table.pair("Earlier versions", history(finding));
    }
    flow.table_together(&table);
}

fn evidence(finding: &Finding) -> Rich {
    if finding.evidence.is_empty() {
        return phrase::muted("no reference");
    }
    let mut spans = Vec::new();
    for reference in finding.evidence.iter().take(MOST_REFERENCES) {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        spans.push(Span::Text(reference_words(reference), Style::TABLE));
        if let Some(id) = &reference.record_id {
            spans.push(Span::Break);
            spans.push(Span::Text(
                format!("id {}", words::digest(id)),
                Style::SMALL.mono(),
            ));
        }
    }
    if finding.evidence.len() > MOST_REFERENCES {
        let more = (finding.evidence.len() - MOST_REFERENCES) as u64;
        spans.push(Span::Break);
        spans.push(Span::Text(
            format!("and {} more in report.json", words::count(more)),
            Style::TABLE,
        ));
    }
    spans
}

fn reference_words(reference: &EvidenceRef) -> String {
    let bundle = reference.bundle.clone().unwrap_or_default();
    let record = reference.position.map_or(String::new(), |position| {
        format!("record {}", words::count(position))
    });
    let text = match reference.kind {
        EvidenceKind::Record => format!("{bundle} {record}"),
        EvidenceKind::Bundle => format!("bundle {bundle}"),
        EvidenceKind::Check => format!(
            "check {} of {bundle}",
            reference.check.clone().unwrap_or_default()
        ),
        EvidenceKind::Unit => {
            let draw = reference
                .ordinal
                .map_or(String::new(), |ordinal| format!("draw {}", words::count(ordinal)));
            format!(
                "{} {draw}, {bundle} {record}",
                reference.sample.clone().unwrap_or_default()
            )
        }
    };
    text.trim().trim_end_matches(',').to_string()
}

fn history(finding: &Finding) -> Rich {
    let mut spans = Vec::new();
    for version in &finding.history {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        let text = format!(
            "version {}, {}: “{}”, {}, {}, {}",
            words::count(version.version),
            words::time(&version.written_at),
            phrase::quoted(&version.title, 120),
            words::severity(version.severity).to_lowercase(),
            words::finding_status(version.status),
            version.author
        );
        spans.push(Span::Text(text, Style::TABLE));
    }
    spans
}

const MOST_LETTERS: usize = 6000;
const MOST_REFERENCES: usize = 40;
