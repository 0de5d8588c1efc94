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

/// A frozen plan over a population of three records, for tests.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) fn frozen(kit: &crate::kit::Kit) -> Plan {
    use super::population::Population;
    let digest = crate::canonical::sha256_hex(b"{}");
    let population = Population {
        id: PopulationId::random().unwrap(),
        version: 1,
        engagement: kit.engagement(),
        title: "All refunds".into(),
        size: 3,
        frame_digest: "ab".repeat(32),
        digest: digest.clone(),
        json: "{}".into(),
    };
    kit.write(|txn| txn.populations_mut().insert(&population));
    let plan = Plan {
        id: PlanId::random().unwrap(),
        version: 1,
        engagement: population.engagement,
        population: population.id,
        population_version: 1,
        title: "A person released it".into(),
        digest,
        json: "{}".into(),
    };
    kit.write(|txn| txn.plans_mut().insert(&plan));
    plan
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_later_version_supersedes_and_the_earlier_stays() {
        let kit = kit();
        let row = Plan {
            id: PlanId::random().unwrap(),
            ..frozen(&kit)
        };
        kit.write(|txn| txn.plans_mut().insert(&row));
        let next = Plan {
            version: 2,
            title: "Another attribute".into(),
            ..row.clone()
        };
        kit.write(|txn| txn.plans_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Plan {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.plans_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.plans();
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
    fn a_plan_names_a_population_that_is_there() {
        let kit = kit();
        let row = Plan {
            id: PlanId::random().unwrap(),
            population_version: 2,
            ..frozen(&kit)
        };
        assert!(kit.try_write(|txn| txn.plans_mut().insert(&row)).is_err());
    }
}
