//! One bundle, from its container to its verdict.

mod carried;
mod choice;
mod keys;
pub(crate) mod opening;
mod ordered;

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use tickmark_crypto::digest::sha256;
use tickmark_formats::container::{Container, Packing, Received};

use crate::advice;
use crate::built_in::{self, Bundle};
use crate::claims::{Evidence, assess};
use crate::detect::Found;
use crate::enclosure::Enclosed;
use crate::examine::{Bench, Examined};
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::ledger::{Joined, Ledger};
use crate::profile::{Profile, SourceKind, shipped};
use crate::request::{Observer, Progress, Request, SeenRecord, VerifyError};
use crate::statement::{Shelf, Statements};
use crate::stream::{Gauge, Passing, Place, Route, StreamEnd, is_odd, run};
use crate::told::Told;
use crate::verification::{BundleId, Counts, SCHEMA, Tool, Verification};

use choice::{Choice, Trail};
use opening::ReceivedDigest;

/// Judges one bundle.
///
/// The received bytes are read more than once and must not change meanwhile; a member whose bytes differ between two
/// readings is a fault.
///
/// # Errors
/// Only when nothing could be judged: it cannot be opened, several profiles fit, a named profile finds no member, it was
/// cancelled. Everything else is a [`Verification`].
pub fn verify(
    received: Received,
    request: &Request,
    observer: &mut dyn Observer,
) -> Result<Verification, VerifyError> {
    let digest = ReceivedDigest::of(&received);
    let container = opening::open(received, request)?;
    let is_single = container.packing().last() == Some(&Packing::File);
    let inventory = if is_single {
        Inventory::single(&container)?
    } else {
        Inventory::take(&container)?
    };
    let shipped = shipped().map_err(|(id, message)| VerifyError::Shipped { id, message })?;
    let all: Vec<&Profile> = shipped.iter().chain(&request.extra_profiles).collect();
    let bundle = Bundle {
        container: &container,
        inventory: &inventory,
        request,
    };
    match choice::choose(&bundle, request, &all)? {
        Choice::Trail(choice) => {
            // where nothing looks like records nothing reads them: what is wrong shows only in a walk to the end
            let whole;
            let inventory = if choice.found.is_none() && is_single {
                whole = Inventory::take(&container)?;
                &whole
            } else {
                &inventory
            };
            let judge = Judge {
                container: &container,
                inventory,
                request,
                choice,
            };
            judge.run(&digest, observer)
        }
        Choice::BuiltIn(built_in, sighting) => {
            let sha256 = digest.take();
            built_in::judge(built_in, &bundle, &sighting, sha256.as_deref(), observer)
        }
    }
}

struct Judge<'j> {
    container: &'j Container,
    inventory: &'j Inventory,
    request: &'j Request,
    choice: Trail<'j>,
}

impl<'j> Judge<'j> {
    fn run(&self, digest: &ReceivedDigest, observer: &mut dyn Observer) -> Result<Verification, VerifyError> {
        let profile = self.choice.profile;
        let found = self.choice.found.clone().unwrap_or_default();
        let is_plain = self.container.packing() == [Packing::File] && self.choice.found.is_some();
        // a plain file's digest is taken while its records are read
        let mut sha256 = if is_plain { None } else { digest.take() };
        sha256.iter().for_each(|sha256| observer.digest(sha256));

        let mut ledger = Ledger::new(profile, &found.members, self.request);
        if observer.sees_records() {
            ledger.number_identical();
        }
        let end = match &found.order {
            None => self.read(&found, &mut ledger, observer),
            Some(by) => self.read_in_order(by, &found, &mut ledger, observer)?,
        };
        if end.cancelled {
            return Err(VerifyError::Cancelled);
        }
        if is_plain {
            sha256 = end.digests.first().cloned().flatten().or_else(|| digest.take());
            sha256.iter().for_each(|sha256| observer.digest(sha256));
        }
        self.compare_readings(&found, &end, &mut ledger);
        let statements = self.statements(&mut ledger, &found, end.envelope.as_deref());
        let (members_unread, members_odd) = self.member_faults(&mut ledger);
        self.tell_sighting(&mut ledger);
        let enclosed = self.enclosed(&mut ledger);
        let told = Told::hold(self.request, profile, &mut ledger, sha256.as_deref());
        let evidence = Evidence {
            profile,
            request: self.request,
            ledger: &ledger,
            shapes: &end.shapes,
            statements: &statements,
            told: &told,
            sighting: &self.choice.sighting,
            enclosed: &enclosed,
            record_members: &found.members,
            members_unread,
            members_odd,
        };
        Ok(self.verification(&evidence, &found, sha256.clone().unwrap_or_default()))
    }

