//! Before anything is printed: do the model's figures agree with what they were counted from?
//!
//! A report that contradicts itself is not made. What a person judged is not touched; only sums, limits and conclusions
//! that follow from other parts of the model are counted again.

use std::collections::BTreeSet;

use crate::ReportError;
use crate::model::{Evaluation, Report, SCHEMA, Sample, Unit, UnitResult};
use crate::words;

impl Report {
    /// Counts again what the model states.
    ///
    /// # Errors
    /// The first figure that disagrees, or a value that is not spelled as the schema asks.
    pub fn check(&self) -> Result<(), ReportError> {
        if self.schema != SCHEMA {
            return Err(ReportError::Schema {
                expected: SCHEMA,
                found: self.schema.clone(),
            });
        }
        let mut labels = BTreeSet::new();
        for evidence in &self.evidence {
            if !labels.insert(evidence.label.as_str()) {
                return Err(spelling("evidence.label", "a label of its own", &evidence.label));
            }
        }
        self.samples
            .iter()
            .try_for_each(|sample| check_sample(sample, &labels))?;
        self.check_custody()
    }

    fn check_custody(&self) -> Result<(), ReportError> {
        let custody = &self.custody;
        let last = custody.events.last();
        let ordered = custody
            .events
            .windows(2)
            .all(|pair| matches!(pair, [one, next] if one.seq < next.seq));
        if !ordered {
            return Err(spelling(
                "custody.events",
                "events in the order of their numbers",
                "another order",
            ));
        }
        if let Some(last) = last.filter(|last| last.seq > custody.count) {
            return Err(disagrees(
                "custody.count",
                &words::count(custody.count),
                &words::count(last.seq),
            ));
        }
        if let Some(last) = last.filter(|last| last.seq == custody.count && last.hash != custody.head) {
            return Err(disagrees("custody.head", &custody.head, &last.hash));
        }
        Ok(())
    }
}

fn check_sample(sample: &Sample, labels: &BTreeSet<&str>) -> Result<(), ReportError> {
    let label = &sample.label;
    let population = &sample.population;
    let excluded = population
        .excluded
        .iter()
        .try_fold(0u64, |sum, exclusion| sum.checked_add(exclusion.count));
    let counted = excluded.and_then(|excluded| population.imported.checked_sub(excluded));
    if counted != Some(population.size) {
        let counted = counted.map_or("less than zero".into(), words::count);
        return Err(disagrees(
            &format!("{label} population"),
            &words::count(population.size),
            &counted,
        ));
    }
    if !population.ids.is_empty() && population.ids.len() as u64 != population.size {
        return Err(disagrees(
            &format!("{label} population"),
            &words::count(population.size),
            &words::count(population.ids.len() as u64),
        ));
    }
    let units = sample.draw.as_ref().map_or(&[][..], |draw| draw.units.as_slice());
    for unit in units {
        if !labels.contains(unit.bundle.as_str()) {
            return Err(spelling(
                &format!("{label} unit {}", unit.ordinal),
                "the label of a bundle",
                &unit.bundle,
            ));
        }
        if unit.pick == 0 || unit.pick > population.size {
            return Err(spelling(
                &format!("{label} unit {}", unit.ordinal),
                "a position in the frame",
                &unit.pick.to_string(),
            ));
        }
    }
    sample
        .evaluation
        .as_ref()
        .map_or(Ok(()), |evaluation| check_evaluation(sample, evaluation, units))
}

