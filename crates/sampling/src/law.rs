//! The two laws that a count of deviations can follow, and the one question asked of them: is P(X <= c) at most the risk?

use crate::{Rate, binomial, boundary, density, hypergeometric};

/// How the number of deviations in a sample is distributed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Law {
    /// Independent units, each deviating with probability `rate`: a population without a known size.
    Binomial {
        /// Number of units examined.
        sample: u64,
        /// Share of deviating units.
        rate: Rate,
    },
    /// Units drawn without replacement from a population of known size.
    Hypergeometric {
        /// Number of units in the population.
        population: u64,
        /// How many of them deviate.
        marked: u64,
        /// Number of units examined; at most `population`.
        sample: u64,
    },
}

impl Law {
    /// The law of a sample from a population in which deviations stand exactly at `rate`; the number of deviating units
    /// of a finite population is rounded up.
    pub(crate) fn at_rate(sample: u64, rate: Rate, population: Option<u64>) -> Law {
        match population {
            Some(population) => Law::Hypergeometric {
                population,
                marked: rate.ceil_of(population),
                sample,
            },
            None => Law::Binomial { sample, rate },
        }
    }

    /// The fewest and the most deviations that are possible.
    pub(crate) fn support(self) -> (u64, u64) {
        match self {
            Law::Binomial { rate, .. } if rate == Rate::ZERO => (0, 0),
            Law::Binomial { sample, rate } if rate == Rate::ONE => (sample, sample),
            Law::Binomial { sample, .. } => (0, sample),
            Law::Hypergeometric {
                population,
                marked,
                sample,
            } => (
                sample.saturating_sub(population.saturating_sub(marked)),
                marked.min(sample),
            ),
        }
    }

    /// P(X <= c) in floats, with a relative error of about 10^-12.
    pub(crate) fn lower_tail(self, c: u64) -> f64 {
        match self {
            Law::Binomial { sample, rate } => {
                binomial::lower_tail(c, sample, rate.to_f64(), rate.complement().to_f64())
            }
            Law::Hypergeometric {
                population,
                marked,
                sample,
            } => hypergeometric::lower_tail(c, population, marked, sample),
        }
    }

    /// P(X = x) in floats.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn point(self, x: u64) -> f64 {
        match self {
            Law::Binomial { sample, rate } => {
                density::binomial(x as f64, sample as f64, rate.to_f64(), rate.complement().to_f64())
            }
            Law::Hypergeometric {
                population,
                marked,
                sample,
            } => density::hypergeometric(x as f64, population as f64, marked as f64, sample as f64),
        }
    }

    /// Whether P(X <= c) <= risk, decided exactly: next to the boundary by whole numbers, elsewhere by floats.
    pub(crate) fn is_at_most(self, c: u64, risk: Rate) -> bool {
        let (tail, limit) = (self.lower_tail(c), risk.to_f64());
        let margin = ABSOLUTE_MARGIN.min(RELATIVE_MARGIN * limit);
        if (tail - limit).abs() > margin {
            return tail < limit;
        }
        boundary::is_at_most(self, c, risk)
    }
}

/// Closer to the boundary than this, floats do not decide (`research/audit.md` 1.3).
const ABSOLUTE_MARGIN: f64 = 1e-9;
/// The same for risks so small that 10^-9 would be far from them; still 10^5 times the error of a float tail.
const RELATIVE_MARGIN: f64 = 1e-6;
