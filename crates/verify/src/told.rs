//! What a reviewer knows by another way, held against the bundle: a digest, a count, last hashes, earlier imports.

use crate::earlier::Earlier;
use crate::fault::fault;
use crate::head::HeadSpelling;
use crate::ledger::Ledger;
use crate::phrase::grouped;
use crate::profile::Profile;
use crate::request::Request;
use crate::verification::Fault;

/// Everything that was told, and what became of it.
#[derive(Debug)]
pub(crate) struct Told<'r> {
    pub digest: Answer,
    pub count: Answer,
    pub heads: Answer,
    pub earlier: Earlier<'r>,
}

/// What became of something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing was told.
    NotAsked,
    Agrees,
    Differs,
    /// It cannot be held against the bundle, and why.
    Open(&'static str),
}

impl<'r> Told<'r> {
    /// Holds what was told against the bundle; what differs becomes a fault.
    pub fn hold(
        request: &'r Request,
        profile: Option<&Profile>,
        ledger: &mut Ledger<'_>,
        sha256: Option<&str>,
    ) -> Told<'r> {
        Told {
            digest: digest(request, ledger, sha256),
            heads: heads(request, profile, ledger),
            count: count(request, ledger),
            earlier: Earlier::hold(request, profile, ledger),
        }
    }
}

fn digest(request: &Request, ledger: &mut Ledger<'_>, sha256: Option<&str>) -> Answer {
    let Some(told) = &request.expect_sha256 else {
        return Answer::NotAsked;
    };
    let Some(sha256) = sha256 else {
        return Answer::Open("the bundle could not be read to its end");
    };
    if told.trim().eq_ignore_ascii_case(sha256) {
        return Answer::Agrees;
    }
    let sentence = "The bundle is not the one that the sender named.";
    let difference = fault("bundle_digest_mismatch", "integrity", sentence);
    ledger.faults.add(difference.between(told.trim(), sha256));
    Answer::Differs
}

fn count(request: &Request, ledger: &mut Ledger<'_>) -> Answer {
    let Some(told) = request.expect_count else {
        return Answer::NotAsked;
    };
    if !ledger.extent_is_known() {
        return Answer::Open("a part of the bundle could not be read");
    }
    if told == ledger.records {
        return Answer::Agrees;
    }
    let sentence = format!(
        "You were told {} records; {} are here.",
        grouped(told),
        grouped(ledger.records)
    );
    let difference = fault("count_mismatch", "completeness", sentence);
    ledger
        .faults
        .add(difference.between(&told.to_string(), &ledger.records.to_string()));
    Answer::Differs
}

/// Every told head must be the end of a chain, and every chain must end with a told head.
fn heads(request: &Request, profile: Option<&Profile>, ledger: &mut Ledger<'_>) -> Answer {
    if request.expect_head.is_empty() {
        return Answer::NotAsked;
    }
    let spelling = HeadSpelling::of(profile);
    let found: Vec<Option<&str>> = ledger
        .chains
        .values()
        .map(|chain| chain.head.as_deref())
        .collect();
    let is_here = |told: &String| found.iter().flatten().any(|head| spelling.is_same(told, head));
    let missed: Vec<&String> = request.expect_head.iter().filter(|told| !is_here(told)).collect();
    let is_told = |head: &Option<&str>| {
        head.is_some_and(|head| {
            request
                .expect_head
                .iter()
                .any(|told| spelling.is_same(told, head))
        })
    };
    let all_are_told = found.iter().all(is_told);
    if !missed.is_empty() {
        if !ledger.extent_is_known() {
            return Answer::Open("a part of the bundle could not be read");
        }
        let end = ledger
            .chains
            .values()
            .find_map(|chain| chain.head.clone())
            .unwrap_or_default();
        for as_told in missed {
            let sentence = "The trail does not end with the hash you were told.";
            let difference = fault("head_mismatch", "completeness", sentence);
            ledger.faults.add(difference.between(as_told, &end));
        }
        return Answer::Differs;
    }
    if all_are_told {
        Answer::Agrees
    } else {
        Answer::Open("there are chains whose last hash you were not told")
    }
}

impl Fault {
    /// The same fault, with what was expected and what was found.
    pub(crate) fn between(mut self, expected: &str, found: &str) -> Self {
        self.expected = Some(expected.to_owned());
        self.found = Some(found.to_owned());
        self
    }
}
