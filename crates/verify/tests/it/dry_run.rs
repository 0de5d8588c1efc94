//! The dry run of a profile: which edits are noticed, on trails made here and on genuine logs; and profiles that ask for much.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use crate::kit::{Bundle, fixtures, key_file};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;
use tickmark_formats::canonical::{self, Dialect};
use tickmark_formats::json::parse;
use tickmark_formats::limits::Limits;
use tickmark_verify::dry_run::{Trial, explain, try_on, warnings};
use tickmark_verify::{Profile, ProfileError, Request};

const PROFILE: &str = r#"
id = "made"
version = "1"
title = "Made here"
spec_url = "none"
[detect]
all = ["/n", "/text", "/prev", "/hash"]
[[source]]
kind = "jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash", "/sig", "/note"], canon = "scu" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ field = "/hash" }]
"#;

fn key() -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![5; 32])).unwrap()
}

fn pinned() -> Request {
    let public = hex(key().public().ed25519_bytes().unwrap());
    let text = format!("[[key]]\nalgorithm = \"ed25519\"\nowner = \"x\"\npublic_key = \"{public}\"\n");
    let mut request = Request::default();
    request.trust.add_file("pinned.toml", text.as_bytes()).unwrap();
    request
}

fn lines(count: usize) -> String {
    let mut prev = "null".to_owned();
    let mut out = String::new();
    for n in 0..count {
        let body = format!("{{\"n\":{n},\"prev\":{prev},\"text\":\"told {n}\"}}");
        let spelled = canonical::to_vec(
            &parse(body.as_bytes(), &Limits::default()).unwrap(),
            &Dialect::SCU,
        )
        .unwrap();
        let hash = hex(&sha256(&spelled));
        let signature = base64(&key().sign(hash.as_bytes()));
        out.push_str(&format!(
            "{{\"n\":{n},\"prev\":{prev},\"text\":\"told {n}\",\"note\":\"free\",\"hash\":\"{hash}\",\"sig\":\"{signature}\"}}\n"
        ));
        prev = format!("\"{hash}\"");
    }
    out
}

fn trial(text: &str, request: &Request) -> Trial {
    let profile = Profile::parse(PROFILE).unwrap();
    try_on(&profile, Bundle::file("log.jsonl", text).received(), request).unwrap()
}

fn noticed(trial: &Trial, edit: &str) -> bool {
    let edits = trial.mutations.as_ref().unwrap();
    let found = edits.structure.iter().find(|found| found.edit == edit).unwrap();
    let is_noticed = !found.seen_by.is_empty() || !found.claims.is_empty();
    assert_eq!(is_noticed, found.sentence.starts_with("Noticed"), "{found:?}");
    is_noticed
}

#[test]
fn each_edit_is_tried_and_told() {
    let with_key = trial(&lines(8), &pinned());
    let edits = with_key.mutations.as_ref().unwrap();
    assert!(with_key.holds && !edits.is_excerpt && edits.records == 8);
    let by = |field: &str| {
        edits
            .fields
            .iter()
            .find(|edit| edit.field == field)
            .unwrap()
            .by
            .clone()
    };
    assert_eq!(by("/text"), ["hash"]);
    assert_eq!(by("/sig"), ["signature"]);
    assert!(by("/note").is_empty(), "{edits:?}");
    assert!(by("/prev").contains(&"hash".to_owned()));
    for edit in ["drop_middle", "swap", "duplicate", "rechain"] {
        assert!(noticed(&with_key, edit), "{edit}");
    }
    assert!(!noticed(&with_key, "drop_last"));
    let first = edits
        .structure
        .iter()
        .find(|edit| edit.edit == "drop_first")
        .unwrap();
    assert!(first.sentence.contains("no longer begins"), "{}", first.sentence);
    // without a key everything can be made anew, and the table says so
    let bare = trial(&lines(8), &Request::default());
    assert!(!noticed(&bare, "rechain") && noticed(&bare, "swap"));
}

