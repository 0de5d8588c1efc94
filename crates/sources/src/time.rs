//! The many ways in which records write a moment, read without guessing.

use chrono::NaiveDate;

/// A moment as the record states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Moment {
    /// Nanoseconds since 1970-01-01T00:00:00Z. Where no zone is given, UTC is assumed.
    pub utc_nanos: i64,
    /// Whether the record says which zone it means; a count since 1970 does so by its nature.
    pub zone_given: bool,
    /// How finely it is written.
    pub precision: Precision,
}

/// How finely a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A date only; the moment is its midnight.
    Day,
    /// Whole seconds.
    Second,
    /// One to three digits of a second.
    Millisecond,
    /// Four to six digits.
    Microsecond,
    /// More.
    Nanosecond,
}

/// Reads a moment from a JSON string: `2026-11-23T15:00:24.459Z` and its kin (RFC 3339; also a space for the `T`, a zone
/// as `+0000`, `+00` or ` UTC`, or no zone), `20261123T150024Z`, a date alone, or digits that count since 1970.
///
/// Second 60 is the first of the next minute. More than nine digits of a second are cut.
#[must_use]
pub fn parse_text(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return parse_number(text);
    }
    let mut rest = Rest { text };
    let (date, basic) = rest.date()?;
    if rest.text.is_empty() {
        return moment(date, 0, 0, None, Precision::Day);
    }
    rest.one_of("Tt ")?;
    let seconds = rest.clock(basic)?;
    let (nanos, precision) = rest.fraction()?;
    let zone = rest.zone()?;
    moment(date, seconds, nanos, zone, precision)
}

/// Reads a moment from a JSON number that counts since 1970. Its size tells the unit: up to 10^11 seconds, up to 10^14
/// milliseconds, up to 10^17 microseconds, from 10^18 on nanoseconds. Numbers below 10^8 are counters, and those between
/// 10^17 and 10^18 may as well count from the year 1: both are refused.
#[must_use]
pub fn parse_number(token: &str) -> Option<Moment> {
    let (whole, part) = plain_decimal(token)?;
    let count: i64 = whole.parse().ok()?;
    let (unit, finest) = match count {
        100_000_000..100_000_000_000 => (1_000_000_000, Precision::Second),
        100_000_000_000..100_000_000_000_000 => (1_000_000, Precision::Millisecond),
        100_000_000_000_000..100_000_000_000_000_000 => (1_000, Precision::Microsecond),
        1_000_000_000_000_000_000.. => (1, Precision::Nanosecond),
        _ => return None,
    };
    let utc_nanos = count.checked_mul(unit)?.checked_add(part_of(&part, unit))?;
    // "1730419200.0" is a float of whole seconds.
    let digits = part.trim_end_matches('0').len();
    Some(Moment {
        utc_nanos,
        zone_given: true,
        precision: finest.max(precision_of(digits)),
    })
}

/// Whole digits and digits behind the point; an exponent is worked in. `None` for negative or very long numbers.
fn plain_decimal(token: &str) -> Option<(String, String)> {
    let (mantissa, exponent) = match token.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (token, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) || mantissa.len() > LONGEST {
        return None;
    }
    if exponent == 0 {
        return Some((whole.to_owned(), part.to_owned()));
    }
    let shift = usize::try_from(exponent).ok().filter(|shift| *shift <= 20)?;
    let padded = format!("{part:0<shift$}");
    let (moved, left) = padded.split_at_checked(shift)?;
    Some((format!("{whole}{moved}"), left.to_owned()))
}

/// The part behind the point in nanoseconds, cut.
fn part_of(digits: &str, unit: i64) -> i64 {
    let nine = format!("{digits:0<9}");
    let billionths: i64 = nine.get(..9).and_then(|nine| nine.parse().ok()).unwrap_or(0);
    // Below one billion times at most one billion.
    billionths * unit / 1_000_000_000
}

