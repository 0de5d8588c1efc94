//! Which units are examined: draws that anybody can repeat with a second tool from the seed alone.

use std::collections::{BinaryHeap, HashSet};

use num_bigint::BigUint;
use serde::Serialize;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

use crate::plan::MAX_POPULATION;

/// One drawn unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// Place in the order of drawing, from 1.
    pub ordinal: u64,
    /// The i of the sampler that gave this unit; rejected repeats leave gaps.
    pub counter: u64,
    /// Place of the unit in its frame, from 1.
    pub position: u64,
}

/// One unit drawn by its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// Place in the order of drawing, from 1.
    pub ordinal: u64,
    /// The ticket number, `0.` and 64 to 78 digits; the lowest is drawn first.
    pub number: String,
    /// The id of the unit.
    pub id: String,
    /// Place of the unit in its frame, from 1.
    pub position: u64,
}

/// Why a draw is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// The seed has no characters.
    #[error("The seed is empty. Roll it or let the machine choose it, and write it down.")]
    EmptySeed,
    /// A population without units, or beyond [`MAX_POPULATION`].
    #[error("The population has {found} units; it has between 1 and {limit}.")]
    PopulationOutOfRange {
        /// As requested.
        found: u64,
        /// [`MAX_POPULATION`].
        limit: u64,
    },
    /// More units than there are.
    #[error("{found} units cannot be drawn from {population}.")]
    CountAbovePopulation {
        /// As requested.
        found: u64,
        /// Units in the population.
        population: u64,
    },
    /// More units than one draw gives.
    #[error("{found} units pass the limit of {limit} for one draw.")]
    CountTooLarge {
        /// As requested.
        found: u64,
        /// [`MAX_PICKS`].
        limit: u64,
    },
    /// Two units of the frame have the same id.
    #[error("The id {id} stands twice in the frame.")]
    RepeatedId {
        /// The id.
        id: String,
    },
    /// The sampler gave repeats only, for longer than chance explains.
    #[error("After {counter} steps the draw is not complete.")]
    Exhausted {
        /// The last step taken.
        counter: u64,
    },
}

/// Rivest's sampler of 2011 as an endless sequence *with* repeats.
///
/// ```text
/// position(i) = 1 + (SHA-256(seed ‖ "," ‖ i) mod N),  i = 1, 2, …
/// ```
///
/// The seed is UTF-8 text taken as it stands ("0" and "00" differ), i is written in decimal, the digest is read as one
/// big-endian number. <https://people.csail.mit.edu/rivest/sampler.py>
#[derive(Debug, Clone)]
pub struct RivestSequence {
    /// `seed,` to which each counter is appended.
    input: Vec<u8>,
    seed_bytes: usize,
    population: u64,
    counter: u64,
}

impl RivestSequence {
    /// Starts the sequence.
    ///
    /// # Errors
    /// [`DrawError::EmptySeed`]; [`DrawError::PopulationOutOfRange`].
    pub fn new(seed: &str, population: u64) -> Result<RivestSequence, DrawError> {
        check(seed, population)?;
        let mut input = seed.as_bytes().to_vec();
        input.push(b',');
        Ok(RivestSequence {
            seed_bytes: input.len(),
            input,
            population,
            counter: 0,
        })
    }
}

impl Iterator for RivestSequence {
    /// Counter and position, both from 1.
    type Item = (u64, u64);

    fn next(&mut self) -> Option<(u64, u64)> {
        self.counter = self.counter.checked_add(1)?;
        self.input.truncate(self.seed_bytes);
        self.input.extend_from_slice(self.counter.to_string().as_bytes());
        Some((self.counter, 1 + remainder(&sha256(&self.input), self.population)))
    }
}

/// Draws `count` different units: [`RivestSequence`] with repeats rejected.
///
/// # Errors
/// See [`DrawError`].
pub fn rivest(seed: &str, population: u64, count: u64) -> Result<Vec<Pick>, DrawError> {
    let mut sequence = RivestSequence::new(seed, population)?;
    check_count(count, population)?;
    let mut picks = Vec::new();
    let mut drawn = HashSet::new();
    let most_steps = most_steps(population);
    for ordinal in 1..=count {
        let fresh = sequence
            .by_ref()
            .take_while(|(counter, _)| *counter <= most_steps)
            .find(|(_, at)| drawn.insert(*at));
        let Some((counter, position)) = fresh else {
            return Err(DrawError::Exhausted { counter: most_steps });
        };
        picks.push(Pick {
            ordinal,
            counter,
            position,
        });
    }
    Ok(picks)
}

/// The `count` picks that follow the first `after` ones: replacements for units to which the procedure does not apply.
/// They are the same that a longer first draw would have given.
///
/// # Errors
/// See [`DrawError`].
pub fn rivest_continue(seed: &str, population: u64, after: u64, count: u64) -> Result<Vec<Pick>, DrawError> {
    let picks = rivest(seed, population, after.saturating_add(count))?;
    Ok(picks.into_iter().filter(|pick| pick.ordinal > after).collect())
}

