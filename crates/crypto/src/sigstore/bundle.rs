//! A bundle, read and not yet believed.

use super::{SigstoreError, entry::Entry, json};
use crate::{
    digest::{Algorithm, Digest},
    dsse::Envelope,
    x509::Certificate,
};

/// A bundle as it was received.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub(super) signer: Signer,
    pub(super) content: Content,
    pub(super) entries: Vec<Entry>,
    pub(super) timestamps: Vec<Vec<u8>>,
    /// Certificates that came along beside the signer's: never trusted.
    pub(super) material: Vec<Certificate>,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An artefact that lies elsewhere.
    Message {
        /// The digest that the bundle states, which nothing signs by itself.
        digest: Option<(Algorithm, Digest)>,
        /// The signature over the artefact.
        signature: Vec<u8>,
    },
    /// An envelope with its payload and one signature.
    Envelope(Envelope),
}

/// Who signed, as the bundle says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// The holder of a certificate's key.
    Certificate(Certificate),
    /// The holder of a key that is not in the bundle.
    Key {
        /// A hint at the key. Nothing authenticates it.
        hint: String,
    },
}

/// What a version asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 0.1: entries carry the log's promise; proofs may be missing.
    First,
    /// 0.2 and 0.3: entries carry a proof and a checkpoint.
    Later,
}

impl Bundle {
    /// Whether some JSON says of itself that it is a bundle.
    #[must_use]
    pub fn is_one(json: &[u8]) -> bool {
        #[derive(serde::Deserialize)]
        struct Kind {
            #[serde(rename = "mediaType")]
            media_type: String,
        }
        json.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice(json).is_ok_and(|kind: Kind| kind.media_type.starts_with(MEDIA_TYPE))
    }

    /// Reads a bundle.
    ///
    /// # Errors
    /// [`SigstoreError`].
    pub fn parse(json: &[u8]) -> Result<Self, SigstoreError> {
        if json.len() > BUNDLE_LIMIT {
            return Err(SigstoreError::TooLarge {
                limit: BUNDLE_LIMIT,
                found: json.len(),
            });
        }
        let read: json::Bundle = serde_json::from_slice(json).map_err(|error| SigstoreError::Shape {
            message: error.to_string(),
        })?;
        let version = version(&read.media_type)?;
        let content = content(read.message_signature, read.dsse_envelope)?;
        let material = read.verification_material;
        let (signer, others) = signer(
            material.certificate,
            material.x509_certificate_chain,
            material.public_key,
        )?;
        let stamps = material
            .timestamp_verification_data
            .map(|data| data.rfc3161_timestamps)
            .unwrap_or_default();
        if material.tlog_entries.len() > LIST_LIMIT || stamps.len() > LIST_LIMIT {
            return Err(json::wrong(
                "verificationMaterial",
                "of at most 32 entries and time stamps",
            ));
        }
        let entries = material
            .tlog_entries
            .into_iter()
            .map(|entry| Entry::read(entry, version))
            .collect::<Result<_, _>>()?;
        let timestamps = stamps
            .iter()
            // base64 of a token is wrapped by some tools, and readers of this mapping pass over the line ends
            .map(|stamp| json::bytes("signedTimestamp", &stamp.signed_timestamp.replace('\n', "")))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            signer,
            content,
            entries,
            timestamps,
            material: others,
        })
    }

    /// What is signed.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Who signed, as the bundle says.
    #[must_use]
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The signature, which is also what time stamps are over.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } => signature,
            Content::Envelope(envelope) => envelope
                .signatures
                .first()
                .map_or(&[], |signature| &signature.sig),
        }
    }
}

/// The most bytes of a bundle: 16 MiB, payload included.
pub const BUNDLE_LIMIT: usize = 16 << 20;

fn version(media_type: &str) -> Result<Version, SigstoreError> {
    match media_type {
        "application/vnd.dev.sigstore.bundle+json;version=0.1" => Ok(Version::First),
        "application/vnd.dev.sigstore.bundle+json;version=0.2"
        | "application/vnd.dev.sigstore.bundle+json;version=0.3"
        | "application/vnd.dev.sigstore.bundle.v0.3+json" => Ok(Version::Later),
        found => Err(SigstoreError::Version {
            found: found.to_owned(),
        }),
    }
}

fn content(
    message: Option<json::MessageSignature>,
    envelope: Option<crate::dsse::Json>,
) -> Result<Content, SigstoreError> {
    match (message, envelope) {
        (Some(message), None) => Ok(Content::Message {
            digest: message.message_digest.map(|read| digest(&read)).transpose()?,
            signature: json::bytes("signature", &message.signature)?,
        }),
        (None, Some(envelope)) => {
            let envelope = Envelope::from_json(envelope)?;
            match envelope.signatures.len() {
                1 => Ok(Content::Envelope(envelope)),
                _ => Err(json::wrong("dsseEnvelope", "signed once, as bundles need it")),
            }
        }
        _ => Err(json::wrong(
            "messageSignature",
            "there without dsseEnvelope, or the other way round",
        )),
    }
}

fn digest(read: &json::MessageDigest) -> Result<(Algorithm, Digest), SigstoreError> {
    let algorithm = algorithm_of(&read.algorithm).ok_or(json::wrong("messageDigest", "a SHA-2 digest"))?;
    let digest = json::bytes("messageDigest", &read.digest)?;
    let wrong = json::wrong("messageDigest", "as long as its algorithm makes it");
    if digest.len() != algorithm.len() {
        return Err(wrong);
    }
    Ok((algorithm, Digest::from_slice(&digest).map_err(|_| wrong)?))
}

/// The hash functions of bundles (HashAlgorithm of protobuf-specs).
pub(super) fn algorithm_of(name: &str) -> Option<Algorithm> {
    match name {
        "SHA2_256" => Some(Algorithm::Sha256),
        "SHA2_384" => Some(Algorithm::Sha384),
        "SHA2_512" => Some(Algorithm::Sha512),
        _ => None,
    }
}

fn signer(
    certificate: Option<json::Raw>,
    chain: Option<json::Chain>,
    key: Option<json::Hint>,
) -> Result<(Signer, Vec<Certificate>), SigstoreError> {
    let read = |raw: &json::Raw| -> Result<Certificate, SigstoreError> {
        Ok(Certificate::from_der(&json::bytes("rawBytes", &raw.raw_bytes)?)?)
    };
    match (certificate, chain, key) {
        (Some(raw), None, None) => Ok((Signer::Certificate(read(&raw)?), Vec::new())),
        (None, Some(chain), None) if chain.certificates.len() <= LIST_LIMIT => {
            let mut certificates = chain.certificates.iter().map(read);
            let first = certificates
                .next()
                .ok_or(json::wrong("x509CertificateChain", "at least one certificate"))??;
            Ok((
                Signer::Certificate(first),
                certificates.collect::<Result<_, _>>()?,
            ))
        }
        (None, None, Some(key)) => Ok((Signer::Key { hint: key.hint }, Vec::new())),
        _ => Err(json::wrong(
            "verificationMaterial",
            "one certificate, chain or key",
        )),
    }
}

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle";
const LIST_LIMIT: usize = 32;
