//! From statements and members to four claims.

use super::records::Tally;
use crate::advice::unreached_line;
use crate::built_in::{Bundle, Judgement};
use crate::enclosure::{
    Enclosed, Stamped, Vouched, digests_check, lists_check, signatures_check, stamp_check,
};
use crate::phrase::{counted, either, grouped, instant};
use crate::verification::{Basis, Claim, ClaimOutcome, Claims};

pub(super) fn judge(bundle: &Bundle<'_>, enclosed: &Enclosed, content: &[&str], tally: Tally) -> Judgement {
    let mut judgement = Judgement::open(bundle.request);
    let view = View {
        enclosed,
        content,
        is_whole: tally.broken + tally.skipped == 0,
    };
    for fault in tally.faults {
        judgement.faults.add(fault);
    }
    for (index, fault) in enclosed.faults.iter().enumerate() {
        if !tally.told.contains(&index) {
            judgement.faults.add(fault.clone());
        }
    }
    judgement.claims = Claims {
        integrity: view.integrity(),
        authenticity: view.authenticity(),
        completeness: view.completeness(),
        time: view.time(),
    };
    judgement.checked = tally.checked;
    judgement.signed = tally.signed;
    judgement.uncovered_fields = enclosed.uncovered();
    judgement.keys = enclosed.keys();
    judgement.members_unread = tally.broken;
    judgement.extent_is_known = view.is_whole;
    judgement.not_proven = view.not_proven(&judgement.claims, bundle);
    judgement.next_steps = view.next_steps(&judgement.claims);
    judgement.warnings = enclosed.notes();
    judgement
}

struct View<'v> {
    enclosed: &'v Enclosed,
    content: &'v [&'v str],
    /// Whether every member was read to its end.
    is_whole: bool,
}

