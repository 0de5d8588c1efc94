//! A vault: create, open, read, write, lock.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;
use tickmark_crypto::sealed::Opener;
use tickmark_crypto::secret::{Secret, SecretBytes};
use tickmark_formats::container::Origin;

use crate::chunks::StoredFile;
use crate::custody::CustodyCheck;
use crate::database::{Access, Readers, check_encrypted, connect, drain_log, hold};
use crate::descriptor::{Cipher, Descriptor, FORMAT, SCHEMA, SignerEntry};
use crate::error::{ReadOnlyReason, VaultError, io_at, sql};
use crate::folder::{Construction, Folder, lock_file, private_file, private_folder, write_atomically};
use crate::frame::{Frame, FrameOrder};
use crate::id::{BundleNo, ReviewerId, SlotId};
use crate::query::RecordQuery;
use crate::schema;
use crate::signer::Signer;
use crate::slot::{self, Lock};
use crate::stamp;
use crate::table::custody_event::vault_id;
use crate::table::reviewer::Reviewer;
use crate::txn::Txn;
use crate::view::{Reader, View};

/// What a new vault begins with.
pub struct Create<'a> {
    /// Opens the first slot.
    pub passphrase: &'a Secret,
    /// Name of the first reviewer.
    pub reviewer_name: &'a str,
    /// Roles of the first reviewer.
    pub reviewer_roles: &'a [String],
    /// Opens the first reviewer's signing keys. It may be the passphrase.
    pub reviewer_secret: &'a Secret,
    /// Work factor of both; [`slot::WORK_FACTOR`] unless a test is in a hurry.
    pub work_factor: u8,
    /// The caller's clock.
    pub now: DateTime<Utc>,
}

/// Whether a vault can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// This process holds the writer's lock.
    ReadWrite,
    /// It can only be read.
    ReadOnly(ReadOnlyReason),
}

/// An open vault. It may be shared between threads; writes take turns, reads go on beside them.
pub struct Vault {
    pub(crate) inner: Arc<Inner>,
}

/// What an open vault and the imports under way share.
pub(crate) struct Inner {
    pub(crate) folder: Folder,
    pub(crate) id: String,
    mode: Mode,
    writer: Mutex<Option<Writer>>,
    pub(crate) readers: Arc<Readers>,
    /// Bundle numbers of imports that are under way in this process.
    pub(crate) importing: Mutex<BTreeSet<i64>>,
    /// Held while slot files, signer files and `vault.json` change together.
    pub(crate) pieces: Mutex<()>,
}

/// The one writing connection, and the lock that makes it the only one. The connection closes first.
struct Writer {
    connection: Connection,
    _lock: File,
}

impl Vault {
    /// Creates a vault in a folder that does not exist yet, and opens it.
    ///
    /// Everything is written beside the place and renamed into it at the end, so that a half-created vault is never found
    /// where a vault should be.
    ///
    /// # Errors
    /// `AlreadyExists`, or when something cannot be written.
    pub fn create(dir: &Path, create: &Create<'_>) -> Result<Self, VaultError> {
        let construction = Construction::begin(dir, "creating")?;
        let folder = construction.folder();
        private_folder(&folder.keys())?;
        private_folder(&folder.signers())?;
        let key = slot::new_data_key()?;
        let signer = Signer::generate(create.reviewer_name)?;
        let row = signer.row(create.reviewer_roles);
        let descriptor = write_first_pieces(&folder, create, &key, &signer, &row)?;
        write_first_rows(&folder, create, &key, &signer, &row, &descriptor)?;
        lock_file(&folder.lock()).map_err(io_at(&folder.lock()))?;
        // last of all: without vault.json the folder is no vault
        write_atomically(&folder.descriptor(), &descriptor.bytes()?)?;
        construction.commit()?;
        Self::open_with_key(Folder::at(dir), key, false)
    }

