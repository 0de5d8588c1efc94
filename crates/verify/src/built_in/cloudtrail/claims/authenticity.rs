//! Did AWS sign the digests, under keys that the reviewer pinned?

use super::words;
use crate::built_in::aws::Signed;
use crate::built_in::cloudtrail::{Case, Vouched, name};
use crate::claims::check::tallied;
use crate::ledger::Tally;
use crate::phrase::{counted, either};
use crate::verification::{Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn authenticity(&self) -> Claim {
        let is = |wanted: fn(&Signed) -> bool| {
            self.count(|vouched| matches!(vouched, Vouched::Signed(signed) if wanted(signed)))
        };
        let wrong = is(|signed| matches!(signed, Signed::Wrong { .. } | Signed::Malformed));
        let carried = is(|signed| {
            matches!(
                signed,
                Signed::Wrong {
                    carried_verifies: true
                }
            )
        });
        let pinned = self.count(Vouched::is_pinned);
        let open = self.digests.len() as u64 - wrong - pinned;
        let check = tallied(
            "digest_signature",
            "A pinned key signed every digest",
            Tally {
                passed: pinned,
                failed: wrong,
            },
            open,
            &words("are signed by it", "is not", "are not", "no digest is here"),
        );
        let (outcome, sentence) = if wrong > 0 {
            let also = if carried > 0 {
                "; it fits the key that the bundle carries"
            } else {
                ""
            };
            let count = counted(wrong, "digest", "digests");
            let sentence = format!("The signature of {count} does not fit the pinned key{also}.");
            (ClaimOutcome::Refuted, sentence)
        } else if let Some(why) = self.not_authentic() {
            (ClaimOutcome::NotProven, why)
        } else {
            let sentence = format!(
                "AWS CloudTrail recorded this for {}: the pinned key signed every digest, and the digests reach every event.",
                self.accounts()
            );
            (ClaimOutcome::Proven, sentence)
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks: vec![check],
        }
    }

    /// The accounts that the digests name: AWS signs for all of them with one key.
    pub(super) fn accounts(&self) -> String {
        let account = |id: &str| id.split('_').next().unwrap_or_default().to_owned();
        let mut accounts: Vec<String> = self.chains.iter().map(|chain| account(&chain.id)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let count = accounts.len() as u64;
        accounts.truncate(MOST_NAMED);
        let more = if count > MOST_NAMED as u64 { " …" } else { "" };
        format!(
            "{} {}{more}",
            either(count, "account", "accounts"),
            accounts.join(", ")
        )
    }

    /// Why it is not shown who recorded every event.
    fn not_authentic(&self) -> Option<String> {
        let t = &self.tally;
        if self.digests.is_empty() {
            return Some("No digest can be read, so that no signature reaches any log.".into());
        }
        let first = |is: fn(&Vouched) -> bool| {
            let number = self.vouched.iter().position(is)?;
            self.digests.get(number)
        };
        if let Some(digest) = first(|vouched| *vouched == Vouched::Unsigned) {
            let name = name::base(&digest.object);
            return Some(format!(
                "The signature of the digest {name} is not here: the metadata of its object has it, or the digest after it."
            ));
        }
        if let Some(why) = self.out_of_force() {
            return Some(why);
        }
        if let Some(digest) = first(|vouched| !vouched.is_pinned()) {
            let carried = self.count(|vouched| matches!(vouched, Vouched::Signed(Signed::Carried(_))));
            let also = match carried {
                0 => "",
                _ => {
                    " The key that the bundle carries fits, which proves only that the bundle agrees with itself."
                }
            };
            return Some(format!(
                "No key with the fingerprint {} is pinned, so that it is not known who signed.{also}",
                digest.fingerprint
            ));
        }
        let unreached = t.unlisted_records + t.altered_records;
        if unreached > 0 {
            let count = counted(unreached, "event", "events");
            return Some(format!(
                "No signature reaches {count}: the logs are unlisted or altered."
            ));
        }
        let unread = t.digests_unread + t.logs_unread + t.form.failed + t.over_limit;
        (unread > 0)
            .then(|| "A part of the bundle could not be judged, so no signature speaks for it.".into())
    }

    /// What is said of the first digest whose key, by the period that is stated of it, did not sign at that time.
    pub(super) fn out_of_force(&self) -> Option<String> {
        let (digest, index) = self
            .digests
            .iter()
            .zip(&self.vouched)
            .find_map(|(digest, vouched)| match vouched {
                Vouched::Signed(Signed::OutOfForce(index)) => Some((digest, *index)),
                _ => None,
            })?;
        let key = self.bundle.request.trust.keys().get(index)?;
        Some(format!(
            "The key {} fits the signature of the digest {}, but by the period that is stated of it ({}) it did not sign for \
             AWS then. So it is not shown who did.",
            digest.fingerprint,
            name::base(&digest.object),
            key.period_said()
        ))
    }
}

/// Things that one sentence names.
const MOST_NAMED: usize = 5;
