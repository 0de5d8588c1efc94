//! Chapter 7: what the tests found, with its limit; counted and judged items apart.

use super::phrase;
use crate::ReportError;
use crate::model::{Evaluation, Report, Sample, Unit, UnitResult};
use crate::pdf::chart::LimitChart;
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Sets the chapter.
///
/// # Errors
/// When a rate or limit is no decimal.
pub(super) fn set(flow: &mut Flow, report: &Report) -> Result<(), ReportError> {
    flow.chapter("7", "Results");
    sampled(flow, report)?;
    census(flow, report);
    judgement(flow, report);
    Ok(())
}

/// The upper limit of a sample, rounded up to 0.1 %.
///
/// # Errors
/// When it is no decimal from 0 to 1.
pub(super) fn limit(sample: &Sample, evaluation: &Evaluation) -> Result<String, ReportError> {
    words::percent_up(&evaluation.upper_limit).ok_or_else(|| ReportError::Spelling {
        place: format!("{} upper limit", sample.label),
        expected: "a decimal from 0 to 1",
        found: evaluation.upper_limit.clone(),
    })
}

fn sampled(flow: &mut Flow, report: &Report) -> Result<(), ReportError> {
    flow.section("7.1", "Tested by sample");
    let tested = report.samples.iter().any(|sample| sample.evaluation.is_some());
    if !tested {
        flow.text("No attribute was tested by a sample.");
        return Ok(());
    }
    flow.text(READING);
    flow.gap(2.0);
    let chart = LimitChart::new(&flow.ink, &report.samples);
    let sentences: Vec<String> = report
        .samples
        .iter()
        .filter_map(|s| Some(format!("{}: {}", s.label, s.evaluation.as_ref()?.sentence)))
        .collect();
    let alt = format!("Upper limits beside the tolerable rates. {}", sentences.join(" "));
    flow.figure(&alt, chart.height(), |ink, node| chart.draw(ink, node));
    flow.gap(4.0);
    flow.table(&limits(report)?);
    flow.caption(&exact(report));
    for sample in &report.samples {
        deviations(flow, sample);
    }
    Ok(())
}

fn limits(report: &Report) -> Result<Table, ReportError> {
    let mut table = Table::new(vec![
        Column::words("", Width::Fit),
        Column::words("Deviation", Width::Share(1.0)),
        Column::figures("Population"),
        Column::figures("Tested"),
        Column::figures("Found"),
        Column::figures("Rate"),
        Column::figures("Upper\u{a0}limit"),
        Column::figures("Tolerable"),
        Column::words("Result", Width::Fit),
    ]);
    table.gap = 9.0;
    for sample in &report.samples {
        let Some(evaluation) = &sample.evaluation else {
            continue;
        };
        let rate =
            words::percent_nearest(&evaluation.point_rate).unwrap_or_else(|| evaluation.point_rate.clone());
        table.row(vec![
            phrase::strong(sample.label.clone()),
            phrase::cell(sample.deviation.clone()),
            phrase::figure(sample.population.size),
            phrase::figure(evaluation.tested),
            phrase::figure(evaluation.deviations),
            phrase::cell(rate),
            phrase::strong(limit(sample, evaluation)?),
            phrase::cell(words::entered_percent(&sample.plan.tolerable)),
            phrase::supports(evaluation.supports, Style::TABLE),
        ]);
    }
    Ok(table)
}

/// The unrounded values: they decide.
fn exact(report: &Report) -> String {
    let mut parts = Vec::new();
    for sample in &report.samples {
        if let Some(evaluation) = &sample.evaluation {
            let whole = words::count(sample.population.size);
            let at_most = evaluation
                .upper_count
                .map(|count| format!(" (at most {} of {whole})", words::count(count)));
            parts.push(format!(
                "{} {}{}",
                sample.label,
                evaluation.upper_limit,
                at_most.unwrap_or_default()
            ));
        }
    }
    format!(
        "Exact limits, one-sided, printed rounded up to 0.1\u{202f}%. The unrounded values decide: {}.",
        parts.join("; ")
    )
}

