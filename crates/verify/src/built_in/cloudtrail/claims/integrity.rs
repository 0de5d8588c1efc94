//! Do the events agree with the digests, and the digests with their signatures?

use super::words;
use crate::built_in::aws::Signed;
use crate::built_in::cloudtrail::{Case, Vouched};
use crate::claims::check::{any_fails, not_applicable, not_checked, simple, tallied};
use crate::ledger::Tally;
use crate::phrase::{counted, either};
use crate::verification::{Basis, Check, CheckOutcome, Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn integrity(&self) -> Claim {
        let t = &self.tally;
        let checks = vec![
            tallied(
                "digest_format",
                "Every digest is in the form of a digest",
                t.form,
                t.digests_unread,
                &words("are", "is not", "are not", "no digest is here"),
            ),
            tallied(
                "object_place",
                "Every object lies where it was written",
                t.placed,
                t.unplaced,
                &words("lie there", "was moved", "were moved", "no object is here"),
            ),
            tallied(
                "digest_link",
                "Every digest has the hash that the next one links to",
                t.links,
                0,
                &words(
                    "have it",
                    "has not",
                    "have not",
                    "no digest links to another one that is here",
                ),
            ),
            tallied(
                "digest_order",
                "No digest stands beside its chain",
                Tally {
                    passed: self.digests.len() as u64 - t.apart,
                    failed: t.apart,
                },
                0,
                &words("follow one another", "does not", "do not", "no digest is here"),
            ),
            tallied(
                "log_hash",
                "Every log is the one that its digest lists",
                t.logs,
                t.logs_unread,
                &words("are", "is not", "are not", "no listed log is here"),
            ),
            self.reached(),
            tallied(
                "one_gzip_member",
                "Nothing follows the first gzip member of a file",
                Tally {
                    passed: t.form.passed + t.logs.passed,
                    failed: t.trailing,
                },
                0,
                &words("end with it", "goes on", "go on", "no file was read"),
            ),
            tallied(
                "record_readable",
                "Every log can be read, event by event",
                t.readable,
                t.over_limit,
                &words("can be read", "cannot", "cannot", "no event is here"),
            ),
            self.signature_content(),
        ];
        let sentence = self.integrity_sentence();
        let is_open = t.digests_unread + t.logs_unread + t.over_limit + t.unlisted_records > 0
            || t.unlisted_outside + t.unlisted_inside > 0
            || self.digests.is_empty();
        let (outcome, basis) = if any_fails(&checks) {
            (ClaimOutcome::Refuted, None)
        } else if is_open {
            (ClaimOutcome::NotProven, None)
        } else if self.all_pinned() {
            (ClaimOutcome::Proven, Some(Basis::Anchored))
        } else {
            (ClaimOutcome::Proven, Some(Basis::SelfConsistent))
        };
        Claim {
            outcome,
            basis,
            sentence,
            checks,
        }
    }

    /// The worst first.
    fn integrity_sentence(&self) -> String {
        let t = &self.tally;
        let told = |count: u64, one: &str, many: &str| counted(count, one, many);
        if t.logs.failed > 0 {
            let count = told(t.logs.failed, "log is", "logs are");
            return format!("{count} not as the digest lists: altered since.");
        }
        if t.links.failed > 0 {
            let count = told(t.links.failed, "digest is", "digests are");
            return format!("{count} not the one that the next digest links to: altered since.");
        }
        if t.form.failed > 0 {
            return format!(
                "{} an invalid format.",
                told(t.form.failed, "digest has", "digests have")
            );
        }
        if t.trailing > 0 {
            return format!(
                "{} on after the part that the digest covers.",
                told(t.trailing, "file goes", "files go")
            );
        }
        if t.placed.failed > 0 {
            return format!(
                "{} moved from where CloudTrail wrote it.",
                told(t.placed.failed, "object was", "objects were")
            );
        }
        if t.apart > 0 {
            return format!(
                "{} beside the chain.",
                told(t.apart, "digest stands", "digests stand")
            );
        }
        if t.readable.failed > 0 {
            return "A log or an event in it cannot be read.".into();
        }
        if self.carried_fails() > 0 {
            return "A signature does not fit the key in the bundle.".into();
        }
        if self.digests.is_empty() {
            return "No digest can be read, so that no hash covers any log.".into();
        }
        if t.digests_unread + t.logs_unread + t.over_limit > 0 {
            return "A part of the bundle could not be read, so it was not judged.".into();
        }
        let unlisted = t.unlisted_inside + t.unlisted_outside;
        if unlisted > 0 {
            return format!(
                "{} listed in no digest, so that no hash covers the events in {}.",
                told(unlisted, "log is", "logs are"),
                either(unlisted, "it", "them")
            );
        }
        let agree = "Every log agrees with its digest, and every digest with the next one";
        if self.all_pinned() {
            return format!("{agree}; a pinned key signed every digest.");
        }
        format!("{agree}; but whoever can write this file can remake it.")
    }

    fn reached(&self) -> Check {
        let (id, title) = ("log_reached", "Every log that is here is covered by a digest");
        let unlisted = self.tally.unlisted_inside + self.tally.unlisted_outside;
        match unlisted {
            0 if self.tally.logs.passed == 0 => not_applicable(id, title, "no log is here"),
            0 => simple(id, title, CheckOutcome::Pass, ""),
            _ => not_checked(
                id,
                title,
                &format!("{} in no digest", counted(unlisted, "log stands", "logs stand")),
            ),
        }
    }

    pub(super) fn carried_fails(&self) -> u64 {
        self.count(|vouched| *vouched == Vouched::Signed(Signed::CarriedFails))
    }

    pub(super) fn count(&self, is: impl Fn(&Vouched) -> bool) -> u64 {
        self.vouched.iter().filter(|vouched| is(vouched)).count() as u64
    }

    fn signature_content(&self) -> Check {
        let tally = Tally {
            passed: self.count(Vouched::verifies),
            failed: self.carried_fails(),
        };
        tallied(
            "signature_content",
            "No signature contradicts what it stands on",
            tally,
            0,
            &words("fit", "does not", "do not", "no signature was held against a key"),
        )
    }
}
