//! `trail_head`: where each trail ended at each import, so that a later one that does not extend it is seen.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, select, text, text_or_null};
use crate::error::VaultError;
use crate::id::BundleNo;
use crate::txn::Txn;

/// The head of a trail at one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailHead {
    /// The profile's id.
    pub profile: String,
    /// The chain's id; empty where the profile knows one chain only.
    pub chain: String,
    /// Fingerprint of the signer; empty where nobody signs.
    pub signer: String,
    /// Records in the chain at that import.
    pub records: u64,
    /// The value that a next record links to.
    pub head: String,
    /// The first record's number in its own sequence, where there is one.
    pub first_seq: Option<String>,
    /// The last record's number in its own sequence.
    pub last_seq: Option<String>,
    /// The bundle that showed it.
    pub bundle: BundleNo,
}

impl Row for TrailHead {
    const TABLE: &'static str = "trail_head";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("profile", text(&self.profile)),
            ("chain", text(&self.chain)),
            ("signer", text(&self.signer)),
            ("records", number(self.records)?),
            ("head", text(&self.head)),
            ("first_seq", text_or_null(self.first_seq.as_deref())),
            ("last_seq", text_or_null(self.last_seq.as_deref())),
            ("bundle", self.bundle.0.into()),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(TrailHead {
            profile: row.get("profile")?,
            chain: row.get("chain")?,
            signer: row.get("signer")?,
            records: natural(row, "records")?,
            head: row.get("head")?,
            first_seq: row.get("first_seq")?,
            last_seq: row.get("last_seq")?,
            bundle: row.get("bundle")?,
        })
    }
}

/// Reads trail heads.
#[derive(Clone, Copy)]
pub struct TrailHeads<'c>(pub(crate) &'c Connection);

impl TrailHeads<'_> {
    /// Every head of a trail, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, profile: &str, chain: &str, signer: &str) -> Result<Vec<Kept<TrailHead>>, VaultError> {
        select(
            self.0,
            "WHERE t.profile = ?1 AND t.chain = ?2 AND t.signer = ?3 ORDER BY t.seq",
            [profile, chain, signer],
        )
    }

    /// Every head that a profile's trails ever showed, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of_profile(&self, profile: &str) -> Result<Vec<Kept<TrailHead>>, VaultError> {
        select(self.0, "WHERE t.profile = ?1 ORDER BY t.seq", [profile])
    }

    /// The heads that a bundle showed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn shown_by(&self, bundle: BundleNo) -> Result<Vec<Kept<TrailHead>>, VaultError> {
        select(self.0, "WHERE t.bundle = ?1 ORDER BY t.seq", [bundle])
    }

    /// Every head, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<TrailHead>>, VaultError> {
        select(self.0, "ORDER BY t.seq", [])
    }
}

/// Writes trail heads.
pub struct TrailHeadsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl TrailHeadsMut<'_, '_> {
    /// Remembers a head outside an import, for example one that another person read aloud.
    ///
    /// # Errors
    /// When the bundle is unknown.
    pub fn insert(&mut self, row: &TrailHead) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_trail_is_a_profile_a_chain_and_a_signer() {
        let kit = kit();
        let bundle = kit.import("a", &["1 e a ok"]);
        let head = TrailHead {
            profile: "aat".into(),
            chain: String::new(),
            signer: "ab".repeat(32),
            records: 1,
            head: "cd".repeat(32),
            first_seq: Some("0".into()),
            last_seq: None,
            bundle,
        };
        let longer = TrailHead {
            records: 2,
            ..head.clone()
        };
        let other = TrailHead {
            signer: String::new(),
            ..head.clone()
        };
        for row in [&head, &longer, &other] {
            kit.write(|txn| txn.trail_heads_mut().insert(row));
        }
        kit.vault
            .read(|view| {
                let heads = view.trail_heads();
                let rows: Vec<_> = heads
                    .of("aat", "", &head.signer)?
                    .into_iter()
                    .map(|kept| kept.row)
                    .collect();
                assert_eq!(rows, [head, longer]);
                assert_eq!(heads.of_profile("aat")?.len(), 3);
                assert_eq!(heads.shown_by(bundle)?.len(), 3);
                assert_eq!(heads.list()?.len(), 3);
                Ok::<_, VaultError>(())
            })
            .unwrap();
        let nowhere = TrailHead {
            bundle: BundleNo(99),
            ..other
        };
        assert!(
            kit.try_write(|txn| txn.trail_heads_mut().insert(&nowhere))
                .is_err()
        );
    }
}
