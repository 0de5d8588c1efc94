//! ZIP files: two descriptions that disagree, bytes that no description covers, ends that are missing.

use std::io::{Cursor, Write};

use tickmark_formats::container::{FaultKind, NameRefusal, SpecialFile};

use super::crafted::{Part, Said, built, deflated, directory, end, local, stored, with_descriptor};
use super::kit::{self, file, packing, seen};

fn found(parts: &[Part]) -> kit::Seen {
    seen(&file("x.zip", &built(parts)))
}

fn one(part: Part) -> Vec<FaultKind> {
    let seen = found(&[part, stored("good", b"1")]);
    assert_eq!(
        seen.names(),
        ["good"],
        "only the good member is given: {:?}",
        seen.faults
    );
    seen.faults.into_iter().map(|(_, kind)| kind).collect()
}

#[test]
fn another_programs_zip_file_is_read() {
    let text = b"{\"a\":1}\n".repeat(5000);
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let container = file(
            "x",
            &kit::zip_with(&[("d/a.jsonl", &text), ("ä", b""), ("z", b"1")], method),
        );
        assert_eq!(packing(&container), "zip");
        let seen = seen(&container);
        assert_eq!(seen.names(), ["d/a.jsonl", "ä", "z"]);
        assert_eq!(seen.bytes("d/a.jsonl"), text);
        assert_eq!(seen.faults, []);
        assert_eq!(kit::read_member(&container, "z").unwrap(), b"1");
        assert_eq!(kit::read_member(&container, "d/a.jsonl").unwrap(), text);
    }
    let empty = zip::ZipWriter::new(Cursor::new(Vec::new()))
        .finish()
        .unwrap()
        .into_inner();
    assert_eq!(packing(&file("x", &empty)), "zip");
    assert_eq!(
        seen(&file("x", &empty)),
        kit::Seen {
            members: vec![],
            faults: vec![]
        }
    );
}

#[test]
fn zip_files_as_python_writes_them_are_read() {
    let Some(folder) = crate::fixtures::folder("emitters") else {
        return;
    };
    for (name, bytes) in crate::fixtures::files(&folder.join("ai-audit-trail")) {
        if name.ends_with(".zip") {
            let seen = seen(&file(&name, &bytes));
            assert!(seen.members.len() > 2, "{name}");
            assert_eq!(seen.faults, [], "{name}");
        }
    }
}

#[test]
fn zip64_files_and_folders_are_read() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let large = zip::write::SimpleFileOptions::default().large_file(true);
    writer.add_directory("d/", large).unwrap();
    writer.start_file("d/a", large).unwrap();
    writer.write_all(b"1").unwrap();
    let container = file("x", &writer.finish().unwrap().into_inner());
    assert_eq!(
        seen(&container),
        kit::Seen {
            members: vec![("d/a".into(), b"1".to_vec())],
            faults: vec![]
        }
    );

    // the long form of the end record, with the short one overflowing
    let parts = [deflated("a", b"1"), stored("b", b"2")];
    let locals: Vec<u8> = parts.iter().flat_map(local).collect();
    let directory = directory(&parts, 0);
    let (size, offset) = (directory.len() as u64, locals.len() as u64);
    let large = [
        b"PK\x06\x06".to_vec(),
        44_u64.to_le_bytes().to_vec(),
        vec![45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [2_u64, 2, size, offset].map(u64::to_le_bytes).concat(),
    ]
    .concat();
    let locator = [
        b"PK\x06\x07\0\0\0\0".to_vec(),
        (offset + size).to_le_bytes().to_vec(),
        vec![1, 0, 0, 0],
    ]
    .concat();
    let short = end(0xFFFF, u32::MAX, u32::MAX, b"");
    let whole = [locals, directory, large, locator, short].concat();
    let found = seen(&file("x", &whole));
    assert_eq!((found.names(), found.codes()), (vec!["a", "b"], vec![]));
    let behind = seen(&file("x", &[&b"junk"[..], &whole].concat()));
    assert_eq!(
        behind.faults,
        [("x".to_owned(), FaultKind::LeadingBytes { length: 4 })]
    );
    assert_eq!(behind.names(), ["a", "b"]);
    // a short form that says something else leads another reader to another directory
    let lying = [&whole[..whole.len() - 22], &end(1, u32::MAX, u32::MAX, b"")].concat();
    assert_eq!(seen(&file("x", &lying)).codes(), [("x", "two_directories")]);
}

