//! The directory of a ZIP file (APPNOTE 4.3.12): what it lists, and whether the members lie side by side.

use std::io::{self, BufReader, Read, SeekFrom};

use super::super::SpecialFile;
use super::super::error::{Exceeded, FaultKind};
use super::super::members::Bytes;
use super::header::{Fields, LOCAL_HEADER, Local, Zip64, extra_field};
use super::locate::{ENTRY_SIGNATURE, Located, locate};
use super::special_of;
use crate::limits::Limits;

/// A directory as read, with what is wrong around the members.
pub(in super::super) struct Directory {
    pub(super) entries: Vec<Listed>,
    pub(super) faults: Vec<FaultKind>,
}

/// One member as the directory lists it.
pub(super) struct Listed {
    pub(super) name: Box<[u8]>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    /// Where its local header begins.
    pub(super) offset: u64,
    /// Where the next member, or the directory, begins.
    pub(super) next: u64,
    /// Whether it shares bytes with another member.
    pub(super) overlaps: bool,
    host: u8,
    attributes: u32,
    /// Whether an extra field names it otherwise.
    renamed: bool,
}

impl Directory {
    /// Reads the directory at the end of `bytes`; `None` when there is none.
    pub(in super::super) fn read(bytes: &mut Bytes, limits: &Limits) -> io::Result<Option<Directory>> {
        let Some(located) = locate(bytes)? else {
            return Ok(None);
        };
        let length = bytes.seek(SeekFrom::End(0))?;
        let mut directory = Directory {
            entries: Vec::new(),
            faults: Vec::new(),
        };
        let stopped = directory.read_entries(bytes, &located, limits)?;
        directory.note_faults(&located, length, stopped);
        directory.lay_out(located.start);
        Ok(Some(directory))
    }

    /// Reads entries up to the end of the directory; says where reading stopped.
    fn read_entries(&mut self, bytes: &mut Bytes, located: &Located, limits: &Limits) -> io::Result<u64> {
        if located.entries > limits.members {
            return Err(FaultKind::from(Exceeded::Members {
                limit: limits.members,
            })
            .into_io());
        }
        bytes.seek(SeekFrom::Start(located.start))?;
        let mut reader = BufReader::new(bytes.take(located.end - located.start));
        let mut at = located.start;
        let mut names = 0_u64;
        while let Some((listed, length)) = Listed::read(&mut reader, located.base)? {
            if self.entries.len() as u64 >= limits.members {
                return Err(FaultKind::from(Exceeded::Members {
                    limit: limits.members,
                })
                .into_io());
            }
            names += listed.name.len() as u64;
            if names > NAMES_LIMIT {
                return Err(FaultKind::from(Exceeded::Names { limit: NAMES_LIMIT }).into_io());
            }
            self.entries.push(listed);
            at += length;
        }
        Ok(at)
    }

    fn note_faults(&mut self, located: &Located, length: u64, stopped: u64) {
        let found = self.entries.len() as u64;
        let first = self
            .entries
            .iter()
            .map(|listed| listed.offset)
            .min()
            .unwrap_or(located.start);
        let leading = first.min(located.start).max(located.base);
        let mut note = |is_wrong: bool, kind: FaultKind| {
            if is_wrong {
                self.faults.push(kind);
            }
        };
        note(located.is_ambiguous, FaultKind::TwoDirectories);
        note(leading > 0, FaultKind::LeadingBytes { length: leading });
        note(stopped < located.end, FaultKind::Damaged { offset: stopped });
        note(
            found != located.entries,
            FaultKind::DirectoryCount {
                expected: located.entries,
                found,
            },
        );
        note(
            located.file_end < length,
            FaultKind::TrailingBytes {
                offset: located.file_end,
            },
        );
    }

    /// Finds for each member where the next one begins, and which members overlap.
    fn lay_out(&mut self, directory_start: u64) {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|&index| self.entries.get(index).map(|listed| listed.offset));
        let mut reached = 0;
        for (place, &index) in order.iter().enumerate() {
            let next = order.get(place + 1).and_then(|&next| self.entries.get(next));
            let next = next.map_or(directory_start, |next| next.offset.min(directory_start));
            if let Some(listed) = self.entries.get_mut(index) {
                let end = listed.least_end();
                listed.next = next;
                listed.overlaps = listed.offset < reached || end > next;
                reached = end.max(reached);
            }
        }
    }
}

