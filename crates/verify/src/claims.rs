//! From what was counted to four claims and a verdict (design, section 4). Never better than the weakest check.

use crate::coverage::Reach;
use crate::ledger::{Ledger, SignatureTally, Tally};
use crate::profile::{Gaps, Link, Part, Profile, Target};
use crate::request::Request;
use crate::statement::{SignedBy, Stated, Statements};
use crate::verification::{Basis, Check, CheckOutcome, Claim, ClaimOutcome, Claims};

/// Everything a judgement rests on.
pub(crate) struct Evidence<'e> {
    pub profile: Option<&'e Profile>,
    pub request: &'e Request,
    pub ledger: &'e Ledger<'e>,
    pub statements: &'e Statements,
    /// The bundle's digest.
    pub sha256: &'e str,
    /// Members that cannot be read, and bytes that should not be there.
    pub members_unread: u64,
    pub members_odd: u64,
}

/// The four claims, the verdict and its sentence.
pub(crate) fn assess(e: &Evidence<'_>) -> (Claims, ClaimOutcome, String) {
    let claims = Claims {
        integrity: integrity(e),
        authenticity: authenticity(e),
        completeness: completeness(e),
        time: time(e),
    };
    let all = [
        &claims.integrity,
        &claims.authenticity,
        &claims.completeness,
        &claims.time,
    ];
    let required = [&claims.integrity, &claims.authenticity, &claims.completeness];
    let verdict = if all.iter().any(|claim| claim.outcome == ClaimOutcome::Refuted) {
        ClaimOutcome::Refuted
    } else if required.iter().all(|claim| claim.outcome == ClaimOutcome::Proven)
        && claims.integrity.basis == Some(Basis::Anchored)
    {
        ClaimOutcome::Proven
    } else {
        ClaimOutcome::NotProven
    };
    let sentence = verdict_sentence(e, &claims, verdict);
    (claims, verdict, sentence)
}

fn verdict_sentence(e: &Evidence<'_>, claims: &Claims, verdict: ClaimOutcome) -> String {
    let named = [
        ("Integrity", &claims.integrity),
        ("Authenticity", &claims.authenticity),
        ("Completeness", &claims.completeness),
        ("Time", &claims.time),
    ];
    match verdict {
        ClaimOutcome::Refuted => {
            let first = named
                .iter()
                .find(|(_, claim)| claim.outcome == ClaimOutcome::Refuted);
            let what = first.map_or("", |(_, claim)| claim.sentence.as_str());
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
                .map(|(name, _)| name.to_lowercase())
                .collect();
            match open.as_slice() {
                [] => "The bundle agrees with itself, and nothing outside it vouches for that.".into(),
                open => format!("Nothing contradicts the bundle. Not proven: {}.", open.join(", ")),
            }
        }
    }
}

// --- integrity -----------------------------------------------------------------------------------------------------

fn integrity(e: &Evidence<'_>) -> Claim {
    let l = e.ledger;
    let mut checks = vec![bundle_digest(e), members(e)];
    checks.push(tallied(
        "readable",
        "Every record can be read in one way only",
        l.parsed,
        "are read",
        "is not",
        l.over_limit,
    ));
    if let Some(profile) = e.profile {
        if profile.hash.as_ref().is_some_and(|hash| hash.field.is_some()) {
            checks.push(tallied(
                "record_hash",
                "Every record's content matches its recorded hash",
                l.hashes,
                "match",
                "does not",
                0,
            ));
        }
        if !profile.checks.is_empty() {
            checks.push(tallied(
                "field_hash",
                "Every part matches its recorded hash",
                l.field_hashes,
                "match",
                "does not",
                0,
            ));
        }
        if profile.link.as_ref().is_some_and(|link| link.field.is_some()) {
            let mut check = tallied(
                "link",
                "Every record follows the one before it",
                l.links,
                "links hold",
                "is broken",
                0,
            );
            if l.links == Tally::default() {
                check = not_applicable(
                    "link",
                    "Every record follows the one before it",
                    "there are no two records",
                );
            }
            checks.push(check);
        }
        if profile.manifest.is_some() {
            checks.push(stated(
                "manifest",
                "Every listed member is the one that the manifest lists",
                &e.statements.manifest,
                "the bundle has no manifest",
            ));
        }
    }
    let failed = checks.iter().any(|check| check.outcome == CheckOutcome::Fail);
    let by_signature = signature_failures_bear_on_content(e);
    let (outcome, basis, sentence) = if failed || by_signature {
        (ClaimOutcome::Refuted, None, refuted_integrity(e, &checks))
    } else if l.records == 0 {
        (
            ClaimOutcome::NotProven,
            None,
            "No record was found, so there is nothing to hold against a hash.".into(),
        )
    } else if e.profile.is_none() {
        (
            ClaimOutcome::NotProven,
            None,
            "No hash or signature accompanies these records that a known format describes.".into(),
        )
    } else if l.over_limit > 0 || l.unknown_rest || e.members_unread > 0 {
        (
            ClaimOutcome::NotProven,
            None,
            "A part of the bundle could not be read, so it was not held against its hashes.".into(),
        )
    } else if !has_something_to_match(e) {
        (
            ClaimOutcome::NotProven,
            None,
            "No hash or signature reaches these records.".into(),
        )
    } else {
        proven_integrity(e)
    };
    Claim {
        outcome,
        basis,
        sentence,
        checks,
    }
}

