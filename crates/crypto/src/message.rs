//! The bytes that a detached signature is said to be about, taken in as they stream by.
//!
//! Every kind of detached signature tells with its own `message()` what it needs of them: one or several digests, or (for
//! signatures that hash nothing beforehand) the bytes themselves, up to a limit. So members of any size are read once.

use std::io::{self, Write};

use sha2::Digest as _;
use thiserror::Error;

use crate::digest::{Algorithm, Digest, Hasher};

/// A message that is being taken in. It is a [`Write`]: `std::io::copy(&mut reader, &mut message)` feeds it.
///
/// A message belongs to the signature whose `message()` made it; another one finds its digest missing and says so.
#[derive(Clone)]
pub struct Message {
    hashers: Vec<(Algorithm, Hasher)>,
    blake2b: Option<Box<blake2::Blake2b512>>,
    whole: Option<Whole>,
    lines: Option<Lines>,
    length: u64,
}

/// The bytes themselves, as long as they stay below the limit.
#[derive(Clone)]
struct Whole {
    bytes: Vec<u8>,
    limit: usize,
    over: bool,
}

/// Where a text stands between two pieces: a CR at the end of one may belong to an LF at the beginning of the next.
#[derive(Clone, Copy, Default)]
struct Lines {
    after_cr: bool,
}

/// Why a message does not serve a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MessageError {
    /// The signature needs the whole message in memory, and the message is too long for that.
    #[error("this kind of signature needs the whole message at once; {found} bytes are more than {limit}")]
    TooLong {
        /// The most bytes that are kept.
        limit: usize,
        /// How many there were.
        found: u64,
    },
    /// The message was taken in for another signature.
    #[error("the message was not taken in for this signature")]
    Foreign,
}

/// The most bytes of a message that are kept for signatures that hash nothing beforehand: 64 MiB.
pub const WHOLE_LIMIT: usize = 64 << 20;

impl Message {
    /// A message of which digests are needed.
    pub(crate) fn hashed(algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        let mut hashers: Vec<(Algorithm, Hasher)> = Vec::new();
        for algorithm in algorithms {
            if hashers.iter().all(|(listed, _)| *listed != algorithm) {
                hashers.push((algorithm, Hasher::new(algorithm)));
            }
        }
        Self {
            hashers,
            blake2b: None,
            whole: None,
            lines: None,
            length: 0,
        }
    }

    /// A message whose BLAKE2b-512 is needed.
    pub(crate) fn blake2b() -> Self {
        Self {
            blake2b: Some(Box::default()),
            ..Self::hashed([])
        }
    }

    /// A message that is needed itself.
    pub(crate) fn whole(limit: usize) -> Self {
        Self {
            whole: Some(Whole {
                bytes: Vec::new(),
                limit,
                over: false,
            }),
            ..Self::hashed([])
        }
    }

    /// The same message, with every line ended by CR LF.
    pub(crate) fn with_crlf(self) -> Self {
        Self {
            lines: Some(Lines::default()),
            ..self
        }
    }

