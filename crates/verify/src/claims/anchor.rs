//! What outside the bundle reaches its records: pinned keys, told hashes, earlier imports. Each is asked what it covers.

use super::Evidence;
use crate::coverage::Reach;
use crate::profile::{OddWord, Profile};
use crate::statement::Stated;
use crate::told::Answer;

/// Something outside the bundle that reaches every record.
pub(super) struct Anchor {
    reach: Reach,
    /// Whether it fixes the order of the records, whatever it covers of each.
    in_order: bool,
    /// Whether it is a signature under a pinned key.
    is_signature: bool,
    by: &'static str,
}

/// Everything that anchors the records of a bundle.
pub(super) struct Anchors<'e> {
    profile: &'e Profile,
    evidence: &'e Evidence<'e>,
    all: Vec<Anchor>,
}

impl<'e> Anchors<'e> {
    /// Collects them; `None` where no profile describes the bundle.
    pub fn of(e: &'e Evidence<'e>) -> Option<Self> {
        let profile = e.profile?;
        let mut all = Vec::new();
        for index in signatures_everywhere(e) {
            all.push(Anchor {
                reach: Reach::of_signature(profile, index),
                in_order: false,
                is_signature: true,
                by: "signatures under a key you pinned reach every record and link",
            });
        }
        all.extend(statements(e, profile));
        all.extend(heads(e, profile));
        all.extend(enclosure(e, profile));
        Some(Anchors {
            profile,
            evidence: e,
            all,
        })
    }

    /// What reaches every record and every link, by itself or together.
    pub fn reach_everything(&self) -> Option<&'static str> {
        if let Some(one) = self.all.iter().find(|anchor| self.suffices([*anchor])) {
            return Some(one.by);
        }
        self.suffices(&self.all)
            .then_some("signatures and hashes from outside the bundle together reach every record and link")
    }

    /// Whether a signature under a pinned key reaches every record, on it or through a statement that covers it.
    pub fn sign_every_record(&self) -> bool {
        self.all.iter().any(|anchor| anchor.is_signature)
    }

    fn suffices<'a>(&self, anchors: impl IntoIterator<Item = &'a Anchor>) -> bool {
        let mut reach = Reach::default();
        let mut in_order = false;
        for anchor in anchors {
            reach.join(&anchor.reach);
            in_order |= anchor.in_order;
        }
        (in_order || fixes_order(self.evidence, self.profile, &reach))
            && reach.covers_content(self.profile, self.evidence.shapes)
    }
}

/// Kinds of signature that stand on every record under a pinned key and fix the records' order.
pub(super) fn signatures_in_order(e: &Evidence<'_>) -> Vec<Reach> {
    let Some(profile) = e.profile else {
        return Vec::new();
    };
    signatures_everywhere(e)
        .map(|index| Reach::of_signature(profile, index))
        .filter(|reach| (profile.link.is_some() || profile.seq.is_some()) && fixes_order(e, profile, reach))
        .collect()
}

/// Whether each value that a next record names reaches all records before it.
pub(super) fn head_is_rolling(profile: &Profile) -> bool {
    Reach::of_target(profile).is_some_and(|reach| reach.covers_link(profile))
}

/// Whether the stated root fixes the number of records. A tree that pairs an odd node with itself has the same root for
/// a trail and for the trail with its end repeated, and one that tells leaves and nodes apart by nothing may take a node
/// for a leaf; there the records themselves must be linked or numbered.
pub(super) fn root_fixes_number(e: &Evidence<'_>, profile: &Profile) -> bool {
    let Some(tree) = &profile.tree else { return false };
    let leaf = Reach::grown(profile, &tree.leaf);
    let tells_apart = tree.hashed || tree.leaf_prefix != tree.node_prefix;
    (tree.odd == OddWord::Promote && tells_apart)
        || leaf.covers_link(profile)
        || numbers_are_covered(e, profile, &leaf)
}

