//! `result` and `evaluate`: what was seen, and what it shows.

use tickmark_workbench::contract::command::ById;
use tickmark_workbench::contract::sampling::{EvaluationView, RecordResult, UnitResult};
use tickmark_workbench::figures::{self, EvaluationFigures};
use tickmark_workbench::{Answer, Error};

use super::session::Session;
use super::{DONE, plan};
use crate::arguments::{Evaluate, Seen, UnitResultOf};
use crate::output::Door;
use crate::text::{counted, hanging, number};

/// Records what was seen for a unit.
///
/// # Errors
/// As the workbench says.
pub fn result(typed: UnitResultOf, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    let request = RecordResult {
        plan: typed.plan,
        ordinal: typed.unit,
        result: typed.result.into(),
        note: typed.note,
    };
    plan::say(&session.bench.result_record(request)?, door);
    Ok(DONE)
}

/// Says what a sample shows.
///
/// # Errors
/// As the workbench says.
pub fn evaluate(typed: Evaluate, door: &Door) -> Answer<u8> {
    if let (Some(vault), Some(id)) = (&typed.vault, typed.plan) {
        let session = Session::at(vault, &typed.opening, door)?;
        let view = session.bench.plan_view(ById { id })?;
        let evaluation = view.evaluation.ok_or_else(|| {
            Error::invalid("Nothing is drawn for this plan, so there is nothing to evaluate.")
                .hint("`tickmark draw --vault DIR --plan PLAN --seed SEED` draws the sample.")
        })?;
        door.result("tickmark.plan-evaluation/1", &evaluation, in_words);
        return Ok(DONE);
    }
    let (Some(sample), Some(deviations)) = (typed.sample, typed.deviations) else {
        return Err(Error::invalid(
            "Without a vault, --sample and --deviations are needed.",
        ));
    };
    let figures = figures::evaluate(sample, deviations, &typed.confidence, typed.population)?;
    door.result("tickmark.evaluation/1", &figures, limit);
    Ok(DONE)
}

/// An evaluation of a drawn sample in words.
pub fn in_words(evaluation: &EvaluationView) -> String {
    let mut counts = vec![counted(evaluation.tested, "unit tested", "units tested")];
    counts.push(format!("{} pass", number(evaluation.passed)));
    counts.push(counted(evaluation.deviations, "deviation", "deviations"));
    for (count, what) in [
        (evaluation.could_not_test, "of these could not be tested"),
        (evaluation.not_applicable, "not applicable and replaced"),
    ] {
        if count > 0 {
            counts.push(format!("{} {what}", number(count)));
        }
    }
    let state = if evaluation.finished {
        "Every unit has a result."
    } else {
        "Not every unit has a result yet."
    };
    hanging("", &evaluation.sentence) + &hanging("", &format!("{}. {state}", counts.join(", ")))
}

impl From<Seen> for UnitResult {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Pass => UnitResult::Pass,
            Seen::Deviation => UnitResult::Deviation,
            Seen::NotApplicable => UnitResult::NotApplicable,
            Seen::CouldNotTest => UnitResult::CouldNotTest,
        }
    }
}

fn limit(figures: &EvaluationFigures) -> String {
    let deviations = counted(figures.deviations, "deviation", "deviations");
    let count = match (figures.upper_count, figures.population) {
        (Some(count), Some(population)) => format!(", that is {} of {}", number(count), number(population)),
        _ => String::new(),
    };
    let sentence = format!(
        "{deviations} in {}. With confidence {}, at most {} of the population deviates{count}.",
        counted(figures.sample, "unit", "units"),
        figures.confidence,
        figures.upper_printed,
    );
    let how = format!(
        "One-sided upper limit, {}, rounded up; --json gives it unrounded. It holds for units that were drawn at random.",
        figures.method
    );
    hanging("", &sentence) + &hanging("", &how)
}
