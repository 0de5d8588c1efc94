//! SignedData, read and not yet believed (RFC 5652, section 5.1).

use super::{Attributes, CmsError};
use crate::{
    asn1::{self, Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET},
    digest::Algorithm,
    encoding,
    key::pem,
    message::Message,
    scheme::{self, Scheme},
    x509::Certificate,
};

/// A CMS signature as it was read. It says nothing yet about its truth.
#[derive(Debug, Clone)]
pub struct SignedData {
    pub(crate) content_type: Vec<u8>,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) signers: Vec<SignerInfo>,
}

/// One signer (RFC 5652, section 5.3).
#[derive(Debug, Clone)]
pub(crate) struct SignerInfo {
    pub(crate) id: SignerId,
    pub(crate) digest: Algorithm,
    pub(crate) attributes: Option<Attributes>,
    pub(crate) scheme: Scheme,
    pub(crate) signature: Vec<u8>,
}

/// How a signer is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignerId {
    Serial { issuer: Vec<u8>, serial: Vec<u8> },
    Key(Vec<u8>),
}

impl SignedData {
    /// Reads a signature from DER, or from PEM with the label `CMS` or `PKCS7`. Nothing may follow it.
    ///
    /// # Errors
    /// [`CmsError`]. Weak digest and signature algorithms are refused here already.
    pub fn parse(bytes: &[u8]) -> Result<Self, CmsError> {
        if bytes.len() > CMS_LIMIT {
            return Err(CmsError::TooLarge {
                limit: CMS_LIMIT,
                found: bytes.len(),
            });
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if text.trim_start().starts_with("-----BEGIN ") => {
                Self::from_der(&pem::only(text, &["CMS", "PKCS7"])?)
            }
            _ => Self::from_der(bytes),
        }
    }

    /// Reads a ContentInfo in DER.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, CmsError> {
        let mut outer = Der::new(der);
        let mut info = outer.enter(SEQUENCE, "a ContentInfo")?;
        outer.end()?;
        let oid = info.value(OBJECT_IDENTIFIER, "a content type")?;
        if oid != SIGNED_DATA {
            return Err(CmsError::NotSigned {
                oid: asn1::dotted(oid),
            });
        }
        let mut explicit = info.enter(0xa0, "the content")?;
        info.end()?;
        let mut signed = explicit.enter(SEQUENCE, "SignedData")?;
        explicit.end()?;

        let wrong_version = signed.wrong("version 1, 3, 4 or 5");
        if !matches!(signed.small(INTEGER, "a version")?, 1 | 3..=5) {
            return Err(wrong_version.into());
        }
        // The digests that are announced for the whole; each signer names its own, and that one counts.
        signed.value(SET, "digest algorithms")?;
        let mut encapsulated = signed.enter(SEQUENCE, "the encapsulated content")?;
        let content_type = encapsulated.value(OBJECT_IDENTIFIER, "a content type")?.to_vec();
        let content = match encapsulated.optional(0xa0, "the content")? {
            Some(mut explicit) => {
                let content = explicit.value(OCTET_STRING, "the content in one piece")?.to_vec();
                explicit.end()?;
                Some(content)
            }
            None => None,
        };
        encapsulated.end()?;
        let certificates = match signed.optional(0xa0, "certificates")? {
            Some(list) => read_certificates(list)?,
            None => Vec::new(),
        };
        if signed.peek() == Some(0xa1) {
            signed.value(0xa1, "revocation lists")?; // not read; every answer says that revocation was not checked
        }
        let mut list = signed.enter(SET, "signers")?;
        signed.end()?;
        let mut signers = Vec::new();
        while !list.is_at_end() {
            signers.push(SignerInfo::read(&mut list)?);
            if signers.len() > SIGNERS {
                break;
            }
        }
        if signers.is_empty() || signers.len() > SIGNERS {
            return Err(CmsError::Signers {
                limit: SIGNERS,
                found: signers.len(),
            });
        }
        Ok(Self {
            content_type,
            content,
            certificates,
            signers,
        })
    }

    /// What takes in the message: the digests that its signers name.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::hashed(self.signers.iter().map(|signer| signer.digest))
    }

    /// The content, where the signature carries it instead of being detached.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The type of the content in dotted numbers: `1.2.840.113549.1.7.1` for plain data.
    #[must_use]
    pub fn content_type(&self) -> String {
        asn1::dotted(&self.content_type)
    }

    /// The certificates that came along: material for the path, trusted by nobody.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many signers there are; at least one.
    #[must_use]
    pub fn signers(&self) -> usize {
        self.signers.len()
    }
}

/// Certificates of X.509; attribute certificates and other formats are passed over.
fn read_certificates(mut list: Der<'_>) -> Result<Vec<Certificate>, CmsError> {
    let mut certificates = Vec::new();
    while !list.is_at_end() {
        let element = list.any("a certificate")?;
        if element.first() == Some(&SEQUENCE) {
            certificates.push(Certificate::from_der(element)?);
        }
        if certificates.len() > CERTIFICATES {
            return Err(list.wrong("at most 32 certificates").into());
        }
    }
    Ok(certificates)
}

impl SignerInfo {
    fn read(list: &mut Der<'_>) -> Result<Self, CmsError> {
        let mut info = list.enter(SEQUENCE, "a signer")?;
        let wrong_version = info.wrong("version 1 with a serial number, or 3 with a key identifier");
        let version = info.small(INTEGER, "a version")?;
        let id = if info.peek() == Some(0x80) {
            SignerId::Key(info.value(0x80, "a key identifier")?.to_vec())
        } else {
            let mut pair = info.enter(SEQUENCE, "issuer and serial number")?;
            let issuer = pair.element(SEQUENCE, "an issuer")?.to_vec();
            let serial = pair.integer("a serial number")?.to_vec();
            pair.end()?;
            SignerId::Serial { issuer, serial }
        };
        if version != if matches!(id, SignerId::Key(_)) { 3 } else { 1 } {
            return Err(wrong_version.into());
        }
        let (oid, parameters) = info.algorithm("a digest algorithm")?;
        let digest = scheme::read_digest(oid, parameters)?;
        let at = info.position();
        let attributes = if info.peek() == Some(0xa0) {
            Some(Attributes::read(info.element(0xa0, "signed attributes")?, at)?)
        } else {
            None
        };
        let (oid, parameters) = info.algorithm("a signature algorithm")?;
        let scheme = Scheme::read(oid, parameters, Some(digest))?;
        let signature = info.value(OCTET_STRING, "a signature")?.to_vec();
        if info.peek() == Some(0xa1) {
            info.value(0xa1, "unsigned attributes")?; // nobody signed them, so they prove nothing
        }
        info.end()?;
        Ok(Self {
            id,
            digest,
            attributes,
            scheme,
            signature,
        })
    }
}

impl SignerId {
    /// Whether a certificate is the one that is named.
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Serial { issuer, serial } => {
                certificate.issuer_der() == issuer && certificate.serial_bytes() == serial
            }
            Self::Key(id) => certificate.subject_key() == Some(id),
        }
    }

    /// How a fault names the signer.
    pub(crate) fn said(&self) -> String {
        match self {
            Self::Serial { serial, .. } => format!("serial number {}", encoding::hex(serial)),
            Self::Key(id) => format!("key identifier {}", encoding::hex(id)),
        }
    }
}

/// The most bytes that are read as CMS: 64 MiB, for signatures that carry their content.
pub(crate) const CMS_LIMIT: usize = 64 << 20;

/// The most signers of one signature.
const SIGNERS: usize = 8;

/// The most certificates that come along.
const CERTIFICATES: usize = 32;

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
