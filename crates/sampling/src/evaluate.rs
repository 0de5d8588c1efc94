//! What the deviations found in a sample say about the population.

use serde::{Deserialize, Serialize};

use crate::law::Law;
use crate::plan::{MAX_POPULATION, MAX_SAMPLE, is_usable_confidence};
use crate::{Method, Rate, binomial};

/// A sample that has been examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluateRequest {
    /// Number of units examined, n.
    pub sample: u64,
    /// Number of deviations among them, x; a unit that could not be tested counts as one.
    pub deviations: u64,
    /// 1 - the risk that a limit is wrong.
    pub confidence: Rate,
    /// Number of units in the population, N; without it the binomial law is used.
    pub population: Option<u64>,
}

/// The limits that a sample sets. They hold if each unit was judged without error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Evaluation {
    /// What was evaluated.
    #[serde(flatten)]
    pub request: EvaluateRequest,
    /// The law used.
    pub method: Method,
    /// x / n. Where nearly the whole population was examined it can lie a fraction of a unit outside of the limits, which
    /// are whole units over N.
    pub point: f64,
    /// One-sided upper limit of the rate of deviations, not rounded. Binomial: the p with P(X <= x | n, p) = risk
    /// (Clopper-Pearson). Hypergeometric: [`Evaluation::upper_count`] / N.
    pub upper_limit: f64,
    /// The largest K with P(X <= x | N, K, n) > risk; only for a known population.
    pub upper_count: Option<u64>,
    /// One-sided lower limit of the rate, not rounded.
    pub lower_limit: f64,
    /// The least K with P(X >= x | N, K, n) > risk; only for a known population.
    pub lower_count: Option<u64>,
    /// The two-sided interval: half the risk on each side.
    pub two_sided: Interval,
}

/// A two-sided interval for the rate of deviations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end, not rounded.
    pub lower: f64,
    /// Upper end, not rounded.
    pub upper: f64,
    /// Lower end in units of a known population.
    pub lower_count: Option<u64>,
    /// Upper end in units of a known population.
    pub upper_count: Option<u64>,
}

/// Why a sample cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// Nothing was examined.
    #[error("No unit was examined, so nothing can be said about the others.")]
    EmptySample,
    /// More deviations than units.
    #[error("{found} deviations were entered for {sample} units.")]
    DeviationsAboveSample {
        /// Deviations as entered.
        found: u64,
        /// Units as entered.
        sample: u64,
    },
    /// More units examined than there are, or a population beyond [`MAX_POPULATION`].
    #[error("{found} units were entered where at most {limit} are possible.")]
    SampleAbovePopulation {
        /// Units as entered.
        found: u64,
        /// Units in the population, or [`MAX_POPULATION`].
        limit: u64,
    },
    /// Larger than [`MAX_SAMPLE`] and not a census.
    #[error("A sample of {found} units passes the limit of {limit}.")]
    SampleTooLarge {
        /// Units as entered.
        found: u64,
        /// [`MAX_SAMPLE`].
        limit: u64,
    },
    /// The confidence is not above 0 % and at most 99.9999 %.
    #[error("The confidence is {found}; it lies above 0 % and at most at 99.9999 %.")]
    ConfidenceOutOfRange {
        /// As entered.
        found: Rate,
    },
}

/// Computes the limits (`research/audit.md` 1.3). Counts of a finite population are decided exactly.
///
/// # Errors
/// See [`EvaluateError`].
#[allow(clippy::cast_precision_loss)]
pub fn evaluate(request: &EvaluateRequest) -> Result<Evaluation, EvaluateError> {
    check(request)?;
    let risk = request.confidence.complement();
    // The denominator of a rate is at most 10^18, so doubling stays within u64; halving a risk keeps it below 1.
    let half = Rate::from_fraction(risk.numerator(), risk.denominator().saturating_mul(2)).unwrap_or(risk);
    let one_sided = Limits::new(request, risk);
    let two_sided = Limits::new(request, half);
    Ok(Evaluation {
        request: *request,
        method: Method::of(request.population),
        point: request.deviations as f64 / request.sample as f64,
        upper_limit: one_sided.upper,
        upper_count: one_sided.upper_count,
        lower_limit: one_sided.lower,
        lower_count: one_sided.lower_count,
        two_sided: Interval {
            lower: two_sided.lower,
            upper: two_sided.upper,
            lower_count: two_sided.lower_count,
            upper_count: two_sided.upper_count,
        },
    })
}

impl Evaluation {
    /// Whether the sample supports the control: the upper limit is at most the tolerable rate. Decided exactly, not by
    /// comparing floats.
    #[must_use]
    pub fn supports(&self, tolerable: Rate) -> bool {
        match (self.upper_count, self.request.population) {
            (Some(count), Some(population)) => count <= tolerable.floor_of(population),
            _ => {
                let law = Law::Binomial {
                    sample: self.request.sample,
                    rate: tolerable,
                };
                let certain = tolerable == Rate::ONE;
                certain || law.is_at_most(self.request.deviations, self.request.confidence.complement())
            }
        }
    }

