//! A review from the empty folder to the report that somebody else performs again, as it is typed.

use std::fs;

use serde_json::{Value, json};

use crate::tickmark::{Answer, Place, word};
use crate::verification::{WHOLE, demo, with_bundles};

const PASSPHRASE: &str = "correct horse battery";

/// A vault that already holds what a test starts from.
struct Desk {
    place: Place,
    bundle: String,
}

impl Desk {
    fn run(&self, words: &[&str]) -> Answer {
        self.place.run_in(PASSPHRASE, words)
    }

    /// A verb on the vault, as JSON.
    #[track_caller]
    fn object(&self, schema: &str, words: &[&str]) -> Value {
        let words: Vec<_> = words
            .iter()
            .copied()
            .chain(["--vault", "bank.vault", "--json"])
            .collect();
        self.run(&words).ends_with(0).object(schema)
    }

    /// The same in words; a verb that prints nothing in words is no help.
    #[track_caller]
    fn words(&self, words: &[&str]) -> Answer {
        let words: Vec<_> = words.iter().copied().chain(["--vault", "bank.vault"]).collect();
        let answer = self.run(&words);
        assert!(answer.ends_with(0).out.len() > 20, "{words:?}");
        answer
    }
}

fn desk() -> Desk {
    let (place, trust) = with_bundles();
    let create = [
        "vault",
        "create",
        "bank.vault",
        "--reviewer",
        "Ana Petrović",
        "--engagement-title",
        "Q3",
        "--json",
    ];
    place.run_in(PASSPHRASE, &create).ends_with(0).object("session");
    let mut desk = Desk {
        place,
        bundle: String::new(),
    };
    let trust = fs::read_to_string(trust.join("example-bank-gateway.toml")).unwrap();
    let key = trust
        .lines()
        .find_map(|line| line.strip_prefix("public_key = "))
        .unwrap()
        .trim_matches('"')
        .to_owned();
    let key = desk.place.file("key.txt", &key);
    let pin = [
        "key",
        "pin",
        word(&key),
        "--owner",
        "Example Bank",
        "--confirmed",
        "by telephone, two people",
    ];
    desk.object("key", &pin);
    let import = desk.object(
        "import",
        &[
            "import",
            WHOLE,
            "--received-from",
            "Example Bank",
            "--medium",
            "USB drive",
        ],
    );
    assert_eq!(import["bundles"][0]["verdict"], "proven", "{import}");
    assert_eq!(import["bundles"][0]["name"], WHOLE);
    assert_eq!(import["bundles"][0]["counts"]["records"], 1200);
    desk.bundle = import["bundles"][0]["bundle"].as_str().unwrap().into();
    desk
}

#[test]
fn what_is_in_a_vault_can_be_listed_searched_and_taken_out() {
    let desk = desk();
    let bundle = desk.bundle.as_str();
    assert_eq!(
        desk.object("engagements", &["engagement", "list"])["engagements"][0]["title"],
        "Q3"
    );
    assert_eq!(desk.object("bundles", &["bundles"])["bundles"][0]["id"], bundle);
    assert_eq!(
        desk.object("bundle", &["bundles", bundle])["intake"]["medium"],
        "USB drive"
    );
    desk.words(&["bundles", bundle])
        .says("[+] Proven")
        .says("Example Bank")
        .says("How it came and where it is kept");
    desk.words(&["bundles"]).says("Proven");
    desk.words(&["key", "list"]).says("Example Bank");

    let lines = desk.words(&["records", "--limit", "700", "--json"]);
    assert_eq!(lines.out.lines().count(), 700);
    for line in lines.out.lines().take(5) {
        crate::schema::holds("record", &serde_json::from_str(line).unwrap());
    }
    let first: Value = serde_json::from_str(lines.out.lines().next().unwrap()).unwrap();
    assert_eq!(
        (first["position"].as_u64(), first["schema"].as_str()),
        (Some(1), Some("tickmark.record/1"))
    );
    desk.words(&["records", "outcome:declined", "--limit", "3"])
        .says("out of 1,200 records");
    desk.words(&["search", "declined", "--limit", "2"])
        .says("out of 1,200 records");
    let refused = desk.run(&["records", "after:yesterday", "--vault", "bank.vault", "--json"]);
    assert_eq!(refused.ends_with(2).object("error")["code"], "invalid_input");

    let view = desk.object("record-view", &["record", bundle, "17"]);
    assert_eq!(view["row"]["position"], 17);
    desk.words(&["record", bundle, "17"])
        .says("Received bytes")
        .says("In the chain");
    let bytes = desk.run(&["export", "record", bundle, "17", "--vault", "bank.vault"]);
    assert_eq!(bytes.ends_with(0).out, view["text"].as_str().unwrap());
    desk.object("export", &["export", "original", bundle, "out.zip"]);
    assert_eq!(
        fs::read(desk.place.path("out.zip")).unwrap(),
        fs::read(desk.place.path(WHOLE)).unwrap()
    );
    let again = desk.run(&["export", "original", bundle, "out.zip", "--vault", "bank.vault"]);
    again.ends_with(2);
}