    /// Appends bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len() as u64); // usize has at most 64 bits
        let Some(mut lines) = self.lines.take() else {
            return self.take_in(bytes);
        };
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(line) if line.ends_with(b"\r") || line.is_empty() && lines.after_cr => {
                    self.take_in(piece);
                }
                Some(line) => {
                    self.take_in(line);
                    self.take_in(b"\r\n");
                }
                None => self.take_in(piece),
            }
            lines.after_cr = piece.ends_with(b"\r");
        }
        self.lines = Some(lines);
    }

    /// How many bytes were taken in.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The message's digest.
    pub(crate) fn digest(&self, algorithm: Algorithm) -> Result<Digest, MessageError> {
        self.hasher(algorithm).map(Hasher::finish)
    }

    /// The digest under way, for signatures that append bytes of their own.
    pub(crate) fn hasher(&self, algorithm: Algorithm) -> Result<Hasher, MessageError> {
        let listed = self.hashers.iter().find(|(listed, _)| *listed == algorithm);
        listed
            .map(|(_, hasher)| hasher.clone())
            .ok_or(MessageError::Foreign)
    }

    /// The message's BLAKE2b-512 (RFC 7693).
    pub(crate) fn blake2b_digest(&self) -> Result<[u8; 64], MessageError> {
        let hasher = self.blake2b.as_ref().ok_or(MessageError::Foreign)?;
        Ok((**hasher).clone().finalize().into())
    }

    /// The message itself.
    pub(crate) fn bytes(&self) -> Result<&[u8], MessageError> {
        let whole = self.whole.as_ref().ok_or(MessageError::Foreign)?;
        if whole.over {
            return Err(MessageError::TooLong {
                limit: whole.limit,
                found: self.length,
            });
        }
        Ok(&whole.bytes)
    }

    /// Whether line ends are made alike.
    pub(crate) const fn is_text(&self) -> bool {
        self.lines.is_some()
    }

    fn take_in(&mut self, bytes: &[u8]) {
        for (_, hasher) in &mut self.hashers {
            hasher.update(bytes);
        }
        if let Some(hasher) = &mut self.blake2b {
            hasher.update(bytes);
        }
        if let Some(whole) = &mut self.whole {
            match whole.limit.checked_sub(bytes.len()) {
                Some(room) if !whole.over && whole.bytes.len() <= room => {
                    whole.bytes.extend_from_slice(bytes);
                }
                _ => {
                    whole.over = true;
                    whole.bytes = Vec::new();
                }
            }
        }
    }
}

impl Write for Message {
    /// Appends bytes; it takes them all and never fails.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_asked_for_is_not_there() {
        let message = Message::hashed([Algorithm::Sha256, Algorithm::Sha256]);
        assert_eq!(message.hashers.len(), 1);
        assert_eq!(message.digest(Algorithm::Sha256), Ok(Algorithm::Sha256.of(b"")));
        assert_eq!(message.digest(Algorithm::Sha512), Err(MessageError::Foreign));
        assert_eq!(message.bytes(), Err(MessageError::Foreign));
        assert_eq!(message.blake2b_digest(), Err(MessageError::Foreign));
    }

    #[test]
    fn a_whole_message_has_a_limit() {
        let mut message = Message::whole(4);
        message.update(b"12");
        message.update(b"34");
        assert_eq!(message.bytes(), Ok(&b"1234"[..]));
        message.update(b"5");
        message.update(b"6"); // what comes later must not look like a short message
        assert_eq!(message.bytes(), Err(MessageError::TooLong { limit: 4, found: 6 }));
    }

    /// RFC 7693, appendix A.
    #[test]
    fn blake2b_known_answer() {
        let mut message = Message::blake2b();
        message.update(b"abc");
        let digest = message.blake2b_digest().unwrap();
        assert!(crate::encoding::hex(&digest).starts_with("ba80a53f981c4d0d6a2797b69f12f6e9"));
    }

    #[test]
    fn lines_end_in_crlf() {
        for (text, canonical) in [
            ("a\nb", "a\r\nb"),
            ("a\r\nb\n", "a\r\nb\r\n"),
            ("\n\n", "\r\n\r\n"),
            ("a\rb\r\r\n", "a\rb\r\r\n"),
            ("", ""),
        ] {
            let mut message = Message::whole(64).with_crlf();
            message.update(text.as_bytes());
            assert_eq!(message.bytes().unwrap(), canonical.as_bytes(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(text in "[ab\r\n]{0,24}", cut in 0_usize..24) {
            let cut = cut.min(text.len());
            let mut whole = Message::whole(64).with_crlf();
            whole.update(text.as_bytes());
            let mut pieces = Message::whole(64).with_crlf();
            pieces.update(&text.as_bytes()[..cut]);
            pieces.update(&text.as_bytes()[cut..]);
            prop_assert_eq!(whole.bytes(), pieces.bytes());
        }
    }
}
