//! A rate as a person writes it, kept as an exact fraction.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A share between 0 and 1 as an exact fraction in lowest terms; never a float.
///
/// Written by people as `5%`, `5 %`, `0.05` or `1/20`. A bare whole number other than 0 is refused: `95` and `1` leave
/// open whether percent is meant. [`Display`](fmt::Display) is for people (`3.5 %` with a narrow no-break space, or
/// `1/3` where no finite decimal exists); [`Rate::spelling`] and serde use the plain ASCII form `3.5%`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    numerator: u64,
    denominator: u64,
}

/// Why a text or a pair of numbers is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Nothing but spaces.
    #[error("A rate is missing: write it as 5% or 0.05 or 1/20.")]
    Empty,
    /// Not digits with at most one point, one slash or one percent sign.
    #[error("\"{found}\" is not a rate: write it as 5% or 0.05 or 1/20.")]
    NotARate {
        /// The text, cut to its first characters.
        found: String,
    },
    /// A whole number without a percent sign.
    #[error("\"{found}\" leaves open whether percent is meant: write {found}% or a fraction such as 0.05.")]
    UnitMissing {
        /// The text, cut to its first characters.
        found: String,
    },
    /// More digits than an exact rate holds here.
    #[error("\"{found}\" has more than {limit} digits.")]
    TooManyDigits {
        /// The text, cut to its first characters.
        found: String,
        /// Most digits that are read.
        limit: usize,
    },
    /// Above 100 %.
    #[error("\"{found}\" lies above 100 %.")]
    AboveOne {
        /// The text, cut to its first characters.
        found: String,
    },
    /// A fraction whose lower part is 0.
    #[error("\"{found}\" divides by zero.")]
    ZeroDenominator {
        /// The text, cut to its first characters.
        found: String,
    },
}

impl Rate {
    /// 0 %.
    pub const ZERO: Rate = Rate {
        numerator: 0,
        denominator: 1,
    };
    /// 100 %.
    pub const ONE: Rate = Rate {
        numerator: 1,
        denominator: 1,
    };

