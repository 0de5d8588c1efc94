//! Chapter 9: what the records show about each control, and what they cannot show.

use super::phrase;
use crate::model::{ControlResult, Report};
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("9", "Controls");
    if report.controls.is_empty() {
        flow.text("No control was evaluated.");
        return;
    }
    let count = |result: ControlResult| {
        report
            .controls
            .iter()
            .filter(|control| control.result == result)
            .count() as u64
    };
    flow.text(&format!(
        "{}: {} observed, {} with an exception, {} not evaluable from these records. “Observed” says that the records show it, not that a duty is met.",
        words::counted(report.controls.len() as u64, "control", "controls"),
        words::count(count(ControlResult::Observed)),
        words::count(count(ControlResult::Exception)),
        words::count(count(ControlResult::NotEvaluable)),
    ));
    flow.gap(3.0);
    let mut table = Table::new(vec![
        Column::words("Control", Width::Share(1.0)),
        Column::words("Result", Width::Points(76.0)),
        Column::words("What the records show", Width::Share(1.0)),
        Column::words("What they cannot show", Width::Share(0.9)),
    ]);
    for control in &report.controls {
        let mut name = phrase::strong(format!("{} {}", control.framework, control.clause));
        name.push(Span::Break);
        name.push(Span::Text(control.duty.clone(), Style::TABLE));
        let mut shows = phrase::cell(control.detail.clone());
        if !control.shows.is_empty() {
            shows.push(Span::Break);
            shows.push(Span::Text(
                format!("In principle: {}", control.shows),
                Style::SMALL,
            ));
        }
        if !control.findings.is_empty() {
            shows.push(Span::Break);
            shows.push(Span::Text(
                format!("Findings: {}", control.findings.join(", ")),
                Style::SMALL,
            ));
        }
        table.row(vec![
            name,
            phrase::control_result(control.result, Style::TABLE),
            shows,
            phrase::cell(control.cannot.clone()),
        ]);
    }
    flow.table(&table);
}
