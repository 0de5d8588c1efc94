//! What can go wrong with a vault, by name.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a vault refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The folder is no vault at all.
    #[error("{} is no vault: {missing} is missing", path.display())]
    NotAVault {
        /// The folder.
        path: PathBuf,
        /// The first piece that is missing.
        missing: String,
    },
    /// The folder has a `vault.json`, but a piece that it names is not there.
    #[error("the vault {} is incomplete: {missing} is missing", path.display())]
    Incomplete {
        /// The folder.
        path: PathBuf,
        /// The piece.
        missing: String,
    },
    /// Something lies already where a vault or a backup should be written.
    #[error("{} exists already", path.display())]
    AlreadyExists {
        /// The place.
        path: PathBuf,
    },
    /// No slot opens with this secret. The vault itself may be sound.
    #[error("no slot opens with this secret ({tried} tried)")]
    WrongSecret {
        /// Slots that were tried.
        tried: usize,
    },
    /// A newer Tickmark wrote this vault.
    #[error("the vault has format {found}; this program reads up to {supported}")]
    NewerFormat {
        /// Format of the vault.
        found: u32,
        /// Newest format that this program reads.
        supported: u32,
    },
    /// A piece of the vault is not what it was when it was written.
    #[error("{piece} is damaged: expected {expected}, found {found}")]
    Damaged {
        /// The piece, for example `vault.db` or `keys/…age`.
        piece: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// The database file carries the header of an unencrypted database.
    #[error("{} is not encrypted", path.display())]
    NotEncrypted {
        /// The file.
        path: PathBuf,
    },
    /// A write was asked of a vault that is open for reading only.
    #[error("the vault is open for reading only: {reason}")]
    ReadOnly {
        /// Why.
        reason: ReadOnlyReason,
    },
    /// The vault lies on a medium that cannot be written, and it was not closed before it was copied there.
    #[error("{} holds unfinished work and lies on a read-only medium; copy it to a disk first", path.display())]
    UnfinishedOnReadOnlyMedium {
        /// The vault.
        path: PathBuf,
    },
    /// The vault was locked; its keys are wiped.
    #[error("the vault is locked")]
    Locked,
    /// The disk, or the quota on it, is full. The vault is as it was before.
    #[error("no room left on the disk while {doing}")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The stream that is imported could not be read.
    #[error("{name} cannot be read: {source}")]
    Source {
        /// Its name.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The database refused.
    #[error("the database refused while {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        source: rusqlite::Error,
    },
    /// An append-only table was about to be changed.
    #[error("{table} is append-only")]
    AppendOnly {
        /// The table.
        table: String,
    },
    /// The version that was written is not the next one: somebody else was faster.
    #[error("{table}: this version is not the next one")]
    Superseded {
        /// The table.
        table: String,
    },
    /// A row that was asked for is not there.
    #[error("no {what} {id}")]
    NotFound {
        /// What kind of row.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The content was destroyed under an approved disposal.
    #[error("the content of bundle {bundle} was disposed of")]
    Disposed {
        /// The bundle.
        bundle: i64,
    },
    /// A value that was handed in cannot be stored as it is.
    #[error("{what}: expected {expected}, found {found}")]
    Refused {
        /// Which value.
        what: &'static str,
        /// What is stored there.
        expected: &'static str,
        /// What was handed in.
        found: String,
    },
    /// The last slot of a vault cannot be removed.
    #[error("the last slot cannot be removed: nobody could open the vault again")]
    LastSlot,
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The operating system gives no randomness, or a key could not be made.
    #[error("key material: {found}")]
    Key {
        /// What failed; never key material.
        found: String,
    },
}

/// Why a vault is open for reading only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadOnlyReason {
    /// Another process holds the writer's lock.
    HeldByAnotherProcess,
    /// The medium cannot be written.
    ReadOnlyMedium,
    /// The caller asked for it.
    Asked,
}

impl std::fmt::Display for ReadOnlyReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::HeldByAnotherProcess => "another process holds it",
            Self::ReadOnlyMedium => "the medium is read-only",
            Self::Asked => "it was opened that way",
        })
    }
}

/// Names the file that an input or output error belongs to.
pub(crate) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            VaultError::DiskFull {
                doing: "writing a file",
            }
        }
        _ => VaultError::Io { path, source },
    }
}

/// Names what was being done when the database refused, and tells the refusals apart that a person can act on.
pub(crate) fn sql(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> VaultError {
    move |source| {
        let rusqlite::Error::SqliteFailure(failure, message) = &source else {
            return VaultError::Database { doing, source };
        };
        let told = message.as_deref().unwrap_or_default();
        if let Some(table) = told.strip_prefix("append-only: ") {
            return VaultError::AppendOnly {
                table: table.to_owned(),
            };
        }
        if let Some(table) = told.strip_prefix("superseded: ") {
            return VaultError::Superseded {
                table: table.to_owned(),
            };
        }
        match failure.code {
            ErrorCode::DiskFull => VaultError::DiskFull { doing },
            // a quota or a file size limit: the system writes less than asked, or refuses
            ErrorCode::SystemIoFailure if WRITE_FAILED.contains(&failure.extended_code) => {
                VaultError::DiskFull { doing }
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => VaultError::Damaged {
                piece: "vault.db".into(),
                expected: "readable pages".into(),
                found: format!("{} while {doing}", failure.code_words()),
            },
            ErrorCode::ReadOnly => VaultError::ReadOnly {
                reason: ReadOnlyReason::ReadOnlyMedium,
            },
            _ => VaultError::Database { doing, source },
        }
    }
}

trait CodeWords {
    fn code_words(&self) -> &'static str;
}

impl CodeWords for rusqlite::ffi::Error {
    fn code_words(&self) -> &'static str {
        match self.code {
            ErrorCode::NotADatabase => "a page that does not authenticate",
            _ => "a page that contradicts itself",
        }
    }
}

/// `SQLITE_IOERR_WRITE` and `SQLITE_IOERR_TRUNCATE` and `SQLITE_IOERR_SHMSIZE`.
const WRITE_FAILED: [i32; 3] = [
    rusqlite::ffi::SQLITE_IOERR_WRITE,
    rusqlite::ffi::SQLITE_IOERR_TRUNCATE,
    rusqlite::ffi::SQLITE_IOERR_SHMSIZE,
];
