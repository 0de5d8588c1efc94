//! Recognises a trail: candidates by shape, then those that reproduce what is recorded among the first records. Never
//! chooses silently between two.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use tickmark_formats::container::Container;
use tickmark_formats::json::{JsonErrorKind, Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, Lines, RecordsError};

use crate::coverage::Shapes;
use crate::examine::{Before, Bench, HashSeen, PrevSeen, SignatureSeen};
use crate::inventory::Inventory;
use crate::preimage::{at, scalar};
use crate::profile::{Profile, Source, SourceKind};
use crate::trust::Trust;

/// Where the records of a bundle lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Members in the order in which they are read.
    pub members: Vec<String>,
    pub kind: SourceKind,
    pub at: String,
    pub partition: Option<String>,
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
    samples: BTreeMap<(String, SourceKind, String), Vec<Vec<u8>>>,
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
            samples: BTreeMap::new(),
        }
    }

    /// Finds the one profile that fits.
    pub fn recognise<'p>(&mut self, profiles: &[&'p Profile]) -> Recognised<'p> {
        let mut shaped: Vec<(&Profile, Found)> = Vec::new();
        for profile in profiles {
            if let Some(found) = self.source(profile, true) {
                shaped.push((profile, found));
            }
        }
        if shaped.len() > 1 {
            let reproduced: Vec<bool> = shaped
                .iter()
                .map(|(profile, found)| self.reproduces(profile, found))
                .collect();
            if reproduced.contains(&true) {
                let mut keep = reproduced.into_iter();
                shaped.retain(|_| keep.next().unwrap_or(false));
            }
        }
        if shaped.len() > 1 {
            return Recognised::Several(shaped.iter().map(|(profile, _)| profile.id.clone()).collect());
        }
        match shaped.pop() {
            Some((profile, found)) => Recognised::One(profile, found),
            None => Recognised::None(self.plain()),
        }
    }

    /// Where a profile's records lie. With `by_shape`, they must look like the profile's.
    pub fn source(&mut self, profile: &Profile, by_shape: bool) -> Option<Found> {
        profile.source.iter().find_map(|source| {
            let members = self.members(profile, source);
            let first = members.first()?;
            if by_shape && !self.has_some_of(profile, first, source) {
                return None;
            }
            Some(Found {
                members,
                kind: source.kind,
                at: source.at.clone(),
                partition: source.partition.clone(),
                in_one_pass: false,
            })
        })
    }

    /// Members that hold records, by name. Where a profile names a file, every member of that name is taken once one of
    /// them can be read; else every member that looks like the profile.
    fn members(&mut self, profile: &Profile, source: &Source) -> Vec<String> {
        let Some(pattern) = &source.file else {
            let written = self.written_as(source.kind, &source.at);
            let alike: Vec<String> = written
                .iter()
                .filter(|name| self.has_some_of(profile, name, source))
                .cloned()
                .collect();
            // a named profile is held against what is there, though nothing looks like it
            return if alike.is_empty() { written } else { alike };
        };
        let names: Vec<String> = self
            .inventory
            .fitting(pattern)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let any = names
            .iter()
            .take(MOST_OPENED)
            .any(|name| !self.sample(name, source.kind, &source.at).is_empty());
        if any { names } else { Vec::new() }
    }

    /// Every member that is written in this way. Small ones are at hand; of those that have to be opened only the first
    /// are looked at, and the others are taken where a member of the same ending was.
    fn written_as(&mut self, kind: SourceKind, at: &str) -> Vec<String> {
        let mut opened = 0;
        let mut endings: Vec<String> = Vec::new();
        let mut taken = Vec::new();
        let all: Vec<String> = self.inventory.members.keys().cloned().collect();
        for name in all {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
            let is_at_hand = self
                .inventory
                .members
                .get(&name)
                .is_some_and(|held| held.content.is_some());
            let is_taken = if is_at_hand || opened < MOST_OPENED {
                opened += usize::from(!is_at_hand);
                !self.sample(&name, kind, at).is_empty()
            } else {
                endings.contains(&ending)
            };
            if is_taken {
                if !endings.contains(&ending) && endings.len() < MOST_OPENED {
                    endings.push(ending);
                }
                taken.push(name);
            }
        }
        taken
    }

    /// Whether any of a member's first records looks like the profile's. One is enough: stripping a field from the
    /// others must not hide the format.
    fn has_some_of(&mut self, profile: &Profile, name: &str, source: &Source) -> bool {
        let sample = self.sample(name, source.kind, &source.at);
        sample.iter().any(|record| self.looks_like(profile, record))
    }

    fn looks_like(&self, profile: &Profile, line: &[u8]) -> bool {
        let Ok(record) = parse(line, self.limits) else {
            return false;
        };
        let detect = &profile.detect;
        detect.all.iter().all(|pointer| at(&record, pointer).is_some())
            && detect.none.iter().all(|pointer| at(&record, pointer).is_none())
            && detect
                .constant
                .iter()
                .all(|(pointer, text)| at(&record, pointer).and_then(scalar).is_some_and(|t| t == *text))
    }

    /// Whether any of the first records has a hash, link or signature that the profile reproduces.
    fn reproduces(&mut self, profile: &Profile, found: &Found) -> bool {
        let Some(member) = found.members.first() else {
            return false;
        };
        let lines = self.sample(member, found.kind, &found.at);
        let bench = Bench::new(Some(profile), self.trust, self.limits);
        let mut shapes = Shapes::default();
        let mut before: Option<String> = None;
        lines.into_iter().enumerate().any(|(index, bytes)| {
            let place = match &before {
                Some(target) => Before::Named(target),
                None if index == 0 => Before::Nothing,
                None => Before::Unknown,
            };
            let seen = bench.examine(&bytes, place, &mut shapes);
            let linked =
                matches!((&seen.prev, &before), (PrevSeen::Text(prev), Some(target)) if prev == target);
            let hashed = seen.hash.as_ref().is_some_and(HashSeen::matches);
            let signed = seen.signatures.iter().any(SignatureSeen::verifies);
            before = seen.target;
            // a link alone says little where the target is a recorded hash: it is text compared with text
            hashed || signed || (linked && profile.hash.is_none())
        })
    }

    /// Records without a profile: lines, an array, or one a member. One line may also be a whole document; it is taken for
    /// a record only if it is called one, or holds no array of records.
    fn plain(&mut self) -> Option<Found> {
        let lines = self.written_as(SourceKind::Jsonl, "");
        let are_lines = |scout: &mut Self, name: &String| {
            let is_called_so = name.ends_with(".jsonl") || name.ends_with(".ndjson");
            is_called_so || scout.sample(name, SourceKind::Jsonl, "").len() > 1
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
        let single = self.written_as(SourceKind::Files, "");
        all_in(lines, SourceKind::Jsonl, "").or_else(|| all_in(single, SourceKind::Files, ""))
    }

    /// Pointers at which documents have an array: the whole of one, or the members that are arrays of objects.
    fn arrays(&self) -> Vec<String> {
        let mut pointers = vec![String::new()];
        for (name, held) in self.inventory.members.iter().take(MOST_OPENED) {
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
            if pointers.len() >= MOST_OPENED {
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

    /// The first records of a member, if it is written in this way.
    fn sample(&mut self, name: &str, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        let key = (name.to_owned(), kind, at.to_owned());
        if let Some(known) = self.samples.get(&key) {
            return known.clone();
        }
        let found = self.read_sample(name, kind, at);
        self.samples.insert(key, found.clone());
        found
    }

    fn read_sample(&self, name: &str, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        let held = self
            .inventory
            .members
            .get(name)
            .and_then(|held| held.content.as_deref());
        if let Some(content) = held {
            return self.cut(content, kind, at);
        }
        match self.container.open_member(name) {
            Ok(reader) => self.cut(BufReader::new(reader), kind, at),
            Err(_) => Vec::new(),
        }
    }

    /// The first records of a stream; none where it is not written in this way.
    fn cut<R: BufRead>(&self, reader: R, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut bytes = Vec::new();
        match kind {
            SourceKind::Jsonl => {
                let mut lines = Lines::new(reader, self.limits);
                fill(&mut found, || {
                    lines
                        .next_line(&mut bytes)
                        .map(|at| at.map(|_| std::mem::take(&mut bytes)))
                });
                // lines of records, not the lines of one document
                let are_records = found.first().is_some_and(|line| is_object(line))
                    && found.iter().take(2).any(|line| self.is_record(line));
                if !are_records {
                    found.clear();
                }
            }
            SourceKind::Json => {
                let pointer = Pointer::parse(at).unwrap_or_else(|_| Pointer::root());
                let mut items = Items::new(reader, pointer, self.limits);
                fill(&mut found, || {
                    items
                        .next_item(&mut bytes)
                        .map(|at| at.map(|_| std::mem::take(&mut bytes)))
                });
                if !found.iter().all(|item| is_object(item)) {
                    found.clear();
                }
            }
            SourceKind::Files => {
                let most = self.limits.line as u64;
                if reader.take(most + 1).read_to_end(&mut bytes).is_ok() && self.is_record(&bytes) {
                    found.push(bytes);
                }
            }
        }
        found
    }

    /// Whether bytes are a JSON object. One that repeats a member name is a record, and a fault.
    fn is_record(&self, bytes: &[u8]) -> bool {
        is_object(bytes)
            && match parse(bytes, self.limits) {
                Ok(_) => true,
                Err(error) => matches!(error.kind, JsonErrorKind::DuplicateMember { .. }) || error.is_limit(),
            }
    }
}

/// Takes the first records; those over a limit are passed over.
fn fill(found: &mut Vec<Vec<u8>>, mut next: impl FnMut() -> Result<Option<Vec<u8>>, RecordsError>) {
    for _ in 0..2 * SAMPLE {
        match next() {
            Ok(Some(record)) => found.push(record),
            Err(error) if error.is_passing() => {}
            Ok(None) | Err(_) => return,
        }
        if found.len() == SAMPLE {
            return;
        }
    }
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

fn starts_with_object(elements: &[Value<'_>]) -> bool {
    elements.first().is_some_and(Value::is_object)
}

fn all_in(members: Vec<String>, kind: SourceKind, at: &str) -> Option<Found> {
    (!members.is_empty()).then(|| Found {
        members,
        kind,
        at: at.to_owned(),
        ..Found::default()
    })
}

const SAMPLE: usize = 20;
/// Members that are opened only to look at them.
const MOST_OPENED: usize = 64;
const BEGINNING: u64 = 64 * 1024;
const WELL_KNOWN_ARRAYS: [&str; 6] = ["/entries", "/events", "/records", "/data", "/items", "/Records"];
