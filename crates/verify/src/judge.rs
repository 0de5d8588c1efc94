//! One bundle, from its container to its verdict.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tickmark_crypto::digest::{Algorithm, Hasher};
use tickmark_crypto::sealed::{self, Opener, SealError};
use tickmark_formats::container::{
    Container, FaultKind, Origin, Packing, ReadSeek, Received, Unlock, UnlockError,
};

use crate::claims::{Evidence, assess, grouped};
use crate::detect::{Found, Recognised, Scout};
use crate::examine::Bench;
use crate::fault::fault;
use crate::inventory::Inventory;
use crate::ledger::Ledger;
use crate::profile::{Profile, SourceKind, shipped};
use crate::request::{Observer, ProfileChoice, Progress, Request, SeenRecord, VerifyError};
use crate::statement::{Shelf, SignedBy, Statements};
use crate::stream::{Gauge, Passing, Route, run};
use crate::verification::{BundleId, Counts, KeyOrigin, KeyUse, SCHEMA, Tool, Verification};

/// Judges one bundle.
///
/// # Errors
/// Only when nothing could be judged: it cannot be opened, several profiles fit, it was cancelled. Everything else is a
/// [`Verification`].
pub fn verify(
    received: Received,
    request: &Request,
    observer: &mut dyn Observer,
) -> Result<Verification, VerifyError> {
    let digest_first = whole_digest(&received);
    let container = open(received, request)?;
    let plain = container.packing() == [Packing::File];
    let inventory = if plain {
        Inventory::plain(container.name(), container.len())
    } else {
        Inventory::take(&container)?
    };
    let shipped = shipped().map_err(|(id, message)| VerifyError::Shipped { id, message })?;
    let all: Vec<&Profile> = shipped.iter().chain(&request.extra_profiles).collect();
    let (profile, found, other) = choose(&container, &inventory, request, &all)?;
    let judge = Judge {
        container: &container,
        inventory: &inventory,
        request,
        profile,
        other,
    };
    judge.run(found, plain, digest_first, observer)
}

struct Judge<'j> {
    container: &'j Container,
    inventory: &'j Inventory,
    request: &'j Request,
    profile: Option<&'j Profile>,
    /// Recognised under another profile than the one that is pinned for the source.
    other: Option<String>,
}

