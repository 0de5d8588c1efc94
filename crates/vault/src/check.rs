//! The health of a vault, piece by piece.

use std::io::Read;
use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use tickmark_crypto::digest::{Algorithm, Hasher, sha256};
use tickmark_crypto::encoding::hex;

use crate::chunks::read_range;
use crate::descriptor::Descriptor;
use crate::error::{VaultError, sql};
use crate::id::{BundleNo, RecordId};
use crate::table::bundle::Bundle;
use crate::table::file::files_of;
use crate::vault::Vault;
use crate::view::View;

/// What a check of the vault found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Every question that was asked.
    pub checks: Vec<HealthCheck>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// Stable id: `pages`, `structure`, `pieces`, `custody`, `received`, `records`.
    pub id: String,
    /// What it asks, as a statement.
    pub title: String,
    /// How many units were looked at.
    pub looked_at: u64,
    /// Everything that is wrong, capped.
    pub faults: Vec<String>,
}

impl Health {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.faults.is_empty())
    }
}

impl Vault {
    /// Checks the whole vault: every page authenticates, the database agrees with itself, every piece is there, the custody
    /// chain and the rows it binds hold, every received byte has its digest, every record its id. Reads everything.
    ///
    /// `progress` is told the id of the question and the units looked at, and may break off.
    ///
    /// # Errors
    /// `Cancelled`, or when the database cannot be read at all.
    pub fn check(
        &self,
        progress: &mut dyn FnMut(&str, u64) -> ControlFlow<()>,
    ) -> Result<Health, VaultError> {
        let reader = self.reader()?;
        let connection = reader.connection();
        let mut checks = Vec::new();
        let mut begin = |id: &str| {
            if progress(id, 0).is_break() {
                Err(VaultError::Cancelled)
            } else {
                Ok(())
            }
        };
        begin("pages")?;
        checks.push(answer(
            "pages",
            "Every page authenticates and agrees with the others",
            1,
            integrity(connection)?,
        ));
        begin("pieces")?;
        checks.push(self.check_pieces(reader.view())?);
        begin("custody")?;
        checks.push(check_custody(reader.view())?);
        let (mut received, mut records) = (Tally::default(), Tally::default());
        for bundle in reader.view().bundles().list()? {
            if reader.view().disposals().of(bundle.bundle)?.is_some() {
                continue;
            }
            check_received(connection, &bundle.row, &mut received, progress)?;
            check_records(connection, &bundle.row, &mut records, progress)?;
        }
        checks.push(answer(
            "received",
            "Every received byte is as it came",
            received.looked_at,
            received.faults,
        ));
        checks.push(answer(
            "records",
            "Every record is as it was kept",
            records.looked_at,
            records.faults,
        ));
        Ok(Health { checks })
    }

    fn check_pieces(&self, view: View<'_>) -> Result<HealthCheck, VaultError> {
        let folder = &self.inner.folder;
        let descriptor = Descriptor::read(folder)?;
        let mut faults = Vec::new();
        for slot in descriptor
            .slots
            .iter()
            .filter(|slot| !folder.slot(&slot.id).is_file())
        {
            faults.push(format!("keys/{}.age is missing", slot.id));
        }
        for signer in descriptor
            .signers
            .iter()
            .filter(|signer| !folder.signer(&signer.id).is_file())
        {
            faults.push(format!("signers/{}.age is missing", signer.id));
        }
        // every change of slots says in its event which slots there are from then on
        if let Some(stated) = view.custody().last_slots()? {
            let found: Vec<&str> = descriptor.slots.iter().map(|slot| slot.id.as_str()).collect();
            if stated != found {
                faults.push(format!(
                    "vault.json lists the slots {found:?}; custody says {stated:?}"
                ));
            }
        }
        let looked_at = descriptor.slots.len() + descriptor.signers.len();
        Ok(answer(
            "pieces",
            "Every slot and signer is there, and on record",
            looked_at as u64,
            faults,
        ))
    }
}

