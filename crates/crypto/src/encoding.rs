//! Bytes as text and back: hex, base64, base58. One spelling per value, unless a name says otherwise.

use base64::{
    DecodeError, Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use thiserror::Error;

/// Why a text does not decode. The text itself is not repeated: it may have been a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncodingError {
    /// A character outside the alphabet.
    #[error("byte {at} is not a {encoding} character")]
    Character {
        /// What was read.
        encoding: Encoding,
        /// Offset of the byte in the text, from 0.
        at: usize,
    },
    /// A length that no value encodes to.
    #[error("{found} characters cannot be {encoding}")]
    Length {
        /// What was read.
        encoding: Encoding,
        /// The text's length in bytes.
        found: usize,
    },
    /// Padding (`=`) is missing, misplaced or not wanted.
    #[error("the padding is not that of {encoding}")]
    Padding {
        /// What was read.
        encoding: Encoding,
    },
    /// The last character carries bits that the value does not use, so that two texts would mean one value.
    #[error("the last character is not the one that {encoding} writes here")]
    TrailingBits {
        /// What was read.
        encoding: Encoding,
    },
    /// More text than is read in this encoding.
    #[error("{found} characters are more than the {limit} that are read as {encoding}")]
    TooLong {
        /// What was read.
        encoding: Encoding,
        /// The greatest length that is read.
        limit: usize,
        /// The text's length in bytes.
        found: usize,
    },
}

/// The names of the encodings, for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal (RFC 4648, section 8).
    Hex,
    /// Base64 (RFC 4648, section 4).
    Base64,
    /// Base64url without padding (RFC 4648, section 5).
    Base64Url,
    /// Base58 in Bitcoin's alphabet.
    Base58,
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::Base58 => "base58",
        })
    }
}

/// Writes bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = vec![0; bytes.len() * 2];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[byte >> 4, byte & 0x0f].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
    }
    String::from_utf8(text).unwrap_or_default() // it is ASCII
}

/// Reads lower-case hex; upper case is refused, so that a value has one spelling.
///
/// # Errors
/// [`EncodingError::Length`] for an odd length, [`EncodingError::Character`] for anything but `0-9a-f`.
pub fn unhex(text: &str) -> Result<Vec<u8>, EncodingError> {
    if let Some(at) = text.bytes().position(|byte| byte.is_ascii_uppercase()) {
        return Err(EncodingError::Character {
            encoding: Encoding::Hex,
            at,
        });
    }
    unhex_any_case(text)
}

/// Reads hex in lower, upper or mixed case.
///
/// # Errors
/// As for [`unhex`], upper case apart.
pub fn unhex_any_case(text: &str) -> Result<Vec<u8>, EncodingError> {
    let nibbles = text
        .bytes()
        .enumerate()
        .map(|(at, byte)| {
            hex_value(byte).ok_or(EncodingError::Character {
                encoding: Encoding::Hex,
                at,
            })
        })
        .collect::<Result<Vec<u8>, _>>()?;
    let (pairs, rest) = nibbles.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EncodingError::Length {
            encoding: Encoding::Hex,
            found: text.len(),
        });
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Writes standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    PADDED.encode(bytes)
}

/// Reads standard base64 with its padding and nothing else: no line breaks, no stray bits.
///
/// # Errors
/// [`EncodingError`], naming what is wrong and where.
pub fn unbase64(text: &str) -> Result<Vec<u8>, EncodingError> {
    PADDED
        .decode(text)
        .map_err(|error| base64_error(&error, Encoding::Base64, text))
}

/// Reads standard base64 with or without padding; stray bits are still refused.
///
/// # Errors
/// [`EncodingError`], naming what is wrong and where.
pub fn unbase64_padding_optional(text: &str) -> Result<Vec<u8>, EncodingError> {
    EITHER_PADDING
        .decode(text)
        .map_err(|error| base64_error(&error, Encoding::Base64, text))
}

/// Writes base64url without padding (RFC 4648, section 5; RFC 7515, section 2).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL.encode(bytes)
}

/// Reads base64url without padding; padding and stray bits are refused.
///
/// # Errors
/// [`EncodingError`], naming what is wrong and where.
pub fn unbase64url(text: &str) -> Result<Vec<u8>, EncodingError> {
    URL.decode(text)
        .map_err(|error| base64_error(&error, Encoding::Base64Url, text))
}

