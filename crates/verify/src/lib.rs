//! Judges a bundle: profiles, checks, claims, verdict.
