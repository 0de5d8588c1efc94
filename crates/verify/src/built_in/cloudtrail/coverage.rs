//! Which span of time the signed digests of a chain cover without a hole.

use super::{Case, Span, at};
use crate::period::Period;

/// What a chain covers.
#[derive(Debug)]
pub(super) struct Coverage {
    pub chain: String,
    /// Digests that were made afterwards are not made every hour, so that they cover no time.
    pub is_backfill: bool,
    /// Spans without a hole, over digests that a pinned key signed.
    pub signed: Vec<Span>,
    /// From the first digest to the last one.
    pub whole: Option<Span>,
}

/// What every chain covers.
pub(super) fn of(case: &Case<'_>) -> Vec<Coverage> {
    case.chains
        .iter()
        .map(|chain| {
            let digests = || {
                chain
                    .digests
                    .iter()
                    .filter_map(|number| case.digests.get(*number))
            };
            let is_pinned = |number: usize| case.vouched.get(number).is_some_and(super::Vouched::is_pinned);
            Coverage {
                chain: chain.id.clone(),
                is_backfill: chain.is_backfill,
                signed: chain.spans(&case.digests, is_pinned),
                whole: digests()
                    .map(|digest| digest.start)
                    .min()
                    .zip(digests().map(|digest| digest.end).max()),
            }
        })
        .collect()
}

impl Coverage {
    /// Whether one span covers the whole period.
    pub fn covers(&self, period: Period) -> bool {
        let is_whole = |(from, to): &Span| *from <= period.from && *to >= period.to;
        self.signed.iter().any(is_whole)
    }

    /// Why it does not.
    pub fn lacks(&self, period: Period) -> String {
        let meeting: Vec<&Span> = self
            .signed
            .iter()
            .filter(|span| period.meets(span.0, span.1))
            .collect();
        match meeting.as_slice() {
            [] => format!("{} has no digest in it that a pinned key signed", self.chain),
            [(from, _), ..] if *from > period.from => {
                format!("the signed digests of {} begin at {}", self.chain, at(*from))
            }
            [(_, to), ..] => {
                format!(
                    "the signed digests of {} cover it up to {} only",
                    self.chain,
                    at(*to)
                )
            }
        }
    }
}
