//! Do the records agree with the hashes and links that accompany them?

use super::Evidence;
use super::anchor::Anchors;
use super::check::{Words, any_fails, not_applicable, not_checked, simple, stated, tallied};
use crate::enclosure::digests_check;
use crate::ledger::{SignatureTally, Tally};
use crate::phrase::{counted, either, grouped, records};
use crate::profile::{Link, Profile};
use crate::statement::SignedBy;
use crate::told::Answer;
use crate::verification::{Basis, Check, CheckOutcome, Claim, ClaimOutcome};

pub(super) fn claim(e: &Evidence<'_>) -> Claim {
    let checks = checks(e);
    let not_proven = |sentence: String| (ClaimOutcome::NotProven, None, sentence);
    let (outcome, basis, sentence) = if any_fails(&checks) {
        (ClaimOutcome::Refuted, None, refuted(e, &checks))
    } else if let Some(why) = unjudged(e) {
        not_proven(why)
    } else {
        proven(e)
    };
    Claim {
        outcome,
        basis,
        sentence,
        checks,
    }
}

fn checks(e: &Evidence<'_>) -> Vec<Check> {
    let l = e.ledger;
    let mut checks = vec![
        bundle_digest_check(e.told.digest),
        members_check(e.members_unread, e.members_odd),
        tallied(
            "readable",
            "Every record can be read in one way only",
            l.parsed,
            l.skipped,
            &Words {
                holds: "are read",
                fails: "is not",
                fail: "are not",
                none: NO_RECORDS,
            },
        ),
    ];
    if let Some(profile) = e.profile {
        checks.extend(record_checks(e, profile));
    }
    if !e.enclosed.is_empty() {
        checks.push(digests_check(e.enclosed));
    }
    checks
}

fn record_checks(e: &Evidence<'_>, profile: &Profile) -> Vec<Check> {
    let l = e.ledger;
    let hash_words = Words {
        holds: "match",
        fails: "does not",
        fail: "do not",
        none: NO_RECORDS,
    };
    let mut checks = Vec::new();
    if profile.hash.as_ref().is_some_and(|hash| hash.field.is_some()) {
        let title = "Every record's content matches its recorded hash";
        checks.push(tallied("record_hash", title, l.hashes, l.open, &hash_words));
    }
    if !profile.checks.is_empty() {
        let title = "Every part matches its recorded hash";
        checks.push(tallied("field_hash", title, l.field_hashes, l.open, &hash_words));
    }
    if profile.link.as_ref().is_some_and(|link| link.field.is_some()) {
        let words = Words {
            holds: "links hold",
            fails: "is broken",
            fail: "are broken",
            none: "there are no two records",
        };
        let title = "Every record follows the one before it";
        checks.push(tallied("link", title, l.links, l.open, &words));
    }
    if !profile.signatures.is_empty() || profile.statement_signatures().next().is_some() {
        checks.push(signature_content(e, profile));
    }
    if profile.manifest.is_some() {
        let title = "Every listed member is the one that the manifest lists";
        checks.push(stated(
            "manifest",
            title,
            &e.statements.manifest,
            "the bundle has no manifest",
        ));
    }
    checks
}

/// Whether the bundle is the one that the sender named.
pub(crate) fn bundle_digest_check(answer: Answer) -> Check {
    let title = "The bundle is the one that the sender named";
    match answer {
        Answer::NotAsked => not_checked("bundle_digest", title, "no digest was told by another way"),
        Answer::Open(reason) => not_checked("bundle_digest", title, reason),
        Answer::Agrees => simple("bundle_digest", title, CheckOutcome::Pass, "SHA-256 equal"),
        Answer::Differs => simple("bundle_digest", title, CheckOutcome::Fail, "SHA-256 not equal"),
    }
}

/// Whether the container itself is whole: `unread` members cannot be read, `odd` places belong to none.
pub(crate) fn members_check(unread: u64, odd: u64) -> Check {
    let title = "Every member of the container can be read, and nothing else is in it";
    if odd > 0 {
        return Check {
            failed: odd,
            ..simple("members", title, CheckOutcome::Fail, "bytes belong to no member")
        };
    }
    if unread > 0 {
        return not_checked("members", title, &format!("{unread} cannot be read"));
    }
    simple("members", title, CheckOutcome::Pass, "")
}

/// Whether signatures agree with what they stand on, whoever made them.
fn signature_content(e: &Evidence<'_>, profile: &Profile) -> Check {
    let (id, title) = ("signature_content", "No signature contradicts what it stands on");
    let fits: u64 = e
        .ledger
        .signatures
        .iter()
        .map(|t| t.pinned + t.out_of_force + t.carried + t.wrong_but_carried)
        .sum();
    let records: u64 = e
        .ledger
        .signatures
        .iter()
        .map(|t| contradicting(profile, t))
        .sum();
    let statements = e.statements.all().into_iter();
    let contradicts = |signed: &SignedBy| {
        matches!(
            signed,
            SignedBy::Unpinned {
                carried_fails: true,
                ..
            }
        )
    };
    let statements = statements.filter(|stated| contradicts(&stated.signed)).count() as u64;
    let failed = records + statements + e.ledger.foreign_keys;
    let mut check = if failed > 0 {
        let detail = format!("{} fit no key", grouped(failed));
        simple(id, title, CheckOutcome::Fail, &detail)
    } else if fits > 0 {
        simple(
            id,
            title,
            CheckOutcome::Pass,
            &format!("{} fit a key", grouped(fits)),
        )
    } else if e.ledger.records == 0 {
        not_applicable(id, title, NO_RECORDS)
    } else {
        not_checked(id, title, "no key fits them, or none is at hand")
    };
    (check.passed, check.failed) = (fits, failed);
    check
}

