//! How to perform it again, and the words of the report.

use serde::{Deserialize, Serialize};

/// How to perform the report again, with and without Tickmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// One sentence on what is needed.
    pub needs: String,
    /// In order.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it shows.
    pub title: String,
    /// How, in a sentence.
    pub text: String,
    /// What to type; empty where nothing is typed.
    pub command: String,
    /// Lines that the command prints, or what should be seen.
    pub expected: Vec<String>,
}

/// A word and what it means here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The word.
    pub term: String,
    /// What it means here.
    pub meaning: String,
}
