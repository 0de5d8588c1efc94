//! `note`: the reviewer's notes on anything; they never change it. Versions; the last one holds.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, count, natural, number, parsed, select, select_one, text, text_or_null, written};
use crate::error::VaultError;
use crate::id::NoteId;
use crate::txn::Txn;

/// One version of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its engagement, if it has one.
    pub engagement: Option<String>,
    /// Kind of thing it is about: `record`, `bundle`, `finding` ...
    pub target: String,
    /// Which one, as one text: for a record `BUNDLE/POSITION`.
    pub reference: String,
    /// The note; empty in a version that withdraws it.
    pub text: String,
    /// Further fields; an object.
    pub json: serde_json::Value,
}

impl Row for Note {
    const TABLE: &'static str = "note";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("engagement", text_or_null(self.engagement.as_deref())),
            ("target", text(&self.target)),
            ("reference", text(&self.reference)),
            ("text", text(&self.text)),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Note {
            id: row.get("id")?,
            version: natural(row, "version")?,
            engagement: row.get("engagement")?,
            target: row.get("target")?,
            reference: row.get("reference")?,
            text: row.get("text")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads notes.
#[derive(Clone, Copy)]
pub struct Notes<'c>(pub(crate) &'c Connection);

impl Notes<'_> {
    /// The version in force of every note on a thing, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn on(&self, target: &str, reference: &str) -> Result<Vec<Kept<Note>>, VaultError> {
        select(self.0, "WHERE t.target = ?1 AND t.reference = ?2 AND t.version = (SELECT max(version) FROM note WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM note WHERE id = t.id)", [target, reference])
    }

    /// The version in force of every note, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<Note>>, VaultError> {
        select(
            self.0,
            "WHERE t.version = (SELECT max(version) FROM note WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM note WHERE id = t.id)",
            [],
        )
    }

    /// How many notes stand on a thing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_on(&self, target: &str, reference: &str) -> Result<u64, VaultError> {
        count(
            self.0,
            "SELECT count(*) FROM note AS t WHERE t.target = ?1 AND t.reference = ?2 AND t.text <> ''
             AND t.version = (SELECT max(version) FROM note WHERE id = t.id)",
            [target, reference],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &NoteId) -> Result<Kept<Note>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "note",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &NoteId) -> Result<Vec<Kept<Note>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes notes.
pub struct NotesMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl NotesMut<'_, '_> {
    /// Writes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Note) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}
