//! When the records of a bundle were made.

use serde::{Deserialize, Serialize};

/// Records by hour or day, as the records state their times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Label of the bundle.
    pub bundle: String,
    /// Width of a bucket.
    pub unit: BucketUnit,
    /// The zone that days and hours are counted in, for example `UTC`.
    pub zone: String,
    /// Without a gap: a bucket without records is there with zero.
    pub buckets: Vec<Bucket>,
    /// Intervals in which records would be expected and are missing.
    #[serde(default)]
    pub silences: Vec<Silence>,
    /// What the picture shows, in one or two sentences.
    pub sentence: String,
}

/// Width of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BucketUnit {
    /// One hour.
    Hour,
    /// One day.
    Day,
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its start: `2026-07-01` or `2026-07-01T13:00`.
    pub start: String,
    /// Records in it.
    pub records: u64,
    /// Faults in it.
    #[serde(default)]
    pub faults: u64,
}

/// An interval without records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// First bucket without records, by its index from 0.
    pub first: u64,
    /// Last one.
    pub last: u64,
    /// In words: "silent for 31 h, 15 Aug 04:12 to 16 Aug 11:20".
    pub sentence: String,
}
