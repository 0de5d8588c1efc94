//! How likely a plan is to support the control when the truth is this or that: the operating characteristic.

use serde::Serialize;

use crate::law::Law;
use crate::plan::{MAX_POPULATION, MAX_SAMPLE};
use crate::{PlanError, Rate};

/// One point of an acceptance curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// True rate of deviations.
    pub rate: f64,
    /// Chance that at most the acceptable number of deviations is drawn.
    pub probability: f64,
}

/// The chance that a sample of `sample` units shows at most `acceptable` deviations if deviations truly stand at
/// `true_rate` (in a finite population: at ceil(rate * N) units).
///
/// # Errors
/// [`PlanError::PopulationOutOfRange`], also when the sample passes it; [`PlanError::TooLarge`].
pub fn chance_to_support(
    sample: u64,
    acceptable: u64,
    true_rate: Rate,
    population: Option<u64>,
) -> Result<f64, PlanError> {
    check(sample, population)?;
    Ok(Law::at_rate(sample, true_rate, population).lower_tail(acceptable))
}

/// The acceptance curve of a plan: at most `points` points (between 2 and [`MAX_POINTS`]), evenly spaced from rate 0 to
/// the rate at which the chance has fallen to 0.1 %. In a finite population each point stands at a whole number of
/// deviating units, and a number that would come twice comes once.
///
/// # Errors
/// As [`chance_to_support`].
#[allow(clippy::cast_precision_loss)]
pub fn acceptance_curve(
    sample: u64,
    acceptable: u64,
    population: Option<u64>,
    points: usize,
) -> Result<Vec<CurvePoint>, PlanError> {
    check(sample, population)?;
    let steps = points.clamp(2, MAX_POINTS) as u64 - 1;
    let grid = population.unwrap_or(ENDLESS_GRID);
    let law = |marked: u64| match population {
        Some(population) => Law::Hypergeometric {
            population,
            marked,
            sample,
        },
        None => Law::Binomial {
            sample,
            rate: Rate::from_fraction(marked, ENDLESS_GRID).unwrap_or(Rate::ONE),
        },
    };
    let end = least(grid, |marked| law(marked).lower_tail(acceptable) <= CURVE_FLOOR);
    let mut curve: Vec<CurvePoint> = Vec::with_capacity(points.clamp(2, MAX_POINTS));
    let mut last = None;
    for step in 0..=steps {
        let marked = u128::from(end) * u128::from(step) / u128::from(steps);
        let marked = u64::try_from(marked).unwrap_or(end);
        if last.replace(marked) != Some(marked) {
            let rate = marked as f64 / grid as f64;
            curve.push(CurvePoint {
                rate,
                probability: law(marked).lower_tail(acceptable),
            });
        }
    }
    Ok(curve)
}

/// The least number up to `most` for which `holds`, which once true stays true; `most` when it never is.
fn least(most: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn check(sample: u64, population: Option<u64>) -> Result<(), PlanError> {
    if let Some(found) = population.filter(|found| *found == 0 || *found > MAX_POPULATION) {
        return Err(PlanError::PopulationOutOfRange {
            found,
            limit: MAX_POPULATION,
        });
    }
    if let Some(limit) = population.filter(|population| sample > *population) {
        return Err(PlanError::PopulationOutOfRange { found: sample, limit });
    }
    if sample > MAX_SAMPLE && population != Some(sample) {
        return Err(PlanError::TooLarge {
            limit: MAX_SAMPLE,
            census: population,
        });
    }
    Ok(())
}

/// Most points of a curve.
pub const MAX_POINTS: usize = 2000;
/// Rates of an endless population are taken in steps of a hundred-millionth.
const ENDLESS_GRID: u64 = 100_000_000;
/// Where a curve may end.
const CURVE_FLOOR: f64 = 0.001;
