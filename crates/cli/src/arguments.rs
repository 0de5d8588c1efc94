//! What can be typed. The doc comments are the help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The examiner's desk for AI audit trails: what a bundle proves, and what it does not. Works without a network.
#[derive(Parser)]
#[command(
    name = "tickmark",
    version,
    max_term_width = 110,
    disable_help_subcommand = true
)]
#[command(subcommand_value_name = "VERB", subcommand_help_heading = "Verbs", after_help = AFTER_HELP)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print JSON instead of text; an error too.
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// Print no progress.
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

const AFTER_HELP: &str = "\
`tickmark VERB --help` explains a verb. Start with `tickmark demo DIR`, or `tickmark verify BUNDLE`.

A vault's passphrase is asked for, or comes from --passphrase-file FILE or the variable TICKMARK_PASSPHRASE.

Exit codes: 0 done; 2 not done, the error says why. verify, verify-report, vault check and selftest use 1 and 3 as well; their help says how.";

/// The verbs.
#[derive(Subcommand)]
pub enum Command {
    /// Judge bundles: integrity, authenticity, completeness, time.
    #[command(after_help = "\
Example:
  tickmark verify export.zip --trust keys/ --expect-count 184212

Exit codes: 0 everything required is proven; 1 a claim is refuted, required or not; 3 something required is not proven; 2 nothing could be judged.")]
    Verify(Verify),
    /// Create, open, check, back up and restore a vault; manage who can open it.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Vault(Vault),
    /// List the engagements of a vault, or create one.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Engagement(Engagement),
    /// Take bundles into a vault: received bytes, verdict, records.
    #[command(after_help = "\
Example:
  tickmark import export.zip --vault bank.vault --received-from \"Example Bank\"

Exit codes: 0 stored, whatever the verdict; 2 nothing stored.")]
    Import(Import),
    /// List the bundles of a vault, or show one with its verdict.
    Bundles(Bundles),
    /// Judge a bundle of a vault again: from the stored bytes, with the keys that are pinned now.
    #[command(after_help = "Exit codes: 0 judged, whatever the verdict; 2 not judged.")]
    VerifyAgain(BundleOf),
    /// List the records of a vault that fit a query.
    #[command(after_help = QUERY_HELP)]
    Records(Records),
    /// Show one record beside its received bytes and its neighbours in the chain.
    Record(RecordOf),
    /// List the records that contain all of some words.
    Search(Search),
    /// Write received bytes out of a vault, exactly as they came.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Export(Export),
    /// Pin, list and withdraw the keys that a vault trusts.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Key(Key),
    /// Size a sample; with --vault, freeze the plan and its population.
    #[command(after_help = "\
Examples:
  tickmark plan --tolerable 5% --expected 1% --confidence 95%
  tickmark plan --tolerable 5% --vault bank.vault --attribute \"A person reviewed it\"")]
    Plan(Plan),
    /// List the frozen plans of a vault, or show one with its draw and results.
    Plans(Plans),
    /// Draw a sample from a typed seed; with --vault, for a frozen plan.
    #[command(after_help = "\
Examples:
  tickmark draw --seed 20237331128159211123 --population 1000 --count 59
  tickmark draw --seed 20237331128159211123 --vault bank.vault --plan PLAN --seed-source \"20 dice\"")]
    Draw(Draw),
    /// Record what was seen for a drawn unit.
    Result(UnitResultOf),
    /// Say what a sample shows: the upper limit of the true rate.
    #[command(after_help = "\
Examples:
  tickmark evaluate --sample 93 --deviations 1 --confidence 95%
  tickmark evaluate --vault bank.vault --plan PLAN")]
    Evaluate(Evaluate),
    /// List findings, write or supersede one, list the criteria.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Finding(Finding),
    /// Write a note on a bundle, a check or a record.
    Note(Note),
    /// Write the report: PDF, report.json and the lists.
    Report(Report),
    /// List the reports that were written.
    Reports(InVault),
    /// Perform a report again from its bundles, and say which figures hold.
    #[command(after_help = "\
Example:
  tickmark verify-report report.pdf --bundle export.zip --trust keys/

Exit codes: 0 all agrees; 1 a figure differs or a signature fails; 3 nothing differs, something could not be checked; 2 the report cannot be read. Judgements that a person entered are listed as entered; they are not recomputed.")]
    VerifyReport(VerifyReport),
    /// Show or export the custody chain: who did what, signed.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Custody(Custody),
    /// The profiles: how systems hash, link and sign their records.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Profiles(Profiles),
    /// Run known answers through every primitive that this program uses.
    #[command(after_help = "Exit codes: 0 every answer is as known; 1 one is not.")]
    Selftest,
    /// Write a demo engagement: bundles, a trust folder, a vault, the finished report.
    Demo(Demo),
}