fn has_something_to_match(e: &Evidence<'_>) -> bool {
    let l = e.ledger;
    let signed = l
        .signatures
        .iter()
        .any(|t| t.pinned == l.records || t.pinned + t.carried == l.records);
    l.hashes.passed > 0
        || l.links.passed > 0
        || l.field_hashes.passed > 0
        || signed
        || e.statements.manifest.agrees
}

/// Where no hash stands beside the content, a signature that fails beside others that hold shows a difference.
fn signature_failures_bear_on_content(e: &Evidence<'_>) -> bool {
    let hashless = e
        .profile
        .is_some_and(|p| p.hash.as_ref().is_none_or(|hash| hash.field.is_none()));
    let fails = |t: &SignatureTally| {
        let under_no_key = t.wrong - t.wrong_but_carried;
        (hashless && under_no_key + t.malformed > 0 && t.pinned > 0) || t.carried_fails > 0
    };
    e.ledger.signatures.iter().any(fails)
        || e.statements.all().iter().any(|s| {
            matches!(
                s.signed,
                SignedBy::Unpinned {
                    carried_fails: true,
                    ..
                }
            )
        })
}

fn refuted_integrity(e: &Evidence<'_>, checks: &[Check]) -> String {
    let l = e.ledger;
    let of = grouped(l.records);
    let failed = |id: &str| {
        checks
            .iter()
            .find(|c| c.id == id && c.outcome == CheckOutcome::Fail)
            .map(|c| c.failed)
    };
    let mut parts = Vec::new();
    if failed("bundle_digest").is_some() {
        parts.push("the bundle is not the one that the sender named".to_owned());
    }
    if let Some(n) = failed("record_hash") {
        parts.push(format!(
            "{} of {of} records {} from what was recorded",
            grouped(n),
            verb(n, "differs", "differ")
        ));
    }
    if let Some(n) = failed("field_hash")
        && failed("record_hash").is_none()
    {
        parts.push(format!(
            "parts of {} of {of} records differ from what was recorded",
            grouped(n)
        ));
    }
    if let Some(n) = failed("link") {
        parts.push(format!(
            "{} of {of} records {} not follow the record before",
            grouped(n),
            verb(n, "does", "do")
        ));
    }
    if let Some(n) = failed("readable") {
        parts.push(format!(
            "{} {} be read in one way only",
            grouped(n),
            verb(n, "record cannot", "records cannot")
        ));
    }
    if failed("manifest").is_some() {
        parts.push("a member is not the one that the manifest lists".into());
    }
    if failed("members").is_some() {
        parts.push("the container holds bytes that belong to no member".into());
    }
    if parts.is_empty() {
        parts.push("signatures on some records fit no key, though the others do".into());
    }
    let mut sentence = parts.join(", and ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    format!("{sentence}.")
}

fn proven_integrity(e: &Evidence<'_>) -> (ClaimOutcome, Option<Basis>, String) {
    let l = e.ledger;
    let all = records(l.records);
    let what = match (l.hashes.passed > 0, l.links.passed > 0 || implicit_link(e)) {
        (true, true) => format!("All {all} match their recorded hashes and follow one another"),
        (true, false) => format!("All {all} match their recorded hashes"),
        (false, true) => format!("All {all} follow one another, each naming the digest of the one before"),
        (false, false) => format!("All {all} match their signatures"),
    };
    match anchor(e) {
        Some(by) => (
            ClaimOutcome::Proven,
            Some(Basis::Anchored),
            format!("{what}; {by}."),
        ),
        None => (
            ClaimOutcome::Proven,
            Some(Basis::SelfConsistent),
            format!(
                "{what}. Nothing outside the bundle vouches for that: whoever can write this file can remake it."
            ),
        ),
    }
}

fn implicit_link(e: &Evidence<'_>) -> bool {
    e.profile
        .and_then(|p| p.link.as_ref())
        .is_some_and(|link| link.field.is_none())
        && e.ledger.records > 1
}

/// What outside the bundle reaches every record and every link.
fn anchor(e: &Evidence<'_>) -> Option<&'static str> {
    let profile = e.profile?;
    if signatures_reach_everything(e, profile) {
        return Some("signatures under a key you pinned reach every record and link");
    }
    if [&e.statements.closing, &e.statements.root, &e.statements.manifest]
        .iter()
        .any(|s| s.is_pinned())
    {
        return Some("a statement signed under a key you pinned covers all of them");
    }
    if expected_heads_match(e) == Some(true) && is_rolling(profile) {
        return Some("the last hash is the one you were told");
    }
    let met_at_end = !e.ledger.chains.is_empty()
        && e.ledger
            .chains
            .values()
            .all(|chain| chain.met == Some(chain.records));
    if met_at_end && is_rolling(profile) {
        return Some("an earlier import ended with the same hash");
    }
    None
}

fn signatures_reach_everything(e: &Evidence<'_>, profile: &Profile) -> bool {
    let l = e.ledger;
    profile
        .signatures
        .iter()
        .zip(&l.signatures)
        .enumerate()
        .any(|(index, (_, tally))| {
            l.records > 0
                && tally.pinned == l.records
                && order_is_reached(profile, &Reach::of_signature(profile, index), e)
        })
}

fn order_is_reached(profile: &Profile, reach: &Reach, e: &Evidence<'_>) -> bool {
    match &profile.link {
        Some(Link {
            field: Some(field), ..
        }) => reach.covers(field),
        // the predecessor enters the preimage of the hash, so a signed hash reaches it
        Some(Link { field: None, .. }) => profile
            .hash
            .as_ref()
            .and_then(|h| h.field.as_deref())
            .is_some_and(|field| reach.covers(field)),
        None => profile
            .seq
            .as_ref()
            .is_some_and(|seq| reach.covers(&seq.field) && e.ledger.sequence.failed == 0),
    }
}

/// Whether each value that a next record names reaches all records before it.
fn is_rolling(profile: &Profile) -> bool {
    let Some(link) = &profile.link else { return false };
    let mut reach = Vec::new();
    match &link.target {
        Target::Hash => reach.extend(profile.hash.iter().map(|hash| hash.preimage.as_slice())),
        Target::Field(field) => {
            reach.extend(
                profile
                    .checks
                    .iter()
                    .filter(|check| check.field == *field)
                    .map(|check| check.preimage.as_slice()),
            );
        }
        Target::Preimage(target) => reach.push(&target.parts),
    }
    reach.iter().any(|parts| match &link.field {
        None => parts.iter().any(Part::takes_previous),
        Some(field) => parts.iter().any(Part::takes_previous) || Reach::of_parts(parts).covers(field),
    })
}

// --- authenticity --------------------------------------------------------------------------------------------------

fn authenticity(e: &Evidence<'_>) -> Claim {
    let l = e.ledger;
    let mut checks = Vec::new();
    let mut total = SignatureTally::default();
    for (index, tally) in l.signatures.iter().enumerate() {
        add(&mut total, tally);
        checks.push(signature_check(index, tally, l.records));
    }
    for (id, title, statement) in signed_statements(e) {
        checks.push(statement_signature_check(id, title, statement));
    }
    if checks.is_empty() {
        checks.push(not_applicable(
            "signature",
            "Every record is signed",
            "the format carries no signature",
        ));
    }
    let pinned_everywhere = l.records > 0 && l.signatures.iter().any(|t| t.pinned == l.records);
    let statement_pinned = signed_statements(e).iter().any(|(_, _, s)| s.is_pinned()) && l.records > 0;
    let statement_wrong = signed_statements(e)
        .iter()
        .any(|(_, _, s)| s.signed == SignedBy::Wrong);
    let hmac = e.profile.is_some_and(|p| {
        p.signatures
            .iter()
            .any(|s| s.alg == tickmark_crypto::key::KeyAlgorithm::HmacSha256)
    });
    let candidates = total.pinned + total.wrong > 0;
    let (outcome, sentence) = if total.missing > 0 {
        let n = grouped(total.missing);
        (
            ClaimOutcome::Refuted,
            format!(
                "{n} of {} lack the signature that the format requires.",
                records(l.records)
            ),
        )
    } else if total.wrong > 0 || statement_wrong || (total.malformed > 0 && candidates) {
        (
            ClaimOutcome::Refuted,
            wrong_signatures(e, &total, statement_wrong),
        )
    } else if pinned_everywhere && hmac {
        (
            ClaimOutcome::Proven,
            format!(
                "All {} carry a keyed digest under the secret you pinned. It shows that a holder of the secret made it, which includes whoever checks it.",
                records(l.records)
            ),
        )
    } else if pinned_everywhere {
        (
            ClaimOutcome::Proven,
            format!(
                "All {} are signed with the key you pinned{}.",
                records(l.records),
                owner(e)
            ),
        )
    } else if statement_pinned {
        (
            ClaimOutcome::Proven,
            format!(
                "A statement that covers all {} is signed with the key you pinned{}.",
                records(l.records),
                owner(e)
            ),
        )
    } else {
        (ClaimOutcome::NotProven, unproven_authenticity(e, &total))
    };
    Claim {
        outcome,
        basis: None,
        sentence,
        checks,
    }
}

fn owner(e: &Evidence<'_>) -> String {
    let used = e.ledger.pinned_uses.keys().min().copied().or_else(|| {
        e.statements.all().iter().find_map(|s| match s.signed {
            SignedBy::Pinned(key) => Some(key),
            _ => None,
        })
    });
    let name = used
        .and_then(|key| e.request.trust.keys().get(key))
        .and_then(|key| key.owner.clone());
    name.map_or_else(String::new, |name| format!(" for {name}"))
}

fn unproven_authenticity(e: &Evidence<'_>, total: &SignatureTally) -> String {
    let l = e.ledger;
    let has_signatures =
        e.profile.is_some_and(|p| !p.signatures.is_empty()) || !signed_statements(e).is_empty();
    let statement_carried = e
        .statements
        .all()
        .iter()
        .any(|s| matches!(s.signed, SignedBy::Unpinned { carried: Some(_), .. }));
    if l.records == 0 {
        "No record was found, so nobody is shown to have recorded it.".into()
    } else if e.profile.is_none() {
        "No known format describes who signed these records.".into()
    } else if !has_signatures {
        "This format carries no signature, so nothing shows who recorded it.".into()
    } else if total.carried > 0 || (statement_carried && total.unpinned == 0) {
        "The signing key was found only in the bundle. It shows that the bundle agrees with itself, not who made it.".into()
    } else if total.unpinned > 0 {
        "No key is pinned for these signatures, so they were not checked.".into()
    } else if total.pinned > 0 {
        format!(
            "{} of {} are signed with a key you pinned; the others carry no signature.",
            grouped(total.pinned),
            records(l.records)
        )
    } else {
        "No signature reaches these records.".into()
    }
}

fn wrong_signatures(e: &Evidence<'_>, total: &SignatureTally, statement: bool) -> String {
    let l = e.ledger;
    if total.wrong == 0 && total.malformed == 0 && statement {
        return "The signature on the closing statement does not fit the key you pinned.".into();
    }
    let wrong = total.wrong + total.malformed;
    let carried = if total.wrong_but_carried > 0 {
        " They do fit the key found in the bundle, which shows only that the bundle agrees with itself."
    } else {
        ""
    };
    if wrong >= l.records {
        format!(
            "The signatures do not fit the key you pinned{}.{carried}",
            owner_of_first(e)
        )
    } else {
        format!(
            "The signatures of {} of {} do not fit the key you pinned.{carried}",
            grouped(wrong),
            records(l.records)
        )
    }
}

fn owner_of_first(e: &Evidence<'_>) -> String {
    let name = e.request.trust.keys().first().and_then(|key| key.owner.clone());
    name.map_or_else(String::new, |name| format!(" for {name}"))
}

fn signature_check(index: usize, t: &SignatureTally, records: u64) -> Check {
    let id = if index == 0 {
        "signature".to_owned()
    } else {
        format!("signature_{}", index + 1)
    };
    let title = "Every record is signed with a key you pinned";
    let failed = t.wrong + t.missing + t.malformed;
    let detail = |parts: &[(u64, &str)]| {
        let said: Vec<_> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{} {what}", grouped(*n)))
            .collect();
        said.join(", ")
    };
    let counts = detail(&[
        (t.pinned, "fit"),
        (t.wrong, "do not fit"),
        (t.missing, "are missing"),
        (t.malformed, "cannot be read"),
        (t.absent, "need none"),
    ]);
    let (outcome, detail) = if records == 0 {
        (CheckOutcome::NotApplicable, "there are no records".to_owned())
    } else if t.wrong + t.missing > 0 || (t.malformed > 0 && t.pinned > 0) {
        (CheckOutcome::Fail, counts)
    } else if t.unpinned + t.malformed > 0 {
        let carried = if t.carried > 0 {
            "; they fit a key found in the bundle"
        } else {
            ""
        };
        (CheckOutcome::NotChecked, format!("no key is pinned{carried}"))
    } else if t.pinned == 0 {
        (CheckOutcome::NotApplicable, "no record needs one".to_owned())
    } else {
        (CheckOutcome::Pass, counts)
    };
    Check {
        id,
        title: title.to_owned(),
        outcome,
        detail,
        passed: t.pinned,
        failed,
    }
}

fn signed_statements<'e>(e: &'e Evidence<'_>) -> Vec<(&'static str, &'static str, &'e Stated)> {
    let Some(profile) = e.profile else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if profile.closing.as_ref().is_some_and(|c| c.signature.is_some()) {
        found.push((
            "closing_signature",
            "The digest over all records is signed with a key you pinned",
            &e.statements.closing,
        ));
    }
    if profile.tree.as_ref().is_some_and(|t| t.signature.is_some()) {
        found.push((
            "root_signature",
            "The root over all records is signed with a key you pinned",
            &e.statements.root,
        ));
    }
    if profile.manifest.as_ref().is_some_and(|m| m.signature.is_some()) {
        found.push((
            "manifest_signature",
            "The manifest is signed with a key you pinned",
            &e.statements.manifest,
        ));
    }
    found
}

fn statement_signature_check(id: &str, title: &str, statement: &Stated) -> Check {
    let (outcome, detail) = match (&statement.signed, statement.is_there) {
        (_, false) => (CheckOutcome::NotChecked, "the bundle does not carry it"),
        (SignedBy::Pinned(_), _) => (CheckOutcome::Pass, "fits"),
        (SignedBy::Wrong, _) => (CheckOutcome::Fail, "does not fit"),
        (SignedBy::Missing, _) => (CheckOutcome::NotChecked, "it carries no signature"),
        (SignedBy::Nobody, _) => (CheckOutcome::NotApplicable, "its format has none"),
        (SignedBy::Unpinned { carried: Some(_), .. }, _) => (
            CheckOutcome::NotChecked,
            "no key is pinned; it fits a key found in the bundle",
        ),
        (SignedBy::Unpinned { .. }, _) => (CheckOutcome::NotChecked, "no key is pinned"),
    };
    simple(id, title, outcome, detail)
}

// --- completeness --------------------------------------------------------------------------------------------------

fn completeness(e: &Evidence<'_>) -> Claim {
    let l = e.ledger;
    let mut checks = vec![start_check(e)];
    if let Some(seq) = e.profile.and_then(|p| p.seq.as_ref()) {
        let mut check = tallied(
            "sequence",
            "The records' own numbers have no gap",
            l.sequence,
            "follow",
            "does not",
            0,
        );
        if seq.gaps == Gaps::Report && l.sequence_gaps > 0 {
            check.outcome = CheckOutcome::NotChecked;
        }
        checks.push(check);
    }
    let heads = expected_heads_match(e);
    checks.push(told(
        "expected_head",
        "The last hash is the one you were told",
        heads,
    ));
    let count = e.request.expect_count.map(|count| count == l.records);
    checks.push(told(
        "expected_count",
        "The number of records is the one you were told",
        count,
    ));
    checks.push(earlier_imports(e));
    if let Some(profile) = e.profile {
        statement_checks(e, profile, &mut checks);
    }
    let failed: Vec<_> = checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Fail)
        .collect();
    let (outcome, sentence) = if let Some(check) = failed.first() {
        (ClaimOutcome::Refuted, refuted_completeness(e, check))
    } else if l.records == 0 || e.profile.is_none() {
        (
            ClaimOutcome::NotProven,
            "Nothing states how many records there should be.".into(),
        )
    } else {
        extent(e, heads, count)
    };
    Claim {
        outcome,
        basis: None,
        sentence,
        checks,
    }
}

