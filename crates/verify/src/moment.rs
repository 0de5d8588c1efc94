//! The time that a record tells of itself, and whether a pinned key was in force then.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use tickmark_formats::json::Value;

use crate::phrase::{instant, stated_time};
use crate::preimage::{at, scalar};
use crate::profile::{TimeField, TimeForm};
use crate::trust::PinnedKey;

/// A time as a record tells it: an instant, or all instants that it can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
}

impl Moment {
    /// What a record says; `None` where it says nothing that can be read.
    pub fn of(field: &TimeField, record: &Value<'_>) -> Option<Moment> {
        let text: Cow<'_, str> = at(record, &field.field).and_then(scalar)?;
        match field.form {
            TimeForm::Iso => Moment::of_iso(&text),
            TimeForm::UnixS => Moment::of_unix(&text, 9),
            TimeForm::UnixMs => Moment::of_unix(&text, 6),
            TimeForm::UnixUs => Moment::of_unix(&text, 3),
            TimeForm::UnixNs => Moment::of_unix(&text, 0),
        }
    }

    fn of_iso(text: &str) -> Option<Moment> {
        let joined = text.replacen(' ', "T", 1);
        if let Ok(at) = DateTime::parse_from_rfc3339(&joined) {
            let at = at.to_utc();
            return Some(Moment {
                earliest: at,
                latest: at,
            });
        }
        // nobody said where it is that time
        let local = NaiveDateTime::parse_from_str(&joined, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()?
            .and_utc();
        Some(Moment {
            earliest: local.checked_sub_signed(TimeDelta::hours(14))?,
            latest: local.checked_add_signed(TimeDelta::hours(12))?,
        })
    }

    /// Digits before the point count units of 10^`power` nanoseconds; what is finer than one is cut off.
    fn of_unix(text: &str, power: usize) -> Option<Moment> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits: String = fraction
            .chars()
            .chain(std::iter::repeat('0'))
            .take(power)
            .collect();
        let nanos: i128 = format!("{whole}{digits}").parse().ok()?;
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).ok()?;
        let rest = u32::try_from(nanos.rem_euclid(NANOS)).ok()?;
        let at = DateTime::from_timestamp(seconds, rest)?;
        Some(Moment {
            earliest: at,
            latest: at,
        })
    }
}

/// What all records together say of when they were made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    /// The earliest and the latest that any can stand for.
    within: Option<Moment>,
    /// Records that say nothing that can be read.
    silent: u64,
}

impl Span {
    /// Takes one more record in.
    pub fn note(&mut self, said: Option<Moment>) {
        let Some(said) = said else {
            self.silent += 1;
            return;
        };
        let within = self.within.get_or_insert(said);
        within.earliest = within.earliest.min(said.earliest);
        within.latest = within.latest.max(said.latest);
    }
}

impl PinnedKey {
    /// Whether it was in force whenever any of the records says that it was made.
    pub(crate) fn is_in_force_throughout(&self, span: &Span) -> bool {
        !self.has_period() || (span.silent == 0 && span.within.is_none_or(|within| self.is_in_force(within)))
    }

    /// Whether a period is pinned with it.
    pub(crate) fn has_period(&self) -> bool {
        self.valid_from.is_some() || self.valid_to.is_some()
    }

    /// Whether it was in force at that time, whatever instant that stands for. Both ends belong to the period.
    pub(crate) fn is_in_force(&self, said: Moment) -> bool {
        self.valid_from.is_none_or(|from| from <= said.earliest)
            && self.valid_to.is_none_or(|to| said.latest <= to)
    }

    /// Whether it was in force at some instant between two, both of them included: by the period that the reviewer pinned
    /// with it, and by what is written beside the key. A period that cannot be read holds never.
    pub(crate) fn may_hold_in(&self, (first, last): (DateTime<Utc>, DateTime<Utc>)) -> bool {
        self.valid_from.is_none_or(|from| from <= last)
            && self.valid_to.is_none_or(|to| first <= to)
            && self.limits.allow_within(first, last).unwrap_or(false)
    }

    /// The period that is pinned with it, as a value of JSON.
    pub(crate) fn period(&self) -> String {
        let told = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        between(self.valid_from.map(told), self.valid_to.map(told))
    }

    /// The period that is pinned with it, or else written beside it, in words.
    pub(crate) fn period_said(&self) -> String {
        let said = |pinned: Option<DateTime<Utc>>, written: &Option<String>| {
            pinned.map(instant).or(written.as_deref().map(stated_time))
        };
        between(
            said(self.valid_from, &self.limits.valid_from),
            said(self.valid_to, &self.limits.valid_to),
        )
    }
}

fn between(from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "always".to_owned(),
    }
}

const NANOS: i128 = 1_000_000_000;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;

    fn moment(form: TimeForm, json: &str) -> Option<Moment> {
        let text = format!("{{\"t\":{json}}}");
        let field = TimeField {
            field: "/t".to_owned(),
            form,
        };
        Moment::of(&field, &parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    #[test]
    fn one_instant_in_every_form() {
        let at = moment(TimeForm::Iso, "\"2026-11-23T15:00:23.5Z\"");
        assert!(at.is_some());
        assert_eq!(moment(TimeForm::Iso, "\"2026-11-23 17:00:23.500+02:00\""), at);
        assert_eq!(moment(TimeForm::UnixS, "1795446023.5"), at);
        assert_eq!(moment(TimeForm::UnixS, "\"1795446023.50\""), at);
        assert_eq!(moment(TimeForm::UnixMs, "1795446023500"), at);
        assert_eq!(moment(TimeForm::UnixUs, "1795446023500000"), at);
        assert_eq!(moment(TimeForm::UnixNs, "1795446023500000000"), at);
        for none in ["null", "true", "\"yesterday\"", "\"2026-11-23\"", "1.5e9"] {
            assert_eq!(moment(TimeForm::Iso, none), None, "{none}");
        }
        assert_eq!(moment(TimeForm::UnixS, "1.5e9"), None);
        assert_eq!(moment(TimeForm::UnixS, "99999999999999999999999999"), None);
    }

    #[test]
    fn a_time_without_an_offset_is_any_of_them() {
        let local = moment(TimeForm::Iso, "\"2026-06-01T00:00:00\"").unwrap();
        assert_eq!(local.latest - local.earliest, TimeDelta::hours(26));
    }
}
