//! What goes wrong, and how it is said: one sentence, what can be done, exit code 2, and an object with --json.

use std::process::Command;

use crate::tickmark::{Answer, Place, answer, word};

#[test]
fn a_file_that_is_not_there() {
    let place = Place::new();
    let missing = place.run(["verify", "nothing.zip"]);
    missing.ends_with(2);
    assert_eq!(missing.out, "");
    assert!(
        missing.err.starts_with("tickmark: nothing.zip is not there."),
        "{}",
        missing.err
    );
    let error = place
        .run(["verify", "nothing.zip", "--json"])
        .ends_with(2)
        .object("error");
    assert_eq!(error["code"], "unreadable");
}

#[test]
fn nothing_of_a_set_can_be_judged() {
    let place = Place::new();
    let set = place
        .run(["verify", "a.zip", "b.zip", "--json"])
        .ends_with(2)
        .object("verification-set");
    assert_eq!(set["verdict"], "not_proven");
    assert_eq!(set["bundles"][1]["error"]["code"], "unreadable");
    place
        .run(["verify", "a.zip", "b.zip"])
        .ends_with(2)
        .says("[ ] Not checked  a.zip");
}

#[test]
fn words_that_cannot_be_understood() {
    let place = Place::new();
    for words in [
        &["verify"][..],
        &["nonsense"],
        &["verify", "a", "--trsut", "b"],
        &["plan", "--population", "-1"],
        &[],
    ] {
        let refused = place.run(words);
        refused.ends_with(2);
        assert_eq!(refused.out, "", "{words:?}");
        assert!(refused.err.contains("Usage: tickmark"), "{}", refused.err);
    }
    for words in [
        &["verify", "--json"][..],
        &["--json", "nonsense"],
        &["verify", "a", "--trsut", "b", "--json"],
    ] {
        let refused = place.run(words);
        let error = refused.ends_with(2).object("error");
        assert_eq!(error["code"], "invalid_input");
        assert!(
            !error["message"].as_str().unwrap().starts_with("error"),
            "{error}"
        );
        assert!(error["hints"].as_array().unwrap().len() > 1, "{error}");
        assert_eq!(refused.err, "");
    }
}

#[test]
fn a_passphrase_is_never_an_argument() {
    let place = Place::new();
    for words in [
        ["vault", "open", "x.vault", "--passphrase", "s"],
        ["verify", "x", "--identity-text", "s", "--json"],
    ] {
        place.run(words).ends_with(2);
    }
}

/// Starts the program in a session of its own, which has no terminal, whoever started the tests.
fn without_terminal(place: &Place, passphrase: Option<&str>, words: &[&str]) -> Option<Answer> {
    let mut command = Command::new("setsid");
    place.prepare(&mut command);
    command
        .args(["--wait", env!("CARGO_BIN_EXE_tickmark")])
        .args(words);
    command.envs(passphrase.map(|text| ("TICKMARK_PASSPHRASE", text)));
    let output = command.output().ok();
    if output.is_none() {
        eprintln!("skipped: this machine has no setsid");
    }
    output.map(answer)
}

