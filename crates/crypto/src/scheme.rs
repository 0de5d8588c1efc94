//! Signature algorithms as certificates and CMS name them: an allow-list of AlgorithmIdentifiers.

use thiserror::Error;

use crate::{
    asn1::{self, NULL},
    digest::Algorithm,
    key::{self, KeyAlgorithm, KeyError, PublicKey},
    signature::{EcdsaForm, SRange, SignatureError},
};

/// A signature algorithm with its hash, as an AlgorithmIdentifier names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// ECDSA with this hash, on P-256 or P-384.
    Ecdsa(Algorithm),
    /// RSA, where padding and hash are part of the name.
    Rsa(KeyAlgorithm, Algorithm),
    /// Ed25519, which signs messages.
    Ed25519,
}

/// Why a certificate's or a CMS signer's signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SchemeError {
    /// A hash function that is broken or too short.
    #[error("it uses {name}, which is not accepted because it is broken or too short")]
    Weak {
        /// The hash function.
        name: &'static str,
    },
    /// An algorithm that is not read here.
    #[error("its algorithm {oid} is not one that is verified here")]
    Unknown {
        /// The object identifier in dotted numbers.
        oid: String,
    },
    /// The parameters of the algorithm are not those that belong to it.
    #[error("the parameters of its algorithm {oid} are not those that are verified here")]
    Parameters {
        /// The object identifier in dotted numbers.
        oid: String,
    },
    /// Ed25519 signs messages, and only the message's digest is known here.
    #[error("an Ed25519 signature without signed attributes needs the whole content, which is not kept")]
    NeedsMessage,
    /// The signer's public key is not one that is read here, or weak.
    #[error("its public key: {0}")]
    Key(#[from] KeyError),
    /// The signature does not stand.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Scheme {
    /// Reads an algorithm. `digest` is the hash that stands beside it where the name itself has none, as in CMS.
    pub(crate) fn read(
        oid: &[u8],
        parameters: &[u8],
        digest: Option<Algorithm>,
    ) -> Result<Self, SchemeError> {
        let bare = parameters.is_empty();
        // RFC 4055, section 5: NULL, and absent parameters are accepted too.
        let plain = bare || parameters == [NULL, 0];
        let (scheme, fits) = match oid {
            SHA256_WITH_RSA => (Self::pkcs1(Algorithm::Sha256), plain),
            SHA384_WITH_RSA => (Self::pkcs1(Algorithm::Sha384), plain),
            SHA512_WITH_RSA => (Self::pkcs1(Algorithm::Sha512), plain),
            RSA => match digest {
                Some(digest) => (Self::pkcs1(digest), plain),
                None => {
                    return Err(SchemeError::Unknown {
                        oid: asn1::dotted(oid),
                    });
                }
            },
            // Without parameters the hash would be SHA-1 (RFC 8017, appendix A.2.3).
            RSA_PSS if bare => return Err(SchemeError::Weak { name: "SHA-1" }),
            RSA_PSS => match key::pss(parameters, None) {
                Ok(algorithm) => (Self::Rsa(algorithm, pss_digest(algorithm)), true),
                Err(_) => {
                    return Err(SchemeError::Parameters {
                        oid: asn1::dotted(oid),
                    });
                }
            },
            ECDSA_WITH_SHA256 => (Self::Ecdsa(Algorithm::Sha256), bare),
            ECDSA_WITH_SHA384 => (Self::Ecdsa(Algorithm::Sha384), bare),
            ECDSA_WITH_SHA512 => (Self::Ecdsa(Algorithm::Sha512), bare),
            ED25519 => (Self::Ed25519, bare),
            _ => return Err(refused(oid)),
        };
        if fits {
            Ok(scheme)
        } else {
            Err(SchemeError::Parameters {
                oid: asn1::dotted(oid),
            })
        }
    }

    const fn pkcs1(digest: Algorithm) -> Self {
        let algorithm = match digest {
            Algorithm::Sha384 => KeyAlgorithm::RsaPkcs1Sha384,
            Algorithm::Sha512 => KeyAlgorithm::RsaPkcs1Sha512,
            _ => KeyAlgorithm::RsaPkcs1Sha256, // `read_digest` gives no other
        };
        Self::Rsa(algorithm, digest)
    }

    /// Verifies a signature over a message under the key of a SubjectPublicKeyInfo.
    pub(crate) fn verify(self, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SchemeError> {
        match self {
            Self::Ed25519 => {
                let key = PublicKey::from_spki_der(spki, Some(KeyAlgorithm::Ed25519))?;
                Ok(key.verify(message, signature, EcdsaForm::Der)?)
            }
            Self::Ecdsa(digest) | Self::Rsa(_, digest) => {
                self.verify_digest(spki, digest, digest.of(message).as_bytes(), signature)
            }
        }
    }

    /// Verifies a signature over a digest that was computed elsewhere with `algorithm`.
    pub(crate) fn verify_digest(
        self,
        spki: &[u8],
        algorithm: Algorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SchemeError> {
        match self {
            Self::Ed25519 => Err(SchemeError::NeedsMessage),
            Self::Ecdsa(own) | Self::Rsa(_, own) if own != algorithm => {
                Err(SignatureError::DigestLength { found: digest.len() }.into())
            }
            Self::Ecdsa(_) => {
                let key = PublicKey::from_spki_der(spki, None)?;
                Ok(key.verify_ecdsa(digest, signature, EcdsaForm::Der, SRange::Any)?)
            }
            Self::Rsa(bound, _) => {
                let key = PublicKey::from_spki_der(spki, Some(bound))?;
                Ok(key.verify_digest(digest, signature, EcdsaForm::Der)?)
            }
        }
    }
}

impl SchemeError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        !matches!(self, Self::Signature(_))
    }
}

