//! `sign_off`: who signed what, bound to the digest of what was signed.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, select, text, text_or_null};
use crate::error::VaultError;
use crate::id::EngagementId;
use crate::txn::Txn;

/// A sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// The engagement.
    pub engagement: EngagementId,
    /// Kind of thing that is signed: `plan`, `finding`, `report`, `engagement`.
    pub target: String,
    /// Which one.
    pub reference: String,
    /// Digest of what was signed; a later change voids the sign-off visibly.
    pub digest: String,
    /// `prepared`, `reviewed`, `approved` or `returned`.
    pub meaning: String,
    /// Why.
    pub note: String,
    /// A signature over the digest, where one was made.
    pub signature: Option<String>,
}

impl Row for SignOff {
    const TABLE: &'static str = "sign_off";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("engagement", (&self.engagement).into()),
            ("target", text(&self.target)),
            ("reference", text(&self.reference)),
            ("digest", text(&self.digest)),
            ("meaning", text(&self.meaning)),
            ("note", text(&self.note)),
            ("signature", text_or_null(self.signature.as_deref())),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(SignOff {
            engagement: row.get("engagement")?,
            target: row.get("target")?,
            reference: row.get("reference")?,
            digest: row.get("digest")?,
            meaning: row.get("meaning")?,
            note: row.get("note")?,
            signature: row.get("signature")?,
        })
    }
}

/// Reads sign offs.
#[derive(Clone, Copy)]
pub struct SignOffs<'c>(pub(crate) &'c Connection);

impl SignOffs<'_> {
    /// Every sign-off of an engagement, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<SignOff>>, VaultError> {
        select(self.0, "WHERE t.engagement = ?1 ORDER BY t.seq", [engagement])
    }

    /// Every sign-off of one thing, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn on(&self, target: &str, reference: &str) -> Result<Vec<Kept<SignOff>>, VaultError> {
        select(
            self.0,
            "WHERE t.target = ?1 AND t.reference = ?2 ORDER BY t.seq",
            [target, reference],
        )
    }
}

/// Writes sign offs.
pub struct SignOffsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl SignOffsMut<'_, '_> {
    /// Writes a sign-off.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn insert(&mut self, row: &SignOff) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn sign_offs_are_found_by_engagement_and_by_thing() {
        let kit = kit();
        let row = SignOff {
            engagement: kit.engagement(),
            target: "report".into(),
            reference: "r-1".into(),
            digest: "ab".repeat(32),
            meaning: "reviewed".into(),
            note: "read in full".into(),
            signature: None,
        };
        kit.write(|txn| txn.sign_offs_mut().insert(&row));
        kit.write(|txn| txn.sign_offs_mut().insert(&row));
        assert_eq!(
            kit.vault
                .read(|view| view.sign_offs().of(&row.engagement))
                .unwrap()
                .len(),
            2
        );
        assert_eq!(
            kit.vault
                .read(|view| view.sign_offs().on("report", "r-1"))
                .unwrap()
                .len(),
            2
        );
        assert!(
            kit.vault
                .read(|view| view.sign_offs().on("report", "r-2"))
                .unwrap()
                .is_empty()
        );
    }
}
