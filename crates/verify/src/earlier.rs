//! What earlier imports of the same trail, or of the same source, say about this bundle (design, section 4; decision 9).
//!
//! A head is held against a chain only where a record shows that the two are one trail. Where nothing shows it, source,
//! profile and chain alone decide only for a recorder that keeps one chain for ever (`link.lasting`).

use crate::fault::fault;
use crate::ledger::{Chain, Ledger, Standing, Track};
use crate::phrase::{grouped, records, stated_time};
use crate::profile::Profile;
use crate::request::{RememberedHead, Request};
use crate::verification::{Continuity, HeadSeen, Relation};

/// What earlier imports held, against what is here.
#[derive(Debug, Default)]
pub(crate) struct Earlier<'r> {
    /// Earlier imports that a record here belongs to.
    pub known: u64,
    /// Of these, those that were met at their head.
    pub met: u64,
    /// Those that held more records than are here, or another record at that place.
    pub contradicted: u64,
    /// Chains of the same imports that are not here.
    pub absent: u64,
    /// Earlier imports of the same source and chain of which no record is here.
    pub apart: u64,
    /// The import since which the trail is continuous.
    pub since: Option<&'r str>,
    /// One entry a chain.
    pub continuity: Vec<Continuity>,
}

impl<'r> Earlier<'r> {
    /// Holds what is remembered against the chains; what contradicts becomes a fault.
    pub fn hold(request: &'r Request, profile: Option<&Profile>, ledger: &mut Ledger<'_>) -> Earlier<'r> {
        let mut earlier = Earlier::default();
        if request.remembered.is_empty() {
            return earlier;
        }
        let extent_is_known = ledger.extent_is_known();
        let mut faults = Vec::new();
        for (name, chain) in &ledger.chains {
            let view = ChainView {
                name: name.as_deref(),
                chain,
                // where a record could not be placed or read, a missing one says nothing
                is_whole: extent_is_known && !chain.is_unsure,
            };
            let told = view.tracked(request).or_else(|| view.apart(request, profile));
            let Some(told) = told else { continue };
            earlier.count(&view, request, &told);
            // a fork was told at its record
            if let (Some(code), false) = (told.relation.code(), told.is_at_record) {
                let told_fault = fault(code, "completeness", told.sentence.clone());
                let found = chain.head.clone().unwrap_or_default();
                faults.push(told_fault.between(&told.head.head, &found));
            }
            earlier.continuity.push(view.entry(&told));
        }
        earlier.contradicted += faults.len() as u64 + ledger.remembered.failed;
        faults.into_iter().for_each(|fault| ledger.faults.add(fault));
        earlier.add_absent(request, ledger);
        earlier
    }

    fn count(&mut self, view: &ChainView<'_>, request: &'r Request, told: &Told<'r>) {
        let met = |track: &&Track| track.standing == Standing::Met;
        self.known += view.chain.tracks.len() as u64;
        self.met += view.chain.tracks.iter().filter(met).count() as u64;
        self.apart += u64::from(view.chain.tracks.is_empty());
        if let (Relation::Extends | Relation::Equal, Some(since)) = (told.relation, told.since) {
            // remembered heads come oldest first
            let place = |at: &str| request.remembered.iter().position(|head| head.imported_at == at);
            self.since = match self.since {
                Some(other) if place(other) <= place(since) => Some(other),
                _ => Some(since),
            };
        }
    }

    /// Chains that came with an import of which another chain is here.
    fn add_absent(&mut self, request: &'r Request, ledger: &Ledger<'_>) {
        let of_import = |track: &Track| request.remembered.get(track.head).map(RememberedHead::import_key);
        let shown: std::collections::BTreeSet<_> = ledger
            .chains
            .values()
            .flat_map(|chain| chain.tracks.iter().filter_map(of_import))
            .collect();
        for head in &request.remembered {
            if ledger.chains.contains_key(&head.chain) || !shown.contains(head.import_key()) {
                continue;
            }
            self.absent += 1;
            self.continuity.push(Continuity {
                chain: head.chain.clone(),
                relation: Relation::Unknown,
                earlier: head.seen(),
                here: HeadSeen::default(),
                due: None,
                found: None,
                since: None,
                sentence: format!(
                    "The import of {} held this chain with {}; it is not here.",
                    stated_time(&head.imported_at),
                    records(head.records)
                ),
            });
        }
    }
}

/// One chain, as it is held against the past.
struct ChainView<'c> {
    name: Option<&'c str>,
    chain: &'c Chain,
    is_whole: bool,
}

/// The earlier import that decides about a chain.
struct Told<'r> {
    relation: Relation,
    head: &'r RememberedHead,
    due: Option<u64>,
    found: Option<String>,
    since: Option<&'r str>,
    sentence: String,
    is_at_record: bool,
}

