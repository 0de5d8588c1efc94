//! Chapter 5: what the samples were drawn from, and whether it is whole.

use super::phrase;
use crate::model::{Report, Sample};
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("5", "Population");
    if report.samples.is_empty() {
        flow.text("No attribute was tested by a sample.");
        return;
    }
    flow.text("Each population was frozen together with its plan, before a seed could be entered. Its frame digest is the SHA-256 over the record ids in frame order, each followed by a line feed; the i-th pick is the i-th id.");
    for (number, sample) in report.samples.iter().enumerate() {
        population(flow, report, sample, &format!("5.{}", number + 1));
    }
}

fn population(flow: &mut Flow, report: &Report, sample: &Sample, number: &str) {
    let population = &sample.population;
    flow.section(number, &format!("{} {}", sample.label, sample.attribute));
    let mut table = Table::pairs(92.0);
    table.pair("Definition", phrase::stated(&population.definition));
    table.pair("Query", query(&population.filter));
    table.pair("It reads as", phrase::stated(&population.filter_reads_as));
    table.pair(
        "From",
        phrase::cell(phrase::list(&bundles(report, population.bundles.as_slice()))),
    );
    table.pair("Records (N)", phrase::strong(words::count(population.size)));
    table.pair(
        "Order of the frame",
        phrase::cell(words::frame_order(population.frame_order)),
    );
    table.pair(
        "Frame digest",
        phrase::digest(&population.frame_digest, Style::TABLE),
    );
    if !population.ids.is_empty() {
        table.pair("Record ids", phrase::cell("All ids stand in report.json, in frame order: the query cannot be applied again to the bundle."));
    }
    flow.table_together(&table);
    reconciliation(flow, sample);
}

fn query(filter: &str) -> Rich {
    if filter.trim().is_empty() {
        return phrase::cell("no condition: all records");
    }
    vec![Span::Text(filter.to_string(), Style::TABLE.mono())]
}

fn reconciliation(flow: &mut Flow, sample: &Sample) {
    let population = &sample.population;
    flow.part("Reconciliation");
    let mut table = Table::new(vec![
        Column::words("", Width::Share(1.0)),
        Column::figures("Records"),
    ]);
    table.padding = 3.0;
    table.row(vec![
        phrase::cell("Imported from these bundles"),
        phrase::figure(population.imported),
    ]);
    for exclusion in &population.excluded {
        table.row(vec![
            phrase::cell(format!("less: {}", exclusion.reason)),
            phrase::cell(format!("− {}", words::count(exclusion.count))),
        ]);
    }
    table.row(vec![
        phrase::strong("Population"),
        phrase::strong(words::count(population.size)),
    ]);
    flow.table(&table);
}

fn bundles(report: &Report, labels: &[String]) -> Vec<String> {
    let name =
        |label: &String| phrase::bundle(report, label).map_or_else(|| label.clone(), phrase::bundle_name);
    labels.iter().map(name).collect()
}
