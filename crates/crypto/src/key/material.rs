//! A public key and the numbers behind it.

use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{self as aws, ParsedPublicKey};

use super::{Curve, KeyAlgorithm, KeyError, der, jwk};
use crate::{
    digest, encoding, equal,
    secret::{Secret, SecretBytes},
};

/// A key that signatures are verified with, bound to one algorithm.
///
/// Two keys are equal when algorithm and numbers are. A key of `hmac-sha256` holds a shared secret instead of a public key;
/// the secret is wiped with the last clone and never shown.
#[derive(Clone)]
pub struct PublicKey {
    algorithm: KeyAlgorithm,
    spki: Arc<[u8]>,
    material: Material,
}

#[derive(Clone)]
pub(crate) enum Material {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256,
    P384,
    /// RSA and ML-DSA, kept parsed. ECDSA keys are parsed at each use, for the digest's length, in a microsecond.
    Aws {
        parsed: ParsedPublicKey,
    },
    Hmac(Arc<SecretBytes>),
}

impl PublicKey {
    /// Reads a key from SubjectPublicKeyInfo DER (RFC 5280), as certificates carry it.
    ///
    /// `algorithm` binds where it is given; a bare RSA key is otherwise taken for `rsa-pkcs1-sha256`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_spki_der(spki: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Self, KeyError> {
        der::parse_spki(spki, algorithm)
    }

    /// Reads an Ed25519 key from its 32 bytes (RFC 8032, section 5.1.5).
    ///
    /// # Errors
    /// [`KeyError::NotOnCurve`] for bytes that are no point or not its canonical form, [`KeyError::WeakPoint`] for a point
    /// outside the prime-order group.
    pub fn from_ed25519_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Self::ed25519(bytes, None)
    }

    /// The algorithm that the key is bound to.
    #[must_use]
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The lower-case hex SHA-256 of [`Self::spki_der`]; empty for HMAC, whose secret must not be hashed into sight.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        if self.spki.is_empty() {
            String::new()
        } else {
            encoding::hex(&digest::sha256(&self.spki))
        }
    }

    /// The key as SubjectPublicKeyInfo DER in one form: EC points uncompressed, RSA always as `rsaEncryption`. Empty for HMAC.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The key as a PEM `PUBLIC KEY` block (RFC 7468, section 13); empty for HMAC.
    #[must_use]
    pub fn pem(&self) -> String {
        if self.spki.is_empty() {
            return String::new();
        }
        let text = encoding::base64(&self.spki);
        let lines = text
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}-----END PUBLIC KEY-----\n",
            lines.collect::<String>()
        )
    }

    /// The 32 bytes of an Ed25519 key (RFC 8032, section 5.1.5); `None` for other keys.
    #[must_use]
    pub fn ed25519_bytes(&self) -> Option<&[u8; 32]> {
        match &self.material {
            Material::Ed25519(key) => Some(key.as_bytes()),
            _ => None,
        }
    }

    /// The JSON Web Key thumbprint (RFC 7638) with SHA-256 in base64url, which some systems use as `kid`; `None` for HMAC.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        jwk::required_members(self).map(|json| encoding::base64url(&digest::sha256(json.as_bytes())))
    }

    /// Binds an RSA key to another of the RSA algorithms; every other key keeps its own.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] when the key cannot be of that algorithm.
    pub fn bound_to(&self, algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        if algorithm == self.algorithm {
            return Ok(self.clone());
        }
        if !(algorithm.is_rsa() && self.algorithm.is_rsa()) {
            return Err(KeyError::Algorithm {
                expected: algorithm,
                found: self.algorithm,
            });
        }
        der::parse_spki(&self.spki, Some(algorithm))
    }

    pub(crate) const fn material(&self) -> &Material {
        &self.material
    }

    pub(crate) fn from_own_ed25519(key: ed25519_dalek::VerifyingKey) -> Self {
        Self {
            algorithm: KeyAlgorithm::Ed25519,
            spki: der::spki(der::ED25519, key.as_bytes()).into(),
            material: Material::Ed25519(key),
        }
    }

    pub(crate) fn from_own_p256(key: p256::ecdsa::VerifyingKey) -> Self {
        Self {
            algorithm: KeyAlgorithm::Es256,
            spki: der::spki(der::P256, key.to_sec1_point(false).as_bytes()).into(),
            material: Material::P256,
        }
    }

    pub(crate) fn ed25519(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Self, KeyError> {
        bind(algorithm, KeyAlgorithm::Ed25519)?;
        let wrong = KeyError::NotOnCurve {
            curve: Curve::Ed25519,
        };
        let bytes = <&[u8; 32]>::try_from(bytes).map_err(|_| KeyError::Length { found: bytes.len() })?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| wrong.clone())?;
        let point = key.to_edwards();
        if point.compress().as_bytes() != bytes {
            return Err(wrong);
        }
        // With a key inside the prime-order group, verifiers with and without the cofactor agree on every signature.
        if point.is_small_order() || !point.is_torsion_free() {
            return Err(KeyError::WeakPoint);
        }
        Ok(Self::from_own_ed25519(key))
    }

    pub(crate) fn p256(sec1: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Self, KeyError> {
        bind(algorithm, KeyAlgorithm::Es256)?;
        check_sec1(sec1, 32, Curve::P256)?;
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
            .map_err(|_| KeyError::NotOnCurve { curve: Curve::P256 })?;
        Ok(Self::from_own_p256(key))
    }

    pub(crate) fn p384(sec1: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Self, KeyError> {
        bind(algorithm, KeyAlgorithm::Es384)?;
        check_sec1(sec1, 48, Curve::P384)?;
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
            .map_err(|_| KeyError::NotOnCurve { curve: Curve::P384 })?;
        Ok(Self {
            algorithm: KeyAlgorithm::Es384,
            spki: der::spki(der::P384, key.to_sec1_point(false).as_bytes()).into(),
            material: Material::P384,
        })
    }

    /// Takes the big-endian numbers without leading zeros.
    pub(crate) fn rsa(
        modulus: &[u8],
        exponent: &[u8],
        algorithm: Option<KeyAlgorithm>,
    ) -> Result<Self, KeyError> {
        let algorithm = algorithm.unwrap_or(KeyAlgorithm::RsaPkcs1Sha256);
        if !algorithm.is_rsa() {
            return Err(KeyError::Algorithm {
                expected: algorithm,
                found: KeyAlgorithm::RsaPkcs1Sha256,
            });
        }
        check_rsa(modulus, exponent)?;
        let pkcs1 = der::pkcs1(modulus, exponent);
        let parsed =
            ParsedPublicKey::new(rsa_parameters(algorithm), &pkcs1).map_err(|_| KeyError::RsaModulus)?;
        Ok(Self {
            algorithm,
            spki: der::spki(der::RSA, &pkcs1).into(),
            material: Material::Aws { parsed },
        })
    }

    pub(super) fn ml_dsa_65(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Self, KeyError> {
        bind(algorithm, KeyAlgorithm::MlDsa65)?;
        if bytes.len() != ML_DSA_65_BYTES {
            return Err(KeyError::MlDsa);
        }
        let spki: Arc<[u8]> = der::spki(der::ML_DSA_65, bytes).into();
        let parsed = ParsedPublicKey::new(&aws::ML_DSA_65, &*spki).map_err(|_| KeyError::MlDsa)?;
        Ok(Self {
            algorithm: KeyAlgorithm::MlDsa65,
            spki,
            material: Material::Aws { parsed },
        })
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        let secrets = match (&self.material, &other.material) {
            (Material::Hmac(left), Material::Hmac(right)) => {
                equal::constant_time(left.expose(), right.expose())
            }
            _ => true,
        };
        self.algorithm == other.algorithm && self.spki == other.spki && secrets
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm, self.fingerprint())
    }
}

/// Makes a verification key of `hmac-sha256` from a shared secret; the HMAC key is the text's UTF-8 bytes.
#[must_use]
pub fn hmac_key(secret: Secret) -> PublicKey {
    hmac_key_bytes(SecretBytes::new(secret.into_bytes()))
}

/// Makes a verification key of `hmac-sha256` from the HMAC key's bytes.
#[must_use]
pub fn hmac_key_bytes(secret: SecretBytes) -> PublicKey {
    PublicKey {
        algorithm: KeyAlgorithm::HmacSha256,
        spki: Arc::from([]),
        material: Material::Hmac(Arc::new(secret)),
    }
}

fn bind(asked: Option<KeyAlgorithm>, found: KeyAlgorithm) -> Result<(), KeyError> {
    match asked {
        Some(KeyAlgorithm::HmacSha256) => Err(KeyError::HmacHasNoPublicKey),
        Some(expected) if expected != found => Err(KeyError::Algorithm { expected, found }),
        _ => Ok(()),
    }
}

/// SEC 1, section 2.3.3: 04 ‖ x ‖ y, or 02 or 03 ‖ x. The point at infinity and hybrid forms are refused.
fn check_sec1(sec1: &[u8], field: usize, curve: Curve) -> Result<(), KeyError> {
    match sec1.first() {
        Some(4) if sec1.len() == 1 + 2 * field => Ok(()),
        Some(2 | 3) if sec1.len() == 1 + field => Ok(()),
        _ => Err(KeyError::NotOnCurve { curve }),
    }
}

fn check_rsa(modulus: &[u8], exponent: &[u8]) -> Result<(), KeyError> {
    let leading = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = (modulus.len() * 8).saturating_sub(leading);
    if bits < 2048 {
        return Err(KeyError::RsaTooShort { bits });
    }
    if bits > 8192 {
        return Err(KeyError::RsaTooLong { bits });
    }
    if modulus.last().is_none_or(|last| last & 1 == 0) {
        return Err(KeyError::RsaModulus);
    }
    let exponent = exponent.iter().try_fold(0_u64, |number, byte| {
        number.checked_mul(256).map(|number| number + u64::from(*byte))
    });
    match exponent {
        Some(exponent) if exponent >= 65_537 && exponent & 1 == 1 => Ok(()),
        _ => Err(KeyError::RsaExponent),
    }
}

fn rsa_parameters(algorithm: KeyAlgorithm) -> &'static aws::RsaParameters {
    match algorithm {
        KeyAlgorithm::RsaPkcs1Sha384 => &aws::RSA_PKCS1_2048_8192_SHA384,
        KeyAlgorithm::RsaPkcs1Sha512 => &aws::RSA_PKCS1_2048_8192_SHA512,
        KeyAlgorithm::RsaPssSha256 => &aws::RSA_PSS_2048_8192_SHA256,
        KeyAlgorithm::RsaPssSha384 => &aws::RSA_PSS_2048_8192_SHA384,
        KeyAlgorithm::RsaPssSha512 => &aws::RSA_PSS_2048_8192_SHA512,
        _ => &aws::RSA_PKCS1_2048_8192_SHA256,
    }
}

/// The length of an ML-DSA-65 public key (FIPS 204, table 2).
pub(super) const ML_DSA_65_BYTES: usize = 1952;
