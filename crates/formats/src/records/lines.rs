//! Records that stand one a line (JSON Lines).

use std::io::BufRead;

use super::{BYTE_ORDER_MARK, Line, LineAt, RecordsError};
use crate::limits::Limits;

/// Reads lines. Only LF ends one: a CR before it stays part of the line (JSON takes it for white space), U+2028 is
/// text. Lines of nothing but spaces, tabs and CR are counted and passed over.
pub struct Lines<R> {
    reader: R,
    limit: usize,
    line: u64,
    offset: u64,
    blank: u64,
    has_byte_order_mark: bool,
    ends_without_lf: bool,
    finished: bool,
}

/// What one physical line came to.
enum Taken {
    End,
    Whole,
    TooLong,
}

impl<R: BufRead> Lines<R> {
    /// Reads lines of at most `limits.line` bytes.
    pub fn new(reader: R, limits: &Limits) -> Self {
        Lines {
            reader,
            limit: limits.line,
            line: 0,
            offset: 0,
            blank: 0,
            has_byte_order_mark: false,
            ends_without_lf: false,
            finished: false,
        }
    }

    /// Reads the next line that is not blank into `into`, replacing what was there.
    ///
    /// # Errors
    /// [`RecordsError::LineTooLong`]: the line was skipped, reading goes on with the next call.
    /// [`RecordsError::Read`]: nothing more can be read; later calls give `None`.
    pub fn next_line(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        into.clear();
        self.append_line(into)
    }

    /// Reads the next line that is not blank, and appends it to `into`; what was there stays, also on an error.
    ///
    /// # Errors
    /// Those of [`Lines::next_line`].
    pub fn append_line(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        let start = into.len();
        let next = self.append(into, start);
        if !matches!(next, Ok(Some(_))) {
            into.truncate(start);
        }
        next
    }

    fn append(&mut self, into: &mut Vec<u8>, start: usize) -> Result<Option<LineAt>, RecordsError> {
        while !self.finished {
            into.truncate(start);
            self.pass_empty_lines()?;
            let mut at = LineAt {
                number: self.line + 1,
                offset: self.offset,
            };
            match self.take_line(into)? {
                Taken::End => self.finished = true,
                Taken::TooLong => {
                    return Err(RecordsError::LineTooLong {
                        line: at.number,
                        limit: self.limit,
                    });
                }
                Taken::Whole => {
                    let line = into.get(start..).unwrap_or_default();
                    if at.offset == 0 && line.starts_with(&BYTE_ORDER_MARK) {
                        self.has_byte_order_mark = true;
                        into.drain(start..start + BYTE_ORDER_MARK.len());
                        at.offset = BYTE_ORDER_MARK.len() as u64;
                    }
                    let line = into.get(start..).unwrap_or_default();
                    if line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
                        self.blank += 1;
                    } else {
                        return Ok(Some(at));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Blank lines passed over so far.
    pub fn blank(&self) -> u64 {
        self.blank
    }

    /// Physical lines read so far, blank and overlong ones too.
    pub fn physical(&self) -> u64 {
        self.line
    }

    /// Bytes read so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the stream begins with a byte order mark (EF BB BF); it is no part of the first line. Known once the
    /// first line was read.
    pub fn has_byte_order_mark(&self) -> bool {
        self.has_byte_order_mark
    }

    /// Whether the last line read was ended by the end of the stream and not by LF.
    pub fn ends_without_lf(&self) -> bool {
        self.ends_without_lf
    }

    /// Passes over the empty lines that stand next in the buffer, all at once: a packed file may unfold to millions.
    fn pass_empty_lines(&mut self) -> Result<(), RecordsError> {
        let empty = match self.reader.fill_buf() {
            Ok(chunk) => chunk.iter().take_while(|&&byte| byte == b'\n').count(),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => 0,
            Err(source) => return Err(self.broken_off(source)),
        };
        self.reader.consume(empty);
        self.line += empty as u64;
        self.blank += empty as u64;
        self.offset += empty as u64;
        Ok(())
    }

    fn broken_off(&mut self, source: std::io::Error) -> RecordsError {
        self.finished = true;
        RecordsError::Read {
            line: self.line + 1,
            offset: self.offset,
            source,
        }
    }

    /// Takes one physical line up to and with its LF; appends at most the limit of it.
    fn take_line(&mut self, into: &mut Vec<u8>) -> Result<Taken, RecordsError> {
        let mut length = 0_usize;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(self.broken_off(source)),
            };
            if chunk.is_empty() {
                if length == 0 {
                    return Ok(Taken::End);
                }
                self.ends_without_lf = true;
                break;
            }
            let end = memchr::memchr(b'\n', chunk);
            let piece = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            length = length.saturating_add(piece.len());
            if length <= self.limit {
                into.extend_from_slice(piece);
            }
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            self.offset += used as u64;
            if end.is_some() {
                break;
            }
        }
        self.line += 1;
        Ok(if length <= self.limit {
            Taken::Whole
        } else {
            Taken::TooLong
        })
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Line, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        match self.next_line(&mut bytes) {
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
