//! `bundle_link`: which bundles an engagement examines. The last link between two says whether they belong together.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;

use super::Row;
use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId};

/// One link.
pub(crate) struct BundleLink {
    pub engagement: EngagementId,
    pub bundle: BundleNo,
    pub linked: bool,
}

impl Row for BundleLink {
    const TABLE: &'static str = "bundle_link";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("engagement", (&self.engagement).into()),
            ("bundle", self.bundle.0.into()),
            ("linked", i64::from(self.linked).into()),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(BundleLink {
            engagement: row.get("engagement")?,
            bundle: row.get("bundle")?,
            linked: row.get("linked")?,
        })
    }
}

/// The bundles of an engagement, in the order of their numbers.
pub(crate) fn bundles_of(
    connection: &Connection,
    engagement: &EngagementId,
) -> Result<Vec<BundleNo>, VaultError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT bundle FROM bundle_link AS l WHERE engagement = ?1 AND linked = 1
             AND seq = (SELECT max(seq) FROM bundle_link WHERE engagement = l.engagement AND bundle = l.bundle)
             ORDER BY bundle",
        )
        .map_err(sql("reading links"))?;
    let rows = statement
        .query_map([engagement], |row| row.get(0))
        .map_err(sql("reading links"))?;
    rows.collect::<Result<_, _>>().map_err(sql("reading links"))
}
