//! Chapter 2: scope, criteria, responsibilities, and what the report is not.

use super::phrase;
use crate::model::Report;
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    let engagement = &report.engagement;
    flow.chapter("2", "Scope and criteria");
    flow.section("2.1", "What was to be examined");
    flow.text(if engagement.scope.trim().is_empty() {
        "No scope was entered."
    } else {
        &engagement.scope
    });
    flow.gap(3.0);
    let mut table = Table::pairs(92.0);
    table.pair("Engagement", phrase::stated(&engagement.title));
    table.pair(
        "Engagement id",
        vec![Span::Text(engagement.id.clone(), Style::TABLE.mono())],
    );
    table.pair(
        "Period",
        phrase::cell(period(report).unwrap_or_else(|| "not stated".into())),
    );
    table.pair("For", phrase::stated(&report.header.addressee));
    flow.table_together(&table);
    criteria(flow, report);
    flow.section("2.3", "Who answers for what");
    if engagement.responsibilities.is_empty() {
        flow.text("Nothing was stated.");
    }
    for sentence in &engagement.responsibilities {
        flow.text(sentence);
    }
    flow.text(&match &engagement.independence {
        Some(statement) => format!("Independence, as the reviewer states it: {statement}"),
        None => "No statement on independence was entered.".to_string(),
    });
    flow.section("2.4", "What this report is, and what it is not");
    flow.text(WHAT_IT_IS);
    redactions(flow, report);
}

/// `1 Jul 2026 to 30 Sep 2026`.
pub(super) fn period(report: &Report) -> Option<String> {
    let period = &report.header.period;
    match (&period.from, &period.to) {
        (Some(from), Some(to)) => Some(format!("{} to {}", words::day(from), words::day(to))),
        (Some(from), None) => Some(format!("from {}", words::day(from))),
        (None, Some(to)) => Some(format!("until {}", words::day(to))),
        (None, None) => None,
    }
}

fn criteria(flow: &mut Flow, report: &Report) {
    let engagement = &report.engagement;
    flow.section("2.2", "Criteria");
    if engagement.criteria.is_empty() {
        flow.text("No criteria were entered.");
    } else {
        let mut table = Table::new(vec![
            Column::words("Framework or policy", Width::Share(0.9)),
            Column::words("Clause", Width::Fit),
            Column::words("What it asks, in short", Width::Share(1.6)),
        ]);
        for criterion in &engagement.criteria {
            table.row(vec![
                phrase::cell(criterion.framework.clone()),
                phrase::cell(criterion.clause.clone()),
                phrase::cell(criterion.duty.clone()),
            ]);
        }
        flow.table(&table);
    }
    if let Some(map) = &engagement.criteria_map {
        let mut spans = vec![Span::Text(
            format!("Rows of the map of frameworks, version {}, SHA-256 ", map.version),
            Style::SMALL,
        )];
        spans.push(Span::Text(words::digest(&map.digest), Style::SMALL.mono()));
        spans.push(Span::Text(
            ". The wording is the map’s own; the framework’s text holds.".into(),
            Style::SMALL,
        ));
        flow.caption_of(&spans);
    }
}

fn redactions(flow: &mut Flow, report: &Report) {
    flow.section("2.5", "Personal data");
    if report.redactions.is_empty() {
        flow.text("Nothing was replaced by placeholders in this report.");
        return;
    }
    flow.text("Before this report was made, the following were replaced by placeholders. The replaced text is not told; the digests of whole records stay, so that a record can be found again.");
    flow.gap(2.0);
    let mut table = Table::new(vec![
        Column::words("What", Width::Fit),
        Column::words("Rule", Width::Fit),
        Column::figures("How\u{a0}often"),
        Column::words("Ground", Width::Share(1.0)),
    ]);
    for redaction in &report.redactions {
        table.row(vec![
            phrase::cell(redaction.kind.clone()),
            phrase::cell(redaction.rule.clone()),
            phrase::figure(redaction.count),
            phrase::cell(redaction.ground.clone()),
        ]);
    }
    flow.table(&table);
}

const WHAT_IT_IS: &str = "This report states the procedures that were performed on the records received and what they found, so \
that a reader can weigh the findings and perform the procedures again. It is not an assurance report, and it gives no opinion on \
compliance with any law. A conclusion, where there is one, is that of the person named beside it. “Proven”, “refuted” and “not \
proven” are said of bundles, in the meaning of the glossary; of controls it is said only whether the records show them to have \
been observed, show an exception, or cannot show them.";
