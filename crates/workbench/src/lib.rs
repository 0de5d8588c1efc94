//! What a reviewer can do: use cases, custody, contract types for both doors.
//!
//! A [`Workbench`] holds the open vault. Its methods are the commands of [`contract::command`]; both doors call them and
//! decide nothing themselves. What needs no vault stands beside it: [`judging`], [`figures`], [`profiles`].
#![allow(clippy::needless_pass_by_value)] // a command takes its request whole, as it crosses the border

mod browse;
mod canonical;
pub mod contract;
mod custody;
mod demo;
mod desk;
pub mod error;
mod exporting;
pub mod figures;
mod finding;
pub mod format;
pub mod importing;
pub mod judging;
mod memory;
mod moment;
pub mod period;
mod picture;
mod pin;
pub mod ports;
pub mod profiles;
mod query;
pub mod received;
mod reporting;
mod sampling;
pub mod selftest;
mod source;
mod task;
pub mod trust;
pub mod vaults;

pub use demo::{DemoMade, make as make_demo};
pub use desk::Workbench;
pub use error::{Answer, Error};
