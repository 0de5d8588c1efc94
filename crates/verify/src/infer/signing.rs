//! The search for what a signature signs, under keys that the reviewer pinned or the bundle carries.

use std::collections::HashSet;

use tickmark_crypto::digest::{Algorithm, sha256};
use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;

use super::effort::Effort;
use super::field::{Field, Shape};
use super::form::{Inside, dialects, forms, pointer_of};
use super::goal::{has_json, respelled};
use super::search::{Search, objects};
use super::subset;
use super::trail::Trail;
use super::writing;
use crate::carried;
use crate::examine::ecdsa;
use crate::preimage::at;
use crate::profile::{As, CarriedKey, Form, Part, Previous, Spelling};
use crate::trust::Trust;

/// A key to try, and where a profile says that it stands.
#[derive(Clone)]
pub(super) struct KeyPlace {
    /// Algorithm.
    pub alg: KeyAlgorithm,
    /// Where it is carried or named.
    pub carried: CarriedKey,
    /// The key; `None` when each record carries its own in `carried.field`.
    key: Option<PublicKey>,
    /// Whether the reviewer pinned it.
    pub is_pinned: bool,
}

/// A signature whose message was found.
#[derive(Clone)]
pub(super) struct Signed {
    /// Index of its field.
    pub field: usize,
    /// Its shape.
    pub shape: Shape,
    /// The key under which it verifies.
    pub key: KeyPlace,
    /// How an ECDSA signature is written.
    pub form: Form,
    /// The message.
    pub message: Vec<Part>,
    /// Records on which it verifies.
    pub reproduced: usize,
    /// Records that have one.
    pub of: usize,
    /// Whether every record has one.
    pub is_everywhere: bool,
}

/// Every key that may have signed: pinned ones first, then those in records, around and beside them.
pub(super) fn keys(fields: &[Field<'_, '_>], trail: &Trail, trust: &Trust, records: usize) -> Vec<KeyPlace> {
    let mut found: Vec<KeyPlace> = Vec::new();
    for pinned in trust.keys().iter().take(MOST_KEYS) {
        let kid = pinned.kid.as_deref().and_then(|kid| {
            let names = |field: &&Field<'_, '_>| (0..records).any(|record| field.text(record) == Some(kid));
            fields.iter().find(names).map(|field| field.pointer.clone())
        });
        found.push(KeyPlace {
            alg: pinned.key.algorithm(),
            carried: CarriedKey {
                kid,
                ..CarriedKey::default()
            },
            key: Some(pinned.key.clone()),
            is_pinned: true,
        });
    }
    for field in fields {
        let texts: HashSet<&str> = (0..records).filter_map(|record| field.text(record)).collect();
        let is_repeated = records > 2 && texts.len() * 2 <= records;
        let is_called = ["key", "pub", "signer", "did", "jwk"]
            .iter()
            .any(|word| field.pointer.to_ascii_lowercase().contains(word));
        let Some(text) = texts.iter().next().filter(|_| is_repeated || is_called) else {
            continue;
        };
        for (alg, word, _) in read_key(text) {
            found.push(KeyPlace {
                alg,
                carried: CarriedKey {
                    field: Some(field.pointer.clone()),
                    enc: Some(word),
                    ..CarriedKey::default()
                },
                key: None,
                is_pinned: false,
            });
        }
    }
    if let Some(envelope) = &trail.envelope {
        for (place, text) in texts_in(envelope) {
            found.extend(read_key(&text).into_iter().map(|(alg, word, key)| KeyPlace {
                alg,
                carried: CarriedKey {
                    at: Some(place.clone()),
                    enc: Some(word),
                    ..CarriedKey::default()
                },
                key: Some(key),
                is_pinned: false,
            }));
        }
    }
    for (name, text) in &trail.beside {
        let mut places = vec![(None, text.trim().to_owned())];
        places.extend(
            texts_in(text.as_bytes())
                .into_iter()
                .map(|(place, text)| (Some(place), text)),
        );
        for (place, text) in places {
            found.extend(read_key(&text).into_iter().map(|(alg, word, key)| KeyPlace {
                alg,
                carried: CarriedKey {
                    file: Some(name.clone()),
                    at: place.clone(),
                    enc: Some(word),
                    ..CarriedKey::default()
                },
                key: Some(key),
                is_pinned: false,
            }));
        }
    }
    found.truncate(MOST_KEYS);
    found
}

