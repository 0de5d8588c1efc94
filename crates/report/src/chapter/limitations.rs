//! Chapter 10: what limits this report.

use super::phrase;
use crate::model::Report;
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("10", "Limitations");
    flow.section("10.1", "Of this kind of report");
    rows(flow, &ALWAYS.map(str::to_string));
    flow.section("10.2", "Of this engagement");
    if report.limitations.is_empty() {
        flow.text("No further limitation was entered.");
    } else {
        rows(flow, &report.limitations);
    }
}

fn rows(flow: &mut Flow, sentences: &[String]) {
    let mut table = Table::new(vec![Column::words("", Width::Share(1.0))]);
    table.named_rows = false;
    for sentence in sentences {
        table.row(vec![phrase::cell(sentence.clone())]);
    }
    flow.table(&table);
}

/// What every report of this kind has to say.
const ALWAYS: [&str; 6] = [
    "Sampling: a limit is stated with its confidence. In the remaining share of draws a sample of this size would show a lower limit than the population has.",
    "Judgement: the limits assume that each unit was judged without error.",
    "Records: what was not recorded, or was left out before the bundle was made, cannot be seen in it.",
    "Identity: names of actors are as the records state them.",
    "Time: times in records are the recorder’s own word unless the claim on time is proven. Times of this report and of the custody log are those of the reviewer’s machine.",
    "Custody: the log shows what was done with Tickmark. It cannot show what was done to a file before it was imported.",
];
