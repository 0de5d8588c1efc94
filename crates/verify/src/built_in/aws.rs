//! What both CloudTrail formats share: RSA signatures in hex, under keys that are named by fingerprint.

use std::collections::BTreeMap;

use tickmark_crypto::encoding::unhex_any_case;
use tickmark_crypto::key::{FoundKey, KeyAlgorithm, parse_keys};
use tickmark_crypto::signature::EcdsaForm;

use super::Bundle;
use crate::inventory::Inventory;
use crate::trust::{PinnedKey, Trust};
use crate::verification::{KeyOrigin, KeyUse};

/// The name that AWS writes for RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2).
pub(super) const SIGNATURE_ALGORITHM: &str = "SHA256withRSA";
/// The name that AWS writes for SHA-256.
pub(super) const HASH_ALGORITHM: &str = "SHA-256";

/// Keys for AWS signatures: those that the reviewer pinned, and those that lie in the bundle.
pub(super) struct Keys<'k> {
    trust: &'k Trust,
    carried: Vec<FoundKey>,
}

/// Under which key a signature verifies, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    /// Under the pinned key of this number.
    Pinned(usize),
    /// Under the pinned key of this number, whose stated period does not reach the time of what it signed.
    OutOfForce(usize),
    /// Candidates are pinned and none verifies; whether a carried key does.
    Wrong { carried_verifies: bool },
    /// No candidate is pinned; it verifies under the carried key of this number.
    Carried(usize),
    /// No candidate is pinned; it does not verify under the carried key that it names.
    CarriedFails,
    /// No key of that fingerprint is at hand.
    NoKey,
    /// It is no hex text.
    Malformed,
}

impl Signed {
    /// Whether it verifies, under any key.
    pub fn verifies(self) -> bool {
        matches!(
            self,
            Signed::Pinned(_) | Signed::OutOfForce(_) | Signed::Carried(_)
        )
    }

    /// Whether it contradicts what it stands on.
    pub fn contradicts(self) -> bool {
        matches!(
            self,
            Signed::Wrong { .. } | Signed::CarriedFails | Signed::Malformed
        )
    }
}

impl<'k> Keys<'k> {
    pub fn of(bundle: &Bundle<'k>) -> Self {
        Keys {
            trust: &bundle.request.trust,
            carried: carried(bundle.inventory),
        }
    }

    /// Verifies a signature in hex over a message. The key is found by its fingerprint; the algorithm is the key's. Of the
    /// pins of one key, one that is in force goes first.
    pub fn check(
        &self,
        fingerprint: &str,
        message: &[u8],
        signature: &str,
        is_in_force: impl Fn(&PinnedKey) -> bool,
    ) -> Signed {
        let Ok(signature) = unhex_any_case(signature) else {
            return Signed::Malformed;
        };
        let fits =
            |key: &tickmark_crypto::key::PublicKey| key.verify(message, &signature, EcdsaForm::Der).is_ok();
        let (mut any, mut out_of_force) = (false, None);
        for (index, pinned) in self.trust.candidates(&[ALGORITHM], Some(fingerprint)) {
            any = true;
            if fits(&pinned.key) {
                if is_in_force(pinned) {
                    return Signed::Pinned(index);
                }
                out_of_force.get_or_insert(index);
            }
        }
        if let Some(index) = out_of_force {
            return Signed::OutOfForce(index);
        }
        let named: Vec<usize> = (0..self.carried.len())
            .filter(|index| {
                self.carried
                    .get(*index)
                    .is_some_and(|found| is_named(found, fingerprint))
            })
            .collect();
        let verifying = named
            .iter()
            .copied()
            .find(|index| self.carried.get(*index).is_some_and(|found| fits(&found.key)));
        match (any, verifying, named.is_empty()) {
            (true, found, _) => Signed::Wrong {
                carried_verifies: found.is_some(),
            },
            (false, Some(index), _) => Signed::Carried(index),
            (false, None, false) => Signed::CarriedFails,
            (false, None, true) => Signed::NoKey,
        }
    }

    /// The keys that were used, with the records that they reach.
    pub fn used(&self, records: &BTreeMap<Signer, u64>) -> Vec<KeyUse> {
        let pinned = |index: usize, records| {
            let key = self.trust.keys().get(index)?;
            Some(KeyUse {
                fingerprint: key.key.fingerprint(),
                algorithm: key.key.algorithm().to_string(),
                kid: key.kid.clone(),
                owner: key.owner.clone(),
                confirmed: key.confirmed.clone(),
                origin: KeyOrigin::Pinned,
                records,
            })
        };
        let carried = |index: usize, records| {
            let found = self.carried.get(index)?;
            Some(KeyUse {
                fingerprint: found.key.fingerprint(),
                algorithm: found.key.algorithm().to_string(),
                kid: found.kid.clone(),
                owner: None,
                confirmed: None,
                origin: KeyOrigin::Carried,
                records,
            })
        };
        records
            .iter()
            .filter_map(|(signer, records)| match signer {
                Signer::Pinned(index) => pinned(*index, *records),
                Signer::Carried(index) => carried(*index, *records),
            })
            .collect()
    }
}

/// Whose signature verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Signer {
    Pinned(usize),
    Carried(usize),
}

impl Signed {
    pub fn signer(self) -> Option<Signer> {
        match self {
            Signed::Pinned(index) => Some(Signer::Pinned(index)),
            Signed::Carried(index) => Some(Signer::Carried(index)),
            _ => None,
        }
    }
}

fn is_named(found: &FoundKey, fingerprint: &str) -> bool {
    found.key.algorithm() == ALGORITHM && found.kid.as_deref() == Some(fingerprint)
}

/// Keys that the bundle carries as `aws cloudtrail list-public-keys` writes them. A statement, never a trust root.
fn carried(inventory: &Inventory) -> Vec<FoundKey> {
    let lists = inventory
        .members
        .iter()
        .filter(|(name, held)| is_key_list(name, held.content.as_deref()));
    lists
        .filter_map(|(_, held)| parse_keys(held.content.as_deref()?, None).ok())
        .flatten()
        .take(MOST_CARRIED)
        .collect()
}

/// Whether a member is such a list.
pub(super) fn is_key_list(name: &str, content: Option<&[u8]>) -> bool {
    let holds = |content: &[u8]| content.windows(KEY_LIST.len()).any(|window| window == KEY_LIST);
    name.ends_with(".json") && content.is_some_and(holds)
}

const ALGORITHM: KeyAlgorithm = KeyAlgorithm::RsaPkcs1Sha256;
const KEY_LIST: &[u8] = b"\"PublicKeyList\"";
const MOST_CARRIED: usize = 1_000;
