//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).

use serde::Deserialize;

use super::{FoundKey, KeyAlgorithm, KeyError, KeyLimits, PublicKey, der, raw};
use crate::encoding;

/// A key as a JSON object. Members that are repeated by name are refused; unknown ones are passed over.
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    #[serde(rename = "pub")]
    public: Option<String>,
    public_key: Option<String>,
    #[serde(default, deserialize_with = "is_present")]
    d: bool,
    #[serde(default, deserialize_with = "is_present")]
    k: bool,
    #[serde(default, rename = "priv", deserialize_with = "is_present")]
    private: bool,
}

/// Reads one key from JSON text.
pub(super) fn from_json(text: &str) -> Result<Jwk, KeyError> {
    serde_json::from_str(text).map_err(|_| KeyError::Unrecognised)
}

impl Jwk {
    /// Reads the key; its own `alg` binds it unless `algorithm` does, and the two may not disagree.
    pub(super) fn parse(self, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
        if self.d || self.k || self.private || self.kty.as_deref() == Some("oct") {
            return Err(KeyError::Secret {
                form: "a JSON Web Key with its secret part",
            });
        }
        if self.purpose.as_deref() == Some("enc") {
            return Err(KeyError::Unsupported {
                kind: "a key for encryption",
            });
        }
        let bound = match (
            self.alg.as_deref().map(algorithm_of).transpose()?.flatten(),
            algorithm,
        ) {
            (Some(found), Some(expected)) if found != expected => {
                return Err(KeyError::Algorithm { expected, found });
            }
            (found, asked) => asked.or(found),
        };
        let key = self.public_key(bound)?;
        Ok(FoundKey {
            key,
            kid: self.kid,
            comment: None,
            limits: KeyLimits::default(),
        })
    }

    fn public_key(&self, algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
        match (self.kty.as_deref(), self.crv.as_deref()) {
            (Some("OKP"), Some("Ed25519")) => PublicKey::ed25519(&bytes(self.x.as_deref(), "x")?, algorithm),
            (Some("EC"), Some("P-256")) => PublicKey::p256(&self.point(32)?, algorithm),
            (Some("EC"), Some("P-384")) => PublicKey::p384(&self.point(48)?, algorithm),
            (Some("RSA"), _) => PublicKey::rsa(
                &number(self.n.as_deref(), "n")?,
                &number(self.e.as_deref(), "e")?,
                algorithm,
            ),
            (Some("AKP"), _) if self.alg.as_deref() == Some("ML-DSA-65") => {
                PublicKey::ml_dsa_65(&bytes(self.public.as_deref(), "pub")?, algorithm)
            }
            (Some("OKP" | "EC"), None) => Err(KeyError::Member { member: "crv" }),
            // Not RFC 7517, but seen: `kid`, `alg` and the key itself as hex or base64.
            (None, _) => match self.public_key.as_deref() {
                Some(text) => raw::parse_text(text, algorithm),
                None => Err(KeyError::Unrecognised),
            },
            _ => Err(KeyError::Unsupported {
                kind: "a JSON Web Key of another kind",
            }),
        }
    }

    /// RFC 7518, section 6.2.1.2: coordinates have the full length of the field.
    fn point(&self, field: usize) -> Result<Vec<u8>, KeyError> {
        let mut sec1 = vec![4];
        for (text, member) in [(self.x.as_deref(), "x"), (self.y.as_deref(), "y")] {
            let coordinate = bytes(text, member)?;
            if coordinate.len() != field {
                return Err(KeyError::Member { member });
            }
            sec1.extend(coordinate);
        }
        Ok(sec1)
    }
}

/// The members that RFC 7638, section 3.2 (RFC 8037 and RFC 9964 for the newer kinds) requires, in their order, as JSON.
pub(super) fn required_members(key: &PublicKey) -> Option<String> {
    let bits = der::key_bits(key.spki_der())?;
    let point = |curve: &str| {
        let coordinates = bits.get(1..)?; // after the 04 of an uncompressed point
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
        let (x, y) = (encoding::base64url(x), encoding::base64url(y));
        Some(format!(r#"{{"crv":"{curve}","kty":"EC","x":"{x}","y":"{y}"}}"#))
    };
    match key.algorithm() {
        KeyAlgorithm::Ed25519 => Some(format!(
            r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
            encoding::base64url(bits)
        )),
        KeyAlgorithm::Es256 => point("P-256"),
        KeyAlgorithm::Es384 => point("P-384"),
        KeyAlgorithm::MlDsa65 => Some(format!(
            r#"{{"alg":"ML-DSA-65","kty":"AKP","pub":"{}"}}"#,
            encoding::base64url(bits)
        )),
        KeyAlgorithm::HmacSha256 => None,
        _ => {
            let (modulus, exponent) = der::rsa_numbers(bits).ok()?;
            let (n, e) = (encoding::base64url(modulus), encoding::base64url(exponent));
            Some(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))
        }
    }
}

/// `alg` values of RFC 7518, RFC 8037, RFC 9864 and RFC 9964; `None` for names that do not decide among ours.
fn algorithm_of(name: &str) -> Result<Option<KeyAlgorithm>, KeyError> {
    Ok(Some(match name {
        "EdDSA" => return Ok(None), // of Ed25519 or Ed448, as `crv` says
        "Ed25519" => KeyAlgorithm::Ed25519,
        "ES256" => KeyAlgorithm::Es256,
        "ES384" => KeyAlgorithm::Es384,
        "RS256" => KeyAlgorithm::RsaPkcs1Sha256,
        "RS384" => KeyAlgorithm::RsaPkcs1Sha384,
        "RS512" => KeyAlgorithm::RsaPkcs1Sha512,
        "PS256" => KeyAlgorithm::RsaPssSha256,
        "PS384" => KeyAlgorithm::RsaPssSha384,
        "PS512" => KeyAlgorithm::RsaPssSha512,
        "ML-DSA-65" => KeyAlgorithm::MlDsa65,
        "HS256" | "HS384" | "HS512" => {
            return Err(KeyError::Secret {
                form: "a JSON Web Key for HMAC",
            });
        }
        _ => {
            return Err(KeyError::Unsupported {
                kind: "a JSON Web Key of another algorithm",
            });
        }
    }))
}

fn bytes(text: Option<&str>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    Ok(encoding::unbase64url(text.ok_or(KeyError::Member { member })?)?)
}

/// RFC 7518, section 2 (Base64urlUInt): big-endian, no leading zeros.
fn number(text: Option<&str>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    let number = bytes(text, member)?;
    if number.first().is_none_or(|first| *first == 0) {
        Err(KeyError::Member { member })
    } else {
        Ok(number)
    }
}

/// Notices that a secret member is there without keeping what it holds.
fn is_present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| true)
}
