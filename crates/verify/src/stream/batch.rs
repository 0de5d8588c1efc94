//! Records on their way from reading to judging, in batches that lie in one buffer each.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crossbeam_channel::Sender;
use tickmark_formats::records::LineAt;

/// Where a record stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which member of the route.
    pub member: u32,
    pub line: u64,
    pub offset: u64,
    /// Its bytes in the batch.
    range: Range<usize>,
}

/// Something that gave no record.
#[derive(Debug, Clone)]
pub(crate) struct Stray {
    pub member: u32,
    pub line: Option<u64>,
    pub code: &'static str,
    pub found: String,
    pub kind: StrayKind,
}

/// What follows from something that gave no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StrayKind {
    /// A record over a limit: it is there and was not read.
    Skipped,
    /// The rest of the member is unknown.
    RestUnknown,
    /// Bytes that are no record stand where records should.
    NoRecord,
    /// Bytes that belong to nothing in the container.
    Odd,
    /// A byte order mark before the first record.
    Mark,
}

/// Records that lie side by side in one buffer.
pub(crate) struct Batch {
    pub number: u64,
    /// Whether its first piece is the very first of the bundle.
    pub is_first: bool,
    pub text: Vec<u8>,
    pub pieces: Vec<Piece>,
    /// The record before it, where preimages take that.
    pub before: Option<Vec<u8>>,
}

pub(crate) enum Piece {
    Record(Place),
    Stray(Stray),
}

impl Batch {
    /// A record's received bytes.
    pub fn bytes(&self, place: &Place) -> &[u8] {
        self.text.get(place.range.clone()).unwrap_or_default()
    }
}

/// Collects records into batches and sends them off.
pub(crate) struct Batcher<'a> {
    to_work: Sender<Batch>,
    stop: &'a AtomicBool,
    budget: &'a Budget,
    /// Whether a batch needs the record before it.
    is_chained: bool,
    batch: Batch,
}

impl<'a> Batcher<'a> {
    pub fn new(
        to_work: Sender<Batch>,
        stop: &'a AtomicBool,
        budget: &'a Budget,
        is_chained: bool,
    ) -> Batcher<'a> {
        Batcher {
            to_work,
            stop,
            budget,
            is_chained,
            batch: Batch {
                number: 0,
                is_first: true,
                text: Vec::new(),
                pieces: Vec::new(),
                before: None,
            },
        }
    }

    pub fn record(&mut self, member: u32, at: LineAt, bytes: &[u8]) -> ControlFlow<()> {
        let start = self.batch.text.len();
        self.batch.text.extend_from_slice(bytes);
        self.appended(member, at, start)
    }

    /// Where a record's bytes may be appended, followed by [`Batcher::appended`].
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.batch.text
    }

    /// Takes a record whose bytes were appended from `start` on.
    pub fn appended(&mut self, member: u32, at: LineAt, start: usize) -> ControlFlow<()> {
        let range = start..self.batch.text.len();
        self.push(Piece::Record(Place {
            member,
            line: at.number,
            offset: at.offset,
            range,
        }))
    }

    pub fn stray(&mut self, stray: Stray) -> ControlFlow<()> {
        self.push(Piece::Stray(stray))
    }

    /// Sends what was collected.
    pub fn send(&mut self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if self.batch.pieces.is_empty() {
            return ControlFlow::Continue(());
        }
        let last = match self.batch.pieces.last() {
            Some(Piece::Record(place)) if self.is_chained => Some(self.batch.bytes(place).to_vec()),
            _ => None,
        };
        let next = Batch {
            number: self.batch.number + 1,
            is_first: false,
            text: Vec::with_capacity(self.batch.text.len()),
            pieces: Vec::with_capacity(self.batch.pieces.len()),
            before: last,
        };
        let batch = std::mem::replace(&mut self.batch, next);
        self.budget.take(batch.text.len());
        match self.to_work.send(batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn push(&mut self, piece: Piece) -> ControlFlow<()> {
        self.batch.pieces.push(piece);
        if self.batch.pieces.len() >= BATCH_RECORDS || self.batch.text.len() >= BATCH_BYTES {
            self.send()
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Bytes that may be under way at once. One slow batch must not let the others pile up behind it.
#[derive(Default)]
pub(crate) struct Budget {
    used: Mutex<usize>,
    freed: Condvar,
    lifted: AtomicBool,
}

impl Budget {
    fn take(&self, bytes: usize) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while *used > 0 && *used + bytes > UNDER_WAY && !self.lifted.load(Ordering::Relaxed) {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
    }

    pub fn give_back(&self, bytes: usize) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(bytes);
        self.freed.notify_all();
    }

    /// Nobody gives back any more: the reader must not wait.
    pub fn lift(&self) {
        let _used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        self.lifted.store(true, Ordering::Relaxed);
        self.freed.notify_all();
    }
}

const BATCH_RECORDS: usize = 512;
const BATCH_BYTES: usize = 256 * 1024;
const UNDER_WAY: usize = 16 << 20;
