//! Starting other programs and reading their answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::ChoreError;

/// The cargo that runs this program, or the one on the path.
#[must_use]
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// How everything is built, tested and shipped, so that nothing is built twice: `selection` of `xtask/scripts/ground.sh`.
pub const SELECTION: [&str; 5] = [
    "--locked",
    "--release",
    "--workspace",
    "--features",
    "tickmark-window/custom-protocol",
];

/// Where cargo builds.
#[must_use]
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Builds one program (`--bin` or `--example`, and its name) as all are built, and says where it lies.
///
/// # Errors
/// As [`answer`]: cargo cannot be started, or the build fails.
pub fn built(root: &Path, kind: &str, name: &str) -> Result<PathBuf, ChoreError> {
    let mut args = vec!["build", "--quiet"];
    args.extend(SELECTION);
    args.extend([kind, name]);
    answer(&cargo(), &args, root, RUST)?;
    let folder = target(root).join("release");
    Ok(match kind {
        "--example" => folder.join("examples").join(name),
        _ => folder.join(name),
    })
}

/// What to do where cargo cannot be started.
pub const RUST: &str = "install Rust with rustup";

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_and_the_chores_build_alike() {
        let script = include_str!("../scripts/ground.sh");
        let line = format!("\nselection=({})\n", SELECTION.join(" "));
        assert!(script.contains(&line), "expected {line}");
    }
}
