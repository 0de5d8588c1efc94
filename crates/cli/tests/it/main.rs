//! The program as others meet it: started, given words, and judged by what it prints and how it ends.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod errors;
mod figures;
mod help;
mod journey;
mod profile;
mod schema;
mod tickmark;
mod verification;
