//! Heads that earlier imports left behind, held against later ones of the same trail or source.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use crate::kit::trail::{Recorder, Room};
use tickmark_workbench::contract::verification::{
    CheckOutcome, ClaimOutcome, Continuity, Relation, Verification,
};

const SOURCE: Option<&str> = Some("gateway");

fn codes(v: &Verification) -> Vec<&str> {
    v.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn earlier_import(v: &Verification) -> (CheckOutcome, &str) {
    let mut checks = v.claims.completeness.checks.iter();
    let check = checks.find(|check| check.id == "earlier_import").unwrap();
    (check.outcome, check.detail.as_str())
}

fn only(v: &Verification) -> &Continuity {
    assert_eq!(v.continuity.len(), 1, "{:#?}", v.continuity);
    &v.continuity[0]
}

#[test]
fn an_export_that_goes_on_is_continuous_and_says_since_when() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    let mut trail = recorder.records(5, "decided");
    let first = room.view(&room.import("a.jsonl", &trail, SOURCE));
    assert_eq!(first.verification.continuity, []);
    trail.extend(recorder.records(3, "decided"));
    let second = room.view(&room.import("b.jsonl", &trail, SOURCE)).verification;
    let told = only(&second);
    assert_eq!((told.relation, told.due), (Relation::Extends, Some(5)));
    assert_eq!((told.earlier.records, told.here.records), (5, 8));
    assert_eq!(told.earlier.head, first.verification.chains[0].head);
    assert_eq!(told.here.head, second.chains[0].head);
    assert_eq!(told.earlier.import.as_deref(), Some(first.row.id.as_str()));
    assert_eq!(told.since.as_deref(), Some(first.row.imported_at.as_str()));
    assert_eq!(earlier_import(&second).0, CheckOutcome::Pass);
    // a part alone, that begins where the second one ended
    let part = recorder.records(4, "decided");
    let third = room.view(&room.import("c.jsonl", &part, SOURCE)).verification;
    assert_eq!(
        (only(&third).relation, only(&third).due),
        (Relation::Extends, None)
    );
    assert_eq!(third.verdict, ClaimOutcome::NotProven);
    assert!(codes(&third).is_empty());
}

#[test]
fn a_shorter_export_is_refuted_also_without_its_first_record() {
    let room = Room::new();
    let trail = Recorder::new(1).records(12, "decided");
    room.import("a.jsonl", &trail, SOURCE);
    for (name, part, last) in [
        ("b.jsonl", &trail[..9], 9),
        ("c.jsonl", &trail[1..9], 9),
        ("d.jsonl", &trail[5..11], 11),
    ] {
        let v = room.view(&room.import(name, part, None)).verification;
        assert_eq!(codes(&v), ["rollback"], "{name}");
        assert_eq!(v.claims.completeness.outcome, ClaimOutcome::Refuted, "{name}");
        let told = only(&v);
        assert_eq!(told.relation, Relation::Shorter, "{name}");
        assert_eq!(
            (told.earlier.records, told.here.records),
            (12, part.len() as u64),
            "{name}"
        );
        assert!(
            told.sentence.contains("12") && told.sentence.contains(&last.to_string()),
            "{}",
            told.sentence
        );
    }
}

#[test]
fn a_window_that_moves_on_is_continuous() {
    let room = Room::new();
    let trail = Recorder::new(1).records(20, "decided");
    room.import("a.jsonl", &trail[4..12], SOURCE);
    // later and longer, without the oldest records; and one that has older ones too
    for (name, part, due) in [("b.jsonl", &trail[8..18], 4), ("c.jsonl", &trail[..20], 12)] {
        let v = room.view(&room.import(name, part, SOURCE)).verification;
        let told = only(&v);
        assert_eq!(told.relation, Relation::Extends, "{name}: {}", told.sentence);
        if name == "b.jsonl" {
            assert_eq!(told.due, Some(due), "{name}");
        }
        assert!(codes(&v).is_empty(), "{name}: {:?}", v.faults);
    }
}

