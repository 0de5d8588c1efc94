//! How far a long task is: rate and time left, told a few times a second.

use std::time::{Duration, Instant};

use tickmark_verify::verification::Fault;

use crate::contract::bundle::Progress;

/// Measures one phase of a task.
pub(crate) struct Meter {
    phase: &'static str,
    unit: &'static str,
    started: Instant,
    told: Option<Instant>,
    pub faults: Vec<Fault>,
}

impl Meter {
    pub fn new(phase: &'static str, unit: &'static str) -> Self {
        Meter {
            phase,
            unit,
            started: Instant::now(),
            told: None,
            faults: Vec::new(),
        }
    }

    /// What to tell now; `None` while the last telling is fresh.
    pub fn at(&mut self, done: u64, total: Option<u64>, records: u64) -> Option<Progress> {
        let now = Instant::now();
        if self.told.is_some_and(|told| now.duration_since(told) < EVERY) {
            return None;
        }
        self.told = Some(now);
        let seconds = now.duration_since(self.started).as_secs_f64().max(0.001);
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let per_second = (done as f64 / seconds) as u64;
        let left = total
            .filter(|_| per_second > 0)
            .map(|total| total.saturating_sub(done) / per_second);
        Some(Progress {
            phase: self.phase.to_owned(),
            done,
            total,
            unit: self.unit.to_owned(),
            records,
            per_second,
            seconds_left: left,
            faults: std::mem::take(&mut self.faults),
        })
    }

    /// Keeps the first faults, to be told with the next figures.
    pub fn found(&mut self, faults: &[Fault]) {
        let room = FIRST_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.iter().take(room).cloned());
    }
}

const EVERY: Duration = Duration::from_millis(250);
const FIRST_FAULTS: usize = 20;
