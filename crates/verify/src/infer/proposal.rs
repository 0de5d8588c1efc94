//! From fields to a profile: links first, then the hash that they name, then everything else.

mod order;
mod text;

use std::collections::HashSet;

use tickmark_formats::json::Value;

use super::effort::Effort;
use super::field::{Field, survey};
use super::goal::{Explanation, Goal, Ground};
use super::search::{Depth, Search};
use super::signing::{self, Known, Signed};
use super::trail::Trail;
use super::{Alternative, Explained, Unexplained, telling};
use crate::profile::Genesis;
use crate::request::Request;

/// What was found.
#[derive(Default)]
pub(super) struct Proposal {
    pub text: Option<String>,
    pub explained: Vec<Explained>,
    pub unexplained: Vec<Unexplained>,
    pub alternatives: Vec<Alternative>,
    pub notes: Vec<String>,
}

/// How records name the one before.
enum Linked {
    /// A field holds a text of the record before: link, target.
    Text(usize, usize),
    /// A field holds a digest over the record before.
    Digest(usize, Explanation),
    /// It enters the hash and stands in no field: the field of the record before, and the genesis text.
    Entering(usize, String),
}

#[derive(Default)]
struct Draft {
    hash: Option<(usize, Explanation)>,
    link: Option<Linked>,
    genesis: Vec<Genesis>,
    checks: Vec<(usize, Explanation)>,
    signed: Vec<Signed>,
    seq: Option<Numbered>,
    partition: Option<String>,
}

struct Numbered {
    field: usize,
    start: u64,
    step: u64,
    reproduced: usize,
}

/// Searches the records.
pub(super) fn of(
    trail: &Trail,
    records: &[Value<'_>],
    request: &Request,
    id: &str,
    effort: &mut Effort,
) -> Proposal {
    let fields = survey(records);
    let (before, partition, links) = order::order(&fields, records.len());
    let mut work = Work {
        trail,
        records,
        fields: &fields,
        before: &before,
        request,
        effort,
        draft: Draft {
            partition,
            ..Draft::default()
        },
        proposal: Proposal::default(),
    };
    work.chain(&links);
    work.checks();
    work.signatures();
    work.draft.seq = work.number();
    work.tell();
    work.proposal.text = work.write(id);
    work.proposal
}

struct Work<'w, 'v, 'a> {
    trail: &'w Trail,
    records: &'v [Value<'a>],
    fields: &'w [Field<'v, 'a>],
    before: &'w [Option<usize>],
    request: &'w Request,
    effort: &'w mut Effort,
    draft: Draft,
    proposal: Proposal,
}

