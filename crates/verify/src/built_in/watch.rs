//! What a built-in verifier tells on its way: records in source order, and how far it is.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::ledger::Identities;
use crate::request::{Observer, Progress, SeenRecord};
use crate::verification::Fault;

/// The observer broke off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cancelled;

/// One record as a built-in verifier sees it.
pub(crate) struct Sight<'s> {
    /// Member of the container.
    pub member: &'s str,
    /// Physical line, from 1; 1 where a record is no line.
    pub line: u64,
    /// Byte offset in the member as unpacked.
    pub offset: u64,
    /// Its received bytes.
    pub bytes: &'s [u8],
    /// SHA-256 of these bytes.
    pub id: [u8; 32],
    /// Faults on it; their `record` is [`Watch::next`].
    pub faults: &'s [Fault],
    /// Whether a signature that reaches it verifies.
    pub signed: bool,
    /// The value that a next record would link to.
    pub link: Option<&'s str>,
    /// Its chain.
    pub chain: Option<&'s str>,
}

/// Hands records and progress on to the observer, and numbers the records.
pub(crate) struct Watch<'w> {
    observer: &'w mut dyn Observer,
    identities: Identities,
    records: u64,
    members: BTreeSet<String>,
    bytes_done: u64,
    bytes_total: Option<u64>,
    told_at: u64,
}

impl<'w> Watch<'w> {
    pub fn new(observer: &'w mut dyn Observer, bytes_total: Option<u64>) -> Self {
        Watch {
            observer,
            identities: Identities::default(),
            records: 0,
            members: BTreeSet::new(),
            bytes_done: 0,
            bytes_total,
            told_at: 0,
        }
    }

    /// The number that the next record gets, from 1.
    pub fn next(&self) -> u64 {
        self.records + 1
    }

    /// Records so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Members that held records so far.
    pub fn members(&self) -> &BTreeSet<String> {
        &self.members
    }

    /// The next record in source order.
    ///
    /// # Errors
    /// When the observer breaks off.
    pub fn record(&mut self, sight: &Sight<'_>) -> Result<(), Cancelled> {
        self.records += 1;
        if !self.members.contains(sight.member) {
            self.members.insert(sight.member.to_owned());
        }
        let occurrence = self.identities.count(&sight.id);
        let seen = SeenRecord {
            position: self.records,
            id: sight.id,
            occurrence,
            member: sight.member,
            line: sight.line,
            offset: sight.offset,
            bytes: sight.bytes,
            faults: sight.faults,
            signed: sight.signed,
            link: sight.link,
            chain: sight.chain,
        };
        go_on(self.observer.record(&seen))
    }

    /// That many more bytes were read. Tells the observer now and then.
    ///
    /// # Errors
    /// When the observer breaks off.
    pub fn read(&mut self, bytes: u64) -> Result<(), Cancelled> {
        self.bytes_done += bytes;
        if self.bytes_done - self.told_at < TELL_EVERY {
            return Ok(());
        }
        self.told_at = self.bytes_done;
        go_on(self.observer.progress(&Progress {
            bytes_done: self.bytes_done,
            bytes_total: self.bytes_total,
            records: self.records,
        }))
    }
}

fn go_on(flow: ControlFlow<()>) -> Result<(), Cancelled> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Cancelled),
    }
}

/// Bytes between two words to the observer.
const TELL_EVERY: u64 = 4 << 20;
