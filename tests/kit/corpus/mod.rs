//! The corpus: lies that a verifier must not believe, and good bundles that it must not doubt.
//!
//! Every case states what it must come to. That is derived here from what a format hashes, links, signs and states
//! (`subject`), never from what Tickmark says of it.

pub mod case;
mod container;
pub mod door;
mod ecdsa;
mod good;
pub mod judging;
mod known;
mod manifest;
mod packing;
mod sealing;
mod spelling;
mod statement;
pub mod store;
pub(crate) mod subject;
mod text;
mod trail;
mod trust;

pub use case::{Asked, Case, Expect, Must, OpenedBy, Remembered, Told};
pub use packing::{gzipped, tarred, zipped};

/// Every lie, sorted by name.
pub fn lies() -> Vec<Case> {
    let mut all = trail::cases();
    all.extend(sealing::cases());
    all.extend(ecdsa::cases());
    all.extend(known::cases());
    all.extend(spelling::cases());
    all.extend(text::cases());
    all.extend(manifest::cases());
    all.extend(statement::cases());
    all.extend(container::cases());
    all.extend(trust::cases());
    sorted(all)
}

/// Every good bundle, sorted by name.
pub fn good() -> Vec<Case> {
    sorted(good::cases())
}

fn sorted(mut all: Vec<Case>) -> Vec<Case> {
    all.sort_by_key(Case::name);
    for pair in all.windows(2) {
        assert_ne!(pair[0].name(), pair[1].name(), "two cases of one name");
    }
    all
}
