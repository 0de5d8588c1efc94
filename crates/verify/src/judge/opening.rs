//! Opening what was received, and its digest.

use std::io;
use std::sync::Arc;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_crypto::sealed::{self, Opener, SealError, WORK_FACTOR_LIMIT};
use tickmark_formats::container::{
    Container, ContainerError, Origin, ReadSeek, Received, Unlock, UnlockError,
};

use crate::request::{Request, VerifyError};

/// Opens a bundle, with the secrets that were given.
pub(crate) fn open(received: Received, request: &Request) -> Result<Container, VerifyError> {
    let unlock: Option<Arc<dyn Unlock>> = if request.openers.is_empty() {
        None
    } else {
        Some(Arc::new(Openers {
            openers: Arc::clone(&request.openers),
        }))
    };
    match Container::open(received, request.limits.clone(), unlock) {
        Ok(container) => Ok(container),
        Err(ContainerError::Sealed { .. }) => Err(VerifyError::Sealed),
        Err(error) => Err(error.into()),
    }
}

struct Openers {
    openers: Arc<[Opener]>,
}

impl Unlock for Openers {
    fn unlock(&self, sealed: Box<dyn ReadSeek + Send>) -> Result<Box<dyn ReadSeek + Send>, UnlockError> {
        match sealed::open_stream(Box::new(sealed), &self.openers) {
            Ok(open) => Ok(Box::new(open)),
            Err(error) => Err(refusal(&error)),
        }
    }
}

fn refusal(error: &SealError) -> UnlockError {
    match error {
        SealError::WrongSecret | SealError::NeedsPassphrase | SealError::NeedsIdentity => {
            UnlockError::NoKeyFits
        }
        SealError::Io { kind } => UnlockError::Read((*kind).into()),
        SealError::ExcessiveWork { .. } => UnlockError::TooCostly {
            limit: WORK_FACTOR_LIMIT,
        },
        _ => UnlockError::Damaged,
    }
}

/// How the digest of what was received is taken: of a file its SHA-256, of a folder the SHA-256 of the lines
/// `hex SP SP name LF` of its files, by name.
pub(super) enum ReceivedDigest {
    File(Arc<dyn Origin>),
    Folder(Vec<Arc<dyn Origin>>),
}

impl ReceivedDigest {
    pub fn of(received: &Received) -> Self {
        match received {
            Received::File(origin) => ReceivedDigest::File(Arc::clone(origin)),
            Received::Folder { files, .. } => {
                let mut files = files.clone();
                files.sort_by(|a, b| a.name().cmp(b.name()));
                ReceivedDigest::Folder(files)
            }
        }
    }

    /// Reads everything; `None` when something cannot be read.
    pub fn take(&self) -> Option<String> {
        match self {
            ReceivedDigest::File(origin) => file(&**origin),
            ReceivedDigest::Folder(files) => {
                let mut hasher = Hasher::new(Algorithm::Sha256);
                for origin in files {
                    let line = format!("{}  {}\n", file(&**origin)?, origin.name());
                    hasher.update(line.as_bytes());
                }
                Some(hasher.finish().hex())
            }
        }
    }
}

fn file(origin: &dyn Origin) -> Option<String> {
    let mut reader = origin.open().ok()?;
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Some(hasher.finish().hex()),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
