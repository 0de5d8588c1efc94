//! The reading end: members that hold records, cut into records.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_formats::container::{Container, FaultKind, fault_in};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, LineAt, Lines, RecordsError};

use super::{Batcher, Gauge, Stray, StrayKind, StreamEnd, with};
use crate::profile::SourceKind;

/// The members that hold records, and how.
pub(crate) struct Route<'c> {
    pub container: &'c Container,
    pub members: Vec<String>,
    pub kind: SourceKind,
    pub at: &'c str,
    /// Whether the members are in the container's own order and are read in one pass over it.
    pub in_one_pass: bool,
}

/// Reads every member of the route.
pub(super) fn read(
    route: &Route<'_>,
    limits: &Limits,
    gauge: &Gauge,
    batcher: Batcher<'_>,
    end: &Mutex<StreamEnd>,
) {
    let mut reading = Reading {
        route,
        limits,
        gauge,
        batcher,
        end,
    };
    let flow = if route.in_one_pass {
        reading.in_one_pass()
    } else {
        reading.one_by_one()
    };
    if flow.is_continue() {
        // a break here means that nobody listens any more
        let _ = reading.batcher.send();
    }
}

struct Reading<'r, 'b> {
    route: &'r Route<'r>,
    limits: &'r Limits,
    gauge: &'r Gauge,
    batcher: Batcher<'b>,
    end: &'r Mutex<StreamEnd>,
}

impl Reading<'_, '_> {
    fn one_by_one(&mut self) -> ControlFlow<()> {
        for (index, name) in self.route.members.iter().enumerate() {
            let member = u32::try_from(index).unwrap_or(u32::MAX);
            match self.route.container.open_member(name) {
                Ok(bytes) => self.member(member, bytes)?,
                Err(error) => self.unreadable_member(member, error.to_string())?,
            }
        }
        ControlFlow::Continue(())
    }

    fn in_one_pass(&mut self) -> ControlFlow<()> {
        let route = self.route;
        let mut flow = ControlFlow::Continue(());
        let mut next = 0;
        let walked = route.container.walk(&mut |entry, bytes| {
            if route.members.get(next).is_some_and(|name| *name == entry.name) {
                let member = u32::try_from(next).unwrap_or(u32::MAX);
                next += 1;
                flow = self.member(member, bytes);
            }
            flow
        });
        flow?;
        // what is wrong with a member is told by the inventory; that it gave no records is told here
        let reason = match walked {
            Ok(_) => "it is not here any more".to_owned(),
            Err(error) => error.to_string(),
        };
        for member in next..route.members.len() {
            self.unreadable_member(u32::try_from(member).unwrap_or(u32::MAX), reason.clone())?;
        }
        ControlFlow::Continue(())
    }

    fn unreadable_member(&mut self, member: u32, found: String) -> ControlFlow<()> {
        with(self.end, |end| end.digests.push(None));
        self.batcher.stray(Stray {
            member,
            line: None,
            code: "member_unreadable",
            found,
            kind: StrayKind::RestUnknown,
        })
    }

    fn member<R: Read>(&mut self, member: u32, bytes: R) -> ControlFlow<()> {
        let mut tee = Tee {
            inner: bytes,
            hasher: Hasher::new(Algorithm::Sha256),
            gauge: self.gauge,
            failed: false,
        };
        let flow = match self.route.kind {
            SourceKind::Jsonl | SourceKind::Jws => self.lines(member, &mut tee),
            SourceKind::Json => self.items(member, &mut tee),
            SourceKind::Files | SourceKind::JwsFiles => self.whole(member, &mut tee),
        };
        let digest = if flow.is_continue() { tee.finish() } else { None };
        with(self.end, |end| end.digests.push(digest));
        flow
    }

    fn lines<R: Read>(&mut self, member: u32, tee: &mut Tee<'_, R>) -> ControlFlow<()> {
        let mut lines = Lines::new(BufReader::with_capacity(READ_BUFFER, tee), self.limits);
        loop {
            let start = self.batcher.text().len();
            match lines.append_line(self.batcher.text()) {
                Ok(None) => break,
                Ok(Some(at)) => self.batcher.appended(member, at, start)?,
                Err(error) => {
                    self.batcher.stray(stray(member, &error))?;
                    if !error.is_passing() {
                        break;
                    }
                }
            }
        }
        if lines.has_byte_order_mark() {
            self.batcher.stray(mark(member))?;
        }
        ControlFlow::Continue(())
    }

