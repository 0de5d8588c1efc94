//! Detached signatures and time stamps: a member that speaks of another one, `X.sig` of `X`.
//!
//! The name tells what it is over, the content what it is. Keys and certificates that travel along show agreement and are
//! material for paths; only what the reviewer pinned vouches.

mod cms;
mod find;
mod minisign;
mod openpgp;
mod sshsig;
mod timestamp;

use std::collections::{BTreeMap, BTreeSet};

use tickmark_crypto::message::Message;

use super::pass::{self, Taker};
use super::{Agreement, Covered, Enclosure, Stamp, Vouched};
use crate::built_in::Bundle;
use crate::fault::fault;
use crate::trust::{PinnedKey, PinnedRoot, Trust};
use crate::verification::{Fault, KeyOrigin, KeyUse};

use find::{Found, find};

/// Whether the bundle has a signature over a member that is here.
pub(super) fn speaks(bundle: &Bundle<'_>) -> bool {
    find(bundle)
        .iter()
        .any(|found| bundle.inventory.members.contains_key(&found.over))
}

/// Reads and verifies every detached signature.
pub(super) fn read(bundle: &Bundle<'_>) -> Vec<Enclosure> {
    let found = find(bundle);
    let mut by_target: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, seal) in found.iter().enumerate() {
        by_target.entry(seal.over.clone()).or_default().push(index);
    }
    let names: BTreeSet<String> = by_target
        .keys()
        .filter(|name| bundle.inventory.members.contains_key(*name))
        .cloned()
        .collect();
    let mut sealing = Sealing {
        trust: &bundle.request.trust,
        found: &found,
        by_target,
        under_way: Vec::new(),
        verdicts: BTreeMap::new(),
    };
    pass::feed(bundle, &names, &mut sealing);
    let mut verdicts = sealing.verdicts;
    found
        .iter()
        .enumerate()
        .map(|(index, seal)| enclosure(seal, verdicts.remove(&index)))
        .collect()
}

/// Signatures over the member that is being read.
struct Sealing<'s> {
    trust: &'s Trust,
    found: &'s [Found],
    by_target: BTreeMap<String, Vec<usize>>,
    under_way: Vec<(usize, Message)>,
    verdicts: BTreeMap<usize, Verdict>,
}

impl Taker for Sealing<'_> {
    fn bytes(&mut self, member: &str, part: &[u8]) {
        if self.under_way.is_empty() {
            for index in self.by_target.get(member).into_iter().flatten() {
                if let Some(message) = self.found.get(*index).and_then(Found::message) {
                    self.under_way.push((*index, message));
                }
            }
        }
        for (_, message) in &mut self.under_way {
            message.update(part);
        }
    }

    fn end(&mut self, member: &str, whole: Result<(), &'static str>) {
        // an empty member has no bytes at all
        self.bytes(member, &[]);
        for index in self.by_target.get(member).into_iter().flatten() {
            if let Some(verdict) = self.found.get(*index).and_then(Found::unread) {
                self.verdicts.insert(*index, verdict);
            }
        }
        for (index, message) in std::mem::take(&mut self.under_way) {
            let Some(seal) = self.found.get(index) else {
                continue;
            };
            let verdict = match whole {
                Ok(()) => seal.verify(&message, self.trust),
                Err(why) => Verdict::open(why),
            };
            self.verdicts.insert(index, verdict);
        }
    }
}

/// What became of one signature.
struct Verdict {
    agreement: Agreement,
    vouched: Vouched,
    stamp: Option<Stamp>,
    keys: Vec<KeyUse>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl Verdict {
    /// Not checked, and why.
    fn open(why: &str) -> Self {
        Verdict {
            agreement: Agreement::Open(why.to_owned()),
            vouched: Vouched::Unpinned {
                carried_verifies: false,
                carried_fails: false,
            },
            stamp: None,
            keys: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// It stands under a pinned key.
    fn pinned(key: KeyUse) -> Self {
        Verdict {
            agreement: Agreement::Agrees,
            vouched: Vouched::Pinned(key.fingerprint.clone()),
            keys: vec![key],
            ..Verdict::open("")
        }
    }

    /// Candidates are pinned and none fits.
    fn wrong(carried_verifies: bool) -> Self {
        let agreement = if carried_verifies {
            Agreement::Agrees
        } else {
            Agreement::Open("the signature over it does not hold".into())
        };
        Verdict {
            agreement,
            vouched: Vouched::Wrong { carried_verifies },
            ..Verdict::open("")
        }
    }

    /// No candidate is pinned; whether it fits the key that it brings along, where it brings one.
    fn unpinned(carried: Option<bool>) -> Self {
        let agreement = match carried {
            Some(true) => Agreement::Agrees,
            Some(false) => Agreement::Open("the signature over it does not hold".into()),
            None => Agreement::Open("no key is pinned for the signature over it".into()),
        };
        Verdict {
            agreement,
            vouched: Vouched::Unpinned {
                carried_verifies: carried == Some(true),
                carried_fails: carried == Some(false),
            },
            ..Verdict::open("")
        }
    }

    fn noted(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    fn with_fault(mut self, member: &str, code: &str, claim: &str, sentence: String) -> Self {
        let mut told = fault(code, claim, sentence);
        told.member = Some(member.to_owned());
        self.faults.push(told);
        self
    }
}

fn enclosure(seal: &Found, verdict: Option<Verdict>) -> Enclosure {
    // no verdict: what it is over is not here, and may never have been (the archive that was unpacked into this folder)
    let verdict = verdict.unwrap_or_else(|| {
        let note = format!(
            "{} is a signature over {}, which is not here.",
            seal.member, seal.over
        );
        Verdict::open("what it is over is not here").noted(note)
    });
    Enclosure {
        kind: seal.kind(),
        member: seal.member.clone(),
        covers: vec![Covered {
            member: seal.over.clone(),
            agreement: verdict.agreement,
        }],
        closed_below: None,
        is_content: false,
        vouched: match verdict.vouched {
            // a time stamp vouches for a time and for nobody
            _ if seal.is_time_stamp() => Vouched::Nobody,
            vouched => vouched,
        },
        stamp: verdict.stamp,
        uncovered: Vec::new(),
        keys: verdict.keys,
        faults: verdict.faults,
        notes: verdict.notes,
    }
}

/// How a verification names a pinned key.
fn use_of_key(key: &PinnedKey) -> KeyUse {
    KeyUse {
        fingerprint: key.key.fingerprint(),
        algorithm: key.key.algorithm().to_string(),
        kid: key.kid.clone(),
        owner: key.owner.clone(),
        confirmed: key.confirmed.clone(),
        origin: KeyOrigin::Pinned,
        records: 1,
    }
}

/// How a verification names a pinned root.
fn use_of_root(root: &PinnedRoot) -> KeyUse {
    KeyUse {
        fingerprint: root.anchor.fingerprint(),
        algorithm: tickmark_crypto::x509::TrustAnchor::ALGORITHM.to_owned(),
        kid: Some(root.anchor.certificate().subject().to_owned()),
        owner: root.owner.clone(),
        confirmed: root.confirmed.clone(),
        origin: KeyOrigin::Pinned,
        records: 1,
    }
}

/// How a verification names a key that a signature brings along.
fn use_of_carried(fingerprint: String, algorithm: String, kid: Option<String>) -> KeyUse {
    KeyUse {
        fingerprint,
        algorithm,
        kid,
        owner: None,
        confirmed: None,
        origin: KeyOrigin::Carried,
        records: 0,
    }
}
