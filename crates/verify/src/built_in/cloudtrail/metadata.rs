//! S3 user metadata, exported beside the objects: a digest's own signature stands there and not in the digest.
//!
//! Two forms are read: the answer of `aws s3api head-object` in a file whose name begins with that of the digest, and one
//! map `{"BUCKET/KEY": {"signature": …, "signature-algorithm": …}}`, whose values may also be such answers.

use std::collections::BTreeMap;
use std::io::Read;

use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;

use super::name::{DigestName, LogName, base, unpacked};
use super::place::Places;
use crate::built_in::Bundle;
use crate::built_in::aws::is_key_list;

/// What is exported of one object's metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The member in which it stands.
    pub member: u32,
    /// `x-amz-meta-signature`, hex.
    pub signature: Option<String>,
    /// `x-amz-meta-signature-algorithm`
    pub algorithm: Option<String>,
    /// `x-amz-meta-backfill-generation-timestamp`
    pub generated: Option<String>,
}

/// Everything that is exported.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// By `BUCKET/KEY`.
    by_object: BTreeMap<String, Vec<Entry>>,
    /// By the last part of the digest's name, without `.gz`.
    by_base: BTreeMap<String, Vec<Entry>>,
    /// Members that metadata was read from.
    pub members: Vec<u32>,
    /// Members that are called so and cannot be read as such, with the reason.
    pub unreadable: Vec<(u32, String)>,
}

impl Metadata {
    /// Reads every member that may be one.
    pub fn of(bundle: &Bundle<'_>, places: &Places<'_>) -> Metadata {
        let mut metadata = Metadata::default();
        for (member, name) in places.all() {
            let is_other = DigestName::of(name).is_some() || LogName::of(name).is_some();
            if is_other || !name.ends_with(".json") {
                continue;
            }
            let content = bundle
                .inventory
                .members
                .get(name)
                .and_then(|held| held.content.as_deref());
            if is_key_list(name, content) {
                continue;
            }
            let whole;
            let content = match content {
                Some(content) => content,
                None => match whole_of(bundle, name) {
                    Some(bytes) => {
                        whole = bytes;
                        &whole
                    }
                    None => continue,
                },
            };
            metadata.read(member, name, content, &bundle.request.limits);
        }
        metadata
    }

    fn read(&mut self, member: u32, name: &str, content: &[u8], limits: &Limits) {
        // one entry a digest: more fields than a record may have
        let limits = Limits {
            fields: limits.fields.max(MOST_FIELDS),
            ..limits.clone()
        };
        let found = match parse(content, &limits) {
            Ok(found) => found,
            Err(error) if base(name) == WELL_KNOWN => {
                self.unreadable.push((member, error.to_string()));
                return;
            }
            Err(_) => return,
        };
        if let Some(entry) = found
            .get("Metadata")
            .and_then(|metadata| Entry::read(member, metadata))
        {
            if let Some(digest) = digest_of(base(name)) {
                self.members.push(member);
                self.by_base.entry(digest.to_owned()).or_default().push(entry);
            }
            return;
        }
        let mut any = false;
        for object in found.members().unwrap_or_default() {
            let metadata = object.value.get("Metadata").unwrap_or(&object.value);
            if let Some(entry) = Entry::read(member, metadata) {
                any = true;
                let key = object.name.strip_prefix("s3://").unwrap_or(&object.name);
                self.by_object.entry(key.to_owned()).or_default().push(entry);
            }
        }
        if any {
            self.members.push(member);
        }
    }

    /// What is exported of a digest that lies in a member of this name.
    pub fn of_digest<'m>(&'m self, bucket: &str, object: &str, member: &str) -> Vec<&'m Entry> {
        let by_object = self.by_object.get(&format!("{bucket}/{object}"));
        let by_base = self.by_base.get(unpacked(base(member)));
        by_object.into_iter().chain(by_base).flatten().collect()
    }
}

impl Entry {
    /// Reads an object's metadata; `None` where it says nothing of a signature.
    fn read(member: u32, metadata: &Value<'_>) -> Option<Entry> {
        let text = |name: &str| {
            let long = format!("x-amz-meta-{name}");
            let value = metadata.get(name).or_else(|| metadata.get(&long))?;
            value.as_str().map(str::to_owned)
        };
        let entry = Entry {
            member,
            signature: text("signature"),
            algorithm: text("signature-algorithm"),
            generated: text("backfill-generation-timestamp"),
        };
        (entry.signature.is_some() || entry.algorithm.is_some()).then_some(entry)
    }
}

/// The digest whose `head-object` answer a file of this name holds: the name goes on after the digest's.
fn digest_of(name: &str) -> Option<&str> {
    let end = name.find(".json").map(|at| at + ".json".len())?;
    let digest = name.get(..end)?;
    DigestName::of(digest).map(|_| digest)
}

fn whole_of(bundle: &Bundle<'_>, name: &str) -> Option<Vec<u8>> {
    let bytes = bundle.inventory.members.get(name)?.bytes?;
    if bytes > LONGEST {
        return None;
    }
    let mut content = Vec::new();
    let reader = bundle.container.open_member(name).ok()?;
    reader.take(LONGEST).read_to_end(&mut content).ok()?;
    Some(content)
}

/// The name that the documentation gives to the map.
const WELL_KNOWN: &str = "s3-object-metadata.json";
const LONGEST: u64 = 64 << 20;
const MOST_FIELDS: usize = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "123456789012_CloudTrail-Digest_r_t_r_20261001T010000Z.json";

    fn read(name: &str, content: &str) -> Metadata {
        let mut metadata = Metadata::default();
        metadata.read(7, name, content.as_bytes(), &Limits::default());
        metadata
    }

    #[test]
    fn a_map_names_objects() {
        for (key, metadata) in [
            (
                "b/k",
                r#"{"signature": "ab", "signature-algorithm": "SHA256withRSA"}"#,
            ),
            ("s3://b/k", r#"{"x-amz-meta-signature": "ab"}"#),
            ("b/k", r#"{"ETag": "x", "Metadata": {"signature": "ab"}}"#),
        ] {
            let found = read("any.json", &format!("{{\"{key}\": {metadata}, \"other\": 1}}"));
            let entries = found.of_digest("b", "k", "x");
            assert_eq!(entries.len(), 1, "{key} {metadata}");
            assert_eq!(entries[0].signature.as_deref(), Some("ab"));
            assert_eq!(found.members, [7]);
        }
    }

    #[test]
    fn an_answer_of_head_object_belongs_to_the_digest_it_is_called_after() {
        let answer =
            r#"{"ContentLength": 1, "Metadata": {"signature": "ab", "backfill-generation-timestamp": "t"}}"#;
        for ending in [".head.json", ".gz.head-object.json", ".gz.json"] {
            let found = read(&format!("heads/{DIGEST}{ending}"), answer);
            let entries = found.of_digest("b", "k", &format!("x/{DIGEST}.gz"));
            assert_eq!(entries.len(), 1, "{ending}");
            assert_eq!(entries[0].generated.as_deref(), Some("t"));
        }
        assert!(read("head.json", answer).by_base.is_empty());
    }

    #[test]
    fn other_documents_say_nothing() {
        assert!(
            read("config.json", r#"{"a": {"b": 1}, "c": []}"#)
                .members
                .is_empty()
        );
        assert!(read("config.json", "no json").unreadable.is_empty());
        assert_eq!(read(WELL_KNOWN, "no json").unreadable.len(), 1);
    }
}
