//! Import: bounded transactions into staging rows that no reader sees; one last transaction makes them visible.

mod staging;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;
use serde_json::json;
use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_crypto::encoding::hex;
use tickmark_formats::container::Origin;
use tickmark_verify::verification::{Fault, Verification};

use crate::canonical::sha256_hex;
use crate::chunks::StoredFile;
use crate::database::hold;
use crate::error::{VaultError, sql};
use crate::id::{BundleNo, EngagementId, RecordId};
use crate::signer::Signer;
use crate::stamp;
use crate::sweep::remove_staging;
use crate::table::bundle::{Bundle, ImportCounts, Intake};
use crate::table::bundle_link::BundleLink;
use crate::table::facet::Counting;
use crate::table::fault;
use crate::table::file::{CHUNK, ReceivedFile};
use crate::table::observation::{Observation, ObservationKind};
use crate::table::record::Mask;
use crate::table::trail_head::TrailHead;
use crate::table::verification::Judgement;
use crate::txn::{Txn, int};
use crate::vault::{Inner, Vault};

/// What is known before the bytes are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportDraft {
    /// File or folder name as received.
    pub name: String,
    /// How it came.
    pub intake: Intake,
    /// The system it comes from, as the reviewer names it.
    pub source: Option<String>,
    /// The engagement that will examine it.
    pub engagement: Option<EngagementId>,
}

/// A record to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Its number in file order, from 1.
    pub position: u64,
    /// Its id.
    pub id: RecordId,
    /// Where its bytes are.
    pub bytes: Bytes,
    /// Member of the container.
    pub member: Option<String>,
    /// Physical line, from 1.
    pub line: Option<u64>,
    /// The time it states, in microseconds since 1970.
    pub time_utc: Option<i64>,
    /// The same, as recorded.
    pub time_text: Option<String>,
    /// What happened.
    pub event: Option<String>,
    /// Who or what acted; masked where it is an identity.
    pub actor: Option<String>,
    /// Keyed token of the raw identity, for search.
    pub actor_token: Option<Vec<u8>>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Model and version.
    pub model: Option<String>,
    /// First words of its text; masked.
    pub summary: String,
    /// Its text for the search index; masked.
    pub text: String,
    /// Its own hash, or what it links to.
    pub link: Option<String>,
    /// The chain it belongs to, where the profile knows several.
    pub chain: Option<String>,
    /// Whether a signature on it verifies.
    pub signed: bool,
    /// What is masked in its bytes until unmasked.
    pub masks: Vec<Mask>,
}

/// Where a record's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes {
    /// In a received file, as they are: nothing is stored twice.
    InFile {
        /// Number of the file, from 1.
        file: u64,
        /// First byte.
        offset: u64,
        /// How many.
        length: u64,
    },
    /// Here: they came out of a packed member.
    Own(Vec<u8>),
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is kept under this number, with this custody event.
    Kept {
        /// The bundle.
        bundle: BundleNo,
        /// The event.
        custody: u64,
    },
    /// The same bytes are kept already under this number; nothing was added.
    AlreadyKept {
        /// The bundle.
        bundle: BundleNo,
    },
}

/// What is known once everything was read and judged.
pub struct Outcome<'a> {
    /// The judgement.
    pub verification: &'a Verification,
    /// Every fault, when more were found than the judgement lists; else empty.
    pub all_faults: &'a [Fault],
    /// Heads to remember; their `bundle` is filled in.
    pub heads: &'a [TrailHead],
    /// How records were read, for example `langfuse`.
    pub importer: Option<&'a str>,
}

/// An import under way. Dropped without [`finish`](Import::finish) it leaves nothing that a reader could see; what it
/// staged is removed by [`Vault::sweep`].
pub struct Import {
    inner: Arc<Inner>,
    bundle: BundleNo,
    draft: ImportDraft,
    files: Vec<ReceivedFile>,
    members: HashMap<String, i64>,
    batch: Vec<NewRecord>,
    batch_bytes: usize,
    next_row: i64,
    next_position: u64,
    ids: Hasher,
    observations: Vec<Observation>,
    observed: u64,
    counts: ImportCounts,
    values: Counting,
}

