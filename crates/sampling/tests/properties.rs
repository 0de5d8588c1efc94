//! What must hold whatever the numbers (`research/audit.md` 1.8).
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::HashSet;

use proptest::prelude::*;
use tickmark_sampling::{
    DrawError, EvaluateError, EvaluateRequest, PlanError, PlanRequest, Rate, acceptance_curve, allocate,
    allocate_at_least_one, chance_to_support, consistent, evaluate, frame_digest, plan, rivest,
    rivest_continue, systematic,
};

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn per_mille(value: u64) -> Rate {
    Rate::from_fraction(value, 1000).unwrap()
}

fn limits(sample: u64, deviations: u64, population: Option<u64>) -> tickmark_sampling::Evaluation {
    evaluate(&EvaluateRequest {
        sample,
        deviations,
        confidence: rate("95%"),
        population,
    })
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn limits_enclose_what_was_seen(n in 1u64..500, x in 0u64..500, extra in 0u64..2000, known in any::<bool>()) {
        let x = x.min(n);
        let found = limits(n, x, known.then_some(n + extra));
if known {
            // In whole units: one deviation in 236 of 237 is a rate above 1/237, and K = 1 is what it stands for.
            let seen = Rate::from_fraction(x, n).unwrap();
            prop_assert!(found.lower_count.unwrap() <= seen.ceil_of(n + extra));
            prop_assert!(found.upper_count.unwrap() >= seen.floor_of(n + extra));
            prop_assert!(found.lower_count <= found.upper_count);
        } else {
            prop_assert!(found.lower_limit <= found.point && found.point <= found.upper_limit);
        }
        prop_assert!(found.two_sided.lower <= found.lower_limit && found.upper_limit <= found.two_sided.upper);
        prop_assert!(found.upper_limit <= 1.0 && found.lower_limit >= 0.0);
        prop_assert!(f64::from(found.upper_tenths_of_percent()) >= found.upper_limit * 1000.0 - 1e-9);
    }

    #[test]
    fn more_deviations_raise_the_limit(n in 2u64..400, x in 0u64..400, known in any::<bool>()) {
        let x = x.min(n - 1);
        let population = known.then_some(1000);
        prop_assert!(limits(n, x + 1, population).upper_limit > limits(n, x, population).upper_limit);
    }

    #[test]
    fn more_units_lower_the_limit(n in 1u64..400, x in 0u64..50, known in any::<bool>()) {
        let x = x.min(n);
        let population = known.then_some(1000);
        prop_assert!(limits(n + 1, x, population).upper_limit <= limits(n, x, population).upper_limit);
    }

    #[test]
    fn a_census_leaves_no_doubt(n in 1u64..3000, x in 0u64..3000) {
        let x = x.min(n);
        let found = limits(n, x, Some(n));
        prop_assert_eq!((found.lower_count, found.upper_count), (Some(x), Some(x)));
    }

    #[test]
    fn a_finite_population_never_needs_more(tolerable in 10u64..200, population in 50u64..3000) {
        // K = ceil(tol * N) stands for a rate of at least tol, and nothing expected means c = 0 in both.
        let request = |population| PlanRequest {
            tolerable: per_mille(tolerable), expected: Rate::ZERO, confidence: rate("95%"), population,
        };
        let finite = plan(&request(Some(population))).unwrap();
        let endless = plan(&request(None)).unwrap();
        prop_assert_eq!((finite.acceptable, endless.acceptable), (0, 0));
        prop_assert!(finite.sample_size <= endless.sample_size);
    }

    #[test]
    fn a_plan_is_sufficient_and_least(
        tolerable in 20u64..300, expected in 0u64..20, population in proptest::option::of(100u64..5000),
    ) {
        let expected = per_mille(expected.min(tolerable / 2));
        let tolerable = per_mille(tolerable);
        let request = PlanRequest { tolerable, expected, confidence: rate("90%"), population };
        let Ok(found) = plan(&request) else { return Ok(()) };
        prop_assert!(found.risk <= 0.1 + 1e-9);
        prop_assert_eq!(expected.ceil_of(found.sample_size), found.acceptable);
        prop_assert!(population.is_none_or(|population| found.sample_size <= population));
        let chance = |n, c| chance_to_support(n, c, tolerable, population).unwrap();
        prop_assert!(chance(found.sample_size - 1, found.acceptable) > 0.1 - 1e-9);
        // What the plan accepts, the evaluation supports.
        let request = EvaluateRequest {
            sample: found.sample_size, deviations: found.acceptable, confidence: rate("90%"), population,
        };
        prop_assert!(evaluate(&request).unwrap().supports(tolerable));
    }

    #[test]
    fn a_curve_falls(n in 1u64..300, c in 0u64..10, points in 0usize..200, known in any::<bool>()) {
        let population = known.then_some(1000);
        let curve = acceptance_curve(n, c, population, points).unwrap();
        prop_assert!(curve.len() <= points.max(2));
        prop_assert_eq!(curve.first().unwrap().probability, 1.0);
        for pair in curve.windows(2) {
            prop_assert!(pair[0].rate < pair[1].rate);
            prop_assert!(pair[0].probability >= pair[1].probability - 1e-12);
        }
    }

    #[test]
    fn a_draw_is_a_set_of_positions_and_repeats_itself(seed in "[0-9a-zA-Zé]{1,24}", n in 1u64..300, take in 0u64..300) {
        let take = take.min(n);
        let picks = rivest(&seed, n, take).unwrap();
        prop_assert_eq!(&rivest(&seed, n, take).unwrap(), &picks);
        let positions: HashSet<u64> = picks.iter().map(|pick| pick.position).collect();
        prop_assert_eq!(positions.len() as u64, take);
        prop_assert!(positions.iter().all(|at| (1..=n).contains(at)));
        let part = take / 2;
        let mut joined = rivest(&seed, n, part).unwrap();
        joined.extend(rivest_continue(&seed, n, part, take - part).unwrap());
        prop_assert_eq!(joined, picks);
        let even: HashSet<u64> = systematic(&seed, n, take).unwrap().iter().map(|pick| pick.position).collect();
        prop_assert_eq!(even.len() as u64, take);
        prop_assert!(even.iter().all(|at| (1..=n).contains(at)));
    }

    #[test]
    fn a_part_is_drawn_as_within_the_whole(seed in "[0-9]{1,20}", size in 2usize..80, part in 1usize..80) {
        let ids: Vec<String> = (0..size).map(|at| format!("r{at}")).collect();
        let part = part.min(size);
        let whole = consistent(&seed, ids.iter().map(String::as_str), size as u64).unwrap();
        let some = consistent(&seed, ids[..part].iter().map(String::as_str), part as u64).unwrap();
        let filtered: Vec<&str> = whole
            .iter()
            .filter(|ticket| ticket.position <= part as u64)
            .map(|ticket| ticket.id.as_str())
            .collect();
        prop_assert_eq!(some.iter().map(|ticket| ticket.id.as_str()).collect::<Vec<_>>(), filtered);
        // A short draw is the start of a long one, and the order of the frame changes nothing.
        let short = consistent(&seed, ids.iter().rev().map(String::as_str), part as u64).unwrap();
        prop_assert!(short.iter().zip(&whole).all(|(a, b)| (&a.id, &a.number) == (&b.id, &b.number)));
    }

    #[test]
    fn an_allocation_gives_everything(weights in proptest::collection::vec(0u64..10_000, 1..20), units in 0u64..5000) {
        let parts = allocate(&weights, units);
        let whole: u64 = weights.iter().sum();
        prop_assert_eq!(parts.iter().sum::<u64>(), if whole == 0 { 0 } else { units });
        let raised = allocate_at_least_one(&weights, units);
        prop_assert!(raised.units.iter().zip(&weights).all(|(part, weight)| *weight == 0 || *part >= 1));
    }
}

