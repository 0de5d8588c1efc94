//! Seals: recognised by content, opened by whoever was given.

use std::io::{Cursor, Read};
use std::sync::Arc;

use tickmark_formats::container::{Container, ContainerError, ReadSeek, Received, Unlock, UnlockError};
use tickmark_formats::limits::Limits;

use super::kit::{self, origin, packing, seen};

const SEAL: &[u8] = b"age-encryption.org/v1\n-> toy\n--- mac\n";
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----\n";

/// Takes a seal off by cutting it; stands for the mathematics next door.
struct Cutter;

impl Unlock for Cutter {
    fn unlock(&self, mut sealed: Box<dyn ReadSeek + Send>) -> Result<Box<dyn ReadSeek + Send>, UnlockError> {
        let mut bytes = Vec::new();
        sealed.read_to_end(&mut bytes)?;
        let inner = bytes
            .strip_prefix(SEAL)
            .or_else(|| bytes.strip_prefix(ARMOR))
            .ok_or(UnlockError::NoKeyFits)?;
        Ok(Box::new(Cursor::new(inner.to_vec())))
    }
}

fn open(name: &str, bytes: &[u8], unlock: Option<Arc<dyn Unlock>>) -> Result<Container, ContainerError> {
    Container::open(Received::File(origin(name, bytes)), Limits::default(), unlock)
}

#[test]
fn what_lies_inside_a_seal_is_read_like_any_container() {
    let tar = kit::tar(&[("a", b"1")]);
    for (inner, name, expected, member) in [
        (kit::gzip(&tar), "x.tar.gz.age", "age gzip tar", "a"),
        (kit::zip(&[("a", b"1")]), "x", "age zip", "a"),
        (kit::gzip(b"1"), "x.jsonl.gz.age", "age gzip file", "x.jsonl"),
        (b"1".to_vec(), "x.jsonl.age", "age file", "x.jsonl"),
        ([SEAL, b"1"].concat(), "x.age", "age age file", "x"),
    ] {
        for seal in [SEAL, ARMOR] {
            let container = open(name, &[seal, &inner[..]].concat(), Some(Arc::new(Cutter))).unwrap();
            assert_eq!(packing(&container), expected);
            let seen = seen(&container);
            assert_eq!(seen.members, [(member.to_owned(), b"1".to_vec())]);
            assert_eq!(seen.faults, []);
            assert_eq!(kit::read_member(&container, member).unwrap(), b"1");
        }
    }
}

#[test]
fn a_seal_without_a_key_is_named() {
    let bytes = [SEAL, b"1"].concat();
    assert!(matches!(
        open("x", &bytes, None),
        Err(ContainerError::Sealed { .. })
    ));
    let twice = [SEAL, b"age-encryption.org/v9\n"].concat();
    let closed = open("x", &twice, Some(Arc::new(Cutter))).unwrap_err();
    assert!(
        matches!(
            closed,
            ContainerError::Locked {
                source: UnlockError::NoKeyFits,
                ..
            }
        ),
        "{closed}"
    );
    assert_eq!(
        closed.to_string(),
        "x is encrypted with age and stays closed: no key or passphrase at hand opens it"
    );
    let thrice = [SEAL, SEAL, SEAL, b"1"].concat();
    let deep = open("x", &thrice, Some(Arc::new(Cutter))).unwrap_err();
    assert!(
        matches!(deep, ContainerError::SealedTooOften { limit: 2, .. }),
        "{deep}"
    );
}
