//! A profile as TOML text.

use tickmark_formats::canonical::{Dialect, Escape, Numbers, Separators, Sort};

use crate::profile::{As, Canon, DropNull, Encoding, Genesis, Json, Part, Prefix, Previous, Spelling};

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // controls, and what would turn the order of the text around
            c if c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c) || c == '\u{feff}' => {
                out.push_str(&format!("\\U{:08X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of strings.
pub(super) fn list<S: AsRef<str>>(texts: &[S]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// An encoding: prefix, `+`, name.
pub(super) fn encoding(encoding: &Encoding) -> String {
    let name = match encoding.spelling {
        Spelling::Hex => "hex",
        Spelling::Base64 => "b64",
        Spelling::Base64Url => "b64url",
        Spelling::Base58 => "b58",
    };
    if encoding.prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{}+{name}", encoding.prefix)
    }
}

/// A value at a beginning.
pub(super) fn genesis(genesis: &Genesis) -> String {
    match genesis {
        Genesis::Absent => "absent".to_owned(),
        Genesis::Null => "null".to_owned(),
        Genesis::Text(text) => {
            let zeros = text.len() - text.trim_end_matches('0').len();
            if zeros > 8 {
                format!("={}0*{zeros}", text.trim_end_matches('0'))
            } else {
                format!("={text}")
            }
        }
    }
}

/// A list of parts.
pub(super) fn parts(parts: &[Part]) -> String {
    let written: Vec<String> = parts.iter().map(part).collect();
    let line = written.join(", ");
    if line.len() < 100 {
        format!("[{line}]")
    } else {
        format!("[\n  {},\n]", written.join(",\n  "))
    }
}

/// One part.
pub(super) fn part(part: &Part) -> String {
    match part {
        Part::Literal(text) => format!("{{ lit = {} }}", quoted(text)),
        Part::RawLine => "{ raw = \"line\" }".to_owned(),
        Part::SigningInput => "{ raw = \"jws\" }".to_owned(),
        Part::Previous(form) => format!("{{ prev = {} }}", quoted(previous(*form))),
        Part::Field {
            pointer,
            spelled,
            default,
            prefix,
        } => {
            let mut out = format!("{{ field = {}", quoted(pointer));
            if *spelled != As::Token {
                out.push_str(&format!(", as = {}", quoted(as_word(*spelled))));
            }
            if let Some(text) = default {
                out.push_str(&format!(", default = {}", quoted(text)));
            }
            if *prefix == Some(Prefix::U32be) {
                out.push_str(", len = \"u32be\"");
            }
            out.push_str(" }");
            out
        }
        Part::Digest {
            parts: inner,
            alg,
            out,
        } => format!(
            "{{ digest = [{}], alg = {}, out = {} }}",
            inner.iter().map(self::part).collect::<Vec<_>>().join(", "),
            quoted(alg.name()),
            quoted(previous(*out))
        ),
        Part::Json(of) => format!("{{ json = {} }}", json(of)),
        #[allow(unreachable_patterns)]
        // the language of profiles grows; the search proposes the parts above only
        _ => "{ lit = \"\" }".to_owned(),
    }
}

fn previous(form: Previous) -> &'static str {
    match form {
        Previous::Text => "text",
        Previous::Raw => "raw",
    }
}

fn as_word(spelled: As) -> &'static str {
    match spelled {
        As::Token => "token",
        As::Pyrepr => "pyrepr",
        As::Es6 => "es6",
        As::IsoMs => "iso-ms",
        As::PyIsoformat => "py-isoformat",
        As::HexBytes => "hex-bytes",
        As::B64Bytes => "b64-bytes",
    }
}

fn json(json: &Json) -> String {
    let mut inside = Vec::new();
    if !json.of.is_empty() {
        inside.push(format!("of = {}", quoted(&json.of)));
    }
    if let Some(names) = &json.include {
        inside.push(format!("include = {}", list(names)));
    }
    if !json.exclude.is_empty() {
        inside.push(format!("exclude = {}", list(&json.exclude)));
    }
    match &json.drop_null {
        DropNull::None => {}
        DropNull::All(_) => inside.push("drop_null = \"all\"".to_owned()),
        DropNull::Some(pointers) => inside.push(format!("drop_null = {}", list(pointers))),
    }
    for (name, map) in [("default", &json.default), ("set", &json.set)] {
        if !map.is_empty() {
            let pairs: Vec<String> = map
                .iter()
                .map(|(k, v)| format!("{} = {}", quoted(k), quoted(v)))
                .collect();
            inside.push(format!("{name} = {{ {} }}", pairs.join(", ")));
        }
    }
    if !json.reformat.is_empty() {
        let pairs: Vec<String> = json
            .reformat
            .iter()
            .map(|(k, v)| format!("{} = {}", quoted(k), quoted(as_word(*v))))
            .collect();
        inside.push(format!("reformat = {{ {} }}", pairs.join(", ")));
    }
    inside.push(format!("canon = {}", canon(&json.canon)));
    format!("{{ {} }}", inside.join(", "))
}

/// A canonical form: its short name, or the five knobs.
pub(super) fn canon(canon: &Canon) -> String {
    match short_name(&canon.0) {
        Some(name) => quoted(name),
        None => knobs(&canon.0),
    }
}

fn short_name(dialect: &Dialect) -> Option<&'static str> {
    let orjson = Dialect {
        numbers: Numbers::Orjson,
        ..Dialect::SCU
    };
    [
        ("jcs", Dialect::JCS),
        ("scu", Dialect::SCU),
        ("sca", Dialect::SCA),
        ("ssa", Dialect::SSA),
        ("ocu", Dialect::OCU),
        ("orjson", orjson),
    ]
    .into_iter()
    .find_map(|(name, of)| (of == *dialect).then_some(name))
}

