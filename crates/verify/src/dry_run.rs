//! A dry run of a profile: what it says in plain words, what it cannot show, and, with a bundle, what really happens when
//! its records are edited. The edits are made in memory and judged by the same engine as any bundle.

mod copy;
mod edit;
mod rechain;
mod shown;
mod words;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;
use tickmark_formats::container::Received;

use crate::profile::Profile;
use crate::request::{Observer, ProfileChoice, Request, SeenRecord, VerifyError};
use crate::verification::{Basis, ClaimOutcome, Verification};

use copy::Copy;
pub use shown::{FirstRecord, Preimage};
pub use words::{explain, warnings};

/// A field of a record that was changed, and what saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldEdit {
    /// Its pointer; `*` stands for an array index.
    pub field: String,
    /// The record in which it was changed, 1-based.
    pub record: u64,
    /// Fault codes that the change caused; none when it goes unnoticed.
    pub seen_by: Vec<String>,
    /// The claims that it refutes or weakens.
    pub claims: Vec<String>,
    /// `signature`, `hash`, `check`, `link`, `number`, `statement` or `form`: what saw it; empty when unnoticed.
    pub by: Vec<String>,
}

/// A change of the order or number of records, and what saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StructuralEdit {
    /// `drop_first`, `drop_middle`, `drop_last`, `swap`, `duplicate` or `rechain`.
    pub edit: String,
    /// The same in words.
    pub title: String,
    /// Fault codes that the change caused; none when it goes unnoticed.
    pub seen_by: Vec<String>,
    /// The claims that it refutes or weakens.
    pub claims: Vec<String>,
    /// One plain sentence.
    pub sentence: String,
}

/// Every edit that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mutations {
    /// Records of the copy that was edited.
    pub records: u64,
    /// Whether that was the beginning of the trail only, without the statements beside the records.
    pub is_excerpt: bool,
    /// One entry a field.
    pub fields: Vec<FieldEdit>,
    /// Fields that were left out of the trial because there are too many.
    pub fields_left_out: u64,
    /// Edits of order and number.
    pub structure: Vec<StructuralEdit>,
}

/// What a profile does on a bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Whether the bundle holds under the profile: nothing is refuted.
    pub holds: bool,
    /// The verdict on the bundle, check by check.
    pub verification: Box<Verification>,
    /// The first record: what is hashed, beside what is recorded.
    pub first: Option<FirstRecord>,
    /// What an edit would do; `None` when the bundle contradicts the profile, so that no edit would show anything.
    pub mutations: Option<Mutations>,
}

/// Tries a profile on a bundle.
///
/// `request` gives the pinned keys, limits and secrets; its profile is replaced.
///
/// # Errors
/// When nothing could be judged.
pub fn try_on(profile: &Profile, received: Received, request: &Request) -> Result<Trial, VerifyError> {
    let asked = named(profile, request);
    let mut beginning = Beginning::default();
    let verification = crate::verify(received.clone(), &asked, &mut beginning)?;
    let holds = verification.verdict != ClaimOutcome::Refuted;
    let first = shown::first(profile, &beginning.records, &request.limits);
    let mutations = if holds && verification.counts.records > 0 {
        Copy::of(received, request, &verification, &beginning.places)?
            .map(|copy| table(profile, &copy, &asked))
            .transpose()?
    } else {
        None
    };
    Ok(Trial {
        holds,
        verification: Box::new(verification),
        first,
        mutations,
    })
}

fn named(profile: &Profile, request: &Request) -> Request {
    Request {
        profile: ProfileChoice::Named(Box::new(profile.clone())),
        trust: request.trust.clone(),
        openers: std::sync::Arc::clone(&request.openers),
        limits: request.limits.clone(),
        ..Request::default()
    }
}

/// Where a record lies.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    member: String,
    offset: usize,
    len: usize,
}

/// The first records of a trail, and where each lies.
#[derive(Default)]
struct Beginning {
    records: Vec<Vec<u8>>,
    places: Vec<Place>,
    room: usize,
}

impl Observer for Beginning {
    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        if self.records.len() < 2 && record.bytes.len() <= LONGEST_SHOWN {
            self.records.push(record.bytes.to_vec());
        }
        if self.places.len() < MOST_RECORDS && self.room < MOST_BYTES {
            self.room += record.bytes.len();
            self.places.push(Place {
                member: record.member.to_owned(),
                offset: usize::try_from(record.offset).unwrap_or(usize::MAX),
                len: record.bytes.len(),
            });
        }
        ControlFlow::Continue(())
    }
}

