//! Every row of the tables, and the number of rows.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use tickmark_sampling::{
    EvaluateRequest, Evaluation, Method, PlanError, PlanRequest, Rate, RivestSequence, Stage, allocate,
    consistent, discovery, evaluate, is_sufficient, plan, rivest, staged_chance, systematic,
};

macro_rules! table {
    ($name:literal) => {
        rows(include_str!(concat!("tables/", $name, ".csv")))
    };
}

type Row = csv::StringRecord;

fn rows(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(Result::unwrap)
        .collect()
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn count(text: &str) -> u64 {
    text.parse().unwrap()
}

/// The rate of discovery tables, which also write 1 for certainty.
fn float(text: &str) -> f64 {
    text.parse().unwrap()
}

/// Equal to the digits that the table prints.
fn close(found: f64, printed: &str, tolerance: f64) -> bool {
    (found - float(printed)).abs() <= tolerance
}

fn numbers(text: &str) -> Vec<u64> {
    text.split_whitespace().map(count).collect()
}

fn limits(sample: &str, deviations: &str, confidence: &str, population: Option<&str>) -> Evaluation {
    let request = EvaluateRequest {
        sample: count(sample),
        deviations: count(deviations),
        confidence: rate(confidence),
        population: population.map(count),
    };
    evaluate(&request).unwrap()
}

#[test]
fn plans_of_the_aicpa_grid() {
    let rows = table!("sample_size_binomial_aicpa_grid");
    for row in &rows {
        let request = PlanRequest {
            confidence: rate(&row[1]),
            tolerable: rate(&row[2]),
            expected: rate(&row[3]),
            population: None,
        };
        let plan = plan(&request).unwrap();
        assert_eq!(
            (plan.sample_size, plan.acceptable),
            (count(&row[4]), count(&row[5])),
            "{row:?}"
        );
        assert!(close(plan.risk, &row[6], 1e-11), "{row:?} {}", plan.risk);
        assert_eq!(plan.method, Method::Binomial);
    }
    assert_eq!(rows.len(), 392);
}

#[test]
fn binomial_plans() {
    let rows = table!("attribute_sample_size_binomial");
    for row in &rows {
        let request = PlanRequest {
            confidence: rate(&row[0]),
            tolerable: rate(&row[1]),
            expected: rate(&row[2]),
            population: None,
        };
        let plan = plan(&request).unwrap();
        assert_eq!(
            (plan.sample_size, plan.acceptable),
            (count(&row[3]), count(&row[4])),
            "{row:?}"
        );
        assert!(close(plan.risk, &row[5], 1e-11), "{row:?} {}", plan.risk);
    }
    assert_eq!(rows.len(), 1139);
}

#[test]
fn hypergeometric_plans_and_the_cells_without_one() {
    let rows = table!("attribute_sample_size_hypergeometric");
    let mut known = std::collections::HashSet::new();
    for row in &rows {
        let request = hypergeometric_request(&row[0], &row[1], &row[2], &row[3]);
        assert_eq!(
            request.tolerable.ceil_of(count(&row[0])),
            count(&row[4]),
            "{row:?}"
        );
        let plan = plan(&request).unwrap();
        assert_eq!(
            (plan.sample_size, plan.acceptable),
            (count(&row[5]), count(&row[6])),
            "{row:?}"
        );
        assert!(close(plan.risk, &row[7], 1e-10), "{row:?} {}", plan.risk);
        known.insert((
            row[0].to_owned(),
            row[1].to_owned(),
            row[2].to_owned(),
            row[3].to_owned(),
        ));
    }
    assert_eq!(rows.len(), 3504);
    // The grid's other cells are the ones in which no sample suffices.
    let of = |column: usize| {
        let all: std::collections::BTreeSet<String> = rows.iter().map(|row| row[column].to_owned()).collect();
        all
    };
    let mut infeasible = 0;
    for population in of(0) {
        for confidence in of(1) {
            for tolerable in of(2) {
                for expected in of(3) {
                    let cell = (
                        population.clone(),
                        confidence.clone(),
                        tolerable.clone(),
                        expected.clone(),
                    );
                    if rate(&expected) >= rate(&tolerable) || known.contains(&cell) {
                        continue;
                    }
                    infeasible += 1;
                    let request = hypergeometric_request(&population, &confidence, &tolerable, &expected);
                    let error = plan(&request).unwrap_err();
                    assert!(
                        matches!(
                            error,
                            PlanError::Infeasible {
                                census: Some(100),
                                ..
                            }
                        ),
                        "{cell:?}"
                    );
                    assert!(error.to_string().contains("census"));
                }
            }
        }
    }
    assert_eq!(infeasible, 120);
}

fn hypergeometric_request(
    population: &str,
    confidence: &str,
    tolerable: &str,
    expected: &str,
) -> PlanRequest {
    PlanRequest {
        tolerable: rate(tolerable),
        expected: rate(expected),
        confidence: rate(confidence),
        population: Some(count(population)),
    }
}

#[test]
fn binomial_upper_limits() {
    let rows = table!("upper_limit_binomial");
    for row in &rows {
        let found = limits(&row[1], &row[2], &row[0], None);
        assert!(
            close(found.upper_limit, &row[3], 2e-15),
            "{row:?} {}",
            found.upper_limit
        );
        assert_eq!(
            f64::from(found.upper_tenths_of_percent()) / 10.0,
            float(&row[4]),
            "{row:?}"
        );
    }
    assert_eq!(rows.len(), 1012);
}

#[test]
fn hypergeometric_upper_limits() {
    let rows = table!("upper_limit_hypergeometric");
    for row in &rows {
        let found = limits(&row[2], &row[3], &row[0], Some(&row[1]));
        assert_eq!(found.upper_count, Some(count(&row[4])), "{row:?}");
        assert!(close(found.upper_limit, &row[5], 1e-10), "{row:?}");
        let tenths = (count(&row[4]) * 1000).div_ceil(count(&row[1]));
        assert_eq!(u64::from(found.upper_tenths_of_percent()), tenths, "{row:?}");
    }
    assert_eq!(rows.len(), 2684);
}

#[test]
fn two_sided_clopper_pearson() {
    let rows = table!("clopper_pearson_two_sided");
    for row in &rows {
        let found = limits(&row[1], &row[2], &row[0], None).two_sided;
        assert!(close(found.lower, &row[3], 2e-15), "{row:?} {}", found.lower);
        assert!(close(found.upper, &row[4], 2e-15), "{row:?} {}", found.upper);
    }
    assert_eq!(rows.len(), 66);
}

#[test]
fn hypergeometric_limits_on_both_sides() {
    let rows = table!("hypergeometric_limits_two_and_one_sided");
    for row in &rows {
        let found = limits(&row[2], &row[3], &row[0], Some(&row[1]));
        let counts = [
            found.two_sided.lower_count,
            found.two_sided.upper_count,
            found.lower_count,
            found.upper_count,
        ];
        assert_eq!(
            counts.map(Option::unwrap).to_vec(),
            (4..8).map(|at| count(&row[at])).collect::<Vec<_>>(),
            "{row:?}"
        );
    }
    assert_eq!(rows.len(), 39);
}

#[test]
fn discovery_samples() {
    let rows = table!("discovery_sample_size");
    for row in &rows {
        let plan = discovery(count(&row[0]), count(&row[1]), rate(&row[2])).unwrap();
        assert_eq!(plan.sample_size, count(&row[3]), "{row:?}");
        assert!(close(1.0 - plan.risk, &row[4], 1e-9), "{row:?} {}", plan.risk);
    }
    assert_eq!(rows.len(), 500);
}

#[test]
fn near_ties() {
    let rows = table!("near_tie_cases");
    for row in &rows {
        let confidence = rate(&row[3]).complement();
        let sufficient =
            is_sufficient(count(&row[0]), count(&row[1]), rate(&row[2]), confidence, None).unwrap();
        assert_eq!(sufficient, &row[5] == "accept", "{row:?}");
        // A sufficient plan and a supporting evaluation are one question.
        let found = limits(&row[0], &row[1], &confidence.spelling(), None);
        assert_eq!(found.supports(rate(&row[2])), sufficient, "{row:?}");
    }
    assert_eq!(rows.len(), 11);
}

#[test]
fn rivest_sampler() {
    let rows = table!("rivest_sampler_vectors");
    for row in &rows {
        let (seed, from, to, take) = (&row[2], count(&row[3]), count(&row[4]), count(&row[5]));
        let seed_hex: String = seed.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((seed_hex.as_str(), from), (&row[1], 1));
        let (positions, last): (Vec<u64>, u64) = if &row[6] == "yes" {
            let picks: Vec<_> = RivestSequence::new(seed, to)
                .unwrap()
                .take(usize::try_from(take).unwrap())
                .collect();
            (picks.iter().map(|pick| pick.1).collect(), picks.last().unwrap().0)
        } else {
            let picks = rivest(seed, to, take).unwrap();
            (
                picks.iter().map(|pick| pick.position).collect(),
                picks.last().unwrap().counter,
            )
        };
        assert_eq!(positions, numbers(&row[7]), "{row:?}");
        assert_eq!(last, count(&row[8]), "{row:?}");
    }
    assert_eq!(rows.len(), 6);
}

#[test]
fn consistent_sampler() {
    let rows = table!("consistent_sampler_vectors");
    for row in &rows {
        let size = if row[3].contains("1000 decimal ids") {
            1000
        } else {
            500
        };
        let ids: Vec<String> = (1..=size).map(|at| format!("rec-{at:04}")).collect();
        let tickets = consistent(&row[1], ids.iter().map(String::as_str), count(&row[4])).unwrap();
        let drawn: Vec<&str> = tickets.iter().map(|ticket| ticket.id.as_str()).collect();
        assert_eq!(drawn, row[5].split('|').collect::<Vec<_>>());
        let trimmed: Vec<&str> = tickets.iter().map(|ticket| &ticket.number[..11]).collect();
        assert_eq!(trimmed, row[6].split('|').collect::<Vec<_>>());
        assert!(
            tickets
                .iter()
                .all(|ticket| ids[usize::try_from(ticket.position).unwrap() - 1] == ticket.id)
        );
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn systematic_samples() {
    let rows = table!("systematic_vectors");
    for row in &rows {
        let picks = systematic(&row[0], count(&row[1]), count(&row[2])).unwrap();
        let positions: Vec<u64> = picks.iter().map(|pick| pick.position).collect();
        assert_eq!(positions, numbers(&row[4]), "{row:?}");
    }
    assert_eq!(rows.len(), 5);
}

#[test]
fn allocations() {
    let rows = table!("stratified_allocation_vectors");
    for row in &rows {
        assert_eq!(
            allocate(&numbers(&row[1]), count(&row[2])),
            numbers(&row[3]),
            "{row:?}"
        );
    }
    assert_eq!(rows.len(), 6);
}

#[test]
fn stages() {
    let rows = table!("sequential_plan_oc");
    for row in &rows {
        let stages: Vec<Stage> = row[1].split_whitespace().map(stage).collect();
        let found = staged_chance(&stages, rate(&row[2]), None).unwrap();
        assert!(close(found.supports, &row[3], 6e-9), "{row:?} {}", found.supports);
        assert!(
            close(found.expected_units, &row[4], 6e-5),
            "{row:?} {}",
            found.expected_units
        );
    }
    assert_eq!(rows.len(), 32);
}

fn stage(text: &str) -> Stage {
    let parts: Vec<u64> = text.split(':').map(count).collect();
    Stage {
        units: parts[0],
        accept_at_most: parts[1],
        continue_at_most: parts[2],
    }
}

#[test]
fn two_stages_with_0_and_1() {
    let rows = table!("two_stage_0_1_plans");
    for row in &rows {
        let units = count(&row[2]);
        let stages = |units| {
            [
                Stage {
                    units,
                    accept_at_most: 0,
                    continue_at_most: 1,
                },
                Stage {
                    units,
                    accept_at_most: 1,
                    continue_at_most: 1,
                },
            ]
        };
        let risk = |units| {
            staged_chance(&stages(units), rate(&row[0]), None)
                .unwrap()
                .supports
        };
        assert!(close(risk(units), &row[4], 6e-9), "{row:?}");
        let allowed = rate(&row[1]).complement().to_f64();
        assert!(
            risk(units) <= allowed && risk(units - 1) > allowed,
            "{row:?}: the least units"
        );
    }
    assert_eq!(rows.len(), 15);
}