/// Signatures that fail where others of the same key hold. Where no hash stands beside the content, that shows a
/// difference.
fn contradicting(profile: &Profile, t: &SignatureTally) -> u64 {
    let is_hashless = profile.hash.as_ref().is_none_or(|hash| hash.field.is_none());
    let among_others = if is_hashless && t.pinned + t.out_of_force > 0 {
        t.wrong - t.wrong_but_carried
    } else {
        0
    };
    t.carried_fails + t.carried_differs + among_others
}

/// Why integrity is not proven though nothing contradicts it.
fn unjudged(e: &Evidence<'_>) -> Option<String> {
    let l = e.ledger;
    if l.records == 0 {
        return Some("No record was found, so there is nothing to hold against a hash.".into());
    }
    if e.profile.is_none() {
        return Some("No hash or signature accompanies these records that a known format describes.".into());
    }
    if !l.extent_is_known() || l.open > 0 || e.members_unread > 0 {
        return Some("A part of the bundle could not be read, so it was not held against its hashes.".into());
    }
    match unreached(e) {
        0 => None,
        all if all == l.records => Some("No hash or checked signature reaches these records.".into()),
        some => Some(format!(
            "{} of {} {} reached by no hash and by no checked signature, and could differ.",
            grouped(some),
            records(l.records),
            either(some, "is", "are")
        )),
    }
}

/// Records that nothing reaches: neither a hash of their own, nor the next record, nor a checked signature.
fn unreached(e: &Evidence<'_>) -> u64 {
    let listing = e.statements.listing.as_ref();
    if e.statements.manifest.agrees() && listing.is_some_and(|listing| listing.covers_records) {
        return 0;
    }
    if e.enclosed.pins(e.record_members.iter().map(String::as_str)) {
        return 0;
    }
    let is_told = e.told.heads == Answer::Agrees;
    let ends = e.ledger.chains.values();
    let open_ends = ends
        .filter(|chain| chain.end_is_unreached && !is_told && chain.met != Some(chain.records))
        .count();
    e.ledger.unreached + open_ends as u64
}

fn refuted(e: &Evidence<'_>, checks: &[Check]) -> String {
    let of = records(e.ledger.records);
    let mut parts = Vec::new();
    for check in checks.iter().filter(|c| c.outcome == CheckOutcome::Fail) {
        let n = check.failed;
        parts.push(match check.id.as_str() {
            "bundle_digest" => "the bundle is not the one that the sender named".to_owned(),
            "members" => "the container holds bytes that belong to no member".into(),
            "readable" => format!(
                "{} be read in one way only",
                counted(n, "record cannot", "records cannot")
            ),
            "record_hash" => format!(
                "{} of {of} {} from what was recorded",
                grouped(n),
                either(n, "differs", "differ")
            ),
            "field_hash" => format!(
                "parts of {} of {of} {} from what was recorded",
                grouped(n),
                either(n, "differs", "differ")
            ),
            "link" => format!(
                "{} of {of} {} not follow the record before",
                grouped(n),
                either(n, "does", "do")
            ),
            "manifest" => "a member is not the one that the manifest lists".into(),
            "member_digests" => {
                "a member is not the one that a checksum or signature in the bundle is over".into()
            }
            _ => format!(
                "{} of the signatures {} what they stand on",
                grouped(n),
                either(n, "contradicts", "contradict")
            ),
        });
    }
    let mut sentence = parts.join(", and ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    format!("{sentence}.")
}

fn proven(e: &Evidence<'_>) -> (ClaimOutcome, Option<Basis>, String) {
    let l = e.ledger;
    let all = records(l.records);
    let is_linked = l.links.passed > 0 || follows_implicitly(e);
    let what = match (l.hashes != Tally::default(), is_linked) {
        (true, true) => format!("All {all} match their recorded hashes and follow one another"),
        (true, false) => format!("All {all} match their recorded hashes"),
        (false, true) => format!("All {all} follow one another, each naming the digest of the one before"),
        (false, false) if l.field_hashes != Tally::default() => {
            format!("Parts of all {all} match their recorded hashes")
        }
        (false, false)
            if l.signatures
                .iter()
                .any(|t| t.pinned + t.out_of_force + t.carried > 0) =>
        {
            format!("All {all} match their signatures")
        }
        (false, false) if e.statements.listing.is_none() => {
            format!("All {all} lie in members that are signed")
        }
        (false, false) => format!("All {all} lie in members that the manifest lists"),
    };
    let what = match l.restarts {
        0 => what,
        more => format!("{what}, in {} trails", grouped(more + 1)),
    };
    let anchors = Anchors::of(e);
    match anchors.and_then(|anchors| anchors.reach_everything()) {
        Some(by) => (
            ClaimOutcome::Proven,
            Some(Basis::Anchored),
            format!("{what}; {by}."),
        ),
        None => (
            ClaimOutcome::Proven,
            Some(Basis::SelfConsistent),
            format!(
                "{what}. Nothing outside the bundle vouches for all of that: whoever can write this file can remake it."
            ),
        ),
    }
}

fn follows_implicitly(e: &Evidence<'_>) -> bool {
    let link = e.profile.and_then(|profile| profile.link.as_ref());
    matches!(link, Some(Link { field: None, .. })) && e.ledger.records > 1
}

const NO_RECORDS: &str = "there are no records";
