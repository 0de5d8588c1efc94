//! Backup and restore: a second folder that is a whole vault, checked before it counts as one.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde_json::json;
use tickmark_crypto::sealed::Opener;
use tickmark_crypto::secret::SecretBytes;

use crate::check::integrity;
use crate::database::{Access, check_encrypted, connect};
use crate::descriptor::Descriptor;
use crate::error::{VaultError, io_at, sql};
use crate::folder::{
    Construction, Folder, lock_file, private_file, private_folder, read_small, write_atomically,
};
use crate::signer::Signer;
use crate::slot;
use crate::vault::Vault;
use crate::view::View;

impl Vault {
    /// Writes a backup: a whole vault in a new folder, with the same slots and signers. Work may go on meanwhile; the copy
    /// is the state at its beginning, with the custody event of the backup as its last one.
    ///
    /// The copy is read back and checked before it gets its name. `progress` is told pages done and pages in all.
    ///
    /// # Errors
    /// `AlreadyExists`, `DiskFull`, `Cancelled`, `Damaged` when the copy does not read back.
    pub fn backup(
        &self,
        signer: &Signer,
        to: &Path,
        now: DateTime<Utc>,
        progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<(), VaultError> {
        let construction = Construction::begin(to, "backup")?;
        let folder = construction.folder();
        self.write(signer, "vault.backed_up", json!({}), now, |_| {
            Ok::<_, VaultError>(())
        })?;
        copy_pieces(&self.inner.folder, &folder)?;
        let reader = self.reader()?;
        // the first read fixes the state that is copied
        reader.view().custody().count()?;
        self.inner.readers.with_key(|key| {
            copy_database(reader.connection(), &folder, key, progress)?;
            read_back(&folder, key)
        })?;
        drop(reader);
        write_atomically(
            &folder.descriptor(),
            &read_small(&self.inner.folder.descriptor())?,
        )?;
        construction.commit()
    }

    /// Restores a backup into a folder that does not exist yet, checks it and opens it. The backup is not changed.
    ///
    /// # Errors
    /// As [`Vault::open`], `AlreadyExists`, `DiskFull`.
    pub fn restore(backup: &Path, to: &Path, opener: &Opener) -> Result<Vault, VaultError> {
        let from = Folder::at(backup);
        let descriptor = Descriptor::read(&from)?;
        descriptor.check_pieces(&from)?;
        check_encrypted(&from.database())?;
        let key = slot::unlock(&from, &descriptor, opener)?;
        let construction = Construction::begin(to, "restoring")?;
        let folder = construction.folder();
        copy_pieces(&from, &folder)?;
        let access = if from.write_ahead_log().exists() {
            Access::Read
        } else {
            Access::Immutable
        };
        let source = connect(&from.database(), &key, access)?;
        copy_database(&source, &folder, &key, &mut |_, _| ControlFlow::Continue(()))?;
        read_back(&folder, &key)?;
        write_atomically(&folder.descriptor(), &read_small(&from.descriptor())?)?;
        construction.commit()?;
        Vault::open_with_key(Folder::at(to), key, false)
    }
}

/// Copies the slots and signers that are there, and makes the lock file.
fn copy_pieces(from: &Folder, to: &Folder) -> Result<(), VaultError> {
    let descriptor = Descriptor::read(from)?;
    private_folder(&to.keys())?;
    private_folder(&to.signers())?;
    for slot in descriptor
        .slots
        .iter()
        .filter(|slot| from.slot(&slot.id).is_file())
    {
        write_atomically(&to.slot(&slot.id), &read_small(&from.slot(&slot.id))?)?;
    }
    for signer in descriptor
        .signers
        .iter()
        .filter(|signer| from.signer(&signer.id).is_file())
    {
        write_atomically(&to.signer(&signer.id), &read_small(&from.signer(&signer.id))?)?;
    }
    lock_file(&to.lock()).map_err(io_at(&to.lock()))?;
    Ok(())
}

fn copy_database(
    from: &Connection,
    to: &Folder,
    key: &SecretBytes,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<(), VaultError> {
    private_file(&to.database())?;
    let mut copy = connect(&to.database(), key, Access::Write)?;
    {
        let backup = Backup::new(from, &mut copy).map_err(sql("copying vault.db"))?;
        loop {
            let step = backup.step(PAGES_A_STEP).map_err(sql("copying vault.db"))?;
            let at = backup.progress();
            let total = u64::try_from(at.pagecount).unwrap_or_default();
            let left = u64::try_from(at.remaining).unwrap_or_default();
            if progress(total.saturating_sub(left), total).is_break() {
                return Err(VaultError::Cancelled);
            }
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
    }
    copy.close()
        .map_err(|(_, error)| sql("closing the copy")(error))?;
    let database = fs::File::open(to.database()).map_err(io_at(&to.database()))?;
    database.sync_all().map_err(io_at(&to.database()))
}

/// Reads the copy back from the disk: every page authenticates, the custody chain holds.
fn read_back(folder: &Folder, key: &SecretBytes) -> Result<(), VaultError> {
    check_encrypted(&folder.database())?;
    let copy = connect(&folder.database(), key, Access::Immutable)?;
    let faults = integrity(&copy)?;
    let custody = View::new(&copy).custody().check()?;
    match (faults.first(), custody.faults.first()) {
        (None, None) => Ok(()),
        (Some(found), _) => Err(damaged("pages that authenticate", found)),
        (None, Some(fault)) => Err(damaged(
            &format!("custody {} {}", fault.what, fault.expected),
            &fault.found,
        )),
    }
}

fn damaged(expected: &str, found: &str) -> VaultError {
    VaultError::Damaged {
        piece: "the copy".into(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

const PAGES_A_STEP: i32 = 2048;
