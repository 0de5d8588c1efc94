//! How times are written in a vault: `2026-11-24T09:00:00.000Z`, UTC, milliseconds, so that text order is time order.

use chrono::{DateTime, SecondsFormat, Utc};

/// Writes a time.
pub(crate) fn write(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads a time that [`write`] wrote.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

/// Reads a time column.
pub(crate) fn column(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<DateTime<Utc>> {
    let text: String = row.get(name)?;
    read(&text).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            text.len(),
            rusqlite::types::Type::Text,
            "a time that was not written by this program".into(),
        )
    })
}