/// Tries every edit on a copy.
fn table(profile: &Profile, copy: &Copy, asked: &Request) -> Result<Mutations, VerifyError> {
    let before = copy.judge(None, asked)?;
    let (edits, fields_left_out) = edit::fields(copy, &asked.limits);
    let mut fields = Vec::new();
    for change in edits {
        let after = copy.judge(Some((change.record, &change.text)), asked)?;
        let (seen_by, claims) = difference(&before, &after);
        fields.push(FieldEdit {
            field: change.field,
            record: change.record as u64 + 1,
            by: words::by(&seen_by),
            seen_by,
            claims,
        });
    }
    fields.sort_by(|a, b| a.field.cmp(&b.field));
    let mut structure = Vec::new();
    for (name, title, order) in edit::orders(copy.records.len()) {
        let after = copy.judge_order(&order, asked)?;
        let mut edit = told(name, title, difference(&before, &after));
        let begins = |v: &Verification| v.chains.iter().all(|chain| chain.starts_at_genesis);
        if edit.seen_by.is_empty() && edit.claims.is_empty() && begins(&before) && !begins(&after) {
            "No fault, but told: the trail then no longer begins at its beginning."
                .clone_into(&mut edit.sentence);
        }
        structure.push(edit);
    }
    if let Some(remade) = rechain::remade(profile, copy, &asked.limits) {
        let after = copy.judge_texts(&remade, asked)?;
        let title = "edit one record and make every later hash and link anew";
        structure.push(told("rechain", title, difference(&before, &after)));
    }
    Ok(Mutations {
        records: copy.records.len() as u64,
        is_excerpt: copy.is_excerpt,
        fields,
        fields_left_out,
        structure,
    })
}

fn told(edit: &str, title: &str, (seen_by, claims): (Vec<String>, Vec<String>)) -> StructuralEdit {
    let sentence = match (edit, seen_by.is_empty() && claims.is_empty()) {
        (_, false) => format!("Noticed: {}.", if claims.is_empty() { seen_by.join(", ") } else { claims.join(", ") }),
        ("drop_last", true) => {
            "Not noticed: nothing under a pinned key says where the trail ends. Ask for the last hash or the number of records by another way."
                .to_owned()
        }
        ("rechain", true) => {
            "Not noticed: whoever can write the file can remake it. Only a signature under a key that you pinned, or a hash known by another way, shows it."
                .to_owned()
        }
        (_, true) => "Not noticed.".to_owned(),
    };
    StructuralEdit {
        edit: edit.to_owned(),
        title: title.to_owned(),
        seen_by,
        claims,
        sentence,
    }
}

/// Fault codes that are new or more, and claims that are worse.
fn difference(before: &Verification, after: &Verification) -> (Vec<String>, Vec<String>) {
    let counts = |v: &Verification| -> BTreeMap<String, u64> {
        v.fault_groups
            .iter()
            .map(|group| (group.code.clone(), group.count))
            .collect()
    };
    let known = counts(before);
    let seen_by = counts(after)
        .into_iter()
        .filter(|(code, count)| *count > known.get(code).copied().unwrap_or(0))
        .map(|(code, _)| code)
        .collect();
    let claims = [
        ("integrity", &before.claims.integrity, &after.claims.integrity),
        (
            "authenticity",
            &before.claims.authenticity,
            &after.claims.authenticity,
        ),
        (
            "completeness",
            &before.claims.completeness,
            &after.claims.completeness,
        ),
        ("time", &before.claims.time, &after.claims.time),
    ];
    let word = |outcome: ClaimOutcome| match outcome {
        ClaimOutcome::Refuted => "refuted",
        ClaimOutcome::NotProven => "not proven",
        ClaimOutcome::Proven => "proven",
    };
    let mut worse: Vec<String> = claims
        .into_iter()
        .filter(|(_, before, after)| after.outcome < before.outcome)
        .map(|(name, _, after)| format!("{name} {}", word(after.outcome)))
        .collect();
    let is_anchored = |v: &Verification| v.claims.integrity.basis == Some(Basis::Anchored);
    if worse.is_empty() && is_anchored(before) && !is_anchored(after) {
        worse.push("integrity no longer anchored".to_owned());
    }
    (seen_by, worse)
}

/// Records of the copy that is edited.
const MOST_RECORDS: usize = 60;
/// Bytes of those records.
const MOST_BYTES: usize = 2 << 20;
const LONGEST_SHOWN: usize = 256 * 1024;
