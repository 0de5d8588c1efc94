//! What a chore can answer: a [`Fault`] in the project, or a [`ChoreError`] that kept it from looking.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something in the project that breaks one of its rules: where, and in one sentence what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The crate, the file or the file and line.
    pub place: String,
    /// One sentence: the rule, and what was found instead.
    pub sentence: String,
}

impl Fault {
    /// A fault at `place`.
    pub fn new(place: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.sentence)
    }
}

/// Why a chore could not look.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChoreError {
    /// A file or folder of the checkout could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program that the chore needs could not be started.
    #[error("{program} could not be started ({source}); {remedy}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
        /// How to get it.
        remedy: &'static str,
    },
    /// A program that the chore needs ended with a failure.
    #[error("`{command}` ended with {status}\n{stderr}")]
    Failed {
        /// The command line.
        command: String,
        /// Its exit status.
        status: std::process::ExitStatus,
        /// What it said.
        stderr: String,
    },
    /// A file is not the TOML that the chore expects.
    #[error("{path} is not the expected TOML: {source}", path = path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// `cargo metadata` or a `--json` output has another shape than expected.
    #[error("{what} has another shape than expected: {source}")]
    Json {
        /// The output.
        what: &'static str,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A line of `cargo tree` could not be read.
    #[error("line {line} of cargo tree is not `name vVERSION|licence|features`: {found:?}")]
    TreeLine {
        /// 1-based.
        line: usize,
        /// The line.
        found: String,
    },
    /// A name or version in a policy or an advisory could not be read.
    #[error("{place}: {found:?} is not {expected}")]
    Unreadable {
        /// The file or table.
        place: String,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The name of a long form is not known.
    #[error("no long form is called {found:?}; there are: {known}")]
    NoSuchForm {
        /// What was asked for.
        found: String,
        /// The names.
        known: String,
    },
    /// A measured program did not answer as it must for the figure to mean something.
    #[error("{what}: expected {expected}, found {found}")]
    Figure {
        /// The figure.
        what: &'static str,
        /// What makes the figure mean something.
        expected: String,
        /// What came.
        found: String,
    },
}

/// Reads a file of the checkout as text.
///
/// # Errors
/// [`ChoreError::File`] with the path.
pub fn read(path: &Path) -> Result<String, ChoreError> {
    std::fs::read_to_string(path).map_err(|source| ChoreError::File {
        path: path.to_path_buf(),
        source,
    })
}
