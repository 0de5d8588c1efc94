//! A stream whose position and line are known.

use std::io::{BufRead, ErrorKind};

use super::super::{BYTE_ORDER_MARK, RecordsError};

/// The stream with its position.
pub(super) struct Source<R> {
    reader: R,
    pub(super) line: u64,
    pub(super) offset: u64,
    pub(super) has_byte_order_mark: bool,
}

impl<R: BufRead> Source<R> {
    pub(super) fn new(reader: R) -> Self {
        Source {
            reader,
            line: 1,
            offset: 0,
            has_byte_order_mark: false,
        }
    }

    pub(super) fn fill(&mut self) -> Result<&[u8], RecordsError> {
        loop {
            // asked twice because a borrowed chunk cannot leave a loop
            match self.reader.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(RecordsError::Read {
                        line: self.line,
                        offset: self.offset,
                        source,
                    });
                }
            }
        }
        let (line, offset) = (self.line, self.offset);
        self.reader
            .fill_buf()
            .map_err(|source| RecordsError::Read { line, offset, source })
    }

    pub(super) fn consume(&mut self, used: usize) {
        if let Ok(chunk) = self.reader.fill_buf() {
            let lines = chunk.iter().take(used).filter(|&&byte| byte == b'\n').count();
            self.line += lines as u64;
        }
        self.reader.consume(used);
        self.offset += used as u64;
    }

    pub(super) fn peek(&mut self) -> Result<Option<u8>, RecordsError> {
        if self.offset == 0 && !self.has_byte_order_mark {
            self.pass_byte_order_mark()?;
        }
        Ok(self.fill()?.first().copied())
    }

    pub(super) fn bump(&mut self) -> Result<Option<u8>, RecordsError> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.consume(1);
        }
        Ok(byte)
    }

    /// The mark's first byte cannot begin a JSON document, so it is safe to take the three one by one.
    fn pass_byte_order_mark(&mut self) -> Result<(), RecordsError> {
        for due in BYTE_ORDER_MARK {
            match self.fill()?.first().copied() {
                Some(byte) if byte == due => self.consume(1),
                Some(found) if self.offset > 0 => return Err(self.unexpected("a byte order mark", found)),
                _ => return Ok(()),
            }
        }
        self.has_byte_order_mark = true;
        Ok(())
    }

    /// The white space that stands next in the buffer.
    pub(super) fn space(&mut self) -> Result<&[u8], RecordsError> {
        let chunk = self.fill()?;
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let length = chunk.iter().take_while(|byte| is_space(byte)).count();
        Ok(chunk.get(..length).unwrap_or_default())
    }

    pub(super) fn skip_space(&mut self) -> Result<(), RecordsError> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek()? {
            self.consume(1);
        }
        Ok(())
    }

    pub(super) fn unexpected(&self, expected: &'static str, found: u8) -> RecordsError {
        RecordsError::Unexpected {
            expected,
            found: char::from(found),
            line: self.line,
            offset: self.offset,
        }
    }
}
