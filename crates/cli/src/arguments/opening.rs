//! How vaults and sealed bundles are opened, and the limits that hold.

use std::path::PathBuf;

use clap::Args;

/// A vault, how it is opened, and the engagement at hand.
#[derive(Args)]
pub struct InVault {
    /// The vault's folder.
    #[arg(long, value_name = "DIR", help_heading = "The vault")]
    pub vault: PathBuf,
    #[command(flatten)]
    pub opening: Opening,
}

/// How a vault is opened, and on which engagement.
#[derive(Args)]
pub struct Opening {
    #[command(flatten)]
    pub secret: VaultSecret,
    /// Engagement to work on, by id or title; else the newest.
    #[arg(long, value_name = "ID", help_heading = "The vault")]
    pub engagement: Option<String>,
}

/// Where the passphrase comes from: a file, the variable `TICKMARK_PASSPHRASE`, or a prompt. Never an argument.
#[derive(Args)]
pub struct VaultSecret {
    /// File with the vault's passphrase; else TICKMARK_PASSPHRASE, else a prompt.
    #[arg(long, value_name = "FILE", help_heading = "The vault")]
    pub passphrase_file: Option<PathBuf>,
}

/// How an age-encrypted bundle is opened.
#[derive(Args)]
pub struct Sealed {
    /// File with the passphrase of an age-encrypted bundle.
    #[arg(long, value_name = "FILE")]
    pub bundle_passphrase_file: Option<PathBuf>,
    /// age identity file that opens an encrypted bundle.
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
}

/// Limits against hostile input; raised only by name.
#[derive(Args)]
pub struct RaisedLimits {
    /// Most members of a container.
    #[arg(long, value_name = "N")]
    pub max_members: Option<u64>,
    /// Most bytes unpacked for one packed, beyond 64 MiB.
    #[arg(long, value_name = "N")]
    pub max_ratio: Option<u64>,
    /// Longest line, in MiB.
    #[arg(long, value_name = "MIB")]
    pub max_line: Option<usize>,
}