fn extent(e: &Evidence<'_>, heads: Option<bool>, count: Option<bool>) -> (ClaimOutcome, String) {
    let l = e.ledger;
    let all = records(l.records);
    let not = |sentence: &str| (ClaimOutcome::NotProven, sentence.to_owned());
    let signed = l.signatures.iter().any(|t| t.pinned == l.records);
    let closed_manifest = e.statements.manifest.is_pinned() && e.statements.manifest_is_closed;
    let ended =
        !l.chains.is_empty() && l.chains.values().all(|chain| chain.ended) && signed && terminal_is_signed(e);
    let by = if heads == Some(true) && e.profile.is_some_and(is_rolling) {
        Some("the last hash is the one you were told")
    } else if count == Some(true) && signed {
        Some("their number is the one you were told, and each is signed")
    } else if e.statements.closing.is_pinned() || e.statements.root.is_pinned() {
        Some("a signed statement fixes their number and order")
    } else if closed_manifest {
        Some("a signed manifest lists every member of the bundle")
    } else if ended {
        Some("the signed last record closes the trail")
    } else {
        None
    };
    let starts = l.chains.values().all(|chain| chain.starts_at_genesis) && !l.chains.is_empty();
    let broken = l.links.failed + l.parsed.failed + l.over_limit + l.hashes.failed > 0
        || l.unknown_rest
        || l.chains_capped;
    let gaps = l.sequence_gaps > 0;
    match by {
        _ if broken => not("Records are damaged or missing, so their number says nothing."),
        _ if gaps => not("The records' own numbers have gaps."),
        Some(by) if starts || closed_manifest => (
            ClaimOutcome::Proven,
            format!("{all} are here from the start, and {by}."),
        ),
        Some(_) => {
            not("The trail begins in the middle: its first record names one before it that is not here.")
        }
        None if l.chains.values().any(|chain| chain.met.is_some()) => not(
            "The trail continues an earlier import. Nothing fixes where it ends now: a cut-off end would look the same.",
        ),
        None if e.statements.all().iter().any(|s| s.is_there && s.agrees) => not(
            "The bundle states its own extent, and nobody you trust signed that: a cut-off end can be restated.",
        ),
        None => not("Nothing fixes where the trail ends. A cut-off end would look the same."),
    }
}

