//! Chains: whether each record follows the one before it, in its link and in its own number.

use tickmark_crypto::encoding::hex;

use super::recall::{Standing, Track};
use super::site::Site;
use super::{Content, Ledger, names_by_digest};
use crate::earlier::fork_sentence;
use crate::examine::{Computed, Examined, HashSeen, PrevSeen, target_encoding};
use crate::fault::fault;
use crate::profile::{Gaps, Link, Profile, Seq, Target};
use crate::verification::ChainHead;

/// One chain, as far as it was joined.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub records: u64,
    /// Whether the first record has the value of a first record.
    pub starts_at_genesis: bool,
    /// The earlier import whose head the first record names.
    pub continues: Option<String>,
    pub first_id: String,
    pub first_seq: Option<String>,
    pub last_seq: Option<String>,
    /// What a next record would have to name; of an unlinked trail the last record's id. `None` where the last record
    /// could not be read.
    pub head: Option<String>,
    pub ended: bool,
    /// Earlier imports that this chain shows.
    pub tracks: Vec<Track>,
    /// The last position at which an earlier import's head was met.
    pub met: Option<u64>,
    /// Whether only a next record could reach the last one.
    pub end_is_unreached: bool,
    /// Whether records may be missing from the count, because one could not be placed.
    pub is_unsure: bool,
    due: Due,
    number: Option<i128>,
}

/// What the next record of a chain has to name.
#[derive(Debug, Default)]
enum Due {
    /// The record before could not be read, or names nothing.
    #[default]
    Unknown,
    /// This; or, where the recorded hash does not match, also the computed one: then the recorded one was changed.
    Named {
        recorded: String,
        computed: Option<String>,
    },
}

impl Due {
    /// Takes what a record is named by; the text is kept where the last one stood.
    fn become_named(&mut self, target: Option<&str>, other: Option<String>) {
        match (&mut *self, target) {
            (Due::Named { recorded, computed }, Some(target)) => {
                recorded.clear();
                recorded.push_str(target);
                *computed = other;
            }
            (_, Some(target)) => {
                *self = Due::Named {
                    recorded: target.to_owned(),
                    computed: other,
                };
            }
            (_, None) => *self = Due::Unknown,
        }
    }

    /// Whether a link names it, in any spelling that the profile knows.
    fn is_named_by(&self, profile: &Profile, prev: &PrevSeen) -> bool {
        let (Due::Named { recorded, computed }, PrevSeen::Text(prev)) = (self, prev) else {
            return false;
        };
        let also = profile.link.as_ref().map_or(&[][..], |link| &link.also);
        let own = target_encoding(profile);
        let is_same = |text: &String| {
            text == prev
                || own.and_then(|own| own.read(text)).is_some_and(|bytes| {
                    also.iter()
                        .any(|encoding| encoding.read(prev).as_ref() == Some(&bytes))
                })
        };
        is_same(recorded) || computed.as_ref().is_some_and(is_same)
    }
}

impl Chain {
    /// Whether the chain is here from its beginning, or from the end of an earlier import.
    pub fn starts(&self) -> bool {
        self.starts_at_genesis || self.continues.is_some()
    }

    pub fn to_remember(&self, chain: Option<String>) -> ChainHead {
        ChainHead {
            chain,
            records: self.records,
            starts_at_genesis: self.starts_at_genesis,
            first_seq: self.first_seq.clone(),
            last_seq: self.last_seq.clone(),
            head: self.head.clone().unwrap_or_default(),
        }
    }

    fn lose_place(&mut self) {
        self.due = Due::Unknown;
        self.number = None;
    }
}

