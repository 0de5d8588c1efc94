//! Statements in a bundle that speak of whole members: manifests, detached signatures, time stamps, attestations.
//!
//! Each reader of such a format answers with [`Enclosure`]s, and only says what it saw. What follows for the claims is
//! decided in one place from all of them: a signature over a manifest reaches what the manifest lists, a time stamp over
//! that signature reaches no further than the bytes that it covers.

mod bagit;
mod checks;
mod checksums;
mod cover;
mod detached;
mod held;
mod json_manifest;
mod listing;
mod material;
mod names;
mod pass;
mod transparency;

use chrono::{DateTime, Utc};

use crate::built_in::Bundle;
use crate::verification::{Fault, KeyUse};

pub(crate) use checks::{digests_check, lists_check, signatures_check, stamp_check};
pub(crate) use cover::Standing;
pub(crate) use held::{Enclosed, Stamped};

/// How one kind of statement is found and read. Readers stand in [`READERS`], one line each.
pub(crate) struct Reader {
    /// Whether the bundle has such a statement about a member that is here, by names and shapes alone: cheap, and without
    /// any verification, because every bundle is asked.
    pub speaks: fn(&Bundle<'_>) -> bool,
    /// Reads and verifies every such statement.
    pub read: fn(&Bundle<'_>) -> Vec<Enclosure>,
}

/// Every reader. What they find is joined: a signature of one kind over a manifest of another reaches what that lists.
const READERS: &[Reader] = &[
    Reader {
        speaks: listing::speaks,
        read: listing::read,
    },
    Reader {
        speaks: detached::speaks,
        read: detached::read,
    },
    Reader {
        speaks: transparency::speaks,
        read: transparency::read,
    },
];

/// One statement about members.
#[derive(Debug, Clone)]
pub(crate) struct Enclosure {
    /// What it is: `bagit-manifest`, `sha256sums`, `sshsig`, `rfc3161`, `sigstore-bundle`, …
    pub kind: &'static str,
    /// The member in which it stands.
    pub member: String,
    /// What it says of other members. For a signature: [`Agreement::Agrees`] only where it verifies, under whatever key.
    pub covers: Vec<Covered>,
    /// Whether every member at or below this folder (empty: the whole bundle) has to be listed.
    pub closed_below: Option<String>,
    /// Whether its own bytes are something to be judged, and not only a statement about other members.
    pub is_content: bool,
    /// Who vouches for `covers` and, where it is content, for itself. [`Vouched::Nobody`] stands for a plain list of digests:
    /// whatever reaches its bytes reaches what it lists. Every other kind passes on only what a pinned key signed.
    pub vouched: Vouched,
    /// When somebody else saw the covered bytes, where that is somebody whom the reviewer pinned. A time stamp vouches for
    /// nothing but that time: anybody can have remade bytes stamped.
    pub stamp: Option<Stamp>,
    /// Pointers into itself that its signature does not reach, where it is JSON with members beside what is signed.
    pub uncovered: Vec<String>,
    /// Keys that it used or carries.
    pub keys: Vec<KeyUse>,
    /// What is wrong with it. Faults on covered members are made from `covers`.
    pub faults: Vec<Fault>,
    /// Sentences: what was not checked ("Revocation was not checked"), what is odd.
    pub notes: Vec<String>,
}

/// What a statement says of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Covered {
    /// The member, by its name in the container.
    pub member: String,
    /// How its bytes agree.
    pub agreement: Agreement,
}

/// How a member's bytes agree with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// They are the stated ones.
    Agrees,
    /// They are others.
    Differs {
        /// The stated digest.
        expected: String,
        /// The digest of what is here.
        found: String,
    },
    /// The member is not here.
    Missing,
    /// It could not be held against the statement, and why (an algorithm that proves nothing, a member that cannot be read).
    Open(String),
}

/// Who vouches for a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Vouched {
    /// It is no signature.
    Nobody,
    /// A signature under a pinned key or a path to a pinned root; the key's fingerprint.
    Pinned(String),
    /// Candidates are pinned and none verifies.
    Wrong {
        /// It verifies under a key that it brings along.
        carried_verifies: bool,
    },
    /// No candidate is pinned; whether it verifies under a key that the bundle carries.
    Unpinned {
        /// It does.
        carried_verifies: bool,
        /// A key is carried and it does not verify under it.
        carried_fails: bool,
    },
    /// It cannot be read, or breaks a rule of its format.
    Malformed,
}

/// A time by a third party whom the reviewer pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// No later than this the bytes existed.
    pub at: DateTime<Utc>,
    /// Who says so.
    pub by: String,
}
