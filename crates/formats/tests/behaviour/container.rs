//! Containers, whole and wrong.

mod any_bytes;
mod crafted;
mod files;
mod kit;
mod limits;
mod sealed;
mod streams;
mod tar_files;
mod zip_files;
