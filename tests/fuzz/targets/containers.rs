//! Containers: what comes out of one is the same each time, within its limits, under names that lead nowhere else.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use tickmark_crypto::sealed::{Identity, Opener, open, open_stream};
use tickmark_crypto::secret::Secret;
use tickmark_formats::container::{Container, FaultKind, Inflated, fault_in};
use tickmark_formats::limits::Limits;
use tickmark_tests::kit::Bundle;

use crate::target::{Listed, Target, joined, shape, words_of};

pub fn all() -> Vec<Listed> {
    let container = |name: &'static str, words: &'static [&'static str], seed: fn() -> Vec<u8>| {
        let about = format!(
            "members of a {name} container are the same in every walk, within limits, under safe names"
        );
        Listed::new(name, &about, move |name| {
            Target::new(name, words, contained).seed("two-members", seed())
        })
    };
    vec![
        container("zip", ZIP, || tickmark_tests::corpus::zipped(&members())),
        container("tar", TAR, || tickmark_tests::corpus::tarred(&members())),
        container("gzip", GZIP, || tickmark_tests::corpus::gzipped(MEMBER)),
        container("zstd", ZSTD, || zstd::encode_all(MEMBER, 3).unwrap()),
        Listed::new(
            "inflated",
            "a gzip member of a bundle is the same in pieces of any length",
            |name| {
                Target::new(name, GZIP, inflated)
                    .seed("packed", tickmark_tests::corpus::gzipped(MEMBER))
                    .seed("plain", MEMBER)
            },
        ),
        Listed::new(
            "age",
            "whatever opens a sealed file gives what was sealed, or the beginning of it",
            |name| Target::new(name, AGE, sealed),
        ),
    ]
}

const MEMBER: &[u8] = b"{\"n\":1}\n{\"n\":2}\n";

fn members() -> Vec<(String, Vec<u8>)> {
    vec![
        ("trail.jsonl".to_owned(), MEMBER.to_vec()),
        (
            "notes/read me.txt".to_owned(),
            b"text text text text text text".to_vec(),
        ),
    ]
}

/// Small, so that a bomb is one.
fn limits() -> Limits {
    Limits {
        total: 4 << 20,
        members: 500,
        ratio: 50,
        ratio_from: 256 << 10,
        ..Limits::default()
    }
}

fn contained(input: &[u8]) -> u64 {
    let bundle = Bundle::file("bundle", input);
    let opened = Container::open(bundle.received(), limits(), None);
    let Ok(container) = &opened else {
        return shape(&opened);
    };
    let (first, answer) = walked(container);
    let (second, again) = walked(container);
    assert_eq!(answer, again, "two walks differ");
    assert!(first == second, "two walks read different members");
    let total: usize = first.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(total as u64 <= limits().total, "{total} bytes came out");
    let mut named = BTreeMap::new();
    for (name, bytes) in &first {
        assert!(is_safe(name), "{name:?}");
        assert!(named.insert(name, bytes).is_none(), "{name} comes twice");
        if let Ok(mut reader) = container.open_member(name) {
            let mut alone = Vec::new();
            let read = reader.read_to_end(&mut alone);
            assert!(
                read.is_err() || alone == *bytes,
                "{name} by itself reads otherwise"
            );
        }
    }
    let packing: Vec<u64> = container
        .packing()
        .iter()
        .map(|packing| words_of(packing))
        .collect();
    joined(&[joined(&packing), answer, first.len().min(4) as u64])
}

fn walked(container: &Container) -> (Vec<(String, Vec<u8>)>, u64) {
    let mut read = Vec::new();
    let walked = container.walk(&mut |entry, reader| {
        let mut bytes = Vec::new();
        // what is wrong with a member is told by the walk
        let _ = reader.read_to_end(&mut bytes);
        read.push((entry.name.clone(), bytes));
        ControlFlow::Continue(())
    });
    let answer = match &walked {
        Ok(walked) => joined(
            &walked
                .faults
                .iter()
                .take(4)
                .map(|fault| words_of(&fault.kind))
                .collect::<Vec<_>>(),
        ),
        Err(_) => shape(&walked),
    };
    (read, answer)
}

