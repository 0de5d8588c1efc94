//! Walks upwards through sample sizes and acceptance numbers, keeping P(X <= c) up to date instead of summing it anew.

use crate::Rate;
use crate::law::Law;

/// Finds n(0), n(1), n(2), …: for each acceptance number c the least n with P(X <= c) <= risk.
///
/// One step in n: P(X <= c) falls by the chance that the (c+1)-th deviation comes with unit n+1. One step in c: it
/// grows by P(X = c+1). Both follow from the point probability P(X = c) by a product, so that a search up to n costs n
/// steps whatever c is. The floats only say where to look: every answer is decided by [`Law::is_at_most`].
pub(crate) struct Search {
    urn: Urn,
    risk: Rate,
    sample: u64,
    acceptable: u64,
    /// P(X <= acceptable).
    tail: f64,
    /// P(X = acceptable).
    point: f64,
    steps_since_summed: u32,
}

/// What is drawn from.
#[derive(Clone, Copy)]
enum Urn {
    Endless { rate: Rate, p: f64, q: f64 },
    Finite { population: u64, marked: u64 },
}

/// Why a search ended without a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Not even a census reaches the risk: as many deviations are accepted as there are.
    NoSuchSize,
    /// The caller's largest size.
    Limit,
}

impl Search {
    /// Searches for a population without a known size. The rate lies strictly between 0 and 1.
    pub(crate) fn binomial(rate: Rate, risk: Rate) -> Search {
        Search::new(
            Urn::Endless {
                rate,
                p: rate.to_f64(),
                q: rate.complement().to_f64(),
            },
            risk,
        )
    }

    /// Searches for `population` units of which `marked` deviate.
    pub(crate) fn hypergeometric(population: u64, marked: u64, risk: Rate) -> Search {
        Search::new(Urn::Finite { population, marked }, risk)
    }

    fn new(urn: Urn, risk: Rate) -> Search {
        Search {
            urn,
            risk,
            sample: 0,
            acceptable: 0,
            tail: 1.0,
            point: 1.0,
            steps_since_summed: 0,
        }
    }

    /// The acceptance number c.
    pub(crate) fn acceptable(&self) -> u64 {
        self.acceptable
    }

    /// The least n with P(X <= c) <= risk. Sizes only grow with c, so the search goes on where it stands.
    pub(crate) fn next_size(&mut self, limit: u64) -> Result<u64, Stop> {
        if let Urn::Finite { marked, .. } = self.urn
            && self.acceptable >= marked
        {
            return Err(Stop::NoSuchSize);
        }
        while !self.is_sufficient() {
            if self.sample >= limit {
                return Err(Stop::Limit);
            }
            if let Urn::Finite { population, .. } = self.urn
                && self.sample >= population
            {
                return Err(Stop::NoSuchSize);
            }
            self.add_unit();
        }
        Ok(self.sample)
    }

    /// Goes from c to c + 1 at the same n.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn accept_one_more(&mut self) {
        let (n, c) = (self.sample as f64, self.acceptable as f64);
        let ratio = match self.urn {
            Urn::Endless { p, q, .. } => (n - c) / (c + 1.0) * p / q,
            Urn::Finite { population, marked } => {
                let (size, marked) = (population as f64, marked as f64);
                (marked - c) / (c + 1.0) * (n - c) / (size - marked - n + c + 1.0)
            }
        };
        self.acceptable += 1;
        self.point *= ratio;
        self.tail += self.point;
        if self.point == 0.0 || !ratio.is_finite() || ratio < 0.0 {
            self.sum_anew();
        }
        self.count_step();
    }

    /// Goes from n to n + 1 at the same c.
    #[allow(clippy::cast_precision_loss)]
    fn add_unit(&mut self) {
        let (n, c) = (self.sample as f64, self.acceptable as f64);
        let (leaves, ratio) = match self.urn {
            Urn::Endless { p, q, .. } => (p, (n + 1.0) / (n + 1.0 - c) * q),
            Urn::Finite { population, marked } => {
                let (size, marked) = (population as f64, marked as f64);
                let unseen = size - n;
                (
                    (marked - c) / unseen,
                    (n + 1.0) / (n + 1.0 - c) * ((unseen - marked + c) / unseen),
                )
            }
        };
        self.tail -= self.point * leaves;
        self.point *= ratio;
        self.sample += 1;
        self.count_step();
    }

    /// Floats far from the boundary, the exact question near it.
    fn is_sufficient(&self) -> bool {
        let limit = self.risk.to_f64();
        if (self.tail - limit).abs() > NEAR * limit {
            return self.tail < limit;
        }
        self.law().is_at_most(self.acceptable, self.risk)
    }

    fn law(&self) -> Law {
        match self.urn {
            Urn::Endless { rate, .. } => Law::Binomial {
                sample: self.sample,
                rate,
            },
            Urn::Finite { population, marked } => Law::Hypergeometric {
                population,
                marked,
                sample: self.sample,
            },
        }
    }

    /// Rounding grows with every step; now and then the sums are taken afresh.
    fn count_step(&mut self) {
        self.steps_since_summed += 1;
        if self.steps_since_summed >= STEPS_PER_SUM {
            self.sum_anew();
        }
    }

    fn sum_anew(&mut self) {
        let law = self.law();
        self.tail = law.lower_tail(self.acceptable);
        self.point = law.point(self.acceptable);
        self.steps_since_summed = 0;
    }
}

/// Relative distance from the risk within which the running sum is not trusted. Its own error after
/// [`STEPS_PER_SUM`] steps is below 10^-12, absolutely, and the least risk is 10^-6.
const NEAR: f64 = 1e-5;
const STEPS_PER_SUM: u32 = 1024;
