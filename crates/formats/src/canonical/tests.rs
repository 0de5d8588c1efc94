#![allow(clippy::unwrap_used, clippy::panic)]
use proptest::prelude::*;

use super::*;
use crate::json;
use crate::limits::Limits;

fn read(text: &str) -> Value<'_> {
    json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

fn written(text: &str, dialect: &Dialect) -> String {
    String::from_utf8(to_vec(&read(text), dialect).unwrap()).unwrap()
}

fn escaped(text: &str, escape: Escape) -> String {
    let mut out = Vec::new();
    write_string(text, escape, false, &mut out);
    String::from_utf8(out).unwrap()
}

const ALL: [Escape; 4] = [Escape::Utf8, Escape::PyAscii, Escape::GoHtml, Escape::DotNet];

#[test]
fn the_named_dialects_differ_where_they_should() {
    let text = r#"{ "b":1.0, "a":{"é":"\u00e9", "Z":null},"c":[1,true] }"#;
    assert_eq!(
        written(text, &Dialect::JCS),
        r#"{"a":{"Z":null,"é":"é"},"b":1,"c":[1,true]}"#
    );
    assert_eq!(
        written(text, &Dialect::SCU),
        r#"{"a":{"Z":null,"é":"é"},"b":1.0,"c":[1,true]}"#
    );
    assert_eq!(
        written(text, &Dialect::SCA),
        r#"{"a":{"Z":null,"\u00e9":"\u00e9"},"b":1.0,"c":[1,true]}"#
    );
    assert_eq!(
        written(text, &Dialect::SSA),
        r#"{"a": {"Z": null, "\u00e9": "\u00e9"}, "b": 1.0, "c": [1, true]}"#
    );
    assert_eq!(
        written(text, &Dialect::OCU),
        r#"{"b":1.0,"a":{"é":"é","Z":null},"c":[1,true]}"#
    );
    assert_eq!(written("{}", &Dialect::SSA), "{}");
    assert_eq!(written("[ ]", &Dialect::SSA), "[]");
}

#[test]
fn each_escape_has_its_own_table() {
    let text = "\u{0}\u{8}\t\n\u{b}\u{c}\r\u{1f} \"\\/<>&+'`\u{7f}\u{80}é\u{2028}\u{2029}😀";
    assert_eq!(
        escaped(text, Escape::Utf8),
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/<>&+'`\u{7f}\u{80}é\u{2028}\u{2029}😀\""
    );
    assert_eq!(
        escaped(text, Escape::PyAscii),
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/<>&+'`\\u007f\\u0080\\u00e9\\u2028\\u2029\\ud83d\\ude00\""
    );
    assert_eq!(
        escaped(text, Escape::GoHtml),
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\\u003c\\u003e\\u0026+'`\u{7f}\u{80}é\\u2028\\u2029😀\""
    );
    assert_eq!(
        escaped(text, Escape::DotNet),
        "\"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F \\u0022\\\\/\\u003C\\u003E\\u0026\\u002B\\u0027\\u0060\\u007F\\u0080\\u00E9\\u2028\\u2029\\uD83D\\uDE00\""
    );
    // other characters that begin with the byte E2 stay as they are in Go's dialect
    assert_eq!(
        escaped("€\u{2027}\u{2028}€", Escape::GoHtml),
        "\"€\u{2027}\\u2028€\""
    );
}

#[test]
fn utf_16_order_differs_from_code_points_only_beyond_the_surrogates() {
    let text = r#"{"\ue000":1,"\ud83d\ude00":2,"\uffff":3,"a":4}"#;
    assert_eq!(
        written(text, &Dialect::JCS),
        "{\"a\":4,\"😀\":2,\"\u{e000}\":1,\"\u{ffff}\":3}"
    );
    assert_eq!(
        written(text, &Dialect::SCU),
        "{\"a\":4,\"\u{e000}\":1,\"\u{ffff}\":3,\"😀\":2}"
    );
    let utf8 = Dialect {
        sort: Sort::Utf8,
        ..Dialect::SCU
    };
    assert_eq!(written(text, &utf8), written(text, &Dialect::SCU));
}

#[test]
fn normalization_comes_before_sorting_and_may_make_two_names_one() {
    let nfc = Dialect {
        nfc: true,
        ..Dialect::SCU
    };
    assert_eq!(
        written("{\"e\u{301}\":\"A\u{30a}\",\"f\":0}", &nfc),
        "{\"f\":0,\"é\":\"Å\"}"
    );
    assert_eq!(
        written("{\"e\u{301}\":0,\"f\":0}", &Dialect::SCU),
        "{\"e\u{301}\":0,\"f\":0}"
    );
    let text = "{\"e\u{301}\":1,\"é\":2}";
    let value = read(text);
    assert_eq!(
        to_vec(&value, &nfc),
        Err(CanonicalError::NamesCollide { name: "é".into() })
    );
    assert!(!is_spelled(&value, text.as_bytes(), &nfc));
}

