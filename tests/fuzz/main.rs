//! `fuzz`: every parser of Tickmark under broken input, on the stable toolchain. See `tests/fuzz/README.md`.
//!
//! Each target runs in a process of its own, so that a stack that overflows or memory that runs out ends that process
//! and is told like any other failure.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a program for the terminal that measures time; a target panics to say that something does not hold"
)]

mod bound;
mod chance;
mod edit;
mod minimise;
mod mutate;
mod parent;
mod seeds;
mod target;
mod targets;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What was asked for.
pub struct Asked {
    seconds: f64,
    target: Option<String>,
    seed: u64,
    corpus: PathBuf,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--list"] => {
            for listed in target::all() {
                println!("{:<28} {}", listed.name, listed.about);
            }
            ExitCode::SUCCESS
        }
        ["--write-seeds"] => seeds::write(&target::corpus()),
        ["--inside", name, seconds, seed, corpus, input] => {
            let time = Duration::from_secs_f64(seconds.parse().unwrap());
            worker::run(name, time, seed.parse().unwrap(), corpus.as_ref(), input.as_ref())
        }
        ["--again", name, input] => worker::again(name, input.as_ref()),
        others => match read(others) {
            Some(asked) => parent::run(&asked),
            None => {
                eprintln!("{USAGE}");
                ExitCode::from(2)
            }
        },
    }
}

fn read(arguments: &[&str]) -> Option<Asked> {
    let mut asked = Asked {
        seconds: 20.0,
        target: None,
        seed: 1,
        corpus: target::corpus(),
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--seconds" => asked.seconds = rest.next()?.parse().ok().filter(|seconds| *seconds > 0.0)?,
            "--target" => asked.target = Some((*rest.next()?).to_owned()),
            "--seed" => asked.seed = rest.next()?.parse().ok()?,
            other if other.starts_with('-') => return None,
            folder => asked.corpus = folder.into(),
        }
    }
    Some(asked)
}

const USAGE: &str = "\
fuzz [--seconds N] [--target NAME] [--seed N] [CORPUS]   every target, N seconds together (20)
fuzz --list                                              the targets
fuzz --again TARGET FILE                                 one input again, such as one that failed
fuzz --write-seeds                                       writes the seeds that this program makes";
