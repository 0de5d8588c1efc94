//! A certificate, read and not yet believed.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

use super::{CertificateError, extensions::Extensions, name};
use crate::{
    asn1::{Asn1Error, Der, INTEGER, SEQUENCE},
    digest, encoding,
    key::{KeyAlgorithm, KeyError, PublicKey, pem},
};

/// An X.509 certificate of version 3 (or an old one without extensions). It keeps its bytes; clones share them.
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    der: Vec<u8>,
    tbs: Vec<u8>,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    issuer_text: String,
    subject: Vec<u8>,
    subject_text: String,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
    spki: Vec<u8>,
    extensions: Extensions,
    inner_algorithm: Vec<u8>,
    outer_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate in DER (RFC 5280, section 4.1). Nothing may follow it.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > CERTIFICATE_LIMIT {
            return Err(CertificateError::TooMany {
                what: "bytes",
                limit: CERTIFICATE_LIMIT,
                found: der.len(),
            });
        }
        Ok(Self(Arc::new(Parts::read(der)?)))
    }

    /// The certificate's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The lower-case hex SHA-256 of [`Self::der`], which is how certificates are compared over the phone.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        encoding::hex(&digest::sha256(self.der()))
    }

    /// Whose certificate it is, as RFC 4514 writes names.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject_text
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer_text
    }

    /// Its serial number in lower-case hex, as the INTEGER's bytes stand.
    #[must_use]
    pub fn serial(&self) -> String {
        encoding::hex(&self.0.serial)
    }

    /// The first instant of its validity.
    #[must_use]
    pub fn not_before(&self) -> DateTime<Utc> {
        self.0.not_before
    }

    /// The last instant of its validity.
    #[must_use]
    pub fn not_after(&self) -> DateTime<Utc> {
        self.0.not_after
    }

    /// Whether it may vouch for others (basicConstraints with cA).
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.0.extensions.authority
    }

    /// Its public key, bound to an algorithm where one is given.
    ///
    /// # Errors
    /// [`KeyError`] for a key that is weak or not read here.
    pub fn public_key(&self, algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
        PublicKey::from_spki_der(&self.0.spki, algorithm)
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.0.spki
    }

    pub(crate) fn subject_der(&self) -> &[u8] {
        &self.0.subject
    }

    pub(crate) fn issuer_der(&self) -> &[u8] {
        &self.0.issuer
    }

    pub(crate) fn serial_bytes(&self) -> &[u8] {
        &self.0.serial
    }

    pub(crate) fn subject_key(&self) -> Option<&[u8]> {
        self.0.extensions.subject_key.as_deref()
    }

    pub(super) fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    pub(super) fn tbs(&self) -> &[u8] {
        &self.0.tbs
    }

    /// The AlgorithmIdentifiers inside and outside of what is signed.
    pub(super) fn algorithms(&self) -> (&[u8], &[u8]) {
        (&self.0.inner_algorithm, &self.0.outer_algorithm)
    }

    pub(super) fn signature(&self) -> &[u8] {
        &self.0.signature
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} {})", self.subject(), self.fingerprint())
    }
}

impl Parts {
    fn read(der: &[u8]) -> Result<Self, Asn1Error> {
        let mut outer = Der::new(der);
        let mut certificate = outer.enter(SEQUENCE, "a certificate")?;
        outer.end()?;
        let tbs = certificate.clone().element(SEQUENCE, "what is signed")?;
        let mut inside = certificate.enter(SEQUENCE, "what is signed")?;
        let outer_algorithm = certificate.element(SEQUENCE, "the signature's algorithm")?;
        let signature = certificate.bit_string()?;
        certificate.end()?;

        let version = match inside.optional(0xa0, "the version")? {
            None => 0,
            Some(mut version) => {
                let number = version.small(INTEGER, "version 2 or 3")?;
                version.end()?;
                number
            }
        };
        let serial = inside.integer("the serial number")?;
        let inner_algorithm = inside.element(SEQUENCE, "the signature's algorithm")?;
        let issuer = inside.element(SEQUENCE, "the issuer's name")?;
        let mut validity = inside.enter(SEQUENCE, "the validity")?;
        let not_before = validity.time(false, "the first instant of validity")?;
        let not_after = validity.time(false, "the last instant of validity")?;
        validity.end()?;
        let subject = inside.element(SEQUENCE, "the subject's name")?;
        let spki = inside.element(SEQUENCE, "the public key")?;
        for unique in [0x81, 0x82] {
            if inside.peek() == Some(unique) {
                inside.value(unique, "a unique identifier")?;
            }
        }
        let no_extensions = inside.wrong("extensions in version 3 only");
        let extensions = match inside.optional(0xa3, "the extensions")? {
            Some(_) if version != 2 => return Err(no_extensions),
            Some(mut list) => {
                let extensions = Extensions::read(&mut list)?;
                list.end()?;
                extensions
            }
            None if version > 2 => return Err(no_extensions),
            None => Extensions::default(),
        };
        inside.end()?;
        Ok(Self {
            der: der.to_vec(),
            tbs: tbs.to_vec(),
            serial: serial.to_vec(),
            issuer: issuer.to_vec(),
            issuer_text: name::written(issuer)?,
            subject: subject.to_vec(),
            subject_text: name::written(subject)?,
            not_before,
            not_after,
            spki: spki.to_vec(),
            extensions,
            inner_algorithm: inner_algorithm.to_vec(),
            outer_algorithm: outer_algorithm.to_vec(),
            signature: signature.to_vec(),
        })
    }
}

/// A certificate that somebody pinned as `x509-root`: where trust begins. It never comes out of a bundle.
///
/// It is usually a root authority's certificate, and may also be the signer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustAnchor(Certificate);

impl TrustAnchor {
    /// The word by which trust files call it where keys have their algorithm.
    pub const ALGORITHM: &'static str = "x509-root";

    /// Pins a certificate. Only what a person confirmed may come here.
    #[must_use]
    pub const fn pin(certificate: Certificate) -> Self {
        Self(certificate)
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.0
    }

    /// The lower-case hex SHA-256 of the certificate's DER.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint()
    }
}

/// Reads certificates from DER (one) or PEM (any number of `CERTIFICATE` blocks, with explanations between them).
///
/// # Errors
/// [`CertificateError`]. A PEM block of another kind refuses the text, and a private key is never repeated.
pub fn parse_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, CertificateError> {
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![Certificate::from_der(bytes)?]);
    }
    if bytes.len() > CERTIFICATE_LIMIT * CERTIFICATES {
        return Err(CertificateError::TooMany {
            what: "bytes",
            limit: CERTIFICATE_LIMIT * CERTIFICATES,
            found: bytes.len(),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CertificateError::Missing)?;
    let blocks = pem::certificates(text)?;
    if blocks.len() > CERTIFICATES {
        return Err(CertificateError::TooMany {
            what: "certificates",
            limit: CERTIFICATES,
            found: blocks.len(),
        });
    }
    if blocks.is_empty() {
        return Err(CertificateError::Missing);
    }
    blocks.iter().map(|der| Certificate::from_der(der)).collect()
}

/// The most bytes of one certificate: 64 KiB.
pub(crate) const CERTIFICATE_LIMIT: usize = 64 << 10;

/// The most certificates that are read from one place.
pub(crate) const CERTIFICATES: usize = 64;
