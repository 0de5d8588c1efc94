//! ZIP files built field by field, so that each can be said wrongly.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// One member with everything that can be said about it, ready to be said wrongly.
#[derive(Clone)]
pub struct Part {
    pub local: Said,
    pub central: Said,
    pub packed: Vec<u8>,
    pub behind: Vec<u8>,
    pub host: u8,
    pub attributes: u32,
    /// Written into the directory in place of the real offset.
    pub offset: Option<u32>,
}

#[derive(Clone)]
pub struct Said {
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub packed: u32,
    pub unpacked: u32,
    pub extra: Vec<u8>,
}

pub fn stored(name: &str, bytes: &[u8]) -> Part {
    part(name, bytes, bytes.to_vec(), 0)
}

pub fn deflated(name: &str, bytes: &[u8]) -> Part {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    part(name, bytes, encoder.finish().unwrap(), 8)
}

fn part(name: &str, bytes: &[u8], packed: Vec<u8>, method: u16) -> Part {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let said = Said {
        name: name.as_bytes().to_vec(),
        flags: 0,
        method,
        crc: crc.sum(),
        packed: packed.len() as u32,
        unpacked: bytes.len() as u32,
        extra: Vec::new(),
    };
    Part {
        local: said.clone(),
        central: said,
        packed,
        behind: Vec::new(),
        host: 0,
        attributes: 0,
        offset: None,
    }
}

/// The same member with length and CRC-32 behind its data.
pub fn with_descriptor(mut part: Part, has_signature: bool) -> Part {
    let Said {
        crc,
        packed,
        unpacked,
        ..
    } = part.local;
    let numbers = [crc, packed, unpacked].map(u32::to_le_bytes).concat();
    part.behind = if has_signature {
        [b"PK\x07\x08", &numbers[..]].concat()
    } else {
        numbers
    };
    part.local = Said {
        flags: 8,
        crc: 0,
        packed: 0,
        unpacked: 0,
        ..part.local
    };
    part.central.flags = 8;
    part
}

impl Said {
    fn numbers(&self) -> Vec<u8> {
        let mut out = [self.flags.to_le_bytes(), self.method.to_le_bytes()].concat();
        out.extend([0; 4]);
        out.extend(
            [self.crc, self.packed, self.unpacked]
                .map(u32::to_le_bytes)
                .concat(),
        );
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend((self.extra.len() as u16).to_le_bytes());
        out
    }
}

pub fn local(part: &Part) -> Vec<u8> {
    [
        b"PK\x03\x04\x14\0",
        &part.local.numbers()[..],
        &part.local.name,
        &part.local.extra,
        &part.packed,
        &part.behind,
    ]
    .concat()
}

pub fn directory(parts: &[Part], mut offset: u32) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(b"PK\x01\x02\x14");
        out.extend([part.host, 0x14, 0]);
        out.extend(part.central.numbers());
        out.extend([0; 6]);
        out.extend(part.attributes.to_le_bytes());
        out.extend(part.offset.unwrap_or(offset).to_le_bytes());
        out.extend(&part.central.name);
        out.extend(&part.central.extra);
        offset += local(part).len() as u32;
    }
    out
}

pub fn end(entries: u16, size: u32, offset: u32, comment: &[u8]) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    out.extend([entries.to_le_bytes(), entries.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), offset.to_le_bytes()].concat());
    out.extend((comment.len() as u16).to_le_bytes());
    out.extend(comment);
    out
}

pub fn built(parts: &[Part]) -> Vec<u8> {
    let locals: Vec<u8> = parts.iter().flat_map(local).collect();
    let directory = directory(parts, 0);
    let end = end(
        parts.len() as u16,
        directory.len() as u32,
        locals.len() as u32,
        b"",
    );
    [locals, directory, end].concat()
}
