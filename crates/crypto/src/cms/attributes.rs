//! The signed attributes of a CMS signer (RFC 5652, section 11).

use chrono::{DateTime, Utc};

use super::CmsError;
use crate::asn1::{Asn1Error, Der, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET};

/// Signed attributes, with the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// The DER of `SET OF Attribute`, under the tag of a SET (RFC 5652, section 5.4).
    pub(crate) signed: Vec<u8>,
    pub(crate) content_type: Vec<u8>,
    pub(crate) message_digest: Vec<u8>,
    /// What the signer says about the time; his word only.
    pub(crate) signing_time: Option<DateTime<Utc>>,
    /// The value of signingCertificate (RFC 2634), as it stands.
    pub(crate) certificate_v1: Option<Vec<u8>>,
    /// The value of signingCertificateV2 (RFC 5035), as it stands.
    pub(crate) certificate_v2: Option<Vec<u8>>,
}

impl Attributes {
    /// Reads the element that stands in a SignerInfo under the tag [0].
    pub(crate) fn read(element: &[u8], at: usize) -> Result<Self, CmsError> {
        let mut signed = element.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = SET;
        }
        let mut list = Der::inside(element, at).enter(0xa0, "signed attributes")?;
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut before: &[u8] = &[];
        let (mut content_type, mut message_digest, mut signing_time) = (None, None, None);
        let (mut certificate_v1, mut certificate_v2) = (None, None);
        while !list.is_at_end() {
            let whole = list.clone().element(SEQUENCE, "an attribute")?;
            if whole <= before {
                return Err(CmsError::Attributes {
                    expected: "the order of DER",
                });
            }
            before = whole;
            let mut attribute = list.enter(SEQUENCE, "an attribute")?;
            let oid = attribute.value(OBJECT_IDENTIFIER, "an attribute's identifier")?;
            let mut values = attribute.enter(SET, "an attribute's values")?;
            attribute.end()?;
            if seen.contains(&oid) || seen.len() == 32 {
                return Err(CmsError::Attributes {
                    expected: "every attribute once, and at most 32",
                });
            }
            seen.push(oid);
            match oid {
                CONTENT_TYPE => {
                    content_type = Some(values.value(OBJECT_IDENTIFIER, "a content type")?.to_vec());
                }
                MESSAGE_DIGEST => message_digest = Some(values.value(OCTET_STRING, "a digest")?.to_vec()),
                SIGNING_TIME => signing_time = Some(values.time(false, "a time")?),
                SIGNING_CERTIFICATE => certificate_v1 = Some(element_of(&mut values)?),
                SIGNING_CERTIFICATE_V2 => certificate_v2 = Some(element_of(&mut values)?),
                _ => continue,
            }
            values.end()?;
        }
        Ok(Self {
            signed,
            content_type: content_type.ok_or(CmsError::Attributes {
                expected: "a content type",
            })?,
            message_digest: message_digest.ok_or(CmsError::Attributes {
                expected: "a message digest",
            })?,
            signing_time,
            certificate_v1,
            certificate_v2,
        })
    }
}

fn element_of(values: &mut Der<'_>) -> Result<Vec<u8>, Asn1Error> {
    Ok(values.element(SEQUENCE, "a signing certificate")?.to_vec())
}

const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
