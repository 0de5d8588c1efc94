//! What a container holds: every member with its digest, and the small ones with their content.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::ControlFlow;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_formats::container::{Container, ContainerError, MemberFault};

/// One member.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    /// Its length, where it is known.
    pub bytes: Option<u64>,
    /// SHA-256, hex; `None` while it was not read to its end.
    pub sha256: Option<String>,
    /// Its content, where it is small.
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
        let mut buffer = vec![0; 64 * 1024];
        let walked = container.walk(&mut |entry, reader| {
            let held = hold(reader, budget, &mut buffer);
            budget -= held.content.as_ref().map_or(0, |content| content.len() as u64);
            inventory.order.push(entry.name.clone());
            inventory.members.insert(entry.name.clone(), held);
            ControlFlow::Continue(())
        })?;
        inventory.faults = walked.faults;
        Ok(inventory)
    }

    /// The one member of a container without a list of contents; it is read while its records are.
    pub fn single(container: &Container) -> Result<Inventory, ContainerError> {
        let mut inventory = Inventory::default();
        container.walk(&mut |entry, _| {
            let held = Held {
                bytes: entry.declared,
                ..Held::default()
            };
            inventory.order.push(entry.name.clone());
            inventory.members.insert(entry.name.clone(), held);
            ControlFlow::Break(())
        })?;
        Ok(inventory)
    }

    /// Members whose name fits a pattern, in name order.
    pub fn fitting(&self, pattern: &str) -> Vec<&str> {
        self.members
            .keys()
            .map(String::as_str)
            .filter(|name| fits(pattern, name))
            .collect()
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

/// Reads a member to its end; its content is kept while it fits the budget.
fn hold(reader: &mut dyn Read, budget: u64, buffer: &mut [u8]) -> Held {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut content = Some(Vec::new());
    let mut bytes = 0;
    loop {
        let part = match reader.read(buffer) {
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // the walk itself tells what is wrong
            Err(_) => {
                return Held {
                    bytes: Some(bytes),
                    ..Held::default()
                };
            }
        };
        if part.is_empty() {
            break;
        }
        hasher.update(part);
        bytes += part.len() as u64;
        content = content.filter(|_| bytes <= SMALL.min(budget));
        if let Some(content) = &mut content {
            content.extend_from_slice(part);
        }
    }
    Held {
        bytes: Some(bytes),
        sha256: Some(hasher.finish().hex()),
        content,
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
