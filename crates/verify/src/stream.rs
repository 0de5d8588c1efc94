//! Reads records, examines them on every core, and hands them on in source order, in bounded memory.

mod batch;
mod source;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};
use tickmark_formats::json::Stencils;

use crate::coverage::Shapes;
use crate::examine::{Before, Bench, Examined};
use crate::profile::Profile;

use batch::{Batch, Batcher, Budget, Piece};

pub(crate) use batch::{Place, Stray, StrayKind};
pub(crate) use source::{Route, is_odd};

/// What goes by in source order.
pub(crate) enum Passing<'b> {
    /// A record, its place and its received bytes.
    Record(&'b mut Examined, &'b Place, &'b [u8]),
    /// Something that is no record: a line over the limit, an unreadable rest.
    Stray(Stray),
}

/// What is known when everything was read.
#[derive(Default)]
pub(crate) struct StreamEnd {
    /// The document around the records of the first member that has one.
    pub envelope: Option<Vec<u8>>,
    /// SHA-256 of each member that was read whole, hex, in the order of the route.
    pub digests: Vec<Option<String>>,
    pub shapes: Shapes,
    pub cancelled: bool,
}

/// Bytes read so far, for progress.
#[derive(Default)]
pub(crate) struct Gauge {
    pub bytes: AtomicU64,
}

/// Runs the whole stream; `take` sees every record in source order and may break off.
pub(crate) fn run(
    route: &Route<'_>,
    bench: &Bench<'_>,
    gauge: &Gauge,
    take: &mut dyn FnMut(Passing<'_>) -> ControlFlow<()>,
) -> StreamEnd {
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .clamp(1, 16);
    let stop = AtomicBool::new(false);
    let budget = Budget::default();
    let (to_work, work) = bounded::<Batch>(2 * workers);
    let (to_join, done) = bounded::<Done>(2 * workers);
    let end = Mutex::new(StreamEnd::default());
    std::thread::scope(|scope| {
        let batcher = Batcher::new(
            to_work,
            &stop,
            &budget,
            bench.profile.is_some_and(Profile::needs_previous),
        );
        scope.spawn(|| source::read(route, bench.limits, gauge, batcher, &end));
        for _ in 0..workers {
            let (work, to_join) = (work.clone(), to_join.clone());
            let end = &end;
            scope.spawn(move || examine(bench, &work, &to_join, end));
        }
        drop((work, to_join));
        if join(&done, &budget, take).is_break() {
            stop.store(true, Ordering::Relaxed);
            budget.lift();
            with(&end, |end| end.cancelled = true);
        }
        drop(done);
    });
    end.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// An examined batch.
struct Done {
    batch: Batch,
    seen: Vec<Examined>,
}

fn with<T>(end: &Mutex<StreamEnd>, change: impl FnOnce(&mut StreamEnd) -> T) -> T {
    change(&mut end.lock().unwrap_or_else(PoisonError::into_inner))
}

fn examine(bench: &Bench<'_>, work: &Receiver<Batch>, to_join: &Sender<Done>, end: &Mutex<StreamEnd>) {
    let mut shapes = Shapes::default();
    for batch in work {
        let seen = examine_batch(bench, &batch, &mut shapes);
        if to_join.send(Done { batch, seen }).is_err() {
            break;
        }
    }
    with(end, |end| end.shapes.join(shapes));
}

fn examine_batch(bench: &Bench<'_>, batch: &Batch, shapes: &mut Shapes) -> Vec<Examined> {
    let mut seen: Vec<Examined> = Vec::with_capacity(batch.pieces.len());
    // what the record before this batch is linked by, where preimages take it
    let mut outside = batch.before.as_deref().and_then(|bytes| bench.target_of(bytes));
    let mut is_first = batch.is_first;
    let mut is_after_stray = false;
    let mut stencils = Stencils::default();
    for piece in &batch.pieces {
        let place = match piece {
            Piece::Record(place) => place,
            Piece::Stray(stray) if stray.kind == StrayKind::Mark => continue,
            Piece::Stray(_) => {
                (is_first, is_after_stray, outside) = (false, true, None);
                continue;
            }
        };
        let inside = seen.last().filter(|_| !is_after_stray);
        let before = match inside.map_or(outside.as_deref(), |last| last.target()) {
            Some(target) => Before::Named(target),
            None if is_first => Before::Nothing,
            None => Before::Unknown,
        };
        let examined = bench.examine(batch.bytes(place), before, &mut stencils, shapes);
        (is_first, is_after_stray) = (false, false);
        seen.push(examined);
    }
    seen
}

fn join(
    done: &Receiver<Done>,
    budget: &Budget,
    take: &mut dyn FnMut(Passing<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut next = 0;
    let mut waiting = BTreeMap::new();
    for examined in done {
        waiting.insert(examined.batch.number, examined);
        while let Some(Done { batch, seen }) = waiting.remove(&next) {
            next += 1;
            pass(&batch, seen, take)?;
            budget.give_back(batch.text.len());
        }
    }
    ControlFlow::Continue(())
}

fn pass(
    batch: &Batch,
    mut seen: Vec<Examined>,
    take: &mut dyn FnMut(Passing<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut seen = seen.iter_mut();
    for piece in &batch.pieces {
        match piece {
            Piece::Stray(stray) => take(Passing::Stray(stray.clone()))?,
            Piece::Record(place) => {
                if let Some(examined) = seen.next() {
                    take(Passing::Record(examined, place, batch.bytes(place)))?;
                }
            }
        }
    }
    ControlFlow::Continue(())
}