impl Listed {
    /// Reads one record and its length in bytes; `None` where no further one begins.
    fn read(reader: &mut impl Read, base: u64) -> io::Result<Option<(Listed, u64)>> {
        let mut fixed = Vec::with_capacity(ENTRY);
        reader.by_ref().take(ENTRY as u64).read_to_end(&mut fixed)?;
        let Some((mut listed, [name, extra, comment])) = Listed::fixed(&fixed) else {
            return Ok(None);
        };
        let tail_length = u64::from(name) + u64::from(extra) + u64::from(comment);
        let mut tail = Vec::new();
        reader.by_ref().take(tail_length).read_to_end(&mut tail)?;
        if (tail.len() as u64) < tail_length {
            return Ok(None);
        }
        let mut fields = Fields(&tail);
        let name = fields.take(name.into()).unwrap_or_default();
        let extra = fields.take(extra.into()).unwrap_or_default();
        listed.take_extra(name, extra, base);
        Ok(Some((listed, ENTRY as u64 + tail_length)))
    }

    fn fixed(bytes: &[u8]) -> Option<(Listed, [u16; 3])> {
        let mut fields = Fields(bytes);
        if fields.take(4)? != ENTRY_SIGNATURE {
            return None;
        }
        let host = *fields.take(2)?.get(1)?;
        let _version = fields.u16()?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        let _time = fields.u32()?;
        let crc = fields.u32()?;
        let (packed, unpacked) = (fields.u32()?.into(), fields.u32()?.into());
        let tail = [fields.u16()?, fields.u16()?, fields.u16()?];
        let (_disk, _internal) = (fields.u16()?, fields.u16()?);
        let attributes = fields.u32()?;
        let offset = fields.u32()?.into();
        let name = Box::default();
        let (next, overlaps, renamed) = (0, false, false);
        let listed = Listed {
            name,
            flags,
            method,
            crc,
            packed,
            unpacked,
            offset,
            next,
            overlaps,
            host,
            attributes,
            renamed,
        };
        Some((listed, tail))
    }

    fn take_extra(&mut self, name: &[u8], extra: &[u8], base: u64) {
        self.name = name.into();
        let mut large = Zip64::find(extra);
        large.replace(&mut self.unpacked);
        large.replace(&mut self.packed);
        large.replace(&mut self.offset);
        self.offset = self.offset.saturating_add(base);
        // Info-ZIP's Unicode path: version, CRC-32 of the name, then the name that some readers take instead
        self.renamed = extra_field(extra, UNICODE_PATH)
            .and_then(|body| body.get(5..))
            .is_some_and(|path| path != name);
    }

    pub(super) fn special(&self) -> Option<SpecialFile> {
        special_of(self.host, self.attributes)
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether length and CRC-32 follow the data instead of standing before it (APPNOTE 4.4.4, bit 3).
    pub(super) fn has_descriptor(&self) -> bool {
        self.flags & 8 != 0
    }

    /// The least byte at which this member can end; the local extra field is not known yet.
    fn least_end(&self) -> u64 {
        let header = LOCAL_HEADER as u64 + self.name.len() as u64;
        self.offset.saturating_add(header).saturating_add(self.packed)
    }

    /// Compares the two descriptions of the member.
    pub(super) fn compare(&self, local: &Local) -> Result<(), FaultKind> {
        let text = |bytes: &[u8]| super::name::shown(bytes);
        if self.name.as_ref() != local.name || self.renamed {
            return disagree(
                "name",
                text(&self.name),
                if self.renamed {
                    "another".into()
                } else {
                    text(&local.name)
                },
            );
        }
        if self.method != local.method {
            return disagree("method", self.method.to_string(), local.method.to_string());
        }
        if (self.flags ^ local.flags) & 1 != 0 {
            return disagree(
                "encryption",
                (self.flags & 1).to_string(),
                (local.flags & 1).to_string(),
            );
        }
        // with a data descriptor the header may leave them 0
        let may_be_zero = local.flags & 8 != 0;
        for (field, central, local) in [
            ("CRC-32", u64::from(self.crc), u64::from(local.crc)),
            ("packed length", self.packed, local.packed),
            ("length", self.unpacked, local.unpacked),
        ] {
            if central != local && !(may_be_zero && matches!(local, 0 | OVERFLOW)) {
                return disagree(field, central.to_string(), local.to_string());
            }
        }
        Ok(())
    }
}

fn disagree(field: &'static str, central: String, local: String) -> Result<(), FaultKind> {
    Err(FaultKind::HeadersDisagree {
        field,
        central,
        local,
    })
}

const ENTRY: usize = 46;
const NAMES_LIMIT: u64 = 256 << 20;
const UNICODE_PATH: u16 = 0x7075;
const OVERFLOW: u64 = u32::MAX as u64;
