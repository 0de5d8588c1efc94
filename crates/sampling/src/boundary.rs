//! Decides P(X <= c) <= risk where floats cannot: first between two bounds of 320 bits, then, if both bounds still
//! enclose the risk, with whole numbers of full length. Ties are real (N = 100, one deviation, 90 drawn: exactly 10 %).

use std::cmp::Ordering;

use num_bigint::BigUint;
use num_traits::{One, Zero};

use crate::Rate;
use crate::law::Law;

/// Whether P(X <= c) <= risk.
///
/// The answer is exact. Only a case that 320 bits leave open *and* whose whole numbers would pass [`MAX_WORK`] is
/// answered with no, which asks for one unit more: the side on which an auditor may err.
pub(crate) fn is_at_most(law: Law, c: u64, risk: Rate) -> bool {
    let (least, most) = law.support();
    if c >= most {
        return risk == Rate::ONE;
    }
    if c < least {
        return true;
    }
    match enclosure(law, c).compare(risk) {
        Some(order) => order == Ordering::Less,
        None => whole_numbers(law, c, risk).unwrap_or(false),
    }
}

/// A positive number as mantissa * 2^exponent, cut to [`PRECISION`] bits in a chosen direction.
#[derive(Clone)]
struct Wide {
    mantissa: BigUint,
    exponent: i64,
}

/// Where a cut goes.
#[derive(Clone, Copy)]
enum Toward {
    Zero,
    Infinity,
}

impl Wide {
    fn new(value: u128) -> Wide {
        Wide {
            mantissa: BigUint::from(value),
            exponent: 0,
        }
    }

    fn cut(self, toward: Toward) -> Wide {
        let surplus = self.mantissa.bits().saturating_sub(PRECISION);
        if surplus == 0 {
            return self;
        }
        let mut mantissa = &self.mantissa >> surplus;
        if matches!(toward, Toward::Infinity) {
            mantissa += 1u32;
        }
        Wide {
            mantissa,
            exponent: self.exponent + i64::try_from(surplus).unwrap_or(i64::MAX),
        }
    }

    fn times(&self, factor: u128, toward: Toward) -> Wide {
        Wide {
            mantissa: &self.mantissa * factor,
            exponent: self.exponent,
        }
        .cut(toward)
    }

    fn times_wide(&self, factor: &Wide, toward: Toward) -> Wide {
        let exponent = self.exponent.saturating_add(factor.exponent);
        Wide {
            mantissa: &self.mantissa * &factor.mantissa,
            exponent,
        }
        .cut(toward)
    }

    /// `self / divisor`; the divisor is never 0 here.
    fn over(&self, divisor: u128, toward: Toward) -> Wide {
        let shift = PRECISION + 128;
        let mut mantissa = (&self.mantissa << shift) / divisor.max(1);
        if matches!(toward, Toward::Infinity) {
            mantissa += 1u32;
        }
        let exponent = self.exponent - i64::try_from(shift).unwrap_or(i64::MAX);
        Wide { mantissa, exponent }.cut(toward)
    }

    fn plus(&self, other: &Wide, toward: Toward) -> Wide {
        let (high, low) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        if high.mantissa.is_zero() {
            return low.clone();
        }
        if low.mantissa.is_zero() {
            return high.clone();
        }
        let gap = high.exponent.abs_diff(low.exponent);
        if gap > 4 * PRECISION {
            // The smaller number lies below the last bit of the larger one.
            let widened = Wide {
                mantissa: &high.mantissa << PRECISION,
                exponent: high.exponent - PRECISION_I64,
            };
            let mantissa = match toward {
                Toward::Zero => widened.mantissa,
                Toward::Infinity => widened.mantissa + 1u32,
            };
            return Wide {
                mantissa,
                exponent: widened.exponent,
            }
            .cut(toward);
        }
        Wide {
            mantissa: (&high.mantissa << gap) + &low.mantissa,
            exponent: low.exponent,
        }
        .cut(toward)
    }

    /// `(numerator / denominator)^power` by repeated squaring.
    fn power(numerator: u128, denominator: u128, mut power: u64, toward: Toward) -> Wide {
        let mut base = Wide::new(numerator).over(denominator, toward);
        let mut result = Wide::new(1);
        while power > 0 {
            if power & 1 == 1 {
                result = result.times_wide(&base, toward);
            }
            base = base.times_wide(&base, toward);
            power >>= 1;
        }
        result
    }

    fn compare(&self, rate: Rate) -> Ordering {
        let left = &self.mantissa * rate.denominator();
        let right = BigUint::from(rate.numerator());
        let shift = self.exponent.unsigned_abs();
        if self.exponent >= 0 {
            return if shift > 4 * PRECISION {
                Ordering::Greater
            } else {
                (left << shift).cmp(&right)
            };
        }
        if shift > left.bits() + 64 && !right.is_zero() {
            return Ordering::Less;
        }
        left.cmp(&(right << shift))
    }
}

/// Two bounds between which a probability lies.
struct Enclosure {
    low: Wide,
    high: Wide,
}

