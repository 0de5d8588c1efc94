//! Is everything here that a named statement says is there?

use super::Evidence;
use super::anchor::{head_is_rolling, root_fixes_number, signatures_in_order};
use super::check::{Words, not_applicable, not_checked, simple, stated, tallied, told};
use crate::enclosure::lists_check;
use crate::ledger::Chain;
use crate::phrase::{counted, grouped, records, stated_time};
use crate::profile::{Gaps, Profile, Seq};
use crate::statement::{Listing, Standing, Stated};
use crate::told::Answer;
use crate::verification::{Check, CheckOutcome, Claim, ClaimOutcome, Continuity, Relation};

pub(super) fn claim(e: &Evidence<'_>) -> Claim {
    let mut checks = vec![start(e)];
    if let Some(seq) = e.profile.and_then(|profile| profile.seq.as_ref()) {
        checks.push(sequence(e, seq));
    }
    checks.push(told(
        "expected_head",
        "The last hash is the one you were told",
        e.told.heads,
    ));
    checks.push(told(
        "expected_count",
        "The number of records is the one you were told",
        e.told.count,
    ));
    checks.push(earlier_import(e));
    if let Some(profile) = e.profile {
        checks.extend(statement_checks(e, profile));
        checks.extend(lists_check(e.enclosed, unlisted_records(e)));
    }
    let failed = checks.iter().find(|check| check.outcome == CheckOutcome::Fail);
    let (outcome, sentence) = match (failed, e.profile) {
        (Some(check), _) => (ClaimOutcome::Refuted, refuted(e, check)),
        (None, Some(profile)) if e.ledger.records > 0 => extent(e, profile),
        _ => (
            ClaimOutcome::NotProven,
            "Nothing states how many records there should be.".into(),
        ),
    };
    Claim {
        outcome,
        basis: None,
        sentence,
        checks,
    }
}

/// Proven where the start is anchored, there is no gap, and end and extent are fixed from outside the bundle.
fn extent(e: &Evidence<'_>, profile: &Profile) -> (ClaimOutcome, String) {
    let l = e.ledger;
    let not = |sentence: &str| (ClaimOutcome::NotProven, sentence.to_owned());
    let is_damaged = l.links.failed + l.parsed.failed + l.hashes.failed + l.field_hashes.failed + l.open > 0;
    if is_damaged || !l.extent_is_known() || e.members_unread > 0 {
        return not("Records are damaged or could not be read, so their number says nothing.");
    }
    if l.sequence.failed > 0 {
        return not("The records' own numbers have gaps.");
    }
    if l.restarts > 0 {
        return not("Several trails begin in this bundle, and nothing fixes where each of them ends.");
    }
    if unlisted(e).is_some_and(|count| count > 0) {
        return not("The bundle holds members that its manifest does not list.");
    }
    let starts = !l.chains.is_empty() && l.chains.values().all(Chain::starts);
    match fixed_by(e, profile) {
        Some(by) if starts => (
            ClaimOutcome::Proven,
            format!("All {} are here from the start, and {by}.", records(l.records)),
        ),
        Some(_) if profile.link.is_none() && profile.seq.is_none() => {
            not("The format numbers and links nothing, so nothing shows where the trail begins.")
        }
        Some(_) => not("The trail begins in the middle: records before its first one are not here."),
        None => not(&open_end(e)),
    }
}

