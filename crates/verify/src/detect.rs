//! Recognises a trail: candidates by shape, then those that reproduce what is recorded among the first records. Never
//! chooses silently between two.

mod sample;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use tickmark_formats::container::Container;
use tickmark_formats::json::{Kind, Stencils, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;

use crate::coverage::Shapes;
use crate::examine::{Before, Bench, HashSeen, PrevSeen, SignatureSeen};
use crate::inventory::Inventory;
use crate::jws;
use crate::preimage::{at, scalar};
use crate::profile::{Profile, Source, SourceKind};
use crate::trust::Trust;

use sample::Samples;

/// Where the records of a bundle lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Members in the order in which they are read.
    pub members: Vec<String>,
    pub kind: SourceKind,
    pub at: String,
    pub partition: Option<String>,
    /// By what the records are put in order before they are judged; `None` for the file's order.
    pub order: Option<String>,
    /// Whether that is the container's own order, so that one pass reads them all.
    pub in_one_pass: bool,
}

impl Default for Found {
    fn default() -> Self {
        Found {
            members: Vec::new(),
            kind: SourceKind::Jsonl,
            at: String::new(),
            partition: None,
            order: None,
            in_one_pass: false,
        }
    }
}

/// What was recognised.
pub(crate) enum Recognised<'p> {
    One(&'p Profile, Found),
    /// Several profiles fit.
    Several(Vec<String>),
    /// None does; records are read as they are.
    None(Option<Found>),
}

/// Looks into a bundle.
pub(crate) struct Scout<'b> {
    container: &'b Container,
    inventory: &'b Inventory,
    trust: &'b Trust,
    limits: &'b Limits,
    samples: Samples<'b>,
    written: BTreeMap<(SourceKind, String), Vec<String>>,
}

impl<'b> Scout<'b> {
    pub fn new(
        container: &'b Container,
        inventory: &'b Inventory,
        trust: &'b Trust,
        limits: &'b Limits,
    ) -> Self {
        Scout {
            container,
            inventory,
            trust,
            limits,
            samples: Samples::new(container, inventory, limits),
            written: BTreeMap::new(),
        }
    }

