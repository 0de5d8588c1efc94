//! Verifier keys of C2SP signed notes: `name+hash+base64(type ‖ key)`.

use super::{FoundKey, KeyAlgorithm, KeyError, KeyLimits, PublicKey};
use crate::{digest, encoding};

/// The three parts of a vkey.
pub(super) struct Parts<'a> {
    line: &'a str,
    name: &'a str,
    hash: &'a str,
    key: &'a str,
}

/// Splits a vkey; `None` where the text is not shaped like one.
///
/// The base64 may itself contain `+`, so the first two count.
pub(super) fn parts(line: &str) -> Option<Parts<'_>> {
    let (name, rest) = line.split_once('+')?;
    let (hash, key) = rest.split_once('+')?;
    let shaped = !name.is_empty() && hash.len() == 8 && encoding::unhex_any_case(hash).is_ok();
    shaped.then_some(Parts {
        line,
        name,
        hash,
        key,
    })
}

/// Reads a vkey (C2SP signed-note, section "Verifier keys"); its hash must be that of its name and key.
pub(super) fn parse(parts: &Parts<'_>, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    let typed = encoding::unbase64(parts.key)?;
    let mut named = parts.name.as_bytes().to_vec();
    named.push(b'\n');
    named.extend_from_slice(&typed);
    let hash = encoding::hex(digest::sha256(&named).first_chunk::<4>().unwrap_or(&[0; 4]));
    if hash != parts.hash {
        return Err(KeyError::Id {
            expected: parts.hash.to_owned(),
            found: hash,
        });
    }
    let key = match typed.split_first() {
        Some((1, key)) => PublicKey::ed25519(key, algorithm)?,
        Some((4, _)) => {
            return Err(KeyError::Unsupported {
                kind: "a witness's cosignature key",
            });
        }
        _ => {
            return Err(KeyError::Unsupported {
                kind: "a verifier key of another type",
            });
        }
    };
    let end = parts.name.len() + 1 + parts.hash.len();
    Ok(FoundKey {
        key,
        kid: parts.line.get(..end).map(str::to_owned),
        comment: Some(parts.name.to_owned()),
        limits: KeyLimits::default(),
    })
}
