//! The published schema of profiles: every shipped profile fits it, and both refuse the same mistakes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use serde_json::Value;
use tickmark_verify::Profile;
use tickmark_verify::profile::shipped;

fn validator() -> jsonschema::Validator {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/verification-profile.schema.json"
    );
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn data(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).unwrap();
    serde_json::to_value(table).unwrap()
}

#[test]
fn every_shipped_profile_fits_the_schema() {
    let validator = validator();
    for profile in shipped().unwrap() {
        let data = data(profile.text());
        let wrong: Vec<String> = validator
            .iter_errors(&data)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {}", profile.id, wrong.join("; "));
    }
}

const BASE: &str = r#"
id = "base"
version = "1"
title = "Base"
spec_url = "this test"
[detect]
all = ["/hash"]
[[source]]
kind = "jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash"], canon = "ssa" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ field = "/hash" }]
key = { field = "/key", enc = "hex" }
"#;

#[test]
fn schema_and_reader_refuse_the_same_mistakes() {
    let validator = validator();
    assert!(Profile::parse(BASE).is_ok() && validator.is_valid(&data(BASE)));
    let mistakes = [
        ("id = \"base\"", "id = \"Base\""),
        ("title = \"Base\"\n", ""),
        ("kind = \"jsonl\"", "kind = \"csv\""),
        ("[[source]]\nkind = \"jsonl\"\n", ""),
        ("all = [\"/hash\"]", ""),
        ("all = [\"/hash\"]", "all = [\"hash\"]"),
        ("alg = \"sha256\"", "alg = \"md5\""),
        ("enc = \"hex\"\nfield", "enc = \"HEX\"\nfield"),
        ("canon = \"ssa\"", "canon = \"canonical\""),
        ("exclude = [\"/hash\"], ", "exlude = [\"/hash\"], "),
        ("genesis = [\"null\"]", "genesis = [\"none\"]"),
        ("target = \"hash\"", "target = \"digest\""),
        ("alg = \"ed25519\"", "alg = \"rs256\""),
        ("[{ field = \"/hash\" }]", "[{ field = \"/hash\", lit = \"x\" }]"),
        ("[{ field = \"/hash\" }]", "[{ lit = \"x\", as = \"token\" }]"),
        ("[{ field = \"/hash\" }]", "[]"),
        ("enc = \"hex\" }", "enc = \"rot13\" }"),
        ("[link]", "[seq]\nfield = \"/n\"\nstep = 0\n[link]"),
        ("[link]", "[surprise]\n[link]"),
        ("[link]", "[expect]\ncount = { line = \"x\" }\n[link]"),
    ];
    for (whole, wrong) in mistakes {
        assert!(BASE.contains(whole), "{whole}");
        let text = BASE.replacen(whole, wrong, 1);
        assert!(Profile::parse(&text).is_err(), "the reader takes {wrong}");
        assert!(!validator.is_valid(&data(&text)), "the schema takes {wrong}");
    }
}

/// What single tables cannot show is left to the reader.
#[test]
fn a_profile_holds_together() {
    let mistakes = [
        (
            "[{ field = \"/hash\" }]",
            "[{ lit = \"constant\" }]",
            "constants only",
        ),
        (
            "[{ field = \"/hash\" }]",
            "[{ json = { include = [], canon = \"jcs\" } }]",
            "constants only",
        ),
        ("field = \"/prev\"\n", "", "link.field"),
        ("field = \"/hash\"\npreimage", "preimage", "no recorded hash"),
        (
            "[link]",
            "[final]\nalg = \"sha256\"\nover = \"text\"\nenc = \"hex\"\nstated = [{ at = \"x\" }]\n[link]",
            "pointer",
        ),
        (
            "kind = \"jsonl\"\n",
            "kind = \"jsonl\"\npartition = \"/chain\"\n[[checks]]\nfield = \"/root\"\nalg = \"sha256\"\nenc = \"hex\"\n\
             preimage = [{ prev = \"text\" }, { field = \"/hash\" }]\n",
            "source.partition",
        ),
        (
            "{ field = \"/key\", enc = \"hex\" }",
            "{ field = \"key\" }",
            "pointer",
        ),
        ("alg = \"ed25519\"", "alg = \"hmac-sha256\"", "hmac"),
    ];
    for (whole, wrong, said) in mistakes {
        assert!(BASE.contains(whole), "{whole}");
        let error = Profile::parse(&BASE.replacen(whole, wrong, 1))
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{wrong}: {error}");
    }
    let deep = format!(
        "[{}{{ field = \"/hash\" }}{}]",
        "{ digest = [".repeat(5),
        "] }".repeat(5)
    );
    let text = BASE.replacen("[{ field = \"/hash\" }]", &deep, 1);
    assert!(Profile::parse(&text).unwrap_err().to_string().contains("at most"));
    let long = format!("{BASE}#{}", "x".repeat(70_000));
    assert!(Profile::parse(&long).is_err());
}
