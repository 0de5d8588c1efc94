//! The profile that is expected of a source: pinned by its first bundle, held against every later one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use crate::kit::trail::{Recorder, Room};
use serde_json::{Value, json};
use tickmark_workbench::contract::command::{Nothing, Page};
use tickmark_workbench::contract::source::ExpectProfile;
use tickmark_workbench::contract::verification::{CheckOutcome, ClaimOutcome, Verification};
use tickmark_workbench::error::Code;

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn expectation(v: &Verification) -> CheckOutcome {
    let mut checks = v.claims.authenticity.checks.iter();
    checks
        .find(|check| check.id == "expected_profile")
        .unwrap()
        .outcome
}

/// Records with a chain, in another manner than witnesskit's.
fn foreign() -> Vec<Value> {
    (0..5)
        .map(|n| json!({"event": "decision", "n": n, "at": "2026-10-01T00:00:00Z"}))
        .collect()
}

#[test]
fn the_first_bundle_of_a_source_pins_its_profile() {
    let room = Room::new();
    let records = Recorder::new(1).records(6, "decided");
    let first = room.import("a.jsonl", &records, Some("  Credit   gateway "));
    assert_eq!(first.under_source.as_deref(), Some("Credit gateway"));
    assert_eq!(first.pins_profile.as_deref(), Some("witnesskit"));
    let view = room.view(&first);
    assert_eq!(view.row.source.as_deref(), Some("Credit gateway"));
    assert_eq!(expectation(&view.verification), CheckOutcome::NotApplicable);

    // a slip of the hand makes no new source
    let later = Recorder::new(2).records(4, "decided");
    let second = room.import("b.jsonl", &later, Some("credit GATEWAY"));
    assert_eq!(second.under_source.as_deref(), Some("Credit gateway"));
    assert_eq!(second.pins_profile, None);
    assert_eq!(expectation(&room.view(&second).verification), CheckOutcome::Pass);

    let sources = room.bench.source_list(Nothing {}).unwrap();
    assert_eq!((sources.len(), sources[0].bundles), (1, 2));
    let expected = sources[0].expected.clone().unwrap();
    assert_eq!(
        (expected.profile.as_str(), expected.stated_by.as_str()),
        ("witnesskit", "Ana Petrović")
    );
    // one event keeps the bundle and pins its profile
    let page = room.bench.activity(Page { offset: 0, limit: 9 }).unwrap();
    let kept: Vec<_> = page.events.iter().filter(|e| e.action == "bundle.kept").collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(page.total, 3, "vault.created and two imports");
}

#[test]
fn another_format_of_a_known_source_is_a_fault() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    room.import("a.jsonl", &recorder.records(6, "decided"), Some("gateway"));
    // stripped of what is hashed and signed: no profile describes what is left
    let mut stripped = recorder.records(6, "decided");
    for record in &mut stripped {
        for member in ["hash", "prev_hash", "signature", "seq"] {
            record.as_object_mut().unwrap().remove(member);
        }
    }
    let alone = room.import("stripped.jsonl", &stripped, None);
    assert_eq!(alone.verdict, Some(ClaimOutcome::NotProven));
    for (name, records) in [("b.jsonl", stripped.as_slice()), ("c.jsonl", &foreign())] {
        let mut records = records.to_vec();
        records[0]["event"] = json!(name);
        let imported = room.import(name, &records, Some("gateway"));
        let v = room.view(&imported).verification;
        assert_eq!(v.profile.as_ref().unwrap().id, "witnesskit", "{name}");
        assert!(codes(&v).contains(&"other_profile"), "{name}: {:?}", v.faults);
        assert_eq!(v.claims.authenticity.outcome, ClaimOutcome::Refuted, "{name}");
        assert_eq!(v.verdict, ClaimOutcome::Refuted, "{name}");
        assert_eq!(imported.pins_profile, None, "{name}");
    }
    // a source of its own expects nothing yet, and a bundle of no known format pins nothing
    let mut other = foreign();
    other[0]["event"] = json!("elsewhere");
    let elsewhere = room.import("d.jsonl", &other, Some("elsewhere"));
    assert_eq!(
        (elsewhere.verdict, elsewhere.pins_profile),
        (Some(ClaimOutcome::NotProven), None)
    );
}

#[test]
fn an_edited_or_empty_bundle_is_no_other_format() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    room.import("a.jsonl", &recorder.records(6, "decided"), Some("gateway"));
    let mut edited = Recorder::new(2).records(6, "decided");
    edited[0]["payload"] = json!({"n": 99});
    let v = room
        .view(&room.import("b.jsonl", &edited, Some("gateway")))
        .verification;
    assert_eq!(codes(&v), ["hash_mismatch"]);
    let v = room
        .view(&room.import("c.jsonl", &[], Some("gateway")))
        .verification;
    assert_eq!((codes(&v).len(), v.verdict), (0, ClaimOutcome::NotProven));
}

#[test]
fn a_reviewer_with_a_reason_supersedes_what_is_expected() {
    let room = Room::new();
    let records = Recorder::new(1).records(6, "decided");
    let first = room.import("a.jsonl", &records, Some("gateway"));
    let expect = |profile: &str, reason: Option<&str>| {
        room.bench.source_expect(ExpectProfile {
            source: "Gateway".into(),
            profile: profile.into(),
            reason: reason.map(str::to_owned),
        })
    };
    // a profile that is named is no way around the one that is expected
    let refused = room.try_import("b.jsonl", &foreign(), Some("gateway"), Some("aat"));
    assert_eq!(refused.unwrap_err().code(), Code::InvalidInput);
    assert_eq!(expect("aat", None).unwrap_err().code(), Code::InvalidInput);
    assert_eq!(expect("aat", Some(" ")).unwrap_err().code(), Code::InvalidInput);
    assert_eq!(
        expect("witnesskit", Some("again")).unwrap_err().code(),
        Code::InvalidInput
    );
    assert_eq!(expect("nonsense", Some("x")).unwrap_err().code(), Code::NotFound);

    let sources = expect("aat", Some("the operator changed the format on 1 November 2026")).unwrap();
    assert_eq!(sources[0].name, "gateway");
    assert_eq!(sources[0].expected.as_ref().unwrap().profile, "aat");
    assert_eq!(sources[0].superseded[0].profile, "witnesskit");
    let page = room.bench.activity(Page { offset: 0, limit: 1 }).unwrap();
    assert_eq!(page.events[0].action, "source.expect");

    // the old bundle keeps its verdict until it is judged again, and is then held against the new expectation
    assert_eq!(codes(&room.view(&first).verification).len(), 0);
    let again = room.again(&first.bundle.unwrap());
    assert!(codes(&again.verification).contains(&"other_profile"));
}

#[test]
fn a_profile_from_a_file_is_kept_with_the_source() {
    let room = Room::new();
    let shipped = tickmark_workbench::format::Format::named("witnesskit").unwrap();
    let own = shipped
        .text()
        .replacen("id = \"witnesskit\"", "id = \"our-gateway\"", 1);
    let path = room.folder().join("our.toml");
    std::fs::write(&path, own).unwrap();
    let mut recorder = Recorder::new(1);
    let named = path.display().to_string();
    let records = recorder.records(6, "decided");
    let first = room
        .try_import("a.jsonl", &records, Some("gateway"), Some(&named))
        .unwrap();
    assert_eq!(first.pins_profile.as_deref(), Some("our-gateway"));
    std::fs::remove_file(&path).unwrap();
    // the file is gone; the vault has its text, and judges again with it
    let view = room.again(&first.bundle.unwrap());
    assert_eq!(view.verification.profile.unwrap().id, "our-gateway");
}
