//! Builds the bytes that a system hashed or signed, from a record and its profile's parts.

mod plan;

use std::borrow::Cow;

use tickmark_crypto::encoding as spelled;
use tickmark_formats::canonical::{self, Dialect, Sort};
use tickmark_formats::json::{Kind, Member, Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::number;
use tickmark_formats::pointer::{Pointer, array_index};

use crate::profile::{AllWord, As, DropNull, Encoding, Json, Part, Prefix, Previous};

pub use plan::{Planned, Plans};

/// What parts are built from.
#[derive(Clone, Copy)]
pub struct Material<'r> {
    /// The record.
    pub record: &'r Value<'r>,
    /// The text that it was parsed from.
    pub text: &'r [u8],
    /// Its received line: the same text, but for records that were opened first.
    pub line: &'r [u8],
    /// What the record before would be linked by, and how that is written.
    pub previous: Option<(&'r str, Option<&'r Encoding>)>,
    /// What is remembered of its layout.
    pub planned: Option<Planned<'r>>,
}

/// Why a preimage cannot be built. The record then does not fit its profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreimageError {
    /// A field that enters the preimage is absent.
    #[error("{pointer} is absent")]
    Absent {
        /// Its pointer.
        pointer: String,
    },
    /// A field cannot be written as the profile says.
    #[error("{pointer}: expected {expected}")]
    Form {
        /// Its pointer.
        pointer: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A value has no spelling in the profile's canonical form.
    #[error("{reason}")]
    Spelling {
        /// Why.
        reason: String,
    },
    /// What the record before would be linked by is not known. That is no fault of this record.
    #[error("there is no record before that can be read")]
    NoPrevious,
}

/// Appends the parts' bytes.
///
/// # Errors
/// When the record lacks a field or has it in another form.
pub fn build(parts: &[Part], material: &Material<'_>, out: &mut Vec<u8>) -> Result<(), PreimageError> {
    parts.iter().try_for_each(|part| {
        build_one(part, material, out)?;
        // many parts over one large record: more than is kept in memory for it
        if out.len() > LONGEST {
            return Err(PreimageError::Spelling {
                reason: format!("more than {LONGEST} bytes would be hashed"),
            });
        }
        Ok(())
    })
}

/// Longest preimage, in bytes: the longest record, every character of it escaped.
const LONGEST: usize = 128 << 20;

fn build_one(part: &Part, material: &Material<'_>, out: &mut Vec<u8>) -> Result<(), PreimageError> {
    match part {
        Part::Literal(text) => out.extend_from_slice(text.as_bytes()),
        Part::RawLine => out.extend_from_slice(material.line),
        // each signature of a token covers bytes of its own
        Part::SigningInput => {
            return Err(PreimageError::Form {
                pointer: String::new(),
                expected: "a signed token",
            });
        }
        Part::Previous(form) => {
            let (text, encoding) = material.previous.ok_or(PreimageError::NoPrevious)?;
            match form {
                Previous::Text => out.extend_from_slice(text.as_bytes()),
                Previous::Raw => {
                    let bytes = encoding
                        .and_then(|e| e.read(text))
                        .ok_or(PreimageError::NoPrevious)?;
                    out.extend_from_slice(&bytes);
                }
            }
        }
        Part::Field {
            pointer,
            spelled,
            default,
            prefix,
        } => {
            let bytes = field(material.record, pointer, *spelled, default.as_deref())?;
            if let Some(Prefix::U32be) = prefix {
                let length = u32::try_from(bytes.len()).map_err(|_| PreimageError::Form {
                    pointer: pointer.clone(),
                    expected: "fewer than 2^32 bytes",
                })?;
                out.extend_from_slice(&length.to_be_bytes());
            }
            out.extend_from_slice(&bytes);
        }
        Part::Digest {
            parts,
            alg,
            out: form,
        } => {
            let mut inner = Vec::new();
            build(parts, material, &mut inner)?;
            let digest = alg.of(&inner);
            match form {
                Previous::Raw => out.extend_from_slice(digest.as_bytes()),
                Previous::Text => out.extend_from_slice(digest.hex().as_bytes()),
            }
        }
        Part::Json(json) => write_json(json, material, out)?,
    }
    Ok(())
}