/// What SQLCipher and SQLite say about the pages; empty when nothing is wrong.
pub(crate) fn integrity(connection: &Connection) -> Result<Vec<String>, VaultError> {
    let mut faults = Vec::new();
    for pragma in ["cipher_integrity_check", "integrity_check(20)"] {
        let mut statement = connection
            .prepare(&format!("PRAGMA {pragma}"))
            .map_err(sql("checking pages"))?;
        let lines = statement
            .query_map([], |row| row.get::<_, String>(0))
            .map_err(sql("checking pages"))?;
        for line in lines {
            match line {
                Ok(line) if line == "ok" => {}
                Ok(line) => faults.push(line),
                Err(error) => faults.push(error.to_string()),
            }
        }
    }
    let mut statement = connection
        .prepare("PRAGMA foreign_key_check")
        .map_err(sql("checking pages"))?;
    let orphans = statement
        .query_map([], |row| row.get::<_, String>(0))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(sql("checking pages"))?;
    faults.extend(
        orphans
            .into_iter()
            .map(|table| format!("a row of {table} names a row that is not there")),
    );
    faults.truncate(MOST_FAULTS);
    Ok(faults)
}

fn check_custody(view: View<'_>) -> Result<HealthCheck, VaultError> {
    let custody = view.custody().check()?;
    let faults = custody.faults.iter().map(|fault| {
        format!(
            "event {}: {}: expected {}, found {}",
            fault.seq, fault.what, fault.expected, fault.found
        )
    });
    let faults = faults.take(MOST_FAULTS).collect();
    Ok(answer(
        "custody",
        "The custody chain holds, and so do the rows it binds",
        custody.events,
        faults,
    ))
}

/// Chunks against their digests, files against theirs, the bundle against its own.
fn check_received(
    connection: &Connection,
    bundle: &Bundle,
    tally: &mut Tally,
    progress: &mut dyn FnMut(&str, u64) -> ControlFlow<()>,
) -> Result<(), VaultError> {
    let mut lines = Vec::new();
    let files = files_of(connection, bundle.bundle)?;
    for file in &files {
        let mut whole = Hasher::new(Algorithm::Sha256);
        let mut bytes = 0;
        let mut statement = connection
            .prepare_cached("SELECT rowid, sha256 FROM chunk WHERE bundle = ?1 AND file = ?2 ORDER BY seq")
            .map_err(sql("checking received bytes"))?;
        let mut rows = statement
            .query(params![bundle.bundle, crate::txn::int(file.number)?])
            .map_err(sql("checking received bytes"))?;
        while let Some(row) = rows.next().map_err(sql("checking received bytes"))? {
            let (rowid, stated): (i64, String) = (
                row.get(0).map_err(sql("checking received bytes"))?,
                row.get(1).map_err(sql("checking received bytes"))?,
            );
            let chunk = blob(connection, rowid)?;
            whole.update(&chunk);
            bytes += chunk.len() as u64;
            if hex(&sha256(&chunk)) != stated {
                tally.fault(format!(
                    "{}: a chunk before byte {bytes} differs from its digest",
                    file.name
                ));
            }
            tally.look("received", progress)?;
        }
        if hex(whole.finish().as_bytes()) != file.sha256 || bytes != file.bytes {
            tally.fault(format!("{}: differs from its digest {}", file.name, file.sha256));
        }
        lines.push((file.name.as_str(), file.sha256.as_str()));
    }
    let folder = bundle.packing.first().is_some_and(|layer| layer == "folder");
    lines.sort_unstable();
    let of_folder: String = lines
        .iter()
        .map(|(name, digest)| format!("{digest}  {name}\n"))
        .collect();
    let single = lines.first().map(|(_, digest)| (*digest).to_owned());
    let computed = if folder || lines.len() != 1 {
        hex(&sha256(of_folder.as_bytes()))
    } else {
        single.unwrap_or_default()
    };
    if computed != bundle.sha256 {
        tally.fault(format!(
            "{}: its files give {computed}, it was kept as {}",
            bundle.name, bundle.sha256
        ));
    }
    Ok(())
}

