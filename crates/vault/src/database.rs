//! Connections to `vault.db`: SQLCipher 4 with the raw data key, hardened before the first statement.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tickmark_crypto::secret::SecretBytes;
use zeroize::Zeroizing;

use crate::error::{VaultError, io_at, sql};
use crate::folder::Folder;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read and write a file that is empty yet.
    Create,
    /// Read and write; one such connection a vault.
    Write,
    /// Read beside a writer.
    Read,
    /// Read from a medium that cannot change.
    Immutable,
}

/// Opens a connection. The key authenticates every page, so a wrong one shows at the first read.
pub(crate) fn connect(path: &Path, key: &SecretBytes, access: Access) -> Result<Connection, VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let flags = match access {
        Access::Create | Access::Write => {
            flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        }
        Access::Read | Access::Immutable => flags | OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection =
        Connection::open_with_flags(uri(path, access)?, flags).map_err(sql("opening vault.db"))?;
    unlock(&connection, key).map_err(sql("unlocking vault.db"))?;
    harden(&connection).map_err(sql("preparing vault.db"))?;
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(sql("reading vault.db"))?;
    if access == Access::Create {
        // pages of a cancelled import go back to the disk; this is fixed with the first page
        connection
            .execute_batch("PRAGMA auto_vacuum = INCREMENTAL;")
            .map_err(sql("preparing vault.db"))?;
    }
    if matches!(access, Access::Create | Access::Write) {
        // secure_delete, which SQLCipher sets, is for disposals only: elsewhere it doubles the writing
        // WAL survives in the file; set again, since the pragma is also what creates the log on a new database
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
                 PRAGMA journal_size_limit = 33554432; PRAGMA secure_delete = OFF;",
            )
            .map_err(sql("preparing vault.db"))?;
    }
    Ok(connection)
}

/// Takes the write-ahead log into the database and gives its room back to the disk. Where a reader is in the way, it stays,
/// and nobody waits for that reader.
pub(crate) fn drain_log(connection: &Connection) -> Result<(), VaultError> {
    let doing = "draining the log";
    connection.busy_timeout(Duration::ZERO).map_err(sql(doing))?;
    let drained = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    connection.busy_timeout(PATIENCE).map_err(sql(doing))?;
    drained.map_err(sql(doing))
}

/// Refuses a database file that anybody could read.
pub(crate) fn check_encrypted(path: &Path) -> Result<(), VaultError> {
    let mut header = [0_u8; 16];
    match File::open(path).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) if &header == PLAIN_HEADER => Err(VaultError::NotEncrypted {
            path: path.to_owned(),
        }),
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(VaultError::Damaged {
            piece: "vault.db".into(),
            expected: "a database".into(),
            found: "a file of fewer than 16 bytes".into(),
        }),
        Err(error) => Err(io_at(path)(error)),
    }
}

/// The readers of an open vault: connections that are lent and come back, and the key that makes new ones.
pub(crate) struct Readers {
    folder: Folder,
    access: Access,
    key: RwLock<Option<SecretBytes>>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(folder: Folder, access: Access, key: SecretBytes) -> Self {
        Readers {
            folder,
            access,
            key: RwLock::new(Some(key)),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Lends a connection.
    pub(crate) fn lend(&self) -> Result<Connection, VaultError> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        let key = key.as_ref().ok_or(VaultError::Locked)?;
        let idle = hold(&self.idle).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => connect(&self.folder.database(), key, self.access),
        }
    }

    /// Refuses to go on with a connection that was lent before the vault was locked.
    pub(crate) fn check_open(&self) -> Result<(), VaultError> {
        self.with_key(|_| Ok(()))
    }

    /// Takes a connection back.
    pub(crate) fn give_back(&self, connection: Connection) {
        let mut idle = hold(&self.idle);
        let open = self.key.read().unwrap_or_else(PoisonError::into_inner).is_some();
        if open && connection.is_autocommit() && idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }

    /// Works with the data key, for a new slot or a backup.
    pub(crate) fn with_key<T>(
        &self,
        work: impl FnOnce(&SecretBytes) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        work(key.as_ref().ok_or(VaultError::Locked)?)
    }

    /// Wipes the key and closes what is idle. What is lent closes when it comes back.
    pub(crate) fn wipe(&self) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = None;
        hold(&self.idle).clear();
    }
}

/// Holds a mutex. A panic while it was held left no half-done state: transactions roll back by themselves.
pub(crate) fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `PRAGMA key = "x'…'"`: 64 hex digits are taken as the raw key (SQLCipher 4). Nothing is logged, not even failures.
fn unlock(connection: &Connection, key: &SecretBytes) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    let mut statement = Zeroizing::new(String::with_capacity(96));
    statement.push_str("PRAGMA key = \"x'");
    for byte in key.expose() {
        statement.push(char::from(HEX[usize::from(byte >> 4)]));
        statement.push(char::from(HEX[usize::from(byte & 15)]));
    }
    statement.push_str("'\";");
    connection.execute_batch(&statement)?;
    connection.execute_batch("PRAGMA cipher_compatibility = 4;")
}

fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true),
    ] {
        connection.set_db_config(setting, on)?;
    }
    // recursive_triggers: INSERT OR REPLACE deletes, and the triggers of append-only tables must see it
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA recursive_triggers = ON;
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;",
    )
}

/// A `file:` URI, every byte that is not plain written as %XX.
fn uri(path: &Path, access: Access) -> Result<String, VaultError> {
    let absolute = std::path::absolute(path).map_err(io_at(path))?;
    let text = absolute.to_str().ok_or_else(|| VaultError::Refused {
        what: "path of the vault",
        expected: "text in Unicode",
        found: absolute.display().to_string(),
    })?;
    let mut uri = String::from("file:");
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b':' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    if access == Access::Immutable {
        uri.push_str("?immutable=1");
    }
    Ok(uri)
}

const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";
const HEX: &[u8; 16] = b"0123456789abcdef";
const MOST_IDLE: usize = 4;
/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(10);
