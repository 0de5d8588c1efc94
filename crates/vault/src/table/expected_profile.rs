//! `expected_profile`: the profile that bundles of a source are expected to have, so that stripping cannot steer to a weaker one.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, check_digest, natural, number, select, select_one, text, text_or_null};
use crate::error::VaultError;
use crate::txn::Txn;

/// The profile that is expected of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedProfile {
    /// The source.
    pub source: String,
    /// 1 for the first statement about the source; the next one supersedes.
    pub version: u64,
    /// The profile's id.
    pub profile: String,
    /// Its version.
    pub profile_version: String,
    /// Hex SHA-256 of its text.
    pub profile_digest: String,
    /// Its text, so that later bundles are judged under this very profile.
    pub text: String,
    /// Why it supersedes the statement before; required from version 2 on.
    pub reason: Option<String>,
}

impl Row for ExpectedProfile {
    const TABLE: &'static str = "expected_profile";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("source", text(&self.source)),
            ("version", number(self.version)?),
            ("profile", text(&self.profile)),
            ("profile_version", text(&self.profile_version)),
            ("profile_digest", text(&self.profile_digest)),
            ("text", text(&self.text)),
            ("reason", text_or_null(self.reason.as_deref())),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(ExpectedProfile {
            source: row.get("source")?,
            version: natural(row, "version")?,
            profile: row.get("profile")?,
            profile_version: row.get("profile_version")?,
            profile_digest: row.get("profile_digest")?,
            text: row.get("text")?,
            reason: row.get("reason")?,
        })
    }
}

/// Reads expected profiles.
#[derive(Clone, Copy)]
pub struct ExpectedProfiles<'c>(pub(crate) &'c Connection);

impl ExpectedProfiles<'_> {
    /// The one in force for a source.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(&self, source: &str) -> Result<Option<Kept<ExpectedProfile>>, VaultError> {
        select_one(
            self.0,
            "WHERE t.source = ?1 ORDER BY t.version DESC LIMIT 1",
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
    /// `Superseded` when the version is not the next one; `Refused` when the digest is not that of the text, or a later
    /// version gives no reason.
    pub fn insert(&mut self, row: &ExpectedProfile) -> Result<(), VaultError> {
        check_digest("expected profile", &row.text, &row.profile_digest)?;
        if row.version > 1
            && row
                .reason
                .as_deref()
                .is_none_or(|reason| reason.trim().is_empty())
        {
            return Err(VaultError::Refused {
                what: "expected profile",
                expected: "a reason, because it supersedes another",
                found: "none".into(),
            });
        }
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::canonical::sha256_hex;
    use crate::kit::kit;

    #[test]
    fn the_last_statement_holds_and_says_why() {
        let kit = kit();
        let one = stated("gateway", "id = 1");
        let two = ExpectedProfile {
            version: 2,
            reason: Some("the gateway writes the new format since May".into()),
            ..stated("gateway", "id = 2")
        };
        let unreasoned = ExpectedProfile {
            reason: None,
            ..two.clone()
        };
        let forged = ExpectedProfile {
            text: "id = 3".into(),
            ..one.clone()
        };
        let refused = |row| matches!(try_insert(&kit, row), Err(VaultError::Refused { .. }));
        assert!(refused(&forged));
        kit.write(|txn| txn.expected_profiles_mut().insert(&one));
        assert!(refused(&unreasoned));
        assert!(matches!(
            try_insert(&kit, &one),
            Err(VaultError::Superseded { .. })
        ));
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

    fn try_insert(kit: &crate::kit::Kit, row: &ExpectedProfile) -> Result<(), VaultError> {
        kit.try_write(|txn| txn.expected_profiles_mut().insert(row))
    }

    fn stated(source: &str, text: &str) -> ExpectedProfile {
        ExpectedProfile {
            source: source.into(),
            version: 1,
            profile: "aat".into(),
            profile_version: "1".into(),
            profile_digest: sha256_hex(text.as_bytes()),
            text: text.into(),
            reason: None,
        }
    }
}
