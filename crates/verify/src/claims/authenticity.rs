//! Did the expected party record them?

use super::Evidence;
use super::anchor::Anchors;
use super::check::{any_fails, not_applicable, simple};
use crate::enclosure::signatures_check;
use crate::ledger::SignatureTally;
use crate::phrase::{either, grouped, records};
use crate::profile::{Profile, Required, Signature};
use crate::statement::{SignedBy, Stated};
use crate::verification::{Check, CheckOutcome, Claim, ClaimOutcome};

pub(super) fn claim(e: &Evidence<'_>) -> Claim {
    let mut checks = vec![e.sighting.check()];
    for (index, tally) in e.ledger.signatures.iter().enumerate() {
        checks.push(signature_check(index, tally, e.ledger.records));
    }
    for statement in signed_statements(e) {
        checks.push(statement_check(&statement));
    }
    checks.extend(signatures_check(e.enclosed));
    if checks.len() == 1 {
        let title = "Every record is signed with a key you pinned";
        let reason = "the format carries no signature";
        checks.push(not_applicable("signature", title, reason));
    }
    let (outcome, sentence) = if any_fails(&checks) {
        (ClaimOutcome::Refuted, refuted(e))
    } else if is_proven(e) {
        (ClaimOutcome::Proven, proven(e))
    } else {
        (ClaimOutcome::NotProven, unproven(e))
    };
    Claim {
        outcome,
        basis: None,
        sentence,
        checks,
    }
}

/// Whether every record is reached by a signature under a pinned key, and none that is required is left unchecked.
fn is_proven(e: &Evidence<'_>) -> bool {
    let Some(profile) = e.profile else { return false };
    let l = e.ledger;
    let open = |spec: &Required, tally: &SignatureTally| {
        *spec != Required::Never && tally.unpinned + tally.out_of_force > 0
    };
    let mut specs = profile.signatures.iter().zip(&l.signatures);
    let any_open = specs.any(|(spec, tally)| open(&spec.required, tally));
    l.records > 0
        && l.parsed.failed == 0
        && l.extent_is_known()
        && !any_open
        && Anchors::of(e).is_some_and(|anchors| anchors.sign_every_record())
}

fn proven(e: &Evidence<'_>) -> String {
    let l = e.ledger;
    let all = records(l.records);
    let specs = e.profile.iter().flat_map(|profile| &profile.signatures);
    let mut everywhere = specs
        .zip(&l.signatures)
        .filter(|(_, tally)| tally.pinned == l.records)
        .map(|(spec, _)| spec)
        .peekable();
    if everywhere.peek().is_none() {
        return format!(
            "A statement that covers all {all} is signed with the key you pinned{}.",
            owner(e)
        );
    }
    if everywhere.any(Signature::may_be_keyed) {
        return format!(
            "All {all} carry a keyed digest under the secret you pinned. It shows that a holder of the secret made it, \
             which includes whoever checks it."
        );
    }
    format!("All {all} are signed with the key you pinned{}.", owner(e))
}

fn unproven(e: &Evidence<'_>) -> String {
    let l = e.ledger;
    let total = SignatureTally::total(&l.signatures);
    let statements = signed_statements(e);
    let has_signatures = e.profile.is_some_and(|p| !p.signatures.is_empty()) || !statements.is_empty();
    let carried = |s: &Statement<'_>| s.stated.signed.carried().is_some();
    let unpinned = |s: &Statement<'_>| matches!(s.stated.signed, SignedBy::Unpinned { .. });
    let out_of_force = |s: &Statement<'_>| matches!(s.stated.signed, SignedBy::OutOfForce(_));
    if l.records == 0 {
        "No record was found, so nobody is shown to have recorded it.".into()
    } else if e.profile.is_none() {
        "No known format describes who signed these records.".into()
    } else if !has_signatures {
        "This format carries no signature, so nothing shows who recorded it.".into()
    } else if total.carried > 0 || (total.unpinned == 0 && statements.iter().any(carried)) {
        "The signing key was found only in the bundle. It shows that the bundle agrees with itself, not who made it."
            .into()
    } else if total.unpinned > 0 || statements.iter().any(unpinned) {
        "No key is pinned for these signatures, so they were not checked.".into()
    } else if !l.extent_is_known() {
        "A part of the bundle could not be read, so its signatures were not checked.".into()
    } else if total.out_of_force == 0 && statements.iter().any(out_of_force) {
        "The key that signed the closing statement was not in force when the records say that they were made. That is their \
         recorder's own word: it refutes nothing, and it proves nothing."
            .into()
    } else if total.out_of_force > 0 {
        let count = total.out_of_force.min(l.records);
        format!(
            "{} of {} {} no time at which the key that signed {} was in force. A time in a record is its recorder's own \
             word: it refutes nothing, and it proves nothing.",
            grouped(count),
            records(l.records),
            either(count, "tells", "tell"),
            either(count, "it", "them")
        )
    } else if total.pinned > 0 {
        format!(
            "{} of {} are signed with a key you pinned; no signature reaches all of the others.",
            grouped(total.pinned.min(l.records)),
            records(l.records)
        )
    } else {
        "No signature reaches these records.".into()
    }
}

