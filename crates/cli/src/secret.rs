//! Where a passphrase comes from: a file, the variable `TICKMARK_PASSPHRASE`, or a prompt. Never an argument, which other
//! accounts of the machine could read.

use std::path::Path;

use tickmark_workbench::received::small_file;
use tickmark_workbench::{Answer, Error};

/// The vault's passphrase.
///
/// # Errors
/// When the file cannot be read, or there is no terminal to ask on.
pub fn passphrase(file: Option<&Path>) -> Answer<String> {
    match file {
        Some(path) => from_file(path),
        None => from_surroundings().map_or_else(|| asked("Passphrase of the vault: ", OPENING), Ok),
    }
}

/// The passphrase of a vault that is to be created, asked for twice.
///
/// # Errors
/// As [`passphrase`]; also when the two differ.
pub fn new_passphrase(file: Option<&Path>) -> Answer<String> {
    match file {
        Some(path) => from_file(path),
        None => from_surroundings().map_or_else(|| asked_twice(OPENING), Ok),
    }
}

/// A further passphrase for a vault that exists. The variable holds the one that opens it, so it is not looked at.
///
/// # Errors
/// As [`new_passphrase`].
pub fn further_passphrase(file: Option<&Path>) -> Answer<String> {
    file.map_or_else(|| asked_twice(FURTHER), from_file)
}

/// A secret of one line from a file; a line feed at its end does not belong to it.
///
/// # Errors
/// When the file cannot be read, or is no text of one line.
pub fn from_file(path: &Path) -> Answer<String> {
    let mut text = text_of(path)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    if text.is_empty() {
        return Err(Error::invalid(format!("{} is empty.", path.display())));
    }
    if text.contains(['\r', '\n']) {
        return Err(Error::invalid(format!(
            "{} has more than one line.",
            path.display()
        )));
    }
    Ok(text)
}

/// An age identity file, as `age-keygen` writes it.
///
/// # Errors
/// When the file cannot be read or is no text.
pub fn identity(path: &Path) -> Answer<String> {
    text_of(path)
}

fn text_of(path: &Path) -> Answer<String> {
    let bytes = small_file(path, LARGEST_SECRET)?;
    String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{} holds no text.", path.display())))
}

fn from_surroundings() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|text| !text.is_empty())
}

fn asked_twice(otherwise: &str) -> Answer<String> {
    let first = asked("New passphrase: ", otherwise)?;
    if first.is_empty() {
        return Err(Error::invalid("The passphrase is empty. Nothing was changed."));
    }
    if first == asked("The same again: ", otherwise)? {
        Ok(first)
    } else {
        Err(Error::invalid("The two passphrases differ. Nothing was changed."))
    }
}

/// Asks on the terminal; `otherwise` says what to do where there is none.
fn asked(prompt: &str, otherwise: &str) -> Answer<String> {
    rpassword::prompt_password(prompt)
        .map_err(|_| Error::invalid("There is no terminal to ask for the passphrase on.").hint(otherwise))
}

const OPENING: &str = "Give it in a file with --passphrase-file, or in the variable TICKMARK_PASSPHRASE.";
const FURTHER: &str = "Give the new one in a file with --new-passphrase-file.";
const VARIABLE: &str = "TICKMARK_PASSPHRASE";
const LARGEST_SECRET: u64 = 64 * 1024;
