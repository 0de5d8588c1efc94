//! In which order records stand: the chain to which each belongs, fields that repeat the record before, numbers that grow.

use std::collections::{HashMap, HashSet};

use tickmark_formats::json::Kind;

use super::{Numbered, Work};
use crate::infer::Alternative;
use crate::infer::field::Field;
use crate::preimage::scalar;

impl Work<'_, '_, '_> {
    /// The records' own numbers: one field that grows by the same step.
    pub(super) fn number(&mut self) -> Option<Numbered> {
        let mut found: Vec<Numbered> = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let number = |record: usize| match &field.values.get(record)?.as_ref()?.kind {
                Kind::Number(token) => token.parse::<u64>().ok(),
                _ => None,
            };
            let mut steps: HashMap<u64, usize> = HashMap::new();
            let mut pairs = 0;
            for (record, before) in self.before.iter().enumerate() {
                let Some(before) = before else { continue };
                pairs += 1;
                if let (Some(this), Some(last)) = (number(record), number(*before))
                    && this > last
                {
                    *steps.entry(this - last).or_default() += 1;
                }
            }
            let Some((step, times)) = steps
                .into_iter()
                .max_by_key(|(step, times)| (*times, u64::MAX - step))
            else {
                continue;
            };
            let starts: Vec<u64> = (0..self.before.len())
                .filter(|record| self.before.get(*record).copied().flatten().is_none())
                .filter_map(number)
                .collect();
            if times * 5 < pairs * 4 || step > 1_000 || starts.is_empty() {
                continue;
            }
            let start = if starts.iter().all(|start| *start == 0) {
                0
            } else {
                1
            };
            found.push(Numbered {
                field: index,
                start,
                step,
                reproduced: times,
            });
        }
        found.sort_by_key(|numbered| {
            let name = self
                .fields
                .get(numbered.field)
                .map_or(String::new(), |f| f.name().to_ascii_lowercase());
            let is_called = ["seq", "index", "number", "idx", "nonce", "height", "id", "n"]
                .iter()
                .position(|word| {
                    if word.len() > 2 {
                        name.contains(word)
                    } else {
                        name == *word
                    }
                });
            (numbered.step != 1, is_called.unwrap_or(usize::MAX))
        });
        let mut found = found.into_iter();
        let first = found.next()?;
        let pointer = |index: usize| self.fields.get(index).map_or("", |field| field.pointer.as_str());
        let proposed = pointer(first.field).to_owned();
        let others: Vec<Alternative> = found
            .take(4)
            .map(|other| Alternative {
                place: "seq.field".to_owned(),
                proposed: proposed.clone(),
                other: pointer(other.field).to_owned(),
                sentence: "Both grow by the same step from record to record.".to_owned(),
            })
            .collect();
        self.proposal.alternatives.extend(others);
        let starts = self
            .fields
            .get(first.field)
            .and_then(|field| field.values.first().copied().flatten());
        if let Some(text) = starts.and_then(scalar)
            && text.parse::<u64>().is_ok_and(|start| start != first.start)
        {
            self.proposal.notes.push(format!(
                "The first record has the number {text}; that a whole trail begins at {} is assumed.",
                first.start
            ));
        }
        Some(first)
    }
}

/// The record before each, the field that parts the chains, and fields that repeat a text of the record before.
pub(super) type Order = (Vec<Option<usize>>, Option<String>, Vec<(usize, usize)>);

pub(super) fn order(fields: &[Field<'_, '_>], records: usize) -> Order {
    let plain: Vec<Option<usize>> = (0..records).map(|record: usize| record.checked_sub(1)).collect();
    let links = links(fields, &plain);
    if !links.is_empty() {
        return (plain, None, links);
    }
    for field in fields.iter().filter(|field| field.shape.is_none()).take(32) {
        let texts: Option<Vec<&str>> = (0..records).map(|record| field.text(record)).collect();
        let Some(texts) = texts else { continue };
        let distinct: HashSet<&str> = texts.iter().copied().collect();
        if distinct.len() < 2 || distinct.len() * 2 > records {
            continue;
        }
        let mut last: HashMap<&str, usize> = HashMap::new();
        let before: Vec<Option<usize>> = texts
            .iter()
            .enumerate()
            .map(|(record, text)| last.insert(text, record))
            .collect();
        let links = self::links(fields, &before);
        if !links.is_empty() {
            return (before, Some(field.pointer.clone()), links);
        }
    }
    (plain, None, Vec::new())
}

/// Fields whose text is a text of the record before, in most records; the best first.
fn links(fields: &[Field<'_, '_>], before: &[Option<usize>]) -> Vec<(usize, usize)> {
    let steps: Vec<(usize, usize)> = before
        .iter()
        .enumerate()
        .filter_map(|(record, before)| Some((record, (*before)?)))
        .collect();
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    let binary = |field: &&(usize, &Field<'_, '_>)| field.1.shape.is_some();
    let all: Vec<(usize, &Field<'_, '_>)> = fields.iter().enumerate().collect();
    for (link, field) in all.iter().filter(binary).take(MOST_BINARY) {
        for (target, named) in all.iter().filter(binary).take(MOST_BINARY) {
            if link == target {
                continue;
            }
            let agreeing = steps.iter().filter(|(record, before)| {
                field
                    .text(*record)
                    .is_some_and(|text| !text.is_empty() && named.text(*before) == Some(text))
            });
            let count = agreeing.count();
            let distinct: HashSet<&str> = steps
                .iter()
                .filter_map(|(_, before)| named.text(*before))
                .collect();
            if count > 0 && count * 5 >= steps.len() * 3 && distinct.len() * 2 > steps.len() {
                found.push((*link, *target, count));
            }
        }
    }
    found.sort_by_key(|(link, target, count)| (usize::MAX - count, *link, *target));
    found
        .into_iter()
        .map(|(link, target, _)| (link, target))
        .take(4)
        .collect()
}

const MOST_BINARY: usize = 16;
