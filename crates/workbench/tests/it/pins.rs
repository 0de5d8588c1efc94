//! What else is pinned beside bare keys: a bundle is proven while it is pinned, and not before or after.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use std::path::{Path, PathBuf};

use serde_json::json;
use tickmark_crypto::encoding::base64;
use tickmark_crypto::rsa_signing::RsaSigningKey;
use tickmark_workbench::contract::bundle::{BundleView, ImportedBundle};
use tickmark_workbench::contract::command::{ById, Nothing, Page};
use tickmark_workbench::contract::trust::{
    PinKey, PinnedKeyView, ReadKey, SigstoreIdentity, Vouches, WithdrawKey,
};
use tickmark_workbench::contract::verification::ClaimOutcome;
use tickmark_workbench::error::Code;
use tickmark_workbench::{Answer, Error};

use crate::kit::fixtures;
use crate::kit::trail::{Recorder, Room};

const PROVEN: ClaimOutcome = ClaimOutcome::Proven;
const OPEN: ClaimOutcome = ClaimOutcome::NotProven;

/// The folder of this name in the fixtures, where they are at hand.
fn fixture(name: &str) -> Option<PathBuf> {
    let folder = fixtures().map(|all| all.join(name)).filter(|path| path.is_dir());
    if folder.is_none() {
        println!("SKIPPED: the fixtures are not at hand");
    }
    folder
}

/// A folder of the room with these files in it.
fn bundle(room: &Room, name: &str, files: &[(&str, &Path)]) -> ImportedBundle {
    let folder = room.folder().join(name);
    std::fs::create_dir(&folder).unwrap();
    for (name, from) in files {
        std::fs::copy(from, folder.join(name)).unwrap();
    }
    room.take_in(Room::request(&folder)).unwrap()
}

fn pin_file(path: &Path) -> PinKey {
    Room::pin_of(path.to_str().unwrap(), "Example Bank")
}

fn pin(room: &Room, request: PinKey) -> PinnedKeyView {
    let mut pinned = room.bench.key_pin(request).unwrap();
    assert_eq!(pinned.len(), 1);
    pinned.remove(0)
}

fn withdraw(room: &Room, key: &PinnedKeyView) {
    let request = WithdrawKey {
        id: key.id.clone(),
        reason: "reported lost".into(),
    };
    room.bench.key_withdraw(request).unwrap();
}

/// Bundles in which a pin was used.
fn used(room: &Room, key: &PinnedKeyView) -> u64 {
    let keys = room.bench.key_list(Nothing {}).unwrap();
    keys.iter().find(|one| one.id == key.id).unwrap().bundles
}

/// Authenticity and time.
fn judged(view: &BundleView) -> (ClaimOutcome, ClaimOutcome) {
    let claims = &view.verification.claims;
    (claims.authenticity.outcome, claims.time.outcome)
}

#[test]
fn signatures_and_time_stamps_are_proven_while_their_signer_is_pinned() {
    let Some(at) = fixture("local-tools") else { return };
    let vouched = |vouches| PinKey {
        vouches: Some(vouches),
        ..pin_file(&at.join("ca.pem"))
    };
    for (file, request, algorithm, expected) in [
        (
            "data.json.asc",
            pin_file(&at.join("pub.asc")),
            "openpgp",
            (PROVEN, OPEN),
        ),
        (
            "data.p7s",
            vouched(Vouches::Signatures),
            "x509-root",
            (PROVEN, OPEN),
        ),
        ("data.p7s", vouched(Vouches::Both), "x509-root", (PROVEN, OPEN)),
        ("data.tsr", vouched(Vouches::Time), "x509-root", (OPEN, PROVEN)),
    ] {
        let room = Room::new();
        let data = at.join("data.json");
        let imported = bundle(&room, "export", &[("data.json", &data), (file, &at.join(file))]);
        assert_eq!(judged(&room.view(&imported)), (OPEN, OPEN), "{file}");

        let key = pin(&room, request.clone());
        assert_eq!(
            (key.algorithm.as_str(), key.vouches),
            (algorithm, request.vouches),
            "{file}"
        );
        assert!(!key.says.is_empty(), "{file}");
        assert_eq!(
            judged(&room.again(imported.bundle.as_deref().unwrap())),
            expected,
            "{file}"
        );
        assert_eq!(used(&room, &key), 1, "{file}");
        let view = room.view(&imported);
        let named = view
            .verification
            .keys
            .iter()
            .find(|used| used.fingerprint == key.fingerprint);
        assert_eq!(named.unwrap().owner.as_deref(), Some("Example Bank"), "{file}");

        withdraw(&room, &key);
        assert_eq!(
            judged(&room.again(imported.bundle.as_deref().unwrap())),
            (OPEN, OPEN),
            "{file}"
        );
        assert_eq!(used(&room, &key), 0, "{file}");
    }
}

