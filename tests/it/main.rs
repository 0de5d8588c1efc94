//! Behaviours: one file each, named as what is observed. `whole` fails when a file is not named here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod floors;
mod network;
mod whole;
