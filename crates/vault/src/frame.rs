//! Frames: the records of a population in the order that a plan says, as an iterator with bounded memory.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rusqlite::params_from_iter;
use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

use crate::error::{VaultError, sql};
use crate::id::{BundleNo, RecordId};
use crate::query::{Condition, RecordQuery, bundles_in};
use crate::table::natural;
use crate::view::Reader;

/// Order of a frame (design, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameOrder {
    /// By record id, as text by bytes.
    Id,
    /// By stated time, then id; records without a time last.
    TimeId,
    /// As in the bundles, the bundles in the order of their numbers.
    Source,
}

/// One record of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameUnit {
    /// Its bundle.
    pub bundle: BundleNo,
    /// Its number in the bundle.
    pub position: u64,
    /// Its id.
    pub id: RecordId,
}

/// The records that fit a query, in frame order; `order`, `offset` and `limit` of the query are not read. One unchanging
/// state of the vault, a few thousand ids in memory at a time, whatever the size.
pub struct Frame {
    reader: Reader,
    order: FrameOrder,
    lanes: Vec<Lane>,
    heads: BinaryHeap<Reverse<(Key, usize)>>,
    started: bool,
}

/// What a frame is sorted by: undated last, time, id, bundle, position; what the order does not name is equal for all.
type Key = (i64, i64, [u8; 32], String, BundleNo, u64);

/// One bundle's records, read in steps.
struct Lane {
    condition: Condition,
    ready: VecDeque<Timed>,
    last: Option<Timed>,
    done: bool,
}

/// A unit with the time that a frame may be ordered by; read only where it is.
#[derive(Clone)]
struct Timed {
    unit: FrameUnit,
    time_utc: Option<i64>,
}

impl Frame {
    pub(crate) fn new(reader: Reader, query: &RecordQuery, order: FrameOrder) -> Result<Self, VaultError> {
        let lanes = bundles_in(reader.connection(), &query.scope)?
            .into_iter()
            .map(|bundle| {
                let condition = Condition::of(query, &[bundle])?;
                Ok(Lane {
                    condition,
                    ready: VecDeque::new(),
                    last: None,
                    done: false,
                })
            })
            .collect::<Result<_, VaultError>>()?;
        Ok(Frame {
            reader,
            order,
            lanes,
            heads: BinaryHeap::new(),
            started: false,
        })
    }

    fn step(&mut self) -> Result<Option<FrameUnit>, VaultError> {
        if !self.started {
            self.started = true;
            for lane in 0..self.lanes.len() {
                self.offer(lane)?;
            }
        }
        let Some(Reverse((_, lane))) = self.heads.pop() else {
            return Ok(None);
        };
        let unit = self.lanes.get_mut(lane).and_then(|lane| lane.ready.pop_front());
        let unit = unit.map(|timed| timed.unit);
        self.offer(lane)?;
        Ok(unit)
    }

    /// Puts the next record of a lane up for comparison.
    fn offer(&mut self, number: usize) -> Result<(), VaultError> {
        let Some(lane) = self.lanes.get_mut(number) else {
            return Ok(());
        };
        if lane.ready.is_empty() && !lane.done {
            self.reader.check_open()?;
            lane.fill(&self.reader, self.order)?;
        }
        if let Some(unit) = lane.ready.front() {
            self.heads.push(Reverse((key(unit, self.order), number)));
        }
        Ok(())
    }
}

impl Iterator for Frame {
    type Item = Result<FrameUnit, VaultError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            // an error is told once and ends the frame
            self.heads.clear();
            self.lanes.clear();
        }
        step.transpose()
    }
}