#[test]
fn a_root_vouches_for_what_it_was_pinned_for_alone() {
    let Some(at) = fixture("local-tools") else { return };
    let room = Room::new();
    let [data, signature, stamp] = ["data.json", "data.p7s", "data.tsr"].map(|name| at.join(name));
    let files = [
        ("data.json", data.as_path()),
        ("data.p7s", &signature),
        ("data.tsr", &stamp),
    ];
    let imported = bundle(&room, "export", &files);
    for (vouches, expected) in [
        (Vouches::Time, (OPEN, PROVEN)),
        (Vouches::Signatures, (PROVEN, OPEN)),
        (Vouches::Both, (PROVEN, PROVEN)),
    ] {
        let request = PinKey {
            vouches: Some(vouches),
            ..pin_file(&at.join("ca.pem"))
        };
        let key = pin(&room, request);
        assert_eq!(
            judged(&room.again(imported.bundle.as_deref().unwrap())),
            expected,
            "{vouches:?}"
        );
        withdraw(&room, &key);
    }
    // what a root vouches for is said for a root and for nothing else
    refused(
        room.bench.key_pin(pin_file(&at.join("ca.pem"))),
        "not stated what the root vouches for",
    );
    let request = PinKey {
        vouches: Some(Vouches::Time),
        ..pin_file(&at.join("pub.asc"))
    };
    refused(room.bench.key_pin(request), "Only a root certificate");
    // both are read before they are pinned, with what they say of themselves
    for (file, length) in [("ca.pem", 64), ("pub.asc", 40)] {
        let asked = ReadKey {
            text: std::fs::read_to_string(at.join(file)).unwrap(),
            algorithm: None,
            identity: None,
        };
        let read = room.bench.key_read(asked).unwrap().remove(0);
        assert_eq!(read.fingerprint.len(), length, "{file}");
        assert!(
            read.picture.is_some() && !read.says.is_empty() && read.kid.is_none(),
            "{file}"
        );
        assert_eq!(
            read.valid_to.is_some(),
            file == "ca.pem",
            "a certificate states its own time"
        );
    }
}

#[test]
fn a_sigstore_bundle_is_proven_while_its_root_and_its_identity_are_pinned() {
    let Some(at) = fixture("sigstore-conformance") else {
        return;
    };
    let room = Room::new();
    let [artefact, sealed, root] = [
        "a.txt",
        "rekor2-happy-path/bundle.sigstore.json",
        "rekor2-happy-path/trusted_root.json",
    ]
    .map(|name| at.join(name));
    let files = [("a.txt", artefact.as_path()), ("a.txt.sigstore.json", &sealed)];
    let imported = bundle(&room, "export", &files);
    assert_eq!(judged(&room.view(&imported)), (OPEN, OPEN));

    // the root vouches for the time and for nobody
    let root_pin = pin(&room, pin_file(&root));
    assert_eq!(
        judged(&room.again(imported.bundle.as_deref().unwrap())),
        (OPEN, PROVEN)
    );
    assert_eq!(root_pin.algorithm, "sigstore-root");
    let file = std::fs::read(&root).unwrap();
    assert_eq!(
        root_pin.fingerprint,
        tickmark_crypto::encoding::hex(&tickmark_crypto::digest::sha256(&file)),
        "as sha256sum shows it"
    );
    let who = pin(&room, pin_identity());
    assert_eq!(who.algorithm, "sigstore-identity");
    assert_eq!(who.identity, pin_identity().identity);
    assert_eq!(
        judged(&room.again(imported.bundle.as_deref().unwrap())),
        (PROVEN, PROVEN)
    );
    assert_eq!((used(&room, &root_pin), used(&room, &who)), (1, 1));
    let view = room.view(&imported);
    for key in [&root_pin, &who] {
        let named = view
            .verification
            .keys
            .iter()
            .find(|used| used.fingerprint == key.fingerprint);
        assert_eq!(
            named.unwrap().owner.as_deref(),
            Some("Example Bank"),
            "{}",
            key.algorithm
        );
    }

    withdraw(&room, &who);
    assert_eq!(
        judged(&room.again(imported.bundle.as_deref().unwrap())),
        (OPEN, PROVEN)
    );
    assert_eq!((used(&room, &root_pin), used(&room, &who)), (1, 0));
    withdraw(&room, &root_pin);
    assert_eq!(
        judged(&room.again(imported.bundle.as_deref().unwrap())),
        (OPEN, OPEN)
    );
    assert_eq!(used(&room, &root_pin), 0);
}

