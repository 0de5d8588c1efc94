//! What a bundle states beside its records: a closing digest, a tree root, a manifest, a count, a last hash.

mod manifest;
mod shelf;

use crate::fault::fault;
use crate::head::HeadSpelling;
use crate::ledger::Ledger;
use crate::profile::{Encoding, Place, Profile, StatementSignature};

pub(crate) use manifest::Listing;
pub(crate) use shelf::{Said, Shelf};

/// A statement, held against what was computed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    pub standing: Standing,
    /// Who signed it.
    pub signed: SignedBy,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The bundle does not have it.
    #[default]
    Absent,
    /// It agrees.
    Agrees,
    /// It does not.
    Differs,
    /// It cannot be held against the records, and why.
    Open(&'static str),
}

/// The signature of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum SignedBy {
    /// Its format has none, or the statement is not here.
    #[default]
    Nobody,
    /// Its format has one and it is not here; whether it must be.
    Missing { required: bool },
    /// It verifies under this pinned key.
    Pinned(usize),
    /// It verifies under this pinned key, which was not in force when the records say that they were made.
    OutOfForce(usize),
    /// Candidates are pinned and it verifies under none. `carried`: the key in the bundle under which it does.
    Wrong { carried: Option<String> },
    /// No candidate is pinned; whether it verifies under the carried key.
    Unpinned {
        carried: Option<String>,
        carried_fails: bool,
    },
    /// Its text cannot be read, or the statement lacks what it signs.
    Malformed,
}

impl Stated {
    fn unsigned(standing: Standing) -> Self {
        Stated {
            standing,
            signed: SignedBy::Nobody,
        }
    }

    /// Whether the bundle has it.
    pub fn is_there(&self) -> bool {
        self.standing != Standing::Absent
    }

    /// Whether it agrees.
    pub fn agrees(&self) -> bool {
        self.standing == Standing::Agrees
    }

    /// Whether it agrees and stands under a pinned key.
    pub fn is_pinned(&self) -> bool {
        self.agrees() && matches!(self.signed, SignedBy::Pinned(_))
    }
}

impl SignedBy {
    /// The fingerprint of the carried key under which it verifies.
    pub fn carried(&self) -> Option<&String> {
        match self {
            SignedBy::Wrong { carried } | SignedBy::Unpinned { carried, .. } => carried.as_ref(),
            _ => None,
        }
    }

    /// Whether it refutes authenticity.
    pub fn is_refuted(&self) -> bool {
        matches!(
            self,
            SignedBy::Wrong { .. } | SignedBy::Malformed | SignedBy::Missing { required: true }
        )
    }
}

/// Every statement of a bundle.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    pub closing: Stated,
    pub root: Stated,
    pub manifest: Stated,
    /// What the manifest lists, where it could be read.
    pub listing: Option<Listing>,
    pub count: Stated,
    pub head: Stated,
}

impl Statements {
    pub fn all(&self) -> [&Stated; 5] {
        [&self.closing, &self.root, &self.manifest, &self.count, &self.head]
    }
}

