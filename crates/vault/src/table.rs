//! The tables: one file each, with its row, its read handle, its write handle and its test.

pub mod assessment;
pub mod bundle;
pub mod bundle_link;
pub mod custody_event;
pub mod disposal;
pub mod draw;
pub mod engagement;
pub mod expected_profile;
pub(crate) mod facet;
pub mod fault;
pub mod file;
pub mod finding;
pub mod note;
pub mod observation;
pub mod pick;
pub mod pinned_key;
pub mod plan;
pub mod population;
pub mod pseudonym_key;
pub mod record;
pub mod report;
pub mod result;
pub mod review_period;
pub mod reviewer;
pub mod sign_off;
pub mod trail_head;
pub mod verification;

use std::ops::Deref;

use chrono::{DateTime, Utc};
use rusqlite::types::{Type, Value as Cell};
use rusqlite::{Connection, Params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{VaultError, sql};
use crate::stamp;

/// A row of a table that is bound to custody events.
pub(crate) trait Row: Sized {
    /// The table's name.
    const TABLE: &'static str;

    /// The cells of a new row, without `custody`.
    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError>;

    /// Reads a row back.
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

/// A row as it was kept: with its custody event, which says when and by whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept<T> {
    /// The row.
    #[serde(flatten)]
    pub row: T,
    /// Number of the custody event of its transaction.
    pub custody: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// The reviewer's name.
    pub by: String,
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.row
    }
}

/// Selects kept rows. `tail` follows the FROM clause, in which the table is `t` and its custody event `e`.
pub(crate) fn select<T: Row>(
    connection: &Connection,
    tail: &str,
    values: impl Params,
) -> Result<Vec<Kept<T>>, VaultError> {
    let text = format!(
        "SELECT t.*, e.time AS kept_at, e.actor AS kept_by FROM {} AS t JOIN custody_event AS e ON e.seq = t.custody {tail}",
        T::TABLE
    );
    let mut statement = connection.prepare_cached(&text).map_err(sql("reading rows"))?;
    let rows = statement
        .query_map(values, |row| kept(row))
        .map_err(sql("reading rows"))?;
    rows.collect::<Result<_, _>>().map_err(sql("reading rows"))
}

/// Selects one kept row, the first.
pub(crate) fn select_one<T: Row>(
    connection: &Connection,
    tail: &str,
    values: impl Params,
) -> Result<Option<Kept<T>>, VaultError> {
    Ok(select(connection, tail, values)?.into_iter().next())
}

/// Counts rows.
pub(crate) fn count(connection: &Connection, text: &str, values: impl Params) -> Result<u64, VaultError> {
    let mut statement = connection.prepare_cached(text).map_err(sql("counting rows"))?;
    let number: i64 = statement
        .query_row(values, |row| row.get(0))
        .map_err(sql("counting rows"))?;
    Ok(u64::try_from(number).unwrap_or_default())
}

fn kept<T: Row>(row: &rusqlite::Row<'_>) -> rusqlite::Result<Kept<T>> {
    Ok(Kept {
        row: T::read(row)?,
        custody: natural(row, "custody")?,
        at: stamp::column(row, "kept_at")?,
        by: row.get("kept_by")?,
    })
}

/// Reads a column that holds a count.
pub(crate) fn natural(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<u64> {
    let number: i64 = row.get(name)?;
    u64::try_from(number).map_err(|_| unexpected(Type::Integer, "a negative count"))
}

/// Reads a column that holds a count or nothing.
pub(crate) fn natural_or_none(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<Option<u64>> {
    let number: Option<i64> = row.get(name)?;
    number
        .map(|n| u64::try_from(n).map_err(|_| unexpected(Type::Integer, "a negative count")))
        .transpose()
}

/// Reads a column that holds JSON.
pub(crate) fn parsed<T: DeserializeOwned>(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<T> {
    let text: String = row.get(name)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(text.len(), Type::Text, Box::new(error)))
}

/// Writes a value as JSON into a cell.
pub(crate) fn written<T: Serialize>(value: &T) -> Result<Cell, VaultError> {
    serde_json::to_string(value)
        .map(Cell::Text)
        .map_err(|error| VaultError::Refused {
            what: "row",
            expected: "plain data",
            found: error.to_string(),
        })
}

/// Writes one word of an enumeration (serde's name of a unit variant) into a cell.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<Cell, VaultError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(Cell::Text(text)),
        other => Err(VaultError::Refused {
            what: "word",
            expected: "one word",
            found: format!("{other:?}"),
        }),
    }
}

/// Reads one word of an enumeration.
pub(crate) fn from_word<T: DeserializeOwned>(row: &rusqlite::Row<'_>, name: &str) -> rusqlite::Result<T> {
    let text: String = row.get(name)?;
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// A text cell.
pub(crate) fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

/// A text cell or NULL.
pub(crate) fn text_or_null(value: Option<&str>) -> Cell {
    value.map_or(Cell::Null, text)
}

/// A number cell.
pub(crate) fn number(value: u64) -> Result<Cell, VaultError> {
    crate::txn::int(value).map(Cell::Integer)
}

/// A number cell or NULL.
pub(crate) fn number_or_null(value: Option<u64>) -> Result<Cell, VaultError> {
    value.map_or(Ok(Cell::Null), number)
}

fn unexpected(kind: Type, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, what.into())
}

/// Refuses frozen JSON whose digest is another one than stated.
pub(crate) fn check_digest(what: &'static str, json: &str, digest: &str) -> Result<(), VaultError> {
    let computed = crate::canonical::sha256_hex(json.as_bytes());
    if computed == digest {
        return Ok(());
    }
    Err(VaultError::Refused {
        what,
        expected: "the SHA-256 of its JSON as digest",
        found: digest.to_owned(),
    })
}
