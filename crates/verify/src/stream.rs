//! Reads records, examines them on every core, and hands them on in source order, in bounded memory.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_formats::container::{Container, fault_in};
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, Lines, RecordsError};

use crate::coverage::Shapes;
use crate::examine::{Bench, Examined, Received};
use crate::profile::SourceKind;

/// The members that hold records, and how.
pub(crate) struct Route<'c> {
    pub container: &'c Container,
    pub members: Vec<String>,
    pub kind: SourceKind,
    pub at: &'c str,
}

/// What goes by in source order.
pub(crate) enum Passing {
    Record(Box<Examined>),
    /// Something that is no record: a line over the limit, an unreadable rest.
    Fault(StreamFault),
}

/// Why a part of a member gave no record.
#[derive(Debug, Clone)]
pub(crate) struct StreamFault {
    pub member: u32,
    pub line: Option<u64>,
    pub code: &'static str,
    pub found: String,
    /// Over a limit or unreadable: the rest is unknown. Else the bytes are there and are no record.
    pub limit: bool,
}

/// What is known when everything was read.
#[derive(Default)]
pub(crate) struct StreamEnd {
    /// The document around the records, per member.
    pub envelopes: Vec<Vec<u8>>,
    /// SHA-256 of each member that was read whole, hex.
    pub digests: Vec<Option<String>>,
    pub shapes: Shapes,
    pub cancelled: bool,
}

/// Bytes read so far, for progress.
#[derive(Default)]
pub(crate) struct Gauge {
    pub bytes: AtomicU64,
}

struct Batch {
    number: u64,
    pieces: Vec<Piece>,
    before: Option<Vec<u8>>,
}

enum Piece {
    Record(Received),
    Fault(StreamFault),
}

