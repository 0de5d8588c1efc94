//! What stands beside a key and restricts it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use thiserror::Error;

/// Restrictions that stand beside a key, as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Not before this time: CloudTrail's `ValidityStartTime` (AWS writes RFC 3339 or a number of seconds since 1970, which is
    /// RFC 3339 here), or `valid-after` of allowed_signers (`YYYYMMDD[HHMM[SS]][Z]`).
    pub valid_from: Option<String>,
    /// Not after this time: CloudTrail's `ValidityEndTime`, or `valid-before` of allowed_signers.
    pub valid_to: Option<String>,
    /// The `namespaces` of an allowed_signers line: a comma-separated list of patterns.
    pub namespaces: Option<String>,
}

/// A time beside a key that is in none of the forms that are read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` beside the key is no time such as 20261120, 202611201530Z or 2026-11-20T15:30:00Z")]
pub struct LimitTime {
    /// The text.
    pub found: String,
}

impl KeyLimits {
    /// Whether the key may sign in a namespace (ssh-keygen(1), ALLOWED SIGNERS; ssh_config(5), PATTERNS).
    #[must_use]
    pub fn allow_namespace(&self, namespace: &str) -> bool {
        self.namespaces
            .as_deref()
            .is_none_or(|patterns| matches_list(patterns, namespace))
    }

    /// Whether the key holds at a moment, its first and last instant included.
    ///
    /// A time of allowed_signers without `Z` is meant in the zone of whoever reads it, which a verdict must not depend on: the
    /// key holds only where it holds in every zone (UTC−12 to UTC+14).
    ///
    /// # Errors
    /// [`LimitTime`] for a time in another form; such a key must not be used.
    pub fn allow_moment(&self, moment: DateTime<Utc>) -> Result<bool, LimitTime> {
        self.allow_within(moment, moment)
    }

    /// Whether the key holds at some moment between two, both included.
    ///
    /// # Errors
    /// As [`KeyLimits::allow_moment`].
    pub fn allow_within(&self, first: DateTime<Utc>, last: DateTime<Utc>) -> Result<bool, LimitTime> {
        let (begin, end) = (self.begin()?, self.end()?);
        Ok(begin.is_none_or(|begin| begin <= last) && end.is_none_or(|end| first <= end))
    }

    /// The first instant at which the key holds in every zone.
    ///
    /// # Errors
    /// [`LimitTime`] for a time in another form.
    pub fn begin(&self) -> Result<Option<DateTime<Utc>>, LimitTime> {
        let from = self.valid_from.as_deref().map(read_time).transpose()?;
        Ok(from.map(|from| from.latest))
    }

    /// The last instant at which the key holds in every zone.
    ///
    /// # Errors
    /// [`LimitTime`] for a time in another form.
    pub fn end(&self) -> Result<Option<DateTime<Utc>>, LimitTime> {
        let to = self.valid_to.as_deref().map(read_time).transpose()?;
        Ok(to.map(|to| to.earliest))
    }
}

/// Whether a text matches a comma-separated list of patterns with `*` and `?`; one that begins with `!` excludes.
///
/// The list holds if one pattern matches and no excluding one does (ssh_config(5), PATTERNS). It also serves for the
/// principals of an allowed_signers line.
#[must_use]
pub fn matches_list(patterns: &str, text: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(excluded) if matches(excluded, text) => return false,
            Some(_) => {}
            None => found |= matches(pattern, text),
        }
    }
    found
}

/// `*` stands for any characters, `?` for one. Takes a step back to the last `*` only, so it needs at most n × m steps.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star = None;
    while let Some(sign) = text.get(read) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(expected) if *expected == '?' || expected == sign => {
                at += 1;
                read += 1;
            }
            _ => match star {
                Some((place, from)) => {
                    at = place + 1;
                    read = from + 1;
                    star = Some((place, read));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|sign| *sign == '*')
}

/// The instants that a written time can mean.
#[derive(Clone, Copy)]
struct Meant {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
}

impl From<DateTime<Utc>> for Meant {
    fn from(instant: DateTime<Utc>) -> Self {
        Self {
            earliest: instant,
            latest: instant,
        }
    }
}