impl Judge<'_> {
    fn run(
        &self,
        found: Option<Found>,
        plain: bool,
        digest_first: impl Fn() -> Option<String>,
        observer: &mut dyn Observer,
    ) -> Result<Verification, VerifyError> {
        let mut sha256 = if plain && found.is_some() {
            None
        } else {
            digest_first()
        };
        if let Some(digest) = &sha256 {
            observer.digest(digest);
        }
        let found = found.unwrap_or(Found {
            members: Vec::new(),
            kind: SourceKind::Jsonl,
            at: String::new(),
            partition: None,
        });
        let request = self.request;
        let mut ledger = Ledger::new(
            self.profile,
            found.members.clone(),
            &request.remembered,
            request.fault_cap,
        );
        let shelf_for_keys = Shelf {
            container: self.container,
            inventory: self.inventory,
            envelope: None,
            trust: &request.trust,
            limits: &request.limits,
        };
        let head = self.beginning_of_envelope(&found);
        let shelf_for_keys = Shelf {
            envelope: head.as_deref(),
            ..shelf_for_keys
        };
        let carried = self.profile.map_or_else(Vec::new, |profile| {
            profile
                .signatures
                .iter()
                .map(|s| shelf_for_keys.carried_key(&s.key, s.alg))
                .collect()
        });
        let bench = Bench {
            profile: self.profile,
            trust: &request.trust,
            limits: &request.limits,
            carried,
            partition: found.partition.as_deref(),
        };
        let route = Route {
            container: self.container,
            members: found.members.clone(),
            kind: found.kind,
            at: &found.at,
        };
        let gauge = Gauge::default();
        let total = self.record_bytes(&found.members);
        let end = run(&route, &bench, &gauge, &mut |passing| {
            let flow = match &passing {
                Passing::Fault(stray) => {
                    ledger.stray(stray);
                    ControlFlow::Continue(())
                }
                Passing::Record(seen) => {
                    let joined = ledger.join(seen);
                    observer.record(&SeenRecord {
                        position: joined.position,
                        id: seen.id,
                        occurrence: joined.occurrence,
                        member: found
                            .members
                            .get(seen.received.member as usize)
                            .map_or("", String::as_str),
                        line: seen.received.line,
                        offset: seen.received.offset,
                        bytes: &seen.received.bytes,
                        faults: &joined.faults,
                        signed: joined.signed,
                        link: seen.target.as_deref(),
                        chain: seen.chain.as_deref(),
                    })
                }
            };
            if ledger.records % TELL_EVERY == 0 {
                let progress = Progress {
                    bytes_done: gauge.bytes.load(Ordering::Relaxed),
                    bytes_total: total,
                    records: ledger.records,
                };
                return if flow.is_break() {
                    flow
                } else {
                    observer.progress(&progress)
                };
            }
            flow
        });
        if end.cancelled {
            return Err(VerifyError::Cancelled);
        }
        if sha256.is_none() {
            sha256 = end.digests.first().cloned().flatten().or_else(&digest_first);
            if let Some(digest) = &sha256 {
                observer.digest(digest);
            }
        }
        let sha256 = sha256.unwrap_or_default();
        let statements = self.statements(&mut ledger, end.envelopes.first().map(Vec::as_slice));
        let (unread, odd) = self.member_faults(&mut ledger);
        self.told_faults(&mut ledger, &sha256);
        let uncovered = self
            .profile
            .map_or_else(Vec::new, |profile| end.shapes.uncovered(profile));
        let evidence = Evidence {
            profile: self.profile,
            request,
            ledger: &ledger,
            statements: &statements,
            sha256: &sha256,
            members_unread: unread,
            members_odd: odd,
        };
        let (claims, verdict, sentence) = assess(&evidence);
        let keys = self.keys(&ledger, &statements);
        let warnings = self.warnings(&ledger);
        let not_proven = crate::advice::not_proven(&evidence, &claims, &uncovered);
        let next_steps = crate::advice::next_steps(&evidence, &claims, verdict);
        let counts = Counts {
            records: ledger.records,
            checked: ledger.checked,
            signed: ledger.signed,
            unsigned: ledger.unsigned,
            chains: ledger.chains.len() as u64,
            members: self.inventory.members.len() as u64,
            faults: ledger.faults.total(),
            proof_level: self.profile.is_none().then(|| "P0".to_owned()),
        };
        let chains = ledger.heads();
        let (faults, fault_groups) = ledger.faults.into_parts();
        Ok(Verification {
            schema: SCHEMA.to_owned(),
            tool: Tool {
                name: "tickmark".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            bundle: BundleId {
                name: self.container.name().to_owned(),
                sha256,
                bytes: self.container.len(),
                packing: self.container.packing().iter().map(ToString::to_string).collect(),
            },
            profile: self.profile.map(Profile::reference),
            verdict,
            sentence,
            claims,
            counts,
            faults,
            fault_groups,
            uncovered_fields: uncovered,
            keys,
            chains,
            not_proven,
            next_steps,
            warnings,
        })
    }

    fn statements(&self, ledger: &mut Ledger<'_>, envelope: Option<&[u8]>) -> Statements {
        let Some(profile) = self.profile else {
            return Statements::default();
        };
        let shelf = Shelf {
            container: self.container,
            inventory: self.inventory,
            envelope,
            trust: &self.request.trust,
            limits: &self.request.limits,
        };
        shelf.hold(profile, ledger)
    }

    /// The document around the records, as far as its beginning shows it: a carried key may stand there.
    fn beginning_of_envelope(&self, found: &Found) -> Option<Vec<u8>> {
        let wanted = self.profile?.signatures.iter().any(|s| s.key.at.is_some());
        if !wanted || found.kind != SourceKind::Json {
            return None;
        }
        use tickmark_formats::records::Items;
        let reader = std::io::BufReader::new(self.container.open_member(found.members.first()?).ok()?);
        let pointer = tickmark_formats::pointer::Pointer::parse(&found.at).ok()?;
        let mut items = Items::new(reader, pointer, &self.request.limits);
        let mut bytes = Vec::new();
        while matches!(items.next_item(&mut bytes), Ok(Some(_))) {
            bytes.clear();
        }
        items.envelope().map(<[u8]>::to_vec)
    }

    fn record_bytes(&self, members: &[String]) -> Option<u64> {
        members
            .iter()
            .map(|name| self.inventory.members.get(name).map(|held| held.bytes))
            .sum()
    }

    /// Counts members that cannot be read, and bytes that should not be there, and tells both.
    fn member_faults(&self, ledger: &mut Ledger<'_>) -> (u64, u64) {
        let (mut unread, mut odd) = (0, 0);
        for found in &self.inventory.faults {
            let is_odd = matches!(
                found.kind,
                FaultKind::TrailingBytes { .. }
                    | FaultKind::LeadingBytes { .. }
                    | FaultKind::UnlistedBytes { .. }
            );
            if is_odd {
                odd += 1;
            } else {
                unread += 1;
            }
            let mut told = fault(
                found.kind.code(),
                "integrity",
                format!("{}: {}.", found.member, found.kind),
            );
            told.member = Some(found.member.clone());
            ledger.faults.add(told);
        }
        (unread, odd)
    }

    /// Faults against what was told by another way.
    fn told_faults(&self, ledger: &mut Ledger<'_>, sha256: &str) {
        let request = self.request;
        let mut add = |code: &str, claim: &str, sentence: String, expected: String, found: String| {
            let mut told = fault(code, claim, sentence);
            told.expected = Some(expected);
            told.found = Some(found);
            ledger.faults.add(told);
        };
        if let Some(told) = request
            .expect_sha256
            .as_ref()
            .filter(|told| !told.trim().eq_ignore_ascii_case(sha256))
        {
            let sentence = "The bundle is not the one that the sender named.".to_owned();
            add(
                "bundle_digest_mismatch",
                "integrity",
                sentence,
                told.clone(),
                sha256.to_owned(),
            );
        }
        if let Some(other) = &self.other {
            let expected = self
                .profile
                .map_or_else(String::new, |profile| profile.id.clone());
            let sentence = format!(
                "This source is expected under the profile {expected}; the bundle looks like {other}."
            );
            add("other_profile", "authenticity", sentence, expected, other.clone());
        }
        let heads: Vec<String> = ledger.chains.values().map(|chain| chain.head.clone()).collect();
        let records = ledger.records;
        let shorter: Vec<_> = request
            .remembered
            .iter()
            .filter(|head| {
                ledger
                    .chains
                    .get(&head.chain)
                    .is_some_and(|chain| chain.first_id == head.first_id && chain.records < head.records)
            })
            .cloned()
            .collect();
        let mut add = |code: &str, sentence: String, expected: String, found: String| {
            let mut told = fault(code, "completeness", sentence);
            told.expected = Some(expected);
            told.found = Some(found);
            ledger.faults.add(told);
        };
        for told in request.expect_head.iter().filter(|told| !heads.contains(told)) {
            let sentence = "The trail does not end with the hash you were told.".to_owned();
            add(
                "head_mismatch",
                sentence,
                told.clone(),
                heads.first().cloned().unwrap_or_default(),
            );
        }
        if let Some(told) = request.expect_count.filter(|told| *told != records) {
            let sentence = format!(
                "You were told {} records; {} are here.",
                grouped(told),
                grouped(records)
            );
            add("count_mismatch", sentence, told.to_string(), records.to_string());
        }
        for head in shorter {
            let sentence = format!(
                "An earlier import of this trail ({}) ended at record {}; this one ends at {}.",
                head.imported_at,
                grouped(head.records),
                grouped(records)
            );
            add(
                "rollback",
                sentence,
                head.head.clone(),
                heads.first().cloned().unwrap_or_default(),
            );
        }
    }

    fn keys(&self, ledger: &Ledger<'_>, statements: &Statements) -> Vec<KeyUse> {
        let mut uses = ledger.pinned_uses.clone();
        for stated in statements.all() {
            if let SignedBy::Pinned(key) = stated.signed {
                uses.entry(key).or_default();
            }
        }
        let mut used: Vec<_> = uses.into_iter().collect();
        used.sort_unstable();
        let mut keys: Vec<KeyUse> = used
            .into_iter()
            .filter_map(|(index, records)| {
                let pinned = self.request.trust.keys().get(index)?;
                Some(KeyUse {
                    fingerprint: pinned.key.fingerprint(),
                    algorithm: pinned.key.algorithm().to_string(),
                    kid: pinned.kid.clone(),
                    owner: pinned.owner.clone(),
                    confirmed: pinned.confirmed.clone(),
                    origin: KeyOrigin::Pinned,
                    records,
                })
            })
            .collect();
        let mut carried = ledger.carried_uses.clone();
        for stated in statements.all() {
            if let SignedBy::Unpinned {
                carried: Some(print), ..
            } = &stated.signed
            {
                carried.entry(print.clone()).or_default();
            }
        }
        let algorithm = self
            .profile
            .and_then(|p| p.signatures.first())
            .map_or_else(String::new, |s| s.alg.to_string());
        keys.extend(carried.into_iter().map(|(fingerprint, records)| KeyUse {
            fingerprint,
            algorithm: algorithm.clone(),
            kid: None,
            owner: None,
            confirmed: None,
            origin: KeyOrigin::Carried,
            records,
        }));
        keys
    }

    fn warnings(&self, ledger: &Ledger<'_>) -> Vec<String> {
        let mut warnings = Vec::new();
        let programs = self.inventory.programs();
        if !programs.is_empty() {
            let named: Vec<_> = programs.iter().take(5).copied().collect();
            warnings.push(format!(
                "The bundle carries programs ({}). Tickmark never runs them; a verdict that such a program prints is the sender's own word.",
                named.join(", ")
            ));
        }
        if ledger.ambiguous > 0 {
            warnings.push(format!(
                "{} records hold the format's own delimiter inside a field, so different contents can have the same hash.",
                grouped(ledger.ambiguous)
            ));
        }
        if ledger.chains_capped {
            warnings.push("The bundle names more chains than are followed; the rest was not joined.".into());
        }
        warnings
    }
}

