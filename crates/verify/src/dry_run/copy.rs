//! A bundle in memory, whose records can be edited.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use tickmark_formats::container::{Origin, ReadSeek, Received};

use super::Place;
use crate::inventory::Inventory;
use crate::judge::opening;
use crate::request::{Request, Unwatched, VerifyError};
use crate::verification::Verification;

/// Members with the places of their records.
pub(super) struct Copy {
    /// The bundle's name.
    name: String,
    /// Every member with its bytes.
    members: Vec<(String, Arc<[u8]>)>,
    /// Where each record lies, in the order in which they are read.
    pub records: Vec<Place>,
    /// Whether this is the beginning of the trail only.
    pub is_excerpt: bool,
}

impl Copy {
    /// A copy of a bundle; of its first records only when it is large. `None` when its records cannot be cut out.
    pub fn of(
        received: Received,
        request: &Request,
        verification: &Verification,
        places: &[Place],
    ) -> Result<Option<Copy>, VerifyError> {
        let container = opening::open(received, request)?;
        let inventory = Inventory::take(&container)?;
        let is_whole = verification.counts.records == places.len() as u64;
        let mut room = MOST_COPIED;
        let mut members: Vec<(String, Arc<[u8]>)> = Vec::new();
        let mut fits = true;
        for name in &inventory.order {
            if !is_whole && !places.iter().any(|place| place.member == *name) {
                continue;
            }
            let mut bytes = Vec::new();
            let end = places
                .iter()
                .filter(|place| place.member == *name)
                .map(|place| place.offset.saturating_add(place.len))
                .max();
            let most = room as u64 + 1;
            let is_read = container
                .open_member(name)?
                .take(most)
                .read_to_end(&mut bytes)
                .is_ok();
            if !is_read || (bytes.len() > room && end.is_none_or(|end| end > bytes.len())) {
                fits = false;
                break;
            }
            fits &= bytes.len() <= room;
            room = room.saturating_sub(bytes.len());
            members.push((name.clone(), bytes.into()));
        }
        let copy = Copy {
            name: container.name().to_owned(),
            members,
            records: places.to_vec(),
            is_excerpt: false,
        };
        if !copy.is_sound() {
            return Ok(None);
        }
        Ok(Some(if is_whole && fits { copy } else { copy.excerpt() }))
    }

    /// Whether every record begins and ends where it should.
    fn is_sound(&self) -> bool {
        !self.records.is_empty()
            && self.records.iter().all(|place| {
                let text = self.text_at(place);
                text.first() == Some(&b'{')
                    && text
                        .last()
                        .is_some_and(|last| *last == b'}' || last.is_ascii_whitespace())
            })
    }

    /// The first records of one member, on lines of their own or in their array; nothing else.
    fn excerpt(mut self) -> Copy {
        let first = self
            .records
            .first()
            .map(|place| place.member.clone())
            .unwrap_or_default();
        self.records.retain(|place| place.member == first);
        let Some(last) = self.records.last() else {
            return self;
        };
        let end = last.offset + last.len;
        let start = self.records.first().map_or(0, |place| place.offset);
        let bytes = self.bytes_of(&first);
        // what closes the document: of an array of records all that is behind them is left out
        let mut cut = bytes.get(..end).unwrap_or_default().to_vec();
        cut.extend_from_slice(&closing(bytes.get(..start).unwrap_or_default()));
        self.members = vec![(first, cut.into())];
        self.is_excerpt = true;
        self
    }

    fn bytes_of(&self, member: &str) -> &[u8] {
        self.members
            .iter()
            .find(|(name, _)| name == member)
            .map_or(&[], |(_, bytes)| bytes)
    }

    fn text_at(&self, place: &Place) -> &[u8] {
        let end = place.offset.saturating_add(place.len);
        self.bytes_of(&place.member)
            .get(place.offset..end)
            .unwrap_or_default()
    }

    /// A record's text.
    pub fn text(&self, record: usize) -> &[u8] {
        self.records.get(record).map_or(&[], |place| self.text_at(place))
    }

