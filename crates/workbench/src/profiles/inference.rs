//! The profile of an unknown trail, proposed from its records.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tickmark_verify::Request;
use tickmark_verify::infer::{self, Alternative, Explained, Inference, Outcome, Unexplained};
use tickmark_verify::verification::{ClaimOutcome, Verification};

use super::trial::{FaultRow, faults};
use crate::error::{Answer, Code, Error};
use crate::judging::openers;
use crate::received::at_path;
use crate::trust;

/// What `profiles infer` is asked.
#[derive(Debug, Default, Clone)]
pub struct InferRequest {
    /// File or folder with the trail.
    pub bundle: PathBuf,
    /// Where the profile is written, if one reproduces the trail. Nothing is overwritten.
    pub write_to: Option<PathBuf>,
    /// Trust files or folders: keys to try on signatures.
    pub trust: Vec<PathBuf>,
    /// Opens an age-encrypted bundle.
    pub passphrase: Option<String>,
    /// An age identity that opens it.
    pub identity: Option<String>,
}

/// What was proposed, and on what evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProposedProfile {
    /// `reproduced`, `partly`, `none` or `gave_up`.
    pub outcome: Outcome,
    /// The same in one plain sentence.
    pub sentence: String,
    /// The proposed profile as TOML; also when it reproduces the trail only partly.
    pub profile: Option<String>,
    /// SHA-256 of that text.
    pub digest: Option<String>,
    /// The file to which it was written.
    pub written: Option<String>,
    /// Records that were searched.
    pub sampled: usize,
    /// Records that were passed over.
    pub passed_over: u64,
    /// Fields that are explained.
    pub explained: Vec<Explained>,
    /// Fields that look like digests, signatures or keys and stay unexplained.
    pub unexplained: Vec<Unexplained>,
    /// Explanations that reproduce as much.
    pub alternatives: Vec<Alternative>,
    /// Fields that nothing explained reaches.
    pub uncovered_fields: Vec<String>,
    /// What was assumed.
    pub notes: Vec<String>,
    /// The whole trail under the proposed profile.
    pub trail: Option<InferredTrail>,
    /// Blocks of 64 bytes that were hashed.
    pub effort: u64,
    /// Blocks after which the search gives up.
    pub effort_limit: u64,
}

/// The whole trail under a proposed profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InferredTrail {
    /// The verdict.
    pub verdict: ClaimOutcome,
    /// The integrity claim.
    pub integrity: ClaimOutcome,
    /// Records in it.
    pub records: u64,
    /// Faults in it.
    pub faults_total: u64,
    /// The first faults.
    pub faults: Vec<FaultRow>,
}

impl ProposedProfile {
    /// 0 when a profile reproduces the trail, 3 when none does.
    pub fn exit(&self) -> u8 {
        if self.outcome == Outcome::Reproduced { 0 } else { 3 }
    }
}

/// Searches for the profile of a trail, and writes it where one reproduces it.
///
/// # Errors
/// When the bundle cannot be opened, a trust file cannot be read, or the file exists or cannot be written.
pub fn infer(request: &InferRequest) -> Answer<ProposedProfile> {
    let asked = Request {
        trust: trust::read(&request.trust)?,
        openers: openers(request.passphrase.clone(), request.identity.clone())?,
        ..Request::default()
    };
    if let Some(path) = request.write_to.as_deref().filter(|path| path.exists()) {
        return Err(Error::invalid(format!(
            "{} exists already; nothing is overwritten.",
            path.display()
        )));
    }
    let id = name_of(request.write_to.as_deref().unwrap_or(&request.bundle));
    let found = infer::infer(at_path(&request.bundle)?, &asked, &id)?;
    let written = match (&request.write_to, &found.profile, found.outcome) {
        (Some(path), Some(text), Outcome::Reproduced) => Some(write(path, text)?),
        _ => None,
    };
    Ok(view(found, written))
}

/// An id from a file's name: lower-case letters, digits and hyphens.
fn name_of(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let plain: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '-'
            }
        })
        .take(48)
        .collect();
    match plain.trim_matches('-') {
        "" => "inferred".to_owned(),
        name => name.to_owned(),
    }
}

fn write(path: &Path, text: &str) -> Answer<String> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let done = file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    match done {
        Ok(()) => Ok(path.display().to_string()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Error::invalid(format!(
            "{} exists already; nothing is overwritten.",
            path.display()
        ))),
        Err(error) => Err(Error::new(
            Code::Unreadable,
            format!("{} cannot be written ({error}).", path.display()),
        )),
    }
}

fn view(found: Inference, written: Option<String>) -> ProposedProfile {
    ProposedProfile {
        outcome: found.outcome,
        sentence: found.sentence,
        profile: found.profile,
        digest: found.digest,
        written,
        sampled: found.sampled,
        passed_over: found.passed_over,
        explained: found.explained,
        unexplained: found.unexplained,
        alternatives: found.alternatives,
        uncovered_fields: found.uncovered_fields,
        notes: found.notes,
        trail: found.verification.map(|v| trail(&v)),
        effort: found.effort,
        effort_limit: found.effort_limit,
    }
}

fn trail(v: &Verification) -> InferredTrail {
    InferredTrail {
        verdict: v.verdict,
        integrity: v.claims.integrity.outcome,
        records: v.counts.records,
        faults_total: v.counts.faults,
        faults: faults(v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_a_name() {
        for (name, id) in [
            ("/x/Our Gateway_2.toml", "our-gateway-2"),
            ("---.json", "inferred"),
            ("", "inferred"),
        ] {
            assert_eq!(name_of(Path::new(name)), id);
        }
    }
}
