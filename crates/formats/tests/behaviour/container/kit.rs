//! Things in memory: origins, containers, and what a walk over them gives.

use std::io::{self, Cursor, Read, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use tickmark_formats::container::{Container, ContainerError, FaultKind, Origin, ReadSeek, Received, Walked};
use tickmark_formats::limits::Limits;

pub struct Memory {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Origin for Memory {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(Cursor::new(self.bytes.clone())))
    }
}

pub fn origin(name: &str, bytes: &[u8]) -> Arc<dyn Origin> {
    Arc::new(Memory {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    })
}

pub fn file(name: &str, bytes: &[u8]) -> Container {
    file_within(name, bytes, Limits::default()).unwrap()
}

pub fn file_within(name: &str, bytes: &[u8], limits: Limits) -> Result<Container, ContainerError> {
    Container::open(Received::File(origin(name, bytes)), limits, None)
}

/// What a walk gave: each member with the bytes that came, and the faults as `member: code`.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub members: Vec<(String, Vec<u8>)>,
    pub faults: Vec<(String, FaultKind)>,
}

impl Seen {
    pub fn names(&self) -> Vec<&str> {
        self.members.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn codes(&self) -> Vec<(&str, &'static str)> {
        self.faults
            .iter()
            .map(|(member, kind)| (member.as_str(), kind.code()))
            .collect()
    }

    pub fn bytes(&self, name: &str) -> &[u8] {
        &self.members.iter().find(|(member, _)| member == name).unwrap().1
    }
}

/// Walks twice: reading every member to its end, and reading nothing. Both must find the same faults.
pub fn seen(container: &Container) -> Seen {
    let read = walk(container, true).unwrap();
    let unread = walk(container, false).unwrap();
    assert_eq!(
        read.1.faults, unread.1.faults,
        "faults depend on what the visitor reads"
    );
    read.0
}

pub fn walk(container: &Container, reads: bool) -> Result<(Seen, Walked), ContainerError> {
    let mut members = Vec::new();
    let walked = container.walk(&mut |entry, bytes| {
        let mut all = Vec::new();
        if reads {
            // what came before a fault is kept
            let _ = bytes.read_to_end(&mut all);
        }
        members.push((entry.name.clone(), all));
        ControlFlow::Continue(())
    })?;
    assert_eq!(walked.members, members.len() as u64);
    let faults = walked
        .faults
        .iter()
        .map(|fault| (fault.member.clone(), fault.kind.clone()))
        .collect();
    Ok((Seen { members, faults }, walked))
}

pub fn packing(container: &Container) -> String {
    container
        .packing()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// Bytes that do not compress, the same each time.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

/// A tar file with regular members, as another program writes it.
pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A ZIP file with deflated members, as another program writes it.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, zip::CompressionMethod::Deflated)
}

pub fn zip_with(members: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn read_member(container: &Container, name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    container
        .open_member(name)
        .map_err(io::Error::other)?
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
