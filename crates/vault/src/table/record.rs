//! `record`, `record_content`, `record_bytes`: the records of kept bundles and their bytes.

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{natural, natural_or_none};
use crate::chunks::read_range;
use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId, RecordId};
use crate::query::{self, Facet, Field, Histogram, RecordQuery, Scope, Unit};
use crate::txn::int;

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its bundle.
    pub bundle: BundleNo,
    /// Its number in file order, from 1.
    pub position: u64,
    /// Its id.
    pub id: RecordId,
    /// Member of the container.
    pub member: Option<String>,
    /// Physical line, from 1.
    pub line: Option<u64>,
    /// Byte offset in the received file, where its bytes lie there as they are.
    pub offset: Option<u64>,
    /// Its size in bytes.
    pub length: u64,
    /// The time it states, in microseconds since 1970.
    pub time_utc: Option<i64>,
    /// The same, as recorded.
    pub time_text: Option<String>,
    /// What happened.
    pub event: Option<String>,
    /// Who or what acted; masked.
    pub actor: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Model and version.
    pub model: Option<String>,
    /// First words of its text; empty once its content was disposed of.
    pub summary: String,
    /// Its own hash, or what it links to.
    pub link: Option<String>,
    /// The chain it belongs to, where the profile knows several.
    pub chain: Option<String>,
    /// Whether a signature on it verifies.
    pub signed: bool,
    /// Faults on it, by the newest judgement.
    pub faults: u64,
}

/// The bytes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordBytes {
    /// As received.
    pub bytes: Vec<u8>,
    /// What is masked in them until unmasked.
    pub masks: Vec<Mask>,
}

/// A part of a record's bytes that is masked: `[start, end, kind]` in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask(
    /// First byte.
    pub u64,
    /// One past the last.
    pub u64,
    /// What it is: `email`, `iban`, `identity` ...
    pub String,
);

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPage {
    /// Records that fit the query.
    pub total: u64,
    /// Records in its scope.
    pub of: u64,
    /// The page.
    pub rows: Vec<RecordRow>,
}

/// The columns of [`RecordRow`], for `record AS r` with `record_content AS c`.
pub(crate) const COLUMNS: &str = "r.bundle, r.position, r.id, r.again, m.path AS member, r.line, r.offset, r.length, \
    r.time_utc, c.time_text, c.event, c.actor, c.outcome, c.model, coalesce(c.summary, '') AS summary, c.link, r.chain, \
    r.signed, (SELECT count(*) FROM fault AS f WHERE f.bundle = r.bundle AND f.position = r.position \
    AND f.verification = (SELECT max(seq) FROM verification WHERE bundle = r.bundle)) AS faults";

/// The tables of [`COLUMNS`].
pub(crate) const TABLES: &str = "record AS r LEFT JOIN record_content AS c ON c.row = r.row \
    LEFT JOIN member AS m ON m.bundle = r.bundle AND m.number = r.member";

/// Reads a row of [`COLUMNS`].
pub(crate) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        bundle: row.get("bundle")?,
        position: natural(row, "position")?,
        id: RecordId {
            digest: row.get("id")?,
            again: row.get("again")?,
        },
        member: row.get("member")?,
        line: natural_or_none(row, "line")?,
        offset: natural_or_none(row, "offset")?,
        length: natural(row, "length")?,
        time_utc: row.get("time_utc")?,
        time_text: row.get("time_text")?,
        event: row.get("event")?,
        actor: row.get("actor")?,
        outcome: row.get("outcome")?,
        model: row.get("model")?,
        summary: row.get("summary")?,
        link: row.get("link")?,
        chain: row.get("chain")?,
        signed: row.get("signed")?,
        faults: natural(row, "faults")?,
    })
}

/// Reads records of kept bundles.
#[derive(Clone, Copy)]
pub struct Records<'c>(pub(crate) &'c Connection);

