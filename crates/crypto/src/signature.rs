//! Checking signatures: the one place where a public key meets a message.

use aws_lc_rs::{
    digest::{self as aws_digest, Digest, SHA256, SHA384, SHA512},
    signature::{self as aws, EcdsaVerificationAlgorithm, ParsedPublicKey},
};
use thiserror::Error;

use crate::{
    digest::Algorithm,
    equal,
    key::{KeyAlgorithm, Material, PublicKey},
    signing,
};

/// How an ECDSA signature is written. Other algorithms have one form and ignore this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EcdsaForm {
    /// DER `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, section 2.2.3).
    Der,
    /// r ‖ s, each as long as the curve's order (IEEE P1363, RFC 7518 section 3.4): 64 or 96 bytes.
    P1363,
    /// Whichever of the two the bytes are.
    Either,
}

/// Which of the two equivalent values of an ECDSA signature's `s` are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SRange {
    /// Both. Anybody can turn one into the other without the key, so such a signature does not name itself.
    Any,
    /// The lower one only.
    Low,
}

/// Why a signature does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The signature's length is not that of the algorithm.
    #[error("a signature of this key has {expected} bytes; here are {found}")]
    Length {
        /// The one length that fits.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// The bytes are not an ECDSA signature: not strict DER, or r or s is zero or too large.
    #[error("the bytes are not an ECDSA signature in the form that was asked for")]
    Malformed,
    /// `s` is in the upper half, and only the lower one is accepted here.
    #[error("the signature's second number is in the upper half, which is not accepted here")]
    HighS,
    /// The signature is well formed and does not belong to this message and key.
    #[error("the signature does not belong to this message and key")]
    Mismatch,
    /// The algorithm signs messages, not digests.
    #[error("{algorithm} signs messages, not digests")]
    NotPrehashable {
        /// The key's algorithm.
        algorithm: KeyAlgorithm,
    },
    /// The digest's length is not one that this key signs.
    #[error("a digest of {found} bytes is not one that this key signs")]
    DigestLength {
        /// The digest's length in bytes.
        found: usize,
    },
}

