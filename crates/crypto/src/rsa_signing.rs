//! RSA keys that tests sign with, as AWS does. Only with the feature `rsa-signing`, which no program has: Tickmark itself
//! verifies RSA signatures and makes none.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use thiserror::Error;

/// The library refused to make a key or a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the library made no RSA key or signature")]
pub struct RsaSigningError;

/// An RSA key of 2048 bits.
pub struct RsaSigningKey(KeyPair);

impl RsaSigningKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`RsaSigningError`].
    pub fn generate() -> Result<Self, RsaSigningError> {
        KeyPair::generate(KeySize::Rsa2048)
            .map(Self)
            .map_err(|_| RsaSigningError)
    }

    /// Signs a message: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2).
    ///
    /// # Errors
    /// [`RsaSigningError`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RsaSigningError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| RsaSigningError)?;
        Ok(signature)
    }

    /// The public key: the DER of an RSAPublicKey (RFC 8017, appendix A.1.1).
    #[must_use]
    pub fn public_pkcs1(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}