fn deviations(flow: &mut Flow, sample: &Sample) {
    let Some(evaluation) = &sample.evaluation else {
        return;
    };
    flow.part(&format!("{} {}", sample.label, sample.attribute));
    flow.text(&format!("{} {}", evaluation.sentence, tally(evaluation)));
    let units = sample.draw.as_ref().map_or(&[][..], |draw| draw.units.as_slice());
    let told: Vec<&Unit> = units
        .iter()
        .filter(|unit| unit.result.is_some_and(|result| result != UnitResult::Pass))
        .collect();
    if told.is_empty() {
        return;
    }
    let mut table = Table::new(vec![
        Column::figures("Draw"),
        Column::words("Record", Width::Fit),
        Column::words("Result", Width::Fit),
        Column::words("What was found", Width::Share(1.0)),
        Column::words("Finding", Width::Fit),
    ]);
    for unit in told.iter().take(MOST_UNITS) {
        table.row(vec![
            phrase::figure(unit.ordinal),
            phrase::cell(format!("{} {}", unit.bundle, words::count(unit.position))),
            phrase::unit_result(unit.result, Style::TABLE),
            found(unit),
            phrase::cell(unit.finding.clone().unwrap_or_default()),
        ]);
    }
    flow.table(&table);
    if told.len() > MOST_UNITS {
        flow.caption(&format!(
            "{} of {} are printed here; appendix A lists all.",
            words::count(MOST_UNITS as u64),
            words::count(told.len() as u64)
        ));
    }
}

fn tally(evaluation: &Evaluation) -> String {
    let mut parts = vec![
        format!("{} pass", words::count(evaluation.passed)),
        words::counted(evaluation.deviations, "deviation", "deviations"),
    ];
    if evaluation.could_not_test > 0 {
        parts.push(format!(
            "{} of them could not be tested and count as deviations",
            words::count(evaluation.could_not_test)
        ));
    }
    match evaluation.not_applicable {
        0 => {}
        1 => parts.push("1 did not apply and was replaced by a later draw".into()),
        many => parts.push(format!(
            "{} did not apply and were replaced by later draws",
            words::count(many)
        )),
    }
    format!(
        "{} tested: {}.",
        words::counted(evaluation.tested, "unit", "units"),
        parts.join(", ")
    )
}

fn found(unit: &Unit) -> Rich {
    let mut spans = phrase::cell(phrase::quoted(unit.note.as_deref().unwrap_or("No note."), 600));
    if let Some(later) = unit.replaced_by {
        spans.push(Span::Text(
            format!(" Draw {} replaced it.", words::count(later)),
            Style::TABLE,
        ));
    }
    for earlier in &unit.superseded {
        let note = earlier
            .note
            .as_ref()
            .map_or(String::new(), |note| format!(" “{}”", phrase::quoted(note, 200)));
        let text = format!(
            "Earlier: {}{note}, {}, {}",
            words::unit_result(earlier.result),
            earlier.by,
            words::time(&earlier.at)
        );
        spans.push(Span::Break);
        spans.push(Span::Text(text, Style::SMALL));
    }
    spans
}

fn census(flow: &mut Flow, report: &Report) {
    flow.section("7.2", "Counted in all records");
    if report.census.is_empty() {
        flow.text("No check was counted in all records.");
        return;
    }
    let mut table = Table::new(vec![
        Column::words("", Width::Fit),
        Column::words("Check", Width::Share(1.0)),
        Column::figures("Records"),
        Column::figures("Exceptions"),
        Column::words("Result", Width::Fit),
    ]);
    for check in &report.census {
        let mut title = phrase::cell(check.title.clone());
        if let Some(note) = &check.note {
            title.push(Span::Break);
            title.push(Span::Text(note.clone(), Style::SMALL));
        }
        table.row(vec![
            phrase::strong(check.label.clone()),
            title,
            phrase::figure(check.records),
            check
                .exceptions
                .map_or_else(|| phrase::muted("none counted"), phrase::figure),
            phrase::control_result(check.result, Style::TABLE),
        ]);
    }
    flow.table(&table);
}

fn judgement(flow: &mut Flow, report: &Report) {
    flow.section("7.3", "Chosen by judgement");
    if report.judgement.is_empty() {
        flow.text("No record was chosen by judgement.");
        return;
    }
    flow.text("They were not drawn at random, so no limit is stated for other cases.");
    flow.gap(2.0);
    let mut table = Table::new(vec![
        Column::words("Record", Width::Fit),
        Column::words("Why it was chosen", Width::Share(1.0)),
        Column::words("What was found", Width::Share(1.3)),
        Column::words("By, when", Width::Points(96.0)),
    ]);
    for item in &report.judgement {
        let mut record = phrase::cell(format!("{} {}", item.bundle, words::count(item.position)));
        record.push(Span::Break);
        record.push(Span::Text(
            words::short_digest(&item.record_id),
            Style::SMALL.mono(),
        ));
        table.row(vec![
            record,
            phrase::cell(phrase::quoted(&item.reason, 400)),
            phrase::cell(phrase::quoted(&item.found, 600)),
            phrase::cell(format!("{}, {}", item.by, words::time(&item.at))),
        ]);
    }
    flow.table(&table);
}

const READING: &str = "Each line runs from zero to the upper limit: with the stated confidence no more of the population deviates \
than that. The ring is the rate seen in the sample. A control is supported when its line ends at or before the tolerable rate.";
const MOST_UNITS: usize = 60;
