//! What a bundle states beside its records: a closing digest, a tree root, a manifest, a count, a last hash.

use std::collections::BTreeMap;

use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_formats::container::Container;
use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;

use crate::examine::carried;
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::ledger::Ledger;
use crate::preimage::{Material, at, build, scalar};
use crate::profile::{CarriedKey, Encoding, Over, Place, Profile, StatementSignature};
use crate::trust::Trust;

/// A statement, held against what was computed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    /// Whether the bundle has it at all.
    pub is_there: bool,
    /// Whether it agrees.
    pub agrees: bool,
    /// Who signed it.
    pub signed: SignedBy,
}

impl Stated {
    /// Whether it agrees and stands under a pinned key.
    pub fn is_pinned(&self) -> bool {
        self.is_there && self.agrees && matches!(self.signed, SignedBy::Pinned(_))
    }
}

/// The signature of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum SignedBy {
    /// Its format has none.
    #[default]
    Nobody,
    /// Its format has one and it is not here.
    Missing,
    /// It verifies under this pinned key.
    Pinned(usize),
    /// Candidates are pinned and it verifies under none.
    Wrong,
    /// No candidate is pinned; whether it verifies under the carried key.
    Unpinned {
        carried: Option<String>,
        carried_fails: bool,
    },
}

/// Every statement of a bundle.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    pub closing: Stated,
    pub root: Stated,
    pub manifest: Stated,
    /// Whether the closed manifest lists every member.
    pub manifest_is_closed: bool,
    pub count: Stated,
    pub head: Stated,
}

impl Statements {
    pub fn all(&self) -> [&Stated; 5] {
        [&self.closing, &self.root, &self.manifest, &self.count, &self.head]
    }
}

/// Where statements are looked up.
pub(crate) struct Shelf<'b> {
    pub container: &'b Container,
    pub inventory: &'b Inventory,
    pub envelope: Option<&'b [u8]>,
    pub trust: &'b Trust,
    pub limits: &'b Limits,
}

