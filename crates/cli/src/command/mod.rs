//! One file a family of verbs. A verb turns what was typed into a request, and the answer into words.

mod bundle;
mod custody;
mod demo;
mod engagement;
mod evaluation;
mod finding;
mod key;
mod plan;
mod profile;
mod record;
mod reference;
mod report;
mod session;
mod source;
mod vault;
mod verification;

use tickmark_workbench::Answer;

use crate::arguments::Command;
use crate::output::Door;

/// Does what was asked for, and says the exit code.
///
/// # Errors
/// As the workbench says; the door prints it and the program ends with exit code 2.
pub fn run(command: Command, door: &Door) -> Answer<u8> {
    match command {
        Command::Verify(typed) => verification::verify(typed, door),
        Command::Vault(typed) => vault::run(typed, door),
        Command::Engagement(typed) => engagement::run(typed, door),
        Command::Import(typed) => bundle::import(typed, door),
        Command::Bundles(typed) => bundle::show(typed, door),
        Command::VerifyAgain(typed) => bundle::verify_again(typed, door),
        Command::Records(typed) => record::list(&typed, door),
        Command::Record(typed) => record::show(typed, door),
        Command::Search(typed) => record::search(&typed, door),
        Command::Export(typed) => record::export(typed, door),
        Command::Source(typed) => source::run(typed, door),
        Command::Key(typed) => key::run(typed, door),
        Command::Plan(typed) => plan::plan(typed, door),
        Command::Plans(typed) => plan::show(typed, door),
        Command::Draw(typed) => plan::draw(typed, door),
        Command::Result(typed) => evaluation::result(typed, door),
        Command::Evaluate(typed) => evaluation::evaluate(typed, door),
        Command::Finding(typed) => finding::run(typed, door),
        Command::Note(typed) => finding::note(typed, door),
        Command::Report(typed) => report::write(typed, door),
        Command::Reports(typed) => report::list(&typed, door),
        Command::VerifyReport(typed) => report::check(&typed, door),
        Command::Custody(typed) => custody::run(typed, door),
        Command::Profiles(typed) => profile::run(typed, door),
        Command::Selftest => demo::selftest(door),
        Command::Demo(typed) => demo::make(&typed, door),
    }
}

/// Done.
const DONE: u8 = 0;
/// A judgement speaks against it: a claim is refuted, a figure differs, something is damaged.
const AGAINST: u8 = 1;
/// Nothing could be done or judged.
const CANNOT: u8 = 2;
/// Nothing speaks against it, and something could not be settled.
const OPEN: u8 = 3;
