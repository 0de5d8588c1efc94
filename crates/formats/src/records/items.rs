//! Records that are the elements of an array inside one JSON document.
//!
//! The document is scanned once. Everything around the array is kept as the *envelope* (with the array written `[]`)
//! and parsed strictly at the end; every element is cut out by its brackets and quotes and left to the caller's
//! parser, which refuses what is not JSON inside it.

mod cut;
mod source;

use std::io::BufRead;

use super::{Line, LineAt, RecordsError};
use crate::json;
use crate::limits::Limits;
use crate::pointer::{Pointer, array_index};

use cut::Cut;
use source::Source;

/// Reads the elements of the array at a pointer, in bounded memory.
pub struct Items<R> {
    source: Source<R>,
    pointer: Pointer,
    limits: Limits,
    phase: Phase,
    /// Arrays and objects that are open around the records, outermost first.
    open: Vec<Open>,
    expect: Expect,
    envelope: Vec<u8>,
    found: bool,
    reached_end: bool,
    records: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Around,
    Records,
    Finished,
    Failed,
}

/// What the grammar allows next around the records.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    Colon,
    CommaOrEnd,
    EndOfDocument,
}

/// One array or object that is open around the records.
struct Open {
    is_object: bool,
    /// Whether it lies on the way to the records.
    on_way: bool,
    /// Whether the value that comes next in it lies on the way.
    next_on_way: bool,
    index: usize,
}

impl<R: BufRead> Items<R> {
    /// Reads the elements of the array at `pointer`; the empty pointer is the document itself.
    ///
    /// One element, and all the text around the array, may each have `limits.line` bytes.
    pub fn new(reader: R, pointer: Pointer, limits: &Limits) -> Self {
        Items {
            source: Source::new(reader),
            pointer,
            limits: limits.clone(),
            phase: Phase::Around,
            open: Vec::new(),
            expect: Expect::Value,
            envelope: Vec::new(),
            found: false,
            reached_end: false,
            records: 0,
        }
    }

    /// Reads the next element into `into`, replacing what was there: its bytes from the first to the last, without
    /// surrounding white space.
    ///
    /// `None` means that the whole document was read and the text around the records is strict JSON. Until then the
    /// records are what stands there, in a document that may still turn out to be none.
    ///
    /// # Errors
    /// [`RecordsError::RecordTooLong`]: the element was skipped, reading goes on with the next call. After any other
    /// error later calls give `None`.
    pub fn next_item(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        into.clear();
        let result = self.advance(into);
        if let Err(error) = &result {
            into.clear();
            if !error.is_passing() {
                self.phase = Phase::Failed;
            }
        }
        result
    }

    /// The text of the document with the array of records written as `[]`, once the whole document was read.
    pub fn envelope(&self) -> Option<&[u8]> {
        (self.phase == Phase::Finished).then_some(&self.envelope)
    }

    /// Whether there is nothing but white space: no document at all. Known once the end was reached.
    pub fn is_blank(&self) -> bool {
        self.reached_end && self.envelope.iter().all(u8::is_ascii_whitespace)
    }

    /// Records met so far, overlong ones too.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Bytes read so far.
    pub fn offset(&self) -> u64 {
        self.source.offset
    }

    /// Whether the document begins with a byte order mark (EF BB BF). Known once the first record was read.
    pub fn has_byte_order_mark(&self) -> bool {
        self.source.has_byte_order_mark
    }

    fn advance(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        if self.phase == Phase::Around {
            self.read_around()?;
        }
        if self.phase == Phase::Records {
            if let Some(at) = self.read_record(into)? {
                return Ok(Some(at));
            }
            self.phase = Phase::Around;
            self.read_around()?;
        }
        Ok(None)
    }

    /// Reads the text around the records: up to the array, or from behind it to the end of the document.
    fn read_around(&mut self) -> Result<(), RecordsError> {
        loop {
            let Some(byte) = self.next_around()? else {
                return self.finish();
            };
            match (self.expect, byte) {
                (Expect::EndOfDocument, _) => {
                    return Err(RecordsError::TrailingBytes {
                        line: self.source.line,
                        offset: self.source.offset,
                    });
                }
                (Expect::ValueOrEnd, b']') | (Expect::NameOrEnd, b'}') => self.close()?,
                (Expect::CommaOrEnd, b']' | b'}') => self.close()?,
                (Expect::CommaOrEnd, b',') => {
                    self.keep()?;
                    self.expect = self.after_comma();
                }
                (Expect::Colon, b':') => {
                    self.keep()?;
                    self.expect = Expect::Value;
                }
                (Expect::Name | Expect::NameOrEnd, b'"') => self.read_name()?,
                (Expect::Value | Expect::ValueOrEnd, _) => {
                    if self.is_on_way() && self.open.len() == self.pointer.segments().len() {
                        return self.enter_records(byte);
                    }
                    self.read_value(byte)?;
                }
                (expect, found) => return Err(self.source.unexpected(expect.in_words(), found)),
            }
        }
    }

