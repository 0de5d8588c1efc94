//! From what a built-in verifier came to, to a verification: what every bundle is asked is added here.

use std::collections::BTreeSet;

use tickmark_formats::container::MemberFault;

use super::{BuiltIn, Bundle, Judgement, Watch};
use crate::advice::programs_warning;
use crate::claims::{Sighting, bundle_digest_check, members_check, told_check, verdict_of};
use crate::enclosure::{Enclosed, Stamped, digests_check, lists_check, signatures_check, stamp_check};
use crate::fault::fault;
use crate::phrase::{grouped, instant};
use crate::request::{Observer, VerifyError};
use crate::stream::is_odd;
use crate::told::Answer;
use crate::verification::{
    Basis, BundleId, Check, CheckOutcome, Claim, ClaimOutcome, Counts, Fault, SCHEMA, Tool, Verification,
};

/// Judges a bundle with a built-in verifier.
pub(crate) fn judge(
    built_in: &BuiltIn,
    bundle: &Bundle<'_>,
    sighting: &Sighting,
    sha256: Option<&str>,
    observer: &mut dyn Observer,
) -> Result<Verification, VerifyError> {
    sha256.iter().for_each(|sha256| observer.digest(sha256));
    let bytes_total = bundle.inventory.members.values().map(|held| held.bytes).sum();
    let mut watch = Watch::new(observer, bytes_total);
    let judged = built_in.verifier.judge(bundle, &mut watch);
    let judgement = judged.map_err(|_| VerifyError::Cancelled)?;
    let enclosed = if built_in.is_fallback {
        // it judged these statements itself
        Enclosed::default()
    } else {
        Enclosed::of(bundle, &|_| false)
    };
    let assembly = Assembly {
        bundle,
        records: watch.records(),
        record_members: watch.members().clone(),
        enclosed,
        judgement,
    };
    Ok(assembly.verification(built_in, sighting, sha256))
}

struct Assembly<'a> {
    bundle: &'a Bundle<'a>,
    records: u64,
    record_members: BTreeSet<String>,
    enclosed: Enclosed,
    judgement: Judgement,
}

