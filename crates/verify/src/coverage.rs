//! Which fields no hash and no signature reaches, computed from the profile and the records that were seen.

mod reach;

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use tickmark_formats::json::{Kind, Value};

use crate::profile::Profile;

pub(crate) use reach::Reach;

/// The shapes of records seen so far: the patterns of their leaves, each shape walked once.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    known: HashSet<u64>,
    leaves: BTreeSet<String>,
    /// Whether there were more leaves than are kept.
    pub is_cut: bool,
}

impl Shapes {
    /// Notes a record's shape.
    pub fn note(&mut self, record: &Value<'_>) {
        let mut hasher = DefaultHasher::new();
        shape(record, &mut hasher);
        let shape = hasher.finish();
        if self.known.contains(&shape) {
            return;
        }
        // past this many shapes every record is walked: slower, and nothing is missed
        if self.known.len() < MOST_SHAPES {
            self.known.insert(shape);
        }
        self.walk(record, &mut String::new());
    }

    /// Takes another worker's shapes in.
    pub fn join(&mut self, other: Shapes) {
        self.is_cut |= other.is_cut;
        for leaf in other.leaves {
            self.keep(leaf);
        }
    }

    /// Leaves that the profile reaches by nothing.
    pub fn uncovered(&self, profile: &Profile) -> Vec<String> {
        self.beyond(&Reach::of(profile))
    }

    /// Leaves that something does not reach.
    pub fn beyond(&self, reach: &Reach) -> Vec<String> {
        let leaves = self.leaves.iter();
        leaves.filter(|leaf| !reach.covers(leaf)).cloned().collect()
    }

    /// Whether any leaf lies in a branch; where leaves were left out, any may.
    pub fn have(&self, branch: &str) -> bool {
        self.is_cut || self.leaves.iter().any(|leaf| reach::is_in(leaf, branch))
    }

    /// Whether something holds of every leaf; where leaves were left out, of none that is known.
    pub fn all(&self, holds: impl Fn(&str) -> bool) -> bool {
        !self.is_cut && self.leaves.iter().all(|leaf| holds(leaf))
    }

    fn keep(&mut self, leaf: String) {
        if self.leaves.len() < MOST_LEAVES && leaf.len() < LONGEST_POINTER {
            self.leaves.insert(leaf);
        } else if !self.leaves.contains(&leaf) {
            self.is_cut = true;
        }
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
            _ => self.keep(path.clone()),
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

const MOST_SHAPES: usize = 65_536;
const MOST_LEAVES: usize = 4_096;
const LONGEST_POINTER: usize = 1_024;

#[cfg(test)]
mod tests {
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;

    fn shapes(records: &[&str]) -> Shapes {
        let mut shapes = Shapes::default();
        for record in records {
            shapes.note(&parse(record.as_bytes(), &Limits::default()).unwrap());
        }
        shapes
    }

    #[test]
    fn leaves_are_patterns() {
        let seen = shapes(&[r#"{"a":[{"b":1},{"c":2}],"d~/e":{},"f":[]}"#]);
        assert_eq!(
            seen.leaves.iter().collect::<Vec<_>>(),
            ["/a/*/b", "/a/*/c", "/d~0~1e", "/f"]
        );
        assert!(seen.have("/a") && seen.have("") && !seen.have("/g"));
    }

    #[test]
    fn too_many_leaves_are_told() {
        let wide: Vec<String> = (0..MOST_LEAVES + 1).map(|n| format!("\"k{n}\":0")).collect();
        let seen = shapes(&[&format!("{{{}}}", wide.join(","))]);
        assert!(seen.is_cut && seen.have("/any"));
        assert_eq!(seen.leaves.len(), MOST_LEAVES);
    }
}
