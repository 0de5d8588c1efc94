//! Chapter 11: who had or touched the evidence.

use super::phrase;
use crate::model::Report;
use crate::pdf::colour::Colour;
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    let custody = &report.custody;
    flow.chapter("11", "Custody");
    flow.text("Every event below was written in the same step as what it tells, is chained to the one before it and signed by the person who acted. The log can be exported and judged like any other bundle; its last hash is the head.");
    flow.gap(2.0);
    let mut table = Table::pairs(92.0);
    table.pair("Events", phrase::cell(events(report)));
    table.pair("Head", phrase::digest(&custody.head, Style::TABLE));
    for signer in &custody.signers {
        let mut key = phrase::digest(&signer.fingerprint, Style::TABLE);
        key.insert(0, Span::Break);
        key.insert(0, Span::Text(signer.name.clone(), Style::TABLE));
        table.pair("Signed by", key);
    }
    flow.table(&table);
    if custody.events.is_empty() {
        return;
    }
    flow.section("11.1", "Events");
    let zone = phrase::common(custody.events.iter().map(|event| words::zone(&event.time)));
    let time_head = zone
        .as_ref()
        .map_or("Time".to_string(), |zone| format!("Time, {zone}"));
    let mut table = Table::new(vec![
        Column::figures("No."),
        Column::words(&time_head, Width::Fit),
        Column::words("Who", Width::Fit),
        Column::words("What", Width::Share(1.0)),
        Column::words("Hash", Width::Fit),
    ])
    .dense();
    let small = Style::TABLE.size(8.2);
    for event in &custody.events {
        let time = if zone.is_some() {
            words::time_without_zone(&event.time)
        } else {
            words::time(&event.time)
        };
        let what = vec![
            Span::Text(phrase::quoted(&event.sentence, 400), small),
            Span::Text(format!("  {}", event.action), small.colour(Colour::QUIET)),
        ];
        table.row(vec![
            vec![Span::Text(words::count(event.seq), small)],
            vec![Span::Text(time, small)],
            vec![Span::Text(phrase::quoted(&event.actor, 80), small)],
            what,
            vec![Span::Text(
                words::first_groups(&event.hash, 2),
                small.mono().colour(Colour::MUTED),
            )],
        ]);
    }
    flow.table(&table);
    flow.caption("Hashes are shortened here; report.json has them whole.");
}

fn events(report: &Report) -> String {
    let custody = &report.custody;
    let here = custody.events.len() as u64;
    match here == custody.count {
        true => words::counted(custody.count, "event, listed below", "events, all listed below"),
        false => format!(
            "{} in the log, {} of this engagement listed below",
            words::count(custody.count),
            words::count(here)
        ),
    }
}
