//! The mathematics held against vectors and other programs, in one program.
#![allow(missing_docs)]

mod detached_fixtures;
mod detached_programs;
mod fixtures;
mod production;
mod programs;
mod transparency;
mod wycheproof;
