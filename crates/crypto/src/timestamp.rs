//! Time stamps of a third party (RFC 3161, RFC 5816): a signed statement that a digest existed at a time.
//!
//! A token is CMS SignedData over a TSTInfo. It is believed when its digest is that of the message, its signature is that
//! of the certificate which the signed attributes bind (ESSCertID), that certificate is for time stamping alone and its path
//! to a pinned root was valid at the time which the token states.

mod binding;
mod error;
mod info;

use chrono::{DateTime, TimeDelta, Utc};

pub use binding::Binding;
pub use error::TimestampError;
pub use info::Accuracy;

use crate::{
    asn1::{self, Der, INTEGER, SEQUENCE},
    cms::{CmsError, CmsRequest, SignedData},
    digest::{Algorithm, Digest},
    encoding,
    message::Message,
    x509::{Certificate, Path, Purpose, TrustAnchor},
};
use info::Info;

/// A time stamp token as it was read. It says nothing yet about its truth.
#[derive(Debug, Clone)]
pub struct Token {
    signed: SignedData,
    info: Info,
}

/// A time that a pinned authority vouches for: the message existed no later than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// The time that the token states.
    pub time: DateTime<Utc>,
    /// How far the true time may lie from it, where the token says so.
    pub accuracy: Option<Accuracy>,
    /// The authority's policy in dotted numbers.
    pub policy: String,
    /// The token's serial number in lower-case hex.
    pub serial: String,
    /// The hash function of the message.
    pub imprint: Algorithm,
    /// Whose certificate signed, as RFC 4514 writes names.
    pub signer: String,
    /// The hash function by which the signed attributes bind that certificate.
    pub binding: Binding,
    /// The way to the pinned root, valid at that time; its revocation was not checked.
    pub path: Path,
}

impl Timestamp {
    /// The latest instant that the statement allows: the time plus its accuracy.
    #[must_use]
    pub fn latest(&self) -> DateTime<Utc> {
        let accuracy = self.accuracy.map_or(TimeDelta::zero(), Accuracy::as_delta);
        self.time.checked_add_signed(accuracy).unwrap_or(self.time)
    }
}

impl Token {
    /// Reads a TimeStampResp (`.tsr`) or a bare token (`.tst`) in DER.
    ///
    /// # Errors
    /// [`TimestampError`]; [`TimestampError::Refused`] for a response by which the authority refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, TimestampError> {
        if bytes.len() > TOKEN_LIMIT {
            return Err(TimestampError::TooLarge {
                limit: TOKEN_LIMIT,
                found: bytes.len(),
            });
        }
        let signed = SignedData::from_der(token_of(bytes)?)?;
        if signed.content_type != TST_INFO {
            return Err(TimestampError::NotTimestamp {
                oid: asn1::dotted(&signed.content_type),
            });
        }
        let [_] = &signed.signers[..] else {
            return Err(TimestampError::Signers {
                found: signed.signers.len(),
            });
        };
        let info = Info::read(signed.content.as_deref().ok_or(TimestampError::NoInfo)?)?;
        Ok(Self { signed, info })
    }

    /// What takes in the message: the digest that the token names.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::hashed([self.info.imprint.0])
    }

    /// The time that the token states; believed only after [`Self::verify`].
    #[must_use]
    pub const fn stated_time(&self) -> DateTime<Utc> {
        self.info.time
    }

    /// The hash function and the digest of the message, as the token states them.
    #[must_use]
    pub fn imprint(&self) -> (Algorithm, &[u8]) {
        (self.info.imprint.0, &self.info.imprint.1)
    }

    /// The certificates that came along: material for the path, trusted by nobody.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        self.signed.certificates()
    }

    /// Verifies that a pinned authority vouches for the message. The moment of the path is the time that the token states.
    ///
    /// # Errors
    /// [`TimestampError`].
    pub fn verify(
        &self,
        message: &Message,
        anchors: &[TrustAnchor],
        material: &[Certificate],
    ) -> Result<Timestamp, TimestampError> {
        self.verify_digest(&message.digest(self.info.imprint.0)?, anchors, material)
    }

    /// The same where the message's digest is already known, such as the head of a chain; [`Self::imprint`] tells the hash
    /// function. Whoever calls this vouches that the digest is of that function.
    ///
    /// # Errors
    /// [`TimestampError`].
    pub fn verify_digest(
        &self,
        digest: &Digest,
        anchors: &[TrustAnchor],
        material: &[Certificate],
    ) -> Result<Timestamp, TimestampError> {
        let (algorithm, expected) = self.imprint();
        if digest.as_bytes() != expected {
            return Err(TimestampError::Imprint {
                expected: encoding::hex(expected),
                found: digest.hex(),
            });
        }
        let (Some(signer), Some(content)) = (self.signed.signers.first(), &self.signed.content) else {
            return Err(TimestampError::NoInfo);
        };
        let attributes = signer.attributes.as_ref().ok_or(CmsError::Attributes {
            expected: "signed attributes for this type of content",
        })?;
        let request = CmsRequest {
            anchors,
            material,
            moment: self.info.time,
            purpose: Purpose::TimeStamping,
        };
        let path = self
            .signed
            .verify_signer(signer, &signer.digest.of(content), &request)?;
        let certificate = path.certificates.first().ok_or(TimestampError::NoInfo)?;
        let binding = binding::check(attributes, certificate)?;
        Ok(Timestamp {
            time: self.info.time,
            accuracy: self.info.accuracy,
            policy: asn1::dotted(&self.info.policy),
            serial: encoding::hex(&self.info.serial),
            imprint: algorithm,
            signer: certificate.subject().to_owned(),
            binding,
            path,
        })
    }
}

/// The token inside a response whose status says that it was granted (RFC 3161, section 2.4.2), or the bytes themselves.
fn token_of(bytes: &[u8]) -> Result<&[u8], TimestampError> {
    let mut outer = Der::new(bytes);
    let mut response = outer.enter(SEQUENCE, "a time stamp")?;
    if response.peek() != Some(SEQUENCE) {
        return Ok(bytes);
    }
    outer.end()?;
    let mut status = response.enter(SEQUENCE, "a status")?;
    // The text and the reasons beside the status inform only, where the status is read.
    match status.small(INTEGER, "a status")? {
        0 | 1 => {}
        status => return Err(TimestampError::Refused { status }),
    }
    let token = response.element(SEQUENCE, "a token")?;
    response.end()?;
    Ok(token)
}

/// The most bytes of a token: 1 MiB. Genuine ones have a few KiB.
pub const TOKEN_LIMIT: usize = 1 << 20;

const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

#[cfg(test)]
mod tests;
