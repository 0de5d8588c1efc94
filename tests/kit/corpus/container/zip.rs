//! Lies of ZIP files, which say everything twice.

use super::super::case::Must::{NotProven, Refuted};
use super::super::case::{Case, Expect, must};
use super::super::packing::{Said, end_record, large_end_record, large_numbers, length, zip_of, zipped};
use super::super::subject::Subject;
use super::{NAMES, nothing, odd, of, unread};

pub fn cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let case =
        |lie: &str, title: &str, bytes: Vec<u8>, expect: Expect| of(s, lie, title, "b.zip", bytes, expect);
    let mut cases: Vec<Case> = NAMES
        .into_iter()
        .map(|(lie, name)| {
            case(
                &format!("zip-{lie}"),
                "A member has a name that another system takes for another place, device or file.",
                two(trail, &Said::stored(name, b"x"), b"x"),
                unread("name"),
            )
        })
        .collect();
    let link = Said {
        mode: 0o120_777,
        ..Said::stored("second.jsonl", b"trail.jsonl")
    };
    let plain = zipped(&[("trail.jsonl".into(), trail.to_vec())]);
    cases.extend([
        case(
            "zip-symlink",
            "A member is a symbolic link.",
            two(trail, &link, b"trail.jsonl"),
            unread("not_a_file"),
        ),
        case(
            "zip-duplicate-name",
            "Two members have one name.",
            two(trail, &Said::stored("trail.jsonl", b"x"), b"x"),
            unread("duplicate_name"),
        ),
        case(
            "zip-bytes-behind",
            "Bytes stand behind the end of the ZIP file.",
            [plain.clone(), b"and more".to_vec()].concat(),
            odd("trailing_bytes"),
        ),
        case(
            "zip-bytes-before",
            "A script stands before the ZIP file.",
            [b"#!/bin/sh\nexit 0\n".to_vec(), plain].concat(),
            odd("leading_bytes"),
        ),
    ]);
    for (lie, title, bytes, expect) in [disagreeing(trail), overlapping(trail), large(trail)].concat() {
        cases.push(case(lie, title, bytes, expect));
    }
    cases
}

type Lie = (&'static str, &'static str, Vec<u8>, Expect);

/// The trail and a second member that is said to be `said`.
fn two(trail: &[u8], said: &Said, bytes: &[u8]) -> Vec<u8> {
    let first = Said::stored("trail.jsonl", trail);
    let whole = [first.local(), trail.to_vec()].concat();
    let second_at = length(&whole);
    let before = [whole, said.local(), bytes.to_vec()].concat();
    zip_of(&before, &[first.central(0), said.central(second_at)])
}

/// The trail alone, described in these two ways.
fn one(local: &Said, central: &Said, trail: &[u8]) -> Vec<u8> {
    zip_of(&[local.local(), trail.to_vec()].concat(), &[central.central(0)])
}

/// Two readers believe two descriptions, so neither is believed; a length or checksum that both state must hold.
fn disagreeing(trail: &[u8]) -> Vec<Lie> {
    let honest = Said::stored("trail.jsonl", trail);
    let but = |change: &dyn Fn(&mut Said)| {
        let mut said = honest.clone();
        change(&mut said);
        said
    };
    let named = but(&|said| said.name = b"Trail.jsonl".to_vec());
    let shorter = but(&|said| (said.packed, said.unpacked) = (said.packed - 400, said.unpacked - 400));
    let summed = but(&|said| said.crc ^= 1);
    // version, CRC-32 of the name, and the name that Info-ZIP takes instead
    let renamed =
        but(&|said| said.extra = [b"\x75\x70\x09\0\x01\0\0\0\0".to_vec(), b"evil".to_vec()].concat());
    let longer = but(&|said| said.unpacked += 1);
    vec![
        (
            "zip-headers-disagree",
            "The member's own header has another name than the directory.",
            one(&named, &honest, trail),
            nothing("headers_disagree"),
        ),
        (
            "zip-size-mismatch",
            "The member's own header states a shorter length than the directory, so that one reader misses the last record.",
            one(&shorter, &honest, trail),
            nothing("headers_disagree"),
        ),
        (
            "zip-crc-mismatch",
            "The member's own header states another CRC-32 than the directory.",
            one(&summed, &honest, trail),
            nothing("headers_disagree"),
        ),
        (
            "zip-renamed-in-extra-field",
            "An extra field gives the member a second name.",
            one(&honest, &renamed, trail),
            nothing("headers_disagree"),
        ),
        (
            "zip-length-lie",
            "Both headers state one byte more than the member has.",
            one(&longer, &longer, trail),
            nothing("length"),
        ),
        (
            "zip-crc-lie",
            "Both headers state another CRC-32 than the member has.",
            one(&summed, &summed, trail),
            nothing("crc32"),
        ),
    ]
}