    /// Opens a vault: for writing where nobody else does, else for reading only; see [`Vault::mode`].
    ///
    /// # Errors
    /// `NotAVault`, `Incomplete`, `WrongSecret`, `NewerFormat`, `Damaged`, `NotEncrypted`: each means what it says.
    pub fn open(dir: &Path, opener: &Opener) -> Result<Self, VaultError> {
        Self::open_as(dir, opener, false)
    }

    /// Opens a vault for reading only, without taking the writer's lock.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn open_read_only(dir: &Path, opener: &Opener) -> Result<Self, VaultError> {
        Self::open_as(dir, opener, true)
    }

    fn open_as(dir: &Path, opener: &Opener, read_only: bool) -> Result<Self, VaultError> {
        let folder = Folder::at(dir);
        let descriptor = Descriptor::read(&folder)?;
        descriptor.check_pieces(&folder)?;
        check_encrypted(&folder.database())?;
        let key = slot::unlock(&folder, &descriptor, opener)?;
        Self::open_with_key(folder, key, read_only)
    }

    /// Opens with the data key. The key came out of an age file whole, so a database that refuses it is damaged or foreign.
    pub(crate) fn open_with_key(
        folder: Folder,
        key: SecretBytes,
        read_only: bool,
    ) -> Result<Self, VaultError> {
        let descriptor = Descriptor::read(&folder)?;
        let (mode, lock) = take_lock(&folder, read_only)?;
        let access = match mode {
            Mode::ReadOnly(ReadOnlyReason::ReadOnlyMedium) => Access::Immutable,
            _ => Access::Read,
        };
        if access == Access::Immutable && folder.write_ahead_log().metadata().is_ok_and(|log| log.len() > 0) {
            return Err(VaultError::UnfinishedOnReadOnlyMedium {
                path: folder.root().to_owned(),
            });
        }
        let writer = match lock {
            Some(lock) => {
                let mut connection = connect(&folder.database(), &key, Access::Write)?;
                // what a crash left in the log; on a full disk this is the room that work needs
                match drain_log(&connection) {
                    // then it stays for now: a full disk keeps nobody from opening
                    Err(VaultError::DiskFull { .. }) | Ok(()) => {}
                    Err(other) => return Err(other),
                }
                schema::check(&connection)?;
                schema::migrate(&mut connection)?;
                Some(Writer {
                    connection,
                    _lock: lock,
                })
            }
            None => None,
        };
        let readers = Arc::new(Readers::new(folder.clone(), access, key));
        check_belongs(&readers, &descriptor)?;
        let (writer, importing, pieces) = (Mutex::new(writer), Mutex::new(BTreeSet::new()), Mutex::new(()));
        Ok(Vault {
            inner: Arc::new(Inner {
                folder,
                id: descriptor.id,
                mode,
                writer,
                readers,
                importing,
                pieces,
            }),
        })
    }

    /// The vault's id.
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.inner.folder.root()
    }

    /// Whether it can be written, and why not.
    pub fn mode(&self) -> Mode {
        self.inner.mode
    }

    /// Reads one state of the vault.
    ///
    /// # Errors
    /// `Locked`, or what the work says.
    pub fn read<T, E: From<VaultError>>(&self, work: impl FnOnce(View<'_>) -> Result<T, E>) -> Result<T, E> {
        work(self.reader()?.view())
    }

    /// Lends a connection that reads one state of the vault.
    ///
    /// # Errors
    /// `Locked`, or when the database cannot be opened.
    pub fn reader(&self) -> Result<Reader, VaultError> {
        Reader::new(&self.inner.readers)
    }

    /// Changes the vault: the work and its custody event in one transaction, or nothing.
    ///
    /// `action` is a stable word such as `finding.written`; `subject` an object that says what it was done to. The work
    /// must not call this again: writes take turns.
    ///
    /// # Errors
    /// `ReadOnly`, `Locked`, `Refused` when the signer may not act here, or what the work says.
    pub fn write<T, E: From<VaultError>>(
        &self,
        signer: &Signer,
        action: &str,
        subject: serde_json::Value,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.write(signer, action, subject, now, work)
    }

    /// The received files of a kept bundle, as they came: each can be opened any number of times.
    ///
    /// # Errors
    /// `NotFound`; `Disposed` when the content was destroyed.
    pub fn originals(&self, bundle: BundleNo) -> Result<Vec<Arc<dyn Origin>>, VaultError> {
        let files = self.read(|view| {
            view.bundles().get(bundle)?;
            if view.disposals().of(bundle)?.is_some() {
                return Err(VaultError::Disposed { bundle: bundle.0 });
            }
            view.bundles().files(bundle)
        })?;
        files
            .iter()
            .map(|file| Ok(Arc::new(StoredFile::new(&self.inner.readers, bundle, file)?) as Arc<dyn Origin>))
            .collect()
    }

    /// The records that fit a query, in the order of a frame, as an iterator with bounded memory.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn frame(&self, query: &RecordQuery, order: FrameOrder) -> Result<Frame, VaultError> {
        Frame::new(self.reader()?, query, order)
    }

    /// Checks the custody chain and the rows that it binds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn check_custody(&self) -> Result<CustodyCheck, VaultError> {
        self.read(|view| view.custody().check())
    }

    /// Wipes the keys and closes the database; everything after this is `Locked`. Streams that are open right now end at
    /// their next chunk.
    pub fn lock(&self) {
        self.inner.readers.wipe();
        *hold(&self.inner.writer) = None;
    }
}

