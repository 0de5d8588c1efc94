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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_later_version_supersedes_and_the_earlier_stays() {
        let kit = kit();
        let row = note("1/7");
        kit.write(|txn| txn.notes_mut().insert(&row));
        let next = Note {
            version: 2,
            text: String::new(),
            ..row.clone()
        };
        kit.write(|txn| txn.notes_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Note {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.notes_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.notes();
                assert_eq!(handle.get(&next.id)?.row, next);
                assert_eq!(handle.get(&next.id)?.by, "Ada Example");
                assert_eq!(handle.versions(&next.id)?.len(), 2);
                assert_eq!(handle.list()?.iter().filter(|kept| kept.id == next.id).count(), 1);
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }

    #[test]
    fn notes_are_found_by_what_they_are_on() {
        let kit = kit();
        let (one, two) = (note("1/7"), note("1/8"));
        kit.write(|txn| txn.notes_mut().insert(&one));
        kit.write(|txn| txn.notes_mut().insert(&two));
        let on = |reference| {
            kit.vault
                .read(|view| view.notes().on("record", reference))
                .unwrap()
                .len()
        };
        let count = |reference| {
            kit.vault
                .read(|view| view.notes().count_on("record", reference))
                .unwrap()
        };
        assert_eq!((on("1/7"), on("1/9"), count("1/7"), count("1/9")), (1, 0, 1, 0));
        let withdrawn = Note {
            version: 2,
            text: String::new(),
            ..one
        };
        kit.write(|txn| txn.notes_mut().insert(&withdrawn));
        assert_eq!((on("1/7"), count("1/7")), (1, 0));
    }

    fn note(reference: &str) -> Note {
        Note {
            id: NoteId::random().unwrap(),
            version: 1,
            engagement: None,
            target: "record".into(),
            reference: reference.into(),
            text: "Ask for the ticket.".into(),
            json: serde_json::json!({}),
        }
    }
}