impl ChainView<'_> {
    /// The deciding one of the imports that a record here belongs to: a contradiction before an open question, and that
    /// before what was met; of several the latest.
    fn tracked<'r>(&self, request: &'r Request) -> Option<Told<'r>> {
        let tracks = &self.chain.tracks;
        let worst = tracks
            .iter()
            .max_by_key(|track| (self.weight(track), track.head))?;
        let head = request.remembered.get(worst.head)?;
        let oldest = tracks.iter().map(|track| track.head).min();
        let since = oldest.and_then(|index| request.remembered.get(index));
        let since = since.map(|head| head.imported_at.as_str());
        let relation = self.relation(worst);
        let (there, here) = (grouped(head.records), grouped(self.chain.records));
        let at = stated_time(&head.imported_at);
        let continuous = since.map_or_else(|| at.clone(), stated_time);
        let found = match &worst.standing {
            Standing::Differs(found) => found.clone(),
            Standing::Awaited | Standing::Met => None,
        };
        let sentence = match relation {
            Relation::Forks => fork_sentence(worst.due, &head.imported_at),
            // what is not here at the beginning is told too, so that the two ends can be compared
            Relation::Shorter if worst.due < head.records => format!(
                "An earlier import of this trail ({at}) ended at its record {there}; this one begins at its record {} and ends at {}.",
                grouped(head.records - worst.due + 1),
                grouped(head.records - worst.due + self.chain.records)
            ),
            Relation::Shorter => {
                format!(
                    "An earlier import of this trail ({at}) ended at record {there}; this one ends at {here}."
                )
            }
            Relation::Extends => format!(
                "It extends the import of {at}, which ended at record {there}; continuous since {continuous}."
            ),
            Relation::Equal => format!(
                "It ends where the import of {at} ended, at record {there}; continuous since {continuous}."
            ),
            Relation::Unknown => format!(
                "The place where the import of {at} ended, its record {there}, could not be read or compared here."
            ),
        };
        Some(Told {
            relation,
            head,
            due: Some(worst.due).filter(|due| *due > 0),
            found,
            since: since.filter(|_| matches!(relation, Relation::Extends | Relation::Equal)),
            sentence,
            is_at_record: relation == Relation::Forks,
        })
    }

    fn relation(&self, track: &Track) -> Relation {
        match track.standing {
            Standing::Differs(_) => Relation::Forks,
            Standing::Met if track.due == self.chain.records => Relation::Equal,
            Standing::Met => Relation::Extends,
            Standing::Awaited if self.is_whole && self.chain.records < track.due => Relation::Shorter,
            Standing::Awaited => Relation::Unknown,
        }
    }

    fn weight(&self, track: &Track) -> u8 {
        match self.relation(track) {
            Relation::Forks => 3,
            Relation::Shorter => 2,
            Relation::Unknown => 1,
            Relation::Extends | Relation::Equal => 0,
        }
    }

    /// The latest import of the same source, profile and chain, where no record shows whether it is this trail.
    fn apart<'r>(&self, request: &'r Request, profile: Option<&Profile>) -> Option<Told<'r>> {
        let profile = profile?;
        let is_of_source = |head: &&RememberedHead| {
            head.same_source
                && head.chain.as_deref() == self.name
                && head.profile.as_deref() == Some(profile.id.as_str())
        };
        let of_source = || request.remembered.iter().rev().filter(is_of_source);
        let lasting = profile.link.as_ref().is_some_and(|link| link.lasting);
        let missed = of_source().find(|head| lasting && self.is_whole && self.must_hold(head));
        let contradicts = missed.is_some();
        let head = missed.or_else(|| of_source().next())?;
        let (at, there) = (stated_time(&head.imported_at), grouped(head.records));
        let sentence = if contradicts {
            format!(
                "It does not continue the earlier import: the recorder keeps one chain, the import of {at} ended at its record \
                 {there}, and that end is not here."
            )
        } else {
            format!(
                "It does not continue the earlier import: that of {at} ended at record {there}, and no record of it is here. \
                 Whether it is the same trail is not shown."
            )
        };
        Some(Told {
            relation: if contradicts {
                Relation::Forks
            } else {
                Relation::Unknown
            },
            head,
            due: None,
            found: None,
            since: None,
            sentence,
            is_at_record: false,
        })
    }

    /// Whether the one chain of a source would have to show that end here: by its own numbers, or because it begins at
    /// the beginning.
    fn must_hold(&self, head: &RememberedHead) -> bool {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u64>().ok());
        let chain = self.chain;
        let here = (number(&chain.first_seq), number(&chain.last_seq));
        let there = (number(&head.first_seq), number(&head.last_seq));
        match (here, there) {
            // parts of one chain with other records between them, or one before the other
            ((Some(first), Some(last)), (Some(head_first), Some(head_last))) => {
                first <= head_last.saturating_add(1) && last >= head_first
            }
            _ => chain.starts_at_genesis,
        }
    }

    fn entry(&self, told: &Told<'_>) -> Continuity {
        Continuity {
            chain: self.name.map(str::to_owned),
            relation: told.relation,
            earlier: told.head.seen(),
            here: HeadSeen {
                import: None,
                at: None,
                records: self.chain.records,
                head: self.chain.head.clone().unwrap_or_default(),
            },
            due: told.due,
            found: told.found.clone(),
            since: told.since.map(str::to_owned),
            sentence: told.sentence.clone(),
        }
    }
}

impl Relation {
    /// The fault that it is told as.
    fn code(self) -> Option<&'static str> {
        match self {
            Relation::Shorter => Some("rollback"),
            Relation::Forks => Some("fork"),
            Relation::Extends | Relation::Equal | Relation::Unknown => None,
        }
    }
}

/// The sentence of a fork, at its record and in the chain's entry.
pub(crate) fn fork_sentence(record: u64, imported_at: &str) -> String {
    format!(
        "At record {} this trail differs from the import of {}: the two are forks of one trail.",
        grouped(record),
        stated_time(imported_at)
    )
}
