//! Records that are judged in another order than they stand in: all are read, put in order and judged, and then told in
//! file order.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use crate::detect::Found;
use crate::ledger::Ledger;
use crate::order::{Held, MOST_WAITING, Waiting};
use crate::profile::Profile;
use crate::request::{Observer, Progress, VerifyError};
use crate::stream::{Gauge, Passing, StreamEnd, run};

use super::{Judge, TELL_EVERY, seen_record};

impl Judge<'_> {
    /// Reads every record, judges them in the order of the pointer `by`, and tells the observer of each in file order.
    pub(super) fn read_in_order(
        &self,
        by: &str,
        found: &Found,
        ledger: &mut Ledger<'_>,
        observer: &mut dyn Observer,
    ) -> Result<StreamEnd, VerifyError> {
        let mut waiting = Waiting::new(MOST_WAITING);
        let mut is_overfull = false;
        let gauge = Gauge::default();
        let bytes_total = self.record_bytes(found);
        let mut end = run(
            &self.route(found),
            &self.bench(found, observer),
            &gauge,
            &mut |passing| {
                let held = match passing {
                    Passing::Stray(stray) => Held::Stray(stray),
                    Passing::Record(seen, place, bytes) => Held::Record {
                        seen: Box::new(std::mem::take(seen)),
                        place: place.clone(),
                        bytes: bytes.to_vec(),
                    },
                };
                if waiting.hold(held).is_err() {
                    is_overfull = true;
                    return ControlFlow::Break(());
                }
                let records = waiting.len() as u64;
                if records.is_multiple_of(TELL_EVERY) {
                    observer.progress(&Progress {
                        bytes_done: gauge.bytes.load(Ordering::Relaxed),
                        bytes_total,
                        records,
                    })?;
                }
                ControlFlow::Continue(())
            },
        );
        if is_overfull {
            return Err(VerifyError::TooManyToOrder {
                profile: self
                    .choice
                    .profile
                    .map_or_else(String::new, |profile: &Profile| profile.id.clone()),
                by: by.to_owned(),
                limit: MOST_WAITING >> 20,
            });
        }
        if !end.cancelled {
            for (held, joined) in waiting.judge(ledger) {
                let (Held::Record { seen, place, bytes }, Some(joined)) = (held, joined) else {
                    continue;
                };
                ledger.enter(&joined);
                let is_watched = observer.sees_records();
                if is_watched
                    && observer
                        .record(&seen_record(found, &seen, &place, &bytes, &joined))
                        .is_break()
                {
                    end.cancelled = true;
                    break;
                }
            }
        }
        Ok(end)
    }
}