/// Record ids against the records' bytes, and the list of ids against its digest.
fn check_records(
    connection: &Connection,
    bundle: &Bundle,
    tally: &mut Tally,
    progress: &mut dyn FnMut(&str, u64) -> ControlFlow<()>,
) -> Result<(), VaultError> {
    let mut ids = Hasher::new(Algorithm::Sha256);
    let mut count = 0;
    let mut statement = connection
        .prepare_cached("SELECT row, position, id, again, file, offset, length FROM record WHERE bundle = ?1 ORDER BY position")
        .map_err(sql("checking records"))?;
    let mut rows = statement
        .query([bundle.bundle])
        .map_err(sql("checking records"))?;
    while let Some(row) = rows.next().map_err(sql("checking records"))? {
        let place = Place::read(row).map_err(sql("checking records"))?;
        ids.update(place.id.to_string().as_bytes());
        ids.update(b"\n");
        count += 1;
        match place.bytes(connection, bundle.bundle) {
            Ok(bytes) if sha256(&bytes) == place.id.digest => {}
            Ok(_) => tally.fault(format!(
                "{}, record {}: its bytes differ from its id",
                bundle.name, place.position
            )),
            Err(error) => tally.fault(format!("{}, record {}: {error}", bundle.name, place.position)),
        }
        tally.look("records", progress)?;
    }
    if hex(ids.finish().as_bytes()) != bundle.records_digest || count != bundle.records {
        tally.fault(format!(
            "{}: its {count} records differ from the {} that were kept",
            bundle.name, bundle.records
        ));
    }
    Ok(())
}

struct Place {
    row: i64,
    position: i64,
    id: RecordId,
    file: Option<i64>,
    offset: Option<u64>,
    length: u64,
}

impl Place {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Place {
            row: row.get(0)?,
            position: row.get(1)?,
            id: RecordId {
                digest: row.get(2)?,
                again: row.get(3)?,
            },
            file: row.get(4)?,
            offset: crate::table::natural_or_none(row, "offset")?,
            length: crate::table::natural(row, "length")?,
        })
    }

    fn bytes(&self, connection: &Connection, bundle: BundleNo) -> Result<Vec<u8>, VaultError> {
        if let (Some(file), Some(offset)) = (self.file, self.offset) {
            return read_range(connection, bundle, file, offset, self.length);
        }
        connection
            .prepare_cached("SELECT bytes FROM record_bytes WHERE row = ?1")
            .and_then(|mut statement| statement.query_row([self.row], |row| row.get(0)).optional())
            .map_err(sql("checking records"))?
            .ok_or_else(|| VaultError::NotFound {
                what: "bytes of record",
                id: self.position.to_string(),
            })
    }
}

#[derive(Default)]
struct Tally {
    looked_at: u64,
    faults: Vec<String>,
}

impl Tally {
    fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn look(
        &mut self,
        id: &str,
        progress: &mut dyn FnMut(&str, u64) -> ControlFlow<()>,
    ) -> Result<(), VaultError> {
        self.looked_at += 1;
        let told = self.looked_at.is_multiple_of(1000);
        if told && progress(id, self.looked_at).is_break() {
            Err(VaultError::Cancelled)
        } else {
            Ok(())
        }
    }
}

fn blob(connection: &Connection, rowid: i64) -> Result<Vec<u8>, VaultError> {
    let mut blob = connection
        .blob_open(rusqlite::MAIN_DB, "chunk", "content", rowid, true)
        .map_err(sql("checking received bytes"))?;
    let mut bytes = Vec::new();
    blob.read_to_end(&mut bytes)
        .map_err(|source| VaultError::Source {
            name: "a stored chunk".into(),
            source,
        })?;
    Ok(bytes)
}

fn answer(id: &str, title: &str, looked_at: u64, faults: Vec<String>) -> HealthCheck {
    HealthCheck {
        id: id.into(),
        title: title.into(),
        looked_at,
        faults,
    }
}

const MOST_FAULTS: usize = 100;
