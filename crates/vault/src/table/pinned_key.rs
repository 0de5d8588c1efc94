//! `pinned_key`: keys that the reviewer trusts, and roots, OpenPGP keys, Sigstore roots and identities. A later version may
//! withdraw the key.

use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use super::{Kept, Row, natural, number, select, select_one, text, text_or_null};
use crate::error::VaultError;
use crate::id::KeyId;
use crate::txn::Txn;

/// One version of a pinned key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedKey {
    /// Its id.
    pub id: KeyId,
    /// 1 for the first; the next one supersedes.
    pub version: u64,
    /// The source it is pinned for; `None` for every source.
    pub source: Option<String>,
    /// An entry of a trust file, or a Sigstore root as a file; for HMAC it holds the secret, so it is neither printed nor
    /// serialised.
    #[serde(skip_serializing, default)]
    pub key: String,
    /// Its algorithm; bound to the key, never read from a bundle.
    pub algorithm: String,
    /// Hex SHA-256 of the SPKI, or what names another kind.
    pub fingerprint: String,
    /// The name that records use for it.
    pub kid: Option<String>,
    /// Who it belongs to.
    pub owner: String,
    /// How it was confirmed.
    pub confirmed: String,
    /// Who else confirmed it.
    pub second_person: Option<String>,
    /// From when it holds, RFC 3339.
    pub valid_from: Option<String>,
    /// Until when it holds, RFC 3339.
    pub valid_to: Option<String>,
    /// Why this version withdraws the key; `None` while it is trusted.
    pub withdrawn: Option<String>,
    /// The key that this one takes over from, at its `valid_from`.
    pub replaces: Option<KeyId>,
    /// Why this version supersedes the one before.
    pub reason: Option<String>,
}

impl std::fmt::Debug for PinnedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "PinnedKey({} version {}, {})",
            self.id, self.version, self.fingerprint
        )
    }
}

impl Row for PinnedKey {
    const TABLE: &'static str = "pinned_key";

    fn cells(&self) -> Result<Vec<(&'static str, Cell)>, VaultError> {
        Ok(vec![
            ("id", (&self.id).into()),
            ("version", number(self.version)?),
            ("source", text_or_null(self.source.as_deref())),
            ("key", text(&self.key)),
            ("algorithm", text(&self.algorithm)),
            ("fingerprint", text(&self.fingerprint)),
            ("kid", text_or_null(self.kid.as_deref())),
            ("owner", text(&self.owner)),
            ("confirmed", text(&self.confirmed)),
            ("second_person", text_or_null(self.second_person.as_deref())),
            ("valid_from", text_or_null(self.valid_from.as_deref())),
            ("valid_to", text_or_null(self.valid_to.as_deref())),
            ("withdrawn", text_or_null(self.withdrawn.as_deref())),
            (
                "replaces",
                text_or_null(self.replaces.as_ref().map(KeyId::as_str)),
            ),
            ("reason", text_or_null(self.reason.as_deref())),
        ])
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(PinnedKey {
            id: row.get("id")?,
            version: natural(row, "version")?,
            source: row.get("source")?,
            key: row.get("key")?,
            algorithm: row.get("algorithm")?,
            fingerprint: row.get("fingerprint")?,
            kid: row.get("kid")?,
            owner: row.get("owner")?,
            confirmed: row.get("confirmed")?,
            second_person: row.get("second_person")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            withdrawn: row.get("withdrawn")?,
            replaces: row.get("replaces")?,
            reason: row.get("reason")?,
        })
    }
}

/// Reads pinned keys.
#[derive(Clone, Copy)]
pub struct PinnedKeys<'c>(pub(crate) &'c Connection);

