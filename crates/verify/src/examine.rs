//! Looks at one record by itself: everything that needs no other record but what the one before is linked by. Runs on
//! every core.

use std::borrow::Cow;

use tickmark_crypto::digest::{Algorithm, Digest, sha256};
use tickmark_crypto::encoding::hex;
use tickmark_crypto::key::PublicKey;
use tickmark_formats::json::{Kind, Stencils, Value, parse};
use tickmark_formats::limits::Limits;

use crate::coverage::Shapes;
use crate::jws::{self, JwsError, Opened};
use crate::moment::Moment;
use crate::order::Key;
use crate::preimage::{Material, Planned, Plans, PreimageError, at, build, is_ambiguous, scalar};
use crate::profile::{Encoding, FieldHash, Genesis, Link, Part, Profile, RecordHash, Target};
use crate::trust::Trust;

mod signature;
mod token;
mod unreadable;

pub(crate) use signature::{SignatureSeen, ecdsa};
pub(crate) use unreadable::Unreadable;

/// What was seen of one record.
#[derive(Debug, Default)]
pub(crate) struct Examined {
    /// SHA-256 of its received bytes, where somebody asks for it.
    pub id: Option<[u8; 32]>,
    /// Equal for records that say the same: the beginning of its own hash where that is recorded and holds, else of the
    /// SHA-256 of its bytes. Only where no links tell that a record stands twice.
    pub sameness: Option<[u8; 16]>,
    /// Why it cannot be read as a record.
    pub unreadable: Option<Box<Unreadable>>,
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
    pub unfit: Option<Box<(String, String, Option<String>)>>,
    pub hash: Option<HashSeen>,
    pub checks: Vec<HashSeen>,
    pub prev: PrevSeen,
    /// The text that the link of a first record may have too.
    pub genesis: Option<String>,
    /// What a next record has to name, where that is not the record's own hash.
    other_target: Option<String>,
    /// Whether it is.
    is_named_by_hash: bool,
    pub signatures: Vec<SignatureSeen>,
    pub terminal: bool,
    pub leaf: Option<Box<Leaf>>,
    pub ambiguous: bool,
}

impl Examined {
    /// What a next record has to name.
    pub fn target(&self) -> Option<&str> {
        let hash = self.hash.as_ref().filter(|_| self.is_named_by_hash);
        let recorded = hash.and_then(|hash| hash.recorded.as_deref());
        recorded.or(self.other_target.as_deref())
    }
}

/// A recorded hash beside the computed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HashSeen {
    pub recorded: Option<String>,
    pub computed: Computed,
    /// The first bytes of the computed digest.
    pub beginning: Option<[u8; 16]>,
    /// False for an optional field that is absent, and for a hash that is not recorded.
    pub stated: bool,
}

/// What a record's content gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Computed {
    /// The recorded hash.
    Recorded,
    /// This one, and another or none is recorded.
    Other(String),
    /// Nothing.
    Nothing(PreimageError),
}

impl HashSeen {
    fn new(
        spec: (&[Part], Algorithm, &Encoding),
        material: &Material<'_>,
        recorded: Option<&str>,
        stated: bool,
    ) -> Self {
        let (parts, alg, enc) = spec;
        let digest = digest(parts, material, alg);
        HashSeen {
            recorded: recorded.map(|text| clipped(text.into())),
            beginning: digest.as_ref().ok().map(|digest| beginning_of(digest.as_bytes())),
            computed: match digest.map(|digest| enc.write(digest.as_bytes())) {
                Ok(text) if recorded == Some(text.as_str()) => Computed::Recorded,
                Ok(text) => Computed::Other(text),
                Err(error) => Computed::Nothing(error),
            },
            stated,
        }
    }

    pub fn matches(&self) -> bool {
        self.computed == Computed::Recorded
    }