/// How a text may be read as a key.
fn read_key(text: &str) -> Vec<(KeyAlgorithm, String, PublicKey)> {
    if text.len() < 40 || text.len() > LONGEST_KEY {
        return Vec::new();
    }
    let mut words: Vec<String> = Vec::new();
    if text.starts_with("-----BEGIN") {
        words.push("pem".to_owned());
    } else if text.starts_with("did:key:") {
        words.push("did".to_owned());
    } else if text.starts_with('{') {
        words.push("jwk".to_owned());
    } else if let Some(encoding) = super::field::encoding(text) {
        if encoding.spelling == Spelling::Base58 {
            return Vec::new();
        }
        words.push(writing::encoding(&encoding));
    }
    let algorithms = [
        KeyAlgorithm::Ed25519,
        KeyAlgorithm::Es256,
        KeyAlgorithm::Es384,
        KeyAlgorithm::MlDsa65,
        KeyAlgorithm::RsaPkcs1Sha256,
        KeyAlgorithm::RsaPssSha256,
    ];
    let mut found = Vec::new();
    for word in words {
        for alg in algorithms {
            if let Some(key) = carried::key(text, Some(&word), alg) {
                found.push((alg, word.clone(), key));
            }
        }
    }
    found
}

/// The texts in a JSON document, with their pointers.
fn texts_in(document: &[u8]) -> Vec<(String, String)> {
    let Ok(value) = parse(document, &Limits::default()) else {
        return Vec::new();
    };
    let leaves = value.leaves().into_iter().filter_map(|(place, leaf)| {
        let text = leaf.as_str()?;
        Some((place.to_string(), text.to_owned()))
    });
    leaves.take(64).collect()
}

impl KeyPlace {
    fn of<'k>(&'k self, record: &Value<'_>) -> Option<std::borrow::Cow<'k, PublicKey>> {
        use std::borrow::Cow;
        match (&self.key, &self.carried.field) {
            (Some(key), _) => Some(Cow::Borrowed(key)),
            (None, Some(field)) => {
                let text = at(record, field)?.as_str()?;
                carried::key(text, self.carried.enc.as_deref(), self.alg).map(Cow::Owned)
            }
            (None, None) => None,
        }
    }

    /// Whether its signatures have such a shape.
    fn fits(&self, shape: &Shape) -> bool {
        use KeyAlgorithm as K;
        match self.alg {
            K::Ed25519 => shape.len == 64 && !shape.is_der,
            K::Es256 => shape.len == 64 || shape.is_der,
            K::Es384 => shape.len == 96,
            K::HmacSha256 => shape.len == 32,
            K::MlDsa65 => shape.len == 3309,
            _ => (256..=1024).contains(&shape.len),
        }
    }
}

/// What else is known of the records when signatures are searched.
pub(super) struct Known<'k> {
    /// The explained hash: its field and its parts.
    pub hash: Option<(&'k str, &'k [Part])>,
    /// The parts that a next record names.
    pub target: Option<&'k [Part]>,
    /// The field and the genesis text of `prev`, where the link is not recorded.
    pub previous: Option<(usize, &'k str)>,
}