#[test]
fn the_first_record_is_shown_as_it_is_hashed() {
    let shown = trial(&lines(3), &pinned()).first.unwrap();
    let hash = shown
        .preimages
        .iter()
        .find(|p| p.place == "hash.preimage")
        .unwrap();
    assert_eq!(hash.shown, "{\"n\":0,\"prev\":null,\"text\":\"told 0\"}");
    assert_eq!(hash.computed, hash.recorded);
    assert!(hash.computed.is_some() && !hash.is_cut);
    let edited = trial(&lines(3).replacen("told 0", "sold 0", 1), &pinned());
    let hash = &edited.first.as_ref().unwrap().preimages[0];
    assert!(hash.computed != hash.recorded && !edited.holds && edited.mutations.is_none());
}

#[test]
fn a_long_trail_is_tried_on_its_beginning() {
    let long = trial(&lines(400), &pinned());
    let edits = long.mutations.as_ref().unwrap();
    assert!(edits.is_excerpt && edits.records < 100, "{}", edits.records);
    assert!(noticed(&long, "rechain") && noticed(&long, "drop_middle"));
}

#[test]
fn soundness_is_told_in_words() {
    let profile = Profile::parse(PROFILE).unwrap();
    assert!(
        explain(&profile)
            .iter()
            .any(|line| line.contains("/hash") && line.contains("without"))
    );
    let told = |text: &str| warnings(&Profile::parse(text).unwrap()).join("\n");
    assert!(told(PROFILE).contains("where a trail ends"));
    assert!(!told(PROFILE).contains("listed members"));
    let listed = PROFILE.replace(
        "exclude = [\"/hash\", \"/sig\", \"/note\"]",
        "include = [\"n\", \"text\"]",
    );
    let listed = told(&listed);
    assert!(
        listed.contains("only listed members") && listed.contains("does not reach the link"),
        "{listed}"
    );
    let joined = PROFILE.replace(
        "[{ json = { exclude = [\"/hash\", \"/sig\", \"/note\"], canon = \"scu\" } }]",
        "[{ field = \"/text\" }, { lit = \"|\" }, { field = \"/prev\" }]",
    );
    assert!(told(&joined).contains("two different records"));
    let unsigned = PROFILE.split("[[signatures]]").next().unwrap();
    assert!(told(unsigned).contains("Nothing is signed"));
    // every shipped profile can be said in words
    for profile in tickmark_verify::profile::shipped().unwrap() {
        assert!(explain(profile).len() > 2, "{}", profile.id);
        // its records and its closed manifest are signed, and both are required
        let has_nothing_to_tell = warnings(profile).is_empty();
        assert_eq!(
            has_nothing_to_tell,
            profile.id == "ai-audit-trail",
            "{}",
            profile.id
        );
    }
}

