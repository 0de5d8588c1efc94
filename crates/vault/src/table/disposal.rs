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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;
    use crate::query::{Field, RecordQuery, Scope};
    use std::ops::ControlFlow;

    #[test]
    fn content_goes_and_digests_outcomes_and_custody_stay() {
        let kit = kit();
        let bundle = kit.import("a", &["1 refund ada ok secretword", "2 refund ben ok"]);
        let other = kit.import("b", &["1 refund ada ok otherword"]);
        let before = kit.vault.read(|view| view.records().get(bundle, 1)).unwrap();
        let disposal = Disposal {
            bundle,
            ground: "retention ended".into(),
            approved: "Ben Example".into(),
        };
        kit.write(|txn| txn.disposals_mut().insert(&disposal));
        let swept = kit.vault.sweep(&mut || ControlFlow::Continue(())).unwrap();
        assert_eq!((swept.imports, swept.disposals), (0, 1));
        assert_eq!(
            kit.vault
                .sweep(&mut || ControlFlow::Continue(()))
                .unwrap()
                .disposals,
            0
        );
        kit.vault
            .read(|view| {
                let after = view.records().get(bundle, 1)?;
                assert_eq!((&after.id, after.length), (&before.id, before.length));
                assert_eq!((after.summary.as_str(), after.actor), ("", None));
                assert!(matches!(
                    view.records().bytes(bundle, 1),
                    Err(VaultError::Disposed { .. })
                ));
                let found = |words: &str| {
                    view.records().count(&RecordQuery {
                        words: words.into(),
                        ..RecordQuery::default()
                    })
                };
                assert_eq!(
                    (found("secretword")?, found("otherword")?, found("refund")?),
                    (0, 1, 1)
                );
                assert_eq!(
                    view.records().bytes(other, 1)?.bytes,
                    b"1 refund ada ok otherword"
                );
                let whole = RecordQuery::of(Scope::Bundles(vec![bundle]));
                let actors = view.records().facet(&whole, Field::Actor, 9)?;
                assert_eq!((actors.values.len(), actors.none), (0, 2));
                assert_eq!(view.verifications().count(bundle)?, 1);
                Ok::<_, VaultError>(())
            })
            .unwrap();
        assert!(matches!(
            kit.vault.originals(bundle),
            Err(VaultError::Disposed { .. })
        ));
        let health = kit.vault.check(&mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(health.is_sound(), "{health:?}");
    }
}
