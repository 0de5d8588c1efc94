//! What is fuzzed: one parser a target, and what holds of every input.

use std::fmt::{self, Write as _};
use std::path::PathBuf;

use crate::targets;

/// One target.
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: String,
    /// Words of its format.
    pub words: &'static [&'static str],
    /// Whether its format is JSON or lines of JSON.
    pub is_json: bool,
    /// Runs one input; panics where something does not hold. The answer stands for what happened: an input with an answer
    /// that was not seen before is kept and broken further.
    pub run: Box<Run>,
    /// Inputs to begin with, by name.
    pub seeds: Vec<(String, Vec<u8>)>,
}

/// What runs one input.
type Run = dyn Fn(&[u8]) -> u64;

/// What makes a target.
type Make = dyn Fn() -> Target;

/// A target before anything of it is made.
pub struct Listed {
    /// Its name.
    pub name: String,
    /// One sentence for `--list`.
    pub about: String,
    /// Makes it.
    pub make: Box<Make>,
}

impl Target {
    /// A target whose seeds lie in the corpus.
    pub fn new(name: &str, words: &'static [&'static str], run: impl Fn(&[u8]) -> u64 + 'static) -> Target {
        Target {
            name: name.to_owned(),
            words,
            is_json: false,
            run: Box::new(run),
            seeds: Vec::new(),
        }
    }

    /// The same, of a format that is JSON.
    pub fn json(self) -> Target {
        Target {
            is_json: true,
            ..self
        }
    }

    /// The same, with a seed of its own beside those in the corpus.
    pub fn seed(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Target {
        self.seeds.push((name.to_owned(), bytes.into()));
        self
    }
}

impl Listed {
    /// A target by what makes it.
    pub fn new(name: &str, about: &str, make: impl Fn(&str) -> Target + 'static) -> Listed {
        let own = name.to_owned();
        Listed {
            name: name.to_owned(),
            about: about.to_owned(),
            make: Box::new(move || make(&own)),
        }
    }
}

/// Every target.
pub fn all() -> Vec<Listed> {
    let mut all = targets::formats::all();
    all.extend(targets::containers::all());
    all.extend(targets::keys::all());
    all.extend(targets::signatures::all());
    all.extend(targets::transparency::all());
    all.extend(targets::judging::all());
    all.extend(targets::reports::all());
    all.extend(targets::trails::all());
    all
}

/// Where seeds lie unless told otherwise.
pub fn corpus() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds"))
}

/// What a result stands for: the kind of its error, by the words that do not depend on the input.
pub fn shape<T, E: fmt::Debug>(result: &Result<T, E>) -> u64 {
    match result {
        Ok(_) => 1,
        Err(error) => words_of(error),
    }
}

/// A number for the names in a `Debug` form, without what stands in quotes and without figures.
pub fn words_of(thing: &dyn fmt::Debug) -> u64 {
    let mut words = Words {
        sum: 0xcbf2_9ce4_8422_2325,
        left: 160,
        in_quotes: false,
    };
    // broken off where enough was read
    let _ = write!(words, "{thing:?}");
    words.sum
}

/// Several answers in one.
pub fn joined(parts: &[u64]) -> u64 {
    parts.iter().fold(17, |sum, part| {
        (sum ^ part).wrapping_mul(0x0100_0000_01b3).rotate_left(7)
    })
}

struct Words {
    sum: u64,
    left: u32,
    in_quotes: bool,
}

impl fmt::Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if byte == b'"' {
                self.in_quotes = !self.in_quotes;
            }
            if self.in_quotes || !byte.is_ascii_alphabetic() {
                continue;
            }
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.sum = (self.sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}
