//! Why a bundle is refused.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    checkpoint::CheckpointError,
    dsse::DsseError,
    encoding::EncodingError,
    key::KeyError,
    merkle::ProofError,
    note::NoteError,
    signature::SignatureError,
    timestamp::TimestampError,
    x509::{CertificateError, PathError},
};

/// Why a bundle or a root is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SigstoreError {
    /// More bytes than are read.
    #[error("{found} bytes are more than the {limit} that are read here")]
    TooLarge {
        /// The most that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// It is no JSON of this kind.
    #[error("this is not read as Sigstore writes it: {message}")]
    Shape {
        /// What the reader of JSON says.
        message: String,
    },
    /// A member is missing or not what it must be.
    #[error("`{member}` is not {expected}")]
    Member {
        /// Its name.
        member: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A version that is not read.
    #[error("`{found}` is not a version that is read here")]
    Version {
        /// The media type as it stands.
        found: String,
    },
    /// Base64 that does not decode.
    #[error("`{member}` does not decode: {source}")]
    Encoding {
        /// The member's name.
        member: &'static str,
        /// Why.
        source: EncodingError,
    },
    /// The envelope inside is refused.
    #[error(transparent)]
    Envelope(#[from] DsseError),
    /// A certificate is malformed.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A key is weak or of a kind that is not read.
    #[error("the signer's key: {0}")]
    Key(#[from] KeyError),
    /// The artefact is not the one that was signed.
    #[error("the signature is for another artefact: its digest is {expected}, this one's is {found}")]
    OtherArtefact {
        /// The digest that the bundle states.
        expected: String,
        /// The artefact's own.
        found: String,
    },
    /// The signature covers an artefact that was not given, or whose whole bytes are needed.
    #[error("{what} is needed to verify the signature and was not given")]
    ArtefactMissing {
        /// What is needed.
        what: &'static str,
    },
    /// The signature does not fit.
    #[error("the signature: {0}")]
    Signature(#[from] SignatureError),
    /// No pinned key is the one that signed.
    #[error("no pinned key fits the signature")]
    NoKey,
    /// It is signed with a certificate, and no root is pinned.
    #[error("it is signed with a certificate, and no Sigstore root is pinned")]
    NoRoot,
    /// No path leads from the certificate to a pinned authority.
    #[error("{0}")]
    Path(PathError),
    /// Nothing says when it was signed, so that nothing says whether the certificate was valid then.
    #[error("no pinned log and no pinned time-stamping authority says when it was signed")]
    NoTime,
    /// A certificate was used with neither a log entry nor anything that the log promised.
    #[error("it is in no transparency log: a certificate of this kind needs an entry")]
    NoEntry,
    /// The entry was made by a log that is not pinned, or not for that time.
    #[error("the log {id} is not among the pinned ones, or not for that time")]
    UnknownLog {
        /// The log's id in hex.
        id: String,
    },
    /// The entry is for another signature, key or artefact.
    #[error("the log's entry is for another {what} than the bundle's")]
    OtherEntry {
        /// What differs.
        what: &'static str,
    },
    /// An entry of a kind that is not read.
    #[error("log entries of kind `{kind}` {version} are not read here")]
    EntryKind {
        /// The kind.
        kind: String,
        /// Its version.
        version: String,
    },
    /// The log's promise does not fit the entry.
    #[error("the log's promise for the entry: {0}")]
    Promise(SignatureError),
    /// The proof does not lead to the checkpoint's root.
    #[error("the proof that the entry is in the log: {0}")]
    Proof(#[from] ProofError),
    /// The checkpoint is of another tree than the proof.
    #[error("the checkpoint is for another tree than the proof: another {what}")]
    OtherCheckpoint {
        /// What differs.
        what: &'static str,
    },
    /// The note around the checkpoint is refused.
    #[error("the log's checkpoint: {0}")]
    Note(#[from] NoteError),
    /// The note holds no checkpoint.
    #[error("the log's checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A time stamp is refused.
    #[error("the time stamp: {0}")]
    Timestamp(#[from] TimestampError),
    /// A time stamp lies outside of its authority's time.
    #[error("the time stamp is of {time}, when its authority was not to be trusted")]
    TimestampWindow {
        /// The time that it states.
        time: DateTime<Utc>,
    },
    /// The certificate was not shown to a pinned certificate log.
    #[error("no pinned certificate log promised to show the certificate")]
    NoSct,
}