fn terminal_is_signed(e: &Evidence<'_>) -> bool {
    let Some(profile) = e.profile else { return false };
    let Some(terminal) = profile.expect.as_ref().and_then(|x| x.terminal.as_ref()) else {
        return false;
    };
    (0..profile.signatures.len()).any(|index| Reach::of_signature(profile, index).covers(&terminal.field))
}

fn start_check(e: &Evidence<'_>) -> Check {
    let title = "The trail starts at its beginning";
    let l = e.ledger;
    if e.profile.is_none() || l.chains.is_empty() {
        return not_applicable("start", title, "there is no trail");
    }
    if e.profile.is_some_and(|p| p.link.is_none() && p.seq.is_none()) {
        return not_checked("start", title, "the format numbers and links nothing");
    }
    let passed = l.chains.values().filter(|chain| chain.starts_at_genesis).count() as u64;
    let others = l.chains.len() as u64 - passed;
    let (outcome, detail) = if others == 0 {
        (
            CheckOutcome::Pass,
            "its first record has the value of a first record".to_owned(),
        )
    } else {
        (
            CheckOutcome::NotChecked,
            "the first record names one before it that is not here".to_owned(),
        )
    };
    Check {
        id: "start".into(),
        title: title.into(),
        outcome,
        detail,
        passed,
        failed: 0,
    }
}

