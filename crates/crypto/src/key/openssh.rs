//! OpenSSH public keys (RFC 4253 section 6.6, RFC 5656, RFC 8709) and the lines of allowed_signers (ssh-keygen(1)).

use super::{FoundKey, KeyAlgorithm, KeyError, KeyLimits, wire};
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
    let key = wire::parse(kind, &encoding::unbase64(text)?, algorithm)?;
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
