//! What the records cannot tell apart: other explanations that reproduce as much, and which one is proposed.

use super::effort::Effort;
use super::field::Field;
use super::form::{dialects, plain, pointer_of};
use super::goal::{Explanation, Goal, Ground, count, has_json, respelled};
use super::{Alternative, writing};
use crate::preimage::at;
use crate::profile::{As, Json, Part};

/// Lists explanations that reproduce as much as `found`, which may be replaced by a stricter one.
pub(super) fn alternatives(
    ground: &Ground<'_, '_, '_>,
    goal: &Goal,
    fields: &[Field<'_, '_>],
    place: &str,
    found: &mut Explanation,
    effort: &mut Effort,
) -> Vec<Alternative> {
    let mut all = Vec::new();
    let mut holds = |parts: &[Part], found: &Explanation| {
        let other = Explanation {
            parts: parts.to_vec(),
            ..found.clone()
        };
        count(ground, goal, &other, effort).0 >= found.reproduced
    };
    if goal.own.is_none() && has_json(&found.parts) && holds(&[Part::RawLine], found) {
        all.push(told(
            place,
            &[Part::RawLine],
            &found.parts,
            "Both reproduce. Proposed is the stricter one: it covers every byte of the line.",
        ));
        found.parts = vec![Part::RawLine];
        return all;
    }
    for dialect in dialects().into_iter().take(MOST_DIALECTS) {
        let other = respelled(&found.parts, dialect);
        let is_other = writing::parts(&other) != writing::parts(&found.parts);
        if is_other && holds(&other, found) {
            all.push(told(
                place,
                &found.parts,
                &other,
                "These records hold nothing that tells the two spellings apart; a record with other characters or numbers would.",
            ));
        }
    }
    for (index, part) in found.parts.clone().iter().enumerate() {
        for (other, sentence) in others(part, fields) {
            let mut parts = found.parts.clone();
            if let Some(slot) = parts.get_mut(index) {
                *slot = other;
            }
            if holds(&parts, found) {
                all.push(told(place, &found.parts, &parts, sentence));
            }
        }
        if let Part::Json(json) = part
            && let Some(listed) = as_list(json, ground)
        {
            let mut parts = found.parts.clone();
            if let Some(slot) = parts.get_mut(index) {
                *slot = Part::Json(Box::new(listed));
            }
            if holds(&parts, found) {
                all.push(told(
                    place,
                    &found.parts,
                    &parts,
                    "Proposed is the stricter one: a member that is added later would be noticed. If the system hashes a fixed list of members, take the other.",
                ));
            }
        }
    }
    all.truncate(MOST_TOLD);
    all
}

fn told(place: &str, proposed: &[Part], other: &[Part], sentence: &str) -> Alternative {
    Alternative {
        place: place.to_owned(),
        proposed: writing::parts(proposed),
        other: writing::parts(other),
        sentence: sentence.to_owned(),
    }
}

/// Fields that hold the same in every record, and other spellings of a number.
fn others(part: &Part, fields: &[Field<'_, '_>]) -> Vec<(Part, &'static str)> {
    let Part::Field {
        pointer,
        spelled,
        default,
        prefix,
    } = part
    else {
        return Vec::new();
    };
    let Some(own) = fields.iter().find(|field| field.pointer == *pointer) else {
        return Vec::new();
    };
    let twins = fields.iter().filter(|field| field.is_twin_of(own)).map(|field| {
        let twin = Part::Field {
            pointer: field.pointer.clone(),
            spelled: *spelled,
            default: default.clone(),
            prefix: *prefix,
        };
        (
            twin,
            "The two fields hold the same in every record; which of them is hashed cannot be seen here. Ask, or take a record in which they differ.",
        )
    });
    let mut all: Vec<_> = twins.take(4).collect();
    let is_fraction = own.values.iter().flatten().any(|value| {
        value
            .as_number()
            .is_some_and(|token| token.contains(['.', 'e', 'E']))
    });
    if is_fraction {
        for form in [As::Token, As::Pyrepr, As::Es6] {
            if form != *spelled {
                let other = Part::Field {
                    pointer: pointer.clone(),
                    spelled: form,
                    default: default.clone(),
                    prefix: *prefix,
                };
                all.push((
                    other,
                    "These records hold no number that the two would write differently.",
                ));
            }
        }
    }
    all
}

/// The same members as a list, where every record has the same ones and several are left out.
fn as_list(json: &Json, ground: &Ground<'_, '_, '_>) -> Option<Json> {
    let is_first_level = |pointer: &String| pointer.matches('/').count() == 1;
    if json.include.is_some() || json.exclude.len() < 3 || !json.exclude.iter().all(is_first_level) {
        return None;
    }
    let names = |index: usize| -> Option<Vec<String>> {
        let base = at(ground.records.get(index)?, &json.of)?;
        let members = base.members()?.iter();
        let kept = members.filter(|member| !json.exclude.contains(&pointer_of(&member.name)));
        Some(kept.map(|member| member.name.to_string()).collect())
    };
    let first = names(0)?;
    let is_plain = first.iter().all(|name| !name.ends_with('?')) && first.len() <= 32;
    let same = (0..ground.records.len()).all(|index| {
        names(index)
            .is_some_and(|other| other.len() == first.len() && other.iter().all(|name| first.contains(name)))
    });
    (is_plain && same).then(|| Json {
        include: Some(first),
        set: json.set.clone(),
        drop_null: json.drop_null.clone(),
        default: json.default.clone(),
        reformat: json.reformat.clone(),
        ..plain(&json.of, json.canon.0)
    })
}

const MOST_DIALECTS: usize = 14;
const MOST_TOLD: usize = 16;
