//! `crates/formats` and `crates/sources`: JSON, canonical forms, pointers, numbers, records; facts and times.

use std::io::{BufRead, BufReader};

use tickmark_formats::canonical::{self, Dialect, Escape, Numbers, Separators, Sort};
use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::number;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, LineAt, Lines, RecordsError, Rows};
use tickmark_sources::{facts, indexed_text, parse_number, parse_text};

use crate::target::{Listed, Target, joined, shape};

pub fn all() -> Vec<Listed> {
    vec![
        Listed::new(
            "json",
            "what the lexer reads, serde_json reads the same; every value is where its span and pointer say",
            |name| json_seeds(Target::new(name, JSON, json).json()),
        ),
        Listed::new(
            "canonical",
            "every canonical form of a value is its own canonical form",
            |name| json_seeds(Target::new(name, JSON, canonical).json()),
        ),
        Listed::new(
            "number",
            "a number spelled anew is the same double, and spelled again the same text",
            |name| {
                Target::new(name, &["e", "E", "+", "-", ".", "00"], number_text)
                    .seed("digits", "9007199254740993")
                    .seed("fraction", "-0.1e-7")
            },
        ),
        Listed::new(
            "pointer",
            "a JSON pointer that is read is written as it was",
            |name| Target::new(name, &["/", "~0", "~1", "~", "*"], pointer).seed("escaped", "/a~1b/~0/0/-"),
        ),
        Listed::new("lines", "lines are the same in pieces of any length", |name| {
            Target::new(name, &["\n", "\r\n", "\u{feff}", " \t"], |input| {
                records(input, |reader, limits| {
                    let mut lines = Lines::new(reader, limits);
                    Box::new(move |into| lines.next_line(into))
                })
            })
            .seed("lines", "{\"n\":1}\n\n{\"n\":2}\r\nlast")
        }),
        Listed::new(
            "rows",
            "rows of CSV text are the same in pieces of any length",
            |name| {
                Target::new(name, &["\n", "\r\n", "\"\"", ",", "\u{feff}"], |input| {
                    records(input, |reader, limits| {
                        let mut rows = Rows::new(reader, limits);
                        Box::new(move |into| rows.next_row(into))
                    })
                })
                .seed("rows", "a,\"b \"\"x\"\"\nc\",d\r\n1,2,3\n")
            },
        ),
        Listed::new(
            "items",
            "elements of an array are the same in pieces of any length, and each is JSON",
            |name| {
                Target::new(name, JSON, items)
                    .json()
                    .seed(
                        "enveloped",
                        "{\"v\":1,\"entries\":[{\"n\":1},[2],\"three\"],\"count\":3}",
                    )
                    .seed("bare", "[{\"n\":1},{\"n\":{\"entries\":[1]}}]")
            },
        ),
        Listed::new("facts", "facts of a record stand where they say", |name| {
            Target::new(name, FACTS, record_facts)
                .json()
                .seed("record", RECORD)
                .seed("nested", NESTED)
        }),
        Listed::new("times", "times are read in any spelling or not at all", |name| {
            Target::new(name, TIMES, times)
                .seed("zoned", "2026-11-20T08:15:30.123456789+01:00")
                .seed("named", "Fri, 20 Nov 2026 08:15:30 GMT")
                .seed("number", "1795158930.25")
        }),
    ]
}

fn json_seeds(target: Target) -> Target {
    target
        .seed("record", RECORD)
        .seed("nested", NESTED)
        .seed(
            "numbers",
            "[0,-0,1.0,1e16,1E-7,9007199254740993,18446744073709551616,5e-324]",
        )
        .seed(
            "strings",
            r#"{"é":"\u0041\ud83d\ude00","\n":"\u2028<>&\u007f","e\u0301":"\\\"\/"}"#,
        )
}

fn json(input: &[u8]) -> u64 {
    let read = parse(input, &Limits::default());
    let Ok(value) = &read else { return shape(&read) };
    if let Ok(other) = serde_json::from_slice::<serde_json::Value>(input) {
        assert!(is_same(value, &other), "serde_json reads {other}");
    }
    for (place, leaf) in value.leaves() {
        let found = value
            .at(&place)
            .unwrap_or_else(|| panic!("nothing is at {place}"));
        assert_eq!(found.span, leaf.span, "{place}");
        let again = parse(leaf.span.of(input), &Limits::default());
        let again = again.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(again.kind_name(), leaf.kind_name(), "{place}");
    }
    joined(&[kinds(value, 3)])
}