impl Records<'_> {
    /// A page of the records that fit a query.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page(&self, query: &RecordQuery) -> Result<RecordPage, VaultError> {
        query::page(self.0, query)
    }

    /// How many records fit a query.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, query: &RecordQuery) -> Result<u64, VaultError> {
        query::count(self.0, query)
    }

    /// The most frequent values of a column among the records that fit, and how many other values there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn facet(&self, query: &RecordQuery, field: Field, most: usize) -> Result<Facet, VaultError> {
        query::facet(self.0, query, field, most)
    }

    /// The records that fit, over time.
    ///
    /// # Errors
    /// `Refused` when the unit would give more buckets than are shown.
    pub fn histogram(&self, query: &RecordQuery, unit: Unit) -> Result<Histogram, VaultError> {
        query::histogram(self.0, query, unit)
    }

    /// Earliest and latest time among the records that fit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn time_span(&self, query: &RecordQuery) -> Result<Option<(i64, i64)>, VaultError> {
        query::time_span(self.0, query)
    }

    /// The kept bundles of a scope, in the order of their numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn bundles_in(&self, scope: &Scope) -> Result<Vec<BundleNo>, VaultError> {
        query::bundles_in(self.0, scope)
    }

    /// One record.
    ///
    /// # Errors
    /// `NotFound` when the bundle is not kept or has no record of this number.
    pub fn get(&self, bundle: BundleNo, position: u64) -> Result<RecordRow, VaultError> {
        self.find(
            "r.bundle = ?1 AND r.position = ?2 AND r.bundle IN (SELECT bundle FROM bundle)",
            rusqlite::params![bundle, int(position)?],
        )?
        .ok_or_else(|| VaultError::NotFound {
            what: "record",
            id: format!("{bundle}/{position}"),
        })
    }

    /// Every place where a record lies: bundle and number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn places(&self, id: &RecordId) -> Result<Vec<(BundleNo, u64)>, VaultError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT r.bundle, r.position FROM bundle AS b JOIN record AS r ON r.bundle = b.bundle
                 WHERE r.id = ?1 AND r.again = ?2 ORDER BY r.bundle",
            )
            .map_err(sql("looking for a record"))?;
        let values = rusqlite::params![&id.digest[..], id.again];
        let rows = statement
            .query_map(values, |row| Ok((row.get("bundle")?, natural(row, "position")?)))
            .map_err(sql("looking for a record"))?;
        rows.collect::<Result<_, _>>()
            .map_err(sql("looking for a record"))
    }

    /// The place, from 1, that the first record of these bytes has among the records of its chain in a bundle; `None` where
    /// that chain holds no such record. A chain without a name is the only one of its bundle.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn place_in_chain(
        &self,
        bundle: BundleNo,
        chain: Option<&str>,
        digest: &[u8; 32],
    ) -> Result<Option<u64>, VaultError> {
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT position FROM record WHERE bundle = ?1 AND id = ?2 AND chain IS ?3 ORDER BY position LIMIT 1",
            )
            .map_err(sql("looking for a record"))?;
        let position: Option<i64> = statement
            .query_row(rusqlite::params![bundle, &digest[..], chain], |row| row.get(0))
            .optional()
            .map_err(sql("looking for a record"))?;
        let (Some(position), Some(_)) = (position, chain) else {
            return Ok(position.and_then(|position| u64::try_from(position).ok()));
        };
        super::count(
            self.0,
            "SELECT count(*) FROM record WHERE bundle = ?1 AND chain IS ?2 AND position <= ?3",
            rusqlite::params![bundle, chain, position],
        )
        .map(Some)
    }

    /// The record before and the record after, in the same chain where there are several.
    ///
    /// # Errors
    /// `NotFound` when the record itself is not there.
    pub fn neighbours(
        &self,
        bundle: BundleNo,
        position: u64,
    ) -> Result<(Option<RecordRow>, Option<RecordRow>), VaultError> {
        let own = self.get(bundle, position)?;
        let side = |compare: &str, order: &str| {
            let tail = format!(
                "r.bundle = ?1 AND r.position {compare} ?2 AND r.chain IS ?3 ORDER BY r.position {order} LIMIT 1"
            );
            self.find(&tail, rusqlite::params![bundle, int(position)?, own.chain])
        };
        Ok((side("<", "DESC")?, side(">", "ASC")?))
    }

    /// The bytes of a record as received.
    ///
    /// # Errors
    /// `NotFound`; `Disposed` when its content was destroyed.
    pub fn bytes(&self, bundle: BundleNo, position: u64) -> Result<RecordBytes, VaultError> {
        self.get(bundle, position)?;
        if super::disposal::Disposals(self.0).of(bundle)?.is_some() {
            return Err(VaultError::Disposed { bundle: bundle.0 });
        }
        let place = self
            .0
            .prepare_cached(
                "SELECT r.file, r.offset, r.length, b.bytes, c.masks FROM record AS r
                 LEFT JOIN record_bytes AS b ON b.row = r.row LEFT JOIN record_content AS c ON c.row = r.row
                 WHERE r.bundle = ?1 AND r.position = ?2",
            )
            .and_then(|mut statement| {
                statement.query_row(rusqlite::params![bundle, int(position).unwrap_or(0)], Place::read)
            })
            .map_err(sql("reading a record's bytes"))?;
        let bytes = match (place.own, place.file, place.offset) {
            (Some(own), ..) => own,
            (None, Some(file), Some(offset)) => read_range(self.0, bundle, file, offset, place.length)?,
            (None, ..) => {
                return Err(VaultError::NotFound {
                    what: "bytes of record",
                    id: format!("{bundle}/{position}"),
                });
            }
        };
        Ok(RecordBytes {
            bytes,
            masks: place.masks,
        })
    }

    /// The key of an engagement's pseudonyms and identity tokens.
    ///
    /// # Errors
    /// `NotFound` when the engagement is unknown or its key was destroyed.
    pub fn pseudonym_key(
        &self,
        engagement: &EngagementId,
    ) -> Result<tickmark_crypto::secret::SecretBytes, VaultError> {
        super::pseudonym_key::get(self.0, engagement)
    }

    fn find(&self, condition: &str, values: impl rusqlite::Params) -> Result<Option<RecordRow>, VaultError> {
        let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {condition}");
        let mut statement = self.0.prepare_cached(&text).map_err(sql("reading a record"))?;
        statement
            .query_row(values, read)
            .optional()
            .map_err(sql("reading a record"))
    }
}

