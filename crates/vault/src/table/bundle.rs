//! `bundle`: what was received and kept. A row appears with the last transaction of its import.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::bundle_link::{BundleLink, bundles_of};
use super::file::{ReceivedFile, files_of};
use super::{Kept, Row, natural, number, parsed, select, select_one, text, text_or_null, written};
use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId};
use crate::txn::Txn;

/// A kept bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Its number in this vault.
    pub bundle: BundleNo,
    /// File or folder name as received.
    pub name: String,
    /// Hex SHA-256 of the received file; of a folder: of the lines `hex SP SP name LF`, sorted by name.
    pub sha256: String,
    /// Received bytes.
    pub bytes: u64,
    /// How it is packed, outermost first.
    pub packing: Vec<String>,
    /// The system it comes from, as the reviewer names it.
    pub source: Option<String>,
    /// How its records were read, for example `langfuse`.
    pub importer: Option<String>,
    /// Records in it.
    pub records: u64,
    /// Hex SHA-256 over the record ids in source order, each followed by LF.
    pub records_digest: String,
    /// Further counts.
    pub counts: ImportCounts,
    /// How it came.
    pub intake: Intake,
}

/// What an import found besides records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Metric samples.
    pub metrics: u64,
    /// Control evidence.
    pub evidence: u64,
    /// Fairness findings.
    pub fairness: u64,
    /// Personal data that another tool found.
    pub pii: u64,
}

/// Who handed a bundle over, when, on which medium, for which request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// Who.
    pub received_from: Option<String>,
    /// When, as the reviewer states it.
    pub received_at: Option<String>,
    /// On which medium.
    pub medium: Option<String>,
    /// For which request.
    pub request: Option<String>,
    /// The digest that the sender stated.
    pub sender_sha256: Option<String>,
}

impl Row for Bundle {
    const TABLE: &'static str = "bundle";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("bundle", self.bundle.0.into()),
            ("name", text(&self.name)),
            ("sha256", text(&self.sha256)),
            ("bytes", number(self.bytes)?),
            ("packing", written(&self.packing)?),
            ("source", text_or_null(self.source.as_deref())),
            ("importer", text_or_null(self.importer.as_deref())),
            ("records", number(self.records)?),
            ("records_digest", text(&self.records_digest)),
            ("counts", written(&self.counts)?),
            (
                "received_from",
                text_or_null(self.intake.received_from.as_deref()),
            ),
            ("received_at", text_or_null(self.intake.received_at.as_deref())),
            ("medium", text_or_null(self.intake.medium.as_deref())),
            ("request", text_or_null(self.intake.request.as_deref())),
            (
                "sender_sha256",
                text_or_null(self.intake.sender_sha256.as_deref()),
            ),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Bundle {
            bundle: row.get("bundle")?,
            name: row.get("name")?,
            sha256: row.get("sha256")?,
            bytes: natural(row, "bytes")?,
            packing: parsed(row, "packing")?,
            source: row.get("source")?,
            importer: row.get("importer")?,
            records: natural(row, "records")?,
            records_digest: row.get("records_digest")?,
            counts: parsed(row, "counts")?,
            intake: Intake {
                received_from: row.get("received_from")?,
                received_at: row.get("received_at")?,
                medium: row.get("medium")?,
                request: row.get("request")?,
                sender_sha256: row.get("sender_sha256")?,
            },
        })
    }
}

/// Reads kept bundles.
#[derive(Clone, Copy)]
pub struct Bundles<'c>(pub(crate) &'c Connection);

