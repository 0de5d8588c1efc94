//! Reads what a record says in the reviewer's words: time, event, actor, outcome, text.
//!
//! [`facts()`] is a reading aid over records whose members nobody agreed on. It proves nothing; every fact carries the JSON
//! pointer that it was read from. [`proof_level`] says how much a platform export without a chain can prove by itself.

mod facts;
mod proof;
mod rules;
mod text;
mod time;

pub use facts::{Fact, Facts, MAX_FACT, RecordedTime, facts};
pub use proof::{ProofBasis, ProofLevel, proof_level};
pub use text::{IndexedText, MAX_TEXT, indexed_text};
pub use time::{Moment, Precision, parse_number, parse_text};
