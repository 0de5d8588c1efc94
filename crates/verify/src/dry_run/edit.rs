//! The edits: another value in every leaf, and records that are missing, twice or in another order.

use std::collections::BTreeMap;

use tickmark_formats::json::{Kind, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;

use super::copy::Copy;

/// One leaf of one record with another value.
pub(super) struct Change {
    /// Pattern of its pointer.
    pub field: String,
    /// Index of the record.
    pub record: usize,
    /// The record's text with it.
    pub text: Vec<u8>,
}

/// One change for each field: in a record of the middle that has it. Says how many fields were left out.
pub(super) fn fields(copy: &Copy, limits: &Limits) -> (Vec<Change>, u64) {
    let count = copy.records.len();
    let mut found: BTreeMap<String, Change> = BTreeMap::new();
    let mut left_out = 0;
    // from the middle outwards, so that a change has a record before and one after
    let order = (0..count).map(|n| {
        let (middle, step) = (count / 2, n.div_ceil(2));
        if n % 2 == 0 {
            middle.saturating_sub(step)
        } else {
            (middle + step).min(count - 1)
        }
    });
    for record in order {
        let text = copy.text(record);
        let Ok(value) = parse(text, limits) else { continue };
        for (place, leaf) in value.leaves() {
            let field = pattern(&place, &value);
            if found.contains_key(&field) {
                continue;
            }
            if found.len() >= MOST_FIELDS {
                left_out += 1;
                continue;
            }
            let token = String::from_utf8_lossy(leaf.span.of(text)).into_owned();
            let mut edited = text.get(..leaf.span.start as usize).unwrap_or_default().to_vec();
            edited.extend_from_slice(changed(leaf, &token).as_bytes());
            edited.extend_from_slice(text.get(leaf.span.end as usize..).unwrap_or_default());
            found.insert(
                field.clone(),
                Change {
                    field,
                    record,
                    text: edited,
                },
            );
        }
    }
    (found.into_values().collect(), left_out)
}

/// Orders of records: name, words, and which stand where.
pub(super) fn orders(count: usize) -> Vec<(&'static str, &'static str, Vec<usize>)> {
    let without = |out: usize| (0..count).filter(|index| *index != out).collect::<Vec<_>>();
    let mut all = Vec::new();
    if count < 2 {
        return all;
    }
    all.push(("drop_first", "leave out the first record", without(0)));
    let middle = count / 2;
    if count > 2 {
        all.push(("drop_middle", "leave out a record in the middle", without(middle)));
    }
    all.push(("drop_last", "leave out the last record", without(count - 1)));
    let mut swapped: Vec<usize> = (0..count).collect();
    swapped.swap(middle, middle - 1);
    all.push(("swap", "exchange two neighbours", swapped));
    let mut twice: Vec<usize> = (0..count).collect();
    twice.insert(middle, middle);
    all.push(("duplicate", "put a record in twice", twice));
    all
}

/// Another value in the place of a leaf: one of its kind, so that it is content that is changed and not form.
pub(super) fn changed(leaf: &Value<'_>, token: &str) -> String {
    match &leaf.kind {
        Kind::Null => "\"x\"".to_owned(),
        Kind::Bool(truth) => (!truth).to_string(),
        Kind::Number(text) => if *text == "7" { "8" } else { "7" }.to_owned(),
        Kind::String(_) => text_changed(token),
        Kind::Array(_) => "[1]".to_owned(),
        Kind::Object(_) => "{\"x\":1}".to_owned(),
    }
}

/// The first character, so that a time, a digest or a base64 text stays one of its kind where that can be.
fn text_changed(token: &str) -> String {
    let inside = token.get(1..token.len().saturating_sub(1)).unwrap_or_default();
    let rest = inside.get(1..).unwrap_or_default();
    match inside.chars().next() {
        Some('1') => format!("\"2{rest}\""),
        Some(first) if first.is_ascii_digit() => format!("\"1{rest}\""),
        Some('a') => format!("\"b{rest}\""),
        Some(first) if first.is_ascii_alphabetic() => format!("\"a{rest}\""),
        _ => format!("\"{inside}x\""),
    }
}

/// A pointer with `*` for array indices, as uncovered fields are told.
pub(super) fn pattern(place: &Pointer, record: &Value<'_>) -> String {
    let mut text = String::new();
    let mut here = Some(record);
    for segment in place.segments() {
        let is_array = here.is_some_and(Value::is_array);
        let step = Pointer::root().child(segment.as_str());
        text.push_str(&if is_array {
            "/*".to_owned()
        } else {
            step.to_string()
        });
        here = here.and_then(|value| value.at(&step));
    }
    text
}

/// Fields that are tried.
const MOST_FIELDS: usize = 100;