const QUERY_HELP: &str = "\
A query holds words, \"phrases\" and field:value terms; a minus in front excludes. Fields: event, actor, outcome, model, after and before (a day or an instant, UTC), has (fault, note or signature). A repeated field means any of its values. Put -- before a query that begins with a minus.

Example:
  tickmark records --vault bank.vault \"outcome:declined after:2026-08-01 -actor:svc-batch refund\"";

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
    /// Judge under this profile: an id (see `tickmark profiles list`) or a TOML file.
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
    /// The review period, for formats that know periods.
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
    /// Judge under this profile: an id or a TOML file.
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

/// Verbs of keys.
#[derive(Subcommand)]
pub enum Key {
    /// List the pinned keys, withdrawn ones too.
    List(InVault),
    /// Pin a key. It has to come to you by another way than the bundle.
    Pin {
        #[command(flatten)]
        vault: InVault,
        /// File with the key in any common spelling (PEM, hex, base64, JWK, OpenSSH, minisign and others), or with an
        /// HMAC secret.
        file: PathBuf,
        /// Who it belongs to.
        #[arg(long, value_name = "NAME")]
        owner: String,
        /// How it was confirmed, for example "fingerprint read aloud by telephone, 20 Nov 2026".
        #[arg(long, value_name = "TEXT")]
        confirmed: String,
        /// Who else confirmed it.
        #[arg(long, value_name = "NAME")]
        second_person: Option<String>,
        /// Algorithm, where the key does not say it; hmac-sha256 for a secret.
        #[arg(long, value_name = "NAME")]
        algorithm: Option<String>,
        /// The name that records use for it.
        #[arg(long, value_name = "NAME")]
        kid: Option<String>,
        /// From when it holds, for example 2026-01-01T00:00:00Z.
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
    },
}

/// The three rates of a plan.
#[derive(Args)]
pub struct Rates {
    /// Deviation rate that you can tolerate, for example 5%.
    #[arg(long, value_name = "RATE")]
    pub tolerable: String,
    /// Deviation rate that you expect.
    #[arg(long, value_name = "RATE", default_value = "0%")]
    pub expected: String,
    /// How sure the conclusion has to be.
    #[arg(long, value_name = "RATE", default_value = "95%")]
    pub confidence: String,
}

/// Arguments of `plan`.
#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    pub rates: Rates,
    /// Records in the population: figures are then exact for it (hypergeometric), else for any size (binomial).
    #[arg(long, value_name = "N", conflicts_with = "vault")]
    pub population: Option<u64>,
    /// Freeze the plan in this vault.
    #[arg(long, value_name = "DIR", requires = "attribute", help_heading = "The vault")]
    pub vault: Option<PathBuf>,
    #[command(flatten)]
    pub opening: Opening,
    /// What is asked of each unit.
    #[arg(long, value_name = "TEXT")]
    pub attribute: Option<String>,
    /// What counts as a deviation.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub deviation: String,
    /// Where it is prescribed.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub criterion: String,
    /// Population: only records that fit this query (see `tickmark records --help`).
    #[arg(
        long,
        value_name = "QUERY",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub query: String,
    /// Population: only this bundle.
    #[arg(long, value_name = "BUNDLE")]
    pub bundle: Option<String>,
    /// Order of the frame.
    #[arg(long, value_enum, default_value = "id")]
    pub order: Order,
}

/// Arguments of `plans`.
#[derive(Args)]
pub struct Plans {
    #[command(flatten)]
    pub vault: InVault,
    /// Show this plan.
    pub plan: Option<String>,
}

/// Order of a frame.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By record id.
    Id,
    /// By stated time, then id.
    TimeId,
    /// As in the bundles.
    Source,
}

/// Arguments of `draw`.
#[derive(Args)]
pub struct Draw {
    /// The seed, as text: something that nobody could foresee, such as 20 rolls of a ten-sided die.
    #[arg(long, value_name = "TEXT")]
    pub seed: String,
    /// Where the seed came from, for example "20 rolls of a ten-sided die, two people".
    #[arg(long, value_name = "TEXT", default_value = "typed")]
    pub seed_source: String,
    /// Published sampler. A plan of a vault is drawn with rivest.
    #[arg(long, value_enum, default_value = "rivest", conflicts_with = "vault")]
    pub method: Method,
    /// Records in the population.
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "vault",
        conflicts_with = "vault"
    )]
    pub population: Option<u64>,
    /// Units to draw.
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "vault",
        conflicts_with = "vault"
    )]
    pub count: Option<u64>,
    /// Draw for a frozen plan of this vault.
    #[arg(long, value_name = "DIR", requires = "plan", help_heading = "The vault")]
    pub vault: Option<PathBuf>,
    #[command(flatten)]
    pub opening: Opening,
    /// The plan, as listed.
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,
}

