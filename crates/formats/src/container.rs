//! Containers as they are received: a file or folder, packed and perhaps sealed, and its members as streams.
//!
//! What a container is shows in its bytes, never in its name. Nothing is ever extracted to disk. A member that cannot
//! be read, or that should not be (a link, a name that leaves the folder, a second member of one name), is reported
//! as a [`MemberFault`] and the rest is still walked; only a limit ends the walk.

mod error;
mod gzip;
mod inflated;
mod members;
mod meter;
mod name;
mod received;
mod sniff;
mod tar;
mod zip;
mod zstandard;

use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::limits::Limits;

use gzip::Gunzip;
use members::{Bytes, Folder, MemberReader, Members, Single, Step, unreadable};
use meter::{Meter, Metered, Packed};
use zstandard::Unzstd;

pub use error::{ContainerError, Exceeded, FaultKind, MemberFault, NameRefusal, SpecialFile, fault_in};
pub use inflated::Inflated;
pub use received::{Origin, ReadSeek, Received, Unlock, UnlockError};

/// A received file or folder, opened. Its members can be walked any number of times; each walk reads the bytes anew.
pub struct Container {
    received: Received,
    limits: Limits,
    unlock: Option<Arc<dyn Unlock>>,
    packing: Vec<Packing>,
    layout: Layout,
}

/// One layer of packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// An age file (age-encryption.org/v1), binary or armored.
    Age,
    /// A ZIP file.
    Zip,
    /// A tar file: ustar, pax or GNU.
    Tar,
    /// A gzip stream (RFC 1952), of one or more members.
    Gzip,
    /// A Zstandard stream (RFC 8878), of one or more frames.
    Zstd,
    /// A folder.
    Folder,
    /// A single file.
    File,
}

/// One regular member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name inside the container, segments parted by `/`.
    pub name: String,
    /// The length that the container states, where it states one.
    pub declared: Option<u64>,
}

/// What a whole walk came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Regular members that were handed to the visitor.
    pub members: u64,
    /// What was wrong, in container order.
    pub faults: Vec<MemberFault>,
}

/// How the innermost layer is read.
enum Layout {
    Single,
    Folder,
    Tar,
    Zip(Arc<zip::Directory>),
    ZipWithoutDirectory,
}

impl Container {
    /// Opens a received file or folder: unseals it, recognises its packing by its bytes, and reads a ZIP file's
    /// directory. Members are not read yet.
    ///
    /// # Errors
    /// [`ContainerError`] when the bytes cannot be read, a seal stays closed, or a ZIP directory is over a limit. What
    /// is wrong with single members is told by [`Container::walk`].
    pub fn open(
        received: Received,
        limits: Limits,
        unlock: Option<Arc<dyn Unlock>>,
    ) -> Result<Container, ContainerError> {
        let mut container = Container {
            received,
            limits,
            unlock,
            packing: Vec::new(),
            layout: Layout::Folder,
        };
        if matches!(container.received, Received::Folder { .. }) {
            container.packing.push(Packing::Folder);
            return Ok(container);
        }
        let (seals, mut bytes) = container.unseal()?;
        container.packing = vec![Packing::Age; seals];
        container
            .recognise(&mut bytes)
            .map_err(|error| unreadable(container.received.name(), error))?;
        Ok(container)
    }

    /// The layers of packing, outermost first. The last one is always [`Packing::Zip`], [`Packing::Tar`],
    /// [`Packing::Folder`] or [`Packing::File`].
    #[must_use]
    pub fn packing(&self) -> Vec<Packing> {
        self.packing.clone()
    }

    /// The path as given.
    #[must_use]
    pub fn name(&self) -> &str {
        self.received.name()
    }

