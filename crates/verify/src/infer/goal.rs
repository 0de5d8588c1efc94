//! What is searched for: parts whose digest is recorded, on one record, and then on all of them.

use tickmark_crypto::digest::Algorithm;
use tickmark_formats::canonical::Dialect;
use tickmark_formats::json::Value;

use super::effort::Effort;
use super::form::dialects;
use crate::preimage::{Material, at, build};
use crate::profile::{AllWord, Canon, DropNull, Encoding, Json, Part};

/// Values that some parts must reproduce.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    /// Records with the bytes that their parts must have as digest.
    pub pairs: Vec<(usize, Vec<u8>)>,
    /// The algorithms that give so many bytes.
    pub algs: Vec<Algorithm>,
    /// Where the value stands in the same record; `None` when it stands in the next one.
    pub own: Option<String>,
}

/// Parts that reproduce recorded values.
#[derive(Debug, Clone)]
pub(super) struct Explanation {
    /// The parts.
    pub parts: Vec<Part>,
    /// Algorithm.
    pub alg: Algorithm,
    /// The field of the record before that enters as `prev`.
    pub previous: Option<usize>,
    /// What a first record has in its place.
    pub genesis: Option<String>,
    /// Records that were reproduced.
    pub reproduced: usize,
    /// Of so many.
    pub of: usize,
}

impl Explanation {
    /// Whether every sampled record was reproduced.
    pub fn is_whole(&self) -> bool {
        self.reproduced == self.of
    }
}

/// The records, and what enters as `prev` for each.
pub(super) struct Ground<'t, 'v, 'a> {
    /// Parsed records.
    pub records: &'v [Value<'a>],
    /// Their texts.
    pub texts: &'t [Vec<u8>],
    /// The record before each, in its chain.
    pub before: &'t [Option<usize>],
    /// For each field that may enter as `prev`: its text in each record, and how it is written.
    pub carried: Vec<Option<(Vec<Option<String>>, Encoding)>>,
}

impl Ground<'_, '_, '_> {
    /// What parts are built from.
    pub fn material<'m>(
        &'m self,
        record: usize,
        previous: Option<usize>,
        genesis: Option<&'m str>,
    ) -> Option<Material<'m>> {
        let carried = previous.and_then(|field| self.carried.get(field)?.as_ref());
        let text = match self.before.get(record).copied().flatten() {
            Some(before) => carried.and_then(|(texts, _)| texts.get(before)?.as_deref()),
            None => genesis,
        };
        Some(Material {
            record: self.records.get(record)?,
            text: self.texts.get(record)?,
            line: self.texts.get(record)?,
            previous: text.map(|text| (text, carried.map(|(_, encoding)| encoding))),
            planned: None,
        })
    }

    /// The bytes of parts for a record.
    pub fn built(
        &self,
        parts: &[Part],
        record: usize,
        previous: Option<usize>,
        genesis: Option<&str>,
    ) -> Option<Vec<u8>> {
        let material = self.material(record, previous, genesis)?;
        let mut bytes = Vec::new();
        build(parts, &material, &mut bytes).ok()?;
        Some(bytes)
    }
}

/// Counts the records that an explanation reproduces, and lists those that it misses.
pub(super) fn count(
    ground: &Ground<'_, '_, '_>,
    goal: &Goal,
    found: &Explanation,
    effort: &mut Effort,
) -> (usize, Vec<usize>) {
    let mut missed = Vec::new();
    let mut reproduced = 0;
    for (record, expected) in &goal.pairs {
        if !effort.bytes(ground.texts.get(*record).map_or(0, Vec::len)) {
            missed.push(*record);
            continue;
        }
        let bytes = ground.built(&found.parts, *record, found.previous, found.genesis.as_deref());
        let agrees = bytes.is_some_and(|bytes| {
            effort.bytes(bytes.len()) && found.alg.of(&bytes).as_bytes() == expected.as_slice()
        });
        if agrees {
            reproduced += 1;
        } else {
            missed.push(*record);
        }
    }
    (reproduced, missed)
}

