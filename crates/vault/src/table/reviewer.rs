//! `reviewer`: who may act, and under which public keys. Versions; the last one holds.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, parsed, select, select_one, text, written};
use crate::error::VaultError;
use crate::id::ReviewerId;

/// One version of a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewer {
    /// The id; also the name of the file in `signers/`.
    pub id: ReviewerId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// Name, as custody events and reports show it.
    pub name: String,
    /// Roles, as the workbench names them.
    pub roles: Vec<String>,
    /// Base64 SPKI of the Ed25519 key that signs custody events.
    pub custody_key: String,
    /// Fingerprint of that key.
    pub custody_key_digest: String,
    /// Base64 SPKI of the P-256 key that signs reports.
    pub report_key: String,
    /// Fingerprint of that key.
    pub report_key_digest: String,
    /// Whether the reviewer may act.
    pub active: bool,
}

impl Row for Reviewer {
    const TABLE: &'static str = "reviewer";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("name", text(&self.name)),
            ("roles", written(&self.roles)?),
            ("custody_key", text(&self.custody_key)),
            ("custody_key_digest", text(&self.custody_key_digest)),
            ("report_key", text(&self.report_key)),
            ("report_key_digest", text(&self.report_key_digest)),
            ("active", i64::from(self.active).into()),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Reviewer {
            id: row.get("id")?,
            version: natural(row, "version")?,
            name: row.get("name")?,
            roles: parsed(row, "roles")?,
            custody_key: row.get("custody_key")?,
            custody_key_digest: row.get("custody_key_digest")?,
            report_key: row.get("report_key")?,
            report_key_digest: row.get("report_key_digest")?,
            active: row.get("active")?,
        })
    }
}

/// Reads reviewers.
#[derive(Clone, Copy)]
pub struct Reviewers<'c>(pub(crate) &'c Connection);

impl Reviewers<'_> {
    /// The version in force of every reviewer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<Reviewer>>, VaultError> {
        select(
            self.0,
            "WHERE t.version = (SELECT max(version) FROM reviewer WHERE id = t.id) ORDER BY t.name",
            [],
        )
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &ReviewerId) -> Result<Kept<Reviewer>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "reviewer",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &ReviewerId) -> Result<Vec<Kept<Reviewer>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::{WORK_FACTOR, at, kit, secret};

    #[test]
    fn a_reviewer_who_may_no_longer_act_stays_on_record() {
        let kit = kit();
        let roles = ["reviewer".to_owned()];
        let id = kit
            .vault
            .add_reviewer(
                &kit.signer,
                "Ben Example",
                &roles,
                &secret("s"),
                WORK_FACTOR,
                at(3),
            )
            .unwrap();
        let ben = kit.vault.unlock_signer(&id, &secret("s")).unwrap();
        let write = || {
            kit.vault
                .write(&ben, "test.done", serde_json::json!({}), at(4), |_| {
                    Ok::<_, VaultError>(())
                })
        };
        write().unwrap();
        kit.vault
            .change_reviewer(&kit.signer, &id, &roles, false, at(5))
            .unwrap();
        assert!(matches!(
            write(),
            Err(VaultError::Refused { what: "reviewer", .. })
        ));
        assert!(kit.vault.unlock_signer(&id, &secret("s")).is_err());
        kit.vault
            .read(|view| {
                assert_eq!(view.reviewers().list()?.len(), 2);
                assert!(!view.reviewers().get(&id)?.active);
                assert_eq!(view.reviewers().versions(&id)?.len(), 2);
                Ok::<_, VaultError>(())
            })
            .unwrap();
        assert_eq!(kit.vault.check_custody().unwrap().faults, []);
        let taken = kit.vault.add_reviewer(
            &kit.signer,
            "Ada Example",
            &roles,
            &secret("s"),
            WORK_FACTOR,
            at(6),
        );
        assert!(matches!(taken, Err(VaultError::Refused { .. })));
    }
}
