//! OpenSSH's detached signatures (PROTOCOL.sshsig), as `ssh-keygen -Y sign` makes them.
//!
//! The armored block holds `SSHSIG` ‖ version 1 ‖ public key ‖ namespace ‖ reserved ‖ hash name ‖ signature, each text with
//! its length before it (RFC 4251, section 5). What is signed is `SSHSIG` ‖ namespace ‖ reserved ‖ hash name ‖ H(message).
//! The public key inside says only which pinned key to try; the namespace must be the one that the reader expects.

use thiserror::Error;

use crate::{
    digest::Algorithm,
    encoding::{self, EncodingError},
    key::{Candidate, KeyAlgorithm, KeyError, PublicKey, wire},
    message::{Message, MessageError},
    signature::{EcdsaForm, SignatureError},
};

/// A signature as it was read. It says nothing yet about its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    carried: PublicKey,
    namespace: String,
    hash: Algorithm,
    signature: Vec<u8>,
}

/// Why a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SshsigError {
    /// More bytes than any signature has.
    #[error("{found} bytes are more than the {limit} of an OpenSSH signature")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The text around the base64 is not that of a signature.
    #[error("the OpenSSH signature's armor is malformed: {expected} is expected")]
    Armor {
        /// What belongs there.
        expected: &'static str,
    },
    /// The base64 does not decode.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// The decoded bytes do not have the structure of PROTOCOL.sshsig.
    #[error("the OpenSSH signature is malformed: {expected} is expected")]
    Structure {
        /// What belongs there.
        expected: &'static str,
    },
    /// A version other than 1.
    #[error("the OpenSSH signature has version {found}; version 1 is read")]
    Version {
        /// The version.
        found: u32,
    },
    /// The key inside is not one that is read here.
    #[error("the key inside the OpenSSH signature: {0}")]
    Key(#[from] KeyError),
    /// A signature algorithm that is not accepted, such as `ssh-rsa`, which signs with SHA-1.
    #[error("the signature algorithm `{found}` is not accepted here{}", if found == "ssh-rsa" { ": it signs with SHA-1" } else { "" })]
    Scheme {
        /// Its name.
        found: String,
    },
    /// A hash function other than the two that PROTOCOL.sshsig allows.
    #[error("the hash `{found}` is not accepted here; sha256 and sha512 are")]
    Hash {
        /// Its name.
        found: String,
    },
    /// The signature was made for another purpose.
    #[error("the signature was made in the namespace `{found}`, not in `{expected}`")]
    Namespace {
        /// The namespace that is expected.
        expected: String,
        /// The namespace that was signed.
        found: String,
    },
    /// The signer's key is not among the pinned ones.
    #[error("the signature names the key {carried}, which is not pinned")]
    NotPinned {
        /// The fingerprint of the key inside.
        carried: String,
    },
    /// The message does not serve.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The signature does not stand under the pinned key.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Signature {
    /// Reads an armored signature. Lines end in LF or CR LF; nothing may stand before or behind the block.
    ///
    /// # Errors
    /// [`SshsigError`].
    pub fn parse(armored: &[u8]) -> Result<Self, SshsigError> {
        if armored.len() > SSHSIG_LIMIT {
            return Err(SshsigError::TooLarge {
                limit: SSHSIG_LIMIT,
                found: armored.len(),
            });
        }
        Self::parse_blob(&unarmor(armored)?)
    }

    /// Reads the bytes inside the armor.
    fn parse_blob(blob: &[u8]) -> Result<Self, SshsigError> {
        let short = |expected| move |_: KeyError| SshsigError::Structure { expected };
        let rest = blob.strip_prefix(MAGIC).ok_or(SshsigError::Structure {
            expected: "SSHSIG at the beginning",
        })?;
        let (version, mut rest) = rest.split_first_chunk::<4>().ok_or(SshsigError::Structure {
            expected: "a version",
        })?;
        let version = u32::from_be_bytes(*version);
        if version != 1 {
            return Err(SshsigError::Version { found: version });
        }
        let key = wire::string(&mut rest).map_err(short("a public key"))?;
        let namespace = name(wire::string(&mut rest).map_err(short("a namespace"))?)?;
        let reserved = wire::string(&mut rest).map_err(short("the reserved text"))?;
        let hash = name(wire::string(&mut rest).map_err(short("a hash name"))?)?;
        let mut signature = wire::string(&mut rest).map_err(short("a signature"))?;
        // A later version of the format may restrict a signature there; what is not understood is not passed over.
        if !reserved.is_empty() || !rest.is_empty() {
            return Err(SshsigError::Structure {
                expected: "an empty reserved text, and nothing after the signature",
            });
        }
        let hash = match hash {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            found => {
                return Err(SshsigError::Hash {
                    found: found.to_owned(),
                });
            }
        };
        if namespace.is_empty() {
            return Err(SshsigError::Structure {
                expected: "a namespace that is not empty",
            });
        }
        let carried = wire::key(key)?;
        let scheme = name(wire::string(&mut signature).map_err(short("a signature algorithm"))?)?;
        let bytes = wire::string(&mut signature).map_err(short("the signature's bytes"))?;
        if !signature.is_empty() {
            return Err(SshsigError::Structure {
                expected: "nothing after the signature's bytes",
            });
        }
        let carried = bind(&carried, scheme)?;
        Ok(Self {
            signature: flatten(bytes, carried.algorithm())?,
            carried,
            namespace: namespace.to_owned(),
            hash,
        })
    }

    /// What takes in the message: its SHA-256 or SHA-512 is needed.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::hashed([self.hash])
    }

    /// The purpose that the signer named, such as `file`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The key that the signature brings along. It is no pinned key: verifying with it shows agreement only.
    #[must_use]
    pub const fn carried(&self) -> &PublicKey {
        &self.carried
    }

    /// The hash function of the message.
    #[must_use]
    pub const fn hash(&self) -> Algorithm {
        self.hash
    }

    /// Verifies the signature; gives the position of the candidate under which it stands.
    ///
    /// A pinned RSA key of any `rsa-pkcs1-…` serves for `rsa-sha2-256` and `rsa-sha2-512`, because an OpenSSH key is pinned
    /// for both; every other key serves for its own algorithm only. What an allowed_signers line restricts (namespaces,
    /// times) is for the caller to ask of [`crate::key::KeyLimits`] before a key becomes a candidate.
    ///
    /// # Errors
    /// [`SshsigError::Namespace`], [`SshsigError::NotPinned`], [`SshsigError::Message`], [`SshsigError::Signature`].
    pub fn verify(
        &self,
        message: &Message,
        namespace: &str,
        candidates: &[Candidate<'_>],
    ) -> Result<usize, SshsigError> {
        if namespace != self.namespace {
            return Err(SshsigError::Namespace {
                expected: namespace.to_owned(),
                found: self.namespace.clone(),
            });
        }
        let (at, key) = candidates
            .iter()
            .enumerate()
            .find_map(|(at, candidate)| Some((at, self.pinned(candidate.key)?)))
            .ok_or_else(|| SshsigError::NotPinned {
                carried: self.carried.fingerprint(),
            })?;
        let digest = message.digest(self.hash)?;
        key.verify(&self.signed(digest.as_bytes()), &self.signature, EcdsaForm::P1363)?;
        Ok(at)
    }

    /// The candidate, bound to the signature's algorithm, if it is the key that the signature names.
    fn pinned(&self, candidate: &PublicKey) -> Option<PublicKey> {
        let same = candidate.spki_der() == self.carried.spki_der()
            && !candidate.spki_der().is_empty()
            && !candidate.algorithm().is_rsa_pss();
        same.then(|| candidate.bound_to(self.carried.algorithm()).ok())?
    }

    fn signed(&self, digest: &[u8]) -> Vec<u8> {
        let mut signed = MAGIC.to_vec();
        for part in [
            self.namespace.as_bytes(),
            b"",
            self.hash.name().as_bytes(),
            digest,
        ] {
            signed.extend((part.len() as u32).to_be_bytes()); // below the limit of a signature's length
            signed.extend_from_slice(part);
        }
        signed
    }
}

