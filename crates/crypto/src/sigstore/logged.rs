//! What an entry of a Rekor log says, held against the bundle: the same signature by the same key over the same digest.

use serde::Deserialize;

use super::{SigstoreError, bundle::algorithm_of, entry::Entry, json};
use crate::{
    digest::{Algorithm, Digest},
    key::{PublicKey, parse_keys},
    x509::{Certificate, parse_certificates},
};

/// What the entry must say.
pub(super) struct Expected<'a> {
    pub signature: &'a [u8],
    pub verifier: Verifier<'a>,
    /// The payload of an envelope, where one is signed.
    pub payload: Option<&'a [u8]>,
    /// The digest of what is signed: the artefact, or the envelope's encoding.
    pub digest: &'a dyn Fn(Algorithm) -> Result<Digest, SigstoreError>,
}

/// By what the signature is verified.
#[derive(Clone, Copy)]
pub(super) enum Verifier<'a> {
    Certificate(&'a Certificate),
    Key(&'a PublicKey),
}

impl Entry {
    /// Holds the entry's body against the bundle.
    pub fn verify_body(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        let body: Body = serde_json::from_slice(&self.body).map_err(|error| SigstoreError::Shape {
            message: error.to_string(),
        })?;
        if body.kind != self.kind || body.api_version != self.version {
            return Err(other("kind"));
        }
        let spec = body.spec;
        match (body.kind.as_str(), body.api_version.as_str()) {
            ("hashedrekord", "0.0.1") => read::<HashedRekord1>(spec)?.hold(expected),
            ("hashedrekord", "0.0.2") => read::<HashedRekord2>(spec)?.hashed_rekord_v002.hold(expected),
            ("dsse", "0.0.1") => read::<Dsse1>(spec)?.hold(expected),
            ("dsse", "0.0.2") => read::<Dsse2>(spec)?.dsse_v002.hold(expected),
            ("intoto", "0.0.2") => read::<Intoto2>(spec)?.content.hold(expected),
            _ => Err(SigstoreError::EntryKind {
                kind: body.kind,
                version: body.api_version,
            }),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    api_version: String,
    kind: String,
    spec: serde_json::Value,
}

#[derive(Deserialize)]
struct HashedRekord1 {
    data: HashedData,
    signature: Signature1,
}

#[derive(Deserialize)]
struct HashedData {
    hash: Hash,
}

#[derive(Deserialize)]
struct Hash {
    algorithm: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signature1 {
    content: String,
    public_key: Content1,
}

#[derive(Deserialize)]
struct Content1 {
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HashedRekord2 {
    hashed_rekord_v002: HashedSpec2,
}

#[derive(Deserialize)]
struct HashedSpec2 {
    data: Digest2,
    signature: Signature2,
}

#[derive(Deserialize)]
struct Digest2 {
    algorithm: String,
    digest: String,
}

#[derive(Deserialize)]
struct Signature2 {
    content: String,
    verifier: Verifier2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verifier2 {
    x509_certificate: Option<json::Raw>,
    public_key: Option<json::Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dsse1 {
    payload_hash: Hash,
    signatures: Vec<DsseSignature1>,
}

#[derive(Deserialize)]
struct DsseSignature1 {
    signature: String,
    verifier: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dsse2 {
    dsse_v002: DsseSpec2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DsseSpec2 {
    payload_hash: Digest2,
    signatures: Vec<Signature2>,
}

#[derive(Deserialize)]
struct Intoto2 {
    content: IntotoContent,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntotoContent {
    envelope: IntotoEnvelope,
    payload_hash: Hash,
}

#[derive(Deserialize)]
struct IntotoEnvelope {
    signatures: Vec<IntotoSignature>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntotoSignature {
    sig: String,
    public_key: String,
}

impl HashedRekord1 {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        self.data.hash.hold(&|algorithm| (expected.digest)(algorithm))?;
        hold_signature(expected, &json::bytes("content", &self.signature.content)?)?;
        expected.verifier.hold_pem(&self.signature.public_key.content)
    }
}

impl HashedSpec2 {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        self.data.hold(&|algorithm| (expected.digest)(algorithm))?;
        self.signature.hold(expected)
    }
}

impl Dsse1 {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        self.payload_hash.hold(&|algorithm| expected.payload(algorithm))?;
        let [signature] = &self.signatures[..] else {
            return Err(other("number of signatures"));
        };
        hold_signature(expected, &json::bytes("signature", &signature.signature)?)?;
        expected.verifier.hold_pem(&signature.verifier)
    }
}

impl DsseSpec2 {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        self.payload_hash.hold(&|algorithm| expected.payload(algorithm))?;
        match &self.signatures[..] {
            [signature] => signature.hold(expected),
            _ => Err(other("number of signatures")),
        }
    }
}

impl IntotoContent {
    /// The signature stands there as the base64 of its base64.
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        self.payload_hash.hold(&|algorithm| expected.payload(algorithm))?;
        let [signature] = &self.envelope.signatures[..] else {
            return Err(other("number of signatures"));
        };
        let text = json::bytes("sig", &signature.sig)?;
        let text = String::from_utf8(text).map_err(|_| other("signature"))?;
        hold_signature(expected, &json::bytes("sig", &text)?)?;
        expected.verifier.hold_pem(&signature.public_key)
    }
}

impl Signature2 {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), SigstoreError> {
        hold_signature(expected, &json::bytes("content", &self.content)?)?;
        let same = match (
            &self.verifier.x509_certificate,
            &self.verifier.public_key,
            expected.verifier,
        ) {
            (Some(raw), None, Verifier::Certificate(own)) => {
                json::bytes("rawBytes", &raw.raw_bytes)? == own.der()
            }
            (None, Some(raw), Verifier::Key(own)) => is_key(&json::bytes("rawBytes", &raw.raw_bytes)?, own),
            _ => false,
        };
        if same { Ok(()) } else { Err(other("key")) }
    }
}

impl Hash {
    fn hold(&self, digest: &dyn Fn(Algorithm) -> Result<Digest, SigstoreError>) -> Result<(), SigstoreError> {
        let algorithm = match self.algorithm.as_str() {
            "sha256" => Algorithm::Sha256,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            _ => return Err(json::wrong("algorithm", "a SHA-2 function")),
        };
        if self.value == digest(algorithm)?.hex() {
            Ok(())
        } else {
            Err(other("digest"))
        }
    }
}

impl Digest2 {
    fn hold(&self, digest: &dyn Fn(Algorithm) -> Result<Digest, SigstoreError>) -> Result<(), SigstoreError> {
        let algorithm = algorithm_of(&self.algorithm).ok_or(json::wrong("algorithm", "a SHA-2 function"))?;
        if json::bytes("digest", &self.digest)? == digest(algorithm)?.as_bytes() {
            Ok(())
        } else {
            Err(other("digest"))
        }
    }
}

impl Expected<'_> {
    fn payload(&self, algorithm: Algorithm) -> Result<Digest, SigstoreError> {
        self.payload
            .map(|payload| algorithm.of(payload))
            .ok_or_else(|| other("kind"))
    }
}

impl Verifier<'_> {
    /// Holds a certificate or key, as base64 of its PEM, against the one that verified.
    fn hold_pem(self, text: &str) -> Result<(), SigstoreError> {
        let pem = json::bytes("publicKey", text)?;
        let same = match self {
            Self::Certificate(own) => {
                matches!(&parse_certificates(&pem)?[..], [logged] if logged == own)
            }
            Self::Key(own) => matches!(
                parse_keys(&pem, None).as_deref(),
                Ok([logged]) if logged.key.spki_der() == own.spki_der()
            ),
        };
        if same { Ok(()) } else { Err(other("key")) }
    }
}

fn hold_signature(expected: &Expected<'_>, found: &[u8]) -> Result<(), SigstoreError> {
    if found == expected.signature {
        Ok(())
    } else {
        Err(other("signature"))
    }
}

fn is_key(spki: &[u8], own: &PublicKey) -> bool {
    let same = |logged: PublicKey| logged.spki_der() == own.spki_der();
    PublicKey::from_spki_der(spki, Some(own.algorithm())).is_ok_and(same)
}

fn read<T: for<'de> Deserialize<'de>>(spec: serde_json::Value) -> Result<T, SigstoreError> {
    serde_json::from_value(spec).map_err(|error| SigstoreError::Shape {
        message: error.to_string(),
    })
}

const fn other(what: &'static str) -> SigstoreError {
    SigstoreError::OtherEntry { what }
}

/// The id by which logs of version 1 and certificate logs are named: SHA-256 of the key.
#[cfg(test)]
pub(super) fn log_id(key: &PublicKey) -> String {
    crate::encoding::base64(&crate::digest::sha256(key.spki_der()))
}
