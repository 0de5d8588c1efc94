//! The verification profiles, for people.

mod inference;
mod trial;

use serde::Serialize;
use tickmark_verify::Profile;

use crate::error::{Answer, Code, Error};
use crate::judging::profile;

pub use inference::{InferRequest, InferredTrail, ProposedProfile, infer};
pub use trial::{CheckRequest, CheckRow, FaultRow, ProfileCheck, TrialView, check};

/// A profile in a list.
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
    /// SHA-256 of its text.
    pub digest: String,
}

/// The shipped profiles, by id.
///
/// # Errors
/// `internal` when a shipped profile is damaged.
pub fn list() -> Answer<Vec<ProfileRow>> {
    let shipped = tickmark_verify::profile::shipped().map_err(|(id, message)| {
        Error::new(
            Code::Internal,
            format!("The shipped profile {id} cannot be read: {message}"),
        )
    })?;
    Ok(shipped.iter().map(row).collect())
}

/// A profile's text.
///
/// # Errors
/// `not_found`.
pub fn show(id: &str) -> Answer<String> {
    Ok(profile(id)?.text().to_owned())
}

fn row(profile: &Profile) -> ProfileRow {
    ProfileRow {
        id: profile.id.clone(),
        version: profile.version.clone(),
        title: profile.title.clone(),
        spec_url: profile.spec_url.clone(),
        digest: profile.digest().to_owned(),
    }
}
