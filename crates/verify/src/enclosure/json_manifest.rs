//! Manifests in JSON, in the shapes in which they are common.
//!
//! An object of names with their digests, at the top or under a member such as `files`; or an array of objects that each
//! name a member (`path`, `name`, `file`) and its digest (`sha256`, `hash`, `digest`). A digest is hex, with or without its
//! function before it (`sha256:…`), or a subresource integrity text (`sha256-` and base64). A manifest is closed, so that no
//! other member may be here, where it says so itself: `"closed": true` or `"exhaustive": true`.

use tickmark_crypto::encoding::{hex, unbase64};
use tickmark_formats::json::{JsonErrorKind, Member, Value, parse};
use tickmark_formats::limits::Limits;

use super::listing::{Digest, Function, Listed, Listing, start};
use super::{names, pass};
use crate::built_in::Bundle;
use crate::inventory::Inventory;

/// Reads every JSON manifest that `is_free` admits.
pub(super) fn read(bundle: &Bundle<'_>, is_free: &dyn Fn(&str) -> bool) -> Vec<Listing> {
    // a list has two values a member, and may be as long as there can be members
    let limits = Limits {
        fields: MOST_FIELDS,
        ..bundle.request.limits.clone()
    };
    let members = bundle.inventory.members.keys();
    members
        .filter(|member| is_named_so(member) && is_free(member))
        .filter_map(|member| {
            let content = pass::content(bundle, member).ok()?;
            listing(member, &content, &limits, bundle.inventory)
        })
        .collect()
}

fn is_named_so(member: &str) -> bool {
    let base = names::base(member).to_ascii_lowercase();
    base.strip_suffix(".json")
        .is_some_and(|stem| WORDS.iter().any(|word| stem.contains(word)))
}

fn listing(member: &str, content: &[u8], limits: &Limits, inventory: &Inventory) -> Option<Listing> {
    let mut listing = Listing::new("json-manifest", member);
    let document = match parse(content, limits) {
        Ok(document) => document,
        Err(error) => {
            // two readers would take it for two lists
            let is_double = matches!(error.kind, JsonErrorKind::DuplicateMember { .. });
            let names_members = inventory
                .members
                .keys()
                .any(|name| name != member && contains(content, name.as_bytes()));
            if !is_double || !names_members {
                return None;
            }
            let what = "holds a name twice, so that it can be read in two ways";
            listing.wrong("manifest_duplicate", "integrity", what);
            // it lists nothing that could be held; it is a statement all the same
            listing.entries.push(Listed {
                member: member.to_owned(),
                stated: Digest::None(what.to_owned()),
                is_elsewhere: false,
            });
            return Some(listing);
        }
    };
    let raw = entries(&document);
    if raw.is_empty() {
        return None;
    }
    let folder = start(inventory, member, &mut raw.iter().map(|entry| entry.name));
    for entry in raw {
        match names::below(entry.name) {
            Ok(name) => listing.entries.push(Listed {
                member: names::joined(folder, name),
                stated: entry.digest,
                is_elsewhere: false,
            }),
            Err(why) => listing.refuse_name(entry.name, why),
        }
    }
    listing.settle(false);
    let says = |name: &str| document.get(name).and_then(Value::as_bool) == Some(true);
    if says("closed") || says("exhaustive") {
        listing.closed_below = Some(folder.to_owned());
    }
    if ["signature", "signatures"]
        .iter()
        .any(|name| document.get(name).is_some())
    {
        listing.notes.push(format!(
            "{member} carries a signature inside itself, which was not checked: its format does not say what it is over."
        ));
    }
    Some(listing)
}

struct Entry<'v> {
    name: &'v str,
    digest: Digest,
}

