//! Point probabilities by the saddle-point expansion of C. Loader (2000), "Fast and accurate computation of binomial
//! probabilities": exact to about 14 digits for any size, where a difference of log-gammas loses 8 of them at N = 10^7.

use std::f64::consts::PI;

/// `ln(n!) - ln(sqrt(2 pi n) (n/e)^n)`: what Stirling's formula leaves over.
///
/// From a table up to 15 (`ln(n!)` summed exactly enough), from the asymptotic series above.
pub(crate) fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        // n is a whole number here; the index is within the table.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = n as usize;
        return SMALL_ERRORS.get(index).copied().unwrap_or(0.0);
    }
    let square = n * n;
    (S0 - (S1 - (S2 - (S3 - (S4 - S5 / square) / square) / square) / square) / square) / n
}

/// `x ln(x/m) + m - x`, computed without cancellation where x is near m.
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    let difference = x - m;
    if difference.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() - difference;
    }
    let v = difference / (x + m);
    let mut sum = difference * v;
    let mut power = 2.0 * x * v;
    let square = v * v;
    let mut order = 1.0;
    // |v| < 0.1, so each term is below a hundredth of the one before: about ten rounds.
    loop {
        power *= square;
        let next = sum + power / (2.0 * order + 1.0);
        if next == sum || order > 1000.0 {
            return next;
        }
        sum = next;
        order += 1.0;
    }
}

/// P(X = x) for X ~ Binomial(n, p) with q = 1 - p given apart, so that neither loses digits.
pub(crate) fn binomial(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if p == 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if q == 0.0 {
        return if x == n { 1.0 } else { 0.0 };
    }
    if x < 0.0 || x > n {
        return 0.0;
    }
    if x == 0.0 {
        return power_of_rest(n, p, q);
    }
    if x == n {
        return power_of_rest(n, q, p);
    }
    let exponent = stirling_error(n)
        - stirling_error(x)
        - stirling_error(n - x)
        - deviance(x, n * p)
        - deviance(n - x, n * q);
    let scale = 2.0 * PI * x * ((n - x) / n);
    exponent.exp() / scale.sqrt()
}

/// P(X = x) for X ~ Hypergeometric: `drawn` of `population`, of which `marked` are marked.
pub(crate) fn hypergeometric(x: f64, population: f64, marked: f64, drawn: f64) -> f64 {
    let unmarked = population - marked;
    if x < 0.0 || x > marked || x > drawn || drawn - x > unmarked {
        return 0.0;
    }
    if drawn == 0.0 || drawn == population {
        return 1.0;
    }
    let (p, q) = (drawn / population, (population - drawn) / population);
    let among_marked = binomial(x, marked, p, q);
    let among_unmarked = binomial(drawn - x, unmarked, p, q);
    let among_all = binomial(drawn, population, p, q);
    // Each factor can be small on its own; their order keeps the quotient from underflow.
    among_marked / among_all * among_unmarked
}

/// `rest^n` with rest = 1 - gone, precise for small `gone`.
fn power_of_rest(n: f64, gone: f64, rest: f64) -> f64 {
    if gone < 0.5 {
        (n * (-gone).ln_1p()).exp()
    } else {
        (n * rest.ln()).exp()
    }
}

const S0: f64 = 1.0 / 12.0;
const S1: f64 = 1.0 / 360.0;
const S2: f64 = 1.0 / 1260.0;
const S3: f64 = 1.0 / 1680.0;
const S4: f64 = 1.0 / 1188.0;
const S5: f64 = 691.0 / 360_360.0;

/// The error for 0..=15, computed with 50 digits; the entry for 0 is a convention of the formula above.
const SMALL_ERRORS: [f64; 16] = [
    0.0,
    0.08106146679532726,
    0.0413406959554093,
    0.02767792568499834,
    0.020790672103765093,
    0.016644691189821193,
    0.013876128823070748,
    0.01189670994589177,
    0.010411265261972096,
    0.009255462182712733,
    0.00833056343336287,
    0.007573675487951841,
    0.00694284010720953,
    0.006408994188004207,
    0.0059513701127588475,
    0.005554733551962801,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_meets_the_table() {
        for (n, error) in SMALL_ERRORS.iter().enumerate().skip(13) {
            #[allow(clippy::cast_precision_loss)]
            let n = n as f64;
            let square = n * n;
            let series =
                (S0 - (S1 - (S2 - (S3 - (S4 - S5 / square) / square) / square) / square) / square) / n;
            assert!((series - error).abs() < 1e-15, "{n}: {series} {error}");
        }
    }

    #[test]
    fn probabilities_sum_to_one() {
        for (n, p) in [(1.0, 0.3), (59.0, 0.05), (1000.0, 0.5), (20_000.0, 0.001)] {
            let mut sum = 0.0;
            let mut x = 0.0;
            while x <= n {
                sum += binomial(x, n, p, 1.0 - p);
                x += 1.0;
            }
            assert!((sum - 1.0).abs() < 1e-12, "{n} {p}: {sum}");
        }
        let mut sum = 0.0;
        let mut x = 0.0;
        while x <= 500.0 {
            sum += hypergeometric(x, 5_000_000.0, 250_000.0, 500.0);
            x += 1.0;
        }
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }
}
