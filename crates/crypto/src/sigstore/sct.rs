//! Signed certificate timestamps in a certificate (RFC 6962, sections 3.2 and 3.3): a log's promise to show it.

use chrono::{DateTime, Utc};

use super::{SigstoreError, root::Log};
use crate::{
    asn1::{Der, OCTET_STRING},
    digest,
    signature::EcdsaForm,
    x509::Certificate,
};

/// Verifies that at least one of the given logs promised to show the certificate.
///
/// ```text
/// signed = 00 00 ‖ u64 time ‖ 00 01 ‖ SHA-256(issuer's key) ‖ u24 length ‖ body without the promises ‖ u16 length ‖ extensions
/// ```
pub(super) fn verify(
    certificate: &Certificate,
    issuer: &Certificate,
    logs: &[Log],
) -> Result<(), SigstoreError> {
    promised(certificate, issuer, logs).ok_or(SigstoreError::NoSct)
}

fn promised(certificate: &Certificate, issuer: &Certificate, logs: &[Log]) -> Option<()> {
    let mut value = Der::new(certificate.extension(PROMISES)?);
    let list = value.value(OCTET_STRING, "a list of promises").ok()?;
    value.end().ok()?;
    let body = certificate.body_without(PROMISES)?;
    let issuer = digest::sha256(issuer.spki());
    let mut list = Reader(list).vector()?;
    while !list.0.is_empty() {
        let promise = list.vector()?;
        if Promise::read(promise).is_some_and(|promise| promise.is_by(logs, &issuer, &body)) {
            return Some(());
        }
    }
    None
}

struct Promise<'a> {
    log: &'a [u8],
    time: [u8; 8],
    extensions: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Promise<'a> {
    fn read(mut from: Reader<'a>) -> Option<Self> {
        let [0] = from.take(1)? else { return None };
        let log = from.take(32)?;
        let time = *from.take(8)?.first_chunk()?;
        let extensions = from.vector()?.0;
        // SHA-256, with ECDSA or RSA; which of them is the key's to say
        let [4, 1 | 3] = from.take(2)? else { return None };
        let signature = from.vector()?.0;
        from.0.is_empty().then_some(Self {
            log,
            time,
            extensions,
            signature,
        })
    }

    fn is_by(&self, logs: &[Log], issuer: &[u8; 32], body: &[u8]) -> bool {
        let time = i64::try_from(u64::from_be_bytes(self.time))
            .ok()
            .and_then(DateTime::<Utc>::from_timestamp_millis);
        let (Some(time), Some(signed)) = (time, self.signed(issuer, body)) else {
            return false;
        };
        logs.iter()
            .filter(|log| log.id == self.log && log.window.holds(time))
            .any(|log| log.key.verify(&signed, self.signature, EcdsaForm::Der).is_ok())
    }

    fn signed(&self, issuer: &[u8; 32], body: &[u8]) -> Option<Vec<u8>> {
        let [0, length @ ..] = u32::try_from(body.len()).ok()?.to_be_bytes() else {
            return None;
        };
        let extensions = u16::try_from(self.extensions.len()).ok()?.to_be_bytes();
        Some(
            [
                &[0, 0],
                &self.time[..],
                &[0, 1],
                issuer,
                &length,
                body,
                &extensions,
                self.extensions,
            ]
            .concat(),
        )
    }
}

/// Bytes in TLS's presentation (RFC 8446, section 3).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// Bytes after their length in two bytes.
    fn vector(&mut self) -> Option<Self> {
        let length = u16::from_be_bytes(*self.take(2)?.first_chunk()?);
        self.take(usize::from(length)).map(Reader)
    }
}

/// 1.3.6.1.4.1.11129.2.4.2
const PROMISES: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02];
