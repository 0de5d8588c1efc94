//! Looks at one record by itself: everything that needs no other record but what the one before is linked by. Runs on
//! every core.

use std::borrow::Cow;

use tickmark_crypto::digest::{Algorithm, Digest, sha256};
use tickmark_crypto::encoding::hex;
use tickmark_crypto::key::PublicKey;
use tickmark_crypto::signature::EcdsaForm;
use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;

use crate::carried;
use crate::coverage::Shapes;
use crate::jws::{self, JwsError, Opened, Refusal};
use crate::moment::Moment;
use crate::order::Key;
use crate::preimage::{Material, PreimageError, at, build, is_ambiguous, scalar};
use crate::profile::{
    Encoding, FieldHash, Form, Genesis, Link, Part, Profile, RecordHash, Required, Signature, Target,
};
use crate::trust::{PinnedKey, Trust};

mod token;
mod unreadable;

pub(crate) use unreadable::Unreadable;

/// What was seen of one record.
#[derive(Debug, Default)]
pub(crate) struct Examined {
    pub id: [u8; 32],
    /// Why it cannot be read as a record.
    pub unreadable: Option<Unreadable>,
    /// Whether it is read and is no JSON object.
    pub is_no_object: bool,
    pub chain: Option<String>,
    /// Its place in the order of judging, where that is not the file's.
    pub order: Option<Key>,
    pub seq: Option<String>,
    /// The time that it tells of itself; only where a pinned key that signed it has a period.
    pub time: Option<String>,
    /// The same as an instant; only where some pinned key has a period.
    pub moment: Option<Moment>,
    /// A field that every record of this format has with another text: its pointer, that text, and what is there.
    pub unfit: Option<(String, String, Option<String>)>,
    pub hash: Option<HashSeen>,
    pub checks: Vec<HashSeen>,
    pub prev: PrevSeen,
    /// The text that the link of a first record may have too.
    pub genesis: Option<String>,
    /// What a next record has to name.
    pub target: Option<String>,
    pub signatures: Vec<SignatureSeen>,
    pub terminal: bool,
    pub leaf: Option<Leaf>,
    pub ambiguous: bool,
}

/// A recorded hash beside the computed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HashSeen {
    pub recorded: Option<String>,
    pub computed: Result<String, PreimageError>,
    /// False for an optional field that is absent, and for a hash that is not recorded.
    pub stated: bool,
}

impl HashSeen {
    pub fn matches(&self) -> bool {
        matches!((&self.recorded, &self.computed), (Some(recorded), Ok(computed)) if recorded == computed)
    }

    /// Whether nothing can be said, because the record before could not be read.
    pub fn is_open(&self) -> bool {
        self.recorded.is_some() && self.computed == Err(PreimageError::NoPrevious)
    }
}

/// What the link field held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum PrevSeen {
    /// The profile has no link field.
    #[default]
    NoField,
    Absent,
    Null,
    Text(String),
    /// Neither text nor null.
    Other,
}

impl PrevSeen {
    pub fn is(&self, genesis: &Genesis) -> bool {
        match (self, genesis) {
            (PrevSeen::Absent, Genesis::Absent) | (PrevSeen::Null, Genesis::Null) => true,
            (PrevSeen::Text(found), Genesis::Text(wanted)) => found == wanted,
            _ => false,
        }
    }

    /// Whether it is this text.
    pub fn is_text(&self, text: Option<&str>) -> bool {
        matches!((self, text), (PrevSeen::Text(found), Some(text)) if found == text)
    }

    pub fn shown(&self) -> String {
        match self {
            PrevSeen::NoField | PrevSeen::Absent => "nothing".into(),
            PrevSeen::Null => "null".into(),
            PrevSeen::Text(text) if text.is_empty() => "an empty text".into(),
            PrevSeen::Text(text) => text.clone(),
            PrevSeen::Other => "neither text nor null".into(),
        }
    }
}

/// What a signature turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignatureSeen {
    /// It verifies under this pinned key. `carried_differs`: the record carries another key. `in_force`: the record tells a
    /// time at which the key was in force, or the key has no period, or the format no time.
    Pinned {
        key: usize,
        carried_differs: bool,
        in_force: bool,
    },
    /// Candidates are pinned and it verifies under none. `carried`: the key in the bundle under which it does.
    Wrong { carried: Option<String> },
    /// No candidate is pinned. `carried`: the fingerprint of the key in the bundle under which it verifies.
    Unpinned {
        carried: Option<String>,
        carried_fails: bool,
    },
    /// It has to be there and is not.
    Missing,
    /// It need not be there and is not.
    Absent,
    /// Its text cannot be read.
    Malformed,
    /// It asks for what is never accepted.
    Refused(Refusal),
    /// The record lacks what it signs.
    Unbuildable,
}

