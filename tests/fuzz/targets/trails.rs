//! The golden rule: a genuine trail under a pinned key, broken, is never proven to say what it did not say.
//!
//! A record's *view* is what a hash, link or signature reaches: its value without the fields that are listed as uncovered. Two
//! spellings of one value have one view. A key that a record carries is no part of it: it may be gone, for the pinned one
//! counts, but it is never another. Where integrity is anchored and nothing is refuted,
//!
//! - each record's view is that of a genuine record;
//! - where the format orders its records, they are a run of the genuine ones without a gap;
//! - where, beyond that, completeness is proven, they are all of them;
//! - no field is uncovered that was covered before.
//!
//! And whatever else: where authenticity is proven or integrity anchored, the text in each record that the kit names as covered
//! is that of a genuine record. (A signature over content alone leaves the links to whoever makes them anew: then integrity
//! rests on nothing but the bundle, and says so.)

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::{self, AssertUnwindSafe};

use serde_json::Value;
use tickmark_formats::json::{self, Kind, parse};
use tickmark_formats::limits::Limits;
use tickmark_formats::pointer::Pointer;
use tickmark_tests::corpus::Told;
use tickmark_tests::genuine::{self, Genuine};
use tickmark_tests::kit::{Bundle, hold_together, told};
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};
use tickmark_verify::{Observer, Profile, ProfileChoice, Request, SeenRecord, Trust, VerifyError, verify};

use crate::target::{Listed, Target, joined, shape, words_of};

pub fn all() -> Vec<Listed> {
    genuine::names()
        .into_iter()
        .map(|format| {
            let about = format!("a genuine trail of {format}, broken, is never proven to say anything else");
            Listed::new(&format!("trail-{format}"), &about, move |name| of(name, &format))
        })
        .collect()
}

fn of(name: &str, format: &str) -> Target {
    let whole = Whole::of(genuine::named(format));
    let mut seeds = Vec::new();
    for (at, (member, bytes)) in whole.files.iter().enumerate() {
        for variant in 0..8_u8 {
            let input = [
                &[(at as u8) | (variant >> 2) << 4 | (variant & 1) << 5 | (variant & 3) << 6],
                bytes.as_slice(),
            ]
            .concat();
            seeds.push((format!("{at}-{variant}-{member}"), input));
        }
    }
    let mut target = Target::new(name, super::formats::JSON, move |input| whole.broken(input)).json();
    target.seeds = seeds;
    target
}

/// A genuine trail and what it says.
struct Whole {
    genuine: Genuine,
    files: Vec<(String, Vec<u8>)>,
    profile: &'static Profile,
    trust: Trust,
    told: Vec<Told>,
    is_ordered: bool,
    covered: &'static str,
    carried: Vec<String>,
    records: Vec<Vec<u8>>,
    uncovered: BTreeSet<String>,
}

impl Whole {
    fn of(genuine: Genuine) -> Whole {
        let mut trust = Trust::default();
        if !genuine.trust.is_empty() {
            trust.add_file("pinned.toml", genuine.trust.as_bytes()).unwrap();
        }
        let shipped = shipped().unwrap_or_else(|(id, message)| panic!("{id}: {message}"));
        let profile = shipped
            .iter()
            .find(|profile| profile.id == genuine.profile)
            .unwrap_or_else(|| panic!("{} is not shipped", genuine.profile));
        let mut whole = Whole {
            files: genuine.bundle.files().to_vec(),
            profile,
            trust,
            told: genuine.told.clone(),
            is_ordered: genuine.is_ordered,
            covered: genuine.covered,
            carried: carried(profile),
            genuine,
            records: Vec::new(),
            uncovered: BTreeSet::new(),
        };
        let (judged, records) = whole.judge(&whole.files, 0);
        let judged = judged.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(judged.counts.faults, 0, "{}", told(&judged));
        whole.uncovered = judged.uncovered_fields.iter().cloned().collect();
        whole.records = records;
        whole
    }

