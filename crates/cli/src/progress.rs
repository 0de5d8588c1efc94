//! How far a long task is, on one line of a terminal, at most four times a second.

use std::time::{Duration, Instant};

use tickmark_workbench::contract::bundle::Progress;

use crate::output::Door;
use crate::text::{number, visible};

/// A line that is written over.
pub struct Line {
    shown: bool,
    last: Option<Instant>,
}

impl Line {
    /// A line for this door; silent when its stderr is no terminal.
    pub fn new(door: &Door) -> Self {
        Line {
            shown: door.shows_progress(),
            last: None,
        }
    }

    /// Writes the line, if it is time to.
    pub fn show(&mut self, progress: &Progress) {
        let now = Instant::now();
        if !self.shown || self.last.is_some_and(|last| now.duration_since(last) < EVERY) {
            return;
        }
        self.last = Some(now);
        eprint!("\r\x1b[K{}", words(progress));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.last.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}

fn words(progress: &Progress) -> String {
    let share = progress
        .total
        .filter(|total| *total > 0)
        .map(|total| progress.done.saturating_mul(100) / total);
    let share = share.map_or_else(String::new, |percent| format!(" {}%", percent.min(100)));
    let left = progress
        .seconds_left
        .map_or_else(String::new, |seconds| format!(", about {seconds} s left"));
    let records = if progress.records > 0 {
        format!(", {} records", number(progress.records))
    } else {
        String::new()
    };
    let rate = if progress.per_second == 0 {
        String::new()
    } else if progress.unit == "bytes" {
        format!(", {} MB/s", progress.per_second / 1_000_000)
    } else {
        format!(", {} a second", number(progress.per_second))
    };
    format!("{}{share}{records}{rate}{left}", visible(&progress.phase))
}

const EVERY: Duration = Duration::from_millis(250);