/// Reads base64 in the standard or the URL alphabet, with or without padding, as DSSE envelopes allow.
///
/// A text that mixes the two alphabets is refused.
///
/// # Errors
/// [`EncodingError`], naming what is wrong and where.
pub fn unbase64_either(text: &str) -> Result<Vec<u8>, EncodingError> {
    if text.contains(['-', '_']) {
        return URL_EITHER_PADDING
            .decode(text)
            .map_err(|error| base64_error(&error, Encoding::Base64Url, text));
    }
    unbase64_padding_optional(text)
}

/// Writes base58 in Bitcoin's alphabet, as `did:key` and multibase `z` use it.
#[must_use]
pub fn base58(bytes: &[u8]) -> String {
    bs58::encode(bytes).into_string()
}

/// Reads base58 in Bitcoin's alphabet, up to [`BASE58_LIMIT`] characters.
///
/// # Errors
/// [`EncodingError::Character`], or [`EncodingError::TooLong`] since the work grows with the square of the length.
pub fn unbase58(text: &str) -> Result<Vec<u8>, EncodingError> {
    if text.len() > BASE58_LIMIT {
        return Err(EncodingError::TooLong {
            encoding: Encoding::Base58,
            limit: BASE58_LIMIT,
            found: text.len(),
        });
    }
    bs58::decode(text).into_vec().map_err(|error| match error {
        bs58::decode::Error::InvalidCharacter { index, .. }
        | bs58::decode::Error::NonAsciiCharacter { index } => EncodingError::Character {
            encoding: Encoding::Base58,
            at: index,
        },
        _ => EncodingError::Length {
            encoding: Encoding::Base58,
            found: text.len(),
        },
    })
}

/// The longest base58 text that is read, in characters. The longest key that travels so has 49 bytes.
pub const BASE58_LIMIT: usize = 4096;

fn hex_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn base64_error(error: &DecodeError, encoding: Encoding, text: &str) -> EncodingError {
    match *error {
        DecodeError::InvalidByte(at, b'=') if at + 2 >= text.len() => EncodingError::Padding { encoding },
        DecodeError::InvalidByte(at, _) => EncodingError::Character { encoding, at },
        DecodeError::InvalidLength(_) => EncodingError::Length {
            encoding,
            found: text.len(),
        },
        DecodeError::InvalidLastSymbol { .. } => EncodingError::TrailingBits { encoding },
        DecodeError::InvalidPadding => EncodingError::Padding { encoding },
    }
}

const fn decoding(padding: DecodePaddingMode) -> GeneralPurposeConfig {
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(false)
        .with_decode_padding_mode(padding)
}