impl Assembly<'_> {
    fn verification(mut self, built_in: &BuiltIn, sighting: &Sighting, sha256: Option<&str>) -> Verification {
        self.settle();
        self.hold_enclosures();
        self.hold_sighting(built_in, sighting);
        self.hold_digest(sha256);
        self.hold_members();
        self.hold_head();
        self.hold_count();
        let (verdict, sentence) = verdict_of(&self.judgement.claims, self.records);
        let container = self.bundle.container;
        let mut j = self.judgement;
        j.warnings.extend(programs_warning(self.bundle.inventory));
        let (faults, fault_groups) = j.faults.to_parts();
        Verification {
            schema: SCHEMA.to_owned(),
            tool: Tool::this(),
            bundle: BundleId {
                name: container.name().to_owned(),
                sha256: sha256.unwrap_or_default().to_owned(),
                bytes: container.len(),
                packing: container.packing().iter().map(ToString::to_string).collect(),
            },
            profile: Some(built_in.reference()),
            verdict,
            sentence,
            claims: j.claims,
            counts: Counts {
                records: self.records,
                checked: j.checked,
                signed: j.signed,
                unsigned: self.records.saturating_sub(j.signed),
                chains: j.chains.len() as u64,
                members: self.bundle.inventory.members.len() as u64,
                faults: j.faults.total(),
                proof_level: None,
            },
            faults,
            fault_groups,
            uncovered_fields: j.uncovered_fields,
            keys: j.keys,
            chains: j.chains,
            continuity: Vec::new(),
            not_proven: j.not_proven,
            next_steps: j.next_steps,
            warnings: j.warnings,
        }
    }

    /// Holds a verifier to the rules that no claim may break: a failing check refutes, and nothing is proven of nothing.
    fn settle(&mut self) {
        for claim in self.claims() {
            let fails = claim
                .checks
                .iter()
                .any(|check| check.outcome == CheckOutcome::Fail);
            if fails && claim.outcome != ClaimOutcome::Refuted {
                claim.outcome = ClaimOutcome::Refuted;
                claim.basis = None;
            }
        }
        if self.records == 0 {
            for claim in self.claims() {
                claim.leave_open("No record was found, so nothing is proven.");
            }
        }
    }

    fn claims(&mut self) -> [&mut Claim; 4] {
        let claims = &mut self.judgement.claims;
        [
            &mut claims.integrity,
            &mut claims.authenticity,
            &mut claims.completeness,
            &mut claims.time,
        ]
    }

    fn hold_sighting(&mut self, built_in: &BuiltIn, sighting: &Sighting) {
        let other = sighting.fault(built_in.id);
        let sentence = other
            .as_ref()
            .map_or_else(String::new, |fault| fault.sentence.clone());
        if let Some(other) = other {
            self.judgement.faults.add(other);
        }
        self.judgement
            .claims
            .authenticity
            .hold(sighting.check(), &sentence);
    }

    fn hold_digest(&mut self, sha256: Option<&str>) {
        let told = self.bundle.request.expect_sha256.as_deref().map(str::trim);
        let answer = match (told, sha256) {
            (None, _) => Answer::NotAsked,
            (Some(_), None) => Answer::Open("the bundle could not be read to its end"),
            (Some(told), Some(sha256)) if told.eq_ignore_ascii_case(sha256) => Answer::Agrees,
            (Some(told), Some(sha256)) => {
                let sentence = "The bundle is not the one that the sender named.";
                let difference = fault("bundle_digest_mismatch", "integrity", sentence);
                self.judgement.faults.add(difference.between(told, sha256));
                Answer::Differs
            }
        };
        let check = bundle_digest_check(answer);
        let integrity = &mut self.judgement.claims.integrity;
        integrity.hold(check, "The bundle is not the one that the sender named.");
    }

    /// Statements about whole members beside the format: what contradicts them refutes, and a pinned signature or time stamp
    /// over every member with records adds what it proves. Completeness stays the format's own.
    fn hold_enclosures(&mut self) {
        let enclosed = std::mem::take(&mut self.enclosed);
        if enclosed.is_empty() {
            return;
        }
        let members = || self.record_members.iter().map(String::as_str);
        let stamped = enclosed.stamped(members());
        let is_pinned = enclosed.pins(members());
        let unlisted = members()
            .filter(|member| !enclosed.standing(member).listed)
            .count() as u64;
        let stamp = stamp_check(&enclosed, &stamped, self.record_members.len());
        let j = &mut self.judgement;
        j.uncovered_fields.extend(enclosed.uncovered());
        enclosed
            .faults
            .iter()
            .for_each(|fault| j.faults.add(fault.clone()));
        let first = |claim| enclosed.first(claim).unwrap_or_default();
        let claims = &mut j.claims;
        claims
            .integrity
            .hold(digests_check(&enclosed), first("integrity"));
        if let Some(check) = lists_check(&enclosed, unlisted) {
            claims.completeness.hold(check, first("completeness"));
        }
        let is_open = |check: &Check| check.outcome == CheckOutcome::NotChecked;
        let own_is_open = claims.authenticity.checks.iter().any(is_open);
        if let Some(check) = signatures_check(&enclosed) {
            claims.authenticity.hold(check, first("authenticity"));
        }
        if enclosed.count("time") > 0 {
            claims.time.hold(
                Check {
                    id: "member_time".into(),
                    ..stamp
                },
                first("time"),
            );
        } else if let Stamped::All(at, by) = stamped
            && claims.time.outcome == ClaimOutcome::NotProven
        {
            claims.time.outcome = ClaimOutcome::Proven;
            claims.time.sentence = format!(
                "All records existed no later than {}. So says {by}, whom you pinned; nothing says when each was made.",
                instant(at)
            );
            claims.time.checks.retain(|check| check.id != stamp.id);
            claims.time.checks.push(stamp);
        }
        let by = "a signature under a key you pinned reaches every member with records";
        if is_pinned && claims.integrity.basis == Some(Basis::SelfConsistent) {
            claims.integrity.basis = Some(Basis::Anchored);
            claims.integrity.sentence = format!("All records agree with what accompanies them; {by}.");
        }
        if is_pinned && !own_is_open && claims.authenticity.outcome == ClaimOutcome::NotProven {
            claims.authenticity.outcome = ClaimOutcome::Proven;
            claims.authenticity.sentence =
                "A signature under a key you pinned reaches every member with records.".into();
        }
        j.keys.extend(enclosed.keys());
        j.warnings.extend(enclosed.notes());
    }

    fn hold_members(&mut self) {
        let (mut unread, mut odd) = (self.judgement.members_unread, 0);
        for found in &self.bundle.inventory.faults {
            if is_odd(&found.kind) {
                odd += 1;
            } else {
                unread += 1;
            }
            self.judgement.faults.add(told_of(found));
        }
        let integrity = &mut self.judgement.claims.integrity;
        integrity.hold(
            members_check(unread, odd),
            "The container holds bytes that belong to no member.",
        );
        if unread > 0 || !self.judgement.extent_is_known {
            let why = "A part of the bundle could not be read, so it was not judged.";
            self.judgement.claims.integrity.leave_open(why);
            self.judgement.claims.authenticity.leave_open(why);
            self.judgement.claims.completeness.leave_open(why);
            self.judgement.claims.time.leave_open(why);
        }
    }

    /// Every told head must be the end of a chain.
    fn hold_head(&mut self) {
        let told = &self.bundle.request.expect_head;
        let heads: Vec<String> = self
            .judgement
            .chains
            .iter()
            .map(|chain| plain(&chain.head))
            .collect();
        let missed: Vec<&String> = told.iter().filter(|head| !heads.contains(&plain(head))).collect();
        let answer = if told.is_empty() {
            Answer::NotAsked
        } else if heads.is_empty() {
            Answer::Open("this format ends with no hash")
        } else if missed.is_empty() {
            Answer::Agrees
        } else {
            Answer::Differs
        };
        let end = heads.first().cloned().unwrap_or_default();
        for head in missed {
            if answer == Answer::Differs {
                let sentence = "The trail does not end with the hash you were told.";
                let difference = fault("head_mismatch", "completeness", sentence);
                self.judgement.faults.add(difference.between(head, &end));
            }
        }
        let check = told_check("expected_head", "The last hash is the one you were told", answer);
        let completeness = &mut self.judgement.claims.completeness;
        completeness.hold(check, "The trail does not end with the hash you were told.");
    }

    fn hold_count(&mut self) {
        let answer = match self.bundle.request.expect_count {
            None => Answer::NotAsked,
            Some(_) if !self.judgement.extent_is_known => {
                Answer::Open("a part of the bundle could not be read")
            }
            Some(told) if told == self.records => Answer::Agrees,
            Some(_) => Answer::Differs,
        };
        let told = self.bundle.request.expect_count.unwrap_or_default();
        let sentence = format!(
            "You were told {} records; {} are here.",
            grouped(told),
            grouped(self.records)
        );
        if answer == Answer::Differs {
            let difference = fault("count_mismatch", "completeness", sentence.clone());
            let difference = difference.between(&told.to_string(), &self.records.to_string());
            self.judgement.faults.add(difference);
        }
        let title = "The number of records is the one you were told";
        let check = told_check("expected_count", title, answer);
        self.judgement.claims.completeness.hold(check, &sentence);
    }
}

fn told_of(found: &MemberFault) -> Fault {
    let sentence = format!("{}: {}.", found.member, found.kind);
    let mut told = fault(found.kind.code(), "integrity", sentence);
    told.member = Some(found.member.clone());
    told
}

/// A hash as it is compared: without an algorithm's name before it, hex in lower case.
fn plain(head: &str) -> String {
    let head = head.trim();
    let digits = head.rsplit_once(':').map_or(head, |(_, digits)| digits);
    digits.to_ascii_lowercase()
}
