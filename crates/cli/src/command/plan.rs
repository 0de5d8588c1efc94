//! `plan`, `plans`, `draw`: how many units, and which.

use serde_json::json;
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::sampling::{
    DrawSample, DrawView, FrameOrder, FreezePlan, PlanRow, PlanSize, PlanView, UnitResult, UnitView,
};
use tickmark_workbench::figures::{self, DrawFigures, PlanFigures};
use tickmark_workbench::{Answer, Error};

use super::DONE;
use super::evaluation;
use super::session::Session;
use crate::arguments::{Draw, Method, Order, Plan, Plans};
use crate::output::Door;
use crate::text::{counted, grouped, hanging, moment, number, pairs, table};

/// Sizes a sample; in a vault, freezes the plan.
///
/// # Errors
/// As the workbench says.
pub fn plan(typed: Plan, door: &Door) -> Answer<u8> {
    let size = PlanSize {
        tolerable: typed.rates.tolerable,
        expected: typed.rates.expected,
        confidence: typed.rates.confidence,
        population: typed.population,
    };
    let Some(vault) = &typed.vault else {
        door.result("tickmark.plan/1", &figures::plan(&size)?, sized);
        return Ok(DONE);
    };
    let attribute = typed
        .attribute
        .ok_or_else(|| Error::invalid("The plan has no attribute: what is asked of each unit?"))?;
    let session = Session::at(vault, &typed.opening, door)?;
    let frozen = session.bench.plan_freeze(FreezePlan {
        attribute,
        deviation: typed.deviation,
        criterion: typed.criterion,
        size,
        bundle: typed.bundle,
        query: typed.query,
        order: typed.order.into(),
    })?;
    say(&frozen, door);
    Ok(DONE)
}

/// Lists the frozen plans, or shows one.
///
/// # Errors
/// As the workbench says.
pub fn show(typed: Plans, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    match typed.plan {
        Some(id) => say(&session.bench.plan_view(ById { id })?, door),
        None => {
            let plans = session.bench.plan_list(Nothing {})?;
            door.result("tickmark.plans/1", &json!({ "plans": plans }), |_| list(&plans));
        }
    }
    Ok(DONE)
}

/// Draws.
///
/// # Errors
/// As the workbench says.
pub fn draw(typed: Draw, door: &Door) -> Answer<u8> {
    if let (Some(vault), Some(plan)) = (&typed.vault, typed.plan) {
        let session = Session::at(vault, &typed.opening, door)?;
        let request = DrawSample {
            plan,
            seed: typed.seed,
            seed_source: typed.seed_source,
        };
        say(&session.bench.sample_draw(request)?, door);
        return Ok(DONE);
    }
    let (Some(population), Some(count)) = (typed.population, typed.count) else {
        return Err(Error::invalid(
            "Without a vault, --population and --count are needed.",
        ));
    };
    let drawn = figures::draw(typed.method.name(), &typed.seed, population, count)?;
    door.result("tickmark.draw/1", &drawn, picks);
    Ok(DONE)
}

/// Says a frozen plan, with its draw and what it shows so far.
pub fn say(plan: &PlanView, door: &Door) {
    door.result("tickmark.plan-view/1", plan, in_words);
}

fn sized(figures: &PlanFigures) -> String {
    let units = counted(figures.n, "unit", "units");
    let at_most = if figures.acceptable == 0 {
        String::from("no deviation")
    } else {
        format!(
            "at most {}",
            counted(figures.acceptable, "deviation", "deviations")
        )
    };
    let population = figures.population.map_or_else(|| "of any size".into(), number);
    let rows = pairs(&[
        ("Tolerable rate", figures.tolerable.clone()),
        ("Expected rate", figures.expected.clone()),
        ("Confidence", figures.confidence.clone()),
        ("Population", population),
        ("Distribution", figures.method.clone()),
    ]);
    format!("Test {units}. With {at_most} among them, the sample supports the control.\n{rows}")
}

fn picks(drawn: &DrawFigures) -> String {
    let width = number(drawn.population).len();
    let cells: Vec<_> = drawn
        .picks
        .iter()
        .map(|pick| format!("{:>width$}", number(*pick)))
        .collect();
    let lines: String = cells
        .chunks(PICKS_A_LINE)
        .map(|line| format!("  {}\n", line.join("  ")))
        .collect();
    let units = counted(drawn.picks.len() as u64, "unit", "units");
    format!("{units} of {}, in draw order\n{lines}", number(drawn.population))
}

