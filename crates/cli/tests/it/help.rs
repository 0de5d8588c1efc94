//! Help that a stranger can use: every verb says what it does, every option what it is for, and the page has both.

use crate::tickmark::Place;

/// The verbs under these words, from the help itself.
fn verbs(place: &Place, words: &[String]) -> Vec<Vec<String>> {
    let help = help(place, words);
    let mut found = Vec::new();
    let listed = help
        .lines()
        .skip_while(|line| *line != "Verbs:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    // a line further in goes on explaining
    for line in listed.filter(|line| !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        let path: Vec<_> = words.iter().cloned().chain([name.to_owned()]).collect();
        assert!(
            line.trim().len() > name.len() + 10,
            "{path:?} is not explained: {line}"
        );
        found.extend(verbs(place, &path));
        found.push(path);
    }
    found
}

fn help(place: &Place, words: &[String]) -> String {
    let answer = place.run(words.iter().map(String::as_str).chain(["--help"]));
    answer.ends_with(0);
    assert_eq!(answer.err, "");
    answer.out
}

#[test]
fn every_verb_and_every_option_is_explained() {
    let place = Place::new();
    let verbs = verbs(&place, &[]);
    assert!(verbs.len() > 40, "{}", verbs.len());
    for verb in &verbs {
        let help = help(&place, verb);
        let first = help.lines().next().unwrap();
        assert!(
            first.split(' ').count() >= 3 && !first.starts_with("Usage"),
            "{verb:?}: {first}"
        );
        assert!(help.contains("Usage: tickmark"), "{verb:?}");
        let lines: Vec<_> = help
            .lines()
            .take_while(|line| !line.starts_with("Example"))
            .collect();
        for (at, line) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.trim_start().starts_with("--"))
        {
            let explained = line.trim().contains("  ")
                || lines
                    .get(at + 1)
                    .is_some_and(|next| next.starts_with("          "));
            assert!(explained, "{verb:?} does not explain {line}");
        }
    }
}

#[test]
fn the_page_has_every_verb_and_only_what_can_be_typed() {
    let place = Place::new();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md")).unwrap();
    for verb in verbs(&place, &[]).iter().map(|verb| verb.join(" ")) {
        assert!(
            page.contains(&format!("tickmark {verb}")),
            "docs/cli.md does not mention tickmark {verb}"
        );
    }
    let mut typed = 0;
    for line in page.lines().filter(|line| line.starts_with("tickmark ")) {
        // a line in full: --help at its end answers with help only when everything before it could be read
        let answer = place.run(words(line).iter().map(String::as_str).chain(["--help"]));
        assert_eq!(answer.code, 0, "{line}\n{}", answer.err);
        typed += 1;
    }
    assert!(typed > 40, "{typed}");
}

#[test]
fn every_schema_is_named_on_the_page() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md")).unwrap();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            page.contains(&format!("schemas/{name}")),
            "docs/cli.md does not name schemas/{name}"
        );
    }
}

#[test]
fn the_version_is_said() {
    let answer = Place::new().run(["--version"]);
    assert_eq!(
        answer.ends_with(0).out.trim(),
        concat!("tickmark ", env!("CARGO_PKG_VERSION"))
    );
}

/// Words as a shell would part them; double quotes hold a word together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
        .into_iter()
        .skip(1)
        .filter(|word| !word.is_empty())
        .collect()
}
