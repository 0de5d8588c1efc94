//! X.509 certificates (RFC 5280) and the path from one of them to a pinned root at a given moment.
//!
//! Certificates that travel with a signature are material for the path and never trusted; trust begins at a
//! [`TrustAnchor`], which somebody pinned. Revocation is never checked, because nothing is fetched, and every answer says so.

mod certificate;
mod error;
mod extensions;
mod name;
mod path;

pub use certificate::{Certificate, TrustAnchor, parse_certificates};
pub use error::{CertificateError, CertificateFault, PathError};
pub use path::{Path, PathRequest, Purpose, Revocation};

#[cfg(test)]
pub(crate) mod tests;
