//! Joins examined records into chains, in source order, and keeps count of everything that a claim needs.

mod chain;
mod identity;
mod leaves;
mod recall;
mod signature;
mod site;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::examine::{Examined, HashSeen, SignatureSeen};
use crate::fault::{Faults, fault};
use crate::moment::Span;
use crate::profile::{Profile, Target};
use crate::request::Request;
use crate::stream::{Place, Stray, StrayKind};
use crate::trust::Trust;
use crate::verification::{ChainHead, Fault};

use leaves::Leaves;
use recall::Recall;
use site::Site;

pub(crate) use chain::Chain;
pub(crate) use identity::{Identities, Repeats};
pub(crate) use recall::{Standing, Track};
pub(crate) use signature::SignatureTally;

/// How often something passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    pub fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }
}

/// Everything that was counted.
pub(crate) struct Ledger<'p> {
    pub faults: Faults,
    pub records: u64,
    /// Records that were held against a hash, a link or a signature.
    pub checked: u64,
    /// Records with a signature that verifies under any key.
    pub signed: u64,
    pub parsed: Tally,
    /// Records that are here and were not read: over a limit.
    pub skipped: u64,
    /// Members of which the rest could not be read.
    pub broken_off: u64,
    /// Bytes that belong to nothing in the container.
    pub odd: u64,
    /// Members that begin with a byte order mark.
    pub marked: u64,
    /// Records of which nothing can be said because the one before could not be read.
    pub open: u64,
    /// Records that neither a hash, nor a link, nor a checked signature reaches.
    pub unreached: u64,
    pub hashes: Tally,
    pub field_hashes: Tally,
    pub links: Tally,
    pub sequence: Tally,
    pub sequence_gaps: u64,
    pub signatures: Vec<SignatureTally>,
    pub pinned_uses: HashMap<usize, u64>,
    pub carried_uses: BTreeMap<String, u64>,
    /// Keys beside the records that are not among those that signed.
    pub foreign_keys: u64,
    pub chains: BTreeMap<Option<String>, Chain>,
    /// Whether there are more chains than are followed.
    pub chains_capped: bool,
    pub after_end: u64,
    /// Records that begin a trail of their own after another.
    pub restarts: u64,
    pub ambiguous: u64,
    /// Records that are identical to an earlier one.
    pub repeated: u64,
    /// How often the head of an earlier import was met and missed.
    pub remembered: Tally,
    pub leaves: Leaves,
    /// When the records say that they were made; only where some pinned key has a period.
    pub span: Span,
    profile: Option<&'p Profile>,
    members: Vec<Arc<str>>,
    recall: Recall<'p>,
    trust: &'p Trust,
    /// Whether somebody asks which of identical records one is.
    takes_ids: bool,
    identities: Identities,
    repeats: Repeats,
    /// Container faults that were told while reading.
    told: BTreeSet<(String, &'static str)>,
    /// Records whose place in the order could not be read: as many may seem to be missing anywhere.
    unplaced: u64,
}

/// What joining one record gave.
pub(crate) struct Joined {
    pub position: u64,
    pub occurrence: u64,
    pub faults: Vec<Fault>,
    pub signed: bool,
}

impl<'p> Ledger<'p> {
    pub fn new(profile: Option<&'p Profile>, members: &[String], request: &'p Request) -> Self {
        Ledger {
            faults: Faults::new(request.fault_cap),
            records: 0,
            checked: 0,
            signed: 0,
            parsed: Tally::default(),
            skipped: 0,
            broken_off: 0,
            odd: 0,
            marked: 0,
            open: 0,
            unreached: 0,
            hashes: Tally::default(),
            field_hashes: Tally::default(),
            links: Tally::default(),
            sequence: Tally::default(),
            sequence_gaps: 0,
            signatures: profile
                .map_or_else(Vec::new, |p| vec![SignatureTally::default(); p.signatures.len()]),
            pinned_uses: HashMap::new(),
            carried_uses: BTreeMap::new(),
            foreign_keys: 0,
            chains: BTreeMap::new(),
            chains_capped: false,
            after_end: 0,
            restarts: 0,
            ambiguous: 0,
            repeated: 0,
            remembered: Tally::default(),
            leaves: Leaves::new(profile),
            span: Span::default(),
            profile,
            members: members.iter().map(|name| name.as_str().into()).collect(),
            recall: Recall::new(request, profile),
            trust: &request.trust,
            takes_ids: false,
            identities: Identities::default(),
            repeats: Repeats::default(),
            told: BTreeSet::new(),
            unplaced: 0,
        }
    }

    /// Whether records may say the same as an earlier one without being counted.
    pub fn repeats_are_cut(&self) -> bool {
        self.repeats.is_cut
    }

    /// Tells each record which of the identical ones it is.
    pub fn number_identical(&mut self) {
        self.takes_ids = true;
    }