impl SignatureSeen {
    /// Whether it verifies under any key.
    pub fn verifies(&self) -> bool {
        match self {
            SignatureSeen::Pinned { .. } => true,
            SignatureSeen::Wrong { carried } | SignatureSeen::Unpinned { carried, .. } => carried.is_some(),
            _ => false,
        }
    }

    /// Whether it stands under this pinned key, or under the same key pinned once more.
    fn is_under(&self, trust: &Trust, key: &PinnedKey) -> bool {
        let SignatureSeen::Pinned { key: own, .. } = self else {
            return false;
        };
        let own = trust.keys().get(*own);
        own.is_some_and(|own| own.key.fingerprint() == key.key.fingerprint())
    }

    /// Whether it was held against a key.
    pub fn is_tried(&self) -> bool {
        match self {
            SignatureSeen::Pinned { .. } | SignatureSeen::Wrong { .. } => true,
            SignatureSeen::Unpinned {
                carried,
                carried_fails,
            } => carried.is_some() || *carried_fails,
            _ => false,
        }
    }
}

/// A leaf of the tree.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
    Data(Vec<u8>),
    Hash(Digest),
    Unbuildable,
}

/// What is known of the record before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before<'t> {
    /// There is none: this is the first record of the bundle.
    Nothing,
    /// It is linked by this.
    Named(&'t str),
    /// It could not be read, or carries nothing to be linked by.
    Unknown,
}

/// What every record is examined with.
pub(crate) struct Bench<'p> {
    pub profile: Option<&'p Profile>,
    pub trust: &'p Trust,
    pub limits: &'p Limits,
    /// The key that the bundle carries beside the records, for each signature of the profile.
    pub carried: Vec<Option<PublicKey>>,
    pub partition: Option<&'p str>,
    /// By what records are put in order.
    pub order: Option<&'p str>,
    /// Whether any preimage joins fields with delimiters.
    pub joins: bool,
    /// Whether records lie in signed tokens.
    pub opens_tokens: bool,
}

impl<'p> Bench<'p> {
    /// A bench without carried keys.
    pub fn new(profile: Option<&'p Profile>, trust: &'p Trust, limits: &'p Limits) -> Self {
        let joins = |profile: &Profile| {
            profile
                .part_lists()
                .iter()
                .any(|(_, parts)| parts.iter().any(|part| matches!(part, Part::Literal(_))))
        };
        Bench {
            profile,
            trust,
            limits,
            carried: Vec::new(),
            partition: None,
            order: None,
            joins: profile.is_some_and(joins),
            opens_tokens: false,
        }
    }

    /// Examines one record.
    pub fn examine(&self, bytes: &[u8], before: Before<'_>, shapes: &mut Shapes) -> Examined {
        let mut seen = Examined {
            id: sha256(bytes),
            ..Examined::default()
        };
        let opened = match self.open(bytes) {
            Ok(opened) => opened,
            Err(error) => {
                seen.unreadable = Some(Unreadable::Token(error));
                return seen;
            }
        };
        let text = opened.as_ref().map_or(bytes, |opened| opened.text.as_slice());
        match parse(text, self.limits) {
            Err(error) => seen.unreadable = Some(Unreadable::Json(error)),
            Ok(record) => {
                shapes.note(&record);
                seen.is_no_object = !record.is_object();
                if let Some(profile) = self.profile.filter(|_| record.is_object()) {
                    let material = Material {
                        record: &record,
                        text,
                        line: bytes,
                        previous: None,
                    };
                    self.look(profile, material, opened.as_ref(), before, &mut seen);
                }
            }
        }
        seen
    }

    /// Opens the token that a record lies in; `None` where records lie in none.
    fn open(&self, bytes: &[u8]) -> Result<Option<Opened>, JwsError> {
        self.opens_tokens
            .then(|| jws::open(bytes, self.limits))
            .transpose()
    }

