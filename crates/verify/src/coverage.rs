//! Which fields no hash and no signature reaches, computed from the profile and the records that were seen.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use tickmark_formats::json::{Kind, Value};
use tickmark_formats::pointer::Pointer;

use crate::profile::{Json, Link, Part, Profile, Target};

/// The shapes of records seen so far: the patterns of their leaves, each shape walked once.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    known: HashSet<u64>,
    leaves: BTreeSet<String>,
}

impl Shapes {
    /// Notes a record's shape.
    pub fn note(&mut self, record: &Value<'_>) {
        let mut hasher = DefaultHasher::new();
        shape(record, &mut hasher);
        if self.known.len() < MOST_SHAPES && self.known.insert(hasher.finish()) {
            self.walk(record, &mut String::new());
        }
    }

    /// Takes another worker's shapes in.
    pub fn join(&mut self, other: Shapes) {
        self.leaves.extend(
            other
                .leaves
                .into_iter()
                .take(MOST_LEAVES.saturating_sub(self.leaves.len())),
        );
    }

    /// Leaves that the profile reaches by nothing.
    pub fn uncovered(&self, profile: &Profile) -> Vec<String> {
        let reach = Reach::of(profile);
        self.leaves
            .iter()
            .filter(|leaf| !reach.covers(leaf))
            .cloned()
            .collect()
    }

    fn walk(&mut self, value: &Value<'_>, path: &mut String) {
        let length = path.len();
        match &value.kind {
            Kind::Object(members) if !members.is_empty() => {
                for member in members {
                    path.push('/');
                    path.push_str(&member.name.replace('~', "~0").replace('/', "~1"));
                    self.walk(&member.value, path);
                    path.truncate(length);
                }
            }
            Kind::Array(items) if !items.is_empty() => {
                path.push_str("/*");
                items.iter().for_each(|item| self.walk(item, path));
                path.truncate(length);
            }
            _ if self.leaves.len() < MOST_LEAVES && path.len() < LONGEST_POINTER => {
                self.leaves.insert(path.clone());
            }
            _ => {}
        }
    }
}

fn shape(value: &Value<'_>, hasher: &mut DefaultHasher) {
    match &value.kind {
        Kind::Object(members) => {
            members.len().hash(hasher);
            for member in members {
                member.name.hash(hasher);
                shape(&member.value, hasher);
            }
        }
        Kind::Array(items) => {
            0xa5_u8.hash(hasher);
            // an array of equal shapes is one shape, however long
            let mut seen = HashSet::new();
            for item in items {
                let mut inner = DefaultHasher::new();
                shape(item, &mut inner);
                if seen.insert(inner.finish()) {
                    inner.finish().hash(hasher);
                }
            }
        }
        _ => 0x5a_u8.hash(hasher),
    }
}

/// Pointers that something reaches: whole branches, less branches that are left out.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    branches: Vec<(String, Vec<String>)>,
}

impl Reach {
    /// What hashes and signatures of a profile reach. The stored values of hash, link and signature count as reached:
    /// they are what is compared.
    pub fn of(profile: &Profile) -> Reach {
        let mut reach = Reach::default();
        for (_, parts) in profile.part_lists() {
            reach.add(parts);
        }
        reach.compared(profile);
        reach
    }

    /// What a list of parts reaches by itself.
    pub fn of_parts(parts: &[Part]) -> Reach {
        let mut reach = Reach::default();
        reach.add(parts);
        reach
    }

    /// What one signature of a profile reaches, through the hashes that it covers.
    pub fn of_signature(profile: &Profile, index: usize) -> Reach {
        let mut reach = Reach::default();
        if let Some(signature) = profile.signatures.get(index) {
            reach.add(&signature.message);
        }
        // a signed hash brings what it was made of; twice, for a hash of hashes
        for _ in 0..2 {
            reach.follow(profile);
        }
        reach
    }

    fn follow(&mut self, profile: &Profile) {
        if let Some(hash) = &profile.hash
            && hash.field.as_deref().is_some_and(|field| self.covers(field))
        {
            self.add(&hash.preimage);
        }
        for check in &profile.checks {
            if self.covers(&check.field) {
                self.add(&check.preimage);
            }
        }
    }

    fn compared(&mut self, profile: &Profile) {
        let mut fields: Vec<&str> = Vec::new();
        fields.extend(profile.hash.iter().filter_map(|hash| hash.field.as_deref()));
        fields.extend(profile.checks.iter().map(|check| check.field.as_str()));
        fields.extend(
            profile
                .signatures
                .iter()
                .map(|signature| signature.field.as_str()),
        );
        fields.extend(profile.link.iter().filter_map(|link| link.field.as_deref()));
        if let Some(Link {
            target: Target::Field(field),
            ..
        }) = &profile.link
        {
            fields.push(field);
        }
        fields.extend(profile.seq.iter().map(|seq| seq.field.as_str()));
        self.branches
            .extend(fields.into_iter().map(|field| (field.to_owned(), Vec::new())));
    }

    fn add(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Field { pointer, .. } => self.branches.push((pointer.clone(), Vec::new())),
                Part::Digest { parts, .. } => self.add(parts),
                Part::Json(json) => self.add_json(json),
                Part::RawLine => self.branches.push((String::new(), Vec::new())),
                Part::Literal(_) | Part::Previous(_) => {}
            }
        }
    }

    fn add_json(&mut self, json: &Json) {
        let below = |pointer: &str| format!("{}{pointer}", json.of);
        // what is set to a constant before hashing is not reached either
        let without: Vec<String> = json
            .exclude
            .iter()
            .chain(json.set.keys())
            .map(|p| below(p))
            .collect();
        match &json.include {
            Some(include) => {
                for name in include {
                    let name = name.trim_end_matches('?');
                    let name = name.strip_prefix('/').unwrap_or(name);
                    self.branches.push((below(&format!("/{name}")), without.clone()));
                }
            }
            None => self.branches.push((json.of.clone(), without)),
        }
    }

    /// Whether a leaf lies in a branch and in none that is left out of it.
    pub fn covers(&self, leaf: &str) -> bool {
        self.branches
            .iter()
            .any(|(branch, without)| is_in(leaf, branch) && !without.iter().any(|out| is_in(leaf, out)))
    }
}

fn is_in(leaf: &str, branch: &str) -> bool {
    if branch.is_empty() || leaf == branch {
        return true;
    }
    if let Some(rest) = leaf.strip_prefix(branch) {
        return rest.starts_with('/');
    }
    match (Pointer::parse(leaf), Pointer::parse(branch)) {
        (Ok(leaf), Ok(branch)) => leaf.is_beneath(&branch),
        _ => false,
    }
}

const MOST_SHAPES: usize = 4_096;
const MOST_LEAVES: usize = 4_096;
const LONGEST_POINTER: usize = 1_024;