    /// The first byte says which member the rest stands for (the lowest bits), whether somebody without the key made hashes
    /// and links anew, whether the profile is named, and what is known (the two highest).
    fn broken(&self, input: &[u8]) -> u64 {
        let Some((first, bytes)) = input.split_first() else {
            return 0;
        };
        let mut files = self.files.clone();
        let member = usize::from(first & 0x0f) % files.len();
        files[member].1 = bytes.to_vec();
        if first & 0x10 != 0
            && let Some(remade) = self.remade(bytes)
        {
            files = remade;
        }
        let (judged, records) = self.judge(&files, *first);
        let Ok(judged) = &judged else {
            return shape(&judged);
        };
        hold_together(judged);
        self.hold(judged, &records);
        let codes: Vec<u64> = judged
            .fault_groups
            .iter()
            .take(4)
            .map(|group| words_of(&group.code.as_bytes()))
            .collect();
        let faults: Vec<u64> = judged
            .fault_groups
            .iter()
            .take(4)
            .map(|group| group.code.bytes().map(u64::from).sum())
            .collect();
        let claims = &judged.claims;
        let outcomes = [
            claims.integrity.outcome,
            claims.authenticity.outcome,
            claims.completeness.outcome,
            claims.time.outcome,
        ];
        joined(&[
            joined(&codes),
            joined(&faults),
            joined(&outcomes.map(|outcome| words_of(&outcome))),
        ])
    }

    /// The bundle with these lines as records, made anew; `None` where they are no records.
    fn remade(&self, lines: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let records: Vec<Value> = lines
            .map(|line| serde_json::from_slice(line).ok())
            .collect::<Option<_>>()?;
        let remade = panic::catch_unwind(AssertUnwindSafe(|| self.genuine.remade(records)));
        Some(remade.ok()?.files().to_vec())
    }

    fn judge(&self, files: &[(String, Vec<u8>)], first: u8) -> (Judged, Vec<Vec<u8>>) {
        let told = &self.told[usize::from(first >> 6) % self.told.len()];
        let mut request = Request {
            trust: self.trust.clone(),
            expect_head: told.heads.clone(),
            expect_count: told.count,
            ..Request::default()
        };
        if first & 0x20 != 0 {
            request.profile = ProfileChoice::Named(Box::new(self.profile.clone()));
        }
        let files: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone()))
            .collect();
        let bundle = match files.as_slice() {
            [(name, bytes)] => Bundle::file(name, bytes.clone()),
            _ => Bundle::folder(&files),
        };
        let mut heard = Heard(Vec::new());
        let judged = verify(bundle.received(), &request, &mut heard);
        (judged, heard.0)
    }

    /// The covered text of a record. Of a token that text is inside, so the whole token stands for it.
    fn text(&self, record: &[u8]) -> Option<Value> {
        let value = read(record);
        value
            .pointer(self.covered)
            .cloned()
            .or_else(|| value.is_string().then_some(value))
    }

    fn hold(&self, judged: &Verification, records: &[Vec<u8>]) {
        let claims = &judged.claims;
        let is = |outcome| outcome == ClaimOutcome::Proven;
        let is_authentic = is(claims.authenticity.outcome);
        let is_anchored = is(claims.integrity.outcome) && claims.integrity.basis == Some(Basis::Anchored);
        if !is_authentic && !is_anchored {
            return;
        }
        let texts: Vec<Option<Value>> = self.records.iter().map(|record| self.text(record)).collect();
        let foreign = records
            .iter()
            .map(|record| self.text(record))
            .find(|text| !texts.contains(text));
        assert!(
            foreign.is_none(),
            "{foreign:?} was never recorded\n{}",
            told(judged)
        );
        if !is_anchored || judged.verdict == ClaimOutcome::Refuted {
            return;
        }
        let uncovered: BTreeSet<String> = judged.uncovered_fields.iter().cloned().collect();
        let mut beside: Vec<String> = uncovered.union(&self.uncovered).cloned().collect();
        for pointer in &self.carried {
            let held = |record: &Vec<u8>| read(record).pointer(pointer).cloned();
            let keys: Vec<Value> = self.records.iter().filter_map(held).collect();
            let foreign = records.iter().filter_map(held).find(|key| !keys.contains(key));
            assert!(
                foreign.is_none(),
                "{foreign:?} is the key of nobody here\n{}",
                told(judged)
            );
            beside.push(pointer.clone());
        }
        for field in uncovered.difference(&self.uncovered) {
            let pattern = Pointer::parse(field).unwrap();
            let mut before = self.records.iter().map(|record| read(record));
            let was_covered = before.any(|record| is_at(&record, pattern.segments()));
            assert!(!was_covered, "{field} is covered no more\n{}", told(judged));
        }
        let view = |records: &[Vec<u8>]| -> Vec<Value> {
            records.iter().map(|record| seen(record, &beside)).collect()
        };
        let (genuine, found) = (view(&self.records), view(records));
        if let Some((at, foreign)) = found.iter().enumerate().find(|(_, view)| !genuine.contains(view)) {
            panic!("record {} was never written: {foreign}\n{}", at + 1, told(judged));
        }
        if self.is_ordered && judged.counts.chains <= 1 {
            let is_run = found.is_empty() || genuine.windows(found.len()).any(|run| run == found);
            assert!(
                is_run,
                "the records are no run of the genuine ones\n{}",
                told(judged)
            );
        }
        if is(claims.completeness.outcome) {
            assert_eq!(
                found.len(),
                genuine.len(),
                "records are missing\n{}",
                told(judged)
            );
        }
    }
}

