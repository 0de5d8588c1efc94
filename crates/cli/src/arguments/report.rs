//! `report`, `verify-report` and `custody`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::InVault;

/// Arguments of `report`.
#[derive(Args)]
pub struct Report {
    #[command(flatten)]
    pub vault: InVault,
    /// PDF to write; report.json and the lists are written beside it.
    pub pdf: PathBuf,
    /// Its title; else the engagement's.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub title: String,
    /// Further limitations, in your words.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub limitations: String,
    /// Your own conclusion, if any.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub conclusion: String,
}

/// Arguments of `verify-report`.
#[derive(Args)]
pub struct VerifyReport {
    /// The PDF, or its report.json.
    pub report: PathBuf,
    /// A bundle that it was made from.
    #[arg(long, value_name = "PATH")]
    pub bundle: Vec<PathBuf>,
    /// Keys that you trust: a file or a folder.
    #[arg(long, value_name = "FILE|DIR")]
    pub trust: Vec<PathBuf>,
}

/// Verbs of custody.
#[derive(Subcommand)]
pub enum Custody {
    /// Print the events, newest first.
    Show {
        #[command(flatten)]
        vault: InVault,
        /// Most events to print.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
        limit: u64,
    },
    /// Write the whole chain to a file that `tickmark verify` reads.
    Export {
        #[command(flatten)]
        vault: InVault,
        /// File to create.
        to: PathBuf,
    },
}