fn signatures_everywhere<'e>(e: &'e Evidence<'_>) -> impl Iterator<Item = usize> + 'e {
    let records = e.ledger.records;
    let tallies = e.ledger.signatures.iter().enumerate();
    tallies
        .filter(move |(_, tally)| records > 0 && tally.pinned == records)
        .map(|(index, _)| index)
}

fn statements(e: &Evidence<'_>, profile: &Profile) -> Vec<Anchor> {
    let s = e.statements;
    let statement = |reach: Reach| Anchor {
        reach,
        in_order: true,
        is_signature: true,
        by: "a statement signed under a key you pinned covers all of them",
    };
    let pinned = |stated: &Stated| stated.is_pinned() && e.ledger.records > 0;
    let mut found = Vec::new();
    let hash_field = profile.hash.as_ref().and_then(|hash| hash.field.as_deref());
    if let Some(field) = hash_field.filter(|_| pinned(&s.closing)) {
        found.push(statement(Reach::of_field(profile, field)));
    }
    if let Some(tree) = profile
        .tree
        .as_ref()
        .filter(|_| pinned(&s.root) && root_fixes_number(e, profile))
    {
        found.push(statement(Reach::grown(profile, &tree.leaf)));
    }
    let lists_records = s.listing.as_ref().is_some_and(|listing| listing.covers_records);
    if lists_records && pinned(&s.manifest) {
        // the members' bytes are listed, so everything in them is reached
        found.push(statement(Reach::grown(profile, &[crate::profile::Part::RawLine])));
    }
    found
}

/// Signatures over whole members. A list binds names to bytes, and so the order of members; a signature over one member alone
/// does not.
fn enclosure(e: &Evidence<'_>, profile: &Profile) -> Option<Anchor> {
    let members = || e.record_members.iter().map(String::as_str);
    if e.ledger.records == 0 || !e.enclosed.pins(members()) {
        return None;
    }
    let are_listed = members().all(|member| e.enclosed.standing(member).listed_under_pin);
    Some(Anchor {
        reach: Reach::grown(profile, &[crate::profile::Part::RawLine]),
        in_order: e.record_members.len() == 1 || are_listed,
        is_signature: true,
        by: "a signature under a key you pinned reaches the members in which they lie",
    })
}

fn heads(e: &Evidence<'_>, profile: &Profile) -> Vec<Anchor> {
    let Some(reach) = Reach::of_target(profile).filter(|reach| reach.covers_link(profile)) else {
        return Vec::new();
    };
    // a head reaches back to the beginning of its own trail only
    if e.ledger.restarts > 0 {
        return Vec::new();
    }
    let anchor = |by| Anchor {
        reach: reach.clone(),
        in_order: true,
        is_signature: false,
        by,
    };
    let chains = &e.ledger.chains;
    let met_at_end = |chain: &crate::ledger::Chain| chain.met == Some(chain.records);
    let mut found = Vec::new();
    if e.told.heads == Answer::Agrees {
        found.push(anchor("the last hash is the one you were told"));
    }
    if !chains.is_empty() && chains.values().all(met_at_end) {
        found.push(anchor("an earlier import ended with the same hash"));
    }
    found
}

/// Whether links, or else numbers, are reached. Records that are neither linked nor numbered have no order to fix.
fn fixes_order(e: &Evidence<'_>, profile: &Profile, reach: &Reach) -> bool {
    match (&profile.link, &profile.seq) {
        (Some(_), _) => reach.covers_link(profile),
        (None, Some(_)) => numbers_are_covered(e, profile, reach),
        (None, None) => true,
    }
}

/// Whether the records' own numbers are reached, and have no gap.
fn numbers_are_covered(e: &Evidence<'_>, profile: &Profile, reach: &Reach) -> bool {
    let covered = profile.seq.as_ref().is_some_and(|seq| reach.covers(&seq.field));
    covered && e.ledger.sequence.failed == 0
}
