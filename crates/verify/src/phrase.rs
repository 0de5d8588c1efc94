//! Words around numbers and times.

use chrono::{DateTime, SubsecRound as _, TimeZone, Timelike as _, Utc};

/// `1 record`, `184,212 records`
pub(crate) fn records(count: u64) -> String {
    counted(count, "record", "records")
}

/// A number with its noun.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), either(count, one, many))
}

/// The word that goes with a number.
pub(crate) fn either<'w>(count: u64, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}

/// `184,212`
pub(crate) fn grouped(value: u64) -> String {
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

/// An RFC 3339 time as `20 Nov 2026, 14:05 +01:00`; a text that is none stays as it is.
pub(crate) fn stated_time(text: &str) -> String {
    let Ok(at) = DateTime::parse_from_rfc3339(text) else {
        return text.to_owned();
    };
    match at.offset().local_minus_utc() {
        0 => instant(at.to_utc()),
        _ => told(&at, &at.format("%:z").to_string()),
    }
}

/// An instant as `20 Nov 2026, 13:05 UTC`, with the seconds only where they are not zero.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    told(&at, "UTC")
}

fn told<Z: TimeZone<Offset: std::fmt::Display>>(at: &DateTime<Z>, zone: &str) -> String {
    let form = match (at.second(), at.clone().trunc_subsecs(0) == *at) {
        (0, true) => "%-d %b %Y, %H:%M",
        (_, true) => "%-d %b %Y, %H:%M:%S",
        (_, false) => "%-d %b %Y, %H:%M:%S%.f",
    };
    format!("{} {zone}", at.format(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_zone_and_their_precision() {
        assert_eq!(stated_time("2026-11-20T10:00:00Z"), "20 Nov 2026, 10:00 UTC");
        assert_eq!(stated_time("2026-11-02T10:00:00+00:00"), "2 Nov 2026, 10:00 UTC");
        assert_eq!(
            stated_time("2026-12-04T11:20:31+01:00"),
            "4 Dec 2026, 11:20:31 +01:00"
        );
        assert_eq!(
            stated_time("2026-12-04T11:20:00.25-05:30"),
            "4 Dec 2026, 11:20:00.250 -05:30"
        );
        assert_eq!(stated_time("20 Nov 2026"), "20 Nov 2026");
        assert_eq!(stated_time("2026-11-20"), "2026-11-20");
    }

    #[test]
    fn numbers_in_groups() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(184_212), "184,212");
        assert_eq!(records(1), "1 record");
        assert_eq!(records(1_000_000), "1,000,000 records");
    }
}
