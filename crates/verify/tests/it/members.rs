//! Every member of a record of every shipped profile is removed, emptied, changed, and joined by a stranger, one at a time.
//! Whatever leaves all claims as they were is listed as uncovered: what goes unnoticed is always told.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use crate::kit::Bundle;
use crate::manner::{Manner, all};
use serde_json::{Value, json};
use tickmark_verify::Request;
use tickmark_verify::profile::shipped;
use tickmark_verify::verification::{Basis, ClaimOutcome, Verification};

const N: u64 = 8;

/// One edit of one record.
struct Edit {
    what: String,
    record: Value,
    /// Leaves that are listed as uncovered if it goes unnoticed.
    leaves: Vec<String>,
    /// Whether they are there afterwards.
    remains: bool,
}

#[test]
fn what_goes_unnoticed_is_listed() {
    let mut unlisted = BTreeSet::new();
    let mut tried = 0;
    for mut manner in all() {
        unlisted.extend(unnoticed(&manner, &mut tried));
        // with nobody's key pinned it is the carried one that counts
        if manner.carries_key {
            manner.trust = String::new();
            unlisted.extend(unnoticed(&manner, &mut tried));
        }
    }
    assert!(tried > 2_000, "{tried} edits");
    assert!(
        unlisted.is_empty(),
        "of {tried} edits:\n{}",
        Vec::from_iter(unlisted).join("\n")
    );
}

/// Edits that leave all claims as they were, of leaves that are not listed as uncovered.
fn unnoticed(manner: &Manner, tried: &mut u32) -> Vec<String> {
    let records = (manner.records)(N);
    let whole = judge(manner, &records, &records).unwrap();
    let mut unlisted = Vec::new();
    for at in [3, records.len() - 1] {
        for edit in edits(&records[at]) {
            *tried += 1;
            let mut lie = records.clone();
            lie[at] = edit.record;
            // what is no record of any profile is noticed
            let Ok(v) = judge(manner, &records, &lie) else {
                continue;
            };
            if claims(&v) == claims(&whole) {
                let listed = if edit.remains { &v } else { &whole };
                let leaves = edit.leaves.iter();
                let missed = leaves.filter(|leaf| !listed.uncovered_fields.contains(leaf));
                unlisted.extend(missed.map(|leaf| format!("{}: {leaf} {}", manner.profile, edit.what)));
            }
        }
    }
    unlisted
}

#[test]
fn every_shipped_profile_has_a_trail_here() {
    let made: BTreeSet<&str> = all().iter().map(|manner| manner.profile).collect();
    let shipped = shipped().unwrap().iter().map(|profile| profile.id.as_str());
    let missing: Vec<&str> = shipped.filter(|id| !made.contains(id)).collect();
    assert_eq!(missing, [] as [&str; 0]);
}

fn judge(
    manner: &Manner,
    stated: &[Value],
    held: &[Value],
) -> Result<Verification, tickmark_verify::VerifyError> {
    let mut request = Request::default();
    if !manner.trust.is_empty() {
        request
            .trust
            .add_file("pinned.toml", manner.trust.as_bytes())
            .unwrap();
    }
    let bundle: Bundle = (manner.pack)(stated, held);
    bundle.verify(&request)
}

fn claims(v: &Verification) -> ([ClaimOutcome; 4], Option<Basis>) {
    let c = &v.claims;
    let outcomes = [&c.integrity, &c.authenticity, &c.completeness, &c.time].map(|claim| claim.outcome);
    (outcomes, c.integrity.basis)
}

/// Every edit of every member, at any depth.
fn edits(record: &Value) -> Vec<Edit> {
    let mut found = Vec::new();
    visit(record, "", "", &mut |pointer, pattern, value| {
        if value.is_object() {
            let leaves = vec![format!("{pattern}/stranger")];
            let edit = |place: &mut Value| place["stranger"] = json!("x");
            found.push(edited(record, pointer, leaves, edit, "added"));
        }
        if pointer.is_empty() {
            return;
        }
        // a null and nothing are one where a canonical form leaves nulls out: taking it away says what was said before
        if !pattern.ends_with("/*") && !value.is_null() {
            found.push(Edit {
                what: format!("{pattern} removed"),
                record: without(record, pointer),
                leaves: leaves(value, pattern),
                remains: false,
            });
        }
        if !value.is_null() {
            let mut edit = edited(
                record,
                pointer,
                leaves(value, pattern),
                |place| *place = Value::Null,
                "emptied",
            );
            edit.remains = false;
            found.push(edit);
        }
        if !value.is_object() && !value.is_array() {
            let leaves = vec![pattern.to_owned()];
            found.push(edited(
                record,
                pointer,
                leaves,
                |place| *place = changed(place),
                "changed",
            ));
        }
    });
    found
}

fn edited(
    record: &Value,
    pointer: &str,
    leaves: Vec<String>,
    edit: impl FnOnce(&mut Value),
    what: &str,
) -> Edit {
    let mut record = record.clone();
    edit(record.pointer_mut(pointer).unwrap());
    let what = what.to_owned();
    Edit {
        what,
        record,
        leaves,
        remains: true,
    }
}

/// Calls with pointer, pattern and value of everything in a value, itself first.
fn visit(value: &Value, pointer: &str, pattern: &str, call: &mut impl FnMut(&str, &str, &Value)) {
    call(pointer, pattern, value);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                visit(
                    value,
                    &format!("{pointer}/{name}"),
                    &format!("{pattern}/{name}"),
                    call,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &format!("{pointer}/{index}"), &format!("{pattern}/*"), call);
            }
        }
        _ => {}
    }
}

/// The patterns of what a value consists of.
fn leaves(value: &Value, pattern: &str) -> Vec<String> {
    let mut found = Vec::new();
    visit(value, "", pattern, &mut |_, pattern, value| {
        let is_empty = value.as_object().is_none_or(serde_json::Map::is_empty)
            && value.as_array().is_none_or(Vec::is_empty);
        if is_empty {
            found.push(pattern.to_owned());
        }
    });
    found
}

fn without(record: &Value, pointer: &str) -> Value {
    let mut record = record.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent
        .shift_remove(&name.replace("~1", "/").replace("~0", "~"))
        .unwrap();
    record
}

fn changed(value: &Value) -> Value {
    match value {
        Value::Null => json!("x"),
        Value::Bool(truth) => json!(!truth),
        Value::Number(_) => json!(77),
        // the first character, so that a digest or a signature stays one where that can be
        Value::String(text) => match text.chars().next() {
            Some('a') => json!(text.replacen('a', "b", 1)),
            Some(first) => json!(text.replacen(first, "a", 1)),
            None => json!("x"),
        },
        other => other.clone(),
    }
}
