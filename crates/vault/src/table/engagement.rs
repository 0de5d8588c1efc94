//! `engagement`: one audit assignment. Versions; the last one holds.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{
    Kept, Row, from_word, natural, number, parsed, select, select_one, text, text_or_null, word, written,
};
use crate::error::VaultError;
use crate::id::EngagementId;
use crate::txn::Txn;

/// One version of an engagement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its title.
    pub title: String,
    /// For whom the report is.
    pub addressee: String,
    /// What is examined.
    pub scope: String,
    /// First day of the review period, `YYYY-MM-DD`.
    pub period_from: Option<String>,
    /// Last day.
    pub period_to: Option<String>,
    /// How the report is classified.
    pub classification: String,
    /// Open, or sealed.
    pub state: EngagementState,
    /// Further fields; an object.
    pub json: serde_json::Value,
}

/// Whether an engagement is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngagementState {
    /// Work goes on.
    Open,
    /// Sealed: addenda only.
    Sealed,
}

impl Row for Engagement {
    const TABLE: &'static str = "engagement";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("title", text(&self.title)),
            ("addressee", text(&self.addressee)),
            ("scope", text(&self.scope)),
            ("period_from", text_or_null(self.period_from.as_deref())),
            ("period_to", text_or_null(self.period_to.as_deref())),
            ("classification", text(&self.classification)),
            ("state", word(&self.state)?),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Engagement {
            id: row.get("id")?,
            version: natural(row, "version")?,
            title: row.get("title")?,
            addressee: row.get("addressee")?,
            scope: row.get("scope")?,
            period_from: row.get("period_from")?,
            period_to: row.get("period_to")?,
            classification: row.get("classification")?,
            state: from_word(row, "state")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads engagements.
#[derive(Clone, Copy)]
pub struct Engagements<'c>(pub(crate) &'c Connection);

impl Engagements<'_> {
    /// The version in force of every engagement, oldest engagement first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<Engagement>>, VaultError> {
        select(
            self.0,
            "WHERE t.version = (SELECT max(version) FROM engagement WHERE id = t.id) ORDER BY (SELECT min(seq) FROM engagement WHERE id = t.id)",
            [],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &EngagementId) -> Result<Kept<Engagement>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "engagement",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &EngagementId) -> Result<Vec<Kept<Engagement>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes engagements.
pub struct EngagementsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl EngagementsMut<'_, '_> {
    /// Writes a version. The first one also makes the engagement's pseudonym key.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Engagement) -> Result<(), VaultError> {
        self.0.insert(row)?;
        if row.version == 1 {
            super::pseudonym_key::create(self.0, &row.id)
        } else {
            Ok(())
        }
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
        let id = kit.engagement();
        let first = kit.vault.read(|view| view.engagements().get(&id)).unwrap().row;
        let row = Engagement {
            id: EngagementId::random().unwrap(),
            ..first
        };
        kit.write(|txn| txn.engagements_mut().insert(&row));
        let next = Engagement {
            version: 2,
            state: EngagementState::Sealed,
            ..row.clone()
        };
        kit.write(|txn| txn.engagements_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Engagement {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.engagements_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.engagements();
                assert_eq!(handle.get(&next.id)?.row, next);
                assert_eq!(handle.get(&next.id)?.by, "Ada Example");
                assert_eq!(handle.versions(&next.id)?.len(), 2);
                assert_eq!(handle.list()?.iter().filter(|kept| kept.id == next.id).count(), 1);
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }

    #[test]
    fn every_engagement_has_its_own_pseudonym_key() {
        let kit = kit();
        let (one, two) = (kit.engagement(), kit.engagement());
        let key = |id| kit.vault.read(|view| view.records().pseudonym_key(id)).unwrap();
        assert_eq!(key(&one).len(), 32);
        assert_ne!(key(&one).expose(), key(&two).expose());
        assert_eq!(key(&one).expose(), key(&one).expose());
    }
}
