//! `vault.json`: what a vault says about itself before it is unlocked.
//!
//! ```json
//! {"schema":"tickmark.vault/1","format":1,"id":"…","created":"2026-11-24T09:00:00.000Z",
//!  "cipher":{"name":"sqlcipher","compatibility":4,"key":"raw"},
//!  "slots":[{"id":"…","kind":"passphrase","label":"…","recipient":null,"created":"…"}],
//!  "signers":[{"id":"…","custody_key":"…","report_key":"…"}]}
//! ```
//!
//! Nothing in it is secret, and nothing in it is trusted: the id is compared with the one inside the database, a slot
//! opens or does not, and signing keys are read from the database once it is open.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{VaultError, io_at};
use crate::folder::{Folder, read_small};

/// The newest on-disk format that this program reads and the one that it writes.
pub const FORMAT: u32 = 1;

/// The schema name in `vault.json`.
pub const SCHEMA: &str = "tickmark.vault/1";

/// The content of `vault.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// On-disk format; a larger one than [`FORMAT`] is refused.
    pub format: u32,
    /// The vault's id, a random UUID.
    pub id: String,
    /// When it was created.
    pub created: String,
    /// How the database is encrypted.
    pub cipher: Cipher,
    /// Who can open it.
    pub slots: Vec<Slot>,
    /// Whose signing keys it holds.
    pub signers: Vec<SignerEntry>,
}

/// How the database is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cipher {
    /// `sqlcipher`.
    pub name: String,
    /// SQLCipher's `cipher_compatibility`: 4.
    pub compatibility: u32,
    /// `raw`: the data key is used as it is, without key derivation.
    pub key: String,
}

/// One way to open the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its id; the file is `keys/ID.age`.
    pub id: String,
    /// What opens it.
    pub kind: SlotKind,
    /// What people call it: "Passphrase", "Recovery key in the safe".
    pub label: String,
    /// The age recipient of a recipient slot.
    pub recipient: Option<String>,
    /// When it was made, or its passphrase last changed.
    pub created: String,
}

/// What opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// A passphrase (age, scrypt).
    Passphrase,
    /// An age identity (X25519).
    Recipient,
}

/// Whose signing keys lie in `signers/ID.age`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignerEntry {
    /// The reviewer's id.
    pub id: String,
    /// Fingerprint of the Ed25519 key that signs custody events.
    pub custody_key: String,
    /// Fingerprint of the P-256 key that signs reports.
    pub report_key: String,
}

impl Descriptor {
    /// Reads a vault's `vault.json`.
    pub(crate) fn read(folder: &Folder) -> Result<Self, VaultError> {
        let path = folder.descriptor();
        if !path.is_file() {
            return Err(VaultError::NotAVault {
                path: folder.root().to_owned(),
                missing: "vault.json".into(),
            });
        }
        Self::parse(&read_small(&path)?)
    }

    /// Parses and checks: format first, so that a newer file is told from a damaged one.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let format: Format = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
        if format.format > FORMAT {
            return Err(VaultError::NewerFormat {
                found: format.format,
                supported: FORMAT,
            });
        }
        let descriptor: Descriptor = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
        let ids = descriptor
            .slots
            .iter()
            .map(|slot| &slot.id)
            .chain(descriptor.signers.iter().map(|s| &s.id));
        for id in ids {
            check_file_name(id)?;
        }
        if descriptor.schema != SCHEMA || descriptor.cipher != Cipher::current() || descriptor.format == 0 {
            return Err(VaultError::Damaged {
                piece: "vault.json".into(),
                expected: format!("{SCHEMA}, sqlcipher 4 with a raw key"),
                found: "something else".into(),
            });
        }
        Ok(descriptor)
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| damaged(&error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Refuses a vault without which nothing can be read, and names the piece. A missing slot or signer is told where it
    /// is needed, and by the check of the vault.
    pub(crate) fn check_pieces(&self, folder: &Folder) -> Result<(), VaultError> {
        if self.slots.is_empty() {
            return Err(incomplete(folder.root(), "a slot in vault.json"));
        }
        let database = folder.database();
        if !database.try_exists().map_err(io_at(&database))? {
            return Err(incomplete(folder.root(), "vault.db"));
        }
        Ok(())
    }
}

impl Cipher {
    /// What this program writes.
    pub(crate) fn current() -> Self {
        Cipher {
            name: "sqlcipher".into(),
            compatibility: 4,
            key: "raw".into(),
        }
    }
}

/// An id becomes a file name: letters, digits and hyphens only.
fn check_file_name(id: &str) -> Result<(), VaultError> {
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits {
        return Ok(());
    }
    Err(VaultError::Damaged {
        piece: "vault.json".into(),
        expected: "ids of letters, digits and hyphens".into(),
        found: id.chars().take(80).collect(),
    })
}

fn incomplete(root: &Path, missing: &str) -> VaultError {
    VaultError::Incomplete {
        path: root.to_owned(),
        missing: missing.to_owned(),
    }
}

fn damaged(error: &serde_json::Error) -> VaultError {
    VaultError::Damaged {
        piece: "vault.json".into(),
        expected: SCHEMA.into(),
        found: format!("line {}, column {}", error.line(), error.column()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn sample() -> Descriptor {
        Descriptor {
            schema: SCHEMA.into(),
            format: FORMAT,
            id: "v".into(),
            created: "2026-11-24T09:00:00.000Z".into(),
            cipher: Cipher::current(),
            slots: vec![Slot {
                id: "a-1".into(),
                kind: SlotKind::Passphrase,
                label: "Passphrase".into(),
                recipient: None,
                created: "2026-11-24T09:00:00.000Z".into(),
            }],
            signers: vec![],
        }
    }

    #[test]
    fn it_comes_back_as_it_was() {
        let descriptor = sample();
        assert_eq!(
            Descriptor::parse(&descriptor.bytes().unwrap()).unwrap(),
            descriptor
        );
    }

    #[test]
    fn a_newer_format_is_told_before_anything_else() {
        let found = Descriptor::parse(br#"{"format": 2, "slots": "in a new shape"}"#);
        assert!(matches!(
            found,
            Err(VaultError::NewerFormat {
                found: 2,
                supported: 1
            })
        ));
    }

    #[test]
    fn an_id_never_leaves_the_folder() {
        for id in ["../x", "a/b", "", ".", "a\u{0}", "é", &"a".repeat(65)] {
            let mut descriptor = sample();
            descriptor.slots[0].id = id.to_owned();
            let found = Descriptor::parse(&descriptor.bytes().unwrap());
            assert!(matches!(found, Err(VaultError::Damaged { .. })), "{id}");
        }
    }

    #[test]
    fn text_that_is_no_json_is_damage() {
        for bytes in [&b""[..], b"{", b"[]", b"null", b"{\"format\":1}", &[0xff; 20]] {
            assert!(matches!(
                Descriptor::parse(bytes),
                Err(VaultError::Damaged { .. })
            ));
        }
    }
}
