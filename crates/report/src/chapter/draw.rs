//! Chapter 6: plan and draw, in all the fields that a stranger needs to draw again.

use super::phrase;
use crate::model::{Report, Sample};
use crate::pdf::flow::Flow;
use crate::pdf::table::Table;
use crate::pdf::text::{Span, Style};
use crate::words;

/// Sets the chapter.
pub(super) fn set(flow: &mut Flow, report: &Report) {
    flow.chapter("6", "Plan and draw");
    if report.samples.is_empty() {
        flow.text("No attribute was tested by a sample.");
        return;
    }
    flow.text("The order is fixed: plan and population are frozen first, then the seed is entered, then the sample is drawn once. A second draw would stand in the custody log.");
    for (number, sample) in report.samples.iter().enumerate() {
        plan(flow, sample, &format!("6.{}", number + 1));
    }
}

fn plan(flow: &mut Flow, sample: &Sample, number: &str) {
    let plan = &sample.plan;
    flow.section(number, &format!("{} {}", sample.label, sample.attribute));
    let mut table = Table::pairs(92.0);
    table.pair("Deviation", phrase::stated(&sample.deviation));
    table.pair("Prescribed in", phrase::stated(&sample.criterion));
    table.pair(
        "Tolerable rate",
        phrase::cell(words::entered_percent(&plan.tolerable)),
    );
    table.pair(
        "Expected rate",
        phrase::cell(words::entered_percent(&plan.expected)),
    );
    table.pair(
        "Confidence",
        phrase::cell(format!("{}, one-sided", words::entered_percent(&plan.confidence))),
    );
    table.pair("Method", phrase::cell(method(&plan.method)));
    table.pair(
        "Sample",
        phrase::cell(format!(
            "n = {}, the control is supported with at most c = {}",
            words::counted(plan.sample_size, "unit", "units"),
            words::counted(plan.acceptable, "deviation", "deviations")
        )),
    );
    table.pair("Plan digest", phrase::digest(&plan.digest, Style::TABLE));
    table.pair(
        "Frozen",
        phrase::cell(format!(
            "{} by {}, custody event {}",
            words::time(&plan.frozen_at),
            plan.frozen_by,
            words::count(plan.custody_seq)
        )),
    );
    flow.table_together(&table);
    draw(flow, sample);
}

fn draw(flow: &mut Flow, sample: &Sample) {
    flow.part("Draw");
    let Some(draw) = &sample.draw else {
        flow.text("The sample was not drawn.");
        return;
    };
    let mut table = Table::pairs(92.0);
    table.pair(
        "Algorithm",
        vec![Span::Text(draw.algorithm.clone(), Style::TABLE.mono())],
    );
    table.pair("Seed", vec![Span::Text(draw.seed.clone(), Style::TABLE.mono())]);
    table.pair("Where it came from", phrase::stated(&draw.seed_source));
    table.pair(
        "Drawn",
        phrase::cell(format!(
            "{} by {}, custody event {}",
            words::time(&draw.drawn_at),
            draw.drawn_by,
            words::count(draw.custody_seq)
        )),
    );
    table.pair("Units drawn", phrase::cell(units(sample)));
    flow.table_together(&table);
    if let Some(rule) = algorithm(&draw.algorithm) {
        flow.caption(rule);
    }
}

fn units(sample: &Sample) -> String {
    let drawn = sample.draw.as_ref().map_or(0, |draw| draw.units.len() as u64);
    let more = drawn.saturating_sub(sample.plan.sample_size);
    let replaced = match more {
        0 => String::new(),
        more => format!(
            ", {} of them to replace units to which the attribute does not apply",
            words::count(more)
        ),
    };
    format!(
        "{}{replaced}; appendix A lists them in draw order.",
        words::count(drawn)
    )
}

fn method(method: &str) -> String {
    match method {
        "hypergeometric" => "hypergeometric: exact for a population of known size".to_string(),
        "binomial" => "binomial: as if the population had no end".to_string(),
        other => other.to_string(),
    }
}

/// The published rule behind an algorithm's name, so that no program of ours is needed to draw again.
fn algorithm(name: &str) -> Option<&'static str> {
    if name.starts_with("rivest") {
        Some(
            "The rule (R. Rivest, 2011): for i = 1, 2, 3 … take SHA-256 of the text “seed,i” as a number; the pick is its remainder modulo N, plus 1; a pick that came before is passed over. Seed and i are text in UTF-8; the counter in appendix A is i.",
        )
    } else if name.starts_with("consistent") {
        Some(
            "The rule (R. Rivest, consistent sampling): every id has a ticket, made from SHA-256 over the hex SHA-256 of the seed followed by the id; the units with the smallest tickets are the sample, in the order of their tickets.",
        )
    } else {
        None
    }
}
