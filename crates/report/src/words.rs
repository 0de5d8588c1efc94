//! How figures, times and outcomes are written: thousands with comma, `5 %` with a narrow space, 20 Nov 2026, 24 h with
//! zone. Upper limits round up.

use tickmark_verify::verification::{CheckOutcome, ClaimOutcome};

use crate::model::{ControlResult, FindingStatus, FrameOrder, Severity, UnitResult};

/// A count with commas: `184,212`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count and its noun: `1 bundle`, `3 bundles`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A hex digest in groups of four: `2d71 1642 b726`. Its groups hold together in two halves, so that it breaks in the
/// middle where a line is too short. Anything else stays as it is.
pub fn digest(text: &str) -> String {
    let hex = text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex {
        return text.to_string();
    }
    let groups: Vec<&str> = (0..text.len())
        .step_by(4)
        .filter_map(|at| text.get(at..(at + 4).min(text.len())))
        .collect();
    let (one, two) = groups.split_at(groups.len().div_ceil(2));
    [one.join("\u{a0}"), two.join("\u{a0}")].join(" ")
}

/// The first four groups of a digest and an ellipsis, for places where the whole stands elsewhere.
pub fn short_digest(text: &str) -> String {
    first_groups(text, 4)
}

/// The first groups of a digest and an ellipsis.
pub fn first_groups(text: &str, groups: usize) -> String {
    let hex = text.len() > 4 * (groups + 1) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let kept: Vec<&str> = (0..groups)
        .filter_map(|at| text.get(at * 4..at * 4 + 4))
        .collect();
    if hex {
        format!("{}\u{a0}…", kept.join("\u{a0}"))
    } else {
        text.to_string()
    }
}

/// An RFC 3339 time as `4 Dec 2026, 11:20:31 +01:00`, with the seconds only where they are not zero, `UTC` for `Z`. A text
/// that is no such time stays as it is: times are never guessed.
pub fn time(text: &str) -> String {
    parse_time(text).unwrap_or_else(|| text.to_string())
}

/// A day `2026-07-01` as `1 Jul 2026`; anything else stays as it is.
pub fn day(text: &str) -> String {
    parse_day(text).unwrap_or_else(|| text.to_string())
}

/// A review period as `1 Jul 2026 to 30 Sep 2026`; a day with a zone behind it keeps that.
pub fn period(from: &str, to: &str) -> String {
    format!("{} to {}", end_of_period(from), end_of_period(to))
}

fn end_of_period(text: &str) -> String {
    match text.split_at_checked(10) {
        Some((first, "")) => day(first),
        Some((first, zone)) if !zone.starts_with(['T', 't', ' ']) => match parse_day(first) {
            Some(day) => format!("{day} {}", if zone == "Z" { "UTC" } else { zone }),
            None => text.to_string(),
        },
        _ => time(text),
    }
}

/// The zone of an RFC 3339 time as it is told: `+01:00`, `UTC`.
pub fn zone(text: &str) -> Option<String> {
    time_parts(text).map(|parts| parts.zone)
}

/// An RFC 3339 time without its zone and always with its seconds, for columns whose head tells the zone.
pub fn time_without_zone(text: &str) -> String {
    let parts = time_parts(text);
    parts.map_or_else(
        || text.to_string(),
        |parts| format!("{}, {}:{}", parts.day, parts.minutes, parts.seconds),
    )
}

/// A percentage as it was entered (`5%`, `5 %`, `2.5%`) with a narrow space.
pub fn entered_percent(text: &str) -> String {
    match text.trim().strip_suffix('%') {
        Some(number) => format!("{}\u{202f}%", number.trim()),
        None => text.to_string(),
    }
}

/// A decimal from 0 to 1 as a percentage rounded to the nearest 0.1 %: `0.0215` gives `2.2 %`. `None` for anything else.
pub fn percent_nearest(decimal: &str) -> Option<String> {
    let (tenths, rest) = tenths_of_percent(decimal)?;
    let up = rest.bytes().next().is_some_and(|first| first >= b'5');
    Some(percent(tenths + u64::from(up)))
}

/// A decimal from 0 to 1 as a percentage rounded *up* to 0.1 %: `0.0495` gives `5.0 %`. `None` for anything else.
pub fn percent_up(decimal: &str) -> Option<String> {
    let (tenths, rest) = tenths_of_percent(decimal)?;
    let up = rest.bytes().any(|digit| digit != b'0');
    Some(percent(tenths + u64::from(up)))
}

/// The verdict and the claims, as one says them.
pub fn outcome(outcome: ClaimOutcome) -> &'static str {
    match outcome {
        ClaimOutcome::Proven => "Proven",
        ClaimOutcome::Refuted => "Refuted",
        ClaimOutcome::NotProven => "Not proven",
    }
}

/// The outcome of a check.
pub fn check(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Fail => "fail",
        CheckOutcome::NotChecked => "not checked",
        CheckOutcome::NotApplicable => "not applicable",
    }
}

/// The result of a unit.
pub fn unit_result(result: UnitResult) -> &'static str {
    match result {
        UnitResult::Pass => "pass",
        UnitResult::Deviation => "deviation",
        UnitResult::NotApplicable => "not applicable",
        UnitResult::CouldNotTest => "could not test",
    }
}

/// The result of a control.
pub fn control_result(result: ControlResult) -> &'static str {
    match result {
        ControlResult::Observed => "observed",
        ControlResult::Exception => "exception",
        ControlResult::NotEvaluable => "not evaluable",
    }
}

/// Severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "For information",
    }
}

/// Status of a finding.
pub fn finding_status(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Draft => "draft",
        FindingStatus::Open => "open",
        FindingStatus::Answered => "answered",
        FindingStatus::Closed => "closed",
        FindingStatus::Withdrawn => "withdrawn",
    }
}

/// Order of a frame, in words.
pub fn frame_order(order: FrameOrder) -> &'static str {
    match order {
        FrameOrder::Id => "by record id",
        FrameOrder::TimeId => "by stated time, then record id",
        FrameOrder::Source => "as in the bundles",
    }
}

fn percent(tenths: u64) -> String {
    format!("{}.{}\u{202f}%", count(tenths / 10), tenths % 10)
}

/// Tenths of a percent, and the digits that are finer.
fn tenths_of_percent(decimal: &str) -> Option<(u64, String)> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || !digits(whole) || !digits(fraction) || decimal.ends_with('.') {
        return None;
    }
    let padded = format!("{fraction:0<3}");
    let (tenths, rest) = padded.split_at_checked(3)?;
    let tenths: u64 = format!("{whole}{tenths}").parse().ok()?;
    Some((tenths, rest.to_string()))
}

struct TimeParts {
    day: String,
    minutes: String,
    seconds: String,
    zone: String,
}

fn parse_time(text: &str) -> Option<String> {
    let TimeParts {
        day,
        minutes,
        seconds,
        zone,
    } = time_parts(text)?;
    let seconds = if seconds == "00" {
        String::new()
    } else {
        format!(":{seconds}")
    };
    Some(format!("{day}, {minutes}{seconds} {zone}"))
}

fn time_parts(text: &str) -> Option<TimeParts> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let day = parse_day(date)?;
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
    if !two(hour) || !two(minute) || !two(whole) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let zone = if zone.eq_ignore_ascii_case("z") {
        "UTC"
    } else {
        zone
    };
    let minutes = format!("{hour}:{minute}");
    Some(TimeParts {
        day,
        minutes,
        seconds: second.into(),
        zone: zone.into(),
    })
}

fn parse_day(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let name = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let day: u8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some(format!("{day} {name} {year}"))
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits_round_up() {
        assert_eq!(percent_up("0.04951").unwrap(), "5.0\u{202f}%");
        assert_eq!(percent_up("0.049").unwrap(), "4.9\u{202f}%");
        assert_eq!(percent_up("0.0490000000001").unwrap(), "5.0\u{202f}%");
        assert_eq!(percent_up("1").unwrap(), "100.0\u{202f}%");
        assert_eq!(percent_up("0").unwrap(), "0.0\u{202f}%");
        assert_eq!(percent_nearest("0.021505376344086023").unwrap(), "2.2\u{202f}%");
        assert_eq!(percent_nearest("0.0214").unwrap(), "2.1\u{202f}%");
        for bad in ["", ".", "1.", "-0.1", "1e-3", "0,5", "NaN", "9999999"] {
            assert_eq!(percent_up(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_told_with_their_zone() {
        assert_eq!(time("2026-12-04T11:20:00+01:00"), "4 Dec 2026, 11:20 +01:00");
        assert_eq!(time("2026-11-20T09:05:31.25Z"), "20 Nov 2026, 09:05:31.25 UTC");
        assert_eq!(
            time_without_zone("2026-12-04T11:20:00+01:00"),
            "4 Dec 2026, 11:20:00"
        );
        assert_eq!(zone("2026-12-04T11:20:00+01:00").unwrap(), "+01:00");
        assert_eq!(time("yesterday"), "yesterday");
        assert_eq!(time("2026-13-04T11:20:00Z"), "2026-13-04T11:20:00Z");
        assert_eq!(day("2026-07-01"), "1 Jul 2026");
    }

    #[test]
    fn periods_have_days_or_instants() {
        assert_eq!(period("2026-07-01", "2026-09-30"), "1 Jul 2026 to 30 Sep 2026");
        assert_eq!(
            period("2026-07-01+02:00", "2026-07-02Z"),
            "1 Jul 2026 +02:00 to 2 Jul 2026 UTC"
        );
        assert_eq!(
            period("2026-07-01T00:00:00Z", "soon"),
            "1 Jul 2026, 00:00 UTC to soon"
        );
    }

    #[test]
    fn digests_are_grouped() {
        assert_eq!(
            digest("2d711642b726b0440162"),
            "2d71\u{a0}1642\u{a0}b726 b044\u{a0}0162"
        );
        assert_eq!(digest("F-03"), "F-03");
        assert_eq!(
            short_digest(&"ab".repeat(32)),
            "abab\u{a0}abab\u{a0}abab\u{a0}abab\u{a0}…"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = (time(&text), day(&text), digest(&text), short_digest(&text), percent_up(&text), entered_percent(&text));
        }

        #[test]
        fn rounding_up_is_never_less(tenths in 0u64..1000, rest in "[0-9]{0,20}") {
            let decimal = format!("0.{tenths:03}{rest}");
            let printed = percent_up(&decimal).unwrap();
            let printed: f64 = printed.trim_end_matches("\u{202f}%").parse().unwrap();
            let exact: f64 = decimal.parse().unwrap();
            prop_assert!(printed / 100.0 >= exact - 1e-12 && printed / 100.0 < exact + 0.001 + 1e-12);
        }
    }
}
