//! What floor 0 does, tried through its public names: published vectors, and containers as attackers write them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod container;
mod fixtures;
mod json_test_suite;
mod numbers_and_text;
mod receipts;
mod rfc8785;
