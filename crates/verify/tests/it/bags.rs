//! Bags: the conformance suite where it is at hand, and rules on bags that this file packs itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use std::path::Path;

use crate::kit::{Bundle, fixtures, hold_together, told};
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::outdated::{Outdated, OutdatedHasher};
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Request, Unwatched, verify};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const REFUTED: ClaimOutcome = ClaimOutcome::Refuted;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

fn sha256(bytes: &[u8]) -> String {
    Algorithm::Sha256.of(bytes).hex()
}

fn md5(bytes: &[u8]) -> String {
    let mut hasher = OutdatedHasher::new(Outdated::Md5);
    hasher.update(bytes);
    hasher.finish_hex()
}

/// A bag that can be packed wrong in every way.
#[derive(Clone)]
struct Bag {
    files: Vec<(String, Vec<u8>)>,
}

impl Bag {
    /// A sound bag of version 1.0.
    fn new() -> Bag {
        let mut bag = Bag { files: Vec::new() };
        bag.put(
            "bagit.txt",
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        );
        bag.put("data/log.jsonl", "{\"n\":1}\n{\"n\":2}\n");
        bag.put("data/notes/a b.txt", "words");
        bag.put("bag-info.txt", "Payload-Oxum: 21.2\nBagging-Date: 2026-11-20\n");
        bag.list();
        bag
    }

    fn put(&mut self, name: &str, text: impl Into<Vec<u8>>) {
        let bytes = text.into();
        match self.files.iter_mut().find(|(known, _)| known == name) {
            Some((_, held)) => *held = bytes,
            None => self.files.push((name.to_owned(), bytes)),
        }
    }

    fn with(mut self, name: &str, text: impl Into<Vec<u8>>) -> Bag {
        self.put(name, text);
        self
    }

    fn without(mut self, name: &str) -> Bag {
        self.files.retain(|(known, _)| known != name);
        self
    }

