//! The certificate that a token's signed attributes name (RFC 2634, section 5.4; RFC 5035; RFC 5816).
//!
//! Without it anybody could put another certificate of the same key beside the token and so change who seems to have signed.

use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest as aws_digest};

use super::TimestampError;
use crate::{
    asn1::{Asn1Error, Der, OCTET_STRING, SEQUENCE},
    cms::Attributes,
    digest::Algorithm,
    scheme,
    x509::Certificate,
};

/// How the signed attributes bind the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// signingCertificateV2 with this hash function.
    V2(Algorithm),
    /// signingCertificate, the older form, whose only hash function is SHA-1.
    ///
    /// It is accepted for this one use: whoever wanted to put in another certificate would need a second preimage, which
    /// nobody can make for SHA-1, and a path to the pinned root besides.
    V1Sha1,
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V2(algorithm) => write!(f, "ESSCertIDv2 ({algorithm})"),
            Self::V1Sha1 => f.write_str("ESSCertID (SHA-1)"),
        }
    }
}

/// Checks that the first certificate which the attributes name is the signer's. Where both forms are there, both must hold.
pub(super) fn check(attributes: &Attributes, certificate: &Certificate) -> Result<Binding, TimestampError> {
    let v1 = attributes
        .certificate_v1
        .as_deref()
        .map(|value| check_v1(value, certificate))
        .transpose()?;
    let v2 = attributes
        .certificate_v2
        .as_deref()
        .map(|value| check_v2(value, certificate))
        .transpose()?;
    v2.or(v1).ok_or(TimestampError::Binding {
        expected: "a signed attribute that names the certificate",
    })
}

fn check_v1(value: &[u8], certificate: &Certificate) -> Result<Binding, TimestampError> {
    let mut id = first(value)?;
    let digest = id.value(OCTET_STRING, "a certificate's digest")?;
    if digest != aws_digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate.der()).as_ref() {
        return Err(other_certificate());
    }
    check_issuer(id, certificate)?;
    Ok(Binding::V1Sha1)
}

fn check_v2(value: &[u8], certificate: &Certificate) -> Result<Binding, TimestampError> {
    let mut id = first(value)?;
    let algorithm = if id.peek() == Some(SEQUENCE) {
        let (oid, parameters) = id.algorithm("a digest algorithm")?;
        scheme::read_digest(oid, parameters).map_err(|_| TimestampError::Binding {
            expected: "SHA-256, SHA-384 or SHA-512",
        })?
    } else {
        Algorithm::Sha256 // the default of RFC 5035
    };
    let digest = id.value(OCTET_STRING, "a certificate's digest")?;
    if digest != algorithm.of(certificate.der()).as_bytes() {
        return Err(other_certificate());
    }
    check_issuer(id, certificate)?;
    Ok(Binding::V2(algorithm))
}

/// The first ESSCertID; those after it name certificates of the path, which is found and verified without them.
fn first(value: &[u8]) -> Result<Der<'_>, Asn1Error> {
    let mut outer = Der::new(value);
    let mut inside = outer.enter(SEQUENCE, "a signing certificate")?;
    outer.end()?;
    let mut list = inside.enter(SEQUENCE, "a list of certificates")?;
    list.enter(SEQUENCE, "a certificate's identifier")
}

/// IssuerSerial, where it is there: `SEQUENCE { issuer GeneralNames, serialNumber INTEGER }`.
fn check_issuer(mut id: Der<'_>, certificate: &Certificate) -> Result<(), TimestampError> {
    if id.is_at_end() {
        return Ok(());
    }
    let mut pair = id.enter(SEQUENCE, "issuer and serial number")?;
    id.end()?;
    let mut names = pair.enter(SEQUENCE, "the issuer's names")?;
    let serial = pair.integer("a serial number")?;
    pair.end()?;
    let mut named = false;
    while !names.is_at_end() {
        match names.optional(0xa4, "a directory name")? {
            Some(mut name) => {
                named |= name.element(SEQUENCE, "a name")? == certificate.issuer_der();
                name.end()?;
            }
            None => {
                names.any("a name")?;
            }
        }
    }
    if named && serial == certificate.serial_bytes() {
        Ok(())
    } else {
        Err(other_certificate())
    }
}

const fn other_certificate() -> TimestampError {
    TimestampError::Binding {
        expected: "the signer's own certificate in the signed attributes",
    }
}
