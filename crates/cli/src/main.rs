//! `tickmark`: the second door, for scripts and headless machines. Nothing is decided here.
//!
//! stdout carries only the result; progress, warnings and prompts go to stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)] // this program's work is to print

mod arguments;
mod command;
mod output;
mod progress;
mod secret;
mod text;
mod verdict;

use std::process::ExitCode;

use clap::Parser;
use tickmark_workbench::Error;

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refusal) => return not_understood(&refusal),
    };
    let door = output::Door::new(arguments.json, arguments.quiet);
    let code = command::run(arguments.command, &door).unwrap_or_else(|error| {
        door.error(&error);
        CANNOT
    });
    // a result that could not be written was not given, whatever it said
    ExitCode::from(if door.is_broken() { CANNOT } else { code })
}

/// Help and version go to stdout. A line that cannot be understood is an error like any other: JSON where it was asked for.
fn not_understood(refusal: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os()
        .skip(1)
        .take_while(|word| word != "--")
        .any(|word| word == "--json");
    if !refusal.use_stderr() || !wants_json {
        let _ = refusal.print();
        return ExitCode::from(if refusal.use_stderr() { CANNOT } else { 0 });
    }
    let said = refusal.to_string();
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let error = Error::invalid(first.strip_prefix("error: ").unwrap_or(first));
    output::Door::new(true, true).error(&lines.fold(error, Error::hint));
    ExitCode::from(CANNOT)
}

/// Nothing could be done or judged.
const CANNOT: u8 = 2;
