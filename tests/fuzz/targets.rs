//! The targets, by what they read.

pub mod containers;
pub mod formats;
pub mod judging;
pub mod keys;
pub mod reports;
pub mod signatures;
pub mod trails;
pub mod transparency;
