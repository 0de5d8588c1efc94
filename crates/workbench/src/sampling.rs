//! Sampling: preview a plan, freeze it with its population, draw from a typed seed, record results, state the limit.

use serde_json::{Value, json};
use tickmark_sampling as sample;
use tickmark_sampling::{EvaluateRequest, PlanRequest, Rate};
use tickmark_vault::frame::FrameOrder as KeptOrder;
use tickmark_vault::id::{DrawId, PlanId, PopulationId};
use tickmark_vault::table::Kept;
use tickmark_vault::table::draw::Draw;
use tickmark_vault::table::pick::Pick;
use tickmark_vault::table::plan::Plan;
use tickmark_vault::table::population::Population;
use tickmark_vault::table::result::{TestResult, UnitOutcome};
use tickmark_vault::view::View;

use crate::browse::{record_query, scope_of};
use crate::canonical;
use crate::contract::command::{ById, Nothing};
use crate::contract::sampling::{
    CurvePoint, DrawSample, DrawView, EvaluationView, FrameOrder, FreezePlan, PlanAlternative, PlanPreview,
    PlanRow, PlanSize, PlanView, PreviewPlan, RecordResult, UnitResult, UnitView,
};
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::moment;
use crate::query::Query;

/// The sampler that draws, as it is printed and kept.
pub const ALGORITHM: &str = "rivest-sha256/1";

impl Workbench {
    /// Says what a plan would ask.
    ///
    /// # Errors
    /// `invalid_input` when a figure cannot be read or no sample can do it.
    pub fn plan_preview(&self, request: PreviewPlan) -> Answer<PlanPreview> {
        let population = match request.size.population {
            Some(given) => given,
            None => {
                let desk = self.desk()?;
                let reader = desk.read()?;
                let scope = scope_of(&desk, request.bundle.as_deref())?;
                reader
                    .view()
                    .records()
                    .count(&record_query(&Query::parse(&request.query)?, scope))?
            }
        };
        preview(&request.size, Some(population))
    }

    /// Freezes plan and population. Nothing is drawn yet; only a new plan can change it, and both stay on file.
    ///
    /// # Errors
    /// `invalid_input` when a figure or the query cannot be read, or nothing fits the query.
    pub fn plan_freeze(&self, request: FreezePlan) -> Answer<PlanView> {
        if request.attribute.trim().is_empty() {
            return Err(Error::invalid(
                "The plan has no attribute: what is asked of each unit?",
            ));
        }
        let desk = self.desk()?;
        let engagement = desk.engagement()?.clone();
        let query = Query::parse(&request.query)?;
        let scope = scope_of(&desk, request.bundle.as_deref())?;
        let frozen = freeze_population(&desk, &query, &request, record_query(&query, scope))?;
        let sized = size(&request.size, Some(frozen.size))?;
        let population = Population {
            id: PopulationId::random()?,
            version: 1,
            engagement: engagement.clone(),
            title: query.reads_as(),
            size: frozen.size,
            frame_digest: frozen.frame_digest.clone(),
            digest: canonical::digest(&frozen.json),
            json: frozen.json,
        };
        let id = PlanId::random()?;
        let json = canonical::text(&json!({
            "attribute": request.attribute, "deviation": request.deviation, "criterion": request.criterion,
            "tolerable": rate("tolerable rate", &request.size.tolerable)?.spelling(),
            "expected": rate("expected rate", &request.size.expected)?.spelling(),
            "confidence": rate("confidence", &request.size.confidence)?.spelling(),
            "method": method(&sized), "sample_size": sized.sample_size, "acceptable": sized.acceptable,
            "population": {"digest": population.digest, "frame_digest": population.frame_digest, "size": population.size},
        }));
        let plan = Plan {
            id: id.clone(),
            version: 1,
            engagement,
            population: population.id.clone(),
            population_version: 1,
            title: request.attribute,
            digest: canonical::digest(&json),
            json,
        };
        let subject = json!({
            "plan": plan.id.as_str(), "digest": plan.digest, "frame_digest": population.frame_digest,
            "population": population.size, "sample_size": sized.sample_size,
        });
        desk.write(self.now(), "plan.freeze", subject, |txn| {
            txn.populations_mut().insert(&population)?;
            txn.plans_mut().insert(&plan)
        })?;
        self.plan_view(ById { id: id.to_string() })
    }

