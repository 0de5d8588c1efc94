//! Joins examined records into chains, in source order, and keeps count of everything that a claim needs.

use std::collections::{BTreeMap, HashMap};

use tickmark_crypto::digest::{Digest, Hasher};
use tickmark_crypto::encoding::{hex, unhex};
use tickmark_crypto::merkle::{Combine, Knobs, Odd, Tree};
use tickmark_formats::json::JsonErrorKind;

use crate::examine::{Examined, HashSeen, Leaf, PrevSeen, SignatureSeen};
use crate::fault::{Faults, fault};
use crate::profile::{CombineWord, Gaps, OddWord, Previous, Profile, TreeSpec};
use crate::request::RememberedHead;
use crate::stream::StreamFault;
use crate::verification::{ChainHead, Fault};

/// How often something passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    pub fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1
        } else {
            self.failed += 1
        }
    }
}

/// Signatures of one kind over all records.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignatureTally {
    pub pinned: u64,
    pub wrong: u64,
    pub wrong_but_carried: u64,
    pub unpinned: u64,
    pub carried: u64,
    pub carried_fails: u64,
    pub missing: u64,
    pub absent: u64,
    pub malformed: u64,
}

/// One chain.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub records: u64,
    pub starts_at_genesis: bool,
    pub first_id: String,
    pub first_seq: Option<String>,
    pub last_seq: Option<String>,
    pub head: String,
    pub ended: bool,
    /// The last position at which an earlier import's head was met.
    pub met: Option<u64>,
    target: Option<String>,
    number: Option<u64>,
}

/// Everything that was counted.
pub(crate) struct Ledger<'p> {
    pub faults: Faults,
    pub records: u64,
    pub checked: u64,
    pub signed: u64,
    pub unsigned: u64,
    pub parsed: Tally,
    pub over_limit: u64,
    pub unknown_rest: bool,
    pub hashes: Tally,
    pub field_hashes: Tally,
    pub links: Tally,
    pub sequence: Tally,
    pub sequence_gaps: u64,
    pub signatures: Vec<SignatureTally>,
    pub pinned_uses: HashMap<usize, u64>,
    pub carried_uses: BTreeMap<String, u64>,
    pub chains: BTreeMap<Option<String>, Chain>,
    pub chains_capped: bool,
    pub after_end: u64,
    pub ambiguous: u64,
    pub remembered: Tally,
    pub tree: Option<Tree>,
    pub tree_broken: bool,
    pub closing: Option<Hasher>,
    profile: Option<&'p Profile>,
    members: Vec<String>,
    remembered_heads: &'p [RememberedHead],
    seen: HashMap<u128, u64>,
}

/// What joining one record gave.
pub(crate) struct Joined {
    pub position: u64,
    pub occurrence: u64,
    pub faults: Vec<Fault>,
    pub signed: bool,
}

impl<'p> Ledger<'p> {
    pub fn new(
        profile: Option<&'p Profile>,
        members: Vec<String>,
        heads: &'p [RememberedHead],
        cap: usize,
    ) -> Self {
        Ledger {
            faults: Faults::new(cap),
            records: 0,
            checked: 0,
            signed: 0,
            unsigned: 0,
            parsed: Tally::default(),
            over_limit: 0,
            unknown_rest: false,
            hashes: Tally::default(),
            field_hashes: Tally::default(),
            links: Tally::default(),
            sequence: Tally::default(),
            sequence_gaps: 0,
            signatures: profile
                .map_or_else(Vec::new, |p| vec![SignatureTally::default(); p.signatures.len()]),
            pinned_uses: HashMap::new(),
            carried_uses: BTreeMap::new(),
            chains: BTreeMap::new(),
            chains_capped: false,
            after_end: 0,
            ambiguous: 0,
            remembered: Tally::default(),
            tree: profile
                .and_then(|p| p.tree.as_ref())
                .map(|tree| Tree::new(knobs(tree))),
            tree_broken: false,
            closing: profile
                .and_then(|p| p.closing.as_ref())
                .map(|closing| Hasher::new(closing.alg)),
            profile,
            members,
            remembered_heads: heads,
            seen: HashMap::new(),
        }
    }

    /// Something that is no record.
    pub fn stray(&mut self, stray: &StreamFault) {
        let member = self.members.get(stray.member as usize).cloned();
        if stray.limit {
            self.over_limit += 1;
            self.unknown_rest = true;
        } else {
            self.parsed.failed += 1;
        }
        let sentence = match (&member, stray.limit) {
            (Some(member), true) => format!("{member}: {}. The rest was judged.", stray.found),
            (Some(member), false) => format!("{member}: {}.", stray.found),
            (None, _) => stray.found.clone(),
        };
        let mut fault = fault(stray.code, "integrity", sentence);
        fault.member = member;
        fault.line = stray.line;
        fault.found = Some(stray.found.clone());
        self.faults.add(fault);
    }

