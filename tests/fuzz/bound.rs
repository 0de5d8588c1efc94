//! What one input may cost: memory and time.

use std::alloc::System;
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cap::Cap;

/// Counts what is allocated; beyond its limit an allocation fails, which ends the process.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

/// Bytes that an input may have in memory at once, whatever its length.
const MEMORY: usize = 96 << 20;
/// Further bytes for each byte of an input.
const MEMORY_EACH: usize = 64;
/// The longest that an input may take. Without optimizations, on a machine that does other things too, five times as long.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

/// The exit code of a process that was ended because an input took too long.
pub const TOO_LONG: i32 = 102;

/// Runs something within the bound on memory.
pub fn within<T>(length: usize, work: impl FnOnce() -> T) -> T {
    let allowed = HEAP
        .allocated()
        .saturating_add(MEMORY)
        .saturating_add(length.saturating_mul(MEMORY_EACH));
    // refused only where more is allocated than is to be allowed, which the line above excludes
    let _ = HEAP.set_limit(allowed);
    let done = work();
    let _ = HEAP.set_limit(usize::MAX);
    done
}

/// When the input that runs now began, in milliseconds; 0 where none runs.
static BEGAN: AtomicU64 = AtomicU64::new(0);

/// A watch on the time of each input.
pub struct Watch(Instant);

impl Watch {
    /// Begins to watch; ends the process where an input takes too long.
    pub fn begin() -> Watch {
        let origin = Instant::now();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(50));
                let began = BEGAN.load(Ordering::Relaxed);
                let now = origin.elapsed().as_millis() as u64;
                if began > 0 && now.saturating_sub(began) > LONGEST.as_millis() as u64 {
                    println!("the input took longer than {LONGEST:?}");
                    exit(TOO_LONG);
                }
            }
        });
        Watch(origin)
    }

    /// Runs something that is watched.
    pub fn over<T>(&self, work: impl FnOnce() -> T) -> T {
        BEGAN.store(self.0.elapsed().as_millis().max(1) as u64, Ordering::Relaxed);
        let done = work();
        BEGAN.store(0, Ordering::Relaxed);
        done
    }
}
