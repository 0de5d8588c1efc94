//! Inference: from the records of an unknown trail to the profile that reproduces them.
//!
//! Fields that look like digests are found first, then those that repeat a digest of the record before; only then are
//! preimages searched, on one record, and held against all. What is proposed is read back, judged by the same engine as
//! any profile, and claimed only as far as it reproduced the trail. What the records cannot tell apart is listed.

mod effort;
mod field;
mod form;
mod goal;
mod joined;
mod proposal;
mod search;
mod signing;
mod subset;
mod telling;
mod trail;
mod writing;

use serde::Serialize;
use tickmark_formats::container::Received;
use tickmark_formats::json::{Value, parse};

use crate::inventory::Inventory;
use crate::judge::opening;
use crate::profile::Profile;
use crate::request::{ProfileChoice, Request, Unwatched, VerifyError};
use crate::verification::{ClaimOutcome, Verification};

use effort::Effort;

/// What an inference came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The proposed profile reproduces every record of the trail.
    Reproduced,
    /// It reproduces most records; the others contradict it.
    Partly,
    /// Nothing in the searched space reproduces a recorded digest or signature.
    None,
    /// The search was ended by its limit before it had tried everything.
    GaveUp,
}

/// A field that the proposed profile explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Its pointer.
    pub field: String,
    /// `hash`, `check`, `link`, `signature`, `key` or `seq`.
    pub role: String,
    /// Records of the sample on which it was reproduced.
    pub reproduced: usize,
    /// Records of the sample that have it.
    pub of: usize,
    /// The same in one plain sentence.
    pub sentence: String,
}

/// A field that looks like a digest, a signature or a key, and that nothing explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unexplained {
    /// Its pointer.
    pub field: String,
    /// What it looks like and what was tried, in one plain sentence.
    pub sentence: String,
}

/// Another explanation that these records cannot tell from the proposed one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// Its place in the profile, for example `hash.preimage`.
    pub place: String,
    /// What is proposed, as TOML.
    pub proposed: String,
    /// What reproduces the same values, as TOML.
    pub other: String,
    /// Why the one is proposed, in one plain sentence.
    pub sentence: String,
}

/// The answer of an inference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inference {
    /// What it came to.
    pub outcome: Outcome,
    /// The same in one plain sentence.
    pub sentence: String,
    /// Records that were searched: the first of the trail.
    pub sampled: usize,
    /// Records that were passed over while sampling.
    pub passed_over: u64,
    /// The proposed profile as TOML; also when it reproduces the trail only partly.
    pub profile: Option<String>,
    /// SHA-256 of that text, hex.
    pub digest: Option<String>,
    /// Fields that it explains.
    pub explained: Vec<Explained>,
    /// Fields that stay unexplained.
    pub unexplained: Vec<Unexplained>,
    /// Explanations that reproduce as much.
    pub alternatives: Vec<Alternative>,
    /// JSON pointers of fields that no explained digest or signature reaches.
    pub uncovered_fields: Vec<String>,
    /// Plain sentences about what was assumed.
    pub notes: Vec<String>,
    /// What the engine says of the whole trail under the proposed profile.
    pub verification: Option<Box<Verification>>,
    /// Blocks of 64 bytes that were hashed.
    pub effort: u64,
    /// Blocks that could be hashed before the search gives up.
    pub effort_limit: u64,
}

/// Searches for the profile of an unknown trail.
///
/// `request` gives the pinned keys, limits and secrets; its profile is not asked for. `id` names the proposed profile:
/// lower-case letters, digits and hyphens.
///
/// # Errors
/// When the bundle cannot be opened, or a search of its records is impossible. That nothing was found is an answer.
pub fn infer(received: Received, request: &Request, id: &str) -> Result<Inference, VerifyError> {
    infer_within(received, request, id, EFFORT)
}

