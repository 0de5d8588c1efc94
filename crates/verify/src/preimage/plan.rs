//! How the canonical JSON of a layout is put together from the record's own bytes.
//!
//! Two records of one layout have the same bytes between their scalars. Where the values that enter a preimage are spelled
//! in one of them as the canonical form spells them, they are so in the other too, as long as the scalars of both are plain
//! ([`Plainness`]): then order, names and separators of the canonical text are those of the layout, and only values are
//! copied from where they stand.

use std::cell::RefCell;

use tickmark_formats::canonical::{self, Dialect, Escape, Numbers};
use tickmark_formats::json::{Member, Plainness, Value};

use super::{Material, at, chosen, in_order, is_plain_choice};
use crate::profile::Json;

/// The plans of one layout, made when they are first asked for.
#[derive(Debug, Default)]
pub struct Plans {
    known: RefCell<Vec<(usize, Option<Plan>)>>,
    /// Where the preimages of one record after another are put together.
    buffer: RefCell<Vec<u8>>,
}

impl Plans {
    /// Lends an empty buffer to somebody who puts a preimage together. What became very large is not kept.
    pub fn with_buffer<T>(&self, fill: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let mut bytes = self.buffer.take();
        let filled = fill(&mut bytes);
        if bytes.capacity() <= MOST_KEPT {
            bytes.clear();
            self.buffer.replace(bytes);
        }
        filled
    }
}

/// Bytes of a buffer that is kept for the next record.
const MOST_KEPT: usize = 64 * 1024;

/// The plans of a record's layout, and what is so of the record.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'r> {
    /// The plans.
    pub plans: &'r Plans,
    /// What is so of the record's scalars.
    pub plainness: Plainness,
}

impl Planned<'_> {
    /// Appends the canonical bytes of what `json` chooses; `false`, and nothing is appended, where there is no plan.
    pub(super) fn write(&self, json: &Json, material: &Material<'_>, out: &mut Vec<u8>) -> bool {
        let takes_any_number = json.canon.0.numbers == Numbers::Token;
        if !self.plainness.texts || !(self.plainness.numbers || takes_any_number) {
            return false;
        }
        let mut known = self.plans.known.borrow_mut();
        // a part of a profile stays where it is as long as the profile does, and a layout is forgotten before
        let key = std::ptr::from_ref(json).addr();
        let place = known.iter().position(|(of, _)| *of == key);
        let place = place.unwrap_or_else(|| {
            known.push((key, Plan::of(json, material)));
            known.len() - 1
        });
        let plan = known.get(place).and_then(|(_, plan)| plan.as_ref());
        plan.is_some_and(|plan| plan.write(json, material, out))
    }
}

/// Whether what a part gives can follow from the layout alone, for plain scalars.
fn follows_from_layout(json: &Json) -> bool {
    let Dialect { escape, nfc, .. } = json.canon.0;
    let is_optional = |name: &String| name.ends_with('?');
    matches!(escape, Escape::Utf8 | Escape::PyAscii)
        && !nfc
        && is_plain_choice(json)
        // whether such a member is taken depends on its value
        && !json.include.iter().flatten().any(is_optional)
}

/// How one part is put together.
#[derive(Debug)]
enum Plan {
    /// The members that are taken, in their order, each with what stands before its value.
    Members(Vec<(Vec<u8>, usize)>),
    Whole,
}

fn is_spelled(value: &Value<'_>, json: &Json, material: &Material<'_>) -> bool {
    canonical::is_spelled(value, material.text, &json.canon.0)
}

impl Plan {
    /// The plan for a layout, from one of its records whose scalars are plain; `None` where a value is spelled otherwise.
    fn of(json: &Json, material: &Material<'_>) -> Option<Plan> {
        if !follows_from_layout(json) {
            return None;
        }
        let base = at(material.record, &json.of)?;
        match chosen(json, base).ok()? {
            Some(members) => Plan::of_members(members, base, json, material),
            None => is_spelled(base, json, material).then_some(Plan::Whole),
        }
    }

    fn of_members(
        members: Vec<&Member<'_>>,
        base: &Value<'_>,
        json: &Json,
        material: &Material<'_>,
    ) -> Option<Plan> {
        let dialect = &json.canon.0;
        let own = base.members()?;
        let mut steps = Vec::with_capacity(members.len());
        for member in in_order(members, dialect) {
            let index = own.iter().position(|one| std::ptr::eq(one, member))?;
            if !is_spelled(&member.value, json, material) {
                return None;
            }
            let mut lead = Vec::new();
            if steps.is_empty() {
                lead.push(b'{');
            } else {
                canonical::write_comma(dialect.separators, &mut lead);
            }
            canonical::write_string(&member.name, dialect.escape, dialect.nfc, &mut lead);
            canonical::write_colon(dialect.separators, &mut lead);
            steps.push((lead, index));
        }
        (!steps.is_empty()).then_some(Plan::Members(steps))
    }

    fn write(&self, json: &Json, material: &Material<'_>, out: &mut Vec<u8>) -> bool {
        let Some(base) = at(material.record, &json.of) else {
            return false;
        };
        let steps = match self {
            Plan::Members(steps) => steps,
            Plan::Whole => {
                out.extend_from_slice(base.span.of(material.text));
                return true;
            }
        };
        let members = base.members().unwrap_or_default();
        let before = out.len();
        for (lead, index) in steps {
            let Some(member) = members.get(*index) else {
                out.truncate(before);
                return false;
            };
            out.extend_from_slice(lead);
            out.extend_from_slice(member.value.span.of(material.text));
        }
        out.push(b'}');
        true
    }
}

#[cfg(test)]
mod tests;
