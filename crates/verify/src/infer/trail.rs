//! The first records of a trail, as received, and what lies around and beside them.

use std::io::{BufRead, BufReader};

use tickmark_formats::container::Container;
use tickmark_formats::json::parse;
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, Lines, RecordsError};

use crate::detect::{Found, Recognised, Scout};
use crate::inventory::Inventory;
use crate::profile::SourceKind;
use crate::request::Request;

/// The records that are searched.
pub(super) struct Trail {
    /// Each record as received.
    pub texts: Vec<Vec<u8>>,
    /// How they are written.
    pub kind: SourceKind,
    /// For an array: where it lies.
    pub at: String,
    /// The document around the records, without them.
    pub envelope: Option<Vec<u8>>,
    /// Small members beside them, with their text.
    pub beside: Vec<(String, String)>,
    /// Records that were passed over: no JSON object, or longer than is searched.
    pub passed_over: u64,
}

/// Reads up to `most` records; `None` where the bundle holds none.
pub(super) fn read(
    container: &Container,
    inventory: &Inventory,
    request: &Request,
    most: usize,
) -> Option<Trail> {
    let mut scout = Scout::new(container, inventory, &request.trust, &request.limits);
    let found = match scout.recognise(&[]) {
        Recognised::None(found) => found?,
        Recognised::One(..) | Recognised::Several(_) => return None,
    };
    let mut trail = Trail {
        texts: Vec::new(),
        kind: found.kind,
        at: found.at.clone(),
        envelope: None,
        beside: beside(inventory, &found),
        passed_over: 0,
    };
    let limits = Limits {
        line: request.limits.line.min(LONGEST_RECORD),
        ..request.limits.clone()
    };
    let mut room = MOST_BYTES;
    for member in &found.members {
        if trail.texts.len() >= most || room == 0 {
            break;
        }
        if let Ok(reader) = container.open_member(member) {
            trail.take(BufReader::new(reader), &limits, most, &mut room);
        }
    }
    (!trail.texts.is_empty()).then_some(trail)
}

impl Trail {
    fn take<R: BufRead>(&mut self, mut reader: R, limits: &Limits, most: usize, room: &mut usize) {
        let mut bytes = Vec::new();
        match self.kind {
            SourceKind::Jsonl => {
                let mut lines = Lines::new(reader, limits);
                self.fill(limits, most, room, || {
                    let next = lines.next_line(&mut bytes)?;
                    Ok(next.map(|_| std::mem::take(&mut bytes)))
                });
            }
            SourceKind::Json => {
                let pointer = Pointer::parse(&self.at).unwrap_or_else(|_| Pointer::root());
                let mut items = Items::new(reader, pointer, limits);
                let is_at_end = self.fill(limits, most, room, || {
                    let next = items.next_item(&mut bytes)?;
                    Ok(next.map(|_| std::mem::take(&mut bytes)))
                });
                // a key may stand behind the records; a long document is not read to its end for it
                let mut left = if is_at_end { 0 } else { MOST_READ_FOR_ENVELOPE };
                while left > 0 {
                    match items.next_item(&mut bytes) {
                        Ok(Some(_)) => left -= 1,
                        Err(error) if error.is_passing() => left -= 1,
                        Ok(None) | Err(_) => break,
                    }
                }
                self.envelope = items.envelope().map(<[u8]>::to_vec);
            }
            // tokens are not searched: what they sign is not the record's to say
            SourceKind::Jws | SourceKind::JwsFiles => {}
            SourceKind::Files => {
                use std::io::Read;
                let most = limits.line as u64;
                if reader.by_ref().take(most + 1).read_to_end(&mut bytes).is_ok() {
                    self.keep(bytes, limits, room);
                }
            }
        }
    }

    /// Takes records; says whether the source ended.
    fn fill(
        &mut self,
        limits: &Limits,
        most: usize,
        room: &mut usize,
        mut next: impl FnMut() -> Result<Option<Vec<u8>>, RecordsError>,
    ) -> bool {
        let mut left = 4 * most;
        while self.texts.len() < most && left > 0 && *room > 0 {
            left -= 1;
            match next() {
                Ok(Some(record)) => self.keep(record, limits, room),
                Err(error) if error.is_passing() => self.passed_over += 1,
                Ok(None) | Err(_) => return true,
            }
        }
        false
    }

    fn keep(&mut self, record: Vec<u8>, limits: &Limits, room: &mut usize) {
        let is_record = record.len() <= LONGEST_RECORD.min(*room)
            && parse(&record, limits).is_ok_and(|value| value.is_object());
        *room = room.saturating_sub(record.len());
        if is_record {
            self.texts.push(record);
        } else {
            self.passed_over += 1;
        }
    }
}

/// Small members that are no record members: keys may lie in them.
fn beside(inventory: &Inventory, found: &Found) -> Vec<(String, String)> {
    let small = inventory.members.iter().filter_map(|(name, held)| {
        let content = held
            .content
            .as_ref()
            .filter(|content| content.len() <= LONGEST_BESIDE)?;
        let text = std::str::from_utf8(content).ok()?;
        (!found.members.contains(name)).then(|| (name.clone(), text.to_owned()))
    });
    small.take(MOST_BESIDE).collect()
}

/// Longest record that is searched, in bytes.
pub(super) const LONGEST_RECORD: usize = 256 * 1024;
/// Bytes of all records that are searched.
const MOST_BYTES: usize = 4 << 20;
const MOST_READ_FOR_ENVELOPE: usize = 10_000;
const LONGEST_BESIDE: usize = 16 * 1024;
const MOST_BESIDE: usize = 16;