impl Ledger<'_> {
    /// A record could not be read: what comes next cannot be held against it.
    pub(super) fn lose_place(&mut self) {
        let is_partitioned = self.is_partitioned();
        for chain in self.chains.values_mut() {
            chain.lose_place();
            chain.is_unsure |= is_partitioned;
        }
    }

    /// Counts a record that could not be read to the one chain to which it must belong.
    pub(super) fn count_unread_record(&mut self, id: &[u8; 32]) {
        if self.profile.is_none() || self.is_partitioned() {
            return;
        }
        let chain = self.chains.entry(None).or_default();
        if chain.records == 0 {
            chain.first_id = hex(id);
            chain.tracks = self.recall.at_start(None, id, None);
        }
        chain.records += 1;
        chain.head = None;
    }

    pub(super) fn judge_place(
        &mut self,
        profile: &Profile,
        at: &mut Site<'_>,
        content: Content,
        is_reached: bool,
    ) {
        let seen = at.seen;
        if !self.chains.contains_key(&seen.chain) && self.chains.len() >= MOST_CHAINS {
            self.chains_capped = true;
            return;
        }
        let chain = self.chains.get_mut(&seen.chain);
        let mut chain = chain.map(std::mem::take).unwrap_or_default();
        let is_first = chain.records == 0;
        chain.records += 1;
        self.judge_end(&chain, at);
        if !is_first && self.unplaced > 0 && breaks(profile, &chain, seen) {
            // what seems to be missing here may be a record whose place could not be read
            self.unplaced -= u64::from(self.unplaced < u64::MAX);
            chain.lose_place();
        }
        let follows = if is_first {
            self.begin(profile, &mut chain, at);
            None
        } else {
            self.judge_link(profile, &chain, at, content)
        };
        self.judge_number(profile, &mut chain, at, content, follows);
        // the record before was to be reached by this one
        self.unreached += u64::from(chain.end_is_unreached && follows.is_none());
        chain.end_is_unreached = !is_reached && names_by_digest(profile);
        self.unreached += u64::from(!is_reached && !names_by_digest(profile));
        self.advance(profile, &mut chain, at, content);
        self.recall(&mut chain, at);
        match self.chains.get_mut(&seen.chain) {
            Some(place) => *place = chain,
            None => {
                self.chains.insert(seen.chain.clone(), chain);
            }
        }
    }

    fn is_partitioned(&self) -> bool {
        let sources = self.profile.iter().flat_map(|profile| &profile.source);
        sources.into_iter().any(|source| source.partition.is_some())
    }

    fn judge_end(&mut self, chain: &Chain, at: &mut Site<'_>) {
        if !chain.ended {
            return;
        }
        self.after_end += 1;
        let sentence = format!(
            "Record {} stands after the record that closes the trail.",
            at.position
        );
        at.add(
            fault("record_after_end", "completeness", sentence),
            None,
            None,
            None,
        );
    }

    /// Looks whether a chain's first record is a first record.
    fn begin(&self, profile: &Profile, chain: &mut Chain, at: &Site<'_>) {
        let seen = at.seen;
        let number_starts = |seq: &Seq| {
            (seq.optional && seen.seq.is_none()) || number(seen.seq.as_deref()) == Some(i128::from(seq.start))
        };
        let link_starts = |link: &Link| match &seen.prev {
            // the genesis value enters the hash
            PrevSeen::NoField => seen.hash.as_ref().is_some_and(HashSeen::matches),
            _ => is_first_value(link, seen),
        };
        chain.starts_at_genesis = match (&profile.link, &profile.seq) {
            (Some(link), Some(seq)) if seq.gaps == Gaps::Fail => link_starts(link) && number_starts(seq),
            (Some(link), _) => link_starts(link),
            (None, Some(seq)) => number_starts(seq),
            (None, None) => false,
        };
        let prev = match &seen.prev {
            PrevSeen::Text(prev) => Some(prev.as_str()),
            _ => None,
        };
        chain.tracks = self.recall.at_start(seen.chain.as_deref(), &at.id(), prev);
        let named = chain.tracks.iter().find(|track| track.due == 0);
        let named = named.and_then(|track| self.recall.head(track));
        chain.continues = named.map(|head| head.imported_at.clone());
        chain.first_id = hex(&at.id());
        chain.first_seq.clone_from(&seen.seq);
    }

    /// Whether the record follows the one before it; `None` where that cannot be said.
    fn judge_link(
        &mut self,
        profile: &Profile,
        chain: &Chain,
        at: &mut Site<'_>,
        content: Content,
    ) -> Option<bool> {
        let link = profile.link.as_ref()?;
        let seen = at.seen;
        let prev = &seen.prev;
        let Due::Named { recorded, .. } = &chain.due else {
            // what was not known for the record before counts as open for this one
            self.open += u64::from(*prev != PrevSeen::NoField);
            return None;
        };
        // the link itself may be what differs, and the record's hash tells that already
        if *prev == PrevSeen::NoField || content == Content::Differs {
            return None;
        }
        let follows = chain.due.is_named_by(profile, prev);
        if !follows && link.restarts && is_first_value(link, seen) {
            self.restarts += 1;
            return None;
        }
        self.links.count(follows);
        if !follows {
            let sentence = format!("Record {} does not follow the record before it.", at.position);
            let (expected, found) = (recorded.clone(), prev.shown());
            let told = fault("link_mismatch", "integrity", sentence);
            at.add(told, link.field.as_deref(), Some(&expected), Some(&found));
        }
        Some(follows)
    }

    fn judge_number(
        &mut self,
        profile: &Profile,
        chain: &mut Chain,
        at: &mut Site<'_>,
        content: Content,
        follows: Option<bool>,
    ) {
        let Some(seq) = &profile.seq else { return };
        let due = due_number(seq, chain);
        // the number itself may be what differs, and the record's hash tells that already
        if content == Content::Differs {
            chain.number = due;
            return;
        }
        let found = number(at.seen.seq.as_deref());
        match (found, chain.number) {
            (None, _) if seq.optional && at.seen.seq.is_none() => {}
            (None, _) => {
                self.sequence.failed += 1;
                let sentence = format!("Record {} has no number of its own.", at.position);
                let told = fault("sequence_missing", "completeness", sentence);
                let found = at.seen.seq.clone();
                at.add(told, Some(&seq.field), Some("a whole number"), found.as_deref());
            }
            (Some(own), Some(last)) if Some(own) != due => {
                self.sequence.failed += 1;
                self.sequence_gaps += 1;
                // a broken link at the same record tells it already
                if follows != Some(false) && seq.gaps == Gaps::Fail {
                    let expected = last.saturating_add(i128::from(seq.step)).to_string();
                    let sentence = format!(
                        "Record {} has the number {own}; {expected} was expected.",
                        at.position
                    );
                    let told = fault("sequence_gap", "completeness", sentence);
                    at.add(told, Some(&seq.field), Some(&expected), Some(&own.to_string()));
                }
            }
            _ => self.sequence.passed += 1,
        }
        chain.number = found.or(due);
    }

    /// Sets what the next record has to name.
    fn advance(&mut self, profile: &Profile, chain: &mut Chain, at: &mut Site<'_>, content: Content) {
        let seen = at.seen;
        chain.last_seq.clone_from(&seen.seq);
        chain.ended |= seen.terminal;
        let is_by_hash = profile
            .link
            .as_ref()
            .is_some_and(|link| matches!(link.target, Target::Hash));
        let hash = seen.hash.as_ref();
        let differs = hash.filter(|_| is_by_hash && content == Content::Differs);
        let computed = differs.and_then(|hash| match &hash.computed {
            Computed::Other(text) => Some(text.clone()),
            Computed::Recorded | Computed::Nothing(_) => None,
        });
        chain.due.become_named(seen.target(), computed);
        match (&profile.link, seen.target()) {
            (None, _) => chain.head = Some(hex(&at.id())),
            (Some(_), None) => chain.head = None,
            (Some(_), Some(target)) => {
                let head = chain.head.get_or_insert_default();
                head.clear();
                head.push_str(target);
            }
        }
        if profile.link.is_some() && seen.target().is_none() && !at.bears_on_integrity() {
            self.links.failed += 1;
            let sentence = format!(
                "Record {} is no record of this format: a next record could not name it.",
                at.position
            );
            at.add(fault("not_a_record", "integrity", sentence), None, None, None);
        }
    }

    /// Holds the chain against the heads of earlier imports.
    fn recall(&mut self, chain: &mut Chain, at: &mut Site<'_>) {
        if chain.is_unsure {
            return;
        }
        if chain.records > 1 {
            self.recall.later(at.seen.chain.as_deref(), chain, at);
        }
        let due = |track: &&mut Track| track.standing == Standing::Awaited && track.due == chain.records;
        for track in chain.tracks.iter_mut().filter(due) {
            let Some(head) = self.recall.head(track) else {
                continue;
            };
            if !self.recall.is_comparable(head) {
                continue;
            }
            let is_same = chain.head.as_ref() == Some(&head.head);
            self.remembered.count(is_same);
            if is_same {
                track.standing = Standing::Met;
                chain.met = Some(chain.records);
                continue;
            }
            track.standing = Standing::Differs(chain.head.clone());
            let told = fault(
                "fork",
                "completeness",
                fork_sentence(chain.records, &head.imported_at),
            );
            at.add(told, None, Some(&head.head), chain.head.as_deref());
        }
    }
}

/// Whether a record's link has the value of a first record.
fn is_first_value(link: &Link, seen: &Examined) -> bool {
    let prev = &seen.prev;
    link.genesis.iter().any(|genesis| prev.is(genesis)) || prev.is_text(seen.genesis.as_deref())
}

/// Whether the record does not follow in its link or its number.
fn breaks(profile: &Profile, chain: &Chain, seen: &Examined) -> bool {
    let is_known = matches!(chain.due, Due::Named { .. }) && seen.prev != PrevSeen::NoField;
    let by_link = is_known && !chain.due.is_named_by(profile, &seen.prev);
    let by_number = profile.seq.as_ref().is_some_and(|seq| {
        let due = due_number(seq, chain);
        due.is_some() && number(seen.seq.as_deref()) != due
    });
    by_link || by_number
}

/// The number that the next record of a chain must have.
fn due_number(seq: &Seq, chain: &Chain) -> Option<i128> {
    chain.number?.checked_add(i128::from(seq.step))
}

fn number(text: Option<&str>) -> Option<i128> {
    text?.parse().ok()
}

/// More chains than this are counted and not followed.
pub(super) const MOST_CHAINS: usize = 100_000;
