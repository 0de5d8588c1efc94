//! Earlier imports, held against a chain while it is read: which of them it shows, and whether their heads are met.

use std::collections::{BTreeMap, HashMap};

use tickmark_crypto::encoding::hex;

use super::chain::Chain;
use super::site::Site;
use crate::profile::Profile;
use crate::request::{Memory, RememberedHead, Request};

/// An earlier import of which this chain shows a record, or the head.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    /// Its place among the remembered heads.
    pub head: usize,
    /// The record of this chain at which its head is due; 0 where the chain's first record names it.
    pub due: u64,
    pub standing: Standing,
}

/// What became of a remembered head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its place was not reached, or could not be read or compared.
    Awaited,
    Met,
    /// Another value stands there.
    Differs(Option<String>),
}

/// Everything that earlier imports left behind.
pub(super) struct Recall<'p> {
    heads: &'p [RememberedHead],
    memory: Option<&'p dyn Memory>,
    profile: Option<&'p str>,
    /// Whether a head that is met somewhere speaks for the records before it.
    is_linked: bool,
    of_chain: BTreeMap<Option<&'p str>, Vec<usize>>,
    by_first: HashMap<&'p str, Vec<usize>>,
    by_head: HashMap<&'p str, Vec<usize>>,
}

impl<'p> Recall<'p> {
    pub fn new(request: &'p Request, profile: Option<&'p Profile>) -> Self {
        let mut recall = Recall {
            heads: &request.remembered,
            memory: request.memory.as_deref(),
            profile: profile.map(|profile| profile.id.as_str()),
            is_linked: profile.is_some_and(|profile| profile.link.is_some()),
            of_chain: BTreeMap::new(),
            by_first: HashMap::new(),
            by_head: HashMap::new(),
        };
        for (index, head) in request.remembered.iter().enumerate() {
            let chain = head.chain.as_deref();
            recall.of_chain.entry(chain).or_default().push(index);
            recall.by_first.entry(&head.first_id).or_default().push(index);
            recall.by_head.entry(&head.head).or_default().push(index);
        }
        recall
    }

    pub fn head(&self, track: &Track) -> Option<&'p RememberedHead> {
        self.heads.get(track.head)
    }

    /// Whether heads of that import are made as this profile makes them.
    pub fn is_comparable(&self, head: &RememberedHead) -> bool {
        head.profile.is_none() || head.profile.as_deref() == self.profile
    }

    /// The earlier imports that a chain's first record shows: it was theirs, or it names their head.
    pub fn at_start(&self, chain: Option<&str>, id: &[u8; 32], prev: Option<&str>) -> Vec<Track> {
        let Some(indices) = self.of_chain.get(&chain) else {
            return Vec::new();
        };
        let first = hex(id);
        let shown = |index: &usize| {
            let head = self.heads.get(*index)?;
            let names_head = prev == Some(head.head.as_str()) && self.is_comparable(head);
            let due = match names_head {
                true => 0,
                false if head.first_id == first => head.records,
                // the k-th of theirs is the first here, so that k - 1 of theirs are not here
                false => {
                    let place = self.memory?.place(head, id)?;
                    head.records.checked_sub(place.checked_sub(1)?)?
                }
            };
            Some(Track {
                head: *index,
                due,
                standing: if names_head {
                    Standing::Met
                } else {
                    Standing::Awaited
                },
            })
        };
        indices.iter().filter_map(shown).collect()
    }

    /// The earlier imports that a later record shows: theirs began with it, or its head is theirs.
    pub fn later(&self, name: Option<&str>, chain: &mut Chain, at: &Site<'_>) {
        if self.heads.is_empty() {
            return;
        }
        let begins = self.by_first.get(hex(&at.id()).as_str());
        let ends = chain.head.as_deref().filter(|_| self.is_linked);
        let ends = ends.and_then(|head| self.by_head.get(head));
        let began = begins.into_iter().flatten().map(|index| (*index, true));
        let ended = ends.into_iter().flatten().map(|index| (*index, false));
        for (index, is_first) in began.chain(ended) {
            let Some(head) = self.heads.get(index) else {
                continue;
            };
            let is_tracked = chain.tracks.iter().any(|track| track.head == index);
            if is_tracked || head.chain.as_deref() != name || !(is_first || self.is_comparable(head)) {
                continue;
            }
            let due = if is_first {
                chain.records.saturating_add(head.records.saturating_sub(1))
            } else {
                chain.records
            };
            chain.tracks.push(Track {
                head: index,
                due,
                standing: Standing::Awaited,
            });
        }
    }
}
