//! An entry of a transparency log: what it says, where it stands, and the log's word for both.

use chrono::{DateTime, Utc};

use super::{
    SigstoreError,
    bundle::Version,
    json,
    root::{Log, TrustedRoot},
};
use crate::{
    checkpoint::Checkpoint,
    digest::Digest,
    encoding,
    key::KeyAlgorithm,
    merkle::{Knobs, verify_inclusion},
    note::{Note, NoteKey, NoteKind},
    signature::EcdsaForm,
};

/// An entry as it was received.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub index: u64,
    pub log: Vec<u8>,
    pub kind: String,
    pub version: String,
    pub time: u64,
    pub promise: Option<Vec<u8>>,
    pub proof: Option<Proof>,
    pub body: Vec<u8>,
}

/// The way from the entry to the root of a checkpoint.
#[derive(Debug, Clone)]
pub(super) struct Proof {
    index: u64,
    size: u64,
    root: Digest,
    path: Vec<Digest>,
    checkpoint: Option<String>,
}

impl Entry {
    pub fn read(read: json::Entry, version: Version) -> Result<Self, SigstoreError> {
        let promise = read
            .inclusion_promise
            .map(|promise| json::bytes("signedEntryTimestamp", &promise.signed_entry_timestamp))
            .transpose()?;
        let proof = read.inclusion_proof.map(Proof::read).transpose()?;
        match version {
            Version::First if promise.is_none() => {
                return Err(json::wrong("inclusionPromise", "there, as version 0.1 needs it"));
            }
            Version::Later if proof.as_ref().is_none_or(|proof| proof.checkpoint.is_none()) => {
                return Err(json::wrong(
                    "inclusionProof",
                    "there with its checkpoint, as versions from 0.2 need it",
                ));
            }
            _ => {}
        }
        Ok(Self {
            index: read.log_index,
            log: json::bytes("logId", &read.log_id.key_id)?,
            kind: read.kind_version.kind,
            version: read.kind_version.version,
            time: read.integrated_time,
            promise,
            proof,
            body: json::bytes("canonicalizedBody", &read.canonicalized_body)?,
        })
    }

    /// Verifies the log's word for the entry: its promise, and the proof with its checkpoint, whichever are there. Answers
    /// with the log, and with the time where the promise signs one.
    pub fn verify<'r>(
        &self,
        root: &'r TrustedRoot,
    ) -> Result<(&'r Log, Option<DateTime<Utc>>), SigstoreError> {
        let stated = self.stated_time()?;
        let log = root
            .logs
            .iter()
            .find(|log| log.id == self.log && stated.is_none_or(|time| log.window.holds(time)))
            .ok_or_else(|| SigstoreError::UnknownLog {
                id: encoding::hex(&self.log),
            })?;
        if let Some(promise) = &self.promise {
            log.key
                .verify(self.promised().as_bytes(), promise, EcdsaForm::Der)
                .map_err(SigstoreError::Promise)?;
        }
        let checkpoint = self.verify_proof()?;
        if let Some(checkpoint) = checkpoint {
            verify_checkpoint(checkpoint, log)?;
        }
        if self.promise.is_none() && checkpoint.is_none() {
            return Err(SigstoreError::NoEntry);
        }
        // only the promise signs the time
        Ok((log, stated.filter(|_| self.promise.is_some())))
    }

    /// Verifies what needs no trust: the path leads from the entry to the root of the checkpoint. Answers with the
    /// checkpoint's note, whose signature is still to be verified.
    pub fn verify_proof(&self) -> Result<Option<&str>, SigstoreError> {
        let Some(proof) = &self.proof else {
            return Ok(None);
        };
        let knobs = Knobs::rfc6962();
        let leaf = knobs.leaf(&self.body);
        verify_inclusion(&knobs, &leaf, proof.index, proof.size, &proof.path, &proof.root)?;
        let Some(note) = proof.checkpoint.as_deref() else {
            return Ok(None);
        };
        let checkpoint = Checkpoint::parse(Note::parse(note.as_bytes())?.text())?;
        let other = |what| SigstoreError::OtherCheckpoint { what };
        if checkpoint.size != proof.size {
            return Err(other("size"));
        }
        if checkpoint.root != proof.root {
            return Err(other("root"));
        }
        Ok(Some(note))
    }

    fn stated_time(&self) -> Result<Option<DateTime<Utc>>, SigstoreError> {
        if self.time == 0 {
            return Ok(None);
        }
        i64::try_from(self.time)
            .ok()
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .map(Some)
            .ok_or(json::wrong("integratedTime", "a time"))
    }

    /// What a log of version 1 signs when it takes an entry: RFC 8785 JSON of four members.
    fn promised(&self) -> String {
        format!(
            r#"{{"body":"{}","integratedTime":{},"logID":"{}","logIndex":{}}}"#,
            encoding::base64(&self.body),
            self.time,
            encoding::hex(&self.log),
            self.index
        )
    }
}

impl Proof {
    fn read(read: json::Proof) -> Result<Self, SigstoreError> {
        if read.hashes.len() > 64 {
            return Err(json::wrong("hashes", "at most 64 digests"));
        }
        Ok(Self {
            index: read.log_index,
            size: read.tree_size,
            root: sha256_of("rootHash", &read.root_hash)?,
            path: read
                .hashes
                .iter()
                .map(|text| sha256_of("hashes", text))
                .collect::<Result<_, _>>()?,
            checkpoint: read.checkpoint.map(|checkpoint| checkpoint.envelope),
        })
    }
}

/// The checkpoint is signed by the log itself, and is of a tree of this log.
fn verify_checkpoint(note: &str, log: &Log) -> Result<(), SigstoreError> {
    let kind = match log.key.algorithm() {
        KeyAlgorithm::Ed25519 => NoteKind::Ed25519,
        _ => NoteKind::Ecdsa,
    };
    let key = NoteKey::new(&log.name, log.key.clone(), kind)
        .ok_or(json::wrong("publicKey", "a key that signs checkpoints"))?;
    let note = Note::parse(note.as_bytes())?;
    note.verify(&[key])?;
    let origin = Checkpoint::parse(note.text())?.origin;
    // logs of version 1 add the number of the tree: `rekor.sigstore.dev - 2605736670972794746`
    let own = origin == log.name
        || origin
            .strip_prefix(&log.name)
            .and_then(|rest| rest.strip_prefix(" - "))
            .is_some_and(|tree| !tree.is_empty() && tree.bytes().all(|byte| byte.is_ascii_digit()));
    if own {
        Ok(())
    } else {
        Err(SigstoreError::OtherCheckpoint { what: "log" })
    }
}

fn sha256_of(member: &'static str, text: &str) -> Result<Digest, SigstoreError> {
    let wrong = json::wrong(member, "a SHA-256");
    let bytes = json::bytes(member, text)?;
    if bytes.len() != 32 {
        return Err(wrong);
    }
    Digest::from_slice(&bytes).map_err(|_| wrong)
}
