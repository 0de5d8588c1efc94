//! What is not proven, what to do next, and what is odd.

use crate::built_in::aws::Signed;
use crate::built_in::cloudtrail::coverage::Coverage;
use crate::built_in::cloudtrail::{Case, Vouched, name};
use crate::phrase::{counted, either};
use crate::verification::{Basis, ClaimOutcome};

impl Case<'_> {
    pub(super) fn not_proven(&self, coverage: &[Coverage]) -> Vec<String> {
        let claims = &self.judgement.claims;
        let mut lines = vec!["That nothing was left out before CloudTrail delivered it.".to_owned()];
        if claims.integrity.outcome != ClaimOutcome::Proven {
            lines.push("That every event is as it was recorded.".into());
        } else if claims.integrity.basis == Some(Basis::SelfConsistent) {
            lines.push("That nobody remade the whole bundle: it agrees with itself only.".into());
        }
        if claims.authenticity.outcome != ClaimOutcome::Proven {
            lines.push("Who recorded it.".into());
        }
        if claims.completeness.outcome == ClaimOutcome::Proven {
            lines.push(
                "That nothing of the last minutes was delivered later: CloudTrail delivers late, and only the digests of a \
                 further hour or two show it."
                    .into(),
            );
        } else {
            lines.push("That every log of the time in question is here.".into());
        }
        if !self.chains.is_empty() {
            lines.push(format!(
                "That this is the right account: AWS signs for all its customers with the same keys. Compare {}, and the trails' \
                 names, with what you expect.",
                self.accounts()
            ));
        }
        let chains = coverage.len() as u64;
        lines.push(format!(
            "That there is no other account, region or trail: {} here.",
            counted(chains, "chain of digests is", "chains of digests are")
        ));
        lines.push(
            "That any time shown is true: digests and events carry AWS's own word, and no third party's."
                .into(),
        );
        if self.tally.unplaced > 0 {
            lines.push("Where the objects lay in the bucket: the bundle does not keep its folders.".into());
        }
        lines
    }

    pub(super) fn next_steps(&self) -> Vec<String> {
        let (t, claims) = (&self.tally, &self.judgement.claims);
        let mut lines = Vec::new();
        let unpinned = self.count(|vouched| {
            matches!(
                vouched,
                Vouched::Signed(Signed::NoKey | Signed::Carried(_) | Signed::CarriedFails)
            )
        });
        if unpinned > 0 {
            lines.push(
                "Pin the key: fetch it from AWS yourself with `aws cloudtrail list-public-keys` for the region and the time of the \
                 digests."
                    .into(),
            );
        }
        if self.count(|vouched| *vouched == Vouched::Unsigned) > 0 {
            lines.push(
                "Ask for the metadata of the newest digest (`aws s3api head-object`), or for the digest after it: its signature \
                 stands there."
                    .into(),
            );
        }
        if self.out_of_force().is_some() {
            lines.push(
                "Fetch the keys for the time of the digests from AWS again (`aws cloudtrail list-public-keys`), and ask how a key of \
                 another time could sign them."
                    .into(),
            );
        }
        if self.period.is_none() {
            lines.push("Name the review period. Completeness is judged against it.".into());
        }
        if t.digests_missing + t.logs_missing > 0 {
            lines.push("Ask who deleted what is missing: earlier versions of the objects may still be in the bucket.".into());
        }
        if t.gaps > 0 {
            lines.push("Ask when logging or validation was stopped, by whom, and on whose order.".into());
        }
        if [&claims.integrity, &claims.authenticity, &claims.completeness]
            .iter()
            .any(|claim| claim.outcome == ClaimOutcome::Refuted)
        {
            lines.push(
                "Write a finding from the faults, and ask for the bundle again from its source.".into(),
            );
        }
        lines.push("Records can be searched and sampled; the report carries this verdict.".into());
        lines
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let t = &self.tally;
        let mut lines = self.warnings.clone();
        if t.logs_missing_outside > 0 {
            lines.push(format!(
                "{} outside the review period and not here.",
                counted(t.logs_missing_outside, "listed log lies", "listed logs lie")
            ));
        }
        if t.holes_outside > 0 {
            lines.push(format!(
                "{} missing outside the review period.",
                counted(t.holes_outside, "digest or span is", "digests or spans are")
            ));
        }
        if t.unplaced > 0 {
            lines.push(format!(
                "{} found by name alone, so that it was not checked where they lay.",
                counted(t.unplaced, "object was", "objects were")
            ));
        }
        let apart = self.members_apart();
        if apart > 0 {
            lines.push(format!(
                "{} no part of the trail and {} not read as records.",
                counted(apart, "member is", "members are"),
                either(apart, "was", "were")
            ));
        }
        lines
    }

    fn members_apart(&self) -> u64 {
        let is_part = |member: u32, name: &str| {
            let content = self
                .bundle
                .inventory
                .members
                .get(name)
                .and_then(|held| held.content.as_deref());
            name::DigestName::of(name).is_some()
                || name::LogName::of(name).is_some()
                || self.metadata.members.contains(&member)
                || crate::built_in::aws::is_key_list(name, content)
        };
        self.places
            .all()
            .filter(|(member, name)| !is_part(*member, name))
            .count() as u64
    }
}
