//! How long inference takes on a file: `cargo run --release -p tickmark-verify --example infer -- FILE...`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that measures"
)]

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tickmark_formats::container::{Origin, ReadSeek, Received};
use tickmark_verify::Request;
use tickmark_verify::infer::infer;

struct OnDisk {
    name: String,
    path: PathBuf,
    len: u64,
}

impl Origin for OnDisk {
    fn name(&self) -> &str {
        &self.name
    }

    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> io::Result<Box<dyn ReadSeek + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

fn main() {
    for path in std::env::args().skip(1).map(PathBuf::from) {
        let len = std::fs::metadata(&path).unwrap().len();
        let name = path.display().to_string();
        let origin = OnDisk {
            name: name.clone(),
            path,
            len,
        };
        let begun = Instant::now();
        let found = infer(Received::File(Arc::new(origin)), &Request::default(), "found").unwrap();
        let took = begun.elapsed();
        println!(
            "{took:>12.3?}  {:>9} blocks of {}  {:?}  {} records  {name}",
            found.effort, found.effort_limit, found.outcome, found.sampled
        );
    }
}