    /// Makes the rate `numerator / denominator`.
    ///
    /// # Errors
    /// [`RateError::ZeroDenominator`]; [`RateError::AboveOne`]; [`RateError::TooManyDigits`] above 10^18.
    pub fn from_fraction(numerator: u64, denominator: u64) -> Result<Rate, RateError> {
        let found = || format!("{numerator}/{denominator}");
        if denominator == 0 {
            return Err(RateError::ZeroDenominator { found: found() });
        }
        if numerator > denominator {
            return Err(RateError::AboveOne { found: found() });
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        let rate = Rate {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        };
        if rate.denominator > MAX_DENOMINATOR {
            return Err(RateError::TooManyDigits {
                found: found(),
                limit: MAX_DIGITS,
            });
        }
        Ok(rate)
    }

    /// The upper part of the fraction in lowest terms.
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The lower part of the fraction in lowest terms; at least 1 and at most 10^18.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// 1 - rate, exactly: the risk that belongs to a confidence.
    #[must_use]
    pub const fn complement(self) -> Rate {
        // 1 - a/b = (b-a)/b keeps lowest terms: gcd(b-a, b) = gcd(a, b).
        Rate {
            numerator: self.denominator - self.numerator,
            denominator: self.denominator,
        }
    }

    /// The nearest float, for curves and print; decisions use the fraction.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// `ceil(rate * count)`, exactly.
    #[must_use]
    pub fn ceil_of(self, count: u64) -> u64 {
        let product = u128::from(self.numerator) * u128::from(count);
        // The quotient is at most `count`, because the rate is at most 1.
        u64::try_from(product.div_ceil(u128::from(self.denominator))).unwrap_or(count)
    }

    /// `floor(rate * count)`, exactly.
    #[must_use]
    pub fn floor_of(self, count: u64) -> u64 {
        let product = u128::from(self.numerator) * u128::from(count);
        u64::try_from(product / u128::from(self.denominator)).unwrap_or(count)
    }

    /// The plain ASCII form that data files carry and [`FromStr`] reads back: `3.5%`, or `1/3` where no finite
    /// decimal exists.
    #[must_use]
    pub fn spelling(self) -> String {
        match self.percent_digits() {
            Some(digits) => format!("{digits}%"),
            None => format!("{}/{}", self.numerator, self.denominator),
        }
    }

    /// The percentage as a finite decimal, if it has one.
    fn percent_digits(self) -> Option<String> {
        let denominator = u128::from(self.denominator);
        // numerator * 100 * 10^18 <= 10^38 fits: the numerator is at most 10^18.
        let mut scaled = u128::from(self.numerator) * 100;
        for places in 0..=MAX_DIGITS {
            if scaled.is_multiple_of(denominator) {
                let digits = format!("{:0>width$}", scaled / denominator, width = places + 1);
                let (whole, part) = digits.split_at(digits.len() - places);
                return Some(if part.is_empty() {
                    whole.to_owned()
                } else {
                    format!("{whole}.{part}")
                });
            }
            scaled = scaled.checked_mul(10)?;
        }
        None
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Rate, RateError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RateError::Empty);
        }
        if let Some(number) = text.strip_suffix('%') {
            let number = number.trim_end();
            let (digits, places) = decimal(number, text)?;
            return fraction(digits, places + 2, text);
        }
        if let Some((upper, lower)) = text.split_once('/') {
            let (upper, lower) = (whole(upper.trim(), text)?, whole(lower.trim(), text)?);
            return Rate::from_fraction(upper, lower).map_err(|error| with_text(error, text));
        }
        let (digits, places) = decimal(text, text)?;
        if places == 0 && digits != 0 {
            return Err(RateError::UnitMissing { found: shown(text) });
        }
        fraction(digits, places, text)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.percent_digits() {
            Some(digits) => write!(f, "{digits}\u{202f}%"),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rate({})", self.spelling())
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Rate) -> Ordering {
        let left = u128::from(self.numerator) * u128::from(other.denominator);
        let right = u128::from(other.numerator) * u128::from(self.denominator);
        left.cmp(&right)
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Rate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.spelling())
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// Reads `digits[.digits]`; gives the digits as one number and how many stand behind the point.
fn decimal(number: &str, text: &str) -> Result<(u64, usize), RateError> {
    let (whole_part, part) = number.split_once('.').unwrap_or((number, ""));
    let part_missing = number.contains('.') && part.is_empty();
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole_part.is_empty() || part_missing || !is_digits(whole_part) || !is_digits(part) {
        return Err(RateError::NotARate { found: shown(text) });
    }
    let part = part.trim_end_matches('0');
    let written_part = number.contains('.');
    if part.len() > MAX_PLACES {
        return Err(RateError::TooManyDigits {
            found: shown(text),
            limit: MAX_PLACES,
        });
    }
    let digits = whole(&format!("{whole_part}{part}"), text)?;
    // "1.0" says that a fraction is meant; one place is kept so that it does not look like a bare "1".
    if written_part && part.is_empty() {
        return Ok((digits.saturating_mul(10), 1));
    }
    Ok((digits, part.len()))
}

/// Reads ASCII digits of bounded length.
fn whole(digits: &str, text: &str) -> Result<u64, RateError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RateError::NotARate { found: shown(text) });
    }
    let significant = digits.trim_start_matches('0');
    if significant.len() > MAX_DIGITS {
        return Err(RateError::TooManyDigits {
            found: shown(text),
            limit: MAX_DIGITS,
        });
    }
    if significant.is_empty() {
        return Ok(0);
    }
    significant
        .parse()
        .map_err(|_| RateError::NotARate { found: shown(text) })
}

/// `digits / 10^places`; at most 18 places.
fn fraction(digits: u64, places: usize, text: &str) -> Result<Rate, RateError> {
    let denominator = u32::try_from(places)
        .ok()
        .and_then(|places| 10u64.checked_pow(places));
    let Some(denominator) = denominator else {
        return Err(RateError::TooManyDigits {
            found: shown(text),
            limit: MAX_PLACES,
        });
    };
    Rate::from_fraction(digits, denominator).map_err(|error| with_text(error, text))
}