impl Bundles<'_> {
    /// Every kept bundle, in the order of import.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<Bundle>>, VaultError> {
        select(self.0, "ORDER BY t.custody", [])
    }

    /// The bundles that an engagement examines, in the order of import.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, engagement: &EngagementId) -> Result<Vec<Kept<Bundle>>, VaultError> {
        bundles_of(self.0, engagement)?
            .into_iter()
            .map(|bundle| self.get(bundle))
            .collect()
    }

    /// One bundle.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, bundle: BundleNo) -> Result<Kept<Bundle>, VaultError> {
        select_one(self.0, "WHERE t.bundle = ?1", [bundle])?.ok_or_else(|| VaultError::NotFound {
            what: "bundle",
            id: bundle.to_string(),
        })
    }

    /// The bundle with these bytes, if it is kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn by_sha256(&self, sha256: &str) -> Result<Option<Kept<Bundle>>, VaultError> {
        select_one(self.0, "WHERE t.sha256 = ?1", [sha256])
    }

    /// Its received files, in the order received.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn files(&self, bundle: BundleNo) -> Result<Vec<ReceivedFile>, VaultError> {
        files_of(self.0, bundle)
    }

    /// Earliest and latest time that its records state, in microseconds since 1970.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn time_span(&self, bundle: BundleNo) -> Result<Option<(i64, i64)>, VaultError> {
        // two look-ups at the ends of an index; min and max in one statement would walk it
        let end = |which: &str| {
            let text =
                format!("SELECT {which}(time_utc) FROM record WHERE bundle = ?1 AND time_utc IS NOT NULL");
            self.0
                .query_row(&text, [bundle], |row| row.get::<_, Option<i64>>(0))
                .map_err(sql("reading times"))
        };
        Ok(end("min")?.zip(end("max")?))
    }
}

/// Writes links; bundles themselves are kept by [`Import::finish`](crate::import::Import::finish) only.
pub struct BundlesMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl BundlesMut<'_, '_> {
    /// Takes a bundle into an engagement.
    ///
    /// # Errors
    /// When the bundle is unknown.
    pub fn link(&mut self, engagement: &EngagementId, bundle: BundleNo) -> Result<(), VaultError> {
        self.set(engagement, bundle, true)
    }

    /// Takes a bundle out of an engagement.
    ///
    /// # Errors
    /// When the bundle is unknown.
    pub fn unlink(&mut self, engagement: &EngagementId, bundle: BundleNo) -> Result<(), VaultError> {
        self.set(engagement, bundle, false)
    }

    fn set(&mut self, engagement: &EngagementId, bundle: BundleNo, linked: bool) -> Result<(), VaultError> {
        self.0.view().bundles().get(bundle)?;
        self.0.view().engagements().get(engagement)?;
        self.0.insert(&BundleLink {
            engagement: engagement.clone(),
            bundle,
            linked,
        })
    }

    pub(crate) fn insert(&mut self, row: &Bundle) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_bundle_belongs_to_the_vault_and_is_examined_by_engagements() {
        let kit = kit();
        let (one, two) = (kit.engagement(), kit.engagement());
        let bundle = kit.import("a", &["5 e a ok", "- e a ok", "3 e a ok"]);
        let of = |engagement| {
            kit.vault
                .read(|view| view.bundles().of(engagement))
                .unwrap()
                .len()
        };
        assert_eq!((of(&one), of(&two)), (0, 0));
        kit.write(|txn| txn.bundles_mut().link(&one, bundle));
        assert_eq!((of(&one), of(&two)), (1, 0));
        kit.write(|txn| txn.bundles_mut().unlink(&one, bundle));
        assert_eq!(of(&one), 0);
        kit.write(|txn| txn.bundles_mut().link(&one, bundle));
        assert_eq!(of(&one), 1);
        let span = kit.vault.read(|view| view.bundles().time_span(bundle)).unwrap();
        assert_eq!(span, Some((3_000_000, 5_000_000)));
        assert!(
            kit.try_write(|txn| txn.bundles_mut().link(&one, BundleNo(99)))
                .is_err()
        );
        assert!(
            kit.try_write(|txn| txn.bundles_mut().link(&"nobody".into(), bundle))
                .is_err()
        );
    }
}
