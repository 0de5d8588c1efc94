//! JSON as evidence: one value, read strictly (RFC 8259), with its text, order and byte ranges kept.
//!
//! Three things differ from a usual parser. A number stays the text it was. A member name that occurs twice in one
//! object is refused, because two readers would see two records. Half a surrogate pair is refused, because no
//! canonical form can write it.

mod error;
mod parser;
mod stencil;

use std::borrow::Cow;

use crate::pointer::{Pointer, array_index};

pub use error::{JsonError, JsonErrorKind};
pub use parser::parse;
pub(crate) use parser::{run, string_token};
pub use stencil::{Plainness, Read, Stencils};

/// A byte range `start..end` inside the text of the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes of `text` that this span names; empty when `text` is not the text it was read from.
    #[must_use]
    pub fn of<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A JSON value and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a> {
    /// What the value is.
    pub kind: Kind<'a>,
    /// Its bytes in the record's text, without surrounding white space; empty for a value that was made, not read.
    pub span: Span,
}

/// The six kinds of JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was spelled: `1.0`, `1`, `1e0` are three texts.
    Number(&'a str),
    /// A string, decoded. Borrowed where the text holds no escape.
    String(Cow<'a, str>),
    /// Elements in order.
    Array(Vec<Value<'a>>),
    /// Members in the order of the text; no name occurs twice.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// The name, decoded.
    pub name: Cow<'a, str>,
    /// The bytes of the name in the record's text, quotes included.
    pub name_span: Span,
    /// What the name stands for.
    pub value: Value<'a>,
}

impl<'a> Value<'a> {
    /// A value that was made rather than read; its span is empty.
    #[must_use]
    pub fn made(kind: Kind<'a>) -> Self {
        Value {
            kind,
            span: Span::default(),
        }
    }

    /// `null`, made.
    #[must_use]
    pub fn null() -> Self {
        Value::made(Kind::Null)
    }

    /// A string, made.
    #[must_use]
    pub fn string(text: impl Into<Cow<'a, str>>) -> Self {
        Value::made(Kind::String(text.into()))
    }

    /// The member of that name, when this is an object that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members()?
            .iter()
            .find(|member| member.name == name)
            .map(|member| &member.value)
    }

    /// The value at that place, when there is one.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<&Value<'a>> {
        pointer
            .segments()
            .iter()
            .try_fold(self, |value, segment| match &value.kind {
                Kind::Object(_) => value.get(segment),
                Kind::Array(elements) => elements.get(array_index(segment)?),
                _ => None,
            })
    }

    /// The text of a string, decoded.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// The text of a number, as spelled.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        if let Kind::Number(token) = &self.kind {
            Some(token)
        } else {
            None
        }
    }

    /// The number as an unsigned integer, when it is spelled as one (digits only) and fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        let token = self.as_number()?;
        // `+5` is no JSON number, so what parses here is digits only.
        token.parse().ok()
    }

    /// The number as a signed integer, when it is spelled as one (no fraction, no exponent) and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.parse().ok()
    }

    /// `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(truth) = self.kind {
            Some(truth)
        } else {
            None
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn elements(&self) -> Option<&[Value<'a>]> {
        if let Kind::Array(elements) = &self.kind {
            Some(elements)
        } else {
            None
        }
    }

    /// The members of an object, in the order of the text.
    #[must_use]
    pub fn members(&self) -> Option<&[Member<'a>]> {
        if let Kind::Object(members) = &self.kind {
            Some(members)
        } else {
            None
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether this is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// Whether this is an array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        matches!(self.kind, Kind::Array(_))
    }

    /// The word for this kind: `null`, `boolean`, `number`, `string`, `array`, `object`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number(_) => "number",
            Kind::String(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
        }
    }

    /// Every leaf with its place, in the order of the text: scalars, and arrays and objects that are empty.
    #[must_use]
    pub fn leaves(&self) -> Vec<(Pointer, &Value<'a>)> {
        let mut found = Vec::new();
        self.collect_leaves(&mut Pointer::root(), &mut found);
        found
    }

    fn collect_leaves<'v>(&'v self, place: &mut Pointer, found: &mut Vec<(Pointer, &'v Value<'a>)>) {
        match &self.kind {
            Kind::Array(elements) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    place.push(index.to_string());
                    element.collect_leaves(place, found);
                    place.pop();
                }
            }
            Kind::Object(members) if !members.is_empty() => {
                for member in members {
                    place.push(member.name.as_ref());
                    member.value.collect_leaves(place, found);
                    place.pop();
                }
            }
            _ => found.push((place.clone(), self)),
        }
    }
}