/// Whether every chain ends with a head that was told, and every told head was met. `None` when none was told.
fn expected_heads_match(e: &Evidence<'_>) -> Option<bool> {
    let told = &e.request.expect_head;
    if told.is_empty() {
        return None;
    }
    let chains = &e.ledger.chains;
    let met = |head: &String| chains.values().any(|chain| chain.head == *head);
    Some(
        !chains.is_empty() && chains.values().all(|chain| told.contains(&chain.head)) && told.iter().all(met),
    )
}

fn earlier_imports(e: &Evidence<'_>) -> Check {
    let title = "It extends what earlier imports of this trail held";
    let l = e.ledger;
    let same: Vec<_> = e
        .request
        .remembered
        .iter()
        .filter(|head| {
            l.chains
                .get(&head.chain)
                .is_some_and(|chain| chain.first_id == head.first_id)
        })
        .collect();
    if same.is_empty() {
        return not_applicable(
            "earlier_import",
            title,
            "no earlier import of this trail is known",
        );
    }
    let shorter = same
        .iter()
        .filter(|head| {
            l.chains
                .get(&head.chain)
                .is_some_and(|c| c.records < head.records)
        })
        .count() as u64;
    let failed = shorter + l.remembered.failed;
    if failed > 0 {
        let longest = same.iter().max_by_key(|head| head.records);
        let detail = longest.map_or_else(String::new, |head| {
            format!(
                "the import of {} held {} records and ended with {}",
                head.imported_at,
                grouped(head.records),
                head.head
            )
        });
        return Check {
            failed,
            ..simple("earlier_import", title, CheckOutcome::Fail, &detail)
        };
    }
    let since = same
        .iter()
        .min_by(|a, b| a.imported_at.cmp(&b.imported_at))
        .map_or("", |head| head.imported_at.as_str());
    Check {
        passed: l.remembered.passed,
        ..simple(
            "earlier_import",
            title,
            CheckOutcome::Pass,
            &format!("continuous since the import of {since}"),
        )
    }
}

