//! The process inside: one target, input after input.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::bound::{self, Watch};
use crate::chance::Chance;
use crate::mutate::{Material, mutate};
use crate::seeds;
use crate::target::{self, Target};

/// The exit code of a process in which a target panicked.
pub const PANICKED: u8 = 101;
/// The most inputs that are kept.
const KEPT: usize = 2_000;

/// Runs a target for a time. `current` always holds the input that runs.
pub fn run(name: &str, time: Duration, seed: u64, corpus: &Path, current: &Path) -> ExitCode {
    let start = Instant::now();
    let target = make(name);
    let mut file = File::create(current).unwrap();
    let mut kept = seeds::of(&target, corpus);
    let seeded = kept.len();
    // long inputs are slow, and seldom show what a short one does not
    let longest = 2 * kept.iter().map(Vec::len).max().unwrap_or_default().max(2 << 10);
    let mut seen = HashSet::new();
    let mut chance = Chance::new(seed, name);
    let watch = Watch::begin();
    let mut done = 0_u64;
    listen();
    // every seed as it is, then broken ones for as long as there is time
    let mut next = 0;
    while next < seeded || start.elapsed() < time {
        let input = if next < seeded {
            kept[next].clone()
        } else {
            broken(&target, &kept, &mut chance)
        };
        note(&mut file, &input);
        let Some(answer) = once(&target, &watch, &input) else {
            return ExitCode::from(PANICKED);
        };
        done += 1;
        let is_kept = next >= seeded && kept.len() < KEPT && input.len() <= longest;
        if seen.insert(answer) && is_kept {
            kept.push(input);
        }
        next += 1;
    }
    println!("{done} {} {:.3}", seen.len(), start.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}

/// Runs one input.
pub fn again(name: &str, input: &Path) -> ExitCode {
    let target = make(name);
    let bytes = std::fs::read(input).unwrap();
    let watch = Watch::begin();
    listen();
    match once(&target, &watch, &bytes) {
        Some(_) => ExitCode::SUCCESS,
        None => ExitCode::from(PANICKED),
    }
}

fn make(name: &str) -> Target {
    let listed = target::all().into_iter().find(|listed| listed.name == name);
    (listed
        .unwrap_or_else(|| panic!("no target is called {name}"))
        .make)()
}

fn broken(target: &Target, kept: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let material = Material {
        kept,
        words: target.words,
        is_json: target.is_json,
    };
    let mut input = chance.of(kept).cloned().unwrap_or_default();
    mutate(&mut input, &material, chance);
    input
}

/// Writes the input down before it runs: whatever happens to this process, it is known.
fn note(file: &mut File, input: &[u8]) {
    file.rewind().unwrap();
    file.write_all(input).unwrap();
    file.set_len(input.len() as u64).unwrap();
}

/// What the target answers; `None` where it panicked, which is told.
fn once(target: &Target, watch: &Watch, input: &[u8]) -> Option<u64> {
    let run = || watch.over(|| bound::within(input.len(), || (target.run)(input)));
    let answer = panic::catch_unwind(AssertUnwindSafe(run));
    if answer.is_err() {
        let said = PANIC.lock().map_or_else(|_| String::new(), |said| said.clone());
        println!("{said}");
    }
    answer.ok()
}

/// What the last panic said, of whatever thread.
static PANIC: Mutex<String> = Mutex::new(String::new());

fn listen() {
    panic::set_hook(Box::new(|info| {
        if let Ok(mut said) = PANIC.lock() {
            *said = info.to_string();
        }
    }));
}