fn kinds(value: &Value<'_>, depth: u32) -> u64 {
    let inner: Vec<u64> = match &value.kind {
        _ if depth == 0 => Vec::new(),
        Kind::Array(elements) => elements
            .iter()
            .take(3)
            .map(|value| kinds(value, depth - 1))
            .collect(),
        Kind::Object(members) => members
            .iter()
            .take(3)
            .map(|member| kinds(&member.value, depth - 1))
            .collect(),
        _ => Vec::new(),
    };
    joined(&[value.kind_name().len() as u64, joined(&inner)])
}

/// Whether two readers of JSON found the same. Numbers are compared as doubles, for serde_json keeps no more, and of those
/// it may miss the nearest one.
fn is_same(value: &Value<'_>, other: &serde_json::Value) -> bool {
    use serde_json::Value as Other;
    match (&value.kind, other) {
        (Kind::Null, Other::Null) => true,
        (Kind::Bool(own), Other::Bool(other)) => own == other,
        (Kind::Number(token), Other::Number(number)) => {
            let (own, other) = (
                token.parse().unwrap_or(f64::NAN),
                number.as_f64().unwrap_or(f64::NAN),
            );
            (own - other).abs() <= own.abs() * 4.0 * f64::EPSILON
        }
        (Kind::String(own), Other::String(other)) => own == other,
        (Kind::Array(own), Other::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, other)| is_same(own, other))
        }
        (Kind::Object(own), Other::Object(other)) => {
            let same = |(member, (name, value)): (&tickmark_formats::json::Member<'_>, (&String, &Other))| {
                member.name == *name && is_same(&member.value, value)
            };
            own.len() == other.len() && own.iter().zip(other).all(same)
        }
        _ => false,
    }
}

fn canonical(input: &[u8]) -> u64 {
    let read = parse(input, &Limits::default());
    let Ok(value) = &read else { return shape(&read) };
    let mut answers = Vec::new();
    for dialect in dialects() {
        let written = canonical::to_vec(value, &dialect);
        answers.push(shape(&written));
        let Ok(text) = written else { continue };
        let again = parse(&text, &Limits::default());
        let again = again.unwrap_or_else(|error| panic!("{dialect:?} wrote what is no JSON: {error}"));
        let twice = canonical::to_vec(&again, &dialect);
        let twice = twice.unwrap_or_else(|error| panic!("{dialect:?} refuses what it wrote: {error}"));
        assert_eq!(
            String::from_utf8_lossy(&text),
            String::from_utf8_lossy(&twice),
            "{dialect:?} of what it wrote"
        );
        if let Some(spelled) = canonical::spelling(value, input, &dialect) {
            assert_eq!(
                String::from_utf8_lossy(spelled),
                String::from_utf8_lossy(&text),
                "{dialect:?} in place"
            );
        }
        if !dialect.nfc {
            assert!(
                canonical::is_spelled(&again, &text, &dialect),
                "{dialect:?} does not know what it wrote"
            );
        }
    }
    joined(&answers)
}

/// Every choice beside every other at least once.
fn dialects() -> impl Iterator<Item = Dialect> {
    const SORTS: [Sort; 4] = [Sort::Utf16, Sort::CodePoint, Sort::Utf8, Sort::None];
    const ESCAPES: [Escape; 4] = [Escape::Utf8, Escape::PyAscii, Escape::GoHtml, Escape::DotNet];
    const NUMBERS: [Numbers; 5] = [
        Numbers::Token,
        Numbers::Es6,
        Numbers::PyRepr,
        Numbers::Orjson,
        Numbers::Serde,
    ];
    (0..20).map(|at| Dialect {
        sort: SORTS[at % 4],
        escape: ESCAPES[(at / 5) % 4],
        numbers: NUMBERS[at % 5],
        separators: if at % 3 == 0 {
            Separators::Spaced
        } else {
            Separators::Compact
        },
        nfc: at % 7 == 6,
    })
}

fn number_text(input: &[u8]) -> u64 {
    let Ok(token) = std::str::from_utf8(input) else {
        return 0;
    };
    let is_number = parse(input, &Limits::default()).is_ok_and(|value| value.as_number() == Some(token));
    let mut answers = vec![u64::from(is_number)];
    for spell in [number::es6, number::py_repr, number::orjson, number::serde] {
        let spelled = spell(token);
        answers.push(shape(&spelled));
        let Ok(text) = spelled else { continue };
        assert!(is_number, "{token:?} is no JSON number, and was spelled {text}");
        assert_eq!(text.parse::<f64>(), token.parse::<f64>(), "{token}");
        assert_eq!(spell(&text).as_deref(), Ok(text.as_str()), "{token}");
    }
    joined(&answers)
}

fn pointer(input: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(input) else {
        return 0;
    };
    let read = Pointer::parse(text);
    if let Ok(pointer) = &read {
        assert_eq!(pointer.to_string(), text);
        assert!(pointer.is_beneath(pointer) && pointer.starts_with(pointer));
    }
    shape(&read)
}

