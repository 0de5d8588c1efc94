//! The process that people start: shares the time out, and tells what came of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::time::Instant;

use crate::Asked;
use crate::minimise;
use crate::target;

/// Runs every target, or the one that was asked for.
pub fn run(asked: &Asked) -> ExitCode {
    let mut targets = target::all();
    if let Some(name) = &asked.target {
        targets.retain(|listed| listed.name == *name);
    }
    if targets.is_empty() {
        let name = asked.target.as_deref().unwrap_or_default();
        eprintln!("No target is called {name}; fuzz --list names them.");
        return ExitCode::from(2);
    }
    let folder = std::env::temp_dir().join(format!("tickmark-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (mut inputs, mut failures, mut seconds) = (0_u64, 0_usize, 0.0);
    for (at, listed) in targets.iter().enumerate() {
        // what the others left over is shared out again; what it takes to cut a failing input is not counted
        let share = (asked.seconds - seconds).max(0.0) / (targets.len() - at) as f64;
        let current = folder.join(&listed.name);
        let start = Instant::now();
        let came = work(&listed.name, share, asked, &current);
        seconds += start.elapsed().as_secs_f64();
        match came {
            Ok(done) => {
                println!(
                    "{:<28} {:>9} inputs, {:>5} answers, {:>8.0} a second",
                    listed.name, done.inputs, done.answers, done.rate
                );
                inputs += done.inputs;
            }
            Err(said) => {
                failures += 1;
                tell(&listed.name, asked.seed, &current, &said);
            }
        }
    }
    let rate = inputs as f64 / seconds;
    println!(
        "{} targets, {inputs} inputs in {seconds:.0} s, {rate:.0} a second, seed {}, {failures} failures",
        targets.len(),
        asked.seed
    );
    if failures > 0 {
        return ExitCode::FAILURE;
    }
    // what is left there are inputs that did no harm
    let _ = fs::remove_dir_all(folder);
    ExitCode::SUCCESS
}

struct Done {
    inputs: u64,
    answers: u64,
    rate: f64,
}

fn work(name: &str, seconds: f64, asked: &Asked, current: &Path) -> Result<Done, String> {
    let output = program()
        .args(["--inside", name])
        .args([seconds.to_string(), asked.seed.to_string()])
        .args([&asked.corpus, &current.to_path_buf()])
        .output()
        .unwrap();
    let said = said(&output);
    if !output.status.success() {
        return Err(format!("{} ({})", said.trim(), output.status));
    }
    let fields: Vec<f64> = said
        .split_whitespace()
        .filter_map(|field| field.parse().ok())
        .collect();
    match fields.as_slice() {
        [inputs, answers, seconds] => Ok(Done {
            inputs: *inputs as u64,
            answers: *answers as u64,
            rate: inputs / seconds,
        }),
        _ => Err(format!("it ended without a figure: {said}")),
    }
}

fn tell(name: &str, seed: u64, input: &Path, said: &str) {
    println!("{name:<28} FAILED with seed {seed}: {said}");
    let before = fs::metadata(input).map_or(0, |found| found.len());
    let after = minimise::minimise(name, input);
    println!(
        "  the input, cut from {before} to {after} bytes: {}",
        input.display()
    );
    println!("  again: fuzz --again {name} {}", input.display());
}

/// What a process inside said.
pub fn said(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{stdout}{stderr}")
}

/// This program, to be started again.
pub fn program() -> Command {
    Command::new(std::env::current_exe().unwrap_or_else(|_| PathBuf::from("fuzz")))
}
