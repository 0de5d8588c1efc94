//! Recognises a trail: candidates by shape, then those that reproduce what is recorded among the first records. Never
//! chooses silently between two.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use tickmark_formats::container::Container;
use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, Lines};

use crate::coverage::Shapes;
use crate::examine::{Bench, HashSeen, PrevSeen, Received, SignatureSeen};
use crate::inventory::Inventory;
use crate::preimage::{at, scalar};
use crate::profile::{Profile, Source, SourceKind};
use crate::trust::Trust;

/// Where the records of a bundle lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub members: Vec<String>,
    pub kind: SourceKind,
    pub at: String,
    pub partition: Option<String>,
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
    pub container: &'b Container,
    pub inventory: &'b Inventory,
    pub trust: &'b Trust,
    pub limits: &'b Limits,
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
        match shaped.len() {
            0 => Recognised::None(self.plain()),
            1 => match shaped.pop() {
                Some((profile, found)) => Recognised::One(profile, found),
                None => Recognised::None(None),
            },
            _ => Recognised::Several(shaped.iter().map(|(profile, _)| profile.id.clone()).collect()),
        }
    }

    /// Where a profile's records lie. With `by_shape`, they must look like the profile's.
    pub fn source(&mut self, profile: &Profile, by_shape: bool) -> Option<Found> {
        profile.source.iter().find_map(|source| {
            let members = self.members(source);
            if members.is_empty() {
                return None;
            }
            if by_shape {
                let first = self.sample(members.first()?, source.kind, &source.at);
                if first.is_empty() || !first.iter().all(|line| self.looks_like(profile, line)) {
                    return None;
                }
            }
            Some(Found {
                members,
                kind: source.kind,
                at: source.at.clone(),
                partition: source.partition.clone(),
            })
        })
    }

    fn members(&mut self, source: &Source) -> Vec<String> {
        let names: Vec<String> = match &source.file {
            Some(pattern) => self
                .inventory
                .fitting(pattern)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            None => self
                .inventory
                .members
                .keys()
                .take(MOST_LOOKED_AT)
                .cloned()
                .collect(),
        };
        names
            .into_iter()
            .enumerate()
            // a named member is believed; a long list is looked at only at its beginning
            .filter(|(index, name)| {
                (source.file.is_some() && *index >= MOST_LOOKED_AT)
                    || !self.sample(name, source.kind, &source.at).is_empty()
            })
            .map(|(_, name)| name)
            .collect()
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
        let bench = Bench {
            profile: Some(profile),
            trust: self.trust,
            limits: self.limits,
            carried: Vec::new(),
            partition: None,
        };
        let mut shapes = Shapes::default();
        let mut before: Option<String> = None;
        lines.into_iter().enumerate().any(|(index, bytes)| {
            let received = Received {
                member: 0,
                line: 0,
                offset: 0,
                bytes,
            };
            let seen = bench.examine(received, before.as_deref(), index == 0, &mut shapes);
            let linked =
                matches!((&seen.prev, &before), (PrevSeen::Text(prev), Some(target)) if prev == target);
            let hashed = seen.hash.as_ref().is_some_and(HashSeen::matches);
            let signed = seen.signatures.iter().any(|s| {
                matches!(
                    s,
                    SignatureSeen::Pinned(_)
                        | SignatureSeen::Unpinned { carried: Some(_), .. }
                        | SignatureSeen::Wrong { carried: Some(_) }
                )
            });
            before = seen.target;
            // a link alone says little where the target is a recorded hash: it is text compared with text
            hashed || signed || (linked && profile.hash.is_none())
        })
    }

    /// Records without a profile: lines, an array, or one a member.
    fn plain(&mut self) -> Option<Found> {
        let names: Vec<String> = self
            .inventory
            .order
            .iter()
            .take(MOST_LOOKED_AT)
            .cloned()
            .collect();
        for kind in [SourceKind::Jsonl, SourceKind::Json] {
            let pointers = if kind == SourceKind::Json {
                self.arrays(&names)
            } else {
                vec![String::new()]
            };
            for at in pointers {
                let members: Vec<String> = names
                    .iter()
                    .filter(|name| !self.sample(name, kind, &at).is_empty())
                    .cloned()
                    .collect();
                if !members.is_empty() {
                    return Some(Found {
                        members,
                        kind,
                        at,
                        partition: None,
                    });
                }
            }
        }
        let single: Vec<String> = names
            .iter()
            .filter(|name| !self.sample(name, SourceKind::Files, "").is_empty())
            .cloned()
            .collect();
        (!single.is_empty()).then(|| Found {
            members: single,
            kind: SourceKind::Files,
            at: String::new(),
            partition: None,
        })
    }

    /// Pointers at which the first document has an array: its whole, or the members that are arrays of objects.
    fn arrays(&self, names: &[String]) -> Vec<String> {
        let mut pointers = vec![String::new()];
        for name in names {
            let Some(document) = self
                .inventory
                .members
                .get(name)
                .and_then(|held| held.content.clone())
                .or_else(|| self.beginning(name))
            else {
                continue;
            };
            if let Ok(Value {
                kind: Kind::Object(members),
                ..
            }) = parse(&document, self.limits)
            {
                let arrays = members.iter().filter(|m| {
                    m.value
                        .elements()
                        .is_some_and(|e| e.first().is_some_and(Value::is_object))
                });
                pointers.extend(arrays.map(|m| format!("/{}", m.name.replace('~', "~0").replace('/', "~1"))));
            } else {
                pointers.extend(WELL_KNOWN_ARRAYS.iter().map(|p| (*p).to_owned()));
            }
        }
        pointers.dedup();
        pointers.truncate(MOST_LOOKED_AT);
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
        let Ok(reader) = self.container.open_member(name) else {
            return Vec::new();
        };
        let reader = BufReader::new(reader);
        let mut found: Vec<Vec<u8>> = Vec::new();
        let is_object = |bytes: &[u8]| bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        match kind {
            SourceKind::Jsonl => {
                let mut lines = Lines::new(reader, self.limits);
                let mut bytes = Vec::new();
                while found.len() < SAMPLE && matches!(lines.next_line(&mut bytes), Ok(Some(_))) {
                    found.push(std::mem::take(&mut bytes));
                }
                // lines of records, not the lines of one document
                let whole = |line: &Vec<u8>| is_object(line) && parse(line, self.limits).is_ok_or_duplicate();
                if !found.iter().take(SAMPLE).any(whole) || !found.first().is_some_and(|line| is_object(line))
                {
                    found.clear();
                }
                if found.len() > 1 && !found.iter().take(2).any(whole) {
                    found.clear();
                }
            }
            SourceKind::Json => {
                let pointer = Pointer::parse(at).unwrap_or_else(|_| Pointer::root());
                let mut items = Items::new(reader, pointer, self.limits);
                let mut bytes = Vec::new();
                while found.len() < SAMPLE && matches!(items.next_item(&mut bytes), Ok(Some(_))) {
                    found.push(std::mem::take(&mut bytes));
                }
                if !found.iter().all(|item| is_object(item)) {
                    found.clear();
                }
            }
            SourceKind::Files => {
                let mut bytes = Vec::new();
                let most = self.limits.line as u64;
                if reader.take(most + 1).read_to_end(&mut bytes).is_ok()
                    && is_object(&bytes)
                    && parse(&bytes, self.limits).is_ok_or_duplicate()
                {
                    found.push(bytes);
                }
            }
        }
        found
    }
}

trait OkOrDuplicate {
    fn is_ok_or_duplicate(&self) -> bool;
}

impl OkOrDuplicate for Result<Value<'_>, tickmark_formats::json::JsonError> {
    /// A record that repeats a member name is a record, and a fault.
    fn is_ok_or_duplicate(&self) -> bool {
        use tickmark_formats::json::JsonErrorKind;
        match self {
            Ok(_) => true,
            Err(error) => matches!(error.kind, JsonErrorKind::DuplicateMember { .. }) || error.is_limit(),
        }
    }
}

const SAMPLE: usize = 20;
const MOST_LOOKED_AT: usize = 64;
const BEGINNING: u64 = 64 * 1024;
const WELL_KNOWN_ARRAYS: [&str; 6] = ["/entries", "/events", "/records", "/data", "/items", "/Records"];
