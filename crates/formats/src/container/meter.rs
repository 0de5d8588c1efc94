//! Counting of packed and unpacked bytes as they are really read, and the limits on them.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::{Exceeded, FaultKind};
use crate::limits::Limits;

/// The counters of one walk. Clones share them.
#[derive(Clone)]
pub(super) struct Meter(Arc<Counters>);

struct Counters {
    total: u64,
    ratio: u64,
    ratio_from: u64,
    packed: AtomicU64,
    unpacked: AtomicU64,
    member_packed: AtomicU64,
    member_unpacked: AtomicU64,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Meter(Arc::new(Counters {
            total: limits.total,
            ratio: limits.ratio,
            ratio_from: limits.ratio_from,
            packed: AtomicU64::new(0),
            unpacked: AtomicU64::new(0),
            member_packed: AtomicU64::new(0),
            member_unpacked: AtomicU64::new(0),
        }))
    }

    /// Begins to count a member that is packed by itself (ZIP).
    pub(super) fn begin_member(&self) {
        self.0.member_packed.store(0, Ordering::Relaxed);
        self.0.member_unpacked.store(0, Ordering::Relaxed);
    }

    pub(super) fn add_packed(&self, bytes: u64) {
        self.0.packed.fetch_add(bytes, Ordering::Relaxed);
        self.0.member_packed.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts bytes that came out; the packed bytes they came from were counted before.
    pub(super) fn add_unpacked(&self, bytes: u64) -> Result<(), Exceeded> {
        let counters = &self.0;
        let unpacked = counters
            .unpacked
            .fetch_add(bytes, Ordering::Relaxed)
            .saturating_add(bytes);
        if unpacked > counters.total {
            return Err(Exceeded::Total {
                limit: counters.total,
            });
        }
        self.check_ratio(counters.packed.load(Ordering::Relaxed), unpacked)?;
        let unpacked = counters
            .member_unpacked
            .fetch_add(bytes, Ordering::Relaxed)
            .saturating_add(bytes);
        self.check_ratio(counters.member_packed.load(Ordering::Relaxed), unpacked)
    }

    fn check_ratio(&self, packed: u64, unpacked: u64) -> Result<(), Exceeded> {
        let limit = self.0.ratio;
        if unpacked > self.0.ratio_from && unpacked > packed.saturating_mul(limit) {
            return Err(Exceeded::Ratio {
                limit,
                packed,
                unpacked,
            });
        }
        Ok(())
    }
}

/// What comes out of a decoder, counted.
pub(super) struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Metered<R> {
    pub(super) fn new(inner: R, meter: Meter) -> Self {
        Metered { inner, meter }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buf)?;
        self.meter
            .add_unpacked(count as u64)
            .map_err(|exceeded| FaultKind::from(exceeded).into_io())?;
        Ok(count)
    }
}

/// Packed bytes: buffered, counted as they are used, with their position known.
pub(super) struct Packed<R> {
    inner: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    position: u64,
    meter: Meter,
}

impl<R: Read> Packed<R> {
    /// Begins at `position`, where `inner` stands.
    pub(super) fn new(inner: R, position: u64, meter: Meter) -> Self {
        Packed {
            inner,
            buffer: vec![0; BUFFER].into(),
            start: 0,
            end: 0,
            position,
            meter,
        }
    }

    /// The offset of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The next bytes without taking them: as many as asked, fewer only at the end. At most 4 KiB.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.end - self.start < count {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end - self.start < count {
            let Some(free) = self.buffer.get_mut(self.end..).filter(|free| !free.is_empty()) else {
                break;
            };
            match self.inner.read(free) {
                Ok(0) => break,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let available = self.buffered();
        Ok(available.get(..count.min(available.len())).unwrap_or_default())
    }

    /// Takes exactly `bytes.len()` bytes, or fewer at the end; says how many.
    pub(super) fn read_full(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }
}

impl<R: Read + Seek> Packed<R> {
    /// Goes to another place; what was buffered is kept when it reaches there.
    pub(super) fn seek_to(&mut self, position: u64) -> io::Result<()> {
        let ahead = position
            .checked_sub(self.position)
            .and_then(|ahead| usize::try_from(ahead).ok());
        if let Some(ahead) = ahead.filter(|ahead| *ahead <= self.end - self.start) {
            self.start += ahead;
        } else {
            self.inner.seek(SeekFrom::Start(position))?;
            (self.start, self.end) = (0, 0);
        }
        self.position = position;
        Ok(())
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Packed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.end = self.inner.read(&mut self.buffer)?;
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, amount: usize) {
        let used = amount.min(self.end - self.start);
        self.start += used;
        self.position += used as u64;
        self.meter.add_packed(used as u64);
    }
}

const BUFFER: usize = 64 << 10;