    /// The upper limit in tenths of a percent, rounded up: 49.51 becomes 50, to be printed as 5.0 %.
    #[must_use]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    pub fn upper_tenths_of_percent(&self) -> u16 {
        let scaled = self.upper_limit * 1000.0;
        let nearest = scaled.round();
        // The limit is a rate, so both fit. Where the float lies next to a whole tenth, the exact question decides.
        let (nearest_tenths, above) = (nearest as u16, scaled.ceil() as u16);
        if (scaled - nearest).abs() > 1e-6 {
            return above.min(1000);
        }
        match Rate::from_fraction(u64::from(nearest_tenths), 1000) {
            Ok(rate) if self.supports(rate) => nearest_tenths,
            _ => (nearest_tenths + 1).min(1000),
        }
    }
}

/// Upper and lower limit at one risk.
struct Limits {
    upper: f64,
    lower: f64,
    upper_count: Option<u64>,
    lower_count: Option<u64>,
}

impl Limits {
    #[allow(clippy::cast_precision_loss)]
    fn new(request: &EvaluateRequest, risk: Rate) -> Limits {
        let (n, x) = (request.sample, request.deviations);
        let Some(population) = request.population else {
            let lower = 1.0 - upper_rate(n, n - x, risk);
            return Limits {
                upper: upper_rate(n, x, risk),
                lower: if x == 0 {
                    0.0
                } else {
                    refine_lower(n, x, risk, lower)
                },
                upper_count: None,
                lower_count: None,
            };
        };
        let upper = upper_count(population, n, x, risk);
        // Deviating and other units change places: at least x deviate iff at most n - x do not.
        let lower = population - upper_count(population, n, n - x, risk);
        Limits {
            upper: upper as f64 / population as f64,
            lower: lower as f64 / population as f64,
            upper_count: Some(upper),
            lower_count: Some(lower),
        }
    }
}

/// The largest K with P(X <= x | N, K, n) > risk, by halving the range that x leaves open.
fn upper_count(population: u64, sample: u64, deviations: u64, risk: Rate) -> u64 {
    // At K = x the tail is 1. What was seen not to deviate cannot be among the K.
    let (mut low, mut high) = (deviations, population - (sample - deviations));
    while low < high {
        let marked = low + (high - low).div_ceil(2);
        if (Law::Hypergeometric {
            population,
            marked,
            sample,
        })
        .is_at_most(deviations, risk)
        {
            high = marked - 1;
        } else {
            low = marked;
        }
    }
    low
}

/// The p with P(X <= x | n, p) = risk; 1 when every unit deviates.
#[allow(clippy::cast_precision_loss)]
fn upper_rate(n: u64, x: u64, risk: Rate) -> f64 {
    let risk = risk.to_f64();
    if x >= n {
        return 1.0;
    }
    if x == 0 {
        return -(risk.ln() / n as f64).exp_m1();
    }
    halve(0.0, 1.0, |p| binomial::lower_tail(x, n, p, 1.0 - p) > risk)
}

/// The p with P(X >= x | n, p) = risk, with full relative precision where it is small: there 1 - p' loses digits.
#[allow(clippy::cast_precision_loss)]
fn refine_lower(n: u64, x: u64, risk: Rate, rough: f64) -> f64 {
    if x >= n {
        return (risk.to_f64().ln() / n as f64).exp();
    }
    if rough > 0.1 {
        return rough;
    }
    let risk = risk.to_f64();
    halve(0.0, 0.2, |p| binomial::lower_tail(n - x, n, 1.0 - p, p) <= risk)
}

/// Halves an interval until no float lies between its ends; `stays_low` holds below the point sought.
fn halve(mut low: f64, mut high: f64, stays_low: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..MOST_HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high || (high - low) <= f64::EPSILON / 2.0 * high {
            break;
        }
        if stays_low(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

fn check(request: &EvaluateRequest) -> Result<(), EvaluateError> {
    let (sample, found) = (request.sample, request.deviations);
    if !is_usable_confidence(request.confidence) {
        return Err(EvaluateError::ConfidenceOutOfRange {
            found: request.confidence,
        });
    }
    if sample == 0 {
        return Err(EvaluateError::EmptySample);
    }
    if found > sample {
        return Err(EvaluateError::DeviationsAboveSample { found, sample });
    }
    let limit = request.population.unwrap_or(MAX_POPULATION).min(MAX_POPULATION);
    if sample > limit
        || request
            .population
            .is_some_and(|population| population > MAX_POPULATION)
    {
        return Err(EvaluateError::SampleAbovePopulation {
            found: request.population.unwrap_or(sample).max(sample),
            limit,
        });
    }
    if sample > MAX_SAMPLE && request.population != Some(sample) {
        return Err(EvaluateError::SampleTooLarge {
            found: sample,
            limit: MAX_SAMPLE,
        });
    }
    Ok(())
}

/// More than the 64 that full precision takes from [0, 1] down to 10^-7.
const MOST_HALVINGS: u32 = 200;
