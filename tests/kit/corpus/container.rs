//! Lies in the packing: members that should not be, bytes between and behind, bombs, cut-off files.

use std::io::{Cursor, Read, Write};

use super::case::Must::{Anchored, NotProven, Proven, Refuted};
use super::case::{Case, Expect, must};
use super::subject::{self, Subject};
use crate::kit::Bundle;
use crate::manner::lines;

type Members = [(String, Vec<u8>)];

pub fn cases() -> Vec<Case> {
    let s = subject::named("witnesskit");
    let trail = lines(&s.records());
    let mut cases = zip_cases(&s, &trail);
    cases.extend(tar_cases(&s, &trail));
    cases.extend(stream_cases(&s, &trail));
    cases.extend(bombs(&s));
    cases.extend(empty(&s));
    cases.extend(scripts(&s, &trail));
    cases
}

fn of(s: &Subject, lie: &str, title: &str, name: &str, bytes: Vec<u8>, expect: Expect) -> Case {
    s.case_of(lie, title, Bundle::file(name, bytes), expect)
}

/// A member cannot be given: nothing is proven of the whole, and the records that are read are still signed.
fn unread(code: &'static str) -> Expect {
    must(NotProven, Proven, NotProven, &[code])
}

/// Bytes that belong to nothing refute.
fn odd(code: &'static str) -> Expect {
    must(Refuted, Proven, NotProven, &[code])
}

fn zip_cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let with = |name: &str| {
        zipped(&[
            ("trail.jsonl".into(), trail.to_vec()),
            (name.into(), b"x".to_vec()),
        ])
    };
    let names = [
        ("zip-slip", "../../etc/passwd"),
        ("zip-absolute-name", "/etc/passwd"),
        ("zip-drive-letter", "C:/Windows/win.ini"),
        ("zip-backslash", "..\\..\\evil.dll"),
    ];
    let mut cases: Vec<Case> = names
        .into_iter()
        .map(|(lie, name)| {
            of(
                s,
                lie,
                "A member has a name that leaves the package or means a device.",
                "b.zip",
                with(name),
                unread("name"),
            )
        })
        .collect();
    let plain = zipped(&[("trail.jsonl".into(), trail.to_vec())]);
    // two members of one name: no writer makes it, so the second name is patched in both headers
    let twice = patched(&with("trail.jsonx"), b"trail.jsonx", b"trail.jsonl");
    cases.push(of(
        s,
        "zip-duplicate-name",
        "Two members have one name.",
        "b.zip",
        twice,
        unread("duplicate_name"),
    ));
    let behind = [plain.clone(), b"and more".to_vec()].concat();
    cases.push(of(
        s,
        "zip-bytes-behind",
        "Bytes stand behind the end of the ZIP file.",
        "b.zip",
        behind,
        odd("trailing_bytes"),
    ));
    let before = [b"#!/bin/sh\nexit 0\n".to_vec(), plain.clone()].concat();
    cases.push(of(
        s,
        "zip-bytes-before",
        "A script stands before the ZIP file.",
        "b.zip",
        before,
        odd("leading_bytes"),
    ));
    // the local header says another name than the directory
    let mut local = plain.clone();
    local[30] = b'T';
    cases.push(of(
        s,
        "zip-headers-disagree",
        "The member's own header has another name than the directory.",
        "b.zip",
        local,
        must(NotProven, NotProven, NotProven, &["headers_disagree"]),
    ));
    cases
}

fn tar_cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let special = |kind: tar::EntryType| {
        let mut builder = tar::Builder::new(Vec::new());
        append(&mut builder, "trail.jsonl", trail);
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        header.set_path("second.jsonl").unwrap();
        header.set_link_name("trail.jsonl").unwrap();
        header.set_cksum();
        builder.append(&header, std::io::empty()).unwrap();
        builder.into_inner().unwrap()
    };
    let kinds = [
        ("tar-symlink", tar::EntryType::Symlink),
        ("tar-hardlink", tar::EntryType::Link),
        ("tar-device", tar::EntryType::Char),
        ("tar-fifo", tar::EntryType::Fifo),
    ];
    let mut cases: Vec<Case> = kinds
        .into_iter()
        .map(|(lie, kind)| {
            of(
                s,
                lie,
                "A member is no regular file.",
                "b.tar",
                special(kind),
                unread("not_a_file"),
            )
        })
        .collect();
    let mut builder = tar::Builder::new(Vec::new());
    append(&mut builder, "trail.jsonl", trail);
    append(&mut builder, "trail.jsonl", b"{}\n");
    cases.push(of(
        s,
        "tar-duplicate-name",
        "Two members have one name.",
        "b.tar",
        builder.into_inner().unwrap(),
        unread("duplicate_name"),
    ));
    let mut escaping = tar::Builder::new(Vec::new());
    append(&mut escaping, "trail.jsonl", trail);
    let mut header = tar::Header::new_ustar();
    header.set_size(1);
    header.set_mode(0o644);
    header.as_old_mut().name[..12].copy_from_slice(b"../../escape");
    header.set_cksum();
    escaping.append(&header, &b"x"[..]).unwrap();
    cases.push(of(
        s,
        "tar-slip",
        "A member has a name that leaves the package.",
        "b.tar",
        escaping.into_inner().unwrap(),
        unread("name"),
    ));
    let mut whole = tar::Builder::new(Vec::new());
    append(&mut whole, "trail.jsonl", trail);
    let mut behind = whole.into_inner().unwrap();
    behind.extend_from_slice(&[b'x'; 512]);
    cases.push(of(
        s,
        "tar-bytes-behind",
        "Bytes stand behind the end of the tar file.",
        "b.tar",
        behind,
        odd("trailing_bytes"),
    ));
    cases
}

