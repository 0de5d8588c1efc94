//! Canonical JSON: the bytes that an emitter hashed or signed.
//!
//! "JCS" on the label is often not RFC 8785 in the bytes. A [`Dialect`] names the five choices in which emitters
//! really differ; the constants are the combinations that are in use.

mod escape;
mod spelled;

use std::borrow::Cow;
use std::cmp::Ordering;

use thiserror::Error;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::json::{Kind, Member, Value};
use crate::number::{self, NumberError};

pub use spelled::{is_spelled, spelling};

/// The five choices of a canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// The order of members.
    pub sort: Sort,
    /// What stands between members and after a name.
    pub separators: Separators,
    /// Which characters of a string are escaped, and how.
    pub escape: Escape,
    /// How numbers are spelled.
    pub numbers: Numbers,
    /// Whether names and strings are brought to Unicode normalization form C before sorting and writing.
    pub nfc: bool,
}

/// The order of an object's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By UTF-16 code units (RFC 8785 section 3.2.3).
    Utf16,
    /// By code points, as Python sorts.
    CodePoint,
    /// By UTF-8 bytes, as Go and Rust sort. The same order as [`Sort::CodePoint`]; both names are in use.
    Utf8,
    /// As in the record.
    None,
}

/// What stands between members and after a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Separators {
    /// `,` and `:`
    Compact,
    /// `, ` and `: `, as Python writes unless told otherwise.
    Spaced,
}

/// Which characters of a string are escaped, and how. All escape `"` and `\`, and control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Escape {
    /// Only what must be (RFC 8785 section 3.2.2.2): `\b \t \n \f \r`, other controls as `\u00xx` in lower case.
    Utf8,
    /// Python's `ensure_ascii`: also U+007F and everything beyond ASCII as `\uxxxx`, lower case, surrogate pairs.
    PyAscii,
    /// Go's `encoding/json` (1.22 and later): also `<`, `>`, `&`, U+2028 and U+2029 as `\uxxxx`, lower case.
    GoHtml,
    /// .NET's `System.Text.Json`: the quote and everything beyond ASCII, U+007F and ``< > & + ' ` `` as `\uXXXX`,
    /// upper case.
    DotNet,
}

/// How numbers are spelled; see [`crate::number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Numbers {
    /// As in the record. Right when the export was written by the serializer that made the hash.
    Token,
    /// [`number::es6`], asked for by RFC 8785.
    Es6,
    /// [`number::py_repr`].
    PyRepr,
    /// [`number::orjson`].
    Orjson,
    /// [`number::serde`].
    Serde,
}

impl Dialect {
    /// RFC 8785, the JSON Canonicalization Scheme.
    pub const JCS: Dialect = Dialect {
        sort: Sort::Utf16,
        separators: Separators::Compact,
        escape: Escape::Utf8,
        numbers: Numbers::Es6,
        nfc: false,
    };

    /// Sorted, compact, UTF-8: `json.dumps(x, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`.
    pub const SCU: Dialect = Dialect {
        sort: Sort::CodePoint,
        numbers: Numbers::Token,
        ..Dialect::JCS
    };

    /// Sorted, compact, ASCII: `json.dumps(x, sort_keys=True, separators=(",", ":"))`.
    pub const SCA: Dialect = Dialect {
        escape: Escape::PyAscii,
        ..Dialect::SCU
    };

    /// Sorted, spaced, ASCII: `json.dumps(x, sort_keys=True)`.
    pub const SSA: Dialect = Dialect {
        separators: Separators::Spaced,
        ..Dialect::SCA
    };

    /// In the record's own order, compact, UTF-8: `JSON.stringify(x)`.
    pub const OCU: Dialect = Dialect {
        sort: Sort::None,
        ..Dialect::SCU
    };
}

/// Why a value has no canonical form in a dialect.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// A number cannot be spelled.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Two names of one object become equal under normalization form C.
    #[error("two members become the same name {name:?} in normalization form C")]
    NamesCollide {
        /// The name in form C.
        name: String,
    },
}

/// Appends the canonical bytes of `value` to `out`.
///
/// # Errors
/// [`CanonicalError`]; what was appended until then stays in `out`.
pub fn write(value: &Value<'_>, dialect: &Dialect, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match &value.kind {
        Kind::Null => out.extend_from_slice(b"null"),
        Kind::Bool(true) => out.extend_from_slice(b"true"),
        Kind::Bool(false) => out.extend_from_slice(b"false"),
        Kind::Number(token) => write_number(token, dialect.numbers, out)?,
        Kind::String(text) => write_string(text, dialect.escape, dialect.nfc, out),
        Kind::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    write_comma(dialect.separators, out);
                }
                write(element, dialect, out)?;
            }
            out.push(b']');
        }
        Kind::Object(members) => write_object(members, dialect, out)?,
    }
    Ok(())
}

