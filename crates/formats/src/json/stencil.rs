//! Records that are laid out like the one before: a log writes one shape again and again, and only its scalars change.
//!
//! A [`Stencil`] keeps a record's tree and what stands between its scalars. Where the next record has the same bytes
//! there, its scalars are read with the parser's own rules and put into the tree that is at hand. The outcome is the
//! value that [`parse`] would have given, without allocating a tree, comparing names or finding duplicates anew.

use std::borrow::Cow;

use super::parser::{Parser, parse};
use super::{JsonError, Kind, Span, Value};
use crate::limits::Limits;

/// A record's tree with the bytes between its scalars, and what its reader remembers of the layout.
struct Stencil<'a, M> {
    value: Value<'a>,
    memo: M,
    /// What is so of the scalars of the text that `value` stands for now.
    plainness: Plainness,
    /// One more than there are scalars: before the first, between two, behind the last.
    literals: Vec<&'a [u8]>,
    /// Where each literal begins in the text that `value` stands for now.
    starts: Vec<u32>,
    /// The same and the scalars of a text that is being tried.
    tried_starts: Vec<u32>,
    tried: Vec<Scalar<'a>>,
}

/// A scalar that was read. A plain text is told by its place alone: there is one in almost every member.
enum Scalar<'a> {
    PlainText(Span),
    Other(Kind<'a>, Span),
}

/// What is so of every scalar of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plainness {
    /// Every text is of ASCII from the blank to the tilde, without `"` and `\`, and stands in the record as it is.
    pub texts: bool,
    /// Every number is spelled with 1 to 15 digits and nothing else.
    pub numbers: bool,
}

impl<'a, M: Default> Stencil<'a, M> {
    fn of(text: &'a [u8], value: Value<'a>) -> Self {
        let mut scalars = Vec::new();
        scalars_of(&value, &mut scalars);
        let mut stencil = Stencil {
            value,
            memo: M::default(),
            plainness: Plainness::default(),
            literals: Vec::with_capacity(scalars.len() + 1),
            starts: Vec::with_capacity(scalars.len() + 1),
            tried_starts: Vec::with_capacity(scalars.len() + 1),
            tried: Vec::with_capacity(scalars.len()),
        };
        let mut start = 0;
        for span in scalars {
            stencil.push(
                text,
                Span {
                    start,
                    end: span.start,
                },
            );
            start = span.end;
        }
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        stencil.push(text, Span { start, end });
        stencil
    }

    fn push(&mut self, text: &'a [u8], literal: Span) {
        self.literals.push(literal.of(text));
        self.starts.push(literal.start);
    }

    /// Makes the tree that of `text`; on `false` nothing has changed, and only [`parse`] can tell what the text is.
    fn fit(&mut self, text: &'a [u8]) -> bool {
        let Ok(text) = std::str::from_utf8(text) else {
            return false;
        };
        let is_fitting = self.read(text);
        if is_fitting {
            let mut place = Place::first(text, &self.starts, &self.tried_starts);
            place.take(&mut self.value, &mut self.tried.drain(..));
            std::mem::swap(&mut self.starts, &mut self.tried_starts);
        }
        is_fitting
    }

    fn read(&mut self, text: &'a str) -> bool {
        self.tried.clear();
        self.tried_starts.clear();
        if u32::try_from(text.len()).is_err() {
            return false;
        }
        let mut parser = Parser::at(text, 0);
        self.plainness = Plainness {
            texts: true,
            numbers: true,
        };
        for (index, literal) in self.literals.iter().enumerate() {
            if index > 0 {
                let Some(scalar) = self.plainness.scalar(&mut parser) else {
                    return false;
                };
                self.tried.push(scalar);
            }
            let Some(start) = parser.pass(literal) else {
                return false;
            };
            self.tried_starts.push(start);
        }
        parser.is_at_end()
    }
}

impl Plainness {
    /// Reads a scalar, and notes whether it is plain.
    #[inline]
    fn scalar<'a>(&mut self, parser: &mut Parser<'a>) -> Option<Scalar<'a>> {
        match parser.plain_text() {
            Some(span) => Some(Scalar::PlainText(span)),
            None => self.other(parser),
        }
    }

    fn other<'a>(&mut self, parser: &mut Parser<'a>) -> Option<Scalar<'a>> {
        let (kind, span) = parser.scalar().ok()?;
        match &kind {
            Kind::String(_) => self.texts = false,
            Kind::Number(token) => {
                self.numbers &= token.len() <= 15 && token.bytes().all(|byte| byte.is_ascii_digit());
            }
            _ => {}
        }
        Some(Scalar::Other(kind, span))
    }
}