impl Lane {
    /// Reads the next records after the last one, by the index of the order. Undated records follow the dated ones.
    fn fill(&mut self, reader: &Reader, order: FrameOrder) -> Result<(), VaultError> {
        let (after, sort) = match order {
            FrameOrder::Source => (self.after_position()?, "r.position"),
            FrameOrder::Id => (self.after_id(""), "r.id, r.again"),
            FrameOrder::TimeId => match self.last.as_ref().map(|unit| unit.time_utc) {
                Some(None) => (self.after_id("r.time_utc IS NULL AND "), "r.id, r.again"),
                _ => (self.after_time(), "r.time_utc, r.id, r.again"),
            },
        };
        self.select(reader, order, &after, sort)?;
        if self.done
            && order == FrameOrder::TimeId
            && self.last.as_ref().is_none_or(|unit| unit.time_utc.is_some())
        {
            // the dated ones are through; what is left to read here are the undated ones
            let undated = ("r.time_utc IS NULL".into(), Vec::new());
            self.select(reader, order, &undated, "r.id, r.again")?;
        }
        Ok(())
    }

    fn select(
        &mut self,
        reader: &Reader,
        order: FrameOrder,
        after: &(String, Vec<Cell>),
        sort: &str,
    ) -> Result<(), VaultError> {
        let (further, values) = after;
        let time = if order == FrameOrder::TimeId {
            "r.time_utc"
        } else {
            "NULL"
        };
        let text = format!(
            "SELECT r.bundle, r.position, r.id, r.again, {time} AS time_utc FROM {} WHERE {} AND {further}
             ORDER BY {sort} LIMIT {STEP}",
            self.condition.tables(),
            self.condition.sql
        );
        let values = self.condition.values.iter().chain(values);
        let mut statement = reader
            .connection()
            .prepare_cached(&text)
            .map_err(sql("reading a frame"))?;
        let mut rows = statement
            .query(params_from_iter(values))
            .map_err(sql("reading a frame"))?;
        let mut found = 0;
        while let Some(row) = rows.next().map_err(sql("reading a frame"))? {
            found += 1;
            self.ready.push_back(read(row).map_err(sql("reading a frame"))?);
        }
        self.done = found < STEP;
        if let Some(last) = self.ready.back() {
            self.last = Some(last.clone());
        }
        Ok(())
    }

    fn after_position(&self) -> Result<(String, Vec<Cell>), VaultError> {
        let last = self.last.as_ref().map_or(0, |timed| timed.unit.position);
        Ok(("r.position > ?".into(), vec![crate::txn::int(last)?.into()]))
    }

    fn after_id(&self, condition: &str) -> (String, Vec<Cell>) {
        match &self.last {
            None => (format!("{condition}1"), Vec::new()),
            Some(timed) => (
                format!("{condition}(r.id, r.again) > (?, ?)"),
                vec![
                    timed.unit.id.digest.to_vec().into(),
                    timed.unit.id.again.clone().into(),
                ],
            ),
        }
    }

    fn after_time(&self) -> (String, Vec<Cell>) {
        match self
            .last
            .as_ref()
            .and_then(|timed| Some((timed.time_utc?, &timed.unit)))
        {
            None => ("r.time_utc IS NOT NULL".into(), Vec::new()),
            Some((time, unit)) => (
                "(r.time_utc, r.id, r.again) > (?, ?, ?)".into(),
                vec![
                    time.into(),
                    unit.id.digest.to_vec().into(),
                    unit.id.again.clone().into(),
                ],
            ),
        }
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Timed> {
    let unit = FrameUnit {
        bundle: row.get("bundle")?,
        position: natural(row, "position")?,
        id: RecordId {
            digest: row.get("id")?,
            again: row.get("again")?,
        },
    };
    Ok(Timed {
        unit,
        time_utc: row.get("time_utc")?,
    })
}

fn key(timed: &Timed, order: FrameOrder) -> Key {
    let unit = &timed.unit;
    let (undated, time) = match (order, timed.time_utc) {
        (FrameOrder::TimeId, None) => (1, 0),
        (FrameOrder::TimeId, Some(time)) => (0, time),
        _ => (0, 0),
    };
    let (digest, again) = match order {
        FrameOrder::Source => ([0; 32], String::new()),
        _ => (unit.id.digest, unit.id.again.clone()),
    };
    (undated, time, digest, again, unit.bundle, unit.position)
}

/// Records that are read at once.
const STEP: usize = 2048;
