//! A vault in a temporary folder, a signer, and bundles to put into it. Tests of this crate only: unit tests see it as a
//! module, integration tests include the file.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::sealed::Opener;
use tickmark_crypto::secret::Secret;
use tickmark_vault::id::{BundleNo, EngagementId, RecordId};
use tickmark_vault::import::{Bytes, Finished, Import, ImportDraft, NewRecord, Outcome};
use tickmark_vault::table::engagement::{Engagement, EngagementState};
use tickmark_vault::{Create, Signer, Vault};
use tickmark_verify::verification as v;

pub const PASSPHRASE: &str = "correct horse battery staple";
pub const REVIEWER_SECRET: &str = "another secret";

/// scrypt at 2^2: tests are in a hurry.
pub const WORK_FACTOR: u8 = 2;

pub struct Kit {
    pub dir: tempfile::TempDir,
    pub vault: Vault,
    pub signer: Signer,
}

pub fn kit() -> Kit {
    let dir = folder();
    let vault = Vault::create(&dir.path().join("demo.vault"), &create()).unwrap();
    let reviewer = vault
        .read(|view| view.reviewers().list())
        .unwrap()
        .remove(0)
        .row
        .id;
    let signer = vault.unlock_signer(&reviewer, &secret(REVIEWER_SECRET)).unwrap();
    Kit { dir, vault, signer }
}

/// A temporary folder, in memory where the machine offers one: flushing to a busy disk is most of what these tests would
/// otherwise wait for. `TICKMARK_TMP` names another place.
pub fn folder() -> tempfile::TempDir {
    let named = std::env::var_os("TICKMARK_TMP").map(PathBuf::from);
    let memory = PathBuf::from("/dev/shm");
    let place = named
        .or_else(|| memory.is_dir().then_some(memory))
        .unwrap_or_else(std::env::temp_dir);
    tempfile::tempdir_in(place)
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

pub fn create() -> Create<'static> {
    use std::sync::LazyLock;
    static SECRETS: LazyLock<(Secret, Secret, Vec<String>)> = LazyLock::new(|| {
        (
            secret(PASSPHRASE),
            secret(REVIEWER_SECRET),
            vec!["admin".into(), "reviewer".into()],
        )
    });
    Create {
        passphrase: &SECRETS.0,
        reviewer_name: "Ada Example",
        reviewer_roles: &SECRETS.2,
        reviewer_secret: &SECRETS.1,
        work_factor: WORK_FACTOR,
        now: at(0),
    }
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub fn passphrase(text: &str) -> Opener {
    Opener::Passphrase(secret(text))
}

/// Seconds after a fixed morning.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T09:00:00Z")
        .unwrap()
        .to_utc()
        + TimeDelta::seconds(seconds)
}

pub fn go_on(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Kit {
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("demo.vault")
    }

    /// Locks the vault and opens it again.
    pub fn reopen(self) -> Kit {
        self.vault.lock();
        let Kit { dir, vault, .. } = self;
        drop(vault);
        let vault = Vault::open(&dir.path().join("demo.vault"), &passphrase(PASSPHRASE)).unwrap();
        let reviewer = vault
            .read(|view| view.reviewers().list())
            .unwrap()
            .remove(0)
            .row
            .id;
        let signer = vault.unlock_signer(&reviewer, &secret(REVIEWER_SECRET)).unwrap();
        Kit { dir, vault, signer }
    }

    /// Does something in one transaction.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut tickmark_vault::Txn<'_>) -> Result<T, tickmark_vault::VaultError>,
    ) -> T {
        self.try_write(work).unwrap()
    }

    pub fn try_write<T>(
        &self,
        work: impl FnOnce(&mut tickmark_vault::Txn<'_>) -> Result<T, tickmark_vault::VaultError>,
    ) -> Result<T, tickmark_vault::VaultError> {
        self.vault
            .write(&self.signer, "test.done", serde_json::json!({}), at(60), work)
    }

    pub fn engagement(&self) -> EngagementId {
        let id = EngagementId::random().unwrap();
        let row = Engagement {
            id: id.clone(),
            version: 1,
            title: "Model gateway, third quarter".into(),
            addressee: "Audit committee".into(),
            scope: "Refund decisions".into(),
            period_from: Some("2026-07-01".into()),
            period_to: None,
            classification: "restricted".into(),
            state: EngagementState::Open,
            json: serde_json::json!({}),
        };
        self.write(|txn| txn.engagements_mut().insert(&row));
        id
    }

    /// Imports lines of text, each a record.
    pub fn import(&self, name: &str, lines: &[&str]) -> BundleNo {
        self.import_with(name, lines, |_, _| {})
    }

    /// The same; `adjust` may change each record.
    pub fn import_with(
        &self,
        name: &str,
        lines: &[&str],
        adjust: impl Fn(usize, &mut NewRecord),
    ) -> BundleNo {
        let mut import = self.vault.begin_import(draft(name), at(1)).unwrap();
        let bytes = stage(&mut import, name, lines);
        for (index, mut record) in records(lines).enumerate() {
            adjust(index, &mut record);
            import.add_record(record).unwrap();
        }
        match finish(import, self, &bytes) {
            Finished::Kept { bundle, .. } | Finished::AlreadyKept { bundle } => bundle,
        }
    }
}

