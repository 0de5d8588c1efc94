//! The search for one goal: cheap and usual shapes first, any choice of members last.

use tickmark_crypto::digest::Algorithm;
use tickmark_formats::json::{Kind, Value};

use super::effort::Effort;
use super::field::Field;
use super::form::{Form, Inside, forms};
use super::goal::{Explanation, Goal, Ground, confirm};
use super::joined::{self, FEW_JOINS, JOINS, Piece, Wanted};
use super::subset;
use crate::preimage::{at, scalar};
use crate::profile::{As, Part, Previous, SourceKind, Spelling};

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Usual shapes only: for a digest of a payload.
    Light,
    /// Everything: for the record's own hash.
    Full,
}

/// What every search knows.
pub(super) struct Search<'s, 't, 'v, 'a> {
    /// The records.
    pub ground: &'s Ground<'t, 'v, 'a>,
    /// Their fields.
    pub fields: &'s [Field<'v, 'a>],
    /// How they are written.
    pub kind: SourceKind,
    /// Fields of the record before that may enter a preimage as `prev`; none where records name it themselves.
    pub previous: &'s [usize],
}

impl Search<'_, '_, '_, '_> {
    /// Searches for one goal.
    pub fn explain(&self, goal: &Goal, depth: Depth, effort: &mut Effort) -> Option<Explanation> {
        let mut best: Option<Explanation> = None;
        for (index, probe) in probes(goal).into_iter().enumerate() {
            for (order, alg) in goal.algs.iter().enumerate() {
                // the second record and rarer algorithms are tried on the usual shapes only
                let depth = if index == 0 && order == 0 {
                    depth
                } else {
                    Depth::Light
                };
                let Some(found) = self.on_one(goal, probe, *alg, depth, effort) else {
                    continue;
                };
                if best
                    .as_ref()
                    .is_none_or(|best| found.reproduced > best.reproduced)
                {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(Explanation::is_whole) {
                    return best;
                }
            }
            if best.as_ref().is_some_and(|best| best.reproduced * 2 > best.of) {
                return best;
            }
        }
        best.filter(|best| best.reproduced > 1 || best.of == 1)
    }

    fn on_one(
        &self,
        goal: &Goal,
        (record, expected): (usize, &[u8]),
        alg: Algorithm,
        depth: Depth,
        effort: &mut Effort,
    ) -> Option<Explanation> {
        let value = self.ground.records.get(record)?;
        let all = self.all_forms(value, goal.own.as_deref(), effort);
        let is_full = depth == Depth::Full;
        let wanted = Wanted { alg, expected };
        let held = |parts, previous, effort: &mut Effort| {
            let found = confirm(self.ground, goal, parts, alg, previous, effort);
            (found.reproduced > 0).then_some(found)
        };
        effort.stage(if is_full { 12 } else { 3 });
        for left_out in 0..=if is_full { 3 } else { 1 } {
            for form in &all {
                if let Some(out) = subset::without(form, alg, expected, left_out, effort)
                    && let Some(found) = held(vec![subset::part(form, &out)], None, effort)
                {
                    return Some(found);
                }
            }
        }
        effort.stage(if is_full { 6 } else { 2 });
        let scalars = self.scalars(record, goal.own.as_deref(), effort);
        for length in 1..=if is_full { 3 } else { 2 } {
            if let Some(found) = joined::any_order(&scalars, JOINS, length, &wanted, effort) {
                let (parts, previous) = found.parts(&scalars);
                return held(parts, previous, effort);
            }
        }
        effort.stage(if is_full { 8 } else { 2 });
        let texts = self.json_pieces(record, value, &all, goal.own.as_deref());
        for pieces in &texts {
            for length in 1..=if is_full { 3 } else { 1 } {
                let few: &[Piece] = if length < 3 {
                    pieces
                } else {
                    pieces.get(..10).unwrap_or(pieces)
                };
                if let Some(found) = joined::any_order(few, FEW_JOINS, length, &wanted, effort) {
                    let (parts, previous) = found.parts(pieces);
                    return held(parts, previous, effort);
                }
            }
        }
        if !is_full {
            return None;
        }
        effort.stage(8);
        if let Some((parts, previous)) = self.in_order(record, goal.own.as_deref(), &wanted, effort) {
            return held(parts, previous, effort);
        }
        effort.stage(8);
        let few: Vec<Piece> = scalars.iter().filter(|piece| is_usual(piece)).cloned().collect();
        for (length, most) in [(4, 14), (5, 9)] {
            if few.len() <= most
                && let Some(found) = joined::any_order(&few, JOINS, length, &wanted, effort)
            {
                let (parts, previous) = found.parts(&few);
                return held(parts, previous, effort);
            }
        }
        effort.stage(50);
        self.any_choice(&all, alg, expected, effort)
            .and_then(|part| held(vec![part], None, effort))
    }

    /// Any choice of members of the likeliest forms.
    fn any_choice(&self, all: &[Form], alg: Algorithm, expected: &[u8], effort: &mut Effort) -> Option<Part> {
        let is_usual = |form: &&Form| form.members.len() <= MOST_CHOSEN_FROM && form.json.set.is_empty();
        let mut usual: Vec<&Form> = all.iter().filter(is_usual).collect();
        usual.sort_by_key(|form| form.likelihood());
        for form in usual {
            for left_out in 4..form.members.len() {
                if let Some(out) = subset::without(form, alg, expected, left_out, effort) {
                    return Some(subset::part(form, &out));
                }
            }
        }
        None
    }

    /// Forms of the record and of the objects in it, by rank.
    fn all_forms(&self, record: &Value<'_>, own: Option<&str>, effort: &mut Effort) -> Vec<Form> {
        let mut all = Vec::new();
        for base in objects(record) {
            let relative = |pointer: &str| {
                let rest = pointer.strip_prefix(base.as_str())?;
                (rest.starts_with('/')).then(|| rest.to_owned())
            };
            let inside = Inside {
                own: own.and_then(relative),
                nested: self
                    .binary()
                    .filter(|field| Some(field.pointer.as_str()) != own)
                    .filter_map(|field| relative(&field.pointer))
                    .filter(|rest| rest.matches('/').count() > 1)
                    .take(8)
                    .collect(),
            };
            effort.stage(5);
            all.extend(forms(record, &base, &inside, effort));
        }
        all.sort_by_key(|form| form.rank);
        all
    }

    fn binary(&self) -> impl Iterator<Item = &Field<'_, '_>> {
        self.fields.iter().filter(|field| field.shape.is_some())
    }

    /// Scalar fields, raw digests and the values of the record before.
    fn scalars(&self, record: usize, own: Option<&str>, effort: &mut Effort) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for field in self
            .fields
            .iter()
            .filter(|field| Some(field.pointer.as_str()) != own)
        {
            if pieces.len() >= MOST_PIECES {
                break;
            }
            for part in spellings(field, record) {
                let Some(bytes) = self.ground.built(std::slice::from_ref(&part), record, None, None) else {
                    continue;
                };
                let is_new = pieces.iter().all(|piece: &Piece| piece.bytes != bytes)
                    || matches!(
                        part,
                        Part::Field {
                            spelled: As::Token,
                            ..
                        }
                    );
                if is_new && effort.bytes(bytes.len()) {
                    pieces.push(Piece {
                        part,
                        bytes,
                        previous: None,
                    });
                }
            }
        }
        pieces.extend(self.previous_pieces(record));
        pieces
    }

