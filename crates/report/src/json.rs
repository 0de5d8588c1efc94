//! The canonical form of a report: `report.json`.

use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;
use tickmark_formats::canonical::{self, Dialect};
use tickmark_formats::json::{self, Kind, Value};
use tickmark_formats::limits::Limits;

use crate::ReportError;
use crate::model::{Report, SCHEMA};

impl Report {
    /// The bytes of `report.json`: RFC 8785, members sorted by UTF-16 code units, no white space.
    ///
    /// # Errors
    /// When a number is not whole or not below 2^53: such numbers are read differently by different readers.
    pub fn canonical_json(&self) -> Result<Vec<u8>, ReportError> {
        let text = serde_json::to_vec(self).map_err(|error| ReportError::Json {
            reason: error.to_string(),
        })?;
        let value = json::parse(&text, &limits()).map_err(|error| ReportError::Json {
            reason: error.to_string(),
        })?;
        check_numbers(&value, "")?;
        canonical::to_vec(&value, &Dialect::JCS).map_err(|error| ReportError::Json {
            reason: error.to_string(),
        })
    }

    /// The report digest: SHA-256 of [`Report::canonical_json`], lower-case hex.
    ///
    /// # Errors
    /// As [`Report::canonical_json`].
    pub fn digest(&self) -> Result<String, ReportError> {
        Ok(hex(&sha256(&self.canonical_json()?)))
    }

    /// Reads `report.json`. Repeated member names are refused; members that this version does not know are ignored.
    ///
    /// # Errors
    /// When it is no JSON of this schema.
    pub fn from_json(bytes: &[u8]) -> Result<Report, ReportError> {
        json::parse(bytes, &limits()).map_err(|error| ReportError::Json {
            reason: error.to_string(),
        })?;
        let report: Report = serde_json::from_slice(bytes).map_err(|error| ReportError::Json {
            reason: error.to_string(),
        })?;
        if report.schema != SCHEMA {
            return Err(ReportError::Schema {
                expected: SCHEMA,
                found: report.schema,
            });
        }
        Ok(report)
    }
}

/// SHA-256 of some bytes of a `report.json`, lower-case hex, without asking whether they are canonical.
pub fn digest_of(json: &[u8]) -> String {
    hex(&sha256(json))
}

fn check_numbers(value: &Value<'_>, place: &str) -> Result<(), ReportError> {
    match &value.kind {
        Kind::Number(_) if value.as_u64().is_none_or(|number| number >= 1 << 53) => {
            Err(ReportError::Number {
                place: place.into(),
                found: value.as_number().unwrap_or_default().into(),
            })
        }
        Kind::Array(elements) => elements
            .iter()
            .enumerate()
            .try_for_each(|(at, element)| check_numbers(element, &format!("{place}/{at}"))),
        Kind::Object(members) => members
            .iter()
            .try_for_each(|member| check_numbers(&member.value, &format!("{place}/{}", member.name))),
        _ => Ok(()),
    }
}

/// A report is one value: neither its length nor the number of its members is that of a record.
fn limits() -> Limits {
    Limits {
        line: MAX_JSON,
        fields: usize::MAX,
        ..Limits::default()
    }
}

/// Bytes of the largest `report.json` that is read or written. 256 MiB.
pub(crate) const MAX_JSON: usize = 256 << 20;
