//! The digest that binds rows to their custody event.
//!
//! A row: SHA-256 of the canonical JSON `["table",{"column":"value",…}]`, every column that is not NULL, integers and
//! text as strings, bytes as lower-case hex, numbers that are no integers refused. An event's `subject.rows` is the
//! SHA-256 over the hex digests of its rows, sorted, each followed by LF. So whoever edits a row with the data key but
//! without the reviewer's signing key is found.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::canonical::sha256_hex;
use crate::error::{VaultError, sql};

/// The digests of the rows of one transaction.
#[derive(Default)]
pub(crate) struct RowDigests {
    digests: Vec<String>,
}

impl RowDigests {
    /// Adds the row that was inserted last.
    pub(crate) fn add_inserted(&mut self, connection: &Connection, table: &str) -> Result<(), VaultError> {
        let sql_text = format!("SELECT * FROM {table} WHERE rowid = ?1");
        let rowid = connection.last_insert_rowid();
        let mut statement = connection
            .prepare_cached(&sql_text)
            .map_err(sql("reading a row back"))?;
        let digest = statement
            .query_row([rowid], |row| digest(table, row))
            .map_err(sql("reading a row back"))?;
        self.digests.push(digest);
        Ok(())
    }

    /// The digest over all of them; `None` when the transaction wrote none.
    pub(crate) fn finish(mut self) -> Option<String> {
        self.digests.sort_unstable();
        let lines: String = self
            .digests
            .iter()
            .flat_map(|digest| [digest.as_str(), "\n"])
            .collect();
        if self.digests.is_empty() {
            None
        } else {
            Some(sha256_hex(lines.as_bytes()))
        }
    }
}

/// Computes `subject.rows` of every event again, from the tables as they are now.
pub(crate) fn recompute(connection: &Connection) -> Result<BTreeMap<u64, String>, VaultError> {
    let mut events: BTreeMap<u64, RowDigests> = BTreeMap::new();
    for table in bound_tables(connection)? {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .map_err(sql("reading rows"))?;
        let mut rows = statement.query([]).map_err(sql("reading rows"))?;
        while let Some(row) = rows.next().map_err(sql("reading rows"))? {
            let custody: u64 = row
                .get::<_, i64>("custody")
                .map(|seq| u64::try_from(seq).unwrap_or_default())
                .map_err(sql("reading rows"))?;
            let digest = digest(&table, row).map_err(sql("reading rows"))?;
            events.entry(custody).or_default().digests.push(digest);
        }
    }
    Ok(events
        .into_iter()
        .filter_map(|(seq, rows)| Some((seq, rows.finish()?)))
        .collect())
}

/// Tables with a `custody` column; a new one cannot be forgotten.
fn bound_tables(connection: &Connection) -> Result<Vec<String>, VaultError> {
    let mut statement = connection
        .prepare(
            "SELECT s.name FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c
             WHERE s.type = 'table' AND c.name = 'custody' ORDER BY s.name",
        )
        .map_err(sql("reading the schema"))?;
    let names = statement
        .query_map([], |row| row.get(0))
        .map_err(sql("reading the schema"))?;
    names.collect::<Result<_, _>>().map_err(sql("reading the schema"))
}

fn digest(table: &str, row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    let statement: &rusqlite::Statement<'_> = row.as_ref();
    let mut members: BTreeMap<&str, String> = BTreeMap::new();
    for (index, column) in statement.column_names().enumerate() {
        let value = match row.get_ref(index)? {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Blob(bytes) => tickmark_crypto::encoding::hex(bytes),
            // STRICT tables of this schema have no REAL column
            ValueRef::Real(number) => number.to_string(),
        };
        members.insert(column, value);
    }
    // strings only and names in ASCII: serde_json's text is the canonical one
    let text = serde_json::to_string(&(table, members))
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    Ok(sha256_hex(text.as_bytes()))
}