    /// Takes the next record in source order.
    pub fn join(&mut self, seen: &Examined) -> Joined {
        self.records += 1;
        let position = self.records;
        let occurrence = self.occurrence(&seen.id);
        let mut at = Site {
            seen,
            position,
            member: self.members.get(seen.received.member as usize).cloned(),
            found: Vec::new(),
        };
        let signed = match (&seen.unreadable, self.profile) {
            (Some(_), _) => {
                self.unparsable(&mut at);
                false
            }
            (None, None) => {
                self.parsed.passed += 1;
                false
            }
            (None, Some(profile)) => {
                self.parsed.passed += 1;
                self.checked += 1;
                self.judge(profile, &mut at)
            }
        };
        if signed {
            self.signed += 1
        } else {
            self.unsigned += 1
        }
        let faults = at.found;
        faults.iter().cloned().for_each(|fault| self.faults.add(fault));
        Joined {
            position,
            occurrence,
            faults,
            signed,
        }
    }

    /// The heads to remember.
    pub fn heads(&self) -> Vec<ChainHead> {
        self.chains
            .iter()
            .map(|(chain, state)| ChainHead {
                chain: chain.clone(),
                records: state.records,
                starts_at_genesis: state.starts_at_genesis,
                first_seq: state.first_seq.clone(),
                last_seq: state.last_seq.clone(),
                head: state.head.clone(),
            })
            .collect()
    }

    /// Counts identical records. 16 bytes of the digest are enough to tell records apart, and bound the memory.
    fn occurrence(&mut self, id: &[u8; 32]) -> u64 {
        let mut key = [0; 16];
        key.copy_from_slice(&id[..16]);
        let count = self.seen.entry(u128::from_le_bytes(key)).or_insert(0);
        *count += 1;
        *count
    }

    fn unparsable(&mut self, at: &mut Site<'_>) {
        let Some(error) = &at.seen.unreadable else { return };
        let limit = error.is_limit();
        if limit {
            self.over_limit += 1;
        } else {
            self.parsed.failed += 1;
        }
        let (code, field) = match &error.kind {
            JsonErrorKind::DuplicateMember { pointer, .. } => ("duplicate_member", Some(pointer.to_string())),
            _ if limit => ("limit_record", None),
            _ => ("not_json", None),
        };
        let sentence = match code {
            "duplicate_member" => format!(
                "Record {} names the member {} twice, so it can be read in two ways.",
                at.position,
                field.as_deref().unwrap_or_default()
            ),
            "limit_record" => format!("Record {} was not judged: {error}.", at.position),
            _ => format!("Record {} cannot be read: {error}.", at.position),
        };
        let found = error.to_string();
        at.add(
            fault(code, "integrity", sentence),
            field.as_deref(),
            None,
            Some(&found),
        );
        // the next record cannot be held against this one
        if let Some(chain) = self.chains.get_mut(&None) {
            chain.target = None;
            chain.records += 1;
            chain.head.clear();
        }
    }

    fn judge(&mut self, profile: &Profile, at: &mut Site<'_>) -> bool {
        let content_holds = self.judge_hashes(profile, at);
        self.judge_place(profile, at);
        let signed = self.judge_signatures(profile, at, content_holds);
        self.feed(profile, at.seen);
        self.ambiguous += u64::from(at.seen.ambiguous);
        signed
    }

    fn judge_hashes(&mut self, profile: &Profile, at: &mut Site<'_>) -> bool {
        let seen = at.seen;
        let mut holds = true;
        if let (Some(spec), Some(hash)) = (&profile.hash, &seen.hash)
            && hash.stated
        {
            holds = hash.matches();
            self.hashes.count(holds);
            if !holds {
                at.add_hash(
                    "hash_mismatch",
                    "The content does not match its recorded hash.",
                    spec.field.as_deref(),
                    hash,
                );
            }
        }
        for (spec, check) in profile
            .checks
            .iter()
            .zip(&seen.checks)
            .filter(|(_, check)| check.stated)
        {
            let matches = check.matches();
            self.field_hashes.count(matches);
            // a broken record hash explains a broken hash of the same record
            if !matches && holds {
                at.add_hash(
                    "field_hash_mismatch",
                    "A part of it does not match its recorded hash.",
                    Some(&spec.field),
                    check,
                );
            }
            holds &= matches;
        }
        holds
    }

