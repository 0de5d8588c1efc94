//! `report`: reports that were written, by their digest.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, parsed, select, select_one, text, text_or_null, written};
use crate::error::VaultError;
use crate::id::{EngagementId, ReportId};
use crate::txn::Txn;

/// One version of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Its engagement.
    pub engagement: EngagementId,
    /// Report digest: hex SHA-256 of the canonical `report.json`.
    pub digest: String,
    /// Where it was written.
    pub path: Option<String>,
    /// Title, options, state, pages; an object.
    pub json: serde_json::Value,
}

impl Row for Report {
    const TABLE: &'static str = "report";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("engagement", (&self.engagement).into()),
            ("digest", text(&self.digest)),
            ("path", text_or_null(self.path.as_deref())),
            ("json", written(&self.json)?),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Report {
            id: row.get("id")?,
            version: natural(row, "version")?,
            engagement: row.get("engagement")?,
            digest: row.get("digest")?,
            path: row.get("path")?,
            json: parsed(row, "json")?,
        })
    }
}

/// Reads reports.
#[derive(Clone, Copy)]
pub struct Reports<'c>(pub(crate) &'c Connection);

impl Reports<'_> {
    /// The version in force of everything of an engagement, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Report>>, VaultError> {
        select(
            self.0,
            "WHERE t.engagement = ?1 AND t.version = (SELECT max(version) FROM report WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM report WHERE id = t.id)",
            [engagement],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &ReportId) -> Result<Kept<Report>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "report",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &ReportId) -> Result<Vec<Kept<Report>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes reports.
pub struct ReportsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl ReportsMut<'_, '_> {
    /// Writes a version.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &Report) -> Result<(), VaultError> {
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
        let row = Report {
            id: ReportId::random().unwrap(),
            version: 1,
            engagement: kit.engagement(),
            digest: "ab".repeat(32),
            path: Some("report.pdf".into()),
            json: serde_json::json!({"state": "draft"}),
        };
        kit.write(|txn| txn.reports_mut().insert(&row));
        let next = Report {
            version: 2,
            path: None,
            ..row.clone()
        };
        kit.write(|txn| txn.reports_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            Report {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.reports_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.reports();
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