impl Enclosure {
    fn each(self, step: impl Fn(&Wide, Toward) -> Wide) -> Enclosure {
        Enclosure {
            low: step(&self.low, Toward::Zero),
            high: step(&self.high, Toward::Infinity),
        }
    }

    /// Where the enclosed number lies against a rate; `None` when the rate lies within the bounds.
    fn compare(&self, rate: Rate) -> Option<Ordering> {
        if self.high.compare(rate) != Ordering::Greater {
            return Some(Ordering::Less);
        }
        (self.low.compare(rate) == Ordering::Greater).then_some(Ordering::Greater)
    }
}

/// P(X <= c) between two bounds. c lies within the support.
fn enclosure(law: Law, c: u64) -> Enclosure {
    let (least, _) = law.support();
    let mut term = first_term(law);
    let mut sum = Enclosure {
        low: term.low.clone(),
        high: term.high.clone(),
    };
    for x in least..c {
        let (up, down) = ratio(law, x);
        term = term.each(|bound, toward| bound.times(up, toward).over(down, toward));
        sum = Enclosure {
            low: sum.low.plus(&term.low, Toward::Zero),
            high: sum.high.plus(&term.high, Toward::Infinity),
        };
    }
    sum
}

/// P(X = least), the probability of the fewest deviations that are possible.
fn first_term(law: Law) -> Enclosure {
    match law {
        Law::Binomial { sample, rate } => {
            let (rest, whole) = (
                u128::from(rate.complement().numerator()),
                u128::from(rate.denominator()),
            );
            let power = |toward| Wide::power(rest, whole, sample, toward);
            Enclosure {
                low: power(Toward::Zero),
                high: power(Toward::Infinity),
            }
        }
        Law::Hypergeometric {
            population,
            marked,
            sample,
        } => {
            let (unmarked, unseen) = (
                population.saturating_sub(marked),
                population.saturating_sub(sample),
            );
            // A product of (rows - i) / (N - i); of the two ways to see each case, the one with fewer factors.
            let (factors, rows) = if sample <= unmarked {
                if marked <= sample {
                    (marked, unseen)
                } else {
                    (sample, unmarked)
                }
            } else if unseen <= unmarked {
                (unseen, marked)
            } else {
                (unmarked, sample)
            };
            let mut term = Enclosure {
                low: Wide::new(1),
                high: Wide::new(1),
            };
            for i in 0..factors {
                let (up, down) = (u128::from(rows - i), u128::from(population - i));
                term = term.each(|bound, toward| bound.times(up, toward).over(down, toward));
            }
            term
        }
    }
}

/// P(X = x+1) / P(X = x) as upper and lower part.
fn ratio(law: Law, x: u64) -> (u128, u128) {
    match law {
        Law::Binomial { sample, rate } => (
            u128::from(sample.saturating_sub(x)) * u128::from(rate.numerator()),
            u128::from(x + 1) * u128::from(rate.complement().numerator()),
        ),
        Law::Hypergeometric {
            population,
            marked,
            sample,
        } => (
            u128::from(marked.saturating_sub(x)) * u128::from(sample.saturating_sub(x)),
            // N - K - n + x + 1, kept above zero: x is at least n - (N - K) here.
            u128::from(x + 1) * u128::from((population - marked + x + 1).saturating_sub(sample)),
        ),
    }
}

/// The same question with whole numbers of full length; `None` beyond [`MAX_WORK`].
fn whole_numbers(law: Law, c: u64, risk: Rate) -> Option<bool> {
    let (sum, whole) = match law {
        Law::Binomial { sample, rate } => binomial_counts(sample, rate, c)?,
        Law::Hypergeometric {
            population,
            marked,
            sample,
        } => hypergeometric_counts(population, marked, sample, c)?,
    };
    Some(sum * risk.denominator() <= whole * risk.numerator())
}

/// `sum over k <= c of C(n,k) a^k (b-a)^(n-k)` and `b^n` for the rate a/b.
fn binomial_counts(n: u64, rate: Rate, c: u64) -> Option<(BigUint, BigUint)> {
    let bits = n.checked_mul(u64::from(64 - rate.denominator().leading_zeros()))?;
    within_work(bits, c.min(n))?;
    let exponent = u32::try_from(n).ok()?;
    let whole = BigUint::from(rate.denominator()).pow(exponent);
    let rest = rate.complement().numerator().max(1);
    let mut term = BigUint::from(rest).pow(exponent);
    let mut sum = term.clone();
    for k in 0..c.min(n) {
        // Exact at every step: term(k+1) is a whole number, and it is this product over this divisor.
        term = term * (u128::from(n - k) * u128::from(rate.numerator()))
            / (u128::from(k + 1) * u128::from(rest));
        sum += &term;
    }
    Some((sum, whole))
}

