//! The common face of all containers: members one after another, each read as a stream.

use std::io::{self, Read};
use std::sync::Arc;

use super::Entry;
use super::error::{ContainerError, Exceeded, FaultKind, MemberFault};
use super::meter::Meter;
use super::name::{self, Census};
use super::received::{Origin, ReadSeek};
use crate::limits::Limits;

/// Bytes of a container, opened and unlocked.
pub(super) type Bytes = Box<dyn ReadSeek + Send>;

/// One step of a walk.
pub(super) enum Step {
    /// A regular member; its bytes come from [`Members::read`] until the next step.
    Member(Entry),
    /// Something that is no such member.
    Fault(MemberFault),
}

/// A container that is being walked.
pub(super) trait Members: Send {
    /// Goes to the next member or fault, passing over what was not read; `None` at the end.
    fn step(&mut self) -> Result<Option<Step>, Exceeded>;

    /// Reads from the current member; 0 at its end. An error is final for this member.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind>;

    /// Goes to the first member of that name. Where the container ends before it in a way that hides what follows, that
    /// fault is the answer.
    fn find(&mut self, name: &str) -> Result<Option<Entry>, FaultKind> {
        let mut hides = None;
        while let Some(step) = self.step()? {
            match step {
                Step::Member(entry) if entry.name == name => return Ok(Some(entry)),
                Step::Fault(fault) if fault.member == name => return Err(fault.kind),
                Step::Fault(fault) if hides_what_follows(&fault.kind) => hides = Some(fault.kind),
                _ => {}
            }
        }
        hides.map_or(Ok(None), Err)
    }
}

/// Whether members behind this fault cannot be seen.
fn hides_what_follows(kind: &FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Truncated { .. }
            | FaultKind::Damaged { .. }
            | FaultKind::LengthsDisagree { .. }
            | FaultKind::Unreadable { .. }
    )
}

impl<M: Members + ?Sized> Members for Box<M> {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        (**self).step()
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        (**self).read(buf)
    }

    fn find(&mut self, name: &str) -> Result<Option<Entry>, FaultKind> {
        (**self).find(name)
    }
}

impl<M: Members + ?Sized> Members for &mut M {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        (**self).step()
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        (**self).read(buf)
    }

    fn find(&mut self, name: &str) -> Result<Option<Entry>, FaultKind> {
        (**self).find(name)
    }
}

/// The current member as a reader. It remembers the first fault, and gives it again to whoever reads on.
pub(super) struct MemberReader<M> {
    pub(super) members: M,
    pub(super) name: String,
    pub(super) fault: Option<FaultKind>,
}

impl<M: Members> MemberReader<M> {
    /// Reads to the end, for the faults that show only there.
    pub(super) fn drain(&mut self) {
        let mut scratch = [0; 16 << 10];
        while self.fault.is_none() && self.read(&mut scratch).is_ok_and(|count| count > 0) {}
    }
}

impl<M: Members> Read for MemberReader<M> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(kind) = &self.fault {
            return Err(MemberFault::new(&self.name, kind.clone()).into_io());
        }
        if buf.is_empty() {
            return Ok(0);
        }
        self.members.read(buf).map_err(|kind| {
            self.fault = Some(kind.clone());
            MemberFault::new(&self.name, kind).into_io()
        })
    }
}

/// One member: a stream without a list of contents (a plain file, a lone `.gz` or `.zst`).
pub(super) struct Single {
    entry: Option<Entry>,
    stream: Box<dyn Read + Send>,
    length: Length,
}

impl Single {
    pub(super) fn new(entry: Entry, stream: Box<dyn Read + Send>) -> Self {
        let length = Length {
            expected: entry.declared,
            found: 0,
        };
        Single {
            entry: Some(entry),
            stream,
            length,
        }
    }
}

impl Members for Single {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        Ok(self.entry.take().map(Step::Member))
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        self.length.read(self.stream.as_mut(), buf)
    }
}

/// The files of a folder, by name.
pub(super) struct Folder {
    files: std::vec::IntoIter<Arc<dyn Origin>>,
    census: Census,
    meter: Meter,
    current: Option<(Bytes, Length)>,
}

impl Folder {
    pub(super) fn new(mut files: Vec<Arc<dyn Origin>>, limits: &Limits) -> Self {
        files.sort_by(|a, b| a.name().cmp(b.name()));
        let (census, meter) = (Census::new(limits), Meter::new(limits));
        Folder {
            files: files.into_iter(),
            census,
            meter,
            current: None,
        }
    }
}

impl Members for Folder {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        let Some(origin) = self.files.next() else {
            return Ok(None);
        };
        self.census.count()?;
        let name = match name::parse(origin.name().as_bytes()) {
            Ok(name) => name,
            Err(reason) => {
                let shown = name::shown(origin.name().as_bytes());
                return Ok(Some(Step::Fault(MemberFault::new(
                    &shown,
                    FaultKind::Name { reason },
                ))));
            }
        };
        match self.census.admit(&name) {
            Ok(()) => {}
            Err(FaultKind::Limit(exceeded)) => return Err(exceeded),
            Err(kind) => return Ok(Some(Step::Fault(MemberFault::new(&name, kind)))),
        }
        match origin.open() {
            Ok(bytes) => {
                let declared = Some(origin.len());
                self.current = Some((
                    bytes,
                    Length {
                        expected: declared,
                        found: 0,
                    },
                ));
                Ok(Some(Step::Member(Entry { name, declared })))
            }
            Err(error) => Ok(Some(Step::Fault(MemberFault::new(&name, FaultKind::of(&error))))),
        }
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        let Some((bytes, length)) = &mut self.current else {
            return Ok(0);
        };
        let count = length.read(bytes.as_mut(), buf)?;
        self.meter.add_packed(count as u64);
        self.meter.add_unpacked(count as u64)?;
        Ok(count)
    }
}

/// Compares the length that was stated with the bytes that come.
struct Length {
    expected: Option<u64>,
    found: u64,
}

impl Length {
    fn read(&mut self, stream: &mut dyn Read, buf: &mut [u8]) -> Result<usize, FaultKind> {
        let count = read_some(stream, buf).map_err(|kind| match kind {
            // what a seal says of a missing end
            FaultKind::Unreadable {
                kind: io::ErrorKind::UnexpectedEof,
            } => FaultKind::Truncated { offset: self.found },
            other => other,
        })?;
        self.found += count as u64;
        match self.expected {
            Some(expected) if count == 0 && self.found != expected && !buf.is_empty() => {
                Err(FaultKind::Length {
                    expected,
                    found: self.found,
                })
            }
            _ => Ok(count),
        }
    }
}

/// Reads once, again when interrupted.
pub(super) fn read_some(stream: &mut dyn Read, buf: &mut [u8]) -> Result<usize, FaultKind> {
    loop {
        match stream.read(buf) {
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(FaultKind::of(&error)),
        }
    }
}

/// The error of a container that cannot be opened or read at all.
pub(super) fn unreadable(name: &str, source: io::Error) -> ContainerError {
    match fault_limit(&source) {
        Some(exceeded) => ContainerError::Limit {
            name: name.to_owned(),
            exceeded,
        },
        None => ContainerError::Read {
            name: name.to_owned(),
            source,
        },
    }
}

fn fault_limit(error: &io::Error) -> Option<Exceeded> {
    match FaultKind::of(error) {
        FaultKind::Limit(exceeded) => Some(exceeded),
        _ => None,
    }
}
