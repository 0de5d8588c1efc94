//! Files and pasted texts with public keys, recognised by content and never by name.

use super::{KeyAlgorithm, KeyError, KeyLimits, PublicKey, json, minisign, note, openssh, pem, raw};

/// A public key and what stood beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKey {
    /// The key.
    pub key: PublicKey,
    /// The name that records use for it: a JWK's `kid`, a CloudTrail fingerprint, a minisign key id (16 upper-case hex
    /// digits), a vkey's `name+hash`.
    pub kid: Option<String>,
    /// Text beside the key: an OpenSSH comment or the principals of an allowed_signers line, minisign's comment, a vkey's name.
    pub comment: Option<String>,
    /// The key's own restrictions, which whoever uses it must respect.
    pub limits: KeyLimits,
}

/// What a file of keys holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The usable keys, in file order; at least one.
    pub keys: Vec<FoundKey>,
    /// Entries of a key set that are for something else (encryption, an algorithm not read here), in file order.
    pub skipped: Vec<SkippedKey>,
}

/// An entry of a key set that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKey {
    /// Which entry, from 1.
    pub number: usize,
    /// What it is.
    pub kind: &'static str,
}

/// Reads public keys from a file or a pasted text; see [`parse_key_file`], which also says what was passed over.
///
/// # Errors
/// [`KeyError`].
pub fn parse_keys(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<Vec<FoundKey>, KeyError> {
    parse_key_file(bytes, algorithm).map(|file| file.keys)
}

/// Reads public keys from a file or a pasted text.
///
/// Forms: PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`); a raw key or SubjectPublicKeyInfo as bytes, hex, base64 or base64url, also
/// with a prefix such as `ed25519:` or `did:key:`; JWK and JWKS (RFC 7517); JSON objects
/// of names with their keys; OpenSSH public keys and allowed_signers; minisign
/// public keys; C2SP vkeys; CloudTrail `list-public-keys`. Raw 32 bytes are Ed25519, points of P-256 are es256, a bare RSA
/// key is rsa-pkcs1-sha256. Where `algorithm` is given it binds.
///
/// # Errors
/// [`KeyError`]. One bad key refuses the file, except that a key set may hold entries for other uses.
pub fn parse_key_file(bytes: &[u8], algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    if bytes.len() > KEY_FILE_LIMIT {
        return Err(KeyError::TooLarge {
            limit: KEY_FILE_LIMIT,
            found: bytes.len(),
        });
    }
    if algorithm == Some(KeyAlgorithm::HmacSha256) {
        return Err(KeyError::HmacHasNoPublicKey);
    }
    match printable(bytes) {
        Some(text) => parse_text(text, algorithm),
        None => Ok(KeyFile::one(raw::parse_bytes(bytes, algorithm)?.into())),
    }
}

/// Whether a text is a list of keys that one owner publishes together: a JWK Set or CloudTrail's `list-public-keys`. Other
/// texts with several keys, such as a file of PEM blocks, say nothing of whose they are.
#[must_use]
pub fn is_key_set(text: &str) -> bool {
    text.trim_start().starts_with('{') && json::is_set(text)
}

/// The most bytes that are read as keys.
pub const KEY_FILE_LIMIT: usize = 1 << 20;

impl KeyFile {
    pub(super) fn one(key: FoundKey) -> Self {
        Self {
            keys: vec![key],
            skipped: Vec::new(),
        }
    }
}

impl From<PublicKey> for FoundKey {
    fn from(key: PublicKey) -> Self {
        Self {
            key,
            kid: None,
            comment: None,
            limits: KeyLimits::default(),
        }
    }
}

/// Keys as text have printable characters only; anything else is taken for the key's own bytes.
fn printable(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let plain = text
        .chars()
        .all(|sign| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t'));
    plain.then(|| text.trim())
}

fn parse_text(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    refuse_secrets(text)?;
    if text.contains("-----BEGIN ") {
        return numbered(pem::blocks(text)?.into_iter(), |block| {
            pem::parse_block(&block, algorithm).map(FoundKey::from)
        });
    }
    if text.starts_with('{') {
        return json::parse(text, algorithm);
    }
    if text.starts_with("untrusted comment:") {
        return minisign::parse(text, algorithm).map(KeyFile::one);
    }
    parse_lines(text, algorithm)
}

/// One key a line; or one key that was broken over several lines.
fn parse_lines(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    let lines = || {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
    };
    let file = numbered(lines(), |line| parse_line(line, algorithm));
    if file.is_err() && lines().nth(1).is_some() && lines().all(|line| !line.contains(char::is_whitespace)) {
        let joined: String = lines().collect();
        if let Ok(key) = parse_line(&joined, algorithm) {
            return Ok(KeyFile::one(key));
        }
    }
    file
}

fn parse_line(line: &str, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    if openssh::is_line(line) {
        return openssh::parse_line(line, algorithm);
    }
    if line.contains(char::is_whitespace) {
        return Err(KeyError::Unrecognised);
    }
    if let Some(vkey) = note::parts(line) {
        return note::parse(&vkey, algorithm);
    }
    raw::parse_text(line, algorithm).map(FoundKey::from)
}

/// Applies a reader to every part and numbers its errors where there is more than one part.
pub(super) fn numbered<T>(
    parts: impl Iterator<Item = T>,
    parse: impl Fn(T) -> Result<FoundKey, KeyError>,
) -> Result<KeyFile, KeyError> {
    let results: Vec<_> = parts.map(parse).collect();
    let several = results.len() > 1;
    let mut keys = Vec::with_capacity(results.len());
    for (index, result) in results.into_iter().enumerate() {
        match result {
            Ok(key) => keys.push(key),
            Err(source) if several => {
                return Err(KeyError::At {
                    number: index + 1,
                    source: Box::new(source),
                });
            }
            Err(error) => return Err(error),
        }
    }
    if keys.is_empty() {
        Err(KeyError::Empty)
    } else {
        Ok(KeyFile {
            keys,
            skipped: Vec::new(),
        })
    }
}

/// Recognises secret keys by the marks that their formats carry, before anything else looks at them.
pub(super) fn refuse_secrets(text: &str) -> Result<(), KeyError> {
    let mark = SECRET_MARKS.iter().find(|(mark, _)| text.contains(mark));
    match mark {
        Some((_, form)) => Err(KeyError::Secret { form }),
        None => Ok(()),
    }
}

const SECRET_MARKS: [(&str, &str); 6] = [
    ("PRIVATE KEY-----", "a private key in PEM"),
    ("PGP PRIVATE KEY BLOCK", "an OpenPGP private key"),
    ("PRIVATE+KEY+", "a note signing key"),
    ("AGE-SECRET-KEY-", "an age identity"),
    ("PuTTY-User-Key-File", "a PuTTY private key"),
    ("encrypted secret key", "a minisign secret key"),
];