    /// Length in bytes as received; for a folder that of its files together.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.received.len()
    }

    /// Whether nothing was received.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.received.is_empty()
    }

    /// What was received.
    #[must_use]
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// Hands every regular member to `visit`, in container order (a folder's by name), as a stream.
    ///
    /// What `visit` leaves unread is read on here, so that the faults are the same whatever it reads. Where a member's
    /// stream fails, its error carries the fault ([`fault_in`]), and the same fault is in [`Walked::faults`]. A walk
    /// that `visit` breaks off ends at once, with the faults until then.
    ///
    /// # Errors
    /// [`ContainerError::Limit`] when a limit is passed; members before that were visited. [`ContainerError::Read`],
    /// [`ContainerError::Locked`] when the bytes cannot be opened again.
    pub fn walk(
        &self,
        visit: &mut dyn FnMut(&Entry, &mut dyn Read) -> ControlFlow<()>,
    ) -> Result<Walked, ContainerError> {
        let mut members = self.members()?;
        let mut walked = Walked::default();
        while let Some(step) = members.step().map_err(|exceeded| self.over(exceeded))? {
            let entry = match step {
                Step::Member(entry) => entry,
                Step::Fault(fault) => {
                    walked.faults.push(fault);
                    continue;
                }
            };
            walked.members += 1;
            let mut reader = MemberReader {
                members: &mut *members,
                name: entry.name.clone(),
                fault: None,
            };
            let flow = visit(&entry, &mut reader);
            if flow.is_continue() {
                reader.drain();
            }
            match reader.fault {
                Some(FaultKind::Limit(exceeded)) => return Err(self.over(exceeded)),
                Some(kind) => walked.faults.push(MemberFault {
                    member: entry.name,
                    kind,
                }),
                None => {}
            }
            if flow.is_break() {
                break;
            }
        }
        Ok(walked)
    }

    /// Opens one member by its exact name. A ZIP file and a folder know its place; other containers are read up to it.
    ///
    /// # Errors
    /// [`ContainerError::NoSuchMember`], [`ContainerError::Member`] when it is not given, and those of
    /// [`Container::walk`].
    pub fn open_member(&self, name: &str) -> Result<Box<dyn Read + Send>, ContainerError> {
        let mut members = self.members()?;
        match members.find(name) {
            Ok(Some(entry)) => Ok(Box::new(MemberReader {
                members,
                name: entry.name,
                fault: None,
            })),
            Ok(None) => Err(ContainerError::NoSuchMember {
                name: self.name().to_owned(),
                member: name.to_owned(),
            }),
            Err(FaultKind::Limit(exceeded)) => Err(self.over(exceeded)),
            Err(kind) => {
                let fault = MemberFault {
                    member: name.to_owned(),
                    kind,
                };
                Err(ContainerError::Member {
                    name: self.name().to_owned(),
                    fault,
                })
            }
        }
    }

    /// The bytes inside all seals.
    fn bytes(&self) -> Result<Bytes, ContainerError> {
        Ok(self.unseal()?.1)
    }

    /// Takes the age seals off, as many as there are; says how many.
    fn unseal(&self) -> Result<(usize, Bytes), ContainerError> {
        let name = || self.name().to_owned();
        let Received::File(origin) = &self.received else {
            return Ok((0, Box::new(io::empty())));
        };
        let mut bytes = origin
            .open()
            .map_err(|source| ContainerError::Read { name: name(), source })?;
        let mut seals = 0;
        while sniff::is_age(&sniff::head(&mut bytes).map_err(|error| unreadable(self.name(), error))?) {
            if seals == SEALS_LIMIT {
                return Err(ContainerError::SealedTooOften {
                    name: name(),
                    limit: SEALS_LIMIT,
                });
            }
            let unlock = self
                .unlock
                .as_ref()
                .ok_or_else(|| ContainerError::Sealed { name: name() })?;
            bytes = unlock
                .unlock(bytes)
                .map_err(|source| ContainerError::Locked { name: name(), source })?;
            seals += 1;
        }
        Ok((seals, bytes))
    }

    /// Recognises what lies inside the seals by its first bytes, and a ZIP file also by its last ones.
    fn recognise(&mut self, bytes: &mut Bytes) -> io::Result<()> {
        let head = sniff::head(bytes)?;
        let outer = sniff::packing(&head);
        self.layout = match outer {
            Packing::Gzip | Packing::Zstd => {
                self.packing.push(outer);
                let packed = Packed::new(bytes, 0, Meter::new(&self.limits));
                let inner = sniff::head_of_packed(outer, packed)?;
                if tar::looks_like_header(&inner) {
                    Layout::Tar
                } else {
                    Layout::Single
                }
            }
            Packing::Tar => Layout::Tar,
            _ if outer == Packing::Zip || zip::has_directory(bytes)? => {
                match zip::Directory::read(bytes, &self.limits)? {
                    Some(directory) => Layout::Zip(Arc::new(directory)),
                    None => Layout::ZipWithoutDirectory,
                }
            }
            _ => Layout::Single,
        };
        self.packing.push(match self.layout {
            Layout::Tar => Packing::Tar,
            Layout::Zip(_) | Layout::ZipWithoutDirectory => Packing::Zip,
            Layout::Single => Packing::File,
            Layout::Folder => Packing::Folder,
        });
        Ok(())
    }

    /// Begins a walk.
    fn members(&self) -> Result<Box<dyn Members>, ContainerError> {
        let (name, limits) = (self.name(), &self.limits);
        Ok(match &self.layout {
            Layout::Folder => {
                let files = match &self.received {
                    Received::Folder { files, .. } => files.clone(),
                    Received::File(_) => Vec::new(),
                };
                Box::new(Folder::new(files, limits))
            }
            Layout::Single => {
                let (entry, stream) = (self.only_entry(), self.stream()?);
                Box::new(Single::new(entry, stream))
            }
            Layout::Tar => Box::new(tar::Tar::new(self.stream()?, name, limits)),
            Layout::Zip(directory) => {
                Box::new(zip::Zip::new(Arc::clone(directory), self.bytes()?, name, limits))
            }
            Layout::ZipWithoutDirectory => Box::new(zip::Scan::new(self.bytes()?, name, limits)),
        })
    }

    /// The bytes inside the seals, decompressed when they are packed, counted in any case.
    fn stream(&self) -> Result<Box<dyn Read + Send>, ContainerError> {
        let meter = Meter::new(&self.limits);
        let packed = Packed::new(self.bytes()?, 0, meter.clone());
        let compressed = self
            .packing
            .iter()
            .find(|layer| matches!(layer, Packing::Gzip | Packing::Zstd));
        Ok(match compressed {
            Some(Packing::Gzip) => Box::new(Metered::new(Gunzip::new(packed), meter)),
            Some(_) => {
                let decoder = Unzstd::new(packed).map_err(|error| unreadable(self.name(), error))?;
                Box::new(Metered::new(decoder, meter))
            }
            None => Box::new(Metered::new(packed, meter)),
        })
    }

    /// The one member of a container without a list of contents: named as the file, without the suffix of its packing.
    fn only_entry(&self) -> Entry {
        let file = self.name().rsplit(['/', '\\']).next().unwrap_or_default();
        let mut name = file;
        for layer in &self.packing {
            let suffixes: &[&str] = match layer {
                Packing::Age => &[".age"],
                Packing::Gzip => &[".gz", ".gzip"],
                Packing::Zstd => &[".zst", ".zstd"],
                _ => &[],
            };
            let shorter = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
            name = shorter.filter(|name| !name.is_empty()).unwrap_or(name);
        }
        let is_plain = self.packing.len() == 1;
        Entry {
            name: name.to_owned(),
            declared: is_plain.then(|| self.received.len()),
        }
    }

    fn over(&self, exceeded: Exceeded) -> ContainerError {
        ContainerError::Limit {
            name: self.name().to_owned(),
            exceeded,
        }
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container")
            .field("received", &self.received)
            .field("packing", &self.packing)
            .finish()
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Packing::Age => "age",
            Packing::Zip => "zip",
            Packing::Tar => "tar",
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
            Packing::Folder => "folder",
            Packing::File => "file",
        })
    }
}

/// Decompresses one gzip stream (RFC 1952) under the limits on length and ratio, as a `.gz` container is read: members
/// follow one another, and after the last one there is nothing but zero padding. For members that are gzip files
/// themselves.
///
/// Its errors carry a [`FaultKind`] ([`fault_in`]).
pub fn gunzip<R: Read>(packed: R, limits: &Limits) -> impl Read {
    let meter = Meter::new(limits);
    Metered::new(Gunzip::new(Packed::new(packed, 0, meter.clone())), meter)
}

/// Seals inside one another that are opened.
const SEALS_LIMIT: usize = 2;