    /// Every plan of the engagement, oldest first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn plan_list(&self, _request: Nothing) -> Answer<Vec<PlanRow>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let plans = view.plans().of(desk.engagement()?)?;
        plans.iter().map(|plan| Ok(load(&view, plan)?.row())).collect()
    }

    /// One plan with its draw and results.
    ///
    /// # Errors
    /// `not_found`.
    pub fn plan_view(&self, request: ById) -> Answer<PlanView> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let plan = view.plans().get(&PlanId::from(request.id))?;
        load(&view, &plan)?.view()
    }

    /// Draws the sample of a frozen plan.
    ///
    /// # Errors
    /// `invalid_input` when the seed is empty, the sample is drawn already, or the population is no longer as frozen.
    pub fn sample_draw(&self, request: DrawSample) -> Answer<PlanView> {
        if request.seed.trim().is_empty() {
            return Err(Error::invalid("The seed is empty.")
                .hint("Roll a ten-sided die twenty times, or type at least 20 characters that nobody could foresee."));
        }
        let desk = self.desk()?;
        let id = PlanId::from(request.plan.clone());
        let (sample, picks, draw) = {
            let reader = desk.read()?;
            let view = reader.view();
            let plan = view.plans().get(&id)?;
            let sample = load(&view, &plan)?;
            if sample.draw.is_some() {
                return Err(
                    Error::invalid("The sample of this plan is drawn. It stays on file.")
                        .hint("Freeze a new plan to draw another sample; both are reported."),
                );
            }
            let drawn = sample::rivest(&request.seed, sample.population.size, sample.size())
                .map_err(|e| Error::invalid(e.to_string()))?;
            let draw = Draw {
                id: DrawId::random()?,
                version: 1,
                plan: id.clone(),
                plan_version: plan.version,
                method: ALGORITHM.into(),
                seed: request.seed,
                seed_source: request.seed_source,
                discarded: None,
                json: json!({}),
            };
            let picks = place(&desk, &sample.population, &draw.id, &drawn)?;
            (sample, picks, draw)
        };
        let subject = json!({
            "plan": id.as_str(), "draw": draw.id.as_str(), "algorithm": ALGORITHM, "seed": draw.seed,
            "seed_source": draw.seed_source, "frame_digest": sample.population.frame_digest, "units": picks.len(),
        });
        desk.write(self.now(), "sample.draw", subject, |txn| {
            txn.draws_mut().insert(&draw)?;
            picks.iter().try_for_each(|pick| txn.picks_mut().insert(pick))
        })?;
        self.plan_view(ById { id: id.to_string() })
    }

    /// Records what was seen for a unit. An earlier result stays on file, superseded.
    ///
    /// # Errors
    /// `invalid_input` when a note is needed and missing; `not_found` for an unknown unit.
    pub fn result_record(&self, request: RecordResult) -> Answer<PlanView> {
        let needs_note = request.result != UnitResult::Pass;
        if needs_note && request.note.trim().is_empty() {
            return Err(Error::invalid("A note is required: what was seen, and where?"));
        }
        let desk = self.desk()?;
        let id = PlanId::from(request.plan.clone());
        let (result, replacement) = {
            let reader = desk.read()?;
            let view = reader.view();
            let sample = load(&view, &view.plans().get(&id)?)?;
            let draw = sample.drawn()?;
            let unit = sample.unit(request.ordinal)?;
            let version = sample
                .results
                .iter()
                .find(|r| r.pick == unit.number)
                .map_or(0, |r| r.version);
            let result = TestResult {
                draw: draw.id.clone(),
                pick: unit.number,
                attribute: sample.plan.title.clone(),
                version: version + 1,
                outcome: kept_outcome(request.result),
                note: request.note,
                json: json!({}),
            };
            let replaced = sample.picks.iter().any(|pick| pick.replaces == Some(unit.number));
            let wanted = request.result == UnitResult::NotApplicable && !replaced;
            (
                result,
                if wanted {
                    sample.replacement(&desk, unit.number)?
                } else {
                    None
                },
            )
        };
        let subject = json!({
            "plan": id.as_str(), "draw": result.draw.as_str(), "unit": result.pick, "version": result.version,
            "result": result.outcome, "replacement": replacement.as_ref().map(|pick| pick.number),
        });
        desk.write(self.now(), "result.record", subject, |txn| {
            txn.results_mut().insert(&result)?;
            replacement
                .iter()
                .try_for_each(|pick| txn.picks_mut().insert(pick))
        })?;
        self.plan_view(ById { id: id.to_string() })
    }
}

