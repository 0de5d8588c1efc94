//! DSSE envelopes (dsse 1.0.2): a typed payload and signatures over its pre-authentication encoding.

use serde::Deserialize;
use thiserror::Error;

use crate::{
    encoding::{self, EncodingError},
    key::PublicKey,
    signature::EcdsaForm,
};

/// An envelope as it was received. The payload is believed only after [`Envelope::verify`], and is never read again from
/// the JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is, for example `application/vnd.in-toto+json`.
    pub payload_type: String,
    /// The payload's bytes.
    pub payload: Vec<u8>,
    /// The signatures, at least one.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeSignature {
    /// A hint at the key. Nothing authenticates it, so it decides nothing.
    pub keyid: Option<String>,
    /// The signature.
    pub sig: Vec<u8>,
}

/// Why an envelope is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DsseError {
    /// It is no JSON of an envelope, or repeats one of its members.
    #[error("this is no DSSE envelope: {message}")]
    Shape {
        /// What the reader of JSON says.
        message: String,
    },
    /// Payload or signature is no base64.
    #[error("{member} does not decode: {source}")]
    Encoding {
        /// `payload` or `sig`.
        member: &'static str,
        /// Why.
        source: EncodingError,
    },
    /// It has no signature, or more than are read.
    #[error("an envelope has 1 to {SIGNATURE_LIMIT} signatures; here are {found}")]
    Signatures {
        /// How many there are.
        found: usize,
    },
    /// Too few of the given keys signed it.
    #[error("{found} of the known keys signed it; {expected} are needed")]
    Threshold {
        /// How many are needed.
        expected: usize,
        /// How many signed.
        found: usize,
    },
}

/// The bytes that are signed.
///
/// ```text
/// PAE = "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload
/// ```
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// Reads the JSON form of an envelope. Other members than those of the format are passed over, as it asks.
    ///
    /// # Errors
    /// [`DsseError`].
    pub fn parse(json: &[u8]) -> Result<Self, DsseError> {
        let read: Json = serde_json::from_slice(json).map_err(|error| DsseError::Shape {
            message: error.to_string(),
        })?;
        Self::from_json(read)
    }

    /// The bytes that are signed; see [`pae`].
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// Verifies that at least `threshold` different keys of those given signed it, and answers which, from 0.
    ///
    /// Every key is held against every signature: the hint is not trusted, and a signature that fits none is passed over.
    ///
    /// # Errors
    /// [`DsseError::Threshold`], also for a threshold of zero, which would prove nothing.
    pub fn verify(&self, keys: &[PublicKey], threshold: usize) -> Result<Vec<usize>, DsseError> {
        let signed = self.signed_bytes();
        let mut counted: Vec<&PublicKey> = Vec::new();
        let mut which = Vec::new();
        for (index, key) in keys.iter().enumerate() {
            let fits = |signature: &EnvelopeSignature| {
                key.verify(&signed, &signature.sig, EcdsaForm::Either).is_ok()
            };
            let is_new = || {
                !counted
                    .iter()
                    .any(|other| other.spki_der() == key.spki_der() && *other == key)
            };
            if is_new() && self.signatures.iter().any(fits) {
                counted.push(key);
                which.push(index);
            }
        }
        if threshold == 0 || which.len() < threshold {
            return Err(DsseError::Threshold {
                expected: threshold.max(1),
                found: which.len(),
            });
        }
        Ok(which)
    }

    pub(crate) fn from_json(read: Json) -> Result<Self, DsseError> {
        let found = read.signatures.len();
        if found == 0 || found > SIGNATURE_LIMIT {
            return Err(DsseError::Signatures { found });
        }
        let decode = |member: &'static str, text: &str| {
            encoding::unbase64_either(text).map_err(|source| DsseError::Encoding { member, source })
        };
        let signatures = read.signatures.into_iter().map(|signature| {
            Ok(EnvelopeSignature {
                sig: decode("sig", &signature.sig)?,
                keyid: signature.keyid.filter(|keyid| !keyid.is_empty()),
            })
        });
        Ok(Self {
            payload: decode("payload", &read.payload)?,
            payload_type: read.payload_type,
            signatures: signatures.collect::<Result<_, _>>()?,
        })
    }
}

/// The envelope's JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Json {
    payload: String,
    payload_type: String,
    signatures: Vec<JsonSignature>,
}

