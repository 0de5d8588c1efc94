//! COSE_Sign1 (RFC 9052, section 4.2): one payload, one signature.

use thiserror::Error;

use crate::{
    cbor::{self, CborError, Value},
    key::{KeyAlgorithm, PublicKey},
    signature::{EcdsaForm, SignatureError},
};

/// A signed message as it was received. Nothing in it is believed before [`Sign1::verify`].
///
/// ```text
/// COSE_Sign1 = [ protected: bstr, unprotected: {}, payload: bstr / nil, signature: bstr ]      tag 18
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign1<'a> {
    protected_bytes: &'a [u8],
    protected: Value<'a>,
    unprotected: Value<'a>,
    payload: Option<&'a [u8]>,
    signature: &'a [u8],
}

/// Whether the tag that names a COSE_Sign1 has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagging {
    /// Tag 18 is required: nothing else says what the bytes are.
    Required,
    /// The place where it stands already says so (a receipt in a header).
    Optional,
}

/// Why a signed message is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CoseError {
    /// It is no strict CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// It is CBOR, but not of a COSE_Sign1.
    #[error("this is no COSE_Sign1: {expected} is expected")]
    Shape {
        /// What belongs there.
        expected: &'static str,
    },
    /// A header stands among the protected and the unprotected ones.
    #[error("header {label} is both protected and unprotected")]
    HeaderTwice {
        /// The header's number.
        label: i64,
    },
    /// A header that must be understood is not.
    #[error("header {label} must be understood and is not known here")]
    Critical {
        /// The header's number or name.
        label: String,
    },
    /// The message names another algorithm than the key is for.
    #[error("the message names algorithm {found}; the key is for {expected}")]
    Algorithm {
        /// The key's algorithm.
        expected: KeyAlgorithm,
        /// What the message names: a number of the COSE registry, or a name.
        found: String,
    },
    /// The payload is not inside and was not given.
    #[error("the payload is not in the message")]
    PayloadMissing,
    /// The payload is inside and was given as well.
    #[error("the payload is in the message, so that another cannot be signed by it")]
    PayloadTwice,
    /// The signature does not fit.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl<'a> Sign1<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`CoseError`]: CBOR that is not strict, another tag, a header in both maps, a critical header that is not known.
    pub fn parse(bytes: &'a [u8], tagging: Tagging) -> Result<Self, CoseError> {
        let shape = |expected| CoseError::Shape { expected };
        let value = match (Value::parse(bytes)?, tagging) {
            (Value::Tag(TAG, inside), _) => *inside,
            (value @ Value::Array(_), Tagging::Optional) => value,
            _ => return Err(shape("tag 18")),
        };
        let Value::Array(parts) = value else {
            return Err(shape("a list"));
        };
        let Ok([protected, unprotected, payload, signature]) = <[Value<'a>; 4]>::try_from(parts) else {
            return Err(shape("a list of four"));
        };
        let protected_bytes = protected.bytes().ok_or(shape("protected headers as bytes"))?;
        let protected = match protected_bytes {
            [] => Value::Map(Vec::new()),
            bytes => Value::parse(bytes)?,
        };
        if !matches!(protected, Value::Map(_)) || !matches!(unprotected, Value::Map(_)) {
            return Err(shape("headers as maps"));
        }
        let message = Self {
            protected_bytes,
            protected,
            unprotected,
            payload: match payload {
                Value::Null => None,
                Value::Bytes(bytes) => Some(bytes),
                _ => return Err(shape("a payload as bytes or nil")),
            },
            signature: signature.bytes().ok_or(shape("a signature as bytes"))?,
        };
        message.hold_headers()?;
        Ok(message)
    }

    /// The protected header of a number.
    #[must_use]
    pub fn protected(&self, label: i64) -> Option<&Value<'a>> {
        self.protected.get(label)
    }

    /// The unprotected header of a number. Nothing signs it.
    #[must_use]
    pub fn unprotected(&self, label: i64) -> Option<&Value<'a>> {
        self.unprotected.get(label)
    }

    /// The payload, where it is inside.
    #[must_use]
    pub const fn payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// The key id, protected or not: a hint.
    #[must_use]
    pub fn kid(&self) -> Option<&'a [u8]> {
        self.protected(KID)
            .or_else(|| self.unprotected(KID))
            .and_then(Value::bytes)
    }

    /// The message with tag 18 and no unprotected headers: what a transparency service registers, since receipts are added
    /// to these headers later.
    #[must_use]
    pub fn without_unprotected(&self) -> Vec<u8> {
        let mut out = Vec::new();
        cbor::write_head(&mut out, 6, TAG);
        cbor::write_head(&mut out, 4, 4);
        cbor::write_bytes(&mut out, self.protected_bytes);
        cbor::write_head(&mut out, 5, 0);
        match self.payload {
            Some(payload) => cbor::write_bytes(&mut out, payload),
            None => out.push(0xf6),
        }
        cbor::write_bytes(&mut out, self.signature);
        out
    }

    /// Verifies the signature under a key; the algorithm is the key's, and the message may name no other.
    ///
    /// `detached` is the payload where the message has none; `external` is what the application signs beside it, mostly
    /// nothing.
    ///
    /// # Errors
    /// [`CoseError`].
    pub fn verify(&self, key: &PublicKey, external: &[u8], detached: Option<&[u8]>) -> Result<(), CoseError> {
        let payload = match (self.payload, detached) {
            (Some(payload), None) | (None, Some(payload)) => payload,
            (None, None) => return Err(CoseError::PayloadMissing),
            (Some(_), Some(_)) => return Err(CoseError::PayloadTwice),
        };
        self.hold_algorithm(key)?;
        let signed = self.signed_bytes(external, payload);
        Ok(key.verify(&signed, self.signature, EcdsaForm::P1363)?)
    }

    /// Sig_structure = [ "Signature1", protected, external, payload ] (RFC 9052, section 4.4). No protected headers are
    /// written as no bytes, however the message writes them.
    fn signed_bytes(&self, external: &[u8], payload: &[u8]) -> Vec<u8> {
        let protected = match &self.protected {
            Value::Map(entries) if entries.is_empty() => &[],
            _ => self.protected_bytes,
        };
        let mut out = Vec::with_capacity(payload.len() + protected.len() + external.len() + 40);
        cbor::write_head(&mut out, 4, 4);
        cbor::write_text(&mut out, "Signature1");
        cbor::write_bytes(&mut out, protected);
        cbor::write_bytes(&mut out, external);
        cbor::write_bytes(&mut out, payload);
        out
    }

    fn hold_algorithm(&self, key: &PublicKey) -> Result<(), CoseError> {
        let Some(named) = self.protected(ALG).or_else(|| self.unprotected(ALG)) else {
            return Ok(());
        };
        let fits = named.integer().is_some_and(|number| {
            algorithm_of(number) == Some(key.algorithm())
                || number == EDDSA && key.algorithm() == KeyAlgorithm::Ed25519
        });
        if fits {
            return Ok(());
        }
        let found = match named {
            Value::Text(name) => (*name).to_owned(),
            other => other
                .integer()
                .map_or_else(|| "of another type".to_owned(), |number| number.to_string()),
        };
        Err(CoseError::Algorithm {
            expected: key.algorithm(),
            found,
        })
    }

    /// RFC 9052, section 3 and 3.1: no header in both maps; what is critical is protected, present and known.
    fn hold_headers(&self) -> Result<(), CoseError> {
        if let (Value::Map(protected), Value::Map(unprotected)) = (&self.protected, &self.unprotected)
            && let Some((twice, _)) = protected
                .iter()
                .find(|(name, _)| unprotected.iter().any(|(other, _)| other == name))
        {
            return Err(CoseError::HeaderTwice {
                label: twice.integer().unwrap_or_default(),
            });
        }
        if self.unprotected(CRIT).is_some() {
            return Err(CoseError::Shape {
                expected: "critical headers among the protected ones",
            });
        }
        let Some(critical) = self.protected(CRIT) else {
            return Ok(());
        };
        let labels = critical
            .array()
            .filter(|labels| !labels.is_empty())
            .ok_or(CoseError::Shape {
                expected: "critical headers as a list",
            })?;
        for label in labels {
            let known = label
                .integer()
                .is_some_and(|number| KNOWN.contains(&number) && self.protected(number).is_some());
            if !known {
                let label = label.integer().map_or_else(
                    || label.text().unwrap_or("of another type").to_owned(),
                    |number| number.to_string(),
                );
                return Err(CoseError::Critical { label });
            }
        }
        Ok(())
    }
}

