//! From what was counted to four claims and a verdict (design, section 4). Never better than the weakest check.

mod anchor;
mod authenticity;
mod check;
mod completeness;
mod integrity;
mod time;

use crate::coverage::Shapes;
use crate::ledger::Ledger;
use crate::phrase::records;
use crate::profile::Profile;
use crate::request::Request;
use crate::statement::Statements;
use crate::told::Told;
use crate::verification::{Basis, ClaimOutcome, Claims};

/// Everything a judgement rests on.
pub(crate) struct Evidence<'e> {
    pub profile: Option<&'e Profile>,
    pub request: &'e Request,
    pub ledger: &'e Ledger<'e>,
    pub shapes: &'e Shapes,
    pub statements: &'e Statements,
    pub told: &'e Told<'e>,
    pub sighting: &'e Sighting,
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

/// The four claims, the verdict and its sentence.
pub(crate) fn assess(e: &Evidence<'_>) -> (Claims, ClaimOutcome, String) {
    let claims = Claims {
        integrity: integrity::claim(e),
        authenticity: authenticity::claim(e),
        completeness: completeness::claim(e),
        time: time::claim(e),
    };
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
    let sentence = verdict_sentence(e, &claims, verdict);
    (claims, verdict, sentence)
}

fn verdict_sentence(e: &Evidence<'_>, claims: &Claims, verdict: ClaimOutcome) -> String {
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
            records(e.ledger.records)
        ),
        ClaimOutcome::NotProven if e.ledger.records == 0 => {
            "No record was found, so nothing is proven.".into()
        }
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