#[test]
fn the_keys_of_a_list_prove_a_trail_of_cloudtrail_while_they_are_pinned() {
    let Some(at) = fixture("cloudtrail") else { return };
    let room = Room::new();
    let imported = room.take_in(Room::request(&at)).unwrap();
    // the list that lies in the bundle pins nothing
    assert_eq!(judged(&room.view(&imported)).0, OPEN);
    let keys = room
        .bench
        .key_pin(pin_file(&at.join("list-public-keys.json")))
        .unwrap();
    assert!(
        keys.iter()
            .all(|key| key.algorithm == "rsa-pkcs1-sha256" && key.kid.is_some())
    );
    assert!(
        keys.iter()
            .all(|key| key.valid_from.is_some() && key.valid_to.is_some())
    );
    assert_eq!(judged(&room.again(imported.bundle.as_deref().unwrap())).0, PROVEN);
    assert!(keys.iter().any(|key| used(&room, key) == 1));
    keys.iter().for_each(|key| withdraw(&room, key));
    assert_eq!(judged(&room.again(imported.bundle.as_deref().unwrap())).0, OPEN);
}

#[test]
fn a_list_of_keys_is_pinned_in_one_ceremony() {
    let room = Room::new();
    let list = list_of(&["30ca", "41db"]);
    let asked = ReadKey {
        text: list.clone(),
        algorithm: None,
        identity: None,
    };
    let read = room.bench.key_read(asked).unwrap();
    assert_eq!(read.len(), 2);
    assert_ne!(read[0].fingerprint, read[1].fingerprint);
    assert!(
        read.iter()
            .all(|key| key.picture.is_some() && key.pinned_for.is_none())
    );

    // what belongs to one key is not stated of all, and then nothing at all is pinned
    let request = Room::pin_of(&list, "AWS CloudTrail, us-east-1");
    for wrong in [
        PinKey {
            kid: Some("one".into()),
            ..request.clone()
        },
        PinKey {
            replaces: Some("k-1".into()),
            valid_from: Some("2026-10-01T00:00:00Z".into()),
            ..request.clone()
        },
    ] {
        refused(room.bench.key_pin(wrong), "does not fit all");
    }
    assert_eq!(room.bench.key_list(Nothing {}).unwrap().len(), 0);

    let events = || {
        let page = Page { offset: 0, limit: 10 };
        room.bench.activity(page).unwrap()
    };
    let before = events().total;
    let pinned = room.bench.key_pin(request.clone()).unwrap();
    assert_eq!(events().total, before + 1, "one ceremony is one event");
    assert_eq!(
        events().events[0].sentence,
        "pinned 2 rsa-pkcs1-sha256 keys of AWS CloudTrail, us-east-1"
    );
    let told = |key: &PinnedKeyView| (key.fingerprint.clone(), key.kid.clone());
    let expected: Vec<_> = read
        .iter()
        .map(|key| (key.fingerprint.clone(), key.kid.clone()))
        .collect();
    assert_eq!(pinned.iter().map(told).collect::<Vec<_>>(), expected);
    assert!(pinned.iter().all(|key| {
        key.valid_from.as_deref() == Some("2026-09-19T00:00:00Z")
            && key.valid_to.as_deref() == Some("2026-12-01T00:00:00Z")
            && key.confirmed == "fingerprint read aloud by telephone"
    }));
    // each is withdrawn by itself
    withdraw(&room, &pinned[0]);
    let left = room.bench.key_list(Nothing {}).unwrap();
    let gone: Vec<_> = left.iter().map(|key| key.withdrawn_at.is_some()).collect();
    assert_eq!(gone, [true, false]);
    // a stated period takes the place of the list's
    let stated = PinKey {
        valid_from: Some("2026-10-01T00:00:00Z".into()),
        ..request
    };
    let pinned = room.bench.key_pin(stated).unwrap();
    assert_eq!(pinned[0].valid_from.as_deref(), Some("2026-10-01T00:00:00Z"));
    assert_eq!(pinned[0].valid_to.as_deref(), Some("2026-12-01T00:00:00Z"));
}