impl PublicKey {
    /// Verifies a signature over a message. The algorithm is the key's and nothing else's.
    ///
    /// - Ed25519: RFC 8032, section 5.1.7, strict: S below the group order, canonical encodings, no point of small order,
    ///   no cofactor. What passes here passes in every implementation.
    /// - ES256, ES384: SHA-256 or SHA-384 of the message; 0 < r, s < n; high S accepted (see [`Self::verify_within`]).
    /// - RSA PKCS#1 v1.5: the whole encoded message is compared. RSA-PSS: salt as long as the digest, MGF1 with the same hash.
    /// - ML-DSA-65: FIPS 204 with an empty context.
    /// - HMAC-SHA-256: recomputed and compared in constant time; 32 bytes, not shortened.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, message: &[u8], signature: &[u8], form: EcdsaForm) -> Result<(), SignatureError> {
        self.verify_within(message, signature, form, SRange::Any)
    }

    /// The same as [`Self::verify`], with a choice of the accepted `s` of an ECDSA signature. Other algorithms ignore it.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_within(
        &self,
        message: &[u8],
        signature: &[u8],
        form: EcdsaForm,
        s: SRange,
    ) -> Result<(), SignatureError> {
        match self.material() {
            Material::Ed25519(key) => verify_ed25519(key, message, signature),
            Material::P256 => self.verify_ecdsa(Algorithm::Sha256.of(message).as_bytes(), signature, form, s),
            Material::P384 => self.verify_ecdsa(Algorithm::Sha384.of(message).as_bytes(), signature, form, s),
            Material::Aws { parsed, .. } => parsed
                .verify_sig(message, signature)
                .map_err(|_| SignatureError::Mismatch),
            Material::Hmac(secret) => verify_hmac(secret.expose(), message, signature),
        }
    }

    /// Verifies a signature over a digest that was computed elsewhere; it is not hashed again.
    ///
    /// ECDSA takes 32, 48 or 64 bytes, whatever the curve, and uses the leftmost bits (FIPS 186-5, section 6.4). RSA takes a
    /// digest of the key's own hash. Ed25519, ML-DSA and HMAC sign messages only.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_digest(
        &self,
        digest: &[u8],
        signature: &[u8],
        form: EcdsaForm,
    ) -> Result<(), SignatureError> {
        match self.material() {
            Material::P256 | Material::P384 => self.verify_ecdsa(digest, signature, form, SRange::Any),
            Material::Aws { parsed, .. } => {
                let algorithm = self.rsa_hash().ok_or(SignatureError::NotPrehashable {
                    algorithm: self.algorithm(),
                })?;
                let digest = Digest::import_less_safe(digest, algorithm)
                    .map_err(|_| SignatureError::DigestLength { found: digest.len() })?;
                parsed
                    .verify_digest_sig(&digest, signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
            Material::Ed25519(_) | Material::Hmac(_) => Err(SignatureError::NotPrehashable {
                algorithm: self.algorithm(),
            }),
        }
    }

    /// Verifies an ECDSA signature over a digest, with a choice of the accepted `s`.
    ///
    /// # Errors
    /// [`SignatureError`]; [`SignatureError::NotPrehashable`] for keys that are not ECDSA's.
    pub fn verify_ecdsa(
        &self,
        digest: &[u8],
        signature: &[u8],
        form: EcdsaForm,
        s: SRange,
    ) -> Result<(), SignatureError> {
        let (read, algorithms): (_, [&'static EcdsaVerificationAlgorithm; 3]) = match self.material() {
            Material::P256 => (
                read_p256(signature, form),
                [
                    &aws::ECDSA_P256_SHA256_ASN1,
                    &aws::ECDSA_P256_SHA384_ASN1,
                    &aws::ECDSA_P256_SHA512_ASN1,
                ],
            ),
            Material::P384 => (
                read_p384(signature, form),
                [
                    &aws::ECDSA_P384_SHA256_ASN1,
                    &aws::ECDSA_P384_SHA384_ASN1,
                    &aws::ECDSA_P384_SHA512_ASN1,
                ],
            ),
            _ => {
                return Err(SignatureError::NotPrehashable {
                    algorithm: self.algorithm(),
                });
            }
        };
        let [short, middle, long] = algorithms;
        // The names are those of SHA-2; what counts is the digest's length, whatever function made it.
        let (algorithm, hash) = match digest.len() {
            32 => (short, &SHA256),
            48 => (middle, &SHA384),
            64 => (long, &SHA512),
            found => return Err(SignatureError::DigestLength { found }),
        };
        let read = read?;
        if s == SRange::Low && read.high {
            return Err(SignatureError::HighS);
        }
        let digest = Digest::import_less_safe(digest, hash).map_err(|_| SignatureError::Mismatch)?;
        let key = ParsedPublicKey::new(algorithm, self.spki_der()).map_err(|_| SignatureError::Mismatch)?;
        key.verify_digest_sig(&digest, &read.der)
            .map_err(|_| SignatureError::Mismatch)
    }

    fn rsa_hash(&self) -> Option<&'static aws_digest::Algorithm> {
        match self.algorithm() {
            KeyAlgorithm::RsaPkcs1Sha256 | KeyAlgorithm::RsaPssSha256 => Some(&SHA256),
            KeyAlgorithm::RsaPkcs1Sha384 | KeyAlgorithm::RsaPssSha384 => Some(&SHA384),
            KeyAlgorithm::RsaPkcs1Sha512 | KeyAlgorithm::RsaPssSha512 => Some(&SHA512),
            _ => None,
        }
    }
}

/// A well-formed ECDSA signature, as DER.
struct EcdsaSignature {
    der: Vec<u8>,
    high: bool,
}

/// Reads an ECDSA signature of one curve: strict DER or fixed length, r and s in range. A macro, because the types of two
/// curves share no trait that could be named shortly.
macro_rules! ecdsa_reader {
    ($name:ident, $curve:ident, $length:literal) => {
        fn $name(bytes: &[u8], form: EcdsaForm) -> Result<EcdsaSignature, SignatureError> {
            let der = || $curve::ecdsa::Signature::from_der(bytes).map_err(|_| SignatureError::Malformed);
            let fixed = || $curve::ecdsa::Signature::from_slice(bytes).map_err(|_| SignatureError::Malformed);
            let signature = match form {
                EcdsaForm::Der => der(),
                EcdsaForm::P1363 if bytes.len() != $length => Err(SignatureError::Length {
                    expected: $length,
                    found: bytes.len(),
                }),
                EcdsaForm::P1363 => fixed(),
                // Bytes of the fixed length that are also strict DER are DER: chance does not make them so.
                EcdsaForm::Either if bytes.len() == $length => der().or_else(|_| fixed()),
                EcdsaForm::Either => der(),
            }?;
            let high = signature.normalize_s() != signature;
            Ok(EcdsaSignature {
                der: signature.to_der().as_bytes().to_vec(),
                high,
            })
        }
    };
}

ecdsa_reader!(read_p256, p256, 64);
ecdsa_reader!(read_p384, p384, 96);

fn verify_ed25519(
    key: &ed25519_dalek::VerifyingKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let bytes = <&[u8; 64]>::try_from(signature).map_err(|_| SignatureError::Length {
        expected: 64,
        found: signature.len(),
    })?;
    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes))
        .map_err(|_| SignatureError::Mismatch)
}

