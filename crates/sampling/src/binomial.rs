//! Tails of the binomial law in floats: for searching and for print. What lies next to a boundary is decided again in
//! [`crate::boundary`].

use crate::density;

/// P(X <= c) for X ~ Binomial(n, p), with q = 1 - p given apart. Relative error about 10^-12.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn lower_tail(c: u64, n: u64, p: f64, q: f64) -> f64 {
    if c >= n {
        return 1.0;
    }
    let (x, n) = (c as f64, n as f64);
    if x >= n * p {
        return (1.0 - sum_upwards(x + 1.0, n, p, q)).max(0.0);
    }
    sum_downwards(x, n, p, q)
}

/// Sums P(X = x) + P(X = x-1) + …, which fall from x on because x lies below the mean.
fn sum_downwards(start: f64, n: f64, p: f64, q: f64) -> f64 {
    let mut term = density::binomial(start, n, p, q);
    let (mut x, mut sum) = (start, term);
    while x > 0.0 && term > sum * NEGLIGIBLE {
        term *= x * q / ((n - x + 1.0) * p);
        sum += term;
        x -= 1.0;
    }
    sum
}

/// Sums P(X = x) + P(X = x+1) + …, which fall from x on because x lies above the mean.
fn sum_upwards(start: f64, n: f64, p: f64, q: f64) -> f64 {
    let mut term = density::binomial(start, n, p, q);
    let (mut x, mut sum) = (start, term);
    while x < n && term > sum * NEGLIGIBLE {
        term *= (n - x) * p / ((x + 1.0) * q);
        sum += term;
        x += 1.0;
    }
    sum
}

/// A term below this share of the sum changes nothing any more, and neither do all that follow together.
pub(crate) const NEGLIGIBLE: f64 = 1e-20;