impl PinnedKeys<'_> {
    /// The version in force of every key, oldest key first; withdrawn ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self) -> Result<Vec<Kept<PinnedKey>>, VaultError> {
        select(
            self.0,
            "WHERE t.version = (SELECT max(version) FROM pinned_key WHERE id = t.id)
         ORDER BY (SELECT min(seq) FROM pinned_key WHERE id = t.id)",
            [],
        )
    }

    /// The keys that are trusted for a source: not withdrawn, and pinned for it or for every source.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn trusted_for(&self, source: Option<&str>) -> Result<Vec<Kept<PinnedKey>>, VaultError> {
        let all = self.list()?;
        let fits = |key: &Kept<PinnedKey>| key.source.is_none() || key.source.as_deref() == source;
        Ok(all
            .into_iter()
            .filter(|key| key.withdrawn.is_none() && fits(key))
            .collect())
    }

    /// The version in force.
    ///
    /// # Errors
    /// `NotFound`, or when the database cannot be read.
    pub fn get(&self, id: &KeyId) -> Result<Kept<PinnedKey>, VaultError> {
        select_one(self.0, "WHERE t.id = ?1 ORDER BY t.version DESC LIMIT 1", [id])?.ok_or_else(|| {
            VaultError::NotFound {
                what: "pinned key",
                id: id.to_string(),
            }
        })
    }

    /// Every version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self, id: &KeyId) -> Result<Vec<Kept<PinnedKey>>, VaultError> {
        select(self.0, "WHERE t.id = ?1 ORDER BY t.version", [id])
    }
}

/// Writes pinned keys.
pub struct PinnedKeysMut<'a, 't>(pub(crate) &'a mut Txn<'t>);

impl PinnedKeysMut<'_, '_> {
    /// Pins a key, or writes the version that withdraws it.
    ///
    /// # Errors
    /// `Superseded` when the version is not the next one.
    pub fn insert(&mut self, row: &PinnedKey) -> Result<(), VaultError> {
        self.0.insert(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::kit::kit;

    #[test]
    fn a_later_version_supersedes_and_the_earlier_stays() {
        let kit = kit();
        let row = key(None);
        kit.write(|txn| txn.pinned_keys_mut().insert(&row));
        let next = PinnedKey {
            version: 2,
            withdrawn: Some("lost".into()),
            ..row.clone()
        };
        kit.write(|txn| txn.pinned_keys_mut().insert(&next));
        for stale in [
            row,
            next.clone(),
            PinnedKey {
                version: 4,
                ..next.clone()
            },
        ] {
            let refused = kit.try_write(|txn| txn.pinned_keys_mut().insert(&stale));
            assert!(matches!(refused, Err(VaultError::Superseded { .. })));
        }
        kit.vault
            .read(|view| {
                let handle = view.pinned_keys();
                assert_eq!(handle.get(&next.id)?.row, next);
                assert_eq!(handle.get(&next.id)?.by, "Ada Example");
                assert_eq!(handle.versions(&next.id)?.len(), 2);
                assert_eq!(handle.list()?.iter().filter(|kept| kept.id == next.id).count(), 1);
                Ok::<_, VaultError>(())
            })
            .unwrap();
    }

    #[test]
    fn a_key_is_trusted_for_its_source_until_it_is_withdrawn() {
        let kit = kit();
        let (general, special) = (key(None), key(Some("gateway")));
        kit.write(|txn| txn.pinned_keys_mut().insert(&general));
        kit.write(|txn| txn.pinned_keys_mut().insert(&special));
        let trusted = |source| {
            kit.vault
                .read(|view| view.pinned_keys().trusted_for(source))
                .unwrap()
                .len()
        };
        assert_eq!(
            (trusted(Some("gateway")), trusted(Some("other")), trusted(None)),
            (2, 1, 1)
        );
        let gone = PinnedKey {
            version: 2,
            withdrawn: Some("lost".into()),
            ..general
        };
        kit.write(|txn| txn.pinned_keys_mut().insert(&gone));
        assert_eq!((trusted(Some("gateway")), trusted(None)), (1, 0));
    }

    #[test]
    fn the_key_text_is_neither_printed_nor_serialised() {
        let row = PinnedKey {
            key: "open sesame".into(),
            ..key(None)
        };
        assert!(!format!("{row:?}").contains("sesame"));
        assert!(!serde_json::to_string(&row).unwrap().contains("sesame"));
    }

    fn key(source: Option<&str>) -> PinnedKey {
        PinnedKey {
            id: KeyId::random().unwrap(),
            version: 1,
            source: source.map(str::to_owned),
            key: "MCowBQYDK2Vw".into(),
            algorithm: "ed25519".into(),
            fingerprint: "ab".repeat(32),
            kid: Some("agent-7".into()),
            owner: "Example Bank, model gateway".into(),
            confirmed: "read aloud by phone".into(),
            second_person: None,
            valid_from: None,
            valid_to: None,
            withdrawn: None,
            replaces: None,
            reason: None,
        }
    }
}
