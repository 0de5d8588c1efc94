//! `disposal`: the approval under which a bundle's content is destroyed. Digests, outcomes and custody stay.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, select, select_one, text};
use crate::error::VaultError;
use crate::id::BundleNo;
use crate::txn::Txn;

/// An approved disposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// The bundle whose content goes.
    pub bundle: BundleNo,
    /// Why: the retention rule, the request.
    pub ground: String,
    /// Who approved, besides the acting reviewer.
    pub approved: String,
}

impl Row for Disposal {
    const TABLE: &'static str = "disposal";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("bundle", self.bundle.0.into()),
            ("ground", text(&self.ground)),
            ("approved", text(&self.approved)),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Disposal {
            bundle: row.get("bundle")?,
            ground: row.get("ground")?,
            approved: row.get("approved")?,
        })
    }
}

/// Reads disposals.
#[derive(Clone, Copy)]
pub struct Disposals<'c>(pub(crate) &'c Connection);

impl Disposals<'_> {
    /// Every disposal.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<Disposal>>, VaultError> {
        select(self.0, "ORDER BY t.custody", [])
    }

    /// The disposal of a bundle, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, bundle: BundleNo) -> Result<Option<Kept<Disposal>>, VaultError> {
        select_one(self.0, "WHERE t.bundle = ?1", [bundle])
    }
}

/// Writes disposals.
pub struct DisposalsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl DisposalsMut<'_, '_> {
    /// Records the approval. [`Vault::sweep`](crate::Vault::sweep) then destroys the content in bounded steps.
    ///
    /// # Errors
    /// When the bundle is unknown or disposed of already.
    pub fn insert(&mut self, row: &Disposal) -> Result<(), VaultError> {
        self.0.view().bundles().get(row.bundle)?;
        self.0.insert(row)
    }
}
