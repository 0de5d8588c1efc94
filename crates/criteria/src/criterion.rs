//! One criterion: a clause, the duty in own words, and what records can and cannot show of it.

use serde::{Deserialize, Serialize};

use crate::CheckWord;

/// One criterion that a finding can cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// Stable id such as `eu-ai-act/12.1`; findings and reports cite it.
    pub id: String,
    /// The law, standard or policy.
    pub framework: String,
    /// The place within it.
    pub clause: String,
    /// Whose duty it is.
    pub role: String,
    /// When it applies only under a condition, that condition.
    pub condition: Option<String>,
    /// The duty, summarised in own words.
    pub duty: String,
    /// How far records can answer.
    pub evaluable: Evaluable,
    /// The questions asked of the records, in order, each once.
    pub checks: Vec<CheckWord>,
    /// The figures that some checks are measured against.
    pub params: Params,
    /// What the records can show.
    pub shows: String,
    /// What they cannot show. Printed wherever `shows` is.
    pub cannot: String,
    /// From when it applies, with its status, in words: dates move and are data.
    pub applies_from: String,
    /// How far the wording was checked.
    pub grounding: Grounding,
}

impl Criterion {
    /// Framework and clause, as a heading.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}, {}", self.framework, self.clause)
    }

    /// Everything that [`crate::Catalogue::search`] looks into.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        [
            &self.id,
            &self.framework,
            &self.clause,
            &self.role,
            &self.duty,
            &self.shows,
            &self.cannot,
            &self.applies_from,
        ]
        .into_iter()
        .chain(self.condition.as_ref())
        .map(String::as_str)
    }
}

/// How far imported records can answer whether a duty is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evaluable {
    /// Records alone can show an exception or its absence.
    Full,
    /// Records show a part of it.
    Partial,
    /// Records only give context; no outcome is stated.
    Context,
}

/// How far the wording of a criterion was checked when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounding {
    /// The clause itself was read.
    Text,
    /// Read about in a secondary page.
    Secondary,
    /// From general knowledge: a person checks it before relying on it.
    Recall,
    /// The reviewer's own criterion.
    Own,
}

/// Figures for checks that measure against one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Records are kept at least so many days.
    pub min_days: Option<u32>,
    /// Of these, so many days at hand without restoring.
    pub hot_days: Option<u32>,
    /// Something follows within so many days.
    pub max_days: Option<u32>,
}