#[test]
fn no_terminal_to_ask_on() {
    let place = Place::new();
    let Some(refused) = without_terminal(&place, None, &["vault", "open", "x.vault"]) else {
        return;
    };
    refused.ends_with(2);
    assert!(
        refused.err.contains("no terminal to ask for the passphrase on"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("TICKMARK_PASSPHRASE"), "{}", refused.err);
}

#[test]
fn a_second_passphrase_is_never_the_first_one_again() {
    let place = Place::new();
    let first = "correct horse battery";
    place
        .run_in(first, &["vault", "create", "bank.vault"])
        .ends_with(0);
    let words = [
        "vault",
        "slots",
        "add-passphrase",
        "bank.vault",
        "--label",
        "Safe",
    ];
    let Some(refused) = without_terminal(&place, Some(first), &words) else {
        return;
    };
    assert!(
        refused.ends_with(2).err.contains("--new-passphrase-file"),
        "{}",
        refused.err
    );
    let list = place
        .run(["vault", "slots", "bank.vault", "--json"])
        .ends_with(0)
        .object("slots");
    assert_eq!(list["slots"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_folder_that_is_no_vault() {
    let place = Place::new();
    std::fs::create_dir(place.path("x.vault")).unwrap();
    for words in [
        &["vault", "open", "x.vault"][..],
        &["vault", "check", "x.vault"],
        &["records", "--vault", "x.vault"],
        &["vault", "slots", "list", "x.vault"],
    ] {
        let words: Vec<_> = words.iter().copied().chain(["--json"]).collect();
        let error = place
            .run_in("correct horse battery", &words)
            .ends_with(2)
            .object("error");
        assert_eq!(error["code"], "not_a_vault", "{words:?}: {error}");
    }
}

#[test]
fn a_passphrase_that_opens_nothing() {
    let place = Place::new();
    place
        .run_in("correct horse battery", &["vault", "create", "bank.vault"])
        .ends_with(0);
    for verb in [
        &["vault", "open", "bank.vault"][..],
        &["vault", "check", "bank.vault"],
        &["bundles", "--vault", "bank.vault"],
    ] {
        let words: Vec<_> = verb.iter().copied().chain(["--json"]).collect();
        let refused = place.run_in("incorrect horse", &words);
        let error = refused.ends_with(2).object("error");
        assert_eq!(error["code"], "wrong_secret");
        assert!(
            !refused.out.contains("incorrect horse"),
            "a secret is never said back: {}",
            refused.out
        );
    }
}

#[test]
fn a_passphrase_file_is_one_line() {
    let place = Place::new();
    let several = place.file("several", "one two three\nfour five six\n");
    let empty = place.file("empty", "\n");
    for (file, says) in [(&several, "more than one line"), (&empty, "is empty")] {
        let refused = place.run(["vault", "create", "bank.vault", "--passphrase-file", word(file)]);
        refused.ends_with(2);
        assert!(refused.err.contains(says), "{}", refused.err);
        assert!(!refused.err.contains("four"), "{}", refused.err);
    }
    assert!(!place.path("bank.vault").exists());
    let right = place.file("right", "correct horse battery\r\n");
    place
        .run(["vault", "create", "bank.vault", "--passphrase-file", word(&right)])
        .ends_with(0);
    place
        .run_in("correct horse battery", &["vault", "open", "bank.vault"])
        .ends_with(0);
}

#[test]
fn an_existing_vault_is_not_written_over() {
    let place = Place::new();
    place
        .run_in("correct horse battery", &["vault", "create", "bank.vault"])
        .ends_with(0);
    let before = std::fs::read(place.path("bank.vault/vault.json")).unwrap();
    place
        .run_in("another passphrase", &["vault", "create", "bank.vault"])
        .ends_with(2);
    assert_eq!(
        std::fs::read(place.path("bank.vault/vault.json")).unwrap(),
        before
    );
}

#[test]
fn hostile_names_cannot_steer_the_terminal() {
    let place = Place::new();
    let refused = place.run(["verify", "a\u{1b}[2J\u{202e}.zip"]);
    refused.ends_with(2);
    assert!(
        refused.err.contains("a<U+001B>[2J<U+202E>.zip"),
        "{}",
        refused.err
    );
    assert!(!refused.err.contains('\u{1b}'));
}

#[test]
fn a_result_that_cannot_be_written_was_not_given() {
    let full = std::path::Path::new("/dev/full");
    if !full.exists() {
        eprintln!("skipped: this machine has no /dev/full");
        return;
    }
    let place = Place::new();
    let output = std::fs::OpenOptions::new().write(true).open(full).unwrap();
    let status = place
        .command()
        .args(["profiles", "list"])
        .stdout(output)
        .stderr(std::process::Stdio::null())
        .status();
    assert_eq!(status.unwrap().code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    let mut child = place
        .command()
        .args(["finding", "criteria"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
