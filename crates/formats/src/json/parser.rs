//! The parser: one pass over the bytes, recursion bounded by the granted depth.

use std::borrow::Cow;

use super::{JsonError, JsonErrorKind, Kind, Member, Span, Value};
use crate::limits::Limits;
use crate::pointer::Pointer;

/// Parses `text` as exactly one JSON value (RFC 8259), white space around it allowed.
///
/// Refused beyond the grammar: a byte order mark, a member name that occurs twice in one object (names compared
/// after decoding), half a surrogate pair, nesting beyond `limits.depth`, more than `limits.fields` members and
/// elements in all.
///
/// # Errors
/// [`JsonError`] names what was expected, what was found and the byte.
pub fn parse<'a>(text: &'a [u8], limits: &Limits) -> Result<Value<'a>, JsonError> {
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError {
            kind: JsonErrorKind::TooLong {
                limit: u32::MAX as usize,
            },
            at: 0,
        });
    }
    if text.starts_with(BYTE_ORDER_MARK) {
        return Err(JsonError {
            kind: JsonErrorKind::ByteOrderMark,
            at: 0,
        });
    }
    let text = std::str::from_utf8(text).map_err(|error| JsonError {
        kind: JsonErrorKind::NotUtf8,
        at: error.valid_up_to(),
    })?;
    Parser::new(text, limits).whole()
}

/// Decodes one string token, quotes included. Used where only a name is needed.
pub(crate) fn string_token(token: &[u8]) -> Result<Cow<'_, str>, JsonError> {
    let text = std::str::from_utf8(token).map_err(|error| JsonError {
        kind: JsonErrorKind::NotUtf8,
        at: error.valid_up_to(),
    })?;
    let mut parser = Parser::new(text, &Limits::default());
    let (decoded, _) = parser.string("a string")?;
    Ok(decoded)
}

pub(super) struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    depth_limit: usize,
    fields: usize,
    fields_limit: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        Parser {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            depth_limit: limits.granted_depth(),
            fields: 0,
            fields_limit: limits.fields,
        }
    }

    /// A parser of what stands at `at` in `text`, which lies beside ASCII.
    pub(super) fn at(text: &'a str, at: usize) -> Self {
        Parser {
            at,
            ..Parser::new(text, &Limits::default())
        }
    }

    /// Reads one value that is no array and no object, without white space before it.
    pub(super) fn scalar(&mut self) -> Result<(Kind<'a>, Span), JsonError> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'"') => Kind::String(self.string("a string")?.0),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok((kind, self.span_from(start)))
    }

    /// Reads a text that is plain (see [`super::Plainness`]); `None`, and nothing is read, where none stands here.
    #[inline]
    pub(super) fn plain_text(&mut self) -> Option<Span> {
        let start = self.at;
        let inner = self.bytes.get(start..)?.strip_prefix(b"\"")?;
        let end = start + 1 + plain_run(inner);
        if self.bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(self.span_from(start))
    }

    /// Steps over these bytes where they stand next; the answer is where they begin.
    pub(super) fn pass(&mut self, literal: &[u8]) -> Option<u32> {
        let rest = self.bytes.get(self.at..)?;
        let start = u32::try_from(self.at).ok()?;
        rest.starts_with(literal).then(|| {
            self.at += literal.len();
            start
        })
    }

    /// Whether everything was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    fn whole(mut self) -> Result<Value<'a>, JsonError> {
        self.skip_space();
        if self.at == self.bytes.len() {
            return Err(self.error(JsonErrorKind::Empty));
        }
        let value = self.value()?;
        self.skip_space();
        if self.at < self.bytes.len() {
            return Err(self.error(JsonErrorKind::TrailingBytes));
        }
        Ok(value)
    }

    fn value(&mut self) -> Result<Value<'a>, JsonError> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object(self.object()?),
            Some(b'[') => Kind::Array(self.array()?),
            _ => {
                let (kind, span) = self.scalar()?;
                return Ok(Value { kind, span });
            }
        };
        Ok(Value {
            kind,
            span: self.span_from(start),
        })
    }

    fn object(&mut self) -> Result<Vec<Member<'a>>, JsonError> {
        self.enter()?;
        let mut members = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            return self.leave(members);
        }
        loop {
            self.count_field()?;
            let (name, name_span) = self.string("a member name in quotes")?;
            self.skip_space();
            self.expect(b':', "\":\"")?;
            self.skip_space();
            let value = self
                .value()
                .map_err(|error| error.inside(|| name.clone().into_owned()))?;
            members.push(Member {
                name,
                name_span,
                value,
            });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("\",\" or \"}\"")),
            }
            self.skip_space();
        }
        refuse_duplicates(&members)?;
        self.leave(members)
    }

    fn array(&mut self) -> Result<Vec<Value<'a>>, JsonError> {
        self.enter()?;
        let mut elements = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            return self.leave(elements);
        }
        loop {
            self.count_field()?;
            let index = elements.len();
            elements.push(self.value().map_err(|error| error.inside(|| index.to_string()))?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("\",\" or \"]\"")),
            }
            self.skip_space();
        }
        self.leave(elements)
    }

    /// Steps over the opening bracket, one level down.
    fn enter(&mut self) -> Result<(), JsonError> {
        if self.depth >= self.depth_limit {
            return Err(self.error(JsonErrorKind::TooDeep {
                limit: self.depth_limit,
            }));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Steps over the closing bracket, one level up.
    fn leave<T>(&mut self, contents: T) -> Result<T, JsonError> {
        self.depth -= 1;
        self.at += 1;
        Ok(contents)
    }

    fn count_field(&mut self) -> Result<(), JsonError> {
        if self.fields >= self.fields_limit {
            return Err(self.error(JsonErrorKind::TooManyFields {
                limit: self.fields_limit,
            }));
        }
        self.fields += 1;
        Ok(())
    }

    fn word(&mut self, word: &'static str, kind: Kind<'a>) -> Result<Kind<'a>, JsonError> {
        for due in word.bytes() {
            self.expect(due, word)?;
        }
        Ok(kind)
    }

    /// RFC 8259 section 6: `[-] int [frac] [exp]`.
    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.slice(start, self.at))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.unexpected("a digit"))
        } else {
            Ok(())
        }
    }

    /// RFC 8259 section 7. Returns the decoded text and the span with quotes.
    fn string(&mut self, expected: &'static str) -> Result<(Cow<'a, str>, Span), JsonError> {
        let start = self.at;
        self.expect(b'"', expected)?;
        let mut run = self.at;
        let mut decoded: Option<String> = None;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    let last = self.slice(run, self.at);
                    self.at += 1;
                    let text = match decoded {
                        None => Cow::Borrowed(last),
                        Some(head) => Cow::Owned(head + last),
                    };
                    return Ok((text, self.span_from(start)));
                }
                Some(b'\\') => {
                    let plain = self.slice(run, self.at);
                    let out = decoded.get_or_insert_with(String::new);
                    out.push_str(plain);
                    out.push(self.escape()?);
                    run = self.at;
                }
                Some(_) => return Err(self.unexpected("control characters to be escaped")),
                None => return Err(self.unexpected("the closing quote of a string")),
            }
        }
    }

    fn skip_plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += run(rest, |byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        self.at += 1;
        let plain = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(start);
            }
            _ => return Err(self.unexpected("one of \" \\ / b f n r t u after a backslash")),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonError> {
        let lone = JsonError {
            kind: JsonErrorKind::LoneSurrogate,
            at: start,
        };
        let first = self.four_hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let opens_a_pair = (0xD800..0xDC00).contains(&first);
        if !opens_a_pair || !self.bytes.get(self.at..).unwrap_or_default().starts_with(b"\\u") {
            return Err(lone);
        }
        self.at += 2;
        let second = self.four_hex()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(lone);
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(lone)
    }

    fn four_hex(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.unexpected("four hexadecimal digits"))?;
            self.at += 1;
        }
        Ok(code)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, due: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.peek() == Some(due) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected(expected))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The text between two positions that both lie beside ASCII, hence on character boundaries.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn span_from(&self, start: usize) -> Span {
        // `parse` admits no text longer than u32 counts.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start: offset(start),
            end: offset(self.at),
        }
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        self.error(found.map_or(JsonErrorKind::Truncated { expected }, |found| {
            JsonErrorKind::Unexpected { expected, found }
        }))
    }

    fn error(&self, kind: JsonErrorKind) -> JsonError {
        JsonError { kind, at: self.at }
    }
}

