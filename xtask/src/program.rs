//! Starting other programs and reading their answer.

use std::path::Path;
use std::process::{Command, Output};

use crate::ChoreError;

/// The cargo that runs this program, or the one on the path.
#[must_use]
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Runs `program` in `folder` and returns what it printed.
///
/// # Errors
/// [`ChoreError::NotStarted`] (with `remedy`), or [`ChoreError::Failed`] with what it said.
pub fn answer(
    program: &str,
    args: &[&str],
    folder: &Path,
    remedy: &'static str,
) -> Result<String, ChoreError> {
    let output = output(program, args, folder, remedy)?;
    if !output.status.success() {
        return Err(ChoreError::Failed {
            command: format!("{program} {}", args.join(" ")),
            status: output.status,
            stderr: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `program` in `folder` and returns everything, whatever its exit status.
///
/// # Errors
/// [`ChoreError::NotStarted`], with `remedy`.
pub fn output(
    program: &str,
    args: &[&str],
    folder: &Path,
    remedy: &'static str,
) -> Result<Output, ChoreError> {
    Command::new(program)
        .args(args)
        .current_dir(folder)
        .output()
        .map_err(|source| ChoreError::NotStarted {
            program: program.to_owned(),
            source,
            remedy,
        })
}
