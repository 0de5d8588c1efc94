//! Chooses units and says what they show: plan, draw, evaluation, on exact rationals.
//!
//! | Question | Answer |
//! |---|---|
//! | How many units, how many deviations are acceptable? | [`plan()`], [`discovery`], [`is_sufficient`] |
//! | Which units? | [`rivest`], [`consistent`], [`systematic`], named by [`frame_digest`] |
//! | How are they shared out among strata? | [`allocate`], [`allocate_at_least_one`] |
//! | What do the deviations found say? | [`evaluate()`], [`Evaluation::supports`] |
//! | How likely is which outcome? | [`acceptance_curve`], [`chance_to_support`], [`staged_chance`] |
//!
//! Rates are fractions ([`Rate`]), so that 3.5 % of 400 is 14 and not 15. Floats search and print; whatever lies within
//! 10^-9 of a boundary is decided again with whole numbers. Rules: `research/audit.md` 1.3 and 1.6.

mod binomial;
mod boundary;
mod curve;
mod density;
mod draw;
mod evaluate;
mod frame;
mod hypergeometric;
mod law;
mod plan;
mod rate;
mod search;
mod staged;
mod strata;

pub use curve::{CurvePoint, MAX_POINTS, acceptance_curve, chance_to_support};
pub use draw::{
    DrawError, MAX_PICKS, Pick, RivestSequence, Ticket, consistent, rivest, rivest_continue, systematic,
};
pub use evaluate::{EvaluateError, EvaluateRequest, Evaluation, Interval, evaluate};
pub use frame::{FrameError, frame_digest};
pub use plan::{
    MAX_POPULATION, MAX_SAMPLE, Method, Plan, PlanError, PlanRequest, discovery, is_sufficient, plan,
};
pub use rate::{Rate, RateError};
pub use staged::{MAX_TRACKED, Stage, StagedChance, StagedError, staged_chance};
pub use strata::{Allocation, allocate, allocate_at_least_one};
