//! `review_period`: the period for which a bundle's completeness is judged, as the reviewer states it at intake or later.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, select_one, text};
use crate::error::VaultError;
use crate::id::BundleNo;
use crate::txn::Txn;

/// The review period of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPeriod {
    /// The bundle.
    pub bundle: BundleNo,
    /// 1 for the first statement about the bundle; the next one supersedes.
    pub version: u64,
    /// Its beginning: a day or an RFC 3339 instant.
    pub from: String,
    /// Its end: a day, which belongs to it, or an instant, which does not.
    pub to: String,
}

impl Row for ReviewPeriod {
    const TABLE: &'static str = "review_period";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("bundle", self.bundle.0.into()),
            ("version", number(self.version)?),
            ("period_from", text(&self.from)),
            ("period_to", text(&self.to)),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(ReviewPeriod {
            bundle: row.get("bundle")?,
            version: natural(row, "version")?,
            from: row.get("period_from")?,
            to: row.get("period_to")?,
        })
    }
}

/// Reads review periods.
#[derive(Clone, Copy)]
pub struct ReviewPeriods<'c>(pub(crate) &'c Connection);

impl ReviewPeriods<'_> {
    /// The one in force for a bundle.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, bundle: BundleNo) -> Result<Option<Kept<ReviewPeriod>>, VaultError> {
        select_one(
            self.0,
            "WHERE t.bundle = ?1 ORDER BY t.version DESC LIMIT 1",
            [bundle],
        )
    }
}

/// Writes review periods.
pub struct ReviewPeriodsMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl ReviewPeriodsMut<'_, '_> {
    /// States the review period of a bundle; the last statement holds.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one; when the bundle is unknown.
    pub fn insert(&mut self, row: &ReviewPeriod) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn the_last_statement_about_a_bundle_holds() {
        let kit = kit();
        let (one, other) = (kit.import("a", &["1 e a ok"]), kit.import("b", &["2 e a ok"]));
        let of = |bundle| {
            let kept = kit.vault.read(|view| view.review_periods().of(bundle)).unwrap();
            kept.map(|kept| kept.row)
        };
        assert_eq!(of(one), None);
        let first = stated(one, 1, "2026-09-30");
        let second = stated(one, 2, "2026-10-31");
        kit.write(|txn| txn.review_periods_mut().insert(&first));
        assert_eq!(of(one).as_ref(), Some(&first));
        let again = kit.try_write(|txn| txn.review_periods_mut().insert(&first));
        assert!(matches!(again, Err(VaultError::Superseded { .. })));
        kit.write(|txn| txn.review_periods_mut().insert(&second));
        assert_eq!((of(one), of(other)), (Some(second), None));
        let unknown = stated(BundleNo(99), 1, "2026-09-30");
        let refused = kit.try_write(|txn| txn.review_periods_mut().insert(&unknown));
        assert!(refused.is_err());
    }

    fn stated(bundle: BundleNo, version: u64, to: &str) -> ReviewPeriod {
        ReviewPeriod {
            bundle,
            version,
            from: "2026-07-01".into(),
            to: to.into(),
        }
    }
}