    fn judge_place(&mut self, profile: &Profile, at: &mut Site<'_>) {
        let seen = at.seen;
        if !self.chains.contains_key(&seen.chain) && self.chains.len() >= MOST_CHAINS {
            self.chains_capped = true;
            return;
        }
        let chain = self.chains.entry(seen.chain.clone()).or_default();
        let first = chain.records == 0;
        chain.records += 1;
        if chain.ended {
            self.after_end += 1;
            at.add(
                fault(
                    "record_after_end",
                    "completeness",
                    format!(
                        "Record {} stands after the record that closes the trail.",
                        at.position
                    ),
                ),
                None,
                None,
                None,
            );
        }
        let mut broken = false;
        if let Some(link) = &profile.link {
            if first {
                chain.starts_at_genesis = match &seen.prev {
                    PrevSeen::NoField => seen.hash.as_ref().is_some_and(HashSeen::matches),
                    prev => link.genesis.iter().any(|genesis| prev.is(genesis)),
                };
            } else if seen.prev != PrevSeen::NoField
                && let Some(target) = &chain.target
            {
                let follows = matches!(&seen.prev, PrevSeen::Text(prev) if prev == target);
                self.links.count(follows);
                broken = !follows;
                if broken {
                    let sentence = format!("Record {} does not follow the record before it.", at.position);
                    at.add(
                        fault("link_mismatch", "integrity", sentence),
                        link.field.as_deref(),
                        Some(target),
                        Some(&seen.prev.shown()),
                    );
                }
            }
        } else if first {
            chain.starts_at_genesis = match (&profile.seq, &seen.seq) {
                (Some(seq), Some(number)) => number.parse() == Ok(seq.start),
                _ => false,
            };
        }
        if let Some(seq) = &profile.seq {
            let number = seen.seq.as_deref().and_then(|text| text.parse::<u64>().ok());
            match (number, chain.number) {
                (None, _) => {
                    self.sequence.failed += 1;
                    let sentence = format!("Record {} has no number of its own.", at.position);
                    at.add(
                        fault("sequence_missing", "completeness", sentence),
                        Some(&seq.field),
                        Some("a whole number"),
                        seen.seq.as_deref(),
                    );
                }
                (Some(number), Some(last)) if Some(number) != last.checked_add(seq.step) => {
                    self.sequence.failed += 1;
                    self.sequence_gaps += 1;
                    // a broken link at the same record tells it already
                    if !broken && seq.gaps == Gaps::Fail {
                        let expected = last.saturating_add(seq.step).to_string();
                        let sentence = format!(
                            "Record {} has the number {number}; {expected} was expected.",
                            at.position
                        );
                        let claim = if profile.link.is_some() {
                            "completeness"
                        } else {
                            "integrity"
                        };
                        at.add(
                            fault("sequence_gap", claim, sentence),
                            Some(&seq.field),
                            Some(&expected),
                            Some(&number.to_string()),
                        );
                    }
                }
                _ => self.sequence.passed += 1,
            }
            chain.number = number.or(chain.number.and_then(|last| last.checked_add(seq.step)));
        }
        let id = hex(&seen.id);
        if first {
            chain.first_id.clone_from(&id);
            chain.first_seq.clone_from(&seen.seq);
        }
        chain.last_seq.clone_from(&seen.seq);
        chain.target.clone_from(&seen.target);
        chain.head = seen.target.clone().unwrap_or(id);
        chain.ended |= seen.terminal;
        for head in self
            .remembered_heads
            .iter()
            .filter(|h| h.chain == seen.chain && h.records == chain.records && h.first_id == chain.first_id)
        {
            let same = head.head == chain.head;
            self.remembered.count(same);
            if same {
                chain.met = Some(chain.records);
            } else {
                let sentence = format!(
                    "At record {} this trail differs from the import of {}: the two are forks of one trail.",
                    chain.records, head.imported_at
                );
                at.add(
                    fault("fork", "completeness", sentence),
                    None,
                    Some(&head.head),
                    Some(&chain.head.clone()),
                );
            }
        }
    }

