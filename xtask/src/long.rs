//! `cargo xtask long NAME`: what takes too long for every `./test`. Each form ends in one figure, which goes with its
//! commit and the kind of machine into `docs/figures.md`.

use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime};

use crate::bench::{self, Course};
use crate::error::{ChoreError, read};
use crate::{peers, program};

/// One long form.
pub struct Form {
    /// What it is called on the command line and in the table.
    pub name: &'static str,
    /// One sentence: what it shows.
    pub about: &'static str,
    run: fn(&Path) -> Result<String, ChoreError>,
}

/// Every long form.
pub const FORMS: &[Form] = &[
    Form {
        name: "million-chained",
        about: "a million chained records, verified beside one SHA-256 pass",
        run: |root| {
            Ok(bench::measure(
                root,
                Course {
                    records: 1_000_000,
                    signed: false,
                    rounds: 5,
                },
            )?
            .sentence())
        },
    },
    Form {
        name: "million-signed",
        about: "the same with an Ed25519 signature on each record",
        run: |root| {
            Ok(bench::measure(
                root,
                Course {
                    records: 1_000_000,
                    signed: true,
                    rounds: 5,
                },
            )?
            .sentence())
        },
    },
    Form {
        name: "ten-million-chained",
        about: "ten times as many records in the same memory",
        run: |root| {
            Ok(bench::measure(
                root,
                Course {
                    records: 10_000_000,
                    signed: false,
                    rounds: 1,
                },
            )?
            .sentence())
        },
    },
    Form {
        name: "million-imported",
        about: "a million chained records, imported into a new vault",
        run: |root| Ok(bench::measure_import(root, 1_000_000)?.sentence()),
    },
    Form {
        name: "peers",
        about: "published verifiers and ours on the lies that they can read; their counts go below the table",
        run: peers::count,
    },
    Form {
        name: "properties",
        about: "every property test with 20,000 cases instead of its usual number",
        run: properties,
    },
    Form {
        name: "fuzz",
        about: "every parser under half an hour of broken input (TICKMARK_FUZZ_MINUTES: as many minutes)",
        run: fuzz,
    },
];

/// Runs the form of that name and writes its row into `docs/figures.md`. Returns the figure.
///
/// # Errors
/// There is no such form, it fails, or the table cannot be written.
pub fn run(root: &Path, name: &str) -> Result<String, ChoreError> {
    let form = FORMS
        .iter()
        .find(|form| form.name == name)
        .ok_or_else(|| ChoreError::NoSuchForm {
            found: name.to_owned(),
            known: FORMS.iter().map(|form| form.name).collect::<Vec<_>>().join(", "),
        })?;
    let figure = (form.run)(root)?;
    let path = root.join("docs/figures.md");
    let row = format!("| {name} | {figure} | {} | {} |", commit(root)?, machine());
    let table = with_row(&read(&path)?, name, &row);
    std::fs::write(&path, table).map_err(|source| ChoreError::File { path, source })?;
    Ok(figure)
}

fn properties(root: &Path) -> Result<String, ChoreError> {
    let start = Instant::now();
    let output = Command::new(program::cargo())
        .arg("test")
        .args(program::SELECTION)
        .arg("--no-fail-fast")
        .env("PROPTEST_CASES", "20000")
        .current_dir(root)
        .output()
        .map_err(|source| ChoreError::NotStarted {
            program: "cargo".to_owned(),
            source,
            remedy: "install Rust with rustup",
        })?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let failed = said
            .lines()
            .filter(|line| line.ends_with("FAILED"))
            .collect::<Vec<_>>()
            .join("\n");
        let command = "PROPTEST_CASES=20000 cargo test --release".to_owned();
        return Err(ChoreError::Failed {
            command,
            status: output.status,
            stderr: failed,
        });
    }
    Ok(format!(
        "{} tests passed in {} min",
        passed(&said),
        start.elapsed().as_secs().div_ceil(60)
    ))
}

