//! The project's own chores, as a library so that `tests/` can call them too.
//!
//! Each module is one chore: it reads the checkout, and answers with faults (an empty list is a pass) or with figures.
//! Nothing here is shipped.

pub mod advisories;
pub mod bench;
pub mod bindings;
pub mod code;
pub mod corpus;
pub mod deny;
pub mod error;
pub mod floors;
pub mod licences;
pub mod links;
pub mod long;
pub mod peers;
pub mod policy;
pub mod program;
pub mod shipped;
pub mod trail;
pub mod workspace;

pub use error::{ChoreError, Fault};

use std::path::{Path, PathBuf};

/// The top folder of the checkout this program was built from.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