/// `sum over k <= c of C(K,k) C(N-K,n-k)` and `C(N,n)`; n and K may change places, and the smaller one is drawn.
fn hypergeometric_counts(population: u64, marked: u64, sample: u64, c: u64) -> Option<(BigUint, BigUint)> {
    let (marked, drawn) = (marked.max(sample), marked.min(sample));
    let unmarked = population.checked_sub(marked)?;
    let start = drawn.saturating_sub(unmarked);
    let bits = drawn.checked_mul(u64::from(64 - population.leading_zeros()))?;
    within_work(bits, drawn.checked_mul(3)?.checked_add(c.min(drawn))?)?;
    let whole = choose(population, drawn);
    let mut term = choose(marked, start) * choose(unmarked, drawn - start);
    let mut sum = term.clone();
    for k in start..c.min(drawn) {
        let up = u128::from(marked - k) * u128::from(drawn - k);
        let down = u128::from(k + 1) * u128::from(unmarked + k + 1 - drawn);
        term = term * up / down;
        sum += &term;
    }
    Some((sum, whole))
}

/// The binomial coefficient C(n, k).
fn choose(n: u64, k: u64) -> BigUint {
    let mut value = BigUint::one();
    for i in 0..k.min(n.saturating_sub(k)) {
        value = value * (n - i) / (i + 1);
    }
    value
}

/// Numbers of `bits` bits, handled `rounds` times.
fn within_work(bits: u64, rounds: u64) -> Option<()> {
    let words = bits / 64 + 1;
    (bits <= MAX_BITS && words.checked_mul(rounds + 1)? <= MAX_WORK).then_some(())
}

const PRECISION: u64 = 320;
const PRECISION_I64: i64 = 320;
/// Longest whole number, 8 MiB.
const MAX_BITS: u64 = 1 << 26;
/// Most word operations spent on one decision: some seconds.
const MAX_WORK: u64 = 2_000_000_000;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn a_tie_is_accepted_and_its_neighbour_is_not() {
        let tie = Law::Hypergeometric {
            population: 1_000_000,
            marked: 1,
            sample: 900_000,
        };
        assert!(is_at_most(tie, 0, rate("10%")));
        let before = Law::Hypergeometric {
            population: 1_000_000,
            marked: 1,
            sample: 899_999,
        };
        assert!(!is_at_most(before, 0, rate("10%")));
        let coin = Law::Binomial {
            sample: 1,
            rate: rate("50%"),
        };
        assert!(is_at_most(coin, 0, rate("50%")));
        assert!(!is_at_most(coin, 0, rate("0.4999999999999999")));
    }

    #[test]
    fn ends_of_the_range() {
        let none = Law::Binomial {
            sample: 10,
            rate: Rate::ZERO,
        };
        assert!(!is_at_most(none, 0, rate("99%")));
        let all = Law::Binomial {
            sample: 10,
            rate: Rate::ONE,
        };
        assert!(is_at_most(all, 9, rate("1%")));
        assert!(!is_at_most(all, 10, rate("1%")));
        let census = Law::Hypergeometric {
            population: 20,
            marked: 5,
            sample: 20,
        };
        assert!(is_at_most(census, 4, rate("1%")));
        assert!(!is_at_most(census, 5, rate("1%")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Three ways to one answer: bounds, whole numbers, floats.
        #[test]
        fn bounds_and_whole_numbers_agree(
            population in 1u64..400, marked in 0u64..400, sample in 0u64..400, c in 0u64..60, risk in 1u64..1000,
        ) {
            let law = Law::Hypergeometric {
                population, marked: marked.min(population), sample: sample.min(population),
            };
            let risk = Rate::from_fraction(risk, 1000).unwrap();
            let (least, most) = law.support();
            let exact = c < least || (c < most && whole_numbers(law, c, risk).unwrap());
            prop_assert_eq!(is_at_most(law, c, risk), exact);
            prop_assert_eq!(law.is_at_most(c, risk), exact);
        }

        #[test]
        fn the_binomial_too(sample in 0u64..400, percent in 0u64..=1000, c in 0u64..60, risk in 1u64..1000) {
            let law = Law::Binomial { sample, rate: Rate::from_fraction(percent, 1000).unwrap() };
            let risk = Rate::from_fraction(risk, 1000).unwrap();
            let (least, most) = law.support();
            let exact = c < least || (c < most && whole_numbers(law, c, risk).unwrap());
            prop_assert_eq!(is_at_most(law, c, risk), exact);
            prop_assert_eq!(law.is_at_most(c, risk), exact);
        }

        /// The float tail keeps the error that the margins rest on.
        #[test]
        fn float_tails_are_close(population in 1u64..3000, marked in 0u64..3000, sample in 0u64..3000, c in 0u64..300) {
            let (marked, sample) = (marked.min(population), sample.min(population));
            let law = Law::Hypergeometric { population, marked, sample };
            let c = c + law.support().0;
            let (sum, whole) = hypergeometric_counts(population, marked, sample, c).unwrap();
            // 10^15 * P, rounded down, as a float again.
            let scaled = sum * 1_000_000_000_000_000u64 / whole;
            let exact = scaled.to_string().parse::<f64>().unwrap() / 1e15;
            prop_assert!((law.lower_tail(c) - exact).abs() < 1e-12, "{} {}", law.lower_tail(c), exact);
        }
    }
}
