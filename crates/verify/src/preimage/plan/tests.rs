use proptest::prelude::*;
use tickmark_formats::json::Stencils;
use tickmark_formats::limits::Limits;

use super::*;
use crate::preimage::{Part, build};

const CHOICES: [&str; 5] = [
    "",
    "exclude = [\"/hash\"], ",
    "include = [\"z\", \"b\"], ",
    "include = [\"a?\", \"b\"], ",
    "of = \"/b\", ",
];
const FORMS: [&str; 8] = ["jcs", "scu", "sca", "ssa", "ocu", "go", "dotnet", "scu+nfc"];

fn parts(choice: &str, form: &str) -> Vec<Part> {
    let knobs = |sort: &str, escape: &str, num: &str, nfc: bool| {
        format!(
            "{{ sort = \"{sort}\", sep = [\",\", \":\"], escape = \"{escape}\", num = \"{num}\", nfc = {nfc} }}"
        )
    };
    let canon = match form {
        "go" => knobs("utf8", "go-html", "serde", false),
        "dotnet" => knobs("utf16", "dotnet", "token", false),
        "scu+nfc" => knobs("codepoint", "utf8", "token", true),
        name => format!("\"{name}\""),
    };
    #[derive(serde::Deserialize)]
    struct Parts {
        parts: Vec<Part>,
    }
    let text = format!("parts = [{{ json = {{ {choice}canon = {canon} }} }}]");
    toml::from_str::<Parts>(&text).unwrap().parts
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~&&[^\"\\\\]]{0,12}".prop_map(|text| format!("\"{text}\"")),
        3 => (0..2_000_000_u64).prop_map(|n| n.to_string()),
        1 => any::<u64>().prop_map(|n| n.to_string()),
        1 => any::<f64>().prop_map(|x| serde_json::to_string(&x).unwrap()),
        1 => ".{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        1 => Just("\"\\u0041\"".to_owned()),
        1 => Just("null".to_owned()),
        1 => Just("1.0".to_owned()),
        1 => Just("-0".to_owned()),
    ]
}

/// Records of two layouts, one of them in the order and with the separators of several forms.
fn record() -> impl Strategy<Value = String> {
    (any::<bool>(), prop::array::uniform5(scalar())).prop_map(|(is_sorted, [a, b, c, d, h])| {
        if is_sorted {
            format!(r#"{{"a":{a},"b":{{"c":{c},"d":{d}}},"hash":{h},"z":{b}}}"#)
        } else {
            format!(r#"{{"z": {b}, "hash": {h}, "b": {{"d": {d}, "c": {c}}}, "a": {a}}}"#)
        }
    })
}

proptest! {
    #[test]
    fn a_plan_writes_what_the_writer_writes(records in prop::collection::vec(record(), 2..24)) {
        let all: Vec<Vec<Part>> = CHOICES
            .iter()
            .flat_map(|choice| FORMS.iter().map(|form| parts(choice, form)))
            .collect();
        let limits = Limits::default();
        let mut stencils = Stencils::<Plans>::default();
        for text in &records {
            let text = text.as_bytes();
            let read = stencils.parse(text, &limits).unwrap();
            let plain = Material { record: read.value, text, line: text, previous: None, planned: None };
            let planned = Material {
                planned: read.memo.map(|plans| Planned { plans, plainness: read.plainness }),
                ..plain
            };
            for parts in &all {
                let (mut slow, mut fast) = (Vec::new(), Vec::new());
                prop_assert_eq!(build(parts, &plain, &mut slow), build(parts, &planned, &mut fast));
                prop_assert_eq!(String::from_utf8_lossy(&slow), String::from_utf8_lossy(&fast));
            }
        }
    }
}

#[test]
fn a_layout_in_canonical_form_has_a_plan() {
    let parts = parts("exclude = [\"/hash\"], ", "ssa");
    let [Part::Json(json)] = parts.as_slice() else {
        panic!("one part");
    };
    let mut stencils = Stencils::<Plans>::default();
    for (text, is_planned) in [
        (r#"{"b": {"c": 1, "d": "x"}, "hash": "0", "a": 1}"#, false),
        (r#"{"b": {"c": 2, "d": "y"}, "hash": "1", "a": 2}"#, true),
        (r#"{"b": {"c": 2, "d": "é"}, "hash": "1", "a": 2}"#, false),
    ] {
        let read = stencils.parse(text.as_bytes(), &Limits::default()).unwrap();
        let material = Material {
            record: read.value,
            text: text.as_bytes(),
            line: text.as_bytes(),
            previous: None,
            planned: None,
        };
        let planned = Planned {
            plans: read.memo.unwrap(),
            plainness: read.plainness,
        };
        let mut out = Vec::new();
        assert_eq!(planned.write(json, &material, &mut out), is_planned, "{text}");
        if is_planned {
            assert_eq!(out, br#"{"a": 2, "b": {"c": 2, "d": "y"}}"#);
        }
    }
}
