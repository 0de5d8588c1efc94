//! ZIP files (APPNOTE 6.3.10): stored and deflated members, ZIP64, read by the directory at the end.
//!
//! A ZIP file describes each member twice, and readers differ in which description they believe. Here a member is
//! given only when both agree, when it shares no byte with another one, and when its bytes have the stated length and
//! CRC-32. Bytes that no description covers are reported.

mod data;
mod directory;
mod header;
mod locate;
mod scan;

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::{Exceeded, FaultKind, MemberFault};
use super::members::{Bytes, Members, Step};
use super::meter::{Meter, Packed};
use super::name::{self, Census};
use super::{Entry, SpecialFile};
use crate::limits::Limits;

use data::Data;
use directory::Listed;
use header::{LOCAL_HEADER, Local};

pub(super) use directory::Directory;
pub(super) use locate::has_directory;
pub(super) use scan::Scan;

/// A ZIP file that is being walked by its directory.
pub(super) struct Zip {
    directory: Arc<Directory>,
    packed: Packed<Bytes>,
    meter: Meter,
    census: Census,
    next: usize,
    current: Option<Data>,
    /// Faults found ahead of their turn.
    pending: VecDeque<MemberFault>,
    /// The member whose end has still to be compared with the beginning of the next.
    behind: Option<(usize, u64)>,
}

impl Zip {
    pub(super) fn new(directory: Arc<Directory>, bytes: Bytes, container: &str, limits: &Limits) -> Self {
        let meter = Meter::new(limits);
        let pending = directory
            .faults
            .iter()
            .map(|kind| MemberFault::new(container, kind.clone()))
            .collect();
        let packed = Packed::new(bytes, 0, meter.clone());
        let census = Census::new(limits);
        Zip {
            directory,
            packed,
            meter,
            census,
            next: 0,
            current: None,
            pending,
            behind: None,
        }
    }

    /// Opens a listed member: `None` for a folder that is as it should be.
    fn open(&mut self, index: usize, listed: &Listed) -> Result<Option<Entry>, FaultKind> {
        if let Some(what) = listed.special() {
            return Err(FaultKind::NotAFile { what });
        }
        let is_folder = listed.name.ends_with(b"/") && listed.unpacked == 0;
        let bytes = listed
            .name
            .strip_suffix(b"/")
            .filter(|_| is_folder)
            .unwrap_or(&listed.name);
        let name = match name::parse(bytes) {
            Err(_) if is_folder && bytes == b"." => None,
            Err(reason) => return Err(FaultKind::Name { reason }),
            Ok(name) => Some(name),
        };
        if !is_folder && let Some(name) = &name {
            self.census.admit(name)?;
        }
        let start = self.open_data(listed)?;
        self.behind = Some((index, start.saturating_add(listed.packed)));
        if is_folder {
            return Ok(None);
        }
        self.meter.begin_member();
        self.current = Some(Data::listed(listed));
        Ok(name.map(|name| Entry {
            name,
            declared: Some(listed.unpacked),
        }))
    }

    /// Compares the two descriptions and goes to the first byte of the data.
    fn open_data(&mut self, listed: &Listed) -> Result<u64, FaultKind> {
        if listed.is_encrypted() {
            return Err(FaultKind::Encrypted);
        }
        if !matches!(listed.method, STORED | DEFLATED) {
            return Err(FaultKind::UnknownMethod {
                method: listed.method,
            });
        }
        if listed.overlaps {
            return Err(FaultKind::Overlaps);
        }
        let local = self.local(listed.offset)?;
        listed.compare(&local)?;
        let start = listed.offset + LOCAL_HEADER as u64 + local.tail_length();
        if start.saturating_add(listed.packed) > listed.next {
            return Err(FaultKind::Overlaps);
        }
        Ok(start)
    }

    fn local(&mut self, offset: u64) -> Result<Local, FaultKind> {
        self.packed
            .seek_to(offset)
            .map_err(|error| FaultKind::of(&error))?;
        Local::read(&mut self.packed)?.ok_or(FaultKind::Damaged { offset })
    }

    /// Between the end of one member and the beginning of the next there is its data descriptor or nothing.
    fn check_gap(&mut self) -> Result<(), FaultKind> {
        let Some((index, end)) = self.behind.take() else {
            return Ok(());
        };
        let directory = Arc::clone(&self.directory);
        let Some(listed) = directory.entries.get(index) else {
            return Ok(());
        };
        let gap = listed.next.saturating_sub(end);
        let unlisted = FaultKind::UnlistedBytes {
            offset: end,
            length: gap,
        };
        match gap {
            0 => Ok(()),
            12 | 16 | 20 | 24 if listed.has_descriptor() => {
                let mut descriptor = [0; 24];
                self.packed.seek_to(end).map_err(|error| FaultKind::of(&error))?;
                let count = self
                    .packed
                    .read_full(&mut descriptor)
                    .map_err(|error| FaultKind::of(&error))?;
                let descriptor = descriptor.get(..count.min(usize::try_from(gap).unwrap_or(0)));
                let fits = descriptor.is_some_and(|bytes| {
                    data::is_descriptor(bytes, listed.crc, listed.packed, listed.unpacked)
                });
                if fits { Ok(()) } else { Err(unlisted) }
            }
            _ => Err(unlisted),
        }
    }

    fn shown(listed: &Listed) -> String {
        name::parse(&listed.name).unwrap_or_else(|_| name::shown(&listed.name))
    }
}

impl Members for Zip {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        loop {
            self.current = None;
            if let Some((index, _)) = self.behind
                && let Err(kind) = self.check_gap()
            {
                let member = self
                    .directory
                    .entries
                    .get(index)
                    .map(Zip::shown)
                    .unwrap_or_default();
                self.pending.push_back(MemberFault { member, kind });
            }
            if let Some(fault) = self.pending.pop_front() {
                return Ok(Some(Step::Fault(fault)));
            }
            let (index, directory) = (self.next, Arc::clone(&self.directory));
            let Some(listed) = directory.entries.get(index) else {
                return Ok(None);
            };
            self.next += 1;
            self.census.count()?;
            match self.open(index, listed) {
                Ok(None) => {}
                Ok(Some(entry)) => return Ok(Some(Step::Member(entry))),
                Err(FaultKind::Limit(exceeded)) => return Err(exceeded),
                Err(kind) => {
                    return Ok(Some(Step::Fault(MemberFault {
                        member: Zip::shown(listed),
                        kind,
                    })));
                }
            }
        }
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        let Some(data) = &mut self.current else {
            return Ok(0);
        };
        let count = data.read(&mut self.packed, buf)?;
        self.meter.add_unpacked(count as u64)?;
        Ok(count)
    }

    fn find(&mut self, name: &str) -> Result<Option<Entry>, FaultKind> {
        let directory = Arc::clone(&self.directory);
        let matches = |listed: &&Listed| name::parse(&listed.name).is_ok_and(|parsed| parsed == name);
        match directory.entries.iter().find(matches) {
            Some(listed) => self.open(0, listed),
            None => Ok(None),
        }
    }
}

/// What a Unix mode in the external attributes makes of a member (APPNOTE 4.4.15, hosts 3 and 19).
fn special_of(host: u8, attributes: u32) -> Option<SpecialFile> {
    if !matches!(host, 3 | 19) {
        return None;
    }
    match attributes >> 28 {
        0o12 => Some(SpecialFile::SymbolicLink),
        0o02 | 0o06 => Some(SpecialFile::Device),
        0o01 | 0o14 => Some(SpecialFile::Pipe),
        _ => None,
    }
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