    fn previous_pieces(&self, record: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for field in self.previous {
            for form in [Previous::Text, Previous::Raw] {
                let part = Part::Previous(form);
                if let Some(bytes) =
                    self.ground
                        .built(std::slice::from_ref(&part), record, Some(*field), None)
                {
                    pieces.push(Piece {
                        part,
                        bytes,
                        previous: Some(*field),
                    });
                }
            }
        }
        pieces
    }

    /// JSON texts of one dialect each, with what may stand before or behind them.
    fn json_pieces(
        &self,
        record: usize,
        value: &Value<'_>,
        all: &[Form],
        own: Option<&str>,
    ) -> Vec<Vec<Piece>> {
        let affixes: Vec<Piece> = self
            .binary()
            .filter(|field| Some(field.pointer.as_str()) != own)
            .flat_map(|field| spellings(field, record))
            .filter_map(|part| {
                let bytes = self
                    .ground
                    .built(std::slice::from_ref(&part), record, None, None)?;
                Some(Piece {
                    part,
                    bytes,
                    previous: None,
                })
            })
            .take(6)
            .collect();
        let before = self.previous_pieces(record);
        let wholes = all.iter().filter(|form| form.json.of.is_empty()).take(24);
        wholes
            .map(|whole| {
                let mut pieces: Vec<Piece> = Vec::new();
                let dialect = whole.json.canon.0;
                let same = |form: &&Form| {
                    form.dialects.contains(&dialect)
                        && form.json.set.is_empty()
                        && form.json.exclude.is_empty()
                };
                // objects in the record, in the same dialect
                for form in all
                    .iter()
                    .filter(|form| !form.json.of.is_empty())
                    .filter(same)
                    .take(4)
                {
                    pieces.push(text_piece(form, &[]));
                }
                pieces.push(text_piece(whole, &[]));
                let suspects: Vec<&str> = whole
                    .members
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .filter(|name| self.is_binary_member(name))
                    .take(4)
                    .collect();
                for choice in 1_u32..(1 << suspects.len()) {
                    let out: Vec<&str> = suspects
                        .iter()
                        .enumerate()
                        .filter(|(bit, _)| choice & (1 << bit) != 0)
                        .map(|(_, name)| *name)
                        .collect();
                    pieces.push(text_piece(whole, &out));
                }
                pieces.extend(before.iter().cloned());
                pieces.extend(affixes.iter().cloned());
                if self.kind == SourceKind::Jsonl && value.span.len() < LONGEST_LINE {
                    let part = Part::RawLine;
                    if let Some(bytes) = self.ground.built(std::slice::from_ref(&part), record, None, None) {
                        pieces.push(Piece {
                            part,
                            bytes,
                            previous: None,
                        });
                    }
                }
                pieces
            })
            .collect()
    }

