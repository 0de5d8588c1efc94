//! Pinned keys: read before they are pinned, rotated at a moment, withdrawn with a reason, never overwritten.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use crate::kit::trail::{Recorder, Room};
use tickmark_workbench::contract::command::{ById, Nothing};
use tickmark_workbench::contract::trust::{PinKey, ReadKey, WithdrawKey};
use tickmark_workbench::contract::verification::ClaimOutcome;
use tickmark_workbench::error::Code;

#[test]
fn a_key_is_compared_before_it_is_pinned() {
    let room = Room::new();
    let recorder = Recorder::new(1);
    let read = |text: &str| {
        let asked = ReadKey {
            text: text.into(),
            algorithm: None,
            identity: None,
        };
        room.bench.key_read(asked).map(|mut read| read.remove(0))
    };
    let before = read(&recorder.public()).unwrap();
    assert_eq!((before.fingerprint.len(), before.pinned_for.clone()), (64, None));
    let picture = before.picture.unwrap();
    assert_eq!(picture.text, format!("ed25519:{}", before.fingerprint));
    assert_eq!(picture.rows.len() as u64, picture.size);
    assert_eq!(
        room.bench.key_list(Nothing {}).unwrap().len(),
        0,
        "reading pins nothing"
    );

    let pin = PinKey {
        second_person: Some("B. Second, compliance".into()),
        source: Some("gateway".into()),
        ..Room::pin_of(&recorder.public(), "Example Bank")
    };
    let pinned = room.bench.key_pin(pin).unwrap().remove(0);
    assert_eq!(pinned.fingerprint, before.fingerprint);
    assert_eq!(pinned.second_person.as_deref(), Some("B. Second, compliance"));
    assert_eq!(
        read(&recorder.public()).unwrap().pinned_for.as_deref(),
        Some("Example Bank")
    );
    assert_eq!(room.bench.key_picture(ById { id: pinned.id }).unwrap(), picture);
    assert_eq!(read("nonsense").unwrap_err().code(), Code::InvalidInput);
    let secret = room.bench.key_read(ReadKey {
        text: "a shared secret of some length".into(),
        algorithm: Some("hmac-sha256".into()),
        identity: None,
    });
    let secret = secret.unwrap().remove(0);
    assert_eq!((secret.fingerprint.as_str(), secret.picture), ("", None));
}

#[test]
fn a_key_of_one_source_vouches_for_no_other() {
    let room = Room::new();
    let mut recorder = Recorder::new(1);
    let pin = PinKey {
        source: Some("gateway".into()),
        ..Room::pin_of(&recorder.public(), "Example Bank")
    };
    room.bench.key_pin(pin).unwrap();
    let records = recorder.records(8, "decided");
    let authenticity = |name: &str, records: &[serde_json::Value], source: &str| {
        let view = room.view(&room.import(name, records, Some(source)));
        view.verification.claims.authenticity.outcome
    };
    assert_eq!(
        authenticity("a.jsonl", &records[..4], "elsewhere"),
        ClaimOutcome::NotProven
    );
    assert_eq!(authenticity("b.jsonl", &records, "gateway"), ClaimOutcome::Proven);
}

#[test]
fn a_rotation_ends_the_old_key_where_the_new_one_begins() {
    let room = Room::new();
    let old = Room::pin_of(&Recorder::new(1).public(), "Example Bank, 2026");
    let old = room.bench.key_pin(old).unwrap().remove(0);
    let edge = "2026-10-01T00:00:00Z";
    let new = PinKey {
        replaces: Some(old.id.clone()),
        ..Room::pin_of(&Recorder::new(2).public(), "Example Bank, 2027")
    };
    // a rotation needs its moment, and another key
    assert_eq!(
        room.bench.key_pin(new.clone()).unwrap_err().code(),
        Code::InvalidInput
    );
    let same = PinKey {
        text: Recorder::new(1).public(),
        valid_from: Some(edge.into()),
        ..new.clone()
    };
    assert_eq!(room.bench.key_pin(same).unwrap_err().code(), Code::InvalidInput);
    let unknown = PinKey {
        replaces: Some("k-nothing".into()),
        valid_from: Some(edge.into()),
        ..new.clone()
    };
    assert_eq!(room.bench.key_pin(unknown).unwrap_err().code(), Code::NotFound);
    assert_eq!(
        room.bench.key_list(Nothing {}).unwrap().len(),
        1,
        "nothing was half pinned"
    );

    let new = room
        .bench
        .key_pin(PinKey {
            valid_from: Some(edge.into()),
            ..new
        })
        .unwrap()
        .remove(0);
    let replaced = new.replaces.clone().unwrap();
    assert_eq!(
        (replaced.key.as_str(), replaced.at.as_str()),
        (old.id.as_str(), edge)
    );
    let keys = room.bench.key_list(Nothing {}).unwrap();
    let old = keys.iter().find(|key| key.id == old.id).unwrap();
    assert_eq!(old.valid_to.as_deref(), Some(edge));
    assert_eq!(old.replaced_by.as_ref().unwrap().key, new.id);
    let changes: Vec<_> = old
        .history
        .iter()
        .map(|v| (v.version, v.change.as_str()))
        .collect();
    assert_eq!(changes, [(2, "changed"), (1, "pinned")]);
    assert!(
        old.history[0]
            .reason
            .as_deref()
            .unwrap()
            .contains(&new.fingerprint)
    );
    assert_eq!(
        (old.history[1].valid_to.as_deref(), old.withdrawn_at.as_deref()),
        (None, None)
    );
}

#[test]
fn a_key_is_withdrawn_with_a_reason_and_stays_visible() {
    let room = Room::new();
    let key = room
        .bench
        .key_pin(Room::pin_of(&Recorder::new(1).public(), "Example Bank"))
        .unwrap()
        .remove(0);
    let withdraw = |reason: &str| {
        room.bench.key_withdraw(WithdrawKey {
            id: key.id.clone(),
            reason: reason.into(),
        })
    };
    assert_eq!(withdraw(" ").unwrap_err().code(), Code::InvalidInput);
    let keys = withdraw("reported lost on 20 November 2026").unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(
        keys[0].withdrawn_why.as_deref(),
        Some("reported lost on 20 November 2026")
    );
    assert_eq!(keys[0].history[0].change, "withdrawn");
    assert_eq!(withdraw("again").unwrap_err().code(), Code::InvalidInput);
    let late = PinKey {
        replaces: Some(key.id.clone()),
        valid_from: Some("2026-12-01T00:00:00Z".into()),
        ..Room::pin_of(&Recorder::new(2).public(), "Example Bank")
    };
    assert_eq!(room.bench.key_pin(late).unwrap_err().code(), Code::InvalidInput);
}
