//! Signatures over all records.

use std::collections::BTreeSet;

use super::site::Site;
use super::{Content, Ledger};
use crate::examine::SignatureSeen;
use crate::fault::fault;
use crate::profile::Profile;
use crate::trust::PinnedKey;

/// Signatures of one kind over all records.
#[derive(Debug, Clone, Default)]
pub(crate) struct SignatureTally {
    /// The pinned keys under which any verifies.
    pub signers: BTreeSet<usize>,
    /// Verify under a pinned key that was in force.
    pub pinned: u64,
    /// Verify under a pinned key, and the record tells no time at which that key was in force.
    pub out_of_force: u64,
    /// Of these, stand beside another key that the record carries.
    pub carried_differs: u64,
    /// Candidates are pinned and none fits.
    pub wrong: u64,
    /// Of these, fit the key in the bundle.
    pub wrong_but_carried: u64,
    /// No candidate is pinned.
    pub unpinned: u64,
    /// Of these, fit the key in the bundle.
    pub carried: u64,
    /// Of these, do not fit the key in the bundle.
    pub carried_fails: u64,
    /// Required and not there.
    pub missing: u64,
    /// Not required and not there.
    pub absent: u64,
    /// Cannot be read, or the record lacks what it signs.
    pub malformed: u64,
}

impl SignatureTally {
    /// The sum over every kind of signature.
    pub fn total(tallies: &[SignatureTally]) -> SignatureTally {
        let sum = |of: fn(&SignatureTally) -> u64| tallies.iter().map(of).sum();
        SignatureTally {
            signers: BTreeSet::new(),
            pinned: sum(|t| t.pinned),
            out_of_force: sum(|t| t.out_of_force),
            carried_differs: sum(|t| t.carried_differs),
            wrong: sum(|t| t.wrong),
            wrong_but_carried: sum(|t| t.wrong_but_carried),
            unpinned: sum(|t| t.unpinned),
            carried: sum(|t| t.carried),
            carried_fails: sum(|t| t.carried_fails),
            missing: sum(|t| t.missing),
            absent: sum(|t| t.absent),
            malformed: sum(|t| t.malformed),
        }
    }

    fn count(&mut self, found: &SignatureSeen) {
        match found {
            SignatureSeen::Pinned {
                key,
                carried_differs,
                in_force,
            } => {
                self.signers.insert(*key);
                self.pinned += u64::from(*in_force);
                self.out_of_force += u64::from(!in_force);
                self.carried_differs += u64::from(*carried_differs);
            }
            SignatureSeen::Wrong { carried } => {
                self.wrong += 1;
                self.wrong_but_carried += u64::from(carried.is_some());
            }
            SignatureSeen::Unpinned {
                carried,
                carried_fails,
            } => {
                self.unpinned += 1;
                self.carried += u64::from(carried.is_some());
                self.carried_fails += u64::from(*carried_fails);
            }
            SignatureSeen::Missing => self.missing += 1,
            SignatureSeen::Absent => self.absent += 1,
            SignatureSeen::Malformed | SignatureSeen::Refused(_) | SignatureSeen::Unbuildable(_) => {
                self.malformed += 1;
            }
        }
    }
}

impl Ledger<'_> {
    pub(super) fn judge_signatures(&mut self, profile: &Profile, at: &mut Site<'_>, content: Content) {
        let seen = at.seen;
        for (index, (spec, found)) in profile.signatures.iter().zip(&seen.signatures).enumerate() {
            if let Some(tally) = self.signatures.get_mut(index) {
                tally.count(found);
            }
            match found {
                SignatureSeen::Pinned { key, .. } => *self.pinned_uses.entry(*key).or_default() += 1,
                SignatureSeen::Wrong { carried: Some(print) }
                | SignatureSeen::Unpinned {
                    carried: Some(print), ..
                } => self.count_carried(print),
                _ => {}
            }
            tell(at, &spec.field, found, content == Content::Holds);
            if let SignatureSeen::Pinned {
                key, in_force: false, ..
            } = found
            {
                self.tell_period(profile, at, *key);
            }
        }
    }
}

impl Ledger<'_> {
    /// Tells that a record says no time at which the key that signed it was in force.
    fn tell_period(&self, profile: &Profile, at: &mut Site<'_>, key: usize) {
        let period = self.trust.keys().get(key).map(PinnedKey::period);
        let said = at.seen.time.clone();
        let sentence = match said {
            Some(_) => format!(
                "Record {} says that it was made when the key that signed it was not in force.",
                at.position
            ),
            None => format!(
                "Record {} does not say when it was made, so the key that signed it may not have been in force.",
                at.position
            ),
        };
        let field = profile.time.as_ref().map(|time| time.field.as_str());
        let told = fault("key_not_in_force", "authenticity", sentence);
        at.add(told, field, period.as_deref(), said.as_deref());
    }

    /// Counts a carried key. A bundle may carry a new one in every record; only the first are named.
    fn count_carried(&mut self, fingerprint: &str) {
        if let Some(records) = self.carried_uses.get_mut(fingerprint) {
            *records += 1;
        } else if self.carried_uses.len() < MOST_CARRIED {
            self.carried_uses.insert(fingerprint.to_owned(), 1);
        }
    }
}

/// Tells what is wrong with a signature. A difference in content that its hash shows already explains a signature that
/// does not fit.
fn tell(at: &mut Site<'_>, field: &str, found: &SignatureSeen, content_holds: bool) {
    let n = at.position;
    let (code, claim, sentence) = match found {
        SignatureSeen::Pinned {
            carried_differs: true,
            ..
        } => (
            "carried_key_differs",
            "integrity",
            format!("Record {n} carries another key than the one that signed it."),
        ),
        SignatureSeen::Wrong { .. } if content_holds => (
            "signature_mismatch",
            "authenticity",
            format!("The signature of record {n} does not fit the key you pinned."),
        ),
        SignatureSeen::Unpinned {
            carried_fails: true, ..
        } if content_holds => (
            "carried_signature_mismatch",
            "integrity",
            format!("The signature of record {n} does not even fit the key in the bundle."),
        ),
        SignatureSeen::Missing => (
            "signature_missing",
            "authenticity",
            format!("Record {n} has no signature, and its format requires one."),
        ),
        SignatureSeen::Malformed => (
            "signature_malformed",
            "authenticity",
            format!("The signature of record {n} cannot be read."),
        ),
        SignatureSeen::Refused(why) => (
            "signature_refused",
            "authenticity",
            format!("The signature of record {n} is not accepted: {why}."),
        ),
        SignatureSeen::Unbuildable(_) if content_holds => (
            "signature_malformed",
            "authenticity",
            format!("Record {n} lacks what its signature covers."),
        ),
        _ => return,
    };
    let (expected, present) = match found {
        SignatureSeen::Missing => (Some("a signature"), Some("nothing")),
        _ => (None, None),
    };
    at.add(fault(code, claim, sentence), Some(field), expected, present);
}

const MOST_CARRIED: usize = 1_000;