/// The spans of scalars in the order of the text. An empty array or object is none: nothing in it can change.
fn scalars_of(value: &Value<'_>, spans: &mut Vec<Span>) {
    match &value.kind {
        Kind::Array(elements) => elements.iter().for_each(|element| scalars_of(element, spans)),
        Kind::Object(members) => members.iter().for_each(|member| scalars_of(&member.value, spans)),
        _ => spans.push(value.span),
    }
}

/// A walk over a tree in the order of the text, moving every position from one text to another.
struct Place<'s, 'a> {
    /// The text to which the tree moves.
    text: &'a str,
    /// How far the present literal moves, modulo 2^32.
    distance: u32,
    /// Where it and those behind it begin, in the one text and in the other.
    literals: std::iter::Zip<std::slice::Iter<'s, u32>, std::slice::Iter<'s, u32>>,
}

impl<'s, 'a> Place<'s, 'a> {
    fn first(text: &'a str, from: &'s [u32], to: &'s [u32]) -> Self {
        let mut place = Place {
            text,
            distance: 0,
            literals: from.iter().zip(to),
        };
        place.next_literal();
        place
    }

    fn next_literal(&mut self) {
        if let Some((from, to)) = self.literals.next() {
            self.distance = to.wrapping_sub(*from);
        }
    }

    /// A position inside the present literal; it keeps its distance from where the literal begins.
    fn moved(&self, position: u32) -> u32 {
        position.wrapping_add(self.distance)
    }

    fn take(&mut self, value: &mut Value<'a>, scalars: &mut impl Iterator<Item = Scalar<'a>>) {
        value.span.start = self.moved(value.span.start);
        match &mut value.kind {
            Kind::Array(elements) => {
                for element in elements {
                    self.take(element, scalars);
                }
            }
            Kind::Object(members) => {
                for member in members {
                    member.name_span.start = self.moved(member.name_span.start);
                    member.name_span.end = self.moved(member.name_span.end);
                    self.take(&mut member.value, scalars);
                }
            }
            _ => {
                match scalars.next() {
                    Some(Scalar::PlainText(span)) => {
                        let inner = span.start as usize + 1..span.end as usize - 1;
                        value.kind = Kind::String(Cow::Borrowed(self.text.get(inner).unwrap_or_default()));
                        value.span = span;
                    }
                    Some(Scalar::Other(kind, span)) => *value = Value { kind, span },
                    None => {}
                }
                self.next_literal();
                return;
            }
        }
        value.span.end = self.moved(value.span.end);
    }
}

/// Reads records one after another, each as [`parse`] would. `M` is what a reader wants to remember of a layout.
#[derive(Default)]
pub struct Stencils<'a, M = ()> {
    /// The layouts that were met last, the latest first.
    known: Vec<Stencil<'a, M>>,
    /// The last record, where no layout is kept.
    single: Option<Value<'a>>,
    /// How many records in a row fitted none.
    missed: usize,
}

/// A record that was read.
pub struct Read<'s, 'a, M> {
    /// The record.
    pub value: &'s Value<'a>,
    /// Whether it has the names, nesting and bytes between scalars of a record that was read before.
    pub is_known: bool,
    /// What is so of its scalars; nothing is said of a record whose layout was not known.
    pub plainness: Plainness,
    /// What is remembered of its layout; a new one has a memo of its own.
    pub memo: Option<&'s M>,
}

impl<'a, M: Default> Stencils<'a, M> {
    /// Reads a record.
    ///
    /// # Errors
    /// Those of [`parse`].
    pub fn parse(&mut self, text: &'a [u8], limits: &Limits) -> Result<Read<'_, 'a, M>, JsonError> {
        let fitting = self.known.iter_mut().position(|stencil| stencil.fit(text));
        let is_known = fitting.is_some();
        match fitting {
            Some(at) => {
                self.missed = 0;
                self.bring_forward(at);
            }
            None => {
                let value = parse(text, limits)?;
                self.missed += 1;
                if self.missed <= MOST_MISSED {
                    self.known.truncate(MOST_KNOWN - 1);
                    self.known.insert(0, Stencil::of(text, value));
                } else {
                    // these records have nothing in common: a layout of each would only cost
                    self.known.clear();
                    self.single = Some(value);
                }
            }
        }
        Ok(match (self.known.first(), &self.single) {
            (Some(stencil), _) => Read {
                value: &stencil.value,
                is_known,
                plainness: stencil.plainness,
                memo: Some(&stencil.memo),
            },
            (None, single) => Read {
                value: single.as_ref().unwrap_or(&NOTHING),
                is_known,
                plainness: Plainness::default(),
                memo: None,
            },
        })
    }

    fn bring_forward(&mut self, at: usize) {
        if at > 0 {
            self.known[..=at].rotate_right(1);
        }
    }
}

const NOTHING: Value<'static> = Value {
    kind: Kind::Null,
    span: Span { start: 0, end: 0 },
};

/// Most layouts at hand. Logs take turns with few kinds of record.
const MOST_KNOWN: usize = 8;

