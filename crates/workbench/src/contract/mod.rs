//! What crosses the border between the workbench and its two doors.
//!
//! Plain data. TypeScript is generated from it (`cargo xtask bindings`); the command line prints the same types as JSON.

use serde::{Deserialize, Serialize};

pub mod activity;
pub mod bundle;
pub mod command;
pub mod finding;
pub mod record;
pub mod report;
pub mod sampling;
pub mod session;
pub mod source;
pub mod trust;

pub use tickmark_verify::verification;

/// An error as a door shows it: `tickmark.error/1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ErrorView {
    /// Always `tickmark.error/1`.
    pub schema: String,
    /// Stable code, for example `wrong_secret`.
    pub code: String,
    /// What happened, in words.
    pub message: String,
    /// What can be done.
    pub hints: Vec<String>,
}