fn choose<'p>(
    container: &Container,
    inventory: &Inventory,
    request: &'p Request,
    all: &[&'p Profile],
) -> Result<(Option<&'p Profile>, Option<Found>, Option<String>), VerifyError> {
    let mut scout = Scout::new(container, inventory, &request.trust, &request.limits);
    let named = match &request.profile {
        ProfileChoice::Detect => None,
        ProfileChoice::Named(profile) | ProfileChoice::Expected(profile) => Some(&**profile),
    };
    let Some(profile) = named else {
        return match scout.recognise(all) {
            Recognised::One(profile, found) => Ok((Some(profile), Some(found), None)),
            Recognised::Several(candidates) => Err(VerifyError::Ambiguous { candidates }),
            Recognised::None(found) => Ok((None, found, None)),
        };
    };
    let other = match (&request.profile, scout.recognise(all)) {
        (ProfileChoice::Expected(expected), Recognised::One(found, _)) if found.id != expected.id => {
            Some(found.id.clone())
        }
        _ => None,
    };
    let nothing = inventory.members.values().all(|held| held.bytes == 0);
    match scout.source(profile, false) {
        Some(found) => Ok((Some(profile), Some(found), other)),
        // an empty file is a trail without records, and that is a finding of its own
        None if nothing => Ok((Some(profile), None, other)),
        None => Ok((Some(profile), fallback(profile, inventory), other)),
    }
}