/// Runs the whole stream; `take` sees every record in source order and may break off.
pub(crate) fn run(
    route: &Route<'_>,
    bench: &Bench<'_>,
    gauge: &Gauge,
    take: &mut dyn FnMut(Passing) -> ControlFlow<()>,
) -> StreamEnd {
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .clamp(1, 16);
    let stop = AtomicBool::new(false);
    let (to_work, work) = bounded::<Batch>(2 * workers);
    let (to_join, done) = bounded::<(u64, Vec<Passing>)>(2 * workers);
    let end = Mutex::new(StreamEnd::default());
    std::thread::scope(|scope| {
        scope.spawn(|| read(route, bench, gauge, &stop, to_work, &end));
        for _ in 0..workers {
            let (work, to_join) = (work.clone(), to_join.clone());
            let end = &end;
            scope.spawn(move || examine(bench, &work, &to_join, end));
        }
        drop((work, to_join));
        if join(&done, take).is_break() {
            stop.store(true, Ordering::Relaxed);
            with(&end, |end| end.cancelled = true);
        }
        drop(done);
    });
    end.into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn with<T>(end: &Mutex<StreamEnd>, change: impl FnOnce(&mut StreamEnd) -> T) -> T {
    change(&mut end.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}

fn join(
    done: &Receiver<(u64, Vec<Passing>)>,
    take: &mut dyn FnMut(Passing) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut next = 0;
    let mut waiting = BTreeMap::new();
    for (number, batch) in done {
        waiting.insert(number, batch);
        while let Some(batch) = waiting.remove(&next) {
            next += 1;
            batch.into_iter().try_for_each(&mut *take)?;
        }
    }
    ControlFlow::Continue(())
}

fn examine(
    bench: &Bench<'_>,
    work: &Receiver<Batch>,
    to_join: &Sender<(u64, Vec<Passing>)>,
    end: &Mutex<StreamEnd>,
) {
    let mut shapes = Shapes::default();
    let chained = bench.profile.is_some_and(crate::profile::Profile::needs_previous);
    for batch in work {
        let mut first = batch.number == 0;
        let mut before = batch.before.as_deref().and_then(|line| bench.target_of(line));
        let mut passing = Vec::with_capacity(batch.pieces.len());
        for piece in batch.pieces {
            passing.push(match piece {
                Piece::Fault(fault) => Passing::Fault(fault),
                Piece::Record(received) => {
                    let seen = bench.examine(received, before.as_deref(), first, &mut shapes);
                    first = false;
                    if chained {
                        before.clone_from(&seen.target);
                    }
                    Passing::Record(Box::new(seen))
                }
            });
        }
        if to_join.send((batch.number, passing)).is_err() {
            break;
        }
    }
    with(end, |end| end.shapes.join(shapes));
}

struct Batcher<'a> {
    to_work: Sender<Batch>,
    chained: bool,
    stop: &'a AtomicBool,
    number: u64,
    bytes: usize,
    pieces: Vec<Piece>,
    before: Option<Vec<u8>>,
}

impl Batcher<'_> {
    fn push(&mut self, piece: Piece) -> ControlFlow<()> {
        self.bytes += match &piece {
            Piece::Record(received) => received.bytes.len(),
            Piece::Fault(_) => 64,
        };
        self.pieces.push(piece);
        if self.pieces.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES {
            self.send()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn send(&mut self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if self.pieces.is_empty() {
            return ControlFlow::Continue(());
        }
        let pieces = std::mem::take(&mut self.pieces);
        let last = pieces.iter().rev().find_map(|piece| match piece {
            Piece::Record(received) if self.chained => Some(received.bytes.clone()),
            _ => None,
        });
        let before = std::mem::replace(&mut self.before, last);
        let batch = Batch {
            number: self.number,
            pieces,
            before,
        };
        self.number += 1;
        self.bytes = 0;
        if self.to_work.send(batch).is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

fn read(
    route: &Route<'_>,
    bench: &Bench<'_>,
    gauge: &Gauge,
    stop: &AtomicBool,
    to_work: Sender<Batch>,
    end: &Mutex<StreamEnd>,
) {
    let mut batcher = Batcher {
        to_work,
        chained: bench.profile.is_some_and(crate::profile::Profile::needs_previous),
        stop,
        number: 0,
        bytes: 0,
        pieces: Vec::new(),
        before: None,
    };
    for (index, name) in route.members.iter().enumerate() {
        let member = u32::try_from(index).unwrap_or(u32::MAX);
        let mut digest = None;
        let flow = match route.container.open_member(name) {
            Err(error) => batcher.push(Piece::Fault(StreamFault {
                member,
                line: None,
                code: "member_unreadable",
                found: error.to_string(),
                limit: true,
            })),
            Ok(bytes) => {
                let mut tee = Tee {
                    inner: bytes,
                    hasher: Some(Hasher::new(Algorithm::Sha256)),
                    gauge,
                    failed: false,
                };
                let flow = read_member(route, bench, member, &mut tee, &mut batcher, end);
                digest = tee.finish();
                flow
            }
        };
        with(end, |end| end.digests.push(digest));
        if flow.is_break() {
            return;
        }
    }
    // a break here means that nobody listens any more
    let _ = batcher.send();
}

fn read_member(
    route: &Route<'_>,
    bench: &Bench<'_>,
    member: u32,
    tee: &mut Tee<'_>,
    batcher: &mut Batcher<'_>,
    end: &Mutex<StreamEnd>,
) -> ControlFlow<()> {
    let buffered = BufReader::with_capacity(READ_BUFFER, &mut *tee);
    match route.kind {
        SourceKind::Jsonl => {
            let mut lines = Lines::new(buffered, bench.limits);
            loop {
                let mut bytes = Vec::new();
                let next = lines.next_line(&mut bytes);
                match piece(next, member, bytes) {
                    Next::Piece(piece) => batcher.push(piece)?,
                    Next::Last(piece) => return batcher.push(piece),
                    Next::End => break,
                }
            }
            if lines.has_byte_order_mark() {
                batcher.push(Piece::Fault(mark(member)))?;
            }
        }
        SourceKind::Json => {
            let pointer = Pointer::parse(route.at).unwrap_or_else(|_| Pointer::root());
            let mut items = Items::new(buffered, pointer, bench.limits);
            loop {
                let mut bytes = Vec::new();
                let next = items.next_item(&mut bytes);
                match piece(next, member, bytes) {
                    Next::Piece(piece) => batcher.push(piece)?,
                    Next::Last(piece) => return batcher.push(piece),
                    Next::End => break,
                }
            }
            if let Some(envelope) = items.envelope() {
                with(end, |end| end.envelopes.push(envelope.to_vec()));
            }
        }
        SourceKind::Files => {
            let mut bytes = Vec::new();
            let most = bench.limits.line as u64;
            let whole = buffered.take(most + 1).read_to_end(&mut bytes);
            let fault = match whole {
                Err(error) => Some(unreadable(member, &error)),
                Ok(_) if bytes.len() as u64 > most => Some(StreamFault {
                    member,
                    line: Some(1),
                    code: "limit_line",
                    found: format!("more than {most} bytes"),
                    limit: true,
                }),
                Ok(_) => None,
            };
            return batcher.push(match fault {
                Some(fault) => Piece::Fault(fault),
                None => Piece::Record(Received {
                    member,
                    line: 1,
                    offset: 0,
                    bytes,
                }),
            });
        }
    }
    ControlFlow::Continue(())
}

enum Next {
    Piece(Piece),
    Last(Piece),
    End,
}

fn piece(
    next: Result<Option<tickmark_formats::records::LineAt>, RecordsError>,
    member: u32,
    bytes: Vec<u8>,
) -> Next {
    match next {
        Ok(None) => Next::End,
        Ok(Some(at)) => Next::Piece(Piece::Record(Received {
            member,
            line: at.number,
            offset: at.offset,
            bytes,
        })),
        Err(error) => {
            let fault = records_fault(member, &error);
            if error.is_passing() {
                Next::Piece(Piece::Fault(fault))
            } else {
                Next::Last(Piece::Fault(fault))
            }
        }
    }
}

fn records_fault(member: u32, error: &RecordsError) -> StreamFault {
    if let RecordsError::Read { source, .. } = error {
        return unreadable(member, source);
    }
    StreamFault {
        member,
        line: None,
        code: if error.is_limit() {
            "limit_line"
        } else {
            "not_readable"
        },
        found: error.to_string(),
        limit: error.is_limit(),
    }
}

fn unreadable(member: u32, error: &io::Error) -> StreamFault {
    match fault_in(error) {
        Some(kind) => StreamFault {
            member,
            line: None,
            code: kind.code(),
            found: kind.to_string(),
            limit: true,
        },
        None => StreamFault {
            member,
            line: None,
            code: "member_unreadable",
            found: error.to_string(),
            limit: true,
        },
    }
}

fn mark(member: u32) -> StreamFault {
    StreamFault {
        member,
        line: Some(1),
        code: "byte_order_mark",
        found: "a byte order mark before the first record".to_owned(),
        limit: false,
    }
}

/// Hashes what is read, and counts it.
struct Tee<'g> {
    inner: Box<dyn Read + Send>,
    hasher: Option<Hasher>,
    gauge: &'g Gauge,
    failed: bool,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).inspect_err(|_| self.failed = true)?;
        if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..read)) {
            hasher.update(bytes);
        }
        self.gauge.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Tee<'_> {
    /// Reads what is left, so that the digest is that of the whole member; `None` when it could not be read.
    fn finish(mut self) -> Option<String> {
        let mut rest = vec![0; 64 * 1024];
        while !self.failed {
            match self.read(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => self.failed = false,
                Err(_) => return None,
            }
        }
        if self.failed {
            None
        } else {
            self.hasher.take().map(|hasher| hasher.finish().hex())
        }
    }
}

const BATCH_RECORDS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
const READ_BUFFER: usize = 256 * 1024;