const PADDED: GeneralPurpose = GeneralPurpose::new(&STANDARD, decoding(DecodePaddingMode::RequireCanonical));
const EITHER_PADDING: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, decoding(DecodePaddingMode::Indifferent));
const URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    decoding(DecodePaddingMode::RequireNone).with_encode_padding(false),
);
const URL_EITHER_PADDING: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, decoding(DecodePaddingMode::Indifferent));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hex_has_one_case() {
        assert_eq!(hex(&[0x00, 0x9f, 0xff]), "009fff");
        assert_eq!(unhex("009fff"), Ok(vec![0x00, 0x9f, 0xff]));
        assert_eq!(
            unhex("009fFf"),
            Err(EncodingError::Character {
                encoding: Encoding::Hex,
                at: 4
            })
        );
        assert_eq!(unhex_any_case("009FfF"), Ok(vec![0x00, 0x9f, 0xff]));
        assert_eq!(
            unhex("abc"),
            Err(EncodingError::Length {
                encoding: Encoding::Hex,
                found: 3
            })
        );
        assert_eq!(
            unhex("0x"),
            Err(EncodingError::Character {
                encoding: Encoding::Hex,
                at: 1
            })
        );
        assert_eq!(
            unhex("a\u{e4}"),
            Err(EncodingError::Character {
                encoding: Encoding::Hex,
                at: 1
            })
        );
    }

    /// RFC 4648, section 10.
    #[test]
    fn base64_known_answers() {
        let answers = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ];
        for (plain, text) in answers {
            assert_eq!(base64(plain.as_bytes()), text);
            assert_eq!(unbase64(text), Ok(plain.as_bytes().to_vec()));
            let bare = text.trim_end_matches('=');
            assert_eq!(base64url(plain.as_bytes()), bare);
            assert_eq!(unbase64url(bare), Ok(plain.as_bytes().to_vec()));
            assert_eq!(unbase64_padding_optional(bare), Ok(plain.as_bytes().to_vec()));
            assert_eq!(unbase64_padding_optional(text), Ok(plain.as_bytes().to_vec()));
        }
        assert_eq!(unbase64("+/+/"), Ok(vec![0xfb, 0xff, 0xbf]));
        assert_eq!(unbase64url("-_-_"), Ok(vec![0xfb, 0xff, 0xbf]));
    }

    #[test]
    fn base64_refuses_second_spellings() {
        let base64 = Encoding::Base64;
        assert_eq!(unbase64("Zg"), Err(EncodingError::Padding { encoding: base64 }));
        assert_eq!(
            unbase64("Zh=="),
            Err(EncodingError::TrailingBits { encoding: base64 })
        );
        assert_eq!(
            unbase64_padding_optional("Zh"),
            Err(EncodingError::TrailingBits { encoding: base64 })
        );
        assert_eq!(
            unbase64("Zm9v\n"),
            Err(EncodingError::Character {
                encoding: base64,
                at: 4
            })
        );
        assert_eq!(
            unbase64("Zm 9"),
            Err(EncodingError::Character {
                encoding: base64,
                at: 2
            })
        );
        assert_eq!(
            unbase64("-_-_"),
            Err(EncodingError::Character {
                encoding: base64,
                at: 0
            })
        );
        assert!(unbase64("Zm9vZ").is_err());
        assert!(unbase64("Zg=").is_err());
        assert!(unbase64("Zg===").is_err());
        assert!(unbase64("=").is_err());
        assert_eq!(
            unbase64url("Zg=="),
            Err(EncodingError::Padding {
                encoding: Encoding::Base64Url
            })
        );
        assert_eq!(
            unbase64url("Zh"),
            Err(EncodingError::TrailingBits {
                encoding: Encoding::Base64Url
            })
        );
        assert!(unbase64url("+/+/").is_err());
    }

    #[test]
    fn either_alphabet_but_not_both() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(unbase64_either(text), Ok(vec![0xfb, 0xff]), "{text}");
        }
        assert!(unbase64_either("+_8=").is_err());
        assert!(unbase64_either("+_9=").is_err());
    }

    /// Bitcoin's base58 vectors.
    #[test]
    fn base58_known_answers() {
        assert_eq!(base58(b"Hello World!"), "2NEpo7TZRRrLZSi2U");
        assert_eq!(unbase58("2NEpo7TZRRrLZSi2U"), Ok(b"Hello World!".to_vec()));
        assert_eq!(unbase58("111"), Ok(vec![0, 0, 0]));
        assert_eq!(
            unbase58("20"),
            Err(EncodingError::Character {
                encoding: Encoding::Base58,
                at: 1
            })
        );
        assert!(unbase58("2\u{e4}").is_err());
        assert!(matches!(
            unbase58(&"2".repeat(5000)),
            Err(EncodingError::TooLong { found: 5000, .. })
        ));
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(unhex(&hex(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(unbase64(&base64(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(unbase64url(&base64url(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(unbase58(&base58(&bytes)), Ok(bytes));
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "[A-Za-z0-9+/=_ -]{0,24}") {
            if let Ok(bytes) = unhex(&text) { prop_assert_eq!(hex(&bytes), text.as_str()); }
            if let Ok(bytes) = unbase64(&text) { prop_assert_eq!(base64(&bytes), text.as_str()); }
            if let Ok(bytes) = unbase64url(&text) { prop_assert_eq!(base64url(&bytes), text.as_str()); }
            if let Ok(bytes) = unbase58(&text) { prop_assert_eq!(base58(&bytes), text.as_str()); }
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (unhex(&text), unhex_any_case(&text), unbase64(&text), unbase64url(&text));
            let _ = (unbase64_padding_optional(&text), unbase64_either(&text), unbase58(&text));
        }
    }
}