    /// Finds the one profile that fits.
    pub fn recognise<'p>(&mut self, profiles: &[&'p Profile]) -> Recognised<'p> {
        let mut shaped: Vec<(&Profile, &Source, String)> = Vec::new();
        for profile in profiles {
            let fitting = profile
                .source
                .iter()
                .find_map(|source| Some((source, self.first_alike(profile, source)?)));
            if let Some((source, member)) = fitting {
                shaped.push((profile, source, member));
            }
        }
        if shaped.len() > 1 {
            let reproduced: Vec<bool> = shaped
                .iter()
                .map(|(profile, source, member)| self.reproduces(profile, source, member))
                .collect();
            if reproduced.contains(&true) {
                let mut keep = reproduced.into_iter();
                shaped.retain(|_| keep.next().unwrap_or(false));
            }
        }
        if shaped.len() > 1 {
            let candidates = shaped.iter().map(|(profile, ..)| profile.id.clone());
            return Recognised::Several(candidates.collect());
        }
        match shaped.pop() {
            Some((profile, source, _)) => Recognised::One(profile, self.found(profile, source)),
            None => Recognised::None(self.plain()),
        }
    }

    /// Where a named profile's records lie: where they look like the profile's, or else where records are at all.
    pub fn source(&mut self, profile: &Profile) -> Option<Found> {
        let sources = || profile.source.iter();
        let alike = sources().find(|source| self.first_alike(profile, source).is_some());
        if alike.is_none()
            && let Some(hollow) = sources().find_map(|source| self.hollow(source))
        {
            return Some(hollow);
        }
        let written = alike.or_else(|| sources().find(|source| !self.candidates(source).is_empty()));
        written.map(|source| self.found(profile, source))
    }

    /// The only member of a bundle, where it is a document whose array of records holds none.
    fn hollow(&self, source: &Source) -> Option<Found> {
        let is_array = source.kind == SourceKind::Json && source.file.is_none();
        let name = self.only_member().filter(|_| is_array)?;
        self.samples.is_hollow(name, &source.at).then(|| Found {
            members: vec![name.to_owned()],
            kind: SourceKind::Json,
            at: source.at.clone(),
            ..Found::default()
        })
    }

    fn only_member(&self) -> Option<&'b str> {
        let mut names = self.inventory.members.keys();
        names
            .next()
            .filter(|_| names.next().is_none())
            .map(String::as_str)
    }

    fn found(&mut self, profile: &Profile, source: &Source) -> Found {
        Found {
            members: self.members(profile, source),
            kind: source.kind,
            at: source.at.clone(),
            partition: source.partition.clone(),
            order: source.order.pointer().map(str::to_owned),
            in_one_pass: false,
        }
    }

    /// Members that hold records, by name. Where a profile names a file, every member of that name is taken; else every
    /// member that looks like the profile, and those that were not looked at.
    fn members(&mut self, profile: &Profile, source: &Source) -> Vec<String> {
        let candidates = self.candidates(source);
        if source.file.is_some() {
            return candidates;
        }
        let alike: Vec<String> = candidates
            .iter()
            .filter(|name| !self.samples.can_look_at(name) || self.is_alike(profile, name, source))
            .cloned()
            .collect();
        // a named profile is held against what is there, though nothing looks like it
        if alike.is_empty() { candidates } else { alike }
    }

    /// The first member of the profile's that looks like it.
    fn first_alike(&mut self, profile: &Profile, source: &Source) -> Option<String> {
        let candidates = self.candidates(source);
        let mut looked_at = candidates.into_iter().take(MOST_LOOKED_AT);
        looked_at.find(|name| self.is_alike(profile, name, source))
    }

    /// Members that may hold the profile's records, by name.
    fn candidates(&mut self, source: &Source) -> Vec<String> {
        match &source.file {
            Some(pattern) => {
                let named = self.inventory.fitting(pattern);
                let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
                let mut looked_at = named.iter().take(MOST_LOOKED_AT);
                let any = looked_at.any(|name| !self.samples.of(name, source.kind, &source.at).is_empty());
                if any { named } else { Vec::new() }
            }
            None => self.written_as(source.kind, &source.at),
        }
    }

    /// Every member that is written in this way. Those that cannot be looked at are taken where a member of the same
    /// ending was.
    fn written_as(&mut self, kind: SourceKind, at: &str) -> Vec<String> {
        let key = (kind, at.to_owned());
        if let Some(known) = self.written.get(&key) {
            return known.clone();
        }
        let mut endings: BTreeSet<&str> = BTreeSet::new();
        let mut taken = Vec::new();
        for name in self.inventory.members.keys() {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let is_taken = if self.samples.can_look_at(name) {
                !self.samples.of(name, kind, at).is_empty()
            } else {
                endings.contains(ending)
            };
            if is_taken {
                endings.insert(ending);
                taken.push(name.clone());
            }
        }
        self.written.insert(key, taken.clone());
        taken
    }

    /// Whether any of a member's first records looks like the profile's. One is enough: stripping a field from the
    /// others must not hide the format.
    fn is_alike(&mut self, profile: &Profile, name: &str, source: &Source) -> bool {
        let sample = self.samples.of(name, source.kind, &source.at);
        sample
            .iter()
            .any(|record| self.looks_like(profile, source.kind, record))
    }

    fn looks_like(&self, profile: &Profile, kind: SourceKind, line: &[u8]) -> bool {
        let opened = kind.is_jws().then(|| jws::open(line, self.limits));
        let text = match &opened {
            Some(Ok(opened)) => &opened.text,
            Some(Err(_)) => return false,
            None => line,
        };
        let Ok(record) = parse(text, self.limits) else {
            return false;
        };
        let detect = &profile.detect;
        let is = |(pointer, text): (&String, &String)| {
            at(&record, pointer)
                .and_then(scalar)
                .is_some_and(|found| found == *text)
        };
        detect.all.iter().all(|pointer| at(&record, pointer).is_some())
            && detect.none.iter().all(|pointer| at(&record, pointer).is_none())
            && detect.constant.iter().all(is)
    }

    /// Whether any of the first records has a hash, link or signature that the profile reproduces.
    fn reproduces(&mut self, profile: &Profile, source: &Source, member: &str) -> bool {
        let lines = self.samples.of(member, source.kind, &source.at);
        let mut bench = Bench::new(Some(profile), self.trust, self.limits);
        bench.opens_tokens = source.kind.is_jws();
        let mut shapes = Shapes::default();
        let mut before: Option<String> = None;
        bench.takes_ids = false;
        lines.into_iter().enumerate().any(|(index, bytes)| {
            let place = match &before {
                Some(target) => Before::Named(target),
                None if index == 0 => Before::Nothing,
                None => Before::Unknown,
            };
            let seen = bench.examine(&bytes, place, &mut Stencils::default(), &mut shapes);
            let linked =
                matches!((&seen.prev, &before), (PrevSeen::Text(prev), Some(target)) if prev == target);
            let hashed = seen.hash.as_ref().is_some_and(HashSeen::matches);
            let signed = seen.signatures.iter().any(SignatureSeen::verifies);
            before = seen.target().map(str::to_owned);
            // a link alone says little where the target is a recorded hash: it is text compared with text
            hashed || signed || (linked && profile.hash.is_none())
        })
    }

    /// Records without a profile: lines, an array, or one a member. One line may also be a whole document; it is taken for
    /// a record only if it is called one, or holds no array of records, not even an empty one.
    fn plain(&mut self) -> Option<Found> {
        let lines = self.written_as(SourceKind::Jsonl, "");
        let are_lines = |scout: &mut Self, name: &String| {
            let is_called_so = name.ends_with(".jsonl") || name.ends_with(".ndjson");
            is_called_so || scout.samples.of(name, SourceKind::Jsonl, "").len() > 1
        };
        if lines.iter().any(|name| are_lines(self, name)) {
            return all_in(lines, SourceKind::Jsonl, "");
        }
        for at in self.arrays() {
            let members = self.written_as(SourceKind::Json, &at);
            if let Some(found) = all_in(members, SourceKind::Json, &at) {
                return Some(found);
            }
        }
        if let Some(name) = self.only_member() {
            let mut places = NAMES_OF_RECORDS.iter();
            if let Some(at) = places.find(|at| self.samples.is_hollow(name, at)) {
                return all_in(vec![name.to_owned()], SourceKind::Json, at);
            }
        }
        let single = self.written_as(SourceKind::Files, "");
        all_in(lines, SourceKind::Jsonl, "").or_else(|| all_in(single, SourceKind::Files, ""))
    }

    /// Pointers at which documents have an array: the whole of one, or the members that are arrays of objects.
    fn arrays(&self) -> Vec<String> {
        let mut pointers = vec![String::new()];
        for (name, held) in self.inventory.members.iter().take(MOST_LOOKED_AT) {
            let content = held.content.clone();
            let Some(document) = content.or_else(|| self.beginning(name)) else {
                continue;
            };
            match parse(&document, self.limits) {
                Ok(Value {
                    kind: Kind::Object(members),
                    ..
                }) => {
                    let arrays = members
                        .iter()
                        .filter(|member| member.value.elements().is_some_and(starts_with_object));
                    pointers.extend(arrays.map(|member| Pointer::root().child(&*member.name).to_string()));
                }
                Ok(_) => {}
                // longer than its beginning: the places where exports have their records
                Err(_) => pointers.extend(WELL_KNOWN_ARRAYS.iter().map(|p| (*p).to_owned())),
            }
            if pointers.len() >= MOST_LOOKED_AT {
                break;
            }
        }
        pointers.sort();
        pointers.dedup();
        pointers
    }

    fn beginning(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.container
            .open_member(name)
            .ok()?
            .take(BEGINNING)
            .read_to_end(&mut bytes)
            .ok()?;
        Some(bytes)
    }
}

/// Whether the first element that is not null is an object.
fn starts_with_object(elements: &[Value<'_>]) -> bool {
    let mut elements = elements.iter().skip_while(|element| element.is_null());
    elements.next().is_some_and(Value::is_object)
}

fn all_in(members: Vec<String>, kind: SourceKind, at: &str) -> Option<Found> {
    (!members.is_empty()).then(|| Found {
        members,
        kind,
        at: at.to_owned(),
        ..Found::default()
    })
}

/// Members in which a profile's records are looked for.
const MOST_LOOKED_AT: usize = 64;
/// Where a document's array is one of records though none is in it. Other names stand for lists inside of a record, too.
const NAMES_OF_RECORDS: [&str; 4] = ["/entries", "/events", "/records", "/Records"];
const BEGINNING: u64 = 64 * 1024;
const WELL_KNOWN_ARRAYS: [&str; 6] = ["/entries", "/events", "/records", "/data", "/items", "/Records"];
