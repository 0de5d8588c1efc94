//! The fields of the records: what stands in each of them, and which look like a digest, a signature or a number.

use std::collections::{HashMap, HashSet};

use tickmark_crypto::digest::Algorithm;
use tickmark_formats::json::{Kind, Value};
use tickmark_formats::pointer::Pointer;

use crate::preimage::scalar;
use crate::profile::{Encoding, Spelling};

/// One field over all records.
#[derive(Debug)]
pub(super) struct Field<'v, 'a> {
    /// Its pointer.
    pub pointer: String,
    /// Its value in each record.
    pub values: Vec<Option<&'v Value<'a>>>,
    /// What its texts decode to, where nearly all do.
    pub shape: Option<Shape>,
}

/// How binary values are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Prefix and encoding.
    pub encoding: Encoding,
    /// Their length in bytes, the longest.
    pub len: usize,
    /// Whether they begin as an ASN.1 sequence and differ in length.
    pub is_der: bool,
}

impl Shape {
    /// Digests of that length.
    pub fn digests(&self) -> Vec<Algorithm> {
        let named = Algorithm::ALL
            .into_iter()
            .find(|alg| self.encoding.prefix.strip_suffix(':') == Some(alg.name()));
        let fits = |alg: &Algorithm| alg.len() == self.len && !self.is_der;
        match named {
            Some(alg) => Some(alg).filter(fits).into_iter().collect(),
            None => Algorithm::ALL.into_iter().filter(fits).collect(),
        }
    }

    /// What it may be, in words.
    pub fn in_words(&self) -> String {
        let spelling = match self.encoding.spelling {
            Spelling::Hex => "hex",
            Spelling::Base64 => "base64",
            Spelling::Base64Url => "base64url",
            Spelling::Base58 => "base58",
        };
        let prefix = match self.encoding.prefix.as_str() {
            "" => String::new(),
            prefix => format!(" after “{prefix}”"),
        };
        let kind = match self.len {
            _ if self.is_der => "an ECDSA signature in DER",
            32 => "a SHA-256 digest or a key",
            48 => "a SHA-384 digest",
            64 => "an Ed25519 or ES256 signature or a SHA-512 digest",
            96 => "an ES384 signature",
            256 | 384 | 512 => "an RSA signature",
            3309 => "an ML-DSA-65 signature",
            _ => "binary data",
        };
        format!("{} bytes in {spelling}{prefix}, the length of {kind}", self.len)
    }
}

impl<'v> Field<'v, '_> {
    /// Its text in a record, when it is a text.
    pub fn text(&self, record: usize) -> Option<&'v str> {
        match &self.values.get(record)?.as_ref()?.kind {
            Kind::String(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    /// Its bytes in a record, as its shape says.
    pub fn bytes(&self, record: usize) -> Option<Vec<u8>> {
        self.shape.as_ref()?.encoding.read(self.text(record)?)
    }

    /// Its last name.
    pub fn name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// Whether its name says that it is of the record before.
    pub fn is_called_previous(&self) -> bool {
        let name = self.name().to_ascii_lowercase();
        ["prev", "parent", "last", "before", "link"]
            .iter()
            .any(|word| name.contains(word))
    }

    /// Whether two fields hold the same in every record.
    pub fn is_twin_of(&self, other: &Field<'_, '_>) -> bool {
        let told =
            |value: &Option<&Value<'_>>| value.and_then(|v| scalar(v).map(std::borrow::Cow::into_owned));
        self.pointer != other.pointer
            && self
                .values
                .iter()
                .zip(&other.values)
                .all(|(a, b)| told(a).is_some() && told(a) == told(b))
    }
}

/// Every scalar field that does not lie in an array, in the order of its first appearance; bounded.
pub(super) fn survey<'v, 'a>(records: &'v [Value<'a>]) -> Vec<Field<'v, 'a>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut fields: Vec<Field<'v, 'a>> = Vec::new();
    for (number, record) in records.iter().enumerate() {
        let mut leaves = Vec::new();
        walk(record, &mut Pointer::root(), 0, &mut leaves);
        for (pointer, value) in leaves {
            let index = match places.get(&pointer) {
                Some(index) => *index,
                None if fields.len() >= MOST_FIELDS => continue,
                None => {
                    places.insert(pointer.clone(), fields.len());
                    fields.push(Field {
                        pointer,
                        values: vec![None; records.len()],
                        shape: None,
                    });
                    fields.len() - 1
                }
            };
            if let Some(slot) = fields
                .get_mut(index)
                .and_then(|field| field.values.get_mut(number))
            {
                *slot = Some(value);
            }
        }
    }
    for field in &mut fields {
        field.shape = shape(field, records.len());
    }
    fields
}

