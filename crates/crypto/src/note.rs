//! Signed notes (C2SP signed-note): a text and the signatures under it.
//!
//! ```text
//! This is an example message.
//!
//! — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
//! ```

use thiserror::Error;

use crate::{
    checkpoint::Checkpoint,
    digest,
    encoding::{self, EncodingError},
    key::{KeyAlgorithm, PublicKey},
    signature::{EcdsaForm, SignatureError},
};

/// A note as it was received. Nothing in it is believed before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

/// One signature line: `— NAME base64(key id ‖ signature)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature<'a> {
    /// The key's name.
    pub name: &'a str,
    /// The first four bytes of a digest that ties name, kind and key together.
    pub key_id: [u8; 4],
    /// The signature's bytes; their form is that of the key's kind.
    pub bytes: Vec<u8>,
}

/// A key that signs notes, under the name and id by which its lines are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    kind: NoteKind,
    key: PublicKey,
}

/// What a key's signature on a note covers, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Type 0x01: Ed25519 over the text.
    Ed25519,
    /// Type 0x02: ECDSA in DER over the text, as Rekor v1 signs its checkpoints.
    Ecdsa,
    /// Type 0x04: a witness's Ed25519 cosignature of a checkpoint with its time (C2SP tlog-cosignature).
    Cosignature,
}

/// A signature that verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Which of the given keys made it, from 0.
    pub key: usize,
    /// When a witness made it, in seconds since 1970; `None` for signatures that carry no time.
    pub time: Option<u64>,
}

/// Why a note is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// It is larger than any note needs to be.
    #[error("{found} bytes are more than the {NOTE_LIMIT} that are read as a note")]
    TooLarge {
        /// Its length in bytes.
        found: usize,
    },
    /// It is not UTF-8, or holds a control character other than LF.
    #[error("a note is UTF-8 text without control characters; byte {at} is neither")]
    Text {
        /// Offset of the first such byte.
        at: usize,
    },
    /// No blank line separates the text from its signatures.
    #[error("no blank line separates the text from its signatures")]
    NoSignatures,
    /// A line under the text is no signature line.
    #[error("signature line {number} is not `— name base64`")]
    Line {
        /// Which line under the text, from 1.
        number: usize,
    },
    /// A signature line's base64 does not decode.
    #[error("signature line {number}: {source}")]
    Encoding {
        /// Which line under the text, from 1.
        number: usize,
        /// Why.
        source: EncodingError,
    },
    /// More signatures than are read.
    #[error("{found} signatures are more than the {SIGNATURE_LIMIT} that are read")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A signature under a known name and id does not verify; the whole note is refused.
    #[error("the signature of {name} does not fit: {source}")]
    Signature {
        /// The key's name.
        name: String,
        /// Why.
        source: SignatureError,
    },
    /// A cosignature by a known witness has no time, a time beyond 2^63 − 1, or stands under what is no checkpoint.
    #[error("the cosignature of {name} is not one: a time and a signature over a checkpoint are expected")]
    Cosignature {
        /// The witness's name.
        name: String,
    },
    /// No signature is by a key that was given.
    #[error("no signature is by a known key")]
    NoKnownKey,
}

impl<'a> Note<'a> {
    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError`] for whatever is not a note to the letter.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_LIMIT {
            return Err(NoteError::TooLarge { found: bytes.len() });
        }
        let whole = std::str::from_utf8(bytes).map_err(|error| NoteError::Text {
            at: error.valid_up_to(),
        })?;
        if let Some(at) = whole.bytes().position(|byte| byte < b' ' && byte != b'\n') {
            return Err(NoteError::Text { at });
        }
        let blank = whole.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, rest) = whole.split_at(blank + 1);
        let lines = rest
            .strip_prefix('\n')
            .and_then(|rest| rest.strip_suffix('\n'))
            .ok_or(NoteError::NoSignatures)?;
        let found = lines.split('\n').count();
        if found > SIGNATURE_LIMIT {
            return Err(NoteError::TooMany { found });
        }
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(index, line)| signature_line(index + 1, line))
            .collect::<Result<_, _>>()?;
        Ok(Self { text, signatures })
    }

    /// The signed text with its last LF and without the blank line.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The signature lines, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature<'a>] {
        &self.signatures
    }

    /// Verifies every signature that is by one of the keys. Others are passed over, whoever they say they are from.
    ///
    /// # Errors
    /// [`NoteError::Signature`] or [`NoteError::Cosignature`] as soon as one by a known key fails, [`NoteError::NoKnownKey`]
    /// where there is none.
    pub fn verify(&self, keys: &[NoteKey]) -> Result<Vec<Verified>, NoteError> {
        let mut verified: Vec<Verified> = Vec::new();
        for signature in &self.signatures {
            for (key, known) in keys.iter().enumerate() {
                if known.name != signature.name || known.id != signature.key_id {
                    continue;
                }
                let time = known.verify(self.text, &signature.bytes)?;
                if !verified.iter().any(|other| other.key == key) {
                    verified.push(Verified { key, time });
                }
            }
        }
        if verified.is_empty() {
            Err(NoteError::NoKnownKey)
        } else {
            Ok(verified)
        }
    }
}

impl NoteKey {
    /// A key under its name; the id is computed. `None` where key or name cannot sign notes of that kind.
    ///
    /// ```text
    /// id = SHA-256(name ‖ LF ‖ kind ‖ key)[..4]        types 0x01 and 0x04
    /// id = SHA-256(SubjectPublicKeyInfo)[..4]          type 0x02
    /// ```
    #[must_use]
    pub fn new(name: &str, key: PublicKey, kind: NoteKind) -> Option<Self> {
        let id = match (kind, key.algorithm()) {
            (NoteKind::Ed25519, KeyAlgorithm::Ed25519) => typed_id(name, 1, key.ed25519_bytes()?),
            (NoteKind::Cosignature, KeyAlgorithm::Ed25519) => typed_id(name, 4, key.ed25519_bytes()?),
            (NoteKind::Ecdsa, KeyAlgorithm::Es256 | KeyAlgorithm::Es384) => first_four(key.spki_der()),
            _ => return None,
        };
        is_name(name).then(|| Self {
            name: name.to_owned(),
            id,
            kind,
            key,
        })
    }

