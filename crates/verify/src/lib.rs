//! Judges a bundle: profiles, checks, claims, verdict.

pub mod verification;