fn knobs(dialect: &Dialect) -> String {
    let sort = match dialect.sort {
        Sort::Utf16 => "utf16",
        Sort::CodePoint => "codepoint",
        Sort::Utf8 => "utf8",
        Sort::None => "none",
    };
    let sep = match dialect.separators {
        Separators::Compact => "[\",\", \":\"]",
        Separators::Spaced => "[\", \", \": \"]",
    };
    let escape = match dialect.escape {
        Escape::Utf8 => "utf8",
        Escape::PyAscii => "py-ascii",
        Escape::GoHtml => "go-html",
        Escape::DotNet => "dotnet",
    };
    let num = match dialect.numbers {
        Numbers::Token => "token",
        Numbers::Es6 => "es6",
        Numbers::PyRepr => "pyrepr",
        Numbers::Orjson => "orjson",
        Numbers::Serde => "serde",
    };
    format!(
        "{{ sort = \"{sort}\", sep = {sep}, escape = \"{escape}\", num = \"{num}\", nfc = {} }}",
        dialect.nfc
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_read_back() {
        for dialect in super::super::form::dialects() {
            let text = format!(
                "preimage = [{{ json = {{ canon = {} }} }}]",
                canon(&Canon(dialect))
            );
            #[derive(serde::Deserialize)]
            struct Held {
                preimage: Vec<Part>,
            }
            let held: Held = toml::from_str(&text).unwrap();
            let [Part::Json(json)] = held.preimage.as_slice() else {
                panic!("{text}")
            };
            assert_eq!(json.canon.0, dialect, "{text}");
        }
    }

    #[test]
    fn texts_are_quoted() {
        for text in ["a\"b\\c\n\t\u{0}\u{1}\u{202e}\u{7f}é", "", "="] {
            let line = format!("x = {}", quoted(text));
            let read: toml::Table = toml::from_str(&line).unwrap();
            assert_eq!(read["x"].as_str(), Some(text));
            assert!(!line.contains('\u{202e}'));
        }
    }

    #[test]
    fn long_rows_of_zeros_are_counted() {
        assert_eq!(
            genesis(&Genesis::Text("sha256:".to_owned() + &"0".repeat(64))),
            "=sha256:0*64"
        );
        assert_eq!(genesis(&Genesis::Text("0".into())), "=0");
        assert_eq!(genesis(&Genesis::Text(String::new())), "=");
    }
}
