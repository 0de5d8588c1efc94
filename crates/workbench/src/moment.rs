//! Times and numbers as they are told.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};

/// An instant in RFC 3339, UTC, to the second.
pub fn stated(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An instant of a record, in RFC 3339 with what precision it has.
pub fn of_micros(micros: i64) -> Option<String> {
    Utc.timestamp_micros(micros)
        .single()
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// `184,212`
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234), "1,234");
        assert_eq!(grouped(184_212), "184,212");
    }

    #[test]
    fn instants_keep_their_precision() {
        assert_eq!(
            of_micros(1_785_580_000_123_000).as_deref(),
            Some("2026-08-01T10:26:40.123Z")
        );
        assert_eq!(of_micros(0).as_deref(), Some("1970-01-01T00:00:00Z"));
    }
}