/// Entries of the first shape that fits.
fn entries<'v>(document: &'v Value<'_>) -> Vec<Entry<'v>> {
    let function = function_in(document);
    if let Some(elements) = document.elements() {
        return array(elements, function);
    }
    for name in PLACES {
        let Some(list) = document.get(name) else { continue };
        let found = match (list.elements(), list.members()) {
            (Some(elements), _) => array(elements, function),
            (_, Some(members)) => object(members, function_in(list).or(function)),
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    match document.members() {
        Some(members) => object(members, function),
        None => Vec::new(),
    }
}

/// An object of names with their digests: all of them, or it is no list. What describes the list itself may stand among
/// them.
fn object<'v>(members: &'v [Member<'_>], function: Option<Function>) -> Vec<Entry<'v>> {
    let mut found = Vec::new();
    for member in members {
        let digest = match member.value.as_str() {
            Some(text) => digest(text, function),
            None => digest_in(&member.value, function),
        };
        match digest {
            Some(digest) => found.push(Entry {
                name: &member.name,
                digest,
            }),
            None if ABOUT.contains(&&*member.name) => {}
            None => return Vec::new(),
        }
    }
    found
}

/// An array of objects, each of which names a member and its digest. One without a digest is listed and says nothing.
fn array<'v>(elements: &'v [Value<'_>], function: Option<Function>) -> Vec<Entry<'v>> {
    let mut found = Vec::new();
    let mut any_digest = false;
    for element in elements {
        let name = NAMES.iter().find_map(|name| element.get(name)?.as_str());
        let Some(name) = name else { return Vec::new() };
        let digest = digest_in(element, function_in(element).or(function));
        any_digest |= digest.is_some();
        found.push(Entry {
            name,
            digest: digest.unwrap_or_else(|| Digest::None("no digest stands beside it".into())),
        });
    }
    if any_digest { found } else { Vec::new() }
}

/// The digest in an object: under the name of its function, or under a general name.
fn digest_in(object: &Value<'_>, function: Option<Function>) -> Option<Digest> {
    let members = object.members()?;
    let of_function = |member: &Member<'_>| {
        let name = member.name.strip_suffix("_hash").unwrap_or(&member.name);
        let name = name.strip_suffix("sum").unwrap_or(name);
        let function = Function::named(name)?;
        digest(member.value.as_str()?, Some(function))
    };
    // the strongest first: an old digest may stand beside a good one
    let mut named: Vec<Digest> = members.iter().filter_map(of_function).collect();
    named.sort_by_key(|digest| match digest {
        Digest::Of(Function::Strong(algorithm), _) => (0, algorithm.len()),
        Digest::Of(Function::Outdated(_), _) => (1, 0),
        Digest::None(_) => (2, 0),
    });
    if let Some(digest) = named.into_iter().next() {
        return Some(digest);
    }
    DIGESTS.iter().find_map(|name| {
        let value = object.get(name)?;
        match value.as_str() {
            Some(text) => digest(text, function),
            None => match value.get("value").and_then(Value::as_str) {
                Some(text) => digest(text, function_in(value).or(function)),
                None => digest_in(value, function),
            },
        }
    })
}

/// The function that an object names for its digests.
fn function_in(object: &Value<'_>) -> Option<Function> {
    FUNCTIONS
        .iter()
        .find_map(|name| Function::named(object.get(name)?.as_str()?))
}

fn digest(text: &str, function: Option<Function>) -> Option<Digest> {
    if let Some((name, digits)) = text.split_once(':') {
        let named = Function::named(name)?;
        return Digest::hex(digits, Some(named));
    }
    if let Some((name, encoded)) = text.split_once('-') {
        let named = Function::named(name)?;
        return Digest::hex(&hex(&unbase64(encoded).ok()?), Some(named));
    }
    Digest::hex(text, function)
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    !word.is_empty() && text.windows(word.len()).any(|part| part == word)
}

const WORDS: [&str; 4] = ["manifest", "checksum", "digests", "hashes"];
const PLACES: [&str; 12] = [
    "files",
    "members",
    "entries",
    "checksums",
    "hashes",
    "digests",
    "contents",
    "artifacts",
    "artefacts",
    "items",
    "payload",
    "manifest",
];
const NAMES: [&str; 6] = ["path", "name", "file", "filename", "member", "file_name"];
const DIGESTS: [&str; 6] = ["digest", "hash", "checksum", "digests", "hashes", "content_hash"];
const FUNCTIONS: [&str; 7] = [
    "algorithm",
    "alg",
    "hash_algorithm",
    "hashAlgorithm",
    "digest_algorithm",
    "digestAlgorithm",
    "hash_alg",
];
const ABOUT: [&str; 12] = [
    "version",
    "schema",
    "$schema",
    "closed",
    "exhaustive",
    "algorithm",
    "alg",
    "hash_algorithm",
    "hashAlgorithm",
    "created",
    "created_at",
    "generated_at",
];
const MOST_FIELDS: usize = 8_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_text(text: &str) -> Vec<(String, Digest)> {
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        entries(&document)
            .into_iter()
            .map(|entry| (entry.name.to_owned(), entry.digest))
            .collect()
    }

    #[test]
    fn common_shapes() {
        let a = "a".repeat(64);
        let b64 = tickmark_crypto::encoding::base64(&[0xaa; 32]);
        for text in [
            format!(r#"{{"x.log":"{a}"}}"#),
            format!(r#"{{"version":1,"x.log":"{a}"}}"#),
            format!(r#"{{"files":{{"x.log":"sha256:{a}"}}}}"#),
            format!(r#"{{"checksums":{{"x.log":"{a}"}},"other":[1]}}"#),
            format!(r#"{{"files":[{{"path":"x.log","sha256":"{a}"}}]}}"#),
            format!(r#"{{"files":[{{"name":"x.log","hash":"{a}","bytes":3}}]}}"#),
            format!(r#"{{"files":[{{"file":"x.log","digest":"sha256:{a}"}}]}}"#),
            format!(r#"{{"files":[{{"path":"x.log","digest":{{"sha256":"{a}"}}}}]}}"#),
            format!(r#"{{"files":[{{"path":"x.log","checksum":{{"algorithm":"SHA-256","value":"{a}"}}}}]}}"#),
            format!(r#"{{"files":{{"x.log":{{"sha256":"{a}","size":1}}}}}}"#),
            format!(r#"[{{"path":"x.log","sha256":"{a}"}}]"#),
            format!(r#"{{"files":[{{"path":"x.log","integrity":"","hash":"sha256-{b64}"}}]}}"#),
            format!(
                r#"{{"files":[{{"path":"x.log","md5":"{}","sha256":"{a}"}}]}}"#,
                "0".repeat(32)
            ),
        ] {
            let expected = Digest::Of(Function::named("sha256").unwrap(), a.clone());
            assert_eq!(read_text(&text), [("x.log".to_owned(), expected)], "{text}");
        }
    }

    #[test]
    fn other_documents_are_no_list() {
        for text in [
            "{}",
            "[]",
            "1",
            r#"{"name":"package","version":"1.0.0"}"#,
            r#"{"files":["a","b"]}"#,
            r#"{"files":[{"path":"a"}]}"#,
            r#"{"x.log":"abc"}"#,
        ] {
            assert_eq!(read_text(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = listing("manifest.json", &bytes, &Limits::default(), &Inventory::default());
        }

        #[test]
        fn any_text(text in r#"[\[\]{}":,a-f0-9 files]{0,80}"#) {
            let _ = listing("manifest.json", text.as_bytes(), &Limits::default(), &Inventory::default());
        }
    }
}
