//! `file` and `chunk`: the received bytes, in chunks of 1 MiB with their digests.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::natural;
use crate::error::{VaultError, sql};
use crate::id::BundleNo;

/// Bytes of a chunk; the last one of a file may be shorter.
pub const CHUNK: u64 = 1 << 20;

/// A received file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedFile {
    /// 1-based, in the order received.
    pub number: u64,
    /// Its name; in a folder its path inside it.
    pub name: String,
    /// Hex SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// The files of a bundle, kept or staging, in the order received.
pub(crate) fn files_of(connection: &Connection, bundle: BundleNo) -> Result<Vec<ReceivedFile>, VaultError> {
    let mut statement = connection
        .prepare_cached("SELECT number, name, sha256, bytes FROM file WHERE bundle = ?1 ORDER BY number")
        .map_err(sql("reading files"))?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(ReceivedFile {
            number: natural(row, "number")?,
            name: row.get("name")?,
            sha256: row.get("sha256")?,
            bytes: natural(row, "bytes")?,
        })
    };
    let rows = statement
        .query_map([bundle], read)
        .map_err(sql("reading files"))?;
    rows.collect::<Result<_, _>>().map_err(sql("reading files"))
}
