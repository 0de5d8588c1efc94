//! The corpus through the command line: every bundle is laid out as files and judged by `tickmark verify --json`, under a
//! limit of time and memory that the system holds and not the program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::case::{Asked, Case, OpenedBy};
use super::judging::differs;
use super::store::{Laid, lay_out};

/// Seconds that one bundle may take.
pub const SECONDS: u64 = 5;
/// Memory that one bundle may take, in MiB.
pub const MEBIBYTES: u64 = 512;
/// Bundles that are judged at the same time.
const AT_ONCE: usize = 2;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Bundles that were judged.
    pub judged: usize,
    /// Bundles that only a vault can judge, because it remembers an earlier import.
    pub for_a_vault: usize,
    /// What differs, a bundle a line.
    pub wrong: Vec<String>,
    /// The most memory that one took, in KiB, and which.
    pub largest: (u64, String),
    /// The most time that one took, in milliseconds, and which.
    pub longest: (u128, String),
}

/// Judges every case with that program, in a folder that is made anew.
pub fn judge(program: &Path, folder: &Path, cases: &[Case]) -> Outcome {
    let _ = fs::remove_dir_all(folder);
    let next = AtomicUsize::new(0);
    let outcome = Mutex::new(Outcome::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let judged = one(program, folder, case);
                    outcome.lock().unwrap().take(case, judged);
                }
            });
        }
    });
    outcome.into_inner().unwrap()
}

/// What one run came to.
struct Run {
    exit: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
    milliseconds: u128,
    kibibytes: Option<u64>,
}

impl Outcome {
    fn take(&mut self, case: &Case, run: Option<Run>) {
        let Some(run) = run else {
            self.for_a_vault += 1;
            return;
        };
        self.judged += 1;
        self.largest = std::mem::take(&mut self.largest).max((run.kibibytes.unwrap_or(0), case.name()));
        self.longest = std::mem::take(&mut self.longest).max((run.milliseconds, case.name()));
        if let Some(what) = wrong(case, &run) {
            self.wrong.push(format!("{}: {what}", case.name()));
        }
    }
}

fn wrong(case: &Case, run: &Run) -> Option<String> {
    let Some(exit) = run.exit.and_then(|exit| u8::try_from(exit).ok()) else {
        return Some(format!("it was ended by a signal: {}", run.stderr));
    };
    if exit == KILLED {
        return Some(format!("it took over {SECONDS} s"));
    }
    match run.kibibytes {
        None => return Some(format!("its memory was not measured: {}", run.stderr)),
        Some(kibibytes) if kibibytes > MEBIBYTES << 10 => return Some(format!("it took {kibibytes} KiB")),
        Some(_) => {}
    }
    let Ok(told) = serde_json::from_slice::<Value>(&run.stdout) else {
        return Some(format!("exit code {exit} without JSON: {}", run.stderr));
    };
    match told["schema"].as_str() {
        Some("tickmark.error/1") if case.expect.refused && exit == case.expect.exit() => None,
        Some("tickmark.verification/1") if !case.expect.refused => differs(case, &told, exit),
        _ => Some(format!("exit code {exit}: {told}")),
    }
}

/// Runs the program on one case; nothing where only a vault knows what the case tells.
fn one(program: &Path, folder: &Path, case: &Case) -> Option<Run> {
    if case.told.remembered.is_some() {
        return None;
    }
    let laid = lay_out(case, folder).unwrap();
    let home = folder.join(case.name());
    let memory = home.join("memory.txt");
    let start = std::time::Instant::now();
    // the address space of many threads says little: the data limit ends a program that runs away, and what was resident is
    // held against the bound afterwards
    let output = Command::new("prlimit")
        .arg(format!("--data={}", (2 * MEBIBYTES) << 20))
        .args(["--", "time", "--quiet", "--format=%M", "--output"])
        .arg(&memory)
        .args(["--", "timeout", "--signal=KILL", &SECONDS.to_string()])
        .arg(program)
        .args(["verify", "--json"])
        .args(arguments(case, &laid, &home))
        .env("LC_ALL", "C")
        .output()
        .expect("prlimit, time and timeout are at hand (Debian packages util-linux, time, coreutils)");
    let milliseconds = start.elapsed().as_millis();
    let kibibytes = fs::read_to_string(&memory)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let run = Run {
        exit: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        milliseconds,
        kibibytes,
    };
    if wrong(case, &run).is_none() {
        let _ = fs::remove_dir_all(&home); // what differs stays, to be looked at
    }
    Some(run)
}

/// What the case tells, as arguments; files go beside the bundle, so that none of them lies inside it.
fn arguments(case: &Case, laid: &Laid, home: &Path) -> Vec<std::ffi::OsString> {
    let mut all: Vec<std::ffi::OsString> = Vec::new();
    let mut say = |name: &str, value: std::ffi::OsString| all.extend([name.into(), value]);
    let file = |name: &str, text: &str| {
        let path = home.join(name);
        fs::write(&path, text).unwrap();
        path.into_os_string()
    };
    if let Some(trust) = &laid.trust {
        say("--trust", trust.into());
    }
    match &case.profile {
        Some(Asked::Shipped(id)) => say("--profile", (*id).into()),
        Some(Asked::Own(text)) => say("--profile", file("profile.toml", text)),
        None => {}
    }
    match &case.opened_by {
        Some(OpenedBy::Identity(text)) => say("--identity", file("identity.txt", text)),
        Some(OpenedBy::Passphrase(text)) => say("--bundle-passphrase-file", file("passphrase.txt", text)),
        None => {}
    }
    for head in &case.told.heads {
        say("--expect-head", head.into());
    }
    if let Some(count) = case.told.count {
        say("--expect-count", count.to_string().into());
    }
    if let Some(sha256) = &case.told.sha256 {
        say("--expect-sha256", sha256.into());
    }
    all.push(laid.bundle.clone().into());
    all
}

/// Exit code of a program that `timeout` killed.
const KILLED: u8 = 137;