    /// What a next record has to name, from a record's bytes alone.
    pub fn target_of(&self, bytes: &[u8]) -> Option<String> {
        let opened = self.open(bytes).ok()?;
        let text = opened.as_ref().map_or(bytes, |opened| opened.text.as_slice());
        let record = parse(text, self.limits).ok()?;
        let material = Material {
            record: &record,
            text,
            line: bytes,
            previous: None,
        };
        target(self.profile?, &material).map(Cow::into_owned)
    }

    fn look(
        &self,
        profile: &Profile,
        material: Material<'_>,
        opened: Option<&Opened>,
        before: Before<'_>,
        seen: &mut Examined,
    ) {
        let record = material.record;
        let previous = match before {
            Before::Named(text) => Some(text),
            Before::Nothing => profile.link.as_ref().and_then(genesis_text),
            Before::Unknown => None,
        };
        let own_genesis = profile
            .link
            .as_ref()
            .and_then(|link| link.genesis_field.as_deref());
        let own_genesis = own_genesis.and_then(|field| at(record, field)).and_then(scalar);
        let previous = match (previous, before) {
            (None, Before::Nothing) => own_genesis.as_deref(),
            (previous, _) => previous,
        };
        let material = Material {
            previous: previous.map(|text| (text, target_encoding(profile))),
            ..material
        };
        let named = |pointer: Option<&str>| {
            let text = pointer.and_then(|p| at(record, p)).and_then(scalar);
            text.map(clipped)
        };
        seen.chain = named(self.partition);
        seen.seq = named(profile.seq.as_ref().map(|seq| seq.field.as_str()));
        seen.unfit = profile.fixed.iter().find_map(|(pointer, text)| {
            let found = named(Some(pointer));
            (found.as_ref() != Some(text)).then(|| (pointer.clone(), text.clone(), found))
        });
        seen.hash = profile.hash.as_ref().map(|hash| record_hash(hash, &material));
        seen.checks = profile
            .checks
            .iter()
            .map(|check| field_hash(check, &material))
            .collect();
        if let Some(time) = profile.time.as_ref().filter(|_| self.trust.has_periods()) {
            seen.moment = Moment::of(time, record);
        }
        seen.prev = prev(profile.link.as_ref(), record);
        seen.genesis = own_genesis.clone().map(clipped);
        seen.order = self
            .order
            .and_then(|pointer| at(record, pointer))
            .and_then(Key::of);
        seen.target = target(profile, &material).map(clipped);
        self.look_at_signatures(profile, &material, opened, seen);
        if let Some(terminal) = profile.expect.as_ref().and_then(|e| e.terminal.as_ref()) {
            let found = at(record, &terminal.field).and_then(scalar);
            seen.terminal = found.is_some_and(|text| text == terminal.is);
        }
        seen.leaf = profile.tree.as_ref().map(|tree| {
            let mut bytes = Vec::new();
            match build(&tree.leaf, &material, &mut bytes) {
                Err(_) => Leaf::Unbuildable,
                Ok(()) if tree.hashed => Digest::from_slice(&bytes).map_or(Leaf::Unbuildable, Leaf::Hash),
                Ok(()) => Leaf::Data(bytes),
            }
        });
        seen.ambiguous = self.joins
            && profile
                .part_lists()
                .iter()
                .any(|(_, parts)| is_ambiguous(parts, record));
    }

    fn look_at_signatures(
        &self,
        profile: &Profile,
        material: &Material<'_>,
        opened: Option<&Opened>,
        seen: &mut Examined,
    ) {
        for (index, spec) in profile.signatures.iter().enumerate() {
            let others = if spec.distinct {
                seen.signatures.as_slice()
            } else {
                &[]
            };
            let found = match opened.filter(|_| spec.is_jws()) {
                Some(opened) => self.token_signature(spec, material.record, opened),
                None => self.signature(index, spec, material, others),
            };
            if matches!(found, SignatureSeen::Pinned { in_force: false, .. }) {
                let told = profile
                    .time
                    .as_ref()
                    .and_then(|time| at(material.record, &time.field));
                seen.time = told.and_then(scalar).map(clipped);
            }
            seen.signatures.push(found);
        }
    }

    /// Whether a pinned key was in force when the record says that it was made. Where the format tells no time, nothing
    /// can be asked.
    fn is_in_force(&self, pinned: &PinnedKey, record: &Value<'_>) -> bool {
        let Some(time) = self.profile.and_then(|profile| profile.time.as_ref()) else {
            return true;
        };
        !pinned.has_period() || Moment::of(time, record).is_some_and(|said| pinned.is_in_force(said))
    }

