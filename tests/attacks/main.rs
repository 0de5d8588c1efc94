//! The corpus, judged: every lie comes to what its case states, no good bundle is doubted, and neither takes long.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and it measures how long something took"
)]

use std::time::{Duration, Instant};

use tickmark_tests::corpus::{Case, Must, good, lies, store};
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{Basis, Claim, ClaimOutcome, Verification};
use tickmark_verify::{ProfileChoice, RememberedHead, Request, Trust, decide};

/// No bundle may take longer. A program without optimizations gets eight times as long.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 40 } else { 5 });

#[test]
fn every_lie_comes_to_what_its_case_states() {
    let cases = lies();
    let formats: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.format).collect();
    assert!(
        cases.len() >= 200 && formats.len() >= 8,
        "{} lies over {} formats",
        cases.len(),
        formats.len()
    );
    hold(&cases);
}

#[test]
fn no_good_bundle_is_doubted() {
    let cases = good();
    assert!(cases.len() >= 100, "{} good bundles", cases.len());
    assert!(cases.iter().all(|case| case.expect.faults.is_empty()));
    hold(&cases);
}

#[test]
fn the_committed_cases_are_the_generated_ones() {
    let cases = lies();
    assert_eq!(store::strangers(&cases).unwrap(), Vec::<String>::new());
    for case in &cases {
        let path = store::committed().join(case.name()).join("case.toml");
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed,
            case.toml(),
            "{}: run `cargo run -p tickmark-tests --bin corpus -- write`",
            path.display()
        );
        committed.parse::<toml::Table>().unwrap();
    }
}

/// Judges every case and names all that differ.
fn hold(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.name(), differs(case)?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// What differs from the case.
fn differs(case: &Case) -> Option<String> {
    let start = Instant::now();
    let judged = judge(case);
    let took = start.elapsed();
    if took > LONGEST {
        return Some(format!("took {took:?}"));
    }
    match judged {
        Err(_) if case.expect.refused => None,
        Err(error) => Some(format!("was refused: {error}")),
        Ok(v) if case.expect.refused => Some(format!("was judged: {}", told(&v))),
        Ok(v) => compare(case, &v).map(|what| format!("{what}\n    {}", told(&v))),
    }
}

fn judge(case: &Case) -> Result<Verification, String> {
    let mut request = Request::default();
    if !case.trust.is_empty() {
        let mut trust = Trust::default();
        trust
            .add_file("trust.toml", case.trust.as_bytes())
            .map_err(|error| error.to_string())?;
        request.trust = trust;
    }
    if let Some(id) = case.profile {
        let profile = shipped()
            .unwrap()
            .iter()
            .find(|profile| profile.id == id)
            .unwrap();
        request.profile = ProfileChoice::Named(Box::new(profile.clone()));
    }
    request.expect_head.clone_from(&case.told.heads);
    request.expect_count = case.told.count;
    request.expect_sha256.clone_from(&case.told.sha256);
    request
        .remembered
        .extend(case.told.remembered.iter().map(|head| RememberedHead {
            chain: head.chain.clone(),
            first_id: head.first_id.clone(),
            records: head.records,
            head: head.head.clone(),
            imported_at: "20 Nov 2026".into(),
            ..RememberedHead::default()
        }));
    case.bundle.verify(&request).map_err(|error| error.to_string())
}

fn compare(case: &Case, v: &Verification) -> Option<String> {
    let e = &case.expect;
    let claims = [
        ("integrity", e.integrity, &v.claims.integrity),
        ("authenticity", e.authenticity, &v.claims.authenticity),
        ("completeness", e.completeness, &v.claims.completeness),
        ("time", Must::NotProven, &v.claims.time),
    ];
    for (name, must, claim) in claims {
        if (word(claim.outcome), basis(claim)) != (must.word(), must.basis()) {
            return Some(format!("{name} must be {must:?}"));
        }
    }
    if word(v.verdict) != e.verdict() || decide(v, &[]).exit_code() != e.exit() {
        return Some(format!(
            "the verdict must be {} with exit code {}",
            e.verdict(),
            e.exit()
        ));
    }
    let codes: Vec<&str> = v.fault_groups.iter().map(|group| group.code.as_str()).collect();
    if let Some(code) = e.faults.iter().find(|code| !codes.contains(*code)) {
        return Some(format!("the fault {code} must be told"));
    }
    if e.faults.is_empty() && !codes.is_empty() {
        return Some("no fault may be told".into());
    }
    if e.warning
        .is_some_and(|warning| !v.warnings.iter().any(|told| told.contains(warning)))
    {
        return Some(format!("a warning must be told: {:?}", v.warnings));
    }
    if e.uncovered
        .is_some_and(|field| !v.uncovered_fields.iter().any(|told| told == field))
    {
        return Some(format!(
            "a field must be named as uncovered: {:?}",
            v.uncovered_fields
        ));
    }
    None
}

fn word(outcome: ClaimOutcome) -> &'static str {
    match outcome {
        ClaimOutcome::Proven => "proven",
        ClaimOutcome::NotProven => "not_proven",
        ClaimOutcome::Refuted => "refuted",
    }
}

fn basis(claim: &Claim) -> Option<&'static str> {
    claim.basis.map(|basis| match basis {
        Basis::Anchored => "anchored",
        Basis::SelfConsistent => "self_consistent",
    })
}

fn told(v: &Verification) -> String {
    let claim = |claim: &Claim| basis(claim).unwrap_or(word(claim.outcome));
    format!(
        "{:?}: {} {} {} {:?}",
        v.profile.as_ref().map(|profile| &profile.id),
        claim(&v.claims.integrity),
        claim(&v.claims.authenticity),
        claim(&v.claims.completeness),
        v.fault_groups
            .iter()
            .map(|group| (&group.code, group.count))
            .collect::<Vec<_>>()
    )
}