/// What a plan of these figures asks, with its curve.
///
/// # Errors
/// `invalid_input` when a figure cannot be read or no sample can do it.
pub fn preview(figures: &PlanSize, population: Option<u64>) -> Answer<PlanPreview> {
    let plan = size(figures, population)?;
    let tolerable = rate("tolerable rate", &figures.tolerable)?;
    let expected = rate("expected rate", &figures.expected)?;
    let unfit = |e: sample::PlanError| Error::invalid(e.to_string());
    let chance = |true_rate: Rate| {
        sample::chance_to_support(plan.sample_size, plan.acceptable, true_rate, population).map_err(unfit)
    };
    let curve =
        sample::acceptance_curve(plan.sample_size, plan.acceptable, population, 121).map_err(unfit)?;
    Ok(PlanPreview {
        population: population.unwrap_or(0),
        sample_size: plan.sample_size,
        acceptable: plan.acceptable,
        method: method(&plan).into(),
        sentence: asks(&plan, population),
        curve: curve
            .iter()
            .map(|p| CurvePoint {
                rate: p.rate,
                chance: p.probability,
            })
            .collect(),
        readings: readings(expected, tolerable, &chance)?,
        alternatives: alternatives(figures, population, expected),
    })
}

/// Sizes a sample.
///
/// # Errors
/// `invalid_input` when a figure cannot be read or no sample can do it.
pub fn size(figures: &PlanSize, population: Option<u64>) -> Answer<sample::Plan> {
    sample::plan(&PlanRequest {
        tolerable: rate("tolerable rate", &figures.tolerable)?,
        expected: rate("expected rate", &figures.expected)?,
        confidence: rate("confidence", &figures.confidence)?,
        population,
    })
    .map_err(|e| Error::invalid(e.to_string()))
}

/// Reads a rate such as `5%`.
///
/// # Errors
/// `invalid_input`, naming the figure.
pub fn rate(what: &str, text: &str) -> Answer<Rate> {
    text.parse()
        .map_err(|e| Error::invalid(format!("The {what} “{text}” cannot be read. {e}")))
}

/// `hypergeometric` or `binomial`.
pub fn method(plan: &sample::Plan) -> &'static str {
    match plan.method {
        sample::Method::Hypergeometric => "hypergeometric",
        sample::Method::Binomial => "binomial",
    }
}

/// An upper limit as it is printed: rounded up to 0.1 %.
pub fn printed(tenths_of_percent: u16) -> String {
    format!("{}.{}\u{202f}%", tenths_of_percent / 10, tenths_of_percent % 10)
}

fn asks(plan: &sample::Plan, population: Option<u64>) -> String {
    let of = population.map_or_else(String::new, |n| format!(" of {}", moment::grouped(n)));
    let fails = plan.acceptable + 1;
    let up_to = match plan.acceptable {
        0 => "no deviation".to_owned(),
        1 => "0 or 1 deviation".to_owned(),
        c => format!("up to {c} deviations"),
    };
    format!(
        "Test {}{of}. With {up_to} the result supports the control; with {fails} it does not.",
        plan.sample_size
    )
}

fn in_hundred(chance: f64) -> String {
    format!("{} draws in 100", (chance * 100.0).round())
}

fn readings(expected: Rate, tolerable: Rate, chance: &dyn Fn(Rate) -> Answer<f64>) -> Answer<Vec<String>> {
    let middle = Rate::from_fraction(3, 5).ok().and_then(|part| {
        // three fifths of the tolerable rate, as a thousandth, for the reading between
        Rate::from_fraction((tolerable.to_f64() * part.to_f64() * 1000.0).round() as u64, 1000).ok()
    });
    let mut lines = vec![format!(
        "If {expected} of the units deviated, {} would support the control. The others would wrongly doubt a good one.",
        in_hundred(chance(expected)?)
    )];
    if let Some(middle) = middle.filter(|m| m.to_f64() > expected.to_f64()) {
        lines.push(format!(
            "If {middle} deviated, which you tolerate, {} would support it. More units tell such cases apart better.",
            in_hundred(chance(middle)?)
        ));
    }
    lines.push(format!(
        "If {tolerable} deviated, {} would still support it. That is the risk you accept.",
        in_hundred(chance(tolerable)?)
    ));
    Ok(lines)
}

