//! Lies of gzip and Zstandard files, and bombs.

use std::io::{Cursor, Read, Write};

use serde_json::Value;

use super::super::case::Must::{Proven, Refuted};
use super::super::case::{Case, Expect, must};
use super::super::packing::{gzipped, zstd_framed};
use super::super::subject::Subject;
use super::{nothing, odd, of};
use crate::manner::lines;

pub fn cases(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let mut cases = gzip(s, trail);
    cases.extend(zstandard(s, trail));
    cases
}

fn gzip(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let packed = gzipped(trail);
    let case = |lie: &str, title: &str, bytes: Vec<u8>, expect: Expect| {
        of(s, lie, title, "t.jsonl.gz", bytes, expect)
    };
    let mut summed = packed.clone();
    let crc = summed.len() - 8;
    summed[crc] ^= 1;
    let mut sized = packed.clone();
    let size = sized.len() - 4;
    sized[size] ^= 1;
    vec![
        case(
            "gzip-bytes-behind",
            "Bytes stand behind the gzip member.",
            [packed.clone(), b"and more".to_vec()].concat(),
            odd("trailing_bytes"),
        ),
        case(
            "gzip-cut-off",
            "The gzip file is cut off.",
            packed[..packed.len() * 2 / 3].to_vec(),
            nothing("truncated"),
        ),
        // RFC 1952 (section 2.3.1) ends a member with the CRC-32 and the length of what was packed. Where one contradicts the
        // data, the packed bytes contradict their own format, which is what `damaged` says. It cannot be told whether the
        // data or the trailer was changed, nor whether these are all the bytes that there were: nothing is proven. Neither
        // is anything refuted: the records that came out agree with their hashes and signatures, and CRC-32 knows no secret,
        // so that it tells of the way of the file and not of its author. That is an unreadable member (design, section 4).
        case(
            "gzip-wrong-crc",
            "The gzip member's checksum is another.",
            summed,
            nothing("damaged"),
        ),
        case(
            "gzip-wrong-length",
            "The gzip member's stated length is another.",
            sized,
            nothing("damaged"),
        ),
        case(
            "gzip-second-member",
            "A second gzip member holds record 4 once more; a reader that stops at the first one does not see it.",
            [packed.clone(), gzipped(&fourth(s))].concat(),
            doubled(),
        ),
        case(
            "gzip-second-member-cut-off",
            "A second gzip member is cut off.",
            [packed, gzipped(&fourth(s))[..20].to_vec()].concat(),
            nothing("truncated"),
        ),
    ]
}

fn zstandard(s: &Subject, trail: &[u8]) -> Vec<Case> {
    let frame = zstd_framed(trail);
    let case = |lie: &str, title: &str, bytes: Vec<u8>, expect: Expect| {
        of(s, lie, title, "t.jsonl.zst", bytes, expect)
    };
    let mut summed = frame.clone();
    *summed.last_mut().unwrap() ^= 1;
    vec![
        case(
            "zstd-bytes-behind",
            "Bytes stand behind the Zstandard frame.",
            [frame.clone(), b"and more".to_vec()].concat(),
            odd("trailing_bytes"),
        ),
        case(
            "zstd-cut-off",
            "The Zstandard file is cut off.",
            frame[..frame.len() * 2 / 3].to_vec(),
            nothing("truncated"),
        ),
        case(
            "zstd-cut-off-checksum",
            "Only the last byte of the Zstandard file is gone: all records come out before it is missed.",
            frame[..frame.len() - 1].to_vec(),
            nothing("truncated"),
        ),
        case(
            "zstd-wrong-checksum",
            "The frame's checksum is another.",
            summed,
            nothing("damaged"),
        ),
        case(
            "zstd-second-frame",
            "A second frame holds record 4 once more; a reader that stops at the first one does not see it.",
            [frame, zstd_framed(&fourth(s))].concat(),
            doubled(),
        ),
    ]
}

/// Record 4 as a line.
fn fourth(s: &Subject) -> Vec<u8> {
    let records: Vec<Value> = s.records();
    lines(&records[3..4])
}

/// It follows no record and its number was there, and each record still has its own signature.
fn doubled() -> Expect {
    must(Refuted, Proven, Refuted, &["link_mismatch"])
}

/// A few packed bytes that unfold to 256 MiB: over 100 to 1 beyond 64 MiB, which is a limit, so that nothing is judged.
pub fn bombs(s: &Subject) -> Vec<Case> {
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
    let case = |lie: &str, title: &str, name: &str, bytes: Vec<u8>| {
        of(s, lie, title, name, bytes, Expect::refused())
    };
    vec![
        case(
            "bomb-gzip-blanks",
            "A gzip file unfolds to 256 MiB of blanks.",
            "t.jsonl.gz",
            blanks(b' '),
        ),
        case(
            "bomb-gzip-lines",
            "A gzip file unfolds to 256 MiB of empty lines.",
            "t.jsonl.gz",
            blanks(b'\n'),
        ),
        case(
            "bomb-zip",
            "A ZIP file unfolds to 256 MiB of empty lines.",
            "b.zip",
            zip,
        ),
        case(
            "bomb-zstd",
            "A Zstandard file unfolds to 256 MiB of empty lines.",
            "t.jsonl.zst",
            frame,
        ),
    ]
}