#[test]
fn several_bundles_are_imported_and_one_that_is_not_there_is_named() {
    let desk = desk();
    let words = [
        "import",
        "nothing.zip",
        "bundles/chat-assistant-2026-Q3.json",
        "--expect-count",
        "420",
    ];
    let import = desk.object("import", &words);
    assert_eq!(import["bundles"][0]["error"]["code"], "unreadable");
    assert_eq!(import["bundles"][1]["verdict"], "refuted");
    assert!(
        import["bundles"][1]["faults"]
            .as_array()
            .is_some_and(|faults| !faults.is_empty()),
        "{import}"
    );
    let twice = desk.object("import", &["import", WHOLE]);
    assert_eq!(
        (
            twice["bundles"][0]["already_held"].as_bool(),
            twice["bundles"][0]["bundle"].as_str()
        ),
        (Some(true), Some(&*desk.bundle))
    );
    let none = desk.run(&["import", "nothing.zip", "--vault", "bank.vault", "--json"]);
    none.ends_with(2).object("error");
    let none = desk.run(&[
        "import",
        "nothing.zip",
        "nowhere.zip",
        "--vault",
        "bank.vault",
        "--json",
    ]);
    none.ends_with(2).object("import");
}

#[test]
fn a_key_is_withdrawn_and_the_bundle_judged_again() {
    let desk = desk();
    let keys = desk.object("keys", &["key", "list"]);
    let id = keys["keys"][0]["id"].as_str().unwrap();
    let withdraw = ["key", "withdraw", id, "--reason", "reported lost"];
    let keys = desk.object("keys", &withdraw);
    assert!(keys["keys"][0]["withdrawn_at"].is_string());
    assert_eq!(keys["keys"][0]["withdrawn_why"], "reported lost");
    let again = desk.object("bundle", &["verify-again", &desk.bundle]);
    assert_eq!(again["verification"]["verdict"], "not_proven");
    assert_eq!(again["judgements"], 2);
}

#[test]
fn a_review_period_is_stated_kept_and_told() {
    let desk = desk();
    let bundle = desk.bundle.as_str();
    desk.words(&["bundles", bundle])
        .says("Review period    not stated");
    let stated = ["verify-again", bundle, "--period", "2026-07-01..2026-09-30+02:00"];
    let again = desk.object("bundle", &stated);
    assert_eq!(
        again["intake"]["period"],
        serde_json::json!({"from": "2026-07-01", "to": "2026-09-30+02:00"})
    );
    desk.words(&["bundles", bundle])
        .says("1 Jul 2026 to 30 Sep 2026 +02:00");
    // the same bytes once more keep the period that is kept
    desk.words(&["import", WHOLE, "--period", "2026-08-01..2026-08-31"])
        .says("judged for 1 Jul 2026 to 30 Sep 2026 +02:00");
    let backwards = "2026-09-30..2026-07-01";
    let refused = desk.run(&[
        "verify-again",
        bundle,
        "--vault",
        "bank.vault",
        "--period",
        backwards,
        "--json",
    ]);
    assert_eq!(
        refused.ends_with(2).object("error")["message"],
        "The review period cannot be read: the period 2026-09-30..2026-07-01 ends before it begins."
    );
}

