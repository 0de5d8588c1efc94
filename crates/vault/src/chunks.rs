//! Received bytes out of their chunks: as a stream that can be sought, and as a range.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use rusqlite::{Connection, MAIN_DB, OptionalExtension};
use tickmark_formats::container::{Origin, ReadSeek};

use crate::database::Readers;
use crate::error::{VaultError, sql};
use crate::id::BundleNo;
use crate::table::file::{CHUNK, ReceivedFile};
use crate::txn::int;

/// A received file in the vault. It can be opened any number of times, each time on a connection of its own, also while
/// its import is still under way.
pub(crate) struct StoredFile {
    readers: Arc<Readers>,
    bundle: BundleNo,
    number: i64,
    name: String,
    len: u64,
}

impl StoredFile {
    pub(crate) fn new(
        readers: &Arc<Readers>,
        bundle: BundleNo,
        file: &ReceivedFile,
    ) -> Result<Self, VaultError> {
        Ok(StoredFile {
            readers: Arc::clone(readers),
            bundle,
            number: int(file.number)?,
            name: file.name.clone(),
            len: file.bytes,
        })
    }
}

impl Origin for StoredFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(ChunkReader {
            connection: Some(self.readers.lend().map_err(io::Error::other)?),
            readers: Arc::clone(&self.readers),
            bundle: self.bundle,
            file: self.number,
            len: self.len,
            at: 0,
            chunk: None,
            buffer: Vec::new(),
        }))
    }
}

/// Reads a stored file; holds one chunk in memory.
struct ChunkReader {
    connection: Option<Connection>,
    readers: Arc<Readers>,
    bundle: BundleNo,
    file: i64,
    len: u64,
    at: u64,
    chunk: Option<u64>,
    buffer: Vec<u8>,
}

impl ChunkReader {
    fn load(&mut self, chunk: u64) -> Result<(), VaultError> {
        if self.chunk == Some(chunk) {
            return Ok(());
        }
        self.readers.check_open()?;
        let connection = self.connection.as_ref().ok_or(VaultError::Locked)?;
        self.chunk = None;
        let mut blob = open_chunk(connection, self.bundle, self.file, chunk)?;
        self.buffer.clear();
        blob.read_to_end(&mut self.buffer).map_err(unreadable)?;
        let expected = CHUNK.min(self.len.saturating_sub(chunk.saturating_mul(CHUNK)));
        if self.buffer.len() as u64 != expected {
            return Err(short_chunk(chunk, expected, self.buffer.len()));
        }
        self.chunk = Some(chunk);
        Ok(())
    }
}

impl Read for ChunkReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len || out.is_empty() {
            return Ok(0);
        }
        self.load(self.at / CHUNK).map_err(io::Error::other)?;
        let start = usize::try_from(self.at % CHUNK).unwrap_or(usize::MAX);
        let there = self.buffer.get(start..).unwrap_or_default();
        let count = there.len().min(out.len());
        out.iter_mut().zip(there).for_each(|(to, from)| *to = *from);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for ChunkReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(delta) => self.len.checked_add_signed(delta),
            SeekFrom::Current(delta) => self.at.checked_add_signed(delta),
        };
        self.at = target
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the first byte"))?;
        Ok(self.at)
    }
}

impl Drop for ChunkReader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.give_back(connection);
        }
    }
}

/// Reads a range of a stored file.
pub(crate) fn read_range(
    connection: &Connection,
    bundle: BundleNo,
    file: i64,
    offset: u64,
    length: u64,
) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    let end = offset.saturating_add(length);
    let mut at = offset;
    while at < end {
        let chunk = at / CHUNK;
        let mut blob = open_chunk(connection, bundle, file, chunk)?;
        blob.seek(SeekFrom::Start(at % CHUNK)).map_err(unreadable)?;
        let here = (CHUNK - at % CHUNK).min(end - at);
        let before = bytes.len();
        blob.take(here).read_to_end(&mut bytes).map_err(unreadable)?;
        if (bytes.len() - before) as u64 != here {
            return Err(short_chunk(chunk, here, bytes.len() - before));
        }
        at += here;
    }
    Ok(bytes)
}

fn open_chunk(
    connection: &Connection,
    bundle: BundleNo,
    file: i64,
    chunk: u64,
) -> Result<rusqlite::blob::Blob<'_>, VaultError> {
    let rowid: Option<i64> = connection
        .prepare_cached("SELECT rowid FROM chunk WHERE bundle = ?1 AND file = ?2 AND seq = ?3")
        .and_then(|mut statement| {
            statement
                .query_row(
                    rusqlite::params![bundle, file, i64::try_from(chunk).unwrap_or(i64::MAX)],
                    |row| row.get(0),
                )
                .optional()
        })
        .map_err(sql("reading received bytes"))?;
    let rowid = rowid.ok_or_else(|| VaultError::NotFound {
        what: "chunk",
        id: format!("{bundle}/{file}/{chunk}"),
    })?;
    connection
        .blob_open(MAIN_DB, "chunk", "content", rowid, true)
        .map_err(sql("reading received bytes"))
}

fn short_chunk(chunk: u64, expected: u64, found: usize) -> VaultError {
    VaultError::Damaged {
        piece: format!("chunk {chunk} of a received file"),
        expected: format!("{expected} bytes"),
        found: format!("{found}"),
    }
}

fn unreadable(source: io::Error) -> VaultError {
    VaultError::Source {
        name: "a stored chunk".into(),
        source,
    }
}
