//! Whatever comes in, a verification or a named error comes out; and changing bytes never makes a lie proven.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use crate::maker;

use crate::kit::{Bundle, told};
use crate::maker::{Maker, Signs, lines};
use proptest::prelude::*;
use tickmark_verify::dry_run::try_on;
use tickmark_verify::infer::infer_within;
use tickmark_verify::verification::{Basis, CheckOutcome, ClaimOutcome, Verification};
use tickmark_verify::{Profile, ProfileChoice, Request};

fn request(profile: Option<&str>, trust: &str) -> Request {
    let mut request = Request::default();
    if let Some(text) = profile {
        request.profile = ProfileChoice::Named(Box::new(Profile::parse(text).unwrap()));
    }
    request.trust.add_file("pinned.toml", trust.as_bytes()).unwrap();
    request
}

/// What holds of every verification, whatever the bytes.
fn is_sane(v: &Verification) {
    let claims = [
        &v.claims.integrity,
        &v.claims.authenticity,
        &v.claims.completeness,
        &v.claims.time,
    ];
    let is_refuted = claims.iter().any(|claim| claim.outcome == ClaimOutcome::Refuted);
    assert_eq!(v.verdict == ClaimOutcome::Refuted, is_refuted, "{}", told(v));
    for claim in claims {
        let fails = claim
            .checks
            .iter()
            .any(|check| check.outcome == CheckOutcome::Fail);
        assert!(!fails || claim.outcome == ClaimOutcome::Refuted, "{claim:?}");
    }
    if v.verdict == ClaimOutcome::Proven {
        let required = [
            &v.claims.integrity,
            &v.claims.authenticity,
            &v.claims.completeness,
        ];
        assert!(required.iter().all(|claim| claim.outcome == ClaimOutcome::Proven));
        assert_eq!(v.claims.integrity.basis, Some(Basis::Anchored));
        assert!(v.counts.records > 0);
    }
    if is_refuted {
        assert!(v.counts.faults > 0, "{}", told(v));
    }
    assert_eq!(v.counts.signed + v.counts.unsigned, v.counts.records);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600), named in any::<bool>()) {
        let maker = Maker::new(Signs::Ed25519);
        let request = request(named.then_some(maker::CHAIN_PROFILE), &maker.trust());
        if let Ok(v) = Bundle::file("trail.jsonl", bytes).verify(&request) {
            is_sane(&v);
            prop_assert_ne!(v.verdict, ClaimOutcome::Proven);
        }
    }

    #[test]
    fn json_that_looks_like_something(
        text in "(\\{|\\}|\\[|\\]|,|:|\"hash\"|\"prev\"|\"seq\"|\"sig\"|\"entries\"|null|1|\"\"|\n){0,60}",
    ) {
        let maker = Maker::new(Signs::Ed25519);
        for profile in [Some(maker::CHAIN_PROFILE), Some(maker::ROOT_PROFILE), None] {
            if let Ok(v) = Bundle::file("trail.json", text.clone()).verify(&request(profile, &maker.trust())) {
                is_sane(&v);
                prop_assert_ne!(v.verdict, ClaimOutcome::Proven);
            }
        }
    }

    /// One byte of a signed chain changed: never proven, and anchored only when the byte was no part of any record.
    #[test]
    fn one_byte_changed(place in any::<prop::sample::Index>(), with in any::<u8>()) {
        let maker = Maker::new(Signs::Ed25519);
        // without the carried key, which no hash covers
        let mut records = maker.chain(4);
        records.iter_mut().for_each(|record| drop(record.as_object_mut().unwrap().remove("key")));
        let head = records[3]["hash"].as_str().unwrap().to_owned();
        let mut bytes = lines(&records);
        let index = place.index(bytes.len());
        let before = bytes[index];
        bytes[index] = with;
        let mut request = request(Some(maker::CHAIN_PROFILE), &maker.trust());
        request.expect_head = vec![head];
        let v = Bundle::file("trail.jsonl", bytes.clone()).verify(&request).unwrap();
        is_sane(&v);
        let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if with != before && !(is_space(before) && is_space(with)) {
            prop_assert_ne!(v.verdict, ClaimOutcome::Proven, "byte {} from {} to {}: {}", index, before, with, told(&v));
        }
    }

    /// Records of a signed chain in any order and number: proven only when they are all there, once, in order.
    #[test]
    fn any_choice_of_records(choice in proptest::collection::vec(0_usize..5, 0..8)) {
        let maker = Maker::new(Signs::Ed25519);
        let records = maker.chain(5);
        let chosen: Vec<_> = choice.iter().map(|&index| records[index].clone()).collect();
        let is_whole = choice == [0, 1, 2, 3, 4];
        let mut counted = request(Some(maker::CHAIN_PROFILE), &maker.trust());
        counted.expect_count = Some(5);
        let mut headed = request(Some(maker::CHAIN_PROFILE), &maker.trust());
        headed.expect_head = vec![records[4]["hash"].as_str().unwrap().to_owned()];
        for request in [counted, headed] {
            let v = Bundle::file("trail.jsonl", lines(&chosen)).verify(&request).unwrap();
            is_sane(&v);
            prop_assert_eq!(v.verdict == ClaimOutcome::Proven, is_whole, "{:?}: {}", choice, told(&v));
        }
    }

    /// Whatever lines come in, an inference ends within its limit, and claims nothing that the engine does not find.
    #[test]
    fn any_lines_for_an_inference(
        texts in proptest::collection::vec("(\\{\"(a|hash|prev|sig)\":(1|null|\"\"|\"[0-9a-f]{64}\"|\\{\"hash\":\"[0-9a-f]{64}\"\\}),\"n\":[0-9]{1,3}\\}|[{}a:,]{0,9})\n", 0..12),
    ) {
        let bundle = Bundle::file("trail.jsonl", texts.concat());
        let found = infer_within(bundle.received(), &Request::default(), "found", 20_000).unwrap();
        prop_assert!(found.effort < 40_000, "{}", found.effort);
        prop_assert!(found.profile.is_none(), "{:?}", found.profile);
    }

    /// A dry run on a chain with one byte changed ends, and tells of no edit that was not there before it.
    #[test]
    fn a_dry_run_on_any_bytes(place in any::<prop::sample::Index>(), with in any::<u8>()) {
        let maker = Maker::new(Signs::Ed25519);
        let mut bytes = lines(&maker.chain(3));
        let index = place.index(bytes.len());
        bytes[index] = with;
        let profile = Profile::parse(maker::CHAIN_PROFILE).unwrap();
        let asked = request(None, &maker.trust());
        let trial = try_on(&profile, Bundle::file("trail.jsonl", bytes).received(), &asked).unwrap();
        prop_assert_eq!(trial.holds, trial.verification.verdict != ClaimOutcome::Refuted);
        prop_assert!(trial.holds || trial.mutations.is_none());
    }

    #[test]
    fn any_profile_text(text in "(id|version|title|spec_url|detect|source|hash|link|kind|preimage|json|canon|=|\"|\\[|\\]|\\{|\\}|\n|jsonl|a){0,40}") {
        let _ = Profile::parse(&text);
    }
}
