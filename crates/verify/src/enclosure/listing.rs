//! Lists of members with their digests: checksum files, JSON manifests, bags.

use std::collections::BTreeMap;

use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::outdated::Outdated;

use super::names::Names;
use super::pass::Digests;
use super::{Agreement, Covered, Enclosure, Vouched, bagit, checksums, json_manifest, names};
use crate::built_in::Bundle;
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::verification::Fault;

/// A hash function that a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Function {
    /// One that proves.
    Strong(Algorithm),
    /// One that can only contradict.
    Outdated(Outdated),
}

impl Function {
    /// Reads a name as people write it: `sha256`, `SHA-256`, `sha3_512`, `MD5`.
    pub fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(|sign| !matches!(sign, '-' | '_'))
            .collect::<String>()
            .to_ascii_lowercase();
        let is = |other: &str| other.replace('-', "") == plain;
        let strong = Algorithm::ALL.into_iter().find(|algorithm| is(algorithm.name()));
        let outdated = || Outdated::ALL.into_iter().find(|function| is(function.name()));
        strong
            .map(Function::Strong)
            .or_else(|| outdated().map(Function::Outdated))
    }

    /// The one that is meant where a list gives digests of so many hex digits and no name: the SHA-2 of that length, MD5,
    /// SHA-1.
    pub fn of_digits(digits: usize) -> Option<Self> {
        Some(match digits {
            32 => Function::Outdated(Outdated::Md5),
            40 => Function::Outdated(Outdated::Sha1),
            56 => Function::Outdated(Outdated::Sha224),
            64 => Function::Strong(Algorithm::Sha256),
            96 => Function::Strong(Algorithm::Sha384),
            128 => Function::Strong(Algorithm::Sha512),
            _ => return None,
        })
    }

    /// The number of hex digits of its digests.
    pub fn digits(self) -> usize {
        2 * match self {
            Function::Strong(algorithm) => algorithm.len(),
            Function::Outdated(function) => function.len(),
        }
    }
}

/// What a list says of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its name in the container.
    pub member: String,
    /// Its digest.
    pub stated: Digest,
    /// Whether the list says that it lies elsewhere and is to be fetched.
    pub is_elsewhere: bool,
}

/// A digest as a list states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Digest {
    /// In lower-case hex.
    Of(Function, String),
    /// It says nothing, and why.
    None(String),
}

impl Digest {
    /// Reads hex of either case. Without a function its length tells which is meant.
    pub fn hex(text: &str, function: Option<Function>) -> Option<Digest> {
        let function = function.or_else(|| Function::of_digits(text.len()))?;
        let is_hex = text.len() == function.digits() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| Digest::Of(function, text.to_ascii_lowercase()))
    }
}

/// A list as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listing {
    pub kind: &'static str,
    pub member: String,
    pub entries: Vec<Listed>,
    pub closed_below: Option<String>,
    /// Whether its text could be read at all.
    pub is_read: bool,
    pub faults: Vec<Fault>,
    pub notes: Vec<String>,
}