#[test]
fn from_plan_to_a_report_that_is_performed_again() {
    let desk = desk();
    let words = [
        "plan",
        "--tolerable",
        "40%",
        "--attribute",
        "A person reviewed it",
        "--query",
        "outcome:declined",
        "--order",
        "source",
    ];
    let plan = desk.object("plan-view", &words);
    let id = plan["row"]["id"].as_str().unwrap();
    let units = plan["row"]["sample_size"].as_u64().unwrap();
    assert!((3..10).contains(&units), "{plan}");
    let early = desk.run(&["evaluate", "--plan", id, "--vault", "bank.vault", "--json"]);
    early.ends_with(2).object("error");

    let draw = [
        "draw",
        "--plan",
        id,
        "--seed",
        "20237331128159211123",
        "--seed-source",
        "20 rolls of a die",
    ];
    let drawn = desk.object("plan-view", &draw);
    assert_eq!(drawn["draw"]["units"].as_array().unwrap().len() as u64, units);
    desk.run(&[&draw[..], &["--vault", "bank.vault"]].concat())
        .ends_with(2);
    for unit in 1..=units {
        let (seen, note) = if unit == 2 {
            ("deviation", "no reviewer is named")
        } else {
            ("pass", "")
        };
        let unit = unit.to_string();
        desk.object(
            "plan-view",
            &[
                "result", "--plan", id, "--unit", &unit, "--result", seen, "--note", note,
            ],
        );
    }
    let shows = desk.object("plan-evaluation", &["evaluate", "--plan", id]);
    assert_eq!(
        (shows["finished"].as_bool(), shows["deviations"].as_u64()),
        (Some(true), Some(1))
    );
    assert_eq!(shows["supports"], false);
    desk.words(&["evaluate", "--plan", id])
        .says("Every unit has a result.");
    desk.words(&["plans"]).says("does not support");
    desk.words(&["plans", id])
        .says("no reviewer is named")
        .says("20 rolls of a die");
    desk.object("plans", &["plans"]);

    let on = format!("{}:17", desk.bundle);
    let unit = format!("plan:{id}/2");
    let check = format!("{}#record_hash", desk.bundle);
    let written = desk.object(
        "finding",
        &[
            "finding",
            "write",
            "--title",
            "A refusal without review",
            "--criterion",
            "Internal control 4.2",
            "--condition",
            "One of the drawn refusals names no reviewer",
            "--severity",
            "high",
            "--evidence",
            &on,
            "--evidence",
            &unit,
        ],
    );
    assert_eq!(written["number"], 1);
    let finding = written["id"].as_str().unwrap();
    let superseded = desk.object(
        "finding",
        &[
            "finding",
            "write",
            "--supersede",
            finding,
            "--title",
            "A refusal without review",
            "--criterion",
            "Internal control 4.2",
            "--condition",
            "One of the drawn refusals names no reviewer",
            "--status",
            "answered",
        ],
    );
    assert_eq!(superseded["version"], 2);
    desk.object("findings", &["finding", "list"]);
    desk.words(&["finding", "list"])
        .says("A refusal without review")
        .says("answered");
    desk.object("note", &["note", &on, "Read beside the policy."]);
    desk.words(&["note", &check, "Looked at twice."])
        .says("is written");
    desk.words(&["record", &desk.bundle, "17"])
        .says("Read beside the policy.");

    let report = desk.object(
        "report-written",
        &[
            "report",
            "report.pdf",
            "--conclusion",
            "The control did not work.",
        ],
    );
    let (pdf, json) = (report["pdf"].as_str().unwrap(), report["json"].as_str().unwrap());
    desk.object("reports", &["reports"]);
    desk.words(&["reports"]).says("report.pdf");

    let check = |words: &[&str]| desk.place.run([&["verify-report"], words, &["--json"]].concat());
    for path in [pdf, json] {
        nothing_differs(
            &check(&[path, "--bundle", WHOLE, "--trust", "trust"]),
            &["PDF", "Custody: signatures of the events"],
        );
    }
    assert_eq!(
        check(&[pdf]).ends_with(3).object("report-check")["outcome"],
        "incomplete"
    );
    let text = fs::read_to_string(desk.place.path(json)).unwrap();
    let changed = desk.place.file(
        "changed.json",
        &text.replace("\"deviations\":1", "\"deviations\":0"),
    );
    assert_ne!(fs::read_to_string(&changed).unwrap(), text);
    let differs = check(&[word(&changed), "--bundle", WHOLE, "--trust", "trust"])
        .ends_with(1)
        .object("report-check");
    assert_eq!(differs["outcome"], "differs");
    desk.place
        .run(["verify-report", word(&changed), "--bundle", WHOLE])
        .ends_with(1)
        .says("[x] Differs");
    check(&[WHOLE]).ends_with(2).object("error");
}

