//! Names as statements write them, and the members they mean.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::inventory::Inventory;

/// Takes a listed name as a path below the place where its list stands: parts between `/`, a leading `./` dropped.
///
/// # Errors
/// Why it means no such place.
pub(super) fn below(listed: &str) -> Result<&str, &'static str> {
    let mut name = listed;
    while let Some(rest) = name.strip_prefix("./") {
        name = rest;
    }
    let bytes = name.as_bytes();
    match bytes {
        [] => return Err("is empty"),
        [b'/', ..] | [b'~', b'/', ..] => return Err("begins outside the bundle"),
        [letter, b':', ..] if letter.is_ascii_alphabetic() => return Err("names a drive"),
        _ if bytes.contains(&b'\\') => return Err("holds a backslash"),
        _ if bytes.contains(&0) => return Err("holds a NUL"),
        _ => {}
    }
    for part in name.split('/') {
        match part {
            ".." => return Err("leaves its folder"),
            "" | "." => return Err("has an empty part"),
            _ => {}
        }
    }
    Ok(name)
}

/// The folder in which a member lies; empty for the top.
pub(super) fn folder(member: &str) -> &str {
    member.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a member's name.
pub(super) fn base(member: &str) -> &str {
    member.rsplit_once('/').map_or(member, |(_, base)| base)
}

/// A name in a folder.
pub(super) fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Whether a member lies at or below a folder; everything lies below the empty one.
pub(super) fn is_below(member: &str, folder: &str) -> bool {
    folder.is_empty()
        || member
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Members by the name that a system would take for the same one: without regard to case and normal form.
pub(super) struct Names<'i> {
    inventory: &'i Inventory,
    folded: OnceCell<BTreeMap<String, Vec<&'i str>>>,
}

impl<'i> Names<'i> {
    pub fn of(inventory: &'i Inventory) -> Self {
        Names {
            inventory,
            folded: OnceCell::new(),
        }
    }

    /// A member whose name differs from a missing one in case or Unicode normal form only. It is never taken for it.
    pub fn near(&self, name: &str) -> Option<&'i str> {
        self.folded().get(&fold(name))?.first().copied()
    }

    /// Members that one another system would take for one.
    pub fn clashes(&self) -> impl Iterator<Item = &[&'i str]> {
        self.folded()
            .values()
            .filter(|members| members.len() > 1)
            .map(Vec::as_slice)
    }

    fn folded(&self) -> &BTreeMap<String, Vec<&'i str>> {
        self.folded.get_or_init(|| {
            let mut folded: BTreeMap<String, Vec<&'i str>> = BTreeMap::new();
            for name in self.inventory.members.keys() {
                folded.entry(fold(name)).or_default().push(name);
            }
            folded
        })
    }
}

fn fold(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_one_place_or_are_refused() {
        assert_eq!(below("./a/b.txt"), Ok("a/b.txt"));
        assert_eq!(below("a/..b"), Ok("a/..b"));
        for name in [
            "", "/a", "~/a", "../a", "a/../b", "a//b", "a/", "a/./b", "C:a", "a\\b", "a\0", "./", ".//a",
        ] {
            assert!(below(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn below_means_whole_parts() {
        assert!(is_below("data/a", "data"));
        assert!(is_below("anything", ""));
        assert!(!is_below("database/a", "data"));
    }

    #[test]
    fn near_names_are_told_and_not_taken() {
        let mut inventory = Inventory::default();
        for name in ["Log.jsonl", "caf\u{e9}", "x", "X"] {
            inventory.members.insert(name.to_owned(), Default::default());
        }
        let names = Names::of(&inventory);
        assert_eq!(names.near("log.JSONL"), Some("Log.jsonl"));
        assert_eq!(names.near("cafe\u{301}"), Some("caf\u{e9}"));
        assert_eq!(names.near("other"), None);
        assert_eq!(names.clashes().count(), 1);
    }
}