    fn items<R: Read>(&mut self, member: u32, tee: &mut Tee<'_, R>) -> ControlFlow<()> {
        let pointer = Pointer::parse(self.route.at).unwrap_or_else(|_| Pointer::root());
        let mut items = Items::new(BufReader::with_capacity(READ_BUFFER, tee), pointer, self.limits);
        let mut bytes = Vec::new();
        loop {
            let next = items.next_item(&mut bytes);
            // white space alone holds no record, as an empty file holds none: that is no fault
            if items.is_blank() {
                break;
            }
            match next {
                Ok(None) => break,
                Ok(Some(at)) => self.batcher.record(member, at, &bytes)?,
                Err(error) => {
                    self.batcher.stray(stray(member, &error))?;
                    if !error.is_passing() {
                        break;
                    }
                }
            }
        }
        if items.has_byte_order_mark() {
            self.batcher.stray(mark(member))?;
        }
        if let Some(envelope) = items.envelope() {
            with(self.end, |end| {
                end.envelope.get_or_insert_with(|| envelope.to_vec());
            });
        }
        ControlFlow::Continue(())
    }

    fn whole<R: Read>(&mut self, member: u32, tee: &mut Tee<'_, R>) -> ControlFlow<()> {
        let most = self.limits.line as u64;
        let mut bytes = Vec::new();
        match tee.take(most + 1).read_to_end(&mut bytes) {
            Err(error) => self.batcher.stray(broken_off(member, &error)),
            Ok(_) if bytes.len() as u64 > most => self.batcher.stray(Stray {
                member,
                line: Some(1),
                code: "limit_line",
                found: format!("longer than {most} bytes"),
                kind: StrayKind::Skipped,
            }),
            Ok(_) => {
                let at = LineAt { number: 1, offset: 0 };
                self.batcher.record(member, at, &bytes)
            }
        }
    }
}

fn stray(member: u32, error: &RecordsError) -> Stray {
    if let RecordsError::Read { source, .. } = error {
        return broken_off(member, source);
    }
    let (code, kind) = match error {
        _ if error.is_passing() => ("limit_line", StrayKind::Skipped),
        _ if error.is_limit() => ("limit_line", StrayKind::RestUnknown),
        _ => ("not_readable", StrayKind::NoRecord),
    };
    let line = match error {
        RecordsError::LineTooLong { line, .. } | RecordsError::RecordTooLong { line, .. } => Some(*line),
        _ => None,
    };
    Stray {
        member,
        line,
        code,
        found: error.to_string(),
        kind,
    }
}

fn broken_off(member: u32, error: &io::Error) -> Stray {
    let (code, found, kind) = match fault_in(error) {
        Some(fault) if is_odd(fault) => (fault.code(), fault.to_string(), StrayKind::Odd),
        Some(fault) => (fault.code(), fault.to_string(), StrayKind::RestUnknown),
        None => ("member_unreadable", error.to_string(), StrayKind::RestUnknown),
    };
    Stray {
        member,
        line: None,
        code,
        found,
        kind,
    }
}

/// Whether a fault tells of bytes that belong to nothing, rather than of a member that cannot be read.
pub(crate) fn is_odd(fault: &FaultKind) -> bool {
    matches!(
        fault,
        FaultKind::TrailingBytes { .. } | FaultKind::LeadingBytes { .. } | FaultKind::UnlistedBytes { .. }
    )
}

fn mark(member: u32) -> Stray {
    Stray {
        member,
        line: Some(1),
        code: "byte_order_mark",
        found: "a byte order mark before the first record".to_owned(),
        kind: StrayKind::Mark,
    }
}

/// Hashes what is read, and counts it.
struct Tee<'g, R> {
    inner: R,
    hasher: Hasher,
    gauge: &'g Gauge,
    failed: bool,
}

impl<R: Read> Read for Tee<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        let read = read.inspect_err(|error| self.failed |= error.kind() != io::ErrorKind::Interrupted)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        self.gauge.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Read> Tee<'_, R> {
    /// Reads what is left, so that the digest is that of the whole member; `None` when it could not be read.
    fn finish(mut self) -> Option<String> {
        if !self.failed {
            io::copy(&mut self, &mut io::sink()).ok()?;
        }
        (!self.failed).then(|| self.hasher.finish().hex())
    }
}

const READ_BUFFER: usize = 256 * 1024;
