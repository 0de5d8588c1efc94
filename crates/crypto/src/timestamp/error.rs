//! Why a time stamp is refused.

use thiserror::Error;

use crate::{asn1::Asn1Error, cms::CmsError, message::MessageError, scheme::SchemeError};

/// Why a time stamp is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TimestampError {
    /// More bytes than any token has.
    #[error("{found} bytes are more than the {limit} of a time stamp")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The structure is not that of a time stamp.
    #[error("the time stamp: {0}")]
    Structure(#[from] Asn1Error),
    /// The authority refused to make a time stamp.
    #[error("the response is a refusal: its status is {status}, not 0 or 1")]
    Refused {
        /// The status (RFC 3161, section 2.4.2).
        status: u32,
    },
    /// It is signed, and no time stamp.
    #[error("what is signed is of type {oid}, not a time stamp")]
    NotTimestamp {
        /// The content type in dotted numbers.
        oid: String,
    },
    /// A token without its statement.
    #[error("the token does not carry its statement")]
    NoInfo,
    /// A token has exactly one signer (RFC 3161, section 2.4.2).
    #[error("the token has {found} signers instead of one")]
    Signers {
        /// How many there are.
        found: usize,
    },
    /// A critical extension that is not understood.
    #[error("the time stamp's critical extension {oid} is not understood here")]
    Critical {
        /// The object identifier in dotted numbers.
        oid: String,
    },
    /// The hash function of the message is refused.
    #[error("the digest of the message: {0}")]
    ImprintAlgorithm(SchemeError),
    /// The digest is not that of the message.
    #[error("the time stamp is for another message: its digest is {found}, and {expected} was stamped")]
    Imprint {
        /// The digest in the token, in hex.
        expected: String,
        /// The digest of the message, in hex.
        found: String,
    },
    /// The message does not serve.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The signature, or the path to a pinned root.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The signed attributes bind another certificate, or none.
    #[error("the token does not bind the certificate that signed it: {expected} is expected")]
    Binding {
        /// What belongs there.
        expected: &'static str,
    },
}

impl TimestampError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        match self {
            Self::Message(_) | Self::NotTimestamp { .. } | Self::Refused { .. } | Self::Critical { .. } => {
                true
            }
            Self::ImprintAlgorithm(error) => error.is_undecided(),
            Self::Cms(error) => error.is_undecided(),
            _ => false,
        }
    }
}
