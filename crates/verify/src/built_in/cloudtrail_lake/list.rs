//! The signed list: hashes of result files, and one signature over them.

use std::collections::BTreeSet;

use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;

use crate::built_in::aws::{HASH_ALGORITHM, SIGNATURE_ALGORITHM};

/// A signed list, read.
pub(super) struct List {
    /// Names and SHA-256 in hex, in the order that is signed.
    pub files: Vec<(String, String)>,
    /// `hashSignature`, hex.
    pub signature: String,
    /// `publicKeyFingerprint`
    pub fingerprint: String,
}

impl List {
    /// Reads the list; the error says what is wrong with it.
    pub fn read(content: &[u8], limits: &Limits) -> Result<List, String> {
        let document = parse(content, limits).map_err(|error| error.to_string())?;
        is_called(&document, "hashAlgorithm", HASH_ALGORITHM)?;
        is_called(&document, "signatureAlgorithm", SIGNATURE_ALGORITHM)?;
        let entries = document
            .get("files")
            .and_then(Value::elements)
            .ok_or("files is missing or no array")?;
        if entries.is_empty() {
            return Err("it lists no file, so that its signature is over nothing".into());
        }
        let (mut files, mut names) = (Vec::new(), BTreeSet::new());
        for entry in entries {
            let (name, sha256) = (text(entry, "fileName")?, text(entry, "fileHashValue")?);
            if name.is_empty() || name.contains(['/', '\\']) {
                return Err(format!("{name:?} is no name of a file beside it"));
            }
            let is_hash =
                sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            // the signature is over hashes joined by spaces: what is no hash could be read in two ways
            if !is_hash {
                return Err(format!("the hash of {name} is no SHA-256 in hex"));
            }
            if !names.insert(name) {
                return Err(format!("it lists {name} twice"));
            }
            files.push((name.to_owned(), sha256.to_owned()));
        }
        Ok(List {
            files,
            signature: text(&document, "hashSignature")?.to_owned(),
            fingerprint: text(&document, "publicKeyFingerprint")?.to_owned(),
        })
    }

    /// What the signature is over: the hashes in their order, joined by one space.
    pub fn to_sign(&self) -> String {
        let hashes: Vec<&str> = self.files.iter().map(|(_, sha256)| sha256.as_str()).collect();
        hashes.join(" ")
    }
}

fn is_called(document: &Value<'_>, field: &str, expected: &str) -> Result<(), String> {
    match text(document, field)? {
        found if found == expected => Ok(()),
        found => Err(format!("{field} is {found}, expected {expected}")),
    }
}

fn text<'v>(value: &'v Value<'_>, field: &str) -> Result<&'v str, String> {
    value
        .get(field)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("{field} is missing or no text"))
}
