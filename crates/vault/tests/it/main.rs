//! How a vault behaves, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod append_only;
mod backing_up;
mod child;
mod custody;
mod disk_full;
mod importing;
mod independent;
mod killed;
mod memory;
mod opening;
mod raw;
mod searching;
mod slots;
mod speed;

#[path = "../../src/kit.rs"]
mod kit;
