//! How a sample is shared out among parts of a population.

use serde::Serialize;

/// Units for each stratum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allocation {
    /// Units for each stratum, in the order of the weights.
    pub units: Vec<u64>,
    /// Strata (from 0) that were raised from 0 to 1; to be said wherever the allocation is shown.
    pub raised: Vec<usize>,
}

/// Shares out `units` in proportion to `weights` by the largest remainder; of equal remainders the earlier stratum
/// comes first. Weights that are all 0 get nothing.
///
/// A proportional weight is the stratum's size, an optimal one its size times its standard deviation.
#[must_use]
pub fn allocate(weights: &[u64], units: u64) -> Vec<u64> {
    let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if whole == 0 {
        return vec![0; weights.len()];
    }
    let share = |weight: &u64| u128::from(*weight) * u128::from(units);
    // A share's whole part is at most `units`.
    let mut parts: Vec<u64> = weights
        .iter()
        .map(|w| u64::try_from(share(w) / whole).unwrap_or(units))
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    // A stable sort keeps the earlier of two equal strata first.
    by_remainder
        .sort_by_key(|at| std::cmp::Reverse(weights.get(*at).map_or(0, |weight| share(weight) % whole)));
    let given: u64 = parts.iter().sum();
    let missing = usize::try_from(units.saturating_sub(given)).unwrap_or(usize::MAX);
    for at in by_remainder.into_iter().take(missing) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}

/// As [`allocate`], but no stratum with a weight goes without a unit: those at 0 are raised to 1 on top of `units`, so
/// that the sample never falls below its plan.
#[must_use]
pub fn allocate_at_least_one(weights: &[u64], units: u64) -> Allocation {
    let mut parts = allocate(weights, units);
    let mut raised = Vec::new();
    for (at, (part, weight)) in parts.iter_mut().zip(weights).enumerate() {
        if *part == 0 && *weight > 0 {
            *part = 1;
            raised.push(at);
        }
    }
    Allocation { units: parts, raised }
}