#[test]
fn what_goes_unnoticed_is_what_is_uncovered() {
    let Some(root) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let logs = [
        (
            "emitters/witnesskit/chain.json",
            Some(("ed25519", "emitters/witnesskit/pubkey.b64")),
        ),
        (
            "emitters/agentproofchain/log.jsonl",
            Some(("ed25519", "emitters/agentproofchain/pubkey.b64")),
        ),
        (
            "emitters/agent-receipts/receipts.jsonl",
            Some(("ed25519", "emitters/agent-receipts/pubkey.pem")),
        ),
        ("emitters/agt-auditlog/export.json", None),
        (
            "emitters/cap-srp/export.json",
            Some(("ed25519", "emitters/cap-srp/pubkey.b64")),
        ),
        (
            "emitters/aat-mcp/records.jsonl",
            Some(("es256", "emitters/aat-mcp/pubkey.pem")),
        ),
        (
            "emitters/ai-audit-trail/evidence_nonascii.zip",
            Some(("ed25519", "emitters/ai-audit-trail/unz/public_key.hex")),
        ),
        ("emitters/merkle-audit/entries.jsonl", None),
        ("aivs/audit-log.jsonl", None),
    ];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (path, key) in logs {
        let bundle = Bundle::from_file(&root.join(path));
        let mut request = Request::default();
        if let Some((alg, file)) = key {
            let text = key_file(alg, &root.join(file));
            request.trust.add_file("pinned.toml", text.as_bytes()).unwrap();
        }
        let id = bundle.verify(&request).unwrap().profile.unwrap().id;
        let shipped = tickmark_verify::profile::shipped().unwrap();
        let profile = shipped.iter().find(|profile| profile.id == id).unwrap();
        let trial = try_on(profile, bundle.received(), &request).unwrap();
        let Some(edits) = &trial.mutations else {
            wrong.push(format!("{path}: no edit was tried"));
            continue;
        };
        for edit in &edits.fields {
            tried += 1;
            let is_noticed = !edit.seen_by.is_empty() || !edit.claims.is_empty();
            // another key than the one that signed is noticed, and none is not
            let is_carried_key = edit.field == "/signature/public_key";
            if !is_carried_key && is_noticed == trial.verification.uncovered_fields.contains(&edit.field) {
                wrong.push(format!("{path}: {edit:?}"));
            }
        }
        for edit in &edits.structure {
            println!("{path}: {} {:?} {:?}", edit.edit, edit.seen_by, edit.claims);
        }
    }
    println!("{tried} fields tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A profile with another preimage.
fn asking(preimage: &str) -> String {
    PROFILE.replace(
        "[{ json = { exclude = [\"/hash\", \"/sig\", \"/note\"], canon = \"scu\" } }]",
        preimage,
    )
}

#[test]
fn a_profile_that_asks_for_too_much_is_refused_by_name() {
    let names: Vec<String> = (0..1_100).map(|n| format!("\"/a{n}\"")).collect();
    let many_names = asking(&format!(
        "[{{ json = {{ exclude = [{}], canon = \"scu\" }} }}]",
        names.join(", ")
    ));
    let check =
        "\n[[checks]]\nfield = \"/hash\"\nalg = \"sha256\"\nenc = \"hex\"\npreimage = [{ field = \"/n\" }]\n";
    let many_checks = format!("{PROFILE}{}", check.repeat(300));
    let source = "[[source]]\nkind = \"jsonl\"\n";
    let many_sources = PROFILE.replacen(source, &source.repeat(40), 1);
    let pointers: Vec<String> = (0..100).map(|n| format!("\"/p{n}\"")).collect();
    let many_pointers = PROFILE.replace("all = [", &format!("all = [{}, ", pointers.join(", ")));
    for text in [many_names, many_checks, many_sources, many_pointers] {
        assert!(text.len() < 64 * 1024);
        let error = Profile::parse(&text).unwrap_err();
        assert!(
            matches!(&error, ProfileError::Value { expected, .. } if expected.starts_with("at most")),
            "{error}"
        );
    }
}

#[test]
fn the_largest_profile_on_a_large_record_ends() {
    use std::time::{Duration, Instant};
    let wide: Vec<String> = (0..40_000).map(|n| format!("\"k{n}\":\"<é{n}>\"")).collect();
    let record = format!(
        "{{\"n\":1,\"prev\":null,\"text\":\"t\",\"hash\":\"{}\",{}}}\n",
        "0".repeat(64),
        wide.join(",")
    );
    let names = |from: usize, count: usize| {
        let all: Vec<String> = (from..from + count).map(|n| format!("\"/k{n}/x\"")).collect();
        all.join(", ")
    };
    let parts: Vec<String> = (0..60)
        .map(|n| {
            format!(
                "{{ json = {{ exclude = [{}], drop_null = \"all\", canon = {{ sort = \"utf16\", sep = [\", \", \": \"], escape = \"dotnet\", num = \"es6\", nfc = true }} }} }}",
                names(n * 17, 17)
            )
        })
        .collect();
    let text = asking(&format!("[{}]", parts.join(", ")));
    assert!(text.len() < 64 * 1024, "{}", text.len());
    let profile = Profile::parse(&text).unwrap();
    let begun = Instant::now();
    let trial = try_on(
        &profile,
        Bundle::file("log.jsonl", record).received(),
        &Request::default(),
    )
    .unwrap();
    let took = begun.elapsed();
    println!(
        "one record of {} bytes under the largest profile: {took:?}",
        wide.join(",").len()
    );
    assert!(!trial.holds);
    // Linear in the record: each of the 60 parts is a canonical copy of it, normalized, sorted and escaped, which takes some
    // 12 s of one core without optimizations; from 5,000 to 80,000 members it is 0.3 ms a member. Growth with the square
    // would take an hour. The bound leaves room for a machine that does other things meanwhile.
    assert!(took < Duration::from_secs(120), "{took:?}");
}
