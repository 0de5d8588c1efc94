//! Records that are judged in another order than they stand in: held until all are here, and put in order by a field.

mod key;

use crate::examine::Examined;
use crate::ledger::{Joined, Ledger};
use crate::stream::{Place, Stray, StrayKind};

pub(crate) use key::Key;

/// Records that wait to be put in order. Nothing can be judged before the last one is here, so all are held in memory,
/// and more than that may hold is refused.
pub(crate) struct Waiting {
    held: Vec<Held>,
    weight: usize,
    limit: usize,
}

/// One record that waits, or what stands in its place.
pub(crate) enum Held {
    Record {
        seen: Box<Examined>,
        place: Place,
        bytes: Vec<u8>,
    },
    Stray(Stray),
}

/// There are more records than may wait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overfull;

impl Waiting {
    /// Nothing yet; `limit` bounds the memory, in bytes as [`Waiting::hold`] counts them.
    pub fn new(limit: usize) -> Self {
        Waiting {
            held: Vec::new(),
            weight: 0,
            limit,
        }
    }

    /// Takes one more: twice its bytes, for what was seen of it may be as long, and what a record needs at least.
    pub fn hold(&mut self, held: Held) -> Result<(), Overfull> {
        let bytes = match &held {
            Held::Record { bytes, .. } => bytes.len(),
            Held::Stray(_) => 0,
        };
        self.weight = self.weight.saturating_add(2 * bytes + LEAST);
        if self.weight > self.limit {
            return Err(Overfull);
        }
        self.held.push(held);
        Ok(())
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Judges all in order, and gives each in file order with what its judgement gave. What says no place of its own is
    /// judged last; each such may be one that seems to be missing elsewhere.
    pub fn judge(self, ledger: &mut Ledger<'_>) -> Vec<(Held, Option<Joined>)> {
        let mut order: Vec<usize> = (0..self.held.len()).collect();
        order.sort_by(|a, b| match (self.key(*a), self.key(*b)) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        let mut positions = Vec::with_capacity(self.held.len());
        let mut records = 0;
        for held in &self.held {
            ledger.expect_unplaced(unplaced(held));
            records += u64::from(matches!(held, Held::Record { .. }));
            positions.push(records);
        }
        let mut judged: Vec<Option<Joined>> = std::iter::repeat_with(|| None).take(self.held.len()).collect();
        for index in order {
            let (Some(held), Some(position), Some(slot)) =
                (self.held.get(index), positions.get(index), judged.get_mut(index))
            else {
                continue;
            };
            match held {
                Held::Stray(stray) => ledger.stray(stray),
                Held::Record { seen, place, bytes } => {
                    *slot = Some(ledger.judge_at(seen, place, bytes, *position));
                }
            }
        }
        self.held.into_iter().zip(judged).collect()
    }

    fn key(&self, index: usize) -> Option<&Key> {
        match self.held.get(index)? {
            Held::Record { seen, .. } => seen.order.as_ref(),
            Held::Stray(_) => None,
        }
    }
}

/// How many records may stand elsewhere in the order than where they are judged.
fn unplaced(held: &Held) -> u64 {
    match held {
        Held::Record { seen, .. } => u64::from(seen.unreadable.is_some()),
        Held::Stray(stray) => match stray.kind {
            StrayKind::Skipped | StrayKind::NoRecord => 1,
            StrayKind::RestUnknown => u64::MAX,
            StrayKind::Odd | StrayKind::Mark => 0,
        },
    }
}

/// Most memory that waiting records may hold, in bytes.
pub(crate) const MOST_WAITING: usize = 512 << 20;
/// What a record weighs beside its bytes.
const LEAST: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_may_wait_is_refused() {
        let held = || {
            Held::Stray(Stray {
                member: 0,
                line: None,
                code: "limit_line",
                found: String::new(),
                kind: StrayKind::Skipped,
            })
        };
        let mut waiting = Waiting::new(3 * LEAST);
        for _ in 0..3 {
            assert_eq!(waiting.hold(held()), Ok(()));
        }
        assert_eq!(waiting.hold(held()), Err(Overfull));
        assert_eq!(waiting.len(), 3);
    }
}