/// Puts the text as it was written into an error about numbers.
fn with_text(error: RateError, text: &str) -> RateError {
    let found = shown(text);
    match error {
        RateError::AboveOne { .. } => RateError::AboveOne { found },
        RateError::ZeroDenominator { .. } => RateError::ZeroDenominator { found },
        RateError::TooManyDigits { limit, .. } => RateError::TooManyDigits { found, limit },
        other => other,
    }
}

/// The first characters of a text, so that an error stays short.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS).collect()
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Digits of a number in a fraction; 10^18 keeps every product within 128 bits.
const MAX_DIGITS: usize = 18;
/// Digits behind the point; two more are needed for percent.
const MAX_PLACES: usize = 16;
const MAX_DENOMINATOR: u64 = 1_000_000_000_000_000_000;
const SHOWN_CHARACTERS: usize = 40;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn all_spellings_of_one_twentieth_are_equal() {
        for text in [
            "5%",
            "5 %",
            " 5\u{202f}% ",
            "5\u{a0}%",
            "5.0%",
            "0.05",
            "0.050",
            "1/20",
            "2 / 40",
            "005%",
        ] {
            assert_eq!(rate(text), Rate::from_fraction(1, 20).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_refused() {
        let refused = [
            "",
            " ",
            "%",
            "5",
            "1",
            "95",
            "-5%",
            "+5%",
            "5e-2",
            "0,05",
            ".5",
            "5.",
            "1.2.3%",
            "101%",
            "1.01",
            "3/2",
            "1/0",
            "1/",
            "/2",
            "5%%",
            "٥%",
            "0x5%",
            "1/20%",
            "NaN",
            "0.12345678901234567",
            "1/1234567890123456789",
        ];
        for text in refused {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        assert_eq!(
            "95".parse::<Rate>(),
            Err(RateError::UnitMissing {
                found: "95".to_owned()
            })
        );
        assert_eq!(rate("0"), Rate::ZERO);
        assert_eq!(rate("1.0"), Rate::ONE);
        assert_eq!(rate("100%"), Rate::ONE);
    }

    #[test]
    fn ceilings_are_exact_where_floats_are_not() {
        // In f64, 0.035 * 400 = 14.000000000000002 and 0.07 * 100 = 7.000000000000001.
        assert_eq!(rate("3.5%").ceil_of(400), 14);
        assert_eq!(rate("0.07").ceil_of(100), 7);
        assert_eq!(rate("0.06").ceil_of(500), 30);
        assert_eq!(rate("1/3").ceil_of(10), 4);
        assert_eq!(rate("1/3").floor_of(10), 3);
        assert_eq!(Rate::ONE.ceil_of(u64::MAX), u64::MAX);
    }

    #[test]
    fn words_for_people_and_for_files() {
        assert_eq!(rate("0.035").to_string(), "3.5\u{202f}%");
        assert_eq!(rate("0.035").spelling(), "3.5%");
        assert_eq!(rate("1/3").spelling(), "1/3");
        assert_eq!(rate("0.00001").spelling(), "0.001%");
        assert_eq!(Rate::ZERO.spelling(), "0%");
        assert_eq!(Rate::ONE.spelling(), "100%");
    }

    proptest! {
        #[test]
        fn a_spelling_reads_back(a in 0u64..2_000_000, b in 1u64..2_000_000) {
            let (a, b) = (a.min(b), a.max(b).max(1));
            let rate = Rate::from_fraction(a, b).unwrap();
            prop_assert_eq!(rate.spelling().parse::<Rate>(), Ok(rate));
            prop_assert_eq!(rate.to_string().parse::<Rate>(), Ok(rate));
            prop_assert_eq!(rate.complement().complement(), rate);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(rate) = text.parse::<Rate>() {
                prop_assert!(rate <= Rate::ONE);
            }
        }
    }
}
