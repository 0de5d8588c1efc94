use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{hex, unbase64};
use tickmark_crypto::key::PublicKey;
use tickmark_crypto::signature::EcdsaForm;
use tickmark_vault::VaultError;
use tickmark_vault::table::note::Note;

use crate::kit::{Kit, at, kit};
use crate::raw;

fn note(kit: &Kit, text: &str) {
    let note = Note {
        id: tickmark_vault::id::NoteId::random().unwrap(),
        version: 1,
        engagement: None,
        target: "bundle".into(),
        reference: "1".into(),
        text: text.into(),
        json: serde_json::json!({}),
    };
    let subject = serde_json::json!({ "note": note.id, "zahl": 7, "text": "ünï \u{1} \"quoted\"" });
    kit.vault
        .write(&kit.signer, "note.written", subject, at(9), |txn| {
            txn.notes_mut().insert(&note)
        })
        .unwrap();
}

#[test]
fn every_change_leaves_a_signed_event() {
    let kit = kit();
    note(&kit, "one");
    note(&kit, "two");
    let check = kit.vault.check_custody().unwrap();
    assert_eq!((check.events, check.faults), (3, vec![]));
    let events = kit.vault.read(|view| view.custody().newest(0, 2)).unwrap();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(events[0].prev.as_deref(), Some(events[1].hash.as_str()));
    assert_eq!(events[0].actor, "Ada Example");
    assert_eq!(check.head.as_ref(), Some(&events[0].hash));
}

#[test]
fn work_that_fails_leaves_neither_row_nor_event() {
    let kit = kit();
    let before = raw::dump(&kit.path());
    let failed: Result<(), VaultError> =
        kit.vault
            .write(&kit.signer, "note.written", serde_json::json!({}), at(9), |txn| {
                txn.expected_profiles_mut().insert(
                    &tickmark_vault::table::expected_profile::ExpectedProfile {
                        source: "s".into(),
                        version: 1,
                        profile: "p".into(),
                        profile_version: "1".into(),
                        profile_digest: hex(&sha256(b"")),
                        text: String::new(),
                        reason: None,
                    },
                )?;
                Err(VaultError::Cancelled)
            });
    assert!(matches!(failed, Err(VaultError::Cancelled)));
    let no_object = kit
        .vault
        .write(&kit.signer, "a.b", serde_json::json!([]), at(9), |_| {
            Ok::<_, VaultError>(())
        });
    assert!(matches!(no_object, Err(VaultError::Refused { .. })));
    assert_eq!(raw::dump(&kit.path()), before);
    // and a panic in between is no different
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        kit.try_write::<()>(|_| panic!("a slip of the caller")).unwrap();
    }));
    assert!(panicked.is_err());
    note(&kit, "still works");
    assert_eq!(kit.vault.check_custody().unwrap().faults, []);
}

#[test]
fn a_row_without_its_event_cannot_be_committed() {
    let kit = kit();
    let connection = raw::connection(&kit.path());
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    let refused = connection.execute(
        "INSERT INTO expected_profile (source, version, profile, profile_version, profile_digest, text, custody)
         VALUES ('s', 1, 'p', '1', '', '', 2)",
        [],
    );
    assert!(refused.unwrap_err().to_string().contains("FOREIGN KEY"));
}

/// One lie a row: what is done to the database behind this program's back, and what the check then names.
const LIES: [(&str, &str, u64); 12] = [
    ("UPDATE custody_event SET actor = 'Ben' WHERE seq = 2", "hash", 2),
    (
        "UPDATE custody_event SET action = 'note.read' WHERE seq = 3",
        "hash",
        3,
    ),
    (
        "UPDATE custody_event SET time = '2020-01-01T00:00:00.000Z' WHERE seq = 2",
        "hash",
        2,
    ),
    ("UPDATE custody_event SET subject = '{}' WHERE seq = 2", "hash", 2),
    (
        "UPDATE custody_event SET signature = (SELECT signature FROM custody_event WHERE seq = 3) WHERE seq = 2",
        "signature",
        2,
    ),
    (
        "UPDATE custody_event SET signature = 'AAAA' WHERE seq = 2",
        "signature",
        2,
    ),
    ("UPDATE custody_event SET key = 'ff' WHERE seq = 3", "key", 3),
    ("DELETE FROM custody_event WHERE seq = 2", "sequence", 3),
    ("UPDATE custody_event SET prev = hash WHERE seq = 3", "link", 3),
    ("UPDATE note SET text = 'kinder words' WHERE seq = 1", "rows", 2),
    ("DELETE FROM note WHERE seq = 1", "rows", 2),
    ("UPDATE note SET custody = 3 WHERE seq = 1", "rows", 2),
];

