//! Is there a time that does not rest on the recorder's word?

use super::Evidence;
use crate::enclosure::{Stamped, stamp_check};
use crate::phrase::instant;
use crate::verification::{Check, CheckOutcome, Claim, ClaimOutcome};

pub(super) fn claim(e: &Evidence<'_>) -> Claim {
    let stamped = e.enclosed.stamped(e.record_members.iter().map(String::as_str));
    let check = stamp_check(e.enclosed, &stamped, e.record_members.len());
    let (outcome, sentence) = answer(e, &stamped, &check);
    Claim {
        outcome,
        basis: None,
        sentence,
        checks: vec![check],
    }
}

fn answer(e: &Evidence<'_>, stamped: &Stamped, check: &Check) -> (ClaimOutcome, String) {
    let open = |sentence: &str| (ClaimOutcome::NotProven, sentence.to_owned());
    if check.outcome == CheckOutcome::Fail {
        return (ClaimOutcome::Refuted, check.detail.clone());
    }
    if e.ledger.records == 0 {
        return open("No record was found, so there is no time.");
    }
    match stamped {
        Stamped::All(..) if !e.ledger.extent_is_known() || e.members_unread > 0 => {
            open("A part of the bundle could not be read, so no time stamp covers it.")
        }
        // the members as they are were stamped; the end of every chain lies in them
        Stamped::All(at, by) => (
            ClaimOutcome::Proven,
            format!(
                "All records existed no later than {}. So says {by}, whom you pinned; nothing says when each was made.",
                instant(*at)
            ),
        ),
        Stamped::Part(some) => (
            ClaimOutcome::NotProven,
            format!(
                "Time stamps cover {}; for the others every time is the recorder's own word.",
                check_detail(*some, e)
            ),
        ),
        Stamped::Nothing => open(
            "Every time is the recorder's own word. The bundle carries no time stamp from anyone whom you pinned.",
        ),
    }
}

fn check_detail(some: usize, e: &Evidence<'_>) -> String {
    format!("{some} of {} members with records", e.record_members.len())
}
