//! How emitters spell a number: from the text in the record to the text that was hashed.
//!
//! All four spellings use the shortest digits that give the same double back; they differ in where the exponent
//! begins and in what becomes of integers.
//!
//! | value | [`es6`] | [`py_repr`] | [`orjson`] | [`serde`] |
//! |---|---|---|---|---|
//! | `1e-7` | `1e-7` | `1e-07` | `1e-7` | `1e-7` |
//! | `1e-5` | `0.00001` | `1e-05` | `0.00001` | `0.00001` |
//! | `1e16` | `10000000000000000` | `1e+16` | `1e+16` | `1e16` |
//! | `1.0` | `1` | `1.0` | `1.0` | `1.0` |
//! | `-0.0` | `0` | `-0.0` | `-0.0` | `-0.0` |
//! | `-0` | `0` | `0` | `0` | `-0.0` |
//! | 2^64 as an integer | `18446744073709552000` | its digits | `1.8446744073709552e+19` | `1.8446744073709552e19` |

use thiserror::Error;

/// Why a number has no spelling.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The text is not a number by RFC 8259 section 6.
    #[error("expected a JSON number, found {found:?}")]
    NotANumber {
        /// The text as given, cut after 64 characters.
        found: String,
    },
    /// The number is beyond the range of a double, about 1.8 × 10^308.
    #[error("the number {found} is beyond the range of a double")]
    OutOfRange {
        /// The text as given, cut after 64 characters.
        found: String,
    },
}

/// Spells a number as ECMAScript does (`Number::toString`, RFC 8785 section 3.2.2.3): every number is a double,
/// `1e21` and above and below `1e-6` with an exponent, `-0` as `0`.
///
/// # Errors
/// [`NumberError`].
pub fn es6(token: &str) -> Result<String, NumberError> {
    let number = Decimal::of(parse_double(token)?);
    if number.digits == "0" {
        return Ok("0".to_owned());
    }
    let body = match number.exponent {
        -6..=20 => number.plain(),
        exponent => number.scientific(&format!(
            "{}{}",
            if exponent < 0 { "-" } else { "+" },
            exponent.abs()
        )),
    };
    Ok(number.signed(&body))
}

/// Spells a number as Python's `json.dumps(json.loads(token))`: an integer keeps all its digits (`-0` becomes `0`),
/// a float is its `repr` with an exponent of at least two digits from `1e+16` and below `1e-04`.
///
/// # Errors
/// [`NumberError`]. Python reads `1e400` as infinity and writes `Infinity`, which is no JSON: refused here.
pub fn py_repr(token: &str) -> Result<String, NumberError> {
    if is_integer(token)? {
        return Ok(if token == "-0" { "0" } else { token }.to_owned());
    }
    let number = Decimal::of(parse_double(token)?);
    let body = match number.exponent {
        -4..=15 => with_point(number.plain()),
        exponent => number.scientific(&format!(
            "{}{:02}",
            if exponent < 0 { "-" } else { "+" },
            exponent.abs()
        )),
    };
    Ok(number.signed(&body))
}

/// Spells a number as orjson (3.11 and later) does, which is also how serde_json writes with its newer float
/// printer: exponents from `1e+16` and below `1e-5`, with a plus sign. Integers of 64 bits keep their text, larger
/// ones become doubles.
///
/// # Errors
/// [`NumberError`].
pub fn orjson(token: &str) -> Result<String, NumberError> {
    if is_integer(token)? && fits_64_bits(token) {
        return Ok(if token == "-0" { "0" } else { token }.to_owned());
    }
    Ok(shortest(&Decimal::of(parse_double(token)?), "+"))
}

/// Spells a number as serde_json with `ryu` does (and orjson up to 3.10): as [`orjson`], but exponents have no plus
/// sign, and the integer `-0` is the double `-0.0`.
///
/// # Errors
/// [`NumberError`].
pub fn serde(token: &str) -> Result<String, NumberError> {
    if is_integer(token)? && token != "-0" && fits_64_bits(token) {
        return Ok(token.to_owned());
    }
    Ok(shortest(&Decimal::of(parse_double(token)?), ""))
}