pub fn draft(name: &str) -> ImportDraft {
    ImportDraft {
        name: name.into(),
        ..ImportDraft::default()
    }
}

/// Adds one file of lines; returns its bytes.
pub fn stage(import: &mut Import, name: &str, lines: &[&str]) -> Vec<u8> {
    let bytes = lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
        .collect::<Vec<u8>>();
    import.add_file(name, &mut &bytes[..], &mut go_on).unwrap();
    bytes
}

pub fn finish(import: Import, kit: &Kit, bytes: &[u8]) -> Finished {
    let verification = verification(bytes);
    let outcome = Outcome {
        verification: &verification,
        all_faults: &[],
        heads: &[],
        importer: None,
    };
    import.finish(&kit.signer, &outcome, at(2)).unwrap()
}

/// Records of a file of lines: `time event actor outcome text…`, time in seconds or `-`.
pub fn records<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = NewRecord> + 'a {
    let mut seen = std::collections::HashMap::<[u8; 32], u64>::new();
    let mut offset = 0;
    lines.iter().zip(1..).map(move |(line, position)| {
        let digest = sha256(line.as_bytes());
        let occurrence = seen.entry(digest).and_modify(|k| *k += 1).or_insert(1);
        let mut words = line.split(' ');
        let mut word = || words.next().filter(|word| *word != "-").map(str::to_owned);
        let (time_text, event, actor, outcome) = (word(), word(), word(), word());
        let length = line.len() as u64;
        let record = NewRecord {
            position,
            id: RecordId::new(digest, *occurrence),
            bytes: Bytes::InFile {
                file: 1,
                offset,
                length,
            },
            member: Some("records.txt".into()),
            line: Some(position),
            time_utc: time_text
                .as_ref()
                .and_then(|text| text.parse::<i64>().ok())
                .map(|seconds| seconds * 1_000_000),
            time_text,
            event,
            actor,
            actor_token: None,
            outcome,
            model: None,
            summary: line.chars().take(40).collect(),
            text: (*line).to_owned(),
            link: None,
            chain: None,
            signed: position % 2 == 0,
            masks: Vec::new(),
        };
        offset += length + 1;
        record
    })
}

/// A judgement about a single file: everything not proven, no faults.
pub fn verification(bytes: &[u8]) -> v::Verification {
    let claim = || v::Claim {
        outcome: v::ClaimOutcome::NotProven,
        basis: None,
        sentence: "Nothing is stated.".into(),
        checks: Vec::new(),
    };
    v::Verification {
        schema: v::SCHEMA.into(),
        tool: v::Tool {
            name: "tickmark".into(),
            version: "0.1.0".into(),
        },
        bundle: v::BundleId {
            name: "records.txt".into(),
            sha256: tickmark_crypto::encoding::hex(&sha256(bytes)),
            bytes: bytes.len() as u64,
            packing: vec!["file".into()],
        },
        profile: None,
        verdict: v::ClaimOutcome::NotProven,
        sentence: "Nothing is stated.".into(),
        claims: v::Claims {
            integrity: claim(),
            authenticity: claim(),
            completeness: claim(),
            time: claim(),
        },
        counts: v::Counts::default(),
        faults: Vec::new(),
        fault_groups: Vec::new(),
        uncovered_fields: Vec::new(),
        keys: Vec::new(),
        chains: Vec::new(),
        not_proven: Vec::new(),
        continuity: Vec::new(),
        next_steps: Vec::new(),
        warnings: Vec::new(),
    }
}

pub fn fault(record: u64, code: &str) -> v::Fault {
    v::Fault {
        code: code.into(),
        claim: "integrity".into(),
        record: Some(record),
        line: Some(record),
        member: None,
        field: Some("/hash".into()),
        expected: Some("a".into()),
        found: Some("b".into()),
        sentence: "The record differs from what was recorded.".into(),
    }
}
