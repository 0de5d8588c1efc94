//! What a verification does not prove, and what a reviewer can do next, in sentences.

use crate::claims::Evidence;
use crate::inventory::Inventory;
use crate::phrase::{counted, either, grouped};
use crate::profile::{CarriedKey, Place, Profile};
use crate::verification::{Basis, ClaimOutcome, Claims, KeyUse};

/// What this does not prove.
pub(crate) fn not_proven(
    e: &Evidence<'_>,
    claims: &Claims,
    uncovered: &[String],
    keys: &[KeyUse],
) -> Vec<String> {
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
    lines.extend(unreached_line(uncovered));
    if e.request.trust.has_period_among(keys) {
        let has_time = e.profile.is_none_or(|profile| profile.time.is_some());
        lines.push(if has_time {
            "That a key was in force when it signed: that needs a time from someone else.".into()
        } else {
            "That a key was in force when it signed: this format names no time, and none was asked for."
                .to_owned()
        });
    }
    if e.request.period.is_some() {
        lines.push("That the review period is covered: this format states no period.".into());
    }
    lines
}

/// What is not proven of fields that nothing reaches.
pub(crate) fn unreached_line(uncovered: &[String]) -> Option<String> {
    let first = uncovered.first()?;
    Some(match uncovered.len() {
        1 => format!("That the field {first} is as recorded. No hash or signature reaches it."),
        count => {
            format!(
                "That {count} fields, such as {first}, are as recorded. No hash or signature reaches them."
            )
        }
    })
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
            grouped(record)
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

/// What is odd but no fault.
pub(crate) fn warnings(e: &Evidence<'_>, inventory: &Inventory, record_members: &[String]) -> Vec<String> {
    let l = e.ledger;
    let mut lines = Vec::new();
    lines.extend(programs_warning(inventory));
    if l.marked > 0 {
        lines.push(format!(
            "{} with a byte order mark, which no hash covers. Another program may have rewritten the file.",
            counted(l.marked, "member begins", "members begin")
        ));
    }
    if l.ambiguous > 0 {
        lines.push(format!(
            "{} the format's own delimiter inside a field, so different contents can have the same hash.",
            counted(l.ambiguous, "record holds", "records hold")
        ));
    }
    if l.repeated > 0 {
        lines.push(format!(
            "{}{} the same as an earlier one.",
            if l.repeats_are_cut() { "At least " } else { "" },
            counted(l.repeated, "record says", "records say")
        ));
    }
    if l.chains_capped {
        lines.push("The bundle names more chains than are followed; the rest was not joined.".into());
    }
    if e.shapes.is_cut {
        lines.push(
            "The records have more different fields than are listed, so more of them may be reached by no hash.".into(),
        );
    }
    lines.extend(e.enclosed.notes());
    let mut apart = apart(e.profile, inventory, record_members);
    apart.retain(|member| !e.enclosed.is_statement(member));
    if !apart.is_empty() && !record_members.is_empty() {
        let count = apart.len() as u64;
        lines.push(format!(
            "{} of the trail and {} not read as records: {}.",
            counted(count, "member is no part", "members are no part"),
            either(count, "was", "were"),
            named(&apart)
        ));
    }
    lines
}

/// That the bundle carries programs, where it does.
pub(crate) fn programs_warning(inventory: &Inventory) -> Option<String> {
    let programs = inventory.programs();
    (!programs.is_empty()).then(|| {
        format!(
            "The bundle carries programs ({}). Tickmark never runs them; a verdict that such a program prints is the \
             sender's own word.",
            named(&programs)
        )
    })
}

/// Members that hold neither records nor a statement or key of the profile.
fn apart<'i>(profile: Option<&Profile>, inventory: &'i Inventory, record_members: &[String]) -> Vec<&'i str> {
    let mut known: Vec<&str> = record_members.iter().map(String::as_str).collect();
    let patterns = profile.map_or_else(Vec::new, statement_files);
    for pattern in patterns {
        known.extend(inventory.fitting(pattern).first());
    }
    known.sort_unstable();
    inventory
        .members
        .keys()
        .map(String::as_str)
        .filter(|name| known.binary_search(name).is_err())
        .collect()
}

/// Members in which a profile looks for statements, signatures and keys.
fn statement_files(profile: &Profile) -> Vec<&str> {
    let mut places: Vec<&Place> = Vec::new();
    places.extend(profile.closing.iter().flat_map(|closing| &closing.stated));
    places.extend(profile.tree.iter().flat_map(|tree| &tree.root));
    places.extend(profile.statement_signatures().map(|signature| &signature.place));
    if let Some(expect) = &profile.expect {
        places.extend(expect.count.iter().chain(&expect.head));
    }
    let mut keys: Vec<&CarriedKey> = profile
        .signatures
        .iter()
        .map(|signature| &signature.key)
        .collect();
    keys.extend(profile.statement_signatures().map(|signature| &signature.key));
    let mut files: Vec<&str> = places.iter().filter_map(|place| place.file.as_deref()).collect();
    files.extend(keys.iter().filter_map(|key| key.file.as_deref()));
    files.extend(profile.manifest.iter().map(|manifest| manifest.file.as_str()));
    files
}

fn named(names: &[&str]) -> String {
    let mut text = names
        .iter()
        .take(MOST_NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > MOST_NAMED {
        text.push_str(" …");
    }
    text
}

const MOST_NAMED: usize = 5;