/// Finds what a field signs.
pub(super) fn explain(
    search: &Search<'_, '_, '_, '_>,
    index: usize,
    keys: &[KeyPlace],
    known: &Known<'_>,
    effort: &mut Effort,
) -> Option<Signed> {
    let field = search.fields.get(index)?;
    let shape = field.shape.clone()?;
    let fitting: Vec<&KeyPlace> = keys.iter().filter(|key| key.fits(&shape)).collect();
    if fitting.is_empty() {
        return None;
    }
    let records = search.ground.records.len();
    let holders: Vec<usize> = (0..records)
        .filter(|record| field.bytes(*record).is_some())
        .collect();
    let probe = holders.get(1).or(holders.first()).copied()?;
    let signature = field.bytes(probe)?;
    let form = if shape.is_der { Form::Der } else { Form::P1363 };
    let (previous, genesis) = known
        .previous
        .map_or((None, None), |(field, text)| (Some(field), Some(text)));
    let mut tried: HashSet<[u8; 32]> = HashSet::new();
    effort.stage(15);
    let mut all = messages(search, field, probe, known, effort);
    all.truncate(MOST_MESSAGES);
    effort.stage(35);
    for message in all {
        let Some(bytes) = search.ground.built(&message, probe, previous, genesis) else {
            continue;
        };
        if !tried.insert(sha256(&bytes)) {
            continue;
        }
        for key in &fitting {
            let Some(public) = search.ground.records.get(probe).and_then(|record| key.of(record)) else {
                continue;
            };
            if !effort.signature() {
                return None;
            }
            if public.verify(&bytes, &signature, ecdsa(form)).is_err() {
                continue;
            }
            let verifies = |message: &[Part], record: usize| {
                let bytes = search.ground.built(message, record, previous, genesis);
                let value = search.ground.records.get(record);
                let public = value.and_then(|value| key.of(value));
                match (bytes, field.bytes(record), public) {
                    (Some(bytes), Some(signature), Some(key)) => {
                        key.verify(&bytes, &signature, ecdsa(form)).is_ok()
                    }
                    _ => false,
                }
            };
            // another record may tell dialects apart that the probed one does not
            let missed = holders
                .iter()
                .copied()
                .find(|record| !verifies(&message, *record));
            let mut message = message;
            if let Some(missed) = missed.filter(|_| has_json(&message)) {
                let mut seen = HashSet::new();
                let better = dialects()
                    .into_iter()
                    .map(|dialect| respelled(&message, dialect))
                    .find(|other| {
                        let bytes = search.ground.built(other, missed, previous, genesis);
                        let is_new = bytes.is_some_and(|bytes| seen.insert(sha256(&bytes)));
                        is_new && effort.signature() && verifies(other, missed) && verifies(other, probe)
                    });
                message = better.unwrap_or(message);
            }
            return Some(Signed {
                field: index,
                shape: shape.clone(),
                key: (*key).clone(),
                form,
                reproduced: holders
                    .iter()
                    .filter(|record| verifies(&message, **record))
                    .count(),
                of: holders.len(),
                is_everywhere: holders.len() == records,
                message,
            });
        }
    }
    None
}

/// Messages in the order in which they are tried.
fn messages(
    search: &Search<'_, '_, '_, '_>,
    field: &Field<'_, '_>,
    probe: usize,
    known: &Known<'_>,
    effort: &mut Effort,
) -> Vec<Vec<Part>> {
    let mut all: Vec<Vec<Part>> = Vec::new();
    let as_field = |pointer: &str, spelled: As| Part::Field {
        pointer: pointer.to_owned(),
        spelled,
        default: None,
        prefix: None,
    };
    let recorded = known.hash.map(|(pointer, _)| pointer).into_iter();
    let digests = search
        .fields
        .iter()
        .filter(|other| {
            other.shape.as_ref().is_some_and(|shape| shape.len <= 64) && other.pointer != field.pointer
        })
        .map(|other| other.pointer.as_str());
    for pointer in recorded.chain(digests).take(12) {
        for spelled in [As::Token, As::HexBytes, As::B64Bytes] {
            all.push(vec![as_field(pointer, spelled)]);
        }
    }
    all.extend(known.hash.map(|(_, parts)| parts.to_vec()));
    all.extend(known.target.map(<[Part]>::to_vec));
    let Some(record) = search.ground.records.get(probe) else {
        return all;
    };
    for base in bases(record, &field.pointer) {
        let relative = field
            .pointer
            .strip_prefix(base.as_str())
            .filter(|rest| rest.starts_with('/'));
        let beneath = |other: &Field<'_, '_>| {
            let rest = other.pointer.strip_prefix(base.as_str())?;
            (other.shape.is_some() && other.pointer != field.pointer && rest.matches('/').count() > 1)
                .then(|| rest.to_owned())
        };
        let inside = Inside {
            own: relative.map(str::to_owned),
            nested: search.fields.iter().filter_map(beneath).take(8).collect(),
        };
        let spelled = forms(record, &base, &inside, effort);
        for form in spelled.iter().take(MOST_FORMS) {
            for out in choices(
                &form
                    .members
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .collect::<Vec<_>>(),
                |name| {
                    let whole = format!("{base}{}", pointer_of(name));
                    search.fields.iter().any(|other| {
                        other.shape.is_some()
                            && (other.pointer == whole || other.pointer.starts_with(&format!("{whole}/")))
                    })
                },
            ) {
                if !effort.bytes(record.span.len()) {
                    return all;
                }
                all.push(vec![subset::part(form, &out)]);
            }
        }
        for form in spelled.iter().take(4) {
            for out in [Previous::Raw, Previous::Text] {
                all.push(vec![Part::Digest {
                    parts: vec![subset::part(form, &[])],
                    alg: Algorithm::Sha256,
                    out,
                }]);
            }
        }
    }
    if let Some((pointer, _)) = known.hash {
        for other in search
            .fields
            .iter()
            .filter(|other| other.is_called_previous() && other.shape.is_some())
            .take(2)
        {
            for delimiter in ["", ":", "|", "\n", "."] {
                for (first, second) in [
                    (pointer, other.pointer.as_str()),
                    (other.pointer.as_str(), pointer),
                ] {
                    let mut parts = vec![as_field(first, As::Token)];
                    if !delimiter.is_empty() {
                        parts.push(Part::Literal(delimiter.to_owned()));
                    }
                    parts.push(as_field(second, As::Token));
                    all.push(parts);
                }
            }
        }
    }
    all.extend(joined(search, field, probe));
    all
}

