//! How long a verification of one file takes, and how much memory: `cargo run --release -p tickmark-verify --example
//! measure -- TRAIL [TRUST]`. `cargo xtask bench` writes trails to measure with, and the figures that are published.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tickmark_formats::container::{Origin, ReadSeek, Received};
use tickmark_verify::{Request, Unwatched, verify};

struct OnDisk {
    path: PathBuf,
    name: String,
    bytes: u64,
}

impl Origin for OnDisk {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.bytes
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("the path of a trail is needed")?);
    let mut request = Request::default();
    if let Some(trust) = arguments.next() {
        request.trust.add_file(&trust, &fs::read(&trust)?)?;
    }
    let bytes = fs::metadata(&path)?.len();
    let name = path.display().to_string();
    let start = Instant::now();
    let received = Received::File(Arc::new(OnDisk { path, name, bytes }));
    let v = verify(received, &request, &mut Unwatched)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} records, {} MB in {seconds:.2} s: {:.0} records and {:.0} MB a second; peak {} MiB; {:?}: {}",
        v.counts.records,
        bytes / 1_000_000,
        v.counts.records as f64 / seconds,
        bytes as f64 / 1e6 / seconds,
        peak_mib()?,
        v.verdict,
        v.claims.integrity.sentence
    );
    Ok(())
}

/// The largest resident set so far, from Linux's `/proc`.
fn peak_mib() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.unwrap_or(0) / 1024)
}