/// No figure differs, only these could not be checked, and the exit code says the same.
#[track_caller]
fn nothing_differs(answer: &Answer, unchecked: &[&str]) {
    let check = answer.object("report-check");
    let open: Vec<_> = check["figures"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["outcome"] == "not_checked")
        .collect();
    assert!(
        open.iter()
            .all(|f| unchecked.iter().any(|name| f["figure"] == *name)),
        "{open:?}"
    );
    let (outcome, code) = if open.is_empty() {
        ("agrees", 0)
    } else {
        ("incomplete", 3)
    };
    assert_eq!(
        (check["outcome"].as_str(), answer.code),
        (Some(outcome), code),
        "{check}"
    );
}

#[test]
fn the_custody_chain_is_a_bundle_like_any_other() {
    let desk = desk();
    let page = desk.object("custody-page", &["custody", "show", "--limit", "2"]);
    assert_eq!(page["events"].as_array().unwrap().len(), 2);
    desk.words(&["custody", "show"]).says("Ana Petrović");
    let exported = desk.object("custody-exported", &["custody", "export", "custody.jsonl"]);
    let head = exported["head"].as_str().unwrap();
    let judged = desk
        .place
        .run(["verify", "custody.jsonl", "--expect-head", head, "--json"]);
    let judged = judged.object("verification");
    assert_eq!(judged["profile"]["id"], "tickmark-custody");
    assert_eq!(judged["claims"]["integrity"]["outcome"], "proven", "{judged}");
    assert_eq!(judged["claims"]["integrity"]["basis"], "anchored", "{judged}");
    // the key that the first event states, once its fingerprint is known by another way
    let events = fs::read_to_string(desk.place.path("custody.jsonl")).unwrap();
    let first: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    let reviewer = &first["subject"]["reviewer"];
    assert!(
        exported["key"]
            .as_str()
            .unwrap()
            .contains(reviewer["custody_key_digest"].as_str().unwrap()),
        "{exported}"
    );
    let key = desk
        .place
        .file("reviewer.key", reviewer["custody_key"].as_str().unwrap());
    let words = [
        "verify",
        "custody.jsonl",
        "--expect-head",
        head,
        "--trust",
        word(&key),
    ];
    desk.place.run(words).ends_with(0).says("[+] Proven");
    let cut = events;
    let cut: String = cut
        .lines()
        .rev()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let cut = desk.place.file("cut.jsonl", &cut);
    desk.place
        .run(["verify", word(&cut), "--expect-head", head])
        .ends_with(1);
}

