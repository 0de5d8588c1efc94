//! The two descriptions of a member: its local header, and its record in the directory.

use std::io::Read;

use super::super::error::FaultKind;
use super::super::meter::Packed;

/// Little-endian numbers, one after another.
pub(super) struct Fields<'b>(pub(super) &'b [u8]);

impl<'b> Fields<'b> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}

/// A local file header (APPNOTE 4.3.7).
pub(super) struct Local {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) unpacked: u64,
    pub(super) name: Vec<u8>,
    extra_length: u16,
}

impl Local {
    /// Reads the header that begins here, and leaves the reader at the data; `None` when there is none.
    pub(super) fn read<R: Read>(packed: &mut Packed<R>) -> Result<Option<Local>, FaultKind> {
        let mut fixed = [0; LOCAL_HEADER];
        let count = packed
            .read_full(&mut fixed)
            .map_err(|error| FaultKind::of(&error))?;
        let truncated = FaultKind::Truncated {
            offset: packed.position(),
        };
        if count < LOCAL_HEADER {
            return if LOCAL_SIGNATURE.starts_with(fixed.get(..count.min(4)).unwrap_or_default()) {
                Err(truncated)
            } else {
                Ok(None)
            };
        }
        let Some((mut local, name_length, extra_length)) = Local::fixed(&fixed) else {
            return Ok(None);
        };
        let mut tail = vec![0; usize::from(name_length) + usize::from(extra_length)];
        let count = packed
            .read_full(&mut tail)
            .map_err(|error| FaultKind::of(&error))?;
        if count < tail.len() {
            return Err(FaultKind::Truncated {
                offset: packed.position(),
            });
        }
        let extra = tail.split_off(usize::from(name_length));
        local.name = tail;
        let mut large = Zip64::find(&extra);
        large.replace(&mut local.unpacked);
        large.replace(&mut local.packed);
        Ok(Some(local))
    }

    fn fixed(bytes: &[u8]) -> Option<(Local, u16, u16)> {
        let mut fields = Fields(bytes);
        if fields.take(4)? != LOCAL_SIGNATURE {
            return None;
        }
        let _version = fields.u16()?;
        let flags = fields.u16()?;
        let method = fields.u16()?;
        let _time = fields.u32()?;
        let crc = fields.u32()?;
        let packed = u64::from(fields.u32()?);
        let unpacked = u64::from(fields.u32()?);
        let (name_length, extra_length) = (fields.u16()?, fields.u16()?);
        let local = Local {
            flags,
            method,
            crc,
            packed,
            unpacked,
            name: Vec::new(),
            extra_length,
        };
        Some((local, name_length, extra_length))
    }

    /// Bytes of name and extra field, which follow the fixed part.
    pub(super) fn tail_length(&self) -> u64 {
        self.name.len() as u64 + u64::from(self.extra_length)
    }
}

/// The numbers of a ZIP64 extra field (APPNOTE 4.5.3), in the order in which they replace the ones that overflow.
pub(super) struct Zip64<'b>(Fields<'b>);

impl<'b> Zip64<'b> {
    /// Finds the field with id 1; an absent one replaces nothing.
    pub(super) fn find(extra: &'b [u8]) -> Self {
        Zip64(Fields(extra_field(extra, 1).unwrap_or_default()))
    }

    /// Replaces a number that is all ones in 32 bits.
    pub(super) fn replace(&mut self, number: &mut u64) {
        if *number == u64::from(u32::MAX)
            && let Some(large) = self.0.u64()
        {
            *number = large;
        }
    }
}

/// The body of the first extra field with this id (APPNOTE 4.5.1).
pub(super) fn extra_field(extra: &[u8], wanted: u16) -> Option<&[u8]> {
    let mut fields = Fields(extra);
    loop {
        let (id, length) = (fields.u16()?, fields.u16()?);
        let body = fields.take(usize::from(length))?;
        if id == wanted {
            return Some(body);
        }
    }
}

pub(super) const LOCAL_HEADER: usize = 30;
pub(super) const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
