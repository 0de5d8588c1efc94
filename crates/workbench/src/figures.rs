//! Sampling without a vault, so that anybody can check a plan, a draw or a limit.

use serde::Serialize;
use tickmark_sampling as sample;

use crate::contract::sampling::PlanSize;
use crate::error::{Answer, Error};
use crate::sampling::{method, printed, rate, size};

/// `tickmark plan --json`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanFigures {
    /// Always `tickmark.plan/1`.
    pub schema: &'static str,
    /// Units to test.
    pub n: u64,
    /// Acceptable deviations.
    pub acceptable: u64,
    /// `hypergeometric` with a population, else `binomial`.
    pub method: String,
    /// The risk that is really taken.
    pub risk: f64,
    /// As asked.
    pub tolerable: String,
    /// As asked.
    pub expected: String,
    /// As asked.
    pub confidence: String,
    /// As asked.
    pub population: Option<u64>,
}

/// `tickmark draw --json`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawFigures {
    /// Always `tickmark.draw/1`.
    pub schema: &'static str,
    /// The published sampler.
    pub method: String,
    /// As typed.
    pub seed: String,
    /// Size of the population.
    pub population: u64,
    /// Places in the frame, in draw order.
    pub picks: Vec<u64>,
    /// Counters of the sampler (Rivest), or tickets (consistent).
    pub draws: Vec<DrawnFigure>,
}

/// One drawn place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnFigure {
    /// Place in draw order, from 1.
    pub ordinal: u64,
    /// Place in the frame, from 1.
    pub pick: u64,
    /// The sampler's counter.
    pub counter: Option<u64>,
    /// The ticket.
    pub ticket: Option<String>,
}

/// `tickmark evaluate --json`
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvaluationFigures {
    /// Always `tickmark.evaluation/1`.
    pub schema: &'static str,
    /// Units tested.
    pub sample: u64,
    /// Deviations.
    pub deviations: u64,
    /// As asked.
    pub confidence: String,
    /// As asked.
    pub population: Option<u64>,
    /// Deviations by units.
    pub point: f64,
    /// One-sided upper limit, unrounded.
    pub upper_limit: f64,
    /// The same as a count, where the population is known.
    pub upper_count: Option<u64>,
    /// The same rounded up to 0.1 %.
    pub upper_printed: String,
    /// `hypergeometric` or `binomial`.
    pub method: String,
}

/// Sizes a sample.
///
/// # Errors
/// `invalid_input` when a figure cannot be read or no sample can do it.
pub fn plan(figures: &PlanSize) -> Answer<PlanFigures> {
    let plan = size(figures, figures.population)?;
    Ok(PlanFigures {
        schema: "tickmark.plan/1",
        n: plan.sample_size,
        acceptable: plan.acceptable,
        method: method(&plan).to_owned(),
        risk: plan.risk,
        tolerable: figures.tolerable.clone(),
        expected: figures.expected.clone(),
        confidence: figures.confidence.clone(),
        population: figures.population,
    })
}

/// Draws by a published sampler.
///
/// # Errors
/// `invalid_input` for an unknown method or a count above the population.
pub fn draw(how: &str, seed: &str, population: u64, count: u64) -> Answer<DrawFigures> {
    let refused = |e: sample::DrawError| Error::invalid(e.to_string());
    let draws: Vec<DrawnFigure> = match how {
        "rivest" => sample::rivest(seed, population, count)
            .map_err(refused)?
            .into_iter()
            .map(|p| DrawnFigure {
                ordinal: p.ordinal,
                pick: p.position,
                counter: Some(p.counter),
                ticket: None,
            })
            .collect(),
        "consistent" => {
            if population > MOST_TICKETS {
                return Err(Error::invalid(format!(
                    "At most {MOST_TICKETS} tickets are made without a vault."
                )));
            }
            let ids: Vec<String> = (1..=population).map(|id| id.to_string()).collect();
            sample::consistent(seed, ids.iter().map(String::as_str), count)
                .map_err(refused)?
                .into_iter()
                .map(|t| DrawnFigure {
                    ordinal: t.ordinal,
                    pick: t.position,
                    counter: None,
                    ticket: Some(t.number),
                })
                .collect()
        }
        other => {
            return Err(Error::invalid(format!(
                "“{other}” is no sampler: expected rivest or consistent."
            )));
        }
    };
    Ok(DrawFigures {
        schema: "tickmark.draw/1",
        method: how.to_owned(),
        seed: seed.to_owned(),
        population,
        picks: draws.iter().map(|d| d.pick).collect(),
        draws,
    })
}

/// States the limit that a sample sets.
///
/// # Errors
/// `invalid_input` when the figures contradict each other.
pub fn evaluate(
    tested: u64,
    deviations: u64,
    confidence: &str,
    population: Option<u64>,
) -> Answer<EvaluationFigures> {
    let request = sample::EvaluateRequest {
        sample: tested,
        deviations,
        confidence: rate("confidence", confidence)?,
        population,
    };
    let found = sample::evaluate(&request).map_err(|e| Error::invalid(e.to_string()))?;
    Ok(EvaluationFigures {
        schema: "tickmark.evaluation/1",
        sample: tested,
        deviations,
        confidence: confidence.to_owned(),
        population,
        point: found.point,
        upper_limit: found.upper_limit,
        upper_count: found.upper_count,
        upper_printed: printed(found.upper_tenths_of_percent()),
        method: match found.method {
            sample::Method::Hypergeometric => "hypergeometric".to_owned(),
            sample::Method::Binomial => "binomial".to_owned(),
        },
    })
}

const MOST_TICKETS: u64 = 10_000_000;
