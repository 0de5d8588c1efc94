//! From what was counted to four claims and a verdict (design, section 4). Never better than the weakest check.

mod anchor;
mod authenticity;
pub(crate) mod check;
mod completeness;
mod integrity;
mod time;

use crate::coverage::Shapes;
use crate::enclosure::Enclosed;
use crate::fault::fault;
use crate::ledger::Ledger;
use crate::phrase::records;
use crate::profile::Profile;
use crate::request::Request;
use crate::statement::Statements;
use crate::told::Told;
use crate::verification::{Basis, Check, CheckOutcome, ClaimOutcome, Claims, Fault};

use check::{not_applicable, not_checked, simple};

pub(crate) use check::{
    not_applicable as not_applicable_check, not_checked as not_checked_check, simple as simple_check,
    told as told_check,
};
pub(crate) use integrity::{bundle_digest_check, members_check};

/// Everything a judgement rests on.
pub(crate) struct Evidence<'e> {
    pub profile: Option<&'e Profile>,
    pub request: &'e Request,
    pub ledger: &'e Ledger<'e>,
    pub shapes: &'e Shapes,
    pub statements: &'e Statements,
    pub told: &'e Told<'e>,
    pub sighting: &'e Sighting,
    /// What the bundle says of whole members.
    pub enclosed: &'e Enclosed,
    /// Members that hold records.
    pub record_members: &'e [String],
    /// Members that cannot be read.
    pub members_unread: u64,
    /// Places with bytes that belong to no member.
    pub members_odd: u64,
}

/// Whether the bundle looks like what is expected of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sighting {
    /// No profile is pinned for the source.
    NotAsked,
    /// It was recognised under the expected profile.
    Expected,
    /// It was recognised under this other profile, or holds records of no known format.
    Other(String),
    /// It holds no record that could be recognised.
    Unrecognised,
}

impl Sighting {
    /// That the bundle looks like another format than is expected of its source, where it does.
    pub fn fault(&self, expected: &str) -> Option<Fault> {
        let Sighting::Other(other) = self else {
            return None;
        };
        let sentence =
            format!("This source is expected under the profile {expected}; the bundle looks like {other}.");
        Some(fault("other_profile", "authenticity", sentence).between(expected, other))
    }

    /// The same as a check.
    pub fn check(&self) -> Check {
        let id = "expected_profile";
        let title = "The bundle is of the kind that its source is known for";
        match self {
            Sighting::NotAsked => not_applicable(id, title, "no profile is pinned for its source"),
            Sighting::Expected => simple(id, title, CheckOutcome::Pass, ""),
            Sighting::Unrecognised => not_checked(id, title, "it holds no record that could be recognised"),
            Sighting::Other(other) => {
                simple(id, title, CheckOutcome::Fail, &format!("it looks like {other}"))
            }
        }
    }
}

/// The four claims, the verdict and its sentence.
pub(crate) fn assess(e: &Evidence<'_>) -> (Claims, ClaimOutcome, String) {
    let claims = Claims {
        integrity: integrity::claim(e),
        authenticity: authenticity::claim(e),
        completeness: completeness::claim(e),
        time: time::claim(e),
    };
    let (verdict, sentence) = verdict_of(&claims, e.ledger.records);
    (claims, verdict, sentence)
}

/// The verdict that follows from four claims, and its sentence.
pub(crate) fn verdict_of(claims: &Claims, records: u64) -> (ClaimOutcome, String) {
    let required = [&claims.integrity, &claims.authenticity, &claims.completeness];
    let any_refuted = required
        .iter()
        .chain([&&claims.time])
        .any(|claim| claim.outcome == ClaimOutcome::Refuted);
    let all_proven = required.iter().all(|claim| claim.outcome == ClaimOutcome::Proven);
    let verdict = if any_refuted {
        ClaimOutcome::Refuted
    } else if all_proven && claims.integrity.basis == Some(Basis::Anchored) {
        ClaimOutcome::Proven
    } else {
        ClaimOutcome::NotProven
    };
    (verdict, verdict_sentence(claims, verdict, records))
}

fn verdict_sentence(claims: &Claims, verdict: ClaimOutcome, count: u64) -> String {
    let named = [
        ("integrity", &claims.integrity),
        ("authenticity", &claims.authenticity),
        ("completeness", &claims.completeness),
        ("time", &claims.time),
    ];
    match verdict {
        ClaimOutcome::Refuted => {
            let is_refuted = |claim: &&(_, &crate::verification::Claim)| claim.1.outcome == verdict;
            let what = named
                .iter()
                .find(is_refuted)
                .map_or("", |(_, claim)| claim.sentence.as_str());
            format!("{what} One refuted claim refutes the bundle, whatever else holds.")
        }
        ClaimOutcome::Proven => format!(
            "All {} are as the pinned key's holder recorded them, and nothing that the bundle states is missing.",
            records(count)
        ),
        ClaimOutcome::NotProven if count == 0 => "No record was found, so nothing is proven.".into(),
        ClaimOutcome::NotProven => {
            let open: Vec<_> = named
                .iter()
                .take(3)
                .filter(|(_, claim)| claim.outcome != ClaimOutcome::Proven)
                .map(|(name, _)| *name)
                .collect();
            match open.as_slice() {
                [] => "The bundle agrees with itself, and nothing outside it vouches for that.".into(),
                open => format!("Nothing contradicts the bundle. Not proven: {}.", open.join(", ")),
            }
        }
    }
}
