//! Whether a record's text already is its canonical form, so that its bytes can be hashed where they stand.

use super::{Dialect, Numbers, Sort, escape, normalized, write_number, write_string};
use crate::json::{Kind, Member, Span, Value};

/// The bytes of `value` in `text`, when they already are what [`super::write`] would write.
///
/// `text` must be the text that `value` was parsed from. No answer is wrong: `None` may only mean that the value was
/// made rather than read, or holds a name beyond ASCII in a dialect with normalization.
#[must_use]
pub fn spelling<'t>(value: &Value<'_>, text: &'t [u8], dialect: &Dialect) -> Option<&'t [u8]> {
    is_spelled(value, text, dialect).then(|| value.span.of(text))
}

/// Whether [`spelling`] has an answer.
#[must_use]
pub fn is_spelled(value: &Value<'_>, text: &[u8], dialect: &Dialect) -> bool {
    let token = value.span.of(text);
    match &value.kind {
        Kind::Null => token == b"null",
        Kind::Bool(true) => token == b"true",
        Kind::Bool(false) => token == b"false",
        Kind::Number(number) => number_is_spelled(number, token, dialect.numbers),
        Kind::String(string) => string_is_spelled(string, token, dialect),
        Kind::Array(elements) => elements_are_spelled(elements, value.span, text, dialect),
        Kind::Object(members) => members_are_spelled(members, value.span, text, dialect),
    }
}

fn elements_are_spelled(elements: &[Value<'_>], span: Span, text: &[u8], dialect: &Dialect) -> bool {
    let mut before: (u32, &[u8]) = (span.start, b"[");
    for element in elements {
        if between(text, before.0, element.span.start) != before.1 || !is_spelled(element, text, dialect) {
            return false;
        }
        before = (element.span.end, dialect.separators.comma());
    }
    closes(text, span, before.0, elements.is_empty(), b"[]", b"]")
}

fn members_are_spelled(members: &[Member<'_>], span: Span, text: &[u8], dialect: &Dialect) -> bool {
    let mut before: (u32, &[u8]) = (span.start, b"{");
    let mut last: Option<&str> = None;
    for member in members {
        let name: &str = &member.name;
        let in_order =
            last.is_none_or(|last| dialect.sort == Sort::None || dialect.sort.compare(last, name).is_lt());
        // normalization may make two names one; leave those to the writer
        if !in_order || (dialect.nfc && !name.is_ascii()) {
            return false;
        }
        let spelled = between(text, before.0, member.name_span.start) == before.1
            && string_is_spelled(name, member.name_span.of(text), dialect)
            && between(text, member.name_span.end, member.value.span.start) == dialect.separators.colon()
            && is_spelled(&member.value, text, dialect);
        if !spelled {
            return false;
        }
        before = (member.value.span.end, dialect.separators.comma());
        last = Some(name);
    }
    closes(text, span, before.0, members.is_empty(), b"{}", b"}")
}

/// Whether an array or object ends as it must: both brackets when it is empty, else the closing one.
fn closes(text: &[u8], span: Span, from: u32, is_empty: bool, both: &[u8], closing: &[u8]) -> bool {
    between(text, from, span.end) == if is_empty { both } else { closing }
}

fn number_is_spelled(number: &str, token: &[u8], numbers: Numbers) -> bool {
    if number.as_bytes() != token {
        return false;
    }
    let mut spelled = Vec::new();
    numbers == Numbers::Token || (write_number(number, numbers, &mut spelled).is_ok() && spelled == token)
}

fn string_is_spelled(string: &str, token: &[u8], dialect: &Dialect) -> bool {
    let [b'"', inner @ .., b'"'] = token else {
        return false;
    };
    // a string without escapes is borrowed from the text itself
    let is_unchanged = std::ptr::eq(inner, string.as_bytes()) || inner == string.as_bytes();
    if is_unchanged && escape::is_plain(string, dialect.escape) {
        return !dialect.nfc || normalized(string, true) == string;
    }
    let mut spelled = Vec::with_capacity(token.len());
    write_string(string, dialect.escape, dialect.nfc, &mut spelled);
    spelled == token
}

fn between(text: &[u8], start: u32, end: u32) -> &[u8] {
    text.get(start as usize..end as usize).unwrap_or_default()
}
