//! What stands in a certificate beside what a path needs: single extensions, and what was signed before one was added.

use super::{Certificate, CertificateFault, path};
use crate::asn1::{self, BOOLEAN, Der, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

impl Certificate {
    /// The value of an extension by its object identifier (its DER content without tag and length), where it is there.
    #[must_use]
    pub(crate) fn extension(&self, oid: &[u8]) -> Option<&[u8]> {
        let (_, list) = split(self.tbs())?;
        let mut list = Der::new(list);
        while !list.is_at_end() {
            let mut extension = list.enter(SEQUENCE, "an extension").ok()?;
            if extension.value(OBJECT_IDENTIFIER, "its identifier").ok()? != oid {
                continue;
            }
            if extension.peek() == Some(BOOLEAN) {
                extension.boolean("whether it is critical").ok()?;
            }
            return extension.value(OCTET_STRING, "its value").ok();
        }
        None
    }

    /// What the authority signed before it added one extension (RFC 6962, section 3.2: the precertificate's body).
    pub(crate) fn body_without(&self, oid: &[u8]) -> Option<Vec<u8>> {
        let (before, list) = split(self.tbs())?;
        let mut kept = Vec::with_capacity(list.len());
        let mut list = Der::new(list);
        while !list.is_at_end() {
            let whole = list.element(SEQUENCE, "an extension").ok()?;
            let mut extension = Der::new(whole).enter(SEQUENCE, "an extension").ok()?;
            if extension.value(OBJECT_IDENTIFIER, "its identifier").ok()? != oid {
                kept.extend_from_slice(whole);
            }
        }
        let extensions = asn1::element(0xa3, &asn1::element(SEQUENCE, &kept));
        Some(asn1::element(SEQUENCE, &[before, &extensions].concat()))
    }

    /// Verifies that a key, as SubjectPublicKeyInfo, signed the certificate. No name, date or purpose is looked at.
    ///
    /// # Errors
    /// [`CertificateFault`].
    pub(crate) fn verify_signed_by(&self, spki: &[u8]) -> Result<(), CertificateFault> {
        path::verify_signature(spki, self)
    }
}

/// The fields before the extensions, and the extensions one after the other.
fn split(tbs: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut inside = Der::new(tbs).enter(SEQUENCE, "what is signed").ok()?;
    let all = inside.rest();
    while inside.peek() != Some(0xa3) {
        inside.any("a field").ok()?;
    }
    let before = all.get(..all.len() - inside.rest().len())?;
    let list = inside
        .enter(0xa3, "extensions")
        .ok()?
        .value(SEQUENCE, "extensions")
        .ok()?;
    Some((before, list))
}