    /// Judges it, with one record written otherwise.
    pub fn judge(&self, edit: Option<(usize, &[u8])>, asked: &Request) -> Result<Verification, VerifyError> {
        let texts: Vec<&[u8]> = (0..self.records.len())
            .map(|record| match edit {
                Some((edited, text)) if edited == record => text,
                _ => self.text(record),
            })
            .collect();
        self.judge_each(&texts, asked)
    }

    /// Judges it with other texts of all its records.
    pub fn judge_texts(&self, texts: &[Vec<u8>], asked: &Request) -> Result<Verification, VerifyError> {
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        self.judge_each(&texts, asked)
    }

    fn judge_each(&self, texts: &[&[u8]], asked: &Request) -> Result<Verification, VerifyError> {
        let order: Vec<usize> = (0..texts.len()).collect();
        self.written(&order, texts, asked)
    }

    /// Judges it with its records in another order; one that is not named is left out.
    pub fn judge_order(&self, order: &[usize], asked: &Request) -> Result<Verification, VerifyError> {
        let texts: Vec<&[u8]> = (0..self.records.len()).map(|record| self.text(record)).collect();
        self.written(order, &texts, asked)
    }

    fn written(
        &self,
        order: &[usize],
        texts: &[&[u8]],
        asked: &Request,
    ) -> Result<Verification, VerifyError> {
        let members = self.members.iter().map(|(name, bytes)| {
            let is_record_member = self.records.iter().any(|place| place.member == *name);
            let bytes = if is_record_member {
                self.spliced(name, bytes, order, texts).into()
            } else {
                Arc::clone(bytes)
            };
            (name.clone(), bytes)
        });
        let mut files: Vec<Arc<dyn Origin>> = Vec::new();
        for (name, bytes) in members {
            files.push(Arc::new(InMemory { name, bytes }));
        }
        let received = match files.as_slice() {
            [one] => Received::File(Arc::clone(one)),
            _ => Received::Folder {
                name: self.name.clone(),
                files,
            },
        };
        crate::verify(received, asked, &mut Unwatched)
    }

    /// A member with other records in it: between the first and the last, what stood between the first two stands between
    /// each two.
    fn spliced(&self, member: &str, bytes: &[u8], order: &[usize], texts: &[&[u8]]) -> Vec<u8> {
        let own: Vec<&Place> = self
            .records
            .iter()
            .filter(|place| place.member == member)
            .collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return bytes.to_vec();
        };
        let is_own = |index: &&usize| {
            self.records
                .get(**index)
                .is_some_and(|place| place.member == member)
        };
        let between: &[u8] = match own.get(1) {
            Some(second) => bytes
                .get(first.offset + first.len..second.offset)
                .unwrap_or(b"\n"),
            None => b"\n",
        };
        let mut out = bytes.get(..first.offset).unwrap_or_default().to_vec();
        let chosen: Vec<&[u8]> = order
            .iter()
            .filter(is_own)
            .filter_map(|index| texts.get(*index).copied())
            .collect();
        out.extend_from_slice(&chosen.join(between));
        out.extend_from_slice(bytes.get(last.offset + last.len..).unwrap_or_default());
        out
    }
}

/// The brackets that close what is open before the records. Names and texts before them are passed over.
fn closing(before: &[u8]) -> Vec<u8> {
    let mut open = Vec::new();
    let (mut in_text, mut is_escaped) = (false, false);
    for byte in before {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' if !in_text => open.push(b'}'),
            b'[' if !in_text => open.push(b']'),
            b'}' | b']' if !in_text => {
                open.pop();
            }
            _ => {}
        }
    }
    open.reverse();
    open.push(b'\n');
    open
}

struct InMemory {
    name: String,
    bytes: Arc<[u8]>,
}

struct Shared(Arc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Origin for InMemory {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(Cursor::new(Shared(Arc::clone(&self.bytes)))))
    }
}

/// Bytes of a bundle that is copied whole.
const MOST_COPIED: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::closing;

    #[test]
    fn what_is_open_is_closed() {
        assert_eq!(closing(b"{\"a]\\\"\": {\"b\": ["), b"]}}\n");
        assert_eq!(closing(b""), b"\n");
    }
}
