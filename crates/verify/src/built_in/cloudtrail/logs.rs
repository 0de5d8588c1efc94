//! Logs: found where the digests say, hashed as they are unpacked, and read event by event.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::ops::ControlFlow;

use chrono::TimeDelta;
use tickmark_crypto::digest::sha256;
use tickmark_formats::json::{JsonErrorKind, parse};
use tickmark_formats::pointer::Pointer;
use tickmark_formats::records::{Items, LineAt, RecordsError};

use super::reading::BrokeOff;
use super::{Case, Listed, LogName, Place, Step, Tee, Vouched, about, each, name, trailing_fault};
use crate::built_in::aws::Signed;
use crate::built_in::{Cancelled, Sight, Watch};
use crate::fault::fault;
use crate::verification::Fault;

/// A log that is here.
#[derive(Debug, Default)]
pub(super) struct Log {
    member: u32,
    /// The digest that lists it and what it says; the first one, where several do.
    listed: Option<(usize, String)>,
    /// SHA-256 of its unpacked bytes as they were judged, hex.
    sha256: Option<String>,
    /// Whether these are the listed bytes.
    agrees: bool,
    /// What is wrong with it as a whole; told at its first event.
    faults: Vec<Fault>,
}

impl Case<'_> {
    /// Finds every listed log, and the logs that nobody lists.
    pub(super) fn find_logs(&mut self) {
        let mut listed = BTreeSet::new();
        let order: Vec<usize> = self
            .chains
            .iter()
            .flat_map(|chain| chain.digests.iter().copied())
            .collect();
        for number in order {
            let entries = self
                .digests
                .get(number)
                .map(|digest| digest.logs.clone())
                .unwrap_or_default();
            for entry in entries {
                self.find_listed(number, &entry, &mut listed);
            }
        }
        let unlisted: Vec<u32> = self
            .places
            .all()
            .filter(|(member, name)| LogName::of(name).is_some() && !listed.contains(member))
            .map(|(member, _)| member)
            .collect();
        for member in unlisted {
            let told = self.unlisted(member);
            self.logs.push(Log {
                member,
                faults: vec![told],
                ..Log::default()
            });
        }
    }

    fn find_listed(&mut self, number: usize, entry: &Listed, listed: &mut BTreeSet<u32>) {
        let matters = self.log_matters(number, entry);
        let place = self.places.find(&entry.bucket, &entry.object);
        let Some(member) = place.member() else {
            self.tell_missing(number, entry, matters);
            return;
        };
        self.tally.logs_here += u64::from(matters);
        let mut log = Log {
            member,
            listed: Some((number, entry.sha256.clone())),
            ..Log::default()
        };
        match place {
            Place::Here(_) => self.tally.placed.count(true),
            Place::Unplaced(_) => self.tally.unplaced += 1,
            Place::Moved(_) | Place::Nowhere => {
                self.tally.placed.count(false);
                let found = self.places.name(member);
                let sentence = format!(
                    "The log {} has been moved from its original location.",
                    name::base(found)
                );
                let told = fault("log_moved", "integrity", sentence);
                let origin = format!("{}/{}", entry.bucket, entry.object);
                log.faults.push(about(found, told.between(&origin, found)));
            }
        }
        if listed.insert(member) {
            self.logs.push(log);
            return;
        }
        // listed twice: once is enough for its events, but both have to be right
        let other = self
            .logs
            .iter()
            .find(|log| log.member == member)
            .and_then(|log| log.listed.as_ref());
        if other.is_some_and(|(_, sha256)| *sha256 != entry.sha256) {
            self.tally.logs.count(false);
            let found = self.places.name(member);
            let sentence = format!(
                "Two digests list the log {} with different hashes.",
                name::base(found)
            );
            self.tell(about(found, fault("log_mismatch", "integrity", sentence)));
        }
    }

    /// Whether a listed log bears on the review period: by its digest's hour, or by the times of its events.
    fn log_matters(&self, number: usize, entry: &Listed) -> bool {
        let hour = self.digests.get(number).map(|digest| (digest.start, digest.end));
        let of_events = entry.events.map(|(from, to)| (from, to + TimeDelta::seconds(1)));
        hour.into_iter().chain(of_events).any(|span| self.matters(span))
    }

    fn tell_missing(&mut self, number: usize, entry: &Listed, matters: bool) {
        if !matters {
            self.tally.logs_missing_outside += 1;
            return;
        }
        self.tally.logs_missing += 1;
        let digest = self
            .digests
            .get(number)
            .map_or("", |digest| self.places.name(digest.member));
        let sentence = format!(
            "The log {} is missing: a digest lists it.",
            name::base(&entry.object)
        );
        let told = fault("log_missing", "completeness", sentence);
        self.tell(about(digest, told.between(&entry.object, "no such member")));
    }

    /// A log that no digest lists. Where the digests say of its time which logs there were, it contradicts them.
    fn unlisted(&mut self, member: u32) -> Fault {
        let path = self.places.name(member);
        let is_inside = LogName::of(path).is_some_and(|log| {
            let hour = TimeDelta::hours(1);
            // what was delivered at the end of an hour may be listed in the next one
            let is_in = |(from, to): &super::Span| log.at >= *from && log.at + hour < *to;
            let matters = self.matters((log.at, log.at + TimeDelta::minutes(1)));
            let mut chains = self
                .chains
                .iter()
                .filter(|chain| !chain.is_backfill && chain.id.starts_with(&log.stem()));
            matters && chains.any(|chain| chain.spans(&self.digests, |_| true).iter().any(is_in))
        });
        let (claim, sentence) = if is_inside {
            self.tally.unlisted_inside += 1;
            let told = "no digest lists it, and the digests list every log of its time";
            ("completeness", told)
        } else {
            self.tally.unlisted_outside += 1;
            (
                "integrity",
                "no digest that is here lists it, so that nothing covers it",
            )
        };
        let sentence = format!("The log {} is unlisted: {sentence}.", name::base(path));
        about(path, fault("log_unlisted", claim, sentence))
    }

    fn bytes_of(&self, member: u32) -> u64 {
        let held = self.bundle.inventory.members.get(self.places.name(member));
        held.and_then(|held| held.bytes).unwrap_or_default()
    }

    /// Reads every log once for its hash.
    pub(super) fn hash_logs(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let members: Vec<u32> = self.logs.iter().map(|log| log.member).collect();
        let limits = &self.bundle.request.limits;
        let (mut cancelled, mut read) = (false, BTreeMap::new());
        each(self.bundle, &self.places, &members, &mut |member, reader| {
            let outcome = match Tee::new(reader, limits) {
                Ok(mut tee) => {
                    let sha256 = tee.digest();
                    (sha256, tee.trailing, tee.broken)
                }
                Err(error) => {
                    let why = error.to_string();
                    (
                        None,
                        None,
                        Some(BrokeOff {
                            why,
                            is_damage: false,
                        }),
                    )
                }
            };
            read.insert(member, outcome);
            cancelled = watch.read(self.bytes_of(member) / 2).is_err();
            if cancelled {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if cancelled {
            return Err(Cancelled);
        }
        let mut logs = std::mem::take(&mut self.logs);
        for log in &mut logs {
            let (sha256, trailing, broken) = read.remove(&log.member).unwrap_or_default();
            self.hold_hash(log, sha256, broken.as_ref());
            if let Some(offset) = trailing {
                self.tally.trailing += 1;
                log.faults
                    .push(trailing_fault(self.places.name(log.member), offset));
            }
        }
        self.logs = logs;
        Ok(())
    }

    fn hold_hash(&mut self, log: &mut Log, sha256: Option<String>, broken: Option<&BrokeOff>) {
        let path = self.places.name(log.member);
        let is_whole = self
            .bundle
            .inventory
            .members
            .get(path)
            .is_some_and(|held| held.sha256.is_some());
        let is_damaged = is_whole && broken.is_some_and(|broken| broken.is_damage);
        let why = broken.map_or("it could not be read", |broken| broken.why.as_str());
        log.sha256.clone_from(&sha256);
        match (&log.listed, sha256) {
            (Some((_, expected)), Some(found)) => {
                log.agrees = *expected == found;
                self.tally.logs.count(log.agrees);
                if !log.agrees {
                    let sentence = format!(
                        "The log {} is not the one that its digest lists: it was altered.",
                        name::base(path)
                    );
                    let told = fault("log_mismatch", "integrity", sentence);
                    log.faults.push(about(path, told.between(expected, &found)));
                }
            }
            (Some((_, expected)), None) if is_damaged => {
                self.tally.logs.count(false);
                let sentence = format!(
                    "The log {} is not the one that its digest lists: it cannot be unpacked ({why}).",
                    name::base(path)
                );
                let told = fault("log_mismatch", "integrity", sentence);
                log.faults.push(about(path, told.between(expected, why)));
            }
            (None, Some(_)) => {}
            (_, None) => {
                if is_damaged {
                    self.tally.readable.count(false);
                } else {
                    self.tally.logs_unread += 1;
                }
                self.judgement.extent_is_known = false;
                let sentence = format!("The log {} was not judged: {why}.", name::base(path));
                log.faults
                    .push(about(path, fault("not_readable", "integrity", sentence)));
            }
        }
    }

    /// Reads every log again for its events, and shows each of them.
    pub(super) fn tell_records(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let mut logs: BTreeMap<u32, Log> = BTreeMap::new();
        let mut members = Vec::new();
        for log in std::mem::take(&mut self.logs) {
            members.push(log.member);
            logs.insert(log.member, log);
        }
        let mut outcome = Ok(());
        let (bundle, places) = (self.bundle, super::Places::of(self.bundle.inventory));
        each(bundle, &places, &members, &mut |member, reader| {
            let Some(log) = logs.remove(&member) else {
                return ControlFlow::Continue(());
            };
            let bytes = self.bytes_of(member);
            outcome = self
                .tell_log(log, reader, watch)
                .and_then(|()| watch.read(bytes - bytes / 2));
            if outcome.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        outcome?;
        // a log that could not be opened again has told nothing yet
        for log in logs.into_values() {
            self.tell_rest(log.faults);
        }
        Ok(())
    }

    fn tell_log(
        &mut self,
        mut log: Log,
        reader: &mut dyn std::io::Read,
        watch: &mut Watch<'_>,
    ) -> Result<(), Cancelled> {
        let limits = &self.bundle.request.limits;
        let member = self.places.name(log.member);
        let signed = log
            .agrees
            .then(|| {
                log.listed
                    .as_ref()
                    .and_then(|(number, _)| self.vouched.get(*number))
            })
            .flatten();
        let mut teller = Teller {
            member,
            signer: match signed {
                Some(Vouched::Signed(signed)) => Some(*signed),
                _ => None,
            },
            chain: log
                .listed
                .as_ref()
                .and_then(|(number, _)| self.digests.get(*number))
                .and_then(|digest| Some(digest.name()?.chain())),
            is_held: log.listed.is_some() && log.sha256.is_some(),
            agrees: log.agrees,
            faults: std::mem::take(&mut log.faults),
        };
        let Ok(mut tee) = Tee::new(reader, limits) else {
            self.tell_rest(teller.faults);
            return Ok(());
        };
        let mut items = Items::new(BufReader::new(&mut tee), Pointer::root().child("Records"), limits);
        let mut bytes = Vec::new();
        let refused = loop {
            match items.next_item(&mut bytes) {
                Ok(Some(place)) => self.tell_record(&mut teller, place, &bytes, watch)?,
                Ok(None) => break None,
                Err(error) if error.is_passing() => self.over_limit(member, &error),
                Err(error) => break Some(error),
            }
        };
        drop(items);
        let again = tee.digest();
        if let (Some(before), Some(again)) = (&log.sha256, &again)
            && before != again
        {
            self.tally.logs.count(false);
            let sentence = format!("{member} changed while it was read.");
            let told = fault("member_changed", "integrity", sentence);
            teller.faults.push(about(member, told.between(before, again)));
        }
        if let Some(error) = refused {
            self.refuse(&mut teller, &log, &error);
        }
        self.tell_rest(teller.faults);
        Ok(())
    }

    /// Faults of a log that no event could take.
    fn tell_rest(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.tell(fault);
        }
    }

    fn tell_record(
        &mut self,
        teller: &mut Teller<'_>,
        place: LineAt,
        bytes: &[u8],
        watch: &mut Watch<'_>,
    ) -> Result<(), Cancelled> {
        let position = watch.next();
        let mut faults = std::mem::take(&mut teller.faults);
        if let Some(told) = self.unreadable(position, bytes) {
            faults.push(about(teller.member, told));
        }
        for fault in &mut faults {
            fault.record = Some(position);
            fault.line = Some(place.number);
            self.judgement.faults.add(fault.clone());
        }
        let id = sha256(bytes);
        let signed = teller.signer.is_some_and(Signed::verifies);
        self.judgement.checked += u64::from(teller.is_held);
        self.judgement.signed += u64::from(signed);
        if let Some(signer) = teller.signer.and_then(Signed::signer) {
            *self.signers.entry(signer).or_default() += 1;
        }
        match &teller.chain {
            Some(chain) => {
                *self.chain_records.entry(chain.clone()).or_default() += 1;
                self.firsts.entry(chain.clone()).or_insert(id);
                self.tally.altered_records += u64::from(!teller.agrees);
            }
            None => self.tally.unlisted_records += 1,
        }
        watch.record(&Sight {
            member: teller.member,
            line: place.number,
            offset: place.offset,
            bytes,
            id,
            faults: &faults,
            signed,
            link: None,
            chain: teller.chain.as_deref(),
        })
    }

    /// What is wrong with an event by itself.
    fn unreadable(&mut self, position: u64, bytes: &[u8]) -> Option<Fault> {
        let error = match parse(bytes, &self.bundle.request.limits) {
            Ok(value) if value.is_object() => {
                self.tally.readable.count(true);
                return None;
            }
            Ok(_) => {
                self.tally.readable.count(false);
                let sentence = format!("Record {position} is no event: it is no JSON object.");
                return Some(fault("not_a_record", "integrity", sentence));
            }
            Err(error) => error,
        };
        if error.is_limit() {
            self.tally.over_limit += 1;
            let sentence = format!("Record {position} was not judged: {error}.");
            return Some(fault("limit_record", "integrity", sentence));
        }
        self.tally.readable.count(false);
        Some(match &error.kind {
            JsonErrorKind::DuplicateMember { pointer, .. } => {
                let sentence = format!(
                    "Record {position} names the member {pointer} twice, so it can be read in two ways."
                );
                let mut told = fault("duplicate_member", "integrity", sentence);
                told.field = Some(pointer.to_string());
                told
            }
            _ => fault(
                "not_json",
                "integrity",
                format!("Record {position} cannot be read: {error}."),
            ),
        })
    }

    fn over_limit(&mut self, member: &str, error: &RecordsError) {
        self.tally.over_limit += 1;
        self.judgement.extent_is_known = false;
        let sentence = format!("{member}: {error}, and was not judged.");
        self.tell(about(member, fault("limit_record", "integrity", sentence)));
    }

    /// A log that is no document with events, or not to its end.
    fn refuse(&mut self, teller: &mut Teller<'_>, log: &Log, error: &RecordsError) {
        self.judgement.extent_is_known = false;
        // a log that is known to be altered or unread was told already
        if log.sha256.is_none() || (log.listed.is_some() && !log.agrees) {
            return;
        }
        if error.is_limit() || matches!(error, RecordsError::Read { .. }) {
            self.tally.over_limit += 1;
        } else {
            self.tally.readable.count(false);
        }
        let sentence = format!(
            "The log {} cannot be read to its end: {error}.",
            name::base(teller.member)
        );
        teller
            .faults
            .push(about(teller.member, fault("not_readable", "integrity", sentence)));
    }

    /// Whether every regular chain begins with the first digest there ever was.
    pub(super) fn all_begin(&self) -> bool {
        self.chains
            .iter()
            .all(|chain| chain.steps.first() == Some(&Step::Begins))
    }
}

/// What is known of a log while its events are told.
struct Teller<'t> {
    member: &'t str,
    /// Whose signature reaches it; only where it is the listed log.
    signer: Option<Signed>,
    chain: Option<String>,
    /// Whether it was held against a hash.
    is_held: bool,
    agrees: bool,
    faults: Vec<Fault>,
}
