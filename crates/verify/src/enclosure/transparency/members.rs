//! The members of a bundle and what is pinned, as readers ask for them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tickmark_crypto::digest::{Algorithm, Digest};
use tickmark_crypto::encoding::unhex;
use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_crypto::note::NoteKey;
use tickmark_formats::json;
use tickmark_formats::limits::Limits;

use crate::built_in::Bundle;
use crate::inventory::Inventory;
use crate::trust::{PinnedKey, Trust};
use crate::verification::{KeyOrigin, KeyUse};

/// The members of a bundle and what is pinned.
pub(super) struct Members<'b> {
    pub inventory: &'b Inventory,
    pub trust: &'b Trust,
    by_sha256: BTreeMap<&'b str, &'b str>,
}

impl<'b> Members<'b> {
    pub fn of(bundle: &Bundle<'b>) -> Self {
        Members::new(bundle.inventory, &bundle.request.trust)
    }

    pub fn new(inventory: &'b Inventory, trust: &'b Trust) -> Self {
        let by_sha256 = inventory
            .members
            .iter()
            .filter_map(|(name, held)| Some((held.sha256.as_deref()?, name.as_str())))
            .collect();
        Members {
            inventory,
            trust,
            by_sha256,
        }
    }

    /// Members whose content is at hand, in container order.
    pub fn at_hand(&self) -> impl Iterator<Item = (&'b str, &'b [u8])> {
        let inventory = self.inventory;
        inventory.order.iter().filter_map(|name| {
            let held = inventory.members.get(name)?;
            Some((name.as_str(), held.content.as_deref()?))
        })
    }

    /// The content of a member, where it is at hand.
    pub fn content(&self, member: &str) -> Option<&'b [u8]> {
        self.inventory.members.get(member)?.content.as_deref()
    }

    /// The SHA-256 of a member, in hex.
    pub fn sha256(&self, member: &str) -> Option<&'b str> {
        self.inventory.members.get(member)?.sha256.as_deref()
    }

    /// A member with this SHA-256.
    pub fn with_sha256(&self, sha256: &str) -> Option<&'b str> {
        self.by_sha256.get(sha256).copied()
    }

    /// A member by the name in a statement: as it stands, or beside the statement.
    pub fn named(&self, name: &str, beside: &str) -> Option<&'b str> {
        let folder = beside.rsplit_once('/').map_or("", |(folder, _)| folder);
        let joined = format!("{folder}/{name}");
        [name, joined.as_str()]
            .into_iter()
            .find_map(|name| self.inventory.members.get_key_value(name))
            .map(|(name, _)| name.as_str())
    }

    /// The member that a statement is named after: its own name without one of some endings.
    pub fn about(&self, member: &str, endings: &[&str]) -> Option<&'b str> {
        endings
            .iter()
            .filter_map(|ending| member.strip_suffix(ending))
            .find_map(|name| self.inventory.members.get_key_value(name))
            .map(|(name, _)| name.as_str())
    }

    /// Pinned keys for signatures that may name their key. Shared secrets, the keys of logs and witnesses, which sign notes
    /// alone, and keys that are for the namespaces of OpenSSH are none.
    pub fn signers(&self, named: Option<&str>) -> Vec<&'b PinnedKey> {
        let keys = self.trust.keys().iter();
        keys.filter(|pinned| pinned.key.algorithm() != KeyAlgorithm::HmacSha256)
            .filter(|pinned| note_key(pinned).is_none() && pinned.limits.namespaces.is_none())
            .filter(|pinned| match (pinned.kid.as_deref(), named) {
                (Some(own), Some(named)) => own == named,
                _ => true,
            })
            .collect()
    }

    /// Pinned keys of logs and witnesses.
    pub fn note_keys(&self) -> Vec<(NoteKey, &'b PinnedKey)> {
        let keys = self.trust.keys().iter();
        keys.filter_map(|pinned| Some((note_key(pinned)?, pinned)))
            .collect()
    }
}

/// A key that was pinned as a vkey.
fn note_key(pinned: &PinnedKey) -> Option<NoteKey> {
    NoteKey::of_kid(pinned.kid.as_deref()?, &pinned.key)
}

/// The keys alone.
pub(super) fn bare(pinned: &[&PinnedKey]) -> Vec<PublicKey> {
    pinned.iter().map(|pinned| pinned.key.clone()).collect()
}

/// How a pinned key is told.
pub(super) fn used(pinned: &PinnedKey) -> KeyUse {
    KeyUse {
        fingerprint: pinned.key.fingerprint(),
        algorithm: pinned.key.algorithm().to_string(),
        kid: pinned.kid.clone(),
        owner: pinned.owner.clone(),
        confirmed: pinned.confirmed.clone(),
        origin: KeyOrigin::Pinned,
        records: 1,
    }
}

/// What has to be said of a pinned key that holds for a time only.
pub(super) fn period_note(pinned: &PinnedKey) -> Option<String> {
    let own = pinned.valid_from.is_some() || pinned.valid_to.is_some();
    let written = pinned.limits.valid_from.is_some() || pinned.limits.valid_to.is_some();
    (own || written).then(|| {
        "A pinned key holds for a period only, and nothing that is trusted says when it signed.".to_owned()
    })
}

/// Whether a pinned key was in force at a moment.
pub(super) fn was_in_force(pinned: &PinnedKey, at: DateTime<Utc>) -> bool {
    pinned.valid_from.is_none_or(|from| from <= at)
        && pinned.valid_to.is_none_or(|to| at <= to)
        && pinned.limits.allow_moment(at).unwrap_or(false)
}

/// A SHA-256 in hex as a digest.
pub(super) fn digest_of(hex: &str) -> Option<Digest> {
    let bytes = unhex(hex)
        .ok()
        .filter(|bytes| bytes.len() == Algorithm::Sha256.len())?;
    Digest::from_slice(&bytes).ok()
}

/// Whether some JSON is an object with these members.
pub(super) fn has(content: &[u8], names: &[&str]) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_slice(content);
    value.is_ok_and(|value| names.iter().all(|name| value.get(name).is_some()))
}

/// Reads JSON strictly, so that no member stands there twice.
///
/// # Errors
/// Why it is refused.
pub(super) fn strict(content: &[u8]) -> Result<json::Value<'_>, String> {
    json::parse(content, &Limits::default()).map_err(|error| error.to_string())
}
