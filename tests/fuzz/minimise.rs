//! Cutting an input that fails, for as long as it still does.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::parent::program;

/// Cuts pieces out of the input in `path`, in place; how many bytes are left.
pub fn minimise(name: &str, path: &Path) -> usize {
    let Ok(mut input) = fs::read(path) else { return 0 };
    let trial = path.with_extension("trial");
    let start = Instant::now();
    let Some(failure) = how_it_fails(name, path) else {
        return input.len(); // it fails only after others, or not every time
    };
    let mut size = input.len().div_ceil(2);
    while size > 0 && start.elapsed() < LONGEST {
        let mut at = 0;
        while at < input.len() && start.elapsed() < LONGEST {
            let end = (at + size).min(input.len());
            let shorter = [&input[..at], &input[end..]].concat();
            let fails = fs::write(&trial, &shorter).is_ok() && how_it_fails(name, &trial) == Some(failure);
            if fails {
                input = shorter;
            } else {
                at = end;
            }
        }
        size /= 2;
    }
    // one that cannot be written stays as it was
    let _ = fs::write(path, &input);
    let _ = fs::remove_file(trial);
    input.len()
}

/// The exit code or, where a signal ended it, -1.
fn how_it_fails(name: &str, input: &Path) -> Option<i32> {
    let status = program().args(["--again", name]).arg(input).output().ok()?.status;
    (!status.success()).then(|| status.code().unwrap_or(-1))
}

const LONGEST: Duration = Duration::from_secs(20);
