//! The judgement on a bundle under what is pinned.

use chrono::{DateTime, Utc};

use super::{
    Artefact, Bundle, Content, Identity, Signer, SigstoreError,
    entry::Entry,
    logged::{Expected, Verifier},
    root::TrustedRoot,
    sct,
};
use crate::{
    cms::CmsError,
    digest::{Algorithm, Digest},
    key::{KeyAlgorithm, PublicKey},
    signature::EcdsaForm,
    timestamp::{TimestampError, Token},
    x509::{Certificate, Path, PathRequest, Purpose},
};

/// What somebody pinned.
#[derive(Debug, Clone, Copy)]
pub struct Pins<'a> {
    /// A Sigstore instance.
    pub root: Option<&'a TrustedRoot>,
    /// Keys of signers who use no certificate.
    pub keys: &'a [PublicKey],
}

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who signed.
    pub by: Attested,
    /// The earliest word of a pinned log or authority that the signature existed.
    pub seen: Option<Seen>,
    /// Whether a pinned log vouches for every entry.
    pub is_logged: bool,
    /// Sentences: what was not checked.
    pub open: Vec<&'static str>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attested {
    /// The holder of a pinned key; which one, from 0.
    Key(usize),
    /// The holder of a certificate from a pinned authority. Whether it is the expected one is not judged here.
    Certificate {
        /// Whom the certificate is for; `None` where it does not say so as Fulcio does.
        identity: Option<Identity>,
        /// The way to the pinned authority.
        path: Path,
    },
}

/// Somebody who is pinned saw the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// No later than then.
    pub at: DateTime<Utc>,
    /// Who says so.
    pub by: String,
}

impl Bundle {
    /// Verifies a bundle under what is pinned.
    ///
    /// With a key: the signature; every log entry is for this signature, key and digest, and its proof leads to its
    /// checkpoint; with a pinned root also the log's promise, checkpoint and the time stamps. With a certificate all of
    /// that, and a pinned root is needed: the certificate is valid at every time that the log or an authority vouches for
    /// (at least one), leads to a pinned authority for code signing, and was shown to a pinned certificate log.
    ///
    /// # Errors
    /// [`SigstoreError`].
    pub fn verify(
        &self,
        artefact: Option<&Artefact<'_>>,
        pins: &Pins<'_>,
    ) -> Result<Verified, SigstoreError> {
        match &self.signer {
            Signer::Key { .. } => self.verify_by_key(artefact, pins),
            Signer::Certificate(certificate) => {
                let root = pins.root.ok_or(SigstoreError::NoRoot)?;
                self.verify_by_certificate(certificate, artefact, root)
            }
        }
    }

    /// Verifies what needs no trust in a bundle with a certificate: the signature fits the certificate's key, and the
    /// entries are for it. It shows agreement within the bundle, never who signed.
    ///
    /// # Errors
    /// [`SigstoreError`]; [`SigstoreError::NoKey`] for a bundle without a certificate.
    pub fn verify_carried(&self, artefact: Option<&Artefact<'_>>) -> Result<(), SigstoreError> {
        let Signer::Certificate(certificate) = &self.signer else {
            return Err(SigstoreError::NoKey);
        };
        self.verify_signature(&certificate.public_key(None)?, artefact)?;
        for entry in &self.entries {
            self.hold_body(entry, Verifier::Certificate(certificate), artefact)?;
            entry.verify_proof()?;
        }
        Ok(())
    }

    fn verify_by_key(
        &self,
        artefact: Option<&Artefact<'_>>,
        pins: &Pins<'_>,
    ) -> Result<Verified, SigstoreError> {
        let (index, key) = self.signing_key(artefact, pins.keys)?;
        for entry in &self.entries {
            self.hold_body(entry, Verifier::Key(key), artefact)?;
            entry.verify_proof()?;
        }
        let mut verified = Verified {
            by: Attested::Key(index),
            seen: None,
            is_logged: false,
            open: Vec::new(),
        };
        match pins.root {
            None if self.entries.is_empty() && self.timestamps.is_empty() => {}
            None => verified.open.push(
                "No Sigstore root is pinned, so neither the log's signatures nor the time stamps were checked.",
            ),
            Some(root) => {
                let times = self.times(root, &mut verified.open)?;
                verified.is_logged = !self.entries.is_empty();
                verified.seen = earliest(times);
            }
        }
        if self.entries.is_empty() {
            verified.open.push("The signature is in no transparency log.");
        }
        Ok(verified)
    }

