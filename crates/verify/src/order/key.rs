//! What a record is put in order by: a number, an instant, or a text.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use tickmark_formats::json::{Kind, Value};

/// A record's place in the order. Numbers stand before instants, and instants before other texts, so that any two can
/// be compared; numbers are compared exactly, whatever their length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Number(Number),
    Instant(DateTime<Utc>),
    Text(String),
}

impl Key {
    /// Of a field's value; `None` where it has no order.
    pub fn of(value: &Value<'_>) -> Option<Key> {
        match &value.kind {
            Kind::Number(token) => Number::read(token).map(Key::Number),
            Kind::String(text) => Some(Key::of_text(text)),
            _ => None,
        }
    }

    fn of_text(text: &str) -> Key {
        // records may write their own number as text
        if let Some(number) = whole(text).and_then(Number::read) {
            return Key::Number(number);
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Key::Instant(at.to_utc()),
            Err(_) => Key::Text(text.chars().take(LONGEST).collect()),
        }
    }
}

fn whole(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then_some(text)
}

/// A decimal number: its sign, where its first digit stands, and its digits without zeros at either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    is_negative: bool,
    /// The power of ten of the first digit.
    magnitude: i64,
    digits: String,
}

impl Number {
    /// Of a JSON number's text; `None` where it is too long, or its exponent too large, to be anybody's number.
    fn read(token: &str) -> Option<Number> {
        if token.len() > LONGEST {
            return None;
        }
        let (is_negative, body) = match token.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, token),
        };
        let (mantissa, exponent) = match body.find(['e', 'E']) {
            Some(at) => (body.get(..at)?, body.get(at + 1..)?.parse::<i32>().ok()?),
            None => (body, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{integer}{fraction}");
        let kept = all.trim_start_matches('0');
        let before_point = integer.len() as i64 - (all.len() - kept.len()) as i64;
        let digits = kept.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Number {
                is_negative: false,
                magnitude: 0,
                digits,
            });
        }
        Some(Number {
            is_negative,
            magnitude: before_point + i64::from(exponent),
            digits,
        })
    }

    /// -1, 0 or 1.
    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |a: &Number, b: &Number| (a.magnitude, &a.digits).cmp(&(b.magnitude, &b.digits));
        self.sign().cmp(&other.sign()).then_with(|| {
            if self.is_negative {
                size(other, self)
            } else {
                size(self, other)
            }
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Longest text that is compared.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;

    fn key(text: &str) -> Option<Key> {
        Key::of(&parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    #[test]
    fn keys_in_their_order() {
        let rising = [
            "-1e3",
            "-10",
            "-9.5",
            "-0.01",
            "0",
            "0.001",
            "1",
            "1.5",
            "2",
            "10",
            "1764000000.1",
            "1764000000.25",
            "18446744073709551616",
            "1e300",
            "\"2026-01-01T00:00:00+02:00\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"a\"",
            "\"b\"",
        ];
        for (index, one) in rising.iter().enumerate() {
            for (at, other) in rising.iter().enumerate() {
                assert_eq!(key(one).cmp(&key(other)), index.cmp(&at), "{one} and {other}");
            }
        }
    }

    #[test]
    fn one_number_is_one_key() {
        for (one, other) in [
            ("1.0", "1"),
            ("10", "1e1"),
            ("-0", "0.0"),
            ("\"0010\"", "10"),
            ("100e-2", "1"),
        ] {
            assert_eq!(key(one), key(other), "{one} and {other}");
        }
        for none in ["null", "true", "[1]", "1e99999999999"] {
            assert_eq!(key(none), None, "{none}");
        }
    }
}
