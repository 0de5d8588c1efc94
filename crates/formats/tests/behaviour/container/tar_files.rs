//! tar files: links, pax, GNU names, lengths that disagree, ends that are missing.

use tickmark_formats::container::{FaultKind, NameRefusal, SpecialFile};

use super::kit::{self, file, packing, seen};

/// A header block with any name, kind and length, its checksum right.
fn header(name: &[u8], kind: u8, size: u64) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    sealed(block)
}

fn sealed(mut block: Vec<u8>) -> Vec<u8> {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn member(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut all = header(name, kind, bytes.len() as u64);
    all.extend_from_slice(bytes);
    all.resize(all.len().next_multiple_of(512), 0);
    all
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let length = (1..6)
            .map(|digits| rest + digits)
            .find(|n| n.to_string().len() + rest == *n)
            .unwrap();
        body.extend_from_slice(format!("{length} {key}={value}\n").as_bytes());
    }
    member(b"pax", b'x', &body)
}

fn archive(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), vec![0; 1024]].concat()
}

fn walked(parts: &[Vec<u8>]) -> kit::Seen {
    seen(&file("x.tar", &archive(parts)))
}

#[test]
fn another_programs_tar_file_is_read() {
    let long = "long/".repeat(60) + "name";
    let container = file(
        "x",
        &kit::tar(&[("a", b"1"), (&long, b"22"), ("ä/ö", &[7; 1024])]),
    );
    assert_eq!(packing(&container), "tar");
    let seen = seen(&container);
    assert_eq!(seen.names(), ["a", &long, "ä/ö"]);
    assert_eq!(seen.bytes("ä/ö"), [7; 1024]);
    assert_eq!(seen.faults, []);
}

#[test]
fn a_member_that_is_named_twice_ends_the_walk() {
    let named = |long: &[u8]| member(b"././@LongLink", b'L', long);
    let pax_named = || pax(&[("path", "a/pax")]);
    let plain = || member(b"short", b'0', b"1");
    for double in [
        [named(b"one\0"), named(b"two\0")],
        [pax_named(), pax(&[("mtime", "1")])],
        [pax_named(), named(b"a/gnu\0")],
    ] {
        let seen = walked(&[member(b"first", b'0', b"1"), double.concat(), plain()]);
        assert_eq!(
            (seen.names(), seen.codes()),
            (vec!["first"], vec![("x.tar", "damaged")])
        );
    }
    // the same name in both ways is one name
    let seen = walked(&[named(b"a/pax\0"), pax_named(), plain()]);
    assert_eq!((seen.names(), seen.codes()), (vec!["a/pax"], vec![]));
    let nothing_named = walked(&[member(b"first", b'0', b"1"), named(b"one\0")]);
    assert_eq!(nothing_named.codes(), [("x.tar", "damaged")]);
}

#[test]
fn folders_are_passed_over_and_a_leading_dot_is_dropped() {
    let seen = walked(&[
        header(b"./", b'5', 0),
        header(b"./d/", b'5', 0),
        member(b"./d/a", b'0', b"1"),
        member(b"old", 0, b"2"),
        header(b"old-folder/", b'0', 0),
        header(b"../up/", b'5', 0),
        header(b"/", b'5', 0),
    ]);
    assert_eq!(seen.names(), ["d/a", "old"]);
    assert_eq!(seen.codes(), [("../up/", "name"), ("/", "name")]);
}

#[test]
fn names_that_leave_the_folder_are_refused_and_the_rest_is_read() {
    let seen = walked(&[
        member(b"../evil", b'0', b"x"),
        member(b"/etc/passwd", b'0', b"x"),
        member(b"C:/x", b'0', b"x"),
        member(b"a\\b", b'0', b"x"),
        member(b"a//b", b'0', b"x"),
        member(b"\xFF", b'0', b"x"),
        member(b"good", b'0', b"1"),
        member(b"./good", b'0', b"2"),
    ]);
    assert_eq!(seen.members, [("good".to_owned(), b"1".to_vec())]);
    let reasons: Vec<_> = seen.faults.iter().map(|(_, kind)| kind.clone()).collect();
    let name = |reason| FaultKind::Name { reason };
    assert_eq!(
        reasons,
        [
            name(NameRefusal::ParentSegment),
            name(NameRefusal::Absolute),
            name(NameRefusal::DriveLetter),
            name(NameRefusal::Backslash),
            name(NameRefusal::EmptySegment),
            name(NameRefusal::NotUtf8),
            FaultKind::DuplicateName,
        ]
    );
    let slip = pax(&[("path", "a/../../b")]);
    assert_eq!(
        walked(&[slip, member(b"fine", b'0', b"x")]).codes(),
        [("a/../../b", "name")]
    );
    let nul = pax(&[("path", "a\0b")]);
    assert_eq!(
        walked(&[nul, member(b"fine", b'0', b"x")]).faults[0].1,
        name(NameRefusal::Nul)
    );
}

#[test]
fn links_devices_and_pipes_are_refused() {
    let kinds = [
        (b'1', SpecialFile::HardLink),
        (b'2', SpecialFile::SymbolicLink),
        (b'3', SpecialFile::Device),
        (b'4', SpecialFile::Device),
        (b'6', SpecialFile::Pipe),
        (b'S', SpecialFile::Sparse),
        (b'V', SpecialFile::Unknown),
    ];
    for (kind, what) in kinds {
        let seen = walked(&[header(b"it", kind, 0), member(b"good", b'0', b"1")]);
        assert_eq!(seen.names(), ["good"]);
        assert_eq!(seen.faults, [("it".to_owned(), FaultKind::NotAFile { what })]);
    }
    let sparse = pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0")]);
    let seen = walked(&[sparse, member(b"it", b'0', b"1"), member(b"good", b'0', b"1")]);
    assert_eq!(
        seen.faults,
        [(
            "it".to_owned(),
            FaultKind::NotAFile {
                what: SpecialFile::Sparse
            }
        )]
    );
}

