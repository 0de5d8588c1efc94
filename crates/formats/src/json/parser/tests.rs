#![allow(clippy::unwrap_used, clippy::panic)]
use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Value<'_>, JsonError> {
    parse(text.as_bytes(), &Limits::default())
}

fn error(text: &[u8]) -> JsonErrorKind {
    parse(text, &Limits::default()).unwrap_err().kind
}

#[test]
fn a_value_keeps_its_text_order_and_place() {
    let text = r#" {"b": 1.0e5, "a": [true, null, "x\u00e9y"]} "#;
    let value = read(text).unwrap();
    assert_eq!(value.span.of(text.as_bytes()), text.trim().as_bytes());
    let members = value.members().unwrap();
    assert_eq!(members[0].name, "b");
    assert_eq!(members[0].name_span.of(text.as_bytes()), b"\"b\"");
    assert_eq!(members[0].value.as_number(), Some("1.0e5"));
    let place = Pointer::parse("/a/2").unwrap();
    let found = value.at(&place).unwrap();
    assert_eq!(found.as_str(), Some("xéy"));
    assert_eq!(found.span.of(text.as_bytes()), br#""x\u00e9y""#);
}

#[test]
fn leaves_are_scalars_and_what_is_empty() {
    let value = read(r#"{"a":{"b":[1,{"c":{}}],"d":[]},"e/f":null}"#).unwrap();
    let places: Vec<String> = value
        .leaves()
        .iter()
        .map(|(place, _)| place.to_string())
        .collect();
    assert_eq!(places, ["/a/b/0", "/a/b/1/c", "/a/d", "/e~1f"]);
    assert_eq!(read("7").unwrap().leaves().len(), 1);
}

#[test]
fn a_name_that_occurs_twice_is_refused_at_every_level() {
    for (text, place, at) in [
        (r#"{"a":1,"a":1}"#, "/a", 7),
        (r#"{"a":1,"\u0061":2}"#, "/a", 7),
        (r#"{"x":[0,{"y/z":{"k":1,"l":2,"k":3}}]}"#, "/x/1/y~1z/k", 28),
        (r#"{"":0,"":0}"#, "/", 6),
    ] {
        let found = read(text).unwrap_err();
        assert_eq!(found.at, at, "{text}");
        let JsonErrorKind::DuplicateMember { pointer, .. } = found.kind else {
            panic!("{text}: {found}")
        };
        assert_eq!(pointer.to_string(), place);
    }
    // names that only look alike are two names
    assert!(read("{\"\u{e9}\":1,\"e\u{301}\":2}").is_ok());
}

#[test]
fn the_first_of_many_duplicates_is_found() {
    let mut text: String = (0..2000).map(|n| format!("\"k{n}\":{n},")).collect();
    text.insert(0, '{');
    text.push_str(r#""k7":0,"k3":0}"#);
    let found = read(&text).unwrap_err();
    assert_eq!(
        found.kind,
        JsonErrorKind::DuplicateMember {
            name: "k7".into(),
            pointer: Pointer::parse("/k7").unwrap()
        }
    );
}

#[test]
fn half_a_character_is_refused() {
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\ud800""#,
        r#""\ud800x""#,
        r#""\ud83d\u0041""#,
        r#"{"\udfff":1}"#,
    ] {
        assert_eq!(error(text.as_bytes()), JsonErrorKind::LoneSurrogate, "{text}");
    }
    assert_eq!(read(r#""\ud83d\ude00""#).unwrap().as_str(), Some("😀"));
    assert_eq!(read(r#""\uDBFF\uDFFF""#).unwrap().as_str(), Some("\u{10FFFF}"));
}

#[test]
fn depth_is_counted_and_never_overflows_the_stack() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(&nested(64)).is_ok());
    assert_eq!(error(nested(65).as_bytes()), JsonErrorKind::TooDeep { limit: 64 });
    assert_eq!(
        error("[".repeat(200_000).as_bytes()),
        JsonErrorKind::TooDeep { limit: 64 }
    );
    assert_eq!(
        error("{\"a\":".repeat(200_000).as_bytes()),
        JsonErrorKind::TooDeep { limit: 64 }
    );
    let greedy = Limits {
        depth: usize::MAX,
        ..Limits::default()
    };
    let found = parse("[".repeat(200_000).as_bytes(), &greedy).unwrap_err();
    assert_eq!(found.kind, JsonErrorKind::TooDeep { limit: 512 });
    assert!(found.is_limit());
    assert!(parse(nested(512).as_bytes(), &greedy).unwrap().leaves().len() == 1);
}

#[test]
fn fields_of_all_levels_are_counted_together() {
    let limits = Limits {
        fields: 5,
        ..Limits::default()
    };
    assert!(parse(br#"{"a":[1,2,3],"b":4}"#, &limits).is_ok());
    let found = parse(br#"{"a":[1,2,3],"b":[4]}"#, &limits).unwrap_err();
    assert_eq!(found.kind, JsonErrorKind::TooManyFields { limit: 5 });
}

#[test]
fn errors_name_what_was_due_what_stands_there_and_where() {
    for (text, at, sentence) in [
        ("", 0, "there is no value, only white space (byte 0)"),
        (" \n", 2, "there is no value, only white space (byte 2)"),
        ("[1,]", 3, "expected a value, found ']' (byte 3)"),
        ("{\"a\" 1}", 5, "expected \":\", found '1' (byte 5)"),
        ("{a:1}", 1, "expected a member name in quotes, found 'a' (byte 1)"),
        ("[1", 2, "the text ends where \",\" or \"]\" is due (byte 2)"),
        (
            "\"a",
            2,
            "the text ends where the closing quote of a string is due (byte 2)",
        ),
        (
            "\"a\tb\"",
            2,
            "expected control characters to be escaped, found '\\t' (byte 2)",
        ),
        ("1 2", 2, "something follows the end of the value (byte 2)"),
        ("tru", 3, "the text ends where true is due (byte 3)"),
        ("nul1", 3, "expected null, found '1' (byte 3)"),
        ("[\u{e9}]", 1, "expected a value, found 'é' (byte 1)"),
        ("01", 1, "something follows the end of the value (byte 1)"),
        ("-x", 1, "expected a digit, found 'x' (byte 1)"),
    ] {
        let found = read(text).unwrap_err();
        assert_eq!((found.at, found.to_string().as_str()), (at, sentence), "{text:?}");
    }
    assert_eq!(error(b"\xEF\xBB\xBF{}"), JsonErrorKind::ByteOrderMark);
    assert_eq!(error(b"\"\xFF\""), JsonErrorKind::NotUtf8);
    assert_eq!(error(b"\"\xED\xA0\x80\""), JsonErrorKind::NotUtf8);
    assert_eq!(error(b"{}\0"), JsonErrorKind::TrailingBytes);
}

#[test]
fn integers_are_taken_as_spelled_or_not_at_all() {
    assert_eq!(read("18446744073709551615").unwrap().as_u64(), Some(u64::MAX));
    assert_eq!(read("-5").unwrap().as_i64(), Some(-5));
    for text in ["1.0", "1e3", "18446744073709551616", "-1", "\"1\""] {
        assert_eq!(read(text).unwrap().as_u64(), None, "{text}");
    }
}

/// Any JSON value as text, spelled freely.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(|n| format!("{n:?}")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6)
                .prop_map(|all| format!("[ {} ]", all.join(" ,\n"))),
            proptest::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|all| {
                let members: Vec<String> = all
                    .iter()
                    .map(|(name, value)| format!("{}\t: {value}", serde_json::to_string(name).unwrap()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_alike(text in any_json()) {
        let ours = read(&text).unwrap();
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert!(alike(&ours, &theirs), "{text}");
        // every span holds exactly the value it names
        for (_, leaf) in ours.leaves() {
            let part = leaf.span.of(text.as_bytes());
            let again = parse(part, &Limits::default()).unwrap();
            prop_assert_eq!(&again.kind, &leaf.kind);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, &Limits::default());
    }

    #[test]
    fn no_near_json_panics(text in r#"[\[\]{}:,"\\ue0-9a-f. \n-]{0,60}"#) {
        let _ = read(&text);
    }

    #[test]
    fn a_cut_text_is_refused_and_a_changed_one_never_panics(text in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let whole = text.trim_end();
        let place = at.index(whole.len());
        let head = whole.as_bytes().get(..place).unwrap();
        if whole.starts_with(['{', '[', '"']) {
            prop_assert!(parse(head, &Limits::default()).is_err());
        }
        let mut changed = whole.as_bytes().to_vec();
        changed[place] = byte;
        if let Err(error) = parse(&changed, &Limits::default()) {
            prop_assert!(error.at <= changed.len());
        }
    }
}

fn alike(ours: &Value<'_>, theirs: &serde_json::Value) -> bool {
    match (&ours.kind, theirs) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Kind::Number(a), serde_json::Value::Number(b)) => {
            // serde_json reads some doubles one step off
            let (a, b) = (a.parse::<f64>().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= a.abs() * 1e-15 + f64::MIN_POSITIVE
        }
        (Kind::String(a), serde_json::Value::String(b)) => a == b,
        (Kind::Array(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Kind::Object(a), serde_json::Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|member| {
                    b.get(member.name.as_ref())
                        .is_some_and(|b| alike(&member.value, b))
                })
        }
        _ => false,
    }
}

#[test]
fn a_run_of_plain_text_ends_where_byte_after_byte_says() {
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'"' | b'\\');
    // every byte at every place of an eight, beside every neighbour that may carry into it
    for byte in 0..=255_u8 {
        for place in 0..17 {
            for neighbour in [b' ', b'!', b'#', b'a', b'~', 0, 0xFF, byte] {
                let mut bytes = [b'a'; 19];
                bytes[place] = byte;
                bytes[place + 1] = neighbour;
                let slow = bytes.iter().position(|b| !is_plain(b)).unwrap_or(bytes.len());
                assert_eq!(plain_run(&bytes), slow, "{bytes:?}");
            }
        }
    }
}
