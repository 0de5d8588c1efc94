//! `cargo xtask corpus`: the door to the corpus of lies. The corpus itself is a program of the tests' package, which knows
//! this one; so it is started, not linked.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{ChoreError, Fault};
use crate::program;

/// What is done with the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Writes `case.toml` of every lie into `tests/attacks`.
    Write,
    /// Lays every bundle out in a folder.
    Bundles(PathBuf),
    /// Has a program judge every bundle.
    Verify(PathBuf),
}

/// Does it; what the corpus says goes to the terminal.
///
/// # Errors
/// [`ChoreError::NotStarted`] when cargo cannot be started.
pub fn faults(root: &Path, wish: &Wish) -> Result<Vec<Fault>, ChoreError> {
    let corpus = program::built(root, "--bin", "corpus")?;
    let mut command = Command::new(&corpus);
    command.current_dir(root);
    match wish {
        Wish::Write => command.arg("write"),
        Wish::Bundles(folder) => command.arg("bundles").arg(from_here(folder)),
        Wish::Verify(program) => command.arg("verify").arg(from_here(program)),
    };
    let status = command.status().map_err(|source| ChoreError::NotStarted {
        program: corpus.display().to_string(),
        source,
        remedy: program::RUST,
    })?;
    let is_well = status.success();
    Ok(if is_well {
        Vec::new()
    } else {
        vec![Fault::new(
            "tests/attacks",
            "The corpus does not hold; what differs is told above.",
        )]
    })
}

/// A path as it is meant at the terminal, for a program that starts in the top folder.
fn from_here(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
