//! `plan`: what is asked of a sample: frozen before any seed can be known.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, check_digest, natural, number, select, select_one, text};
use crate::error::VaultError;
use crate::id::{EngagementId, PlanId, PopulationId};
use crate::txn::Txn;

/// One version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its engagement.
    pub engagement: EngagementId,
    /// Its population.
    pub population: PopulationId,
    /// The version of the population.
    pub population_version: u64,
    /// What is asked of each unit.
    pub title: String,
    /// Hex SHA-256 of `json`.
    pub digest: String,
    /// Frozen canonical JSON: attribute, deviation, rates, confidence, size, method.
    pub json: String,
}

impl Row for Plan {
    const TABLE: &'static str = "plan";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("engagement", (&self.engagement).into()),
            ("population", (&self.population).into()),
            ("population_version", number(self.population_version)?),
            ("title", text(&self.title)),
            ("digest", text(&self.digest)),
            ("json", text(&self.json)),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Plan {
            id: row.get("id")?,
            version: natural(row, "version")?,
            engagement: row.get("engagement")?,
            population: row.get("population")?,
            population_version: natural(row, "population_version")?,
            title: row.get("title")?,
            digest: row.get("digest")?,
            json: row.get("json")?,
        })
    }
}

/// Reads plans.
#[derive(Clone, Copy)]
pub struct Plans<'c>(pub(crate) &'c Connection);

impl Plans<'_> {
    /// The version in force of everything of an engagement, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Plan>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.version = (SELECT max(version) FROM plan WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM plan WHERE id = t.id)",
            [engagement],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &PlanId) -> Result<Kept<Plan>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "plan",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &PlanId) -> Result<Vec<Kept<Plan>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes plans.
pub struct PlansMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl PlansMut<'_, '_> {
    /// Freezes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one. `Refused` when the digest is not that of the JSON.
    pub fn insert(&mut self, row: &Plan) -> Result<(), VaultError> {
        check_digest("plan", &row.json, &row.digest)?;
        self.0.insert(row)
    }
}