/// Builds the fuzzer as programs are shipped and lets it run, from other chance each day.
#[allow(
    clippy::disallowed_methods,
    reason = "a chore is its own door: nobody gives it a moment"
)]
fn fuzz(root: &Path) -> Result<String, ChoreError> {
    let minutes = match std::env::var("TICKMARK_FUZZ_MINUTES") {
        Ok(text) => {
            text.parse::<u32>()
                .ok()
                .filter(|minutes| *minutes > 0)
                .ok_or(ChoreError::Unreadable {
                    place: "TICKMARK_FUZZ_MINUTES".to_owned(),
                    expected: "a number of minutes",
                    found: text,
                })?
        }
        Err(_) => FUZZ_MINUTES,
    };
    let day = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(1, |passed| passed.as_secs() / 86_400);
    let (seconds, seed) = ((u64::from(minutes) * 60).to_string(), day.to_string());
    let fuzzer = program::built(root, "--bin", "fuzz")?.display().to_string();
    let args = ["--seconds", &seconds, "--seed", &seed];
    let output = program::output(&fuzzer, &args, root, program::RUST)?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(ChoreError::Failed {
            command: format!("{fuzzer} {}", args.join(" ")),
            status: output.status,
            stderr: failures(&said) + &String::from_utf8_lossy(&output.stderr),
        });
    }
    let last = said.lines().last().unwrap_or_default();
    Ok(format!("{} ({minutes} min)", last.trim()))
}

/// What the fuzzer says of inputs that failed: everything but the lines of targets that held.
fn failures(said: &str) -> String {
    let kept = said.lines().filter(|line| !line.ends_with(" a second"));
    kept.map(|line| format!("{line}\n")).collect()
}

/// How long the fuzzer runs unless told otherwise.
const FUZZ_MINUTES: u32 = 30;

/// The sum over `test result: ok. 12 passed; …`.
fn passed(said: &str) -> u64 {
    let counts = said
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. ")?.split_once(" passed"));
    counts.filter_map(|(count, _)| count.parse::<u64>().ok()).sum()
}

/// `1a2b3c4 of 2026-11-24`, with a word where the checkout differs from it.
fn commit(root: &Path) -> Result<String, ChoreError> {
    let git = |args: &[&str]| program::answer("git", args, root, "install git");
    let commit = git(&["show", "--no-patch", "--format=%h of %cs"])?;
    let changed = git(&[
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--",
        ".",
        ":!docs/figures.md",
    ])?;
    let suffix = if changed.is_empty() { "" } else { ", with changes" };
    Ok(format!("{}{suffix}", commit.trim()))
}

/// Processor, cores, memory and system; never a name that leads to one machine.
fn machine() -> String {
    let processor =
        value_in("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kib = value_in("/proc/meminfo", "MemTotal", ':')
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let memory = kib
        .map(|kib| format!(", {} GiB", kib.div_ceil(1 << 20)))
        .unwrap_or_default();
    let system =
        value_in("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("{processor}, {cores} cores{memory}, {}", system.trim_matches('"'))
}

fn value_in(path: &str, name: &str, separator: char) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once(separator));
    lines
        .into_iter()
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

/// The table with `row` in place of the row called `name`, or below the last row.
fn with_row(table: &str, name: &str, row: &str) -> String {
    let start = format!("| {name} |");
    let mut lines: Vec<&str> = table.lines().collect();
    match lines.iter().position(|line| line.starts_with(&start)) {
        Some(at) => lines[at] = row,
        None => {
            let end = lines
                .iter()
                .rposition(|line| line.starts_with('|'))
                .map_or(lines.len(), |at| at + 1);
            lines.insert(end, row);
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# Figures\n\n| form | figure |\n|---|---|\n| one | 1 |\n\nText.\n";

    #[test]
    fn a_row_is_replaced_or_added() {
        assert_eq!(
            with_row(TABLE, "one", "| one | 2 |"),
            TABLE.replace("| one | 1 |", "| one | 2 |")
        );
        assert_eq!(
            with_row(TABLE, "two", "| two | 2 |"),
            TABLE.replace("| one | 1 |", "| one | 1 |\n| two | 2 |")
        );
    }

    #[test]
    fn passed_tests_are_summed() {
        assert_eq!(
            passed("x\ntest result: ok. 12 passed; 0 failed\ntest result: ok. 3 passed; 0 failed\n"),
            15
        );
    }

    #[test]
    fn failing_inputs_are_told_without_the_others() {
        let said =
            "json 5 inputs, 2 answers, 7 a second\nzip FAILED with seed 1: x\n  again: fuzz --again zip f\n";
        assert_eq!(
            failures(said),
            "zip FAILED with seed 1: x\n  again: fuzz --again zip f\n"
        );
    }

    #[test]
    fn an_unknown_form_names_the_known_ones() {
        let error = run(&crate::root(), "no-such-form").unwrap_err();
        assert!(error.to_string().contains("million-chained"), "{error}");
    }

    #[test]
    fn names_are_unlike() {
        let names: std::collections::BTreeSet<_> = FORMS.iter().map(|form| form.name).collect();
        assert_eq!(names.len(), FORMS.len());
    }
}
