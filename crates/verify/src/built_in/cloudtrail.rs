//! AWS CloudTrail: hourly digests that list the delivered logs, each signed and linked to the one before.
//!
//! A digest's signature stands in the metadata of its object, which a copy of the files leaves behind, and again in the next
//! digest. So every digest but the newest of a chain can be verified from the files alone. What a digest covers are
//! unpacked bytes; other programs unpack more than the first gzip member, so that bytes behind it are a fault.
//!
//! Sources: "CloudTrail digest file structure" and "Custom implementations of CloudTrail log file integrity validation" in
//! the AWS CloudTrail user guide; the validator of the AWS command line is held against this one in
//! `tests/cloudtrail-oracle`.

mod chain;
mod claims;
mod coverage;
mod digest;
mod logs;
mod metadata;
mod name;
mod place;
mod reading;
mod signatures;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::aws::{Keys, Signer};
use super::{Bundle, Cancelled, Judgement, Verifier, Watch};
use crate::fault::fault;
use crate::ledger::Tally;
use crate::period::Period;
use crate::verification::Fault;

use chain::{Chain, Span, Step, chains, hours};
use coverage::Coverage;
use digest::{Digest, Listed, NoDigest};
use logs::Log;
use metadata::Metadata;
use name::{DigestName, LogName};
use place::{Place, Places};
use reading::{Tee, each};
use signatures::Vouched;

/// The verifier.
pub(super) struct CloudTrail;

impl Verifier for CloudTrail {
    fn recognises(&self, bundle: &Bundle<'_>) -> bool {
        let mut names = bundle.inventory.members.keys();
        names.any(|name| DigestName::of(name).is_some())
    }

    fn judge(&self, bundle: &Bundle<'_>, watch: &mut Watch<'_>) -> Result<Judgement, Cancelled> {
        let places = Places::of(bundle.inventory);
        let metadata = Metadata::of(bundle, &places);
        let mut case = Case {
            bundle,
            period: bundle
                .request
                .period
                .as_deref()
                .and_then(|text| text.parse().ok()),
            keys: Keys::of(bundle),
            metadata,
            digests: Vec::new(),
            chains: Vec::new(),
            vouched: Vec::new(),
            logs: Vec::new(),
            tally: Tallies::default(),
            firsts: BTreeMap::new(),
            signers: BTreeMap::new(),
            chain_records: BTreeMap::new(),
            warnings: Vec::new(),
            judgement: Judgement::open(bundle.request),
            places,
        };
        case.read_digests(watch)?;
        case.follow_chains();
        case.verify_signatures();
        case.find_logs();
        case.hash_logs(watch)?;
        case.tell_records(watch)?;
        Ok(case.conclude())
    }
}

/// A bundle that is being judged.
struct Case<'c> {
    bundle: &'c Bundle<'c>,
    places: Places<'c>,
    period: Option<Period>,
    keys: Keys<'c>,
    metadata: Metadata,
    digests: Vec<Digest>,
    chains: Vec<Chain>,
    /// Who vouches for each digest.
    vouched: Vec<Vouched>,
    /// Logs in the order in which their events are records.
    logs: Vec<Log>,
    tally: Tallies,
    /// The id of each chain's first record.
    firsts: BTreeMap<String, [u8; 32]>,
    /// Events that each key reaches.
    signers: BTreeMap<Signer, u64>,
    chain_records: BTreeMap<String, u64>,
    warnings: Vec<String>,
    judgement: Judgement,
}

/// What was counted.
#[derive(Debug, Default)]
struct Tallies {
    /// Members that are digests by their names and in the form of one.
    form: Tally,
    /// Digests that could not be read: not judged.
    digests_unread: u64,
    /// Objects that lie where they should; digests and logs.
    placed: Tally,
    /// Objects that were found by name alone.
    unplaced: u64,
    /// Hashes of digests before.
    links: Tally,
    /// Digests that contradict another one or that the chain passes over.
    apart: u64,
    /// Digests that are named and are not here, in the period.
    digests_missing: u64,
    /// Spans that no digest covers, in the period.
    gaps: u64,
    /// Holes outside the period.
    holes_outside: u64,
    /// Logs that are the ones that were listed.
    logs: Tally,
    /// Listed logs that are here, in the period.
    logs_here: u64,
    logs_missing: u64,
    logs_missing_outside: u64,
    logs_unread: u64,
    /// Logs that no digest lists, at a time for which the digests list every one.
    unlisted_inside: u64,
    /// Other logs that no digest lists.
    unlisted_outside: u64,
    /// Files with bytes after their first gzip member.
    trailing: u64,
    /// Logs and events that can be read.
    readable: Tally,
    over_limit: u64,
    unlisted_records: u64,
    altered_records: u64,
    /// Heads of earlier imports.
    earlier: Tally,
}

