//! Strict DER (ITU-T X.690, section 10): a cursor over borrowed bytes, and the writing of one element.
//!
//! Lengths are definite and minimal, nothing may be left over, and every value keeps its bytes as they stand, because
//! signatures and digests cover bytes. There is no recursion here: whoever reads a structure enters it step by step.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use thiserror::Error;

/// Bytes that are not the DER that belongs there. BER's indefinite lengths are among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the structure is damaged at byte {at}: expected {expected}")]
pub struct Asn1Error {
    /// Offset from the beginning of the structure.
    pub at: usize,
    /// What belongs there.
    pub expected: &'static str,
}

/// Writes one element.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let short = length
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&length[..0], |first| &length[first..]);
    let mut bytes = vec![tag];
    match *short {
        [] => bytes.push(0),
        [one] if one < 0x80 => bytes.push(one),
        _ => {
            bytes.push(0x80 | short.len() as u8); // at most 8
            bytes.extend_from_slice(short);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A position in DER bytes. Lengths are definite and minimal; nothing may be left over.
#[derive(Clone)]
pub(crate) struct Der<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Der<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    /// A position at the beginning of some bytes that begin `at` bytes after something larger.
    pub(crate) fn inside(bytes: &'a [u8], at: usize) -> Self {
        Self { rest: bytes, at }
    }

    /// What was not read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Offset from the beginning of the structure.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn end(&self) -> Result<(), Asn1Error> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.wrong("nothing more"))
        }
    }

    pub(crate) fn enter(&mut self, tag: u8, expected: &'static str) -> Result<Self, Asn1Error> {
        let value = self.value(tag, expected)?;
        Ok(Self {
            rest: value,
            at: self.at - value.len(),
        })
    }

    pub(crate) fn value(&mut self, tag: u8, expected: &'static str) -> Result<&'a [u8], Asn1Error> {
        let wrong = self.wrong(expected);
        let rest = self.rest.strip_prefix(&[tag]).ok_or(wrong)?;
        let (length, rest) = Self::length(rest).ok_or(wrong)?;
        let (value, rest) = rest.split_at_checked(length).ok_or(wrong)?;
        self.at += self.rest.len() - rest.len();
        self.rest = rest;
        Ok(value)
    }

    fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
        let (first, rest) = bytes.split_first()?;
        if *first < 0x80 {
            return Some((usize::from(*first), rest));
        }
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = match *digits {
            [one] if one >= 0x80 => usize::from(one),
            [high, ..] if high > 0 && digits.len() > 1 && digits.len() <= 4 => {
                digits.iter().try_fold(0_usize, |length, digit| {
                    length.checked_mul(256)?.checked_add(usize::from(*digit))
                })?
            }
            _ => return None, // indefinite, not minimal, or longer than anything that is read here
        };
        Some((length, rest))
    }

    /// A non-negative INTEGER without its sign byte; zero is empty or one zero byte.
    pub(crate) fn unsigned(&mut self, expected: &'static str) -> Result<&'a [u8], Asn1Error> {
        let wrong = self.wrong(expected);
        match self.value(INTEGER, expected)? {
            [] => Err(wrong),
            [0, next, ..] if *next < 0x80 => Err(wrong),
            [0, rest @ ..] if !rest.is_empty() => Ok(rest),
            [first, ..] if *first >= 0x80 => Err(wrong),
            number => Ok(number),
        }
    }

    pub(crate) fn bit_string(&mut self) -> Result<&'a [u8], Asn1Error> {
        let wrong = self.wrong("the key's BIT STRING without unused bits");
        match self.value(BIT_STRING, "the key's BIT STRING")? {
            [0, key @ ..] => Ok(key),
            _ => Err(wrong),
        }
    }

    /// One element with its tag and length, as it stands.
    pub(crate) fn element(&mut self, tag: u8, expected: &'static str) -> Result<&'a [u8], Asn1Error> {
        let before = self.rest;
        self.value(tag, expected)?;
        Ok(before.split_at(before.len() - self.rest.len()).0)
    }

    /// One element of any kind with a tag of one byte, as it stands.
    pub(crate) fn any(&mut self, expected: &'static str) -> Result<&'a [u8], Asn1Error> {
        // 31 in the lower bits begins a tag of several bytes, which nothing that is read here has.
        match self.peek() {
            Some(tag) if tag & 0x1f != 0x1f && tag != 0 => self.element(tag, expected),
            _ => Err(self.wrong(expected)),
        }
    }

    /// The inside of an element, if it is there.
    pub(crate) fn optional(&mut self, tag: u8, expected: &'static str) -> Result<Option<Self>, Asn1Error> {
        if self.peek() == Some(tag) {
            self.enter(tag, expected).map(Some)
        } else {
            Ok(None)
        }
    }

    /// An INTEGER of any sign, as it stands and minimal.
    pub(crate) fn integer(&mut self, expected: &'static str) -> Result<&'a [u8], Asn1Error> {
        let wrong = self.wrong(expected);
        match self.value(INTEGER, expected)? {
            [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(wrong),
            number => Ok(number),
        }
    }

    /// A small non-negative INTEGER under a tag.
    pub(crate) fn small(&mut self, tag: u8, expected: &'static str) -> Result<u32, Asn1Error> {
        let wrong = self.wrong(expected);
        match *self.value(tag, expected)? {
            [] | [0, 0..=0x7f, ..] | [0x80..=0xff, ..] => Err(wrong),
            ref number if number.len() <= 4 => {
                Ok(number.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
            }
            _ => Err(wrong),
        }
    }

    /// A BOOLEAN: 00 or ff.
    pub(crate) fn boolean(&mut self, expected: &'static str) -> Result<bool, Asn1Error> {
        let wrong = self.wrong(expected);
        match self.value(BOOLEAN, expected)? {
            [0] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(wrong),
        }
    }

    /// An AlgorithmIdentifier: its object identifier, and its parameters as they stand (empty where there are none).
    pub(crate) fn algorithm(&mut self, expected: &'static str) -> Result<(&'a [u8], &'a [u8]), Asn1Error> {
        let mut inside = self.enter(SEQUENCE, expected)?;
        let oid = inside.value(OBJECT_IDENTIFIER, "an algorithm's identifier")?;
        let parameters = inside.rest;
        if !inside.is_at_end() {
            inside.any("an algorithm's parameters")?;
        }
        inside.end()?;
        Ok((oid, parameters))
    }

    /// A UTCTime or GeneralizedTime in DER: whole seconds and `Z`; fractions of a second where `fraction` allows them
    /// (RFC 3161, section 2.4.2), without trailing zeros.
    pub(crate) fn time(
        &mut self,
        fraction: bool,
        expected: &'static str,
    ) -> Result<DateTime<Utc>, Asn1Error> {
        let wrong = self.wrong(expected);
        let (tag, years) = match self.peek() {
            Some(UTC_TIME) => (UTC_TIME, 2),
            _ => (GENERALIZED_TIME, 4),
        };
        let text = self.value(tag, expected)?;
        read_time(text, years, fraction && years == 4).ok_or(wrong)
    }

    pub(crate) fn wrong(&self, expected: &'static str) -> Asn1Error {
        Asn1Error {
            at: self.at,
            expected,
        }
    }
}

fn read_time(text: &[u8], years: usize, fraction: bool) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text.strip_suffix(b"Z")?).ok()?;
    let (whole, part) = match text.split_once('.') {
        Some((whole, part)) if fraction && !part.is_empty() && !part.ends_with('0') => (whole, part),
        Some(_) => return None,
        None => (text, ""),
    };
    let digits = whole
        .bytes()
        .chain(part.bytes())
        .all(|byte| byte.is_ascii_digit());
    if !digits || whole.len() != years + 10 || part.len() > 9 {
        return None;
    }
    let (year, rest) = whole.split_at_checked(years)?;
    let pair = |at: usize| rest.get(at..at + 2)?.parse::<u32>().ok();
    let year = match (years, year.parse::<i32>().ok()?) {
        (2, year @ 50..) => 1900 + year, // RFC 5280, section 4.1.2.5.1
        (2, year) => 2000 + year,
        (_, year) => year,
    };
    let time =
        NaiveDate::from_ymd_opt(year, pair(0)?, pair(2)?)?.and_hms_opt(pair(4)?, pair(6)?, pair(8)?)?;
    let nanoseconds = format!("{part:0<9}").parse().ok()?;
    time.and_utc()
        .checked_add_signed(TimeDelta::nanoseconds(nanoseconds))
}

/// Says an object identifier in dotted numbers (X.660), such as `1.2.840.113549`; `?` where it is malformed or too large.
pub(crate) fn dotted(oid: &[u8]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut number = 0_u64;
    let mut fresh = true;
    for byte in oid {
        if fresh && *byte == 0x80 || number > u64::MAX >> 7 {
            return "?".to_owned();
        }
        number = number << 7 | u64::from(byte & 0x7f);
        fresh = byte & 0x80 == 0;
        if fresh {
            numbers.push(number);
            number = 0;
        }
    }
    let Some((first, rest)) = numbers.split_first().filter(|_| fresh) else {
        return "?".to_owned();
    };
    let root = (first / 40).min(2);
    rest.iter()
        .fold(format!("{root}.{}", first - root * 40), |text, number| {
            format!("{text}.{number}")
        })
}

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(tag: u8, text: &str, fraction: bool) -> Option<String> {
        let der = element(tag, text.as_bytes());
        let time = Der::new(&der).time(fraction, "a time").ok()?;
        Some(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }

    #[test]
    fn times_have_one_spelling() {
        for (tag, text, fraction, expected) in [
            (UTC_TIME, "261128153000Z", false, Some("2026-11-28T15:30:00Z")),
            (UTC_TIME, "500101000000Z", false, Some("1950-01-01T00:00:00Z")),
            (UTC_TIME, "2611281530Z", false, None),
            (UTC_TIME, "261128153000+0100", false, None),
            (
                GENERALIZED_TIME,
                "20261128153000Z",
                false,
                Some("2026-11-28T15:30:00Z"),
            ),
            (
                GENERALIZED_TIME,
                "20261128153000.5Z",
                true,
                Some("2026-11-28T15:30:00.500Z"),
            ),
            (GENERALIZED_TIME, "20261128153000.5Z", false, None),
            (GENERALIZED_TIME, "20261128153000.50Z", true, None),
            (GENERALIZED_TIME, "20261128153000.Z", true, None),
            (GENERALIZED_TIME, "20261128153000", true, None),
            (GENERALIZED_TIME, "20261328153000Z", true, None),
            (GENERALIZED_TIME, "20261128153060Z", true, None),
            (GENERALIZED_TIME, "+2026112815300Z", true, None),
        ] {
            assert_eq!(time(tag, text, fraction).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn lengths_are_definite_and_minimal() {
        for (bytes, good) in [
            (&[0x04, 0x01, 7][..], true),
            (&[0x04, 0x81, 0x01, 7], false),
            (&[0x04, 0x80, 7, 0, 0], false),
            (&[0x24, 0x80, 0x04, 1, 7, 0, 0], false),
            (&[0x04, 0x02, 7], false),
            (&[0x04, 0x82, 0, 1, 7], false),
            (&[0x04, 0x85, 1, 1, 1, 1, 1], false),
        ] {
            assert_eq!(Der::new(bytes).any("x").is_ok(), good, "{bytes:x?}");
        }
        for length in [0, 127, 128, 255, 256, 65_535, 65_536, 70_000] {
            let der = element(OCTET_STRING, &vec![1; length]);
            let mut cursor = Der::new(&der);
            assert_eq!(cursor.value(OCTET_STRING, "x").unwrap().len(), length);
            assert!(cursor.end().is_ok());
        }
    }

    #[test]
    fn identifiers_are_said_in_numbers() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), "1.2.840.113549");
        assert_eq!(dotted(&[0x55, 0x1d, 0x0f]), "2.5.29.15");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        for malformed in [&[][..], &[0x80, 0x01], &[0x2a, 0x86], &[0xff; 12]] {
            assert_eq!(dotted(malformed), "?");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut cursor = Der::new(&bytes);
            let _ = (cursor.clone().integer("x"), cursor.clone().small(INTEGER, "x"), cursor.clone().boolean("x"));
            let _ = (cursor.clone().algorithm("x"), cursor.clone().time(true, "x"), dotted(&bytes));
            while cursor.any("x").is_ok() {}
            let _ = read_time(&bytes, 4, true);
        }
    }
}
