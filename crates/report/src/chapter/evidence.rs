//! Chapter 3: what was received, and how it came.

use super::phrase;
use crate::model::{Evidence, Period, Report};
use crate::pdf::colour::Colour;
use crate::pdf::flow::Flow;
use crate::pdf::mark::Mark;
use crate::pdf::piece::marked;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("3", "Evidence received");
    if report.evidence.is_empty() {
        flow.text("No bundle was imported.");
        return;
    }
    flow.text(&format!(
        "{}. The received bytes are kept as they came; every digest below is over those bytes.",
        super::cover::evidence_line(report)
    ));
    flow.gap(3.0);
    flow.table(&overview(report));
    for (number, evidence) in report.evidence.iter().enumerate() {
        bundle(flow, evidence, &format!("3.{}", number + 1));
    }
}

fn overview(report: &Report) -> Table {
    let mut table = Table::new(vec![
        Column::words("", Width::Fit),
        Column::words("Bundle", Width::Share(1.0)),
        Column::figures("Bytes"),
        Column::figures("Records"),
        Column::figures("Faults"),
        Column::words("Received", Width::Fit),
    ]);
    for evidence in &report.evidence {
        let verification = &evidence.verification;
        table.row(vec![
            phrase::strong(evidence.label.clone()),
            phrase::cell(verification.bundle.name.clone()),
            phrase::figure(verification.bundle.bytes),
            phrase::figure(verification.counts.records),
            phrase::figure(verification.counts.faults),
            phrase::stated(&received_day(&evidence.intake.received_at)),
        ]);
    }
    table
}

fn received_day(text: &str) -> String {
    words::day(text.get(..10).unwrap_or(text))
}

fn bundle(flow: &mut Flow, evidence: &Evidence, number: &str) {
    flow.section(number, &phrase::bundle_name(evidence));
    let id = &evidence.verification.bundle;
    let intake = &evidence.intake;
    let mut table = Table::pairs(92.0);
    table.pair("SHA-256", phrase::digest(&id.sha256, Style::TABLE));
    table.pair("Size", phrase::cell(phrase::size(id.bytes)));
    table.pair("Packing", phrase::cell(packing(&id.packing)));
    table.pair(
        "Members, records",
        phrase::cell(format!(
            "{}, {}",
            words::counted(evidence.verification.counts.members, "member", "members"),
            words::counted(evidence.verification.counts.records, "record", "records")
        )),
    );
    table.pair("Times in records", phrase::cell(times(evidence)));
    table.pair("Received from", phrase::stated(&intake.received_from));
    table.pair("Received at", received(&intake.received_at));
    table.pair("Medium", phrase::stated(&intake.medium));
    table.pair("For the request", phrase::stated(&intake.request));
    table.pair("Review period", phrase::cell(review_period(evidence)));
    table.pair("Sender’s digest", sender(evidence));
    table.pair(
        "Imported",
        phrase::cell(format!(
            "{} by {}, Tickmark {}, custody event {}",
            words::time(&evidence.imported_at),
            evidence.imported_by,
            evidence.importer,
            words::count(evidence.custody_seq)
        )),
    );
    table.pair(
        "Judged",
        phrase::cell(format!(
            "{}, {}",
            words::time(&evidence.judged_at),
            judgements(evidence.judgements)
        )),
    );
    table.pair(
        "Id in the vault",
        vec![Span::Text(evidence.bundle.clone(), Style::TABLE.mono())],
    );
    flow.table_together(&table);
}

fn received(at: &str) -> Rich {
    if at.trim().is_empty() {
        return phrase::stated(at);
    }
    phrase::cell(format!("{}, as the reviewer states", words::time(at)))
}

/// What completeness is judged for.
fn review_period(evidence: &Evidence) -> String {
    let ends = |period: &Period| period.from.clone().zip(period.to.clone());
    match evidence.intake.period.as_ref().and_then(ends) {
        Some((from, to)) => words::period(&from, &to),
        None => "not stated".to_string(),
    }
}

fn judgements(number: u64) -> String {
    match number {
        0 | 1 => "judged once".to_string(),
        many => format!(
            "judged {} times; the newest judgement is told here, earlier ones stay in the vault",
            words::count(many)
        ),
    }
}

fn packing(packing: &[String]) -> String {
    match packing {
        [] => "one file".to_string(),
        parts => parts.join(", in it "),
    }
}

fn times(evidence: &Evidence) -> String {
    match (&evidence.first_time, &evidence.last_time) {
        (Some(first), Some(last)) => format!("{} to {}, as recorded", words::time(first), words::time(last)),
        _ => "no record states a time".to_string(),
    }
}

fn sender(evidence: &Evidence) -> Rich {
    let intake = &evidence.intake;
    let Some(stated) = &intake.sender_sha256 else {
        return phrase::cell("The sender stated none.");
    };
    let agrees = intake
        .sender_agrees
        .unwrap_or(stated == &evidence.verification.bundle.sha256);
    let mut spans = match agrees {
        true => marked(Mark::Tick, "agrees with what was received", Style::TABLE, 7.5),
        false => marked(Mark::Cross, "differs from what was received", Style::TABLE, 7.5),
    };
    if !agrees {
        spans.push(Span::Break);
        spans.push(Span::Text(
            words::digest(stated),
            Style::TABLE.mono().colour(Colour::MUTED),
        ));
    }
    spans
}
