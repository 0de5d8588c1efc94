//! Cases on disk: `case.toml` in the repository, bundles in a folder of the build.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::case::Case;

/// Where the repository keeps its cases.
pub fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("attacks")
}

/// Writes `case.toml` of every case, and takes folders away that are no case any more.
///
/// # Errors
/// What the disk says.
pub fn commit(cases: &[Case]) -> io::Result<()> {
    for name in strangers(cases)? {
        fs::remove_dir_all(committed().join(name))?;
    }
    for case in cases {
        let folder = committed().join(case.name());
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("case.toml"), case.toml())?;
    }
    Ok(())
}

/// Committed folders that are no case.
///
/// # Errors
/// What the disk says.
pub fn strangers(cases: &[Case]) -> io::Result<Vec<String>> {
    let known: BTreeSet<String> = cases.iter().map(Case::name).collect();
    let mut found = Vec::new();
    for entry in fs::read_dir(committed())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !known.contains(&name) {
            found.push(name);
        }
    }
    Ok(found)
}

/// A case as files.
pub struct Laid {
    /// The bundle: a file, or a folder.
    pub bundle: PathBuf,
    /// The trust file, where a key is pinned.
    pub trust: Option<PathBuf>,
}

/// Lays a case out in a folder of its own: `case.toml`, `trust.toml`, and the bundle under `bundle`.
///
/// # Errors
/// What the disk says.
pub fn lay_out(case: &Case, root: &Path) -> io::Result<Laid> {
    let folder = root.join(case.name());
    let bundle = folder.join("bundle");
    fs::create_dir_all(&bundle)?;
    fs::write(folder.join("case.toml"), case.toml())?;
    let mut first = None;
    for (name, bytes) in case.bundle.files() {
        let path = bundle.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
        first.get_or_insert(path);
    }
    let trust = if case.trust.is_empty() {
        None
    } else {
        let path = folder.join("trust.toml");
        fs::write(&path, &case.trust)?;
        Some(path)
    };
    let bundle = if case.is_folder {
        bundle
    } else {
        first.unwrap_or(bundle)
    };
    Ok(Laid { bundle, trust })
}
