//! Fixed surroundings: a clock that stands still but for a second a call, and fast passphrases.
#![allow(dead_code, clippy::unwrap_used)]

#[path = "../../../../verify/tests/it/trail/mod.rs"]
pub mod cloudtrail;
pub mod trail;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, FixedOffset};
use tickmark_workbench::ports::Ports;

/// The shared fixtures, where they are at hand.
pub fn fixtures() -> Option<PathBuf> {
    let path = std::env::var_os("TICKMARK_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    path.is_dir().then_some(path)
}

/// Surroundings of a test.
#[derive(Clone)]
pub struct Fixed {
    seconds: Arc<AtomicI64>,
    settings: Option<PathBuf>,
}

impl Fixed {
    pub fn new() -> Self {
        Fixed {
            seconds: Arc::default(),
            settings: None,
        }
    }
}

impl Ports for Fixed {
    fn now(&self) -> DateTime<FixedOffset> {
        let start = DateTime::parse_from_rfc3339("2026-11-24T09:00:00+01:00").unwrap();
        start + Duration::seconds(self.seconds.fetch_add(1, Ordering::Relaxed))
    }

    fn settings(&self) -> Option<&Path> {
        self.settings.as_deref()
    }

    fn demo(&self) -> PathBuf {
        std::env::temp_dir().join("tickmark-demo-of-a-test")
    }

    fn work_factor(&self) -> u8 {
        4
    }

    fn again(&self) -> Box<dyn Ports> {
        Box::new(self.clone())
    }
}
