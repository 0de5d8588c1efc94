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
    refusal
        .or_else(|| name.split('/').find_map(refuse_segment))
        .map_or(Ok(()), Err)
}

/// Why one segment is refused. What Windows takes for something else than a file of that name is refused everywhere:
/// whoever unpacks the bundle there must see what was judged here.
fn refuse_segment(segment: &str) -> Option<NameRefusal> {
    match segment {
        "" => Some(NameRefusal::EmptySegment),
        "." => Some(NameRefusal::SelfSegment),
        ".." => Some(NameRefusal::ParentSegment),
        _ if segment.chars().any(is_refused_control) => Some(NameRefusal::Control),
        _ if segment.ends_with(['.', ' ']) => Some(NameRefusal::DroppedEnd),
        _ if names_a_stream(segment) => Some(NameRefusal::Stream),
        _ if is_device(segment) => Some(NameRefusal::Device),
        _ => None,
    }
}

/// A control character, but for the two that end lines: BagIt has a spelling for names that hold them (RFC 8493, 2.1.3).
fn is_refused_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r')
}

/// Whether a colon parts a file from a stream hidden behind it (`x:hidden`). Between the numbers of a clock's time it does
/// not: `2026-11-24T10:00:00Z.log` is how many systems name their logs, and Windows cannot hold such a name at all.
fn names_a_stream(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    let is_number = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|two| two.iter().all(u8::is_ascii_digit))
    };
    segment.match_indices(':').any(|(at, _)| {
        let is_in_time = at >= 2 && is_number(at - 2..at) && is_number(at + 1..at + 3);
        !is_in_time
    })
}

/// Whether Windows takes a segment for a device: the part before the first dot decides, blanks at its end and letter
/// case do not count, and the superscript digits 1 to 3 name ports too.
fn is_device(segment: &str) -> bool {
    let stem = segment
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches(' ');
    let is = |name: &str| stem.eq_ignore_ascii_case(name);
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
        .into_iter()
        .any(is)
    {
        return true;
    }
    let Some((port, number)) = stem.split_at_checked(3) else {
        return false;
    };
    let is_port = port.eq_ignore_ascii_case("COM") || port.eq_ignore_ascii_case("LPT");
    let mut digits = number.chars();
    let is_numbered = matches!(digits.next(), Some('0'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}'));
    is_port && is_numbered && digits.next().is_none()
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
            "a\r\nb",
            "ä/ö",
            "a/..b",
            ".hidden",
            "2026-11-24T10:00:00Z.log",
            "2026-11-24T10:00:00+01:00.log",
            "CONSOLE",
            "icon.txt",
            "a.con",
            "COM",
            "COM10",
            "COM\u{2074}",
            "LPTX",
            "null",
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
            (b"...", NameRefusal::DroppedEnd),
            (b"a.", NameRefusal::DroppedEnd),
            (b"a /b", NameRefusal::DroppedEnd),
            (b"a\x1bb", NameRefusal::Control),
            (b"a\x7f", NameRefusal::Control),
            ("a\u{85}".as_bytes(), NameRefusal::Control),
            (b"notes:hidden", NameRefusal::Stream),
            (b"notes::$DATA", NameRefusal::Stream),
            (b"d/trail.jsonl:1", NameRefusal::Stream),
            (b"10:x", NameRefusal::Stream),
            (b"CON", NameRefusal::Device),
            (b"logs/con.txt", NameRefusal::Device),
            (b"nul/a", NameRefusal::Device),
            (b"Aux.tar.gz", NameRefusal::Device),
            (b"con .txt", NameRefusal::Device),
            (b"prn", NameRefusal::Device),
            (b"com1", NameRefusal::Device),
            (b"LPT9.log", NameRefusal::Device),
            ("COM\u{b9}".as_bytes(), NameRefusal::Device),
            ("lpt\u{b3}.x".as_bytes(), NameRefusal::Device),
            (b"CONIN$", NameRefusal::Device),
        ] {
            assert_eq!(parse(name), Err(reason), "{}", shown(name));
        }
        assert_eq!(parse(&[b'a'; 5000]), Err(NameRefusal::TooLong { limit: 4096 }));
    }
}
