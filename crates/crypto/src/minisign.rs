//! minisign's detached signatures (<https://jedisct1.github.io/minisign/>, section "Signature format").
//!
//! Four lines: an untrusted comment; base64 of algorithm (2 bytes) ‖ key id (8) ‖ Ed25519 signature (64); a trusted comment;
//! base64 of a second signature, over the first one's 64 bytes ‖ the trusted comment. Algorithm `ED` signs the BLAKE2b-512
//! of the message, the older `Ed` the message itself.

use thiserror::Error;

use crate::{
    encoding::{self, EncodingError},
    key::{Candidate, KeyAlgorithm},
    message::{Message, MessageError, WHOLE_LIMIT},
    signature::{EcdsaForm, SignatureError},
};

/// A signature as it was read. It says nothing yet about its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    prehashed: bool,
    key_id: [u8; 8],
    signature: [u8; 64],
    untrusted_comment: String,
    trusted_comment: String,
    global: [u8; 64],
}

/// Why a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MinisignError {
    /// More bytes than any signature has.
    #[error("{found} bytes are more than the {limit} of a minisign signature")]
    TooLarge {
        /// The most bytes that are read.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The four lines are not those of a signature.
    #[error("the minisign signature is malformed: {expected} is expected")]
    Structure {
        /// What belongs there.
        expected: &'static str,
    },
    /// A line of base64 does not decode.
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    /// Neither `Ed` nor `ED`.
    #[error("the minisign algorithm {found} is not one of Ed and ED")]
    Algorithm {
        /// The two bytes in hex.
        found: String,
    },
    /// No pinned Ed25519 key has the id that the signature names.
    #[error("the signature names the key id {key_id}, which no pinned key has")]
    NotPinned {
        /// The key id, as minisign shows it.
        key_id: String,
    },
    /// The message does not serve.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The signature over the message does not stand.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signature over the message stands, and the one over the trusted comment does not.
    #[error("the trusted comment is not the one that was signed")]
    TrustedComment,
}

impl Signature {
    /// Reads the four lines. Lines end in LF or CR LF, the last one also in nothing.
    ///
    /// # Errors
    /// [`MinisignError`].
    pub fn parse(text: &[u8]) -> Result<Self, MinisignError> {
        if text.len() > MINISIGN_LIMIT {
            return Err(MinisignError::TooLarge {
                limit: MINISIGN_LIMIT,
                found: text.len(),
            });
        }
        let wrong = |expected| MinisignError::Structure { expected };
        let text = std::str::from_utf8(text).map_err(|_| wrong("UTF-8 text"))?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let mut lines = text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line));
        let mut line = |prefix, expected| {
            lines
                .next()
                .and_then(|line| line.strip_prefix(prefix))
                .ok_or(wrong(expected))
        };
        let untrusted_comment = line("untrusted comment: ", "`untrusted comment: ` in line 1")?;
        let first = encoding::unbase64(line("", "base64 in line 2")?)?;
        let trusted_comment = line("trusted comment: ", "`trusted comment: ` in line 3")?;
        let second = encoding::unbase64(line("", "base64 in line 4")?)?;
        if lines.next().is_some() {
            return Err(wrong("nothing after line 4"));
        }
        let (algorithm, rest) = first
            .split_first_chunk::<2>()
            .ok_or(wrong("74 bytes in line 2"))?;
        let (key_id, signature) = rest.split_first_chunk::<8>().ok_or(wrong("74 bytes in line 2"))?;
        Ok(Self {
            prehashed: match algorithm {
                b"ED" => true,
                b"Ed" => false,
                other => {
                    return Err(MinisignError::Algorithm {
                        found: encoding::hex(other),
                    });
                }
            },
            key_id: *key_id,
            signature: signature.try_into().map_err(|_| wrong("74 bytes in line 2"))?,
            untrusted_comment: untrusted_comment.to_owned(),
            trusted_comment: trusted_comment.to_owned(),
            global: second.try_into().map_err(|_| wrong("64 bytes in line 4"))?,
        })
    }

    /// What takes in the message: its BLAKE2b-512, or for `Ed` the message itself up to [`WHOLE_LIMIT`].
    #[must_use]
    pub fn message(&self) -> Message {
        if self.prehashed {
            Message::blake2b()
        } else {
            Message::whole(WHOLE_LIMIT)
        }
    }

    /// Whether the message was hashed before it was signed (`ED`).
    #[must_use]
    pub const fn is_prehashed(&self) -> bool {
        self.prehashed
    }

    /// The id of the key, as minisign shows it and as [`crate::key::FoundKey::kid`] has it: 16 upper-case hex digits.
    #[must_use]
    pub fn key_id(&self) -> String {
        encoding::hex(&u64::from_le_bytes(self.key_id).to_be_bytes()).to_uppercase()
    }

    /// The comment that nobody signed.
    #[must_use]
    pub fn untrusted_comment(&self) -> &str {
        &self.untrusted_comment
    }

    /// The comment that the signer signed; trusted only after [`Self::verify`].
    #[must_use]
    pub fn trusted_comment(&self) -> &str {
        &self.trusted_comment
    }

    /// Verifies both signatures; gives the position of the candidate under which they stand.
    ///
    /// Candidates are Ed25519 keys whose name, where they have one, is the key id.
    ///
    /// # Errors
    /// [`MinisignError::NotPinned`], [`MinisignError::Message`], [`MinisignError::Signature`],
    /// [`MinisignError::TrustedComment`].
    pub fn verify(&self, message: &Message, candidates: &[Candidate<'_>]) -> Result<usize, MinisignError> {
        let key_id = self.key_id();
        let hashed;
        let signed = if self.prehashed {
            hashed = message.blake2b_digest()?;
            &hashed[..]
        } else {
            message.bytes()?
        };
        let mut refusal = None;
        for (at, candidate) in candidates.iter().enumerate() {
            if candidate.key.algorithm() != KeyAlgorithm::Ed25519
                || candidate.kid.is_some_and(|kid| kid != key_id)
            {
                continue;
            }
            match candidate.key.verify(signed, &self.signature, EcdsaForm::P1363) {
                Ok(()) => return self.verify_comment(candidate).map(|()| at),
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.map_or(MinisignError::NotPinned { key_id }, MinisignError::Signature))
    }

    fn verify_comment(&self, candidate: &Candidate<'_>) -> Result<(), MinisignError> {
        let signed = [&self.signature[..], self.trusted_comment.as_bytes()].concat();
        candidate
            .key
            .verify(&signed, &self.global, EcdsaForm::P1363)
            .map_err(|_| MinisignError::TrustedComment)
    }
}

impl MinisignError {
    /// Whether the signature could not be judged: no pin is there for it, or it uses what is not verified here. That proves
    /// nothing and refutes nothing. Every other refusal is of a signature that was judged and does not hold.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        matches!(
            self,
            Self::NotPinned { .. } | Self::Algorithm { .. } | Self::Message(_)
        )
    }
}

/// The most bytes of a signature with its comments: 16 KiB; minisign itself keeps comments below 9 KiB.
pub const MINISIGN_LIMIT: usize = 16 << 10;

#[cfg(test)]
mod tests;