impl<'w, 'v, 'a> Work<'w, 'v, 'a> {
    fn ground(&self, previous: &[usize]) -> Ground<'w, 'v, 'a> {
        let mut carried = vec![None; self.fields.len()];
        for index in previous {
            let Some(field) = self.fields.get(*index) else {
                continue;
            };
            let Some(shape) = &field.shape else { continue };
            let texts = (0..self.records.len()).map(|record| field.text(record).map(str::to_owned));
            if let Some(slot) = carried.get_mut(*index) {
                *slot = Some((texts.collect(), shape.encoding.clone()));
            }
        }
        Ground {
            records: self.records,
            texts: &self.trail.texts,
            before: self.before,
            carried,
        }
    }

    fn is_digest(&self, index: usize) -> bool {
        let shape = self.fields.get(index).and_then(|field| field.shape.as_ref());
        shape.is_some_and(|shape| !shape.digests().is_empty())
    }

    fn own_goal(&self, index: usize) -> Option<Goal> {
        let field = self.fields.get(index)?;
        Some(Goal {
            pairs: (0..self.records.len())
                .filter_map(|record| Some((record, field.bytes(record)?)))
                .collect(),
            algs: field.shape.as_ref()?.digests(),
            own: Some(field.pointer.clone()),
        })
    }

    fn next_goal(&self, index: usize) -> Option<Goal> {
        let field = self.fields.get(index)?;
        Some(Goal {
            pairs: (0..self.records.len())
                .filter_map(|record| {
                    Some((self.before.get(record).copied().flatten()?, field.bytes(record)?))
                })
                .collect(),
            algs: field.shape.as_ref()?.digests(),
            own: None,
        })
    }

    fn explain(&mut self, goal: &Goal, depth: Depth, previous: &[usize], place: &str) -> Option<Explanation> {
        let ground = self.ground(previous);
        let search = Search {
            ground: &ground,
            fields: self.fields,
            kind: self.trail.kind,
            previous,
        };
        let mut found = search.explain(goal, depth, self.effort)?;
        self.effort.stage(5);
        let others = telling::alternatives(&ground, goal, self.fields, place, &mut found, self.effort);
        self.proposal.alternatives.extend(others);
        Some(found)
    }

    /// Link and hash.
    fn chain(&mut self, links: &[(usize, usize)]) {
        if let Some((link, target)) = links.first() {
            for (other, at) in links.iter().skip(1) {
                self.tell_other_link((*link, *target), (*other, *at));
            }
            self.draft.link = Some(Linked::Text(*link, *target));
            self.draft.genesis = self.beginnings(*link);
            let mut targets: Vec<usize> = links.iter().map(|(_, target)| *target).collect();
            targets.dedup();
            targets.retain(|target| self.is_digest(*target));
            if targets.iter().any(|target| self.hash_at(*target, &[])) {
                return;
            }
        }
        let linked: Vec<usize> = self.linked_fields();
        let digests: Vec<usize> = (0..self.fields.len())
            .filter(|index| self.is_digest(*index) && !linked.contains(index))
            .collect();
        if self.draft.link.is_none() {
            let mut called: Vec<usize> = digests.clone();
            called.retain(|index| {
                self.fields
                    .get(*index)
                    .is_some_and(|field| field.is_called_previous() || field.bytes(0).is_none())
            });
            for index in called.into_iter().take(3) {
                let goal = self.next_goal(index).filter(|goal| !goal.pairs.is_empty());
                let Some(goal) = goal else { continue };
                if let Some(found) = self.explain(&goal, Depth::Full, &[], "link.target.preimage") {
                    self.draft.genesis = self.beginnings(index);
                    self.draft.link = Some(Linked::Digest(index, found));
                    return;
                }
            }
        }
        let previous: Vec<usize> = if self.draft.link.is_none() && self.draft.partition.is_none() {
            digests.iter().copied().take(4).collect()
        } else {
            Vec::new()
        };
        let mut candidates = digests;
        candidates.sort_by_key(|index| {
            let name = self
                .fields
                .get(*index)
                .map_or("", |field| field.name())
                .to_ascii_lowercase();
            let is_own = ["hash", "digest"].contains(&name.as_str())
                || [
                    "record", "entry", "event", "row", "leaf", "chain", "self", "content",
                ]
                .iter()
                .any(|w| name.contains(w));
            let depth = self
                .fields
                .get(*index)
                .map_or(0, |field| field.pointer.matches('/').count());
            (!is_own, depth)
        });
        // a digest that is called by what it is of, is of that; it is searched as a check
        candidates.retain(|index| {
            self.fields
                .get(*index)
                .is_some_and(|field| !is_called_part(field.name()))
        });
        for index in candidates.into_iter().take(2) {
            if self.hash_at(index, &previous) {
                return;
            }
        }
    }

    /// Searches the record's own hash in a field.
    fn hash_at(&mut self, index: usize, previous: &[usize]) -> bool {
        let Some(goal) = self.own_goal(index) else {
            return false;
        };
        let Some(found) = self.explain(&goal, Depth::Full, previous, "hash.preimage") else {
            return false;
        };
        if let Some(field) = found.previous {
            let text = found.genesis.clone().unwrap_or_else(|| "0".repeat(64));
            self.draft.genesis = vec![Genesis::Text(text.clone())];
            self.draft.link = Some(Linked::Entering(field, text));
        }
        self.draft.hash = Some((index, found));
        true
    }

    fn linked_fields(&self) -> Vec<usize> {
        match &self.draft.link {
            Some(Linked::Text(link, _) | Linked::Digest(link, _)) => vec![*link],
            _ => Vec::new(),
        }
    }

    fn tell_other_link(&mut self, proposed: (usize, usize), other: (usize, usize)) {
        let pointer = |index: usize| self.fields.get(index).map_or("", |field| field.pointer.as_str());
        let told = |(link, target): (usize, usize)| {
            format!("{} = {} of the record before", pointer(link), pointer(target))
        };
        let alternative = Alternative {
            place: "link".to_owned(),
            proposed: told(proposed),
            other: told(other),
            sentence:
                "Both hold in these records. Proposed is the one that holds in more records, or stands first."
                    .to_owned(),
        };
        self.proposal.alternatives.push(alternative);
    }

    /// What the first record of each chain has in its link field, where that is a beginning.
    fn beginnings(&mut self, link: usize) -> Vec<Genesis> {
        let Some(field) = self.fields.get(link) else {
            return Vec::new();
        };
        let mut found: Vec<Genesis> = Vec::new();
        let mut is_middle = false;
        for (record, before) in self.before.iter().enumerate() {
            if before.is_some() {
                continue;
            }
            let genesis = match field.values.get(record).copied().flatten() {
                None => Genesis::Absent,
                Some(value) if value.is_null() => Genesis::Null,
                Some(value) => match value.as_str() {
                    Some(text) if is_beginning(text) => Genesis::Text(text.to_owned()),
                    _ => {
                        is_middle = true;
                        continue;
                    }
                },
            };
            if !found.contains(&genesis) {
                found.push(genesis);
            }
        }
        if is_middle {
            self.proposal.notes.push(format!(
                "The first record names one before it at {}: the trail begins in the middle, and how a whole one begins is not known.",
                field.pointer
            ));
        }
        found
    }

    /// Further digests.
    fn checks(&mut self) {
        let previous: Vec<usize> = match &self.draft.link {
            Some(Linked::Entering(field, _)) => vec![*field],
            _ => Vec::new(),
        };
        let taken: Vec<usize> = self
            .linked_fields()
            .into_iter()
            .chain(self.draft.hash.iter().map(|(index, _)| *index))
            .collect();
        let others: Vec<usize> = (0..self.fields.len())
            .filter(|index| self.is_digest(*index) && !taken.contains(index))
            .take(MOST_CHECKS)
            .collect();
        for index in others {
            let Some(goal) = self.own_goal(index).filter(|goal| !goal.pairs.is_empty()) else {
                continue;
            };
            if let Some(found) = self.explain(&goal, Depth::Light, &previous, "checks.preimage")
                && found.is_whole()
            {
                self.draft.checks.push((index, found));
            }
        }
        if self.draft.hash.is_none() && self.draft.link_digest().is_none() && !self.draft.checks.is_empty() {
            self.draft.hash = Some(self.draft.checks.remove(0));
            self.proposal.notes.push(
                "The only digests that were reproduced are of parts of a record; the first stands in the profile as the record's hash."
                    .to_owned(),
            );
        }
    }

    fn signatures(&mut self) {
        let keys = signing::keys(self.fields, self.trail, &self.request.trust, self.records.len());
        let previous: Vec<usize> = match &self.draft.link {
            Some(Linked::Entering(field, _)) => vec![*field],
            _ => Vec::new(),
        };
        let ground = self.ground(&previous);
        let search = Search {
            ground: &ground,
            fields: self.fields,
            kind: self.trail.kind,
            previous: &previous,
        };
        let explained = self.explained_fields();
        let known = Known {
            hash: self.draft.hash.as_ref().and_then(|(index, found)| {
                Some((self.fields.get(*index)?.pointer.as_str(), found.parts.as_slice()))
            }),
            target: self.draft.link_digest().map(|found| found.parts.as_slice()),
            previous: match &self.draft.link {
                Some(Linked::Entering(field, text)) => Some((*field, text.as_str())),
                _ => None,
            },
        };
        let mut signed = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            if field.shape.is_none() || explained.contains(&index) || signed.len() >= MOST_SIGNATURES {
                continue;
            }
            // a key is no signature
            let is_key = keys
                .iter()
                .any(|key| key.carried.field.as_deref() == Some(field.pointer.as_str()));
            if !is_key && let Some(found) = signing::explain(&search, index, &keys, &known, self.effort) {
                signed.push(found);
            }
        }
        signed.retain(|found| found.reproduced * 2 > found.of);
        self.draft.signed = signed;
    }

    fn explained_fields(&self) -> HashSet<usize> {
        let mut all: HashSet<usize> = self.linked_fields().into_iter().collect();
        all.extend(self.draft.hash.iter().map(|(index, _)| *index));
        all.extend(self.draft.checks.iter().map(|(index, _)| *index));
        all.extend(self.draft.signed.iter().map(|signed| signed.field));
        all
    }
}

impl Draft {
    fn link_digest(&self) -> Option<&Explanation> {
        match &self.link {
            Some(Linked::Digest(_, found)) => Some(found),
            _ => None,
        }
    }

    /// Whether a digest or signature was reproduced at all. That one text repeats another says nothing.
    fn is_worth_proposing(&self) -> bool {
        self.hash.is_some() || self.link_digest().is_some() || !self.signed.is_empty()
    }
}

/// Whether a name says that a digest is of a part of the record, or of something outside it.
fn is_called_part(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "payload", "param", "arg", "input", "output", "result", "response", "prompt", "config", "context",
        "policy",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// Whether a text stands at the beginning of a trail, and is no digest of a record.
fn is_beginning(text: &str) -> bool {
    let value = text.rsplit_once(':').map_or(text, |(_, rest)| rest);
    value.chars().all(|c| c == '0' || c == 'A' || c == '=') || super::field::encoding(text).is_none()
}

const MOST_CHECKS: usize = 8;
const MOST_SIGNATURES: usize = 3;
