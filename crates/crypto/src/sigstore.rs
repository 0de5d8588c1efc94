//! Sigstore bundles (0.1 to 0.3): a signature, the certificate or key behind it, and the log's word for it.
//!
//! Nothing that travels in a bundle is trusted: roots, logs and authorities come from a [`TrustedRoot`] that somebody pinned,
//! keys likewise. A certificate shows only which identity signed; whether that is the expected one is for the caller to ask.

mod artefact;
mod bundle;
mod certificate;
mod entry;
mod error;
mod json;
mod logged;
mod root;
mod sct;
mod verify;

pub use artefact::Artefact;
pub use bundle::{BUNDLE_LIMIT, Bundle, Content, Signer};
pub use certificate::Identity;
pub use error::SigstoreError;
pub use root::{Authority, Log, TrustedRoot, Window};
pub use verify::{Attested, Pins, Seen, Verified};

#[cfg(test)]
pub(crate) mod tests;