fn statement_checks(e: &Evidence<'_>, profile: &Profile, checks: &mut Vec<Check>) {
    let s = e.statements;
    if profile.expect.as_ref().is_some_and(|x| x.count.is_some()) {
        checks.push(stated(
            "stated_count",
            "The number of records is the one that the bundle states",
            &s.count,
            "the bundle states none",
        ));
    }
    if profile.expect.as_ref().is_some_and(|x| x.head.is_some()) {
        checks.push(stated(
            "stated_head",
            "The last hash is the one that the bundle states",
            &s.head,
            "the bundle states none",
        ));
    }
    if profile.closing.is_some() {
        checks.push(stated(
            "closing",
            "The digest over all records is the one that the bundle states",
            &s.closing,
            "the bundle states none",
        ));
    }
    if profile.tree.is_some() {
        checks.push(stated(
            "root",
            "The tree over all records has the root that the bundle states",
            &s.root,
            "the bundle states none",
        ));
    }
    if profile.manifest.is_some() && s.manifest_is_closed {
        let faults = e.ledger.faults.codes();
        let failed = faults
            .iter()
            .any(|code| code == "manifest_missing" || code == "manifest_unlisted");
        let outcome = if failed {
            CheckOutcome::Fail
        } else {
            CheckOutcome::Pass
        };
        checks.push(simple(
            "manifest_members",
            "The manifest lists exactly the members that are here",
            outcome,
            "",
        ));
    }
    if profile.expect.as_ref().is_some_and(|x| x.terminal.is_some()) {
        let title = "The last record closes the trail, and nothing follows it";
        let ended = !e.ledger.chains.is_empty() && e.ledger.chains.values().all(|chain| chain.ended);
        checks.push(if e.ledger.after_end > 0 {
            Check {
                failed: e.ledger.after_end,
                ..simple("terminal", title, CheckOutcome::Fail, "records follow it")
            }
        } else if ended {
            simple("terminal", title, CheckOutcome::Pass, "")
        } else {
            not_checked(
                "terminal",
                title,
                "no closing record is here; the trail may still go on",
            )
        });
    }
}

