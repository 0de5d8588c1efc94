//! The criteria a finding can cite: frameworks, clauses, duties.
//!
//! A criterion says what imported records can show of a duty *and what they cannot*; the second line is never left out.
//! Summaries are own words, not legal text and not legal advice. Dates and figures are data (`data/frameworks.toml`).

mod catalogue;
mod check;
mod criterion;

pub use catalogue::{Catalogue, CatalogueError, MAX_LINE, MAX_TEXT, SCHEMA, SHIPPED};
pub use check::{CheckWord, UnknownCheckWord};
pub use criterion::{Criterion, Evaluable, Grounding, Params};
