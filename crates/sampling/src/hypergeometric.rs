//! Tails of the hypergeometric law in floats: for searching and for print. What lies next to a boundary is decided
//! again in [`crate::boundary`].

use crate::binomial::NEGLIGIBLE;
use crate::density;

/// P(X <= c) when `drawn` units are drawn without replacement from `population` units of which `marked` are marked.
/// Relative error about 10^-12; the work grows with the spread of X, not with the population.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn lower_tail(c: u64, population: u64, marked: u64, drawn: u64) -> f64 {
    if c >= marked.min(drawn) {
        return 1.0;
    }
    if drawn.saturating_sub(population - marked) > c {
        return 0.0;
    }
    let urn = Urn {
        population: population as f64,
        marked: marked as f64,
        drawn: drawn as f64,
    };
    let x = c as f64;
    if x >= urn.drawn * urn.marked / urn.population {
        return (1.0 - urn.sum_upwards(x + 1.0)).max(0.0);
    }
    urn.sum_downwards(x)
}

struct Urn {
    population: f64,
    marked: f64,
    drawn: f64,
}

impl Urn {
    fn sum_downwards(&self, start: f64) -> f64 {
        let mut term = self.density(start);
        let (mut x, mut sum) = (start, term);
        let unmarked = self.population - self.marked;
        while x > 0.0 && term > sum * NEGLIGIBLE {
            term *= x * (unmarked - self.drawn + x) / ((self.marked - x + 1.0) * (self.drawn - x + 1.0));
            sum += term;
            x -= 1.0;
        }
        sum
    }

    fn sum_upwards(&self, start: f64) -> f64 {
        let mut term = self.density(start);
        let (mut x, mut sum) = (start, term);
        let unmarked = self.population - self.marked;
        while x < self.marked.min(self.drawn) && term > sum * NEGLIGIBLE {
            term *= (self.marked - x) * (self.drawn - x) / ((x + 1.0) * (unmarked - self.drawn + x + 1.0));
            sum += term;
            x += 1.0;
        }
        sum
    }

    fn density(&self, x: f64) -> f64 {
        density::hypergeometric(x, self.population, self.marked, self.drawn)
    }
}