impl Inner {
    /// Works on the writing connection.
    pub(crate) fn with_writer<T, E: From<VaultError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = hold(&self.writer);
        match (writer.as_mut(), self.mode) {
            (Some(writer), _) => work(&mut writer.connection),
            (None, Mode::ReadOnly(reason)) => Err(VaultError::ReadOnly { reason }.into()),
            (None, Mode::ReadWrite) => Err(VaultError::Locked.into()),
        }
    }

    pub(crate) fn write<T, E: From<VaultError>>(
        &self,
        signer: &Signer,
        action: &str,
        subject: serde_json::Value,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with_writer(|connection| {
            check_acting(connection, signer)?;
            write_on(connection, &self.id, signer, action, subject, now, work)
        })
    }

    /// Works in one transaction without a custody event: staging and sweeping, which readers never see.
    pub(crate) fn stage<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        self.with_writer(|connection| {
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(sql(doing))?;
            let value = work(&transaction)?;
            transaction.commit().map_err(sql(doing))?;
            Ok(value)
        })
    }
}

fn write_on<T, E: From<VaultError>>(
    connection: &mut Connection,
    vault: &str,
    signer: &Signer,
    action: &str,
    subject: serde_json::Value,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut Txn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(sql("beginning to write"))?;
    let mut txn = Txn::begin(&transaction, signer, subject, now)?;
    let value = work(&mut txn)?;
    txn.close(vault, action, signer)?;
    transaction.commit().map_err(sql("committing"))?;
    Ok(value)
}

fn write_first_pieces(
    folder: &Folder,
    create: &Create<'_>,
    key: &SecretBytes,
    signer: &Signer,
    row: &Reviewer,
) -> Result<Descriptor, VaultError> {
    let lock = Lock::Passphrase {
        passphrase: create.passphrase,
        work_factor: create.work_factor,
    };
    let slot = SlotId::random()?;
    write_atomically(&folder.slot(slot.as_str()), &slot::seal(key, &lock)?)?;
    let sealed = signer.seal(create.reviewer_secret, create.work_factor)?;
    write_atomically(&folder.signer(row.id.as_str()), &sealed)?;
    Ok(Descriptor {
        schema: SCHEMA.into(),
        format: FORMAT,
        id: ReviewerId::random()?.to_string(),
        created: stamp::write(create.now),
        cipher: Cipher::current(),
        slots: vec![slot::entry(&slot, "Passphrase", &lock, create.now)],
        signers: vec![signer_entry(row)],
    })
}