/// The named profile's members even though they do not look like it: what cannot be read there becomes faults.
fn fallback(profile: &Profile, inventory: &Inventory) -> Option<Found> {
    profile.source.iter().find_map(|source| {
        let members: Vec<String> = match &source.file {
            Some(pattern) => inventory
                .fitting(pattern)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            None => inventory.order.iter().take(1).cloned().collect(),
        };
        (!members.is_empty()).then(|| Found {
            members,
            kind: source.kind,
            at: source.at.clone(),
            partition: source.partition.clone(),
        })
    })
}

fn open(received: Received, request: &Request) -> Result<Container, VerifyError> {
    let unlock: Option<Arc<dyn Unlock>> = if request.openers.is_empty() {
        None
    } else {
        Some(Arc::new(Openers {
            openers: Arc::clone(&request.openers),
        }))
    };
    Ok(Container::open(received, request.limits.clone(), unlock)?)
}

struct Openers {
    openers: Arc<[Opener]>,
}

impl Unlock for Openers {
    fn unlock(&self, sealed: Box<dyn ReadSeek + Send>) -> Result<Box<dyn ReadSeek + Send>, UnlockError> {
        match sealed::open_stream(Box::new(sealed), &self.openers) {
            Ok(open) => Ok(Box::new(open)),
            Err(error) => Err(refusal(error)),
        }
    }
}

fn refusal(error: SealError) -> UnlockError {
    match error {
        SealError::WrongSecret | SealError::NeedsPassphrase | SealError::NeedsIdentity => {
            UnlockError::NoKeyFits
        }
        SealError::Io { kind } => UnlockError::Read(kind.into()),
        SealError::ExcessiveWork { .. } => UnlockError::TooCostly {
            limit: tickmark_crypto::sealed::WORK_FACTOR_LIMIT,
        },
        _ => UnlockError::Damaged,
    }
}

/// The digest of what was received: of a file its SHA-256, of a folder the SHA-256 of the lines `hex SP SP name LF`.
fn whole_digest(received: &Received) -> impl Fn() -> Option<String> + use<> {
    enum Whole {
        File(Arc<dyn Origin>),
        Folder(Vec<Arc<dyn Origin>>),
    }
    let whole = match received {
        Received::File(origin) => Whole::File(Arc::clone(origin)),
        Received::Folder { files, .. } => {
            let mut files = files.clone();
            files.sort_by(|a, b| a.name().cmp(b.name()));
            Whole::Folder(files)
        }
    };
    move || match &whole {
        Whole::File(origin) => file_digest(&**origin),
        Whole::Folder(files) => {
            let mut hasher = Hasher::new(Algorithm::Sha256);
            for file in files {
                hasher.update(format!("{}  {}\n", file_digest(&**file)?, file.name()).as_bytes());
            }
            Some(hasher.finish().hex())
        }
    }
}

fn file_digest(origin: &dyn Origin) -> Option<String> {
    let mut reader = origin.open().ok()?;
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = reader.read(&mut buffer).ok()?;
        match buffer.get(..read).filter(|part| !part.is_empty()) {
            Some(part) => hasher.update(part),
            None => return Some(hasher.finish().hex()),
        }
    }
}

const TELL_EVERY: u64 = 4_096;
