//! What a container holds: every member with its digest, and the small ones with their content.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_formats::container::{Container, ContainerError, MemberFault};

/// One member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    pub bytes: u64,
    pub sha256: String,
    /// Its digest under the profile's manifest algorithm, where that is another.
    pub content: Option<Vec<u8>>,
}

/// Every member.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub members: BTreeMap<String, Held>,
    /// Members in container order.
    pub order: Vec<String>,
    pub faults: Vec<MemberFault>,
}

impl Inventory {
    /// Walks the container once.
    pub fn take(container: &Container) -> Result<Inventory, ContainerError> {
        let mut inventory = Inventory::default();
        let mut budget = SMALL_IN_ALL;
        let walked = container.walk(&mut |entry, reader| {
            let mut hasher = Hasher::new(Algorithm::Sha256);
            let mut content = Vec::new();
            let mut kept = budget > 0;
            let mut bytes = 0;
            let mut buffer = vec![0; 64 * 1024];
            // a fault while reading is reported by the walk itself
            while let Ok(read) = reader.read(&mut buffer) {
                let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
                    break;
                };
                hasher.update(part);
                bytes += part.len() as u64;
                kept = kept && bytes <= SMALL.min(budget);
                if kept {
                    content.extend_from_slice(part);
                } else {
                    content = Vec::new();
                }
            }
            if kept {
                budget -= bytes;
            }
            let held = Held {
                bytes,
                sha256: hasher.finish().hex(),
                content: kept.then_some(content),
            };
            inventory.order.push(entry.name.clone());
            inventory.members.insert(entry.name.clone(), held);
            ControlFlow::Continue(())
        })?;
        inventory.faults = walked.faults;
        Ok(inventory)
    }

    /// The one member of a plain file, whose digest is taken while its records are read.
    pub fn plain(name: &str, bytes: u64) -> Inventory {
        let held = Held {
            bytes,
            ..Held::default()
        };
        Inventory {
            members: BTreeMap::from([(name.to_owned(), held)]),
            order: vec![name.to_owned()],
            faults: Vec::new(),
        }
    }

    /// Members whose name fits a pattern, in name order.
    pub fn fitting(&self, pattern: &str) -> Vec<&str> {
        self.members
            .keys()
            .map(String::as_str)
            .filter(|name| fits(pattern, name))
            .collect()
    }

    /// The content of the one small member that fits.
    pub fn content(&self, pattern: &str) -> Option<&[u8]> {
        let name = *self.fitting(pattern).first()?;
        self.members.get(name)?.content.as_deref()
    }

    /// Members that a system would run; Tickmark never does.
    pub fn programs(&self) -> Vec<&str> {
        let is_program = |name: &&str| {
            let lower = name.to_ascii_lowercase();
            PROGRAMS.iter().any(|ending| lower.ends_with(ending))
        };
        self.members
            .keys()
            .map(String::as_str)
            .filter(is_program)
            .collect()
    }
}

/// Whether a name fits a pattern in which `*` stands for any run of characters. A pattern without `/` is held against the
/// last part of the name.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let name = if pattern.contains('/') {
        name
    } else {
        name.rsplit('/').next().unwrap_or(name)
    };
    let mut pieces = pattern.split('*');
    let Some(rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut rest = rest;
    let mut last = None;
    for piece in pieces {
        if let Some(middle) = last.replace(piece) {
            match find(rest, middle) {
                Some(after) => rest = after,
                None => return false,
            }
        }
    }
    match last {
        None => rest.is_empty(),
        Some(end) => rest.ends_with(end),
    }
}

fn find<'n>(text: &'n str, piece: &str) -> Option<&'n str> {
    text.find(piece).and_then(|at| text.get(at + piece.len()..))
}

const SMALL: u64 = 1 << 20;
const SMALL_IN_ALL: u64 = 32 << 20;
const PROGRAMS: [&str; 12] = [
    ".py", ".sh", ".exe", ".bat", ".cmd", ".ps1", ".js", ".mjs", ".jar", ".com", ".scr", ".vbs",
];

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        assert!(fits("receipts.jsonl", "receipts.jsonl"));
        assert!(fits("receipts.jsonl", "pack/receipts.jsonl"));
        assert!(fits("*.jsonl", "a/b.jsonl"));
        assert!(fits("audit*log*.jsonl", "audit-1-log-2.jsonl"));
        assert!(fits("logs/*.json", "logs/x/y.json"));
        assert!(!fits("receipts.jsonl", "receipts.jsonl.bak"));
        assert!(!fits("a*b", "ab/c"));
        assert!(fits("a*b", "ab"));
        assert!(!fits("ab*b", "ab"));
    }
}
