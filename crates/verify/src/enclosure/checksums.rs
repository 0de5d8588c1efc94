//! Checksum files as `sha256sum`, `shasum`, `openssl dgst` and their kin write them: `SHA256SUMS`, `NAME.sha256`, …
//!
//! GNU lines are `hex SP SP name` or `hex SP * name`, with `\` before the digest where the name is escaped; BSD lines are
//! `ALGORITHM (name) = hex`. A file that is named after one member may hold that member's digest alone.

use super::listing::{Digest, Function, Listed, Listing, start};
use super::{names, pass};
use crate::built_in::Bundle;

/// Reads every checksum file that `is_free` admits.
pub(super) fn read(bundle: &Bundle<'_>, is_free: &dyn Fn(&str) -> bool) -> Vec<Listing> {
    let members = bundle.inventory.members.keys();
    members
        .filter(|member| is_free(member))
        .filter_map(|member| {
            let kind = Kind::of(member)?;
            match pass::content(bundle, member) {
                Ok(content) => parse(member, &kind, &content, bundle),
                Err(why) => {
                    let mut listing = Listing::new("checksums", member);
                    listing.wrong("statement_too_long", "completeness", why);
                    Some(listing)
                }
            }
        })
        .collect()
}

/// What a member's name says of its lines.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    function: Option<Function>,
    /// The member that it is named after.
    about: Option<String>,
}

impl Kind {
    fn of(member: &str) -> Option<Kind> {
        let folder = names::folder(member);
        let base = names::base(member);
        let plain = base.strip_suffix(".txt").unwrap_or(base);
        let lower = plain.to_ascii_lowercase();
        if matches!(lower.as_str(), "checksum" | "checksums") {
            return Some(Kind {
                function: None,
                about: None,
            });
        }
        if let Some(function) = function_of(&lower) {
            let function = Some(function);
            return Some(Kind {
                function,
                about: None,
            });
        }
        let (about, ending) = plain.rsplit_once('.')?;
        let function = function_of(&ending.to_ascii_lowercase())?;
        Some(Kind {
            function: Some(function),
            about: (!about.is_empty()).then(|| names::joined(folder, about)),
        })
    }
}

/// `sha256`, `sha256sum`, `sha256sums`
fn function_of(word: &str) -> Option<Function> {
    let name = word
        .strip_suffix("sums")
        .or_else(|| word.strip_suffix("sum"))
        .unwrap_or(word);
    Function::named(name)
}

fn parse(member: &str, kind: &Kind, content: &[u8], bundle: &Bundle<'_>) -> Option<Listing> {
    let mut listing = Listing::new("checksums", member);
    let Ok(text) = std::str::from_utf8(content) else {
        listing.wrong("manifest_unreadable", "integrity", "is no UTF-8 text");
        return Some(listing);
    };
    let mut raw = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match entry(line, kind) {
            Some(entry) => raw.push(entry),
            None => {
                let what = format!("cannot be read as a list of digests at line {}", index + 1);
                listing.wrong("manifest_unreadable", "integrity", &what);
            }
        }
    }
    if raw.is_empty() {
        return None;
    }
    let inventory = bundle.inventory;
    let folder = start(
        inventory,
        member,
        &mut raw.iter().filter_map(|entry| entry.name.as_deref()),
    );
    for Entry { name, digest } in raw {
        let listed = match (name, &kind.about) {
            (Some(name), _) => match names::below(&name) {
                Ok(name) => names::joined(folder, name),
                Err(why) => {
                    listing.refuse_name(&name, why);
                    continue;
                }
            },
            (None, Some(about)) => about.clone(),
            (None, None) => {
                listing.wrong(
                    "manifest_unreadable",
                    "integrity",
                    "holds a digest without a name",
                );
                continue;
            }
        };
        listing.entries.push(Listed {
            member: listed,
            stated: digest,
            is_elsewhere: false,
        });
    }
    listing.settle(false);
    Some(listing)
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    name: Option<String>,
    digest: Digest,
}

