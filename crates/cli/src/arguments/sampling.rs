//! `plan`, `draw`, `result` and `evaluate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{InVault, Opening};

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