#[test]
fn pax_and_gnu_names_replace_the_short_one() {
    let long = "n".repeat(300);
    let seen = walked(&[
        pax(&[("path", &long), ("mtime", "1.5")]),
        member(b"short", b'0', b"1"),
        member(b"././@LongLink", b'L', b"gnu/long\0"),
        member(b"short", b'0', b"2"),
        member(b"short", b'0', b"3"),
        member(b"pax_global_header", b'g', b"13 comment=x\n"),
    ]);
    assert_eq!(seen.names(), [&long, "gnu/long", "short"]);
    assert_eq!(seen.faults, []);
}

#[test]
fn two_lengths_for_one_member_stop_the_walk() {
    // another reader would go on at another place, and see other members
    let inner = member(b"hidden", b'0', b"x");
    let seen = walked(&[
        pax(&[("size", "1024")]),
        header(b"it", b'0', 0),
        inner,
        member(b"next", b'0', b"1"),
    ]);
    assert_eq!(seen.names(), [] as [&str; 0]);
    assert_eq!(
        seen.faults,
        [(
            "it".to_owned(),
            FaultKind::LengthsDisagree { header: 0, pax: 1024 }
        )]
    );
    let same = walked(&[pax(&[("size", "1")]), member(b"it", b'0', b"1")]);
    assert_eq!((same.names(), same.codes()), (vec!["it"], vec![]));
    // a length stated twice, or for all members at once
    let twice = walked(&[pax(&[("size", "1"), ("size", "2")]), member(b"it", b'0', b"1")]);
    assert_eq!(twice.codes(), [("x.tar", "damaged")]);
    let global = walked(&[member(b"g", b'g', b"10 size=9\n"), member(b"it", b'0', b"1")]);
    assert_eq!(global.codes(), [("x.tar", "damaged")]);
}

#[test]
fn a_tar_file_without_its_end_is_truncated() {
    let whole = archive(&[member(b"a", b'0', b"1"), member(b"b", b'0', &[2; 600])]);
    // inside the second member
    let found = seen(&file("x.tar", &whole[..1024 + 512 + 100]));
    assert_eq!(found.bytes("b"), [2; 100]);
    assert_eq!(
        found.faults,
        [("b".to_owned(), FaultKind::Truncated { offset: 1636 })]
    );
    // between members, inside a header, inside the padding, after one block of zeros
    for cut in [1024, 1100, 2200, 2560, 3072] {
        let found = seen(&file("x.tar", &whole[..cut]));
        assert_eq!(
            found.faults,
            [("x.tar".to_owned(), FaultKind::Truncated { offset: cut as u64 })],
            "{cut}"
        );
    }
    // two blocks of zeros and any more of them
    assert_eq!(seen(&file("x.tar", &whole)).faults, []);
    assert_eq!(seen(&file("x.tar", &[whole, vec![0; 9000]].concat())).faults, []);
}

#[test]
fn bytes_behind_the_end_are_reported() {
    let whole = archive(&[member(b"a", b'0', b"1")]);
    let second = archive(&[member(b"hidden", b'0', b"1")]);
    let seen_with = |behind: &[u8]| seen(&file("x.tar", &[&whole[..], behind].concat()));
    assert_eq!(seen_with(&second).names(), ["a"]);
    let offset = whole.len() as u64;
    assert_eq!(
        seen_with(&second).faults,
        [("x.tar".to_owned(), FaultKind::TrailingBytes { offset })]
    );
    let far = [vec![0; 70_000], b"x".to_vec()].concat();
    let offset = offset + 70_000;
    assert_eq!(
        seen_with(&far).faults,
        [("x.tar".to_owned(), FaultKind::TrailingBytes { offset })]
    );
    // after only one block of zeros
    let lone = [member(b"a", b'0', b"1"), vec![0; 512], member(b"b", b'0', b"1")].concat();
    let found = seen(&file("x.tar", &lone));
    assert_eq!(
        (found.names(), found.codes()),
        (vec!["a"], vec![("x.tar", "trailing_bytes")])
    );
}

#[test]
fn a_damaged_header_ends_the_walk_with_a_fault() {
    let mut bytes = archive(&[member(b"a", b'0', b"1"), member(b"b", b'0', b"2")]);
    bytes[1024] = b'c';
    let found = seen(&file("x.tar", &bytes));
    assert_eq!(found.names(), ["a"]);
    assert_eq!(
        found.faults,
        [("x.tar".to_owned(), FaultKind::Damaged { offset: 1024 })]
    );
    // a huge extension header asks for memory that is not given
    let greedy = [header(b"pax", b'x', 1 << 32), vec![b'1'; 4096]].concat();
    assert_eq!(seen(&file("x.tar", &greedy)).codes(), [("x.tar", "damaged")]);
    let negative = {
        let mut block = header(b"a", b'0', 0);
        block[124..136].fill(0xFF);
        sealed(block)
    };
    assert_eq!(seen(&file("x.tar", &negative)).codes(), [("x.tar", "damaged")]);
    // a length in binary, longer than the file
    let huge = {
        let mut block = header(b"a", b'0', 0);
        block[124..136].copy_from_slice(b"\x80\0\0\0\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
        sealed(block)
    };
    assert_eq!(seen(&file("x.tar", &huge)).codes(), [("a", "truncated")]);
}
