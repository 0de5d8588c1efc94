//! `cargo xtask bindings`: the contract's TypeScript, written anew from Rust, and whether it differs from what is kept.

use std::path::Path;
use std::process::Command;

use crate::error::{ChoreError, Fault};
use crate::program;

/// Where the generated types lie.
pub const FOLDER: &str = "ui/src/ipc/generated";

/// Writes the types and says which files thereby differ from the last commit.
///
/// # Errors
/// The export does not build or run, or git cannot be asked.
pub fn faults(root: &Path) -> Result<Vec<Fault>, ChoreError> {
    write(root)?;
    let args = ["status", "--porcelain", "--untracked-files=all", "--", FOLDER];
    Ok(drift(&program::answer("git", &args, root, "install git")?))
}

/// Runs the export. Same package selection as the rest of the build, so that nothing is built twice.
fn write(root: &Path) -> Result<(), ChoreError> {
    let mut args = vec!["test", "--quiet"];
    args.extend(program::SELECTION);
    args.extend(["--test", "bindings"]);
    let output = Command::new(program::cargo())
        .args(&args)
        .env("TICKMARK_WRITE_BINDINGS", "1")
        .current_dir(root)
        .output()
        .map_err(|source| ChoreError::NotStarted {
            program: "cargo".to_owned(),
            source,
            remedy: "install Rust with rustup",
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(ChoreError::Failed {
        command: format!("cargo {}", args.join(" ")),
        status: output.status,
        stderr: String::from_utf8_lossy(&said).trim().to_owned(),
    })
}

/// Reads `git status --porcelain`.
fn drift(status: &str) -> Vec<Fault> {
    let differ = status.lines().filter_map(|line| line.get(3..));
    differ
        .map(|name| {
            Fault::new(
                name,
                "differs from what the contract in Rust says; commit the file as written",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_and_new_files_are_drift() {
        assert_eq!(drift(""), []);
        let faults = drift(" M ui/src/ipc/generated/contract.ts\n?? ui/src/ipc/generated/new.ts\n");
        assert_eq!(faults.len(), 2);
        assert_eq!(faults[1].place, "ui/src/ipc/generated/new.ts");
    }
}
