//! One digest file: which logs CloudTrail delivered in an hour, and which digest came before.
//!
//! Source: "CloudTrail digest file structure" in the AWS CloudTrail user guide.

use std::io::{BufReader, Read};

use chrono::{DateTime, Utc};
use tickmark_formats::container::fault_in;
use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, RecordsError};

use super::name::DigestName;
use super::reading::Tee;
use crate::built_in::aws::{HASH_ALGORITHM, SIGNATURE_ALGORITHM};

/// A digest, read.
#[derive(Debug, Clone)]
pub(super) struct Digest {
    /// The member it lies in.
    pub member: u32,
    /// SHA-256 of its unpacked bytes, hex.
    pub sha256: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// `digestEndTime` as spelled: it is signed so.
    pub end_text: String,
    pub bucket: String,
    pub object: String,
    /// `digestPublicKeyFingerprint`
    pub fingerprint: String,
    /// The digest before, unless this one begins a chain.
    pub previous: Option<Previous>,
    pub logs: Vec<Listed>,
}

/// What a digest says of the one before it.
#[derive(Debug, Clone)]
pub(super) struct Previous {
    pub bucket: String,
    pub object: String,
    pub sha256: String,
    /// Its signature, hex as spelled: it is signed so.
    pub signature: String,
}

/// What a digest says of a log.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub bucket: String,
    pub object: String,
    /// SHA-256 of its unpacked bytes, hex.
    pub sha256: String,
    /// The times of its oldest and newest event, where they are stated.
    pub events: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Why a member is no digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoDigest {
    /// It cannot be read to its end, or is over a limit: nothing is said about it.
    Unread(String),
    /// It is not in the form of a digest.
    Form(String),
}

impl Digest {
    /// Reads a digest. Whatever its outcome, `tee` was read to its end afterwards or cannot be.
    pub fn read<R: Read>(member: u32, tee: &mut Tee<R>, limits: &Limits) -> Result<Digest, NoDigest> {
        let (mut logs, mut bytes) = (Vec::new(), Vec::new());
        let pointer = Pointer::root().child("logFiles");
        let mut items = Items::new(BufReader::new(&mut *tee), pointer, limits);
        while items
            .next_item(&mut bytes)
            .map_err(|error| refusal(&error))?
            .is_some()
        {
            let listed = parse(&bytes, limits).map_err(|error| NoDigest::Form(error.to_string()))?;
            logs.push(Listed::read(&listed)?);
        }
        let around = items.envelope().unwrap_or_default().to_vec();
        if items.has_byte_order_mark() {
            return Err(NoDigest::Form("it begins with a byte order mark".into()));
        }
        let around = parse(&around, limits).map_err(|error| NoDigest::Form(error.to_string()))?;
        let sha256 = tee
            .digest()
            .ok_or_else(|| NoDigest::Unread("it cannot be read to its end".into()))?;
        Digest::of(member, sha256, &around, logs)
    }

    fn of(member: u32, sha256: String, around: &Value<'_>, logs: Vec<Listed>) -> Result<Digest, NoDigest> {
        let algorithm = text(around, "digestSignatureAlgorithm")?;
        if algorithm != SIGNATURE_ALGORITHM {
            return Err(NoDigest::Form(format!(
                "digestSignatureAlgorithm is {algorithm}, expected {SIGNATURE_ALGORITHM}"
            )));
        }
        let end_text = text(around, "digestEndTime")?.to_owned();
        let (start, end) = (time(around, "digestStartTime")?, time(around, "digestEndTime")?);
        if start > end {
            return Err(NoDigest::Form("digestEndTime lies before digestStartTime".into()));
        }
        let object = text(around, "digestS3Object")?.to_owned();
        if DigestName::of(&object).is_none() {
            return Err(NoDigest::Form(format!(
                "digestS3Object is no name of a digest: {object}"
            )));
        }
        Ok(Digest {
            member,
            sha256,
            start,
            end,
            end_text,
            bucket: text(around, "digestS3Bucket")?.to_owned(),
            object,
            fingerprint: text(around, "digestPublicKeyFingerprint")?.to_owned(),
            previous: Previous::read(around)?,
            logs,
        })
    }

