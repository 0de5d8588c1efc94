//! The signature algorithms, and what each asks of a key.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A signature algorithm with all of its parameters. A pinned key is bound to exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyAlgorithm {
    /// Ed25519 (RFC 8032), written `ed25519`.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5), written `es256`.
    Es256,
    /// ECDSA on P-384 with SHA-384, written `es384`.
    Es384,
    /// RSA PKCS#1 v1.5 with SHA-256 (RFC 8017, section 8.2), written `rsa-pkcs1-sha256`.
    RsaPkcs1Sha256,
    /// RSA PKCS#1 v1.5 with SHA-384, written `rsa-pkcs1-sha384`.
    RsaPkcs1Sha384,
    /// RSA PKCS#1 v1.5 with SHA-512, written `rsa-pkcs1-sha512`.
    RsaPkcs1Sha512,
    /// RSA-PSS with SHA-256, MGF1-SHA-256, 32 bytes of salt (RFC 8017, section 8.1), written `rsa-pss-sha256`.
    RsaPssSha256,
    /// RSA-PSS with SHA-384, MGF1-SHA-384, 48 bytes of salt, written `rsa-pss-sha384`.
    RsaPssSha384,
    /// RSA-PSS with SHA-512, MGF1-SHA-512, 64 bytes of salt, written `rsa-pss-sha512`.
    RsaPssSha512,
    /// ML-DSA-65 with an empty context (FIPS 204), written `ml-dsa-65`.
    MlDsa65,
    /// HMAC with SHA-256 (RFC 2104), written `hmac-sha256`. Whoever can check it can also make it.
    HmacSha256,
}

impl KeyAlgorithm {
    /// Every algorithm, in the order of its listing.
    pub const ALL: [Self; 11] = [
        Self::Ed25519,
        Self::Es256,
        Self::Es384,
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
        Self::MlDsa65,
        Self::HmacSha256,
    ];

    /// The name under which profiles and trust files know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Es256 => "es256",
            Self::Es384 => "es384",
            Self::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
            Self::RsaPkcs1Sha384 => "rsa-pkcs1-sha384",
            Self::RsaPkcs1Sha512 => "rsa-pkcs1-sha512",
            Self::RsaPssSha256 => "rsa-pss-sha256",
            Self::RsaPssSha384 => "rsa-pss-sha384",
            Self::RsaPssSha512 => "rsa-pss-sha512",
            Self::MlDsa65 => "ml-dsa-65",
            Self::HmacSha256 => "hmac-sha256",
        }
    }

    /// Says whether keys of this algorithm are RSA keys.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        matches!(
            self,
            Self::RsaPkcs1Sha256
                | Self::RsaPkcs1Sha384
                | Self::RsaPkcs1Sha512
                | Self::RsaPssSha256
                | Self::RsaPssSha384
                | Self::RsaPssSha512
        )
    }

    /// Says whether this is RSA with probabilistic padding.
    #[must_use]
    pub const fn is_rsa_pss(self) -> bool {
        matches!(self, Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512)
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyAlgorithm {
    type Err = UnknownKeyAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownKeyAlgorithm> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| UnknownKeyAlgorithm {
                found: name.to_owned(),
            })
    }
}

/// A name that is no signature algorithm of ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` is not a signature algorithm that Tickmark knows")]
pub struct UnknownKeyAlgorithm {
    /// The name as it was given.
    pub found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for algorithm in KeyAlgorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
    }

    #[test]
    fn a_name_has_one_spelling() {
        for name in ["Ed25519", "ES256", "none", "", "hs256", "es256k", "ed25519 "] {
            assert!(name.parse::<KeyAlgorithm>().is_err(), "{name}");
        }
    }
}
