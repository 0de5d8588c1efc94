//! Trails made here: chained and signed records in the manner of witnesskit, and a bench that takes them in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;
use tickmark_workbench::contract::bundle::{BundleView, ImportBundle, ImportedBundle, Intake, VerifyAgain};
use tickmark_workbench::contract::command::ById;
use tickmark_workbench::contract::session::CreateVault;
use tickmark_workbench::contract::trust::PinKey;
use tickmark_workbench::{Answer, Workbench};

use super::Fixed;

/// Who records, and what was recorded so far.
pub struct Recorder {
    key: SigningKey,
    seed: u8,
    prev: Value,
    seq: u64,
}

impl Recorder {
    /// A recorder with a key of its own, before its first record.
    pub fn new(seed: u8) -> Recorder {
        Recorder {
            key: SigningKey::from_seed(&SecretBytes::new(vec![seed; 32])).unwrap(),
            seed,
            prev: Value::Null,
            seq: 0,
        }
    }

    /// The next records; `what` goes into each.
    pub fn records(&mut self, count: u64, what: &str) -> Vec<Value> {
        (0..count).map(|_| self.record(what)).collect()
    }

    fn record(&mut self, what: &str) -> Value {
        let seq = self.seq;
        let mut entry = json!({
            "version": "witnesskit/v0", "seq": seq, "timestamp": format!("2026-10-01T09:{:02}:{:02}Z", seq / 60 % 60, seq % 60),
            "actor": "assistant", "action": what, "payload": {"n": seq}, "prev_hash": self.prev,
        });
        // sorted members, and texts that need no escapes: this is RFC 8785
        let sorted: BTreeMap<String, Value> = serde_json::from_value(entry.clone()).unwrap();
        let digest = sha256(serde_json::to_string(&sorted).unwrap().as_bytes());
        self.seq += 1;
        self.prev = json!(base64(&digest));
        entry["hash"] = self.prev.clone();
        entry["signature"] = json!({
            "alg": "Ed25519", "public_key": base64(&self.raw()), "value": base64(&self.key.sign(&digest)),
        });
        entry
    }

    /// The public key as text.
    pub fn public(&self) -> String {
        hex(&self.raw())
    }

    /// A second recorder that goes on from the same record.
    pub fn fork(&self) -> Recorder {
        Recorder {
            prev: self.prev.clone(),
            seq: self.seq,
            ..Recorder::new(self.seed)
        }
    }

    fn raw(&self) -> Vec<u8> {
        self.key.public().ed25519_bytes().unwrap().to_vec()
    }
}

/// A vault in a folder of its own.
pub struct Room {
    pub bench: Workbench,
    folder: tempfile::TempDir,
}

impl Room {
    pub fn new() -> Room {
        let folder = tempfile::tempdir().unwrap();
        let bench = Workbench::new(Fixed::new());
        bench
            .vault_create(CreateVault {
                path: folder.path().join("bank.vault").display().to_string(),
                passphrase: "correct horse battery".into(),
                reviewer: "Ana Petrović".into(),
                engagement: None,
            })
            .unwrap();
        Room { bench, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Records as lines of a file.
    pub fn file(&self, name: &str, records: &[Value]) -> PathBuf {
        let path = self.folder.path().join(name);
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        std::fs::write(&path, lines).unwrap();
        path
    }

    /// Takes records in under a source.
    pub fn import(&self, name: &str, records: &[Value], source: Option<&str>) -> ImportedBundle {
        self.try_import(name, records, source, None).unwrap()
    }

    pub fn try_import(
        &self,
        name: &str,
        records: &[Value],
        source: Option<&str>,
        profile: Option<&str>,
    ) -> Answer<ImportedBundle> {
        self.take_in(ImportBundle {
            source: source.map(str::to_owned),
            profile: profile.map(str::to_owned),
            ..Room::request(&self.file(name, records))
        })
    }

    /// Takes one path in.
    pub fn take_in(&self, request: ImportBundle) -> Answer<ImportedBundle> {
        let mut summary = self.bench.bundle_import(request, &mut |_| {})?;
        Ok(summary.bundles.remove(0))
    }

    /// An import of this path with nothing stated.
    pub fn request(path: &Path) -> ImportBundle {
        ImportBundle {
            path: path.display().to_string(),
            source: None,
            profile: None,
            intake: Intake {
                received_from: String::new(),
                received_at: String::new(),
                medium: String::new(),
                request: String::new(),
                sender_sha256: None,
                period: None,
            },
            passphrase: None,
            identity: None,
            expect_head: None,
            expect_count: None,
        }
    }

    /// Judges a kept bundle again, with what is kept of it.
    pub fn again(&self, id: &str) -> BundleView {
        let request = VerifyAgain {
            id: id.to_owned(),
            period: None,
        };
        self.bench.bundle_verify_again(request, &mut |_| {}).unwrap()
    }

    /// The bundle with its newest judgement.
    pub fn view(&self, imported: &ImportedBundle) -> BundleView {
        let id = imported.bundle.clone().unwrap();
        self.bench.bundle_view(ById { id }).unwrap()
    }

    /// A pin for this key with nothing but what is needed.
    pub fn pin_of(public: &str, owner: &str) -> PinKey {
        PinKey {
            text: public.to_owned(),
            algorithm: None,
            identity: None,
            vouches: None,
            kid: None,
            owner: owner.to_owned(),
            confirmed: "fingerprint read aloud by telephone".into(),
            second_person: None,
            source: None,
            valid_from: None,
            valid_to: None,
            replaces: None,
        }
    }
}