/// The text of a scalar: without quotes; numbers, booleans and null as in the file.
pub fn scalar<'v>(value: &'v Value<'_>) -> Option<Cow<'v, str>> {
    match &value.kind {
        Kind::String(text) => Some(Cow::Borrowed(text.as_ref())),
        Kind::Number(token) => Some(Cow::Borrowed(token)),
        Kind::Bool(true) => Some(Cow::Borrowed("true")),
        Kind::Bool(false) => Some(Cow::Borrowed("false")),
        Kind::Null | Kind::Array(_) | Kind::Object(_) => None,
    }
}

/// The value at a pointer, without an allocation where no name is escaped. A pointer that does not parse finds nothing;
/// profiles are checked when they are read.
pub fn at<'v, 'a>(value: &'v Value<'a>, pointer: &str) -> Option<&'v Value<'a>> {
    if pointer.contains('~') {
        return value.at(&Pointer::parse(pointer).ok()?);
    }
    if pointer.is_empty() {
        return Some(value);
    }
    let mut segments = pointer.strip_prefix('/')?.split('/');
    segments.try_fold(value, |here, segment| match &here.kind {
        Kind::Object(_) => here.get(segment),
        Kind::Array(elements) => elements.get(array_index(segment)?),
        _ => None,
    })
}

fn field(
    record: &Value<'_>,
    pointer: &str,
    form: As,
    default: Option<&str>,
) -> Result<Vec<u8>, PreimageError> {
    let present = at(record, pointer).filter(|value| !value.is_null());
    let Some(value) = present else {
        return default
            .map(|text| text.as_bytes().to_vec())
            .ok_or_else(|| PreimageError::Absent {
                pointer: pointer.to_owned(),
            });
    };
    let wrong = |expected| PreimageError::Form {
        pointer: pointer.to_owned(),
        expected,
    };
    let text = scalar(value).ok_or_else(|| wrong("text, a number or a truth value"))?;
    Ok(match form {
        As::Token => text.into_owned().into_bytes(),
        As::Pyrepr => number::py_repr(&text)
            .map_err(|_| wrong("a number"))?
            .into_bytes(),
        As::Es6 => number::es6(&text).map_err(|_| wrong("a number"))?.into_bytes(),
        As::IsoMs | As::PyIsoformat => instant(&text, form)
            .ok_or_else(|| wrong("an instant"))?
            .into_bytes(),
        As::HexBytes => spelled::unhex(after_prefix(&text)).map_err(|_| wrong("lower-case hex"))?,
        As::B64Bytes => spelled::unbase64(after_prefix(&text)).map_err(|_| wrong("base64"))?,
    })
}

fn after_prefix(text: &str) -> &str {
    text.rsplit_once(':').map_or(text, |(_, rest)| rest)
}

