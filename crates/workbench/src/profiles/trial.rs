//! A profile of one's own, read and tried on a bundle.

use std::path::PathBuf;

use serde::Serialize;
use tickmark_verify::Request;
use tickmark_verify::dry_run::{self, FirstRecord, Mutations};
use tickmark_verify::verification::{CheckOutcome, ClaimOutcome, Verification};

use super::profile;
use crate::error::Answer;
use crate::judging::openers;
use crate::received::at_path;
use crate::trust;

/// What `profiles check` is asked.
#[derive(Debug, Default, Clone)]
pub struct CheckRequest {
    /// A profile file, or the id of a shipped profile.
    pub profile: String,
    /// A bundle to try it on.
    pub bundle: Option<PathBuf>,
    /// Trust files or folders.
    pub trust: Vec<PathBuf>,
    /// Opens an age-encrypted bundle.
    pub passphrase: Option<String>,
    /// An age identity that opens it.
    pub identity: Option<String>,
}

/// What a profile means, and what it does on a bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileCheck {
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
    /// What it cannot show, in plain sentences.
    pub warnings: Vec<String>,
    /// What it does on the bundle, if one was given.
    pub trial: Option<TrialView>,
}

/// What a profile does on a bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialView {
    /// Whether nothing of the bundle contradicts the profile.
    pub holds: bool,
    /// The verdict on the bundle.
    pub verdict: ClaimOutcome,
    /// The sentence under the verdict.
    pub sentence: String,
    /// Records in the bundle.
    pub records: u64,
    /// Faults in the bundle.
    pub faults_total: u64,
    /// Every check with its outcome.
    pub checks: Vec<CheckRow>,
    /// The first faults.
    pub faults: Vec<FaultRow>,
    /// Fields that no hash or signature reaches.
    pub uncovered_fields: Vec<String>,
    /// The first record: what is hashed and signed.
    pub first: Option<FirstRecord>,
    /// What edits would be seen; none where the bundle contradicts the profile.
    pub mutations: Option<Mutations>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckRow {
    /// The claim it belongs to.
    pub claim: String,
    /// Its id.
    pub id: String,
    /// What it asks, as a statement.
    pub title: String,
    /// Its outcome.
    pub outcome: CheckOutcome,
    /// What was found.
    pub detail: String,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultRow {
    /// Its code.
    pub code: String,
    /// The record, 1-based.
    pub record: Option<u64>,
    /// One plain sentence.
    pub sentence: String,
}

/// Reads a profile, says what it means and what it cannot show, and tries it on a bundle if one is given.
///
/// # Errors
/// `not_found`; `invalid_input`, naming what was expected, found and where; as `verify` for the bundle.
pub fn check(request: &CheckRequest) -> Answer<ProfileCheck> {
    let found = profile(&request.profile)?;
    let trial = match &request.bundle {
        Some(path) => {
            let asked = Request {
                trust: trust::read(&request.trust)?,
                openers: openers(request.passphrase.clone(), request.identity.clone())?,
                ..Request::default()
            };
            Some(view(dry_run::try_on(&found, at_path(path)?, &asked)?))
        }
        None => None,
    };
    Ok(ProfileCheck {
        id: found.id.clone(),
        version: found.version.clone(),
        title: found.title.clone(),
        digest: found.digest().to_owned(),
        sentences: dry_run::explain(&found),
        warnings: dry_run::warnings(&found),
        trial,
    })
}

fn view(trial: dry_run::Trial) -> TrialView {
    let v = trial.verification;
    TrialView {
        holds: trial.holds,
        verdict: v.verdict,
        sentence: v.sentence.clone(),
        records: v.counts.records,
        faults_total: v.counts.faults,
        checks: checks(&v),
        faults: faults(&v),
        uncovered_fields: v.uncovered_fields,
        first: trial.first,
        mutations: trial.mutations,
    }
}

fn checks(v: &Verification) -> Vec<CheckRow> {
    let claims = [
        ("integrity", &v.claims.integrity),
        ("authenticity", &v.claims.authenticity),
        ("completeness", &v.claims.completeness),
        ("time", &v.claims.time),
    ];
    let rows = claims.into_iter().flat_map(|(claim, found)| {
        found.checks.iter().map(move |check| CheckRow {
            claim: claim.to_owned(),
            id: check.id.clone(),
            title: check.title.clone(),
            outcome: check.outcome,
            detail: check.detail.clone(),
        })
    });
    rows.collect()
}

/// The first faults of a verification.
pub(super) fn faults(v: &Verification) -> Vec<FaultRow> {
    let first = v.faults.iter().take(FAULTS_SHOWN);
    first
        .map(|fault| FaultRow {
            code: fault.code.clone(),
            record: fault.record,
            sentence: fault.sentence.clone(),
        })
        .collect()
}

const FAULTS_SHOWN: usize = 20;
