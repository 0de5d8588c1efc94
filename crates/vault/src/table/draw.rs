//! `draw`: every draw, also the discarded ones.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, parsed, select, select_one, text, text_or_null, written};
use crate::error::VaultError;
use crate::id::{DrawId, PlanId};
use crate::txn::Txn;

/// One version of a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Its id.
    pub id: DrawId,
    /// 1 for the draw itself; a later version discards it.
    pub version: u64,
    /// Its plan.
    pub plan: PlanId,
    /// The version of the plan.
    pub plan_version: u64,
    /// The published algorithm, for example `rivest-sha256/1`.
    pub method: String,
    /// The seed as typed.
    pub seed: String,
    /// Where it came from.
    pub seed_source: String,
    /// Why it was discarded; `None` while it stands.
    pub discarded: Option<String>,
    /// Further fields; an object.
    pub json: serde_json::Value,
}

impl Row for Draw {
    const TABLE: &'static str = "draw";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("plan", (&self.plan).into()),
            ("plan_version", number(self.plan_version)?),
            ("method", text(&self.method)),
            ("seed", text(&self.seed)),
            ("seed_source", text(&self.seed_source)),
            ("discarded", text_or_null(self.discarded.as_deref())),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Draw {
            id: row.get("id")?,
            version: natural(row, "version")?,
            plan: row.get("plan")?,
            plan_version: natural(row, "plan_version")?,
            method: row.get("method")?,
            seed: row.get("seed")?,
            seed_source: row.get("seed_source")?,
            discarded: row.get("discarded")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads draws.
#[derive(Clone, Copy)]
pub struct Draws<'c>(pub(crate) &'c Connection);

impl Draws<'_> {
    /// The version in force of every draw of a plan, oldest first; discarded ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, plan: &PlanId) -> Result<Vec<Kept<Draw>>, VaultError> {
        select(
            self.0,
            "WHERE t.plan = ?1 AND t.version = (SELECT max(version) FROM draw WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM draw WHERE id = t.id)",
            [plan],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &DrawId) -> Result<Kept<Draw>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "draw",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &DrawId) -> Result<Vec<Kept<Draw>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes draws.
pub struct DrawsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl DrawsMut<'_, '_> {
    /// Writes a draw, or the version that discards it.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Draw) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

/// A draw of one unit over a fresh plan, for tests.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) fn drawn(kit: &crate::kit::Kit) -> Draw {
    let plan = super::plan::frozen(kit);
    let draw = Draw {
        id: DrawId::random().unwrap(),
        version: 1,
        plan: plan.id,
        plan_version: 1,
        method: "rivest-sha256/1".into(),
        seed: "00000000000000000000".into(),
        seed_source: "dice, two people".into(),
        discarded: None,
        json: serde_json::json!({}),
    };
    kit.write(|txn| txn.draws_mut().insert(&draw));
    draw
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_later_version_supersedes_and_the_earlier_stays() {
        let kit = kit();
        let row = Draw {
            id: DrawId::random().unwrap(),
            ..drawn(&kit)
        };
        kit.write(|txn| txn.draws_mut().insert(&row));
        let next = Draw {
            version: 2,
            discarded: Some("seed was seen before".into()),
            ..row.clone()
        };
        kit.write(|txn| txn.draws_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Draw {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.draws_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.draws();
                assert_eq!(handle.get(&next.id)?.row, next);
                assert_eq!(handle.get(&next.id)?.by, "Ada Example");
                assert_eq!(handle.versions(&next.id)?.len(), 2);
                assert_eq!(
                    handle
                        .of(&next.plan)?
                        .iter()
                        .filter(|kept| kept.id == next.id)
                        .count(),
                    1
                );
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }
}