    /// Whether nothing can be said, because the record before could not be read.
    pub fn is_open(&self) -> bool {
        self.recorded.is_some() && self.computed == Computed::Nothing(PreimageError::NoPrevious)
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
    /// Whether every record's id is taken.
    pub takes_ids: bool,
    /// Whether any preimage joins fields with delimiters.
    pub joins: bool,
    /// Whether records lie in signed tokens.
    pub opens_tokens: bool,
}

/// A record as it came.
struct Written<'t> {
    /// Its JSON text.
    text: &'t [u8],
    /// What stood in the file: the text, or a token that holds it.
    line: &'t [u8],
    opened: Option<&'t Opened>,
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
            takes_ids: true,
            joins: profile.is_some_and(joins),
            opens_tokens: false,
        }
    }

    /// Examines one record. `stencils` keep the layouts of records that were examined before.
    pub fn examine<'t>(
        &self,
        bytes: &'t [u8],
        before: Before<'_>,
        stencils: &mut Stencils<'t, Plans>,
        shapes: &mut Shapes,
    ) -> Examined {
        let mut seen = Examined {
            id: self.takes_ids.then(|| sha256(bytes)),
            ..Examined::default()
        };
        match self.open(bytes) {
            Err(error) => seen.unreadable = Some(Box::new(Unreadable::Token(error))),
            Ok(None) => {
                let written = Written {
                    text: bytes,
                    line: bytes,
                    opened: None,
                };
                self.read(&written, before, stencils, shapes, &mut seen);
            }
            Ok(Some(opened)) => {
                let written = Written {
                    text: &opened.text,
                    line: bytes,
                    opened: Some(&opened),
                };
                self.read(&written, before, &mut Stencils::default(), shapes, &mut seen);
            }
        }
        if !self.is_told_by_links() {
            seen.sameness = Some(sameness(&mut seen, bytes));
        }
        seen
    }

    /// Reads a record's text and examines it.
    fn read<'t>(
        &self,
        written: &Written<'t>,
        before: Before<'_>,
        stencils: &mut Stencils<'t, Plans>,
        shapes: &mut Shapes,
        seen: &mut Examined,
    ) {
        let read = match stencils.parse(written.text, self.limits) {
            Ok(read) => read,
            Err(error) => {
                seen.unreadable = Some(Box::new(Unreadable::Json(error)));
                return;
            }
        };
        let record = read.value;
        if !read.is_known {
            shapes.note(record);
        }
        seen.is_no_object = !record.is_object();
        if let Some(profile) = self.profile.filter(|_| record.is_object()) {
            let material = Material {
                record,
                text: written.text,
                line: written.line,
                previous: None,
                planned: read.memo.map(|plans| Planned {
                    plans,
                    plainness: read.plainness,
                }),
            };
            self.look(profile, material, written.opened, before, seen);
        }
    }

    /// Whether two records that say the same are told by the links: each must name the one before. Where a trail may begin
    /// anew, its first record may stand twice and no link tells.
    fn is_told_by_links(&self) -> bool {
        let link = self.profile.and_then(|profile| profile.link.as_ref());
        link.is_some_and(|link| !link.restarts)
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
            planned: None,
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
            (found.as_ref() != Some(text)).then(|| Box::new((pointer.clone(), text.clone(), found)))
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
        seen.is_named_by_hash = profile
            .link
            .as_ref()
            .is_some_and(|link| matches!(link.target, Target::Hash));
        if !seen.is_named_by_hash {
            seen.other_target = target(profile, &material).map(clipped);
        }
        self.look_at_signatures(profile, &material, opened, seen);
        if let Some(terminal) = profile.expect.as_ref().and_then(|e| e.terminal.as_ref()) {
            let found = at(record, &terminal.field).and_then(scalar);
            seen.terminal = found.is_some_and(|text| text == terminal.is);
        }
        seen.leaf = profile.tree.as_ref().map(|tree| {
            let mut bytes = Vec::new();
            Box::new(match build(&tree.leaf, &material, &mut bytes) {
                Err(_) => Leaf::Unbuildable,
                Ok(()) if tree.hashed => Digest::from_slice(&bytes).map_or(Leaf::Unbuildable, Leaf::Hash),
                Ok(()) => Leaf::Data(bytes),
            })
        });
        seen.ambiguous = self.joins
            && profile
                .part_lists()
                .iter()
                .any(|(_, parts)| is_ambiguous(parts, record));
    }
}

/// What [`Examined::sameness`] is.
fn sameness(seen: &mut Examined, bytes: &[u8]) -> [u8; 16] {
    let own = seen.hash.as_ref().filter(|hash| hash.stated && hash.matches());
    if let Some(beginning) = own.and_then(|hash| hash.beginning) {
        return beginning;
    }
    let id = seen.id.get_or_insert_with(|| sha256(bytes));
    beginning_of(id)
}

fn beginning_of(digest: &[u8]) -> [u8; 16] {
    let mut beginning = [0; 16];
    beginning
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = *from);
    beginning
}

fn record_hash(spec: &RecordHash, material: &Material<'_>) -> HashSeen {
    let recorded = spec.field.as_deref().and_then(|field| at(material.record, field));
    let how = (spec.preimage.as_slice(), spec.alg, &spec.enc);
    HashSeen::new(
        how,
        material,
        recorded.and_then(Value::as_str),
        spec.field.is_some(),
    )
}

fn field_hash(spec: &FieldHash, material: &Material<'_>) -> HashSeen {
    let found = at(material.record, &spec.field).filter(|value| !value.is_null());
    let how = (spec.preimage.as_slice(), spec.alg, &spec.enc);
    let stated = found.is_some() || !spec.optional;
    HashSeen::new(how, material, found.and_then(Value::as_str), stated)
}

fn digest(parts: &[Part], material: &Material<'_>, algorithm: Algorithm) -> Result<Digest, PreimageError> {
    let Some(planned) = material.planned else {
        let mut bytes = Vec::new();
        build(parts, material, &mut bytes)?;
        return Ok(algorithm.of(&bytes));
    };
    planned.plans.with_buffer(|bytes| {
        build(parts, material, bytes)?;
        Ok(algorithm.of(bytes))
    })
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
