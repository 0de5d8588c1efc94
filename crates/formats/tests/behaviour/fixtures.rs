//! Published vectors that live beside the repository, when they are there.
// The crate knows no disk; its tests fetch the vectors here and nowhere else.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

/// The folder of one published set, or `None` with a visible word that its tests are skipped.
pub fn folder(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let root = std::env::var_os("TICKMARK_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: fixtures not present ({name})");
    None
}

/// The files of a folder by name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = entries(folder).into_iter().filter(|path| path.is_file());
    paths
        .map(|path| (name(&path), std::fs::read(&path).unwrap()))
        .collect()
}

/// The folders of a folder by name.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

/// The bytes of one file.
pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    all
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
