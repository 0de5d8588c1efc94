//! Bundles and roots as JSON (the JSON mapping of Sigstore's protobuf-specs). Unknown members are passed over.

use serde::{Deserialize, Deserializer, de::Error as _};

use super::SigstoreError;
use crate::{checkpoint::decimal, dsse, encoding};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle {
    pub media_type: String,
    pub verification_material: Material,
    pub message_signature: Option<MessageSignature>,
    pub dsse_envelope: Option<dsse::Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Material {
    pub certificate: Option<Raw>,
    pub x509_certificate_chain: Option<Chain>,
    pub public_key: Option<Hint>,
    #[serde(default)]
    pub tlog_entries: Vec<Entry>,
    #[serde(default)]
    pub timestamp_verification_data: Option<Timestamps>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Raw {
    pub raw_bytes: String,
}

#[derive(Deserialize)]
pub(super) struct Chain {
    pub certificates: Vec<Raw>,
}

#[derive(Deserialize)]
pub(super) struct Hint {
    #[serde(default)]
    pub hint: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Timestamps {
    #[serde(default)]
    pub rfc3161_timestamps: Vec<Signed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signed {
    pub signed_timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageSignature {
    pub message_digest: Option<MessageDigest>,
    pub signature: String,
}

#[derive(Deserialize)]
pub(super) struct MessageDigest {
    pub algorithm: String,
    pub digest: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    #[serde(default, deserialize_with = "number")]
    pub log_index: u64,
    pub log_id: KeyId,
    pub kind_version: KindVersion,
    #[serde(default, deserialize_with = "number")]
    pub integrated_time: u64,
    pub inclusion_promise: Option<Promise>,
    pub inclusion_proof: Option<Proof>,
    pub canonicalized_body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyId {
    pub key_id: String,
}

#[derive(Deserialize)]
pub(super) struct KindVersion {
    pub kind: String,
    pub version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Promise {
    pub signed_entry_timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Proof {
    #[serde(default, deserialize_with = "number")]
    pub log_index: u64,
    pub root_hash: String,
    #[serde(deserialize_with = "number")]
    pub tree_size: u64,
    #[serde(default)]
    pub hashes: Vec<String>,
    pub checkpoint: Option<Envelope>,
}

#[derive(Deserialize)]
pub(super) struct Envelope {
    pub envelope: String,
}

/// A trusted root.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Root {
    pub media_type: String,
    #[serde(default)]
    pub tlogs: Vec<Log>,
    #[serde(default)]
    pub certificate_authorities: Vec<Authority>,
    #[serde(default)]
    pub ctlogs: Vec<Log>,
    #[serde(default)]
    pub timestamp_authorities: Vec<Authority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Log {
    pub base_url: String,
    pub public_key: LogKey,
    pub log_id: KeyId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogKey {
    pub raw_bytes: String,
    pub key_details: String,
    #[serde(default)]
    pub valid_for: ValidFor,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authority {
    #[serde(default)]
    pub uri: String,
    pub cert_chain: Chain,
    #[serde(default)]
    pub valid_for: ValidFor,
}

#[derive(Default, Deserialize)]
pub(super) struct ValidFor {
    pub start: Option<String>,
    pub end: Option<String>,
}

/// Standard base64 of a member.
pub(super) fn bytes(member: &'static str, text: &str) -> Result<Vec<u8>, SigstoreError> {
    encoding::unbase64(text).map_err(|source| SigstoreError::Encoding { member, source })
}

pub(super) const fn wrong(member: &'static str, expected: &'static str) -> SigstoreError {
    SigstoreError::Member { member, expected }
}

/// A 64-bit number, which the mapping writes as text; a plain number is read as well.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Text(String),
        Plain(u64),
    }
    match Number::deserialize(deserializer)? {
        Number::Plain(number) if number <= i64::MAX as u64 => Ok(number),
        Number::Text(text) => decimal(&text)
            .filter(|number| *number <= i64::MAX as u64)
            .ok_or_else(|| D::Error::custom("a decimal number is expected")),
        Number::Plain(_) => Err(D::Error::custom("a number below 2^63 is expected")),
    }
}
