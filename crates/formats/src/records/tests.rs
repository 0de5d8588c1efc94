#![allow(clippy::unwrap_used, clippy::panic)]
use std::io::{self, BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::json;
use crate::limits::Limits;
use crate::pointer::Pointer;

/// Gives its bytes in pieces of `step`, and then an error if it is to fail.
struct Dripping<'b> {
    bytes: &'b [u8],
    step: usize,
    fails: bool,
}

impl Read for Dripping<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() && self.fails {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let count = self.step.min(buf.len()).min(self.bytes.len());
        buf[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

fn dripping(bytes: &[u8], step: usize) -> BufReader<Dripping<'_>> {
    BufReader::with_capacity(
        step.max(1),
        Dripping {
            bytes,
            step,
            fails: false,
        },
    )
}

fn limits(line: usize) -> Limits {
    Limits {
        line,
        ..Limits::default()
    }
}

fn told(line: &Line) -> Told {
    (
        line.number,
        line.offset,
        String::from_utf8_lossy(&line.bytes).into_owned(),
    )
}

#[test]
fn only_lf_ends_a_line() {
    let text = "{\"a\":\"\u{2028}\u{85}\"}\r\n\n \t\r\n[1]\rx\n\n{}";
    for step in 1..9 {
        let mut lines = Lines::new(dripping(text.as_bytes(), step), &Limits::default());
        let all: Vec<_> = lines.by_ref().map(|line| told(&line.unwrap())).collect();
        assert_eq!(
            all,
            [
                (1, 0, "{\"a\":\"\u{2028}\u{85}\"}\r".to_owned()),
                (4, 20, "[1]\rx".to_owned()),
                (6, 27, "{}".to_owned())
            ]
        );
        assert_eq!(
            (lines.blank(), lines.physical(), lines.ends_without_lf()),
            (3, 6, true)
        );
        assert_eq!(lines.offset(), text.len() as u64);
    }
}

#[test]
fn a_byte_order_mark_is_told_and_is_no_part_of_the_first_line() {
    let mut lines = Lines::new(&b"\xEF\xBB\xBF{}\n\xEF\xBB\xBF[]\n"[..], &Limits::default());
    assert_eq!(told(&lines.next().unwrap().unwrap()), (1, 3, "{}".to_owned()));
    // anywhere else it is part of the line, and no JSON
    assert_eq!(lines.next().unwrap().unwrap().bytes, b"\xEF\xBB\xBF[]");
    assert!(lines.has_byte_order_mark());
    assert!(!lines.ends_without_lf());
}

#[test]
fn a_long_line_is_skipped_and_named_and_reading_goes_on() {
    let text = format!("12345\n{}\n12345\n{}", "x".repeat(1000), "y".repeat(6));
    for step in [1, 3, 64, 4096] {
        let mut lines = Lines::new(dripping(text.as_bytes(), step), &limits(5));
        assert_eq!(lines.next().unwrap().unwrap().bytes, b"12345");
        assert!(matches!(
            lines.next(),
            Some(Err(RecordsError::LineTooLong { line: 2, limit: 5 }))
        ));
        assert_eq!(
            told(&lines.next().unwrap().unwrap()),
            (3, 1007, "12345".to_owned())
        );
        let last = lines.next().unwrap().unwrap_err();
        assert!(matches!(last, RecordsError::LineTooLong { line: 4, limit: 5 }));
        assert!(last.is_passing() && last.is_limit());
        assert!(lines.next().is_none());
    }
}

#[test]
fn lines_before_a_failure_are_given_and_the_failure_once() {
    let dripping = Dripping {
        bytes: b"1\n2\n3",
        step: 2,
        fails: true,
    };
    let mut lines = Lines::new(BufReader::new(dripping), &Limits::default());
    assert_eq!(lines.next().unwrap().unwrap().bytes, b"1");
    assert_eq!(lines.next().unwrap().unwrap().bytes, b"2");
    assert!(matches!(
        lines.next(),
        Some(Err(RecordsError::Read {
            line: 3,
            offset: 5,
            ..
        }))
    ));
    assert!(lines.next().is_none());
}

/// Line, offset and text of a record.
type Told = (u64, u64, String);

fn items(text: &str, pointer: &str, step: usize) -> (Vec<Told>, Result<Vec<u8>, RecordsError>) {
    let pointer = Pointer::parse(pointer).unwrap();
    let mut items = Items::new(dripping(text.as_bytes(), step), pointer, &Limits::default());
    let mut all = Vec::new();
    for item in items.by_ref() {
        match item {
            Ok(line) => all.push(told(&line)),
            Err(error) => return (all, Err(error)),
        }
    }
    let envelope = items
        .envelope()
        .map_or_else(|| b"no envelope".to_vec(), <[u8]>::to_vec);
    (all, Ok(envelope))
}

#[test]
fn records_are_cut_out_of_a_document_with_their_places() {
    let text = "{\"count\": 3,\n \"x\": {\"entries\":\n  [ {\"a\":\"],}\\\"\"}\n , 12 ,\n\"s,]\"\t] },\n \"root\": \"ab\"}\n";
    for step in 1..20 {
        let (all, envelope) = items(text, "/x/entries", step);
        assert_eq!(
            all,
            [
                (3, 35, "{\"a\":\"],}\\\"\"}".to_owned()),
                (4, 52, "12".to_owned()),
                (5, 57, "\"s,]\"".to_owned())
            ]
        );
        let envelope = envelope.unwrap();
        let expected = "{\"count\": 3,\n \"x\": {\"entries\":\n  [] },\n \"root\": \"ab\"}\n";
        assert_eq!(String::from_utf8(envelope).unwrap(), expected);
    }
}

#[test]
fn the_document_may_be_the_array_and_the_way_may_lead_through_arrays() {
    assert_eq!(items(" [1,2]", "", 1).0.len(), 2);
    assert_eq!(items("[]", "", 1).1.unwrap(), b"[]");
    assert_eq!(items("[ ]", "", 1).0.len(), 0);
    let (all, envelope) = items(r#"[{"e":[1]},{"e":[2,3]},{"e":[4]}]"#, "/1/e", 3);
    assert_eq!(
        all.iter().map(|item| item.2.as_str()).collect::<Vec<_>>(),
        ["2", "3"]
    );
    assert_eq!(envelope.unwrap(), br#"[{"e":[1]},{"e":[]},{"e":[4]}]"#);
    // a name is compared decoded
    assert_eq!(items(r#"{"\u0065ntries":[1]}"#, "/entries", 2).0.len(), 1);
}

#[test]
fn what_is_wrong_around_the_records_is_named() {
    let error = |text: &str, pointer: &str| items(text, pointer, 4).1.unwrap_err();
    assert!(matches!(
        error("{\"a\":[]}", "/b"),
        RecordsError::PointerNotFound { .. }
    ));
    assert!(matches!(
        error("{\"a\":{\"b\":[]}}", "/b"),
        RecordsError::PointerNotFound { .. }
    ));
    assert!(matches!(
        error("[[1]]", "/1"),
        RecordsError::PointerNotFound { .. }
    ));
    assert!(matches!(
        error("\n{\"a\":{}}", "/a"),
        RecordsError::NotAnArray {
            line: 2,
            found: '{',
            ..
        }
    ));
    assert!(matches!(error("", ""), RecordsError::Envelope { .. }));
    assert!(matches!(
        error("[1] x", ""),
        RecordsError::TrailingBytes { line: 1, offset: 4 }
    ));
    assert!(matches!(error("[1]]", ""), RecordsError::TrailingBytes { .. }));
    assert!(matches!(
        error("{\"a\":[1]]", "/a"),
        RecordsError::Unexpected { offset: 8, .. }
    ));
    assert!(matches!(
        error("{\"a\":[1],}", "/a"),
        RecordsError::Unexpected { .. }
    ));
    assert!(matches!(
        error("{\"b\":tru,\"a\":[1]}", "/a"),
        RecordsError::Envelope { .. }
    ));
    assert!(matches!(
        error("{\"b\":01,\"a\":[1]}", "/a"),
        RecordsError::Envelope { .. }
    ));
    assert!(matches!(
        error("{\"b\":1 2,\"a\":[1]}", "/a"),
        RecordsError::Unexpected { .. }
    ));
    let twice = error("{\"a\":[1],\"a\":[2]}", "/a");
    let RecordsError::Envelope { source } = twice else {
        panic!("{twice}")
    };
    assert!(matches!(source.kind, json::JsonErrorKind::DuplicateMember { .. }));
    assert!(matches!(
        error(&"[".repeat(200_000), "/e"),
        RecordsError::TooDeep { limit: 64, .. }
    ));
}

#[test]
fn what_is_wrong_between_records_is_named_and_earlier_ones_are_given() {
    for (text, given) in [
        ("[1 2]", 1),
        ("[1,,2]", 1),
        ("[1,]", 1),
        ("[,1]", 0),
        ("[1}", 1),
        ("[1:2]", 1),
        ("[{}{}]", 1),
    ] {
        let (all, end) = items(text, "", 2);
        // `1:2` is cut as one scalar, which the caller's parser refuses
        let is_cut_whole = text == "[1:2]";
        assert_eq!(all.len(), given, "{text}");
        assert_eq!(
            matches!(end, Err(RecordsError::Unexpected { .. })),
            !is_cut_whole,
            "{text}"
        );
    }
}

#[test]
fn a_document_cut_anywhere_gives_the_records_before_the_cut() {
    let text = "{\"n\":2,\"e\":[{\"i\":0,\"s\":\"a]\"},{\"i\":1}],\"root\":[0]}";
    let ends: Vec<usize> = [28, 36].into();
    for cut in 0..text.len() {
        let (all, end) = items(&text[..cut], "/e", 3);
        assert!(end.is_err(), "{cut}");
        assert_eq!(all.len(), ends.iter().filter(|end| **end <= cut).count(), "{cut}");
        match end.unwrap_err() {
            RecordsError::Truncated { record, offset, .. } => {
                assert_eq!(offset, cut as u64);
                let expected = match cut {
                    0..12 => 0,
                    12..37 => all.len() as u64 + 1,
                    _ => 2,
                };
                assert_eq!(record, expected, "{cut}");
            }
            RecordsError::Envelope { .. } => assert_eq!(cut, 0),
            other => panic!("{cut}: {other}"),
        }
    }
}

#[test]
fn a_long_record_is_skipped_and_a_long_envelope_is_refused() {
    let text = format!("{{\"e\":[1,\"{}\",2]}}", "x".repeat(500));
    let pointer = Pointer::parse("/e").unwrap();
    let mut all = Items::new(dripping(text.as_bytes(), 7), pointer.clone(), &limits(50));
    assert_eq!(all.next().unwrap().unwrap().bytes, b"1");
    assert!(matches!(
        all.next(),
        Some(Err(RecordsError::RecordTooLong {
            record: 2,
            line: 1,
            limit: 50
        }))
    ));
    assert_eq!(all.next().unwrap().unwrap().bytes, b"2");
    assert!(all.next().is_none());
    assert_eq!(all.envelope().unwrap(), b"{\"e\":[]}");
    assert_eq!(all.records(), 3);
    let text = format!("{{\"x\":\"{}\",\"e\":[1]}}", "x".repeat(500));
    let mut all = Items::new(text.as_bytes(), pointer, &limits(50));
    assert!(matches!(
        all.next(),
        Some(Err(RecordsError::EnvelopeTooLong { limit: 50 }))
    ));
    assert!(all.next().is_none());
}

#[test]
fn a_document_may_begin_with_a_byte_order_mark() {
    let mut all = Items::new(&b"\xEF\xBB\xBF[7]"[..], Pointer::root(), &Limits::default());
    assert_eq!(told(&all.next().unwrap().unwrap()), (1, 4, "7".to_owned()));
    assert!(all.has_byte_order_mark());
    assert!(all.next().is_none());
    let mut all = Items::new(&b"\xEF\xBB[7]"[..], Pointer::root(), &Limits::default());
    assert!(matches!(all.next(), Some(Err(RecordsError::Unexpected { .. }))));
}

proptest! {
    #[test]
    fn lines_join_to_what_was_read(text in "[a \t\r\n\u{2028}]{0,60}", step in 1_usize..20) {
        let mut joined = Vec::new();
        let mut lines = Lines::new(dripping(text.as_bytes(), step), &Limits::default());
        let expected: Vec<&str> = text.split('\n').filter(|line| !line.trim_matches([' ', '\t', '\r']).is_empty()).collect();
        for line in lines.by_ref() {
            let line = line.unwrap();
            let start = usize::try_from(line.offset).unwrap();
            prop_assert_eq!(&text.as_bytes()[start..start + line.bytes.len()], &line.bytes[..]);
            joined.push(String::from_utf8(line.bytes).unwrap());
        }
        prop_assert_eq!(joined, expected);
    }

    #[test]
    fn every_array_comes_apart_into_its_elements(
        elements in proptest::collection::vec("[a-z\\[\\]{},\"\\\\ \n]{0,12}", 0..8),
        step in 1_usize..17,
        beside in "[a-z\"\\\\]{0,9}",
    ) {
        let elements: Vec<serde_json::Value> = elements.into_iter().enumerate().map(|(n, text)| match n % 3 {
            0 => serde_json::json!(text),
            1 => serde_json::json!({ "k": [text, {}], "n": n }),
            _ => serde_json::json!(n),
        }).collect();
        let document = serde_json::json!({ "b": beside, "e": elements, "z": [1, { "e": [] }] });
        for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let (all, envelope) = items(&text, "/e", step);
            let values: Vec<serde_json::Value> = all.iter().map(|item| serde_json::from_str(&item.2).unwrap()).collect();
            prop_assert_eq!(&values, &elements);
            for (line, offset, item) in &all {
                let offset = usize::try_from(*offset).unwrap();
                prop_assert!(text[offset..].starts_with(item.as_str()));
                prop_assert_eq!(*line as usize, 1 + text[..offset].matches('\n').count());
            }
            let envelope: serde_json::Value = serde_json::from_slice(&envelope.unwrap()).unwrap();
            let mut expected = document.clone();
            expected["e"] = serde_json::json!([]);
            prop_assert_eq!(envelope, expected);
        }
    }

    #[test]
    fn no_document_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in r#"[\[\]{}:,"\\ea1 \n]{0,60}"#, step in 1_usize..9) {
        for bytes in [&bytes[..], text.as_bytes()] {
            for pointer in ["", "/e", "/0", "/a/1"] {
                let pointer = Pointer::parse(pointer).unwrap();
                let count = Items::new(dripping(bytes, step), pointer, &Limits::default()).count();
                prop_assert!(count <= bytes.len() + 1);
            }
            prop_assert!(Lines::new(dripping(bytes, step), &Limits::default()).count() <= bytes.len() + 1);
        }
    }

    #[test]
    fn what_the_reader_takes_whole_is_json_when_its_records_are(text in r#"(\{"e":)?\[?([\[\]{}:,"1]|\{"a":1\},?){0,12}\]?\}?"#) {
        for pointer in ["", "/e"] {
            let (all, end) = items(&text, pointer, 5);
            let records_are_json = all.iter().all(|item| json::parse(item.2.as_bytes(), &Limits::default()).is_ok());
            let whole_is_json = json::parse(text.as_bytes(), &Limits::default()).is_ok();
            if end.is_ok() {
                prop_assert_eq!(records_are_json, whole_is_json, "{}", text);
            }
        }
    }
}

#[test]
fn white_space_alone_is_no_document_and_is_told_apart_from_a_broken_one() {
    for (text, is_blank) in [
        ("", true),
        ("\n\n \t\r\n", true),
        (" \n{", false),
        ("[]", false),
        (" x", false),
    ] {
        for step in 1..4 {
            let mut items = Items::new(
                dripping(text.as_bytes(), step),
                Pointer::root(),
                &Limits::default(),
            );
            assert!(!items.is_blank(), "nothing was read yet");
            let _ = items.next_item(&mut Vec::new());
            assert_eq!(items.is_blank(), is_blank, "{text:?}");
        }
    }
}

#[test]
fn white_space_around_records_counts_against_the_limit() {
    let mut items = Items::new(&b"    \n\n[1]"[..], Pointer::root(), &limits(5));
    assert!(matches!(
        items.next_item(&mut Vec::new()),
        Err(RecordsError::EnvelopeTooLong { limit: 5 })
    ));
}