/// A published sampler.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Rivest 2011, SHA-256 of seed and counter.
    Rivest,
    /// Rivest's consistent sampler: a ticket for each position.
    Consistent,
}

/// Arguments of `result`.
#[derive(Args)]
pub struct UnitResultOf {
    #[command(flatten)]
    pub vault: InVault,
    /// The plan.
    #[arg(long, value_name = "PLAN")]
    pub plan: String,
    /// The unit's place in draw order.
    #[arg(long, value_name = "N")]
    pub unit: u64,
    /// What was seen.
    #[arg(long, value_enum)]
    pub result: Seen,
    /// A note; required unless it is a pass.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

/// What was seen for a unit.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Seen {
    /// The control worked in this case.
    Pass,
    /// It did not.
    Deviation,
    /// The attribute does not apply; the next draw replaces the unit.
    NotApplicable,
    /// Evidence is missing; counts as a deviation.
    CouldNotTest,
}

/// Arguments of `evaluate`.
#[derive(Args)]
pub struct Evaluate {
    /// Units tested.
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "vault",
        conflicts_with = "vault"
    )]
    pub sample: Option<u64>,
    /// Deviations found.
    #[arg(
        long,
        value_name = "N",
        required_unless_present = "vault",
        conflicts_with = "vault"
    )]
    pub deviations: Option<u64>,
    /// How sure the limit has to be.
    #[arg(long, value_name = "RATE", default_value = "95%", conflicts_with = "vault")]
    pub confidence: String,
    /// Records in the population: the limit is then exact for it (hypergeometric), else for any size (binomial).
    #[arg(long, value_name = "N", conflicts_with = "vault")]
    pub population: Option<u64>,
    /// Evaluate a plan of this vault.
    #[arg(long, value_name = "DIR", requires = "plan", help_heading = "The vault")]
    pub vault: Option<PathBuf>,
    #[command(flatten)]
    pub opening: Opening,
    /// The plan.
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<String>,
}

/// Verbs of findings.
#[derive(Subcommand)]
pub enum Finding {
    /// List the findings.
    List(InVault),
    /// Write a finding, or supersede one.
    Write {
        #[command(flatten)]
        vault: InVault,
        /// The finding that is superseded.
        #[arg(long, value_name = "FINDING")]
        supersede: Option<String>,
        /// Its title.
        #[arg(long, value_name = "TEXT")]
        title: String,
        /// What is prescribed, and where.
        #[arg(long, value_name = "TEXT")]
        criterion: String,
        /// What was found.
        #[arg(long, value_name = "TEXT")]
        condition: String,
        /// Why, where known.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        cause: String,
        /// What follows, where known.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        effect: String,
        /// What should be done.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        recommendation: String,
        /// How grave it is.
        #[arg(long, value_enum, default_value = "medium")]
        severity: Grade,
        /// Where it stands.
        #[arg(long, value_enum, default_value = "open")]
        status: Standing,
        /// What it rests on: BUNDLE, BUNDLE:RECORD, BUNDLE#CHECK or plan:PLAN/UNIT. May be repeated.
        #[arg(long, value_name = "REF")]
        evidence: Vec<String>,
    },
    /// List the criteria that a finding can cite.
    Criteria,
}

/// Severity.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Grade {
    High,
    Medium,
    Low,
    Info,
}

/// Status of a finding.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Standing {
    Draft,
    Open,
    Answered,
    Closed,
    Withdrawn,
}

/// Arguments of `note`.
#[derive(Args)]
pub struct Note {
    #[command(flatten)]
    pub vault: InVault,
    /// What it is about: BUNDLE, BUNDLE:RECORD, BUNDLE#CHECK or plan:PLAN/UNIT.
    pub target: String,
    /// The note.
    pub text: String,
    /// The note that it replaces.
    #[arg(long, value_name = "NOTE")]
    pub supersede: Option<String>,
}

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

/// Verbs of profiles.
#[derive(Subcommand)]
pub enum Profiles {
    /// List the shipped profiles.
    List,
    /// Print a shipped profile as TOML.
    Show {
        /// Its id.
        id: String,
    },
    /// Read a profile file and say what it means, or where it is wrong.
    Check {
        /// The file.
        file: PathBuf,
    },
}

/// Arguments of `demo`.
#[derive(Args)]
pub struct Demo {
    /// Folder to create.
    pub dir: PathBuf,
}
