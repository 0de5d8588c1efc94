//! Looks at one record by itself: everything that needs no other record but the line before. Runs on every core.

use tickmark_crypto::digest::{Digest, sha256};
use tickmark_crypto::key::{KeyAlgorithm, KeyEncoding, PublicKey, parse_carried};
use tickmark_crypto::signature::EcdsaForm;
use tickmark_formats::json::{JsonError, Kind, Value, parse};
use tickmark_formats::limits::Limits;

use crate::coverage::Shapes;
use crate::preimage::{Material, PreimageError, at, build, is_ambiguous, scalar};
use crate::profile::{Form, Genesis, Link, Profile, Required, Signature, Target};
use crate::trust::Trust;

/// A record as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub member: u32,
    pub line: u64,
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// What was seen of one record.
#[derive(Debug)]
pub(crate) struct Examined {
    pub received: Received,
    pub id: [u8; 32],
    /// Why it cannot be read as a record.
    pub unreadable: Option<JsonError>,
    pub chain: Option<String>,
    pub seq: Option<String>,
    pub hash: Option<HashSeen>,
    pub checks: Vec<HashSeen>,
    pub prev: PrevSeen,
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
}

/// What the link field held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PrevSeen {
    /// The profile has no link field.
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
    /// It verifies under this pinned key.
    Pinned(usize),
    /// Candidates are pinned and it verifies under none. `carried`: whether it does under the key in the bundle.
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
    /// The record lacks what it signs.
    Unbuildable,
}

/// A leaf of the tree.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
    Data(Vec<u8>),
    Hash(Digest),
    Unbuildable,
}

/// What every record is examined with.
pub(crate) struct Bench<'p> {
    pub profile: Option<&'p Profile>,
    pub trust: &'p Trust,
    pub limits: &'p Limits,
    /// Text of the key member or envelope, for each signature of the profile.
    pub carried: Vec<Option<PublicKey>>,
    pub partition: Option<&'p str>,
}

impl Bench<'_> {
    /// Examines one record. `before` is what the record before would be linked by.
    pub fn examine(
        &self,
        received: Received,
        before: Option<&str>,
        first: bool,
        shapes: &mut Shapes,
    ) -> Examined {
        let id = sha256(&received.bytes);
        let bytes = received.bytes.clone();
        let mut seen = Examined::unread(received, id);
        match parse(&bytes, self.limits) {
            Err(error) => seen.unreadable = Some(error),
            Ok(record) => {
                shapes.note(&record);
                if let Some(profile) = self.profile {
                    self.look(profile, &record, &bytes, before, first, &mut seen);
                }
            }
        }
        seen
    }

    /// What a next record has to name, from a line alone.
    pub fn target_of(&self, line: &[u8]) -> Option<String> {
        let record = parse(line, self.limits).ok()?;
        target(self.profile?, &record, line)
    }

    fn look(
        &self,
        profile: &Profile,
        record: &Value<'_>,
        line: &[u8],
        before: Option<&str>,
        first: bool,
        seen: &mut Examined,
    ) {
        let previous_text = match (before, &profile.link, first) {
            (Some(text), _, _) => Some(text.to_owned()),
            (None, Some(link), true) => link.genesis.iter().find_map(|g| match g {
                Genesis::Text(text) => Some(text.clone()),
                _ => None,
            }),
            _ => None,
        };
        let encoding = target_encoding(profile);
        let material = Material {
            record,
            line,
            previous: previous_text.as_deref().map(|text| (text, encoding)),
        };
        seen.chain = self
            .partition
            .and_then(|p| at(record, p))
            .and_then(scalar)
            .map(std::borrow::Cow::into_owned);
        seen.seq = profile
            .seq
            .as_ref()
            .and_then(|seq| at(record, &seq.field))
            .and_then(scalar)
            .map(std::borrow::Cow::into_owned);
        seen.hash = profile.hash.as_ref().map(|hash| {
            let recorded = hash
                .field
                .as_deref()
                .and_then(|field| at(record, field))
                .and_then(Value::as_str);
            HashSeen {
                recorded: recorded.map(str::to_owned),
                computed: digest(&hash.preimage, &material, hash.alg).map(|d| hash.enc.write(d.as_bytes())),
                stated: hash.field.is_some(),
            }
        });
        seen.checks = profile
            .checks
            .iter()
            .map(|check| {
                let recorded = at(record, &check.field)
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                let stated = recorded.is_some() || !check.optional;
                HashSeen {
                    recorded,
                    computed: digest(&check.preimage, &material, check.alg)
                        .map(|d| check.enc.write(d.as_bytes())),
                    stated,
                }
            })
            .collect();
        seen.prev = prev(profile.link.as_ref(), record);
        seen.target = target(profile, record, line);
        seen.signatures = profile
            .signatures
            .iter()
            .enumerate()
            .map(|(index, signature)| self.signature(index, signature, record, &material))
            .collect();
        if let Some(terminal) = profile.expect.as_ref().and_then(|e| e.terminal.as_ref()) {
            seen.terminal = at(record, &terminal.field)
                .and_then(scalar)
                .is_some_and(|text| text == terminal.is);
        }
        seen.leaf = profile.tree.as_ref().map(|tree| {
            let mut bytes = Vec::new();
            match build(&tree.leaf, &material, &mut bytes) {
                Err(_) => Leaf::Unbuildable,
                Ok(()) if tree.hashed => Digest::from_slice(&bytes).map_or(Leaf::Unbuildable, Leaf::Hash),
                Ok(()) => Leaf::Data(bytes),
            }
        });
        seen.ambiguous = profile
            .part_lists()
            .iter()
            .any(|(_, parts)| is_ambiguous(parts, record));
    }

    fn signature(
        &self,
        index: usize,
        spec: &Signature,
        record: &Value<'_>,
        material: &Material<'_>,
    ) -> SignatureSeen {
        let required = match &spec.required {
            Required::Always => true,
            Required::Never => false,
            Required::If(pointer) => at(record, pointer).is_some_and(|value| !value.is_null()),
        };
        let text = match at(record, &spec.field).map(|value| &value.kind) {
            None | Some(Kind::Null) if required => return SignatureSeen::Missing,
            None | Some(Kind::Null) => return SignatureSeen::Absent,
            Some(Kind::String(text)) if text.is_empty() && required => return SignatureSeen::Missing,
            Some(Kind::String(text)) if text.is_empty() => return SignatureSeen::Absent,
            Some(Kind::String(text)) => text,
            Some(_) => return SignatureSeen::Malformed,
        };
        let Some(signature) = spec.enc.read(text) else {
            return SignatureSeen::Malformed;
        };
        let mut message = Vec::new();
        if build(&spec.message, material, &mut message).is_err() {
            return SignatureSeen::Unbuildable;
        }
        let kid = spec
            .key
            .kid
            .as_deref()
            .and_then(|field| at(record, field))
            .and_then(scalar);
        let mut candidates = false;
        for (key, pinned) in self.trust.candidates(spec.alg, kid.as_deref()) {
            candidates = true;
            if pinned.key.verify(&message, &signature, ecdsa(spec.form)).is_ok() {
                return SignatureSeen::Pinned(key);
            }
        }
        let carried = self.carried_key(index, spec, record);
        let verifies = carried
            .as_ref()
            .is_some_and(|key| key.verify(&message, &signature, ecdsa(spec.form)).is_ok());
        let fingerprint = carried.as_ref().filter(|_| verifies).map(PublicKey::fingerprint);
        if candidates {
            SignatureSeen::Wrong { carried: fingerprint }
        } else {
            SignatureSeen::Unpinned {
                carried_fails: carried.is_some() && !verifies,
                carried: fingerprint,
            }
        }
    }

    fn carried_key(&self, index: usize, spec: &Signature, record: &Value<'_>) -> Option<PublicKey> {
        if spec.alg == KeyAlgorithm::HmacSha256 {
            return None;
        }
        match spec.key.field.as_deref() {
            Some(field) => carried(at(record, field)?.as_str()?, spec.key.enc.as_deref(), spec.alg),
            None => self.carried.get(index).cloned().flatten(),
        }
    }
}

