//! Where statements and carried keys are looked up, and their signatures checked.

use std::borrow::Cow;
use std::io::Read;

use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_crypto::signature::EcdsaForm;
use tickmark_formats::container::Container;
use tickmark_formats::json::{Kind, parse};
use tickmark_formats::limits::Limits;

use super::SignedBy;
use crate::carried;
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::ledger::Ledger;
use crate::moment::Span;
use crate::preimage::{Material, at, build, scalar};
use crate::profile::{CarriedKey, Encoding, Over, Place, StatementSignature};
use crate::trust::Trust;

/// What stands at a place of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// A text, a number or a truth value, as it is written.
    Text(String),
    /// Something that has no text, and what.
    NoText(&'static str),
}

/// The bundle beside its records.
pub(crate) struct Shelf<'b> {
    pub container: &'b Container,
    pub inventory: &'b Inventory,
    /// The document around the records.
    pub envelope: Option<&'b [u8]>,
    pub trust: &'b Trust,
    pub limits: &'b Limits,
}

impl Shelf<'_> {
    /// A key that the bundle carries beside the records.
    pub fn carried_key(&self, key: &CarriedKey, algorithm: KeyAlgorithm) -> Option<PublicKey> {
        if key.file.is_none() && key.at.is_none() {
            return None;
        }
        let place = Place {
            file: key.file.clone(),
            at: key.at.clone(),
            line: None,
        };
        carried::key(&self.text(&place)?, key.enc.as_deref(), algorithm)
    }

    /// The text at a place; `None` when the bundle has none there.
    pub fn text(&self, place: &Place) -> Option<String> {
        match self.said(place)? {
            Said::Text(text) => Some(text),
            Said::NoText(_) => None,
        }
    }

    /// What stands at a place; `None` when the bundle does not have it, or has null there.
    pub fn said(&self, place: &Place) -> Option<Said> {
        let content = self.document(place)?;
        if let Some(start) = &place.line {
            let text = std::str::from_utf8(&content).ok()?;
            let rest = text.lines().find_map(|line| line.strip_prefix(start.as_str()));
            return rest.map(|rest| Said::Text(rest.trim().to_owned()));
        }
        let Some(pointer) = &place.at else {
            let text = std::str::from_utf8(&content).ok()?;
            return Some(Said::Text(text.trim().to_owned()));
        };
        let document = parse(&content, self.limits).ok()?;
        let value = at(&document, pointer)?;
        match &value.kind {
            Kind::Null => None,
            Kind::Array(_) => Some(Said::NoText("a list")),
            Kind::Object(_) => Some(Said::NoText("an object")),
            _ => scalar(value).map(|text| Said::Text(text.into_owned())),
        }
    }

    /// A member's content: at hand, or read again up to the limit of a line.
    pub fn content(&self, member: &str) -> Option<Cow<'_, [u8]>> {
        let held = self.inventory.members.get(member)?;
        if let Some(content) = &held.content {
            return Some(Cow::Borrowed(content));
        }
        let most = self.limits.line as u64;
        let mut content = Vec::new();
        let reader = self.container.open_member(member).ok()?;
        reader.take(most + 1).read_to_end(&mut content).ok()?;
        (content.len() as u64 <= most).then_some(Cow::Owned(content))
    }

    /// Checks a statement's signature. `text` is the statement, where it is a text.
    pub fn signature(
        &self,
        spec: Option<&StatementSignature>,
        text: Option<&str>,
        encoding: &Encoding,
        ledger: &mut Ledger<'_>,
    ) -> SignedBy {
        let Some(spec) = spec else { return SignedBy::Nobody };
        let is_there = |said: &Said| !matches!(said, Said::Text(text) if text.is_empty());
        let verified = match self.said(&spec.place).filter(is_there) {
            None => SignedBy::Missing {
                required: spec.required,
            },
            Some(Said::NoText(_)) => SignedBy::Malformed,
            Some(Said::Text(signature)) => {
                let message = match spec.over {
                    Over::Text => text.map(|text| text.as_bytes().to_vec()),
                    Over::Raw => text.and_then(|text| encoding.read(text)),
                    Over::Document => self.document_message(spec),
                };
                match (spec.enc.read(&signature), message) {
                    (Some(signature), Some(message)) => {
                        self.signed_by(spec, &signature, &message, &ledger.span)
                    }
                    _ => SignedBy::Malformed,
                }
            }
        };
        tell(spec, &verified, ledger);
        verified
    }

    fn signed_by(
        &self,
        spec: &StatementSignature,
        signature: &[u8],
        message: &[u8],
        span: &Span,
    ) -> SignedBy {
        let form = EcdsaForm::Either;
        let kid = spec.key.kid.as_deref().and_then(|pointer| {
            let document = self.document(&spec.place)?;
            let document = parse(&document, self.limits).ok()?;
            at(&document, pointer).and_then(scalar).map(Cow::into_owned)
        });
        let mut is_candidate = false;
        let mut out_of_force = None;
        for (key, pinned) in self.trust.candidates(&[spec.alg], kid.as_deref()) {
            is_candidate = true;
            if pinned.key.verify(message, signature, form).is_err() {
                continue;
            }
            if pinned.is_in_force_throughout(span) {
                return SignedBy::Pinned(key);
            }
            out_of_force.get_or_insert(SignedBy::OutOfForce(key));
        }
        if let Some(signed) = out_of_force {
            return signed;
        }
        let key = self.carried_key(&spec.key, spec.alg);
        let verifies = |key: &&PublicKey| key.verify(message, signature, form).is_ok();
        let carried = key.as_ref().filter(verifies).map(PublicKey::fingerprint);
        if is_candidate {
            return SignedBy::Wrong { carried };
        }
        SignedBy::Unpinned {
            carried_fails: key.is_some() && carried.is_none(),
            carried,
        }
    }

    fn document_message(&self, spec: &StatementSignature) -> Option<Vec<u8>> {
        let content = self.document(&spec.place)?;
        let document = parse(&content, self.limits).ok()?;
        let material = Material {
            record: &document,
            text: &content,
            line: &content,
            previous: None,
            planned: None,
        };
        let mut message = Vec::new();
        build(&spec.message, &material, &mut message).ok()?;
        Some(message)
    }

    /// The member at a place, or the document around the records.
    fn document(&self, place: &Place) -> Option<Cow<'_, [u8]>> {
        match &place.file {
            Some(pattern) => self.content(self.inventory.fitting(pattern).first()?),
            None => self.envelope.map(Cow::Borrowed),
        }
    }
}

fn tell(spec: &StatementSignature, verified: &SignedBy, ledger: &mut Ledger<'_>) {
    let (code, claim, sentence) = match verified {
        SignedBy::Wrong { .. } => (
            "statement_signature_mismatch",
            "authenticity",
            "The signature on the closing statement does not fit the key you pinned.",
        ),
        SignedBy::Unpinned {
            carried_fails: true, ..
        } => (
            "statement_signature_mismatch",
            "integrity",
            "The signature on the closing statement does not even fit the key in the bundle.",
        ),
        SignedBy::OutOfForce(_) => (
            "key_not_in_force",
            "authenticity",
            "The closing statement is signed with a key that was not in force when the records say that they were made.",
        ),
        SignedBy::Malformed => (
            "statement_signature_malformed",
            "authenticity",
            "The signature on the closing statement cannot be read.",
        ),
        SignedBy::Missing { required: true } => (
            "statement_signature_missing",
            "authenticity",
            "The closing statement carries no signature, and its format requires one.",
        ),
        _ => return,
    };
    let mut told = fault(code, claim, sentence);
    told.member.clone_from(&spec.place.file);
    told.field.clone_from(&spec.place.at);
    ledger.faults.add(told);
}