/// Whether a name stays inside the folder that the members would be laid out in. A single file has the name it was given.
fn is_safe(name: &str) -> bool {
    let steps_out = name.split('/').any(|step| matches!(step, "" | "." | ".."));
    !steps_out && !name.contains(['\\', '\0'])
}

fn inflated(input: &[u8]) -> u64 {
    let read = |piece: usize| {
        let mut file = Inflated::new(input, &limits()).unwrap_or_else(|error| panic!("{error}"));
        let mut bytes = Vec::new();
        let mut buffer = vec![0; piece];
        let end = loop {
            match file.read(&mut buffer) {
                Ok(0) => break 0,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
                Err(error) => {
                    let kind = fault_in(&error);
                    let is_trailing =
                        kind.is_some_and(|kind| matches!(kind, FaultKind::TrailingBytes { .. }));
                    break if is_trailing { TRAILING } else { words_of(&error) };
                }
            }
        };
        (bytes, end)
    };
    let (whole, end) = read(8 << 10);
    let (pieces, other_end) = read(7);
    // of damaged bytes, and of too many, more or less may come out before the error
    let is_whole = [0, TRAILING].contains(&end);
    assert!(
        whole == pieces || !is_whole && (pieces.starts_with(&whole) || whole.starts_with(&pieces)),
        "{} bytes, in pieces {}",
        whole.len(),
        pieces.len()
    );
    assert_eq!(end, other_end);
    joined(&[end, u64::from(whole.is_empty())])
}

/// Stands for an end behind which more bytes come.
const TRAILING: u64 = 2;

/// What every seed of `age` holds.
const SEALED: &[u8] = b"{\"n\":1}\n{\"n\":2}\n";

fn sealed(input: &[u8]) -> u64 {
    // as seeds/make wrote it; it opens nothing else
    const IDENTITY: &str = include_str!("../seeds/pins/age.identity");
    static OPENERS: OnceLock<Arc<[Opener]>> = OnceLock::new();
    let openers = OPENERS.get_or_init(|| {
        let identity = Identity::parse(&Secret::new(IDENTITY.to_owned()));
        let identity = identity.unwrap_or_else(|error| panic!("{error}"));
        [Opener::Identity(identity)].into()
    });
    let at_once = open(input, &openers[0]);
    if let Ok(plain) = &at_once {
        assert_eq!(plain.expose(), SEALED);
    }
    let stream = open_stream(Box::new(Cursor::new(input.to_vec())), openers);
    let answer = shape(&stream);
    if let Ok(mut stream) = stream {
        let mut plain = Vec::new();
        let end = stream.read_to_end(&mut plain);
        assert!(SEALED.starts_with(&plain), "{plain:?}");
        assert_eq!(end.is_ok(), at_once.is_ok());
    }
    joined(&[shape(&at_once), answer])
}

const ZIP: &[&str] = &[
    "PK\u{3}\u{4}",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "PK\u{6}\u{6}",
    "PK\u{6}\u{7}",
    "PK\u{7}\u{8}",
    "../",
    "trail.jsonl",
    "\\",
];
const TAR: &[&str] = &[
    "ustar\u{0}00",
    "ustar  \u{0}",
    "0000644\u{0}",
    "../",
    "././@LongLink",
    "30 path=a/../b\n",
    "x",
    "g",
    "L",
    "5",
    "2",
    "1",
    "trail.jsonl",
];
const GZIP: &[&str] = &["\u{1f}", "\u{8}", "\u{0}\u{0}\u{0}\u{0}", "{\"n\":1}\n"];
const ZSTD: &[&str] = &["(", "\u{0}\u{0}\u{0}\u{0}", "{\"n\":1}\n", "P*M\u{18}"];
const AGE: &[&str] = &[
    "age-encryption.org/v1\n",
    "-> X25519 ",
    "-> ",
    "--- ",
    "\n",
    "-----BEGIN AGE ENCRYPTED FILE-----\n",
    "-----END AGE ENCRYPTED FILE-----\n",
];