/// The canonical bytes of `value`.
///
/// # Errors
/// [`CanonicalError`].
pub fn to_vec(value: &Value<'_>, dialect: &Dialect) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(value.span.len());
    write(value, dialect, &mut out)?;
    Ok(out)
}

/// Appends a string in quotes.
pub fn write_string(text: &str, escape: Escape, nfc: bool, out: &mut Vec<u8>) {
    out.push(b'"');
    escape::write_escaped(&normalized(text, nfc), escape, out);
    out.push(b'"');
}

/// Appends a number, given as the text of a JSON number.
///
/// # Errors
/// [`NumberError`]; never for [`Numbers::Token`].
pub fn write_number(token: &str, numbers: Numbers, out: &mut Vec<u8>) -> Result<(), NumberError> {
    let spelled = match numbers {
        Numbers::Token => {
            out.extend_from_slice(token.as_bytes());
            return Ok(());
        }
        Numbers::Es6 => number::es6(token)?,
        Numbers::PyRepr => number::py_repr(token)?,
        Numbers::Orjson => number::orjson(token)?,
        Numbers::Serde => number::serde(token)?,
    };
    out.extend_from_slice(spelled.as_bytes());
    Ok(())
}

/// Appends what stands between two members or elements.
pub fn write_comma(separators: Separators, out: &mut Vec<u8>) {
    out.extend_from_slice(separators.comma());
}

/// Appends what stands between a name and its value.
pub fn write_colon(separators: Separators, out: &mut Vec<u8>) {
    out.extend_from_slice(separators.colon());
}

impl Separators {
    /// The bytes between two members or elements.
    #[must_use]
    pub fn comma(self) -> &'static [u8] {
        match self {
            Separators::Compact => b",",
            Separators::Spaced => b", ",
        }
    }

    /// The bytes between a name and its value.
    #[must_use]
    pub fn colon(self) -> &'static [u8] {
        match self {
            Separators::Compact => b":",
            Separators::Spaced => b": ",
        }
    }
}

impl Sort {
    /// Compares two decoded names; [`Sort::None`] finds all equal, so that a stable sort keeps their order.
    #[must_use]
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Sort::Utf16 => compare_utf16(a, b),
            // UTF-8 was made so that bytes and code points sort alike.
            Sort::CodePoint | Sort::Utf8 => a.cmp(b),
            Sort::None => Ordering::Equal,
        }
    }
}

fn write_object(members: &[Member<'_>], dialect: &Dialect, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    let mut order: Vec<(Cow<'_, str>, &Value<'_>)> = members
        .iter()
        .map(|member| (normalized(&member.name, dialect.nfc), &member.value))
        .collect();
    if dialect.nfc {
        refuse_collisions(&order)?;
    }
    if !order.is_sorted_by(|(a, _), (b, _)| dialect.sort.compare(a, b).is_le()) {
        order.sort_by(|(a, _), (b, _)| dialect.sort.compare(a, b));
    }
    out.push(b'{');
    for (index, (name, value)) in order.iter().enumerate() {
        if index > 0 {
            write_comma(dialect.separators, out);
        }
        write_string(name, dialect.escape, false, out);
        write_colon(dialect.separators, out);
        write(value, dialect, out)?;
    }
    out.push(b'}');
    Ok(())
}

fn refuse_collisions(members: &[(Cow<'_, str>, &Value<'_>)]) -> Result<(), CanonicalError> {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    let twin = names.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some((*a).to_owned()),
        _ => None,
    });
    twin.map_or(Ok(()), |name| Err(CanonicalError::NamesCollide { name }))
}

pub(crate) fn normalized(text: &str, nfc: bool) -> Cow<'_, str> {
    if !nfc || text.is_ascii() || is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

fn compare_utf16(a: &str, b: &str) -> Ordering {
    let differing = a.bytes().zip(b.bytes()).find(|(x, y)| x != y);
    match differing {
        // Below U+E000 all three orders agree; the lead bytes EE and above are where they part.
        Some((x, y)) if x >= 0xEE || y >= 0xEE => a.encode_utf16().cmp(b.encode_utf16()),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests;
