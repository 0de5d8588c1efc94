//! The demo engagement: three trails of an invented credit assistant, made by our own code in the manner of real
//! systems, and the review of them from import to report.
//!
//! Everything is derived from a fixed number, so that the demo shows the same figures on every machine. Its keys are
//! made for the demo and protect nothing.

mod bundles;
mod decisions;
mod review;

pub use review::{DemoMade, make};
