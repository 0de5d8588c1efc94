//! A pinned key as a signature meets it.

use super::{FoundKey, PublicKey};

/// A key that may have made a signature, with the name that signatures use for it. It is pinned: never taken from a bundle.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The key.
    pub key: &'a PublicKey,
    /// Its name: only signatures that name the same one are tried, where both name one.
    pub kid: Option<&'a str>,
}

impl<'a> From<&'a PublicKey> for Candidate<'a> {
    fn from(key: &'a PublicKey) -> Self {
        Self { key, kid: None }
    }
}

impl<'a> From<&'a FoundKey> for Candidate<'a> {
    fn from(found: &'a FoundKey) -> Self {
        Self {
            key: &found.key,
            kid: found.kid.as_deref(),
        }
    }
}
