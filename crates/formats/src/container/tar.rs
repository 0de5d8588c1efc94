//! tar files: ustar (POSIX.1-1988), pax (POSIX.1-2001) and GNU. Read block by block; only regular files are given.

mod header;

use std::io::Read;

use super::Entry;
use super::error::{Exceeded, FaultKind, MemberFault};
use super::members::{Members, Step, read_some};
use super::name::{self, Census};
use crate::limits::Limits;

use header::{Header, Kind, Pax};

pub(super) use header::looks_like_header;

/// A tar file that is being walked.
pub(super) struct Tar {
    stream: Box<dyn Read + Send>,
    /// The container's own name, for what belongs to no member.
    container: String,
    census: Census,
    /// Bytes taken from the stream.
    position: u64,
    /// Bytes of the current member, and of its padding, that are still to come.
    remaining: u64,
    padding: u64,
    /// Whether the walk is over.
    finished: bool,
}

/// What the extension headers before a member say about it.
#[derive(Default)]
struct Extension {
    pax: Option<Pax>,
    long_name: Option<Vec<u8>>,
}

impl Extension {
    fn is_empty(&self) -> bool {
        self.pax.is_none() && self.long_name.is_none()
    }

    /// Whether a pax record and a GNU header give the member two names.
    fn names_differ(&self) -> bool {
        let pax = self.pax.as_ref().and_then(|pax| pax.path.as_ref());
        matches!((pax, &self.long_name), (Some(pax), Some(long)) if pax != long)
    }
}

/// Keeps what an extension header says. A second one of its kind before one member lets two readers see two members.
fn once<T>(place: &mut Option<T>, said: T, offset: u64) -> Result<Option<Step>, FaultKind> {
    match place.replace(said) {
        Some(_) => Err(FaultKind::Damaged { offset }),
        None => Ok(None),
    }
}

impl Tar {
    pub(super) fn new(stream: Box<dyn Read + Send>, container: &str, limits: &Limits) -> Self {
        Tar {
            stream,
            container: container.to_owned(),
            census: Census::new(limits),
            position: 0,
            remaining: 0,
            padding: 0,
            finished: false,
        }
    }

    fn next_step(&mut self) -> Result<Option<Step>, FaultKind> {
        let rest = self.remaining.saturating_add(self.padding);
        self.skip(rest)?;
        (self.remaining, self.padding) = (0, 0);
        let mut extension = Extension::default();
        loop {
            let Some(block) = self.block()? else {
                return Err(FaultKind::Truncated {
                    offset: self.position,
                });
            };
            let offset = self.position - BLOCK as u64;
            if block.iter().all(|&byte| byte == 0) {
                return if extension.is_empty() {
                    self.end()
                } else {
                    Err(FaultKind::Damaged { offset })
                };
            }
            let header = Header::parse(&block).ok_or(FaultKind::Damaged { offset })?;
            self.census.count()?;
            if let Some(step) = self.take_header(&header, &mut extension, offset)? {
                return Ok(Some(step));
            }
        }
    }

    /// Takes one header: an extension for the next one, a folder to pass over, or a step.
    fn take_header(
        &mut self,
        header: &Header,
        extension: &mut Extension,
        offset: u64,
    ) -> Result<Option<Step>, FaultKind> {
        match header.kind {
            Kind::PaxNext => {
                let records = self.metadata(header.size, offset)?;
                let pax = Pax::parse(&records).ok_or(FaultKind::Damaged { offset })?;
                once(&mut extension.pax, pax, offset)
            }
            Kind::PaxGlobal => {
                // comments and times may stand for all members; a name or a length may not
                let records = self.metadata(header.size, offset)?;
                let global = Pax::parse(&records).ok_or(FaultKind::Damaged { offset })?;
                if global.names_or_sizes() {
                    Err(FaultKind::Damaged { offset })
                } else {
                    Ok(None)
                }
            }
            Kind::LongName => {
                let mut long = self.metadata(header.size, offset)?;
                while long.last() == Some(&0) {
                    long.pop();
                }
                once(&mut extension.long_name, long, offset)
            }
            Kind::LongLink => self.metadata(header.size, offset).map(|_| None),
            kind => {
                let extension = std::mem::take(extension);
                if extension.names_differ() {
                    return Err(FaultKind::Damaged { offset });
                }
                self.take_member(kind, header, &extension)
            }
        }
    }