    /// The pinned key that signed. A key that does not fit is passed over; an artefact that is another is not.
    fn signing_key<'k>(
        &self,
        artefact: Option<&Artefact<'_>>,
        keys: &'k [PublicKey],
    ) -> Result<(usize, &'k PublicKey), SigstoreError> {
        let mut refused = SigstoreError::NoKey;
        for (index, key) in keys.iter().enumerate() {
            match self.verify_signature(key, artefact) {
                Ok(()) => return Ok((index, key)),
                Err(SigstoreError::Signature(_)) => {}
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn verify_by_certificate(
        &self,
        certificate: &Certificate,
        artefact: Option<&Artefact<'_>>,
        root: &TrustedRoot,
    ) -> Result<Verified, SigstoreError> {
        self.verify_carried(artefact)?;
        if self.entries.is_empty() {
            return Err(SigstoreError::NoEntry);
        }
        let mut open = vec!["Whether the certificate was revoked was not checked."];
        let times = self.times(root, &mut open)?;
        let mut path = None;
        for seen in &times {
            path = Some(self.path(certificate, root, seen.at)?);
        }
        let path = path.ok_or(SigstoreError::NoTime)?;
        if root.certificate_logs.is_empty() && root.skipped() == 0 {
            open.push("The root names no certificate log, so whether the certificate was shown to one was not checked.");
        } else {
            let issuer = path.certificates.get(1).ok_or(SigstoreError::NoSct)?;
            sct::verify(certificate, issuer, &root.certificate_logs)?;
        }
        Ok(Verified {
            by: Attested::Certificate {
                identity: Identity::of(certificate),
                path,
            },
            seen: earliest(times),
            is_logged: true,
            open,
        })
    }

    /// Verifies the log's word for every entry and every time stamp; the times that they vouch for.
    fn times(&self, root: &TrustedRoot, open: &mut Vec<&'static str>) -> Result<Vec<Seen>, SigstoreError> {
        let mut times = Vec::new();
        let mut timeless = Vec::new();
        for entry in &self.entries {
            match entry.verify(root)? {
                (log, Some(at)) => times.push(Seen {
                    at,
                    by: log.name.clone(),
                }),
                (log, None) => timeless.push(log),
            }
        }
        for stamp in &self.timestamps {
            match self.stamped(stamp, root)? {
                Some(seen) => times.push(seen),
                None => open.push("A time stamp by an authority that is not pinned was passed over."),
            }
        }
        // an entry without a time of its own has to be of a log that counted when it was stamped
        let outside = |log: &&super::Log| times.iter().any(|seen| !log.window.holds(seen.at));
        match timeless.into_iter().find(outside) {
            Some(log) => Err(SigstoreError::UnknownLog {
                id: crate::encoding::hex(&log.id),
            }),
            None => Ok(times),
        }
    }

    /// Verifies one time stamp over the signature; `None` where no pinned authority made it.
    fn stamped(&self, stamp: &[u8], root: &TrustedRoot) -> Result<Option<Seen>, SigstoreError> {
        let token = Token::parse(stamp)?;
        let mut message = token.message();
        message.update(self.signature());
        let mut late = None;
        for stamper in &root.stampers {
            let anchors = std::slice::from_ref(&stamper.anchor);
            match token.verify(&message, anchors, &stamper.material) {
                Ok(stamped) if stamper.window.holds(stamped.time) => {
                    return Ok(Some(Seen {
                        at: stamped.latest(),
                        by: stamper.name.clone(),
                    }));
                }
                Ok(stamped) => late = Some(SigstoreError::TimestampWindow { time: stamped.time }),
                Err(TimestampError::Cms(CmsError::NoCertificate { .. } | CmsError::Path(_))) => {}
                Err(error) => return Err(error.into()),
            }
        }
        late.map_or(Ok(None), Err)
    }

    fn path(
        &self,
        certificate: &Certificate,
        root: &TrustedRoot,
        moment: DateTime<Utc>,
    ) -> Result<Path, SigstoreError> {
        let mut refused = None;
        for authority in root
            .authorities
            .iter()
            .filter(|authority| authority.window.holds(moment))
        {
            let request = PathRequest {
                anchors: std::slice::from_ref(&authority.anchor),
                material: &[&authority.material[..], &self.material].concat(),
                moment,
                purpose: Purpose::CodeSigning,
            };
            match request.find(certificate) {
                Ok(path) => return Ok(path),
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.map_or(SigstoreError::NoRoot, SigstoreError::Path))
    }

    fn hold_body(
        &self,
        entry: &Entry,
        verifier: Verifier<'_>,
        artefact: Option<&Artefact<'_>>,
    ) -> Result<(), SigstoreError> {
        let envelope = match &self.content {
            Content::Envelope(envelope) => Some(envelope),
            Content::Message { .. } => None,
        };
        let digest = |algorithm: Algorithm| match envelope {
            Some(envelope) => Ok(algorithm.of(&envelope.signed_bytes())),
            None => needed(artefact)?.digest(algorithm),
        };
        entry.verify_body(&Expected {
            signature: self.signature(),
            verifier,
            payload: envelope.map(|envelope| &envelope.payload[..]),
            digest: &digest,
        })
    }

    fn verify_signature(
        &self,
        key: &PublicKey,
        artefact: Option<&Artefact<'_>>,
    ) -> Result<(), SigstoreError> {
        let (stated, signature) = match &self.content {
            Content::Envelope(envelope) => {
                let signed = envelope.signed_bytes();
                return Ok(key.verify(&signed, self.signature(), EcdsaForm::Der)?);
            }
            Content::Message { digest, signature } => (digest, signature),
        };
        let artefact = needed(artefact)?;
        if let Some((algorithm, expected)) = stated {
            hold_digest(expected, &artefact.digest(*algorithm)?)?;
        }
        match (artefact.bytes, key.algorithm()) {
            (Some(bytes), _) => Ok(key.verify(bytes, signature, EcdsaForm::Der)?),
            (None, KeyAlgorithm::Es256 | KeyAlgorithm::RsaPkcs1Sha256 | KeyAlgorithm::RsaPssSha256) => {
                Ok(key.verify_digest(artefact.sha256.as_bytes(), signature, EcdsaForm::Der)?)
            }
            _ => Err(SigstoreError::ArtefactMissing {
                what: "the whole artefact, not its SHA-256 alone,",
            }),
        }
    }
}

fn needed<'a, 'b>(artefact: Option<&'a Artefact<'b>>) -> Result<&'a Artefact<'b>, SigstoreError> {
    artefact.ok_or(SigstoreError::ArtefactMissing { what: "the artefact" })
}

fn hold_digest(expected: &Digest, found: &Digest) -> Result<(), SigstoreError> {
    if expected == found {
        Ok(())
    } else {
        Err(SigstoreError::OtherArtefact {
            expected: expected.hex(),
            found: found.hex(),
        })
    }
}

fn earliest(times: Vec<Seen>) -> Option<Seen> {
    times.into_iter().min_by_key(|seen| seen.at)
}