#[test]
fn lengths_behind_the_data_are_read_in_every_form() {
    for has_signature in [true, false] {
        let parts = [
            with_descriptor(deflated("a", b"111"), has_signature),
            stored("b", b"2"),
        ];
        let found = found(&parts);
        assert_eq!((found.names(), found.codes()), (vec!["a", "b"], vec![]));
    }
}

#[test]
fn names_that_leave_the_folder_are_refused() {
    for (name, reason) in [
        ("../evil", NameRefusal::ParentSegment),
        ("a/../../b", NameRefusal::ParentSegment),
        ("/etc/passwd", NameRefusal::Absolute),
        ("C:\\x", NameRefusal::DriveLetter),
        ("a\\..\\b", NameRefusal::Backslash),
        ("a\0b", NameRefusal::Nul),
        ("a//b", NameRefusal::EmptySegment),
        ("logs/con.txt", NameRefusal::Device),
        ("notes:hidden", NameRefusal::Stream),
        ("trail.jsonl.", NameRefusal::DroppedEnd),
        ("a\x07b", NameRefusal::Control),
        ("", NameRefusal::Empty),
        ("../", NameRefusal::ParentSegment),
    ] {
        let bytes: &[u8] = if name.ends_with('/') { b"" } else { b"x" };
        assert_eq!(one(stored(name, bytes)), [FaultKind::Name { reason }], "{name:?}");
    }
    // a folder that has content is none
    let reason = NameRefusal::EmptySegment;
    assert_eq!(one(stored("d/", b"hidden")), [FaultKind::Name { reason }]);
    let mut latin = stored("x", b"1");
    latin.local.name = b"\xE4".to_vec();
    latin.central.name = b"\xE4".to_vec();
    assert_eq!(
        one(latin),
        [FaultKind::Name {
            reason: NameRefusal::NotUtf8
        }]
    );
}

#[test]
fn a_second_member_of_one_name_is_refused() {
    let found = found(&[stored("a", b"1"), stored("a", b"2"), stored("./a", b"3")]);
    assert_eq!(found.members, [("a".to_owned(), b"1".to_vec())]);
    assert_eq!(found.codes(), [("a", "duplicate_name"), ("a", "duplicate_name")]);
}

#[test]
fn links_and_devices_are_refused() {
    for (mode, what) in [
        (0o120_777, SpecialFile::SymbolicLink),
        (0o020_666, SpecialFile::Device),
        (0o060_666, SpecialFile::Device),
        (0o010_666, SpecialFile::Pipe),
        (0o140_666, SpecialFile::Pipe),
    ] {
        let mut part = stored("it", b"/etc/passwd");
        (part.host, part.attributes) = (3, mode << 16);
        assert_eq!(one(part), [FaultKind::NotAFile { what }]);
    }
    let mut plain = stored("it", b"1");
    (plain.host, plain.attributes) = (3, 0o100_644 << 16);
    assert_eq!(found(&[plain]).names(), ["it"]);
}

#[test]
fn two_descriptions_that_disagree_are_a_fault() {
    type Change = fn(&mut Said);
    let disagreements: [(&str, Change); 7] = [
        ("name", |said| said.name = b"IT".to_vec()),
        ("name", |said| said.name = b"../../it".to_vec()),
        ("method", |said| said.method = 8),
        ("encryption", |said| said.flags = 1),
        ("CRC-32", |said| said.crc ^= 1),
        ("packed length", |said| said.packed += 1),
        ("length", |said| said.unpacked += 1),
    ];
    for (expected, change) in disagreements {
        let mut part = stored("it", b"123");
        change(&mut part.local);
        let faults = one(part);
        assert!(
            matches!(&faults[..], [FaultKind::HeadersDisagree { field, .. }, ..] if *field == expected),
            "{faults:?}"
        );
    }
    // a name that only some readers take
    let mut part = stored("it", b"123");
    part.central.extra = [b"\x75\x70\x08\0\x01\0\0\0\0".to_vec(), b"..x".to_vec()].concat();
    assert!(matches!(
        &one(part)[..],
        [FaultKind::HeadersDisagree { field: "name", .. }]
    ));
    // a descriptor that says something else
    let mut part = with_descriptor(deflated("it", b"111"), true);
    part.behind[5] ^= 1;
    let seen = found(&[part, stored("good", b"1")]);
    assert_eq!(seen.names(), ["it", "good"]);
    assert_eq!(seen.codes(), [("it", "unlisted_bytes")]);
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut encrypted = stored("it", b"123");
    (encrypted.local.flags, encrypted.central.flags) = (1, 1);
    assert_eq!(one(encrypted), [FaultKind::Encrypted]);
    let mut exotic = stored("it", b"123");
    (exotic.local.method, exotic.central.method) = (14, 14);
    assert_eq!(one(exotic), [FaultKind::UnknownMethod { method: 14 }]);
    // a header that is none
    let mut bytes = built(&[stored("it", b"123"), stored("good", b"1")]);
    bytes[1] = b'X';
    let seen = seen(&file("x", &bytes));
    assert_eq!(seen.faults, [("it".to_owned(), FaultKind::Damaged { offset: 0 })]);
    assert_eq!(seen.names(), ["good"]);
    // a place outside the file, or inside another member
    let mut beyond = stored("it", b"123");
    beyond.offset = Some(1 << 20);
    assert_eq!(
        one(beyond),
        [FaultKind::LeadingBytes { length: 35 }, FaultKind::Overlaps]
    );
    let mut inside = stored("it", b"123");
    inside.offset = Some(3);
    assert_eq!(
        found(&[stored("good", b"1"), inside]).codes(),
        [("good", "overlaps"), ("it", "overlaps")]
    );
}