fn alternatives(figures: &PlanSize, population: Option<u64>, expected: Rate) -> Vec<PlanAlternative> {
    ["3%", "4%", "5%", "7%", "10%"]
        .into_iter()
        .filter_map(|tolerable| {
            let other = PlanSize {
                tolerable: tolerable.into(),
                ..figures.clone()
            };
            let plan = size(&other, population).ok()?;
            let chance =
                sample::chance_to_support(plan.sample_size, plan.acceptable, expected, population).ok()?;
            Some(PlanAlternative {
                tolerable: tolerable.into(),
                sample_size: plan.sample_size,
                acceptable: plan.acceptable,
                chance,
            })
        })
        .collect()
}

struct Frozen {
    size: u64,
    frame_digest: String,
    json: String,
}

fn freeze_population(
    desk: &Desk,
    query: &Query,
    request: &FreezePlan,
    records: tickmark_vault::query::RecordQuery,
) -> Answer<Frozen> {
    let order = kept_order(request.order);
    let mut failed = None;
    let mut ids = Vec::new();
    let mut bundles = std::collections::BTreeSet::new();
    for unit in desk.vault.frame(&records, order)? {
        match unit {
            Ok(unit) => {
                bundles.insert(unit.bundle.0);
                ids.push(unit.id.to_string());
            }
            Err(error) => failed = Some(error),
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    if ids.is_empty() {
        return Err(Error::invalid(
            "No record fits this query, so there is no population to draw from.",
        ));
    }
    let frame_digest =
        sample::frame_digest(ids.iter().map(String::as_str)).map_err(|e| Error::invalid(e.to_string()))?;
    let size = ids.len() as u64;
    let reader = desk.read()?;
    let view = reader.view();
    let named: Vec<Value> = bundles
        .iter()
        .map(|no| {
            let bundle = view.bundles().get(tickmark_vault::id::BundleNo(*no))?;
            Ok(json!({"bundle": no, "name": bundle.name, "sha256": bundle.sha256, "records": bundle.records}))
        })
        .collect::<Answer<_>>()?;
    let mut json = json!({
        "bundles": named, "query": request.query, "reads_as": query.reads_as(), "order": order_word(request.order),
        "size": size, "frame_digest": frame_digest, "scope": request.bundle.clone().unwrap_or_default(),
    });
    // Design, section 3: a filter that cannot be derived again from the bundle alone carries its list of ids.
    if !derivable(query)
        && let Some(members) = json.as_object_mut()
    {
        members.insert("ids".into(), json!(ids));
    }
    Ok(Frozen {
        size,
        frame_digest,
        json: canonical::text(&json),
    })
}

/// Whether a query asks only for what every reader of the bundle derives alike: columns and times. Words depend on the
/// search index, faults and signatures on the judgement, notes on the reviewer.
pub fn derivable(query: &Query) -> bool {
    query.words.is_empty()
        && query.without.is_empty()
        && query.fault.is_none()
        && query.note.is_none()
        && query.signature.is_none()
}

/// Finds the records that a sampler picked, in one walk over the frame, and holds the frame against its digest.
fn place(desk: &Desk, population: &Population, draw: &DrawId, drawn: &[sample::Pick]) -> Answer<Vec<Pick>> {
    let json: Value = serde_json::from_str(&population.json).map_err(|_| Error::stopped())?;
    let query = Query::parse(json["query"].as_str().unwrap_or_default())?;
    let scope = scope_of(desk, json["scope"].as_str().filter(|s| !s.is_empty()))?;
    // the bundles of the frozen population, and no others that came since
    let scope = match json["bundles"].as_array() {
        Some(named) => tickmark_vault::query::Scope::Bundles(
            named
                .iter()
                .filter_map(|b| b["bundle"].as_i64())
                .map(tickmark_vault::id::BundleNo)
                .collect(),
        ),
        None => scope,
    };
    let wanted: std::collections::HashMap<u64, &sample::Pick> =
        drawn.iter().map(|p| (p.position, p)).collect();
    let mut picks = Vec::with_capacity(drawn.len());
    let mut ids = Vec::new();
    let frame = desk
        .vault
        .frame(&record_query(&query, scope), frame_order(json["order"].as_str()))?;
    for (index, unit) in frame.enumerate() {
        let unit = unit?;
        let place = index as u64 + 1;
        if let Some(pick) = wanted.get(&place) {
            picks.push(Pick {
                draw: draw.clone(),
                number: pick.ordinal,
                frame: place,
                bundle: unit.bundle,
                position: unit.position,
                record: unit.id.to_string(),
                counter: pick.counter,
                stratum: None,
                ticket: None,
                replaces: None,
            });
        }
        ids.push(unit.id.to_string());
    }
    let found =
        sample::frame_digest(ids.iter().map(String::as_str)).map_err(|e| Error::invalid(e.to_string()))?;
    if found != population.frame_digest {
        return Err(Error::invalid(
            "The population is no longer the one that was frozen, so nothing was drawn. Its digest differs.",
        )
        .hint("Freeze a new plan over the population as it is now; the old plan stays on file."));
    }
    picks.sort_by_key(|pick| pick.number);
    Ok(picks)
}

/// A plan with everything that hangs on it.
pub(crate) struct Sample {
    pub plan: Kept<Plan>,
    pub population: Kept<Population>,
    pub draw: Option<Kept<Draw>>,
    pub picks: Vec<Kept<Pick>>,
    pub results: Vec<Kept<TestResult>>,
    pub history: Vec<Kept<TestResult>>,
    json: Value,
}

/// Reads a plan with everything that hangs on it.
pub(crate) fn load(view: &View<'_>, plan: &Kept<Plan>) -> Answer<Sample> {
    let population = view.populations().get(&plan.population)?;
    let draw = view
        .draws()
        .of(&plan.id)?
        .into_iter()
        .find(|draw| draw.discarded.is_none());
    let (picks, results, history) = match &draw {
        Some(draw) => (
            view.picks().of(&draw.id)?,
            view.results().of(&draw.id)?,
            view.results().history(&draw.id)?,
        ),
        None => (Vec::new(), Vec::new(), Vec::new()),
    };
    let json = serde_json::from_str(&plan.json).map_err(|_| Error::stopped())?;
    Ok(Sample {
        plan: plan.clone(),
        population,
        draw,
        picks,
        results,
        history,
        json,
    })
}

impl Sample {
    /// A text member of the frozen plan.
    pub fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_default().to_owned()
    }

    fn number(&self, name: &str) -> u64 {
        self.json[name].as_u64().unwrap_or_default()
    }

    /// Units to test.
    pub fn size(&self) -> u64 {
        self.number("sample_size")
    }

    /// Acceptable deviations.
    pub fn acceptable(&self) -> u64 {
        self.number("acceptable")
    }

    fn drawn(&self) -> Answer<&Kept<Draw>> {
        self.draw
            .as_ref()
            .ok_or_else(|| Error::invalid("The sample is not drawn yet. Enter a seed first."))
    }

    fn unit(&self, ordinal: u64) -> Answer<&Kept<Pick>> {
        self.picks
            .iter()
            .find(|pick| pick.number == ordinal)
            .ok_or_else(|| {
                Error::new(
                    crate::error::Code::NotFound,
                    format!("The sample has no unit {ordinal}."),
                )
            })
    }

    /// The result in force for a unit.
    pub fn result(&self, unit: u64) -> Option<&Kept<TestResult>> {
        self.results.iter().find(|result| result.pick == unit)
    }

    fn outcome(&self, unit: u64) -> Option<UnitOutcome> {
        self.result(unit).map(|result| result.outcome)
    }

    /// Whether a unit belongs to the sample: a replacement does only while what it replaces is not applicable.
    fn belongs(&self, pick: &Pick) -> bool {
        pick.replaces
            .is_none_or(|unit| self.outcome(unit) == Some(UnitOutcome::NotApplicable))
    }

    /// The next draw, in place of a unit to which the attribute does not apply; `None` when the population is used up.
    fn replacement(&self, desk: &Desk, unit: u64) -> Answer<Option<Pick>> {
        let draw = self.drawn()?;
        let after = self.picks.len() as u64;
        if after >= self.population.size {
            return Ok(None);
        }
        let next = sample::rivest_continue(&draw.seed, self.population.size, after, 1)
            .map_err(|e| Error::invalid(e.to_string()))?;
        let mut picks = place(desk, &self.population, &draw.id, &next)?;
        Ok(picks.pop().map(|pick| Pick {
            replaces: Some(unit),
            ..pick
        }))
    }

    /// What the results show.
    pub fn evaluation(&self) -> Option<EvaluationView> {
        self.draw.as_ref()?;
        let units: Vec<_> = self.picks.iter().filter(|pick| self.belongs(pick)).collect();
        let outcomes: Vec<_> = units.iter().map(|pick| self.outcome(pick.number)).collect();
        let count = |wanted: UnitOutcome| outcomes.iter().filter(|o| **o == Some(wanted)).count() as u64;
        let could_not_test = count(UnitOutcome::CouldNotTest);
        let passed = count(UnitOutcome::Pass);
        let deviations = count(UnitOutcome::Deviation) + could_not_test;
        let tested = passed + deviations;
        let finished = outcomes.iter().all(Option::is_some);
        let tolerable: Rate = self.text("tolerable").parse().ok()?;
        let confidence: Rate = self.text("confidence").parse().ok()?;
        let limit = |sample: u64, deviations: u64| {
            sample::evaluate(&EvaluateRequest {
                sample,
                deviations,
                confidence,
                population: Some(self.population.size),
            })
        };
        let limits = if tested == 0 {
            None
        } else {
            Some(limit(tested, deviations).ok()?)
        };
        let supports = limits
            .as_ref()
            .filter(|_| finished)
            .map(|l| l.supports(tolerable));
        let upper_printed = limits
            .as_ref()
            .map_or_else(|| printed(1000), |l| printed(l.upper_tenths_of_percent()));
        let mut so_far = (0, 0);
        let running = outcomes
            .iter()
            .flatten()
            .filter(|o| **o != UnitOutcome::NotApplicable)
            .map(|outcome| {
                so_far.0 += 1;
                so_far.1 += u64::from(*outcome != UnitOutcome::Pass);
                limit(so_far.0, so_far.1).map_or(1.0, |l| l.upper_limit)
            })
            .collect();
        Some(EvaluationView {
            finished,
            tested,
            passed,
            deviations,
            not_applicable: count(UnitOutcome::NotApplicable),
            could_not_test,
            point: limits.as_ref().map_or(0.0, |l| l.point),
            upper_limit: limits.as_ref().map_or(1.0, |l| l.upper_limit),
            upper_count: limits.as_ref().and_then(|l| l.upper_count),
            sentence: concludes(
                tested,
                deviations,
                &upper_printed,
                confidence,
                tolerable,
                supports,
            ),
            upper_printed,
            supports,
            running,
        })
    }

    /// The row of a list.
    pub fn row(&self) -> PlanRow {
        let evaluation = self.evaluation();
        PlanRow {
            id: self.plan.id.to_string(),
            attribute: self.plan.title.clone(),
            sample_size: self.size(),
            acceptable: self.acceptable(),
            population: self.population.size,
            frozen_at: moment::stated(self.plan.at),
            drawn: self.draw.is_some(),
            tested: evaluation.as_ref().map_or(0, |e| e.tested),
            deviations: evaluation.as_ref().map_or(0, |e| e.deviations),
            supports: evaluation.and_then(|e| e.supports),
        }
    }

    fn units(&self) -> Vec<UnitView> {
        self.picks
            .iter()
            .filter(|pick| self.belongs(pick))
            .map(|pick| {
                let result = self.result(pick.number);
                let earlier = self.history.iter().filter(|r| r.pick == pick.number).count() as u64;
                UnitView {
                    ordinal: pick.number,
                    counter: pick.counter,
                    pick: pick.frame,
                    record_id: pick.record.clone(),
                    bundle: pick.bundle.to_string(),
                    position: pick.position,
                    result: result.map(|r| shown_outcome(r.outcome)),
                    note: result.map(|r| r.note.clone()).filter(|note| !note.is_empty()),
                    tested_at: result.map(|r| moment::stated(r.at)),
                    tested_by: result.map(|r| r.by.clone()),
                    replaced_by: self
                        .picks
                        .iter()
                        .find(|p| p.replaces == Some(pick.number) && self.belongs(p))
                        .map(|p| p.number),
                    superseded: earlier.saturating_sub(1),
                }
            })
            .collect()
    }

    /// The population's frozen JSON.
    pub fn population_json(&self) -> Value {
        serde_json::from_str(&self.population.json).unwrap_or_default()
    }

    fn view(&self) -> Answer<PlanView> {
        let population = self.population_json();
        let bundles = population["bundles"].as_array().cloned().unwrap_or_default();
        Ok(PlanView {
            row: self.row(),
            deviation: self.text("deviation"),
            criterion: self.text("criterion"),
            tolerable: self.text("tolerable"),
            expected: self.text("expected"),
            confidence: self.text("confidence"),
            method: self.text("method"),
            bundles: bundles
                .iter()
                .filter_map(|b| b["name"].as_str().map(str::to_owned))
                .collect(),
            filter: population["query"].as_str().unwrap_or_default().to_owned(),
            filter_reads_as: population["reads_as"].as_str().unwrap_or_default().to_owned(),
            frame_order: match population["order"].as_str() {
                Some("source") => FrameOrder::Source,
                Some("time,id") => FrameOrder::TimeId,
                _ => FrameOrder::Id,
            },
            frame_digest: self.population.frame_digest.clone(),
            plan_digest: self.plan.digest.clone(),
            frozen_by: self.plan.by.clone(),
            draw: self.draw.as_ref().map(|draw| DrawView {
                algorithm: draw.method.clone(),
                seed: draw.seed.clone(),
                seed_source: draw.seed_source.clone(),
                drawn_at: moment::stated(draw.at),
                drawn_by: draw.by.clone(),
                units: self.units(),
            }),
            evaluation: self.evaluation(),
        })
    }
}

fn concludes(
    tested: u64,
    deviations: u64,
    upper: &str,
    confidence: Rate,
    tolerable: Rate,
    supports: Option<bool>,
) -> String {
    if tested == 0 {
        return "No unit is tested yet.".into();
    }
    let found = format!(
        "{deviations} of {tested} units deviate; with {confidence} confidence at most {upper} of the population do."
    );
    match supports {
        None => format!("{found} Only the finished sample counts."),
        Some(true) => {
            format!("{found} That is within the tolerable {tolerable}: the sample supports the control.")
        }
        Some(false) => format!(
            "{found} That is above the tolerable {tolerable}: the sample does not support the control."
        ),
    }
}

fn kept_outcome(result: UnitResult) -> UnitOutcome {
    match result {
        UnitResult::Pass => UnitOutcome::Pass,
        UnitResult::Deviation => UnitOutcome::Deviation,
        UnitResult::NotApplicable => UnitOutcome::NotApplicable,
        UnitResult::CouldNotTest => UnitOutcome::CouldNotTest,
    }
}

/// The contract's word for a kept outcome.
pub(crate) fn shown_outcome(outcome: UnitOutcome) -> UnitResult {
    match outcome {
        UnitOutcome::Pass => UnitResult::Pass,
        UnitOutcome::Deviation => UnitResult::Deviation,
        UnitOutcome::NotApplicable => UnitResult::NotApplicable,
        UnitOutcome::CouldNotTest => UnitResult::CouldNotTest,
    }
}

fn kept_order(order: FrameOrder) -> KeptOrder {
    match order {
        FrameOrder::Id => KeptOrder::Id,
        FrameOrder::TimeId => KeptOrder::TimeId,
        FrameOrder::Source => KeptOrder::Source,
    }
}

fn frame_order(word: Option<&str>) -> KeptOrder {
    match word {
        Some("source") => KeptOrder::Source,
        Some("time,id") => KeptOrder::TimeId,
        _ => KeptOrder::Id,
    }
}

/// The design's word for a frame order.
pub(crate) fn order_word(order: FrameOrder) -> &'static str {
    match order {
        FrameOrder::Id => "id",
        FrameOrder::TimeId => "time,id",
        FrameOrder::Source => "source",
    }
}
