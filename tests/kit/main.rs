//! `corpus write`: `case.toml` of every lie into `tests/attacks`. `corpus bundles FOLDER`: every bundle with its case.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a program for the terminal"
)]

use std::path::Path;
use std::process::ExitCode;

use tickmark_tests::corpus::{good, lies, store};

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
        _ => {
            eprintln!("corpus write | corpus bundles FOLDER");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
