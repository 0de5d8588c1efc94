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

    /// Signs a digest as it stands, as ledgers sign their roots.
    #[cfg(test)]
    pub(crate) fn sign_prehashed(&self, digest: &[u8]) -> Vec<u8> {
        use p256::ecdsa::signature::hazmat::PrehashSigner as _;
        let signature: p256::ecdsa::Signature = self.0.sign_prehash(digest).unwrap();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::Algorithm,
        encoding,
        signature::{EcdsaForm, SRange},
    };

    fn secret(hex: &str) -> SecretBytes {
        SecretBytes::new(encoding::unhex(hex).unwrap())
    }

    /// RFC 8032, section 7.1: seed, public key, message, signature.
    const RFC8032: [(&str, &str, &str, &str); 3] = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];

    #[test]
    fn ed25519_known_answers() {
        for (seed, public, message, signature) in RFC8032 {
            let key = SigningKey::from_seed(&secret(seed)).unwrap();
            let message = encoding::unhex(message).unwrap();
            assert_eq!(
                encoding::hex(key.public().spki_der()),
                format!("302a300506032b6570032100{public}")
            );
            assert_eq!(encoding::hex(&key.sign(&message)), signature);
            assert_eq!(
                key.public().verify(&message, &key.sign(&message), EcdsaForm::Der),
                Ok(())
            );
            assert_eq!(encoding::hex(key.seed().expose()), seed);
        }
    }

    /// RFC 6979, appendix A.2.5, SHA-256, message "sample": secret, r, s.
    #[test]
    fn p256_known_answer() {
        let secret = secret("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        let key = EcdsaSigningKey::from_secret_bytes(&secret).unwrap();
        let expected = "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
                        022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
        assert_eq!(encoding::hex(&key.sign(b"sample")), expected);
        assert_eq!(
            key.public()
                .verify(b"sample", &key.sign(b"sample"), EcdsaForm::Der),
            Ok(())
        );
        assert_eq!(key.to_secret_bytes().expose(), secret.expose());
    }

    /// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
    #[test]
    fn hmac_known_answers() {
        let answers = [
            (
                vec![0x0b; 20],
                "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, tag) in answers {
            assert_eq!(encoding::hex(&hmac_sha256(&key, message.as_bytes())), tag);
        }
    }

    #[test]
    fn new_keys_sign_and_come_back() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_seed(&key.seed()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(
            key.public().verify(b"m", &again.sign(b"m"), EcdsaForm::Der),
            Ok(())
        );

        let key = EcdsaSigningKey::generate().unwrap();
        let again = EcdsaSigningKey::from_secret_bytes(&key.to_secret_bytes()).unwrap();
        assert_eq!(again.public(), key.public());
        let digest = Algorithm::Sha256.of(b"m");
        let any =
            key.public()
                .verify_ecdsa(digest.as_bytes(), &again.sign(b"m"), EcdsaForm::Der, SRange::Any);
        assert_eq!(any, Ok(()));
    }

    #[test]
    fn secrets_of_another_shape_are_refused() {
        let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        assert_eq!(
            SigningKey::from_seed(&secret("00")).err(),
            Some(SigningKeyError::Length {
                expected: 32,
                found: 1
            })
        );
        for number in [order, &"00".repeat(32)] {
            let refused = EcdsaSigningKey::from_secret_bytes(&secret(number)).err();
            assert_eq!(refused, Some(SigningKeyError::OutOfRange));
        }
        assert!(EcdsaSigningKey::from_secret_bytes(&secret(&"01".repeat(33))).is_err());
    }
}
