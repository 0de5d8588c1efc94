//! What an application claims to have recorded, beside an Azure Confidential Ledger receipt.
//!
//! ```text
//! digest = SHA-256(u32le count ‖ claim ‖ claim …)          claim = SHA-256(protocol ‖ inner)
//! LedgerEntryV1: inner = SHA-256(HMAC(key, collection id) ‖ HMAC(key, contents))      ClaimDigest: inner = its value
//! ```

use serde::Deserialize;
use thiserror::Error;

use crate::{
    digest::{self, Algorithm, Digest},
    encoding,
    signing::hmac_sha256,
};

/// Why the claims beside a receipt cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClaimsError {
    /// There is none, or more than are read.
    #[error("{found} claims stand beside the receipt; 1 to {CLAIM_LIMIT} are read")]
    Count {
        /// How many there are.
        found: usize,
    },
    /// A claim is of a kind or protocol that is not read, or malformed.
    #[error("claim {number} beside the receipt is not one that is read here")]
    Kind {
        /// Which one, from 1.
        number: usize,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claim {
    kind: String,
    ledger_entry: Option<LedgerEntry>,
    digest: Option<ClaimDigest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LedgerEntry {
    collection_id: String,
    contents: String,
    secret_key: String,
    protocol: String,
}

#[derive(Deserialize)]
struct ClaimDigest {
    value: String,
    protocol: String,
}

/// The digest that belongs into the receipt's leaf.
pub(super) fn digest(claims: &[Claim]) -> Result<Digest, ClaimsError> {
    let wrong = ClaimsError::Count { found: claims.len() };
    if claims.is_empty() || claims.len() > CLAIM_LIMIT {
        return Err(wrong);
    }
    let count = u32::try_from(claims.len()).map_err(|_| wrong)?;
    let mut all = count.to_le_bytes().to_vec();
    for (index, claim) in claims.iter().enumerate() {
        let number = index + 1;
        all.extend(claim.digest().ok_or(ClaimsError::Kind { number })?);
    }
    Ok(Algorithm::Sha256.of(&all))
}

impl Claim {
    fn digest(&self) -> Option<[u8; 32]> {
        match (self.kind.as_str(), &self.ledger_entry, &self.digest) {
            ("LedgerEntry", Some(entry), None) if entry.protocol == "LedgerEntryV1" => {
                let key = encoding::unbase64(&entry.secret_key).ok()?;
                let collection = hmac_sha256(&key, entry.collection_id.as_bytes());
                let contents = hmac_sha256(&key, entry.contents.as_bytes());
                let inner = digest::sha256(&[collection, contents].concat());
                Some(digest::sha256(&[entry.protocol.as_bytes(), &inner].concat()))
            }
            ("ClaimDigest", None, Some(claim)) => {
                let value = encoding::unhex(&claim.value).ok()?;
                Some(digest::sha256(&[claim.protocol.as_bytes(), &value].concat()))
            }
            _ => None,
        }
    }
}

/// The most claims of one receipt; the ledger writes one.
const CLAIM_LIMIT: usize = 1000;
