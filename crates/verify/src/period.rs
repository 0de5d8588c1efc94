//! The review period: which span of time a statement about completeness is about.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};

use crate::phrase::instant;

/// A span of time from an instant up to, and without, a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It has no `..` between two ends.
    #[error("“{text}” is no period: expected FROM..TO, such as 2026-07-01..2026-09-30")]
    Shape {
        /// The text.
        text: String,
    },
    /// An end is neither a day nor an instant.
    #[error(
        "“{text}” is neither a day, such as 2026-07-01 or 2026-07-01+02:00, nor an instant, such as 2026-07-01T00:00:00Z"
    )]
    End {
        /// The end.
        text: String,
    },
    /// Only one end is named.
    #[error("only one end is named, “{named}”: name the first and the last day")]
    HalfOpen {
        /// The end that is named.
        named: String,
    },
    /// It ends before it begins.
    #[error("the period {text} ends before it begins")]
    Backwards {
        /// The text.
        text: String,
    },
}

impl Period {
    /// The time between two ends, each a day (`2026-07-01`, in UTC; `2026-07-01+02:00`, in that zone) or an RFC 3339
    /// instant. A last day belongs to it as a whole; a last instant does not.
    ///
    /// # Errors
    /// When an end is missing or cannot be read, or the last one does not come after the first.
    pub fn between(from: &str, to: &str) -> Result<Period, PeriodError> {
        let (from, to) = (from.trim(), to.trim());
        if from.is_empty() != to.is_empty() {
            return Err(PeriodError::HalfOpen {
                named: format!("{from}{to}"),
            });
        }
        let period = Period {
            from: end(from, 0)?,
            to: end(to, 1)?,
        };
        if period.from < period.to {
            Ok(period)
        } else {
            Err(PeriodError::Backwards {
                text: format!("{from}..{to}"),
            })
        }
    }

    /// Both ends of `FROM..TO`, not yet read.
    ///
    /// # Errors
    /// When nothing stands between them.
    pub fn ends(text: &str) -> Result<(&str, &str), PeriodError> {
        let text = text.trim();
        text.split_once("..").ok_or_else(|| PeriodError::Shape {
            text: text.to_owned(),
        })
    }

    /// Whether a span has an instant in common with the period.
    pub(crate) fn meets(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        from < self.to && to > self.from
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// `FROM..TO`, as [`Period::between`] reads them.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (from, to) = Period::ends(text)?;
        Period::between(from, to)
    }
}

/// A day stands for its first instant, `days` later.
fn end(text: &str, days: u64) -> Result<DateTime<Utc>, PeriodError> {
    let instant = || DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    day(text, days).or_else(instant).ok_or_else(|| PeriodError::End {
        text: text.to_owned(),
    })
}

/// The first instant of a day, `days` later, in UTC or in the zone that stands behind it.
fn day(text: &str, days: u64) -> Option<DateTime<Utc>> {
    let (day, zone) = text.split_at_checked(10)?;
    let zone = if zone.is_empty() { "Z" } else { zone };
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .ok()
        // chrono would also take 2026-7-1
        .filter(|read| read.to_string() == day)?
        .checked_add_days(Days::new(days))?;
    let first = DateTime::parse_from_rfc3339(&format!("{day}T00:00:00{zone}")).ok()?;
    Some(first.to_utc())
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", instant(self.from), instant(self.to))
    }
}

/// An instant as a value of JSON.
pub(crate) fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_instants_are_sharp() {
        let days: Period = "2026-07-01..2026-09-30".parse().unwrap();
        let instants: Period = "2026-07-01T00:00:00Z..2026-10-01T02:00:00+02:00".parse().unwrap();
        assert_eq!(days, instants);
        assert_eq!(days.to_string(), "1 Jul 2026, 00:00 UTC to 1 Oct 2026, 00:00 UTC");
        let one: Period = "2026-07-01..2026-07-01".parse().unwrap();
        assert_eq!((one.to - one.from).num_hours(), 24);
    }

    #[test]
    fn a_day_may_name_its_zone() {
        let berlin: Period = "2026-07-01+02:00..2026-09-30+02:00".parse().unwrap();
        let instants: Period = "2026-06-30T22:00:00Z..2026-09-30T22:00:00Z".parse().unwrap();
        assert_eq!(berlin, instants);
        assert_eq!(
            "2026-07-01Z..2026-07-01Z".parse(),
            "2026-07-01..2026-07-01".parse::<Period>()
        );
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let why = |from, to| Period::between(from, to).unwrap_err();
        assert!(matches!(why("2026-07-01", " "), PeriodError::HalfOpen { named } if named == "2026-07-01"));
        assert!(matches!(why("", "2026-07-01"), PeriodError::HalfOpen { .. }));
        assert!(matches!(why("2026-07-01", "July"), PeriodError::End { text } if text == "July"));
        assert!(matches!(
            why("2026-07-02", "2026-07-01"),
            PeriodError::Backwards { .. }
        ));
        assert!(matches!(
            "2026-07-01".parse::<Period>(),
            Err(PeriodError::Shape { .. })
        ));
        // the last day is over in one zone before it begins in another
        assert!(Period::between("2026-07-01-12:00", "2026-06-30+14:00").is_err());
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "..",
            "2026-07-01",
            "2026-07-01..",
            "2026-7-1..2026-09-30",
            "2026-09-30..2026-07-01",
            "2026-07-01T00:00:00Z..2026-07-01T00:00:00Z",
            "2026-02-30..2026-03-01",
            "2026-07-01T00:00:00..2026-07-02T00:00:00",
            "2026-07-01+2..2026-07-02+2",
            "2026-07-01 ..2026-07-02 berlin",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_span_that_only_touches_does_not_meet() {
        let period: Period = "2026-07-01..2026-07-01".parse().unwrap();
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert!(period.meets(at("2026-07-01T23:00:00Z"), at("2026-07-02T00:00:00Z")));
        assert!(!period.meets(at("2026-07-02T00:00:00Z"), at("2026-07-02T01:00:00Z")));
        assert!(!period.meets(at("2026-06-30T23:00:00Z"), at("2026-07-01T00:00:00Z")));
    }
}
