//! `verification`: every judgement of a bundle. The newest holds, older ones stay.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};
use tickmark_verify::verification::{ClaimOutcome, Fault, Verification};

use super::{
    Kept, Row, count, fault, from_word, natural, number, parsed, select, select_one, text_or_null, word,
    written,
};
use crate::error::VaultError;
use crate::id::BundleNo;
use crate::txn::Txn;

/// One judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The bundle.
    pub bundle: BundleNo,
    /// 1 at import, then one more each time.
    pub seq: u64,
    /// What was found.
    pub verification: Verification,
    /// Its verdict.
    pub verdict: ClaimOutcome,
}

impl Judgement {
    pub(crate) fn new(bundle: BundleNo, seq: u64, verification: &Verification) -> Self {
        Judgement {
            bundle,
            seq,
            verdict: verification.verdict,
            verification: verification.clone(),
        }
    }
}

impl Row for Judgement {
    const TABLE: &'static str = "verification";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        let profile = self.verification.profile.as_ref();
        Ok(vec![
            ("bundle", self.bundle.0.into()),
            ("seq", number(self.seq)?),
            ("json", written(&self.verification)?),
            ("verdict", word(&self.verdict)?),
            ("profile", text_or_null(profile.map(|p| p.id.as_str()))),
            (
                "profile_version",
                text_or_null(profile.map(|p| p.version.as_str())),
            ),
            ("profile_digest", text_or_null(profile.map(|p| p.digest.as_str()))),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Judgement {
            bundle: row.get("bundle")?,
            seq: natural(row, "seq")?,
            verification: parsed(row, "json")?,
            verdict: from_word(row, "verdict")?,
        })
    }
}

/// Reads judgements and their faults.
#[derive(Clone, Copy)]
pub struct Verifications<'c>(pub(crate) &'c Connection);

impl Verifications<'_> {
    /// The newest judgement of a bundle.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn latest(&self, bundle: BundleNo) -> Result<Kept<Judgement>, VaultError> {
        select_one(
            self.0,
            "WHERE t.bundle = ?1 ORDER BY t.seq DESC LIMIT 1",
            [bundle],
        )?
        .ok_or_else(|| VaultError::NotFound {
            what: "verification of bundle",
            id: bundle.to_string(),
        })
    }

    /// Every judgement of a bundle, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, bundle: BundleNo) -> Result<Vec<Kept<Judgement>>, VaultError> {
        select(self.0, "WHERE t.bundle = ?1 ORDER BY t.seq", [bundle])
    }

    /// How often a bundle was judged.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, bundle: BundleNo) -> Result<u64, VaultError> {
        count(
            self.0,
            "SELECT count(*) FROM verification WHERE bundle = ?1",
            [bundle],
        )
    }

    /// The faults on one record, by the newest judgement.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults_on(&self, bundle: BundleNo, position: u64) -> Result<Vec<Fault>, VaultError> {
        fault::on_record(self.0, bundle, position)
    }

    /// A page of the newest judgement's kept faults, in the order they were found.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn faults(&self, bundle: BundleNo, offset: u64, limit: u64) -> Result<Vec<Fault>, VaultError> {
        let seq = self.count(bundle)?;
        fault::page(self.0, bundle, seq, offset, limit)
    }
}

/// Writes judgements.
pub struct VerificationsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl VerificationsMut<'_, '_> {
    /// Keeps a later judgement of a bundle, with the faults that it lists.
    ///
    /// # Errors
    /// `NotFound` when the bundle is unknown.
    pub fn insert(&mut self, bundle: BundleNo, verification: &Verification) -> Result<u64, VaultError> {
        self.0.view().bundles().get(bundle)?;
        let seq = self.0.view().verifications().count(bundle)? + 1;
        fault::insert(self.0.connection(), bundle, seq, 1, &verification.faults)?;
        self.0.insert(&Judgement::new(bundle, seq, verification))?;
        Ok(seq)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::{fault, kit, verification};

    #[test]
    fn the_newest_judgement_holds_with_its_own_faults() {
        let kit = kit();
        let bundle = kit.import("a", &["1 e a ok", "2 e a ok"]);
        let mut later = verification(b"1 e a ok\n2 e a ok\n");
        later.verdict = ClaimOutcome::Refuted;
        later.faults = vec![fault(2, "hash_mismatch"), fault(2, "link_mismatch")];
        kit.write(|txn| txn.verifications_mut().insert(bundle, &later));
        kit.vault
            .read(|view| {
                let judgements = view.verifications();
                assert_eq!(judgements.latest(bundle)?.row.verification, later);
                assert_eq!(judgements.of(bundle)?.len(), 2);
                assert_eq!(judgements.faults_on(bundle, 2)?, later.faults);
                assert_eq!(judgements.faults_on(bundle, 1)?, []);
                assert_eq!(judgements.faults(bundle, 1, 5)?.len(), 1);
                assert_eq!(view.records().get(bundle, 2)?.faults, 2);
                Ok::<_, VaultError>(())
            })
            .unwrap();
        assert!(
            kit.try_write(|txn| txn.verifications_mut().insert(BundleNo(9), &later))
                .is_err()
        );
    }
}