#[test]
fn a_vault_is_checked_copied_and_given_a_second_secret() {
    let desk = desk();
    let plain = |schema: &str, words: &[&str]| {
        desk.run(&[words, &["--json"]].concat())
            .ends_with(0)
            .object(schema)
    };
    plain("vault-summary", &["vault", "open", "bank.vault"]);
    desk.run(&["vault", "open", "bank.vault"])
        .ends_with(0)
        .says("Ana Petrović");
    assert_eq!(
        plain("vault-check", &["vault", "check", "bank.vault"])["sound"],
        true
    );

    let second = desk.place.file("second", "a second way in\n");
    let words = [
        "vault",
        "slots",
        "add-passphrase",
        "bank.vault",
        "--label",
        "Safe",
        "--new-passphrase-file",
        word(&second),
    ];
    let slots = plain("slots", &words);
    assert_eq!(slots["slots"].as_array().unwrap().len(), 2);
    desk.place
        .run_in("a second way in", &["vault", "open", "bank.vault"])
        .ends_with(0);
    // the second passphrase opens the vault; it does not sign in the reviewer, whose keys have a secret of their own
    let unsigned = ["note", "1", "x", "--vault", "bank.vault"];
    assert!(
        desk.place
            .run_in("a second way in", &unsigned)
            .ends_with(2)
            .err
            .contains("Nobody is signed in")
    );
    let slots = desk
        .place
        .run(["vault", "slots", "list", "bank.vault", "--json"])
        .ends_with(0)
        .object("slots");
    let added = slots["slots"]
        .as_array()
        .unwrap()
        .iter()
        .find(|slot| slot["label"] == "Safe")
        .unwrap();
    let id = added["id"].as_str().unwrap();
    desk.run(&["vault", "slots", "bank.vault"])
        .ends_with(0)
        .says("Safe")
        .says(id);
    assert!(
        !desk
            .run(&["vault", "slots", "remove", "bank.vault", id])
            .ends_with(0)
            .out
            .contains("Safe")
    );
    desk.place
        .run_in("a second way in", &["vault", "open", "bank.vault"])
        .ends_with(2);

    desk.run(&["vault", "backup", "bank.vault", "copy.vault", "--json"])
        .ends_with(0)
        .object("vault-copy");
    desk.run(&["vault", "backup", "bank.vault", "copy.vault"])
        .ends_with(2);
    desk.run(&["vault", "restore", "copy.vault", "again.vault"])
        .ends_with(0)
        .says("again.vault");
    desk.run(&["bundles", "--vault", "again.vault"])
        .ends_with(0)
        .says("credit-gateway");

    let database = desk.place.path("again.vault/vault.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, bytes).unwrap();
    desk.run(&["vault", "check", "again.vault", "--json"])
        .ends_with(1);
}

#[test]
fn the_demo_is_whole() {
    let place = Place::new();
    let (folder, demo) = demo();
    let text = |name: &str| demo[name].as_str().unwrap();
    let words = ["bundles", "--vault", text("vault"), "--json"];
    let bundles = place
        .run_in(text("passphrase"), &words)
        .ends_with(0)
        .object("bundles");
    let verdicts: Vec<_> = bundles["bundles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["proven", "refuted", "not_proven"]);
    let mut check = vec!["verify-report", text("report_pdf"), "--trust", text("trust")];
    let bundles: Vec<_> = demo["bundles"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    bundles
        .iter()
        .for_each(|bundle| check.extend(["--bundle", bundle]));
    check.push("--json");
    nothing_differs(&place.run(&check), &["Custody: signatures of the events"]);
    place
        .run(["demo", word(folder), "--json"])
        .ends_with(2)
        .object("error");
}

#[test]
fn criteria_can_be_read_without_a_vault() {
    let criteria = Place::new()
        .run(["finding", "criteria", "--json"])
        .ends_with(0)
        .object("criteria");
    assert!(!criteria["criteria"].as_array().unwrap().is_empty());
}

#[test]
fn a_source_expects_the_profile_of_its_first_bundle() {
    let desk = desk();
    let chat = "bundles/chat-assistant-2026-Q3.json";
    let first = desk.object("import", &["import", chat, "--source", "Chat assistant"]);
    assert_eq!(first["bundles"][0]["under_source"], "Chat assistant");
    assert_eq!(first["bundles"][0]["pins_profile"], "witnesskit");
    let sources = desk.object("sources", &["source", "list"]);
    assert_eq!(sources["sources"][0]["expected"]["profile"], "witnesskit");
    // the gateway's export is none of the chat assistant's
    let other = "bundles/credit-gateway-branch-2026-Q3.zip";
    let words = [
        "import",
        other,
        "--source",
        "chat  ASSISTANT",
        "--vault",
        "bank.vault",
    ];
    desk.run(&words)
        .ends_with(0)
        .says("[x] Refuted")
        .says("expected under the profile witnesskit");
    let bundles = desk.object("bundles", &["bundles"]);
    assert_eq!(bundles["bundles"][2]["source"], "Chat assistant");

    let expect = [
        "source",
        "expect",
        "Chat assistant",
        "aivs",
        "--vault",
        "bank.vault",
        "--json",
    ];
    let refused = desk.run(&expect);
    assert_eq!(refused.ends_with(2).object("error")["code"], "invalid_input");
    let reasoned: Vec<_> = expect[..4]
        .iter()
        .copied()
        .chain(["--reason", "letter of 1 November"])
        .collect();
    let sources = desk.object("sources", &reasoned);
    assert_eq!(sources["sources"][0]["superseded"][0]["profile"], "witnesskit");
    desk.words(&["source", "list"])
        .says("Chat assistant")
        .says("aivs instead of witnesskit, by Ana Petrović: letter of 1 November");
}

#[test]
fn a_key_is_shown_before_it_is_pinned_and_takes_over_from_another() {
    let desk = desk();
    let old = desk.object("keys", &["key", "list"])["keys"][0].clone();
    let file = desk.place.path("key.txt");
    // needs no vault: the figures and the picture that the owner's own program shows too
    let read = desk
        .place
        .run(["key", "show", word(&file), "--json"])
        .ends_with(0)
        .object("key-read");
    assert_eq!(read["fingerprint"], old["fingerprint"]);
    assert_eq!(
        read["picture"]["text"].as_str().unwrap().len(),
        "ed25519:".len() + 64
    );
    let shown = desk.place.run(["key", "show", word(&file)]);
    let groups: Vec<_> = read["fingerprint"]
        .as_str()
        .unwrap()
        .as_bytes()
        .chunks(4)
        .collect();
    let first = format!("{} {}", text(groups[0]), text(groups[1]));
    shown.ends_with(0).says(&first).says("█▀");
    let rows = read["picture"]["size"].as_u64().unwrap().div_ceil(2) + 4;
    assert!(shown.out.lines().filter(|line| line.contains('█')).count() as u64 >= rows - 1);

    let other = desk.place.file("new.txt", &"9d".repeat(31));
    desk.run(&["key", "show", word(&other), "--json"])
        .ends_with(2)
        .object("error");
    let other = desk.place.file("new.txt", NEW_KEY);
    let id = old["id"].as_str().unwrap();
    let pin = [
        "key",
        "pin",
        word(&other),
        "--owner",
        "Example Bank, next",
        "--confirmed",
        "by telephone",
        "--second-person",
        "B. Second",
        "--replaces",
        id,
        "--valid-from",
        "2027-01-01T00:00:00Z",
    ];
    let new = desk.object("key", &pin);
    assert_eq!(new["replaces"]["key"], id);
    desk.words(&["key", "view", id])
        .says("Replaced by")
        .says("2027")
        .says("History")
        .says("changed by Ana Petrović: replaced by the key");
    assert_eq!(
        desk.object("key", &["key", "view", id])["history"][1]["change"],
        "pinned"
    );
    let missing = desk.run(&["key", "view", "nothing", "--vault", "bank.vault", "--json"]);
    assert_eq!(missing.ends_with(2).object("error")["code"], "not_found");
}

#[test]
fn a_list_of_keys_and_an_identity_are_pinned_like_a_key() {
    let desk = desk();
    // the first two public keys of RFC 8032, section 7.1
    let jwk = |kid: &str, x: &str| json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x});
    let keys = [
        jwk("k71", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
        jwk("k72", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"),
    ];
    let set = json!({ "keys": keys }).to_string();
    let file = desk.place.file("jwks.json", &set);
    let read = desk
        .place
        .run(["key", "show", word(&file), "--json"])
        .ends_with(0)
        .object("keys-read");
    desk.place
        .run(["key", "show", word(&file)])
        .ends_with(0)
        .says("2 keys in one list")
        .says("k72");
    let about = ["--owner", "Example Bank", "--confirmed", "by telephone"];
    let pinned = desk.object("keys", &[&["key", "pin", word(&file)], &about[..]].concat());
    for at in [0, 1] {
        assert_eq!(pinned["keys"][at]["fingerprint"], read["keys"][at]["fingerprint"]);
    }
    assert_ne!(pinned["keys"][0]["fingerprint"], pinned["keys"][1]["fingerprint"]);

    let who = [
        "--subject",
        "ci@example.com",
        "--issuer",
        "https://accounts.example.com",
    ];
    let shown = desk.place.run([&["key", "show"], &who[..], &["--json"]].concat());
    let read = shown.ends_with(0).object("key-read");
    let pinned = desk.object("key", &[&["key", "pin"], &who[..], &about].concat());
    assert_eq!(pinned["algorithm"], "sigstore-identity");
    assert_eq!(pinned["fingerprint"], read["fingerprint"]);
    assert_eq!(pinned["identity"]["issuer"], who[3]);
    let id = pinned["id"].as_str().unwrap();
    desk.words(&["key", "view", id])
        .says("ci@example.com; https://accounts.example.com");
    // a file or an identity, and what a root vouches for is said of a root alone
    let both = [
        &["key", "pin", word(&file), "--vault", "bank.vault"],
        &who[..],
        &about,
    ]
    .concat();
    desk.run(&both).ends_with(2);
    let wrong = [&["key", "pin", word(&file), "--vouches-for", "time"], &about[..]].concat();
    let wrong = desk.run(&[&wrong[..], &["--vault", "bank.vault", "--json"]].concat());
    assert_eq!(wrong.ends_with(2).object("error")["code"], "invalid_input");
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The Ed25519 public key of RFC 8032, 7.1, test 2.
const NEW_KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

#[test]
fn both_ends_are_printed_side_by_side() {
    let desk = desk();
    let chat = "bundles/chat-assistant-2026-Q3.json";
    desk.object("import", &["import", chat, "--source", "Chat assistant"]);
    // the same trail, cut off earlier
    let whole: Value = serde_json::from_slice(&fs::read(desk.place.path(chat)).unwrap()).unwrap();
    let mut cut = whole.clone();
    cut["entries"].as_array_mut().unwrap().truncate(300);
    desk.place
        .file("cut.json", &serde_json::to_string_pretty(&cut).unwrap());
    let import = desk.object("import", &["import", "cut.json"]);
    assert_eq!(import["bundles"][0]["verdict"], "refuted", "{import}");
    let id = import["bundles"][0]["bundle"].as_str().unwrap();
    let bundle = desk.object("bundle", &["bundles", id]);
    let told = &bundle["verification"]["continuity"][0];
    assert_eq!(
        (told["relation"].as_str(), told["earlier"]["records"].as_u64()),
        (Some("shorter"), Some(360))
    );
    assert_eq!(told["here"]["records"], 300);
    desk.words(&["bundles", id])
        .says("Earlier imports of this trail")
        .says("shorter: An earlier import of this trail")
        .says(told["earlier"]["head"].as_str().unwrap())
        .says(told["here"]["head"].as_str().unwrap());
}