impl View<'_> {
    fn integrity(&self) -> Claim {
        let all = self.content.len();
        let unreached: Vec<&str> =
            self.without(|standing| standing.listed || standing.carried || standing.pinned.is_some());
        let (outcome, basis, sentence) = if let Some(refuted) = self.refuted("integrity") {
            (ClaimOutcome::Refuted, None, refuted)
        } else if !self.is_whole {
            open("A part of the bundle could not be read, so it was not held against its digests.")
        } else if all == 0 {
            open("The bundle holds nothing but statements, keys and signatures.")
        } else if unreached.len() == all {
            open("No digest and no checked signature that proves anything reaches these members.")
        } else if let Some(first) = unreached.first() {
            let count = unreached.len() as u64;
            let sentence = format!(
                "{} of {}, such as {first}, {} reached by no digest and by no checked signature, and could differ.",
                grouped(count),
                members(all),
                either(count, "is", "are")
            );
            (ClaimOutcome::NotProven, None, sentence)
        } else if self.enclosed.pins(self.content.iter().copied()) {
            let sentence = format!(
                "All {} are as they were signed: a signature under a key you pinned reaches every one of them.",
                members(all)
            );
            (ClaimOutcome::Proven, Some(Basis::Anchored), sentence)
        } else {
            let sentence = format!(
                "All {} match the digests or signatures that accompany them. Nothing outside the bundle vouches for all \
                 of that: whoever can write this file can remake it.",
                members(all)
            );
            (ClaimOutcome::Proven, Some(Basis::SelfConsistent), sentence)
        };
        Claim {
            outcome,
            basis,
            sentence,
            checks: vec![digests_check(self.enclosed)],
        }
    }

    fn authenticity(&self) -> Claim {
        let check = signatures_check(self.enclosed).unwrap_or_else(|| {
            crate::claims::not_applicable_check(
                "member_signatures",
                "Signatures over members fit a key you pinned",
                "the bundle carries no signature",
            )
        });
        let unpinned = self.without(|standing| standing.pinned.is_some());
        let has = |holds: fn(&Vouched) -> bool| self.enclosed.signed().any(|one| holds(&one.vouched));
        let (outcome, _, sentence) = if let Some(refuted) = self.refuted("authenticity") {
            (ClaimOutcome::Refuted, None, refuted)
        } else if !self.is_whole {
            open("A part of the bundle could not be read, so its signatures were not checked.")
        } else if self.enclosed.pins(self.content.iter().copied()) {
            let sentence = format!(
                "A signature under the key you pinned{} reaches all {}.",
                self.owner(),
                members(self.content.len())
            );
            (ClaimOutcome::Proven, None, sentence)
        } else if has(|vouched| matches!(vouched, Vouched::Pinned(_))) {
            let sentence = format!(
                "{} of {}{} reached by no signature under a key you pinned.",
                grouped(unpinned.len() as u64),
                members(self.content.len()),
                unpinned.first().map_or_else(String::new, |first| format!(
                    ", such as {first}, {}",
                    either(unpinned.len() as u64, "is", "are")
                ))
            );
            (ClaimOutcome::NotProven, None, sentence)
        } else if has(|vouched| {
            matches!(
                vouched,
                Vouched::Unpinned {
                    carried_verifies: true,
                    ..
                }
            )
        }) {
            open(
                "The signing key was found only in the bundle. It shows that the bundle agrees with itself, not who made it.",
            )
        } else if has(|vouched| matches!(vouched, Vouched::Unpinned { .. })) {
            open("No key is pinned for these signatures, so they were not checked.")
        } else {
            open("The bundle carries no signature, so nothing shows who made it.")
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks: vec![check],
        }
    }

    fn completeness(&self) -> Claim {
        let unlisted = self.without(|standing| standing.listed).len() as u64;
        let (outcome, _, sentence) = if let Some(refuted) = self.refuted("completeness") {
            (ClaimOutcome::Refuted, None, refuted)
        } else if !self.is_whole {
            open("A part of the bundle could not be read, so its extent is not known.")
        } else if self.enclosed.fixes_extent(self.content.iter().copied()) {
            let sentence = format!(
                "A closed list that a key you pinned signed names all {}, and nothing else is here.",
                members(self.content.len())
            );
            (ClaimOutcome::Proven, None, sentence)
        } else if self.enclosed.lists().next().is_none() {
            open("Nothing lists what belongs to the bundle. A member that was left out would leave no trace.")
        } else if unlisted > 0 {
            let sentence = format!(
                "{} listed nowhere, so no list fixes what belongs here.",
                counted(unlisted, "member is", "members are")
            );
            (ClaimOutcome::NotProven, None, sentence)
        } else if self.enclosed.all.iter().any(|one| one.closed_below.is_some()) {
            open(
                "The bundle lists what belongs to it, and nobody you trust signed that: a shorter list can be written.",
            )
        } else {
            open("The bundle lists members, and no list says that nothing else belongs here.")
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks: lists_check(self.enclosed, unlisted).into_iter().collect(),
        }
    }

    fn time(&self) -> Claim {
        let all = self.content.len();
        let stamped = self.enclosed.stamped(self.content.iter().copied());
        let (outcome, _, sentence) = if let Some(refuted) = self.refuted("time") {
            (ClaimOutcome::Refuted, None, refuted)
        } else {
            match &stamped {
                Stamped::All(at, by) if self.is_whole => {
                    let sentence = format!(
                        "Everything here existed no later than {}. So says {by}, whom you pinned; nothing says when it began to.",
                        instant(*at)
                    );
                    (ClaimOutcome::Proven, None, sentence)
                }
                Stamped::All(..) => {
                    open("A part of the bundle could not be read, so no time stamp covers it.")
                }
                Stamped::Part(some) => {
                    let sentence = format!(
                        "Time stamps cover {} of {}; for the others every time is the recorder's own word.",
                        grouped(*some as u64),
                        members(all)
                    );
                    (ClaimOutcome::NotProven, None, sentence)
                }
                Stamped::Nothing => open(
                    "Every time is the recorder's own word: no time stamp of anybody whom you pinned covers it.",
                ),
            }
        };
        Claim {
            outcome,
            basis: None,
            sentence,
            checks: vec![stamp_check(self.enclosed, &stamped, all)],
        }
    }

    /// Members of which something does not hold.
    fn without(&self, holds: impl Fn(&crate::enclosure::Standing) -> bool) -> Vec<&str> {
        let content = self.content.iter().copied();
        content
            .filter(|member| !holds(&self.enclosed.standing(member)))
            .collect()
    }

    fn refuted(&self, claim: &str) -> Option<String> {
        let first = self.enclosed.first(claim)?;
        let others = self.enclosed.count(claim) - 1;
        Some(if others == 0 {
            first.to_owned()
        } else {
            format!(
                "{first} {} more like this {}.",
                counted(others, "fault", "faults"),
                either(others, "is listed", "are listed")
            )
        })
    }

    fn owner(&self) -> String {
        let owner = self.enclosed.owner();
        owner.map_or_else(String::new, |name| format!(" for {name}"))
    }

    fn not_proven(&self, claims: &Claims, bundle: &Bundle<'_>) -> Vec<String> {
        let mut lines = vec![
            "That nothing was left out before it was packed.".to_owned(),
            "Anything about what the members say: no format of records was recognised in them.".to_owned(),
        ];
        if claims.integrity.outcome != ClaimOutcome::Proven {
            lines.push("That every member is as it was packed.".into());
        } else if claims.integrity.basis == Some(Basis::SelfConsistent) {
            lines.push("That nobody remade the whole bundle: it agrees with itself only.".into());
        }
        lines.extend(unreached_line(&self.enclosed.uncovered()));
        if claims.authenticity.outcome != ClaimOutcome::Proven {
            lines.push("Who made it.".into());
        }
        if claims.completeness.outcome != ClaimOutcome::Proven {
            lines.push("That no member is missing.".into());
        }
        if claims.time.outcome != ClaimOutcome::Proven {
            lines.push("That any time shown is true.".into());
        }
        let names_are_free = self.content.iter().any(|member| {
            let standing = self.enclosed.standing(member);
            standing.pinned.is_some() && !standing.listed_under_pin
        });
        if names_are_free {
            lines.push(
                "That members bear the names under which they were signed: a signature over one member covers its bytes only."
                    .into(),
            );
        }
        if bundle.request.trust.has_period_among(&self.enclosed.keys()) {
            lines.push("That a key was in force when it signed: that needs a time from someone else.".into());
        }
        lines
    }

    fn next_steps(&self, claims: &Claims) -> Vec<String> {
        let mut lines = Vec::new();
        let all = [
            &claims.integrity,
            &claims.authenticity,
            &claims.completeness,
            &claims.time,
        ];
        if all.iter().any(|claim| claim.outcome == ClaimOutcome::Refuted) {
            lines.push(
                "Write a finding from the faults, and ask for the bundle again from its source.".to_owned(),
            );
        }
        let is_open = |claim: &Claim| claim.outcome == ClaimOutcome::NotProven;
        if is_open(&claims.authenticity) {
            lines.push(if self.enclosed.signed().next().is_some() {
                "Ask the signer for the public key by another way, confirm its fingerprint, and pin it.".into()
            } else {
                "Ask the sender for a signature over the list of members, with a key that you confirm by another way.".into()
            });
        }
        if is_open(&claims.completeness) {
            lines.push("Ask for a signed list that says that nothing else belongs to the bundle, such as a bag with a signed tag manifest.".into());
        }
        lines.push("Records can be searched and sampled; the report carries this verdict.".into());
        lines
    }
}

fn open(sentence: &str) -> (ClaimOutcome, Option<Basis>, String) {
    (ClaimOutcome::NotProven, None, sentence.to_owned())
}

fn members(count: usize) -> String {
    counted(count as u64, "member", "members")
}