fn refuted_completeness(e: &Evidence<'_>, check: &Check) -> String {
    let l = e.ledger;
    match check.id.as_str() {
        "expected_head" => "The trail does not end with the hash you were told.".into(),
        "expected_count" => {
            let told = e.request.expect_count.unwrap_or_default();
            format!(
                "You were told {} records; {} are here.",
                grouped(told),
                grouped(l.records)
            )
        }
        "earlier_import" => {
            let detail = &check.detail;
            format!(
                "This trail is not an extension of what was imported before: {detail}; this one has {} records.",
                grouped(l.records)
            )
        }
        "stated_count" => "The bundle states another number of records than it holds.".into(),
        "sequence" => "The records' own numbers have gaps.".into(),
        "manifest_members" => "The bundle does not hold exactly the members that its manifest lists.".into(),
        "terminal" => "Records stand after the one that closes the trail.".into(),
        _ => "A statement in the bundle about all its records does not agree with the records that are here."
            .into(),
    }
}

// --- time ----------------------------------------------------------------------------------------------------------

fn time(e: &Evidence<'_>) -> Claim {
    let check = not_checked(
        "third_party_time",
        "Somebody else's time stamp covers the last record",
        "the bundle carries none that this format names",
    );
    let sentence = if e.ledger.records == 0 {
        "No record was found, so there is no time."
    } else {
        "Every time is the recorder's own word. The bundle carries no time stamp from anyone else."
    };
    Claim {
        outcome: ClaimOutcome::NotProven,
        basis: None,
        sentence: sentence.into(),
        checks: vec![check],
    }
}

