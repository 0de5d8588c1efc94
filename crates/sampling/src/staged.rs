//! Samples that may be extended: what a pre-stated plan in stages, or an unplanned extension, truly risks.
//!
//! "Took 45, found 1, took 33 more" with a table row at each step is a risk of 16.8 %, not the 10 % on the label
//! (`research/audit.md` 1.5); this module computes such figures so that the window and the report can say them.

use serde::{Deserialize, Serialize};

use crate::plan::{MAX_POPULATION, MAX_SAMPLE};
use crate::{Rate, density};

/// One stage of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Units added by this stage.
    pub units: u64,
    /// The control is supported, and the sample ends, if at most so many deviations were found up to here.
    pub accept_at_most: u64,
    /// Otherwise the next stage follows if at most so many were found; with more the sample ends unsupported.
    pub continue_at_most: u64,
}

/// What a plan in stages does at one true rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StagedChance {
    /// Chance that the control is supported.
    pub supports: f64,
    /// Units examined on average.
    pub expected_units: f64,
}

/// Why a plan in stages cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StagedError {
    /// More units than [`MAX_SAMPLE`] or than the population holds.
    #[error("The stages add up to {found} units where at most {limit} are possible.")]
    TooManyUnits {
        /// Units of all stages.
        found: u64,
        /// Most units possible.
        limit: u64,
    },
    /// A stage goes on with more deviations than [`MAX_TRACKED`].
    #[error("A stage goes on with {found} deviations; at most {limit} are followed.")]
    TooManyDeviations {
        /// As stated by the stage.
        found: u64,
        /// [`MAX_TRACKED`].
        limit: u64,
    },
}

/// The chance that the stages support a control whose deviations truly stand at `true_rate` (in a finite population: at
/// ceil(rate * N) units), and how many units they take on average.
///
/// # Errors
/// See [`StagedError`].
#[allow(clippy::cast_precision_loss)]
pub fn staged_chance(
    stages: &[Stage],
    true_rate: Rate,
    population: Option<u64>,
) -> Result<StagedChance, StagedError> {
    check(stages, population)?;
    let marked = population.map(|population| true_rate.ceil_of(population));
    let mut reached = vec![1.0_f64]; // chance to be here with 0, 1, 2, … deviations so far
    let (mut supports, mut expected_units, mut seen) = (0.0, 0.0, 0_u64);
    for stage in stages {
        let going_on: f64 = reached.iter().sum();
        expected_units += going_on * stage.units as f64;
        let mut next = vec![0.0; reached.len().max(tracked(stage) + 1)];
        for (found, chance) in reached.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            for more in 0..=tracked(stage).saturating_sub(found) {
                let point = match (population, marked) {
                    (Some(population), Some(marked)) => density::hypergeometric(
                        more as f64,
                        (population - seen) as f64,
                        marked.saturating_sub(found as u64) as f64,
                        stage.units as f64,
                    ),
                    _ => density::binomial(
                        more as f64,
                        stage.units as f64,
                        true_rate.to_f64(),
                        true_rate.complement().to_f64(),
                    ),
                };
                if let Some(slot) = next.get_mut(found + more) {
                    *slot += chance * point;
                }
            }
        }
        supports += next
            .iter()
            .zip(0..)
            .filter(|(_, found)| *found <= stage.accept_at_most)
            .map(|(p, _)| p)
            .sum::<f64>();
        for (found, chance) in (0..).zip(next.iter_mut()) {
            if found <= stage.accept_at_most || found > stage.continue_at_most {
                *chance = 0.0;
            }
        }
        reached = next;
        seen += stage.units;
    }
    Ok(StagedChance {
        supports,
        expected_units,
    })
}

/// Up to how many deviations a stage must be followed.
fn tracked(stage: &Stage) -> usize {
    // Both are at most MAX_TRACKED, which fits.
    usize::try_from(stage.accept_at_most.max(stage.continue_at_most)).unwrap_or(0)
}

fn check(stages: &[Stage], population: Option<u64>) -> Result<(), StagedError> {
    let found = stages
        .iter()
        .fold(0_u64, |sum, stage| sum.saturating_add(stage.units));
    let limit = population
        .unwrap_or(MAX_SAMPLE)
        .min(MAX_SAMPLE)
        .min(MAX_POPULATION);
    if found > limit {
        return Err(StagedError::TooManyUnits { found, limit });
    }
    for stage in stages {
        let found = stage.accept_at_most.max(stage.continue_at_most);
        if found > MAX_TRACKED {
            return Err(StagedError::TooManyDeviations {
                found,
                limit: MAX_TRACKED,
            });
        }
    }
    Ok(())
}

/// Most deviations with which a stage may go on or accept.
pub const MAX_TRACKED: u64 = 1000;
