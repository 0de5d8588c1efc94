//! `profiles infer` and `profiles check`.

use std::path::PathBuf;

use clap::Args;

use super::Sealed;

/// Arguments of `profiles infer`.
#[derive(Args)]
pub struct Infer {
    /// File or folder with the trail. Five records are enough; the first hundred are searched.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Write the proposed profile to this file, if it reproduces the trail. Nothing is overwritten.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Keys to try on signatures: a file, or a folder of files. Keys that the records carry are tried anyway.
    #[arg(long, value_name = "FILE|DIR")]
    pub trust: Vec<PathBuf>,
    #[command(flatten)]
    pub sealed: Sealed,
}

/// Arguments of `profiles check`.
#[derive(Args)]
pub struct CheckProfile {
    /// A profile file, or the id of a shipped profile.
    #[arg(value_name = "PROFILE")]
    pub profile: String,
    /// A bundle to try it on: every check, the first record as it is hashed, and which edits would be noticed.
    #[arg(value_name = "BUNDLE")]
    pub bundle: Option<PathBuf>,
    /// Keys that you trust: a file, or a folder of files.
    #[arg(long, value_name = "FILE|DIR")]
    pub trust: Vec<PathBuf>,
    #[command(flatten)]
    pub sealed: Sealed,
}
