//! Keys that were used or found.

use crate::enclosure::Enclosed;
use crate::ledger::Ledger;
use crate::profile::Profile;
use crate::request::Request;
use crate::statement::{SignedBy, Statements};
use crate::verification::{KeyOrigin, KeyUse};

/// Pinned keys under which something verifies, then keys that the bundle carries and under which something verifies.
pub(super) fn used(
    request: &Request,
    profile: Option<&Profile>,
    ledger: &Ledger<'_>,
    statements: &Statements,
    enclosed: &Enclosed,
) -> Vec<KeyUse> {
    let mut pinned: Vec<(usize, u64)> = ledger
        .pinned_uses
        .iter()
        .map(|(key, records)| (*key, *records))
        .collect();
    for stated in statements.all() {
        if let SignedBy::Pinned(key) | SignedBy::OutOfForce(key) = stated.signed
            && !pinned.iter().any(|(known, _)| *known == key)
        {
            pinned.push((key, 0));
        }
    }
    pinned.sort_unstable();
    let mut keys: Vec<KeyUse> = pinned
        .into_iter()
        .filter_map(|(index, records)| {
            let key = request.trust.keys().get(index)?;
            Some(KeyUse {
                fingerprint: key.key.fingerprint(),
                algorithm: key.key.algorithm().to_string(),
                kid: key.kid.clone(),
                owner: key.owner.clone(),
                confirmed: key.confirmed.clone(),
                origin: KeyOrigin::Pinned,
                records,
            })
        })
        .collect();
    let mut carried = ledger.carried_uses.clone();
    for stated in statements.all() {
        if let Some(fingerprint) = stated.signed.carried() {
            carried.entry(fingerprint.clone()).or_default();
        }
    }
    let algorithm = profile.and_then(|profile| {
        let of_records = profile
            .signatures
            .first()
            .and_then(|signature| signature.algorithms.first().copied());
        of_records.or_else(|| {
            profile
                .statement_signatures()
                .next()
                .map(|signature| signature.alg)
        })
    });
    let algorithm = algorithm.map_or_else(String::new, |algorithm| algorithm.to_string());
    keys.extend(carried.into_iter().map(|(fingerprint, records)| KeyUse {
        fingerprint,
        algorithm: algorithm.clone(),
        kid: None,
        owner: None,
        confirmed: None,
        origin: KeyOrigin::Carried,
        records,
    }));
    for key in enclosed.keys() {
        let is_same = |other: &KeyUse| other.fingerprint == key.fingerprint && other.origin == key.origin;
        if !keys.iter().any(is_same) {
            keys.push(key);
        }
    }
    keys
}
