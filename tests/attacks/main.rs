//! The corpus, judged: every lie comes to what its case states, no good bundle is doubted, and neither takes long.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and it measures how long something took"
)]

use std::time::{Duration, Instant};

use tickmark_crypto::sealed::{Identity, Opener};
use tickmark_crypto::secret::Secret;
use tickmark_tests::corpus::{Asked, Case, OpenedBy, good, judging, lies, store};
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::Verification;
use tickmark_verify::{Profile, ProfileChoice, RememberedHead, Request, Trust, decide};

/// No bundle may take longer.
const LONGEST: Duration = Duration::from_secs(5);

/// Nor a bomb in a program without optimizations: the ratio counts from 64 MiB, which are read some five times over until
/// then. `./test --only attacks` holds the program as it is shipped to five seconds for every bundle.
const LONGEST_BOMB: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 5 });

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
            "{}: run `cargo xtask corpus write`",
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
    let longest = if case.lie.starts_with("bomb-") {
        LONGEST_BOMB
    } else {
        LONGEST
    };
    if took > longest {
        return Some(format!("took {took:?}"));
    }
    match judged {
        Err(_) if case.expect.refused => None,
        Err(error) => Some(format!("was refused: {error}")),
        Ok(v) => {
            let told = serde_json::to_value(&v).unwrap();
            if case.expect.refused {
                return Some(format!("was judged: {}", judging::told(&told)));
            }
            judging::differs(case, &told, decide(&v, &[]).exit_code())
        }
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
    if let Some(asked) = &case.profile {
        let profile = match asked {
            Asked::Shipped(id) => shipped().unwrap().iter().find(|one| one.id == *id).cloned(),
            Asked::Own(text) => Some(Profile::parse(text).unwrap()),
        };
        request.profile = ProfileChoice::Named(Box::new(profile.unwrap()));
    }
    let secret = |text: &String| Secret::new(text.clone());
    request.openers = case
        .opened_by
        .iter()
        .map(|opened_by| match opened_by {
            OpenedBy::Identity(text) => Opener::Identity(Identity::parse(&secret(text)).unwrap()),
            OpenedBy::Passphrase(text) => Opener::Passphrase(secret(text)),
        })
        .collect();
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