    fn verification(&self, e: &Evidence<'_>, found: &Found, sha256: String) -> Verification {
        let profile = self.choice.profile;
        let mut uncovered = profile.map_or_else(Vec::new, |profile| e.shapes.uncovered(profile));
        uncovered.extend(e.enclosed.uncovered());
        let (claims, verdict, sentence) = assess(e);
        let keys = keys::used(self.request, profile, e.ledger, e.statements, e.enclosed);
        let not_proven = advice::not_proven(e, &claims, &uncovered, &keys);
        let next_steps = advice::next_steps(e, &claims, verdict);
        let ledger = e.ledger;
        let (faults, fault_groups) = ledger.faults.to_parts();
        Verification {
            schema: SCHEMA.to_owned(),
            tool: Tool::this(),
            bundle: BundleId {
                name: self.container.name().to_owned(),
                sha256,
                bytes: self.container.len(),
                packing: self.container.packing().iter().map(ToString::to_string).collect(),
            },
            profile: profile.map(Profile::reference),
            verdict,
            sentence,
            claims,
            counts: Counts {
                records: ledger.records,
                checked: ledger.checked,
                signed: ledger.signed,
                unsigned: ledger.records - ledger.signed,
                chains: ledger.chains.len() as u64,
                members: self.inventory.members.len() as u64,
                faults: ledger.faults.total(),
                proof_level: profile.is_none().then(|| "P0".to_owned()),
            },
            faults,
            fault_groups,
            uncovered_fields: uncovered,
            keys,
            chains: ledger.heads(),
            continuity: e.told.earlier.continuity.clone(),
            not_proven,
            next_steps,
            warnings: advice::warnings(e, self.inventory, &found.members),
        }
    }

    /// Reads every record, and tells the observer of each.
    fn read(&self, found: &Found, ledger: &mut Ledger<'_>, observer: &mut dyn Observer) -> StreamEnd {
        let (bench, route) = (self.bench(found, observer), self.route(found));
        let is_watched = observer.sees_records();
        let gauge = Gauge::default();
        let bytes_total = self.record_bytes(found);
        run(&route, &bench, &gauge, &mut |passing| {
            match &passing {
                Passing::Stray(stray) => ledger.stray(stray),
                Passing::Record(seen, place, bytes) => {
                    let joined = ledger.join(seen, place, bytes);
                    if is_watched {
                        observer.record(&seen_record(found, seen, place, bytes, &joined))?;
                    }
                }
            }
            if ledger.records.is_multiple_of(TELL_EVERY) {
                observer.progress(&Progress {
                    bytes_done: gauge.bytes.load(Ordering::Relaxed),
                    bytes_total,
                    records: ledger.records,
                })?;
            }
            ControlFlow::Continue(())
        })
    }

    /// What every record is examined with.
    fn bench<'b>(&'b self, found: &'b Found, observer: &dyn Observer) -> Bench<'b> {
        let mut bench = Bench::new(self.choice.profile, &self.request.trust, &self.request.limits);
        let links = self.choice.profile.is_some_and(|profile| profile.link.is_some());
        // without links the last record's id is the head; with earlier imports any record may be the first of one
        bench.takes_ids = observer.sees_records() || !links || !self.request.remembered.is_empty();
        bench.partition = found.partition.as_deref();
        bench.order = found.order.as_deref();
        bench.opens_tokens = found.kind.is_jws();
        bench.carried = self.carried_keys(found);
        bench
    }

    fn route<'r>(&'r self, found: &'r Found) -> Route<'r> {
        Route {
            container: self.container,
            members: found.members.clone(),
            kind: found.kind,
            at: &found.at,
            in_one_pass: found.in_one_pass,
        }
    }

    fn shelf<'s>(&'s self, envelope: Option<&'s [u8]>) -> Shelf<'s> {
        Shelf {
            container: self.container,
            inventory: self.inventory,
            envelope,
            trust: &self.request.trust,
            limits: &self.request.limits,
        }
    }

    fn carried_keys(&self, found: &Found) -> Vec<Option<tickmark_crypto::key::PublicKey>> {
        let Some(profile) = self.choice.profile else {
            return Vec::new();
        };
        // the document around the records may carry the key, before them or after
        let is_around = profile
            .signatures
            .iter()
            .any(|signature| signature.key.file.is_none() && signature.key.at.is_some());
        let envelope = if is_around { self.envelope(found) } else { None };
        let shelf = self.shelf(envelope.as_deref());
        let signatures = profile.signatures.iter();
        signatures
            .map(|signature| {
                let mut algorithms = signature.algorithms.iter();
                algorithms.find_map(|algorithm| shelf.carried_key(&signature.key, *algorithm))
            })
            .collect()
    }