    /// Records are put in order, and of this many the place in it cannot be read.
    pub fn expect_unplaced(&mut self, count: u64) {
        self.unplaced = self.unplaced.saturating_add(count);
    }

    /// Whether every record that is here was read, so that their number and the last of them are known.
    pub fn extent_is_known(&self) -> bool {
        self.skipped == 0 && self.broken_off == 0 && !self.chains_capped
    }

    /// Something that gave no record.
    pub fn stray(&mut self, stray: &Stray) {
        match stray.kind {
            // told as a warning: no record is less whole for it
            StrayKind::Mark => {
                self.marked += 1;
                return;
            }
            StrayKind::Skipped => self.skipped += 1,
            StrayKind::RestUnknown => self.broken_off += 1,
            StrayKind::NoRecord => self.parsed.failed += 1,
            StrayKind::Odd => self.odd += 1,
        }
        if stray.kind != StrayKind::Odd {
            self.lose_place();
        }
        let member = self.members.get(stray.member as usize).map(ToString::to_string);
        let rest = match stray.kind {
            StrayKind::Skipped => " It was not judged; the rest was.",
            StrayKind::RestUnknown => " What was read before was judged.",
            StrayKind::NoRecord | StrayKind::Odd | StrayKind::Mark => "",
        };
        let sentence = match &member {
            Some(member) => format!("{member}: {}.{rest}", stray.found),
            None => format!("{}.{rest}", stray.found),
        };
        let mut told = fault(stray.code, "integrity", sentence);
        told.line = stray.line;
        told.found = Some(stray.found.clone());
        told.member.clone_from(&member);
        self.faults.add(told);
        self.told.insert((member.unwrap_or_default(), stray.code));
    }

    /// Whether a container's fault was told while reading.
    pub fn was_told(&self, member: &str, code: &'static str) -> bool {
        self.told.contains(&(member.to_owned(), code))
    }

    /// Takes the next record in source order.
    pub fn join(&mut self, seen: &Examined, place: &Place, bytes: &[u8]) -> Joined {
        let joined = self.judge_at(seen, place, bytes, self.records + 1);
        self.enter(&joined);
        joined
    }

    /// Lists the faults of a record that was judged.
    pub fn enter(&mut self, joined: &Joined) {
        for fault in &joined.faults {
            self.faults.add(fault.clone());
        }
    }

    /// Takes the next record in the order of judging, which stands at `position` in source order. Its faults are listed
    /// by [`Ledger::enter`].
    pub fn judge_at(&mut self, seen: &Examined, place: &Place, bytes: &[u8], position: u64) -> Joined {
        self.records += 1;
        let is_repeated = seen
            .sameness
            .is_some_and(|sameness| self.repeats.is_one(sameness));
        self.repeated += u64::from(is_repeated);
        let occurrence = match &seen.id {
            Some(id) if self.takes_ids => self.identities.count(id),
            _ => 1,
        };
        let member = self.members.get(place.member as usize).cloned();
        let mut at = Site::new(seen, bytes, position, place.line, member);
        match (&seen.unreadable, self.profile) {
            (Some(_), _) => self.unreadable(&mut at),
            (None, Some(_)) if seen.is_no_object => self.no_object(&mut at),
            (None, None) => self.parsed.passed += 1,
            (None, Some(profile)) => self.judge(profile, &mut at),
        }
        let signed = seen.signatures.iter().any(SignatureSeen::verifies);
        self.signed += u64::from(signed);
        Joined {
            position,
            occurrence,
            faults: at.found,
            signed,
        }
    }

    /// The heads to remember.
    pub fn heads(&self) -> Vec<ChainHead> {
        self.chains
            .iter()
            .map(|(chain, state)| state.to_remember(chain.clone()))
            .collect()
    }

    fn unreadable(&mut self, at: &mut Site<'_>) {
        let Some(error) = &at.seen.unreadable else { return };
        let is_limit = error.is_limit();
        let (code, field) = match error.repeated() {
            Some(pointer) => ("duplicate_member", Some(pointer.to_string())),
            None if is_limit => ("limit_record", None),
            None => (error.code(), None),
        };
        if is_limit {
            self.skipped += 1;
        } else {
            self.parsed.failed += 1;
        }
        let sentence = match (code, &field) {
            ("duplicate_member", Some(field)) => format!(
                "Record {} names the member {field} twice, so it can be read in two ways.",
                at.position
            ),
            ("limit_record", _) => format!("Record {} was not judged: {error}.", at.position),
            _ => format!("Record {} cannot be read: {error}.", at.position),
        };
        let found = error.to_string();
        let told = fault(code, "integrity", sentence);
        at.add(told, field.as_deref(), None, Some(&found));
        self.lose_place();
        self.count_unread_record(&at.id());
    }