/// A double as sign, shortest digits and the power of ten of the first digit.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl Decimal {
    fn of(double: f64) -> Self {
        // The shortest digits that read back as the same double, and of two equally near ones the even: std's `{:e}`
        // prints 1424953923781206.25 as …206.3, emitters write …206.2.
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(double);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        let all = format!("{whole}{fraction}");
        let leading = all.len() - all.trim_start_matches('0').len();
        let digits = all.trim_matches('0');
        if digits.is_empty() {
            return Decimal {
                negative: double.is_sign_negative(),
                digits: "0".to_owned(),
                exponent: 0,
            };
        }
        let place = |length: usize| i32::try_from(length).unwrap_or(0);
        let exponent = exponent.parse().unwrap_or(0) + place(whole.len()) - 1 - place(leading);
        Decimal {
            negative: double.is_sign_negative(),
            digits: digits.to_owned(),
            exponent,
        }
    }

    fn signed(&self, body: &str) -> String {
        if self.negative {
            format!("-{body}")
        } else {
            body.to_owned()
        }
    }

    /// Digits with the point where it belongs, and no point when there is no fraction.
    fn plain(&self) -> String {
        let count = self.digits.len();
        let Ok(whole) = usize::try_from(self.exponent + 1) else {
            let zeros = "0".repeat(usize::try_from(-1 - self.exponent).unwrap_or(0));
            return format!("0.{zeros}{}", self.digits);
        };
        if whole == 0 {
            return format!("0.{}", self.digits);
        }
        if whole >= count {
            return format!("{}{}", self.digits, "0".repeat(whole - count));
        }
        let (head, tail) = self.digits.split_at(whole);
        format!("{head}.{tail}")
    }

    /// `d.ddde` and the exponent as given.
    fn scientific(&self, exponent: &str) -> String {
        // the digits are ASCII and at least one
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{exponent}")
    }
}

fn shortest(number: &Decimal, plus: &str) -> String {
    let body = match number.exponent {
        -5..=15 => with_point(number.plain()),
        exponent if exponent < 0 => number.scientific(&exponent.to_string()),
        exponent => number.scientific(&format!("{plus}{exponent}")),
    };
    number.signed(&body)
}

fn with_point(plain: String) -> String {
    if plain.contains('.') { plain } else { plain + ".0" }
}

fn parse_double(token: &str) -> Result<f64, NumberError> {
    is_integer(token)?;
    let double: f64 = token
        .parse()
        .map_err(|_| NumberError::NotANumber { found: cut(token) })?;
    if double.is_finite() {
        Ok(double)
    } else {
        Err(NumberError::OutOfRange { found: cut(token) })
    }
}

/// Whether the number has neither fraction nor exponent; refuses what is no JSON number.
fn is_integer(token: &str) -> Result<bool, NumberError> {
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    if sound {
        Ok(fraction.is_none() && exponent.is_none())
    } else {
        Err(NumberError::NotANumber { found: cut(token) })
    }
}

fn fits_64_bits(integer: &str) -> bool {
    integer.parse::<u64>().is_ok() || integer.parse::<i64>().is_ok()
}