/// Scalar fields joined in their order, up to two left out.
fn joined(search: &Search<'_, '_, '_, '_>, field: &Field<'_, '_>, probe: usize) -> Vec<Vec<Part>> {
    let scalars: Vec<&str> = search
        .fields
        .iter()
        .filter(|other| {
            other.pointer != field.pointer
                && other
                    .values
                    .get(probe)
                    .copied()
                    .flatten()
                    .is_some_and(|v| !v.is_null())
        })
        .map(|other| other.pointer.as_str())
        .collect();
    if scalars.len() < 2 || scalars.len() > 12 {
        return Vec::new();
    }
    let mut all = Vec::new();
    for delimiter in ["|", ":", "\n", "", "."] {
        for first in 0..=scalars.len() {
            for second in first..=scalars.len() {
                let kept = scalars
                    .iter()
                    .enumerate()
                    .filter(|(n, _)| *n != first && *n != second);
                let mut parts = Vec::new();
                for (place, (_, pointer)) in kept.enumerate() {
                    if place > 0 && !delimiter.is_empty() {
                        parts.push(Part::Literal(delimiter.to_owned()));
                    }
                    parts.push(Part::Field {
                        pointer: (*pointer).to_owned(),
                        spelled: As::Token,
                        default: None,
                        prefix: None,
                    });
                }
                if !parts.is_empty() {
                    all.push(parts);
                }
            }
        }
    }
    all
}

/// Objects that a signature may cover: around it from the nearest outwards, then its neighbours.
fn bases(record: &Value<'_>, field: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut here = field;
    while let Some((parent, _)) = here.rsplit_once('/') {
        found.push(parent.to_owned());
        here = parent;
    }
    let all = objects(record);
    found.extend(
        all.into_iter()
            .filter(|place| !field.starts_with(&format!("{place}/")) && !place.is_empty()),
    );
    found.dedup();
    found
}

/// Members to leave out: none, each one, every choice of those that look like digests, keys or signatures, each two.
fn choices(names: &[&str], is_binary: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let suspects: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| is_binary(name))
        .take(5)
        .collect();
    for choice in 1_u32..(1 << suspects.len()) {
        let out = suspects
            .iter()
            .enumerate()
            .filter(|(bit, _)| choice & (1 << bit) != 0);
        all.push(out.map(|(_, name)| (*name).to_owned()).collect());
    }
    let few: Vec<&str> = names.iter().copied().take(32).collect();
    all.extend(few.iter().map(|name| vec![(*name).to_owned()]));
    if few.len() <= 14 {
        for (index, first) in few.iter().enumerate() {
            for second in few.get(index + 1..).unwrap_or_default() {
                all.push(vec![(*first).to_owned(), (*second).to_owned()]);
            }
        }
    }
    all
}

const MOST_KEYS: usize = 12;
const MOST_FORMS: usize = 24;
const MOST_MESSAGES: usize = 6_000;
const LONGEST_KEY: usize = 8 * 1024;