/// Reads a hash function's AlgorithmIdentifier: SHA-256, SHA-384 or SHA-512 (RFC 5754, section 2).
pub(crate) fn read_digest(oid: &[u8], parameters: &[u8]) -> Result<Algorithm, SchemeError> {
    let algorithm = match oid {
        SHA256 => Algorithm::Sha256,
        SHA384 => Algorithm::Sha384,
        SHA512 => Algorithm::Sha512,
        _ => return Err(refused(oid)),
    };
    if parameters.is_empty() || parameters == [NULL, 0] {
        Ok(algorithm)
    } else {
        Err(SchemeError::Parameters {
            oid: asn1::dotted(oid),
        })
    }
}

const fn pss_digest(algorithm: KeyAlgorithm) -> Algorithm {
    match algorithm {
        KeyAlgorithm::RsaPssSha384 => Algorithm::Sha384,
        KeyAlgorithm::RsaPssSha512 => Algorithm::Sha512,
        _ => Algorithm::Sha256, // `key::pss` gives no other
    }
}

/// The refusal of an algorithm: weak ones by name, others by number.
fn refused(oid: &[u8]) -> SchemeError {
    let weak = WEAK.iter().find(|(weak, _)| weak.contains(&oid));
    match weak {
        Some((_, name)) => SchemeError::Weak { name },
        None => SchemeError::Unknown {
            oid: asn1::dotted(oid),
        },
    }
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SHA384_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
const SHA512_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_WITH_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
const ECDSA_WITH_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];

/// What is refused by name: hash functions, and signatures that use them (RFC 3279, RFC 3370, RFC 5758).
const WEAK: [(&[&[u8]], &str); 4] = [
    (&[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02]], "MD2"),
    (
        &[
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
        ],
        "MD5",
    ),
    (
        &[
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
            &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03],
            &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
            &[0x2b, 0x0e, 0x03, 0x02, 0x1d],
        ],
        "SHA-1",
    ),
    (
        &[
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e],
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01],
            &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
        ],
        "SHA-224",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_algorithms_are_refused_by_name() {
        for (oids, name) in WEAK {
            for oid in oids {
                for parameters in [&[][..], &[NULL, 0]] {
                    let refused = Err(SchemeError::Weak { name });
                    assert_eq!(Scheme::read(oid, parameters, None), refused.clone());
                    assert_eq!(read_digest(oid, parameters).map(|_| Scheme::Ed25519), refused);
                }
            }
        }
        assert_eq!(
            Scheme::read(RSA_PSS, &[], None),
            Err(SchemeError::Weak { name: "SHA-1" })
        );
    }

    #[test]
    fn parameters_belong_to_their_algorithm() {
        let null = &[NULL, 0][..];
        assert_eq!(
            Scheme::read(SHA256_WITH_RSA, null, None),
            Scheme::read(SHA256_WITH_RSA, &[], None)
        );
        for (oid, parameters) in [
            (ECDSA_WITH_SHA256, null),
            (ED25519, null),
            (SHA256_WITH_RSA, &[NULL, 1, 0]),
            (RSA_PSS, null),
        ] {
            let refused = Scheme::read(oid, parameters, None);
            assert!(
                matches!(refused, Err(SchemeError::Parameters { .. })),
                "{refused:?}"
            );
        }
        assert!(read_digest(SHA256, &[4, 0]).is_err());
        assert!(Scheme::read(RSA, null, None).is_err(), "a hash belongs to it");
    }
}