    /// A pinned key whose `kid` is a vkey's `name+hash`: the hash tells its kind. `None` where it fits none.
    #[must_use]
    pub fn of_kid(kid: &str, key: &PublicKey) -> Option<Self> {
        let (name, hash) = kid.split_once('+')?;
        [NoteKind::Ed25519, NoteKind::Cosignature, NoteKind::Ecdsa]
            .into_iter()
            .filter_map(|kind| Self::new(name, key.clone(), kind))
            .find(|own| encoding::hex(&own.id) == hash)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> NoteKind {
        self.kind
    }

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The vkey: `name+id+base64(type ‖ key)`; `None` for ECDSA, whose keys have no such form.
    #[must_use]
    pub fn vkey(&self) -> Option<String> {
        let number = match self.kind {
            NoteKind::Ed25519 => 1,
            NoteKind::Cosignature => 4,
            NoteKind::Ecdsa => return None,
        };
        let typed = [&[number], &self.key.ed25519_bytes()?[..]].concat();
        Some(format!(
            "{}+{}+{}",
            self.name,
            encoding::hex(&self.id),
            encoding::base64(&typed)
        ))
    }

    /// Verifies one signature of this key and answers with a witness's time.
    fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>, NoteError> {
        let wrong = |source| NoteError::Signature {
            name: self.name.clone(),
            source,
        };
        if self.kind != NoteKind::Cosignature {
            return self
                .key
                .verify(text.as_bytes(), signature, EcdsaForm::Der)
                .map(|()| None)
                .map_err(wrong);
        }
        let no_cosignature = || NoteError::Cosignature {
            name: self.name.clone(),
        };
        let (time, signature) = signature.split_first_chunk::<8>().ok_or_else(no_cosignature)?;
        let time = u64::from_be_bytes(*time);
        if time > i64::MAX as u64 || Checkpoint::parse(text).is_err() {
            return Err(no_cosignature());
        }
        self.key
            .verify(&cosigned(time, text), signature, EcdsaForm::Der)
            .map(|()| Some(time))
            .map_err(wrong)
    }
}

/// What a witness signs: `cosignature/v1 LF time T LF`, then the checkpoint's text.
#[must_use]
pub fn cosigned(time: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

/// The most bytes that are read as a note.
pub const NOTE_LIMIT: usize = 1 << 20;

/// The most signatures that a note may have; the format asks for at least 16.
pub const SIGNATURE_LIMIT: usize = 100;

fn signature_line(number: usize, line: &str) -> Result<NoteSignature<'_>, NoteError> {
    let (name, text) = line
        .strip_prefix("— ")
        .and_then(|rest| rest.split_once(' '))
        .filter(|(name, _)| is_name(name))
        .ok_or(NoteError::Line { number })?;
    let bytes = encoding::unbase64(text).map_err(|source| NoteError::Encoding { number, source })?;
    match bytes.split_first_chunk::<4>() {
        Some((key_id, signature)) if !signature.is_empty() => Ok(NoteSignature {
            name,
            key_id: *key_id,
            bytes: signature.to_vec(),
        }),
        _ => Err(NoteError::Line { number }),
    }
}

/// Names are not empty and hold neither white space nor `+`.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|sign: char| sign.is_whitespace() || sign == '+')
}

fn typed_id(name: &str, number: u8, key: &[u8]) -> [u8; 4] {
    first_four(&[name.as_bytes(), b"\n", &[number], key].concat())
}

fn first_four(bytes: &[u8]) -> [u8; 4] {
    let [first, second, third, fourth, ..] = digest::sha256(bytes);
    [first, second, third, fourth]
}

#[cfg(test)]
mod tests;