fn refuted(e: &Evidence<'_>) -> String {
    let l = e.ledger;
    let total = SignatureTally::total(&l.signatures);
    let all = records(l.records);
    let statements = signed_statements(e);
    let lacking = |s: &Statement<'_>| matches!(s.stated.signed, SignedBy::Missing { required: true });
    let expected = e.profile.map_or("", |profile| profile.id.as_str());
    if let Some(other) = e.sighting.fault(expected) {
        return other.sentence;
    }
    if total.missing > 0 {
        return format!(
            "{} of {all} lack the signature that the format requires.",
            grouped(total.missing)
        );
    }
    let statement_fails = |s: &Statement<'_>| s.stated.signed.is_refuted();
    if let Some(first) = e.enclosed.first("authenticity")
        && total.wrong + total.malformed == 0
        && !statements.iter().any(statement_fails)
    {
        return first.to_owned();
    }
    if total.wrong + total.malformed == 0 {
        if statements.iter().any(lacking) {
            return "A statement about all records lacks the signature that its format requires.".into();
        }
        let wrong = |s: &&Statement<'_>| s.stated.signed.is_refuted();
        let statement = statements.iter().find(wrong);
        let carried = statement.and_then(|s| s.stated.signed.carried()).is_some();
        return format!(
            "The signature on the closing statement does not fit the key you pinned.{}",
            carried_too(carried)
        );
    }
    if total.wrong == 0 {
        return format!(
            "{} of {all} carry a signature that cannot be read.",
            grouped(total.malformed)
        );
    }
    let carried = carried_too(total.wrong_but_carried > 0);
    if total.wrong >= l.records {
        return format!(
            "The signatures do not fit the key you pinned{}.{carried}",
            first_owner(e)
        );
    }
    format!(
        "The signatures of {} of {all} do not fit the key you pinned.{carried}",
        grouped(total.wrong)
    )
}

/// Whether the key in the bundle does better than the pinned one.
fn carried_too(fits: bool) -> &'static str {
    if fits {
        " They do fit the key found in the bundle, which shows only that the bundle agrees with itself."
    } else {
        " They fit no key found in the bundle either."
    }
}

fn owner(e: &Evidence<'_>) -> String {
    let by_statement = || {
        e.statements.all().into_iter().find_map(|s| match s.signed {
            SignedBy::Pinned(key) => Some(key),
            _ => None,
        })
    };
    let used = e.ledger.pinned_uses.keys().min().copied().or_else(by_statement);
    let key = used.and_then(|key| e.request.trust.keys().get(key));
    let over_members = e.enclosed.owner();
    let owner = key.map_or(over_members.as_deref(), |key| key.owner.as_deref());
    owner.map_or_else(String::new, |name| format!(" for {name}"))
}

fn first_owner(e: &Evidence<'_>) -> String {
    let first = e.request.trust.keys().first();
    let owner = first.and_then(|key| key.owner.as_deref());
    owner.map_or_else(String::new, |name| format!(" for {name}"))
}

