//! `finding`: what the reviewer found. Versions; the last one holds, earlier ones stay.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, parsed, select, select_one, text, written};
use crate::error::VaultError;
use crate::id::{EngagementId, FindingId};
use crate::txn::Txn;

/// One version of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its engagement.
    pub engagement: EngagementId,
    /// Its title.
    pub title: String,
    /// How grave it is, as the workbench names it.
    pub severity: String,
    /// Where it stands, as the workbench names it.
    pub status: String,
    /// Condition, criteria, cause, effect, recommendation and the rest; an object.
    pub json: serde_json::Value,
    /// References to what it rests on; an array.
    pub evidence: serde_json::Value,
}

impl Row for Finding {
    const TABLE: &'static str = "finding";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("engagement", (&self.engagement).into()),
            ("title", text(&self.title)),
            ("severity", text(&self.severity)),
            ("status", text(&self.status)),
            ("json", written(&self.json)?),
            ("evidence", written(&self.evidence)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Finding {
            id: row.get("id")?,
            version: natural(row, "version")?,
            engagement: row.get("engagement")?,
            title: row.get("title")?,
            severity: row.get("severity")?,
            status: row.get("status")?,
            json: parsed(row, "json")?,
            evidence: parsed(row, "evidence")?,
        })
    }
}

/// Reads findings.
#[derive(Clone, Copy)]
pub struct Findings<'c>(pub(crate) &'c Connection);

impl Findings<'_> {
    /// The version in force of everything of an engagement, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Finding>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.version = (SELECT max(version) FROM finding WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM finding WHERE id = t.id)",
            [engagement],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &FindingId) -> Result<Kept<Finding>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "finding",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &FindingId) -> Result<Vec<Kept<Finding>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes findings.
pub struct FindingsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl FindingsMut<'_, '_> {
    /// Writes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Finding) -> Result<(), VaultError> {
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
        let row = Finding {
            id: FindingId::random().unwrap(),
            version: 1,
            engagement: kit.engagement(),
            title: "Refunds without release".into(),
            severity: "high".into(),
            status: "draft".into(),
            json: serde_json::json!({"condition": "two of 93"}),
            evidence: serde_json::json!([{"kind": "record"}]),
        };
        kit.write(|txn| txn.findings_mut().insert(&row));
        let next = Finding {
            version: 2,
            status: "closed".into(),
            ..row.clone()
        };
        kit.write(|txn| txn.findings_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Finding {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.findings_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.findings();
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
}
