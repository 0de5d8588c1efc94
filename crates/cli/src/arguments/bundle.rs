//! `import`, `bundles`, `records`, `search` and `export`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{InVault, Sealed};

/// Arguments of `import`.
#[derive(Args)]
pub struct Import {
    /// Files or folders; each is one bundle.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub vault: InVault,
    /// Who handed it over.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub received_from: String,
    /// When, for example 2026-11-20T14:05:00+01:00.
    #[arg(long, value_name = "TIME", default_value = "", hide_default_value = true)]
    pub received_at: String,
    /// On which medium.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub medium: String,
    /// For which request.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub request: String,
    /// The digest that the sender stated. Another digest refutes integrity.
    #[arg(long, value_name = "HEX")]
    pub sender_sha256: Option<String>,
    /// The review period, for formats that know times; spelled as for `verify`. Left out, it is the engagement's, if that
    /// has a first and a last day. It is kept with the bundle.
    #[arg(long, value_name = "FROM..TO")]
    pub period: Option<String>,
    /// The system it comes from. The first import under a source pins its profile; later ones are judged under that, and
    /// a bundle that looks like another refutes authenticity.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Judge under this format: the id of a profile or built-in verifier, or a TOML file.
    #[arg(long, value_name = "ID|FILE")]
    pub profile: Option<String>,
    /// The last hash, as you know it by another way.
    #[arg(long, value_name = "HASH")]
    pub expect_head: Option<String>,
    /// The number of records, as you know it by another way.
    #[arg(long, value_name = "N")]
    pub expect_count: Option<u64>,
    #[command(flatten)]
    pub sealed: Sealed,
}

/// Arguments of `bundles`.
#[derive(Args)]
pub struct Bundles {
    #[command(flatten)]
    pub vault: InVault,
    /// Show this bundle with its verdict.
    pub bundle: Option<String>,
}

/// A bundle of a vault.
#[derive(Args)]
pub struct BundleOf {
    #[command(flatten)]
    pub vault: InVault,
    /// The bundle, as listed.
    pub bundle: String,
}

/// Arguments of `verify-again`.
#[derive(Args)]
pub struct VerifyAgain {
    #[command(flatten)]
    pub bundle: BundleOf,
    /// The review period from now on, spelled as for `verify`; left out, it is the one that is kept with the bundle.
    #[arg(long, value_name = "FROM..TO")]
    pub period: Option<String>,
}

/// Arguments of `records`.
#[derive(Args)]
pub struct Records {
    #[command(flatten)]
    pub vault: InVault,
    /// Which records; all when it is left out.
    #[arg(default_value = "", hide_default_value = true)]
    pub query: String,
    /// Only this bundle.
    #[arg(long, value_name = "BUNDLE")]
    pub bundle: Option<String>,
    /// Most records to print.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
    /// Records to pass over first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u64,
}

/// A record of a vault.
#[derive(Args)]
pub struct RecordOf {
    #[command(flatten)]
    pub vault: InVault,
    /// Its bundle.
    pub bundle: String,
    /// Its number in file order, from 1.
    pub position: u64,
}

/// Arguments of `search`.
#[derive(Args)]
pub struct Search {
    #[command(flatten)]
    pub vault: InVault,
    /// Words that must all occur.
    #[arg(value_name = "WORD", required = true)]
    pub words: Vec<String>,
    /// Most records to print.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
}

/// Verbs of `export`.
#[derive(Subcommand)]
pub enum Export {
    /// The received bytes of a bundle, as they came.
    Original {
        #[command(flatten)]
        vault: InVault,
        /// The bundle.
        bundle: String,
        /// File (or, for a folder, folder) to create.
        to: PathBuf,
    },
    /// One record's bytes, to stdout.
    Record(RecordOf),
}