fn verify_hmac(secret: &[u8], message: &[u8], tag: &[u8]) -> Result<(), SignatureError> {
    if tag.len() != 32 {
        return Err(SignatureError::Length {
            expected: 32,
            found: tag.len(),
        });
    }
    let expected = signing::hmac_sha256(secret, message);
    if equal::constant_time(&expected, tag) {
        Ok(())
    } else {
        Err(SignatureError::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::{self, hmac_key},
        secret::Secret,
        signing::{EcdsaSigningKey, SigningKey, hmac_sha256},
    };

    const ALL_FORMS: [EcdsaForm; 3] = [EcdsaForm::Der, EcdsaForm::P1363, EcdsaForm::Either];

    #[test]
    fn a_changed_byte_anywhere_is_a_mismatch() {
        let key = SigningKey::generate().unwrap();
        let (message, public) = (b"record 1".to_vec(), key.public());
        let signature = key.sign(&message);
        for at in 0..signature.len() {
            let mut changed = signature;
            changed[at] ^= 1;
            assert_eq!(
                public.verify(&message, &changed, EcdsaForm::Der),
                Err(SignatureError::Mismatch),
                "{at}"
            );
        }
        assert_eq!(
            public.verify(b"record 2", &signature, EcdsaForm::Der),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            public.verify(&message, &signature[..63], EcdsaForm::Der),
            Err(SignatureError::Length {
                expected: 64,
                found: 63
            })
        );
    }

    /// S + L is the same number modulo the group order L (RFC 8032, section 8.4).
    #[test]
    fn ed25519_is_not_malleable() {
        const ORDER: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let key = SigningKey::generate().unwrap();
        let mut signature = key.sign(b"m");
        let mut carry = 0_u16;
        for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = carry as u8;
            carry >>= 8;
        }
        assert_eq!(
            key.public().verify(b"m", &signature, EcdsaForm::Der),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn ecdsa_forms_are_kept_apart() {
        let key = EcdsaSigningKey::generate().unwrap();
        let der = key.sign(b"m");
        let fixed = p256::ecdsa::Signature::from_der(&der)
            .unwrap()
            .to_bytes()
            .to_vec();
        let verify = |signature: &[u8], form| key.public().verify(b"m", signature, form);
        assert_eq!(verify(&der, EcdsaForm::Der), Ok(()));
        assert_eq!(verify(&fixed, EcdsaForm::P1363), Ok(()));
        assert_eq!(verify(&der, EcdsaForm::Either), Ok(()));
        assert_eq!(verify(&fixed, EcdsaForm::Either), Ok(()));
        assert_eq!(verify(&fixed, EcdsaForm::Der), Err(SignatureError::Malformed));
        let length = SignatureError::Length {
            expected: 64,
            found: der.len(),
        };
        assert_eq!(verify(&der, EcdsaForm::P1363), Err(length));
        for form in ALL_FORMS {
            assert!(verify(&[0; 64], form).is_err(), "r and s of zero");
            assert!(verify(&[0xff; 64], form).is_err(), "r and s beyond the order");
            assert!(verify(&[], form).is_err());
        }
    }

    #[test]
    fn high_s_is_refused_where_it_is_asked() {
        let key = EcdsaSigningKey::generate().unwrap();
        let digest = Algorithm::Sha256.of(b"m");
        let one = p256::ecdsa::Signature::from_der(&key.sign(b"m")).unwrap();
        let low = one.normalize_s();
        let high = p256::ecdsa::Signature::from_scalars(low.r(), -low.s()).unwrap();
        let verify = |signature: &p256::ecdsa::Signature, s| {
            key.public()
                .verify_ecdsa(digest.as_bytes(), &signature.to_bytes(), EcdsaForm::P1363, s)
        };
        assert_eq!(verify(&low, SRange::Low), Ok(()));
        assert_eq!(verify(&low, SRange::Any), Ok(()));
        assert_eq!(verify(&high, SRange::Any), Ok(()));
        assert_eq!(verify(&high, SRange::Low), Err(SignatureError::HighS));
    }

    #[test]
    fn digests_are_not_hashed_again() {
        let key = EcdsaSigningKey::generate().unwrap();
        let digest = Algorithm::Sha256.of(b"m");
        assert_eq!(
            key.public()
                .verify_digest(digest.as_bytes(), &key.sign(b"m"), EcdsaForm::Der),
            Ok(())
        );
        for found in [0, 20, 31, 33, 65] {
            let refused = key
                .public()
                .verify_digest(&vec![1; found], &key.sign(b"m"), EcdsaForm::Der);
            assert_eq!(refused, Err(SignatureError::DigestLength { found }));
        }
        let edwards = SigningKey::generate().unwrap();
        let refused = edwards
            .public()
            .verify_digest(digest.as_bytes(), &edwards.sign(b"m"), EcdsaForm::Der);
        assert_eq!(
            refused,
            Err(SignatureError::NotPrehashable {
                algorithm: KeyAlgorithm::Ed25519
            })
        );
    }

    #[test]
    fn hmac_needs_the_secret_and_the_whole_tag() {
        let key = hmac_key(Secret::new("a shared secret".to_owned()));
        let tag = hmac_sha256(b"a shared secret", b"m");
        assert_eq!(key.verify(b"m", &tag, EcdsaForm::Der), Ok(()));
        assert_eq!(
            key.verify(b"n", &tag, EcdsaForm::Der),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            key.verify(b"m", &[0; 32], EcdsaForm::Der),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(
            key.verify(b"m", &tag[..16], EcdsaForm::Der),
            Err(SignatureError::Length {
                expected: 32,
                found: 16
            })
        );
        assert!(key.verify(b"m", &[], EcdsaForm::Der).is_err());
    }

    /// The old confusion: the text of a public key used as an HMAC secret, and the tag offered as its signature.
    #[test]
    fn a_public_key_never_checks_an_hmac() {
        let signer = EcdsaSigningKey::generate().unwrap();
        let text = crate::encoding::base64(signer.public().spki_der());
        let forged = hmac_sha256(text.as_bytes(), b"m");
        let found = key::parse_keys(text.as_bytes(), None).unwrap();
        assert!(
            ALL_FORMS
                .iter()
                .all(|form| found[0].key.verify(b"m", &forged, *form).is_err())
        );
        let asked = key::parse_keys(text.as_bytes(), Some(KeyAlgorithm::HmacSha256));
        assert_eq!(asked, Err(key::KeyError::HmacHasNoPublicKey));
    }
}
