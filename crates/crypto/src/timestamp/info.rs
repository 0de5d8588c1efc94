//! TSTInfo, what a time stamp states (RFC 3161, section 2.4.2).

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::TimestampError;
use crate::{
    asn1::{self, Asn1Error, Der, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE},
    digest::Algorithm,
    scheme,
};

/// What a token states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Info {
    pub(super) policy: Vec<u8>,
    pub(super) imprint: (Algorithm, Vec<u8>),
    pub(super) serial: Vec<u8>,
    pub(super) time: DateTime<Utc>,
    pub(super) accuracy: Option<Accuracy>,
}

/// How far the true time may lie from a stated one, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accuracy {
    /// Seconds.
    pub seconds: u32,
    /// Thousandths of a second, 0 to 999.
    pub millis: u16,
    /// Millionths of a second, 0 to 999.
    pub micros: u16,
}

impl Accuracy {
    /// The same as a length of time.
    #[must_use]
    pub fn as_delta(self) -> TimeDelta {
        TimeDelta::seconds(self.seconds.into())
            + TimeDelta::milliseconds(self.millis.into())
            + TimeDelta::microseconds(self.micros.into())
    }
}

impl fmt::Display for Accuracy {
    /// `1 s`, `1.5 s`, `0.000001 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:03}{:03}", self.millis, self.micros);
        match part.trim_end_matches('0') {
            "" => write!(f, "{} s", self.seconds),
            part => write!(f, "{}.{part} s", self.seconds),
        }
    }
}

impl Info {
    pub(super) fn read(der: &[u8]) -> Result<Self, TimestampError> {
        let mut outer = Der::new(der);
        let mut info = outer.enter(SEQUENCE, "a TSTInfo")?;
        outer.end()?;
        let wrong_version = info.wrong("version 1");
        if info.small(INTEGER, "a version")? != 1 {
            return Err(wrong_version.into());
        }
        let policy = info.value(OBJECT_IDENTIFIER, "a policy")?.to_vec();
        let imprint = read_imprint(&mut info)?;
        let serial = info.integer("a serial number")?.to_vec();
        if info.peek() != Some(GENERALIZED_TIME) {
            return Err(info.wrong("a GeneralizedTime").into());
        }
        let time = info.time(true, "a GeneralizedTime in seconds, with Z")?;
        let accuracy = match info.optional(SEQUENCE, "an accuracy")? {
            Some(inside) => Some(read_accuracy(inside)?),
            None => None,
        };
        if info.peek() == Some(asn1::BOOLEAN) {
            info.boolean("ordering")?;
        }
        if info.peek() == Some(INTEGER) {
            info.integer("a nonce")?; // for whoever asked; it says nothing to a later reader
        }
        if info.peek() == Some(0xa0) {
            info.value(0xa0, "the authority's name")?; // a hint; the name that counts is the certificate's
        }
        if let Some(list) = info.optional(0xa1, "extensions")? {
            check_extensions(list)?;
        }
        info.end()?;
        Ok(Self {
            policy,
            imprint,
            serial,
            time,
            accuracy,
        })
    }
}

fn read_imprint(info: &mut Der<'_>) -> Result<(Algorithm, Vec<u8>), TimestampError> {
    let mut imprint = info.enter(SEQUENCE, "a message imprint")?;
    let (oid, parameters) = imprint.algorithm("a digest algorithm")?;
    let algorithm = scheme::read_digest(oid, parameters).map_err(TimestampError::ImprintAlgorithm)?;
    let wrong_length = imprint.wrong("a digest of the algorithm's length");
    let digest = imprint.value(OCTET_STRING, "a digest")?;
    imprint.end()?;
    if digest.len() != algorithm.len() {
        return Err(wrong_length.into());
    }
    Ok((algorithm, digest.to_vec()))
}

fn read_accuracy(mut inside: Der<'_>) -> Result<Accuracy, Asn1Error> {
    let mut accuracy = Accuracy::default();
    if inside.peek() == Some(INTEGER) {
        accuracy.seconds = inside.small(INTEGER, "seconds")?;
    }
    for (tag, place) in [(0x80, &mut accuracy.millis), (0x81, &mut accuracy.micros)] {
        if inside.peek() == Some(tag) {
            let wrong = inside.wrong("a number from 1 to 999");
            *place = match u16::try_from(inside.small(tag, "a part of a second")?) {
                Ok(number @ 1..=999) => number,
                _ => return Err(wrong),
            };
        }
    }
    inside.end()?;
    Ok(accuracy)
}

/// None is understood here, so a critical one refuses the token.
fn check_extensions(mut list: Der<'_>) -> Result<(), TimestampError> {
    while !list.is_at_end() {
        let mut extension = list.enter(SEQUENCE, "an extension")?;
        let oid = extension.value(OBJECT_IDENTIFIER, "an extension's identifier")?;
        let critical =
            extension.peek() == Some(asn1::BOOLEAN) && extension.boolean("whether it is critical")?;
        extension.value(OCTET_STRING, "an extension's value")?;
        extension.end()?;
        if critical {
            return Err(TimestampError::Critical {
                oid: asn1::dotted(oid),
            });
        }
    }
    Ok(())
}
