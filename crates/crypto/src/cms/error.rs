//! Why a CMS signature is refused.

use thiserror::Error;

use crate::{
    asn1::Asn1Error,
    key::KeyError,
    message::MessageError,
    scheme::SchemeError,
    x509::{CertificateError, PathError},
};

/// Why a CMS signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CmsError {
    /// More bytes than are read at once.
    #[error("{found} bytes are more than the {limit} that are read as CMS")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The PEM around it is malformed, or holds something else.
    #[error("the CMS signature: {0}")]
    Pem(#[from] KeyError),
    /// The DER structure is not that of SignedData.
    #[error("the CMS signature: {0}")]
    Structure(#[from] Asn1Error),
    /// A certificate inside is malformed.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// It is CMS of another kind, such as an encrypted message.
    #[error("this is CMS of type {oid}, not a signature")]
    NotSigned {
        /// The content type in dotted numbers.
        oid: String,
    },
    /// There are no signers, or more than are verified.
    #[error("the CMS signature has {found} signers; 1 to {limit} are verified")]
    Signers {
        /// The most that are verified.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The signed attributes miss something, repeat it, or are not ordered as DER orders them.
    #[error("the signed attributes are not as they must be: {expected} is expected")]
    Attributes {
        /// What belongs there.
        expected: &'static str,
    },
    /// The digest algorithm or the signature is refused.
    #[error("the signer's signature: {0}")]
    Scheme(#[from] SchemeError),
    /// The message does not serve.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The content is not inside, and no message was given; or the other way round.
    #[error("the signature carries {found} content, and the request asks for one with {expected}")]
    Content {
        /// `its own` or `no`.
        expected: &'static str,
        /// `its own` or `no`.
        found: &'static str,
    },
    /// The message is not the one that was signed.
    #[error("the message is not the one that was signed: its digest is {found}, and {expected} was signed")]
    Digest {
        /// The digest that was signed, in hex.
        expected: String,
        /// The digest of the message, in hex.
        found: String,
    },
    /// The certificate of the signer is neither inside nor pinned.
    #[error("the certificate of the signer ({signer}) is neither in the signature nor pinned")]
    NoCertificate {
        /// How the signature names its signer.
        signer: String,
    },
    /// No path leads to a pinned root.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl CmsError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        match self {
            Self::NoCertificate { .. }
            | Self::Message(_)
            | Self::NotSigned { .. }
            | Self::TooLarge { .. } => true,
            Self::Scheme(error) => error.is_undecided(),
            Self::Path(error) => error.is_undecided(),
            _ => false,
        }
    }
}
