//! gzip and Zstandard streams, alone and around tar.

use tickmark_formats::container::{FaultKind, fault_in, gunzip};
use tickmark_formats::limits::Limits;

use super::kit::{self, file, gzip, packing, seen, zstandard};

#[test]
fn a_lone_stream_is_one_member_without_the_suffix() {
    for (name, packed, expected) in [
        ("in/a.jsonl.gz", gzip(b"{}\n"), ("gzip file", "a.jsonl")),
        ("in/a.jsonl.zst", zstandard(b"{}\n"), ("zstd file", "a.jsonl")),
        ("a.log", gzip(b"{}\n"), ("gzip file", "a.log")),
        (".gz", gzip(b"{}\n"), ("gzip file", ".gz")),
    ] {
        let container = file(name, &packed);
        assert_eq!(packing(&container), expected.0);
        let seen = seen(&container);
        assert_eq!(seen.members, [(expected.1.to_owned(), b"{}\n".to_vec())]);
        assert_eq!(seen.faults, []);
    }
}

#[test]
fn a_stream_around_a_tar_file_is_seen_through() {
    let tar = kit::tar(&[("a", b"1"), ("d/b", b"22")]);
    for (packed, expected) in [
        (gzip(&tar), "gzip tar"),
        (zstandard(&tar), "zstd tar"),
        (tar.clone(), "tar"),
    ] {
        let container = file("x", &packed);
        assert_eq!(packing(&container), expected);
        let seen = seen(&container);
        assert_eq!(
            seen.members,
            [
                ("a".to_owned(), b"1".to_vec()),
                ("d/b".to_owned(), b"22".to_vec())
            ]
        );
        assert_eq!(seen.faults, [], "{expected}");
        assert_eq!(kit::read_member(&container, "d/b").unwrap(), b"22");
    }
}

#[test]
fn parts_that_follow_one_another_are_one_stream() {
    for (packed, suffix) in [
        ([gzip(b"1\n"), gzip(b""), gzip(b"2\n")].concat(), "gz"),
        (
            [zstandard(b"1\n"), zstandard(b""), zstandard(b"2\n")].concat(),
            "zst",
        ),
    ] {
        let seen = seen(&file(&format!("x.{suffix}"), &packed));
        assert_eq!(seen.bytes("x"), b"1\n2\n");
        assert_eq!(seen.faults, []);
    }
}

#[test]
fn zero_padding_is_no_fault_and_anything_else_behind_the_end_is() {
    for packed in [gzip(b"1\n"), zstandard(b"1\n")] {
        let padded = [packed.clone(), vec![0; 100_000]].concat();
        assert_eq!(seen(&file("x", &padded)).faults, []);
        for (extra, skipped) in [
            (&b"{}"[..], 0),
            (b"\0\0x", 2),
            (b"PK\x03\x04", 0),
            (b"\x1F\x8Cxxxxxxxxxxxx", 0),
            (b"\0\x1F\x8B\x08", 1),
        ] {
            let seen = seen(&file("x", &[&packed[..], extra].concat()));
            assert_eq!(seen.bytes("x"), b"1\n");
            let offset = packed.len() as u64 + skipped;
            assert_eq!(
                seen.faults,
                [("x".to_owned(), FaultKind::TrailingBytes { offset })],
                "{extra:?}"
            );
        }
    }
}

#[test]
fn trailing_bytes_show_behind_a_tar_file_too() {
    let tar = kit::tar(&[("a", b"1")]);
    for packed in [gzip(&tar), zstandard(&tar)] {
        let seen = seen(&file("x.tgz", &[&packed[..], b"hidden"].concat()));
        assert_eq!(seen.names(), ["a"]);
        let offset = packed.len() as u64;
        assert_eq!(
            seen.faults,
            [("x.tgz".to_owned(), FaultKind::TrailingBytes { offset })]
        );
    }
}

#[test]
fn a_stream_cut_anywhere_gives_its_good_bytes_and_one_fault() {
    let text = [kit::noise(20_000), b"end".to_vec()].concat();
    for packed in [gzip(&text), zstandard(&text)] {
        for cut in [12, 20, 1000, packed.len() / 2, packed.len() - 9, packed.len() - 1] {
            let seen = seen(&file("x", &packed[..cut]));
            let bytes = seen.bytes("x");
            assert!(text.starts_with(bytes));
            assert!(cut < 18_000 || bytes.len() > 8_000, "{cut}: {}", bytes.len());
            assert_eq!(
                seen.faults,
                [("x".to_owned(), FaultKind::Truncated { offset: cut as u64 })],
                "{cut}"
            );
        }
    }
}

#[test]
fn a_damaged_stream_is_reported() {
    let text = b"The quick brown fox jumps over the lazy dog. ".repeat(400);
    // a Zstandard frame may carry no checksum; then only what contradicts the format shows
    for (packed, has_checksum) in [(gzip(&text), true), (zstandard(&text), false)] {
        let mut found = 0;
        for at in 10..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            let seen = seen(&file("x", &damaged));
            // a fault, or an unharmed text where the byte does not matter
            assert!(
                !has_checksum || !seen.faults.is_empty() || seen.bytes("x") == text,
                "{at}"
            );
            found += seen.faults.len();
        }
        assert!(!has_checksum || found > packed.len() / 2);
    }
    // the stated length and CRC-32 of gzip
    let mut wrong = gzip(&text);
    let last = wrong.len() - 1;
    wrong[last] ^= 1;
    assert_eq!(seen(&file("x", &wrong)).codes(), [("x", "damaged")]);
}

#[test]
fn a_member_that_is_gzip_itself_can_be_unpacked() {
    let read = |bytes: &[u8]| {
        let mut all = Vec::new();
        let result = std::io::Read::read_to_end(&mut gunzip(bytes, &Limits::default()), &mut all);
        (all, result.err().and_then(|error| fault_in(&error).cloned()))
    };
    let packed = gzip(b"{}");
    assert_eq!(read(&packed), (b"{}".to_vec(), None));
    let trailing = FaultKind::TrailingBytes {
        offset: packed.len() as u64,
    };
    assert_eq!(
        read(&[&packed[..], b"x"].concat()),
        (b"{}".to_vec(), Some(trailing))
    );
    assert_eq!(
        read(b"{\"a\":1,\"b\":2}").1,
        Some(FaultKind::Damaged { offset: 10 })
    );
    assert_eq!(read(b"").1, Some(FaultKind::Truncated { offset: 0 }));
}

#[test]
fn a_member_behind_a_cut_is_not_said_to_be_absent() {
    let whole = kit::tar(&[("a", b"1"), ("b", b"2")]);
    let container = file("x", &whole[..700]);
    let answer = container.open_member("b").map(|_| ()).unwrap_err();
    assert_eq!(
        answer.to_string(),
        "x: \"b\": the container ends too early, at byte 700"
    );
    let absent = file("x", &whole).open_member("c").map(|_| ()).unwrap_err();
    assert_eq!(absent.to_string(), "x has no member \"c\"");
}