    /// The next byte around the records that is not white space; white space goes into the envelope as it stands.
    fn next_around(&mut self) -> Result<Option<u8>, RecordsError> {
        while let Some(byte) = self.source.peek()? {
            let length = self.keep_space()?;
            if length == 0 {
                return Ok(Some(byte));
            }
        }
        Ok(None)
    }

    /// Moves the white space that stands next in the buffer into the envelope, all at once; says how much that was.
    fn keep_space(&mut self) -> Result<usize, RecordsError> {
        let room = self.limits.line - self.envelope.len().min(self.limits.line);
        let space = self.source.space()?;
        let length = space.len();
        if length > room {
            return Err(RecordsError::EnvelopeTooLong {
                limit: self.limits.line,
            });
        }
        self.envelope.extend_from_slice(space);
        self.source.consume(length);
        Ok(length)
    }

    /// Moves one byte into the envelope.
    fn keep(&mut self) -> Result<(), RecordsError> {
        if let Some(byte) = self.source.bump()? {
            self.keep_byte(byte)?;
        }
        Ok(())
    }

    fn keep_byte(&mut self, byte: u8) -> Result<(), RecordsError> {
        if self.envelope.len() >= self.limits.line {
            return Err(RecordsError::EnvelopeTooLong {
                limit: self.limits.line,
            });
        }
        self.envelope.push(byte);
        Ok(())
    }

    /// Whether the value that begins here lies on the way to the records.
    fn is_on_way(&self) -> bool {
        !self.found && self.open.last().is_none_or(|open| open.next_on_way)
    }

    fn enter_records(&mut self, byte: u8) -> Result<(), RecordsError> {
        if byte != b'[' {
            let (pointer, line) = (self.pointer.clone(), self.source.line);
            return Err(RecordsError::NotAnArray {
                pointer,
                line,
                found: char::from(byte),
            });
        }
        self.keep()?;
        self.keep_byte(b']')?;
        self.found = true;
        self.phase = Phase::Records;
        Ok(())
    }