/// Holds parts that fit one record against all, with what differs at a beginning or where a field is null or absent.
pub(super) fn confirm(
    ground: &Ground<'_, '_, '_>,
    goal: &Goal,
    parts: Vec<Part>,
    alg: Algorithm,
    previous: Option<usize>,
    effort: &mut Effort,
) -> Explanation {
    let mut best = Explanation {
        parts,
        alg,
        previous,
        genesis: None,
        reproduced: 0,
        of: goal.pairs.len(),
    };
    let (reproduced, mut missed) = count(ground, goal, &best, effort);
    best.reproduced = reproduced;
    for _ in 0..3 {
        if missed.is_empty() {
            break;
        }
        let mut better = None;
        let others = variations(ground, goal, &best, &missed);
        for other in others {
            if !fits_one(ground, goal, &other, &missed, effort) {
                continue;
            }
            let (reproduced, still) = count(ground, goal, &other, effort);
            if reproduced
                > better
                    .as_ref()
                    .map_or(best.reproduced, |(b, _): &(Explanation, _)| b.reproduced)
            {
                let other = Explanation { reproduced, ..other };
                better = Some((other, still));
            }
        }
        match better {
            Some((found, still)) => (best, missed) = (found, still),
            None => break,
        }
    }
    best
}

/// Whether an explanation reproduces the first record that was missed, or one may not know yet.
fn fits_one(
    ground: &Ground<'_, '_, '_>,
    goal: &Goal,
    other: &Explanation,
    missed: &[usize],
    effort: &mut Effort,
) -> bool {
    missed.iter().take(2).any(|record| {
        let expected = goal
            .pairs
            .iter()
            .find(|(index, _)| index == record)
            .map(|(_, bytes)| bytes.as_slice());
        effort.bytes(ground.texts.get(*record).map_or(0, Vec::len))
            && ground
                .built(&other.parts, *record, other.previous, other.genesis.as_deref())
                .is_some_and(|bytes| Some(other.alg.of(&bytes).as_bytes()) == expected)
    })
}

/// Parts with all JSON in another dialect.
pub(super) fn respelled(parts: &[Part], dialect: Dialect) -> Vec<Part> {
    parts
        .iter()
        .map(|part| match part {
            Part::Json(json) => Part::Json(Box::new(Json {
                canon: Canon(dialect),
                ..(**json).clone()
            })),
            Part::Digest { parts, alg, out } => Part::Digest {
                parts: respelled(parts, dialect),
                alg: *alg,
                out: *out,
            },
            other => other.clone(),
        })
        .collect()
}

/// Whether any part spells JSON.
pub(super) fn has_json(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Json(_) => true,
        Part::Digest { parts, .. } => has_json(parts),
        _ => false,
    })
}