fn entry(line: &str, kind: &Kind) -> Option<Entry> {
    gnu(line, kind).or_else(|| bsd(line, kind))
}

fn gnu(line: &str, kind: &Kind) -> Option<Entry> {
    let (is_escaped, rest) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let Some((digits, after)) = rest.split_once(' ') else {
        // a digest alone: of the member after which the file is named
        kind.about.as_ref().filter(|_| !is_escaped)?;
        let digest = Digest::hex(rest, kind.function)?;
        return Some(Entry { name: None, digest });
    };
    let digest = Digest::hex(digits, kind.function)?;
    let name = after
        .strip_prefix(' ')
        .or_else(|| after.strip_prefix('*'))
        .unwrap_or(after);
    named(name, is_escaped, digest)
}

fn bsd(line: &str, kind: &Kind) -> Option<Entry> {
    let (is_escaped, rest) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (tag, rest) = rest.split_once('(')?;
    let function = Function::named(tag.trim_end())?;
    if kind.function.is_some_and(|of_file| of_file != function) {
        return None;
    }
    let (name, digits) = rest.rsplit_once(")= ").or_else(|| rest.rsplit_once(") = "))?;
    let digest = Digest::hex(digits, Some(function))?;
    named(name, is_escaped, digest)
}

fn named(name: &str, is_escaped: bool, digest: Digest) -> Option<Entry> {
    let name = if is_escaped {
        unescaped(name)?
    } else {
        name.to_owned()
    };
    Some(Entry {
        name: Some(name),
        digest,
    })
}

/// `\\`, `\n` and `\r` stand for a backslash, a line feed and a carriage return (coreutils, "md5sum invocation").
fn unescaped(name: &str) -> Option<String> {
    let mut plain = String::with_capacity(name.len());
    let mut signs = name.chars();
    while let Some(sign) = signs.next() {
        plain.push(match sign {
            '\\' => match signs.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind() -> Kind {
        Kind::of("SHA256SUMS").unwrap()
    }

    fn name_of(line: &str) -> Option<String> {
        entry(line, &kind())?.name
    }

    #[test]
    fn names_of_checksum_files() {
        for name in [
            "SHA256SUMS",
            "sha256sum.txt",
            "a/SHA512SUMS",
            "checksums.txt",
            "CHECKSUM",
            "MD5SUMS",
        ] {
            assert_eq!(Kind::of(name).unwrap().about, None, "{name}");
        }
        let about = |name| Kind::of(name).unwrap().about;
        assert_eq!(about("a/log.jsonl.sha256"), Some("a/log.jsonl".into()));
        assert_eq!(about("log.tar.sha512sum"), Some("log.tar".into()));
        for name in ["log.jsonl", "manifest-sha256.txt", "sha256.md", "sums", "a.txt"] {
            assert_eq!(Kind::of(name), None, "{name}");
        }
    }

    #[test]
    fn lines_of_several_writers() {
        let hex = "a".repeat(64);
        for line in [
            format!("{hex}  a b.txt"),
            format!("{hex} *a b.txt"),
            format!("{hex} a b.txt"),
            format!("SHA256 (a b.txt) = {hex}"),
            format!("SHA2-256(a b.txt)= {hex}").replace("SHA2-", "SHA"),
            format!("SHA-256(a b.txt)= {hex}"),
        ] {
            assert_eq!(name_of(&line).as_deref(), Some("a b.txt"), "{line}");
        }
        assert_eq!(
            name_of(&format!("\\{hex}  a\\nb\\\\c")).as_deref(),
            Some("a\nb\\c")
        );
        for line in [
            format!("{}  a", "a".repeat(63)),
            format!("{}  a", "a".repeat(128)),
            format!("\\{hex}  a\\tb"),
            format!("SHA512 (a) = {hex}"),
            format!("MD5 (a) = {}", "a".repeat(32)),
            hex,
            "words".into(),
        ] {
            assert_eq!(name_of(&line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line(line in ".*") {
            let _ = entry(&line, &kind());
            let _ = Kind::of(&line);
        }
    }
}