    /// Its name, from what it says of itself and not from where it lies.
    pub fn name(&self) -> Option<DigestName<'_>> {
        DigestName::of(&self.object)
    }

    /// What its signature is over: end time, bucket and key, hash, and the signature before; joined by LF, none at the end.
    pub fn to_sign(&self) -> String {
        let previous = self
            .previous
            .as_ref()
            .map_or("null", |previous| &previous.signature);
        format!(
            "{}\n{}/{}\n{}\n{previous}",
            self.end_text, self.bucket, self.object, self.sha256
        )
    }

    /// Whether this is the digest that another one names as the one before it.
    pub fn is_named_by(&self, previous: &Previous) -> bool {
        self.bucket == previous.bucket && self.object == previous.object
    }
}

impl Previous {
    fn read(around: &Value<'_>) -> Result<Option<Previous>, NoDigest> {
        let fields = [
            "previousDigestS3Bucket",
            "previousDigestS3Object",
            "previousDigestHashValue",
            "previousDigestSignature",
        ];
        let mut nulls = 0;
        for field in fields {
            let value = around.get(field).ok_or_else(|| missing(field))?;
            nulls += usize::from(value.is_null());
        }
        if nulls == fields.len() {
            return Ok(None);
        }
        let algorithm = text(around, "previousDigestHashAlgorithm")?;
        if algorithm != HASH_ALGORITHM {
            return Err(NoDigest::Form(format!(
                "previousDigestHashAlgorithm is {algorithm}, expected {HASH_ALGORITHM}"
            )));
        }
        let [bucket, object, sha256, signature] = fields;
        Ok(Some(Previous {
            bucket: text(around, bucket)?.to_owned(),
            object: text(around, object)?.to_owned(),
            sha256: text(around, sha256)?.to_owned(),
            signature: text(around, signature)?.to_owned(),
        }))
    }
}

impl Listed {
    fn read(listed: &Value<'_>) -> Result<Listed, NoDigest> {
        let algorithm = text(listed, "hashAlgorithm")?;
        if algorithm != HASH_ALGORITHM {
            return Err(NoDigest::Form(format!(
                "hashAlgorithm is {algorithm}, expected {HASH_ALGORITHM}"
            )));
        }
        let event = |field| time(listed, field).ok();
        Ok(Listed {
            bucket: text(listed, "s3Bucket")?.to_owned(),
            object: text(listed, "s3Object")?.to_owned(),
            sha256: text(listed, "hashValue")?.to_owned(),
            events: event("oldestEventTime").zip(event("newestEventTime")),
        })
    }
}

fn text<'v>(value: &'v Value<'_>, field: &str) -> Result<&'v str, NoDigest> {
    let found = value.get(field).ok_or_else(|| missing(field))?;
    found.as_str().ok_or_else(|| {
        NoDigest::Form(format!(
            "{field} is expected to be a text, found {}",
            found.kind_name()
        ))
    })
}

fn time(value: &Value<'_>, field: &str) -> Result<DateTime<Utc>, NoDigest> {
    let text = text(value, field)?;
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| NoDigest::Form(format!("{field} is no time: {text}")))
}

fn missing(field: &str) -> NoDigest {
    NoDigest::Form(format!("{field} is missing"))
}

/// A limit or a reader that stops says nothing about the form; damage does.
fn refusal(error: &RecordsError) -> NoDigest {
    match error {
        RecordsError::Read { source, .. } => {
            let fault = fault_in(source).map_or_else(|| source.to_string(), ToString::to_string);
            NoDigest::Unread(fault)
        }
        RecordsError::RecordTooLong { .. }
        | RecordsError::LineTooLong { .. }
        | RecordsError::EnvelopeTooLong { .. }
        | RecordsError::TooDeep { .. } => NoDigest::Unread(error.to_string()),
        _ => NoDigest::Form(error.to_string()),
    }
}
