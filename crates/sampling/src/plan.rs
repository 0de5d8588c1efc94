//! How many units to examine, and how many deviations still support the control.

use serde::{Deserialize, Serialize};

use crate::Rate;
use crate::law::Law;
use crate::search::{Search, Stop};

/// What a plan must satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// Rate of deviations at which the control no longer counts as operating.
    pub tolerable: Rate,
    /// Rate of deviations that the plan leaves room for.
    pub expected: Rate,
    /// 1 - the risk of supporting a control whose deviations stand at the tolerable rate.
    pub confidence: Rate,
    /// Number of units in the population; without it the binomial law is used.
    pub population: Option<u64>,
}

/// A sample size with its acceptance number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Number of units to examine.
    pub sample_size: u64,
    /// Most deviations among them that still support the control.
    pub acceptable: u64,
    /// The law used.
    pub method: Method,
    /// P(X <= acceptable) if deviations stand at the tolerable rate: the risk actually taken.
    pub risk: f64,
}

/// Which law describes the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Drawn without replacement from a population of known size.
    Hypergeometric,
    /// No known population: every unit independent.
    Binomial,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The confidence is not above 0 % and at most 99.9999 %.
    #[error("The confidence is {found}; it lies above 0 % and at most at 99.9999 %.")]
    ConfidenceOutOfRange {
        /// As requested.
        found: Rate,
    },
    /// The tolerable rate is 0 % or 100 %.
    #[error(
        "The tolerable rate is {found}; a sample can speak about rates between 0 % and 100 %. To show that no unit \
         deviates, examine every unit."
    )]
    TolerableOutOfRange {
        /// As requested.
        found: Rate,
    },
    /// A population without units, or beyond [`MAX_POPULATION`].
    #[error("The population has {found} units; it has between 1 and {limit}.")]
    PopulationOutOfRange {
        /// As requested.
        found: u64,
        /// [`MAX_POPULATION`].
        limit: u64,
    },
    /// No sample size satisfies the request.
    #[error(
        "No sample can show this at {confidence}: an expected rate of {expected} leaves no room below the tolerable \
         {tolerable}. {}", census_words(.census)
    )]
    Infeasible {
        /// As requested.
        tolerable: Rate,
        /// As requested.
        expected: Rate,
        /// As requested.
        confidence: Rate,
        /// How many units a census examines, where the population is known.
        census: Option<u64>,
    },
    /// The least sufficient sample is larger than [`MAX_SAMPLE`].
    #[error("The sample would pass {limit} units. {}", census_words(.census))]
    TooLarge {
        /// [`MAX_SAMPLE`].
        limit: u64,
        /// How many units a census examines, where the population is known.
        census: Option<u64>,
    },
}

/// Finds the smallest sufficient sample (`research/audit.md` 1.3): for c = 0, 1, 2, … let n(c) be the least n with
/// P(X <= c | n, tolerable) <= 1 - confidence; the plan is the first c with expected * n(c) <= c.
///
/// Ceilings and the comparison with the risk are exact. In a population of N units, deviations at the tolerable rate are
/// ceil(tolerable * N) units.
///
/// # Errors
/// See [`PlanError`]. Nothing runs longer than a search up to [`MAX_SAMPLE`] units.
pub fn plan(request: &PlanRequest) -> Result<Plan, PlanError> {
    let risk = risk_of(request.confidence)?;
    if request.tolerable == Rate::ZERO || request.tolerable == Rate::ONE {
        return Err(PlanError::TolerableOutOfRange {
            found: request.tolerable,
        });
    }
    check_population(request.population)?;
    if request.expected >= request.tolerable {
        return Err(infeasible(request));
    }
    let mut search = match request.population {
        Some(population) => Search::hypergeometric(population, request.tolerable.ceil_of(population), risk),
        None => Search::binomial(request.tolerable, risk),
    };
    loop {
        match search.next_size(MAX_SAMPLE) {
            Ok(sample_size) if request.expected.ceil_of(sample_size) <= search.acceptable() => {
                return Ok(finished(request, sample_size, search.acceptable()));
            }
            Ok(_) => search.accept_one_more(),
            Err(Stop::NoSuchSize) => return Err(infeasible(request)),
            Err(Stop::Limit) => {
                return Err(PlanError::TooLarge {
                    limit: MAX_SAMPLE,
                    census: request.population,
                });
            }
        }
    }
}

