//! The formats that bundles are judged under, for people: verification profiles and built-in verifiers.

use std::path::Path;

use serde::Serialize;
use tickmark_verify::{BuiltIn, Profile, built_in};

use crate::error::{Answer, Error};
use crate::format::{Format, profile_file, shipped};

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

/// What a profile means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileExplanation {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What people call it.
    pub title: String,
    /// SHA-256 of its text.
    pub digest: String,
    /// What it says, in plain sentences.
    pub sentences: Vec<String>,
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
    match Format::named(id)? {
        Format::Profile(profile) => Ok(profile.text().to_owned()),
        Format::BuiltIn(found) => Err(Error::invalid(format!(
            "{} is verified by code; there is no profile to show.",
            found.title
        ))
        .hint(format!("It is described at {}.", found.spec_url))),
    }
}

/// Reads a profile file and says what it means.
///
/// # Errors
/// `invalid_input`, naming what was expected, found and where.
pub fn check(path: &Path) -> Answer<ProfileExplanation> {
    let found = profile_file(path)?;
    Ok(ProfileExplanation {
        id: found.id.clone(),
        version: found.version.clone(),
        title: found.title.clone(),
        digest: found.digest().to_owned(),
        sentences: explain(&found),
    })
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

/// `ed25519`, `ed25519 or es256`
fn either(algorithms: &[impl ToString]) -> String {
    let names: Vec<String> = algorithms.iter().map(ToString::to_string).collect();
    names.join(" or ")
}

fn explain(p: &Profile) -> Vec<String> {
    let mut said = Vec::new();
    match &p.hash {
        Some(hash) => said.push(match &hash.field {
            Some(field) => format!("Each record carries its own hash at {field} ({}).", hash.alg),
            None => format!("Each record has a hash ({}) that it does not carry.", hash.alg),
        }),
        None => said.push("Records carry no hash of their own.".to_owned()),
    }
    said.push(match p.link.as_ref().map(|link| link.field.as_deref()) {
        Some(Some(field)) => format!("Each record names the one before it at {field}."),
        Some(None) => "The record before enters the hash, in no field of its own.".to_owned(),
        None => "Records do not name the one before.".to_owned(),
    });
    if p.signatures.is_empty() {
        said.push("Records are not signed.".to_owned());
    }
    said.extend(
        p.signatures
            .iter()
            .map(|s| format!("A signature ({}) stands at {}.", either(&s.algorithms), s.field)),
    );
    if p.manifest.is_some() {
        said.push("A manifest lists the members with their digests.".to_owned());
    }
    if p.closing.is_some() {
        said.push("A digest over all hashes closes the trail.".to_owned());
    }
    if p.tree.is_some() {
        said.push("A Merkle tree covers all records.".to_owned());
    }
    if !p.signatures.is_empty() {
        said.push("Authenticity needs a key that you pin; a key found in the bundle proves only that the bundle agrees with itself.".to_owned());
    }
    said
}
