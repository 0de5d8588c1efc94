//! The test kit: trails in every format's manner, and the corpus of lies about them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a generator that cannot go on has a mistake that somebody has to see"
)]

// the trails are those of the verifier's own tests, so that nothing is made twice
#[allow(missing_docs, clippy::semicolon_if_nothing_returned)]
#[path = "../../crates/verify/tests/it/kit/mod.rs"]
pub mod kit;
#[allow(
    missing_docs,
    clippy::semicolon_if_nothing_returned,
    clippy::format_push_string
)]
#[path = "../../crates/verify/tests/it/manner/mod.rs"]
mod manner;

pub mod corpus;
pub mod genuine;