#[test]
fn ids_1_to_500_are_the_start_of_their_own_draw() {
    let ids: Vec<String> = (1..=1000).map(|at| format!("rec-{at:04}")).collect();
    let seed = "20237331128159211123";
    let whole = consistent(seed, ids.iter().map(String::as_str), 1000).unwrap();
    let filtered: Vec<&str> = whole
        .iter()
        .map(|ticket| ticket.id.as_str())
        .filter(|id| *id <= "rec-0500")
        .collect();
    let half = consistent(seed, ids[..500].iter().map(String::as_str), 500).unwrap();
    assert_eq!(
        half.iter().map(|ticket| ticket.id.as_str()).collect::<Vec<_>>(),
        filtered
    );
}

#[test]
fn a_ticket_is_the_published_one() {
    // The example in the documentation of consistent_sampler: first_fraction('AB-130', '01382438112797316654').
    let tickets = consistent("01382438112797316654", ["AB-130"], 1).unwrap();
    let published = "0.26299714122838008416507544297546663599715395525154425586041245287750224561854";
    assert_eq!(tickets[0].number, published);
}

#[test]
fn a_limit_on_a_whole_tenth_is_not_rounded_up() {
    let limit = |n, x, confidence: &str| {
        let request = EvaluateRequest {
            sample: n,
            deviations: x,
            confidence: rate(confidence),
            population: None,
        };
        evaluate(&request).unwrap().upper_tenths_of_percent()
    };
    assert_eq!(
        (
            limit(1, 0, "95%"),
            limit(1, 0, "90%"),
            limit(2, 0, "75%"),
            limit(9, 9, "95%")
        ),
        (950, 900, 500, 1000)
    );
}

#[test]
fn two_seeds_differ() {
    assert_ne!(
        rivest("0000000000", 1000, 20).unwrap(),
        rivest("0", 1000, 20).unwrap()
    );
    assert_ne!(
        rivest("seed", 1000, 20).unwrap(),
        rivest("seed ", 1000, 20).unwrap()
    );
}