#[test]
fn every_edit_behind_our_back_is_found() {
    let kit = kit();
    note(&kit, "harsh words");
    note(&kit, "two");
    note(&kit, "three");
    assert_eq!(kit.vault.check_custody().unwrap().faults, []);
    kit.vault.lock();
    let whole = std::fs::read(kit.path().join("vault.db")).unwrap();
    for (lie, what, seq) in LIES {
        std::fs::write(kit.path().join("vault.db"), &whole).unwrap();
        let connection = raw::connection(&kit.path());
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for trigger in triggers(&connection) {
            connection
                .execute_batch(&format!("DROP TRIGGER {trigger}"))
                .unwrap();
        }
        assert!(connection.execute(lie, []).unwrap() > 0, "{lie}");
        drop(connection);
        let vault = tickmark_vault::Vault::open(&kit.path(), &crate::kit::passphrase(crate::kit::PASSPHRASE))
            .unwrap();
        let faults = vault.check_custody().unwrap().faults;
        assert!(
            faults.iter().any(|fault| fault.what == what && fault.seq == seq),
            "{lie}: {faults:?}"
        );
        let health = vault.check(&mut |_, _| crate::kit::go_on(0)).unwrap();
        assert!(!health.is_sound(), "{lie}");
        vault.lock();
    }
}

fn triggers(connection: &rusqlite::Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Edits of what is bound by digests instead of by events.
#[test]
fn every_edit_of_received_bytes_and_records_is_found() {
    let kit = kit();
    kit.import("a", &["1 refund ada ok", "2 refund ben no"]);
    kit.vault.lock();
    let whole = std::fs::read(kit.path().join("vault.db")).unwrap();
    for (lie, check) in [
        ("UPDATE chunk SET content = x'00'", "received"),
        (
            "UPDATE chunk SET content = x'00', sha256 = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'",
            "received",
        ),
        ("UPDATE file SET sha256 = 'ab'", "received"),
        ("DELETE FROM chunk", "received"),
        (
            "UPDATE record SET id = zeroblob(32) WHERE position = 1",
            "records",
        ),
        ("DELETE FROM record WHERE position = 2", "records"),
        ("UPDATE record SET offset = 1 WHERE position = 2", "records"),
        ("UPDATE bundle SET records_digest = ''", "custody"),
        ("UPDATE verification SET verdict = 'proven'", "custody"),
    ] {
        std::fs::write(kit.path().join("vault.db"), &whole).unwrap();
        let connection = raw::connection(&kit.path());
        for trigger in triggers(&connection) {
            connection
                .execute_batch(&format!("DROP TRIGGER {trigger}"))
                .unwrap();
        }
        assert!(connection.execute(lie, []).unwrap() > 0, "{lie}");
        drop(connection);
        let vault = tickmark_vault::Vault::open(&kit.path(), &crate::kit::passphrase(crate::kit::PASSPHRASE))
            .unwrap();
        let health = vault.check(&mut |_, _| crate::kit::go_on(0)).unwrap();
        let found = health.checks.iter().find(|found| found.id == check).unwrap();
        assert!(!found.faults.is_empty(), "{lie}: {health:?}");
        vault.lock();
    }
}

/// The export, recomputed here with nothing but JSON, SHA-256 and Ed25519, as an outsider would.
#[test]
fn the_export_can_be_checked_by_an_outsider() {
    let kit = kit();
    note(&kit, "one");
    kit.import("a", &["1 refund ada ok"]);
    let mut lines = Vec::new();
    assert_eq!(
        kit.vault.read(|view| view.custody().export(&mut lines)).unwrap(),
        3
    );
    let row = kit.vault.read(|view| view.reviewers().list()).unwrap().remove(0);
    let key = PublicKey::from_spki_der(&unbase64(&row.custody_key).unwrap(), None).unwrap();
    let mut prev = serde_json::Value::Null;
    for (line, seq) in std::str::from_utf8(&lines).unwrap().lines().zip(1..) {
        // every value in these events is text, null or a small whole number, so sorting the members is canonical enough
        let mut event: std::collections::BTreeMap<String, serde_json::Value> =
            serde_json::from_str(line).unwrap();
        let sorted = |event: &std::collections::BTreeMap<String, serde_json::Value>| {
            serde_json::to_string(event).unwrap()
        };
        assert_eq!(sorted(&event), line);
        assert_eq!(
            (&event["v"], &event["seq"]),
            (&"tickmark.custody/1".into(), &seq.into())
        );
        assert_eq!((&event["vault"], &event["prev"]), (&kit.vault.id().into(), &prev));
        assert_eq!(event["key"], key.fingerprint());
        let signature = unbase64(event.remove("signature").unwrap().as_str().unwrap()).unwrap();
        key.verify(sorted(&event).as_bytes(), &signature, EcdsaForm::Der)
            .unwrap();
        let hash = event.remove("hash").unwrap();
        assert_eq!(hash, hex(&sha256(sorted(&event).as_bytes())));
        prev = hash;
    }
}

struct InMemory(Vec<u8>);

impl tickmark_formats::container::Origin for InMemory {
    fn name(&self) -> &str {
        "custody.jsonl"
    }

    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self) -> std::io::Result<Box<dyn tickmark_formats::container::ReadSeek + Send>> {
        Ok(Box::new(std::io::Cursor::new(self.0.clone())))
    }
}