/// A key that the bundle carries, as text.
pub(crate) fn carried(text: &str, encoding: Option<&str>, algorithm: KeyAlgorithm) -> Option<PublicKey> {
    let encoding = match encoding.unwrap_or("hex") {
        "hex" => KeyEncoding::Hex,
        "b64" => KeyEncoding::Base64,
        "b64url" => KeyEncoding::Base64Url,
        "pem" => KeyEncoding::Pem,
        "did" => KeyEncoding::DidKey,
        "jwk" => KeyEncoding::Jwk,
        prefixed => {
            let (prefix, _) = prefixed.rsplit_once('+')?;
            return parse_carried(text.trim().strip_prefix(prefix)?, &KeyEncoding::Base64, algorithm).ok();
        }
    };
    parse_carried(text.trim(), &encoding, algorithm).ok()
}

/// The form in which an ECDSA signature must be written.
pub(crate) fn ecdsa(form: Form) -> EcdsaForm {
    match form {
        Form::P1363 => EcdsaForm::P1363,
        Form::Der => EcdsaForm::Der,
    }
}

fn digest(
    parts: &[crate::profile::Part],
    material: &Material<'_>,
    alg: tickmark_crypto::digest::Algorithm,
) -> Result<Digest, PreimageError> {
    let mut bytes = Vec::new();
    build(parts, material, &mut bytes)?;
    Ok(alg.of(&bytes))
}

fn prev(link: Option<&Link>, record: &Value<'_>) -> PrevSeen {
    let Some(field) = link.and_then(|link| link.field.as_deref()) else {
        return PrevSeen::NoField;
    };
    match at(record, field).map(|value| &value.kind) {
        None => PrevSeen::Absent,
        Some(Kind::Null) => PrevSeen::Null,
        Some(Kind::String(text)) => PrevSeen::Text(text.to_string()),
        Some(_) => PrevSeen::Other,
    }
}

fn target(profile: &Profile, record: &Value<'_>, line: &[u8]) -> Option<String> {
    match &profile.link.as_ref()?.target {
        Target::Hash => {
            let field = profile.hash.as_ref()?.field.as_deref()?;
            at(record, field)?.as_str().map(str::to_owned)
        }
        Target::Field(field) => at(record, field)?.as_str().map(str::to_owned),
        Target::Preimage(target) => {
            let material = Material {
                record,
                line,
                previous: None,
            };
            let digest = digest(&target.parts, &material, target.alg).ok()?;
            Some(target.enc.write(digest.as_bytes()))
        }
    }
}

fn target_encoding(profile: &Profile) -> Option<&crate::profile::Encoding> {
    match &profile.link.as_ref()?.target {
        Target::Hash => profile.hash.as_ref().map(|hash| &hash.enc),
        Target::Field(field) => profile
            .checks
            .iter()
            .find(|check| check.field == *field)
            .map(|check| &check.enc),
        Target::Preimage(target) => Some(&target.enc),
    }
}

impl Examined {
    fn unread(received: Received, id: [u8; 32]) -> Self {
        Examined {
            received,
            id,
            unreadable: None,
            chain: None,
            seq: None,
            hash: None,
            checks: Vec::new(),
            prev: PrevSeen::NoField,
            target: None,
            signatures: Vec::new(),
            terminal: false,
            leaf: None,
            ambiguous: false,
        }
    }
}