/// The smallest sample that shows at least one of `occurrences` units with the given confidence: discovery sampling.
///
/// # Errors
/// [`PlanError::ConfidenceOutOfRange`]; [`PlanError::PopulationOutOfRange`], also when there are more occurrences than
/// units or none; [`PlanError::TooLarge`].
pub fn discovery(population: u64, occurrences: u64, confidence: Rate) -> Result<Plan, PlanError> {
    let risk = risk_of(confidence)?;
    check_population(Some(population))?;
    if occurrences == 0 || occurrences > population {
        return Err(PlanError::PopulationOutOfRange {
            found: occurrences,
            limit: population,
        });
    }
    let too_large = PlanError::TooLarge {
        limit: MAX_SAMPLE,
        census: Some(population),
    };
    let sample = Search::hypergeometric(population, occurrences, risk)
        .next_size(MAX_SAMPLE)
        .map_err(|_| too_large)?;
    let law = Law::Hypergeometric {
        population,
        marked: occurrences,
        sample,
    };
    Ok(Plan {
        sample_size: sample,
        acceptable: 0,
        method: Method::Hypergeometric,
        risk: law.lower_tail(0),
    })
}

/// Whether a sample of `sample` units with at most `acceptable` deviations suffices: P(X <= acceptable) <= 1 -
/// confidence at the tolerable rate. Decided exactly, ties accepted.
///
/// # Errors
/// [`PlanError::ConfidenceOutOfRange`]; [`PlanError::PopulationOutOfRange`], also when the sample passes it;
/// [`PlanError::TooLarge`].
pub fn is_sufficient(
    sample: u64,
    acceptable: u64,
    tolerable: Rate,
    confidence: Rate,
    population: Option<u64>,
) -> Result<bool, PlanError> {
    let risk = risk_of(confidence)?;
    check_population(population)?;
    if let Some(limit) = population.filter(|population| sample > *population) {
        return Err(PlanError::PopulationOutOfRange { found: sample, limit });
    }
    if sample > MAX_SAMPLE {
        return Err(PlanError::TooLarge {
            limit: MAX_SAMPLE,
            census: population,
        });
    }
    Ok(Law::at_rate(sample, tolerable, population).is_at_most(acceptable, risk))
}

impl Method {
    /// The law that a known or unknown population calls for.
    #[must_use]
    pub const fn of(population: Option<u64>) -> Method {
        if population.is_some() {
            Method::Hypergeometric
        } else {
            Method::Binomial
        }
    }
}

fn finished(request: &PlanRequest, sample_size: u64, acceptable: u64) -> Plan {
    let law = Law::at_rate(sample_size, request.tolerable, request.population);
    Plan {
        sample_size,
        acceptable,
        method: Method::of(request.population),
        risk: law.lower_tail(acceptable),
    }
}

fn infeasible(request: &PlanRequest) -> PlanError {
    PlanError::Infeasible {
        tolerable: request.tolerable,
        expected: request.expected,
        confidence: request.confidence,
        census: request.population,
    }
}

fn risk_of(confidence: Rate) -> Result<Rate, PlanError> {
    if is_usable_confidence(confidence) {
        return Ok(confidence.complement());
    }
    Err(PlanError::ConfidenceOutOfRange { found: confidence })
}

/// Above 0 % and at most 99.9999 %: smaller risks are beyond what a sample of people's judgements can mean.
pub(crate) fn is_usable_confidence(confidence: Rate) -> bool {
    let risk = confidence.complement();
    let scaled = u128::from(risk.numerator()) * u128::from(LEAST_RISK_DENOMINATOR);
    confidence != Rate::ZERO && scaled >= u128::from(risk.denominator())
}

fn check_population(population: Option<u64>) -> Result<(), PlanError> {
    match population {
        Some(found) if found == 0 || found > MAX_POPULATION => Err(PlanError::PopulationOutOfRange {
            found,
            limit: MAX_POPULATION,
        }),
        _ => Ok(()),
    }
}

fn census_words(census: &Option<u64>) -> String {
    match census {
        Some(units) => format!("Examine all {units} units (a census), or change the rates."),
        None => "Examine every unit (a census), or change the rates.".to_owned(),
    }
}

/// Largest sample that is searched for or evaluated; a larger one is a census in all but name.
pub const MAX_SAMPLE: u64 = 10_000_000;
/// Largest population; every count up to here is exact in a float.
pub const MAX_POPULATION: u64 = 1_000_000_000_000;
const LEAST_RISK_DENOMINATOR: u64 = 1_000_000;
