//! Members as records, shown in container order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use tickmark_crypto::digest::{Algorithm, Hasher, sha256};
use tickmark_formats::limits::Limits;
use tickmark_formats::records::{Lines, RecordsError};

use crate::built_in::{Bundle, Cancelled, Sight, Watch};
use crate::enclosure::{Enclosed, Standing};
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::verification::Fault;

/// What was shown.
#[derive(Default)]
pub(super) struct Tally {
    /// Records in members that a digest or a verifying signature reaches.
    pub checked: u64,
    /// Records in members over which a signature verifies.
    pub signed: u64,
    /// Members that changed or could not be read to their end.
    pub broken: u64,
    /// Records that were longer than is read.
    pub skipped: u64,
    /// Faults on members and records, each once; those on members stand at their first record.
    pub faults: Vec<Fault>,
    /// Which of the faults of all statements are among them.
    pub told: BTreeSet<usize>,
}

/// Shows every record of `content`.
pub(super) fn show(
    bundle: &Bundle<'_>,
    enclosed: &Enclosed,
    content: &[&str],
    watch: &mut Watch<'_>,
) -> Result<Tally, Cancelled> {
    let wanted: BTreeSet<&str> = content.iter().copied().collect();
    let mut showing = Showing {
        inventory: bundle.inventory,
        limits: &bundle.request.limits,
        enclosed,
        by_member: by_member(enclosed),
        watch,
        tally: Tally::default(),
    };
    let mut left = wanted.clone();
    let mut cancelled = false;
    // what is wrong with the container was told by the inventory; what is missing here is counted below
    let _ = bundle.container.walk(&mut |entry, reader| {
        if !left.remove(entry.name.as_str()) {
            return ControlFlow::Continue(());
        }
        match showing.member(&entry.name, reader) {
            Ok(()) => ControlFlow::Continue(()),
            Err(Cancelled) => {
                cancelled = true;
                ControlFlow::Break(())
            }
        }
    });
    if cancelled {
        return Err(Cancelled);
    }
    showing.tally.broken += left.len() as u64;
    Ok(showing.tally)
}

struct Showing<'s, 'w> {
    inventory: &'s Inventory,
    limits: &'s Limits,
    enclosed: &'s Enclosed,
    /// Faults of statements on members, by member.
    by_member: BTreeMap<&'s str, Vec<usize>>,
    watch: &'s mut Watch<'w>,
    tally: Tally,
}

fn by_member(enclosed: &Enclosed) -> BTreeMap<&str, Vec<usize>> {
    let mut by_member: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, fault) in enclosed.faults.iter().enumerate() {
        if let Some(member) = fault
            .member
            .as_deref()
            .filter(|_| fault.code == "manifest_mismatch")
        {
            by_member.entry(member).or_default().push(index);
        }
    }
    by_member
}

/// One record of a member.
struct Shown<'s> {
    line: u64,
    offset: u64,
    bytes: &'s [u8],
}

impl Showing<'_, '_> {
    fn member(&mut self, name: &str, reader: &mut dyn Read) -> Result<(), Cancelled> {
        let standing = self.enclosed.standing(name);
        let mut faults = self.faults_on(name);
        let mut tee = Tee {
            inner: reader,
            hasher: Hasher::new(Algorithm::Sha256),
        };
        let length = self.inventory.members.get(name).and_then(|held| held.bytes);
        let by_lines = LINES.iter().any(|ending| name.ends_with(ending))
            || length.is_none_or(|length| length > self.limits.line as u64);
        let whole = if by_lines {
            self.lines(name, &mut tee, &standing, &mut faults)?
        } else {
            self.whole(name, &mut tee, &standing, &mut faults)?
        };
        // a member without records has its faults all the same
        self.tally.faults.extend(faults);
        let before = self
            .inventory
            .members
            .get(name)
            .and_then(|held| held.sha256.clone());
        let Some(now) = tee.finish().filter(|_| whole) else {
            self.tally.broken += 1;
            return Ok(());
        };
        if let Some(before) = before
            && before != now
        {
            self.tally.broken += 1;
            let sentence = format!("{name} changed while it was read.");
            let mut told = fault("member_changed", "integrity", sentence).between(&before, &now);
            told.member = Some(name.to_owned());
            self.tally.faults.push(told);
        }
        Ok(())
    }

    /// Faults of statements on a member. They are told here and nowhere else.
    fn faults_on(&mut self, name: &str) -> Vec<Fault> {
        let indices = self.by_member.remove(name).unwrap_or_default();
        self.tally.told.extend(&indices);
        let faults = &self.enclosed.faults;
        indices
            .into_iter()
            .filter_map(|index| faults.get(index).cloned())
            .collect()
    }

    fn whole(
        &mut self,
        name: &str,
        reader: &mut dyn Read,
        standing: &Standing,
        faults: &mut Vec<Fault>,
    ) -> Result<bool, Cancelled> {
        let mut bytes = Vec::new();
        let most = self.limits.line as u64;
        if reader.take(most + 1).read_to_end(&mut bytes).is_err() || bytes.len() as u64 > most {
            return Ok(false);
        }
        let shown = Shown {
            line: 1,
            offset: 0,
            bytes: &bytes,
        };
        self.record(name, &shown, standing, faults)?;
        Ok(true)
    }

    fn lines(
        &mut self,
        name: &str,
        reader: &mut dyn Read,
        standing: &Standing,
        faults: &mut Vec<Fault>,
    ) -> Result<bool, Cancelled> {
        let mut lines = Lines::new(BufReader::new(reader), self.limits);
        let mut bytes = Vec::new();
        loop {
            match lines.next_line(&mut bytes) {
                Ok(None) => return Ok(true),
                Ok(Some(at)) => {
                    let shown = Shown {
                        line: at.number,
                        offset: at.offset,
                        bytes: &bytes,
                    };
                    self.record(name, &shown, standing, faults)?;
                }
                Err(error @ RecordsError::LineTooLong { line, .. }) => {
                    self.tally.skipped += 1;
                    let sentence = format!("{name}: {error}.");
                    let mut told = fault("limit_line", "integrity", sentence);
                    told.member = Some(name.to_owned());
                    told.line = Some(line);
                    self.tally.faults.push(told);
                }
                Err(_) => return Ok(false),
            }
        }
    }

    fn record(
        &mut self,
        name: &str,
        shown: &Shown<'_>,
        standing: &Standing,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Cancelled> {
        let signed = standing.carried || standing.pinned.is_some();
        let mut own = std::mem::take(faults);
        for fault in &mut own {
            fault.record = Some(self.watch.next());
        }
        self.tally.checked += u64::from(standing.listed || signed);
        self.tally.signed += u64::from(signed);
        self.watch.read(shown.bytes.len() as u64)?;
        let sight = Sight {
            member: name,
            line: shown.line,
            offset: shown.offset,
            bytes: shown.bytes,
            id: sha256(shown.bytes),
            faults: &own,
            signed,
            link: None,
            chain: None,
        };
        let gone = self.watch.record(&sight);
        self.tally.faults.extend(own);
        gone
    }
}

struct Tee<'r> {
    inner: &'r mut dyn Read,
    hasher: Hasher,
}

impl Tee<'_> {
    /// The digest of everything; what no record took is read on.
    fn finish(mut self) -> Option<String> {
        let mut buffer = [0; 8192];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Some(self.hasher.finish().hex()),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

const LINES: [&str; 2] = [".jsonl", ".ndjson"];
