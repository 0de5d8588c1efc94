//! Behaviours of the verifier, in one program: the trails and the kit that all of them stand on are built once.
#![allow(missing_docs)]

mod bags;
mod beside;
mod cloudtrail;
mod cloudtrail_lake;
mod containers;
mod dry_run;
mod enclosures;
mod families;
mod genuine;
mod infer;
mod kit;
mod lies;
mod maker;
mod manner;
mod manners;
mod members;
mod mutations;
mod never_panics;
mod parameters;
mod reference;
mod rules;
mod schema;
mod tokens;
mod trail;
mod transparency;
