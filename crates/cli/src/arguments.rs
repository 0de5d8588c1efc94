//! What can be typed. The doc comments are the help text.

mod bundle;
mod finding;
mod opening;
mod profile;
mod report;
mod sampling;
mod vault;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use bundle::{Bundles, Export, Import, RecordOf, Records, Search, VerifyAgain};
pub use finding::{Finding, Grade, Note, Standing};
pub use opening::{InVault, Opening, RaisedLimits, Sealed, VaultSecret};
pub use profile::{CheckProfile, Infer};
pub use report::{Custody, Report, VerifyReport};
pub use sampling::{Draw, Evaluate, Method, Order, Plan, Plans, Seen, UnitResultOf};
pub use vault::{Engagement, Key, Slots, Source, ToPin, Vault, VouchesFor};
pub use verify::{ClaimName, Verify};

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

Exit codes: 0 done; 2 not done, the error says why. verify, verify-report, vault check, profiles and selftest use 1 and 3 as well; their help says how.";

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
    VerifyAgain(VerifyAgain),
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
    /// List the systems that bundles come from, and state which profile is expected of one.
    #[command(subcommand, subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
    Source(Source),
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

/// Verbs of profiles.
#[derive(Subcommand)]
pub enum Profiles {
    /// List the shipped profiles and the built-in verifiers.
    List,
    /// Print a shipped profile as TOML.
    Show {
        /// Its id.
        id: String,
    },
    /// Propose a profile for an unknown trail, from its records alone.
    #[command(after_help = "\
Example:
  tickmark profiles infer trail.jsonl -o our-gateway.toml

Exit codes: 0 a profile reproduces the whole trail (with -o it is written); 3 none does; 2 the trail cannot be read.")]
    Infer(Infer),
    /// Read a profile, say what it means and what it cannot show, and try it on a bundle.
    #[command(after_help = "\
Examples:
  tickmark profiles check our-gateway.toml
  tickmark profiles check our-gateway.toml trail.jsonl --trust keys/

Exit codes: 0 the profile can be used and the bundle, if any, holds under it; 1 the bundle contradicts it; 2 profile or bundle cannot be read.")]
    Check(CheckProfile),
}

/// Arguments of `demo`.
#[derive(Args)]
pub struct Demo {
    /// Folder to create.
    pub dir: PathBuf,
}
