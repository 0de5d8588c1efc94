//! The slots of an open vault: who can open it from now on.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json;
use tickmark_crypto::sealed::{Opener, Recipient};
use tickmark_crypto::secret::Secret;

use crate::database::hold;
use crate::descriptor::{Descriptor, Slot};
use crate::error::{VaultError, io_at};
use crate::folder::{Folder, prepare, write_atomically};
use crate::id::SlotId;
use crate::signer::Signer;
use crate::slot::{self, Lock};
use crate::stamp;
use crate::vault::Vault;

impl Vault {
    /// Who can open the vault in a folder, without opening it.
    ///
    /// # Errors
    /// `NotAVault`, or when `vault.json` cannot be read.
    pub fn slots_at(dir: &Path) -> Result<Vec<Slot>, VaultError> {
        Ok(Descriptor::read(&Folder::at(dir))?.slots)
    }

    /// Who can open the vault.
    ///
    /// # Errors
    /// When `vault.json` cannot be read.
    pub fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        Ok(Descriptor::read(&self.inner.folder)?.slots)
    }

    /// Adds a slot that a passphrase opens.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn add_passphrase_slot(
        &self,
        signer: &Signer,
        label: &str,
        passphrase: &Secret,
        work_factor: u8,
        now: DateTime<Utc>,
    ) -> Result<SlotId, VaultError> {
        self.add_slot(
            signer,
            label,
            &Lock::Passphrase {
                passphrase,
                work_factor,
            },
            now,
        )
    }

    /// Adds a slot that an age identity opens, for example a recovery key kept in a safe.
    ///
    /// # Errors
    /// As [`Vault::write`].
    pub fn add_recipient_slot(
        &self,
        signer: &Signer,
        label: &str,
        recipient: &Recipient,
        now: DateTime<Utc>,
    ) -> Result<SlotId, VaultError> {
        self.add_slot(signer, label, &Lock::Recipient(recipient), now)
    }

    /// Removes a slot. Whoever opened it before may have kept the data key; only a new vault shuts them out.
    ///
    /// # Errors
    /// `LastSlot`, `NotFound`, or as [`Vault::write`].
    pub fn remove_slot(&self, signer: &Signer, id: &SlotId, now: DateTime<Utc>) -> Result<(), VaultError> {
        let _pieces = hold(&self.inner.pieces);
        let mut descriptor = self.slot_in_descriptor(id)?;
        descriptor.slots.retain(|slot| slot.id != id.as_str());
        if descriptor.slots.is_empty() {
            return Err(VaultError::LastSlot);
        }
        self.write_slots(signer, "slot.removed", id, &descriptor, now)?;
        write_atomically(&self.inner.folder.descriptor(), &descriptor.bytes()?)?;
        let path = self.inner.folder.slot(id.as_str());
        std::fs::remove_file(&path).map_err(io_at(&path))
    }

    /// Changes the passphrase of one slot: its file is replaced in one step, the database is not touched.
    ///
    /// # Errors
    /// `WrongSecret` when the old passphrase does not open this slot; or as [`Vault::write`].
    pub fn change_passphrase(
        &self,
        signer: &Signer,
        id: &SlotId,
        old: &Secret,
        new: &Secret,
        work_factor: u8,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        let _pieces = hold(&self.inner.pieces);
        let mut descriptor = self.slot_in_descriptor(id)?;
        let folder = &self.inner.folder;
        let old = Opener::Passphrase(Secret::new(old.expose().to_owned()));
        let key = slot::open_slot(folder, id.as_str(), &old)?;
        let sealed = slot::seal(
            &key,
            &Lock::Passphrase {
                passphrase: new,
                work_factor,
            },
        )?;
        let file = prepare(&folder.slot(id.as_str()), &sealed)?;
        self.write_slots(signer, "slot.passphrase_changed", id, &descriptor, now)?;
        file.commit()?;
        for slot in descriptor.slots.iter_mut().filter(|slot| slot.id == id.as_str()) {
            slot.created = stamp::write(now);
        }
        write_atomically(&folder.descriptor(), &descriptor.bytes()?)
    }

    fn add_slot(
        &self,
        signer: &Signer,
        label: &str,
        lock: &Lock<'_>,
        now: DateTime<Utc>,
    ) -> Result<SlotId, VaultError> {
        let _pieces = hold(&self.inner.pieces);
        let folder = &self.inner.folder;
        let id = SlotId::random()?;
        let sealed = self.inner.readers.with_key(|key| slot::seal(key, lock))?;
        let file = prepare(&folder.slot(id.as_str()), &sealed)?;
        let mut descriptor = Descriptor::read(folder)?;
        descriptor.slots.push(slot::entry(&id, label, lock, now));
        // the event first, then the file, then its entry: a slot that opens is always on record
        self.write_slots(signer, "slot.added", &id, &descriptor, now)?;
        file.commit()?;
        write_atomically(&folder.descriptor(), &descriptor.bytes()?)?;
        Ok(id)
    }

    fn write_slots(
        &self,
        signer: &Signer,
        action: &str,
        id: &SlotId,
        descriptor: &Descriptor,
        now: DateTime<Utc>,
    ) -> Result<(), VaultError> {
        let slots: Vec<&str> = descriptor.slots.iter().map(|slot| slot.id.as_str()).collect();
        self.write(signer, action, json!({ "slot": id, "slots": slots }), now, |_| {
            Ok(())
        })
    }

    fn slot_in_descriptor(&self, id: &SlotId) -> Result<Descriptor, VaultError> {
        let descriptor = Descriptor::read(&self.inner.folder)?;
        if descriptor.slots.iter().any(|slot| slot.id == id.as_str()) {
            return Ok(descriptor);
        }
        Err(VaultError::NotFound {
            what: "slot",
            id: id.to_string(),
        })
    }
}
