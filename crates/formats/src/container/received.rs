//! What was received: a thing whose bytes can be opened again, and how a sealed one is unlocked.

use std::fmt;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use thiserror::Error;

/// Bytes that can be read and sought.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// A thing whose bytes can be opened again, and are the same each time: a file on disk, or chunks in a vault.
pub trait Origin: Send + Sync {
    /// The name: for a received file its path as given, for a file of a folder its path inside it, parted by `/`.
    fn name(&self) -> &str;

    /// Length in bytes.
    fn len(&self) -> u64;

    /// Whether there is no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Opens the bytes from the first one on.
    ///
    /// # Errors
    /// Whatever the store says.
    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>>;
}

/// What was received: one file, or one folder.
#[derive(Clone)]
pub enum Received {
    /// One file, which may be a container.
    File(Arc<dyn Origin>),
    /// One folder with the regular files in it and beneath it.
    Folder {
        /// The folder's path as given.
        name: String,
        /// Its files; their order does not matter, they are walked by name.
        files: Vec<Arc<dyn Origin>>,
    },
}

impl Received {
    /// The path as given.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Received::File(origin) => origin.name(),
            Received::Folder { name, .. } => name,
        }
    }

    /// Length in bytes; for a folder that of its files together.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Received::File(origin) => origin.len(),
            Received::Folder { files, .. } => files
                .iter()
                .fold(0, |sum, file| u64::saturating_add(sum, file.len())),
        }
    }

    /// Whether there is no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("name", &self.name())
            .field("len", &self.len())
            .finish()
    }
}

/// How an age file is opened. The keys and the mathematics are the caller's.
///
/// A container asks again for each walk and each member opened by name; where a passphrase is stretched, it is worth
/// remembering what it opened.
pub trait Unlock: Send + Sync {
    /// Opens `sealed`, an age file in binary or armored form that stands at its first byte.
    ///
    /// The reader given back must answer damage and a missing end with an error, not with an early end.
    ///
    /// # Errors
    /// [`UnlockError`].
    fn unlock(&self, sealed: Box<dyn ReadSeek + Send>) -> Result<Box<dyn ReadSeek + Send>, UnlockError>;
}

/// Why a sealed file stays closed.
#[derive(Debug, Error)]
pub enum UnlockError {
    /// No key or passphrase at hand opens it.
    #[error("no key or passphrase at hand opens it")]
    NoKeyFits,
    /// Its header is damaged or of an unknown version.
    #[error("its header is damaged or of an unknown version")]
    Damaged,
    /// Its passphrase asks for more work than allowed.
    #[error("its passphrase asks for more work than 2^{limit} steps")]
    TooCostly {
        /// The limit, as a power of two.
        limit: u8,
    },
    /// Its bytes cannot be read.
    #[error("its bytes cannot be read: {0}")]
    Read(#[from] io::Error),
}
