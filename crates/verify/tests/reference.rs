//! The reference page of profiles: its example is a profile, and it says what the page says.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod kit;

use kit::{Bundle, told};
use tickmark_verify::verification::{Basis, ClaimOutcome};
use tickmark_verify::{Profile, ProfileChoice, Request};

const KEY: &str = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

fn block(page: &str, language: &str) -> String {
    let start = format!("```{language}\n");
    let (_, rest) = page.split_once(&start).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_example_proves_what_the_page_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/profiles.md");
    let page = std::fs::read_to_string(path).unwrap();
    let profile = Profile::parse(&block(&page, "toml")).unwrap();
    let records = block(&page, "jsonl");
    let judge = |is_pinned: bool| {
        let mut request = Request {
            profile: ProfileChoice::Named(Box::new(profile.clone())),
            ..Request::default()
        };
        if is_pinned {
            let trust =
                format!("[[key]]\nalgorithm = \"ed25519\"\npublic_key = \"{KEY}\"\nowner = \"its author\"\n");
            request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
        }
        Bundle::file("log.jsonl", records.clone())
            .verify(&request)
            .unwrap()
    };
    let pinned = judge(true);
    assert_eq!(pinned.verdict, ClaimOutcome::Proven, "{}", told(&pinned));
    assert_eq!(pinned.claims.integrity.basis, Some(Basis::Anchored));
    assert!(pinned.uncovered_fields.is_empty());
    let bare = judge(false);
    assert_eq!(bare.verdict, ClaimOutcome::NotProven, "{}", told(&bare));
    assert_eq!(bare.claims.integrity.basis, Some(Basis::SelfConsistent));
    assert_eq!(bare.claims.integrity.outcome, ClaimOutcome::Proven);
    assert_eq!(bare.claims.authenticity.outcome, ClaimOutcome::NotProven);
    assert_eq!(bare.claims.completeness.outcome, ClaimOutcome::NotProven);
}
