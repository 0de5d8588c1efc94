//! Tells it: report model to pages, PDF, canonical JSON and lists.
//!
//! One model, [`model::Report`], is printed twice: as `report.json` in canonical form, whose SHA-256 is the report digest,
//! and as a PDF that shows the same figures, carries that file inside and prints its digest on the cover. The same model
//! gives the same bytes. Nothing here reads a clock, a file or a random number.
//!
//! | module | from | to |
//! |---|---|---|
//! | [`model`] | the workbench | what a report says |
//! | [`render`] | a model | PDF and `report.json` |
//! | [`embedded_json`], [`printed_digest`] | a PDF | what it carries and what it prints |
//! | [`csv`] | a model | lists for a spreadsheet |

mod chapter;
mod check;
pub mod csv;
mod error;
mod json;
pub mod model;
mod pdf;
pub mod words;

pub use error::ReportError;
pub use json::digest_of;
pub use pdf::read::{embedded_json, printed_digest};
pub use pdf::{Rendered, render};