impl SshsigError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        matches!(
            self,
            Self::NotPinned { .. }
                | Self::Scheme { .. }
                | Self::Hash { .. }
                | Self::Version { .. }
                | Self::Key(_)
                | Self::Message(_)
        )
    }
}

/// The most bytes of an armored signature: 64 KiB. The longest genuine one (RSA with 8192 bits) has 4 KiB.
pub const SSHSIG_LIMIT: usize = 64 << 10;

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

fn unarmor(armored: &[u8]) -> Result<Vec<u8>, SshsigError> {
    let wrong = |expected| SshsigError::Armor { expected };
    let text = std::str::from_utf8(armored).map_err(|_| wrong("text"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    if lines.next() != Some(BEGIN) {
        return Err(wrong(BEGIN));
    }
    let mut body = String::new();
    loop {
        match lines.next() {
            Some(END) => break,
            Some("") => return Err(wrong("base64 in every line")),
            Some(line) => body.push_str(line),
            None => return Err(wrong(END)),
        }
    }
    if lines.next().is_some() {
        return Err(wrong("nothing after the last line"));
    }
    Ok(encoding::unbase64(&body)?)
}

/// Binds the key to the algorithm of the signature.
fn bind(key: &PublicKey, scheme: &str) -> Result<PublicKey, SshsigError> {
    let algorithm = match scheme {
        "ssh-ed25519" => KeyAlgorithm::Ed25519,
        "ecdsa-sha2-nistp256" => KeyAlgorithm::Es256,
        "ecdsa-sha2-nistp384" => KeyAlgorithm::Es384,
        "rsa-sha2-256" => KeyAlgorithm::RsaPkcs1Sha256,
        "rsa-sha2-512" => KeyAlgorithm::RsaPkcs1Sha512,
        found => {
            return Err(SshsigError::Scheme {
                found: found.to_owned(),
            });
        }
    };
    Ok(key.bound_to(algorithm)?)
}

/// The signature's bytes as [`PublicKey::verify`] takes them: ECDSA's two numbers (RFC 5656, section 3.1.2) side by side.
fn flatten(bytes: &[u8], algorithm: KeyAlgorithm) -> Result<Vec<u8>, SshsigError> {
    let width = match algorithm {
        KeyAlgorithm::Es256 => 32,
        KeyAlgorithm::Es384 => 48,
        _ => return Ok(bytes.to_vec()),
    };
    let mut rest = bytes;
    let mut flat = Vec::with_capacity(2 * width);
    for _ in 0..2 {
        let number = wire::number(&mut rest)
            .ok()
            .filter(|number| number.len() <= width);
        let number = number.ok_or(SshsigError::Structure {
            expected: "two positive numbers below the curve's order",
        })?;
        flat.resize(flat.len() + width - number.len(), 0);
        flat.extend_from_slice(number);
    }
    if rest.is_empty() {
        Ok(flat)
    } else {
        Err(SshsigError::Structure {
            expected: "nothing after the signature's two numbers",
        })
    }
}

fn name(bytes: &[u8]) -> Result<&str, SshsigError> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|name| !name.contains(char::is_control))
        .ok_or(SshsigError::Structure {
            expected: "a name of printable characters",
        })
}

#[cfg(test)]
mod tests;