/// What outside the bundle fixes end and extent.
fn fixed_by(e: &Evidence<'_>, profile: &Profile) -> Option<&'static str> {
    let s = e.statements;
    let signed = signatures_in_order(e);
    if e.told.heads == Answer::Agrees && head_is_rolling(profile) {
        return Some("the last hash is the one you were told");
    }
    if e.told.count == Answer::Agrees && !signed.is_empty() {
        return Some("their number is the one you were told, and each is signed");
    }
    if s.closing.is_pinned() || (s.root.is_pinned() && root_fixes_number(e, profile)) {
        return Some("a signed statement fixes their number and order");
    }
    let lists_all = s.listing.as_ref().is_some_and(Listing::is_whole);
    let is_closed = profile.manifest.as_ref().is_some_and(|manifest| manifest.closed);
    if s.manifest.is_pinned() && is_closed && lists_all {
        return Some("a signed manifest lists every member of the bundle");
    }
    if e.enclosed
        .fixes_extent(e.record_members.iter().map(String::as_str))
    {
        return Some("a signed list names every member that belongs to the bundle");
    }
    let terminal = profile
        .expect
        .as_ref()
        .and_then(|expect| expect.terminal.as_ref())?;
    let is_signed = signed.iter().any(|reach| reach.covers(&terminal.field));
    let ended = e.ledger.chains.values().all(|chain| chain.ended);
    (is_signed && ended && e.told.earlier.absent == 0).then_some("the signed last record closes the trail")
}

fn open_end(e: &Evidence<'_>) -> String {
    let chains = &e.ledger.chains;
    let states = |stated: &&Stated| stated.agrees();
    let earlier = &e.told.earlier;
    if let Some(since) = earlier.since.filter(|_| earlier.absent == 0) {
        return format!(
            "The trail is continuous since the import of {}. Nothing fixes where it ends now: a cut-off end would look \
             the same.",
            stated_time(since)
        );
    }
    let said = if earlier.absent > 0 {
        "A chain of an earlier import is not here."
    } else if earlier.apart > 0 {
        "It does not continue an earlier import from this source, and nothing fixes where it ends."
    } else if matches!(e.told.heads, Answer::Open(_)) {
        "You were told the last hash of some chains, and nothing fixes where the others end."
    } else if chains
        .values()
        .any(|chain| chain.met.is_some() || chain.continues.is_some())
    {
        "The trail continues an earlier import. Nothing fixes where it ends now: a cut-off end would look the same."
    } else if e.statements.all().iter().any(states) {
        "The bundle states its own extent, and nobody you trust signed that: a cut-off end can be restated."
    } else {
        "Nothing fixes where the trail ends. A cut-off end would look the same."
    };
    said.to_owned()
}

/// Members with records that no list of members names.
fn unlisted_records(e: &Evidence<'_>) -> u64 {
    let members = e.record_members.iter();
    members
        .filter(|member| !e.enclosed.standing(member).listed)
        .count() as u64
}

fn unlisted(e: &Evidence<'_>) -> Option<u64> {
    e.statements.listing.as_ref().map(|listing| listing.unlisted)
}

fn start(e: &Evidence<'_>) -> Check {
    let (id, title) = ("start", "The trail starts at its beginning");
    let chains = &e.ledger.chains;
    let Some(profile) = e.profile.filter(|_| !chains.is_empty()) else {
        return not_applicable(id, title, "there is no trail");
    };
    if profile.link.is_none() && profile.seq.is_none() {
        return not_checked(id, title, "the format numbers and links nothing");
    }
    let passed = chains.values().filter(|chain| chain.starts()).count() as u64;
    let open = chains.len() as u64 - passed;
    let continues = chains.values().find_map(|chain| chain.continues.as_deref());
    let check = if open > 0 {
        not_checked(
            id,
            title,
            "the first record is not the first of its trail: what came before it is not here",
        )
    } else if let Some(import) = continues {
        let detail = format!("it continues the import of {}", stated_time(import));
        simple(id, title, CheckOutcome::Pass, &detail)
    } else {
        let detail = "its first record has the value of a first record";
        simple(id, title, CheckOutcome::Pass, detail)
    };
    Check { passed, ..check }
}

fn sequence(e: &Evidence<'_>, seq: &Seq) -> Check {
    let l = e.ledger;
    let words = Words {
        holds: "follow",
        fails: "does not",
        fail: "do not",
        none: "there are no records",
    };
    let check = tallied(
        "sequence",
        "The records' own numbers have no gap",
        l.sequence,
        l.skipped,
        &words,
    );
    // where gaps belong to the format they are told and not held against it
    let only_gaps = l.sequence.failed > 0 && l.sequence.failed == l.sequence_gaps;
    if seq.gaps == Gaps::Report && only_gaps {
        return Check {
            outcome: CheckOutcome::NotChecked,
            failed: 0,
            ..check
        };
    }
    check
}

fn earlier_import(e: &Evidence<'_>) -> Check {
    let (id, title) = (
        "earlier_import",
        "It extends what earlier imports of this trail held",
    );
    let earlier = &e.told.earlier;
    if earlier.continuity.is_empty() {
        return not_applicable(id, title, "no earlier import of this trail is known");
    }
    if earlier.contradicted > 0 {
        let against = |c: &&Continuity| matches!(c.relation, Relation::Shorter | Relation::Forks);
        let worst = earlier.continuity.iter().find(against);
        let detail = worst.map_or_else(String::new, |c| {
            format!(
                "the import of {} held {} and ended with {}",
                c.earlier.at.as_deref().unwrap_or_default(),
                records(c.earlier.records),
                c.earlier.head
            )
        });
        return Check {
            failed: earlier.contradicted,
            ..simple(id, title, CheckOutcome::Fail, &detail)
        };
    }
    if earlier.absent > 0 {
        let detail = counted(
            earlier.absent,
            "chain of an earlier import is not here",
            "chains of earlier imports are not here",
        );
        return not_checked(id, title, &detail);
    }
    if earlier.apart > 0 {
        let detail =
            "it does not continue the earlier import from this source: no record of that one is here";
        return not_checked(id, title, detail);
    }
    if earlier.met < earlier.known {
        return not_checked(
            id,
            title,
            "the place where an earlier import ended could not be read",
        );
    }
    let detail = format!(
        "continuous since the import of {}",
        stated_time(earlier.since.unwrap_or_default())
    );
    Check {
        passed: earlier.met,
        ..simple(id, title, CheckOutcome::Pass, &detail)
    }
}

fn statement_checks(e: &Evidence<'_>, profile: &Profile) -> Vec<Check> {
    let s = e.statements;
    let none = "the bundle states none";
    let mut checks = Vec::new();
    let expect = profile.expect.as_ref();
    if expect.is_some_and(|expect| expect.count.is_some()) {
        let title = "The number of records is the one that the bundle states";
        checks.push(stated("stated_count", title, &s.count, none));
    }
    if expect.is_some_and(|expect| expect.head.is_some()) {
        let title = "The last hash is the one that the bundle states";
        checks.push(stated("stated_head", title, &s.head, none));
    }
    if profile.closing.is_some() {
        let title = "The digest over all records is the one that the bundle states";
        checks.push(stated("closing", title, &s.closing, none));
    }
    if profile.tree.is_some() {
        let title = "The tree over all records has the root that the bundle states";
        checks.push(stated("root", title, &s.root, none));
    }
    if let Some(manifest) = &profile.manifest {
        checks.push(manifest_members(
            s.listing.as_ref(),
            manifest.closed,
            s.manifest.standing,
        ));
    }
    if expect.is_some_and(|expect| expect.terminal.is_some()) {
        checks.push(terminal(e));
    }
    checks
}

fn manifest_members(listing: Option<&Listing>, is_closed: bool, standing: Standing) -> Check {
    let (id, title) = (
        "manifest_members",
        "The manifest lists exactly the members that are here",
    );
    let Some(listing) = listing else {
        let reason = match standing {
            Standing::Absent => "the bundle has no manifest",
            _ => "the manifest could not be read",
        };
        return not_checked(id, title, reason);
    };
    let (missing, unlisted) = (listing.missing, listing.unlisted);
    let counts = format!("{} missing, {} unlisted", grouped(missing), grouped(unlisted));
    if missing > 0 || (is_closed && unlisted > 0) {
        return Check {
            failed: missing + if is_closed { unlisted } else { 0 },
            ..simple(id, title, CheckOutcome::Fail, &counts)
        };
    }
    if unlisted > 0 {
        return not_checked(id, title, &counts);
    }
    simple(id, title, CheckOutcome::Pass, "")
}

fn terminal(e: &Evidence<'_>) -> Check {
    let (id, title) = (
        "terminal",
        "The last record closes the trail, and nothing follows it",
    );
    let chains = &e.ledger.chains;
    if e.ledger.after_end > 0 {
        return Check {
            failed: e.ledger.after_end,
            ..simple(id, title, CheckOutcome::Fail, "records follow it")
        };
    }
    if !chains.is_empty() && chains.values().all(|chain| chain.ended) {
        return simple(id, title, CheckOutcome::Pass, "");
    }
    not_checked(id, title, "no closing record is here; the trail may still go on")
}

fn refuted(e: &Evidence<'_>, check: &Check) -> String {
    let here = records(e.ledger.records);
    match check.id.as_str() {
        "expected_head" => "The trail does not end with the hash you were told.".into(),
        "expected_count" => {
            let told = e.request.expect_count.unwrap_or_default();
            format!(
                "You were told {} records; {} are here.",
                grouped(told),
                grouped(e.ledger.records)
            )
        }
        "earlier_import" => format!(
            "This trail is not an extension of what was imported before: {}; this one has {here}.",
            check.detail
        ),
        "stated_count" => "The bundle states another number of records than it holds.".into(),
        "sequence" => "The records' own numbers have gaps.".into(),
        "manifest_members" => "The bundle does not hold exactly the members that its manifest lists.".into(),
        "member_lists" => "The bundle does not hold exactly the members that its lists name.".into(),
        "terminal" => "Records stand after the one that closes the trail.".into(),
        _ => "A statement in the bundle about all its records does not agree with the records that are here."
            .into(),
    }
}