    fn read_value(&mut self, byte: u8) -> Result<(), RecordsError> {
        match byte {
            b'{' | b'[' => self.open_one(byte == b'{'),
            b'"' => {
                self.read_string()?;
                self.expect = self.after_value();
                Ok(())
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') = self.source.peek()? {
                    self.keep()?;
                }
                self.expect = self.after_value();
                Ok(())
            }
            found => Err(self.source.unexpected("a value", found)),
        }
    }

    fn open_one(&mut self, is_object: bool) -> Result<(), RecordsError> {
        let limit = self.limits.granted_depth();
        if self.open.len() >= limit {
            return Err(RecordsError::TooDeep {
                limit,
                line: self.source.line,
            });
        }
        let on_way = self.is_on_way();
        self.keep()?;
        self.open.push(Open {
            is_object,
            on_way,
            next_on_way: false,
            index: 0,
        });
        if !is_object {
            self.choose_element();
        }
        self.expect = if is_object {
            Expect::NameOrEnd
        } else {
            Expect::ValueOrEnd
        };
        Ok(())
    }

    fn close(&mut self) -> Result<(), RecordsError> {
        let due = if self.open.last().is_some_and(|open| open.is_object) {
            b'}'
        } else {
            b']'
        };
        match self.source.peek()? {
            Some(found) if found != due => Err(self.source.unexpected("the bracket that closes", found)),
            _ => {
                self.keep()?;
                self.open.pop();
                self.expect = self.after_value();
                Ok(())
            }
        }
    }

    fn after_value(&self) -> Expect {
        if self.open.is_empty() {
            Expect::EndOfDocument
        } else {
            Expect::CommaOrEnd
        }
    }

    fn after_comma(&mut self) -> Expect {
        match self.open.last_mut() {
            Some(open) if !open.is_object => {
                open.index += 1;
                self.choose_element();
                Expect::Value
            }
            _ => Expect::Name,
        }
    }

    /// Settles whether the element that comes next in the innermost array lies on the way.
    fn choose_element(&mut self) {
        let depth = self.open.len();
        let segment = depth
            .checked_sub(1)
            .and_then(|index| self.pointer.segments().get(index));
        if let Some(open) = self.open.last_mut() {
            open.next_on_way = open.on_way && segment.and_then(|s| array_index(s)) == Some(open.index);
        }
    }

    fn read_name(&mut self) -> Result<(), RecordsError> {
        let start = self.envelope.len();
        self.read_string()?;
        let name = json::string_token(self.envelope.get(start..).unwrap_or_default())?;
        let segment = self
            .open
            .len()
            .checked_sub(1)
            .and_then(|index| self.pointer.segments().get(index));
        if let Some(open) = self.open.last_mut() {
            open.next_on_way = open.on_way && segment.is_some_and(|segment| *segment == name);
        }
        self.expect = Expect::Colon;
        Ok(())
    }

    /// Moves a string with its quotes into the envelope; its inside is judged with the envelope.
    fn read_string(&mut self) -> Result<(), RecordsError> {
        self.keep()?;
        loop {
            match self.source.peek()? {
                None => return Err(self.truncated()),
                Some(b'"') => return self.keep(),
                Some(b'\\') => {
                    self.keep()?;
                    self.keep()?;
                }
                Some(_) => self.keep()?,
            }
        }
    }

    /// Reads one record, or steps over the end of the array.
    fn read_record(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        let is_first = self.records == 0;
        self.source.skip_space()?;
        match (self.source.peek()?, is_first) {
            (Some(b']'), _) => {
                self.source.bump()?;
                self.expect = self.after_value();
                return Ok(None);
            }
            (_, true) => {}
            (Some(b','), false) => {
                self.source.bump()?;
                self.source.skip_space()?;
            }
            (Some(found), false) => {
                return Err(self.source.unexpected("\",\" or \"]\" after a record", found));
            }
            (None, false) => return Err(self.truncated()),
        }
        match self.source.peek()? {
            Some(found @ (b',' | b']' | b'}' | b':')) => Err(self.source.unexpected("a record", found)),
            Some(_) => self.cut_record(into).map(Some),
            None => Err(self.truncated()),
        }
    }

    fn cut_record(&mut self, into: &mut Vec<u8>) -> Result<LineAt, RecordsError> {
        let at = LineAt {
            number: self.source.line,
            offset: self.source.offset,
        };
        let mut cut = Cut::default();
        let mut length = 0_usize;
        while !cut.ended {
            let chunk = self.source.fill()?;
            if chunk.is_empty() {
                return Err(self.truncated());
            }
            let used = cut.take(chunk);
            length = length.saturating_add(used);
            if length <= self.limits.line {
                into.extend_from_slice(chunk.get(..used).unwrap_or_default());
            }
            self.source.consume(used);
        }
        self.records += 1;
        if length > self.limits.line {
            return Err(RecordsError::RecordTooLong {
                record: self.records,
                line: at.number,
                limit: self.limits.line,
            });
        }
        Ok(at)
    }

    fn finish(&mut self) -> Result<(), RecordsError> {
        self.reached_end = true;
        if self.expect != Expect::EndOfDocument && !self.is_blank() {
            return Err(self.truncated());
        }
        json::parse(&self.envelope, &self.limits)?;
        if !self.found {
            return Err(RecordsError::PointerNotFound {
                pointer: self.pointer.clone(),
            });
        }
        self.phase = Phase::Finished;
        Ok(())
    }

    fn truncated(&self) -> RecordsError {
        let record = if self.phase == Phase::Records {
            self.records + 1
        } else {
            self.records
        };
        RecordsError::Truncated {
            record,
            line: self.source.line,
            offset: self.source.offset,
        }
    }
}

impl<R: BufRead> Iterator for Items<R> {
    type Item = Result<Line, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        match self.next_item(&mut bytes) {
            Ok(None) => None,
            Ok(Some(at)) => Some(Ok(Line {
                number: at.number,
                offset: at.offset,
                bytes,
            })),
            Err(error) => Some(Err(error)),
        }
    }
}

impl Expect {
    fn in_words(self) -> &'static str {
        match self {
            Expect::Value => "a value",
            Expect::ValueOrEnd => "a value or \"]\"",
            Expect::Name => "a member name in quotes",
            Expect::NameOrEnd => "a member name in quotes or \"}\"",
            Expect::Colon => "\":\"",
            Expect::CommaOrEnd => "\",\" or a closing bracket",
            Expect::EndOfDocument => "the end of the document",
        }
    }
}
