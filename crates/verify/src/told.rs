//! What a reviewer knows by another way, held against the bundle: a digest, a count, last hashes, earlier imports.

use crate::fault::fault;
use crate::head::HeadSpelling;
use crate::ledger::Ledger;
use crate::phrase::grouped;
use crate::profile::Profile;
use crate::request::{RememberedHead, Request};
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

/// What earlier imports of the same trail held.
#[derive(Debug, Default)]
pub(crate) struct Earlier<'r> {
    /// Earlier imports of chains that are here.
    pub known: Vec<&'r RememberedHead>,
    /// Of these, those that were met at their head.
    pub met: u64,
    /// Those that held more records than are here, or another record at that place.
    pub contradicted: u64,
    /// Chains of the same imports that are not here.
    pub absent: u64,
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
            earlier: earlier(request, ledger),
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

fn earlier<'r>(request: &'r Request, ledger: &mut Ledger<'_>) -> Earlier<'r> {
    let is_here = |head: &&RememberedHead| {
        ledger
            .chains
            .get(&head.chain)
            .is_some_and(|chain| chain.first_id == head.first_id)
    };
    let (known, others): (Vec<_>, Vec<_>) = request.remembered.iter().partition(is_here);
    let absent = others
        .iter()
        .filter(|head| {
            !ledger.chains.contains_key(&head.chain)
                && known.iter().any(|other| other.imported_at == head.imported_at)
        })
        .count() as u64;
    let mut found: Vec<Fault> = Vec::new();
    for head in &known {
        let Some(chain) = ledger.chains.get(&head.chain) else {
            continue;
        };
        if chain.records >= head.records || !ledger.extent_is_known() || chain.is_unsure {
            continue;
        }
        let sentence = format!(
            "An earlier import of this trail ({}) ended at record {}; this one ends at {}.",
            head.imported_at,
            grouped(head.records),
            grouped(chain.records)
        );
        let told = fault("rollback", "completeness", sentence);
        found.push(told.between(&head.head, chain.head.as_deref().unwrap_or_default()));
    }
    let contradicted = found.len() as u64 + ledger.remembered.failed;
    for told in found {
        ledger.faults.add(told);
    }
    Earlier {
        known,
        met: ledger.remembered.passed,
        contradicted,
        absent,
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