    fn text(&self, name: &str) -> String {
        let (_, bytes) = self.files.iter().find(|(known, _)| known == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    }

    fn appended(self, name: &str, line: &str) -> Bag {
        let text = self.text(name) + line;
        self.with(name, text)
    }

    fn replaced(self, name: &str, from: &str, to: &str) -> Bag {
        let text = self.text(name);
        assert!(text.contains(from), "{text}");
        self.with(name, text.replace(from, to))
    }

    fn lines(&self, digest: fn(&[u8]) -> String, payload: bool) -> String {
        let is_listed = |name: &str| name.starts_with("data/") == payload && !name.starts_with("tagmanifest");
        let lines = self.files.iter().filter(|(name, _)| is_listed(name));
        lines
            .map(|(name, bytes)| format!("{}  {name}\n", digest(bytes)))
            .collect()
    }

    /// Writes both manifests anew.
    fn list(&mut self) {
        let payload = self.lines(sha256, true);
        self.put("manifest-sha256.txt", payload);
        let tags = self.lines(sha256, false);
        self.put("tagmanifest-sha256.txt", tags);
    }

    fn listed(mut self) -> Bag {
        self.list();
        self
    }

    fn verify(&self) -> Verification {
        let files: Vec<(&str, Vec<u8>)> = self
            .files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let v = verify(
            Bundle::folder(&files).received(),
            &Request::default(),
            &mut Unwatched,
        )
        .unwrap();
        hold_together(&v);
        v
    }
}

fn claims(v: &Verification) -> [ClaimOutcome; 4] {
    let c = &v.claims;
    [
        c.integrity.outcome,
        c.authenticity.outcome,
        c.completeness.outcome,
        c.time.outcome,
    ]
}

#[test]
fn a_sound_bag_agrees_with_itself_and_proves_no_more() {
    let v = Bag::new().verify();
    assert_eq!(v.profile.as_ref().unwrap().id, "members");
    assert_eq!(claims(&v), [PROVEN, OPEN, OPEN, OPEN], "{}", told(&v));
    assert_eq!(v.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert_eq!(v.counts.records, 3);
    assert_eq!(v.verdict, OPEN);
}

/// Bags that are sound though they look odd: nothing is refuted, and integrity is as told.
#[test]
fn odd_and_sound() {
    let crlf = |bag: Bag| {
        let text = bag.text("manifest-sha256.txt").replace('\n', "\r\n");
        bag.with("manifest-sha256.txt", text)
            .without("tagmanifest-sha256.txt")
    };
    let inner = Bag::new()
        .with("data/inner/bagit.txt", "no declaration at all")
        .with("data/inner/manifest-sha256.txt", "no manifest at all")
        .with("data/inner/data/x", "x")
        .with("bag-info.txt", "A: b\n")
        .listed();
    let old = || {
        Bag::new()
            .with(
                "bagit.txt",
                "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8",
            )
            .listed()
    };
    let first = format!("{}  data/log.jsonl\n", sha256(b"{\"n\":1}\n{\"n\":2}\n"));
    let second = format!("{}  data/notes/a b.txt\n", Algorithm::Sha512.of(b"words").hex());
    let cases: Vec<(&str, Bag, ClaimOutcome)> = vec![
        (
            "no tag manifest",
            Bag::new().without("tagmanifest-sha256.txt"),
            PROVEN,
        ),
        ("CR LF", crlf(Bag::new()), PROVEN),
        (
            "a leading dot",
            Bag::new()
                .replaced("manifest-sha256.txt", "  data/log", "  ./data/log")
                .without("tagmanifest-sha256.txt"),
            PROVEN,
        ),
        (
            "a star before the path",
            Bag::new()
                .replaced("manifest-sha256.txt", "  data/log", " *data/log")
                .without("tagmanifest-sha256.txt"),
            PROVEN,
        ),
        (
            "digests in upper case",
            {
                let bag = Bag::new().without("tagmanifest-sha256.txt");
                let text = bag.text("manifest-sha256.txt");
                let (digest, rest) = text.split_at(64);
                let text = digest.to_uppercase() + rest;
                bag.with("manifest-sha256.txt", text)
            },
            PROVEN,
        ),
        ("a bag in a bag", inner, PROVEN),
        (
            "no information",
            Bag::new().without("bag-info.txt").listed(),
            PROVEN,
        ),
        ("version 0.97", old(), PROVEN),
        (
            "before 1.0 all manifests together list the payload",
            old()
                .with("manifest-sha256.txt", first)
                .with("manifest-sha512.txt", second)
                .without("tagmanifest-sha256.txt"),
            PROVEN,
        ),
        (
            "before 1.0 a file may be listed twice",
            {
                let bag = old().without("tagmanifest-sha256.txt");
                let text = bag.text("manifest-sha256.txt");
                bag.with("manifest-sha256.txt", text.clone() + &text)
            },
            PROVEN,
        ),
        (
            "MD5 alone proves nothing",
            {
                let bag = Bag::new()
                    .without("manifest-sha256.txt")
                    .without("tagmanifest-sha256.txt");
                let lines = bag.lines(md5, true);
                bag.with("manifest-md5.txt", lines)
            },
            OPEN,
        ),
        (
            "a function that is not known proves nothing",
            {
                let bag = Bag::new().without("tagmanifest-sha256.txt");
                let text = bag.text("manifest-sha256.txt");
                bag.without("manifest-sha256.txt")
                    .with("manifest-whirl.txt", text)
            },
            OPEN,
        ),
        (
            "MD5 beside SHA-256",
            {
                let bag = Bag::new();
                let lines = bag.lines(md5, true);
                bag.with("manifest-md5.txt", lines)
            },
            PROVEN,
        ),
        (
            "an encoding that is not read proves nothing",
            Bag::new()
                .with(
                    "bagit.txt",
                    "BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC\n",
                )
                .without("tagmanifest-sha256.txt"),
            OPEN,
        ),
        (
            "a tag file that no manifest lists is reached by nothing",
            Bag::new().with("readme.txt", "hello"),
            OPEN,
        ),
        (
            "a tag file that the tag manifest lists",
            Bag::new().with("readme.txt", "hello").listed(),
            PROVEN,
        ),
        (
            "a size that is stated twice in the same way",
            Bag::new()
                .with("bag-info.txt", "payload-oxum: 21.2\nPayload-Oxum: 21.2\n")
                .listed(),
            PROVEN,
        ),
    ];
    for (name, bag, integrity) in cases {
        let v = bag.verify();
        assert_eq!(v.faults, [], "{name}: {}", told(&v));
        assert_eq!(v.claims.integrity.outcome, integrity, "{name}: {}", told(&v));
        assert_ne!(v.claims.integrity.basis, Some(Basis::Anchored), "{name}");
        assert_eq!(v.claims.completeness.outcome, OPEN, "{name}");
    }
}

#[test]
fn lies() {
    let deadbeef = format!("{}  data/log.jsonl\n", "de".repeat(32));
    let missing = format!("{}  data/gone.txt\n", "ab".repeat(32));
    let same = |bag: &Bag| bag.text("manifest-sha256.txt").lines().next().unwrap().to_owned() + "\n";
    let plain = || Bag::new().without("tagmanifest-sha256.txt");
    let path = |path: &str| {
        let line = format!("{}  {path}\n", "ab".repeat(32));
        plain().appended("manifest-sha256.txt", &line)
    };
    let declared = |text: &str| plain().with("bagit.txt", text);
    let cases: Vec<(&str, Bag, &str, &str)> = vec![
        (
            "a record edited",
            Bag::new().with("data/log.jsonl", "{\"n\":9}\n{\"n\":2}\n"),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a tag file edited",
            Bag::new().with("bag-info.txt", "Payload-Oxum: 21.2\n"),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "the manifest edited",
            Bag::new().appended("manifest-sha256.txt", "\n"),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "a payload file dropped",
            Bag::new().without("data/notes/a b.txt"),
            "manifest_missing",
            "completeness",
        ),
        (
            "a tag file dropped",
            Bag::new().without("bag-info.txt"),
            "manifest_missing",
            "completeness",
        ),
        (
            "a payload file added",
            Bag::new().with("data/extra", "x"),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a payload file added and the size restated",
            Bag::new()
                .with("data/extra", "x")
                .with("bag-info.txt", "Payload-Oxum: 22.3\n")
                .without("tagmanifest-sha256.txt"),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "a line dropped from the manifest",
            {
                let bag = plain();
                let line = same(&bag);
                bag.replaced("manifest-sha256.txt", &line, "")
            },
            "manifest_unlisted",
            "completeness",
        ),
        (
            "listed twice with two digests",
            plain().appended("manifest-sha256.txt", &deadbeef),
            "manifest_duplicate",
            "integrity",
        ),
        (
            "listed twice",
            {
                let bag = plain();
                let line = same(&bag);
                bag.appended("manifest-sha256.txt", &line)
            },
            "manifest_duplicate",
            "integrity",
        ),
        (
            "a listed file that never was",
            plain().appended("manifest-sha256.txt", &missing),
            "manifest_missing",
            "completeness",
        ),
        (
            "a path that leaves the bag",
            path("data/../../etc/passwd"),
            "manifest_path",
            "integrity",
        ),
        (
            "an absolute path",
            path("/etc/passwd"),
            "manifest_path",
            "integrity",
        ),
        ("a path in a home", path("~/x"), "manifest_path", "integrity"),
        ("a path on a drive", path("C:/x"), "manifest_path", "integrity"),
        (
            "a path with backslashes",
            path("data\\x"),
            "manifest_path",
            "integrity",
        ),
        (
            "a path outside the payload",
            path("other/x"),
            "manifest_path",
            "integrity",
        ),
        (
            "a payload file in a tag manifest",
            Bag::new().appended("tagmanifest-sha256.txt", &deadbeef),
            "manifest_path",
            "integrity",
        ),
        (
            "a line that is no line",
            plain().appended("manifest-sha256.txt", "something\n"),
            "manifest_unreadable",
            "integrity",
        ),
        (
            "a digest of another length",
            plain().appended("manifest-sha256.txt", "abcd  data/log.jsonl\n"),
            "manifest_unreadable",
            "integrity",
        ),
        (
            "no declaration",
            plain().without("bagit.txt"),
            "bag_declaration",
            "integrity",
        ),
        (
            "a declaration with a mark",
            declared("\u{feff}BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
            "bag_declaration",
            "integrity",
        ),
        (
            "a version that is none",
            declared("BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n"),
            "bag_declaration",
            "integrity",
        ),
        (
            "a declaration without encoding",
            declared("BagIt-Version: 1.0\n"),
            "bag_declaration",
            "integrity",
        ),
        (
            "white space before the colon",
            declared("BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n"),
            "bag_declaration",
            "integrity",
        ),
        (
            "another size stated",
            plain().with("bag-info.txt", "Payload-Oxum: 22.2\n"),
            "bag_extent",
            "completeness",
        ),
        (
            "another number of files stated",
            plain().with("bag-info.txt", "Payload-Oxum: 21.3\n"),
            "bag_extent",
            "completeness",
        ),
        (
            "two sizes stated",
            plain().with("bag-info.txt", "Payload-Oxum: 21.2\nPayload-Oxum: 1.1\n"),
            "bag_extent",
            "completeness",
        ),
        (
            "no payload manifest",
            plain().without("manifest-sha256.txt"),
            "bag_incomplete",
            "completeness",
        ),
        (
            "a fetched path that leaves the bag",
            plain().with("fetch.txt", "http://x - ../../x\n"),
            "manifest_path",
            "integrity",
        ),
        (
            "a fetched file that no manifest lists",
            plain().with("fetch.txt", "http://x - data/other\n"),
            "bag_fetch",
            "completeness",
        ),
        (
            "a fetch file that is none",
            plain().with("fetch.txt", "words\n"),
            "bag_fetch",
            "integrity",
        ),
        (
            "one of two manifests lists less",
            plain().with(
                "manifest-sha512.txt",
                format!("{}  data/notes/a b.txt\n", Algorithm::Sha512.of(b"words").hex()),
            ),
            "manifest_unlisted",
            "completeness",
        ),
        (
            "MD5 that differs",
            plain().with(
                "manifest-md5.txt",
                format!(
                    "{}  data/log.jsonl\n{}  data/notes/a b.txt\n",
                    md5(b"x"),
                    md5(b"words")
                ),
            ),
            "manifest_mismatch",
            "integrity",
        ),
        (
            "another case of a name",
            plain().replaced("manifest-sha256.txt", "data/log.jsonl", "data/LOG.jsonl"),
            "manifest_missing",
            "completeness",
        ),
        (
            "tag files in another encoding than declared",
            plain()
                .with("bag-info.txt", "A: b\n")
                .with("manifest-sha256.txt", b"\xff\xfe\xff".to_vec()),
            "manifest_unreadable",
            "integrity",
        ),
    ];
    assert!(cases.len() >= 36);
    for (name, bag, code, claim) in cases {
        let v = bag.verify();
        assert_eq!(v.verdict, REFUTED, "{name}: {}", told(&v));
        let fault = v.faults.iter().find(|fault| fault.code == code);
        let fault = fault.unwrap_or_else(|| panic!("{name}: no {code}: {}", told(&v)));
        assert_eq!(fault.claim, claim, "{name}");
        assert!(fault.member.is_some(), "{name}");
    }
}

#[test]
fn what_is_to_be_fetched_is_not_here_and_not_missing() {
    let line = format!("{}  data/far.txt\n", "ab".repeat(32));
    let v = Bag::new()
        .appended("manifest-sha256.txt", &line)
        .with("fetch.txt", "https://example.org/far.txt 12 data/far.txt\n")
        .without("tagmanifest-sha256.txt")
        .verify();
    assert_eq!(v.faults, [], "{}", told(&v));
    assert_eq!(claims(&v), [PROVEN, OPEN, OPEN, OPEN]);
    assert!(
        v.warnings.iter().any(|line| line.contains("fetches nothing")),
        "{:?}",
        v.warnings
    );
}

#[test]
fn a_name_with_a_line_end_is_encoded() {
    let mut bag = Bag::new()
        .with("bag-info.txt", "A: b\n")
        .with("data/a\nb%.txt", "odd");
    let lines = bag
        .lines(sha256, true)
        .replace("data/a\nb%.txt", "data/a%0Ab%25.txt");
    bag.put("manifest-sha256.txt", lines);
    let v = bag.without("tagmanifest-sha256.txt").verify();
    assert_eq!(v.faults, [], "{}", told(&v));
    assert_eq!(v.claims.integrity.outcome, PROVEN);
}

#[test]
fn an_edited_record_is_told_at_its_record() {
    let v = Bag::new().with("data/notes/a b.txt", "other").verify();
    let fault = v
        .faults
        .iter()
        .find(|fault| fault.code == "manifest_mismatch")
        .unwrap();
    assert_eq!(fault.record, Some(3), "{}", told(&v));
    assert_eq!(fault.expected.as_deref(), Some(sha256(b"words").as_str()));
    assert_eq!(fault.found.as_deref(), Some(sha256(b"other").as_str()));
    assert_eq!(v.counts.faults, 1);
}

#[test]
fn a_bag_in_a_folder_of_a_larger_bundle() {
    let mut bag = Bag { files: Vec::new() };
    for (name, bytes) in Bag::new().files {
        bag.put(&format!("export/{name}"), bytes);
    }
    let v = bag.verify();
    assert_eq!(claims(&v), [PROVEN, OPEN, OPEN, OPEN], "{}", told(&v));
    let v = bag.with("export/data/extra", "x").verify();
    assert_eq!(v.claims.completeness.outcome, REFUTED);
}

fn folder(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut left = vec![path.to_owned()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                left.push(entry);
            } else {
                let name = entry.strip_prefix(path).unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read(entry).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Every bag of the Library of Congress' conformance suite: valid ones are not refuted, invalid ones are.
#[test]
fn the_conformance_suite() {
    let Some(fixtures) = fixtures()
        .map(|path| path.join("bagit"))
        .filter(|path| path.is_dir())
    else {
        println!("SKIPPED: the BagIt conformance suite is not at hand");
        return;
    };
    let (mut valid, mut invalid) = (0, 0);
    for version in ["v0.97", "v1.0"] {
        for kind in ["valid", "invalid"] {
            for bag in std::fs::read_dir(fixtures.join(version).join(kind)).unwrap() {
                let path = bag.unwrap().path();
                if !path.is_dir() {
                    continue;
                }
                let v = Bag { files: folder(&path) }.verify();
                let name = path.display();
                assert_eq!(
                    v.profile.as_ref().map(|p| p.id.as_str()),
                    Some("members"),
                    "{name}"
                );
                let is_refuted = v.verdict == REFUTED;
                assert_eq!(is_refuted, kind == "invalid", "{name}: {}", told(&v));
                assert_ne!(v.verdict, PROVEN, "{name}");
                if is_refuted {
                    invalid += 1;
                } else {
                    valid += 1;
                }
            }
        }
    }
    println!("{valid} valid and {invalid} invalid bags of the conformance suite");
    assert!(valid >= 13 && invalid >= 15, "{valid} {invalid}");
}