fn read_time(text: &str) -> Result<Meant, LimitTime> {
    let wrong = || LimitTime {
        found: text.to_owned(),
    };
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.to_utc().into());
    }
    // AWS CLI 1 writes the seconds with a fraction, which is zero
    let text = text
        .strip_suffix(".0")
        .filter(|whole| whole.len() == 10)
        .unwrap_or(text);
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let local = match digits.len() {
        8 => NaiveDate::parse_from_str(digits, "%Y%m%d")
            .ok()
            .and_then(|date| date.and_hms_opt(0, 0, 0)),
        12 => NaiveDateTime::parse_from_str(&format!("{digits}00"), "%Y%m%d%H%M%S").ok(),
        14 => NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok(),
        // CloudTrail writes seconds since 1970, which have ten digits from 2001 to 2286.
        10 if digits.len() == text.len() => {
            let seconds = digits.parse().map_err(|_| wrong())?;
            return DateTime::from_timestamp(seconds, 0)
                .map(Meant::from)
                .ok_or_else(wrong);
        }
        _ => None,
    };
    let instant = local.ok_or_else(wrong)?.and_utc();
    if digits.len() < text.len() {
        return Ok(instant.into());
    }
    let shifted = |hours| {
        instant
            .checked_add_signed(TimeDelta::hours(hours))
            .ok_or_else(wrong)
    };
    Ok(Meant {
        earliest: shifted(-14)?,
        latest: shifted(12)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_as_openssh_reads_them() {
        for (patterns, text, expected) in [
            ("file", "file", true),
            ("file", "files", false),
            ("git,file", "file", true),
            ("f*", "file", true),
            ("*e", "file", true),
            ("f?le", "file", true),
            ("f?e", "file", false),
            ("*", "", true),
            ("?", "", false),
            ("*a*b", "xaxbxb", true),
            ("*a*b", "xaxbx", false),
            ("!file,*", "file", false),
            ("*,!file", "file", false),
            ("!file", "git", false), // nothing is granted
            ("", "", true),
        ] {
            assert_eq!(matches_list(patterns, text), expected, "{patterns} {text}");
        }
    }

    #[test]
    fn a_long_pattern_takes_no_long_time() {
        assert!(!matches(&"*a".repeat(2000), &"a".repeat(1999)));
    }

    fn limits(from: &str, to: &str) -> KeyLimits {
        let put = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        KeyLimits {
            valid_from: put(from),
            valid_to: put(to),
            namespaces: None,
        }
    }

    #[test]
    fn a_key_holds_between_its_times() {
        let noon = "2026-11-20T12:00:00Z".parse().unwrap();
        for (from, to, expected) in [
            ("", "", true),
            ("20261120Z", "20261121Z", true),
            ("202611201200Z", "20261120120000Z", true),
            ("20261120120001Z", "", false),
            ("", "20261120115959Z", false),
            ("2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00Z", true),
            ("1795176000", "1795176000", true), // 2026-11-20T12:00:00Z
            ("1795176000.0", "1795176000.0", true),
            ("1795176001", "", false),
            ("1795176001.0", "", false),
            ("202611200000", "", true),  // noon in UTC-12 at the latest
            ("202611200001", "", false), // there the key does not hold yet
            ("", "202611210200", true),
            ("", "202611210159", false),
        ] {
            assert_eq!(limits(from, to).allow_moment(noon), Ok(expected), "{from} {to}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String, list in "[a!*?,]{0,12}") {
            let noon = "2026-11-20T12:00:00Z".parse().unwrap();
            let _ = (limits(&text, &text).allow_moment(noon), matches_list(&list, &text), matches_list(&text, &list));
        }
    }

    #[test]
    fn other_times_are_refused() {
        let noon = "2026-11-20T12:00:00Z".parse().unwrap();
        for text in [
            "2026",
            "20261332",
            "+20261120",
            "20261120ZZ",
            "next week",
            "2026-11-20",
            "1795176000Z",
            "1795176000.5",
            "20261120.0",
        ] {
            assert!(limits(text, "").allow_moment(noon).is_err(), "{text}");
            assert!(limits("", text).allow_moment(noon).is_err(), "{text}");
        }
    }
}