/// After this many records in a row without a known layout none is kept any more.
const MOST_MISSED: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all<'a>(texts: &[&'a str]) -> Vec<(Result<Value<'a>, JsonError>, bool)> {
        let mut stencils = Stencils::<()>::default();
        let limits = Limits::default();
        texts
            .iter()
            .map(|text| match stencils.parse(text.as_bytes(), &limits) {
                Ok(read) => (Ok(read.value.clone()), read.is_known),
                Err(error) => (Err(error), false),
            })
            .collect()
    }

    /// Every text comes out as [`parse`] has it, spans too; the answer says which had a known layout.
    fn known(texts: &[&str]) -> Vec<bool> {
        let read = read_all(texts);
        for (text, (value, _)) in texts.iter().zip(&read) {
            assert_eq!(value, &parse(text.as_bytes(), &Limits::default()), "{text}");
        }
        read.iter().map(|(_, is_known)| *is_known).collect()
    }

    #[test]
    fn records_of_one_layout_are_read_into_one_tree() {
        let texts = [
            r#"{"a": 1, "b": {"c": "x", "d": [true, {}, []]}, "é": null} "#,
            r#"{"a": -2.5e+10, "b": {"c": "a longer \n text ☃", "d": [null, {}, []]}, "é": "\u0041"} "#,
            r#"{"a": "", "b": {"c": 0, "d": [false, {}, []]}, "é": 1} "#,
        ];
        assert_eq!(known(&texts), [false, true, true]);
    }

    #[test]
    fn another_layout_is_parsed_and_kept_beside() {
        let (one, two) = (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#);
        let texts = [one, two, one, r#"{"a":1, "b":2}"#, two, one];
        assert_eq!(known(&texts), [false, false, true, false, true, true]);
    }

    #[test]
    fn what_is_no_json_is_told_as_ever_and_spoils_nothing() {
        let texts = [
            r#"{"a":1,"b":"x"}"#,
            r#"{"a":01,"b":"x"}"#,
            r#"{"a":1,"b":"x"}}"#,
            r#"{"a":1,"b":"x"#,
            r#"{"a":1,"b":"\ud800"}"#,
            r#"{"a":{},"b":"x"}"#,
            r#"{"a":1x,"b":"x"}"#,
            r#"{"a":[1],"b":"x"}"#,
            r#"{"a":tru,"b":"x"}"#,
            r#"{"a":3,"b":"y"}"#,
        ];
        assert_eq!(known(&texts).last(), Some(&true));
    }

    #[test]
    fn scalars_alone_and_empty_containers_are_layouts_too() {
        assert_eq!(
            known(&["1", "\"two\"", " 3", "{}", "[]", "{}"]),
            [false, true, false, false, false, true]
        );
    }

    #[test]
    fn records_without_anything_in_common_are_only_parsed() {
        let texts: Vec<String> = (0..200).map(|n| format!(r#"{{"k{n}":{n}}}"#)).collect();
        let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        texts.push(texts[199]);
        assert!(known(&texts).iter().all(|is_known| !is_known));
    }

    #[test]
    fn plain_is_what_every_form_spells_alike() {
        let plainness = |second: &str| {
            let mut stencils = Stencils::<()>::default();
            let (first, second) = (
                r#"{"a":0,"b":0}"#.to_owned(),
                format!(r#"{{"a":{second},"b":"x"}}"#),
            );
            stencils.parse(first.as_bytes(), &Limits::default()).unwrap();
            let read = stencils.parse(second.as_bytes(), &Limits::default()).unwrap();
            assert!(read.is_known);
            (read.plainness.texts, read.plainness.numbers)
        };
        assert_eq!(plainness(r#"" a text~""#), (true, true));
        assert_eq!(plainness("123456789012345"), (true, true));
        for number in ["1234567890123456", "-1", "1.0", "1e3"] {
            assert_eq!(plainness(number), (true, false), "{number}");
        }
        for text in [
            "\"a\\\"\"",
            "\"\\u0041\"",
            "\"é\"",
            "\"\u{7f}\"",
            "\"12345678901234é\"",
        ] {
            assert_eq!(plainness(text), (false, true), "{text}");
        }
    }

    fn scalar() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            any::<f64>().prop_map(|x| serde_json::to_string(&x).unwrap()),
            ".{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
            Just("true".to_owned()),
            Just("null".to_owned()),
            Just("{}".to_owned()),
            Just("01".to_owned()),
            Just("\"open".to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_as_parse_reads_it(rows in prop::collection::vec(prop::array::uniform4(scalar()), 1..12)) {
            let texts: Vec<String> = rows
                .iter()
                .map(|[a, b, c, d]| format!(r#"{{"a":{a}, "b":[{b},{{"c" :{c}}}],"d":{d}}}"#))
                .collect();
            known(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
