//! The review period: which span of time a statement about completeness is about.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, Utc};

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
    #[error("“{text}” is neither a day, such as 2026-07-01, nor an instant, such as 2026-07-01T00:00:00Z")]
    End {
        /// The end.
        text: String,
    },
    /// It ends before it begins.
    #[error("the period {text} ends before it begins")]
    Backwards {
        /// The text.
        text: String,
    },
}

impl Period {
    /// Whether a span has an instant in common with the period.
    pub(crate) fn meets(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        from < self.to && to > self.from
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// `FROM..TO`, each a day (`2026-07-01`, in UTC) or an RFC 3339 instant. A last day belongs to the period as a whole;
    /// a last instant does not.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        let shape = || PeriodError::Shape {
            text: text.to_owned(),
        };
        let (from, to) = text.split_once("..").ok_or_else(shape)?;
        let period = Period {
            from: end(from, 0)?,
            to: end(to, 1)?,
        };
        if period.from < period.to {
            Ok(period)
        } else {
            Err(PeriodError::Backwards {
                text: text.to_owned(),
            })
        }
    }
}

/// A day stands for its first instant, `days` later.
fn end(text: &str, days: u64) -> Result<DateTime<Utc>, PeriodError> {
    let text = text.trim();
    let day = || {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        // chrono would also take 2026-7-1
        let is_spelled_out = day.to_string() == text;
        let day = day.checked_add_days(Days::new(days))?;
        is_spelled_out.then(|| day.and_time(NaiveTime::MIN).and_utc())
    };
    let instant = || DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    day().or_else(instant).ok_or_else(|| PeriodError::End {
        text: text.to_owned(),
    })
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", instant(self.from), instant(self.to))
    }
}

/// An instant as it is told.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
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
        assert_eq!(days.to_string(), "2026-07-01T00:00:00Z to 2026-10-01T00:00:00Z");
        let one: Period = "2026-07-01..2026-07-01".parse().unwrap();
        assert_eq!((one.to - one.from).num_hours(), 24);
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
