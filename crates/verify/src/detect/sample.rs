//! The first records of members, read only to recognise them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

use tickmark_formats::container::Container;
use tickmark_formats::json::{JsonErrorKind, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, Lines, RecordsError};

use crate::inventory::Inventory;
use crate::jws;
use crate::profile::SourceKind;

/// Samples of members, kept while they are small.
pub(super) struct Samples<'b> {
    container: &'b Container,
    inventory: &'b Inventory,
    limits: Limits,
    kept: BTreeMap<Key, Vec<Vec<u8>>>,
    kept_bytes: usize,
    opened: BTreeSet<String>,
}

/// A member, and how it is read.
type Key = (String, SourceKind, String);

impl<'b> Samples<'b> {
    pub fn new(container: &'b Container, inventory: &'b Inventory, limits: &Limits) -> Self {
        Samples {
            container,
            inventory,
            // a longer record is passed over here, and judged all the same
            limits: Limits {
                line: limits.line.min(LONGEST),
                ..limits.clone()
            },
            kept: BTreeMap::new(),
            kept_bytes: 0,
            opened: BTreeSet::new(),
        }
    }

    /// Whether a member can be looked at: it is at hand, or one of the few that are opened for it.
    pub fn can_look_at(&self, name: &str) -> bool {
        self.held(name).is_some() || self.opened.contains(name) || self.opened.len() < MOST_OPENED
    }

    /// The first records of a member; none where it is not written in this way.
    pub fn of(&mut self, name: &str, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        let key = (name.to_owned(), kind, at.to_owned());
        if let Some(known) = self.kept.get(&key) {
            return known.clone();
        }
        let found = self.read(name, kind, at);
        let bytes: usize = found.iter().map(Vec::len).sum();
        if self.kept_bytes + bytes <= MOST_KEPT {
            self.kept_bytes += bytes;
            self.kept.insert(key, found.clone());
        }
        found
    }

    fn held(&self, name: &str) -> Option<&'b [u8]> {
        self.inventory.members.get(name)?.content.as_deref()
    }

    fn read(&mut self, name: &str, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        if let Some(content) = self.held(name) {
            return self.cut(content, kind, at);
        }
        self.opened.insert(name.to_owned());
        match self.container.open_member(name) {
            Ok(reader) => self.cut(BufReader::new(reader.take(MOST_READ)), kind, at),
            Err(_) => Vec::new(),
        }
    }

    fn cut<R: BufRead>(&self, reader: R, kind: SourceKind, at: &str) -> Vec<Vec<u8>> {
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut bytes = Vec::new();
        let are_records = match kind {
            SourceKind::Jws => {
                self.lines(reader, &mut found);
                found.iter().take(2).any(|line| self.is_token(line))
            }
            SourceKind::Jsonl => {
                self.lines(reader, &mut found);
                self.are_records(&found)
            }
            SourceKind::Json => {
                let pointer = Pointer::parse(at).unwrap_or_else(|_| Pointer::root());
                let mut items = Items::new(reader, pointer, &self.limits);
                fill(&mut found, || {
                    let next = items.next_item(&mut bytes)?;
                    Ok(next.map(|_| std::mem::take(&mut bytes)))
                });
                // an element that is null is no record, and a fault: it does not hide the others
                found.iter().all(|item| is_object(item) || item == b"null")
                    && found.iter().any(|item| is_object(item))
            }
            SourceKind::Files | SourceKind::JwsFiles => {
                let most = self.limits.line as u64;
                let is_whole = reader.take(most + 1).read_to_end(&mut bytes).is_ok();
                let is_record = is_whole
                    && if kind.is_jws() {
                        self.is_token(&bytes)
                    } else {
                        self.is_record(&bytes)
                    };
                found.push(bytes);
                is_record
            }
        };
        if are_records { found } else { Vec::new() }
    }

    /// Whether these are lines of records, and not the lines of one document or of a text. A first line that is no record is
    /// a fault, and does not hide those behind it.
    fn are_records(&self, lines: &[Vec<u8>]) -> bool {
        let Some(first) = lines.first() else { return false };
        if is_object(first) {
            return lines.iter().take(2).any(|line| self.is_record(line));
        }
        let begins_document =
            first.trim_ascii_start().starts_with(b"[") && parse(first, &self.limits).is_err();
        let records = lines.iter().filter(|line| self.is_record(line)).count();
        !begins_document && 2 * records >= lines.len()
    }

    /// Whether a member is a document with an array at a pointer in which nothing but nulls stand, or nothing at all.
    pub fn is_hollow(&self, name: &str, at: &str) -> bool {
        let Some(content) = self.held(name) else {
            return match self.container.open_member(name) {
                Ok(reader) => self.holds_nothing(BufReader::new(reader.take(LONGEST_HOLLOW)), at),
                Err(_) => false,
            };
        };
        self.holds_nothing(content, at)
    }

    fn holds_nothing<R: BufRead>(&self, reader: R, at: &str) -> bool {
        let pointer = Pointer::parse(at).unwrap_or_else(|_| Pointer::root());
        let mut items = Items::new(reader, pointer, &self.limits);
        let mut bytes = Vec::new();
        loop {
            match items.next_item(&mut bytes) {
                Ok(Some(_)) if bytes == b"null" => {}
                // the whole document was read, and there was an array
                Ok(None) => return items.envelope().is_some(),
                Ok(Some(_)) | Err(_) => return false,
            }
        }
    }

    fn lines<R: BufRead>(&self, reader: R, found: &mut Vec<Vec<u8>>) {
        let mut lines = Lines::new(reader, &self.limits);
        let mut bytes = Vec::new();
        fill(found, || {
            let next = lines.next_line(&mut bytes)?;
            Ok(next.map(|_| std::mem::take(&mut bytes)))
        });
    }

    fn is_token(&self, bytes: &[u8]) -> bool {
        jws::open(bytes, &self.limits).is_ok()
    }

    /// Whether bytes are a JSON object. One that repeats a member name is a record, and a fault.
    fn is_record(&self, bytes: &[u8]) -> bool {
        is_object(bytes)
            && match parse(bytes, &self.limits) {
                Ok(_) => true,
                Err(error) => matches!(error.kind, JsonErrorKind::DuplicateMember { .. }) || error.is_limit(),
            }
    }
}

/// Takes the first records; those over a limit are passed over.
fn fill(found: &mut Vec<Vec<u8>>, mut next: impl FnMut() -> Result<Option<Vec<u8>>, RecordsError>) {
    let mut room = LONGEST;
    for _ in 0..2 * SAMPLE {
        match next() {
            Ok(Some(record)) => {
                room = room.saturating_sub(record.len());
                found.push(record);
            }
            Err(error) if error.is_passing() => {}
            Ok(None) | Err(_) => return,
        }
        if found.len() == SAMPLE || room == 0 {
            return;
        }
    }
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Records of a sample.
const SAMPLE: usize = 20;
/// Bytes of a sample, and of its longest record.
const LONGEST: usize = 4 << 20;
/// Bytes that are read for a sample: behind the longest record that is granted there is room for one. A bomb of empty
/// lines ends here, long before the limits of the whole.
const MOST_READ: u64 = 20 << 20;
/// Bytes of a document that holds no record and is seen to hold none.
const LONGEST_HOLLOW: u64 = 1 << 20;
/// Bytes of all samples that are kept.
const MOST_KEPT: usize = 16 << 20;
/// Members that are opened only to look at them.
const MOST_OPENED: usize = 64;
