//! Packings, written by ordinary writers, and the parts of ZIP and tar files for those that no ordinary writer writes.

use std::io::{Cursor, Write};

/// Names and bytes, in order.
pub type Members = [(String, Vec<u8>)];

/// A ZIP file of these members.
pub fn zipped(members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar file of these members.
pub fn tarred(members: &Members) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// One gzip member.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One Zstandard frame, with a checksum at its end.
pub fn zstd_framed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What a ZIP file says of a member, once at the member and once in the directory (APPNOTE 4.3.7 and 4.3.12).
#[derive(Clone)]
pub struct Said {
    pub name: Vec<u8>,
    pub method: u16,
    pub crc: u32,
    pub packed: u32,
    pub unpacked: u32,
    pub extra: Vec<u8>,
    /// Attributes of a Unix file; directory only.
    pub mode: u32,
}

impl Said {
    /// What is true of a stored member.
    pub fn stored(name: &str, bytes: &[u8]) -> Said {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let length = u32::try_from(bytes.len()).unwrap();
        Said {
            name: name.as_bytes().to_vec(),
            method: 0,
            crc: crc.sum(),
            packed: length,
            unpacked: length,
            extra: Vec::new(),
            mode: 0o100_644,
        }
    }

    /// The header before the member's data.
    pub fn local(&self) -> Vec<u8> {
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        self.common(&mut out);
        out.extend(&self.name);
        out.extend(&self.extra);
        out
    }

    /// The record in the directory.
    pub fn central(&self, offset: u32) -> Vec<u8> {
        let mut out = b"PK\x01\x02\x14\x03\x14\0".to_vec();
        self.common(&mut out);
        out.extend([0; 6]); // no comment, first disk, no internal attributes
        out.extend((self.mode << 16).to_le_bytes());
        out.extend(offset.to_le_bytes());
        out.extend(&self.name);
        out.extend(&self.extra);
        out
    }

    /// Flags to the lengths of name and extra field, which both have.
    fn common(&self, out: &mut Vec<u8>) {
        out.extend([0, 8]); // names are UTF-8
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        for number in [self.crc, self.packed, self.unpacked] {
            out.extend(number.to_le_bytes());
        }
        out.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        out.extend(u16::try_from(self.extra.len()).unwrap().to_le_bytes());
    }
}

/// A ZIP file: what stands before the directory, and the directory's records.
pub fn zip_of(before: &[u8], records: &[Vec<u8>]) -> Vec<u8> {
    let directory = records.concat();
    let (size, offset) = (length(&directory), length(before));
    let entries = u16::try_from(records.len()).unwrap();
    [before, &directory, &end_record(entries, size, offset)].concat()
}

/// The end record of a ZIP file (APPNOTE 4.3.16).
pub fn end_record(entries: u16, size: u32, offset: u32) -> Vec<u8> {
    let mut out = b"PK\x05\x06\0\0\0\0".to_vec();
    out.extend(entries.to_le_bytes());
    out.extend(entries.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// The ZIP64 end record at that place, and its locator (APPNOTE 4.3.14 and 4.3.15).
pub fn large_end_record(entries: u64, size: u64, offset: u64, at: u64) -> Vec<u8> {
    let mut out = b"PK\x06\x06".to_vec();
    out.extend(44_u64.to_le_bytes());
    out.extend([45, 0, 45, 0]);
    out.extend([0; 8]);
    for number in [entries, entries, size, offset] {
        out.extend(number.to_le_bytes());
    }
    out.extend(b"PK\x06\x07");
    out.extend([0; 4]);
    out.extend(at.to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    out
}

/// A ZIP64 extra field with these numbers (APPNOTE 4.5.3).
pub fn large_numbers(numbers: &[u64]) -> Vec<u8> {
    let mut out = vec![1, 0];
    out.extend(u16::try_from(8 * numbers.len()).unwrap().to_le_bytes());
    numbers.iter().for_each(|number| out.extend(number.to_le_bytes()));
    out
}

/// A tar header with any name, kind and length (POSIX.1-1988), its checksum right.
pub fn tar_header(name: &[u8], kind: u8, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[156] = kind;
    block[157..168].copy_from_slice(b"trail.jsonl"); // what a link would lead to
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// A tar header with its data.
pub fn tar_member(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut all = tar_header(name, kind, bytes.len());
    all.extend_from_slice(bytes);
    all.resize(all.len().next_multiple_of(512), 0);
    all
}

/// A pax header (POSIX.1-2001) with these records.
pub fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let length = (1..6)
            .map(|digits| rest + digits)
            .find(|length| length.to_string().len() + rest == *length)
            .unwrap();
        body.extend_from_slice(format!("{length} {key}={value}\n").as_bytes());
    }
    tar_member(b"pax", b'x', &body)
}

/// A tar file of these parts.
pub fn tar_of(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), vec![0; 1024]].concat()
}

pub fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}