    fn no_object(&mut self, at: &mut Site<'_>) {
        self.parsed.failed += 1;
        let sentence = format!(
            "Record {} is no record of this format: it is no JSON object.",
            at.position
        );
        at.add(fault("not_a_record", "integrity", sentence), None, None, None);
        self.lose_place();
        self.count_unread_record(&at.id());
    }

    /// Whether the record has what every record of its format has.
    fn judge_form(&mut self, profile: &Profile, at: &mut Site<'_>, content: Content) {
        let n = at.position;
        if let Some((pointer, expected, found)) = at.seen.unfit.as_deref() {
            self.parsed.failed += 1;
            let sentence = format!("Record {n} is no record of this format: {pointer} is not “{expected}”.");
            let told = fault("not_a_record", "integrity", sentence);
            let found = found.as_deref().unwrap_or("nothing");
            at.add(told, Some(pointer), Some(expected), Some(found));
        } else if let Some((field, why)) =
            unsignable(profile, at.seen).filter(|_| content != Content::Differs)
        {
            self.parsed.failed += 1;
            let sentence = format!("Record {n} is no record of this format: {why}.");
            at.add(
                fault("not_a_record", "integrity", sentence),
                Some(field),
                None,
                None,
            );
        } else {
            self.parsed.passed += 1;
        }
    }

    fn judge(&mut self, profile: &Profile, at: &mut Site<'_>) {
        let content = self.judge_hashes(profile, at);
        self.judge_form(profile, at, content);
        let is_reached = self.is_reached(profile, at.seen);
        self.judge_place(profile, at, content, is_reached);
        self.judge_signatures(profile, at, content);
        self.leaves.push(profile, at.seen);
        if profile.time.is_some() && self.trust.has_periods() {
            self.span.note(at.seen.moment);
        }
        self.ambiguous += u64::from(at.seen.ambiguous);
        let seen = at.seen;
        let is_checked = seen
            .hash
            .iter()
            .chain(&seen.checks)
            .any(|hash| hash.stated && !hash.is_open())
            || seen.signatures.iter().any(SignatureSeen::is_tried)
            || names_by_digest(profile);
        self.checked += u64::from(is_checked);
    }

    /// Whether the record's own hashes hold.
    fn judge_hashes(&mut self, profile: &Profile, at: &mut Site<'_>) -> Content {
        let seen = at.seen;
        let mut content = Content::Holds;
        if let (Some(spec), Some(hash)) = (&profile.hash, &seen.hash)
            && hash.stated
        {
            if hash.is_open() {
                self.open += 1;
                return Content::Open;
            }
            let matches = hash.matches();
            self.hashes.count(matches);
            if !matches {
                content = Content::Differs;
                let what = "The content does not match its recorded hash.";
                at.add_hash("hash_mismatch", what, spec.field.as_deref(), hash);
            }
        }
        let stated = profile
            .checks
            .iter()
            .zip(&seen.checks)
            .filter(|(_, check)| check.stated);
        for (spec, check) in stated {
            if check.is_open() {
                self.open += 1;
                continue;
            }
            let matches = check.matches();
            self.field_hashes.count(matches);
            // a broken record hash explains a broken hash of the same record
            if !matches && content == Content::Holds {
                let what = "A part of it does not match its recorded hash.";
                at.add_hash("field_hash_mismatch", what, Some(&spec.field), check);
            }
            if !matches {
                content = Content::Differs;
            }
        }
        content
    }

    /// Whether a hash of its own or a signature that verifies reaches the record.
    fn is_reached(&self, profile: &Profile, seen: &Examined) -> bool {
        let own = seen.hash.iter().chain(&seen.checks);
        let has_hash = own
            .filter(|hash| hash.stated && !hash.is_open())
            .any(HashSeen::matches);
        has_hash || (!profile.signatures.is_empty() && seen.signatures.iter().any(SignatureSeen::verifies))
    }
}

/// Whether a record's own hashes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Holds,
    Differs,
    /// The record before could not be read, and its value enters the hash.
    Open,
}

/// The signature of a record that lacks what it would sign, and why. Nobody can have signed that.
fn unsignable<'s>(profile: &'s Profile, seen: &'s Examined) -> Option<(&'s str, &'s str)> {
    let mut signatures = profile.signatures.iter().zip(&seen.signatures);
    signatures.find_map(|(spec, found)| match found {
        SignatureSeen::Unbuildable(why) => Some((spec.field.as_str(), why.as_str())),
        _ => None,
    })
}

/// Whether a record is named by a digest that it does not carry itself, so that the next record reaches it.
fn names_by_digest(profile: &Profile) -> bool {
    profile
        .link
        .as_ref()
        .is_some_and(|link| matches!(link.target, Target::Preimage(_)))
}
