//! Checks of what statements about whole members say, for the claims of whatever format the bundle is.

use super::{Agreement, Enclosed, Stamped, Vouched};
use crate::claims::{not_checked_check, simple_check};
use crate::phrase::{counted, grouped, instant};
use crate::verification::{Check, CheckOutcome};

/// Integrity: whether members are the ones that statements are about.
pub(crate) fn digests_check(enclosed: &Enclosed) -> Check {
    let (id, title) = (
        "member_digests",
        "Every member is the one that checksums and signatures in the bundle are over",
    );
    let failed = enclosed.count("integrity");
    let covers = || enclosed.all.iter().flat_map(|enclosure| &enclosure.covers);
    let passed = covers()
        .filter(|covered| covered.agreement == Agreement::Agrees)
        .count() as u64;
    let open = covers().find_map(|covered| match &covered.agreement {
        Agreement::Open(why) => Some(format!("{}: {why}", covered.member)),
        _ => None,
    });
    let detail = counted(passed, "statement agrees", "statements agree");
    let check = if failed > 0 {
        let detail = format!("{detail}, {}", counted(failed, "fault", "faults"));
        simple_check(id, title, CheckOutcome::Fail, &detail)
    } else if let Some(open) = open {
        not_checked_check(id, title, &format!("{detail}; {open}"))
    } else if passed == 0 {
        not_checked_check(id, title, "none could be held against a member")
    } else {
        simple_check(id, title, CheckOutcome::Pass, &detail)
    };
    Check {
        passed,
        failed,
        ..check
    }
}

/// Completeness: whether lists name exactly the members that are here. `unlisted` members that nothing closed speaks of are
/// listed nowhere. `None` where the bundle has no list.
pub(crate) fn lists_check(enclosed: &Enclosed, unlisted: u64) -> Option<Check> {
    let (id, title) = (
        "member_lists",
        "Lists of members name exactly those that are here",
    );
    let failed = enclosed.count("completeness");
    if failed > 0 {
        let detail = enclosed.first("completeness").unwrap_or_default();
        return Some(Check {
            failed,
            ..simple_check(id, title, CheckOutcome::Fail, detail)
        });
    }
    enclosed.lists().next()?;
    if unlisted > 0 {
        let detail = counted(unlisted, "member is not listed", "members are not listed");
        return Some(not_checked_check(id, title, &detail));
    }
    let passed = enclosed.lists().map(|list| list.covers.len() as u64).sum();
    Some(Check {
        passed,
        ..simple_check(id, title, CheckOutcome::Pass, "")
    })
}

/// Authenticity: whether detached signatures fit pinned keys. `None` where there is no signature.
pub(crate) fn signatures_check(enclosed: &Enclosed) -> Option<Check> {
    let (id, title) = (
        "member_signatures",
        "Signatures over members fit a key you pinned",
    );
    let (mut fit, mut carried, mut unpinned) = (0, 0, 0);
    for enclosure in enclosed.signed() {
        match enclosure.vouched {
            Vouched::Pinned(_) => fit += 1,
            Vouched::Unpinned {
                carried_verifies: true,
                ..
            } => carried += 1,
            Vouched::Unpinned { .. } => unpinned += 1,
            Vouched::Nobody | Vouched::Wrong { .. } | Vouched::Malformed => {}
        }
    }
    let failed = enclosed.count("authenticity");
    let said: Vec<String> = [
        (fit, "fit"),
        (failed, "do not fit"),
        (carried, "fit a key that they bring along"),
        (unpinned, "have no pinned key"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", grouped(*count)))
    .collect();
    let detail = said.join(", ");
    let outcome = if failed > 0 {
        CheckOutcome::Fail
    } else if fit > 0 {
        CheckOutcome::Pass
    } else if carried + unpinned > 0 {
        CheckOutcome::NotChecked
    } else {
        return None;
    };
    Some(Check {
        passed: fit,
        failed,
        ..simple_check(id, title, outcome, &detail)
    })
}

/// Time: whether pinned time stamps cover members.
pub(crate) fn stamp_check(enclosed: &Enclosed, stamped: &Stamped, all: usize) -> Check {
    let (id, title) = (
        "third_party_time",
        "Somebody else's time stamp covers the last record",
    );
    let failed = enclosed.count("time");
    if failed > 0 {
        let detail = enclosed.first("time").unwrap_or_default();
        return Check {
            failed,
            ..simple_check(id, title, CheckOutcome::Fail, detail)
        };
    }
    match stamped {
        Stamped::All(at, by) => {
            let detail = format!("{} by {by}", instant(*at));
            simple_check(id, title, CheckOutcome::Pass, &detail)
        }
        Stamped::Part(some) => {
            let detail = format!(
                "it covers {} of {} members",
                grouped(*some as u64),
                grouped(all as u64)
            );
            not_checked_check(id, title, &detail)
        }
        Stamped::Nothing if enclosed.all.iter().any(|one| one.kind == "rfc3161") => not_checked_check(
            id,
            title,
            "no root is pinned for the time stamps that the bundle carries",
        ),
        Stamped::Nothing => not_checked_check(id, title, "the bundle carries none that this format names"),
    }
}
