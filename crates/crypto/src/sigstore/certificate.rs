//! Whom a signing certificate is for, as Fulcio writes it.

use crate::{
    asn1::{Der, SEQUENCE},
    x509::Certificate,
};

/// The identity in a certificate. Anybody can get one for their own; pinned roots only say that it is not made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// An e-mail address or URI (the subject's alternative name).
    pub subject: String,
    /// Who vouched for the login: the address of an OpenID Connect issuer.
    pub issuer: String,
}

impl Identity {
    /// Reads the identity: the one alternative name that is an e-mail address or URI, and the issuer (1.3.6.1.4.1.57264.1.8,
    /// or .1 in older certificates). `None` where either is missing or the name is not alone.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Option<Self> {
        let mut names = Der::new(certificate.extension(ALTERNATIVE_NAME)?)
            .enter(SEQUENCE, "names")
            .ok()?;
        let subject = match names.peek()? {
            tag @ (EMAIL | URI) => names.value(tag, "a name").ok()?,
            _ => return None,
        };
        names.end().ok()?;
        let issuer = match certificate.extension(ISSUER) {
            Some(value) => {
                let mut value = Der::new(value);
                let text = value.value(UTF8, "an address").ok()?;
                value.end().ok()?;
                text
            }
            None => certificate.extension(OLD_ISSUER)?,
        };
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some(Self {
            subject: text(subject)?,
            issuer: text(issuer)?,
        })
    }
}

const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const ISSUER: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x08];
const OLD_ISSUER: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x01];
const EMAIL: u8 = 0x81; // rfc822Name
const URI: u8 = 0x86;
const UTF8: u8 = 0x0c;
