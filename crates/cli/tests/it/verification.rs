//! `verify` on the demo's trails: one whole, one edited, one cut off.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use crate::tickmark::{Place, word};

pub const WHOLE: &str = "bundles/credit-gateway-2026-Q3.zip";
const EDITED: &str = "bundles/credit-gateway-branch-2026-Q3.zip";
const CUT: &str = "bundles/chat-assistant-2026-Q3.json";

/// A place with the demo's bundles and trusted keys.
pub fn with_bundles() -> (Place, PathBuf) {
    let place = Place::new();
    let (from, _) = demo();
    for folder in ["bundles", "trust"] {
        fs::create_dir(place.path(folder)).unwrap();
        for entry in fs::read_dir(from.join(folder)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), place.path(folder).join(entry.file_name())).unwrap();
        }
    }
    let trust = place.path("trust");
    (place, trust)
}

/// The demo, made once a run of the tests, and what the program said when it made it.
pub fn demo() -> &'static (PathBuf, Value) {
    static DEMO: OnceLock<(PathBuf, Value)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
        let _ = fs::remove_dir_all(&folder);
        let made = Place::new()
            .run(["demo", word(&folder), "--json"])
            .ends_with(0)
            .object("demo");
        (folder, made)
    })
}

#[test]
fn a_whole_bundle_is_proven_under_a_pinned_key_only() {
    let (place, trust) = with_bundles();
    let proven = place
        .run(["verify", WHOLE, "--trust", word(&trust), "--json"])
        .ends_with(0)
        .object("verification");
    assert_eq!(proven["verdict"], "proven");
    assert_eq!(proven["claims"]["integrity"]["basis"], "anchored");
    let text = place.run(["verify", WHOLE, "--trust", word(&trust)]);
    text.ends_with(0)
        .says("\n[+] Proven\n")
        .says("1,200 records")
        .says("What this does not prove");

    let alone = place
        .run(["verify", WHOLE, "--json"])
        .ends_with(3)
        .object("verification");
    assert_eq!(alone["verdict"], "not_proven");
    place
        .run(["verify", WHOLE])
        .ends_with(3)
        .says("\n[-] Not proven\n")
        .says("What to do next");
    // naming integrity alone accepts a bundle that agrees with itself
    place
        .run(["verify", WHOLE, "--require", "integrity"])
        .ends_with(0);
    place
        .run(["verify", WHOLE, "--require", "integrity,authenticity"])
        .ends_with(3);
    place
        .run(["verify", WHOLE, "--trust", word(&trust), "--require", "time"])
        .ends_with(3);
}

#[test]
fn an_edited_bundle_is_refuted_and_the_place_is_named() {
    let (place, trust) = with_bundles();
    let refuted = place
        .run(["verify", EDITED, "--trust", word(&trust), "--json"])
        .ends_with(1)
        .object("verification");
    assert_eq!(refuted["verdict"], "refuted");
    let records: Vec<_> = refuted["faults"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|f| f["record"].as_u64())
        .collect();
    assert!(records.contains(&88) && records.contains(&417), "{records:?}");
    // a refuted claim decides, required or not
    place
        .run(["verify", EDITED, "--require", "time"])
        .ends_with(1)
        .says("\n[x] Refuted\n")
        .says("record");
}

#[test]
fn a_cut_end_leaves_completeness_open_until_it_is_stated() {
    let (place, trust) = with_bundles();
    let trust = word(&trust);
    let cut = place
        .run(["verify", CUT, "--trust", trust, "--json"])
        .ends_with(3)
        .object("verification");
    assert_eq!(cut["claims"]["authenticity"]["outcome"], "proven");
    assert_eq!(cut["claims"]["completeness"]["outcome"], "not_proven");
    place
        .run(["verify", CUT, "--trust", trust, "--expect-count", "420"])
        .ends_with(1);
    place
        .run(["verify", CUT, "--trust", trust, "--expect-count", "360"])
        .ends_with(0);
    let wrong = "0".repeat(64);
    let differs = place.run(["verify", CUT, "--trust", trust, "--expect-sha256", &wrong]);
    differs.ends_with(1);
}

#[test]
fn a_set_is_as_good_as_its_weakest() {
    let (place, trust) = with_bundles();
    let words = ["verify", "--each", "bundles", "--trust", word(&trust), "--json"];
    let set = place.run(words).ends_with(1).object("verification-set");
    assert_eq!(
        (set["verdict"].as_str(), set["bundles"].as_array().map(Vec::len)),
        (Some("refuted"), Some(3))
    );
    let text = place.run(["verify", WHOLE, CUT, "--trust", word(&trust)]);
    text.ends_with(3)
        .says("[+] Proven")
        .says("[-] Not proven: the weakest of 2 bundles");
}

#[test]
fn a_profile_that_is_not_there_is_refused() {
    let (place, _) = with_bundles();
    let error = place
        .run(["verify", WHOLE, "--profile", "nonsense", "--json"])
        .ends_with(2)
        .object("error");
    assert_eq!(error["code"], "not_found");
}

#[test]
fn the_shipped_profiles_can_be_read() {
    let place = Place::new();
    let list = place
        .run(["profiles", "list", "--json"])
        .ends_with(0)
        .object("profiles");
    let ids: Vec<_> = list["profiles"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["kind"] == "profile")
        .filter_map(|p| p["id"].as_str())
        .collect();
    assert!(
        ids.contains(&"witnesskit") && ids.contains(&"tickmark-custody"),
        "{ids:?}"
    );
    place.run(["profiles", "list"]).ends_with(0).says("witnesskit");
    for id in ids {
        let shown = place
            .run(["profiles", "show", id, "--json"])
            .ends_with(0)
            .object("profile");
        let file = place.file("profile.toml", shown["toml"].as_str().unwrap());
        let meant = place
            .run(["profiles", "check", word(&file), "--json"])
            .ends_with(0)
            .object("profile-check");
        assert_eq!(meant["id"], id);
        assert!(!meant["sentences"].as_array().unwrap().is_empty(), "{id}");
    }
    let broken = place.file("broken.toml", "id = 7");
    place
        .run(["profiles", "check", word(&broken), "--json"])
        .ends_with(2)
        .object("error");
    place
        .run(["profiles", "show", "nonsense", "--json"])
        .ends_with(2)
        .object("error");
}

#[test]
fn known_answers_come() {
    let test = Place::new()
        .run(["selftest", "--json"])
        .ends_with(0)
        .object("selftest");
    assert_eq!(test["failed"], 0);
    assert!(test["tests"].as_array().unwrap().len() >= 10, "{test}");
}