/// Writes an instant in another form. Accepts `T` or a space, `Z` or an offset. Digits finer than the form has would not be
/// hashed, so they must be zeros.
fn instant(text: &str, form: As) -> Option<String> {
    let joined = text.replacen(' ', "T", 1);
    let at = chrono::DateTime::parse_from_rfc3339(&joined).ok()?;
    let places = if form == As::IsoMs { 3 } else { 6 };
    let (_, fraction) = joined.split_once('.').unwrap_or_default();
    let mut finer = fraction.bytes().take_while(u8::is_ascii_digit).skip(places);
    if finer.any(|digit| digit != b'0') {
        return None;
    }
    Some(match form {
        As::IsoMs => at.to_utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        // Python leaves the fraction out when it is zero, and writes six digits otherwise
        _ if at.timestamp_subsec_micros() == 0 => at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        _ => at.format("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string(),
    })
}

fn write_json(json: &Json, material: &Material<'_>, out: &mut Vec<u8>) -> Result<(), PreimageError> {
    if material
        .planned
        .is_some_and(|planned| planned.write(json, material, out))
    {
        return Ok(());
    }
    let Some(base) = at(material.record, &json.of) else {
        return Err(PreimageError::Absent {
            pointer: json.of.clone(),
        });
    };
    let dialect = &json.canon.0;
    // two names may become one by normalization; only the canonical writer sees that
    let is_plain = is_plain_choice(json) && !dialect.nfc;
    if !is_plain {
        let mut value = match chosen(json, base)? {
            Some(members) => Value::made(Kind::Object(members.into_iter().cloned().collect())),
            None => base.clone(),
        };
        edit(json, &mut value)?;
        return write_value(&value, material.text, dialect, out);
    }
    match chosen(json, base)? {
        Some(members) => write_members(members, material.text, dialect, out),
        None => write_value(base, material.text, dialect, out),
    }
}

/// Whether members are only chosen, and nothing inside them is edited: the common and fast case.
fn is_plain_choice(json: &Json) -> bool {
    let is_top_level = |pointer: &String| pointer.matches('/').count() == 1 && !pointer.contains('~');
    json.set.is_empty()
        && json.default.is_empty()
        && json.reformat.is_empty()
        && matches!(json.drop_null, DropNull::None)
        && json.exclude.iter().all(is_top_level)
}

/// The members that are taken; `None` for the whole value.
fn chosen<'v, 'a>(json: &Json, base: &'v Value<'a>) -> Result<Option<Vec<&'v Member<'a>>>, PreimageError> {
    if json.include.is_none() && json.exclude.is_empty() {
        return Ok(None);
    }
    let members = base.members().ok_or_else(|| PreimageError::Form {
        pointer: json.of.clone(),
        expected: "an object",
    })?;
    let Some(include) = &json.include else {
        let is_out = |name: &str| json.exclude.iter().any(|p| p.strip_prefix('/') == Some(name));
        return Ok(Some(members.iter().filter(|m| !is_out(&m.name)).collect()));
    };
    let mut taken = Vec::with_capacity(include.len());
    for wanted in include {
        let (name, is_optional) = match wanted.strip_suffix('?') {
            Some(name) => (name, true),
            None => (wanted.as_str(), false),
        };
        match members.iter().find(|member| member.name == name) {
            Some(member) if is_optional && member.value.is_null() => {}
            Some(member) => taken.push(member),
            None if is_optional || json.default.contains_key(&format!("/{name}")) => {}
            None => {
                return Err(PreimageError::Absent {
                    pointer: format!("{}/{name}", json.of),
                });
            }
        }
    }
    Ok(Some(taken))
}

/// Members in the order of a dialect.
fn in_order<'v, 'a>(mut members: Vec<&'v Member<'a>>, dialect: &Dialect) -> Vec<&'v Member<'a>> {
    if dialect.sort != Sort::None {
        members.sort_by(|a, b| dialect.sort.compare(&a.name, &b.name));
    }
    members
}

fn write_members(
    members: Vec<&Member<'_>>,
    text: &[u8],
    dialect: &Dialect,
    out: &mut Vec<u8>,
) -> Result<(), PreimageError> {
    out.push(b'{');
    for (index, member) in in_order(members, dialect).into_iter().enumerate() {
        if index > 0 {
            canonical::write_comma(dialect.separators, out);
        }
        canonical::write_string(&member.name, dialect.escape, dialect.nfc, out);
        canonical::write_colon(dialect.separators, out);
        write_value(&member.value, text, dialect, out)?;
    }
    out.push(b'}');
    Ok(())
}

fn write_value(
    value: &Value<'_>,
    text: &[u8],
    dialect: &Dialect,
    out: &mut Vec<u8>,
) -> Result<(), PreimageError> {
    // most emitters write the file in the spelling that they hash
    if let Some(spelled) = canonical::spelling(value, text, dialect) {
        out.extend_from_slice(spelled);
        return Ok(());
    }
    canonical::write(value, dialect, out).map_err(|error| PreimageError::Spelling {
        reason: error.to_string(),
    })
}

/// A value as a part edits it before it is spelled; members are not chosen by `include`.
pub(crate) fn edited<'a>(json: &Json, base: &Value<'a>) -> Result<Value<'a>, PreimageError> {
    let mut value = base.clone();
    edit(json, &mut value)?;
    Ok(value)
}