#[test]
fn bytes_are_compared_with_length_and_crc() {
    let wrong = |change: fn(&mut Said)| {
        let mut part = deflated("it", &b"123".repeat(100));
        change(&mut part.local);
        change(&mut part.central);
        let seen = found(&[part, stored("good", b"1")]);
        assert_eq!(seen.names(), ["it", "good"]);
        assert_eq!(seen.faults.len(), 1);
        (seen.bytes("it").len(), seen.faults[0].1.clone())
    };
    assert_eq!(wrong(|said| said.crc ^= 1).1.code(), "crc32");
    assert_eq!(
        wrong(|said| said.unpacked = 299).1,
        FaultKind::Length {
            expected: 299,
            found: 300
        }
    );
    assert_eq!(
        wrong(|said| said.unpacked = 301),
        (
            300,
            FaultKind::Length {
                expected: 301,
                found: 300
            }
        )
    );
    // deflated data that ends before its packed length does
    let mut padded = deflated("it", b"123");
    padded.packed.extend(b"junk");
    (padded.local.packed, padded.central.packed) = (padded.local.packed + 4, padded.central.packed + 4);
    assert_eq!(found(&[padded]).codes(), [("it", "trailing_bytes")]);
    // and that does not end at all
    let mut open = deflated("it", &kit::noise(500));
    open.packed.truncate(300);
    (open.local.packed, open.central.packed) = (300, 300);
    let seen = found(&[open, stored("good", b"1")]);
    assert_eq!(seen.codes(), [("it", "damaged")]);
    assert_eq!(seen.bytes("it"), &kit::noise(500)[..seen.bytes("it").len()]);
}

#[test]
fn members_that_share_bytes_are_refused() {
    // the directory lists one member's bytes many times under many names
    let mut parts = vec![stored("a", &[b'x'; 500])];
    for name in ["b", "c"] {
        let mut copy = stored(name, &[b'x'; 500]);
        copy.offset = Some(0);
        parts.push(copy);
    }
    let locals = local(&parts[0]);
    let directory = directory(&parts, 0);
    let whole = [
        locals.clone(),
        directory.clone(),
        end(3, directory.len() as u32, locals.len() as u32, b""),
    ]
    .concat();
    let seen = seen(&file("x", &whole));
    assert_eq!(seen.names(), [] as [&str; 0]);
    assert_eq!(
        seen.codes(),
        [("a", "overlaps"), ("b", "overlaps"), ("c", "overlaps")]
    );
    // one member around another one
    let inner = stored("inner", b"secret");
    let outer = stored("outer", &local(&inner));
    let mut listed = inner.clone();
    listed.offset = Some(30 + 5);
    let locals = local(&outer);
    let directory = super::crafted::directory(&[outer, listed], 0);
    let whole = [
        &locals[..],
        &directory,
        &end(2, directory.len() as u32, locals.len() as u32, b""),
    ]
    .concat();
    assert_eq!(
        kit::seen(&file("x", &whole)).codes(),
        [("outer", "overlaps"), ("inner", "overlaps")]
    );
}