fn precision_of(digits: usize) -> Precision {
    match digits {
        0 => Precision::Second,
        1..=3 => Precision::Millisecond,
        4..=6 => Precision::Microsecond,
        _ => Precision::Nanosecond,
    }
}

fn moment(
    date: NaiveDate,
    seconds: i64,
    nanos: i64,
    zone: Option<i64>,
    precision: Precision,
) -> Option<Moment> {
    let midnight = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp();
    let utc_seconds = midnight + seconds - zone.unwrap_or(0);
    let utc_nanos = utc_seconds.checked_mul(1_000_000_000)?.checked_add(nanos)?;
    Some(Moment {
        utc_nanos,
        zone_given: zone.is_some(),
        precision,
    })
}

/// What is left of the text.
struct Rest<'a> {
    text: &'a str,
}

impl Rest<'_> {
    /// `2026-11-23`, or `20261123`, which is the basic form.
    fn date(&mut self) -> Option<(NaiveDate, bool)> {
        let year = self.digits(4)?;
        let basic = self.one_of("-").is_none();
        let month = self.digits(2)?;
        if !basic {
            self.one_of("-")?;
        }
        let day = self.digits(2)?;
        let date = NaiveDate::from_ymd_opt(
            i32::try_from(year).ok()?,
            u32::try_from(month).ok()?,
            u32::try_from(day).ok()?,
        );
        Some((date?, basic))
    }

    /// `15:00:24`, or `150024` in the basic form, as seconds of the day.
    fn clock(&mut self, basic: bool) -> Option<i64> {
        let hours = self.digits(2)?;
        if !basic {
            self.one_of(":")?;
        }
        let minutes = self.digits(2)?;
        if !basic {
            self.one_of(":")?;
        }
        let seconds = self.digits(2)?;
        (hours < 24 && minutes < 60 && seconds <= 60).then_some(hours * 3600 + minutes * 60 + seconds)
    }

    /// `.459` or `,459` in nanoseconds; nothing is zero.
    fn fraction(&mut self) -> Option<(i64, Precision)> {
        if self.one_of(".,").is_none() {
            return Some((0, Precision::Second));
        }
        let end = self
            .text
            .bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(self.text.len());
        let (digits, rest) = self.text.split_at_checked(end)?;
        if digits.is_empty() {
            return None;
        }
        self.text = rest;
        Some((part_of(digits, 1_000_000_000), precision_of(digits.len())))
    }

    /// Seconds east of UTC; the outer `None` for a zone that cannot be read, the inner one for no zone.
    #[allow(clippy::option_option)]
    fn zone(&mut self) -> Option<Option<i64>> {
        let zone = self.text.trim_start();
        if zone.is_empty() {
            return Some(None);
        }
        if ["Z", "z", "UTC", "GMT"].contains(&zone) {
            return Some(Some(0));
        }
        self.text = zone;
        let sign = match self.one_of("+-")? {
            '-' => -1,
            _ => 1,
        };
        let hours = self.digits(2)?;
        let minutes = if self.text.is_empty() {
            0
        } else {
            let _colon = self.one_of(":");
            self.digits(2)?
        };
        (self.text.is_empty() && hours < 24 && minutes < 60)
            .then_some(Some(sign * (hours * 3600 + minutes * 60)))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.text.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.text = rest;
        digits.parse().ok()
    }

    fn one_of(&mut self, allowed: &str) -> Option<char> {
        let first = self
            .text
            .chars()
            .next()
            .filter(|first| allowed.contains(*first))?;
        self.text = self.text.get(first.len_utf8()..)?;
        Some(first)
    }
}

