//! Checks, in the forms in which they come.

use crate::ledger::Tally;
use crate::phrase::{either, grouped};
use crate::statement::{Standing, Stated};
use crate::told::Answer;
use crate::verification::{Check, CheckOutcome};

/// A check with its detail.
pub(crate) fn simple(id: &str, title: &str, outcome: CheckOutcome, detail: &str) -> Check {
    Check {
        id: id.into(),
        title: title.into(),
        outcome,
        detail: detail.into(),
        passed: u64::from(outcome == CheckOutcome::Pass),
        failed: u64::from(outcome == CheckOutcome::Fail),
    }
}

pub(crate) fn not_checked(id: &str, title: &str, reason: &str) -> Check {
    simple(id, title, CheckOutcome::NotChecked, reason)
}

pub(crate) fn not_applicable(id: &str, title: &str, reason: &str) -> Check {
    simple(id, title, CheckOutcome::NotApplicable, reason)
}

/// What stands after the numbers of a tally.
pub(crate) struct Words {
    /// "184,211 match"
    pub holds: &'static str,
    /// "1 does not"
    pub fails: &'static str,
    /// "2 do not"
    pub fail: &'static str,
    /// What there is none of, when nothing was counted.
    pub none: &'static str,
}

/// A check over many units; `open` of them could not be judged.
pub(crate) fn tallied(id: &str, title: &str, tally: Tally, open: u64, words: &Words) -> Check {
    let (outcome, detail) = if tally.failed > 0 {
        let detail = format!(
            "{} {}, {} {}",
            grouped(tally.passed),
            words.holds,
            grouped(tally.failed),
            either(tally.failed, words.fails, words.fail)
        );
        (CheckOutcome::Fail, detail)
    } else if open > 0 {
        (
            CheckOutcome::NotChecked,
            format!("{} could not be judged", grouped(open)),
        )
    } else if tally.passed == 0 {
        (CheckOutcome::NotApplicable, words.none.to_owned())
    } else {
        (
            CheckOutcome::Pass,
            format!("{} {}", grouped(tally.passed), words.holds),
        )
    };
    Check {
        passed: tally.passed,
        failed: tally.failed,
        ..simple(id, title, outcome, &detail)
    }
}

/// A check of something that the bundle states.
pub(crate) fn stated(id: &str, title: &str, stated: &Stated, absent: &str) -> Check {
    match stated.standing {
        Standing::Absent => not_checked(id, title, absent),
        Standing::Open(reason) => not_checked(id, title, reason),
        Standing::Agrees => simple(id, title, CheckOutcome::Pass, ""),
        Standing::Differs => simple(id, title, CheckOutcome::Fail, ""),
    }
}

/// A check of something that the reviewer was told.
pub(crate) fn told(id: &str, title: &str, answer: Answer) -> Check {
    match answer {
        Answer::NotAsked => not_checked(id, title, "none was given"),
        Answer::Open(reason) => not_checked(id, title, reason),
        Answer::Agrees => simple(id, title, CheckOutcome::Pass, "equal"),
        Answer::Differs => simple(id, title, CheckOutcome::Fail, "not equal"),
    }
}

/// Whether any check fails.
pub(crate) fn any_fails(checks: &[Check]) -> bool {
    checks.iter().any(|check| check.outcome == CheckOutcome::Fail)
}
