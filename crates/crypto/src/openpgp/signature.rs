//! A signature packet (RFC 9580, section 5.2.3, version 4).

use chrono::{DateTime, Utc};

use super::{
    OpenPgpError, armor,
    key::{self, Key},
    packet::{self, Reader, malformed},
    subpacket::Subpackets,
};
use crate::{
    digest::{Algorithm, Hasher},
    encoding,
    message::Message,
    signature::SignatureError,
};

/// A signature as it was read. It says nothing yet about its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub(super) kind: u8,
    algorithm: u8,
    hash: Algorithm,
    /// From the version to the end of the signed subpackets: part of what is hashed.
    head: Vec<u8>,
    pub(super) said: Subpackets,
    left: [u8; 2],
    value: Value,
}

/// The numbers of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// RSA's number.
    One(Vec<u8>),
    /// r and s of ECDSA and of the older EdDSA.
    Two(Vec<u8>, Vec<u8>),
    /// Ed25519's 64 bytes.
    Whole([u8; 64]),
}

impl Signature {
    /// Reads a detached signature, armored or binary: exactly one, over a document.
    ///
    /// # Errors
    /// [`OpenPgpError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, OpenPgpError> {
        if bytes.len() > SIGNATURE_LIMIT {
            return Err(OpenPgpError::TooLarge {
                limit: SIGNATURE_LIMIT,
                found: bytes.len(),
            });
        }
        let bytes = armor::unarmored(bytes, "SIGNATURE")?;
        let signature = match packet::split(&bytes)?.as_slice() {
            [packet] if packet.kind == packet::SIGNATURE => Self::read(packet.body)?,
            _ => return Err(malformed("exactly one signature")),
        };
        if !matches!(signature.kind, BINARY | TEXT) {
            return Err(OpenPgpError::NotDocument {
                found: signature.kind,
            });
        }
        match signature.said.unknown_critical {
            Some(found) => Err(OpenPgpError::Critical { found }),
            None => Ok(signature),
        }
    }

    /// Reads the body of a signature packet of any type.
    pub(super) fn read(body: &[u8]) -> Result<Self, OpenPgpError> {
        let mut reader = Reader::new(body);
        let version = reader.byte()?;
        if version != 4 {
            return Err(OpenPgpError::Version {
                what: "signature",
                found: version,
            });
        }
        let (kind, algorithm, hash) = (reader.byte()?, reader.byte()?, reader.byte()?);
        let length = reader.short()?;
        let signed = reader.take(length.into())?;
        let (head, _) = body.split_at(body.len() - reader.rest.len());
        let length = reader.short()?;
        let unsigned = reader.take(length.into())?;
        let said = Subpackets::read(signed, unsigned)?;
        let left = reader.array()?;
        let hash = read_hash(hash)?;
        let value = match algorithm {
            key::RSA | key::RSA_SIGNING => Value::One(reader.number()?.to_vec()),
            key::ECDSA | key::EDDSA_LEGACY => {
                Value::Two(reader.number()?.to_vec(), reader.number()?.to_vec())
            }
            key::ED25519 => Value::Whole(reader.array()?),
            found => {
                return Err(OpenPgpError::Algorithm {
                    what: "public key",
                    found,
                });
            }
        };
        reader.end()?;
        Ok(Self {
            kind,
            algorithm,
            hash,
            head: head.to_vec(),
            said,
            left,
            value,
        })
    }

    /// What takes in the message: its digest, over CR LF line ends for a signature over a text.
    #[must_use]
    pub fn message(&self) -> Message {
        let message = Message::hashed([self.hash]);
        if self.kind == TEXT {
            message.with_crlf()
        } else {
            message
        }
    }

    /// When the signature says it was made: the signer's word only.
    #[must_use]
    pub fn stated_time(&self) -> DateTime<Utc> {
        seconds(self.said.created)
    }

    /// Who the signature says made it, in upper-case hex: a fingerprint, or the end of one, or nothing.
    #[must_use]
    pub fn issuer(&self) -> String {
        let fingerprint = self.said.issuer_fingerprint.as_deref();
        let named = fingerprint.or(self.said.issuer.as_ref().map(<[u8; 8]>::as_slice));
        named.map_or_else(String::new, |named| encoding::hex(named).to_uppercase())
    }

    pub(super) const fn hash(&self) -> Algorithm {
        self.hash
    }

    /// Whether a key may have made it, by what it says of its issuer.
    pub(super) fn may_be_of(&self, key: &Key) -> bool {
        key.is_named(self.said.issuer_fingerprint.as_deref(), self.said.issuer.as_ref())
    }

    /// Verifies it under a key; the hasher has taken in what is signed (RFC 9580, section 5.2.4).
    pub(super) fn verify_hashed(&self, key: &Key, mut hasher: Hasher) -> Result<(), OpenPgpError> {
        if let Some(found) = self.said.unknown_critical {
            return Err(OpenPgpError::Critical { found });
        }
        hasher.update(&self.head);
        hasher.update(&[4, 0xff]);
        hasher.update(&(self.head.len() as u32).to_be_bytes()); // 6 bytes and at most 65,535
        let digest = hasher.finish();
        if !digest.as_bytes().starts_with(&self.left) {
            return Err(SignatureError::Mismatch.into());
        }
        key.verify(self.algorithm, self.hash, &digest, &self.value)
    }
}

/// Reads the number of a hash function (RFC 9580, section 9.5).
fn read_hash(number: u8) -> Result<Algorithm, OpenPgpError> {
    match number {
        8 => Ok(Algorithm::Sha256),
        9 => Ok(Algorithm::Sha384),
        10 => Ok(Algorithm::Sha512),
        12 => Ok(Algorithm::Sha3_256),
        14 => Ok(Algorithm::Sha3_512),
        1 => Err(OpenPgpError::Weak { name: "MD5" }),
        2 => Err(OpenPgpError::Weak { name: "SHA-1" }),
        3 => Err(OpenPgpError::Weak { name: "RIPEMD-160" }),
        11 => Err(OpenPgpError::Weak { name: "SHA-224" }),
        found => Err(OpenPgpError::Algorithm { what: "hash", found }),
    }
}

pub(super) fn seconds(seconds: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds.into(), 0).unwrap_or_default() // u32 seconds always lie in range
}

/// The most bytes of a detached signature: 64 KiB.
const SIGNATURE_LIMIT: usize = 64 << 10;

pub(super) const BINARY: u8 = 0x00;
pub(super) const TEXT: u8 = 0x01;
