//! Files of a vault: where they lie, and how they are written so that a crash leaves the old or the new one, never half.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{VaultError, io_at};

/// The pieces of a vault folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn at(root: &Path) -> Self {
        Folder {
            root: root.to_owned(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn descriptor(&self) -> PathBuf {
        self.root.join("vault.json")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("vault.db")
    }

    pub(crate) fn write_ahead_log(&self) -> PathBuf {
        self.root.join("vault.db-wal")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("vault.lock")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    pub(crate) fn signers(&self) -> PathBuf {
        self.root.join("signers")
    }

    /// The age file of a slot. `id` is checked when `vault.json` is read: it never names another folder.
    pub(crate) fn slot(&self, id: &str) -> PathBuf {
        self.keys().join(format!("{id}.age"))
    }

    /// The age file of a reviewer's signing keys.
    pub(crate) fn signer(&self, id: &str) -> PathBuf {
        self.signers().join(format!("{id}.age"))
    }
}

/// Writes a file whole: a temporary file beside it, flushed to the disk, renamed over it, and the folder flushed.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    prepare(path, bytes)?.commit()
}

/// A file that is written and flushed, and waits for its name.
pub(crate) struct Prepared {
    temporary: PathBuf,
    path: PathBuf,
}

/// Writes the bytes under a temporary name; whatever can fail for want of room fails here.
pub(crate) fn prepare(path: &Path, bytes: &[u8]) -> Result<Prepared, VaultError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = path.with_file_name(name);
    let prepared = Prepared {
        temporary,
        path: path.to_owned(),
    };
    let mut file = private_file(&prepared.temporary)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(io_at(&prepared.temporary))?;
    Ok(prepared)
}

impl Prepared {
    /// Gives the file its name.
    pub(crate) fn commit(self) -> Result<(), VaultError> {
        fs::rename(&self.temporary, &self.path).map_err(io_at(&self.path))?;
        sync_folder(self.path.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // after a commit the temporary name is gone and this does nothing
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Creates an empty file that only its owner may read, truncating what a crash left there.
pub(crate) fn private_file(path: &Path) -> Result<File, VaultError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    owner_only(&mut options);
    options.open(path).map_err(io_at(path))
}

/// Opens or creates a file that only its owner may read, keeping what is in it.
pub(crate) fn lock_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    owner_only(&mut options);
    options.open(path)
}

/// Creates a folder that only its owner may enter.
pub(crate) fn private_folder(path: &Path) -> Result<(), VaultError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(io_at(path))
}

/// Flushes a folder's names to the disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), VaultError> {
    #[cfg(unix)]
    {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(io_at(path))?;
    }
    let _ = path;
    Ok(())
}

/// Reads a small file whole.
pub(crate) fn read_small(path: &Path) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io_at(path))?;
    file.take(MAX_SMALL_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(io_at(path))?;
    if bytes.len() as u64 > MAX_SMALL_FILE {
        return Err(VaultError::Damaged {
            piece: path.display().to_string(),
            expected: format!("at most {MAX_SMALL_FILE} bytes"),
            found: "more".into(),
        });
    }
    Ok(bytes)
}

/// A folder under construction beside its final place; removed again unless it gets its name.
pub(crate) struct Construction {
    temporary: PathBuf,
    path: PathBuf,
    done: bool,
}

impl Construction {
    /// Begins beside `path`, which must not exist (an empty folder may).
    pub(crate) fn begin(path: &Path, tag: &str) -> Result<Self, VaultError> {
        refuse_occupied(path)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        // a random end: what a crash left behind is in nobody's way
        let end = tickmark_crypto::random::bytes::<4>().map_err(|error| VaultError::Key {
            found: error.to_string(),
        })?;
        name.push(format!(".{tag}-{}", tickmark_crypto::encoding::hex(&end)));
        let temporary = path.with_file_name(name);
        private_folder(&temporary)?;
        Ok(Construction {
            temporary,
            path: path.to_owned(),
            done: false,
        })
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::at(&self.temporary)
    }

    /// Flushes every name and gives the folder its place.
    pub(crate) fn commit(mut self) -> Result<(), VaultError> {
        let folder = self.folder();
        for inner in [folder.keys(), folder.signers(), self.temporary.clone()] {
            sync_folder(&inner)?;
        }
        refuse_occupied(&self.path)?;
        fs::rename(&self.temporary, &self.path).map_err(io_at(&self.path))?;
        self.done = true;
        sync_folder(self.path.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Construction {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.temporary);
        }
    }
}

fn refuse_occupied(path: &Path) -> Result<(), VaultError> {
    let occupied = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    if occupied {
        Err(VaultError::AlreadyExists {
            path: path.to_owned(),
        })
    } else {
        Ok(())
    }
}

fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let _ = options;
}

/// `vault.json` and slot files have a few kilobytes; more is no vault of ours.
const MAX_SMALL_FILE: u64 = 1 << 20;