    fn is_binary_member(&self, name: &str) -> bool {
        let first = super::form::pointer_of(name);
        self.binary()
            .any(|field| field.pointer == first || field.pointer.starts_with(&format!("{first}/")))
    }

    /// Fields in the order of the record, some left out, with the value of the record before at either end or nowhere.
    fn in_order(
        &self,
        record: usize,
        own: Option<&str>,
        wanted: &Wanted<'_>,
        effort: &mut Effort,
    ) -> Option<(Vec<Part>, Option<usize>)> {
        let fields = self
            .fields
            .iter()
            .filter(|field| Some(field.pointer.as_str()) != own);
        let own_order: Vec<Piece> = fields
            .filter_map(|field| {
                let value = field.values.get(record).copied().flatten();
                let part = Part::Field {
                    pointer: field.pointer.clone(),
                    spelled: As::Token,
                    default: value.is_none_or(Value::is_null).then(String::new),
                    prefix: None,
                };
                let bytes = self
                    .ground
                    .built(std::slice::from_ref(&part), record, None, None)?;
                Some(Piece {
                    part,
                    bytes,
                    previous: None,
                })
            })
            .take(MOST_IN_ORDER)
            .collect();
        let mut ways = vec![own_order.clone()];
        for piece in self.previous_pieces(record) {
            let mut first = vec![piece.clone()];
            first.extend(own_order.iter().cloned());
            let mut last = own_order.clone();
            last.push(piece);
            ways.extend([first, last]);
        }
        for left_out in 0..own_order.len() {
            for pieces in &ways {
                if let Some(found) = joined::in_order(pieces, JOINS, left_out, wanted, effort) {
                    return Some(found.parts(pieces));
                }
            }
        }
        None
    }
}

fn text_piece(form: &Form, out: &[&str]) -> Piece {
    let names: Vec<String> = out.iter().map(|name| (*name).to_owned()).collect();
    Piece {
        part: subset::part(form, &names),
        bytes: form.spelled_without(out),
        previous: None,
    }
}

/// The second record, or the first where there is no other; then the last.
fn probes(goal: &Goal) -> Vec<(usize, &[u8])> {
    let pair = |index: usize| {
        goal.pairs
            .get(index)
            .map(|(record, bytes)| (*record, bytes.as_slice()))
    };
    let mut found: Vec<_> = pair(1).or_else(|| pair(0)).into_iter().collect();
    if goal.pairs.len() > 2 {
        found.extend(pair(goal.pairs.len() - 1));
    }
    found
}

/// How a field may enter a preimage.
fn spellings(field: &Field<'_, '_>, record: usize) -> Vec<Part> {
    let Some(value) = field.values.get(record).copied().flatten() else {
        return Vec::new();
    };
    let part = |spelled: As| Part::Field {
        pointer: field.pointer.clone(),
        spelled,
        default: None,
        prefix: None,
    };
    let mut parts = Vec::new();
    match &value.kind {
        Kind::Number(token) if token.contains(['.', 'e', 'E']) => {
            parts.extend([part(As::Token), part(As::Pyrepr), part(As::Es6)]);
        }
        Kind::Number(_) | Kind::Bool(_) | Kind::String(_) => parts.push(part(As::Token)),
        _ => {}
    }
    if let (Some(shape), Some(_)) = (&field.shape, scalar(value)) {
        match shape.encoding.spelling {
            Spelling::Hex => parts.push(part(As::HexBytes)),
            Spelling::Base64 => parts.push(part(As::B64Bytes)),
            Spelling::Base64Url | Spelling::Base58 => {}
        }
    }
    if value
        .as_str()
        .is_some_and(|text| text.len() >= 19 && text.as_bytes().first().is_some_and(u8::is_ascii_digit))
    {
        parts.extend([part(As::PyIsoformat), part(As::IsoMs)]);
    }
    parts
}

/// First-level fields as they stand, numbers as Python writes them, and the text of the record before.
fn is_usual(piece: &Piece) -> bool {
    match &piece.part {
        Part::Field { pointer, spelled, .. } => {
            pointer.matches('/').count() == 1 && matches!(spelled, As::Token | As::Pyrepr)
        }
        Part::Previous(form) => *form == Previous::Text,
        _ => false,
    }
}

/// The record itself, and the objects on its first two levels.
pub(super) fn objects(record: &Value<'_>) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut level = vec![String::new()];
    for _ in 0..2 {
        let mut below = Vec::new();
        for place in &level {
            let members = at(record, place).and_then(Value::members).unwrap_or_default();
            for member in members
                .iter()
                .filter(|m| m.value.is_object() && m.name.len() < 128)
            {
                if found.len() + below.len() < MOST_OBJECTS {
                    below.push(format!("{place}{}", super::form::pointer_of(&member.name)));
                }
            }
        }
        found.extend(below.iter().cloned());
        level = below;
    }
    found
}

const MOST_CHOSEN_FROM: usize = 20;
const MOST_PIECES: usize = 28;
const MOST_IN_ORDER: usize = 14;
const MOST_OBJECTS: usize = 10;
const LONGEST_LINE: usize = 64 * 1024;
