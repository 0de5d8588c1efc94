//! From what was counted to the claims (design, section 4). Several chains: each claim is its weakest chain's.

mod advice;
mod authenticity;
mod completeness;
mod integrity;

use tickmark_crypto::encoding::hex;

use super::Case;
use crate::built_in::Judgement;
use crate::claims::check::{Words, not_checked};
use crate::fault::fault;
use crate::phrase::stated_time;
use crate::verification::{ChainHead, Claim, ClaimOutcome};

impl Case<'_> {
    pub(super) fn conclude(mut self) -> Judgement {
        self.recall();
        let coverage = self.coverage();
        self.judgement.claims.integrity = self.integrity();
        self.judgement.claims.authenticity = self.authenticity();
        self.judgement.claims.completeness = self.completeness(&coverage);
        self.judgement.claims.time = time();
        self.judgement.chains = self.heads();
        self.judgement.keys = self.keys.used(&self.signers);
        self.judgement.not_proven = self.not_proven(&coverage);
        self.judgement.next_steps = self.next_steps();
        self.judgement.warnings = self.warnings();
        self.judgement
    }

    /// Holds every chain against the heads of earlier imports that begin with the same event.
    fn recall(&mut self) {
        let mut told = Vec::new();
        for chain in &self.chains {
            let first = self.firsts.get(&chain.id).map(|id| hex(id));
            let same = self.bundle.request.remembered.iter().filter(|head| {
                head.chain.as_deref() == Some(&chain.id) && Some(&head.first_id) == first.as_ref()
            });
            for head in same {
                let mut digests = chain
                    .digests
                    .iter()
                    .filter_map(|number| self.digests.get(*number));
                let is_here = digests.any(|digest| digest.sha256 == head.head);
                self.tally.earlier.count(is_here);
                if !is_here {
                    let sentence = format!(
                        "The digest at which {} ended at the import of {} is not here: this is shorter, or a fork.",
                        chain.id,
                        stated_time(&head.imported_at)
                    );
                    let mut difference = fault("rollback", "completeness", sentence);
                    difference.expected = Some(head.head.clone());
                    told.push(difference);
                }
            }
        }
        for fault in told {
            self.tell(fault);
        }
    }

    fn heads(&self) -> Vec<ChainHead> {
        self.chains
            .iter()
            .filter_map(|chain| {
                let first = self.digests.get(*chain.digests.first()?)?;
                let last = self.digests.get(*chain.digests.last()?)?;
                Some(ChainHead {
                    chain: Some(chain.id.clone()),
                    records: self.chain_records.get(&chain.id).copied().unwrap_or_default(),
                    starts_at_genesis: first.previous.is_none(),
                    first_seq: Some(crate::period::rfc3339(first.start)),
                    last_seq: Some(last.end_text.clone()),
                    head: last.sha256.clone(),
                })
            })
            .collect()
    }
}

fn time() -> Claim {
    Claim {
        outcome: ClaimOutcome::NotProven,
        basis: None,
        sentence:
            "Every time is AWS's own word: it recorded the events, and no third party stamped the digests."
                .into(),
        checks: vec![not_checked(
            "third_party_time",
            "Somebody else's time stamp covers the last digest",
            "the format has none",
        )],
    }
}

fn words(holds: &'static str, fails: &'static str, fail: &'static str, none: &'static str) -> Words {
    Words {
        holds,
        fails,
        fail,
        none,
    }
}
