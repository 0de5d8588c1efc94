//! Records that are rows of CSV text (RFC 4180): a row ends at a line end outside quotes.

use std::io::{BufRead, ErrorKind};

use super::{BYTE_ORDER_MARK, LineAt, RecordsError};
use crate::limits::Limits;

/// Cuts rows out of a stream, in bounded memory. Fields are not read: a row's bytes stay as they are.
pub struct Rows<R> {
    reader: R,
    limit: usize,
    line: u64,
    offset: u64,
    failed: bool,
}

impl<R: BufRead> Rows<R> {
    /// One row may have `limits.line` bytes.
    pub fn new(reader: R, limits: &Limits) -> Self {
        Rows {
            reader,
            limit: limits.line,
            line: 1,
            offset: 0,
            failed: false,
        }
    }

    /// Reads the next row into `into`, replacing what was there: its bytes without the line end (LF or CRLF). Rows without
    /// a byte are passed over. `None` at the end.
    ///
    /// # Errors
    /// [`RecordsError::LineTooLong`]: the row was skipped, reading goes on with the next call. [`RecordsError::Truncated`]
    /// when the text ends inside quotes. After any but the first later calls give `None`.
    pub fn next_row(&mut self, into: &mut Vec<u8>) -> Result<Option<LineAt>, RecordsError> {
        while !self.failed {
            let at = LineAt {
                number: self.line,
                offset: self.offset,
            };
            match self.cut(into, at) {
                Ok(false) => return Ok(None),
                Ok(true) if into.is_empty() => {}
                Ok(true) => return Ok(Some(self.without_mark(into, at))),
                Err(error) => {
                    into.clear();
                    self.failed = !error.is_passing();
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// A byte order mark is no part of the first row.
    fn without_mark(&self, into: &mut Vec<u8>, mut at: LineAt) -> LineAt {
        if at.offset == 0 && into.starts_with(&BYTE_ORDER_MARK) {
            into.drain(..BYTE_ORDER_MARK.len());
            at.offset = BYTE_ORDER_MARK.len() as u64;
        }
        at
    }

    /// Takes one row; false at the end of the stream.
    fn cut(&mut self, into: &mut Vec<u8>, at: LineAt) -> Result<bool, RecordsError> {
        into.clear();
        let (mut length, mut is_quoted) = (0_usize, false);
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(source) => {
                    return Err(RecordsError::Read {
                        line: self.line,
                        offset: self.offset,
                        source,
                    });
                }
            };
            if chunk.is_empty() && is_quoted {
                return Err(RecordsError::Truncated {
                    record: at.number,
                    line: self.line,
                    offset: self.offset,
                });
            }
            let is_end = chunk.is_empty();
            let mut used = chunk.len();
            let mut ended = is_end;
            for (index, byte) in chunk.iter().enumerate() {
                match byte {
                    // two quotes for one inside quotes turn it off and on again
                    b'"' => is_quoted = !is_quoted,
                    b'\n' => {
                        self.line += 1;
                        if !is_quoted {
                            used = index + 1;
                            ended = true;
                            break;
                        }
                    }
                    _ => {}
                }
            }
            length = length.saturating_add(used);
            if length <= self.limit {
                into.extend_from_slice(chunk.get(..used).unwrap_or_default());
            }
            self.reader.consume(used);
            self.offset += used as u64;
            if !ended {
                continue;
            }
            if length > self.limit {
                return Err(RecordsError::LineTooLong {
                    line: at.number,
                    limit: self.limit,
                });
            }
            if into.last() == Some(&b'\n') {
                into.pop();
                if into.last() == Some(&b'\r') {
                    into.pop();
                }
            }
            return Ok(length > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn rows(text: &str, capacity: usize) -> Vec<(String, u64, u64)> {
        let reader = BufReader::with_capacity(capacity, text.as_bytes());
        let mut rows = Rows::new(reader, &Limits::default());
        let (mut bytes, mut found) = (Vec::new(), Vec::new());
        while let Some(at) = rows.next_row(&mut bytes).unwrap() {
            found.push((String::from_utf8(bytes.clone()).unwrap(), at.number, at.offset));
        }
        found
    }

    #[test]
    fn a_row_ends_outside_quotes_only() {
        let text = "a,b\r\n\"1\n\"\"2\"\"\",x\n\nlast";
        let expected = [("a,b", 1, 0), ("\"1\n\"\"2\"\"\",x", 2, 5), ("last", 5, 18)];
        for capacity in 1..30 {
            let found = rows(text, capacity);
            let found: Vec<_> = found
                .iter()
                .map(|(text, line, at)| (text.as_str(), *line, *at))
                .collect();
            assert_eq!(found, expected, "{capacity}");
        }
        assert_eq!(rows("\u{feff}a\n", 64), [("a".to_owned(), 1, 3)]);
        assert!(rows("", 8).is_empty());
        assert!(rows("\r\n\n", 8).is_empty());
    }

    #[test]
    fn an_open_quote_is_no_row() {
        let mut rows = Rows::new("a\n\"b\n".as_bytes(), &Limits::default());
        let mut bytes = Vec::new();
        assert!(rows.next_row(&mut bytes).unwrap().is_some());
        assert!(matches!(
            rows.next_row(&mut bytes),
            Err(RecordsError::Truncated { .. })
        ));
        assert!(rows.next_row(&mut bytes).unwrap().is_none());
    }

    #[test]
    fn a_row_over_the_limit_is_passed_over() {
        let limits = Limits {
            line: 4,
            ..Limits::default()
        };
        let mut rows = Rows::new("12345\n123\n".as_bytes(), &limits);
        let mut bytes = Vec::new();
        let error = rows.next_row(&mut bytes).unwrap_err();
        assert!(error.is_passing(), "{error}");
        assert_eq!(rows.next_row(&mut bytes).unwrap().map(|at| at.number), Some(2));
    }
}
