//! Checking signatures: the one place where a public key meets a message.

use aws_lc_rs::digest as aws;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use thiserror::Error;

use crate::{
    digest::Algorithm,
    equal,
    key::{KeyAlgorithm, Material, PublicKey},
    signing,
};

/// Reads an ECDSA signature of one curve; a macro because the two curves share no nameable trait bounds.
macro_rules! ecdsa_signature {
    ($curve:ident, $bytes:expr, $form:expr, $length:literal) => {{
        let bytes: &[u8] = $bytes;
        let der = || $curve::ecdsa::Signature::from_der(bytes).map_err(|_| SignatureError::Malformed);
        let fixed = || {
            if bytes.len() != $length {
                return Err(SignatureError::Length { expected: $length, found: bytes.len() });
            }
            $curve::ecdsa::Signature::from_slice(bytes).map_err(|_| SignatureError::Malformed)
        };
        match $form {
            EcdsaForm::Der => der(),
            EcdsaForm::P1363 => fixed(),
            // 64 or 96 bytes that are also strict DER are DER: r and s would both have to begin as one by chance.
            EcdsaForm::Either => der().or_else(|_| if bytes.len() == $length { fixed() } else { Err(SignatureError::Malformed) }),
        }
    }};
}

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
    /// - ES256, ES384: SHA-256 or SHA-384 of the message; 0 < r, s < n; high S accepted (see [`Self::verify_ecdsa`]).
    /// - RSA PKCS#1 v1.5: the whole encoded message is compared. RSA-PSS: salt as long as the digest, MGF1 with the same hash.
    /// - ML-DSA-65: FIPS 204 with an empty context.
    /// - HMAC-SHA-256: recomputed and compared in constant time; 32 bytes, not shortened.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, message: &[u8], signature: &[u8], form: EcdsaForm) -> Result<(), SignatureError> {
        match self.material() {
            Material::Ed25519(key) => verify_ed25519(key, message, signature),
            Material::P256(_) => self.verify_ecdsa(
                Algorithm::Sha256.of(message).as_bytes(),
                signature,
                form,
                SRange::Any,
            ),
            Material::P384(_) => self.verify_ecdsa(
                Algorithm::Sha384.of(message).as_bytes(),
                signature,
                form,
                SRange::Any,
            ),
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
            Material::P256(_) | Material::P384(_) => self.verify_ecdsa(digest, signature, form, SRange::Any),
            Material::Aws { parsed, .. } => {
                let algorithm = self.rsa_hash().ok_or(SignatureError::NotPrehashable {
                    algorithm: self.algorithm(),
                })?;
                let digest = aws::Digest::import_less_safe(digest, algorithm)
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
        if ![32, 48, 64].contains(&digest.len()) {
            return Err(SignatureError::DigestLength { found: digest.len() });
        }
        match self.material() {
            Material::P256(key) => {
                let signature = ecdsa_signature!(p256, signature, form, 64)?;
                if s == SRange::Low && signature.normalize_s() != signature {
                    return Err(SignatureError::HighS);
                }
                key.verify_prehash(digest, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
            Material::P384(key) => {
                let signature = ecdsa_signature!(p384, signature, form, 96)?;
                if s == SRange::Low && signature.normalize_s() != signature {
                    return Err(SignatureError::HighS);
                }
                key.verify_prehash(digest, &signature)
                    .map_err(|_| SignatureError::Mismatch)
            }
            _ => Err(SignatureError::NotPrehashable {
                algorithm: self.algorithm(),
            }),
        }
    }

    fn rsa_hash(&self) -> Option<&'static aws::Algorithm> {
        match self.algorithm() {
            KeyAlgorithm::RsaPkcs1Sha256 | KeyAlgorithm::RsaPssSha256 => Some(&aws::SHA256),
            KeyAlgorithm::RsaPkcs1Sha384 | KeyAlgorithm::RsaPssSha384 => Some(&aws::SHA384),
            KeyAlgorithm::RsaPkcs1Sha512 | KeyAlgorithm::RsaPssSha512 => Some(&aws::SHA512),
            _ => None,
        }
    }
}

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
