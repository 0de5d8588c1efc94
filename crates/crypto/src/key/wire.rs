//! OpenSSH's binary forms: texts and numbers with a length before each (RFC 4251, section 5), and keys made of them.

use super::{KeyAlgorithm, KeyError, PublicKey};

/// Reads a key in binary form, which names its own type (RFC 4253, section 6.6).
pub(crate) fn key(blob: &[u8]) -> Result<PublicKey, KeyError> {
    let kind = string(&mut &*blob)?;
    let kind = std::str::from_utf8(kind).map_err(|_| KeyError::OpenSsh {
        expected: "a key type",
    })?;
    parse(kind, blob, None)
}

/// Reads the binary form: strings with a length before each.
pub(super) fn parse(kind: &str, blob: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    let mut rest = blob;
    if string(&mut rest)? != kind.as_bytes() {
        return Err(KeyError::OpenSsh {
            expected: "the same key type inside and outside",
        });
    }
    let key = match kind {
        "ssh-ed25519" => PublicKey::ed25519(string(&mut rest)?, algorithm)?,
        "ecdsa-sha2-nistp256" => PublicKey::p256(point(&mut rest, b"nistp256")?, algorithm)?,
        "ecdsa-sha2-nistp384" => PublicKey::p384(point(&mut rest, b"nistp384")?, algorithm)?,
        "ssh-rsa" => {
            let exponent = number(&mut rest)?;
            PublicKey::rsa(number(&mut rest)?, exponent, algorithm)?
        }
        _ => {
            return Err(KeyError::Unsupported {
                kind: "an OpenSSH key of another kind",
            });
        }
    };
    if rest.is_empty() {
        Ok(key)
    } else {
        Err(KeyError::OpenSsh {
            expected: "nothing after the key",
        })
    }
}

fn point<'a>(rest: &mut &'a [u8], curve: &[u8]) -> Result<&'a [u8], KeyError> {
    if string(rest)? != curve {
        return Err(KeyError::OpenSsh {
            expected: "the curve of the key type",
        });
    }
    string(rest)
}

/// RFC 4251, section 5 (`string`): four bytes of length, then that many bytes.
pub(crate) fn string<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], KeyError> {
    let short = KeyError::OpenSsh {
        expected: "more bytes",
    };
    let (length, bytes) = rest.split_first_chunk::<4>().ok_or_else(|| short.clone())?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| short.clone())?;
    let (string, after) = bytes.split_at_checked(length).ok_or(short)?;
    *rest = after;
    Ok(string)
}

/// RFC 4251, section 5 (`mpint`): a positive number in its shortest form, without the sign byte.
pub(crate) fn number<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], KeyError> {
    match string(rest)? {
        [0, number @ ..] if number.first().is_some_and(|first| *first >= 0x80) => Ok(number),
        number if number.first().is_some_and(|first| (1..0x80).contains(first)) => Ok(number),
        _ => Err(KeyError::OpenSsh {
            expected: "a positive number in its shortest form",
        }),
    }
}
