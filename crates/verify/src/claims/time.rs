//! Is there a time that does not rest on the recorder's word?

use super::Evidence;
use super::check::not_checked;
use crate::verification::{Claim, ClaimOutcome};

pub(super) fn claim(e: &Evidence<'_>) -> Claim {
    let sentence = if e.ledger.records == 0 {
        "No record was found, so there is no time."
    } else {
        "Every time is the recorder's own word. The bundle carries no time stamp from anyone else."
    };
    Claim {
        outcome: ClaimOutcome::NotProven,
        basis: None,
        sentence: sentence.into(),
        checks: vec![not_checked(
            "third_party_time",
            "Somebody else's time stamp covers the last record",
            "the bundle carries none that this format names",
        )],
    }
}