fn signature_check(index: usize, t: &SignatureTally, records: u64) -> Check {
    let id = match index {
        0 => "signature".to_owned(),
        _ => format!("signature_{}", index + 1),
    };
    let title = "Every record is signed with a key you pinned";
    let failed = t.wrong + t.missing + t.malformed;
    let said: Vec<String> = [
        (t.pinned, "fit"),
        (t.out_of_force, "fit a key that was not in force when they say"),
        (t.wrong, "do not fit"),
        (t.missing, "are missing"),
        (t.malformed, "cannot be read"),
        (t.unpinned, "have no pinned key"),
        (t.absent, "need none"),
    ]
    .iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} {what}", grouped(*n)))
    .collect();
    let counts = said.join(", ");
    let (outcome, detail) = if records == 0 {
        (CheckOutcome::NotApplicable, "there are no records".to_owned())
    } else if failed > 0 {
        (CheckOutcome::Fail, counts)
    } else if t.unpinned > 0 {
        let carried = if t.carried > 0 {
            "; they fit a key found in the bundle"
        } else {
            ""
        };
        (CheckOutcome::NotChecked, format!("no key is pinned{carried}"))
    } else if t.out_of_force > 0 {
        (CheckOutcome::NotChecked, counts)
    } else if t.pinned == 0 {
        let reason = if t.absent > 0 {
            "no record needs one"
        } else {
            "no record could be read"
        };
        (CheckOutcome::NotApplicable, reason.to_owned())
    } else {
        (CheckOutcome::Pass, counts)
    };
    Check {
        passed: t.pinned,
        failed,
        ..simple(&id, title, outcome, &detail)
    }
}

/// A statement that may be signed.
struct Statement<'e> {
    id: &'static str,
    title: &'static str,
    stated: &'e Stated,
}

fn signed_statements<'e>(e: &'e Evidence<'_>) -> Vec<Statement<'e>> {
    let Some(profile) = e.profile else {
        return Vec::new();
    };
    let s = e.statements;
    let has = |profile: &Profile| {
        [
            profile.closing.as_ref().is_some_and(|c| c.signature.is_some()),
            profile.tree.as_ref().is_some_and(|t| t.signature.is_some()),
            profile.manifest.as_ref().is_some_and(|m| m.signature.is_some()),
        ]
    };
    let statements = [
        Statement {
            id: "closing_signature",
            title: "The digest over all records is signed with a key you pinned",
            stated: &s.closing,
        },
        Statement {
            id: "root_signature",
            title: "The root over all records is signed with a key you pinned",
            stated: &s.root,
        },
        Statement {
            id: "manifest_signature",
            title: "The manifest is signed with a key you pinned",
            stated: &s.manifest,
        },
    ];
    let signed = has(profile).into_iter().zip(statements);
    signed
        .filter(|(has, _)| *has)
        .map(|(_, statement)| statement)
        .collect()
}

fn statement_check(statement: &Statement<'_>) -> Check {
    let (outcome, detail) = match &statement.stated.signed {
        _ if !statement.stated.is_there() => (CheckOutcome::NotChecked, "the bundle does not carry it"),
        SignedBy::Pinned(_) => (CheckOutcome::Pass, "fits"),
        SignedBy::OutOfForce(_) => (
            CheckOutcome::NotChecked,
            "it fits a key that was not in force when the records say",
        ),
        SignedBy::Wrong { .. } => (CheckOutcome::Fail, "does not fit"),
        SignedBy::Malformed => (CheckOutcome::Fail, "cannot be read"),
        SignedBy::Missing { required: true } => (CheckOutcome::Fail, "is missing"),
        SignedBy::Missing { required: false } => (CheckOutcome::NotChecked, "it carries no signature"),
        SignedBy::Nobody => (CheckOutcome::NotChecked, "it could not be read"),
        SignedBy::Unpinned { carried: Some(_), .. } => (
            CheckOutcome::NotChecked,
            "no key is pinned; it fits a key found in the bundle",
        ),
        SignedBy::Unpinned { .. } => (CheckOutcome::NotChecked, "no key is pinned"),
    };
    simple(statement.id, statement.title, outcome, detail)
}
