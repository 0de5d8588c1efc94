//! `expected_profile`: the profile that bundles of a source are expected to have, so that stripping cannot steer to a weaker one.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, select, select_one, text};
use crate::error::VaultError;
use crate::txn::Txn;

/// The profile that is expected of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedProfile {
    /// The source.
    pub source: String,
    /// The profile's id.
    pub profile: String,
    /// Its version.
    pub version: String,
    /// Hex SHA-256 of its text.
    pub digest: String,
}

impl Row for ExpectedProfile {
    const TABLE: &'static str = "expected_profile";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("source", text(&self.source)),
            ("profile", text(&self.profile)),
            ("version", text(&self.version)),
            ("digest", text(&self.digest)),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(ExpectedProfile {
            source: row.get("source")?,
            profile: row.get("profile")?,
            version: row.get("version")?,
            digest: row.get("digest")?,
        })
    }
}

/// Reads expected profiles.
#[derive(Clone, Copy)]
pub struct ExpectedProfiles<'c>(pub(crate) &'c Connection);

impl ExpectedProfiles<'_> {
    /// The last one stated for a source.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, source: &str) -> Result<Option<Kept<ExpectedProfile>>, VaultError> {
        select_one(
            self.0,
            "WHERE t.source = ?1 ORDER BY t.seq DESC LIMIT 1",
            [source],
        )
    }

    /// Every one ever stated, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<ExpectedProfile>>, VaultError> {
        select(self.0, "ORDER BY t.seq", [])
    }
}

/// Writes expected profiles.
pub struct ExpectedProfilesMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl ExpectedProfilesMut<'_, '_> {
    /// States the profile of a source; the last statement holds.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn insert(&mut self, row: &ExpectedProfile) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn the_last_statement_holds() {
        let kit = kit();
        let one = ExpectedProfile {
            source: "gateway".into(),
            profile: "aat".into(),
            version: "1".into(),
            digest: "ab".repeat(32),
        };
        let two = ExpectedProfile {
            version: "2".into(),
            ..one.clone()
        };
        kit.write(|txn| txn.expected_profiles_mut().insert(&one));
        kit.write(|txn| txn.expected_profiles_mut().insert(&two));
        let of = |source| {
            kit.vault
                .read(|view| view.expected_profiles().of(source))
                .unwrap()
                .map(|kept| kept.row)
        };
        assert_eq!(of("gateway"), Some(two));
        assert_eq!(of("other"), None);
        assert_eq!(
            kit.vault
                .read(|view| view.expected_profiles().list())
                .unwrap()
                .len(),
            2
        );
    }
}