struct Place {
    file: Option<i64>,
    offset: Option<u64>,
    length: u64,
    own: Option<Vec<u8>>,
    masks: Vec<Mask>,
}

impl Place {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let masks: Option<String> = row.get("masks")?;
        Ok(Place {
            file: row.get("file")?,
            offset: natural_or_none(row, "offset")?,
            length: natural(row, "length")?,
            own: row.get("bytes")?,
            masks: if masks.is_some() {
                super::parsed(row, "masks")?
            } else {
                Vec::new()
            },
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::import::Bytes;
    use crate::kit::kit;

    #[test]
    fn a_record_is_shown_beside_its_bytes_and_neighbours() {
        let kit = kit();
        let lines = [
            "1 refund ada ok",
            "2 refund ben no",
            "2 refund ben no",
            "- note - -",
        ];
        let bundle = kit.import_with("a", &lines, |index, record| {
            record.chain = Some(if index == 1 { "b" } else { "a" }.into());
            if index == 3 {
                record.bytes = Bytes::Own(lines[3].into());
                record.masks = vec![Mask(2, 6, "word".into())];
            }
        });
        kit.vault
            .read(|view| {
                let records = view.records();
                for (line, position) in lines.iter().zip(1..) {
                    assert_eq!(records.bytes(bundle, position)?.bytes, line.as_bytes());
                }
                assert_eq!(records.bytes(bundle, 4)?.masks, [Mask(2, 6, "word".into())]);
                let third = records.get(bundle, 3)?;
                assert!(third.id.to_string().ends_with("#2"));
                assert_eq!(third.time_utc, Some(2_000_000));
                assert_eq!(records.places(&third.id)?, [(bundle, 3)]);
                let (before, after) = records.neighbours(bundle, 3)?;
                assert_eq!(
                    (before.map(|r| r.position), after.map(|r| r.position)),
                    (Some(1), Some(4))
                );
                assert!(matches!(records.get(bundle, 5), Err(VaultError::NotFound { .. })));
                assert!(matches!(
                    records.bytes(BundleNo(9), 1),
                    Err(VaultError::NotFound { .. })
                ));
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }
}