#[test]
fn landmarks() {
    let size = |tolerable: &str, expected: &str, confidence: &str, population| {
        let request = PlanRequest {
            tolerable: rate(tolerable),
            expected: rate(expected),
            confidence: rate(confidence),
            population,
        };
        let plan = plan(&request).unwrap();
        (plan.sample_size, plan.acceptable)
    };
    assert_eq!(size("5%", "0%", "95%", None), (59, 0));
    assert_eq!(size("1%", "0%", "95%", None), (299, 0));
    assert_eq!(size("5%", "1%", "95%", None), (93, 1));
    assert_eq!(size("5%", "3.5%", "90%", None), (400, 14));
    assert_eq!(size("8%", "7%", "90%", None), (1300, 91));
    assert_eq!(size("5%", "2%", "95%", None).0, 181);
    assert_eq!(size("5%", "2%", "95%", Some(500)).0, 139);
    let upper = |n, x| limits(n, x, None).upper_tenths_of_percent();
    assert_eq!((upper(59, 0), upper(59, 1), upper(25, 1)), (50, 78, 177));
    assert!(limits(59, 0, None).supports(rate("5%")));
    assert!(!limits(59, 1, None).supports(rate("5%")));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "measures how long a search takes")]
fn large_populations_are_quick() {
    let start = std::time::Instant::now();
    for (population, tolerable, expected) in [
        (1_000_000, "5%", "4.5%"),
        (5_000_000, "0.1%", "0.05%"),
        (1_000_000_000, "5%", "1%"),
        (4_000_000, "0.0001%", "0"),
    ] {
        let request = PlanRequest {
            tolerable: rate(tolerable),
            expected: rate(expected),
            confidence: rate("95%"),
            population: Some(population),
        };
        let found = plan(&request).unwrap();
        let request = EvaluateRequest {
            sample: found.sample_size,
            deviations: found.acceptable,
            confidence: rate("95%"),
            population: Some(population),
        };
        let evaluation = evaluate(&request).unwrap();
        assert!(evaluation.supports(rate(tolerable)));
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn what_cannot_be_is_refused() {
    let ask = |tolerable: &str, expected: &str, confidence: &str, population| {
        plan(&PlanRequest {
            tolerable: rate(tolerable),
            expected: rate(expected),
            confidence: rate(confidence),
            population,
        })
        .unwrap_err()
    };
    assert!(matches!(
        ask("5%", "5%", "95%", None),
        PlanError::Infeasible { census: None, .. }
    ));
    assert!(matches!(
        ask("5%", "6%", "95%", Some(100)),
        PlanError::Infeasible {
            census: Some(100),
            ..
        }
    ));
    assert!(matches!(
        ask("0%", "0%", "95%", None),
        PlanError::TolerableOutOfRange { .. }
    ));
    assert!(matches!(
        ask("5%", "0%", "100%", None),
        PlanError::ConfidenceOutOfRange { .. }
    ));
    assert!(matches!(
        ask("5%", "0%", "0%", None),
        PlanError::ConfidenceOutOfRange { .. }
    ));
    assert!(matches!(
        ask("5%", "0%", "95%", Some(0)),
        PlanError::PopulationOutOfRange { .. }
    ));
    assert!(matches!(
        ask("5%", "0%", "95%", Some(u64::MAX)),
        PlanError::PopulationOutOfRange { .. }
    ));
    assert!(matches!(
        ask("0.00000001%", "0%", "95%", None),
        PlanError::TooLarge { .. }
    ));
    let judge = |sample, deviations, population| {
        evaluate(&EvaluateRequest {
            sample,
            deviations,
            confidence: rate("95%"),
            population,
        })
        .unwrap_err()
    };
    assert_eq!(judge(0, 0, None), EvaluateError::EmptySample);
    assert!(matches!(
        judge(5, 6, None),
        EvaluateError::DeviationsAboveSample { .. }
    ));
    assert!(matches!(
        judge(5, 0, Some(4)),
        EvaluateError::SampleAbovePopulation { .. }
    ));
    assert!(matches!(
        judge(20_000_000, 0, None),
        EvaluateError::SampleTooLarge { .. }
    ));
    assert_eq!(limits(20_000_000, 7, Some(20_000_000)).upper_count, Some(7));
    assert_eq!(rivest("", 5, 1), Err(DrawError::EmptySeed));
    assert!(matches!(
        rivest("s", 5, 6),
        Err(DrawError::CountAbovePopulation { .. })
    ));
    assert!(matches!(
        rivest("s", 0, 0),
        Err(DrawError::PopulationOutOfRange { .. })
    ));
    assert!(matches!(
        rivest("s", 5_000_000, 2_000_000),
        Err(DrawError::CountTooLarge { .. })
    ));
    assert!(matches!(
        consistent("s", ["a", "b", "a"], 3),
        Err(DrawError::RepeatedId { .. })
    ));
    assert!(matches!(
        consistent("s", ["a", "b"], 3),
        Err(DrawError::CountAbovePopulation { .. })
    ));
}

#[test]
fn a_frame_is_named_by_its_ids_in_order() {
    // printf 'a\nb\n' | sha256sum
    let digest = "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2";
    let found = frame_digest(["a", "b"]).unwrap();
    assert_eq!(found, digest);
    assert_ne!(found, frame_digest(["b", "a"]).unwrap());
    assert_ne!(found, frame_digest(["ab"]).unwrap());
    assert!(frame_digest(["a\nb"]).is_err());
}