impl Listing {
    pub fn new(kind: &'static str, member: &str) -> Self {
        Listing {
            kind,
            member: member.to_owned(),
            entries: Vec::new(),
            closed_below: None,
            is_read: true,
            faults: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Tells that something is wrong with the list itself.
    pub fn wrong(&mut self, code: &str, claim: &str, what: &str) {
        let mut told = fault(code, claim, format!("{} {what}.", self.member));
        told.member = Some(self.member.clone());
        self.faults.push(told);
    }

    /// Tells that a listed name means no place in the bundle.
    pub fn refuse_name(&mut self, name: &str, why: &str) {
        let what = "lists a name that means no place in the bundle";
        let mut told = fault(
            "manifest_path",
            "integrity",
            format!("{} {what}: it {why}.", self.member),
        );
        told.member = Some(self.member.clone());
        told.found = Some(name.to_owned());
        self.faults.push(told);
    }

    /// Drops repeated entries. Two digests of one function for one member contradict each other; the same one twice is only
    /// odd, unless the format forbids it.
    pub fn settle(&mut self, forbids_repeats: bool) {
        let mut seen: BTreeMap<(String, Option<Function>), Digest> = BTreeMap::new();
        let mut repeated = Vec::new();
        self.entries.retain(|entry| {
            let function = match entry.stated {
                Digest::Of(function, _) => Some(function),
                Digest::None(_) => None,
            };
            match seen.insert((entry.member.clone(), function), entry.stated.clone()) {
                None => true,
                Some(before) => {
                    repeated.push((entry.member.clone(), before == entry.stated));
                    false
                }
            }
        });
        for (member, is_same) in repeated {
            if is_same && !forbids_repeats {
                self.notes.push(format!("{} lists {member} twice.", self.member));
                continue;
            }
            let with = if is_same { "" } else { ", with different digests" };
            let sentence = format!("{} lists {member} twice{with}.", self.member);
            let mut told = fault("manifest_duplicate", "integrity", sentence);
            told.member = Some(member);
            self.faults.push(told);
        }
    }

    /// Whether it lists a member that is here, or is a list beyond doubt.
    fn speaks(&self, inventory: &Inventory) -> bool {
        self.kind.starts_with("bagit")
            || self
                .entries
                .iter()
                .any(|entry| inventory.members.contains_key(&entry.member))
    }

    fn held(self, inventory: &Inventory, digests: &Digests, names: &Names<'_>) -> Enclosure {
        let mut notes = self.notes;
        let own = self.member;
        let covers = self
            .entries
            .into_iter()
            .map(|entry| {
                let agreement = agreement(&entry, &own, inventory, digests);
                if agreement == Agreement::Missing
                    && let Some(near) = names.near(&entry.member)
                {
                    notes.push(format!(
                        "{own} lists {}; only {near} is here, whose name differs in case or Unicode form.",
                        entry.member
                    ));
                }
                Covered {
                    member: entry.member,
                    agreement,
                }
            })
            .collect();
        Enclosure {
            kind: self.kind,
            member: own,
            covers,
            closed_below: self.closed_below,
            is_content: false,
            vouched: Vouched::Nobody,
            stamp: None,
            uncovered: Vec::new(),
            keys: Vec::new(),
            faults: self.faults,
            notes,
        }
    }
}

fn agreement(entry: &Listed, own: &str, inventory: &Inventory, digests: &Digests) -> Agreement {
    if entry.member == own {
        return Agreement::Open("it is the list itself, which cannot hold its own digest".into());
    }
    if !inventory.members.contains_key(&entry.member) {
        return if entry.is_elsewhere {
            Agreement::Open("it is to be fetched from elsewhere, and Tickmark fetches nothing".into())
        } else {
            Agreement::Missing
        };
    }
    let (function, stated) = match &entry.stated {
        Digest::Of(function, stated) => (*function, stated),
        Digest::None(why) => return Agreement::Open(why.clone()),
    };
    match digests.get(&entry.member, function) {
        Err(why) => Agreement::Open(why.into()),
        Ok(found) if found != stated => Agreement::Differs {
            expected: stated.clone(),
            found: found.to_owned(),
        },
        Ok(_) => match function {
            Function::Strong(_) => Agreement::Agrees,
            Function::Outdated(function) => Agreement::Open(format!(
                "an equal {} proves nothing: other contents with the same one can be made",
                function.name().to_uppercase()
            )),
        },
    }
}

/// Whether the bundle has a list of members that are here.
pub(super) fn speaks(bundle: &Bundle<'_>) -> bool {
    listings(bundle)
        .iter()
        .any(|listing| listing.speaks(bundle.inventory))
}

/// Reads every list and holds it against the members.
pub(super) fn read(bundle: &Bundle<'_>) -> Vec<Enclosure> {
    let inventory = bundle.inventory;
    let mut listings = listings(bundle);
    listings.retain(|listing| listing.speaks(inventory));
    let mut digests = Digests::default();
    for entry in listings.iter().flat_map(|listing| &listing.entries) {
        if let Digest::Of(function, _) = entry.stated {
            digests.want(inventory, &entry.member, function);
        }
    }
    digests.take(bundle);
    let names = Names::of(inventory);
    let mut enclosures: Vec<Enclosure> = listings
        .into_iter()
        .map(|listing| listing.held(inventory, &digests, &names))
        .collect();
    if let Some(first) = enclosures.first_mut() {
        for clash in names.clashes().take(MOST_CLASHES) {
            first.notes.push(format!(
                "Names that some systems take for one: {}.",
                clash.join(", ")
            ));
        }
    }
    enclosures
}

fn listings(bundle: &Bundle<'_>) -> Vec<Listing> {
    let bags = bagit::Bags::find(bundle.inventory);
    let mut listings = bagit::read(bundle, &bags);
    // what lies in a bag's tag files is the bag's own business
    let is_free = |member: &str| !bags.own(member);
    listings.extend(checksums::read(bundle, &is_free));
    listings.extend(json_manifest::read(bundle, &is_free));
    listings
}

/// The place from which a list's names count: its own folder, or the top where only that fits.
pub(super) fn start<'n>(
    inventory: &Inventory,
    member: &'n str,
    listed: &mut dyn Iterator<Item = &str>,
) -> &'n str {
    let folder = names::folder(member);
    if folder.is_empty() {
        return folder;
    }
    let mut fits_top = false;
    for name in listed {
        if inventory.members.contains_key(&names::joined(folder, name)) {
            return folder;
        }
        fits_top |= inventory.members.contains_key(name);
    }
    if fits_top { "" } else { folder }
}

const MOST_CLASHES: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_by_name_and_length() {
        for name in ["sha256", "SHA-256", "Sha_256"] {
            assert_eq!(
                Function::named(name),
                Some(Function::Strong(Algorithm::Sha256)),
                "{name}"
            );
        }
        assert_eq!(
            Function::named("sha3-256"),
            Some(Function::Strong(Algorithm::Sha3_256))
        );
        assert_eq!(Function::named("MD5"), Some(Function::Outdated(Outdated::Md5)));
        assert_eq!(Function::named("sha2"), None);
        for function in [32, 40, 56, 64, 96, 128].map(Function::of_digits) {
            let function = function.unwrap();
            assert_eq!(Function::of_digits(function.digits()), Some(function));
        }
    }

    #[test]
    fn a_digest_has_the_length_of_its_function() {
        assert!(Digest::hex(&"a".repeat(64), None).is_some());
        assert!(Digest::hex(&"g".repeat(64), None).is_none());
        let md5 = Function::named("md5");
        assert!(Digest::hex(&"a".repeat(64), md5).is_none());
        assert!(Digest::hex("", None).is_none());
    }
}