    fn take_member(
        &mut self,
        kind: Kind,
        header: &Header,
        extension: &Extension,
    ) -> Result<Option<Step>, FaultKind> {
        let pax = extension.pax.as_ref();
        let bytes = pax
            .and_then(|pax| pax.path.as_ref())
            .or(extension.long_name.as_ref())
            .unwrap_or(&header.path);
        let size = pax.and_then(|pax| pax.size).unwrap_or(header.size);
        self.remaining = if kind.has_data() { size } else { 0 };
        self.padding = padding(self.remaining);
        let is_folder = kind == Kind::Folder || (kind == Kind::File && size == 0 && bytes.ends_with(b"/"));
        if is_folder {
            return Ok(self.take_folder(bytes));
        }
        let shown = || name::shown(bytes);
        if let Some(fault) = refusal(kind, header, extension) {
            return self.refuse(&shown(), fault);
        }
        match name::parse(bytes) {
            Err(reason) => self.refuse(&shown(), FaultKind::Name { reason }),
            Ok(name) => match self.census.admit(&name) {
                Err(FaultKind::Limit(exceeded)) => Err(exceeded.into()),
                Err(kind) => self.refuse(&name, kind),
                Ok(()) => Ok(Some(Step::Member(Entry {
                    name,
                    declared: Some(size),
                }))),
            },
        }
    }

    /// A folder is no member, but its name can still be a wrong one.
    fn take_folder(&mut self, bytes: &[u8]) -> Option<Step> {
        let end = bytes
            .iter()
            .rposition(|&byte| byte != b'/')
            .map_or(0, |last| last + 1);
        let trimmed = bytes.get(..end).unwrap_or_default();
        let refused = if trimmed.is_empty() && !bytes.is_empty() {
            Some(super::NameRefusal::Absolute)
        } else if matches!(trimmed, b".") {
            None
        } else {
            name::parse(trimmed).err()
        };
        refused.map(|reason| Step::Fault(MemberFault::new(&name::shown(bytes), FaultKind::Name { reason })))
    }

    /// Reports a member that is not given; its bytes are passed over by the next step.
    fn refuse(&mut self, name: &str, kind: FaultKind) -> Result<Option<Step>, FaultKind> {
        if matches!(kind, FaultKind::LengthsDisagree { .. }) {
            // where the next header begins cannot be known
            self.finished = true;
        }
        Ok(Some(Step::Fault(MemberFault::new(name, kind))))
    }

    /// After the first block of zeros: a second one, and then nothing else.
    fn end(&mut self) -> Result<Option<Step>, FaultKind> {
        self.finished = true;
        let Some(block) = self.block()? else {
            return Err(FaultKind::Truncated {
                offset: self.position,
            });
        };
        let mut offset = self.position - BLOCK as u64;
        let mut buffer = block.to_vec();
        let mut first_other = buffer.iter().position(|&byte| byte != 0);
        let mut trailing = None;
        loop {
            if let (Some(index), None) = (first_other, trailing) {
                trailing = Some(offset + index as u64);
            }
            // read on to the end even so: what packs the tar file is checked by that
            buffer.resize(DRAIN, 0);
            offset = self.position;
            let count = read_some(self.stream.as_mut(), &mut buffer)?;
            if count == 0 {
                break;
            }
            self.position += count as u64;
            first_other = buffer.iter().take(count).position(|&byte| byte != 0);
        }
        trailing.map_or(Ok(None), |offset| Err(FaultKind::TrailingBytes { offset }))
    }