/// Where a profile's records carry a key.
fn carried(profile: &Profile) -> Vec<String> {
    let table: toml::Table = profile.text().parse().unwrap();
    let signatures = table.get("signatures").and_then(toml::Value::as_array);
    let places = signatures.into_iter().flatten().filter_map(|signature| {
        let at = signature.get("key")?.get("field")?.as_str()?;
        Some(at.to_owned())
    });
    places.collect()
}

/// A verification, or why there is none.
type Judged = Result<Verification, VerifyError>;

struct Heard(Vec<Vec<u8>>);

impl Observer for Heard {
    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        self.0.push(record.bytes.to_vec());
        ControlFlow::Continue(())
    }
}

/// A record as another reader of JSON finds it; where a number is beyond that one, as ours does.
fn read(record: &[u8]) -> Value {
    let other = serde_json::from_slice(record).ok();
    let own = || Some(converted(&parse(record, &Limits::default()).ok()?));
    let text = || Value::from(String::from_utf8_lossy(record).into_owned());
    other.or_else(own).unwrap_or_else(text)
}

fn converted(value: &json::Value<'_>) -> Value {
    match &value.kind {
        Kind::Null => Value::Null,
        Kind::Bool(truth) => Value::from(*truth),
        Kind::Number(token) => token
            .parse::<f64>()
            .map_or_else(|_| Value::from(*token), Value::from),
        Kind::String(text) => Value::from(text.as_ref()),
        Kind::Array(elements) => elements.iter().map(converted).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|member| (member.name.to_string(), converted(&member.value)))
            .collect(),
    }
}

/// What hashes and signatures reach of a record, whatever its spelling and the order of its members.
fn seen(record: &[u8], uncovered: &[String]) -> Value {
    let mut value = read(record);
    for field in uncovered {
        let pattern = Pointer::parse(field).unwrap();
        take(&mut value, pattern.segments());
    }
    plain(value)
}

/// Takes a place away, and what holds nothing else.
fn take(value: &mut Value, segments: &[String]) {
    let Some((step, rest)) = segments.split_first() else {
        return;
    };
    match value {
        Value::Object(members) => {
            let Some(inner) = members.get_mut(step) else {
                return;
            };
            take(inner, rest);
            if rest.is_empty() || is_empty(inner) {
                members.remove(step);
            }
        }
        Value::Array(elements) if step == "*" && rest.is_empty() => elements.clear(),
        Value::Array(elements) if step == "*" => elements.iter_mut().for_each(|inner| take(inner, rest)),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

fn is_at(value: &Value, segments: &[String]) -> bool {
    match (segments, value) {
        ([], _) => true,
        ([step, rest @ ..], Value::Object(members)) => {
            members.get(step).is_some_and(|inner| is_at(inner, rest))
        }
        ([step, rest @ ..], Value::Array(elements)) if step == "*" => {
            elements.iter().any(|inner| is_at(inner, rest))
        }
        _ => false,
    }
}

/// The same value with sorted members, and every number as a double.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members
                .into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(plain).collect()),
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other,
    }
}