    fn signature(
        &self,
        index: usize,
        spec: &Signature,
        material: &Material<'_>,
        others: &[SignatureSeen],
    ) -> SignatureSeen {
        let record = material.record;
        let is_required = match &spec.required {
            Required::Always => true,
            Required::Never => false,
            Required::If(pointer) => at(record, pointer).is_some_and(|value| !value.is_null()),
        };
        let absent = if is_required {
            SignatureSeen::Missing
        } else {
            SignatureSeen::Absent
        };
        let text = match at(record, &spec.field).map(|value| &value.kind) {
            None | Some(Kind::Null) => return absent,
            Some(Kind::String(text)) if text.is_empty() => return absent,
            Some(Kind::String(text)) => text,
            Some(_) => return SignatureSeen::Malformed,
        };
        let Some(signature) = spec.read(text) else {
            return SignatureSeen::Malformed;
        };
        let mut message = Vec::new();
        if build(&spec.message, material, &mut message).is_err() {
            return SignatureSeen::Unbuildable;
        }
        let named = |field: &Option<String>| {
            field
                .as_deref()
                .and_then(|field| at(record, field))
                .and_then(scalar)
        };
        let kid = named(&spec.key.kid);
        let digest = named(&spec.key.digest);
        let is_taken = |key: usize| {
            let of_another = |other: &&PinnedKey| others.iter().any(|seen| seen.is_under(self.trust, other));
            self.trust.keys().get(key).as_ref().is_some_and(of_another)
        };
        let mut is_candidate = false;
        let mut out_of_force = None;
        for (key, pinned) in self.trust.candidates(&spec.algorithms, kid.as_deref()) {
            if digest
                .as_deref()
                .is_some_and(|digest| !pinned.is_named_by(digest))
            {
                continue;
            }
            is_candidate = true;
            if is_taken(key) || pinned.key.verify(&message, &signature, ecdsa(spec.form)).is_err() {
                continue;
            }
            let in_force = self.is_in_force(pinned, record);
            let verified = SignatureSeen::Pinned {
                key,
                carried_differs: carries_another(spec, record, &pinned.key),
                in_force,
            };
            if in_force {
                return verified;
            }
            // the same key may be pinned for another period too
            out_of_force.get_or_insert(verified);
        }
        if let Some(verified) = out_of_force {
            return verified;
        }
        let carried = self.carried_key(index, spec, record);
        let verifies = |key: &PublicKey| key.verify(&message, &signature, ecdsa(spec.form)).is_ok();
        let fingerprint = carried.as_deref().filter(|key| verifies(key));
        let fingerprint = fingerprint.map(PublicKey::fingerprint);
        if is_candidate {
            SignatureSeen::Wrong { carried: fingerprint }
        } else {
            SignatureSeen::Unpinned {
                // a field for a key that holds none contradicts the signature as a wrong key does
                carried_fails: (carried.is_some() || carries_something(spec, record))
                    && fingerprint.is_none(),
                carried: fingerprint,
            }
        }
    }