    /// The body of an extension header.
    fn metadata(&mut self, size: u64, offset: u64) -> Result<Vec<u8>, FaultKind> {
        let length = usize::try_from(size)
            .ok()
            .filter(|length| *length <= METADATA_LIMIT);
        let length = length.ok_or(FaultKind::Damaged { offset })?;
        let mut body = vec![0; length];
        if self.fill(&mut body)? < length {
            return Err(FaultKind::Truncated {
                offset: self.position,
            });
        }
        self.skip(padding(size))?;
        Ok(body)
    }

    /// The next block; `None` at the end of the stream.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, FaultKind> {
        let mut block = [0; BLOCK];
        match self.fill(&mut block)? {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ => Err(FaultKind::Truncated {
                offset: self.position,
            }),
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<usize, FaultKind> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match read_some(self.stream.as_mut(), rest)? {
                0 => break,
                count => filled += count,
            }
        }
        self.position += filled as u64;
        Ok(filled)
    }

    fn skip(&mut self, mut count: u64) -> Result<(), FaultKind> {
        let mut scratch = [0; 8 << 10];
        while count > 0 {
            let wanted = usize::try_from(count).unwrap_or(usize::MAX).min(scratch.len());
            let filled = self.fill(scratch.get_mut(..wanted).unwrap_or_default())?;
            if filled < wanted {
                return Err(FaultKind::Truncated {
                    offset: self.position,
                });
            }
            count -= filled as u64;
        }
        Ok(())
    }
}

impl Members for Tar {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        if self.finished {
            return Ok(None);
        }
        match self.next_step() {
            Ok(step) => {
                self.finished |= step.is_none();
                Ok(step)
            }
            Err(FaultKind::Limit(exceeded)) => Err(exceeded),
            Err(kind) => {
                self.finished = true;
                Ok(Some(Step::Fault(MemberFault::new(&self.container, kind))))
            }
        }
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, FaultKind> {
        let wanted = usize::try_from(self.remaining)
            .unwrap_or(usize::MAX)
            .min(buf.len());
        let Some(buf) = buf.get_mut(..wanted).filter(|buf| !buf.is_empty()) else {
            return Ok(0);
        };
        let result = read_some(self.stream.as_mut(), buf);
        match result {
            Ok(0) => {
                self.finished = true;
                Err(FaultKind::Truncated {
                    offset: self.position,
                })
            }
            Ok(count) => {
                self.position += count as u64;
                self.remaining -= count as u64;
                Ok(count)
            }
            Err(kind) => {
                self.finished = true;
                Err(kind)
            }
        }
    }
}

/// Why a member is not given, whatever its name.
fn refusal(kind: Kind, header: &Header, extension: &Extension) -> Option<FaultKind> {
    if let Some(what) = kind.special() {
        return Some(FaultKind::NotAFile { what });
    }
    if extension.pax.as_ref().is_some_and(|pax| pax.sparse) {
        return Some(FaultKind::NotAFile {
            what: super::SpecialFile::Sparse,
        });
    }
    // A header that cannot hold the length carries 0 or the part that fits; else both say the same.
    let pax = extension.pax.as_ref()?.size?;
    let fits = pax < OCTAL_LIMIT;
    (fits && header.size != pax).then_some(FaultKind::LengthsDisagree {
        header: header.size,
        pax,
    })
}

fn padding(size: u64) -> u64 {
    let block = BLOCK as u64;
    (block - size % block) % block
}

const BLOCK: usize = 512;
const DRAIN: usize = 32 << 10;
/// The longest extension header that is read. Names are bounded far below.
const METADATA_LIMIT: usize = 1 << 20;
/// The first length that eleven octal digits cannot hold: 8 GiB.
const OCTAL_LIMIT: u64 = 1 << 33;