/// Rivest's consistent sampler: each unit has a ticket of its own, and the lowest tickets are drawn. The order of the
/// frame does not matter, and a part of the frame is drawn in the same order as within the whole.
///
/// ```text
/// ticket(id) = "0." ‖ reversed decimal digits of SHA-256(hex(SHA-256(seed)) ‖ id), padded to 64 digits
/// ```
///
/// Tickets are compared as text, and digests of more than 64 digits keep them all: both are habits of the published
/// program that a second tool shares. <https://github.com/ron-rivest/consistent_sampler>
///
/// `ids` come in frame order; the `count` lowest are returned in the order of drawing.
///
/// # Errors
/// See [`DrawError`].
pub fn consistent<'a, I>(seed: &str, ids: I, count: u64) -> Result<Vec<Ticket>, DrawError>
where
    I: IntoIterator<Item = &'a str>,
{
    if seed.is_empty() {
        return Err(DrawError::EmptySeed);
    }
    let keep = usize::try_from(count.min(MAX_PICKS)).unwrap_or(usize::MAX);
    let key = hex(&sha256(seed.as_bytes()));
    let mut lowest: BinaryHeap<(String, String, u64)> = BinaryHeap::new();
    let mut population = 0;
    for id in ids {
        population += 1;
        let number = ticket_number(&key, id);
        if lowest.len() < keep {
            lowest.push((number, id.to_owned(), population));
        } else if lowest.peek().is_some_and(|highest| number < highest.0) {
            lowest.pop();
            lowest.push((number, id.to_owned(), population));
        }
    }
    check(seed, population)?;
    check_count(count, population)?;
    let sorted = lowest.into_sorted_vec();
    if let Some([(_, id, _), _]) = sorted.array_windows().find(|[one, next]| one.1 == next.1) {
        return Err(DrawError::RepeatedId { id: id.clone() });
    }
    let tickets = (1..).zip(sorted).map(|(ordinal, (number, id, position))| Ticket {
        ordinal,
        number,
        id,
        position,
    });
    Ok(tickets.collect())
}

/// Every unit at an even distance from a random start, with an exact interval N/n.
///
/// ```text
/// start = SHA-256(seed ‖ ",1") mod N;   position(i) = floor((start + i·N) / n) + 1,  i = 0 … n-1
/// ```
///
/// Each unit is drawn with probability n/N. The result may be read as a random sample only if the order of the frame has
/// nothing to do with deviations (beware of hours and days). [`Pick::counter`] is i + 1.
///
/// # Errors
/// See [`DrawError`].
pub fn systematic(seed: &str, population: u64, count: u64) -> Result<Vec<Pick>, DrawError> {
    let mut sequence = RivestSequence::new(seed, population)?;
    check_count(count, population)?;
    let start = sequence.next().map_or(0, |(_, position)| position - 1);
    let pick = |i: u64| {
        let place = (u128::from(start) + u128::from(i) * u128::from(population)) / u128::from(count.max(1));
        // start < N and i < n, so the place stays below N.
        let position = u64::try_from(place).unwrap_or(population) + 1;
        Pick {
            ordinal: i + 1,
            counter: i + 1,
            position,
        }
    };
    Ok((0..count).map(pick).collect())
}

fn ticket_number(key: &str, id: &str) -> String {
    let digest = sha256(format!("{key}{id}").as_bytes());
    let digits = format!("{:0>64}", BigUint::from_bytes_be(&digest).to_string());
    let mut number = String::with_capacity(2 + digits.len());
    number.push_str("0.");
    number.extend(digits.chars().rev());
    number
}

/// A big-endian number modulo `divisor`.
fn remainder(digest: &[u8], divisor: u64) -> u64 {
    let divisor = u128::from(divisor.max(1));
    let rest = digest
        .iter()
        .fold(0_u128, |rest, byte| (rest * 256 + u128::from(*byte)) % divisor);
    // Below the divisor, which is a u64.
    u64::try_from(rest).unwrap_or(0)
}

fn check(seed: &str, population: u64) -> Result<(), DrawError> {
    if seed.is_empty() {
        return Err(DrawError::EmptySeed);
    }
    if population == 0 || population > MAX_POPULATION {
        return Err(DrawError::PopulationOutOfRange {
            found: population,
            limit: MAX_POPULATION,
        });
    }
    Ok(())
}

fn check_count(count: u64, population: u64) -> Result<(), DrawError> {
    if count > population {
        return Err(DrawError::CountAbovePopulation {
            found: count,
            population,
        });
    }
    if count > MAX_PICKS {
        return Err(DrawError::CountTooLarge {
            found: count,
            limit: MAX_PICKS,
        });
    }
    Ok(())
}

/// After N (ln N + t) steps a unit is still missing with probability below e^-t; here t is above 40.
fn most_steps(population: u64) -> u64 {
    population
        .saturating_mul(u64::from(population.ilog2()) + 40)
        .saturating_add(1000)
}

/// Most units in one draw.
pub const MAX_PICKS: u64 = 1_000_000;