/// How many bytes of plain text stand first: ASCII from the blank to the tilde, without `"` and `\`. Looks at eight bytes
/// at once: with one more or less in each byte, its highest bit tells what it was. A byte above a carry may seem to end
/// the run, but never one below the first that does.
#[inline]
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        let word = u64::from_le_bytes(eight);
        let is_control = word.wrapping_sub(ONES * 0x20) & !word;
        let is_quote = is_zero(word ^ (ONES * u64::from(b'"')));
        let is_backslash = is_zero(word ^ (ONES * u64::from(b'\\')));
        let is_delete = is_zero(word ^ (ONES * 0x7F));
        let ends = (is_control | is_quote | is_backslash | is_delete | word) & HIGHS;
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'"' | b'\\');
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is_plain(byte)).unwrap_or(rest.len())
}

/// How many bytes stand before the first that `ends` a run. Sixteen at a time, which compilers turn into one comparison.
#[inline]
pub(crate) fn run(bytes: &[u8], ends: impl Fn(u8) -> bool) -> usize {
    let mut at = 0;
    for chunk in bytes.chunks_exact(16) {
        if chunk.iter().fold(false, |any, byte| any | ends(*byte)) {
            break;
        }
        at += 16;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len())
}

fn refuse_duplicates(members: &[Member<'_>]) -> Result<(), JsonError> {
    let second = if members.len() <= FEW_MEMBERS {
        members.iter().enumerate().find(|(index, member)| {
            members
                .iter()
                .take(*index)
                .any(|earlier| earlier.name == member.name)
        })
    } else {
        duplicate_among_many(members)
    };
    second.map_or(Ok(()), |(_, member)| {
        let name = member.name.clone().into_owned();
        let mut pointer = Pointer::root();
        pointer.push(name.as_str());
        let at = member.name_span.start as usize;
        Err(JsonError {
            kind: JsonErrorKind::DuplicateMember { name, pointer },
            at,
        })
    })
}

fn duplicate_among_many<'m, 'a>(members: &'m [Member<'a>]) -> Option<(usize, &'m Member<'a>)> {
    let mut order: Vec<(usize, &Member<'_>)> = members.iter().enumerate().collect();
    order.sort_by(|(i, a), (j, b)| a.name.cmp(&b.name).then(i.cmp(j)));
    let twins = order
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.1.name == b.1.name));
    twins
        .filter_map(|pair| pair.last().copied())
        .min_by_key(|(index, _)| *index)
}

/// Up to this many members, comparing each with each is cheaper than sorting.
const FEW_MEMBERS: usize = 12;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

#[cfg(test)]
mod tests;
