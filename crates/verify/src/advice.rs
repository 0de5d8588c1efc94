//! What a verification does not prove, and what a reviewer can do next, in sentences.

use crate::claims::Evidence;
use crate::verification::{Basis, ClaimOutcome, Claims};

/// What this does not prove.
pub(crate) fn not_proven(e: &Evidence<'_>, claims: &Claims, uncovered: &[String]) -> Vec<String> {
    let mut lines = vec!["That nothing was left out before it was recorded.".to_owned()];
    if claims.integrity.outcome != ClaimOutcome::Proven {
        lines.push("That every record is as it was recorded.".into());
    } else if claims.integrity.basis == Some(Basis::SelfConsistent) {
        lines.push("That nobody remade the whole file: it agrees with itself only.".into());
    }
    if claims.authenticity.outcome != ClaimOutcome::Proven {
        lines.push("Who recorded it.".into());
    }
    if claims.completeness.outcome != ClaimOutcome::Proven {
        lines.push("That the trail ends where this bundle ends.".into());
    }
    if claims.time.outcome != ClaimOutcome::Proven {
        lines.push("That any time shown is true.".into());
    }
    if let Some(first) = uncovered.first() {
        let count = uncovered.len();
        lines.push(if count == 1 {
            format!("That the field {first} is as recorded. No hash or signature reaches it.")
        } else {
            format!(
                "That {count} fields, such as {first}, are as recorded. No hash or signature reaches them."
            )
        });
    }
    if e.request
        .trust
        .keys()
        .iter()
        .any(|key| key.valid_from.is_some() || key.valid_to.is_some())
    {
        lines.push("That a key was in force when it signed: that needs a time from someone else.".into());
    }
    if e.request.period.is_some() {
        lines.push("That the review period is covered: this format states no period.".into());
    }
    lines
}

/// What to do next.
pub(crate) fn next_steps(e: &Evidence<'_>, claims: &Claims, verdict: ClaimOutcome) -> Vec<String> {
    let l = e.ledger;
    let mut lines = Vec::new();
    if l.records == 0 {
        lines.push("Ask the sender for the records: this bundle holds none that can be read.".into());
        return lines;
    }
    if let Some(record) = l.faults.first().and_then(|fault| fault.record) {
        lines.push(format!(
            "Look at record {} beside its original bytes, then at the other faults.",
            crate::claims::grouped(record)
        ));
    }
    if e.profile.is_none() {
        lines.push(
            "If the system that made this hashes or signs its records, name its profile or write one.".into(),
        );
    }
    let unpinned = l.signatures.iter().any(|t| t.unpinned > 0);
    if unpinned
        || (claims.authenticity.outcome == ClaimOutcome::NotProven
            && e.request.trust.is_empty()
            && e.profile.is_some_and(|p| !p.signatures.is_empty()))
    {
        lines.push("Ask the owner of the system for the public key by another way, confirm its fingerprint, and pin it.".into());
    }
    if claims.authenticity.outcome == ClaimOutcome::Refuted && l.signatures.iter().any(|t| t.wrong > 0) {
        lines.push(
            "Confirm with the owner that the pinned key is the one in use; then ask who made this bundle."
                .into(),
        );
    }
    if claims.completeness.outcome == ClaimOutcome::NotProven {
        lines.push(
            "Ask the sender for the final count or the last hash and enter it. That can settle completeness."
                .into(),
        );
    }
    if verdict == ClaimOutcome::Refuted {
        lines.push("Write a finding from the faults, and ask for the bundle again from its source.".into());
    }
    lines.push("Records can be searched and sampled; the report carries this verdict.".into());
    lines
}
