//! Records out of a stream, in bounded memory: one a line, one a row of CSV text, or one an element of an array in a JSON
//! document.

mod error;
mod items;
mod lines;
mod rows;

pub use error::RecordsError;
pub use items::Items;
pub use lines::Lines;
pub use rows::Rows;

/// A record's bytes and where they stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The physical line on which the record begins, from 1. Only LF ends a line.
    pub number: u64,
    /// Byte offset of its first byte in the stream.
    pub offset: u64,
    /// Its bytes, without the LF.
    pub bytes: Vec<u8>,
}

/// Where a record stood whose bytes went into the caller's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAt {
    /// The physical line on which the record begins, from 1.
    pub number: u64,
    /// Byte offset of its first byte in the stream.
    pub offset: u64,
}

const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

#[cfg(test)]
mod tests;
