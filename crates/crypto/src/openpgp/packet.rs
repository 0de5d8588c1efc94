//! Packets and the numbers in them (RFC 9580, sections 3 and 4).

use super::OpenPgpError;

/// A packet: its type and its body.
pub(super) struct Packet<'a> {
    pub(super) kind: u8,
    pub(super) body: &'a [u8],
}

/// Splits bytes into packets. Lengths are definite: partial and indeterminate ones are for streams, not for signatures.
pub(super) fn split(bytes: &[u8]) -> Result<Vec<Packet<'_>>, OpenPgpError> {
    let mut packets = Vec::new();
    let mut reader = Reader::new(bytes);
    while !reader.rest.is_empty() {
        let header = reader.byte()?;
        let (kind, length) = match header {
            0xc0..=0xff => (header & 0x3f, new_length(&mut reader, false)?),
            0x80..=0xbf => {
                let length = match header & 3 {
                    0 => reader.byte()?.into(),
                    1 => reader.short()?.into(),
                    2 => reader.long()?,
                    _ => return Err(malformed("a packet of definite length")),
                };
                (header >> 2 & 0x0f, length)
            }
            _ => return Err(malformed("a packet")),
        };
        packets.push(Packet {
            kind,
            body: reader.take(length)?,
        });
    }
    Ok(packets)
}

/// The length of a packet of the present format, or of a subpacket (RFC 9580, sections 4.2.1 and 5.2.3.7).
pub(super) fn new_length(reader: &mut Reader<'_>, subpacket: bool) -> Result<u32, OpenPgpError> {
    match reader.byte()? {
        255 => reader.long(),
        one @ 0..192 => Ok(one.into()),
        first @ 192..=254 if first < 224 || subpacket => {
            Ok((u32::from(first) - 192) * 256 + u32::from(reader.byte()?) + 192)
        }
        _ => Err(malformed("a packet of definite length")),
    }
}

/// A position in bytes.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn take(&mut self, length: u32) -> Result<&'a [u8], OpenPgpError> {
        let length = usize::try_from(length).map_err(|_| malformed("more bytes"))?;
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(malformed("more bytes"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], OpenPgpError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(malformed("more bytes"))?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, OpenPgpError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn short(&mut self) -> Result<u16, OpenPgpError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Result<u32, OpenPgpError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A multiprecision integer: its length in bits, then its bytes without leading zeros (RFC 9580, section 3.2).
    pub(super) fn number(&mut self) -> Result<&'a [u8], OpenPgpError> {
        let bits = u32::from(self.short()?);
        let bytes = self.take(bits.div_ceil(8))?;
        let spare = 8 * bytes.len() as u32 - bits; // below 8
        match bytes.first() {
            Some(first) if first.leading_zeros() == spare => Ok(bytes),
            None => Ok(bytes),
            Some(_) => Err(malformed("a number with its length in bits")),
        }
    }

    pub(super) fn end(&self) -> Result<(), OpenPgpError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(malformed("nothing more in the packet"))
        }
    }
}

pub(super) const fn malformed(expected: &'static str) -> OpenPgpError {
    OpenPgpError::Structure { expected }
}

pub(super) const SIGNATURE: u8 = 2;
pub(super) const SECRET_KEY: u8 = 5;
pub(super) const PUBLIC_KEY: u8 = 6;
pub(super) const SECRET_SUBKEY: u8 = 7;
pub(super) const MARKER: u8 = 10;
pub(super) const TRUST: u8 = 12;
pub(super) const USER_ID: u8 = 13;
pub(super) const PUBLIC_SUBKEY: u8 = 14;
pub(super) const USER_ATTRIBUTE: u8 = 17;