type Next<'r> = Box<dyn FnMut(&mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> + 'r>;

/// Reads records whole and in pieces of three bytes.
fn records(input: &[u8], open: impl for<'r> Fn(Box<dyn BufRead + 'r>, &Limits) -> Next<'r>) -> u64 {
    let limits = Limits {
        line: 4 << 10,
        ..Limits::default()
    };
    let whole = drain(open(Box::new(input), &limits));
    let pieces = drain(open(Box::new(BufReader::with_capacity(3, input)), &limits));
    assert_eq!(whole, pieces);
    for (at, bytes) in whole.iter().filter_map(|read| read.as_ref().ok()) {
        let start = at.offset as usize;
        assert_eq!(
            input.get(start..start + bytes.len()),
            Some(bytes.as_slice()),
            "{at:?}"
        );
    }
    let answers: Vec<u64> = whole.iter().take(8).map(shape).collect();
    joined(&answers)
}

fn drain(mut next: Next<'_>) -> Vec<Result<(LineAt, Vec<u8>), String>> {
    let mut read = Vec::new();
    let mut bytes = Vec::new();
    loop {
        match next(&mut bytes) {
            Ok(None) => return read,
            Ok(Some(at)) => read.push(Ok((at, bytes.clone()))),
            Err(error) => {
                read.push(Err(format!("{error:?}")));
                // one error at most for each byte: whoever goes on after an error comes to an end
                assert!(read.len() < 100_000, "errors without end");
            }
        }
    }
}

fn items(input: &[u8]) -> u64 {
    let at = |pointer: &str| {
        let pointer = Pointer::parse(pointer).unwrap_or_else(|error| panic!("{error}"));
        records(input, |reader, limits| {
            let mut items = Items::new(reader, pointer.clone(), limits);
            Box::new(move |into| items.next_item(into))
        })
    };
    let answers = [at("/entries"), at("")];
    let mut items = Items::new(input, Pointer::root(), &Limits::default());
    let mut bytes = Vec::new();
    while let Ok(Some(_)) = items.next_item(&mut bytes) {
        // a document that is read to its end is JSON, so its records are; before that only its brackets were looked at
        assert!(!bytes.is_empty());
    }
    joined(&answers)
}

fn record_facts(input: &[u8]) -> u64 {
    let read = parse(input, &Limits::default());
    let Ok(value) = &read else { return shape(&read) };
    let found = facts(value);
    let places = [
        &found.event,
        &found.actor,
        &found.outcome,
        &found.model,
        &found.summary,
    ];
    for fact in places.into_iter().flatten() {
        assert!(
            value.at(&fact.pointer).is_some(),
            "nothing is at {}",
            fact.pointer
        );
    }
    let time = found.time.as_ref();
    assert!(time.is_none_or(|time| value.at(&time.pointer).is_some()));
    assert_eq!(found.text, indexed_text(value));
    let is_there = places.map(|fact| u64::from(fact.is_some()));
    joined(&[
        joined(&is_there),
        u64::from(time.is_some()),
        u64::from(found.unread_time.is_some()),
    ])
}

fn times(input: &[u8]) -> u64 {
    let Ok(text) = std::str::from_utf8(input) else {
        return 0;
    };
    joined(&[
        u64::from(parse_text(text).is_some()),
        u64::from(parse_number(text).is_some()),
    ])
}

pub const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "false",
    "\"\"",
    "\\u0000",
    "\\ud83d\\ude00",
    "1e5",
    "-0",
    "{\"a\":1}",
    "\u{feff}",
    "\"entries\"",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
];

const FACTS: &[&str] = &[
    "\"timestamp\"",
    "\"time\"",
    "\"ts\"",
    "\"event\"",
    "\"type\"",
    "\"actor\"",
    "\"user\"",
    "\"outcome\"",
    "\"status\"",
    "\"model\"",
    "\"message\"",
    "\"2026-11-20T08:15:30Z\"",
    "1795158930",
    "1795158930123",
];

const TIMES: &[&str] = &[
    "T", "Z", "+", "-", ":", ".", "GMT", "UTC", "2026", "12", "60", "23:59:60", "24:00:00", "-00:00",
    "+23:59", "Feb", "29", "9999", "0000",
];

const RECORD: &str = r#"{"seq":1,"timestamp":"2026-11-20T08:15:30.123Z","event":"tool_call","actor":{"type":"agent","id":"a-7"},"outcome":"ok","model":"m-1","cost":0.25,"note":"naïve \"quoted\" \u00e9"}"#;

const NESTED: &str = r#"{"a":[1,[2,[3,{"b":{"c":[{},[],null,true]}}]]],"z":{"y":{"x":-1.5e-7}}}"#;
