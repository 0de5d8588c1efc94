//! The data of one ZIP member: stored or deflated bytes, compared with the stated length and CRC-32.

use std::io::{BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::super::error::FaultKind;
use super::super::meter::Packed;
use super::directory::Listed;
use super::header::{Fields, Local};
use super::{DEFLATED, STORED};

/// A member's data while it is read.
pub(super) struct Data {
    /// The decoder of deflated data; `None` for stored data.
    inflate: Option<Decompress>,
    /// Packed bytes still to come, where their number is known.
    packed_left: Option<u64>,
    packed_read: u64,
    crc: Crc,
    unpacked: u64,
    expected: Option<Expected>,
    /// Whether length and CRC-32 are compared at the end.
    checks: bool,
    ended: bool,
}

#[derive(Clone, Copy)]
struct Expected {
    unpacked: u64,
    crc: u32,
}

impl Data {
    /// Data as the directory describes it.
    pub(super) fn listed(listed: &Listed) -> Self {
        let expected = Expected {
            unpacked: listed.unpacked,
            crc: listed.crc,
        };
        Data::new(listed.method, Some(listed.packed), Some(expected))
    }

    /// Data as only the local header describes it.
    pub(super) fn local(local: &Local) -> Self {
        if local.flags & 8 != 0 {
            return Data::new(local.method, None, None);
        }
        let expected = Expected {
            unpacked: local.unpacked,
            crc: local.crc,
        };
        Data::new(local.method, Some(local.packed), Some(expected))
    }

    /// Data that is only passed over: so many bytes, whatever they are.
    pub(super) fn opaque(packed: u64) -> Self {
        Data {
            checks: false,
            ..Data::new(STORED, Some(packed), None)
        }
    }

    fn new(method: u16, packed_left: Option<u64>, expected: Option<Expected>) -> Self {
        let inflate = (method == DEFLATED).then(|| Decompress::new(false));
        Data {
            inflate,
            packed_left,
            packed_read: 0,
            crc: Crc::new(),
            unpacked: 0,
            expected,
            checks: true,
            ended: false,
        }
    }

    /// Reads unpacked bytes; 0 once they have ended as they should.
    pub(super) fn read<R: Read>(
        &mut self,
        packed: &mut Packed<R>,
        buf: &mut [u8],
    ) -> Result<usize, FaultKind> {
        if self.ended || buf.is_empty() {
            return Ok(0);
        }
        // one byte beyond the stated length is asked for, to see that there is none
        let expected = self.expected.map_or(u64::MAX, |expected| expected.unpacked);
        let left = usize::try_from(expected.saturating_sub(self.unpacked)).unwrap_or(usize::MAX);
        let wanted = buf.len().min(left.max(1));
        let Some(buf) = buf.get_mut(..wanted) else {
            return Ok(0);
        };
        let count = if self.inflate.is_some() {
            self.inflate(packed, buf)?
        } else {
            self.copy(packed, buf)?
        };
        if count > left {
            return Err(FaultKind::Length {
                expected,
                found: expected.saturating_add(1),
            });
        }
        self.crc.update(buf.get(..count).unwrap_or_default());
        self.unpacked += count as u64;
        if count == 0 {
            self.finish(packed)?;
        }
        Ok(count)
    }

    fn copy<R: Read>(&mut self, packed: &mut Packed<R>, buf: &mut [u8]) -> Result<usize, FaultKind> {
        let left = self.packed_left.unwrap_or(0);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let count = packed
            .read(buf.get_mut(..wanted).unwrap_or_default())
            .map_err(|error| FaultKind::of(&error))?;
        if count == 0 && left > 0 {
            return Err(FaultKind::Truncated {
                offset: packed.position(),
            });
        }
        self.used(count);
        Ok(count)
    }

    fn inflate<R: Read>(&mut self, packed: &mut Packed<R>, buf: &mut [u8]) -> Result<usize, FaultKind> {
        loop {
            let offset = packed.position();
            let left = usize::try_from(self.packed_left.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
            let chunk = packed.fill_buf().map_err(|error| FaultKind::of(&error))?;
            let chunk_is_last = chunk.is_empty();
            let chunk = chunk.get(..chunk.len().min(left)).unwrap_or_default();
            let Some(inflate) = &mut self.inflate else {
                return Ok(0);
            };
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(chunk, buf, FlushDecompress::None);
            let used = usize::try_from(inflate.total_in() - before_in).unwrap_or(chunk.len());
            let count = usize::try_from(inflate.total_out() - before_out).unwrap_or(0);
            let starved = chunk.is_empty();
            packed.consume(used);
            self.used(used);
            match status {
                Ok(_) if count > 0 => return Ok(count),
                Ok(Status::StreamEnd) => return Ok(0),
                Ok(_) if starved && chunk_is_last => return Err(FaultKind::Truncated { offset }),
                // all its packed bytes are read and the data does not end
                Ok(_) if starved => return Err(FaultKind::Damaged { offset }),
                Ok(_) => {}
                Err(_) => return Err(FaultKind::Damaged { offset }),
            }
        }
    }

    fn used(&mut self, count: usize) {
        self.packed_read += count as u64;
        self.packed_left = self.packed_left.map(|left| left.saturating_sub(count as u64));
    }

    /// At the end: nothing left over, and length and CRC-32 as stated.
    fn finish<R: Read>(&mut self, packed: &mut Packed<R>) -> Result<(), FaultKind> {
        self.ended = true;
        if self.packed_left.is_some_and(|left| left > 0) {
            return Err(FaultKind::TrailingBytes {
                offset: packed.position(),
            });
        }
        if !self.checks {
            return Ok(());
        }
        let found = self.crc.sum();
        let Some(expected) = self.expected else {
            return self.take_descriptor(packed);
        };
        if self.unpacked != expected.unpacked {
            return Err(FaultKind::Length {
                expected: expected.unpacked,
                found: self.unpacked,
            });
        }
        if found != expected.crc {
            return Err(FaultKind::Crc32 {
                expected: expected.crc,
                found,
            });
        }
        Ok(())
    }

    /// Behind data of unknown length stands its descriptor, in one of four forms.
    fn take_descriptor<R: Read>(&mut self, packed: &mut Packed<R>) -> Result<(), FaultKind> {
        let offset = packed.position();
        let head = packed.peek(24).map_err(|error| FaultKind::of(&error))?;
        let is_short = head.len() < 12;
        let length = [16, 24, 12, 20].into_iter().find(|&length| {
            let form = head.get(..length).unwrap_or_default();
            is_descriptor(form, self.crc.sum(), self.packed_read, self.unpacked)
        });
        match length {
            Some(length) => {
                packed.consume(length);
                Ok(())
            }
            None if is_short => Err(FaultKind::Truncated {
                offset: offset + head.len() as u64,
            }),
            None => Err(FaultKind::Damaged { offset }),
        }
    }
}

/// Whether these bytes are the data descriptor (APPNOTE 4.3.9) of a member: with or without signature, lengths of 4
/// or 8 bytes.
pub(super) fn is_descriptor(bytes: &[u8], crc: u32, packed: u64, unpacked: u64) -> bool {
    let body = match bytes.len() {
        16 | 24 => bytes.strip_prefix(DESCRIPTOR_SIGNATURE),
        12 | 20 => Some(bytes),
        _ => None,
    };
    let Some(body) = body else { return false };
    let mut fields = Fields(body);
    let found = fields.u32();
    let lengths = if body.len() == 12 {
        [fields.u32().map(u64::from), fields.u32().map(u64::from)]
    } else {
        [fields.u64(), fields.u64()]
    };
    found == Some(crc) && lengths == [Some(packed), Some(unpacked)]
}

const DESCRIPTOR_SIGNATURE: &[u8] = b"PK\x07\x08";