fn list(plans: &[PlanRow]) -> String {
    let row = |p: &PlanRow| {
        let drawn = if p.drawn { "drawn" } else { "frozen" };
        let state = match p.supports {
            Some(true) => "supports",
            Some(false) => "does not support",
            None => drawn,
        };
        vec![
            p.id.clone(),
            p.attribute.clone(),
            number(p.population),
            number(p.sample_size),
            number(p.acceptable),
            number(p.tested),
            number(p.deviations),
            state.into(),
        ]
    };
    let rows: Vec<_> = plans.iter().map(row).collect();
    let heads = [
        "Id",
        "Attribute",
        "Population",
        "Units",
        "Acceptable",
        "Tested",
        "Deviations",
        "State",
    ];
    table(
        &heads,
        &rows,
        "This engagement has no plan yet. `tickmark plan --vault DIR` freezes one.",
    )
}

fn in_words(plan: &PlanView) -> String {
    let row = &plan.row;
    let population = format!(
        "{}. {}",
        counted(row.population, "record", "records"),
        plan.filter_reads_as
    );
    let rows = pairs(&[
        ("Plan", row.id.clone()),
        ("Attribute", row.attribute.clone()),
        ("Deviation", plan.deviation.clone()),
        ("Criterion", plan.criterion.clone()),
        ("Population", population),
        ("Frame order", order_in_words(plan.frame_order).into()),
        ("Frame digest", grouped(&plan.frame_digest)),
        (
            "Rates",
            format!(
                "tolerable {}, expected {}, confidence {}",
                plan.tolerable, plan.expected, plan.confidence
            ),
        ),
        (
            "Sample",
            format!(
                "{}, {} acceptable",
                counted(row.sample_size, "unit", "units"),
                number(row.acceptable)
            ),
        ),
        ("Plan digest", grouped(&plan.plan_digest)),
        (
            "Frozen",
            format!("{} by {}", moment(&row.frozen_at), plan.frozen_by),
        ),
    ]);
    let draw = plan.draw.as_ref().map_or_else(
        || {
            hanging(
                "",
                "Nothing is drawn yet: `tickmark draw --vault DIR --plan PLAN --seed SEED`.",
            )
        },
        drawn,
    );
    let evaluation = plan
        .evaluation
        .as_ref()
        .map(evaluation::in_words)
        .unwrap_or_default();
    format!("{rows}\n{draw}\n{evaluation}")
}

fn drawn(draw: &DrawView) -> String {
    let head = pairs(&[
        ("Sampler", draw.algorithm.clone()),
        ("Seed", draw.seed.clone()),
        ("Seed from", draw.seed_source.clone()),
        (
            "Drawn",
            format!("{} by {}", moment(&draw.drawn_at), draw.drawn_by),
        ),
    ]);
    let rows: Vec<_> = draw.units.iter().map(unit).collect();
    let units = table(
        &["Unit", "Pick", "Record", "Result", "Tested", "Note"],
        &rows,
        "No unit is drawn.",
    );
    format!("{head}\n{units}")
}

fn unit(unit: &UnitView) -> Vec<String> {
    let tested = unit.tested_at.as_deref().map(moment).unwrap_or_default();
    let by = unit
        .tested_by
        .as_deref()
        .map(|by| format!(" by {by}"))
        .unwrap_or_default();
    let replaced = unit
        .replaced_by
        .map(|by| format!(" (unit {} replaces it)", number(by)))
        .unwrap_or_default();
    vec![
        number(unit.ordinal),
        number(unit.pick),
        format!("{}:{}", unit.bundle, unit.position),
        unit.result.map_or("", result_in_words).to_owned() + &replaced,
        tested + &by,
        unit.note.clone().unwrap_or_default(),
    ]
}

fn result_in_words(result: UnitResult) -> &'static str {
    match result {
        UnitResult::Pass => "pass",
        UnitResult::Deviation => "deviation",
        UnitResult::NotApplicable => "not applicable",
        UnitResult::CouldNotTest => "could not test",
    }
}

fn order_in_words(order: FrameOrder) -> &'static str {
    match order {
        FrameOrder::Id => "by record id",
        FrameOrder::TimeId => "by stated time, then record id",
        FrameOrder::Source => "as in the bundles",
    }
}

impl From<Order> for FrameOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Id => FrameOrder::Id,
            Order::TimeId => FrameOrder::TimeId,
            Order::Source => FrameOrder::Source,
        }
    }
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::Rivest => "rivest",
            Method::Consistent => "consistent",
        }
    }
}

const PICKS_A_LINE: usize = 10;