impl Vault {
    /// Begins an import.
    ///
    /// # Errors
    /// `ReadOnly`, `Locked`, or when nothing can be written.
    pub fn begin_import(&self, draft: ImportDraft, now: DateTime<Utc>) -> Result<Import, VaultError> {
        let bundle = self.inner.stage("beginning an import", |connection| {
            connection
                .execute(
                    "INSERT INTO staging (name, started_at) VALUES (?1, ?2)",
                    [&draft.name, &stamp::write(now)],
                )
                .map_err(sql("beginning an import"))?;
            let bundle = connection.last_insert_rowid();
            hold(&self.inner.importing).insert(bundle);
            Ok(BundleNo(bundle))
        })?;
        Ok(Import {
            inner: Arc::clone(&self.inner),
            bundle,
            draft,
            files: Vec::new(),
            members: HashMap::new(),
            batch: Vec::new(),
            batch_bytes: 0,
            next_row: 0,
            next_position: 1,
            ids: Hasher::new(Algorithm::Sha256),
            observations: Vec::new(),
            observed: 0,
            counts: ImportCounts::default(),
            values: Counting::default(),
        })
    }
}

impl Import {
    /// The number that the bundle will have.
    pub fn bundle(&self) -> BundleNo {
        self.bundle
    }

    /// Reads a file to its end into the vault, in transactions of 8 MiB. `progress` is told the bytes read so far of this
    /// file and may break off. Returns the file with its digest.
    ///
    /// # Errors
    /// `Cancelled`, `Source` when the stream fails, `DiskFull`. What was staged stays hidden; [`Import::cancel`] removes it.
    pub fn add_file(
        &mut self,
        name: &str,
        source: &mut dyn Read,
        progress: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<ReceivedFile, VaultError> {
        let number = self.files.len() as u64 + 1;
        let mut whole = Hasher::new(Algorithm::Sha256);
        let (mut bytes, mut seq, mut ended) = (0_u64, 0_i64, false);
        while !ended {
            let mut chunks = Vec::new();
            while chunks.len() < CHUNKS_A_TRANSACTION && !ended {
                let chunk = read_chunk(name, source)?;
                ended = (chunk.len() as u64) < CHUNK;
                bytes += chunk.len() as u64;
                whole.update(&chunk);
                if !chunk.is_empty() {
                    chunks.push(chunk);
                }
            }
            self.stage_chunks(int(number)?, &mut seq, &chunks)?;
            if progress(bytes).is_break() {
                return Err(VaultError::Cancelled);
            }
        }
        let file = ReceivedFile {
            number,
            name: name.to_owned(),
            sha256: hex(whole.finish().as_bytes()),
            bytes,
        };
        self.stage_file(&file)?;
        self.files.push(file.clone());
        Ok(file)
    }

    /// Names the system that it comes from, where that was found only by its records.
    pub fn name_source(&mut self, source: Option<String>) {
        self.draft.source = source;
    }

    /// The files so far, as they are in the vault: what is judged is what is kept.
    ///
    /// # Errors
    /// When a file is too large to be numbered.
    pub fn origins(&self) -> Result<Vec<Arc<dyn Origin>>, VaultError> {
        self.files
            .iter()
            .map(|file| {
                Ok(Arc::new(StoredFile::new(&self.inner.readers, self.bundle, file)?) as Arc<dyn Origin>)
            })
            .collect()
    }

    /// Hex SHA-256 of what was received: of a single file its digest, of a folder that of the lines `hex SP SP name LF`,
    /// sorted by name.
    pub fn sha256(&self, folder: bool) -> String {
        match self.files.as_slice() {
            [file] if !folder => file.sha256.clone(),
            files => {
                let sorted: BTreeMap<&str, &str> = files
                    .iter()
                    .map(|file| (file.name.as_str(), file.sha256.as_str()))
                    .collect();
                let lines: String = sorted
                    .into_iter()
                    .map(|(name, sha256)| format!("{sha256}  {name}\n"))
                    .collect();
                sha256_hex(lines.as_bytes())
            }
        }
    }

    /// The bundle that holds the same bytes already, if there is one: judging them again can be spared.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn already_kept(&self, folder: bool) -> Result<Option<BundleNo>, VaultError> {
        let sha256 = self.sha256(folder);
        let reader = crate::view::Reader::new(&self.inner.readers)?;
        Ok(reader
            .view()
            .bundles()
            .by_sha256(&sha256)?
            .map(|bundle| bundle.bundle))
    }

