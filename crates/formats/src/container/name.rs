//! Names of members: which are refused, and which have been seen.

use std::collections::HashSet;

use super::error::{Exceeded, FaultKind, NameRefusal};
use crate::limits::Limits;

/// Reads a member's name: UTF-8, segments parted by `/`, nothing that another reader could take for another place.
/// A leading `./`, as `tar` writes it, is dropped; so is the slash at the end of a folder's name.
pub(super) fn parse(bytes: &[u8]) -> Result<String, NameRefusal> {
    if bytes.len() > NAME_LIMIT {
        return Err(NameRefusal::TooLong { limit: NAME_LIMIT });
    }
    let mut name = std::str::from_utf8(bytes).map_err(|_| NameRefusal::NotUtf8)?;
    while let Some(rest) = name.strip_prefix("./") {
        name = rest;
    }
    check(name)?;
    Ok(name.to_owned())
}

fn check(name: &str) -> Result<(), NameRefusal> {
    let refusal = match name.as_bytes() {
        [] => Some(NameRefusal::Empty),
        [b'/', ..] => Some(NameRefusal::Absolute),
        [letter, b':', ..] if letter.is_ascii_alphabetic() => Some(NameRefusal::DriveLetter),
        bytes if bytes.contains(&0) => Some(NameRefusal::Nul),
        bytes if bytes.contains(&b'\\') => Some(NameRefusal::Backslash),
        _ => None,
    };
    let refusal = refusal.or_else(|| {
        name.split('/').find_map(|segment| match segment {
            "" => Some(NameRefusal::EmptySegment),
            "." => Some(NameRefusal::SelfSegment),
            ".." => Some(NameRefusal::ParentSegment),
            _ => None,
        })
    });
    refusal.map_or(Ok(()), Err)
}

/// A name as it can be shown in a fault: lossy, cut.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(SHOWN)).unwrap_or_default());
    text.into_owned()
}

/// Counts entries and remembers the names of those that were given.
pub(super) struct Census {
    members_limit: u64,
    entries: u64,
    names: HashSet<Box<str>>,
    names_length: u64,
}

impl Census {
    pub(super) fn new(limits: &Limits) -> Self {
        Census {
            members_limit: limits.members,
            entries: 0,
            names: HashSet::new(),
            names_length: 0,
        }
    }

    /// Counts one entry of whatever kind.
    pub(super) fn count(&mut self) -> Result<(), Exceeded> {
        if self.entries >= self.members_limit {
            return Err(Exceeded::Members {
                limit: self.members_limit,
            });
        }
        self.entries += 1;
        Ok(())
    }

    /// Takes a regular member's name in, and refuses it the second time.
    pub(super) fn admit(&mut self, name: &str) -> Result<(), FaultKind> {
        if self.names.contains(name) {
            return Err(FaultKind::DuplicateName);
        }
        self.names_length += name.len() as u64;
        if self.names_length > NAMES_LIMIT {
            return Err(Exceeded::Names { limit: NAMES_LIMIT }.into());
        }
        self.names.insert(name.into());
        Ok(())
    }
}

const NAME_LIMIT: usize = 4096;
const NAMES_LIMIT: u64 = 256 << 20;
const SHOWN: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_one_place_are_taken() {
        for name in [
            "a",
            "a/b.jsonl",
            "a b",
            "ä/ö",
            "...",
            "a/..b",
            "2026-11-24T10:00:00Z.log",
            "CON",
        ] {
            assert_eq!(parse(name.as_bytes()).as_deref(), Ok(name));
        }
        assert_eq!(parse(b"./a/b").as_deref(), Ok("a/b"));
    }

    #[test]
    fn names_that_could_mean_two_places_are_refused() {
        for (name, reason) in [
            (&b""[..], NameRefusal::Empty),
            (b"/etc/passwd", NameRefusal::Absolute),
            (b".//etc", NameRefusal::Absolute),
            (b"C:\\x", NameRefusal::DriveLetter),
            (b"c:x", NameRefusal::DriveLetter),
            (b"a\\b", NameRefusal::Backslash),
            (b"a\0b", NameRefusal::Nul),
            (b"../a", NameRefusal::ParentSegment),
            (b"a/../b", NameRefusal::ParentSegment),
            (b"a/..", NameRefusal::ParentSegment),
            (b"a/./b", NameRefusal::SelfSegment),
            (b"a//b", NameRefusal::EmptySegment),
            (b"a/", NameRefusal::EmptySegment),
            (b"\xFF", NameRefusal::NotUtf8),
        ] {
            assert_eq!(parse(name), Err(reason), "{}", shown(name));
        }
        assert_eq!(parse(&[b'a'; 5000]), Err(NameRefusal::TooLong { limit: 4096 }));
    }
}
