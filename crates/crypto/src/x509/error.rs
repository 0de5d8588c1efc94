//! Why a certificate or a path is refused.

use chrono::{DateTime, SecondsFormat, Utc};
use thiserror::Error;

use super::path::Purpose;
use crate::{asn1::Asn1Error, key::KeyError, scheme::SchemeError};

/// Why bytes are no certificate.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// The DER structure is not that of a certificate.
    #[error("the certificate: {0}")]
    Structure(#[from] Asn1Error),
    /// The PEM around it is malformed, or holds something else.
    #[error("the certificate: {0}")]
    Pem(#[from] KeyError),
    /// The text has no certificate.
    #[error("there is no certificate in it")]
    Missing,
    /// More than is read.
    #[error("{found} {what} are more than the {limit} that are read")]
    TooMany {
        /// What there is too much of: bytes or certificates.
        what: &'static str,
        /// The most that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
}

/// Why no path leads from a certificate to a pinned root.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PathError {
    /// No issuer of the certificate is known.
    #[error(
        "no pinned root leads to the certificate of `{subject}`: its issuer `{issuer}` is not pinned, and no certificate of it that fits came along"
    )]
    NoIssuer {
        /// Whose certificate.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// A certificate on the way is not acceptable in its place.
    #[error("the certificate of `{subject}`: {fault}")]
    Certificate {
        /// Whose certificate.
        subject: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// The search was given up, because certificates were made to slow it down.
    #[error("the certificates allow too many paths; the search was given up after {limit} signatures")]
    TooMuch {
        /// The most signatures that are tried.
        limit: usize,
    },
}

/// What is wrong with a certificate in its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateFault {
    /// The moment lies before its validity.
    #[error("it is valid from {} and not at {}", said(.from), said(.moment))]
    NotYetValid {
        /// Its first instant.
        from: DateTime<Utc>,
        /// The moment asked for.
        moment: DateTime<Utc>,
    },
    /// The moment lies after its validity.
    #[error("it was valid until {} and not at {}", said(.to), said(.moment))]
    Expired {
        /// Its last instant.
        to: DateTime<Utc>,
        /// The moment asked for.
        moment: DateTime<Utc>,
    },
    /// It signs another certificate and may not (no basicConstraints with cA).
    #[error("it is not a certificate authority's and cannot vouch for another")]
    NotAuthority,
    /// More authorities follow below it than it allows (pathLenConstraint).
    #[error("it allows {limit} authorities below it; here are {found}")]
    PathLength {
        /// How many it allows.
        limit: u32,
        /// How many there are.
        found: u32,
    },
    /// The key is not for this use (keyUsage).
    #[error("its key usage does not allow {needed}")]
    KeyUsage {
        /// The use that is needed.
        needed: &'static str,
    },
    /// The certificate is not for this purpose (extKeyUsage).
    #[error("its extended key usage is not {purpose}")]
    Purpose {
        /// The purpose that is needed.
        purpose: Purpose,
    },
    /// An extension that must be understood and is not.
    #[error("its critical extension {oid} is not understood here")]
    Critical {
        /// The object identifier in dotted numbers.
        oid: String,
    },
    /// It restricts names or policies, which is not verified here.
    #[error("its {name} would restrict the path and are not verified here")]
    Constraint {
        /// The extension.
        name: &'static str,
    },
    /// The signed and the unsigned name of the signature algorithm differ.
    #[error("it names two different signature algorithms")]
    Algorithms,
    /// The signature on it is refused.
    #[error("the signature on it: {0}")]
    Signature(SchemeError),
}

impl PathError {
    /// Whether no path was found because no pin is there for it, or because something is not verified here. Every other
    /// refusal is of a certificate that was judged and is not acceptable in its place.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        match self {
            Self::NoIssuer { .. } | Self::TooMuch { .. } => true,
            Self::Certificate { fault, .. } => match fault {
                CertificateFault::Signature(error) => error.is_undecided(),
                CertificateFault::Critical { .. } | CertificateFault::Constraint { .. } => true,
                _ => false,
            },
        }
    }
}

fn said(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
