//! Custody events: who did what, when, in a hash chain signed with the acting reviewer's key.
//!
//! One event, as [`Custody::export`](crate::table::custody_event::Custody::export) writes it, one a line:
//! ```json
//! {"action":"bundle.kept","actor":"Ada Example","hash":"<hex>","key":"<fingerprint>","prev":"<hex>","seq":2,
//!  "signature":"<base64>","subject":{…},"time":"2026-11-24T09:00:00.000Z","v":"tickmark.custody/1","vault":"<id>"}
//! ```
//! `hash` = hex SHA-256 of the canonical JSON (RFC 8785) of the event without `hash` and `signature`;
//! `signature` = Ed25519 over the canonical JSON of the event without `signature`; `prev` = the hash of the event
//! before, null for the first. Tickmark's own profile `tickmark-custody` verifies it like any other trail.
//! `subject.rows` binds the rows that were written in the same transaction; see [`crate::rows`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tickmark_crypto::key::PublicKey;

use crate::canonical::{canonical, sha256_hex};
use crate::error::VaultError;
use crate::signer::Signer;
use crate::stamp;

/// The value of `v` in every event.
pub const SCHEMA: &str = "tickmark.custody/1";

/// One custody event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyEvent {
    /// Always [`SCHEMA`].
    pub v: String,
    /// The vault's id.
    pub vault: String,
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When, by this machine's clock; RFC 3339, UTC, milliseconds.
    pub time: String,
    /// The reviewer's name.
    pub actor: String,
    /// Fingerprint of the key that signed: hex SHA-256 of its SPKI.
    pub key: String,
    /// What was done, as a stable word: `bundle.kept`, `finding.written`.
    pub action: String,
    /// What it was done to; an object.
    pub subject: Value,
    /// Hash of the event before; `None` for the first.
    pub prev: Option<String>,
    /// Hash of this event.
    pub hash: String,
    /// Base64 Ed25519 signature.
    pub signature: String,
}

/// What an event says before it is hashed and signed.
pub(crate) struct Statement<'a> {
    pub vault: &'a str,
    pub seq: u64,
    pub time: DateTime<Utc>,
    pub action: &'a str,
    pub subject: Map<String, Value>,
    pub prev: Option<String>,
}

impl CustodyEvent {
    /// Hashes and signs a statement.
    pub(crate) fn sign(statement: Statement<'_>, signer: &Signer) -> Result<Self, VaultError> {
        let mut event = CustodyEvent {
            v: SCHEMA.into(),
            vault: statement.vault.to_owned(),
            seq: statement.seq,
            time: stamp::write(statement.time),
            actor: signer.name().to_owned(),
            key: signer.fingerprint().to_owned(),
            action: statement.action.to_owned(),
            subject: Value::Object(statement.subject),
            prev: statement.prev,
            hash: String::new(),
            signature: String::new(),
        };
        event.hash = event.computed_hash()?;
        event.signature = signer.sign(event.signed_text()?.as_bytes());
        Ok(event)
    }

    /// The hash that the event should carry.
    ///
    /// # Errors
    /// When its subject has no canonical spelling.
    pub fn computed_hash(&self) -> Result<String, VaultError> {
        Ok(sha256_hex(canonical(&Value::Object(self.core()))?.as_bytes()))
    }

    /// The text that is signed: canonical JSON of the event without its signature.
    ///
    /// # Errors
    /// When its subject has no canonical spelling.
    pub fn signed_text(&self) -> Result<String, VaultError> {
        let mut members = self.core();
        members.insert("hash".into(), json!(self.hash));
        canonical(&Value::Object(members))
    }

    /// The event as one line of canonical JSON, without the line feed.
    ///
    /// # Errors
    /// When its subject has no canonical spelling.
    pub fn line(&self) -> Result<String, VaultError> {
        let mut members = self.core();
        members.insert("hash".into(), json!(self.hash));
        members.insert("signature".into(), json!(self.signature));
        canonical(&Value::Object(members))
    }

    fn core(&self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("v".into(), json!(self.v));
        members.insert("vault".into(), json!(self.vault));
        members.insert("seq".into(), json!(self.seq));
        members.insert("time".into(), json!(self.time));
        members.insert("actor".into(), json!(self.actor));
        members.insert("key".into(), json!(self.key));
        members.insert("action".into(), json!(self.action));
        members.insert("subject".into(), self.subject.clone());
        members.insert("prev".into(), json!(self.prev));
        members
    }
}

/// What is wrong with the custody chain, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyFault {
    /// The event.
    pub seq: u64,
    /// What: `hash`, `link`, `sequence`, `signature`, `key` or `rows`.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// The state of the custody chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyCheck {
    /// Events that were checked.
    pub events: u64,
    /// Hash of the last one.
    pub head: Option<String>,
    /// Every fault.
    pub faults: Vec<CustodyFault>,
}

/// Checks events one after the other: sequence, link, hash, signature, key.
pub(crate) struct ChainCheck {
    vault: String,
    check: CustodyCheck,
}

impl ChainCheck {
    pub(crate) fn new(vault: &str) -> Self {
        let check = CustodyCheck {
            events: 0,
            head: None,
            faults: Vec::new(),
        };
        ChainCheck {
            vault: vault.to_owned(),
            check,
        }
    }

    /// Checks the next event. `key` is the public key that the vault knows under the event's fingerprint.
    pub(crate) fn next(&mut self, event: &CustodyEvent, key: Option<&PublicKey>) -> Result<(), VaultError> {
        let expected_seq = self.check.events + 1;
        if event.seq != expected_seq || event.vault != self.vault || event.v != SCHEMA {
            self.fault(
                event.seq,
                "sequence",
                &format!("event {expected_seq} of {}", self.vault),
                &event.vault,
            );
        }
        if event.prev != self.check.head {
            let (expected, found) = (self.check.head.clone(), event.prev.clone());
            self.fault(event.seq, "link", &or_null(expected), &or_null(found));
        }
        let hash = event.computed_hash()?;
        if event.hash != hash {
            self.fault(event.seq, "hash", &hash, &event.hash);
        }
        match key {
            None => self.fault(event.seq, "key", "a reviewer of this vault", &event.key),
            Some(key) if !crate::signer::verifies(key, event.signed_text()?.as_bytes(), &event.signature) => {
                self.fault(
                    event.seq,
                    "signature",
                    &format!("a signature under {}", event.key),
                    "another one",
                );
            }
            Some(_) => {}
        }
        self.check.events += 1;
        // resume from the recorded hash, so that one edit is one fault
        self.check.head = Some(event.hash.clone());
        Ok(())
    }

    pub(crate) fn fault(&mut self, seq: u64, what: &str, expected: &str, found: &str) {
        let (expected, found) = (expected.to_owned(), found.to_owned());
        self.check.faults.push(CustodyFault {
            seq,
            what: what.to_owned(),
            expected,
            found,
        });
    }

    pub(crate) fn finish(self) -> CustodyCheck {
        self.check
    }
}

fn or_null(hash: Option<String>) -> String {
    hash.unwrap_or_else(|| "null".into())
}