/// Longer texts are no moments.
const LONGEST: usize = 64;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NANOS: i64 = 1_000_000_000;

    fn at(text: &str) -> i64 {
        parse_text(text).unwrap_or_else(|| panic!("{text}")).utc_nanos
    }

    #[test]
    fn one_moment_in_many_spellings() {
        let moment = 1_795_446_024 * NANOS + 459_000_000;
        for text in [
            "2026-11-23T15:00:24.459Z",
            "2026-11-23T15:00:24.459z",
            "2026-11-23t15:00:24,459Z",
            "2026-11-23 15:00:24.459000+00:00",
            "2026-11-23T15:00:24.459+0000",
            "2026-11-23T15:00:24.459+00",
            "2026-11-23 15:00:24.459 UTC",
            "2026-11-23T16:00:24.459+01:00",
            "2026-11-23T09:30:24.459-05:30",
            "2026-11-23T15:00:24.459",
            "2026-11-23 15:00:24.4590000",
            "20261123T150024.459Z",
            "1795446024459",
            "1795446024459000000",
            "1795446024.459",
            " 2026-11-23T15:00:24.459Z ",
        ] {
            assert_eq!(at(text), moment, "{text}");
        }
        for token in [
            "1795446024.459",
            "1795446024459",
            "1795446024459000",
            "1795446024459000000",
            "1.795446024459e9",
        ] {
            assert_eq!(parse_number(token).unwrap().utc_nanos, moment, "{token}");
        }
    }

    #[test]
    fn zone_and_precision_are_said() {
        let read = |text| {
            parse_text(text)
                .map(|moment| (moment.zone_given, moment.precision))
                .unwrap()
        };
        assert_eq!(read("2026-11-23T15:00:24Z"), (true, Precision::Second));
        assert_eq!(read("2026-11-23T15:00:24.5"), (false, Precision::Millisecond));
        assert_eq!(
            read("2026-11-23 15:00:24.123456"),
            (false, Precision::Microsecond)
        );
        assert_eq!(
            read("2015-01-21T22:14:26.9792776Z"),
            (true, Precision::Nanosecond)
        );
        assert_eq!(read("2026-11-23"), (false, Precision::Day));
        let number = |token| {
            parse_number(token)
                .map(|moment| (moment.zone_given, moment.precision))
                .unwrap()
        };
        assert_eq!(number("1722461446"), (true, Precision::Second));
        assert_eq!(number("1730419200.0"), (true, Precision::Second));
        assert_eq!(number("1742000400.123456"), (true, Precision::Microsecond));
        assert_eq!(number("1649694587000"), (true, Precision::Millisecond));
        assert_eq!(
            parse_number("1795446024.2749636").unwrap().utc_nanos,
            1_795_446_024_274_963_600
        );
    }

    #[test]
    fn odd_moments() {
        assert_eq!(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
        assert_eq!(at("1969-12-31T23:59:59Z"), -NANOS);
        assert_eq!(at("2024-02-29T00:00:00Z"), 1_709_164_800 * NANOS);
        assert_eq!(at("2026-11-23T15:00:24.1234567899Z") % NANOS, 123_456_789);
    }

    #[test]
    fn what_is_no_moment() {
        for text in [
            "",
            "soon",
            "2026",
            "12",
            "2026-13-01",
            "2025-02-29T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T15:00:61Z",
            "2026-11-23T15:00Z",
            "2026-11-23T15:00:24.Z",
            "2026-11-23T15:00:24+25:00",
            "2026-11-23T15:00:24+1",
            "11/23/2026",
            "2026-11-23T15:00:24Z trailing",
            "10000-01-01T00:00:00Z",
            "9999-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "１２",
            "2026-11-23T15:00:24 CET",
            "2026-11-23Tabc",
            "é026-11-23",
        ] {
            assert_eq!(parse_text(text), None, "{text}");
        }
        for token in [
            "0",
            "5",
            "-1795446024",
            "638000000000000000",
            "1e400",
            "1e-5",
            "99999999999999999999",
            "1.5e300",
        ] {
            assert_eq!(parse_number(token), None, "{token}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in ".{0,80}") {
            let _moment = parse_text(&text);
            let _number = parse_number(&text);
        }

        #[test]
        fn nearly_moments(text in "[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ]?[0-9:]{0,8}[.,]?[0-9]{0,12}[Z+-]?[0-9:]{0,6}") {
            let _moment = parse_text(&text);
        }
    }
}
