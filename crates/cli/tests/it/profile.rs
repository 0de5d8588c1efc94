//! Profiles of one's own: proposed from a trail, checked, and tried on it. The trail is the one of `docs/profiles.md`.

use crate::tickmark::{Place, word};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/profiles.md");
    std::fs::read_to_string(path).unwrap()
}

fn block(heading: &str, language: &str) -> String {
    let page = page();
    let (_, section) = page.split_once(&format!("\n## {heading}")).unwrap();
    let (_, rest) = section.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn a_profile_is_inferred_and_written_once() {
    let place = Place::new();
    let trail = place.file("trail.jsonl", &block("A second example", "jsonl"));
    let to = place.path("gateway.toml");
    let words = ["profiles", "infer", word(&trail), "-o", word(&to), "--json"];
    let found = place.run(words).ends_with(0).object("profile-inference");
    assert_eq!(found["outcome"], "reproduced");
    assert_eq!(found["trail"]["faults_total"], 0);
    let written = std::fs::read_to_string(&to).unwrap();
    assert_eq!(found["profile"], written.as_str());
    assert_eq!(written, block("A second example", "toml"));
    // nothing is overwritten
    place.run(words).ends_with(2).object("error");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), written);
    // and it verifies the trail like any other
    let judged = place
        .run([
            "verify",
            word(&trail),
            "--profile",
            word(&to),
            "--require",
            "integrity",
            "--json",
        ])
        .ends_with(0)
        .object("verification");
    assert_eq!(judged["profile"]["id"], "gateway");
    place
        .run(["profiles", "infer", word(&trail)])
        .ends_with(0)
        .says("The profile")
        .says("/note");
}

#[test]
fn noise_and_edited_trails_end_with_3_and_write_nothing() {
    let place = Place::new();
    let to = place.path("none.toml");
    let noise = place.file(
        "noise.jsonl",
        "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n{\"a\":9,\"b\":\"z\"}\n",
    );
    let found = place
        .run(["profiles", "infer", word(&noise), "-o", word(&to), "--json"])
        .ends_with(3)
        .object("profile-inference");
    assert_eq!(found["outcome"], "none");
    let edited = block("A second example", "jsonl")
        .replace("240 EUR\", \"note\": \"limit", "940 EUR\", \"note\": \"limit");
    let edited = place.file("edited.jsonl", &edited);
    let found = place
        .run(["profiles", "infer", word(&edited), "-o", word(&to), "--json"])
        .ends_with(3)
        .object("profile-inference");
    assert_eq!(found["outcome"], "partly", "{found}");
    assert!(!to.exists());
    place
        .run(["profiles", "infer", word(&edited)])
        .ends_with(3)
        .says("What contradicts it");
    place
        .run(["profiles", "infer", "not-there.jsonl", "--json"])
        .ends_with(2)
        .object("error");
}

#[test]
fn a_profile_is_tried_on_a_bundle() {
    let place = Place::new();
    let records = block("One example", "jsonl");
    let trail = place.file("log.jsonl", &records);
    let profile = place.file("small.toml", &block("One example", "toml"));
    let key = place.file(
        "author.hex",
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
    );
    let words = [
        "profiles",
        "check",
        word(&profile),
        word(&trail),
        "--trust",
        word(&key),
    ];
    let with_json: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
    let found = place.run(with_json).ends_with(0).object("profile-check");
    let trial = &found["trial"];
    assert_eq!(trial["verdict"], "proven");
    assert_eq!(
        trial["first"]["preimages"][0]["computed"],
        trial["first"]["preimages"][0]["recorded"]
    );
    let edits = trial["mutations"]["structure"].as_array().unwrap();
    assert_eq!(edits.len(), 6, "{edits:?}");
    place
        .run(words)
        .ends_with(0)
        .says("What it says")
        .says("noticed by hash")
        .says("leave out the last record");
    let edited = place.file("edited.jsonl", &records.replace("asked", "taken"));
    let found = place
        .run(["profiles", "check", word(&profile), word(&edited), "--json"])
        .ends_with(1)
        .object("profile-check");
    assert_eq!(found["trial"]["mutations"], serde_json::Value::Null);
    place
        .run(["profiles", "check", word(&profile), "not-there.jsonl", "--json"])
        .ends_with(2)
        .object("error");
}
