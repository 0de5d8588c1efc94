//! Digests in the order of their times, and how each follows the one before it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::digest::Digest;

/// One chain: the digests of one account, region and trail; those that were made afterwards are a chain of their own.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// Its name: that of its digests without the time.
    pub id: String,
    pub is_backfill: bool,
    /// Its digests by number, oldest first.
    pub digests: Vec<usize>,
    /// How each of them follows; one entry a digest.
    pub steps: Vec<Step>,
    /// Digests that another one passes over, or that speak for the place of another one.
    pub apart: Vec<usize>,
}

/// How a digest follows the one before it in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It begins the chain: no digest before it exists.
    Begins,
    /// The bundle begins with it; an older one exists and is not here.
    Cut,
    /// The digest that it names is here and is the one with that hash.
    Follows,
    /// The digest that it names is here, with another hash.
    Altered,
    /// It names no digest though older ones are here: logging or validation had been stopped.
    Restarts,
    /// The digest that it names is not here though older ones are.
    Missing,
}

/// A span of time.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

/// Sorts digests into chains, by name.
pub(super) fn chains(digests: &[Digest]) -> Vec<Chain> {
    let mut by_id: BTreeMap<String, Chain> = BTreeMap::new();
    for (number, digest) in digests.iter().enumerate() {
        let Some(name) = digest.name() else { continue };
        let chain = by_id.entry(name.chain()).or_default();
        chain.is_backfill = name.is_backfill;
        chain.digests.push(number);
    }
    by_id
        .into_iter()
        .map(|(id, mut chain)| {
            chain.id = id;
            chain.join(digests);
            chain
        })
        .collect()
}

impl Chain {
    fn join(&mut self, digests: &[Digest]) {
        let of = |number: &usize| digests.get(*number);
        self.digests.sort_by_key(|number| {
            of(number).map(|digest| (digest.end, digest.start, &digest.object, digest.member))
        });
        self.set_copies_apart(digests);
        let mut passed = vec![false; self.digests.len()];
        for (place, number) in self.digests.iter().enumerate() {
            let Some(digest) = of(number) else { continue };
            let Some(previous) = &digest.previous else {
                self.steps
                    .push(if place == 0 { Step::Begins } else { Step::Restarts });
                // what lies before a restart is the end of its own chain and has to be named by nobody
                if let Some(before) = place.checked_sub(1).and_then(|before| passed.get_mut(before)) {
                    *before = true;
                }
                continue;
            };
            let older = self.digests.get(..place).unwrap_or_default();
            let named = older
                .iter()
                .rposition(|number| of(number).is_some_and(|older| older.is_named_by(previous)));
            let found = named.and_then(|at| older.get(at)).and_then(of);
            self.steps.push(match found {
                Some(found) if found.sha256 == previous.sha256 => Step::Follows,
                Some(_) => Step::Altered,
                None if place == 0 => Step::Cut,
                None => Step::Missing,
            });
            // where the named one is missing, the one before it in time may have been named by that
            let before = named.or_else(|| place.checked_sub(1));
            if let Some(named) = before.and_then(|at| passed.get_mut(at)) {
                *named = true;
            }
        }
        let last = self.digests.len().saturating_sub(1);
        let unnamed = self.digests.iter().zip(passed).take(last);
        self.apart
            .extend(unnamed.filter(|(_, named)| !named).map(|(number, _)| *number));
    }

    /// Digests that say they lie at the same place. Two with the same bytes are one; others contradict each other.
    fn set_copies_apart(&mut self, digests: &[Digest]) {
        let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        let mut apart = Vec::new();
        self.digests.retain(|number| {
            let Some(digest) = digests.get(*number) else {
                return false;
            };
            match seen.insert((&digest.bucket, &digest.object), &digest.sha256) {
                None => true,
                Some(first) => {
                    if first != digest.sha256 {
                        apart.push(*number);
                    }
                    false
                }
            }
        });
        self.apart = apart;
    }

    /// Spans without a hole, over digests for which `counts` holds.
    pub fn spans(&self, digests: &[Digest], counts: impl Fn(usize) -> bool) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut before_counts = false;
        for (number, step) in self.digests.iter().zip(&self.steps) {
            let Some(digest) = digests.get(*number).filter(|_| counts(*number)) else {
                before_counts = false;
                continue;
            };
            match spans.last_mut() {
                Some(span) if before_counts && *step == Step::Follows && digest.start <= span.1 => {
                    span.1 = span.1.max(digest.end);
                }
                _ => spans.push((digest.start, digest.end)),
            }
            before_counts = true;
        }
        spans
    }
}

/// A span without digests, in the hours in which there should have been one each, newest first; a span of very many hours
/// ends with one entry for the rest.
pub(super) fn hours(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Span> {
    let mut hours = Vec::new();
    let mut end = to;
    while end > from {
        let start = end
            .checked_sub_signed(TimeDelta::hours(1))
            .unwrap_or(from)
            .max(from);
        if hours.len() == MOST_HOURS {
            hours.push((from, end));
            break;
        }
        hours.push((start, end));
        end = start;
    }
    hours
}

/// Somewhat more than a year.
const MOST_HOURS: usize = 10_000;