    /// Takes a record; records come in the order of their positions. They are written in batches.
    ///
    /// # Errors
    /// `Refused` when the position is not the next one, `DiskFull`.
    pub fn add_record(&mut self, record: NewRecord) -> Result<(), VaultError> {
        if record.position != self.next_position {
            return Err(VaultError::Refused {
                what: "position of a record",
                expected: "1, 2, 3 and so on",
                found: record.position.to_string(),
            });
        }
        self.next_position += 1;
        self.ids.update(record.id.to_string().as_bytes());
        self.ids.update(b"\n");
        self.values.add(&record);
        self.batch_bytes += weight(&record);
        self.batch.push(record);
        if self.batch_bytes >= BYTES_A_TRANSACTION || self.batch.len() >= RECORDS_A_TRANSACTION {
            self.flush()?;
        }
        Ok(())
    }

    /// Takes an observation: a metric, evidence, a fairness finding, personal data that another tool found.
    ///
    /// # Errors
    /// `DiskFull`.
    pub fn add_observation(&mut self, observation: Observation) -> Result<(), VaultError> {
        let count = match observation.kind {
            ObservationKind::Metric => &mut self.counts.metrics,
            ObservationKind::Evidence => &mut self.counts.evidence,
            ObservationKind::Fairness => &mut self.counts.fairness,
            ObservationKind::Pii => &mut self.counts.pii,
        };
        *count += 1;
        self.observations.push(observation);
        if self.observations.len() >= RECORDS_A_TRANSACTION {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Makes the bundle visible, with its judgement, its faults, its heads and its custody event, in one transaction.
    ///
    /// # Errors
    /// `Refused` when the judgement is about other bytes or two records have one id; or as [`Vault::write`]. Then nothing
    /// is visible.
    pub fn finish(
        self,
        signer: &Signer,
        outcome: &Outcome<'_>,
        now: DateTime<Utc>,
    ) -> Result<Finished, VaultError> {
        self.finish_with(signer, outcome, now, |_| Ok(()))
    }

    /// The same, with further work in the last transaction: for example the profile that is expected of the source from
    /// now on. It is not called when the bytes are kept already.
    ///
    /// # Errors
    /// As [`Import::finish`], or what the work says.
    pub fn finish_with(
        mut self,
        signer: &Signer,
        outcome: &Outcome<'_>,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut Txn<'_>) -> Result<(), VaultError>,
    ) -> Result<Finished, VaultError> {
        self.flush()?;
        let judged = &outcome.verification.bundle;
        let folder = judged.packing.first().is_some_and(|layer| layer == "folder");
        let sha256 = self.sha256(folder);
        if let Some(bundle) = self.already_kept(folder)? {
            self.cancel()?;
            return Ok(Finished::AlreadyKept { bundle });
        }
        if judged.sha256 != sha256 {
            return Err(VaultError::Refused {
                what: "judgement",
                expected: "one about the bytes that were received",
                found: judged.sha256.clone(),
            });
        }
        self.refuse_repeated_ids()?;
        let row = self.row(sha256, outcome);
        let custody = self.make_visible(signer, &row, outcome, now, work)?;
        Ok(Finished::Kept {
            bundle: self.bundle,
            custody,
        })
    }

    /// Removes everything that was staged.
    ///
    /// # Errors
    /// When the database refuses; what is left stays hidden and is removed later.
    pub fn cancel(self) -> Result<(), VaultError> {
        remove_staging(&self.inner, self.bundle, &mut || ControlFlow::Continue(()))
    }

    /// Two records under one id would be one unit of a sample: the importer has to tell them apart with `#k`.
    fn refuse_repeated_ids(&self) -> Result<(), VaultError> {
        let reader = crate::view::Reader::new(&self.inner.readers)?;
        let repeated: Option<RecordId> = reader
            .connection()
            .query_row(
                "SELECT id, again FROM record WHERE bundle = ?1 GROUP BY id, again HAVING count(*) > 1 LIMIT 1",
                [self.bundle],
                |row| Ok(RecordId { digest: row.get(0)?, again: row.get(1)? }),
            )
            .optional()
            .map_err(sql("comparing record ids"))?;
        repeated.map_or(Ok(()), |id| {
            Err(VaultError::Refused {
                what: "record id",
                expected: "one record an id",
                found: id.to_string(),
            })
        })
    }

    fn row(&mut self, sha256: String, outcome: &Outcome<'_>) -> Bundle {
        let ids = std::mem::replace(&mut self.ids, Hasher::new(Algorithm::Sha256));
        Bundle {
            bundle: self.bundle,
            name: self.draft.name.clone(),
            sha256,
            bytes: self.files.iter().map(|file| file.bytes).sum(),
            packing: outcome.verification.bundle.packing.clone(),
            source: self.draft.source.clone(),
            importer: outcome.importer.map(str::to_owned),
            records: self.next_position - 1,
            records_digest: hex(ids.finish().as_bytes()),
            counts: self.counts,
            intake: self.draft.intake.clone(),
        }
    }

    fn make_visible(
        &self,
        signer: &Signer,
        row: &Bundle,
        outcome: &Outcome<'_>,
        now: DateTime<Utc>,
        work: impl FnOnce(&mut Txn<'_>) -> Result<(), VaultError>,
    ) -> Result<u64, VaultError> {
        let subject = json!({
            "bundle": self.bundle, "name": row.name, "sha256": row.sha256, "bytes": row.bytes,
            "records": row.records, "records_digest": row.records_digest,
            "verdict": outcome.verification.verdict,
            "profile": outcome.verification.profile.as_ref().map(|profile| &profile.digest),
            "source": row.source,
        });
        let faults = if outcome.all_faults.is_empty() {
            &outcome.verification.faults[..]
        } else {
            outcome.all_faults
        };
        self.inner.write(signer, "bundle.kept", subject, now, |txn| {
            fault::insert(txn.connection(), self.bundle, 1, 1, faults)?;
            self.values.write(txn.connection(), self.bundle)?;
            // the row that makes the rest visible, and closes it for good
            txn.bundles_mut().insert(row)?;
            txn.insert(&Judgement::new(self.bundle, 1, outcome.verification))?;
            for head in outcome.heads {
                txn.insert(&TrailHead {
                    bundle: self.bundle,
                    ..head.clone()
                })?;
            }
            if let Some(engagement) = &self.draft.engagement {
                txn.view().engagements().get(engagement)?;
                txn.insert(&BundleLink {
                    engagement: engagement.clone(),
                    bundle: self.bundle,
                    linked: true,
                })?;
            }
            txn.connection()
                .execute("DELETE FROM staging WHERE bundle = ?1", [self.bundle])
                .map_err(sql("ending an import"))?;
            work(txn)?;
            Ok(txn.custody_seq())
        })
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        hold(&self.inner.importing).remove(&self.bundle.0);
    }
}

fn read_chunk(name: &str, source: &mut dyn Read) -> Result<Vec<u8>, VaultError> {
    let mut chunk = Vec::with_capacity(CHUNK as usize);
    source
        .take(CHUNK)
        .read_to_end(&mut chunk)
        .map_err(|source| VaultError::Source {
            name: name.to_owned(),
            source,
        })?;
    Ok(chunk)
}

/// Bytes that a record holds while it waits for its batch.
fn weight(record: &NewRecord) -> usize {
    let own = if let Bytes::Own(bytes) = &record.bytes {
        bytes.len()
    } else {
        0
    };
    own + record.text.len() + record.summary.len() + 512
}

const CHUNKS_A_TRANSACTION: usize = 8;
const RECORDS_A_TRANSACTION: usize = 10_000;
const BYTES_A_TRANSACTION: usize = 16 << 20;
