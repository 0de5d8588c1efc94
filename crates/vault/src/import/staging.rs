//! What an import writes before anything is visible, one bounded transaction a batch.

use std::sync::Arc;

use rusqlite::{Connection, params};

use super::{Bytes, Import, NewRecord};
use crate::canonical::sha256_hex;
use crate::error::{VaultError, sql};
use crate::table::file::ReceivedFile;
use crate::table::{observation, written};
use crate::txn::int;

impl Import {
    pub(super) fn stage_chunks(
        &self,
        file: i64,
        seq: &mut i64,
        chunks: &[Vec<u8>],
    ) -> Result<(), VaultError> {
        if chunks.is_empty() {
            return Ok(());
        }
        self.inner.stage("writing received bytes", |connection| {
            let mut statement = connection
                .prepare_cached(
                    "INSERT INTO chunk (bundle, file, seq, sha256, content) VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .map_err(sql("writing received bytes"))?;
            for chunk in chunks {
                statement
                    .execute(params![self.bundle, file, *seq, sha256_hex(chunk), chunk])
                    .map_err(sql("writing received bytes"))?;
                *seq += 1;
            }
            Ok(())
        })
    }

    pub(super) fn stage_file(&self, file: &ReceivedFile) -> Result<(), VaultError> {
        self.inner.stage("writing received bytes", |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO file (bundle, number, name, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                )
                .and_then(|mut statement| {
                    let (number, bytes) = (file.number.cast_signed(), file.bytes.cast_signed());
                    statement.execute(params![self.bundle, number, file.name, file.sha256, bytes])
                })
                .map_err(sql("writing received bytes"))?;
            Ok(())
        })
    }

    pub(super) fn flush(&mut self) -> Result<(), VaultError> {
        if self.batch.is_empty() && self.observations.is_empty() {
            return Ok(());
        }
        let inner = Arc::clone(&self.inner);
        let records = std::mem::take(&mut self.batch);
        let observations = std::mem::take(&mut self.observations);
        self.batch_bytes = 0;
        inner.stage("writing records", |connection| {
            // another import may have taken rows meanwhile
            self.next_row = next_row(connection)?;
            self.write_members(connection, &records)?;
            self.write_records(connection, &records)?;
            for observation in &observations {
                self.observed += 1;
                observation::insert(connection, self.bundle, self.observed, observation)?;
            }
            Ok(())
        })
    }

    fn write_members(&mut self, connection: &Connection, records: &[NewRecord]) -> Result<(), VaultError> {
        for path in records.iter().filter_map(|record| record.member.as_deref()) {
            if self.members.contains_key(path) {
                continue;
            }
            let number = self.members.len() as i64 + 1;
            connection
                .prepare_cached("INSERT INTO member (bundle, number, path) VALUES (?1, ?2, ?3)")
                .and_then(|mut statement| statement.execute(params![self.bundle, number, path]))
                .map_err(sql("writing members"))?;
            self.members.insert(path.to_owned(), number);
        }
        Ok(())
    }

    fn write_records(&mut self, connection: &Connection, records: &[NewRecord]) -> Result<(), VaultError> {
        let first = self.next_row;
        let prepare = |text| connection.prepare_cached(text).map_err(sql("writing records"));
        let mut identity = prepare(INSERT_RECORD)?;
        let mut content = prepare(INSERT_CONTENT)?;
        let mut own = prepare("INSERT INTO record_bytes (row, bundle, bytes) VALUES (?1, ?2, ?3)")?;
        for record in records {
            let (row, bundle) = (self.next_row, self.bundle);
            self.next_row += 1;
            let member = record
                .member
                .as_ref()
                .and_then(|path| self.members.get(path))
                .copied();
            let (file, offset, length) = match &record.bytes {
                Bytes::InFile { file, offset, length } => {
                    (Some(int(*file)?), Some(int(*offset)?), int(*length)?)
                }
                Bytes::Own(bytes) => {
                    own.execute(params![row, bundle, bytes])
                        .map_err(sql("writing records"))?;
                    (None, None, int(bytes.len() as u64)?)
                }
            };
            let masks = if record.masks.is_empty() {
                None
            } else {
                Some(written(&record.masks)?)
            };
            identity
                .execute(params![
                    row,
                    bundle,
                    int(record.position)?,
                    &record.id.digest[..],
                    record.id.again,
                    member,
                    record.line.map(int).transpose()?,
                    file,
                    offset,
                    length,
                    record.time_utc,
                    record.chain,
                    record.signed
                ])
                .map_err(sql("writing records"))?;
            content
                .execute(params![
                    row,
                    bundle,
                    record.time_text,
                    record.event,
                    record.actor,
                    record.actor_token,
                    record.outcome,
                    record.model,
                    record.summary,
                    record.link,
                    masks
                ])
                .map_err(sql("writing records"))?;
        }
        // the index comes last: a statement with triggers in between would make it write its words out each time
        let mut index = prepare("INSERT INTO record_index (rowid, text) VALUES (?1, ?2)")?;
        for (row, record) in (first..).zip(records) {
            index
                .execute(params![row, record.text])
                .map_err(sql("indexing records"))?;
        }
        Ok(())
    }
}

/// The row number after every one that is taken.
fn next_row(connection: &Connection) -> Result<i64, VaultError> {
    connection
        .query_row("SELECT coalesce(max(row), 0) + 1 FROM record", [], |row| {
            row.get(0)
        })
        .map_err(sql("writing records"))
}

const INSERT_RECORD: &str = "INSERT INTO record \
    (row, bundle, position, id, again, member, line, file, offset, length, time_utc, chain, signed) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const INSERT_CONTENT: &str = "INSERT INTO record_content \
    (row, bundle, time_text, event, actor, actor_token, outcome, model, summary, link, masks) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