/// Judges an export as `tickmark verify` would, with the reviewer's key pinned and the head told by another way.
fn judge(kit: &Kit, lines: &[u8], head: &str) -> tickmark_verify::verification::Verification {
    let row = kit.vault.read(|view| view.reviewers().list()).unwrap().remove(0);
    let mut trust = tickmark_verify::Trust::default();
    trust
        .add_file("reviewer.pub", row.custody_key.as_bytes())
        .unwrap();
    let request = tickmark_verify::Request {
        trust,
        expect_head: vec![head.to_owned()],
        ..Default::default()
    };
    let origin = std::sync::Arc::new(InMemory(lines.to_vec()));
    let received = tickmark_formats::container::Received::File(origin);
    tickmark_verify::verify(received, &request, &mut tickmark_verify::Unwatched).unwrap()
}

#[test]
fn the_export_is_a_bundle_like_any_other() {
    use tickmark_verify::verification::ClaimOutcome::{Proven, Refuted};
    let kit = kit();
    for text in ["one", "two", "three"] {
        note(&kit, text);
    }
    let mut lines = Vec::new();
    kit.vault.read(|view| view.custody().export(&mut lines)).unwrap();
    let head = kit
        .vault
        .read(|view| view.custody().last())
        .unwrap()
        .unwrap()
        .hash;
    let judged = judge(&kit, &lines, &head);
    assert_eq!(
        judged.profile.as_ref().map(|profile| profile.id.as_str()),
        Some("tickmark-custody")
    );
    assert_eq!(judged.verdict, Proven, "{:#?}", judged.claims);
    assert_eq!(judged.counts.records, 4);
    assert_eq!(judged.uncovered_fields, [] as [String; 0]);
    // the lies that a custody log is told
    let text = String::from_utf8(lines).unwrap();
    let all: Vec<&str> = text.lines().collect();
    let edited = text.replace("Ada Example", "Ben Example");
    let cut = all[..3].join("\n") + "\n";
    let dropped = [all[0], all[2], all[3]].join("\n") + "\n";
    let reordered = [all[0], all[2], all[1], all[3]].join("\n") + "\n";
    for (lie, bytes) in [
        ("edited", edited),
        ("cut", cut),
        ("dropped", dropped),
        ("reordered", reordered),
    ] {
        assert_eq!(judge(&kit, bytes.as_bytes(), &head).verdict, Refuted, "{lie}");
    }
}