#[test]
fn the_period_of_a_key_is_spoken_of_where_it_signed() {
    let speaks = |request: PinKey| {
        let room = Room::new();
        room.bench
            .key_pin(Room::pin_of(&list_of(&["30ca"]), "AWS CloudTrail"))
            .unwrap();
        room.bench.key_pin(request).unwrap();
        let imported = room.import("a.jsonl", &Recorder::new(1).records(4, "decided"), None);
        let verification = room.view(&imported).verification;
        assert_eq!(verification.claims.authenticity.outcome, PROVEN);
        verification
            .not_proven
            .iter()
            .any(|line| line.contains("was in force when it signed"))
    };
    let own = Room::pin_of(&Recorder::new(1).public(), "Example Bank");
    assert!(!speaks(own.clone()), "a list of AWS says nothing of this trail");
    let limited = PinKey {
        valid_from: Some("2026-01-01T00:00:00Z".into()),
        ..own
    };
    assert!(speaks(limited));
}

#[test]
fn unrelated_pins_private_keys_and_what_a_kind_cannot_have_are_refused() {
    let room = Room::new();
    let two = [1, 2].map(|seed| Recorder::new(seed).public()).join("\n");
    refused(
        room.bench.key_pin(Room::pin_of(&two, "Example Bank")),
        "holds 2 keys",
    );
    for label in ["PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
        let private = format!("-----BEGIN {label}-----\n\nc2VjcmV0\n-----END {label}-----\n");
        let error = room
            .bench
            .key_pin(Room::pin_of(&private, "Example Bank"))
            .unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput, "{label}");
        assert!(!error.to_string().contains("c2VjcmV0"), "{label}: {error}");
        assert!(
            error.to_string().contains("private") || error.to_string().contains("secret"),
            "{label}: {error}"
        );
    }
    let half = |subject: &str, issuer: &str| PinKey {
        identity: Some(SigstoreIdentity {
            subject: subject.into(),
            issuer: issuer.into(),
        }),
        ..pin_identity()
    };
    for wrong in [
        half("ada@example.com", " "),
        half("", "https://accounts.example.com"),
    ] {
        refused(room.bench.key_pin(wrong), "one is missing");
    }
    let both = PinKey {
        text: Recorder::new(1).public(),
        ..pin_identity()
    };
    refused(room.bench.key_pin(both), "Pin one at a time");
    let named = PinKey {
        kid: Some("k1".into()),
        ..pin_identity()
    };
    refused(room.bench.key_pin(named), "Records name bare keys only");
    let limited = PinKey {
        valid_to: Some("2027-01-01T00:00:00Z".into()),
        ..pin_identity()
    };
    refused(
        room.bench.key_pin(limited),
        "Only a bare key is pinned for a period",
    );
    // a rotation is from key to key
    let who = pin(&room, pin_identity());
    let rotation = PinKey {
        replaces: Some(who.id.clone()),
        valid_from: Some("2027-01-01T00:00:00Z".into()),
        ..Room::pin_of(&Recorder::new(1).public(), "Example Bank")
    };
    refused(room.bench.key_pin(rotation), "Only a bare key can be replaced");
    assert_eq!(
        room.bench.key_list(Nothing {}).unwrap().len(),
        1,
        "nothing was half pinned"
    );
    assert_eq!(who.says.len(), 2);
    // its fingerprint is that of the two lines, and is drawn like any other
    let picture = room.bench.key_picture(ById { id: who.id }).unwrap();
    assert_eq!(picture.text, format!("sigstore-identity:{}", who.fingerprint));
}

#[test]
fn several_certificates_are_not_pinned_together() {
    let Some(at) = fixture("local-tools") else { return };
    let room = Room::new();
    let text = ["ca.pem", "tsa.pem"].map(|name| std::fs::read_to_string(at.join(name)).unwrap());
    let request = PinKey {
        vouches: Some(Vouches::Both),
        ..Room::pin_of(&text.concat(), "Example Bank")
    };
    refused(room.bench.key_pin(request), "holds 2 keys or certificates");
}

#[track_caller]
fn refused(answer: Answer<Vec<PinnedKeyView>>, why: &str) {
    let error: Error = answer.map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Code::InvalidInput, "{error}");
    assert!(error.to_string().contains(why), "{error}");
}

fn pin_identity() -> PinKey {
    PinKey {
        identity: Some(SigstoreIdentity {
            subject: "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main".into(),
            issuer: "https://token.actions.githubusercontent.com".into(),
        }),
        ..Room::pin_of("", "Example Bank")
    }
}

/// What `aws cloudtrail list-public-keys` prints: times as both of its versions write them.
fn list_of(names: &[&str]) -> String {
    let key = |name: &&str| {
        json!({
            "Value": base64(&RsaSigningKey::generate().unwrap().public_pkcs1()),
            "ValidityStartTime": 1_789_776_000.0, "ValidityEndTime": "2026-12-01T00:00:00Z", "Fingerprint": name,
        })
    };
    json!({ "PublicKeyList": names.iter().map(key).collect::<Vec<_>>() }).to_string()
}
