//! All statements of a bundle about whole members, and what they come to together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use tickmark_formats::container::Packing;

use super::cover::Cover;
use super::{Agreement, Enclosure, READERS, Standing, Vouched, material};
use crate::built_in::Bundle;
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::verification::{Fault, KeyOrigin, KeyUse};

/// All statements of a bundle about whole members.
#[derive(Debug, Default)]
pub(crate) struct Enclosed {
    pub all: Vec<Enclosure>,
    /// Everything that is wrong, each once.
    pub faults: Vec<Fault>,
    standings: BTreeMap<String, Standing>,
    statements: BTreeSet<String>,
}

/// How much of what is asked for a pinned time stamp covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stamped {
    Nothing,
    /// So many of them.
    Part(usize),
    /// All of them, no later than this, and who says so.
    All(DateTime<Utc>, String),
}

impl Enclosed {
    /// Whether the bundle has a statement about a member that is here. A single file has no room for one.
    pub fn is_in(bundle: &Bundle<'_>) -> bool {
        has_members(bundle) && READERS.iter().any(|reader| (reader.speaks)(bundle))
    }

    /// Reads and joins all of them. Faults on the statements of members for which `is_told` holds are told elsewhere.
    pub fn of(bundle: &Bundle<'_>, is_told: &dyn Fn(&str) -> bool) -> Enclosed {
        if !has_members(bundle) {
            return Enclosed::default();
        }
        let mut all: Vec<Enclosure> = READERS
            .iter()
            .filter(|reader| (reader.speaks)(bundle))
            .flat_map(|reader| (reader.read)(bundle))
            .collect();
        forgive_others(&mut all);
        let mut enclosed = Enclosed::default();
        let cover = Cover::of(&all);
        let mut told = BTreeSet::new();
        for enclosure in &all {
            let mut found = enclosure.faults.clone();
            found.extend(vouching_fault(enclosure));
            found.extend(covered_faults(enclosure));
            if let Some(folder) = &enclosure.closed_below {
                let unlisted = cover.unlisted(enclosure, folder, bundle.inventory);
                found.extend(
                    unlisted
                        .iter()
                        .map(|member| unlisted_fault(member, &enclosure.member)),
                );
            }
            if is_told(&enclosure.member) {
                continue;
            }
            for fault in found {
                // two lists that name one member tell one fault
                if told.insert((fault.code.clone(), fault.member.clone(), fault.expected.clone())) {
                    enclosed.faults.push(fault);
                }
            }
        }
        enclosed.statements = all
            .iter()
            .filter(|enclosure| !enclosure.is_content)
            .map(|enclosure| enclosure.member.clone())
            .collect();
        enclosed.standings = cover.into_standings();
        enclosed.all = all;
        enclosed
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a member is a statement about others.
    pub fn is_statement(&self, member: &str) -> bool {
        self.statements.contains(member)
    }

    /// How far statements reach a member.
    pub fn standing(&self, member: &str) -> Standing {
        self.standings.get(member).cloned().unwrap_or_default()
    }

    /// Members that are neither statements nor keys, in container order: what is to be judged.
    pub fn content<'i>(&self, inventory: &'i Inventory) -> Vec<&'i str> {
        let order = inventory.order.iter().map(String::as_str);
        order
            .filter(|member| !self.statements.contains(*member))
            .filter(|member| !material::is_key(inventory, member))
            .collect()
    }

    /// Whether a signature under a pinned key reaches each of some members.
    pub fn pins<'m>(&self, members: impl IntoIterator<Item = &'m str>) -> bool {
        all_and_any(members, |member| self.standing(member).pinned.is_some())
    }

    /// Whether a list that a pinned signature reaches names each of some members, and a closed one of these is whole.
    pub fn fixes_extent<'m>(&self, members: impl IntoIterator<Item = &'m str>) -> bool {
        let is_whole = |enclosure: &Enclosure| {
            let is_pinned = matches!(enclosure.vouched, Vouched::Pinned(_))
                || (enclosure.vouched == Vouched::Nobody
                    && self.standing(&enclosure.member).pinned.is_some());
            let mut covers = enclosure.covers.iter();
            enclosure.closed_below.is_some()
                && is_pinned
                && !enclosure.covers.is_empty()
                && covers.all(|covered| covered.agreement == Agreement::Agrees)
        };
        self.all.iter().any(is_whole)
            && self.count("completeness") == 0
            && all_and_any(members, |member| self.standing(member).listed_under_pin)
    }

    /// How much of some members a pinned time stamp covers.
    pub fn stamped<'m>(&self, members: impl IntoIterator<Item = &'m str>) -> Stamped {
        let mut latest: Option<super::Stamp> = None;
        let (mut covered, mut all) = (0, 0);
        for member in members {
            all += 1;
            let Some(stamp) = self.standing(member).stamped else {
                continue;
            };
            covered += 1;
            if latest.as_ref().is_none_or(|latest| latest.at < stamp.at) {
                latest = Some(stamp);
            }
        }
        match latest {
            Some(stamp) if covered == all => Stamped::All(stamp.at, stamp.by),
            Some(_) => Stamped::Part(covered),
            None => Stamped::Nothing,
        }
    }

    /// Faults that bear on a claim.
    pub fn count(&self, claim: &str) -> u64 {
        self.faults.iter().filter(|fault| fault.claim == claim).count() as u64
    }

    /// The first fault that bears on a claim, in a sentence.
    pub fn first(&self, claim: &str) -> Option<&str> {
        let mut faults = self.faults.iter();
        let first = faults.find(|fault| fault.claim == claim)?;
        Some(&first.sentence)
    }

    /// Statements that list members.
    pub fn lists(&self) -> impl Iterator<Item = &Enclosure> {
        self.all
            .iter()
            .filter(|enclosure| enclosure.vouched == Vouched::Nobody && enclosure.kind != "rfc3161")
            .filter(|enclosure| !enclosure.covers.is_empty())
    }

    /// Statements that somebody signed.
    pub fn signed(&self) -> impl Iterator<Item = &Enclosure> {
        self.all
            .iter()
            .filter(|enclosure| enclosure.vouched != Vouched::Nobody)
    }

    /// Keys that they used or carry, each once.
    pub fn keys(&self) -> Vec<KeyUse> {
        let mut keys: Vec<KeyUse> = Vec::new();
        for key in self.all.iter().flat_map(|enclosure| &enclosure.keys) {
            let is_same = |other: &KeyUse| other.fingerprint == key.fingerprint && other.origin == key.origin;
            if !keys.iter().any(is_same) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// Whose pinned key signed, as pinned.
    pub fn owner(&self) -> Option<String> {
        let vouching = |enclosure: &&Enclosure| matches!(enclosure.vouched, Vouched::Pinned(_));
        let keys = self
            .all
            .iter()
            .filter(vouching)
            .flat_map(|enclosure| &enclosure.keys);
        keys.filter(|key| key.origin == KeyOrigin::Pinned)
            .find_map(|key| key.owner.clone())
    }

    /// Fields of statements that their own signature does not reach, and no other statement either, each behind the name of
    /// its member.
    pub fn uncovered(&self) -> Vec<String> {
        let mut all = Vec::new();
        for one in self.all.iter().filter(|one| !self.is_reached_by_another(one)) {
            all.extend(
                one.uncovered
                    .iter()
                    .map(|field| format!("{}: {field}", one.member)),
            );
        }
        all
    }

    /// Whether the whole bytes of a statement agree with what another says of them.
    fn is_reached_by_another(&self, one: &Enclosure) -> bool {
        let says =
            |covered: &super::Covered| covered.member == one.member && covered.agreement == Agreement::Agrees;
        let others = self.all.iter().filter(|other| other.member != one.member);
        others.flat_map(|other| &other.covers).any(says)
    }

    /// What was not checked or is odd, in sentences, each once.
    pub fn notes(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let notes = self.all.iter().flat_map(|enclosure| &enclosure.notes);
        notes.filter(|note| seen.insert(*note)).cloned().collect()
    }
}

fn has_members(bundle: &Bundle<'_>) -> bool {
    bundle.container.packing().last() != Some(&Packing::File)
}

fn all_and_any<'m>(members: impl IntoIterator<Item = &'m str>, holds: impl Fn(&str) -> bool) -> bool {
    let mut members = members.into_iter().peekable();
    members.peek().is_some() && members.all(holds)
}