    fn carried_key(&self, index: usize, spec: &Signature, record: &Value<'_>) -> Option<Cow<'_, PublicKey>> {
        if spec.may_be_keyed() {
            return None;
        }
        match spec.key.field.as_deref() {
            Some(_) => carried::of_record(spec, carried_value(spec, record)?.as_str()?).map(Cow::Owned),
            None => self.carried.get(index)?.as_ref().map(Cow::Borrowed),
        }
    }
}

/// What the record has in the field for its key.
fn carried_value<'v, 'a>(spec: &Signature, record: &'v Value<'a>) -> Option<&'v Value<'a>> {
    let value = at(record, spec.key.field.as_deref()?)?;
    let names_one = |text: &str| spec.key.enc.as_deref() != Some("did-url") || text.starts_with("did:key:");
    (!spec.may_be_keyed() && !value.is_null() && value.as_str().is_none_or(names_one)).then_some(value)
}

/// Whether the record has anything in the field for its key.
fn carries_something(spec: &Signature, record: &Value<'_>) -> bool {
    carried_value(spec, record).is_some()
}

/// Whether a record carries a key beside its signature, and that key is not the one that made it.
fn carries_another(spec: &Signature, record: &Value<'_>, signer: &PublicKey) -> bool {
    carried_value(spec, record).is_some_and(|value| {
        let key = value.as_str().and_then(|text| carried::of_record(spec, text));
        key.is_none_or(|key| key.spki_der() != signer.spki_der())
    })
}

/// The form in which an ECDSA signature must be written.
pub(crate) fn ecdsa(form: Form) -> EcdsaForm {
    match form {
        Form::P1363 => EcdsaForm::P1363,
        Form::Der => EcdsaForm::Der,
    }
}

fn record_hash(spec: &RecordHash, material: &Material<'_>) -> HashSeen {
    let recorded = spec.field.as_deref().and_then(|field| at(material.record, field));
    HashSeen {
        recorded: recorded.and_then(Value::as_str).map(|text| clipped(text.into())),
        computed: digest(&spec.preimage, material, spec.alg).map(|digest| spec.enc.write(digest.as_bytes())),
        stated: spec.field.is_some(),
    }
}

fn field_hash(spec: &FieldHash, material: &Material<'_>) -> HashSeen {
    let found = at(material.record, &spec.field).filter(|value| !value.is_null());
    HashSeen {
        recorded: found.and_then(Value::as_str).map(|text| clipped(text.into())),
        computed: digest(&spec.preimage, material, spec.alg).map(|digest| spec.enc.write(digest.as_bytes())),
        stated: found.is_some() || !spec.optional,
    }
}

fn digest(parts: &[Part], material: &Material<'_>, algorithm: Algorithm) -> Result<Digest, PreimageError> {
    let mut bytes = Vec::new();
    build(parts, material, &mut bytes)?;
    Ok(algorithm.of(&bytes))
}

fn genesis_text(link: &Link) -> Option<&str> {
    link.genesis.iter().find_map(|genesis| match genesis {
        Genesis::Text(text) => Some(text.as_str()),
        Genesis::Absent | Genesis::Null => None,
    })
}

fn prev(link: Option<&Link>, record: &Value<'_>) -> PrevSeen {
    let Some(field) = link.and_then(|link| link.field.as_deref()) else {
        return PrevSeen::NoField;
    };
    match at(record, field).map(|value| &value.kind) {
        None => PrevSeen::Absent,
        Some(Kind::Null) => PrevSeen::Null,
        Some(Kind::String(text)) => PrevSeen::Text(clipped(text.as_ref().into())),
        Some(_) => PrevSeen::Other,
    }
}

fn target<'v>(profile: &Profile, material: &Material<'v>) -> Option<Cow<'v, str>> {
    let record = material.record;
    let text = |field: &str| at(record, field)?.as_str().map(Cow::Borrowed);
    match &profile.link.as_ref()?.target {
        Target::Hash => text(profile.hash.as_ref()?.field.as_deref()?),
        Target::Field(field) => text(field),
        Target::Preimage(target) => {
            let material = Material {
                previous: None,
                ..*material
            };
            let digest = digest(&target.parts, &material, target.alg).ok()?;
            Some(Cow::Owned(target.enc.write(digest.as_bytes())))
        }
    }
}

/// How what a next record names is written.
pub(crate) fn target_encoding(profile: &Profile) -> Option<&Encoding> {
    match &profile.link.as_ref()?.target {
        Target::Hash => profile.hash.as_ref().map(|hash| &hash.enc),
        Target::Field(field) => {
            let check = profile.checks.iter().find(|check| check.field == *field);
            check.map(|check| &check.enc)
        }
        Target::Preimage(target) => Some(&target.enc),
    }
}

/// A text from a record that is kept after the record is gone: a text longer than any digest or number is replaced by
/// its beginning and its own digest, so that it still equals only itself.
fn clipped(text: Cow<'_, str>) -> String {
    if text.len() <= LONGEST_KEPT {
        return text.into_owned();
    }
    let beginning: String = text.chars().take(64).collect();
    format!("{beginning}… (SHA-256 {})", hex(&sha256(text.as_bytes())))
}

const LONGEST_KEPT: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn long_texts_are_kept_by_their_digest() {
        assert_eq!(clipped("abc".into()), "abc");
        let long = "é".repeat(5_000);
        let kept = clipped(long.as_str().into());
        assert!(kept.len() < 300 && kept != clipped(format!("{long}x").into()));
    }
}