// --- parts ---------------------------------------------------------------------------------------------------------

fn bundle_digest(e: &Evidence<'_>) -> Check {
    let title = "The bundle is the one that the sender named";
    match &e.request.expect_sha256 {
        None => not_checked("bundle_digest", title, "no digest was told by another way"),
        Some(told) if told.trim().eq_ignore_ascii_case(e.sha256) => {
            simple("bundle_digest", title, CheckOutcome::Pass, "SHA-256 equal")
        }
        Some(told) => {
            let detail = format!("told {}, found {}", told.trim(), e.sha256);
            Check {
                failed: 1,
                ..simple("bundle_digest", title, CheckOutcome::Fail, &detail)
            }
        }
    }
}

fn members(e: &Evidence<'_>) -> Check {
    let title = "Every member of the container can be read, and nothing else is in it";
    if e.members_odd > 0 {
        return Check {
            failed: e.members_odd,
            ..simple("members", title, CheckOutcome::Fail, "bytes belong to no member")
        };
    }
    if e.members_unread > 0 {
        return not_checked("members", title, &format!("{} cannot be read", e.members_unread));
    }
    simple("members", title, CheckOutcome::Pass, "")
}

fn stated(id: &str, title: &str, stated: &Stated, absent: &str) -> Check {
    if !stated.is_there {
        return not_checked(id, title, absent);
    }
    let outcome = if stated.agrees {
        CheckOutcome::Pass
    } else {
        CheckOutcome::Fail
    };
    Check {
        passed: u64::from(stated.agrees),
        failed: u64::from(!stated.agrees),
        ..simple(id, title, outcome, "")
    }
}

fn told(id: &str, title: &str, agrees: Option<bool>) -> Check {
    match agrees {
        None => not_checked(id, title, "none was given"),
        Some(true) => simple(id, title, CheckOutcome::Pass, "equal"),
        Some(false) => Check {
            failed: 1,
            ..simple(id, title, CheckOutcome::Fail, "not equal")
        },
    }
}

fn tallied(id: &str, title: &str, tally: Tally, holds: &str, fails: &str, unjudged: u64) -> Check {
    let total = tally.passed + tally.failed;
    let (outcome, detail) = if tally.failed > 0 {
        let fails = if tally.failed == 1 {
            fails.to_owned()
        } else {
            plural(fails)
        };
        (
            CheckOutcome::Fail,
            format!(
                "{} {holds}, {} {fails}",
                grouped(tally.passed),
                grouped(tally.failed)
            ),
        )
    } else if unjudged > 0 {
        (
            CheckOutcome::NotChecked,
            format!("{} could not be judged", grouped(unjudged)),
        )
    } else if total == 0 {
        (CheckOutcome::NotApplicable, "there are no records".to_owned())
    } else {
        (CheckOutcome::Pass, format!("{} {holds}", grouped(tally.passed)))
    };
    Check {
        id: id.into(),
        title: title.into(),
        outcome,
        detail,
        passed: tally.passed,
        failed: tally.failed,
    }
}

fn plural(fails: &str) -> String {
    match fails {
        "does not" => "do not",
        "is broken" => "are broken",
        "is not" => "are not",
        other => other,
    }
    .to_owned()
}

fn simple(id: &str, title: &str, outcome: CheckOutcome, detail: &str) -> Check {
    let passed = u64::from(outcome == CheckOutcome::Pass);
    Check {
        id: id.into(),
        title: title.into(),
        outcome,
        detail: detail.into(),
        passed,
        failed: u64::from(outcome == CheckOutcome::Fail),
    }
}

fn not_checked(id: &str, title: &str, reason: &str) -> Check {
    simple(id, title, CheckOutcome::NotChecked, reason)
}

fn not_applicable(id: &str, title: &str, reason: &str) -> Check {
    simple(id, title, CheckOutcome::NotApplicable, reason)
}

fn add(total: &mut SignatureTally, tally: &SignatureTally) {
    total.pinned += tally.pinned;
    total.wrong += tally.wrong;
    total.wrong_but_carried += tally.wrong_but_carried;
    total.unpinned += tally.unpinned;
    total.carried += tally.carried;
    total.carried_fails += tally.carried_fails;
    total.missing += tally.missing;
    total.absent += tally.absent;
    total.malformed += tally.malformed;
}

fn records(count: u64) -> String {
    if count == 1 {
        "1 record".into()
    } else {
        format!("{} records", grouped(count))
    }
}

fn verb<'w>(count: u64, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}

/// `184,212`
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