fn check_evaluation(sample: &Sample, evaluation: &Evaluation, units: &[Unit]) -> Result<(), ReportError> {
    let label = &sample.label;
    let tally = |wanted: &[UnitResult]| {
        units
            .iter()
            .filter(|unit| unit.result.is_some_and(|r| wanted.contains(&r)))
            .count() as u64
    };
    let figures = [
        (
            "deviations",
            evaluation.deviations,
            tally(&[UnitResult::Deviation, UnitResult::CouldNotTest]),
        ),
        (
            "could not test",
            evaluation.could_not_test,
            tally(&[UnitResult::CouldNotTest]),
        ),
        (
            "not applicable",
            evaluation.not_applicable,
            tally(&[UnitResult::NotApplicable]),
        ),
        ("passed", evaluation.passed, tally(&[UnitResult::Pass])),
        (
            "tested",
            evaluation.tested,
            evaluation.passed.saturating_add(evaluation.deviations),
        ),
    ];
    for (figure, stated, counted) in figures {
        if stated != counted {
            return Err(disagrees(
                &format!("{label} {figure}"),
                &words::count(stated),
                &words::count(counted),
            ));
        }
    }
    let limit = words::percent_up(&evaluation.upper_limit).ok_or_else(|| {
        spelling(
            &format!("{label} upper limit"),
            "a decimal from 0 to 1",
            &evaluation.upper_limit,
        )
    })?;
    words::percent_nearest(&evaluation.point_rate).ok_or_else(|| {
        spelling(
            &format!("{label} rate"),
            "a decimal from 0 to 1",
            &evaluation.point_rate,
        )
    })?;
    if figure_of(&limit) != figure_of(&evaluation.upper_printed) {
        return Err(disagrees(
            &format!("{label} upper limit"),
            &evaluation.upper_printed,
            &limit,
        ));
    }
    check_conclusion(sample, evaluation)
}

/// A finished sample supports the control if and only if its upper limit is at most the tolerable rate.
fn check_conclusion(sample: &Sample, evaluation: &Evaluation) -> Result<(), ReportError> {
    let tolerable = sample.plan.tolerable.trim().trim_end_matches('%').trim();
    let place = format!("{} tolerable rate", sample.label);
    let tolerable = decimal(tolerable)
        .map(|d| shift_right(&d, 2))
        .ok_or_else(|| spelling(&place, "a percentage", &sample.plan.tolerable))?;
    let limit = decimal(&evaluation.upper_limit)
        .ok_or_else(|| spelling(&place, "a decimal", &evaluation.upper_limit))?;
    let holds = compare(&limit, &tolerable).is_le();
    match evaluation.supports {
        Some(stated) if !evaluation.finished => Err(disagrees(
            &format!("{} conclusion", sample.label),
            said(stated),
            "the sample is not finished",
        )),
        Some(stated) if stated != holds => Err(disagrees(
            &format!("{} conclusion", sample.label),
            said(stated),
            said(holds),
        )),
        _ => Ok(()),
    }
}

/// Whole and fractional digits, without zeros that say nothing.
type Decimal = (String, String);

fn decimal(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return None;
    }
    Some((
        whole.trim_start_matches('0').to_string(),
        fraction.trim_end_matches('0').to_string(),
    ))
}

/// Divides by ten, `places` times.
fn shift_right((whole, fraction): &Decimal, places: usize) -> Decimal {
    let padded = format!("{whole:0>places$}");
    let (kept, moved) = padded.split_at(padded.len() - places);
    (
        kept.trim_start_matches('0').to_string(),
        format!("{moved}{fraction}").trim_end_matches('0').to_string(),
    )
}

fn compare(one: &Decimal, other: &Decimal) -> std::cmp::Ordering {
    one.0
        .len()
        .cmp(&other.0.len())
        .then_with(|| one.0.cmp(&other.0))
        .then_with(|| one.1.cmp(&other.1))
}

fn figure_of(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect()
}

fn said(supports: bool) -> &'static str {
    if supports { "supports" } else { "does not support" }
}

fn disagrees(figure: &str, stated: &str, counted: &str) -> ReportError {
    ReportError::FigureDisagrees {
        figure: figure.into(),
        stated: stated.into(),
        counted: counted.into(),
    }
}

fn spelling(place: &str, expected: &'static str, found: &str) -> ReportError {
    ReportError::Spelling {
        place: place.into(),
        expected,
        found: found.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_compare_exactly() {
        let less = |one: &str, other: &str| compare(&decimal(one).unwrap(), &decimal(other).unwrap());
        assert!(less("0.05", "0.050").is_eq());
        assert!(less("0.049999999999999999999", "0.05").is_lt());
        assert!(less("1", "0.999").is_gt());
        assert!(less("10", "9").is_gt());
        assert_eq!(shift_right(&decimal("5").unwrap(), 2), decimal("0.05").unwrap());
        assert_eq!(
            shift_right(&decimal("12.5").unwrap(), 2),
            decimal("0.125").unwrap()
        );
        assert_eq!(shift_right(&decimal("100").unwrap(), 2), decimal("1").unwrap());
    }
}
