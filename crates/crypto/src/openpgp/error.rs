//! Why an OpenPGP signature or key is refused.

use chrono::{DateTime, SecondsFormat, Utc};
use thiserror::Error;

use crate::{encoding::EncodingError, key::KeyError, message::MessageError, signature::SignatureError};

/// Why an OpenPGP signature or certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenPgpError {
    /// More bytes than are read.
    #[error("{found} bytes are more than the {limit} that are read as OpenPGP")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The armor is malformed.
    #[error("the OpenPGP armor is malformed: {expected} is expected")]
    Armor {
        /// What belongs there.
        expected: &'static str,
    },
    /// The base64 does not decode.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// The packets are malformed.
    #[error("the OpenPGP packets are malformed: {expected} is expected")]
    Structure {
        /// What belongs there.
        expected: &'static str,
    },
    /// A secret key was given where a public one belongs.
    #[error(
        "this is a secret OpenPGP key; only public keys belong here, and this one should now be treated as disclosed"
    )]
    Secret,
    /// Another version than 4.
    #[error("the OpenPGP {what} has version {found}; version 4 is read")]
    Version {
        /// `key` or `signature`.
        what: &'static str,
        /// The version.
        found: u8,
    },
    /// A hash function that is broken or too short.
    #[error("the signature uses {name}, which is not accepted because it is broken or too short")]
    Weak {
        /// The hash function.
        name: &'static str,
    },
    /// An algorithm that is not read here.
    #[error("the OpenPGP {what} algorithm {found} is not one that is verified here")]
    Algorithm {
        /// `hash` or `public key`.
        what: &'static str,
        /// Its number (RFC 9580, section 9).
        found: u8,
    },
    /// Something in the signature that must be understood and is not.
    #[error("the signature's critical subpacket {found} is not understood here")]
    Critical {
        /// Its number (RFC 9580, section 5.2.3.7).
        found: u8,
    },
    /// A signature over something else than a document.
    #[error("the signature is of type {found:#04x}, not one over a document")]
    NotDocument {
        /// Its type (RFC 9580, section 5.2.1).
        found: u8,
    },
    /// The signer's key is not among the pinned ones.
    #[error("the signature names the key {issuer}, which is not pinned")]
    NotPinned {
        /// The fingerprint or key id that the signature names.
        issuer: String,
    },
    /// The pinned key is weak or not read here.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The pinned key could not sign at the time that the signature states.
    #[error("the key {key} could not sign: {fault}")]
    Unusable {
        /// Its fingerprint.
        key: String,
        /// Why.
        fault: KeyFault,
    },
    /// The signature states a time after the moment of reading.
    #[error("the signature states the time {}, which has not come at {}", said(.stated), said(.moment))]
    Future {
        /// The time that it states.
        stated: DateTime<Utc>,
        /// The moment asked for.
        moment: DateTime<Utc>,
    },
    /// The signer limited the signature's life.
    #[error("the signature held until {} and not at {}", said(.until), said(.moment))]
    Expired {
        /// Its last instant.
        until: DateTime<Utc>,
        /// The moment asked for.
        moment: DateTime<Utc>,
    },
    /// The message does not serve.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The signature does not stand.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl OpenPgpError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        matches!(
            self,
            Self::NotPinned { .. }
                | Self::Version { .. }
                | Self::Weak { .. }
                | Self::Algorithm { .. }
                | Self::Critical { .. }
                | Self::Key(_)
                | Self::Message(_)
                | Self::Future { .. }
        )
    }
}

/// Why a pinned key could not make a signature at a time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyFault {
    /// The primary key signed nothing about itself that can be verified.
    #[error("its certificate has no self-signature that can be verified")]
    NoSelfSignature,
    /// The primary key did not bind the subkey.
    #[error("its primary key did not bind it in a way that can be verified")]
    NotBound,
    /// The subkey did not agree to be bound, so it may be somebody else's.
    #[error("it did not sign back to its primary key")]
    NoBackSignature,
    /// It is for encryption or certification only.
    #[error("it is not meant for signing")]
    NotForSigning,
    /// It was made later.
    #[error("it was made at {}, after {}", said(.created), said(.stated))]
    NotYetMade {
        /// When it was made.
        created: DateTime<Utc>,
        /// The time that the signature states.
        stated: DateTime<Utc>,
    },
    /// It had expired.
    #[error("it had expired at {}, before {}", said(.expired), said(.stated))]
    Expired {
        /// When it expired.
        expired: DateTime<Utc>,
        /// The time that the signature states.
        stated: DateTime<Utc>,
    },
    /// Its owner revoked it.
    #[error("its owner revoked it: {reason}")]
    Revoked {
        /// Why.
        reason: &'static str,
    },
    /// It carries a revocation that names its owner and cannot be verified here, so it may be true.
    #[error("it carries a revocation that cannot be verified here")]
    DoubtfulRevocation,
}

fn said(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
