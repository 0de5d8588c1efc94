//! What was signed, as far as it is here.

use super::SigstoreError;
use crate::digest::{Algorithm, Digest};

/// An artefact: its SHA-256, and its bytes where they are at hand. Only some keys need the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Artefact<'a> {
    /// Its SHA-256.
    pub sha256: Digest,
    /// Its bytes.
    pub bytes: Option<&'a [u8]>,
}

impl<'a> Artefact<'a> {
    /// An artefact whose bytes are at hand.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        Self {
            sha256: Algorithm::Sha256.of(bytes),
            bytes: Some(bytes),
        }
    }

    /// Its digest under an algorithm.
    pub(super) fn digest(&self, algorithm: Algorithm) -> Result<Digest, SigstoreError> {
        match (algorithm, self.bytes) {
            (Algorithm::Sha256, _) => Ok(self.sha256),
            (_, Some(bytes)) => Ok(algorithm.of(bytes)),
            _ => Err(SigstoreError::ArtefactMissing {
                what: "the whole artefact, not its SHA-256 alone,",
            }),
        }
    }
}