/// As [`infer`], with another limit on the blocks of 64 bytes that may be hashed.
///
/// # Errors
/// As [`infer`].
pub fn infer_within(
    received: Received,
    request: &Request,
    id: &str,
    limit: u64,
) -> Result<Inference, VerifyError> {
    let container = opening::open(received.clone(), request)?;
    let inventory = Inventory::take(&container)?;
    let mut effort = Effort::new(limit);
    let Some(trail) = trail::read(&container, &inventory, request, SAMPLE) else {
        return Ok(nothing("The bundle holds no JSON records.", &effort));
    };
    let records: Vec<Value<'_>> = trail
        .texts
        .iter()
        .filter_map(|text| parse(text, &request.limits).ok())
        .collect();
    if records.len() != trail.texts.len() || records.len() < 2 {
        return Ok(nothing(
            "The bundle holds fewer than two records; a single one shows no chain.",
            &effort,
        ));
    }
    let found = proposal::of(&trail, &records, request, id, &mut effort);
    let mut answer = Inference {
        sampled: records.len(),
        passed_over: trail.passed_over,
        explained: found.explained,
        unexplained: found.unexplained,
        alternatives: found.alternatives,
        notes: found.notes,
        ..nothing("", &effort)
    };
    match found.text {
        Some(text) => settle(&mut answer, &text, received, request),
        None if effort.is_cut() => {
            answer.outcome = Outcome::GaveUp;
            answer.sentence = format!(
                "Gave up after {} blocks of hashing: the records have too many fields to try everything. No profile was found.",
                effort.spent()
            );
        }
        None => {
            "No recorded digest or signature was reproduced. The trail is outside what profiles can say, or what was hashed is not in it."
                .clone_into(&mut answer.sentence);
        }
    }
    Ok(answer)
}

/// Reads the proposed text back and judges the whole trail under it. Nothing is claimed that the engine does not find.
fn settle(answer: &mut Inference, text: &str, received: Received, request: &Request) {
    let judged = Profile::parse(text)
        .map_err(|error| error.to_string())
        .and_then(|profile| {
            let digest = profile.digest().to_owned();
            let asked = Request {
                profile: ProfileChoice::Named(Box::new(profile)),
                trust: request.trust.clone(),
                openers: std::sync::Arc::clone(&request.openers),
                limits: request.limits.clone(),
                ..Request::default()
            };
            let verification =
                crate::verify(received, &asked, &mut Unwatched).map_err(|error| error.to_string())?;
            Ok((digest, verification))
        });
    let (digest, verification) = match judged {
        Ok(judged) => judged,
        Err(message) => {
            answer.outcome = Outcome::None;
            answer.sentence =
                format!("An explanation was found that cannot be written as a profile: {message}");
            return;
        }
    };
    let counts = &verification.counts;
    let is_whole = verification.claims.integrity.outcome == ClaimOutcome::Proven && counts.faults == 0;
    answer.outcome = if is_whole {
        Outcome::Reproduced
    } else {
        Outcome::Partly
    };
    answer.sentence = if is_whole {
        format!(
            "The proposed profile reproduces all {} records of the trail.",
            counts.records
        )
    } else {
        let first = verification
            .faults
            .first()
            .map_or("", |fault| fault.sentence.as_str());
        format!(
            "The proposed profile does not reproduce the whole trail: {} records, {} faults. The first: {first}",
            counts.records, counts.faults
        )
    };
    answer.uncovered_fields.clone_from(&verification.uncovered_fields);
    answer.profile = Some(text.to_owned());
    answer.digest = Some(digest);
    answer.verification = Some(Box::new(verification));
}

fn nothing(sentence: &str, effort: &Effort) -> Inference {
    Inference {
        outcome: Outcome::None,
        sentence: sentence.to_owned(),
        sampled: 0,
        passed_over: 0,
        profile: None,
        digest: None,
        explained: Vec::new(),
        unexplained: Vec::new(),
        alternatives: Vec::new(),
        uncovered_fields: Vec::new(),
        notes: Vec::new(),
        verification: None,
        effort: effort.spent(),
        effort_limit: effort.limit(),
    }
}

/// Records that are searched.
const SAMPLE: usize = 100;
/// Blocks of 64 bytes that a search may hash: about a second of one core.
const EFFORT: u64 = 12_000_000;
