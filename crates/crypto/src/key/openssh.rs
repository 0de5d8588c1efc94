//! OpenSSH public keys (RFC 4253 section 6.6, RFC 5656, RFC 8709) and the lines of allowed_signers (ssh-keygen(1)).

use super::{FoundKey, KeyAlgorithm, KeyError, PublicKey, file::KeyLimits};
use crate::encoding;

/// Says whether a line names an OpenSSH key type, alone or after principals and options.
pub(super) fn is_line(line: &str) -> bool {
    words(line).is_some_and(|words| words.iter().take(3).any(|word| is_type(word)))
}

/// Reads `type base64 [comment]` or `principals [options] type base64 [comment]`.
pub(super) fn parse_line(line: &str, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    let words = words(line).ok_or(KeyError::OpenSsh {
        expected: "a closing quote",
    })?;
    let at = words
        .iter()
        .take(3)
        .position(|word| is_type(word))
        .ok_or(KeyError::OpenSsh {
            expected: "a key type",
        })?;
    let (before, rest) = words.split_at(at);
    let [kind, text, comment @ ..] = rest else {
        return Err(KeyError::OpenSsh {
            expected: "base64 after the key type",
        });
    };
    let limits = before
        .get(1)
        .map_or(Ok(KeyLimits::default()), |options| parse_options(options))?;
    let key = parse_blob(kind, &encoding::unbase64(text)?, algorithm)?;
    let comment = match before.first() {
        Some(principals) => Some(principals.trim_matches('"').to_owned()),
        None if comment.is_empty() => None,
        None => Some(comment.join(" ")),
    };
    Ok(FoundKey {
        key,
        kid: None,
        comment,
        limits,
    })
}

/// Reads the binary form: strings with a length before each.
fn parse_blob(kind: &str, blob: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
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

/// Options of an allowed_signers line; one that is not understood could restrict the key, so it is refused.
fn parse_options(options: &str) -> Result<KeyLimits, KeyError> {
    let mut limits = KeyLimits::default();
    for option in split_outside_quotes(options, ',').ok_or(KeyError::OpenSsh {
        expected: "a closing quote",
    })? {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value)
            .to_owned();
        let place = match name.to_ascii_lowercase().as_str() {
            "namespaces" => &mut limits.namespaces,
            "valid-after" => &mut limits.valid_from,
            "valid-before" => &mut limits.valid_to,
            "cert-authority" => {
                return Err(KeyError::Unsupported {
                    kind: "an OpenSSH certificate authority",
                });
            }
            _ => {
                return Err(KeyError::OpenSsh {
                    expected: "namespaces, valid-after or valid-before as option",
                });
            }
        };
        if value.is_empty() || place.replace(value).is_some() {
            return Err(KeyError::OpenSsh {
                expected: "every option once and with a value",
            });
        }
    }
    Ok(limits)
}

fn is_type(word: &str) -> bool {
    word.starts_with("ssh-")
        || word.starts_with("ecdsa-sha2-")
        || word.starts_with("sk-ssh-")
        || word.starts_with("sk-ecdsa-")
}

fn words(line: &str) -> Option<Vec<&str>> {
    let words = split_outside_quotes(line, ' ')?;
    Some(words.into_iter().filter(|word| !word.is_empty()).collect())
}

/// Splits where a separator (for a blank: any blank) stands outside double quotes; `None` if a quote stays open.
fn split_outside_quotes(text: &str, separator: char) -> Option<Vec<&str>> {
    let mut quoted = false;
    let parts = text
        .split(|sign: char| {
            quoted ^= sign == '"';
            !quoted && (sign == separator || separator == ' ' && sign == '\t')
        })
        .collect();
    (!quoted).then_some(parts)
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
fn string<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], KeyError> {
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
fn number<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], KeyError> {
    match string(rest)? {
        [0, number @ ..] if number.first().is_some_and(|first| *first >= 0x80) => Ok(number),
        number if number.first().is_some_and(|first| (1..0x80).contains(first)) => Ok(number),
        _ => Err(KeyError::OpenSsh {
            expected: "a positive number in its shortest form",
        }),
    }
}
