//! `verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{RaisedLimits, Sealed};

/// Arguments of `verify`.
#[derive(Args)]
pub struct Verify {
    /// Files or folders; each is one bundle.
    #[arg(value_name = "PATH", required_unless_present = "each")]
    pub paths: Vec<PathBuf>,
    /// Judge every file and folder in this folder as a bundle of its own.
    #[arg(long, value_name = "FOLDER")]
    pub each: Option<PathBuf>,
    /// Keys that you trust: a file, or a folder of files. They have to come to you by another way than the bundle.
    #[arg(long, value_name = "FILE|DIR")]
    pub trust: Vec<PathBuf>,
    /// Judge under this format: the id of a profile or built-in verifier (see `tickmark profiles list`), or a TOML file.
    #[arg(long, value_name = "ID|FILE")]
    pub profile: Option<String>,
    /// The last hash, as you know it by another way.
    #[arg(long, value_name = "HASH")]
    pub expect_head: Vec<String>,
    /// The number of records, as you know it by another way.
    #[arg(long, value_name = "N")]
    pub expect_count: Option<u64>,
    /// The SHA-256 of the file, as the sender stated it.
    #[arg(long, value_name = "HEX")]
    pub expect_sha256: Option<String>,
    /// The review period, for formats that know periods: days, such as 2026-07-01..2026-09-30, or instants, such as
    /// 2026-07-01T00:00:00Z..2026-10-01T00:00:00Z. The last day belongs to it, the last instant does not.
    #[arg(long, value_name = "FROM..TO")]
    pub period: Option<String>,
    /// Claims that must be proven for exit code 0; else integrity (anchored outside the bundle), authenticity and
    /// completeness. Naming integrity alone accepts a bundle that agrees with itself only.
    #[arg(long, value_delimiter = ',', value_name = "CLAIM,...")]
    pub require: Vec<ClaimName>,
    #[command(flatten)]
    pub sealed: Sealed,
    #[command(flatten)]
    pub limits: RaisedLimits,
}

/// A claim.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClaimName {
    /// Do the records agree with the hashes and links that accompany them?
    Integrity,
    /// Did the expected party record them?
    Authenticity,
    /// Is everything here that a named statement says is there?
    Completeness,
    /// Is there a time that does not rest on the recorder's word?
    Time,
}
