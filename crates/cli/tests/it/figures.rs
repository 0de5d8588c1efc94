//! Sampling without a vault, against figures that are known from elsewhere.

use crate::tickmark::Place;

/// Confidence, tolerable, expected, population; units and acceptable deviations.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    u64,
    u64,
);

/// AICPA Audit Sampling, tables,
/// and exact figures for a known population.
const PLANS: [Row; 7] = [
    ("95%", "5%", "0%", None, 59, 0),
    ("95%", "5%", "1%", None, 93, 1),
    ("90%", "10%", "0%", None, 22, 0),
    ("90%", "1%", "0.5%", None, 798, 4),
    ("90%", "7%", "3.25%", None, 113, 4),
    ("90%", "1%", "0%", Some("100"), 90, 0),
    ("90%", "2%", "0.25%", Some("100"), 95, 1),
];

#[test]
fn a_plan_asks_what_the_tables_say() {
    let place = Place::new();
    for (confidence, tolerable, expected, population, units, acceptable) in PLANS {
        let mut words = vec![
            "plan",
            "--tolerable",
            tolerable,
            "--expected",
            expected,
            "--confidence",
            confidence,
        ];
        words.extend(population.iter().flat_map(|size| ["--population", size]));
        words.push("--json");
        let plan = place.run(&words).ends_with(0).object("plan");
        assert_eq!(
            (plan["n"].as_u64(), plan["acceptable"].as_u64()),
            (Some(units), Some(acceptable)),
            "{words:?}"
        );
        let method = if population.is_some() {
            "hypergeometric"
        } else {
            "binomial"
        };
        assert_eq!(plan["method"], method);
    }
}

#[test]
fn a_plan_reads_in_words() {
    let plan = Place::new().run(["plan", "--tolerable", "5%", "--expected", "1%"]);
    plan.ends_with(0)
        .says("Test 93 units. With at most 1 deviation among them, the sample supports the control.");
    let plan = Place::new().run(["plan", "--tolerable", "5%"]);
    plan.ends_with(0)
        .says("Test 59 units. With no deviation among them,");
}

/// Rivest's sampler, 59 of 1,000, seed of a published draw.
const RIVEST: [u64; 59] = [
    389, 936, 868, 114, 652, 551, 9, 427, 860, 77, 712, 37, 324, 510, 13, 289, 399, 538, 822, 545, 828, 250,
    141, 92, 925, 150, 115, 750, 264, 621, 437, 834, 281, 95, 805, 139, 692, 651, 628, 666, 304, 102, 46, 15,
    135, 573, 549, 618, 14, 513, 218, 452, 728, 696, 531, 308, 211, 244, 21,
];

#[test]
fn the_same_seed_draws_the_published_sample() {
    let words = [
        "draw",
        "--seed",
        "20237331128159211123",
        "--population",
        "1000",
        "--count",
        "59",
        "--json",
    ];
    let draw = Place::new().run(words).ends_with(0).object("draw");
    let picks: Vec<_> = draw["picks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .collect();
    assert_eq!(picks, RIVEST);
    let words = [
        "draw",
        "--seed",
        "20237331128159211124",
        "--population",
        "1000",
        "--count",
        "59",
        "--json",
    ];
    let other = Place::new().run(words).ends_with(0).object("draw");
    assert_ne!(other["picks"], draw["picks"]);
}

#[test]
fn the_consistent_sampler_keeps_its_sample_when_more_is_asked() {
    let place = Place::new();
    let picks = |count: &str| {
        let words = [
            "draw",
            "--method",
            "consistent",
            "--seed",
            "x1",
            "--population",
            "500",
            "--count",
            count,
            "--json",
        ];
        place.run(words).ends_with(0).object("draw")["picks"]
            .as_array()
            .unwrap()
            .clone()
    };
    let (ten, thirty) = (picks("10"), picks("30"));
    assert_eq!(thirty.len(), 30);
    assert_eq!(ten, thirty[..10]);
}

#[test]
fn a_draw_reads_in_words() {
    let words = [
        "draw",
        "--seed",
        "20237331128159211123",
        "--population",
        "1000",
        "--count",
        "59",
    ];
    Place::new()
        .run(words)
        .ends_with(0)
        .says("59 units of 1,000, in draw order")
        .says("389    936    868");
}

#[test]
fn a_limit_is_the_known_one() {
    let place = Place::new();
    let words = [
        "evaluate",
        "--sample",
        "59",
        "--deviations",
        "0",
        "--confidence",
        "95%",
        "--json",
    ];
    let limit = place.run(words).ends_with(0).object("evaluation")["upper_limit"]
        .as_f64()
        .unwrap();
    // the p with (1 - p)^59 = 0.05, which is the two-sided 90 % limit of the tables
    assert!((limit - 0.049_507_609_888_226_9).abs() < 1e-12, "{limit}");
    assert!(
        (limit - (1.0 - 0.05_f64.powf(1.0 / 59.0))).abs() < 1e-12,
        "{limit}"
    );

    let words = [
        "evaluate",
        "--sample",
        "93",
        "--deviations",
        "1",
        "--population",
        "1000",
        "--json",
    ];
    let exact = place.run(words).ends_with(0).object("evaluation");
    let count = exact["upper_count"].as_u64().unwrap();
    assert!(
        (count as f64 / 1000.0 - exact["upper_limit"].as_f64().unwrap()).abs() < 1e-12,
        "{exact}"
    );
    assert!(count < 50, "a known population narrows the limit: {count}");
}

#[test]
fn a_printed_limit_is_rounded_up() {
    let place = Place::new();
    place
        .run(["evaluate", "--sample", "59", "--deviations", "0"])
        .ends_with(0)
        .says("5.0\u{202f}%");
    place
        .run(["evaluate", "--sample", "60", "--deviations", "0"])
        .ends_with(0)
        .says("4.9\u{202f}%");
}

#[test]
fn figures_that_cannot_be_are_refused() {
    let place = Place::new();
    for words in [
        &["plan", "--tolerable", "0%"][..],
        &["plan", "--tolerable", "five"],
        &["plan", "--tolerable", "5%", "--expected", "6%"],
        &["plan", "--tolerable", "5%", "--confidence", "100%"],
        &["draw", "--seed", "", "--population", "10", "--count", "3"],
        &["draw", "--seed", "x", "--population", "10", "--count", "11"],
        &["draw", "--seed", "x", "--population", "0", "--count", "1"],
        &[
            "draw",
            "--seed",
            "x",
            "--population",
            "18446744073709551615",
            "--count",
            "18446744073709551615",
        ],
        &["evaluate", "--sample", "10", "--deviations", "11"],
        &["evaluate", "--sample", "0", "--deviations", "0"],
        &[
            "evaluate",
            "--sample",
            "10",
            "--deviations",
            "1",
            "--population",
            "9",
        ],
    ] {
        let refused = place.run(words.iter().chain(&["--json"]));
        let error = refused.ends_with(2).object("error");
        assert_eq!(error["code"], "invalid_input", "{words:?}: {error}");
        assert_eq!(refused.err, "", "{words:?}");
    }
}
