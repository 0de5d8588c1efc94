//! Files and pasted texts with public keys, recognised by content and never by name.

use serde::Deserialize;

use super::{KeyAlgorithm, KeyError, PublicKey, der, jwk, minisign, note, openssh, pem, raw};
use crate::encoding;

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

/// Restrictions that stand beside a key, as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Not before this time: CloudTrail's `ValidityStartTime` (RFC 3339), or `valid-after` of allowed_signers
    /// (`YYYYMMDD[HHMM[SS]][Z]`).
    pub valid_from: Option<String>,
    /// Not after this time: CloudTrail's `ValidityEndTime`, or `valid-before` of allowed_signers.
    pub valid_to: Option<String>,
    /// The `namespaces` of an allowed_signers line: a comma-separated list of patterns.
    pub namespaces: Option<String>,
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
/// with a prefix such as `ed25519:` or `did:key:`; JWK and JWKS (RFC 7517); OpenSSH public keys and allowed_signers; minisign
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
        return parse_json(text, algorithm);
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
fn numbered<T>(
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

/// The JSON documents that hold keys. Members repeated by name are refused by the derived reader.
#[derive(Deserialize)]
struct Document {
    keys: Option<Vec<jwk::Jwk>>,
    #[serde(rename = "PublicKeyList")]
    public_key_list: Option<Vec<CloudTrailKey>>,
    #[serde(rename = "mediaType")]
    media_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CloudTrailKey {
    value: String,
    fingerprint: String,
    validity_start_time: Option<serde_json::Value>,
    validity_end_time: Option<serde_json::Value>,
}

fn parse_json(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    let document: Document = serde_json::from_str(text).map_err(|_| KeyError::Unrecognised)?;
    match document {
        Document {
            media_type: Some(kind),
            ..
        } if kind.starts_with("application/vnd.dev.sigstore.trustedroot") => Err(KeyError::Unsupported {
            kind: "a Sigstore trusted root",
        }),
        Document {
            public_key_list: Some(list),
            keys: None,
            ..
        } => numbered(list.into_iter(), |entry| parse_cloudtrail(entry, algorithm)),
        Document {
            keys: Some(keys),
            public_key_list: None,
            ..
        } => parse_set(keys, algorithm),
        Document {
            keys: None,
            public_key_list: None,
            ..
        } => {
            let jwk: jwk::Jwk = serde_json::from_str(text).map_err(|_| KeyError::Unrecognised)?;
            jwk.parse(algorithm).map(KeyFile::one)
        }
        Document { .. } => Err(KeyError::Unrecognised),
    }
}

/// RFC 7517, section 5: entries of a set that are for something else are passed over; here they are also counted.
fn parse_set(keys: Vec<jwk::Jwk>, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    let several = keys.len() > 1;
    let mut file = KeyFile {
        keys: Vec::with_capacity(keys.len()),
        skipped: Vec::new(),
    };
    for (index, jwk) in keys.into_iter().enumerate() {
        let number = index + 1;
        match jwk.parse(algorithm) {
            Ok(key) => file.keys.push(key),
            Err(KeyError::Unsupported { kind }) if several => file.skipped.push(SkippedKey { number, kind }),
            Err(source) if several => {
                return Err(KeyError::At {
                    number,
                    source: Box::new(source),
                });
            }
            Err(error) => return Err(error),
        }
    }
    match (file.keys.is_empty(), file.skipped.first()) {
        (false, _) => Ok(file),
        (true, Some(SkippedKey { kind, .. })) => Err(KeyError::Unsupported { kind }),
        (true, None) => Err(KeyError::Empty),
    }
}

/// `aws cloudtrail list-public-keys`: a PKCS#1 RSAPublicKey in base64 (SubjectPublicKeyInfo is read as well).
fn parse_cloudtrail(entry: CloudTrailKey, algorithm: Option<KeyAlgorithm>) -> Result<FoundKey, KeyError> {
    let time = |value: Option<serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => Some(text),
        Some(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let key = der::parse_any(&encoding::unbase64(entry.value.trim())?, algorithm)?;
    let limits = KeyLimits {
        valid_from: time(entry.validity_start_time),
        valid_to: time(entry.validity_end_time),
        namespaces: None,
    };
    Ok(FoundKey {
        key,
        kid: Some(entry.fingerprint),
        comment: None,
        limits,
    })
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