fn edit<'a>(json: &Json, value: &mut Value<'a>) -> Result<(), PreimageError> {
    for pointer in &json.exclude {
        remove(value, pointer);
    }
    match &json.drop_null {
        DropNull::None => {}
        DropNull::All(AllWord::All) => drop_nulls(value),
        DropNull::Some(pointers) => {
            for pointer in pointers {
                if at(value, pointer).is_some_and(Value::is_null) {
                    remove(value, pointer);
                }
            }
        }
    }
    for (pointer, text) in &json.default {
        if at(value, pointer).is_none() {
            put(value, pointer, made(text)?);
        }
    }
    for (pointer, text) in &json.set {
        put(value, pointer, made(text)?);
    }
    for (pointer, form) in &json.reformat {
        let Some(text) = at(value, pointer).and_then(Value::as_str).map(str::to_owned) else {
            continue;
        };
        let written = instant(&text, *form).ok_or_else(|| PreimageError::Form {
            pointer: pointer.clone(),
            expected: "an instant",
        })?;
        put(value, pointer, Value::string(written));
    }
    Ok(())
}

/// A value of the profile's own JSON text.
fn made<'a>(text: &str) -> Result<Value<'a>, PreimageError> {
    let wrong = || PreimageError::Form {
        pointer: String::new(),
        expected: "a JSON text in the profile",
    };
    let parsed = parse(text.as_bytes(), &Limits::default()).map_err(|_| wrong())?;
    Ok(match &parsed.kind {
        Kind::Null => Value::null(),
        Kind::Bool(truth) => Value::made(Kind::Bool(*truth)),
        Kind::String(text) => Value::string(text.to_string()),
        _ => return Err(wrong()),
    })
}

fn drop_nulls(value: &mut Value<'_>) {
    match &mut value.kind {
        Kind::Object(members) => {
            members.retain(|member| !member.value.is_null());
            members
                .iter_mut()
                .for_each(|member| drop_nulls(&mut member.value));
        }
        Kind::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn parent<'v, 'a>(value: &'v mut Value<'a>, pointer: &str) -> Option<(&'v mut Vec<Member<'a>>, String)> {
    let pointer = Pointer::parse(pointer).ok()?;
    let (last, path) = pointer.segments().split_last()?;
    let mut here = value;
    for segment in path {
        here = match &mut here.kind {
            Kind::Object(members) => &mut members.iter_mut().find(|member| member.name == *segment)?.value,
            Kind::Array(items) => items.get_mut(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    match &mut here.kind {
        Kind::Object(members) => Some((members, last.clone())),
        _ => None,
    }
}

fn remove(value: &mut Value<'_>, pointer: &str) {
    if let Some((members, name)) = parent(value, pointer) {
        members.retain(|member| member.name != name);
    }
}

fn put<'a>(value: &mut Value<'a>, pointer: &str, new: Value<'a>) {
    if let Some((members, name)) = parent(value, pointer) {
        match members.iter_mut().find(|member| member.name == name) {
            Some(member) => member.value = new,
            None => {
                let span = new.span;
                members.push(Member {
                    name: Cow::Owned(name),
                    name_span: span,
                    value: new,
                });
            }
        }
    }
}

/// Whether joined parts can be read in two ways: a delimiter occurs inside a field before it.
pub fn is_ambiguous(parts: &[Part], record: &Value<'_>) -> bool {
    parts.windows(2).any(|pair| match pair {
        [
            Part::Field {
                pointer,
                spelled: As::Token,
                ..
            },
            Part::Literal(delimiter),
        ] if !delimiter.is_empty() => at(record, pointer)
            .and_then(Value::as_str)
            .is_some_and(|text| text.contains(delimiter.as_str())),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{As, instant};

    #[test]
    fn no_digit_of_an_instant_goes_unhashed() {
        let python = |text| instant(text, As::PyIsoformat);
        let written = |text: &str| Some(text.to_owned());
        assert_eq!(
            python("2026-11-23 15:02:17.869561Z"),
            written("2026-11-23T15:02:17.869561+00:00")
        );
        assert_eq!(
            python("2026-11-23T15:02:17.5000000+01:00"),
            written("2026-11-23T15:02:17.500000+01:00")
        );
        assert_eq!(python("2026-11-23T15:02:17.8695619Z"), None);
        assert_eq!(python("2026-11-23T15:02:17.8695610000001Z"), None);
        assert_eq!(
            instant("2026-11-23T15:02:17.5Z", As::IsoMs),
            written("2026-11-23T15:02:17.500Z")
        );
        assert_eq!(instant("2026-11-23T15:02:17.5001Z", As::IsoMs), None);
    }
}
