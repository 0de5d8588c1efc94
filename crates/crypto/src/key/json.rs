//! JSON documents that hold keys: key sets, CloudTrail's list, and plain objects of names with their keys.

use std::{collections::BTreeSet, fmt};

use chrono::{DateTime, SecondsFormat};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};

use super::{
    FoundKey, KeyAlgorithm, KeyError, KeyFile, KeyLimits, SkippedKey, der,
    file::numbered,
    jwk::{self, Jwk},
    raw,
};
use crate::encoding;

/// Reads the keys of a JSON document, whichever of the forms it has.
pub(super) fn parse(text: &str, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
    let document: Document = serde_json::from_str(text).map_err(|_| KeyError::Unrecognised)?;
    if document
        .media_type
        .is_some_and(|kind| kind.starts_with(SIGSTORE_ROOT))
    {
        return Err(KeyError::Unsupported {
            kind: "a Sigstore trusted root",
        });
    }
    match (document.keys, document.public_key_list) {
        (Some(keys), None) => parse_set(keys, algorithm),
        (None, Some(list)) => numbered(list.into_iter(), |entry| parse_cloudtrail(entry, algorithm)),
        (None, None) => match serde_json::from_str(text) {
            Ok(KeysByName(keys)) => numbered(keys.into_iter(), |(kid, text)| {
                let key = raw::parse_text(&text, algorithm)?;
                Ok(FoundKey {
                    kid: Some(kid),
                    ..key.into()
                })
            }),
            Err(_) => jwk::from_json(text)?.parse(algorithm).map(KeyFile::one),
        },
        (Some(_), Some(_)) => Err(KeyError::Unrecognised),
    }
}

/// Whether a JSON document is a set of keys by its form.
pub(super) fn is_set(text: &str) -> bool {
    serde_json::from_str::<Document>(text)
        .is_ok_and(|document| document.keys.is_some() != document.public_key_list.is_some())
}

/// The members by which the forms are told apart. One that is repeated by name is refused by the derived reader.
#[derive(Deserialize)]
struct Document {
    keys: Option<Vec<Jwk>>,
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

/// RFC 7517, section 5: entries of a set that are for something else are passed over; here they are also listed.
fn parse_set(keys: Vec<Jwk>, algorithm: Option<KeyAlgorithm>) -> Result<KeyFile, KeyError> {
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
        Some(serde_json::Value::Number(number)) => {
            let text = number.to_string();
            Some(of_seconds(&text).unwrap_or(text))
        }
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

/// Seconds since 1970, such as `1453076702.0`, in RFC 3339.
fn of_seconds(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let at = DateTime::from_timestamp(whole.parse().ok()?, nanos)?;
    Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// A JSON object whose every member is a name with its key as text, such as `{"agent-7": "d75a98…"}`.
struct KeysByName(Vec<(String, String)>);

impl<'de> Deserialize<'de> for KeysByName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members).map(Self)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names with their keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut keys, mut names) = (Vec::new(), BTreeSet::new());
        while let Some((name, text)) = map.next_entry::<String, String>()? {
            // These two mark a JSON Web Key, which has strings only as well.
            if name == "kty" || name == "public_key" || !names.insert(name.clone()) {
                return Err(A::Error::custom("a JSON Web Key, or a name twice"));
            }
            keys.push((name, text));
        }
        Ok(keys)
    }
}

const SIGSTORE_ROOT: &str = "application/vnd.dev.sigstore.trustedroot";
