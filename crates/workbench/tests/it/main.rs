//! Behaviours through the workbench, in one program.
#![allow(missing_docs)]

mod continuity;
mod journey;
mod keys;
mod kit;
mod periods;
mod pins;
mod sources;