#[test]
fn a_number_beyond_doubles_has_no_jcs_form_and_keeps_its_text_elsewhere() {
    assert!(matches!(
        to_vec(&read("[1e400]"), &Dialect::JCS),
        Err(CanonicalError::Number(_))
    ));
    assert_eq!(written("[1e400]", &Dialect::SCU), "[1e400]");
}

#[test]
fn a_text_in_canonical_form_is_recognised_where_it_stands() {
    for (text, dialect, expected) in [
        (r#"{"a":1,"b":[true,"é"]}"#, Dialect::JCS, true),
        (r#"{"a":1,"b":[true,"\u00e9"]}"#, Dialect::JCS, false),
        (r#"{"a": 1, "b": [true, "\u00e9"]}"#, Dialect::SSA, true),
        (r#"{"a": 1, "b": [true, "\u00E9"]}"#, Dialect::SSA, false),
        (r#"{"a":1.0}"#, Dialect::JCS, false),
        (r#"{"a":1.0}"#, Dialect::SCU, true),
        (r#"{"b":1,"a":2}"#, Dialect::SCU, false),
        (r#"{"b":1,"a":2}"#, Dialect::OCU, true),
        (r#"{"a":1 }"#, Dialect::SCU, false),
        (r#"{ }"#, Dialect::SCU, false),
        (r#"{}"#, Dialect::SCU, true),
        (r#"[1,2 ]"#, Dialect::SCU, false),
        (r#""a\/b""#, Dialect::SCU, false),
        (r#""a\\b""#, Dialect::SCU, true),
        (r#"null"#, Dialect::JCS, true),
        (r#"-0"#, Dialect::JCS, false),
    ] {
        let value = read(text);
        assert_eq!(is_spelled(&value, text.as_bytes(), &dialect), expected, "{text}");
        assert_eq!(spelling(&value, text.as_bytes(), &dialect).is_some(), expected);
    }
    // a value that was changed after reading is not what its span says
    let text = r#"{"a":1}"#;
    let mut value = read(text);
    if let Kind::Object(members) = &mut value.kind {
        members[0].value = Value::null();
    }
    assert!(!is_spelled(&value, text.as_bytes(), &Dialect::SCU));
    if let Kind::Object(members) = &mut value.kind {
        members.clear();
    }
    assert!(!is_spelled(&value, text.as_bytes(), &Dialect::SCU));
}

fn any_dialect() -> impl Strategy<Value = Dialect> {
    let sort = prop::sample::select(vec![Sort::Utf16, Sort::CodePoint, Sort::Utf8, Sort::None]);
    let separators = prop::sample::select(vec![Separators::Compact, Separators::Spaced]);
    let numbers = prop::sample::select(vec![
        Numbers::Token,
        Numbers::Es6,
        Numbers::PyRepr,
        Numbers::Orjson,
        Numbers::Serde,
    ]);
    (
        sort,
        separators,
        prop::sample::select(ALL.to_vec()),
        numbers,
        any::<bool>(),
    )
        .prop_map(|(sort, separators, escape, numbers, nfc)| Dialect {
            sort,
            separators,
            escape,
            numbers,
            nfc,
        })
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<i32>().prop_map(|n| serde_json::Value::from(f64::from(n) / 8.0)),
        any::<String>().prop_map(serde_json::Value::from),
        "[a-e\u{300}-\u{303}é<>&\u{2028}\u{7f}]{0,8}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|all| serde_json::Value::Object(all.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_spelled_and_writes_itself_again(value in any_value(), dialect in any_dialect()) {
        let text = value.to_string();
        let Ok(first) = to_vec(&read(&text), &dialect) else { return Ok(()) };
        let again = json::parse(&first, &Limits::default()).unwrap();
        prop_assert_eq!(to_vec(&again, &dialect).unwrap(), first.clone());
        let has_nfc_names = dialect.nfc && again.leaves().iter().any(|(place, _)| !place.to_string().is_ascii());
        prop_assert!(is_spelled(&again, &first, &dialect) || has_nfc_names);
    }

    #[test]
    fn spelled_and_written_never_disagree(value in any_value(), dialect in any_dialect(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let parsed = read(&text);
        if let Some(bytes) = spelling(&parsed, text.as_bytes(), &dialect) {
            prop_assert_eq!(to_vec(&parsed, &dialect).unwrap(), bytes);
        }
    }

    #[test]
    fn with_tokens_in_order_the_same_values_come_back(value in any_value(), escape in prop::sample::select(ALL.to_vec())) {
        let text = value.to_string();
        let dialect = Dialect { escape, ..Dialect::OCU };
        let bytes = to_vec(&read(&text), &dialect).unwrap();
        let back: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(back, value);
        if escape == Escape::Utf8 {
            prop_assert_eq!(bytes, text.into_bytes());
        }
    }

    #[test]
    fn utf_16_order_is_that_of_code_units(a in any::<String>(), b in any::<String>()) {
        let units = a.encode_utf16().cmp(b.encode_utf16());
        prop_assert_eq!(Sort::Utf16.compare(&a, &b), units);
    }
}
