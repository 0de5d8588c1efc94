//! CBOR (RFC 8949), read strictly: definite and shortest lengths, no name twice, nothing left over.

use std::collections::BTreeSet;

use thiserror::Error;

/// A value. Byte and text strings point into what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// An integer from 0 up.
    Unsigned(u64),
    /// The integer −1 − n.
    Negative(u64),
    /// A byte string.
    Bytes(&'a [u8]),
    /// A text string.
    Text(&'a str),
    /// A list.
    Array(Vec<Self>),
    /// Names and values in their order; no name stands twice.
    Map(Vec<(Self, Self)>),
    /// A value with a tag.
    Tag(u64, Box<Self>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// `undefined`.
    Undefined,
    /// Another simple value.
    Simple(u8),
    /// A floating-point number: its 2, 4 or 8 bytes.
    Float(&'a [u8]),
}

/// Why bytes are refused, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the CBOR cannot be read at byte {at}: {kind}")]
pub struct CborError {
    /// Offset from the beginning.
    pub at: usize,
    /// What is wrong.
    pub kind: CborFault,
}

/// What is wrong with CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CborFault {
    /// The bytes end within a value.
    #[error("it ends within a value")]
    End,
    /// Bytes follow the value.
    #[error("bytes follow the value")]
    Trailing,
    /// A length or number is not written in its shortest form.
    #[error("a number is not in its shortest form")]
    NotShortest,
    /// A string, list or map without a stated length, or a reserved head.
    #[error("strings, lists and maps need a stated length")]
    Indefinite,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    Text,
    /// A map has one name twice.
    #[error("a map has one name twice")]
    Duplicate,
    /// Values lie deeper in each other than is read.
    #[error("values lie more than {DEPTH_LIMIT} deep in each other")]
    Depth,
    /// More values than are read.
    #[error("there are more than {VALUE_LIMIT} values")]
    TooMany,
}

impl<'a> Value<'a> {
    /// Reads one value that fills the bytes.
    ///
    /// # Errors
    /// [`CborError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, CborError> {
        let mut reader = Reader {
            bytes,
            at: 0,
            values: 0,
        };
        let value = reader.value(DEPTH_LIMIT)?;
        if reader.at == bytes.len() {
            Ok(value)
        } else {
            Err(reader.wrong(CborFault::Trailing))
        }
    }

    /// The number, where it is an integer that fits.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Unsigned(number) => i64::try_from(*number).ok(),
            Self::Negative(number) => i64::try_from(*number).ok().map(|number| -1 - number),
            _ => None,
        }
    }

    /// The bytes of a byte string.
    #[must_use]
    pub const fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text of a text string.
    #[must_use]
    pub const fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list.
    #[must_use]
    pub fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The value of a map under an integer.
    #[must_use]
    pub fn get(&self, label: i64) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries
                .iter()
                .find(|(name, _)| name.integer() == Some(label))
                .map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Writes a byte string.
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_head(out, 2, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Writes a text string.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    write_head(out, 3, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Writes the head of a value: its major type (0 to 7) and its number in the shortest form (RFC 8949, section 4.2.1).
pub fn write_head(out: &mut Vec<u8>, major: u8, number: u64) {
    let major = major << 5;
    let bytes = number.to_be_bytes();
    let (first, from) = match number {
        0..24 => (number as u8, 8), // below 24
        24..0x100 => (24, 7),
        0x100..0x1_0000 => (25, 6),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 0),
    };
    out.push(major | first);
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
}

/// How deep values may lie in each other.
pub const DEPTH_LIMIT: usize = 16;

/// How many values are read at most.
pub const VALUE_LIMIT: usize = 100_000;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value<'a>, CborError> {
        self.values += 1;
        if self.values > VALUE_LIMIT {
            return Err(self.wrong(CborFault::TooMany));
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.wrong(CborFault::Depth));
        };
        let first = self.byte()?;
        let (major, low) = (first >> 5, first & 0x1f);
        if major == 7 {
            return self.simple(low);
        }
        let number = self.number(low)?;
        match major {
            0 => Ok(Value::Unsigned(number)),
            1 => Ok(Value::Negative(number)),
            2 => self.take(number).map(Value::Bytes),
            3 => {
                let at = self.at;
                let text = std::str::from_utf8(self.take(number)?);
                text.map(Value::Text).map_err(|_| CborError {
                    at,
                    kind: CborFault::Text,
                })
            }
            4 => (0..number)
                .map(|_| self.value(depth))
                .collect::<Result<_, _>>()
                .map(Value::Array),
            5 => self.map(number, depth),
            _ => Ok(Value::Tag(number, Box::new(self.value(depth)?))),
        }
    }

    fn map(&mut self, number: u64, depth: usize) -> Result<Value<'a>, CborError> {
        let mut names = BTreeSet::new();
        let mut entries = Vec::new();
        for _ in 0..number {
            let start = self.at;
            let name = self.value(depth)?;
            // numbers have one spelling here, so equal names have equal bytes
            if !names.insert(self.bytes.get(start..self.at)) {
                return Err(CborError {
                    at: start,
                    kind: CborFault::Duplicate,
                });
            }
            entries.push((name, self.value(depth)?));
        }
        Ok(Value::Map(entries))
    }

    fn simple(&mut self, low: u8) -> Result<Value<'a>, CborError> {
        match low {
            20 => Ok(Value::Bool(false)),
            21 => Ok(Value::Bool(true)),
            22 => Ok(Value::Null),
            23 => Ok(Value::Undefined),
            0..20 => Ok(Value::Simple(low)),
            24 => match self.byte()? {
                number if number >= 32 => Ok(Value::Simple(number)),
                _ => Err(self.wrong(CborFault::NotShortest)),
            },
            25 => self.take(2).map(Value::Float),
            26 => self.take(4).map(Value::Float),
            27 => self.take(8).map(Value::Float),
            _ => Err(self.wrong(CborFault::Indefinite)),
        }
    }

    fn number(&mut self, low: u8) -> Result<u64, CborError> {
        let (length, least) = match low {
            0..24 => return Ok(u64::from(low)),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(self.wrong(CborFault::Indefinite)),
        };
        let number = self
            .take(length)?
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        if number < least {
            Err(self.wrong(CborFault::NotShortest))
        } else {
            Ok(number)
        }
    }

    fn byte(&mut self) -> Result<u8, CborError> {
        self.take(1)?.first().copied().ok_or(CborError {
            at: self.at,
            kind: CborFault::End,
        })
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], CborError> {
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| self.at.checked_add(length));
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.wrong(CborFault::End))?;
        self.at += taken.len();
        Ok(taken)
    }

    fn wrong(&self, kind: CborFault) -> CborError {
        CborError { at: self.at, kind }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoding::unhex;

    fn fault(hex: &str) -> Option<CborFault> {
        let bytes = unhex(hex).unwrap();
        Value::parse(&bytes).err().map(|error| error.kind)
    }

    /// RFC 8949, appendix A.
    #[test]
    fn known_values() {
        let value = |hex: &str, expected: &Value<'_>| {
            let bytes = unhex(hex).unwrap();
            assert_eq!(Value::parse(&bytes).as_ref(), Ok(expected), "{hex}");
        };
        value("17", &Value::Unsigned(23));
        value("1818", &Value::Unsigned(24));
        value("1bffffffffffffffff", &Value::Unsigned(u64::MAX));
        value("3863", &Value::Negative(99));
        value("4401020304", &Value::Bytes(&[1, 2, 3, 4]));
        value("6449455446", &Value::Text("IETF"));
        value("f6", &Value::Null);
        value("f97e00", &Value::Float(&[0x7e, 0]));
        value("f8ff", &Value::Simple(255));
        value(
            "c11a514b67b0",
            &Value::Tag(1, Box::new(Value::Unsigned(1_363_896_240))),
        );
        let bytes = unhex("a26161016162820203").unwrap();
        let read = Value::parse(&bytes).unwrap();
        assert_eq!(read.get(0), None);
        assert!(matches!(&read, Value::Map(entries) if entries.len() == 2));
        assert_eq!(Value::Negative(6).integer(), Some(-7));
        assert_eq!(Value::Negative(u64::MAX).integer(), None);
        assert_eq!(Value::Negative(i64::MAX as u64).integer(), Some(i64::MIN));
    }

    #[test]
    fn other_spellings_are_refused() {
        assert_eq!(fault("1817"), Some(CborFault::NotShortest));
        assert_eq!(fault("190017"), Some(CborFault::NotShortest));
        assert_eq!(fault("5801ff"), Some(CborFault::NotShortest));
        assert_eq!(fault("f818"), Some(CborFault::NotShortest));
        assert_eq!(fault("5f42010243030405ff"), Some(CborFault::Indefinite));
        assert_eq!(fault("9fff"), Some(CborFault::Indefinite));
        assert_eq!(fault("bfff"), Some(CborFault::Indefinite));
        assert_eq!(fault("ff"), Some(CborFault::Indefinite));
        assert_eq!(fault("0000"), Some(CborFault::Trailing));
        assert_eq!(fault(""), Some(CborFault::End));
        assert_eq!(fault("44010203"), Some(CborFault::End));
        assert_eq!(fault("9bffffffffffffffff"), Some(CborFault::End));
        assert_eq!(fault("5bffffffffffffffff"), Some(CborFault::End));
        assert_eq!(fault("61ff"), Some(CborFault::Text));
        assert_eq!(fault("a201020103"), Some(CborFault::Duplicate));
        assert_eq!(fault("a2616101616102"), Some(CborFault::Duplicate));
        assert_eq!(fault(&"81".repeat(20)), Some(CborFault::Depth));
        let many = [vec![0x9a, 0, 2, 0, 0], vec![0; 0x2_0000]].concat();
        assert_eq!(
            Value::parse(&many).map_err(|error| error.kind),
            Err(CborFault::TooMany)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let _ = Value::parse(&bytes);
        }

        #[test]
        fn what_is_written_reads_back(number: u64, small in 0_u64..70_000, bytes: Vec<u8>, text: String) {
            for number in [number, small] {
                let mut out = Vec::new();
                write_head(&mut out, 0, number);
                prop_assert_eq!(Value::parse(&out), Ok(Value::Unsigned(number)));
            }
            let mut out = Vec::new();
            write_bytes(&mut out, &bytes);
            prop_assert_eq!(Value::parse(&out), Ok(Value::Bytes(&bytes)));
            let mut out = Vec::new();
            write_text(&mut out, &text);
            prop_assert_eq!(Value::parse(&out), Ok(Value::Text(&text)));
        }
    }
}
