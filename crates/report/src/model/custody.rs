//! Who had or touched the evidence, and who signs for what.

use serde::{Deserialize, Serialize};

/// The custody log, or the part of it that this report prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// Events in the log.
    pub count: u64,
    /// Hash of the last one, lower-case hex.
    pub head: String,
    /// The events that concern this engagement, oldest first.
    pub events: Vec<CustodyEvent>,
    /// Whose keys signed them.
    #[serde(default)]
    pub signers: Vec<Signer>,
}

/// One custody event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyEvent {
    /// Its number, from 1.
    pub seq: u64,
    /// When, RFC 3339, by the machine's clock.
    pub time: String,
    /// Who.
    pub actor: String,
    /// What, as a stable word.
    pub action: String,
    /// In words.
    pub sentence: String,
    /// Its hash, lower-case hex.
    pub hash: String,
}

/// A person whose key signs custody events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The name.
    pub name: String,
    /// Fingerprint of the key, lower-case hex.
    pub fingerprint: String,
}

/// A signature on this report: printed name, time, meaning, key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// As what the person signs, for example `Preparer`.
    pub role: String,
    /// The printed name.
    pub name: String,
    /// What the signature means: "I performed these procedures and recorded what I found."
    pub meaning: String,
    /// When, RFC 3339 with zone.
    pub at: String,
    /// Whose clock that is: `machine clock`.
    pub clock: String,
    /// Fingerprint of the key, lower-case hex.
    pub key: String,
    /// SHA-256 of the statement that was signed, lower-case hex.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub statement: Option<String>,
    /// The signature, base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub signature: Option<String>,
}
