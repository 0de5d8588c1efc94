//! Where a record says when it was made.

use serde::Deserialize;

/// The time that a record tells of itself: its recorder's own word. Held against the validity of pinned keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeField {
    /// Its pointer.
    pub field: String,
    /// How it is written.
    #[serde(default)]
    pub form: TimeForm,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeForm {
    /// RFC 3339; a time without an offset is taken for any of the offsets in use, -12:00 to +14:00.
    #[default]
    Iso,
    /// Seconds since 1970, with or without a fraction.
    UnixS,
    /// Milliseconds since 1970.
    UnixMs,
    /// Microseconds since 1970.
    UnixUs,
    /// Nanoseconds since 1970.
    UnixNs,
}
