//! Where a ZIP file's directory lies: the end record, with its ZIP64 forerunner.

use std::io::{self, Read, SeekFrom};

use super::super::members::Bytes;
use super::header::Fields;

/// Where the directory lies, and what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located {
    /// First byte of the directory.
    pub(super) start: u64,
    /// One past its last byte.
    pub(super) end: u64,
    /// Members it should list.
    pub(super) entries: u64,
    /// Bytes before the ZIP file, by which all its offsets are too small.
    pub(super) base: u64,
    /// One past the end record and its comment.
    pub(super) file_end: u64,
    /// Whether another directory could be read instead.
    pub(super) is_ambiguous: bool,
}

/// Whether a ZIP file ends here, wherever it begins.
pub(in super::super) fn has_directory(bytes: &mut Bytes) -> io::Result<bool> {
    Ok(locate(bytes)?.is_some())
}

/// Finds the end record: the last one that fits the end of the file and points to a directory.
pub(super) fn locate(bytes: &mut Bytes) -> io::Result<Option<Located>> {
    let length = bytes.seek(SeekFrom::End(0))?;
    let tail_start = length.saturating_sub(TAIL);
    bytes.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    bytes.take(TAIL).read_to_end(&mut tail)?;
    let mut found: Vec<Located> = Vec::new();
    for at in (0..tail.len().saturating_sub(END_RECORD - 1)).rev() {
        let record = tail.get(at..).unwrap_or_default();
        if record.starts_with(END_SIGNATURE)
            && let Some(located) = read_end(bytes, record, tail_start + at as u64, length)?
        {
            found.push(located);
            if found.len() == CANDIDATES {
                break;
            }
        }
    }
    let exact = found
        .iter()
        .position(|located| located.file_end == length)
        .unwrap_or(0);
    let are_several = found.len() > 1;
    let mut chosen = found.into_iter().nth(exact);
    if let Some(located) = &mut chosen {
        located.is_ambiguous |= are_several;
    }
    Ok(chosen)
}

/// Reads the end record at `at` (APPNOTE 4.3.16); `None` when no directory lies where it says.
fn read_end(bytes: &mut Bytes, record: &[u8], at: u64, length: u64) -> io::Result<Option<Located>> {
    let Some((mut end, comment)) = EndRecord::parse(record) else {
        return Ok(None);
    };
    let file_end = at + END_RECORD as u64 + comment;
    let mut directory_end = at;
    let mut differs = false;
    if let Some((large, large_at)) = read_zip64(bytes, at)? {
        differs = !end.agrees(&large);
        end = large;
        directory_end = large_at;
    }
    let Some(start) = directory_end.checked_sub(end.size) else {
        return Ok(None);
    };
    let Some(base) = start.checked_sub(end.offset) else {
        return Ok(None);
    };
    let is_directory = end.size == 0 || peek(bytes, start, 4)? == ENTRY_SIGNATURE;
    let is_sound = file_end <= length && is_directory && (end.size == 0) == (end.entries == 0);
    let located = Located {
        start,
        end: directory_end,
        entries: end.entries,
        base,
        file_end,
        is_ambiguous: differs,
    };
    Ok(is_sound.then_some(located))
}

/// What both forms of the end record say.
struct EndRecord {
    entries: u64,
    size: u64,
    offset: u64,
}

impl EndRecord {
    fn parse(record: &[u8]) -> Option<(EndRecord, u64)> {
        let mut fields = Fields(record);
        fields.take(4)?;
        let (disk, directory_disk) = (fields.u16()?, fields.u16()?);
        let (here, entries) = (fields.u16()?, fields.u16()?);
        let (size, offset, comment) = (fields.u32()?, fields.u32()?, fields.u16()?);
        let is_single = disk == directory_disk && here == entries;
        let end = EndRecord {
            entries: entries.into(),
            size: size.into(),
            offset: offset.into(),
        };
        is_single.then_some((end, comment.into()))
    }

    /// The ZIP64 form (APPNOTE 4.3.14).
    fn parse_large(record: &[u8]) -> Option<EndRecord> {
        let mut fields = Fields(record);
        if fields.take(4)? != LARGE_SIGNATURE {
            return None;
        }
        let (_size, _versions, _disks) = (fields.u64()?, fields.u32()?, fields.u64()?);
        let (_here, entries) = (fields.u64()?, fields.u64()?);
        Some(EndRecord {
            entries,
            size: fields.u64()?,
            offset: fields.u64()?,
        })
    }

    /// Whether each number is the same or marked as too large for the short form.
    fn agrees(&self, large: &EndRecord) -> bool {
        let same = |short: u64, long: u64, overflow: u64| short == long || short == overflow;
        same(self.entries, large.entries, u16::MAX.into())
            && same(self.size, large.size, u32::MAX.into())
            && same(self.offset, large.offset, u32::MAX.into())
    }
}

/// The ZIP64 end record that belongs to the end record at `at`, and its place.
fn read_zip64(bytes: &mut Bytes, at: u64) -> io::Result<Option<(EndRecord, u64)>> {
    let Some(locator_at) = at.checked_sub(LOCATOR as u64) else {
        return Ok(None);
    };
    let locator = peek(bytes, locator_at, LOCATOR)?;
    let mut fields = Fields(&locator);
    if fields.take(4) != Some(LOCATOR_SIGNATURE) {
        return Ok(None);
    }
    let stated = fields.u32().and_then(|_disk| fields.u64());
    // behind other bytes the stated place is too small; then it stands right before the locator
    let places = [stated, locator_at.checked_sub(LARGE_RECORD as u64)];
    for place in places.into_iter().flatten().filter(|place| *place < locator_at) {
        if let Some(large) = EndRecord::parse_large(&peek(bytes, place, LARGE_RECORD)?) {
            return Ok(Some((large, place)));
        }
    }
    Ok(None)
}

fn peek(bytes: &mut Bytes, at: u64, count: usize) -> io::Result<Vec<u8>> {
    let mut found = Vec::with_capacity(count);
    bytes.seek(SeekFrom::Start(at))?;
    bytes.take(count as u64).read_to_end(&mut found)?;
    Ok(found)
}

/// The end record and the longest comment.
const TAIL: u64 = END_RECORD as u64 + 0xFFFF;
const END_RECORD: usize = 22;
const LARGE_RECORD: usize = 56;
const LOCATOR: usize = 20;
/// So many end records are looked at; two already make the file ambiguous.
const CANDIDATES: usize = 4;
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const LARGE_SIGNATURE: &[u8] = b"PK\x06\x06";
const LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
pub(super) const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
