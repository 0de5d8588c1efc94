//! Ids: one type per thing, so that a plan's id never names a draw.

use std::fmt;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use serde::{Deserialize, Serialize};

use crate::error::VaultError;

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Makes a new one: a random UUID (version 4) in its usual text form.
            ///
            /// # Errors
            /// When the operating system gives no randomness.
            pub fn random() -> Result<Self, VaultError> {
                Ok(Self(random_uuid()?))
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&$name> for Value {
            fn from(id: &$name) -> Value {
                Value::Text(id.0.clone())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                String::column_result(value).map(Self)
            }
        }
    )*};
}

text_id! {
    /// Names a reviewer.
    ReviewerId;
    /// Names a slot of the vault.
    SlotId;
    /// Names an engagement.
    EngagementId;
    /// Names a pinned key.
    KeyId;
    /// Names a population.
    PopulationId;
    /// Names a plan.
    PlanId;
    /// Names a draw.
    DrawId;
    /// Names a finding.
    FindingId;
    /// Names a note.
    NoteId;
    /// Names a report.
    ReportId;
}

/// Names a bundle inside one vault. Its lasting name, across vaults, is its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BundleNo(pub i64);

impl fmt::Display for BundleNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for BundleNo {
    type Err = VaultError;

    /// Accepts the one spelling that `Display` writes.
    fn from_str(text: &str) -> Result<Self, VaultError> {
        text.parse::<i64>()
            .ok()
            .filter(|number| *number > 0 && number.to_string() == text)
            .map(Self)
            .ok_or_else(|| VaultError::Refused {
                what: "bundle number",
                expected: "a positive whole number",
                found: text.chars().take(40).collect(),
            })
    }
}

impl ToSql for BundleNo {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for BundleNo {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// Names a record: 64 lower-case hex digits (SHA-256 of its received bytes), and `#k` for the k-th identical one,
/// k >= 2 (design, section 3).
///
/// Its order is the order of its text by bytes, so that `LC_ALL=C sort` repeats a frame that is ordered by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    pub(crate) digest: [u8; 32],
    /// `""`, or the digits of k.
    pub(crate) again: String,
}

impl RecordId {
    /// Makes the id of a record's k-th occurrence; k counts from 1.
    pub fn new(digest: [u8; 32], occurrence: u64) -> Self {
        let again = if occurrence < 2 {
            String::new()
        } else {
            occurrence.to_string()
        };
        RecordId { digest, again }
    }

    /// SHA-256 of the record's received bytes.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.digest {
            write!(f, "{byte:02x}")?;
        }
        if self.again.is_empty() {
            Ok(())
        } else {
            write!(f, "#{}", self.again)
        }
    }
}

impl FromStr for RecordId {
    type Err = VaultError;

    /// Accepts the one spelling that `Display` writes.
    fn from_str(text: &str) -> Result<Self, VaultError> {
        parse_record_id(text)
            .filter(|id| id.to_string() == text)
            .ok_or_else(|| VaultError::Refused {
                what: "record id",
                expected: "64 lower-case hex digits, with #k for a repeated record",
                found: text.chars().take(80).collect(),
            })
    }
}

impl Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

fn parse_record_id(text: &str) -> Option<RecordId> {
    let (hex, occurrence) = match text.split_once('#') {
        None => (text, 1),
        Some((hex, k)) => (hex, k.parse::<u64>().ok().filter(|k| *k >= 2)?),
    };
    let digest = tickmark_crypto::encoding::unhex(hex).ok()?;
    Some(RecordId::new(digest.try_into().ok()?, occurrence))
}

fn random_uuid() -> Result<String, VaultError> {
    let mut bytes = [0_u8; 16];
    tickmark_crypto::random::fill(&mut bytes).map_err(|error| VaultError::Key {
        found: error.to_string(),
    })?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_record_id_has_one_spelling() {
        let hex = "ab".repeat(32);
        for good in [hex.clone(), format!("{hex}#2"), format!("{hex}#10")] {
            assert_eq!(good.parse::<RecordId>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "ab",
            &format!("{hex}#1"),
            &format!("{hex}#02"),
            &format!("{hex}#"),
            &hex.to_uppercase(),
        ] {
            assert!(bad.parse::<RecordId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn record_ids_sort_as_their_text_does() {
        let a = "0a".repeat(32);
        let b = "0b".repeat(32);
        let mut texts = [
            a.clone(),
            format!("{a}#10"),
            format!("{a}#2"),
            b.clone(),
            format!("{b}#2"),
        ];
        let mut ids: Vec<RecordId> = texts.iter().map(|text| text.parse().unwrap()).collect();
        ids.reverse();
        ids.sort();
        texts.sort();
        assert_eq!(ids.iter().map(ToString::to_string).collect::<Vec<_>>(), texts);
    }

    #[test]
    fn a_bundle_number_has_one_spelling() {
        assert_eq!("7".parse::<BundleNo>().unwrap(), BundleNo(7));
        for bad in ["", "0", "-1", "+7", "07", "7 ", "99999999999999999999"] {
            assert!(bad.parse::<BundleNo>().is_err(), "{bad}");
        }
    }
}
