//! Files and folders as they were handed over, for the reader of bundles.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tickmark_formats::container::{Origin, ReadSeek, Received};

use crate::error::{Answer, Code, Error};

/// One file on disk.
pub struct FileOrigin {
    name: String,
    path: PathBuf,
    len: u64,
}

impl Origin for FileOrigin {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

/// Names what a path holds. Nothing of its content is read yet.
///
/// # Errors
/// `unreadable` when the path is not there, is neither file nor folder, or holds a link, device or name that is no text.
pub fn at_path(path: &Path) -> Answer<Received> {
    let meta = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |n| n.to_string_lossy().into_owned(),
    );
    if meta.is_file() {
        return Ok(Received::File(Arc::new(FileOrigin {
            name,
            path: path.into(),
            len: meta.len(),
        })));
    }
    if !meta.is_dir() {
        return Err(Error::new(
            Code::Unreadable,
            format!("{} is neither a file nor a folder.", path.display()),
        ));
    }
    let mut files: Vec<Arc<dyn Origin>> = Vec::new();
    collect(path, "", 0, &mut files)?;
    files.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(Received::Folder { name, files })
}

fn collect(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<Arc<dyn Origin>>) -> Answer<()> {
    if depth > MAX_FOLDER_DEPTH {
        return Err(Error::new(
            Code::Limit,
            format!(
                "Folders lie more than {MAX_FOLDER_DEPTH} deep at {}.",
                folder.display()
            ),
        ));
    }
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let path = entry.path();
        let Some(own) = entry.file_name().to_str().map(str::to_owned) else {
            return Err(Error::new(
                Code::Unreadable,
                format!("{} has a name that is no text.", path.display()),
            ));
        };
        let name = if prefix.is_empty() {
            own
        } else {
            format!("{prefix}/{own}")
        };
        let meta = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, &error))?;
        if meta.is_dir() {
            collect(&path, &name, depth + 1, files)?;
        } else if meta.is_file() {
            files.push(Arc::new(FileOrigin {
                name,
                path,
                len: meta.len(),
            }));
        } else {
            return Err(Error::new(
                Code::Unreadable,
                format!(
                    "{} is a link or a device. A bundle holds files only.",
                    path.display()
                ),
            )
            .hint("Ask for a copy in which the link is replaced by the file it points to."));
        }
        if files.len() > MAX_FILES {
            return Err(Error::new(
                Code::Limit,
                format!("The folder holds more than {MAX_FILES} files."),
            ));
        }
    }
    Ok(())
}

/// Reads a small file whole.
///
/// # Errors
/// `unreadable`, or `limit` when it is larger than `most` bytes.
pub fn small_file(path: &Path, most: u64) -> Answer<Vec<u8>> {
    let len = fs::metadata(path)
        .map_err(|error| unreadable(path, &error))?
        .len();
    if len > most {
        return Err(Error::new(
            Code::Limit,
            format!(
                "{} has {len} bytes; at most {most} are read here.",
                path.display()
            ),
        ));
    }
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// What the system said about a path, in words.
pub fn unreadable(path: &Path, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "is not there".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by this account".to_owned(),
        _ => format!("cannot be read ({error})"),
    };
    Error::new(Code::Unreadable, format!("{} {why}.", path.display()))
}

const MAX_FOLDER_DEPTH: usize = 32;
/// Design, section 8: 1,000,000 members.
const MAX_FILES: usize = 1_000_000;