/// What may be otherwise where a record was missed: the genesis value, nulls, absent fields.
fn variations(
    ground: &Ground<'_, '_, '_>,
    goal: &Goal,
    found: &Explanation,
    missed: &[usize],
) -> Vec<Explanation> {
    let mut all = Vec::new();
    if found.previous.is_some() && found.genesis.is_none() {
        let zeros = goal.pairs.first().map_or(64, |(_, digest)| 2 * digest.len());
        let prefix = found
            .previous
            .and_then(|field| ground.carried.get(field)?.as_ref())
            .map_or(String::new(), |(_, encoding)| encoding.prefix.clone());
        for text in beginnings(zeros, &prefix) {
            all.push(Explanation {
                genesis: Some(text),
                ..found.clone()
            });
        }
    }
    let Some(record) = missed.first().and_then(|record| ground.records.get(*record)) else {
        return all;
    };
    // the probed record may hold nothing that tells one dialect from another
    if has_json(&found.parts) {
        all.extend(dialects().into_iter().map(|dialect| Explanation {
            parts: respelled(&found.parts, dialect),
            ..found.clone()
        }));
    }
    let other = goal
        .pairs
        .iter()
        .map(|(index, _)| *index)
        .find(|index| !missed.contains(index));
    let other = other
        .and_then(|index| ground.records.get(index))
        .unwrap_or(record);
    for (index, part) in found.parts.iter().enumerate() {
        let others: Vec<Part> = match part {
            Part::Json(json) => json_variations(json, record, other)
                .into_iter()
                .map(|j| Part::Json(Box::new(j)))
                .collect(),
            Part::Field {
                pointer,
                spelled,
                default: None,
                prefix,
            } if at(record, pointer).is_none_or(Value::is_null) => beginnings(64, "")
                .into_iter()
                .map(|text| Part::Field {
                    pointer: pointer.clone(),
                    spelled: *spelled,
                    default: Some(text),
                    prefix: *prefix,
                })
                .collect(),
            _ => Vec::new(),
        };
        for other in others {
            let mut parts = found.parts.clone();
            if let Some(slot) = parts.get_mut(index) {
                *slot = other;
            }
            all.push(Explanation {
                parts,
                ..found.clone()
            });
        }
    }
    all
}

fn json_variations(json: &Json, record: &Value<'_>, other: &Value<'_>) -> Vec<Json> {
    let mut nulls = Vec::new();
    let mut others = Vec::new();
    if let Some(base) = at(record, &json.of) {
        null_places(base, &mut String::new(), &mut nulls);
        others.extend(
            absent_places(base, at(other, &json.of))
                .into_iter()
                .map(|pointer| {
                    let mut filled = json.clone();
                    filled.default.insert(pointer, "null".to_owned());
                    filled
                }),
        );
    }
    nulls.retain(|pointer| !json.exclude.contains(pointer));
    if nulls.is_empty() {
        return others;
    }
    let listed = |pointers: Vec<String>| Json {
        drop_null: DropNull::Some(pointers),
        ..json.clone()
    };
    let all = Json {
        drop_null: DropNull::All(AllWord::All),
        ..json.clone()
    };
    others.push(all.clone());
    if nulls.len() > 1 {
        others.push(listed(nulls.clone()));
    }
    for pointer in &nulls {
        others.push(listed(vec![pointer.clone()]));
        let mut kept = all.clone();
        kept.default.insert(pointer.clone(), "null".to_owned());
        others.push(kept);
    }
    others
}

/// Places of leaves that another record has and this one lacks.
fn absent_places(base: &Value<'_>, other: Option<&Value<'_>>) -> Vec<String> {
    let leaves = other.map(Value::leaves).unwrap_or_default();
    let absent = leaves.into_iter().filter(|(place, _)| base.at(place).is_none());
    absent
        .map(|(place, _)| place.to_string())
        .take(MOST_NULLS)
        .collect()
}

fn null_places(value: &Value<'_>, place: &mut String, found: &mut Vec<String>) {
    let Some(members) = value.members() else { return };
    for member in members {
        if found.len() >= MOST_NULLS {
            return;
        }
        let length = place.len();
        place.push_str(&super::form::pointer_of(&member.name));
        if member.value.is_null() {
            found.push(place.clone());
        } else {
            null_places(&member.value, place, found);
        }
        place.truncate(length);
    }
}

/// Texts with which trails are known to begin.
pub(super) fn beginnings(zeros: usize, prefix: &str) -> Vec<String> {
    let mut all: Vec<String> = ["", "genesis", "GENESIS", "0", "null", "None", "root", "start"]
        .map(str::to_owned)
        .to_vec();
    all.insert(1, "0".repeat(zeros));
    all.insert(2, format!("{prefix}{}", "0".repeat(zeros)));
    all.push(format!("{prefix}0"));
    all.dedup();
    all
}

const MOST_NULLS: usize = 12;