#[test]
fn bytes_that_no_description_covers_are_reported() {
    let whole = built(&[stored("a", b"1"), deflated("b", b"2")]);
    let codes = |bytes: &[u8]| {
        let seen = seen(&file("x", bytes));
        assert_eq!(seen.names(), ["a", "b"]);
        seen.faults.into_iter().map(|(_, kind)| kind).collect::<Vec<_>>()
    };
    assert_eq!(codes(&whole), []);
    assert_eq!(
        codes(&[b"#!/bin/sh\n", &whole[..]].concat()),
        [FaultKind::LeadingBytes { length: 10 }]
    );
    let offset = whole.len() as u64;
    assert_eq!(
        codes(&[&whole[..], b"junk"].concat()),
        [FaultKind::TrailingBytes { offset }]
    );
    // a member that the directory does not list
    let parts = [stored("a", b"1"), stored("hidden", b"evil"), deflated("b", b"2")];
    let locals: Vec<u8> = parts.iter().flat_map(local).collect();
    let mut listed = vec![parts[0].clone(), parts[2].clone()];
    listed[1].offset = Some((local(&parts[0]).len() + local(&parts[1]).len()) as u32);
    let directory = directory(&listed, 0);
    let end_of = |entries| end(entries, directory.len() as u32, locals.len() as u32, b"");
    let hidden = [&locals[..], &directory, &end_of(2)].concat();
    assert_eq!(
        codes(&hidden),
        [FaultKind::UnlistedBytes {
            offset: 32,
            length: 40
        }]
    );
    // a count that is not the number of members
    let miscounted = [&locals[..], &directory, &end_of(3)].concat();
    assert_eq!(
        codes(&miscounted)[0],
        FaultKind::DirectoryCount {
            expected: 3,
            found: 2
        }
    );
}

#[test]
fn two_directories_are_reported() {
    // the comment of one ZIP file is the end of another
    let first = [stored("a", b"1")];
    let locals: Vec<u8> = first.iter().flat_map(local).collect();
    let listed = directory(&first, 0);
    let inner = end(1, listed.len() as u32, locals.len() as u32, b"");
    let whole = [
        &locals[..],
        &listed,
        &end(
            1,
            listed.len() as u32,
            locals.len() as u32,
            &[&listed[..], &inner].concat(),
        ),
    ]
    .concat();
    assert!(
        seen(&file("x", &whole))
            .codes()
            .contains(&("x", "two_directories"))
    );
    // an innocent comment
    let whole = [
        &locals[..],
        &listed,
        &end(1, listed.len() as u32, locals.len() as u32, b"made by hand"),
    ]
    .concat();
    assert_eq!(seen(&file("x", &whole)).codes(), []);
}

#[test]
fn a_zip_file_without_its_directory_gives_what_is_there() {
    let text = kit::noise(3000);
    for parts in [
        [stored("a", b"1"), deflated("b", &text), stored("c", b"3")],
        [
            stored("a", b"1"),
            with_descriptor(deflated("b", &text), true),
            stored("c", b"3"),
        ],
        [
            stored("a", b"1"),
            with_descriptor(deflated("b", &text), false),
            stored("c", b"3"),
        ],
    ] {
        let whole = built(&parts);
        let ends: Vec<usize> = parts
            .iter()
            .scan(0, |at, part| {
                *at += local(part).len();
                Some(*at)
            })
            .collect();
        // inside the directory
        let cut = seen(&file("x", &whole[..ends[2] + 10]));
        assert_eq!(
            (cut.names(), cut.codes()),
            (vec!["a", "b", "c"], vec![("x", "directory_missing")])
        );
        assert_eq!(cut.bytes("b"), text);
        // inside the second member
        let at = ends[0] + 1500;
        let cut = seen(&file("x", &whole[..at]));
        assert_eq!(cut.names(), ["a", "b"]);
        assert!(text.starts_with(cut.bytes("b")) && cut.bytes("b").len() > 1000);
        let truncated = ("b".to_owned(), FaultKind::Truncated { offset: at as u64 });
        assert_eq!(
            cut.faults,
            [("x".to_owned(), FaultKind::DirectoryMissing), truncated]
        );
        // inside a header
        let cut = seen(&file("x", &whole[..ends[1] + 7]));
        assert_eq!(cut.codes(), [("x", "directory_missing"), ("x", "truncated")]);
        assert_eq!(
            kit::read_member(&file("x", &whole[..ends[1] + 7]), "b").unwrap(),
            text
        );
    }
}

#[test]
fn a_zip_file_cut_or_changed_anywhere_never_panics_and_never_lies() {
    let whole = built(&[
        stored("a", b"first"),
        with_descriptor(deflated("b", &b"second ".repeat(30)), true),
        deflated("c", b"third"),
    ]);
    let good = seen(&file("x", &whole));
    for cut in 4..whole.len() {
        let seen = seen(&file("x", &whole[..cut]));
        assert!(!seen.faults.is_empty(), "{cut}");
    }
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            let container = file("x", &changed);
            if packing(&container) == "zip" {
                let found = seen(&container);
                let is_harmless = found.members == good.members;
                assert!(is_harmless || !found.faults.is_empty(), "{at} ^ {change:x}");
            }
        }
    }
}
