//! The inputs to begin with: small files under `tests/fuzz/seeds`, one folder a target.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::target::{self, Target};

/// The seeds of a target: those in its folder, by name, or where it has none those that it makes.
pub fn of(target: &Target, corpus: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(corpus.join(&target.name))
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    if seeds.is_empty() {
        seeds.extend(target.seeds.iter().map(|(_, bytes)| bytes.clone()));
    }
    if seeds.is_empty() {
        seeds.push(Vec::new());
    }
    seeds
}

/// Writes every target's own seeds into the corpus, those of whole trails apart, which are made anew each time.
pub fn write(corpus: &Path) -> ExitCode {
    let mut written = 0;
    for listed in target::all() {
        if listed.name.starts_with("trail-") {
            continue;
        }
        for (name, bytes) in (listed.make)().seeds {
            let folder = corpus.join(&listed.name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), bytes).unwrap();
            written += 1;
        }
    }
    println!("{written} seeds");
    ExitCode::SUCCESS
}