#[test]
fn two_exports_that_part_are_forks() {
    let room = Room::new();
    let mut one = Recorder::new(1);
    let mut trail = one.records(6, "decided");
    let mut other = trail.clone();
    let mut fork = one.fork();
    trail.extend(one.records(4, "decided"));
    other.extend(fork.records(4, "declined"));
    room.import("a.jsonl", &trail, SOURCE);
    // without the first record, too: it is the same trail by any record of it
    for (name, part, at) in [("b.jsonl", &other[..], 10), ("c.jsonl", &other[2..], 8)] {
        let v = room.view(&room.import(name, part, SOURCE)).verification;
        assert!(codes(&v).contains(&"fork"), "{name}: {:?}", v.faults);
        assert_eq!(v.claims.completeness.outcome, ClaimOutcome::Refuted);
        let told = v
            .continuity
            .iter()
            .find(|told| told.relation == Relation::Forks)
            .unwrap();
        if name == "b.jsonl" {
            assert_eq!((told.due, told.earlier.records), (Some(at), 10));
            assert_eq!(told.found.as_deref(), other[9]["hash"].as_str());
        }
    }
}

#[test]
fn another_trail_of_the_same_source_is_told_and_refutes_nothing() {
    let room = Room::new();
    let first = Recorder::new(1).records(6, "decided");
    let first = room.view(&room.import("a.jsonl", &first, SOURCE));
    let second = Recorder::new(2).records(4, "reviewed");
    let v = room.view(&room.import("b.jsonl", &second, SOURCE)).verification;
    let told = only(&v);
    assert_eq!((told.relation, told.due), (Relation::Unknown, None));
    assert_eq!(told.earlier.head, first.verification.chains[0].head);
    assert!(
        told.sentence.contains("does not continue the earlier import"),
        "{}",
        told.sentence
    );
    assert_eq!(earlier_import(&v).0, CheckOutcome::NotChecked);
    assert!(codes(&v).is_empty());
    assert_eq!(v.claims.completeness.outcome, ClaimOutcome::NotProven);
    // of another source it is not even told
    let third = Recorder::new(3).records(4, "closed");
    let v = room
        .view(&room.import("c.jsonl", &third, Some("elsewhere")))
        .verification;
    assert_eq!(v.continuity, []);
    assert_eq!(earlier_import(&v).0, CheckOutcome::NotApplicable);
}

#[test]
fn a_recorder_of_one_lasting_chain_must_show_its_earlier_end() {
    let room = Room::new();
    let shipped = tickmark_workbench::format::Format::named("witnesskit").unwrap();
    let lasting = shipped.text().replacen("[link]", "[link]\nlasting = true", 1);
    let path = room.folder().join("lasting.toml");
    std::fs::write(
        &path,
        lasting.replacen("id = \"witnesskit\"", "id = \"lasting\"", 1),
    )
    .unwrap();
    let profile = path.display().to_string();
    let import = |name: &str, records: &[serde_json::Value]| {
        room.view(&room.try_import(name, records, SOURCE, Some(&profile)).unwrap())
            .verification
    };
    let old = Recorder::new(1).records(20, "decided");
    import("a.jsonl", &old[8..14]);
    // an older part, and a later one with records between: they prove nothing either way
    for (name, part) in [("b.jsonl", &old[..6]), ("c.jsonl", &old[16..])] {
        let v = import(name, part);
        assert!(codes(&v).is_empty(), "{name}: {:?}", v.faults);
        assert_eq!(only(&v).relation, Relation::Unknown, "{name}");
    }
    // begun anew: all its records are others
    let v = import("d.jsonl", &Recorder::new(2).records(19, "reviewed"));
    assert_eq!(codes(&v), ["fork"]);
    assert_eq!(v.claims.completeness.outcome, ClaimOutcome::Refuted);
    assert!(only(&v).sentence.contains("does not continue the earlier import"));
}

#[test]
fn a_source_that_nobody_named_is_found_by_its_records() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    let mut trail = recorder.records(5, "decided");
    room.import("a.jsonl", &trail, SOURCE);
    trail.extend(recorder.records(3, "decided"));
    let found = room.import("b.jsonl", &trail, None);
    assert_eq!(found.under_source.as_deref(), Some("gateway"));
    let stranger = room.import("c.jsonl", &Recorder::new(2).records(3, "reviewed"), None);
    assert_eq!(stranger.under_source, None);
}

#[test]
fn a_later_import_says_nothing_against_an_earlier_one() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    let mut trail = recorder.records(5, "decided");
    let first = room.import("a.jsonl", &trail, SOURCE);
    trail.extend(recorder.records(3, "decided"));
    room.import("b.jsonl", &trail, SOURCE);
    let id = first.bundle.unwrap();
    let again = room.again(&id);
    assert!(
        codes(&again.verification).is_empty(),
        "{:?}",
        again.verification.faults
    );
    assert_eq!(again.verification.continuity, []);
}
