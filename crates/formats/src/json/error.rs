//! Why a text is not one JSON value.

use thiserror::Error;

use crate::pointer::Pointer;

/// A text that is not exactly one JSON value, and the byte where that shows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind} (byte {at})")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Byte offset in the text, from 0.
    pub at: usize,
}

/// What is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonErrorKind {
    /// Another character was due (RFC 8259 sections 2 to 7).
    #[error("expected {expected}, found {found:?}")]
    Unexpected {
        /// What the grammar allows here.
        expected: &'static str,
        /// What stands here.
        found: char,
    },
    /// One object holds a name twice, compared after decoding (RFC 7493 section 2.3).
    #[error("the member {name:?} occurs twice in one object, at {pointer}")]
    DuplicateMember {
        /// The name, decoded.
        name: String,
        /// The place of the second occurrence.
        pointer: Pointer,
    },
    /// Arrays and objects lie deeper inside one another than allowed.
    #[error("values are nested more than {limit} levels deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The record has more members and elements than allowed.
    #[error("the record has more than {limit} fields")]
    TooManyFields {
        /// The limit.
        limit: usize,
    },
    /// The text is longer than spans can name.
    #[error("the text is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// The bytes are not UTF-8 (RFC 8259 section 8.1).
    #[error("the bytes are not UTF-8 text")]
    NotUtf8,
    /// The text begins with a byte order mark (RFC 8259 section 8.1).
    #[error("the text begins with a byte order mark")]
    ByteOrderMark,
    /// A `\u` escape names half a surrogate pair (RFC 8259 section 8.2).
    #[error("an escape names half a character (a lone surrogate)")]
    LoneSurrogate,
    /// The text ends inside the value.
    #[error("the text ends where {expected} is due")]
    Truncated {
        /// What the grammar asks for here.
        expected: &'static str,
    },
    /// Something follows the value.
    #[error("something follows the end of the value")]
    TrailingBytes,
    /// There is no value.
    #[error("there is no value, only white space")]
    Empty,
}

impl JsonError {
    /// Whether a limit was reached, so that the text was not judged to its end.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(
            self.kind,
            JsonErrorKind::TooDeep { .. }
                | JsonErrorKind::TooManyFields { .. }
                | JsonErrorKind::TooLong { .. }
        )
    }

    /// The same error seen from one level further out.
    pub(super) fn inside(mut self, segment: impl FnOnce() -> String) -> Self {
        if let JsonErrorKind::DuplicateMember { pointer, .. } = &mut self.kind {
            pointer.prepend(segment());
        }
        self
    }
}
