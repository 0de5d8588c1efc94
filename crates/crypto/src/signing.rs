//! Making signatures: Ed25519 for custody, P-256 for reports, HMAC for demo trails and tokens.

use ed25519_dalek::Signer as _;
use hmac::{KeyInit as _, Mac as _};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    key::PublicKey,
    random::{self, RandomError},
    secret::SecretBytes,
};

/// A secret of the wrong shape was given as a signing key. The secret itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SigningKeyError {
    /// The secret does not have the length that the algorithm needs.
    #[error("a signing key has {expected} secret bytes; here are {found}")]
    Length {
        /// How many bytes are needed.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// The number is zero or not below the curve's order.
    #[error("the secret number does not lie in the curve's range")]
    OutOfRange,
}

/// An Ed25519 signing key (RFC 8032); wiped when dropped, without `Debug` and `Clone`.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Makes a new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`RandomError`] when the operating system gives none.
    pub fn generate() -> Result<Self, RandomError> {
        let seed = Zeroizing::new(random::bytes::<32>()?);
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Restores a key from its 32-byte seed.
    ///
    /// # Errors
    /// [`SigningKeyError::Length`] unless there are 32 bytes.
    pub fn from_seed(seed: &SecretBytes) -> Result<Self, SigningKeyError> {
        let wrong = SigningKeyError::Length {
            expected: 32,
            found: seed.len(),
        };
        let seed = <&[u8; 32]>::try_from(seed.expose()).map_err(|_| wrong)?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// The 32-byte seed, to be sealed and kept.
    #[must_use]
    pub fn seed(&self) -> SecretBytes {
        SecretBytes::new(self.0.as_bytes().to_vec())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::from_own_ed25519(self.0.verifying_key())
    }

    /// Signs a message (RFC 8032, section 5.1.6).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A P-256 signing key; wiped when dropped, without `Debug` and `Clone`.
pub struct EcdsaSigningKey(p256::ecdsa::SigningKey);

impl EcdsaSigningKey {
    /// Makes a new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`RandomError`] when the operating system gives none.
    pub fn generate() -> Result<Self, RandomError> {
        loop {
            let secret = Zeroizing::new(random::bytes::<32>()?);
            // One draw in 2^32 lies above the curve's order and is thrown away.
            if let Ok(key) = p256::ecdsa::SigningKey::from_slice(secret.as_slice()) {
                return Ok(Self(key));
            }
        }
    }

    /// Restores a key from its 32-byte secret number (big-endian).
    ///
    /// # Errors
    /// [`SigningKeyError`] unless there are 32 bytes that lie in the curve's range.
    pub fn from_secret_bytes(secret: &SecretBytes) -> Result<Self, SigningKeyError> {
        if secret.len() != 32 {
            return Err(SigningKeyError::Length {
                expected: 32,
                found: secret.len(),
            });
        }
        p256::ecdsa::SigningKey::from_slice(secret.expose())
            .map(Self)
            .map_err(|_| SigningKeyError::OutOfRange)
    }

    /// The 32-byte secret number (big-endian), to be sealed and kept.
    #[must_use]
    pub fn to_secret_bytes(&self) -> SecretBytes {
        let bytes = Zeroizing::new(<[u8; 32]>::from(self.0.to_bytes()));
        SecretBytes::new(bytes.to_vec())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::from_own_p256(*self.0.verifying_key())
    }

    /// Signs the SHA-256 of a message; the result is a DER `ECDSA-Sig-Value`. The nonce comes from RFC 6979, so the same
    /// message always gives the same bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        signature.to_der().as_bytes().to_vec()
    }
}

/// Computes HMAC-SHA-256 (RFC 2104).
#[must_use]
pub fn hmac_sha256(secret: &[u8], message: &[u8]) -> [u8; 32] {
    // RFC 2104, section 2: a key of any length is taken, so this cannot fail.
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}
