//! Published verifiers beside ours: `tests/peers/run`. Their names stay in `tests/peers/peers.toml`, which is not tracked;
//! what is written into the documents bears letters.

use std::fs;
use std::path::Path;

use crate::bench::{self, Course};
use crate::error::{ChoreError, read};
use crate::program;

/// The section of `docs/figures.md` that holds the counts.
const HEADING: &str = "## Published verifiers beside ours";
const REMEDY: &str = "run it from a checkout, with bash and Python 3.11";
/// Records of the trails that published verifiers are timed on: enough to drown a start, few enough to wait for.
const RECORDS: u64 = 100_000;

/// Asks every verifier about the lies that it can read, writes the counts into `docs/figures.md`, and returns the sentence.
///
/// # Errors
/// `tests/peers/run` fails or asks nobody, or the table cannot be read or written.
pub fn count(root: &Path) -> Result<String, ChoreError> {
    let script = root.join("tests/peers/run").display().to_string();
    let figure = program::answer(&script, &[], root, REMEDY)?;
    let table = read(&program::target(root).join("peers/table.md"))?;
    let path = root.join("docs/figures.md");
    let text = with_section(&read(&path)?, HEADING, &table);
    fs::write(&path, text).map_err(|source| ChoreError::File { path, source })?;
    Ok(figure.trim().to_owned())
}

/// The verifiers that read the trails of the bench, timed beside ours; or one sentence that nobody was asked.
///
/// # Errors
/// A trail cannot be written, or `tests/peers/run` fails.
pub fn times(root: &Path) -> Result<String, ChoreError> {
    if !root.join("tests/peers/peers.toml").is_file() {
        return Ok("No published verifier was asked: tests/peers/peers.toml is not there.".to_owned());
    }
    let script = root.join("tests/peers/run").display().to_string();
    let mut tables = Vec::new();
    for (signed, format) in [(false, "autonomous-audit"), (true, "agentproofchain")] {
        let course = Course {
            records: RECORDS,
            signed,
            rounds: 1,
        };
        let (trail, trust) = bench::trail_of(root, course)?;
        let trust = if signed {
            trust.display().to_string()
        } else {
            "-".to_owned()
        };
        let (trail, records) = (trail.display().to_string(), RECORDS.to_string());
        let table = program::answer(
            &script,
            &["--speed", &trail, &records, format, &trust],
            root,
            REMEDY,
        )?;
        tables.push(table.trim().to_owned());
    }
    Ok(tables.join("\n\n"))
}

/// The text with `body` as the section under `heading`: the old one replaced, or a new one at the end.
fn with_section(text: &str, heading: &str, body: &str) -> String {
    let section = format!("{heading}\n\n{}\n", body.trim());
    let Some(start) = text.find(&format!("\n{heading}\n")) else {
        return format!("{}\n\n{section}", text.trim_end());
    };
    let (before, old) = text.split_at(start + 1);
    match old.find("\n## ") {
        Some(end) => format!("{before}{section}{}", &old[end..]),
        None => format!("{before}{section}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_added_or_replaced_and_its_neighbours_stay() {
        let added = with_section("# Figures\n\nText.\n", "## Two", "| a |\n");
        assert_eq!(added, "# Figures\n\nText.\n\n## Two\n\n| a |\n");
        assert_eq!(
            with_section(&added, "## Two", "| b |"),
            "# Figures\n\nText.\n\n## Two\n\n| b |\n"
        );
        let between = "# Figures\n\n## Two\n\nold\nold\n\n## Three\n\nkept\n";
        assert_eq!(
            with_section(between, "## Two", "new"),
            "# Figures\n\n## Two\n\nnew\n\n## Three\n\nkept\n"
        );
    }

    #[test]
    fn a_checkout_without_names_says_that_nobody_was_asked() {
        let empty = tempfile::tempdir().unwrap();
        assert!(
            times(empty.path())
                .unwrap()
                .starts_with("No published verifier was asked")
        );
    }
}