fn stream_cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let packed = gzipped(trail);
    let cut = packed[..packed.len() * 2 / 3].to_vec();
    let nothing: fn(&'static str) -> Expect = |code| must(NotProven, NotProven, NotProven, &[code]);
    let mut crc = packed.clone();
    let at = crc.len() - 8;
    crc[at] ^= 1;
    let frame = zstd::encode_all(trail, 3).unwrap();
    vec![
        of(
            s,
            "gzip-bytes-behind",
            "Bytes stand behind the gzip member.",
            "t.jsonl.gz",
            [packed.clone(), b"and more".to_vec()].concat(),
            odd("trailing_bytes"),
        ),
        of(
            s,
            "gzip-cut-off",
            "The gzip file is cut off.",
            "t.jsonl.gz",
            cut,
            nothing("truncated"),
        ),
        of(
            s,
            "gzip-wrong-crc",
            "The gzip member's checksum is another.",
            "t.jsonl.gz",
            crc,
            nothing("damaged"),
        ),
        of(
            s,
            "zstd-bytes-behind",
            "Bytes stand behind the Zstandard frame.",
            "t.jsonl.zst",
            [frame, b"and more".to_vec()].concat(),
            odd("trailing_bytes"),
        ),
    ]
}

/// One packed megabyte that unfolds to a thousand.
fn bombs(s: &Subject) -> Vec<Case> {
    const UNFOLDED: u64 = 256 << 20;
    let blanks = |byte: u8| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let part = vec![byte; 1 << 20];
        for _ in 0..UNFOLDED >> 20 {
            encoder.write_all(&part).unwrap();
        }
        encoder.finish().unwrap()
    };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("trail.jsonl", zip::write::SimpleFileOptions::default())
        .unwrap();
    let part = vec![b'\n'; 1 << 20];
    for _ in 0..UNFOLDED >> 20 {
        writer.write_all(&part).unwrap();
    }
    let zip = writer.finish().unwrap().into_inner();
    let frame = zstd::encode_all(std::io::repeat(b'\n').take(UNFOLDED), 3).unwrap();
    let refused = Expect::refused;
    vec![
        of(
            s,
            "bomb-gzip-blanks",
            "A gzip file unfolds to 256 MiB of blanks.",
            "t.jsonl.gz",
            blanks(b' '),
            refused(),
        ),
        of(
            s,
            "bomb-gzip-lines",
            "A gzip file unfolds to 256 MiB of empty lines.",
            "t.jsonl.gz",
            blanks(b'\n'),
            refused(),
        ),
        of(
            s,
            "bomb-zip",
            "A ZIP file unfolds to 256 MiB of empty lines.",
            "b.zip",
            zip,
            refused(),
        ),
        of(
            s,
            "bomb-zstd",
            "A Zstandard file unfolds to 256 MiB of empty lines.",
            "t.jsonl.zst",
            frame,
            refused(),
        ),
    ]
}

/// Bundles without a record: nothing can fail, and nothing is proven.
fn empty(s: &Subject) -> Vec<Case> {
    let nothing = must(NotProven, NotProven, NotProven, &[]);
    let named = |lie: &str, bytes: &[u8], name: &str| {
        let mut case = of(
            s,
            lie,
            "The bundle holds no record.",
            name,
            bytes.to_vec(),
            nothing.clone(),
        );
        case.profile = Some("witnesskit");
        case
    };
    let mut told = named("empty-count-told", b"", "trail.jsonl");
    told.told.count = Some(8);
    told.expect = must(NotProven, NotProven, Refuted, &["count_mismatch"]);
    vec![named("empty", b"", "trail.jsonl"), told]
}

/// Programs that a bundle brings along are named and never run.
fn scripts(s: &Subject, trail: &[u8]) -> Vec<Case> {
    ["verify.py", "verify.sh", "verify.exe", "verify.js"]
        .into_iter()
        .map(|name| {
            let files = [
                ("trail.jsonl", trail.to_vec()),
                (name, b"print('VERIFIED: genuine')".to_vec()),
            ];
            let expect = Expect {
                warning: Some("Tickmark never runs them"),
                ..must(Anchored, Proven, NotProven, &[])
            };
            let lie = format!("bundled-{}", name.replace('.', "-"));
            s.case_of(
                &lie,
                "The bundle brings a program that says it is genuine.",
                Bundle::folder(&files),
                expect,
            )
        })
        .collect()
}

/// A ZIP file of these members.
pub fn zipped(members: &Members) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar file of these members.
pub fn tarred(members: &Members) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        append(&mut builder, name, bytes);
    }
    builder.into_inner().unwrap()
}

fn append(builder: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, name, bytes).unwrap();
}

/// One gzip member.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..out.len() - from.len() {
        if &out[at..at + from.len()] == from {
            out[at..at + to.len()].copy_from_slice(to);
        }
    }
    out
}