impl Shelf<'_> {
    /// Holds every statement of the profile against the ledger; what differs becomes a fault.
    pub fn hold(&self, profile: &Profile, ledger: &mut Ledger<'_>) -> Statements {
        let closing = self.closing(profile, ledger);
        let root = self.root(profile, ledger);
        let mut statements = Statements {
            closing,
            root,
            ..Statements::default()
        };
        self.manifest(profile, ledger, &mut statements);
        if let Some(expect) = &profile.expect {
            statements.count = self.count(expect.count.as_ref(), ledger);
            statements.head = self.head(expect.head.as_ref(), ledger);
        }
        statements
    }

    /// A key that the bundle carries beside the records.
    pub fn carried_key(&self, key: &CarriedKey, algorithm: KeyAlgorithm) -> Option<PublicKey> {
        if algorithm == KeyAlgorithm::HmacSha256 {
            return None;
        }
        let place = Place {
            file: key.file.clone(),
            at: key.at.clone(),
            line: None,
        };
        if place.file.is_none() && place.at.is_none() {
            return None;
        }
        carried(&self.text(&place)?, key.enc.as_deref(), algorithm)
    }

    fn closing(&self, profile: &Profile, ledger: &mut Ledger<'_>) -> Stated {
        let Some(spec) = &profile.closing else {
            return Stated::default();
        };
        let Some(digest) = ledger.closing_digest() else {
            return Stated::default();
        };
        let computed = spec.enc.write(digest.as_bytes());
        let found: Vec<String> = spec.stated.iter().filter_map(|place| self.text(place)).collect();
        let differing = found.iter().find(|text| **text != computed);
        if let Some(stated) = differing {
            let mut fault = fault(
                "closing_mismatch",
                "completeness",
                "The digest over all records is not the one that the bundle states.",
            );
            fault.expected = Some(stated.clone());
            fault.found = Some(computed.clone());
            ledger.faults.add(fault);
        }
        let text = found.first();
        Stated {
            is_there: text.is_some(),
            agrees: text.is_some() && differing.is_none(),
            signed: self.signature(
                spec.signature.as_ref(),
                text.map(String::as_str),
                &spec.enc,
                ledger,
            ),
        }
    }

    fn root(&self, profile: &Profile, ledger: &mut Ledger<'_>) -> Stated {
        let Some(spec) = &profile.tree else {
            return Stated::default();
        };
        let found: Vec<String> = spec.root.iter().filter_map(|place| self.text(place)).collect();
        let Some(stated) = found.first() else {
            return Stated {
                signed: SignedBy::Missing,
                ..Stated::default()
            };
        };
        let computed = ledger
            .tree
            .as_ref()
            .filter(|_| !ledger.tree_broken)
            .map(|tree| spec.enc.write(tree.root().as_bytes()));
        let agrees = computed
            .as_ref()
            .is_some_and(|computed| found.iter().all(|text| text == computed));
        if !agrees {
            let mut fault = fault(
                "root_mismatch",
                "completeness",
                "The tree over all records has another root than the bundle states.",
            );
            fault.expected = Some(stated.clone());
            fault.found = computed;
            ledger.faults.add(fault);
        }
        let signed = self.signature(spec.signature.as_ref(), Some(stated), &spec.enc, ledger);
        Stated {
            is_there: true,
            agrees,
            signed,
        }
    }

    fn count(&self, place: Option<&Place>, ledger: &mut Ledger<'_>) -> Stated {
        let Some(text) = place.and_then(|place| self.text(place)) else {
            return Stated::default();
        };
        let agrees = text.parse() == Ok(ledger.records);
        if !agrees {
            let sentence = format!("The bundle states {text} records; {} are here.", ledger.records);
            let mut fault = fault("stated_count_mismatch", "completeness", sentence);
            fault.expected = Some(text);
            fault.found = Some(ledger.records.to_string());
            ledger.faults.add(fault);
        }
        Stated {
            is_there: true,
            agrees,
            signed: SignedBy::Nobody,
        }
    }

    fn head(&self, place: Option<&Place>, ledger: &mut Ledger<'_>) -> Stated {
        let Some(text) = place.and_then(|place| self.text(place)) else {
            return Stated::default();
        };
        let agrees = ledger.chains.values().any(|chain| chain.head == text);
        if !agrees {
            let mut fault = fault(
                "stated_head_mismatch",
                "completeness",
                "The last hash is not the one that the bundle states.",
            );
            fault.expected = Some(text);
            fault.found = ledger.chains.values().next().map(|chain| chain.head.clone());
            ledger.faults.add(fault);
        }
        Stated {
            is_there: true,
            agrees,
            signed: SignedBy::Nobody,
        }
    }

    fn manifest(&self, profile: &Profile, ledger: &mut Ledger<'_>, statements: &mut Statements) {
        let Some(spec) = &profile.manifest else { return };
        let Some(name) = self
            .inventory
            .fitting(&spec.file)
            .first()
            .map(|n| (*n).to_owned())
        else {
            return;
        };
        let content = self.inventory.content(&spec.file).unwrap_or_default();
        let Ok(document) = parse(content, self.limits) else {
            let mut fault = fault(
                "manifest_unreadable",
                "completeness",
                format!("The manifest {name} cannot be read."),
            );
            fault.member = Some(name);
            ledger.faults.add(fault);
            statements.manifest = Stated {
                is_there: true,
                ..Stated::default()
            };
            return;
        };
        let folder = name
            .rsplit_once('/')
            .map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let mut listed = BTreeMap::new();
        for member in at(&document, &spec.entries)
            .and_then(Value::members)
            .unwrap_or_default()
        {
            listed.insert(
                format!("{folder}{}", member.name),
                member.value.as_str().unwrap_or_default().to_owned(),
            );
        }
        let mut agrees = !listed.is_empty();
        for (member, stated) in &listed {
            let found = self.digest(member, spec.alg, &spec.enc);
            let code = match &found {
                Some(found) if found == stated => continue,
                Some(_) => "manifest_mismatch",
                None => "manifest_missing",
            };
            agrees = false;
            let sentence = match code {
                "manifest_missing" => format!("{member} is listed in the manifest and is not here."),
                _ => format!("{member} is not the one that the manifest lists."),
            };
            let claim = if code == "manifest_missing" {
                "completeness"
            } else {
                "integrity"
            };
            let mut fault = fault(code, claim, sentence);
            fault.member = Some(member.clone());
            fault.expected = Some(stated.clone());
            fault.found = found;
            ledger.faults.add(fault);
        }
        statements.manifest_is_closed = spec.closed;
        if spec.closed {
            for member in self
                .inventory
                .members
                .keys()
                .filter(|m| **m != name && !listed.contains_key(*m))
            {
                agrees = false;
                let mut fault = fault(
                    "manifest_unlisted",
                    "completeness",
                    format!("{member} is not listed in the manifest."),
                );
                fault.member = Some(member.clone());
                ledger.faults.add(fault);
            }
        }
        let signed = self.signature(spec.signature.as_ref(), None, &spec.enc, ledger);
        statements.manifest = Stated {
            is_there: true,
            agrees,
            signed,
        };
    }

    /// A member's digest. SHA-256 was taken with the inventory; another algorithm reads the member again.
    fn digest(&self, member: &str, algorithm: Algorithm, encoding: &Encoding) -> Option<String> {
        let held = self.inventory.members.get(member)?;
        if algorithm == Algorithm::Sha256 {
            return tickmark_crypto::encoding::unhex(&held.sha256)
                .ok()
                .map(|bytes| encoding.write(&bytes));
        }
        let mut reader = self.container.open_member(member).ok()?;
        let mut hasher = tickmark_crypto::digest::Hasher::new(algorithm);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = reader.read(&mut buffer).ok()?;
            match buffer.get(..read).filter(|part| !part.is_empty()) {
                Some(part) => hasher.update(part),
                None => return Some(encoding.write(hasher.finish().as_bytes())),
            }
        }
    }

    fn signature(
        &self,
        spec: Option<&StatementSignature>,
        text: Option<&str>,
        encoding: &Encoding,
        ledger: &mut Ledger<'_>,
    ) -> SignedBy {
        let Some(spec) = spec else { return SignedBy::Nobody };
        let Some(signature) = self.text(&spec.place) else {
            return SignedBy::Missing;
        };
        let signature = spec.enc.read(&signature);
        let message = match spec.over {
            Over::Text => text.map(|text| text.as_bytes().to_vec()),
            Over::Raw => text.and_then(|text| encoding.read(text)),
            Over::Document => self.document_message(spec),
        };
        let verified = match (&signature, &message) {
            (Some(signature), Some(message)) => self.signed_by(spec, signature, message),
            _ => SignedBy::Wrong,
        };
        if matches!(
            verified,
            SignedBy::Wrong
                | SignedBy::Unpinned {
                    carried_fails: true,
                    ..
                }
        ) {
            let (claim, sentence) = match verified {
                SignedBy::Wrong => (
                    "authenticity",
                    "The signature on the closing statement does not fit the key you pinned.",
                ),
                _ => (
                    "integrity",
                    "The signature on the closing statement does not even fit the key in the bundle.",
                ),
            };
            let mut fault = fault("statement_signature_mismatch", claim, sentence);
            fault.member.clone_from(&spec.place.file);
            fault.field.clone_from(&spec.place.at);
            ledger.faults.add(fault);
        }
        verified
    }

    fn signed_by(&self, spec: &StatementSignature, signature: &[u8], message: &[u8]) -> SignedBy {
        let form = tickmark_crypto::signature::EcdsaForm::Either;
        let mut candidates = false;
        for (key, pinned) in self.trust.candidates(spec.alg, None) {
            candidates = true;
            if pinned.key.verify(message, signature, form).is_ok() {
                return SignedBy::Pinned(key);
            }
        }
        if candidates {
            return SignedBy::Wrong;
        }
        let carried = self.carried_key(&spec.key, spec.alg);
        let verifies = carried
            .as_ref()
            .is_some_and(|key| key.verify(message, signature, form).is_ok());
        SignedBy::Unpinned {
            carried_fails: carried.is_some() && !verifies,
            carried: carried.filter(|_| verifies).map(|key| key.fingerprint()),
        }
    }

    fn document_message(&self, spec: &StatementSignature) -> Option<Vec<u8>> {
        let content = match &spec.place.file {
            Some(file) => self.inventory.content(file)?,
            None => self.envelope?,
        };
        let document = parse(content, self.limits).ok()?;
        let material = Material {
            record: &document,
            line: content,
            previous: None,
        };
        let mut message = Vec::new();
        build(&spec.message, &material, &mut message).ok()?;
        Some(message)
    }

    /// The text at a place; `None` when the bundle does not have it.
    fn text(&self, place: &Place) -> Option<String> {
        let content = match &place.file {
            Some(file) => self.inventory.content(file)?,
            None => self.envelope?,
        };
        if let Some(start) = &place.line {
            let text = std::str::from_utf8(content).ok()?;
            return text
                .lines()
                .find_map(|line| line.strip_prefix(start.as_str()))
                .map(|rest| rest.trim().to_owned());
        }
        match &place.at {
            Some(pointer) => {
                let document = parse(content, self.limits).ok()?;
                at(&document, pointer)
                    .and_then(scalar)
                    .map(std::borrow::Cow::into_owned)
            }
            None => std::str::from_utf8(content)
                .ok()
                .map(|text| text.trim().to_owned()),
        }
    }
}