/// A signature that fits no pinned key is somebody else's where another one over the same members fits: it takes nothing away.
fn forgive_others(all: &mut [Enclosure]) {
    let mut pinned: BTreeSet<String> = BTreeSet::new();
    for enclosure in all.iter() {
        if matches!(enclosure.vouched, Vouched::Pinned(_)) {
            let covered = enclosure.covers.iter().map(|covered| covered.member.clone());
            pinned.extend(covered);
        }
    }
    for enclosure in all {
        let is_signed_too =
            !enclosure.covers.is_empty() && enclosure.covers.iter().all(|one| pinned.contains(&one.member));
        if let Vouched::Wrong {
            carried_verifies: true,
        } = enclosure.vouched
            && is_signed_too
        {
            enclosure.vouched = Vouched::Unpinned {
                carried_verifies: true,
                carried_fails: false,
            };
            enclosure.faults.retain(|fault| fault.claim != "authenticity");
            enclosure.notes.push(format!(
                "{} is signed with a key you did not pin; another signature over the same fits one that you did.",
                enclosure.member
            ));
        }
    }
}

/// The fault of a signature that does not hold, where its reader did not tell a more exact one.
fn vouching_fault(enclosure: &Enclosure) -> Option<Fault> {
    let name = &enclosure.member;
    let (code, claim, sentence) = match &enclosure.vouched {
        Vouched::Nobody | Vouched::Pinned(_) => return None,
        Vouched::Unpinned {
            carried_fails: false, ..
        } => return None,
        Vouched::Wrong { carried_verifies } => (
            "detached_signature_mismatch",
            "authenticity",
            format!(
                "The signature {name} does not fit the key you pinned.{}",
                if *carried_verifies {
                    " It does fit the key that it brings along, which shows only that the bundle agrees with itself."
                } else {
                    ""
                }
            ),
        ),
        Vouched::Unpinned { .. } => (
            "carried_signature_mismatch",
            "integrity",
            format!(
                "The signature {name} does not fit the key that it brings along: it is not over these bytes."
            ),
        ),
        Vouched::Malformed => (
            "detached_signature_malformed",
            "authenticity",
            format!("The signature {name} cannot be read."),
        ),
    };
    if enclosure.faults.iter().any(|fault| fault.claim == claim) {
        return None;
    }
    let mut told = fault(code, claim, sentence);
    told.member = Some(name.clone());
    Some(told)
}

fn covered_faults(enclosure: &Enclosure) -> impl Iterator<Item = Fault> {
    let list = &enclosure.member;
    enclosure
        .covers
        .iter()
        .filter_map(move |covered| match &covered.agreement {
            Agreement::Agrees | Agreement::Open(_) => None,
            Agreement::Differs { expected, found } => {
                let sentence = format!("{} is not the one that {list} states.", covered.member);
                let mut told = fault("manifest_mismatch", "integrity", sentence).between(expected, found);
                told.member = Some(covered.member.clone());
                Some(told)
            }
            Agreement::Missing => {
                let sentence = format!("{} is listed in {list} and is not here.", covered.member);
                let mut told = fault("manifest_missing", "completeness", sentence);
                told.member = Some(covered.member.clone());
                Some(told)
            }
        })
}

fn unlisted_fault(member: &str, list: &str) -> Fault {
    let sentence = format!("{member} is not listed in {list}, which lists everything that belongs here.");
    let mut told = fault("manifest_unlisted", "completeness", sentence);
    told.member = Some(member.to_owned());
    told
}
