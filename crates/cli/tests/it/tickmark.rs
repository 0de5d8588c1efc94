//! The program, started once, in surroundings of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::schema;

/// What one start gave.
pub struct Answer {
    /// How it ended.
    pub code: i32,
    /// The result.
    pub out: String,
    /// What was said beside it.
    pub err: String,
}

/// A folder of its own, with a home in which nothing lies.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program with nothing of the machine's in its surroundings that could change an answer.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
        self.prepare(&mut command);
        command
    }

    pub fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home/config"))
            .env("TICKMARK_WORK_FACTOR", "4")
            .env_remove("TICKMARK_PASSPHRASE")
            .env_remove("COLUMNS")
            .stdin(std::process::Stdio::null());
    }

    /// Starts it with these words.
    pub fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Answer {
        answer(self.command().args(words).output().unwrap())
    }

    /// Starts it on a vault, with the passphrase in its surroundings.
    pub fn run_in(&self, passphrase: &str, words: &[&str]) -> Answer {
        answer(
            self.command()
                .env("TICKMARK_PASSPHRASE", passphrase)
                .args(words)
                .output()
                .unwrap(),
        )
    }
}

pub fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Answer {
    /// The one JSON object on stdout, after a look at its schema.
    #[track_caller]
    pub fn object(&self, expected: &str) -> Value {
        let lines: Vec<_> = self.out.lines().collect();
        let [line] = lines.as_slice() else {
            panic!("not one line: {}\n{}", self.out, self.err)
        };
        let object: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert_eq!(object["schema"], format!("tickmark.{expected}/1"), "{object}");
        schema::holds(expected, &object);
        object
    }

    #[track_caller]
    pub fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.out.contains(words),
            "“{words}” is not in stdout:\n{}\nstderr:\n{}",
            self.out,
            self.err
        );
        self
    }
}

/// A path as a word.
pub fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}
