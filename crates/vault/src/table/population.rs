//! `population`: what a sample speaks for: frozen, with its frame digest.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, check_digest, natural, number, select, select_one, text};
use crate::error::VaultError;
use crate::id::{EngagementId, PopulationId};
use crate::txn::Txn;

/// One version of a population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// Its id.
    pub id: PopulationId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its engagement.
    pub engagement: EngagementId,
    /// What people call it.
    pub title: String,
    /// Records in it.
    pub size: u64,
    /// Hex SHA-256 over the record ids in frame order, each followed by LF.
    pub frame_digest: String,
    /// Hex SHA-256 of `json`.
    pub digest: String,
    /// Frozen canonical JSON: bundles, filter, order, exclusions.
    pub json: String,
}

impl Row for Population {
    const TABLE: &'static str = "population";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("engagement", (&self.engagement).into()),
            ("title", text(&self.title)),
            ("size", number(self.size)?),
            ("frame_digest", text(&self.frame_digest)),
            ("digest", text(&self.digest)),
            ("json", text(&self.json)),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Population {
            id: row.get("id")?,
            version: natural(row, "version")?,
            engagement: row.get("engagement")?,
            title: row.get("title")?,
            size: natural(row, "size")?,
            frame_digest: row.get("frame_digest")?,
            digest: row.get("digest")?,
            json: row.get("json")?,
        })
    }
}

/// Reads populations.
#[derive(Clone, Copy)]
pub struct Populations<'c>(pub(crate) &'c Connection);

impl Populations<'_> {
    /// The version in force of everything of an engagement, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Population>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.version = (SELECT max(version) FROM population WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM population WHERE id = t.id)",
            [engagement],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &PopulationId) -> Result<Kept<Population>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "population",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &PopulationId) -> Result<Vec<Kept<Population>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes populations.
pub struct PopulationsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl PopulationsMut<'_, '_> {
    /// Freezes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one. `Refused` when the digest is not that of the JSON.
    pub fn insert(&mut self, row: &Population) -> Result<(), VaultError> {
        check_digest("population", &row.json, &row.digest)?;
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
        let row = population(&kit.engagement());
        kit.write(|txn| txn.populations_mut().insert(&row));
        let next = Population {
            version: 2,
            size: 8,
            ..row.clone()
        };
        kit.write(|txn| txn.populations_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Population {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.populations_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.populations();
                assert_eq!(handle.get(&next.id)?.row, next);
                assert_eq!(handle.get(&next.id)?.by, "Ada Example");
                assert_eq!(handle.versions(&next.id)?.len(), 2);
                assert_eq!(
                    handle
                        .of(&next.engagement)?
                        .iter()
                        .filter(|kept| kept.id == next.id)
                        .count(),
                    1
                );
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }

    #[test]
    fn frozen_json_carries_its_own_digest() {
        let kit = kit();
        let row = Population {
            json: r#"{"filter":"other"}"#.into(),
            ..population(&kit.engagement())
        };
        let refused = kit.try_write(|txn| txn.populations_mut().insert(&row));
        assert!(matches!(
            refused,
            Err(VaultError::Refused {
                what: "population",
                ..
            })
        ));
    }

    fn population(engagement: &EngagementId) -> Population {
        let json = r#"{"filter":""}"#;
        Population {
            id: PopulationId::random().unwrap(),
            version: 1,
            engagement: engagement.clone(),
            title: "All refunds".into(),
            size: 7,
            frame_digest: "ab".repeat(32),
            digest: crate::canonical::sha256_hex(json.as_bytes()),
            json: json.into(),
        }
    }
}
