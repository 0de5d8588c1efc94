//! What a built-in verifier came to.

use crate::fault::Faults;
use crate::request::Request;
use crate::verification::{ChainHead, Check, Claim, ClaimOutcome, Claims, KeyUse};

/// What a built-in verifier came to. Claims hold the format's own checks; those that every bundle has are added later.
pub(crate) struct Judgement {
    pub claims: Claims,
    /// Records that were held against a hash or signature.
    pub checked: u64,
    /// Records that a verifying signature reaches, under any key.
    pub signed: u64,
    pub faults: Faults,
    /// JSON pointers of fields that no hash or signature reaches.
    pub uncovered_fields: Vec<String>,
    pub keys: Vec<KeyUse>,
    pub chains: Vec<ChainHead>,
    /// Sentences: what this does not prove.
    pub not_proven: Vec<String>,
    /// Sentences: what a reviewer can do next.
    pub next_steps: Vec<String>,
    /// Sentences: what is odd but is no fault.
    pub warnings: Vec<String>,
    /// Members that could not be read while records were.
    pub members_unread: u64,
    /// Whether the number of records is known: nothing was skipped, no member broke off.
    pub extent_is_known: bool,
}

impl Judgement {
    /// Nothing proven, nothing counted.
    pub fn open(request: &Request) -> Self {
        let claim = |sentence: &str| Claim {
            outcome: ClaimOutcome::NotProven,
            basis: None,
            sentence: sentence.to_owned(),
            checks: Vec::new(),
        };
        Judgement {
            claims: Claims {
                integrity: claim("Nothing was held against a hash or signature."),
                authenticity: claim("No signature was checked."),
                completeness: claim("Nothing states how many records there should be."),
                time: claim("Every time is the recorder's own word."),
            },
            checked: 0,
            signed: 0,
            faults: Faults::new(request.fault_cap),
            uncovered_fields: Vec::new(),
            keys: Vec::new(),
            chains: Vec::new(),
            not_proven: Vec::new(),
            next_steps: Vec::new(),
            warnings: Vec::new(),
            members_unread: 0,
            extent_is_known: true,
        }
    }
}

impl Claim {
    /// Adds a check; one that fails refutes the claim, in the given words.
    pub(crate) fn hold(&mut self, check: Check, refuted: &str) {
        if check.outcome == crate::verification::CheckOutcome::Fail {
            if self.outcome == ClaimOutcome::Refuted {
                self.sentence = format!("{} {refuted}", self.sentence);
            } else {
                refuted.clone_into(&mut self.sentence);
            }
            self.outcome = ClaimOutcome::Refuted;
            self.basis = None;
        }
        self.checks.push(check);
    }

    /// Takes back what was proven, in the given words; what is refuted stays so.
    pub(crate) fn leave_open(&mut self, why: &str) {
        if self.outcome == ClaimOutcome::Proven {
            self.outcome = ClaimOutcome::NotProven;
            self.basis = None;
            why.clone_into(&mut self.sentence);
        }
    }
}