#[derive(Debug, Deserialize)]
struct JsonSignature {
    keyid: Option<String>,
    sig: String,
}

/// The most signatures of one envelope that are read.
pub const SIGNATURE_LIMIT: usize = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        key::parse_keys,
        signing::{EcdsaSigningKey, SigningKey},
    };

    /// dsse protocol.md, "Test Vectors"; the key's coordinates as a JSON Web Key.
    #[test]
    fn the_vector_of_the_protocol() {
        let json = br#"{"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld", "signatures":
            [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}"#;
        let envelope = Envelope::parse(json).unwrap();
        assert_eq!(
            envelope.signed_bytes(),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        let jwk = r#"{"kty":"EC","crv":"P-256","x":"Z805D3eqNZywjCI19lInBJOp7YMrCrzAH3CVTAOQ0jg","y":"DHgr1U4mkSWkT0Qzr_FDLOlOErynOqZ6yAzqEmCN33Q"}"#;
        let key = parse_keys(jwk.as_bytes(), None).unwrap().remove(0).key;
        assert_eq!(envelope.verify(&[key], 1), Ok(vec![0]));
    }

    fn envelope(signatures: &[(&str, Vec<u8>)]) -> Envelope {
        Envelope {
            payload_type: "application/vnd.in-toto+json".to_owned(),
            payload: b"{}".to_vec(),
            signatures: signatures
                .iter()
                .map(|(keyid, sig)| EnvelopeSignature {
                    keyid: Some((*keyid).to_owned()),
                    sig: sig.clone(),
                })
                .collect(),
        }
    }

    #[test]
    fn as_many_different_keys_as_are_asked_for() {
        let (first, second) = (
            SigningKey::generate().unwrap(),
            EcdsaSigningKey::generate().unwrap(),
        );
        let signed = pae("application/vnd.in-toto+json", b"{}");
        // the hints are those of the other key: they decide nothing
        let both = envelope(&[
            ("second", first.sign(&signed).to_vec()),
            ("first", second.sign(&signed)),
        ]);
        let keys = [first.public(), second.public()];
        assert_eq!(both.verify(&keys, 2), Ok(vec![0, 1]));
        let once = envelope(&[
            ("a", first.sign(&signed).to_vec()),
            ("b", first.sign(&signed).to_vec()),
        ]);
        let twice = [first.public(), first.public()];
        let short = Err(DsseError::Threshold {
            expected: 2,
            found: 1,
        });
        assert_eq!(once.verify(&twice, 2), short);
        assert_eq!(once.verify(&twice, 1), Ok(vec![0]));
        assert!(once.verify(&twice, 0).is_err());
        assert!(once.verify(&keys[1..], 1).is_err());
        let mut other = both;
        other.payload_type.push('x');
        assert!(other.verify(&keys, 1).is_err());
    }

    #[test]
    fn both_alphabets_and_nothing_loose() {
        let json = |payload: &str, sig: &str| {
            format!(
                r#"{{"payloadType":"t","payload":"{payload}","signatures":[{{"keyid":"","sig":"{sig}"}}]}}"#
            )
        };
        let standard = Envelope::parse(json("+/8=", "AAAA").as_bytes()).unwrap();
        let url = Envelope::parse(json("-_8", "AAAA").as_bytes()).unwrap();
        assert_eq!(standard, url);
        assert_eq!(standard.signatures[0].keyid, None);
        for (payload, sig) in [
            ("+_8=", "AAAA"),
            ("+/9=", "AAAA"),
            ("AA A", "AAAA"),
            ("AAAA", "A"),
        ] {
            assert!(
                Envelope::parse(json(payload, sig).as_bytes()).is_err(),
                "{payload} {sig}"
            );
        }
        let none = br#"{"payloadType":"t","payload":"","signatures":[]}"#;
        assert_eq!(Envelope::parse(none), Err(DsseError::Signatures { found: 0 }));
        let twice = br#"{"payloadType":"t","payloadType":"u","payload":"","signatures":[{"sig":""}]}"#;
        assert!(matches!(Envelope::parse(twice), Err(DsseError::Shape { .. })));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>, payload: String) {
            let _ = Envelope::parse(&bytes);
            let json = serde_json::json!({"payload": payload, "payloadType": payload, "signatures": [{"sig": payload}]});
            let _ = Envelope::parse(json.to_string().as_bytes());
        }
    }
}