impl Case<'_> {
    fn tell(&mut self, fault: Fault) {
        self.judgement.faults.add(fault);
    }

    /// Whether a span bears on the review period; every span does where none is named.
    fn matters(&self, span: Span) -> bool {
        self.period.is_none_or(|period| period.meets(span.0, span.1))
    }

    fn read_digests(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let members: Vec<u32> = self
            .places
            .all()
            .filter(|(_, name)| DigestName::of(name).is_some())
            .map(|(member, _)| member)
            .collect();
        let limits = &self.bundle.request.limits;
        let (mut cancelled, mut read) = (false, Vec::new());
        each(self.bundle, &self.places, &members, &mut |member, reader| {
            let outcome = match Tee::new(reader, limits) {
                Err(error) => Err(NoDigest::Unread(error.to_string())),
                Ok(mut tee) => {
                    let outcome = Digest::read(member, &mut tee, limits);
                    if outcome.is_err() {
                        let _ = tee.digest();
                    }
                    let is_damaged = tee.broken.as_ref().is_some_and(|broken| broken.is_damage);
                    let outcome = match outcome {
                        Err(NoDigest::Unread(why)) if is_damaged => Err(NoDigest::Form(why)),
                        outcome => outcome,
                    };
                    outcome.map(|digest| (digest, tee.trailing))
                }
            };
            read.push((member, outcome));
            let bytes = self.bundle.inventory.members.get(self.places.name(member));
            cancelled = watch
                .read(bytes.and_then(|held| held.bytes).unwrap_or_default())
                .is_err();
            if cancelled {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        if cancelled {
            return Err(Cancelled);
        }
        self.tally.digests_unread += (members.len() - read.len()) as u64;
        // a tar file gives them in an order of its own
        read.sort_by_key(|(member, _)| *member);
        for (member, outcome) in read {
            self.take_digest(member, outcome);
        }
        for (member, why) in std::mem::take(&mut self.metadata.unreadable) {
            let name = self.places.name(member);
            let sentence = format!("The metadata in {name} cannot be read: {why}.");
            self.warnings.push(sentence);
        }
        Ok(())
    }

    fn take_digest(&mut self, member: u32, outcome: Result<(Digest, Option<u64>), NoDigest>) {
        let name = self.places.name(member);
        // what the container itself cannot give is no fault of the digest
        let is_whole = self
            .bundle
            .inventory
            .members
            .get(name)
            .is_some_and(|held| held.sha256.is_some());
        match outcome {
            Ok((digest, trailing)) => {
                self.tally.form.count(true);
                if let Some(offset) = trailing {
                    self.tell_trailing(member, offset);
                }
                self.place_digest(&digest);
                self.digests.push(digest);
            }
            Err(NoDigest::Form(why)) if is_whole => {
                self.tally.form.count(false);
                let sentence = format!("The digest {} has an invalid format: {why}.", name::base(name));
                self.tell(about(name, fault("digest_format", "integrity", sentence)));
            }
            Err(NoDigest::Form(why) | NoDigest::Unread(why)) => {
                self.tally.digests_unread += 1;
                let sentence = format!("The digest {} was not judged: {why}.", name::base(name));
                self.tell(about(name, fault("not_readable", "integrity", sentence)));
            }
        }
    }

    fn tell_trailing(&mut self, member: u32, offset: u64) {
        self.tally.trailing += 1;
        let told = trailing_fault(self.places.name(member), offset);
        self.tell(told);
    }

    fn place_digest(&mut self, digest: &Digest) {
        let name = self.places.name(digest.member);
        match self.places.holds(digest.member, &digest.bucket, &digest.object) {
            Place::Moved(_) | Place::Nowhere => {
                self.tally.placed.count(false);
                let sentence = format!(
                    "The digest {} has been moved from its original location.",
                    name::base(name)
                );
                let told = fault("digest_moved", "integrity", sentence);
                let origin = format!("{}/{}", digest.bucket, digest.object);
                self.tell(about(name, told.between(&origin, name)));
            }
            Place::Here(_) => self.tally.placed.count(true),
            Place::Unplaced(_) => self.tally.unplaced += 1,
        }
    }

    fn follow_chains(&mut self) {
        self.chains = chains(&self.digests);
        let mut told = Vec::new();
        for chain in &self.chains {
            for number in &chain.apart {
                if let Some(digest) = self.digests.get(*number) {
                    self.tally.apart += 1;
                    let name = self.places.name(digest.member);
                    let sentence = format!(
                        "The digest {} stands beside its chain: another one follows, and passes it over.",
                        name::base(name)
                    );
                    told.push(about(name, fault("digest_apart", "integrity", sentence)));
                }
            }
            for (place, (number, step)) in chain.digests.iter().zip(&chain.steps).enumerate() {
                let Some(digest) = self.digests.get(*number) else {
                    continue;
                };
                let before = place.checked_sub(1).and_then(|before| chain.digests.get(before));
                let before = before.and_then(|number| self.digests.get(*number));
                self.tally.links.passed += u64::from(*step == Step::Follows);
                if *step == Step::Altered {
                    self.tally.links.failed += 1;
                    told.push(self.altered(digest));
                }
                told.extend(self.hole(chain, digest, before, step, &mut 0));
            }
        }
        for fault in told {
            match fault.code.as_str() {
                "digest_missing" => self.tally.digests_missing += 1,
                "digest_gap" => self.tally.gaps += 1,
                _ => {}
            }
            self.tell(fault);
        }
        self.count_holes_outside();
    }

    /// That the digest before is not the one with the linked hash.
    fn altered(&self, digest: &Digest) -> Fault {
        let previous = digest.previous.as_ref();
        let found =
            previous.and_then(|previous| self.digests.iter().find(|older| older.is_named_by(previous)));
        let name = found.map_or("", |found| self.places.name(found.member));
        let sentence = format!(
            "The digest {} is not the one that the next digest links to: it was altered.",
            name::base(name)
        );
        let told = fault("digest_link_mismatch", "integrity", sentence);
        let expected = previous.map_or("", |previous| &previous.sha256);
        about(
            name,
            told.between(expected, found.map_or("", |found| &found.sha256)),
        )
    }

    /// Faults for a span before a digest that no digest covers, in the period.
    fn hole(
        &self,
        chain: &Chain,
        digest: &Digest,
        before: Option<&Digest>,
        step: &Step,
        outside: &mut u64,
    ) -> Vec<Fault> {
        let Some(before) = before else { return Vec::new() };
        let span = (before.end, digest.start);
        let is_hole = span.0 < span.1;
        let told = match step {
            Step::Missing => return self.missing(chain, digest, span, outside),
            Step::Restarts if is_hole => format!(
                "No digest covers the time from {} to {}: the chain begins anew after it. Logging or validation had been stopped.",
                at(span.0),
                at(span.1)
            ),
            Step::Restarts => format!(
                "The chain begins anew at {}, though older digests are here. Logging or validation had been stopped.",
                at(span.1)
            ),
            Step::Follows | Step::Altered if is_hole && !chain.is_backfill => {
                format!("No digest covers the time from {} to {}.", at(span.0), at(span.1))
            }
            _ => return Vec::new(),
        };
        if !self.matters(span) {
            *outside += 1;
            return Vec::new();
        }
        let told = fault("digest_gap", "completeness", told);
        vec![about(self.places.name(digest.member), told)]
    }

    /// One fault for each digest that must have been there: the one that is named, and those of the hours before it.
    fn missing(&self, chain: &Chain, digest: &Digest, span: Span, outside: &mut u64) -> Vec<Fault> {
        let name = self.places.name(digest.member);
        let named = digest.previous.as_ref().map_or("", |previous| &previous.object);
        let mut told = Vec::new();
        let first = (digest.start - chrono::TimeDelta::hours(1), digest.start);
        if self.matters(first) {
            let sentence = format!(
                "The digest {} is missing: the next digest names it, older ones are here.",
                name::base(named)
            );
            let missing = fault("digest_missing", "completeness", sentence);
            told.push(about(name, missing.between(named, "no such member")));
        } else {
            *outside += 1;
        }
        if chain.is_backfill {
            return told;
        }
        for hour in hours(span.0, span.1).into_iter().skip(1) {
            if !self.matters(hour) {
                *outside += 1;
                continue;
            }
            let sentence = format!("The digest from {} to {} is missing too.", at(hour.0), at(hour.1));
            told.push(about(name, fault("digest_missing", "completeness", sentence)));
        }
        told
    }

    fn count_holes_outside(&mut self) {
        let mut outside = 0;
        for chain in &self.chains {
            for (place, (number, step)) in chain.digests.iter().zip(&chain.steps).enumerate() {
                let before = place.checked_sub(1).and_then(|before| chain.digests.get(before));
                if let (Some(digest), Some(before)) = (self.digests.get(*number), before) {
                    let before = self.digests.get(*before);
                    let _ = self.hole(chain, digest, before, step, &mut outside);
                }
            }
        }
        self.tally.holes_outside = outside;
    }

    /// Whether every digest is vouched for by a pinned key.
    fn all_pinned(&self) -> bool {
        !self.digests.is_empty() && self.vouched.iter().all(Vouched::is_pinned)
    }

    fn coverage(&self) -> Vec<Coverage> {
        coverage::of(self)
    }
}

/// A fault on a member.
fn about(member: &str, mut fault: Fault) -> Fault {
    fault.member = (!member.is_empty()).then(|| member.to_owned());
    fault
}

fn trailing_fault(member: &str, offset: u64) -> Fault {
    let sentence = format!(
        "{member} goes on after its first gzip member, at byte {offset}. The digest covers only what comes before; other programs \
         may read on."
    );
    about(member, fault("trailing_bytes", "integrity", sentence))
}

/// An instant as it is told.
fn at(instant: chrono::DateTime<chrono::Utc>) -> String {
    crate::phrase::instant(instant)
}
