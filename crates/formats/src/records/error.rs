//! Why a stream does not give its records.

use std::io;

use thiserror::Error;

use crate::json::JsonError;
use crate::pointer::Pointer;

/// Why a stream does not give a record, or no further record.
#[derive(Debug, Error)]
pub enum RecordsError {
    /// The stream cannot be read further. The inner error may name a fault of the container
    /// ([`crate::container::fault_in`]).
    #[error("reading stopped in line {line} at byte {offset}: {source}")]
    Read {
        /// The line being read, from 1.
        line: u64,
        /// Bytes read until then.
        offset: u64,
        /// What the reader said.
        source: io::Error,
    },
    /// A line is longer than allowed. Its bytes are skipped; the next line can be asked for.
    #[error("line {line} is longer than {limit} bytes")]
    LineTooLong {
        /// The line, from 1.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// A record of an array is longer than allowed. Its bytes are skipped; the next one can be asked for.
    #[error("record {record} (line {line}) is longer than {limit} bytes")]
    RecordTooLong {
        /// The record, from 1.
        record: u64,
        /// The line on which it begins, from 1.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// The document ends too early. Records before this one have been given.
    #[error("the document ends too early, in or after record {record} (line {line}, byte {offset})")]
    Truncated {
        /// The record that is cut off or would be next, from 1; behind the array, its last record; 0 before it.
        record: u64,
        /// The line on which the document ends, from 1.
        line: u64,
        /// The document's length in bytes.
        offset: u64,
    },
    /// The document has nothing at the place where the records should be.
    #[error("the document has no value at {pointer:?}", pointer = pointer.to_string())]
    PointerNotFound {
        /// The place.
        pointer: Pointer,
    },
    /// The value at that place is not an array.
    #[error("expected an array at {pointer:?}, found {found:?} (line {line})", pointer = pointer.to_string())]
    NotAnArray {
        /// The place.
        pointer: Pointer,
        /// The line, from 1.
        line: u64,
        /// The first character of the value.
        found: char,
    },
    /// The document is not JSON at this byte.
    #[error("expected {expected}, found {found:?} (line {line}, byte {offset})")]
    Unexpected {
        /// What the grammar allows here.
        expected: &'static str,
        /// What stands here (a byte beyond ASCII shows as its Latin-1 character).
        found: char,
        /// The line, from 1.
        line: u64,
        /// The byte, from 0.
        offset: u64,
    },
    /// The text around the records nests deeper than allowed.
    #[error("the document nests more than {limit} levels deep around its records (line {line})")]
    TooDeep {
        /// The limit.
        limit: usize,
        /// The line, from 1.
        line: u64,
    },
    /// The text around the records is longer than allowed.
    #[error("the text around the records is longer than {limit} bytes")]
    EnvelopeTooLong {
        /// The limit.
        limit: usize,
    },
    /// The text around the records is not strict JSON; bytes count in that text, with the records left out.
    #[error("around the records: {source}")]
    Envelope {
        /// What is wrong.
        #[from]
        source: JsonError,
    },
    /// Something follows the document.
    #[error("something follows the end of the document (line {line}, byte {offset})")]
    TrailingBytes {
        /// The line, from 1.
        line: u64,
        /// The first such byte, from 0.
        offset: u64,
    },
}

impl RecordsError {
    /// Whether only this one record is lost, so that the next can be asked for.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            RecordsError::LineTooLong { .. } | RecordsError::RecordTooLong { .. }
        )
    }

    /// Whether a limit was reached, so that something was not judged.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match self {
            RecordsError::TooDeep { .. } | RecordsError::EnvelopeTooLong { .. } => true,
            RecordsError::Envelope { source } => source.is_limit(),
            other => other.is_passing(),
        }
    }
}