fn cut(token: &str) -> String {
    token.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    /// token, es6, python, orjson 3.13 (measured), serde with ryu
    const TABLE: &[[&str; 5]] = &[
        ["1e-7", "1e-7", "1e-07", "1e-7", "1e-7"],
        ["1e-6", "0.000001", "1e-06", "1e-6", "1e-6"],
        ["1e-5", "0.00001", "1e-05", "0.00001", "0.00001"],
        ["1e-4", "0.0001", "0.0001", "0.0001", "0.0001"],
        ["0.00123", "0.00123", "0.00123", "0.00123", "0.00123"],
        [
            "1e15",
            "1000000000000000",
            "1000000000000000.0",
            "1000000000000000.0",
            "1000000000000000.0",
        ],
        ["1e16", "10000000000000000", "1e+16", "1e+16", "1e16"],
        ["1.0", "1", "1.0", "1.0", "1.0"],
        [
            "1.2345678901234568e20",
            "123456789012345680000",
            "1.2345678901234568e+20",
            "1.2345678901234568e+20",
            "1.2345678901234568e20",
        ],
        ["1E21", "1e+21", "1e+21", "1e+21", "1e21"],
        ["-0.0", "0", "-0.0", "-0.0", "-0.0"],
        ["-0", "0", "0", "0", "-0.0"],
        ["0", "0", "0", "0", "0"],
        ["5e-324", "5e-324", "5e-324", "5e-324", "5e-324"],
        ["1.5e300", "1.5e+300", "1.5e+300", "1.5e+300", "1.5e300"],
        [
            "1234567890123456.7",
            "1234567890123456.8",
            "1234567890123456.8",
            "1234567890123456.8",
            "1234567890123456.8",
        ],
        [
            "9007199254740993",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993",
            "9007199254740993",
        ],
        [
            "18446744073709551616",
            "18446744073709552000",
            "18446744073709551616",
            "1.8446744073709552e+19",
            "1.8446744073709552e19",
        ],
        [
            "-9223372036854775808",
            "-9223372036854776000",
            "-9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775808",
        ],
        [
            "333333333.33333329",
            "333333333.3333333",
            "333333333.3333333",
            "333333333.3333333",
            "333333333.3333333",
        ],
        ["1.234e-6", "0.000001234", "1.234e-06", "1.234e-6", "1.234e-6"],
        ["-1.5", "-1.5", "-1.5", "-1.5", "-1.5"],
    ];

    #[test]
    fn every_dialect_spells_the_table() {
        for [token, ecma, python, orj, ryu] in TABLE {
            assert_eq!(es6(token).unwrap(), *ecma, "es6 of {token}");
            assert_eq!(py_repr(token).unwrap(), *python, "python of {token}");
            assert_eq!(orjson(token).unwrap(), *orj, "orjson of {token}");
            assert_eq!(serde(token).unwrap(), *ryu, "serde of {token}");
        }
    }

    /// RFC 8785 appendix B: bits and text.
    #[test]
    fn the_samples_of_rfc_8785_agree() {
        for (bits, text) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let token = format!("{:e}", f64::from_bits(bits));
            assert_eq!(es6(&token).unwrap(), text, "{bits:x}");
        }
    }

    #[test]
    fn what_no_double_holds_is_refused() {
        for spell in [es6, py_repr, orjson, serde] {
            assert!(matches!(spell("1e400"), Err(NumberError::OutOfRange { .. })));
            assert!(matches!(spell("-1e400"), Err(NumberError::OutOfRange { .. })));
            for text in [
                "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "NaN", "inf", "Infinity", "0x10", "1_0", " 1",
            ] {
                assert!(
                    matches!(spell(text), Err(NumberError::NotANumber { .. })),
                    "{text:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn every_spelling_reads_back_as_the_same_double(bits in any::<u64>()) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            let token = format!("{double:e}");
            for spell in [es6, py_repr, orjson, serde] {
                let spelled = spell(&token).unwrap();
                let back: f64 = spelled.parse().unwrap();
                prop_assert!(back == double, "{spelled} is not {token}");
                // spelling what is spelled changes nothing
                prop_assert_eq!(spell(&spelled).unwrap().parse::<f64>().unwrap(), back);
            }
        }

        #[test]
        fn the_digits_are_the_shortest_there_are(bits in any::<u64>()) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            let number = Decimal::of(double);
            let std = format!("{double:e}");
            let (mantissa, exponent) = std.split_once('e').unwrap();
            prop_assert_eq!(number.digits.len(), mantissa.chars().filter(char::is_ascii_digit).count());
            prop_assert_eq!(number.exponent, exponent.parse::<i32>().unwrap());
        }

        #[test]
        fn orjson_agrees_with_the_float_printer_of_serde_json(bits in any::<u64>()) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            let token = format!("{double:e}");
            // serde_json 1.0.147 and later print doubles as orjson 3.11 does
            let oracle = serde_json::to_string(&double).unwrap();
            prop_assert_eq!(orjson(&token).unwrap(), oracle);
        }

        #[test]
        fn no_text_panics(text in "[-+0-9.eE]{0,40}|\\PC{0,12}") {
            for spell in [es6, py_repr, orjson, serde] {
                let _ = spell(&text);
            }
        }
    }
}
