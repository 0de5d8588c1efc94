//! Why a key is refused.

use thiserror::Error;

use super::KeyAlgorithm;
use crate::encoding::EncodingError;

/// Why a key is refused. The key's text is never repeated: it may be a secret that was pasted by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// There is nothing to read.
    #[error("there is no key in it")]
    Empty,
    /// More bytes than any list of keys needs.
    #[error("{found} bytes are more than the {limit} that are read as keys")]
    TooLarge {
        /// The greatest number of bytes.
        limit: usize,
        /// The number found.
        found: usize,
    },
    /// The content has none of the forms that are read.
    #[error("this is in none of the forms in which keys are read")]
    Unrecognised,
    /// A private or secret key was given where a public one belongs.
    #[error(
        "this is a secret key ({form}); only public keys belong here, and this one should now be treated as disclosed"
    )]
    Secret {
        /// The form in which it was recognised.
        form: &'static str,
    },
    /// A key or file of a known kind that is not a key of ours.
    #[error("this is {kind}, which is not read as a key here")]
    Unsupported {
        /// What it is.
        kind: &'static str,
    },
    /// The key is of another algorithm than the one it was given for.
    #[error("the key is for {found}, not for {expected}")]
    Algorithm {
        /// What was asked for.
        expected: KeyAlgorithm,
        /// What the key is.
        found: KeyAlgorithm,
    },
    /// A shared secret is not read from a public key's place.
    #[error("hmac-sha256 has no public key; give the secret as a secret")]
    HmacHasNoPublicKey,
    /// The text does not decode.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// The number of bytes fits no key.
    #[error("{found} bytes are not the length of a key that is read here")]
    Length {
        /// The number of bytes.
        found: usize,
    },
    /// The DER structure is not that of a public key.
    #[error("the key's structure is damaged at byte {at}: expected {expected}")]
    Structure {
        /// Offset from the beginning of the structure.
        at: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// A JSON key lacks a member or has a wrong one.
    #[error("the JSON key's member `{member}` is missing or not as it must be")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// A line of an OpenSSH file is malformed.
    #[error("the OpenSSH key is malformed: {expected} is expected")]
    OpenSsh {
        /// What belongs there.
        expected: &'static str,
    },
    /// The name that a key carries for itself does not fit its bytes.
    #[error("the key says that its id is {expected}, but its bytes give {found}")]
    Id {
        /// The id that is written.
        expected: String,
        /// The id that the bytes give.
        found: String,
    },
    /// RSA keys below 2048 bits can be broken.
    #[error("the RSA key has {bits} bits; at least 2048 are needed")]
    RsaTooShort {
        /// Bits of the modulus.
        bits: usize,
    },
    /// RSA keys above 8192 bits are not used by anybody but to slow a verifier down.
    #[error("the RSA key has {bits} bits; at most 8192 are read")]
    RsaTooLong {
        /// Bits of the modulus.
        bits: usize,
    },
    /// The exponent is even, below 65537 or unreasonably large.
    #[error("the RSA key's exponent is not an odd number from 65537 up")]
    RsaExponent,
    /// The modulus cannot be one.
    #[error("the RSA key's modulus is not a product of two large primes")]
    RsaModulus,
    /// The point is not on the curve, or not written in the one canonical way.
    #[error("the bytes are not a point of {curve}")]
    NotOnCurve {
        /// The curve.
        curve: Curve,
    },
    /// A point of small or mixed order: signatures under it need no secret, or verifiers disagree about them.
    #[error("the Ed25519 key is weak: its point lies outside the prime-order group")]
    WeakPoint,
    /// The ML-DSA key is not one.
    #[error("the bytes are not an ML-DSA-65 key")]
    MlDsa,
    /// An error in one of several keys.
    #[error("key {number}: {source}")]
    At {
        /// Which key, from 1, in the order of the file.
        number: usize,
        /// What is wrong with it.
        source: Box<KeyError>,
    },
}

/// An elliptic curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// Edwards25519 (RFC 7748).
    Ed25519,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

impl std::fmt::Display for Curve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Edwards25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        })
    }
}

impl From<crate::asn1::Asn1Error> for KeyError {
    fn from(error: crate::asn1::Asn1Error) -> Self {
        Self::Structure {
            at: error.at,
            expected: error.expected,
        }
    }
}