fn write_first_rows(
    folder: &Folder,
    create: &Create<'_>,
    key: &SecretBytes,
    signer: &Signer,
    row: &Reviewer,
    descriptor: &Descriptor,
) -> Result<(), VaultError> {
    // created empty by us, so that SQLite's log files inherit a mode that only the owner can read
    private_file(&folder.database())?;
    let mut connection = connect(&folder.database(), key, Access::Create)?;
    schema::migrate(&mut connection)?;
    let slots: Vec<&str> = descriptor.slots.iter().map(|slot| slot.id.as_str()).collect();
    let subject = json!({ "reviewer": row, "slots": slots });
    write_on(
        &mut connection,
        &descriptor.id,
        signer,
        "vault.created",
        subject,
        create.now,
        |txn| {
            for (name, value) in [("vault", &descriptor.id), ("created", &descriptor.created)] {
                txn.connection()
                    .execute(
                        "INSERT INTO meta (name, value) VALUES (?1, ?2)",
                        [name, value.as_str()],
                    )
                    .map_err(sql("writing the vault's id"))?;
            }
            txn.insert(row)
        },
    )?;
    connection
        .close()
        .map_err(|(_, error)| sql("closing vault.db")(error))?;
    check_encrypted(&folder.database())?;
    let database = File::open(folder.database()).map_err(io_at(&folder.database()))?;
    database.sync_all().map_err(io_at(&folder.database()))
}

/// A reviewer's entry in `vault.json`.
pub(crate) fn signer_entry(row: &Reviewer) -> SignerEntry {
    SignerEntry {
        id: row.id.to_string(),
        custody_key: row.custody_key_digest.clone(),
        report_key: row.report_key_digest.clone(),
    }
}

/// Takes the writer's lock, or finds out why not.
fn take_lock(folder: &Folder, read_only: bool) -> Result<(Mode, Option<File>), VaultError> {
    let path = folder.lock();
    let file = match lock_file(&path) {
        Ok(file) => file,
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied
            ) =>
        {
            return Ok((Mode::ReadOnly(ReadOnlyReason::ReadOnlyMedium), None));
        }
        Err(error) => return Err(io_at(&path)(error)),
    };
    if read_only {
        return Ok((Mode::ReadOnly(ReadOnlyReason::Asked), None));
    }
    match file.try_lock() {
        Ok(()) => Ok((Mode::ReadWrite, Some(file))),
        Err(TryLockError::WouldBlock) => Ok((Mode::ReadOnly(ReadOnlyReason::HeldByAnotherProcess), None)),
        Err(TryLockError::Error(error)) => Err(io_at(&path)(error)),
    }
}

/// Refuses a database that belongs to another `vault.json`, or that another schema describes.
fn check_belongs(readers: &Readers, descriptor: &Descriptor) -> Result<(), VaultError> {
    let connection = readers.lend()?;
    schema::check(&connection)?;
    let found = vault_id(&connection)?;
    readers.give_back(connection);
    if found == descriptor.id {
        return Ok(());
    }
    Err(VaultError::Damaged {
        piece: "vault.json".into(),
        expected: format!("the id {found}"),
        found: descriptor.id.clone(),
    })
}

/// Refuses a signer of another vault, or one who may no longer act.
fn check_acting(connection: &Connection, signer: &Signer) -> Result<(), VaultError> {
    let row = View::new(connection).reviewers().get(signer.reviewer())?;
    if row.active && row.custody_key_digest == signer.fingerprint() {
        Ok(())
    } else {
        Err(not_acting(&row.name))
    }
}

/// What a reviewer is told who may not act here.
pub(crate) fn not_acting(name: &str) -> VaultError {
    VaultError::Refused {
        what: "reviewer",
        expected: "one who may act in this vault",
        found: name.to_owned(),
    }
}