fn walk<'v, 'a>(
    value: &'v Value<'a>,
    place: &mut Pointer,
    depth: usize,
    found: &mut Vec<(String, &'v Value<'a>)>,
) {
    match &value.kind {
        Kind::Object(members) if depth < DEEPEST => {
            for member in members {
                if found.len() >= MOST_FIELDS {
                    return;
                }
                if member.name.len() > LONGEST_NAME {
                    continue;
                }
                place.push(member.name.as_ref());
                walk(&member.value, place, depth + 1, found);
                place.pop();
            }
        }
        Kind::Object(_) | Kind::Array(_) => {}
        _ => found.push((place.to_string(), value)),
    }
}

/// The one way in which nearly all of a field's texts decode to at least 32 bytes.
fn shape(field: &Field<'_, '_>, records: usize) -> Option<Shape> {
    let texts: Vec<&str> = (0..records)
        .filter_map(|record| field.text(record))
        .filter(|text| !text.is_empty() && text.len() <= LONGEST_TEXT)
        .collect();
    // the last one: a first record has something else where its predecessor would stand
    let encoding = texts.iter().rev().take(3).find_map(|text| encoding(text))?;
    let lengths: Vec<usize> = texts
        .iter()
        .filter_map(|text| encoding.read(text).map(|bytes| bytes.len()))
        .collect();
    let distinct: HashSet<usize> = lengths.iter().copied().filter(|len| *len >= SHORTEST).collect();
    let longest = distinct.iter().max().copied()?;
    let is_der = (68..=72).contains(&longest)
        && texts.iter().all(|text| {
            encoding
                .read(text)
                .is_some_and(|bytes| bytes.first() == Some(&0x30))
        });
    let is_one = distinct.len() == 1 || is_der;
    (is_one && lengths.len() * 5 >= (texts.len().saturating_sub(1)) * 4).then_some(Shape {
        encoding,
        len: longest,
        is_der,
    })
}

/// How one text is written, if it decodes to at least 32 bytes.
pub(super) fn encoding(text: &str) -> Option<Encoding> {
    let after_colon = text.rfind(':').filter(|at| *at < LONGEST_PREFIX).map(|at| at + 1);
    let multibase = text.starts_with(['u', 'z', 'm']).then_some(1);
    let spelled = |cut: usize, spelling: Spelling| {
        let encoding = Encoding {
            prefix: text.get(..cut)?.to_owned(),
            spelling,
        };
        let is_long = encoding.read(text).is_some_and(|bytes| bytes.len() >= SHORTEST);
        is_long.then_some(encoding)
    };
    let plain = [Spelling::Hex, Spelling::Base64, Spelling::Base64Url];
    let of = |cut: usize| plain.into_iter().find_map(|spelling| spelled(cut, spelling));
    let whole = of(0).filter(|found| {
        // what decodes to a digest's or a signature's length is not there by chance
        found
            .read(text)
            .is_some_and(|bytes| matches!(bytes.len(), 32 | 48 | 64 | 68..=72 | 96 | 256 | 384 | 512 | 3309))
    });
    let multi = || {
        let cut = multibase?;
        let spelling = match text.as_bytes().first()? {
            b'z' => Spelling::Base58,
            b'u' => Spelling::Base64Url,
            _ => Spelling::Base64,
        };
        spelled(cut, spelling).filter(|found| {
            found
                .read(text)
                .is_some_and(|bytes| matches!(bytes.len(), 32 | 48 | 64 | 68..=72 | 96 | 3309))
        })
    };
    whole
        .or_else(|| after_colon.and_then(of))
        .or_else(multi)
        .or_else(|| of(0))
}

/// Shortest digest or signature, in bytes.
const SHORTEST: usize = 32;
const LONGEST_TEXT: usize = 8 * 1024;
const LONGEST_PREFIX: usize = 24;
const LONGEST_NAME: usize = 256;
const MOST_FIELDS: usize = 256;
const DEEPEST: usize = 6;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tickmark_crypto::digest::sha256;
    use tickmark_crypto::encoding::{base58, base64, base64url, hex};

    use super::encoding;

    #[test]
    fn texts_show_how_they_are_written() {
        let digest = sha256(b"x");
        let cases = [
            (hex(&digest), "", "Hex"),
            (format!("sha256:{}", hex(&digest)), "sha256:", "Hex"),
            (base64(&digest), "", "Base64"),
            (base64url(&digest), "", "Base64Url"),
            (format!("u{}", base64url(&digest)), "u", "Base64Url"),
            (format!("z{}", base58(&digest)), "z", "Base58"),
            (
                format!("ed25519:{}", base64(&[digest, digest].concat())),
                "ed25519:",
                "Base64",
            ),
        ];
        for (text, prefix, spelling) in cases {
            let found = encoding(&text).unwrap();
            assert_eq!(
                (found.prefix.as_str(), format!("{:?}", found.spelling).as_str()),
                (prefix, spelling),
                "{text}"
            );
        }
        for text in ["", "search", "2026-11-23T10:00:00Z", "did:mesh:abc", "00ff"] {
            assert_eq!(encoding(text), None, "{text}");
        }
    }
}
