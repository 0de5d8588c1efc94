//! `corpus write`: `case.toml` of every lie into `tests/attacks`. `corpus bundles FOLDER`: every bundle with its case.
//! `corpus verify PROGRAM`: every bundle judged by that program.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a program for the terminal"
)]

use std::path::Path;
use std::process::ExitCode;

use tickmark_tests::corpus::{door, good, lies, store};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["write"] => {
            let cases = lies();
            store::commit(&cases).unwrap();
            println!("{} lies", cases.len());
        }
        ["bundles", folder] => {
            let folder = Path::new(folder);
            for (kind, cases) in [("attacks", lies()), ("good", good())] {
                for case in &cases {
                    store::lay_out(case, &folder.join(kind)).unwrap();
                }
                println!("{} in {kind}", cases.len());
            }
        }
        ["verify", program] => return verify(Path::new(program)),
        _ => {
            eprintln!("corpus write | corpus bundles FOLDER | corpus verify PROGRAM");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn verify(program: &Path) -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let mut is_right = true;
    for (kind, cases) in [("lies", lies()), ("good bundles", good())] {
        let outcome = door::judge(program, &folder.path().join("cases"), &cases);
        println!(
            "{} {kind} judged by {}, at most {} s and {} MiB each; {} more are for a vault",
            outcome.judged,
            program.display(),
            door::SECONDS,
            door::MEBIBYTES,
            outcome.for_a_vault
        );
        println!(
            "the longest took {} ms ({}), the largest {} MiB ({})",
            outcome.longest.0,
            outcome.longest.1,
            outcome.largest.0 >> 10,
            outcome.largest.1
        );
        is_right &= outcome.wrong.is_empty() && outcome.judged > 0;
        outcome.wrong.iter().for_each(|line| eprintln!("{line}"));
        println!("{} differ", outcome.wrong.len());
    }
    if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
