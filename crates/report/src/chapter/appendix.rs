//! Appendices: every drawn unit, and the words of the report.

use super::phrase;
use crate::model::{Report, Sample, Unit};
use crate::pdf::colour::Colour;
use crate::pdf::flow::Flow;
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style};
use crate::words;

/// Sets the appendices.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    units(flow, report);
    glossary(flow, report);
}

fn units(flow: &mut Flow, report: &Report) {
    flow.chapter("A", "Drawn units");
    let drawn: Vec<&Sample> = report
        .samples
        .iter()
        .filter(|sample| sample.draw.is_some())
        .collect();
    if drawn.is_empty() {
        flow.text("No sample was drawn.");
        return;
    }
    flow.text("In draw order. The counter is the sampler’s, the position is the place in the frame, the record number is that in its bundle. Record ids are shortened; report.json and sample.csv have them whole.");
    for (number, sample) in drawn.iter().enumerate() {
        flow.section(
            &format!("A.{}", number + 1),
            &format!("{} {}", sample.label, sample.attribute),
        );
        flow.table(&list(sample));
    }
}

fn list(sample: &Sample) -> Table {
    let units = sample.draw.as_ref().map_or(&[][..], |draw| draw.units.as_slice());
    let zone = phrase::common(
        units
            .iter()
            .filter_map(|unit| unit.tested_at.as_deref())
            .map(words::zone),
    );
    let tester = phrase::common(units.iter().filter_map(|unit| unit.tested_by.clone()).map(Some));
    let mut table = Table::new(vec![
        Column::figures("Draw"),
        Column::figures("Counter"),
        Column::figures("Position"),
        Column::words("Record", Width::Fit),
        Column::words("Record id", Width::Fit),
        Column::words("Result", Width::Share(1.0)),
        Column::words(&tested_head(tester.as_deref(), zone.as_deref()), Width::Fit),
    ])
    .dense();
    for unit in units {
        table.row(vec![
            small(words::count(unit.ordinal)),
            small(words::count(unit.counter)),
            small(words::count(unit.pick)),
            small(format!("{} {}", unit.bundle, words::count(unit.position))),
            vec![Span::Text(
                words::short_digest(&unit.record_id),
                SMALL.mono().colour(Colour::MUTED),
            )],
            result(unit),
            tested(unit, tester.is_none(), zone.is_some()),
        ]);
        if let Some(note) = note(unit) {
            table.note(RESULT_COLUMN - 1, note);
        }
    }
    table
}

/// What is the same for all units stands in the head.
fn tested_head(tester: Option<&str>, zone: Option<&str>) -> String {
    let by = tester.map_or(String::new(), |tester| {
        format!(" by {}", phrase::quoted(tester, 40))
    });
    let zone = zone.map_or(String::new(), |zone| format!(", {zone}"));
    format!("Tested{by}{zone}")
}

fn result(unit: &Unit) -> Rich {
    let mut spans = phrase::unit_result(unit.result, SMALL);
    if let Some(later) = unit.replaced_by {
        spans.push(Span::Text(format!(", see {}", words::count(later)), SMALL));
    }
    spans
}

fn note(unit: &Unit) -> Option<Rich> {
    let mut parts = Vec::new();
    parts.extend(
        unit.note
            .as_deref()
            .filter(|note| !note.is_empty())
            .map(|note| phrase::quoted(note, 300)),
    );
    if let Some(later) = unit.replaced_by {
        parts.push(format!("Draw {} replaces it.", words::count(later)));
    }
    if !unit.superseded.is_empty() {
        let kept = words::counted(
            unit.superseded.len() as u64,
            "earlier result is kept.",
            "earlier results are kept.",
        );
        parts.push(kept);
    }
    (!parts.is_empty()).then(|| vec![Span::Text(parts.join(" "), SMALL.colour(Colour::MUTED))])
}

fn tested(unit: &Unit, named: bool, without_zone: bool) -> Rich {
    let (Some(by), Some(at)) = (&unit.tested_by, &unit.tested_at) else {
        return Vec::new();
    };
    let time = if without_zone {
        words::time_without_zone(at)
    } else {
        words::time(at)
    };
    let mut spans = vec![Span::Text(time, SMALL)];
    if named {
        spans.push(Span::Break);
        spans.push(Span::Text(phrase::quoted(by, 60), SMALL.colour(Colour::MUTED)));
    }
    spans
}

fn small(text: String) -> Rich {
    vec![Span::Text(text, SMALL)]
}

fn glossary(flow: &mut Flow, report: &Report) {
    flow.chapter("B", "Words and marks");
    marks(flow);
    if report.glossary.is_empty() {
        return;
    }
    flow.section("B.2", "Words");
    let mut table = Table::pairs(92.0);
    for term in &report.glossary {
        table.rows.push(vec![
            phrase::strong(term.term.clone()),
            phrase::cell(term.meaning.clone()),
        ]);
    }
    flow.table(&table);
}

fn marks(flow: &mut Flow) {
    use crate::model::{ControlResult, UnitResult};
    use tickmark_verify::verification::{CheckOutcome, ClaimOutcome};
    flow.section("B.1", "Marks");
    let mut table = Table::pairs(110.0);
    let outcome = |outcome| phrase::outcome(outcome, Style::TABLE.strong());
    let rows = [
        (
            outcome(ClaimOutcome::Proven),
            "of a claim or bundle: everything needed is there and agrees",
        ),
        (
            outcome(ClaimOutcome::Refuted),
            "of a claim or bundle: something contradicts it",
        ),
        (
            outcome(ClaimOutcome::NotProven),
            "of a claim or bundle: nothing contradicts it, and not everything needed is there",
        ),
        (
            phrase::check(CheckOutcome::Pass, Style::TABLE),
            "of a check or unit; likewise “supports” and “observed”",
        ),
        (
            phrase::check(CheckOutcome::Fail, Style::TABLE),
            "of a check; likewise “deviation”, “exception” and “does not support”",
        ),
        (
            phrase::check(CheckOutcome::NotChecked, Style::TABLE),
            "of a check, with its reason",
        ),
        (
            phrase::unit_result(Some(UnitResult::CouldNotTest), Style::TABLE),
            "of a unit: evidence is missing; it counts as a deviation",
        ),
        (
            phrase::control_result(ControlResult::NotEvaluable, Style::TABLE),
            "of a control: these records cannot show it; likewise “not applicable” of a check or unit",
        ),
        (
            vec![Span::Text("pay\u{202e}load".into(), Style::TABLE)],
            "a letter in a frame, named by its code: it would be invisible, would move other letters, or no font here draws it",
        ),
    ];
    for (mark, meaning) in rows {
        table.rows.push(vec![mark, phrase::cell(meaning)]);
    }
    flow.table(&table);
}

const RESULT_COLUMN: usize = 5;
const SMALL: Style = Style::TABLE.size(8.2);
