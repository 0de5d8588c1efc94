//! Who did what: custody.
use serde::{Deserialize, Serialize};

/// A page of custody events, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CustodyPage {
    /// Events in all.
    pub total: u64,
    /// Hash of the last one.
    pub head: String,
    /// The page.
    pub events: Vec<CustodyRow>,
}

/// One custody event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CustodyRow {
    /// Its number.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub actor: String,
    /// Fingerprint of the key that signed it.
    pub key: String,
    /// What, as a stable word.
    pub action: String,
    /// In words.
    pub sentence: String,
    /// Its hash.
    pub hash: String,
}

/// A custody export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CustodyExported {
    /// The file.
    pub path: String,
    /// Events in it.
    pub events: u64,
    /// Its last hash; enter it as expected head when it is verified.
    pub head: String,
    /// Fingerprints of the signers.
    pub key: String,
}