impl Shelf<'_> {
    /// Holds every statement of the profile against the ledger; what differs becomes a fault.
    pub fn hold(&self, profile: &Profile, ledger: &mut Ledger<'_>, members: &[String]) -> Statements {
        let (manifest, listing) = self.manifest(profile, ledger, members);
        let expect = profile.expect.as_ref();
        Statements {
            closing: self.closing(profile, ledger),
            root: self.root(profile, ledger),
            manifest,
            listing,
            count: self.count(expect.and_then(|expect| expect.count.as_ref()), ledger),
            head: self.head(profile, expect.and_then(|expect| expect.head.as_ref()), ledger),
        }
    }

    fn closing(&self, profile: &Profile, ledger: &mut Ledger<'_>) -> Stated {
        let Some(spec) = &profile.closing else {
            return Stated::default();
        };
        let computed = ledger.leaves.closing(profile);
        let computed = computed.map(|digest| spec.enc.write(digest.as_bytes()));
        let words = Words {
            code: "closing_mismatch",
            sentence: "The digest over all records is not the one that the bundle states.",
            computed,
        };
        self.stated(&spec.stated, spec.signature.as_ref(), &spec.enc, ledger, words)
    }

    fn root(&self, profile: &Profile, ledger: &mut Ledger<'_>) -> Stated {
        let Some(spec) = &profile.tree else {
            return Stated::default();
        };
        let computed = ledger.leaves.root();
        let computed = computed.map(|digest| spec.enc.write(digest.as_bytes()));
        let words = Words {
            code: "root_mismatch",
            sentence: "The tree over all records has another root than the bundle states.",
            computed,
        };
        self.stated(&spec.root, spec.signature.as_ref(), &spec.enc, ledger, words)
    }

    /// Holds a digest against every place that states it; all that exist must agree.
    fn stated(
        &self,
        places: &[Place],
        signature: Option<&StatementSignature>,
        encoding: &Encoding,
        ledger: &mut Ledger<'_>,
        words: Words,
    ) -> Stated {
        let (mut found, mut odd) = (Vec::new(), None);
        for place in places {
            match self.said(place) {
                None => {}
                Some(Said::Text(text)) => found.push(text),
                Some(Said::NoText(what)) => odd = odd.or(Some((place, what))),
            }
        }
        if found.is_empty() && odd.is_none() {
            return Stated::default();
        }
        let signed = self.signature(signature, found.first().map(String::as_str), encoding, ledger);
        if let Some((place, what)) = odd {
            let standing = unreadable(place, what, ledger);
            return Stated { standing, signed };
        }
        let differing = found.iter().find(|text| Some(*text) != words.computed.as_ref());
        let standing = match differing {
            None => Standing::Agrees,
            Some(_) if !ledger.extent_is_known() => Standing::Open(UNREAD),
            Some(stated) => {
                let mut told = fault(words.code, "completeness", words.sentence);
                told.expected = Some(stated.clone());
                told.found = words.computed;
                ledger.faults.add(told);
                Standing::Differs
            }
        };
        Stated { standing, signed }
    }

    fn count(&self, place: Option<&Place>, ledger: &mut Ledger<'_>) -> Stated {
        let text = match place.and_then(|place| Some((place, self.said(place)?))) {
            None => return Stated::default(),
            Some((_, Said::Text(text))) => text,
            Some((place, Said::NoText(what))) => return Stated::unsigned(unreadable(place, what, ledger)),
        };
        let standing = if text.parse() == Ok(ledger.records) {
            Standing::Agrees
        } else if !ledger.extent_is_known() {
            Standing::Open(UNREAD)
        } else {
            let sentence = format!("The bundle states {text} records; {} are here.", ledger.records);
            let mut told = fault("stated_count_mismatch", "completeness", sentence);
            told.expected = Some(text);
            told.found = Some(ledger.records.to_string());
            ledger.faults.add(told);
            Standing::Differs
        };
        Stated::unsigned(standing)
    }

    fn head(&self, profile: &Profile, place: Option<&Place>, ledger: &mut Ledger<'_>) -> Stated {
        let text = match place.and_then(|place| Some((place, self.said(place)?))) {
            None => return Stated::default(),
            Some((_, Said::Text(text))) => text,
            Some((place, Said::NoText(what))) => return Stated::unsigned(unreadable(place, what, ledger)),
        };
        let spelling = HeadSpelling::of(Some(profile));
        let mut heads = ledger.chains.values().filter_map(|chain| chain.head.as_deref());
        let standing = if heads.any(|head| spelling.is_same(&text, head)) {
            Standing::Agrees
        } else if !ledger.extent_is_known() {
            Standing::Open(UNREAD)
        } else {
            let sentence = "The last hash is not the one that the bundle states.";
            let mut told = fault("stated_head_mismatch", "completeness", sentence);
            told.expected = Some(text);
            told.found = ledger.chains.values().find_map(|chain| chain.head.clone());
            ledger.faults.add(told);
            Standing::Differs
        };
        Stated::unsigned(standing)
    }
}

/// A statement that is there and says nothing that could be held against the records: it agrees with none of them.
fn unreadable(place: &Place, what: &str, ledger: &mut Ledger<'_>) -> Standing {
    let at = place.at.as_deref().unwrap_or_default();
    let sentence = format!("What the bundle states of all its records at {at} cannot be read: it is {what}.");
    let mut told = fault("statement_unreadable", "completeness", sentence);
    told.member.clone_from(&place.file);
    told.field = Some(at.to_owned());
    ledger.faults.add(told);
    Standing::Differs
}

/// What is computed for a statement, and what is said when it differs.
struct Words {
    code: &'static str,
    sentence: &'static str,
    computed: Option<String>,
}

/// Why a statement about all records cannot be held against them.
pub(crate) const UNREAD: &str = "a part of the bundle could not be read";