    /// The document around the records, without the records.
    fn envelope(&self, found: &Found) -> Option<Vec<u8>> {
        use tickmark_formats::pointer::Pointer;
        use tickmark_formats::records::Items;
        if found.kind != SourceKind::Json {
            return None;
        }
        let reader = self.container.open_member(found.members.first()?).ok()?;
        let pointer = Pointer::parse(&found.at).ok()?;
        let mut items = Items::new(std::io::BufReader::new(reader), pointer, &self.request.limits);
        let mut bytes = Vec::new();
        loop {
            match items.next_item(&mut bytes) {
                Ok(Some(_)) => {}
                Err(error) if error.is_passing() => {}
                Ok(None) | Err(_) => break,
            }
        }
        items.envelope().map(<[u8]>::to_vec)
    }

    fn statements(&self, ledger: &mut Ledger<'_>, found: &Found, envelope: Option<&[u8]>) -> Statements {
        match self.choice.profile {
            Some(profile) => {
                let shelf = self.shelf(envelope);
                let statements = shelf.hold(profile, ledger, &found.members);
                carried::hold(profile, &shelf, &statements, ledger);
                statements
            }
            None => Statements::default(),
        }
    }

    fn record_bytes(&self, found: &Found) -> Option<u64> {
        let bytes = |name: &String| self.inventory.members.get(name).and_then(|held| held.bytes);
        found.members.iter().map(bytes).sum()
    }

    /// Holds the bytes that were judged against those of which the inventory was taken.
    fn compare_readings(&self, found: &Found, end: &StreamEnd, ledger: &mut Ledger<'_>) {
        for (name, now) in found.members.iter().zip(&end.digests) {
            let before = self
                .inventory
                .members
                .get(name)
                .and_then(|held| held.sha256.as_ref());
            let (Some(before), Some(now)) = (before, now) else {
                continue;
            };
            if before == now {
                continue;
            }
            ledger.broken_off += 1;
            let sentence = format!("{name} changed while it was read.");
            let mut told = fault("member_changed", "integrity", sentence);
            told.member = Some(name.clone());
            told.expected = Some(before.clone());
            told.found = Some(now.clone());
            ledger.faults.add(told);
        }
    }

    /// Counts members that cannot be read, and bytes that should not be there, and tells both once.
    fn member_faults(&self, ledger: &mut Ledger<'_>) -> (u64, u64) {
        let (mut unread, mut odd) = (0, 0);
        for found in &self.inventory.faults {
            let code = found.kind.code();
            if is_odd(&found.kind) {
                odd += 1;
            } else {
                unread += 1;
            }
            if ledger.was_told(&found.member, code) {
                continue;
            }
            let sentence = format!("{}: {}.", found.member, found.kind);
            let mut told = fault(code, "integrity", sentence);
            told.member = Some(found.member.clone());
            ledger.faults.add(told);
        }
        (unread.max(ledger.broken_off), odd.max(ledger.odd))
    }

    /// What the bundle says of whole members beside its format. What the profile's own manifest lists is told by the profile.
    fn enclosed(&self, ledger: &mut Ledger<'_>) -> Enclosed {
        let Some(profile) = self.choice.profile else {
            return Enclosed::default();
        };
        let bundle = Bundle {
            container: self.container,
            inventory: self.inventory,
            request: self.request,
        };
        let of_profile = profile.manifest.as_ref().and_then(|manifest| {
            let fitting = self.inventory.fitting(&manifest.file);
            fitting.first().map(|name| (*name).to_owned())
        });
        let mut enclosed = Enclosed::of(&bundle, &|member| of_profile.as_deref() == Some(member));
        // a member that differs from two lists is one fault
        enclosed.faults.retain(|fault| !ledger.faults.is_listed(fault));
        for fault in &enclosed.faults {
            ledger.faults.add(fault.clone());
        }
        enclosed
    }

    fn tell_sighting(&self, ledger: &mut Ledger<'_>) {
        let expected = self.choice.profile.map_or("", |profile| profile.id.as_str());
        if let Some(told) = self.choice.sighting.fault(expected) {
            ledger.faults.add(told);
        }
    }
}

/// A record as an observer is told of it.
fn seen_record<'s>(
    found: &'s Found,
    seen: &'s Examined,
    place: &Place,
    bytes: &'s [u8],
    joined: &'s Joined,
) -> SeenRecord<'s> {
    let member = found.members.get(place.member as usize);
    SeenRecord {
        position: joined.position,
        id: seen.id.unwrap_or_else(|| sha256(bytes)),
        occurrence: joined.occurrence,
        member: member.map_or("", String::as_str),
        line: place.line,
        offset: place.offset,
        bytes,
        faults: &joined.faults,
        signed: joined.signed,
        link: seen.target(),
        chain: seen.chain.as_deref(),
    }
}

const TELL_EVERY: u64 = 4_096;
