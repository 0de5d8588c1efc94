//! Signatures on one record, held against pinned keys and against the key that the record carries.

use std::borrow::Cow;

use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_crypto::signature::{EcdsaForm, SRange};
use tickmark_formats::json::{Kind, Value};

use super::{Bench, Examined, clipped};
use crate::carried;
use crate::jws::{Opened, Refusal};
use crate::moment::Moment;
use crate::preimage::{Material, PreimageError, at, build, scalar};
use crate::profile::{Form, Profile, Required, Signature};
use crate::trust::{PinnedKey, Trust};

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
    /// The record lacks what it signs, and why that cannot be put together.
    Unbuildable(String),
}

impl SignatureSeen {
    /// It was held against no key.
    fn unchecked() -> Self {
        SignatureSeen::Unpinned {
            carried: None,
            carried_fails: false,
        }
    }

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

/// Bytes with their signature, and which keys can have made it.
pub(super) struct Trial<'t> {
    pub spec: &'t Signature,
    pub record: &'t Value<'t>,
    pub message: &'t [u8],
    pub signature: &'t [u8],
    pub algorithms: &'t [KeyAlgorithm],
    pub kid: Option<&'t str>,
    /// The digest by which the record names its key.
    pub digest: Option<&'t str>,
    /// Signatures whose keys cannot have made this one too.
    pub others: &'t [SignatureSeen],
}

impl Trial<'_> {
    fn fits(&self, key: &PublicKey) -> bool {
        let range = if self.spec.low_s { SRange::Low } else { SRange::Any };
        key.verify_within(self.message, self.signature, ecdsa(self.spec.form), range)
            .is_ok()
    }
}

impl Bench<'_> {
    pub(super) fn look_at_signatures(
        &self,
        profile: &Profile,
        material: &Material<'_>,
        opened: Option<&Opened>,
        seen: &mut Examined,
    ) {
        for (index, spec) in profile.signatures.iter().enumerate() {
            let found = match opened.filter(|_| spec.is_jws()) {
                Some(opened) => self.token_signature(spec, material.record, opened),
                None => self.signature(index, spec, material, &seen.signatures),
            };
            if matches!(found, SignatureSeen::Pinned { in_force: false, .. }) {
                let field = profile.time.as_ref().map(|time| time.field.as_str());
                seen.time = named(material.record, field).map(clipped);
            }
            seen.signatures.push(found);
        }
    }

    fn signature(
        &self,
        index: usize,
        spec: &Signature,
        material: &Material<'_>,
        before: &[SignatureSeen],
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
        match build(&spec.message, material, &mut message) {
            Ok(()) => {}
            // nothing can be said of it, and that is no fault of this record
            Err(PreimageError::NoPrevious) => return SignatureSeen::unchecked(),
            Err(error) => return SignatureSeen::Unbuildable(error.to_string()),
        }
        let kid = named(record, spec.key.kid.as_deref());
        let digest = named(record, spec.key.digest.as_deref());
        let trial = Trial {
            spec,
            record,
            message: &message,
            signature: &signature,
            algorithms: &spec.algorithms,
            kid: kid.as_deref(),
            digest: digest.as_deref(),
            others: if spec.distinct { before } else { &[] },
        };
        match self.under_pinned_key(&trial) {
            Ok(verified) => verified,
            Err(is_candidate) => self.under_carried_key(index, &trial, is_candidate),
        }
    }

    /// Tries the pinned keys that can have made a signature; fails with whether there is any.
    pub(super) fn under_pinned_key(&self, trial: &Trial<'_>) -> Result<SignatureSeen, bool> {
        let mut is_candidate = false;
        let mut out_of_force = None;
        for (key, pinned) in self.trust.candidates(trial.algorithms, trial.kid) {
            if trial.digest.is_some_and(|digest| !pinned.is_named_by(digest)) {
                continue;
            }
            is_candidate = true;
            let is_taken = trial
                .others
                .iter()
                .any(|other| other.is_under(self.trust, pinned));
            if is_taken || !trial.fits(&pinned.key) {
                continue;
            }
            let in_force = self.is_in_force(pinned, trial.record);
            let verified = SignatureSeen::Pinned {
                key,
                carried_differs: carries_another(trial.spec, trial.record, &pinned.key),
                in_force,
            };
            if in_force {
                return Ok(verified);
            }
            // the same key may be pinned for another period too
            out_of_force.get_or_insert(verified);
        }
        out_of_force.ok_or(is_candidate)
    }

    fn under_carried_key(&self, index: usize, trial: &Trial<'_>, is_candidate: bool) -> SignatureSeen {
        let (spec, record) = (trial.spec, trial.record);
        let carried = self.carried_key(index, spec, record);
        let fitting = carried.as_deref().filter(|key| trial.fits(key));
        let fingerprint = fitting.map(PublicKey::fingerprint);
        if is_candidate {
            return SignatureSeen::Wrong { carried: fingerprint };
        }
        let carries_any = carried.is_some() || carried_value(spec, record).is_some();
        SignatureSeen::Unpinned {
            // a field for a key that holds none contradicts the signature as a wrong key does
            carried_fails: carries_any && fingerprint.is_none(),
            carried: fingerprint,
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

/// The form in which an ECDSA signature must be written.
pub(crate) fn ecdsa(form: Form) -> EcdsaForm {
    match form {
        Form::P1363 => EcdsaForm::P1363,
        Form::Der => EcdsaForm::Der,
    }
}

/// The text of a field.
fn named<'v>(record: &'v Value<'_>, field: Option<&str>) -> Option<Cow<'v, str>> {
    at(record, field?).and_then(scalar)
}

/// What the record has in the field for its key. A DID of a method that holds no key is none.
fn carried_value<'v, 'a>(spec: &Signature, record: &'v Value<'a>) -> Option<&'v Value<'a>> {
    let value = at(record, spec.key.field.as_deref()?)?;
    let names_one = |text: &str| spec.key.enc.as_deref() != Some("did-url") || text.starts_with("did:key:");
    (!spec.may_be_keyed() && !value.is_null() && value.as_str().is_none_or(names_one)).then_some(value)
}

/// Whether a record carries a key beside its signature, and that key is not the one that made it.
fn carries_another(spec: &Signature, record: &Value<'_>, signer: &PublicKey) -> bool {
    carried_value(spec, record).is_some_and(|value| {
        let key = value.as_str().and_then(|text| carried::of_record(spec, text));
        key.is_none_or(|key| key.spki_der() != signer.spki_der())
    })
}
