//! `vault`, `engagement` and `key`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{InVault, VaultSecret};

/// Verbs of a vault.
#[derive(Subcommand)]
pub enum Vault {
    /// Create a vault with its first reviewer and engagement.
    Create {
        /// Folder to create.
        dir: PathBuf,
        /// Name of the first reviewer.
        #[arg(long, value_name = "NAME", default_value = "Reviewer")]
        reviewer: String,
        /// Title of the first engagement.
        #[arg(long, value_name = "TITLE", default_value = "First engagement")]
        engagement_title: String,
        /// File with the passphrase; else TICKMARK_PASSPHRASE, else a prompt.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Try the secret, and print what the vault holds.
    Open {
        /// The vault's folder.
        dir: PathBuf,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// Check every page, every stored digest and the custody chain.
    #[command(after_help = "Exit codes: 0 sound; 1 damage; 2 the vault cannot be opened.")]
    Check {
        /// The vault's folder.
        dir: PathBuf,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// Copy the vault, and check the copy before saying so.
    Backup {
        /// The vault's folder.
        dir: PathBuf,
        /// Folder to create.
        to: PathBuf,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// Make a vault from a backup. Nothing is overwritten.
    Restore {
        /// The backup's folder.
        from: PathBuf,
        /// Folder to create.
        dir: PathBuf,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// List, add and remove the secrets that open a vault.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    #[command(subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Slots {
        /// The vault's folder; without a verb, its slots are listed.
        #[arg(required = true)]
        dir: Option<PathBuf>,
        #[command(subcommand)]
        verb: Option<Slots>,
    },
}

/// Verbs of slots.
#[derive(Subcommand)]
pub enum Slots {
    /// List the slots. Needs no secret.
    List {
        /// The vault's folder.
        dir: PathBuf,
    },
    /// Add a passphrase that opens the vault.
    AddPassphrase {
        /// The vault's folder.
        dir: PathBuf,
        /// A label for the list.
        #[arg(long, value_name = "TEXT")]
        label: String,
        /// File with the new passphrase; else a prompt.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// Add an age recipient, whose identity then opens the vault.
    AddRecipient {
        /// The vault's folder.
        dir: PathBuf,
        /// The recipient (age1...).
        recipient: String,
        /// A label for the list.
        #[arg(long, value_name = "TEXT")]
        label: String,
        #[command(flatten)]
        secret: VaultSecret,
    },
    /// Remove a slot. The last one stays.
    Remove {
        /// The vault's folder.
        dir: PathBuf,
        /// The slot's id, as listed.
        slot: String,
        #[command(flatten)]
        secret: VaultSecret,
    },
}

/// Verbs of engagements.
#[derive(Subcommand)]
pub enum Engagement {
    /// List the engagements.
    List(InVault),
    /// Create an engagement.
    Create {
        #[command(flatten)]
        vault: InVault,
        /// Its title.
        #[arg(long, value_name = "TEXT")]
        title: String,
        /// For whom the report is.
        #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
        addressee: String,
        /// What is examined.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        scope: String,
        /// Review period, as 2026-07-01..2026-09-30.
        #[arg(long, value_name = "FROM..TO")]
        period: Option<String>,
        /// How the report is classified.
        #[arg(long, value_name = "WORD", default_value = "restricted")]
        classification: String,
    },
}

/// Verbs of sources.
#[derive(Subcommand)]
pub enum Source {
    /// List the sources, with the profile that is expected of each.
    List(InVault),
    /// State the profile that is expected of a source. What was expected before stays on file.
    Expect {
        #[command(flatten)]
        vault: InVault,
        /// The source, as listed.
        source: String,
        /// Id of a shipped profile, or a TOML file.
        profile: String,
        /// Why it is another than before; needed where a profile was expected already.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

/// What is pinned: a file, or an identity of Sigstore.
#[derive(Args)]
pub struct ToPin {
    /// File with the key in any common spelling (PEM, hex, base64, JWK, OpenSSH, minisign and others), with the list of
    /// `aws cloudtrail list-public-keys` or a JWK Set, a root certificate (PEM), an OpenPGP key (armored), a Sigstore
    /// trusted_root.json, or an HMAC secret.
    #[arg(required_unless_present = "subject", conflicts_with = "subject")]
    pub file: Option<PathBuf>,
    /// Algorithm, where the key does not say it; hmac-sha256 for a secret.
    #[arg(long, value_name = "NAME", conflicts_with = "subject")]
    pub algorithm: Option<String>,
    /// Instead of a file: the e-mail address or URI that certificates of a pinned Sigstore root are for.
    #[arg(long, value_name = "TEXT", requires = "issuer")]
    pub subject: Option<String>,
    /// The address of the issuer that vouched for the login, as it stands in the certificate.
    #[arg(long, value_name = "URL", requires = "subject")]
    pub issuer: Option<String>,
}

/// What a root certificate vouches for.
#[derive(Clone, Copy, ValueEnum)]
pub enum VouchesFor {
    /// Time stamps (RFC 3161).
    Time,
    /// Signatures (CMS).
    Signatures,
    /// Both.
    Both,
}

/// Verbs of keys.
#[derive(Subcommand)]
pub enum Key {
    /// List the pinned keys, withdrawn ones too.
    List(InVault),
    /// Show the fingerprints of a key file, in figures and as QR pictures, to compare them before they are pinned. Needs no
    /// vault.
    Show {
        #[command(flatten)]
        what: ToPin,
    },
    /// Show a pinned key: its fingerprint, how it was confirmed, its rotations, every version of the pin.
    View {
        #[command(flatten)]
        vault: InVault,
        /// The key, as listed.
        key: String,
    },
    /// Pin a key, a root certificate, an OpenPGP key, a Sigstore root or identity, or all keys of a list that one owner
    /// publishes. It has to come to you by another way than the bundle.
    Pin {
        #[command(flatten)]
        vault: InVault,
        #[command(flatten)]
        what: ToPin,
        /// What a root certificate vouches for: time, signatures or both. Needed for one.
        #[arg(long, value_name = "USE")]
        vouches_for: Option<VouchesFor>,
        /// Who it belongs to.
        #[arg(long, value_name = "NAME")]
        owner: String,
        /// How it was confirmed, for example "fingerprint read aloud by telephone, 20 Nov 2026".
        #[arg(long, value_name = "TEXT")]
        confirmed: String,
        /// Who else confirmed it. This names a person; it is no second signature.
        #[arg(long, value_name = "NAME")]
        second_person: Option<String>,
        /// The source that it holds for; else for every source.
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        /// The pinned key that it takes over from, at --valid-from; that one then holds until then.
        #[arg(long, value_name = "KEY", requires = "valid_from")]
        replaces: Option<String>,
        /// The name that records use for it.
        #[arg(long, value_name = "NAME")]
        kid: Option<String>,
        /// From when it holds, for example 2026-01-01T00:00:00Z; else from what a list of keys says. Bare keys only.
        #[arg(long, value_name = "TIME")]
        valid_from: Option<String>,
        /// Until when it holds.
        #[arg(long, value_name = "TIME")]
        valid_to: Option<String>,
    },
    /// Withdraw a pinned key. Earlier judgements stay on file.
    Withdraw {
        #[command(flatten)]
        vault: InVault,
        /// The key, as listed.
        key: String,
        /// Why it is no longer trusted.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