/// The algorithm of a number in the COSE registry; `None` for others and for `EdDSA`, which names several.
#[must_use]
pub const fn algorithm_of(number: i64) -> Option<KeyAlgorithm> {
    Some(match number {
        -7 | -9 => KeyAlgorithm::Es256,
        -35 | -51 => KeyAlgorithm::Es384,
        -19 => KeyAlgorithm::Ed25519,
        -37 => KeyAlgorithm::RsaPssSha256,
        -38 => KeyAlgorithm::RsaPssSha384,
        -39 => KeyAlgorithm::RsaPssSha512,
        -257 => KeyAlgorithm::RsaPkcs1Sha256,
        -258 => KeyAlgorithm::RsaPkcs1Sha384,
        -259 => KeyAlgorithm::RsaPkcs1Sha512,
        -49 => KeyAlgorithm::MlDsa65,
        _ => return None,
    })
}

const TAG: u64 = 18;
const EDDSA: i64 = -8;

// header parameters (RFC 9052, section 3.1)
const ALG: i64 = 1;
const CRIT: i64 = 2;
const KID: i64 = 4;

/// What may be critical: alg, crit, content type, key id, CWT claims (RFC 9597), verifiable data structure (RFC 9942).
const KNOWN: [i64; 6] = [ALG, CRIT, 3, KID, 15, 395];

#[cfg(test)]
pub(crate) mod tests;
