//! A primary key or a subkey (RFC 9580, section 5.5.2, version 4).

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest as aws_digest};

use super::{
    OpenPgpError,
    packet::{Reader, malformed},
    signature::Value,
};
use crate::{
    digest::{Algorithm, Digest, Hasher},
    encoding,
    key::{KeyAlgorithm, PublicKey},
    signature::{EcdsaForm, SRange, SignatureError},
};

/// A key with the bytes that its fingerprint and its signatures cover.
#[derive(Clone)]
pub(super) struct Key {
    body: Vec<u8>,
    /// Seconds since 1970.
    pub(super) created: u32,
    fingerprint: [u8; 20],
    algorithm: u8,
    /// The key, or why it cannot be used; a certificate may hold keys for other uses.
    material: Result<Material, OpenPgpError>,
}

#[derive(Clone)]
enum Material {
    Rsa { key: PublicKey, length: usize },
    Ecdsa { key: PublicKey, width: usize },
    Edwards(PublicKey),
}

impl Key {
    pub(super) fn read(body: &[u8]) -> Result<Self, OpenPgpError> {
        let mut reader = Reader::new(body);
        let version = reader.byte()?;
        if version != 4 {
            return Err(OpenPgpError::Version {
                what: "key",
                found: version,
            });
        }
        let length = u16::try_from(body.len()).map_err(|_| malformed("a key of at most 65,535 bytes"))?;
        let created = reader.long()?;
        let algorithm = reader.byte()?;
        let hashed = [&[0x99], &length.to_be_bytes()[..], body].concat();
        // The fingerprint of version 4 is a SHA-1. It is a name here and proves nothing: the pin is the key itself.
        let fingerprint = aws_digest(&SHA1_FOR_LEGACY_USE_ONLY, &hashed);
        Ok(Self {
            created,
            fingerprint: fingerprint
                .as_ref()
                .try_into()
                .map_err(|_| malformed("a fingerprint of 20 bytes"))?,
            algorithm,
            material: Material::read(algorithm, reader),
            body: body.to_vec(),
        })
    }

    pub(super) const fn fingerprint(&self) -> &[u8; 20] {
        &self.fingerprint
    }

    /// The fingerprint in upper-case hex, as gpg shows it.
    pub(super) fn said(&self) -> String {
        encoding::hex(&self.fingerprint).to_uppercase()
    }

    /// Whether an issuer's fingerprint and key id, as far as they are there, are this key's. The id is the end of the
    /// fingerprint (RFC 9580, section 5.5.4.2).
    pub(super) fn is_named(&self, fingerprint: Option<&[u8]>, id: Option<&[u8; 8]>) -> bool {
        fingerprint.is_none_or(|named| named == self.fingerprint)
            && id.is_none_or(|named| self.fingerprint.ends_with(named))
    }

    /// Adds the key to what a signature over it covers (RFC 9580, section 5.2.4).
    pub(super) fn hash(&self, hasher: &mut Hasher) {
        hasher.update(&[0x99]);
        hasher.update(&(self.body.len() as u16).to_be_bytes()); // `read` saw that it fits
        hasher.update(&self.body);
    }

    /// Verifies a signature over a digest.
    pub(super) fn verify(
        &self,
        algorithm: u8,
        hash: Algorithm,
        digest: &Digest,
        value: &Value,
    ) -> Result<(), OpenPgpError> {
        let material = self.material.as_ref().map_err(Clone::clone)?;
        let same = algorithm == self.algorithm || (algorithm == RSA && self.algorithm == RSA_SIGNING);
        let digest = digest.as_bytes();
        let verified = match (material, value) {
            (Material::Rsa { key, length }, Value::One(number)) if same => {
                let bound = key.bound_to(pkcs1(hash)?)?;
                let signature = padded(number, *length)?;
                bound.verify_digest(digest, &signature, EcdsaForm::P1363)
            }
            (Material::Ecdsa { key, width }, Value::Two(r, s)) if same => {
                let signature = [padded(r, *width)?, padded(s, *width)?].concat();
                key.verify_ecdsa(digest, &signature, EcdsaForm::P1363, SRange::Any)
            }
            (Material::Edwards(key), Value::Two(r, s)) if same => {
                let signature = [padded(r, 32)?, padded(s, 32)?].concat();
                key.verify(digest, &signature, EcdsaForm::P1363)
            }
            (Material::Edwards(key), Value::Whole(signature)) if same => {
                key.verify(digest, signature, EcdsaForm::P1363)
            }
            _ => Err(SignatureError::Mismatch),
        };
        Ok(verified?)
    }
}

impl Material {
    fn read(algorithm: u8, mut reader: Reader<'_>) -> Result<Self, OpenPgpError> {
        let material = match algorithm {
            RSA | RSA_SIGNING => {
                let (modulus, exponent) = (reader.number()?, reader.number()?);
                Self::Rsa {
                    key: PublicKey::rsa(modulus, exponent, None)?,
                    length: modulus.len(),
                }
            }
            ECDSA | EDDSA_LEGACY => {
                let length = reader.byte()?;
                let curve = reader.take(length.into())?;
                let point = reader.number()?;
                match (algorithm, curve, point) {
                    (ECDSA, P256, point) => Self::Ecdsa {
                        key: PublicKey::p256(point, None)?,
                        width: 32,
                    },
                    (ECDSA, P384, point) => Self::Ecdsa {
                        key: PublicKey::p384(point, None)?,
                        width: 48,
                    },
                    (EDDSA_LEGACY, ED25519_LEGACY, [0x40, point @ ..]) => {
                        Self::Edwards(PublicKey::ed25519(point, None)?)
                    }
                    _ => return Err(unknown(algorithm)),
                }
            }
            ED25519 => Self::Edwards(PublicKey::ed25519(&reader.array::<32>()?, None)?),
            _ => return Err(unknown(algorithm)),
        };
        reader.end()?;
        Ok(material)
    }
}

const fn unknown(found: u8) -> OpenPgpError {
    OpenPgpError::Algorithm {
        what: "public key",
        found,
    }
}

const fn pkcs1(hash: Algorithm) -> Result<KeyAlgorithm, OpenPgpError> {
    match hash {
        Algorithm::Sha256 => Ok(KeyAlgorithm::RsaPkcs1Sha256),
        Algorithm::Sha384 => Ok(KeyAlgorithm::RsaPkcs1Sha384),
        Algorithm::Sha512 => Ok(KeyAlgorithm::RsaPkcs1Sha512),
        _ => Err(unknown(RSA)),
    }
}

/// A number at its full width; OpenPGP leaves out leading zeros.
fn padded(number: &[u8], width: usize) -> Result<Vec<u8>, SignatureError> {
    let missing = width.checked_sub(number.len()).ok_or(SignatureError::Length {
        expected: width,
        found: number.len(),
    })?;
    let mut padded = vec![0; missing];
    padded.extend_from_slice(number);
    Ok(padded)
}

pub(super) const RSA: u8 = 1;
pub(super) const RSA_SIGNING: u8 = 3;
pub(super) const ECDSA: u8 = 19;
pub(super) const EDDSA_LEGACY: u8 = 22;
pub(super) const ED25519: u8 = 27;

const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const ED25519_LEGACY: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
