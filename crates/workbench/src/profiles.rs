//! The formats that bundles are judged under, for people: verification profiles and built-in verifiers.

mod inference;
mod trial;

use serde::Serialize;
use tickmark_verify::{BuiltIn, Profile, built_in};

use crate::error::{Answer, Error};
use crate::format::{Format, shipped};

pub use inference::{InferRequest, InferredTrail, ProposedProfile, infer};
pub use trial::{CheckRequest, CheckRow, FaultRow, ProfileCheck, TrialView, check};

/// A format in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What people call it.
    pub title: String,
    /// Where the format is described.
    pub spec_url: String,
    /// SHA-256 of its text; of a built-in verifier, of its id and version.
    pub digest: String,
    /// Whether data describes it or code verifies it.
    pub kind: FormatKind,
}

/// How a format is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FormatKind {
    /// By a profile.
    Profile,
    /// By a verifier in code.
    BuiltIn,
}

/// The shipped profiles and the built-in verifiers, by id.
///
/// # Errors
/// `internal` when a shipped profile is damaged.
pub fn list() -> Answer<Vec<ProfileRow>> {
    let mut rows: Vec<ProfileRow> = shipped()?.iter().map(row).collect();
    rows.extend(built_in().iter().map(built_in_row));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

/// A profile's text.
///
/// # Errors
/// `not_found`; `invalid_input` for a built-in verifier, which has none.
pub fn show(id: &str) -> Answer<String> {
    Ok(profile(id)?.text().to_owned())
}

/// A profile: shipped, by its id, or from a file.
fn profile(name: &str) -> Answer<Box<Profile>> {
    match Format::named(name)? {
        Format::Profile(profile) => Ok(profile),
        Format::BuiltIn(found) => Err(Error::invalid(format!(
            "{} is verified by code; there is no profile to show.",
            found.title
        ))
        .hint(format!("It is described at {}.", found.spec_url))),
    }
}

fn row(profile: &Profile) -> ProfileRow {
    ProfileRow {
        id: profile.id.clone(),
        version: profile.version.clone(),
        title: profile.title.clone(),
        spec_url: profile.spec_url.clone(),
        digest: profile.digest().to_owned(),
        kind: FormatKind::Profile,
    }
}

fn built_in_row(found: &BuiltIn) -> ProfileRow {
    ProfileRow {
        id: found.id.to_owned(),
        version: found.version.to_owned(),
        title: found.title.to_owned(),
        spec_url: found.spec_url.to_owned(),
        digest: found.digest(),
        kind: FormatKind::BuiltIn,
    }
}
