//! `cargo xtask CHORE`: the same words at a desk and in CI.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::bench::{self, Course};
use xtask::corpus::{self, Wish};
use xtask::{ChoreError, Fault, bindings, deny, floors, links, long, peers};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// A crate knows lower floors only; floors 0 and 1 know no disk, clock or screen
    Floors,
    /// Licences, sources, bans and advisories of what is shipped, as deny.toml says
    Deny {
        /// A copy of the RustSec advisory database
        #[arg(long, value_name = "DIR")]
        advisories: Option<PathBuf>,
    },
    /// Relative links in Markdown files lead somewhere
    Links,
    /// Writes the contract's TypeScript; a difference from the last commit is a fault
    Bindings,
    /// `tickmark verify` of a long trail beside `openssl dgst -sha256` and published verifiers, and its import (needs a
    /// release build)
    Bench {
        /// Records in the trail
        #[arg(long, default_value_t = 1_000_000)]
        records: u64,
        /// How often each program runs; the median counts
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// The corpus of lies: writes its cases, lays its bundles out, or has a program judge them
    Corpus {
        #[command(subcommand)]
        wish: CorpusWish,
    },
    /// A long form: measures and writes its figure into docs/figures.md; without a name, lists them
    Long {
        /// Which
        name: Option<String>,
    },
}

#[derive(Subcommand)]
enum CorpusWish {
    /// case.toml of every lie, into tests/attacks
    Write,
    /// Every lie under FOLDER/attacks and every good bundle under FOLDER/good, each with its case.toml
    Bundles {
        /// Where
        folder: PathBuf,
    },
    /// Has a build of tickmark judge every bundle, in 5 seconds and 512 MiB each
    Verify {
        /// The program
        #[arg(default_value = "target/release/tickmark")]
        program: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().chore) {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            eprintln!("{} found", count(faults.len(), "fault"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(chore: &Chore) -> Result<Vec<Fault>, ChoreError> {
    let root = xtask::root();
    match chore {
        Chore::Floors => floors::faults(&root),
        Chore::Deny { advisories } => {
            let database = advisories.clone().or_else(|| deny::database(&root));
            let judgement = deny::judge(&root, database.as_deref())?;
            for (platform, packages) in &judgement.shipped {
                println!("{platform}: {} shipped", count(*packages, "package"));
            }
            judgement
                .not_checked
                .iter()
                .for_each(|sentence| println!("{sentence}"));
            Ok(judgement.faults)
        }
        Chore::Links => links::faults(&root),
        Chore::Bindings => bindings::faults(&root),
        Chore::Bench { records, rounds } => {
            for signed in [false, true] {
                println!(
                    "{}",
                    bench::measure(
                        &root,
                        Course {
                            records: *records,
                            signed,
                            rounds: *rounds
                        }
                    )?
                    .sentence()
                );
            }
            println!("{}", bench::measure_import(&root, *records)?.sentence());
            println!("{}", peers::times(&root)?);
            Ok(Vec::new())
        }
        Chore::Corpus { wish } => corpus::faults(
            &root,
            &match wish {
                CorpusWish::Write => Wish::Write,
                CorpusWish::Bundles { folder } => Wish::Bundles(folder.clone()),
                CorpusWish::Verify { program } => Wish::Verify(program.clone()),
            },
        ),
        Chore::Long { name: None } => {
            long::FORMS
                .iter()
                .for_each(|form| println!("{:<20} {}", form.name, form.about));
            Ok(Vec::new())
        }
        Chore::Long { name: Some(name) } => {
            println!("{}", long::run(&root, name)?);
            Ok(Vec::new())
        }
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
