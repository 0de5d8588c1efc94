//! A ZIP file whose directory is missing: members in the order in which they stand, as far as they go.

use super::super::Entry;
use super::super::error::{Exceeded, FaultKind, MemberFault};
use super::super::members::{Bytes, Members, Step};
use super::super::meter::{Meter, Packed};
use super::super::name::{self, Census};
use super::data::Data;
use super::header::{LOCAL_SIGNATURE, Local};
use super::locate::ENTRY_SIGNATURE;
use super::{DEFLATED, STORED};
use crate::limits::Limits;

/// A ZIP file that is being walked from its front.
pub(in super::super) struct Scan {
    packed: Packed<Bytes>,
    container: String,
    meter: Meter,
    census: Census,
    current: Option<Data>,
    begun: bool,
    finished: bool,
}

impl Scan {
    pub(in super::super) fn new(bytes: Bytes, container: &str, limits: &Limits) -> Self {
        let meter = Meter::new(limits);
        let packed = Packed::new(bytes, 0, meter.clone());
        let census = Census::new(limits);
        let container = container.to_owned();
        Scan {
            packed,
            container,
            meter,
            census,
            current: None,
            begun: false,
            finished: false,
        }
    }

    fn next_step(&mut self) -> Result<Option<Step>, FaultKind> {
        self.pass_over()?;
        loop {
            let offset = self.packed.position();
            let head = self.packed.peek(4).map_err(|error| FaultKind::of(&error))?;
            if head.is_empty() || head == ENTRY_SIGNATURE {
                return Ok(None);
            }
            if !LOCAL_SIGNATURE.starts_with(head) {
                return Err(FaultKind::Damaged { offset });
            }
            self.census.count()?;
            let local = Local::read(&mut self.packed)?.ok_or(FaultKind::Damaged { offset })?;
            if let Some(step) = self.take(&local, offset)? {
                return Ok(Some(step));
            }
        }
    }

    fn take(&mut self, local: &Local, offset: u64) -> Result<Option<Step>, FaultKind> {
        let has_length = local.flags & 8 == 0;
        let is_readable = matches!(local.method, STORED | DEFLATED) && local.flags & 1 == 0;
        if !has_length && (local.method == STORED || !is_readable) {
            // where it ends cannot be known
            return Err(FaultKind::Damaged { offset });
        }
        self.meter.begin_member();
        self.current = Some(Data::local(local));
        let declared = has_length.then_some(local.unpacked);
        if local.name.ends_with(b"/") && declared == Some(0) {
            return Ok(None);
        }
        let shown = || name::shown(&local.name);
        let fault = match name::parse(&local.name) {
            _ if local.flags & 1 != 0 => FaultKind::Encrypted,
            _ if !is_readable => FaultKind::UnknownMethod { method: local.method },
            Err(reason) => FaultKind::Name { reason },
            Ok(name) => match self.census.admit(&name) {
                Ok(()) => return Ok(Some(Step::Member(Entry { name, declared }))),
                Err(FaultKind::Limit(exceeded)) => return Err(exceeded.into()),
                Err(kind) => kind,
            },
        };
        if !is_readable {
            self.current = Some(Data::opaque(local.packed));
        }
        Ok(Some(Step::Fault(MemberFault::new(&shown(), fault))))
    }

    /// Reads what is left of a member that was not given or not read.
    fn pass_over(&mut self) -> Result<(), FaultKind> {
        let mut scratch = [0; 8 << 10];
        while self.read(&mut scratch)? > 0 {}
        self.current = None;
        Ok(())
    }
}

impl Members for Scan {
    fn step(&mut self) -> Result<Option<Step>, Exceeded> {
        if !self.begun {
            self.begun = true;
            let fault = MemberFault::new(&self.container, FaultKind::DirectoryMissing);
            return Ok(Some(Step::Fault(fault)));
        }
        if self.finished {
            return Ok(None);
        }
        match self.next_step() {
            Ok(step) => {
                self.finished = step.is_none();
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
        let Some(data) = &mut self.current else {
            return Ok(0);
        };
        let result = data.read(&mut self.packed, buf).and_then(|count| {
            self.meter.add_unpacked(count as u64)?;
            Ok(count)
        });
        if result.is_err() {
            // where the next member begins cannot be known
            self.current = None;
            self.finished = true;
        }
        result
    }
}
