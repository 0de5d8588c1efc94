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
                // lines of records, not the lines of one document
                found.first().is_some_and(|line| is_object(line))
                    && found.iter().take(2).any(|line| self.is_record(line))
            }
            SourceKind::Json => {
                let pointer = Pointer::parse(at).unwrap_or_else(|_| Pointer::root());
                let mut items = Items::new(reader, pointer, &self.limits);
                fill(&mut found, || {
                    let next = items.next_item(&mut bytes)?;
                    Ok(next.map(|_| std::mem::take(&mut bytes)))
                });
                found.iter().all(|item| is_object(item))
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
/// Bytes of all samples that are kept.
const MOST_KEPT: usize = 16 << 20;
/// Members that are opened only to look at them.
const MOST_OPENED: usize = 64;
