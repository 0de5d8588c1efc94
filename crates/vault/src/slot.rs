//! Slots: age files that each hold the same data key. Whoever opens one can read the whole vault.

use chrono::{DateTime, Utc};
use tickmark_crypto::sealed::{Opener, Recipient, SealError, open, seal_to, seal_with_passphrase};
use tickmark_crypto::secret::{Secret, SecretBytes};

use crate::descriptor::{Descriptor, Slot, SlotKind};
use crate::error::VaultError;
use crate::folder::{Folder, read_small};
use crate::id::SlotId;
use crate::stamp;

/// Work factor of passphrase slots (log2 of scrypt's N): about a second on a laptop.
pub const WORK_FACTOR: u8 = 18;

/// Bytes of a data key.
const KEY_BYTES: usize = 32;

/// What a new slot opens with.
pub(crate) enum Lock<'a> {
    Passphrase { passphrase: &'a Secret, work_factor: u8 },
    Recipient(&'a Recipient),
}

/// Makes a new vault's data key.
pub(crate) fn new_data_key() -> Result<SecretBytes, VaultError> {
    let mut key = vec![0; KEY_BYTES];
    tickmark_crypto::random::fill(&mut key).map_err(|error| VaultError::Key {
        found: error.to_string(),
    })?;
    Ok(SecretBytes::new(key))
}

/// Seals the data key for a slot.
pub(crate) fn seal(key: &SecretBytes, lock: &Lock<'_>) -> Result<Vec<u8>, VaultError> {
    let sealed = match lock {
        Lock::Passphrase {
            passphrase,
            work_factor,
        } => seal_with_passphrase(key.expose(), passphrase, *work_factor),
        Lock::Recipient(recipient) => seal_to(key.expose(), std::slice::from_ref(*recipient)),
    };
    sealed.map_err(|error| VaultError::Key {
        found: error.to_string(),
    })
}

/// The entry of a new slot in `vault.json`.
pub(crate) fn entry(id: &SlotId, label: &str, lock: &Lock<'_>, now: DateTime<Utc>) -> Slot {
    let (kind, recipient) = match lock {
        Lock::Passphrase { .. } => (SlotKind::Passphrase, None),
        Lock::Recipient(recipient) => (SlotKind::Recipient, Some(recipient.to_string())),
    };
    Slot {
        id: id.to_string(),
        kind,
        label: label.to_owned(),
        recipient,
        created: stamp::write(now),
    }
}

/// Tries a secret on every slot of its kind.
///
/// Told apart: a wrong secret, a slot that is damaged, a slot whose file is missing. Where one slot opens, the others do
/// not matter.
pub(crate) fn unlock(
    folder: &Folder,
    descriptor: &Descriptor,
    opener: &Opener,
) -> Result<SecretBytes, VaultError> {
    let kind = match opener {
        Opener::Passphrase(_) => SlotKind::Passphrase,
        Opener::Identity(_) => SlotKind::Recipient,
    };
    let mut tried = 0;
    let mut worst = None;
    for slot in descriptor.slots.iter().filter(|slot| slot.kind == kind) {
        match open_slot(folder, &slot.id, opener) {
            Ok(key) => return Ok(key),
            Err(VaultError::WrongSecret { .. }) => tried += 1,
            Err(other) => worst = Some(other),
        }
    }
    // a secret that was tried and failed is the likelier reason than a damaged neighbour
    match worst {
        Some(error) if tried == 0 => Err(error),
        _ => Err(VaultError::WrongSecret { tried }),
    }
}

/// Opens one slot.
pub(crate) fn open_slot(folder: &Folder, id: &str, opener: &Opener) -> Result<SecretBytes, VaultError> {
    let path = folder.slot(id);
    let piece = format!("keys/{id}.age");
    if !path.is_file() {
        return Err(VaultError::Incomplete {
            path: folder.root().to_owned(),
            missing: piece,
        });
    }
    let damaged = |found: String| VaultError::Damaged {
        piece: piece.clone(),
        expected: format!("an age file with a key of {KEY_BYTES} bytes"),
        found,
    };
    let key = open(&read_small(&path)?, opener).map_err(|error| match error {
        SealError::WrongSecret | SealError::NeedsIdentity | SealError::NeedsPassphrase => {
            VaultError::WrongSecret { tried: 1 }
        }
        other => damaged(other.to_string()),
    })?;
    if key.len() == KEY_BYTES {
        Ok(key)
    } else {
        Err(damaged(format!("{} bytes", key.len())))
    }
}