    fn judge_signatures(&mut self, profile: &Profile, at: &mut Site<'_>, content_holds: bool) -> bool {
        let seen = at.seen;
        let mut signed = false;
        let mut missing = false;
        for ((spec, found), tally) in profile
            .signatures
            .iter()
            .zip(&seen.signatures)
            .zip(&mut self.signatures)
        {
            let place = Some(spec.field.as_str());
            match found {
                SignatureSeen::Pinned(key) => {
                    tally.pinned += 1;
                    *self.pinned_uses.entry(*key).or_default() += 1;
                    signed = true;
                }
                SignatureSeen::Wrong { carried } => {
                    tally.wrong += 1;
                    tally.wrong_but_carried += u64::from(carried.is_some());
                    if let Some(print) = carried {
                        *self.carried_uses.entry(print.clone()).or_default() += 1;
                    }
                    if content_holds {
                        let sentence = format!(
                            "The signature of record {} does not fit the key you pinned.",
                            at.position
                        );
                        at.add(
                            fault("signature_mismatch", "authenticity", sentence),
                            place,
                            None,
                            None,
                        );
                    }
                }
                SignatureSeen::Unpinned {
                    carried,
                    carried_fails,
                } => {
                    tally.unpinned += 1;
                    tally.carried += u64::from(carried.is_some());
                    tally.carried_fails += u64::from(*carried_fails);
                    if let Some(print) = carried {
                        *self.carried_uses.entry(print.clone()).or_default() += 1;
                        signed = true;
                    }
                    if *carried_fails && content_holds {
                        let sentence = format!(
                            "The signature of record {} does not even fit the key in the bundle.",
                            at.position
                        );
                        at.add(
                            fault("carried_signature_mismatch", "integrity", sentence),
                            place,
                            None,
                            None,
                        );
                    }
                }
                SignatureSeen::Missing => {
                    tally.missing += 1;
                    missing = true;
                    let sentence = format!(
                        "Record {} has no signature, and its format requires one.",
                        at.position
                    );
                    at.add(
                        fault("signature_missing", "authenticity", sentence),
                        place,
                        Some("a signature"),
                        Some("nothing"),
                    );
                }
                SignatureSeen::Absent => tally.absent += 1,
                SignatureSeen::Malformed | SignatureSeen::Unbuildable => {
                    tally.malformed += 1;
                    let sentence = format!("The signature of record {} cannot be read.", at.position);
                    at.add(
                        fault("signature_malformed", "authenticity", sentence),
                        place,
                        None,
                        None,
                    );
                }
            }
        }
        signed && !missing
    }

    fn feed(&mut self, profile: &Profile, seen: &Examined) {
        if let (Some(tree), Some(leaf)) = (&mut self.tree, &seen.leaf) {
            match leaf {
                Leaf::Data(bytes) => tree.push_leaf_data(bytes),
                Leaf::Hash(digest) => tree.push_leaf_hash(*digest),
                Leaf::Unbuildable => self.tree_broken = true,
            }
        }
        if let (Some(hasher), Some(closing)) = (&mut self.closing, &profile.closing) {
            let recorded = seen
                .hash
                .as_ref()
                .and_then(|hash| hash.recorded.as_deref())
                .unwrap_or_default();
            match (closing.over, &profile.hash) {
                (Previous::Raw, Some(spec)) => hasher.update(&spec.enc.read(recorded).unwrap_or_default()),
                _ => hasher.update(recorded.as_bytes()),
            }
        }
    }

    /// The digest over all hashes; of the stated text when there is no record.
    pub fn closing_digest(&mut self) -> Option<Digest> {
        let closing = self.profile?.closing.as_ref()?;
        let hasher = self.closing.take()?;
        Some(if self.records == 0 {
            closing.alg.of(closing.empty.as_bytes())
        } else {
            hasher.finish()
        })
    }
}

fn knobs(tree: &TreeSpec) -> Knobs {
    Knobs {
        leaf_prefix: unhex(&tree.leaf_prefix).unwrap_or_default(),
        node_prefix: unhex(&tree.node_prefix).unwrap_or_default(),
        odd: match tree.odd {
            OddWord::Promote => Odd::Promote,
            OddWord::Duplicate => Odd::Duplicate,
            OddWord::ZeroPad => Odd::ZeroPad,
        },
        combine: match tree.combine {
            CombineWord::Raw => Combine::Raw,
            CombineWord::HexText => Combine::HexText,
        },
        algorithm: tree.alg,
    }
}

/// One record's faults as they are found.
struct Site<'e> {
    seen: &'e Examined,
    position: u64,
    member: Option<String>,
    found: Vec<Fault>,
}

impl Site<'_> {
    fn add(&mut self, mut fault: Fault, field: Option<&str>, expected: Option<&str>, found: Option<&str>) {
        fault.record = Some(self.position);
        fault.line = Some(self.seen.received.line);
        fault.member.clone_from(&self.member);
        fault.field = field.map(str::to_owned);
        fault.expected = expected.map(str::to_owned);
        fault.found = found.map(str::to_owned);
        self.found.push(fault);
    }

    fn add_hash(&mut self, code: &str, what: &str, field: Option<&str>, hash: &HashSeen) {
        let (code, sentence) = match (&hash.recorded, &hash.computed) {
            (None, _) => (
                "hash_missing",
                format!(
                    "Record {} does not carry the hash that its format requires.",
                    self.position
                ),
            ),
            (_, Err(error)) => (
                "not_a_record",
                format!("Record {} is no record of this format: {error}.", self.position),
            ),
            _ => (code, format!("Record {}: {what}", self.position)),
        };
        let computed = hash
            .computed
            .as_ref()
            .map_or_else(ToString::to_string, Clone::clone);
        // expected: what the record says of itself; found: what its content gives
        self.add(
            fault(code, "integrity", sentence),
            field,
            hash.recorded.as_deref(),
            Some(&computed),
        );
    }
}

const MOST_CHAINS: usize = 100_000;
