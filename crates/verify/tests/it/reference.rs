//! The reference page of profiles: its examples are profiles, and they say what the page says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use crate::kit::{Bundle, told};
use tickmark_verify::infer::{Outcome, infer};
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{Profile, ProfileChoice, Request};

const KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
const MANIFEST_KEY: &str = "fd1724385aa0c75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618";

fn page() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/profiles.md");
    std::fs::read_to_string(path).unwrap()
}

/// The first block of a language under a heading.
fn block(page: &str, heading: &str, language: &str) -> String {
    let (_, section) = page.split_once(&format!("\n## {heading}")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let (_, rest) = section.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

fn judged(bundle: &Bundle, profile: &Profile, key: Option<&str>) -> Verification {
    let mut request = Request {
        profile: ProfileChoice::Named(Box::new(profile.clone())),
        ..Request::default()
    };
    if let Some(key) = key {
        let trust =
            format!("[[key]]\nalgorithm = \"ed25519\"\npublic_key = \"{key}\"\nowner = \"its author\"\n");
        request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    }
    bundle.verify(&request).unwrap()
}

#[test]
fn the_example_proves_what_the_page_says() {
    let page = page();
    let profile = Profile::parse(&block(&page, "One example", "toml")).unwrap();
    let bundle = Bundle::file("log.jsonl", block(&page, "One example", "jsonl"));
    let pinned = judged(&bundle, &profile, Some(KEY));
    assert_eq!(pinned.verdict, ClaimOutcome::Proven, "{}", told(&pinned));
    assert_eq!(pinned.claims.integrity.basis, Some(Basis::Anchored));
    assert!(pinned.uncovered_fields.is_empty());
    let bare = judged(&bundle, &profile, None);
    assert_eq!(bare.verdict, ClaimOutcome::NotProven, "{}", told(&bare));
    assert_eq!(bare.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert_eq!(bare.claims.integrity.outcome, ClaimOutcome::Proven);
    assert_eq!(bare.claims.authenticity.outcome, ClaimOutcome::NotProven);
    assert_eq!(bare.claims.completeness.outcome, ClaimOutcome::NotProven);
}

#[test]
fn the_second_example_is_what_inference_finds() {
    let page = page();
    let heading = "A second example";
    let bundle = Bundle::file("gateway.jsonl", block(&page, heading, "jsonl"));
    let found = infer(bundle.received(), &Request::default(), "gateway").unwrap();
    assert_eq!(found.outcome, Outcome::Reproduced, "{found:?}");
    assert_eq!(
        found.profile.as_deref(),
        Some(block(&page, heading, "toml").as_str())
    );
    let told: Vec<(&str, usize, usize)> = found
        .explained
        .iter()
        .map(|line| (line.role.as_str(), line.reproduced, line.of))
        .collect();
    assert_eq!(told, [("hash", 5, 5), ("link", 4, 4), ("seq", 4, 4)]);
    assert_eq!(found.uncovered_fields, ["/note"]);
    assert_eq!(
        found.verification.unwrap().claims.integrity.basis,
        Some(Basis::SelfConsistent)
    );
}

#[test]
fn the_third_example_rests_on_its_manifest() {
    let page = page();
    let heading = "A third example";
    let profile = Profile::parse(&block(&page, heading, "toml")).unwrap();
    let manifest = block(&page, heading, "json").trim_end().as_bytes().to_vec();
    let records = block(&page, heading, "jsonl");
    let with = |records: &str| {
        Bundle::folder(&[
            ("events.jsonl", records.as_bytes().to_vec()),
            ("manifest.json", manifest.clone()),
        ])
    };
    let pinned = judged(&with(&records), &profile, Some(MANIFEST_KEY));
    assert_eq!(pinned.verdict, ClaimOutcome::Proven, "{}", told(&pinned));
    assert_eq!(pinned.claims.integrity.basis, Some(Basis::Anchored));
    assert!(
        pinned.uncovered_fields.is_empty(),
        "{:?}",
        pinned.uncovered_fields
    );
    let bare = judged(&with(&records), &profile, None);
    assert_eq!(
        bare.claims.integrity.basis,
        Some(Basis::SelfConsistent),
        "{}",
        told(&bare)
    );
    assert_eq!(bare.claims.completeness.outcome, ClaimOutcome::NotProven);
    // a payload that is changed contradicts its own digest
    let edited = judged(
        &with(&records.replace("running", "walking")),
        &profile,
        Some(MANIFEST_KEY),
    );
    let payload = edited
        .claims
        .integrity
        .checks
        .iter()
        .find(|check| check.outcome == CheckOutcome::Fail);
    assert!(
        payload.is_some() && edited.verdict == ClaimOutcome::Refuted,
        "{}",
        told(&edited)
    );
}
