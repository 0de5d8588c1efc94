//! Keys that a bundle carries beside its records, held against the pinned keys that signed.

use std::collections::{BTreeMap, BTreeSet};

use tickmark_crypto::key::{KeyAlgorithm, PublicKey};

use crate::fault::fault;
use crate::ledger::Ledger;
use crate::profile::{CarriedKey, Profile};
use crate::statement::{Shelf, SignedBy, Stated, Statements};

/// A place beside the records: member, pointer and spelling.
type Spot<'p> = (Option<&'p str>, Option<&'p str>, Option<&'p str>);

/// What a place holds, and which pinned keys signed what it is the key for.
#[derive(Default)]
struct Beside {
    key: Option<PublicKey>,
    signers: BTreeSet<usize>,
}

/// Tells of every place that holds another key than those that signed, as a record is told of that carries one.
pub(super) fn hold(profile: &Profile, shelf: &Shelf<'_>, statements: &Statements, ledger: &mut Ledger<'_>) {
    let mut places: BTreeMap<Spot<'_>, Beside> = BTreeMap::new();
    for (spec, tally) in profile.signatures.iter().zip(&ledger.signatures) {
        note(
            &mut places,
            shelf,
            &spec.key,
            &spec.algorithms,
            tally.signers.iter().copied(),
        );
    }
    for (spec, stated) in stated_signatures(profile, statements) {
        note(&mut places, shelf, &spec.key, &[spec.alg], signer(stated));
    }
    for ((file, at, _), beside) in places {
        let Some(key) = beside.key.filter(|_| !beside.signers.is_empty()) else {
            continue;
        };
        let keys = beside
            .signers
            .iter()
            .filter_map(|index| shelf.trust.keys().get(*index));
        let mut signers = keys.map(|pinned| &pinned.key);
        if signers.clone().any(|signer| signer.spki_der() == key.spki_der()) {
            continue;
        }
        let sentence = "The bundle carries another key beside its records than the one that signed them.";
        let mut told = fault("carried_key_differs", "integrity", sentence);
        told.member = file.map(str::to_owned);
        told.field = at.map(str::to_owned);
        told.expected = signers.next().map(PublicKey::fingerprint);
        told.found = Some(key.fingerprint());
        ledger.faults.add(told);
        ledger.foreign_keys += 1;
    }
}

fn note<'p>(
    places: &mut BTreeMap<Spot<'p>, Beside>,
    shelf: &Shelf<'_>,
    key: &'p CarriedKey,
    algorithms: &[KeyAlgorithm],
    signers: impl Iterator<Item = usize>,
) {
    if key.file.is_none() && key.at.is_none() {
        return;
    }
    let spot = (key.file.as_deref(), key.at.as_deref(), key.enc.as_deref());
    let beside = places.entry(spot).or_default();
    beside.signers.extend(signers);
    if beside.key.is_none() {
        let mut algorithms = algorithms.iter();
        beside.key = algorithms.find_map(|algorithm| shelf.carried_key(key, *algorithm));
    }
}

/// The signatures of statements, each with what became of its statement.
fn stated_signatures<'p>(
    profile: &'p Profile,
    statements: &'p Statements,
) -> impl Iterator<Item = (&'p crate::profile::StatementSignature, &'p Stated)> {
    let closing = profile
        .closing
        .iter()
        .filter_map(|closing| closing.signature.as_ref());
    let tree = profile.tree.iter().filter_map(|tree| tree.signature.as_ref());
    let manifest = profile
        .manifest
        .iter()
        .filter_map(|manifest| manifest.signature.as_ref());
    closing
        .map(|spec| (spec, &statements.closing))
        .chain(tree.map(|spec| (spec, &statements.root)))
        .chain(manifest.map(|spec| (spec, &statements.manifest)))
}

fn signer(stated: &Stated) -> impl Iterator<Item = usize> {
    match stated.signed {
        SignedBy::Pinned(key) | SignedBy::OutOfForce(key) => Some(key),
        _ => None,
    }
    .into_iter()
}
