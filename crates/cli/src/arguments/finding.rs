//! `finding` and `note`.

use clap::{Args, Subcommand, ValueEnum};

use super::InVault;

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