/// Members share bytes: the way to unfold a few bytes without end, and to show one reader what another does not see.
/// None of them is given, so nothing is judged of the records.
fn overlapping(trail: &[u8]) -> Vec<Lie> {
    let first = Said::stored("trail.jsonl", trail);
    let second = Said::stored("again.jsonl", trail);
    let twice = zip_of(
        &[first.local(), trail.to_vec()].concat(),
        &[first.central(0), second.central(0)],
    );
    vec![
        (
            "zip-two-entries-one-data",
            "The directory lists the same bytes under two names.",
            twice,
            nothing("overlaps"),
        ),
        (
            "zip-quoted-overlap",
            "The data of one member quotes the header of the next one, whose data it shares.",
            quoted(trail),
            nothing("overlaps"),
        ),
    ]
}

/// Overlap as David Fifield quotes it ("A better zip bomb", 2019): a stored block of the first member's deflated data
/// holds the second one's header, and both go on with the same deflated kernel.
fn quoted(trail: &[u8]) -> Vec<u8> {
    let kernel = deflated(trail);
    let second = Said {
        method: 8,
        packed: length(&kernel),
        ..Said::stored("b.jsonl", trail)
    };
    let header = second.local();
    let size = u16::try_from(header.len()).unwrap();
    let quote = [&[0][..], &size.to_le_bytes(), &(!size).to_le_bytes()].concat();
    let first = Said {
        method: 8,
        packed: length(&quote) + length(&header) + length(&kernel),
        ..Said::stored("a.jsonl", &[header.clone(), trail.to_vec()].concat())
    };
    let start = [first.local(), quote].concat();
    let second_at = length(&start);
    let before = [start, header, kernel].concat();
    zip_of(&before, &[first.central(0), second.central(second_at)])
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Lies in the 64-bit numbers, which some readers take and others pass over.
fn large(trail: &[u8]) -> Vec<Lie> {
    let honest = Said::stored("trail.jsonl", trail);
    let before = [honest.local(), trail.to_vec()].concat();
    let directory = honest.central(0);
    let at = before.len() + directory.len();
    let counted = [
        before.clone(),
        directory.clone(),
        large_end_record(2, directory.len() as u64, before.len() as u64, at as u64),
        end_record(1, length(&directory), length(&before)),
    ]
    .concat();
    let long = Said {
        unpacked: u32::MAX,
        extra: large_numbers(&[1 << 40]),
        ..honest.clone()
    };
    let mut far = Said {
        extra: large_numbers(&[1 << 60]),
        ..honest.clone()
    }
    .central(u32::MAX);
    let ahead = zip_of(&before, &[std::mem::take(&mut far)]);
    vec![
        (
            "zip64-count-lie",
            "The 64-bit end record states two members, the other one and the directory one.",
            counted,
            // every listed member is given; which directory another reader sees is open
            unread("two_directories"),
        ),
        (
            "zip64-length-lie",
            "The directory states a length of a tebibyte in 64 bits, the member its true one.",
            one(&honest, &long, trail),
            nothing("headers_disagree"),
        ),
        (
            "zip64-offset-lie",
            "The directory's 64-bit offset lies far behind the end, and the trail's bytes belong to nothing.",
            ahead,
            must(Refuted, NotProven, NotProven, &["leading_bytes"]),
        ),
    ]
}
