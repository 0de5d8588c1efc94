//! Keeps it: the encrypted vault. The only crate that contains SQL.
//!
//! A vault is a folder: `vault.json` says how it is locked, `keys/` holds the data key once per slot, `signers/` each
//! reviewer's own signing keys, `vault.db` everything else, encrypted with SQLCipher 4. `docs/vault.md` describes it and
//! shows how to open it without this program.
//!
//! | to | use |
//! |---|---|
//! | create, open, lock | [`Vault`] |
//! | read | [`Vault::read`], which lends a [`View`] with one handle a table |
//! | change | [`Vault::write`]: the work and its signed custody event in one transaction, or nothing |
//! | import | [`Vault::begin_import`]: staged in bounded steps, visible with the last one |
//! | search | [`query::RecordQuery`], [`Vault::frame`] |
//! | keep it well | [`Vault::check`], [`Vault::backup`], [`Vault::sweep`] |
//!
//! Tables are append-only: triggers refuse UPDATE and DELETE, a correction is a new version. Content can be destroyed,
//! after an approved disposal only. Time is handed in by the caller; randomness comes from `tickmark_crypto::random`.

pub mod backup;
pub mod check;
pub mod custody;
pub mod descriptor;
pub mod error;
pub mod frame;
pub mod id;
pub mod import;
pub mod query;
pub mod rows;
pub mod signer;
pub mod slot;
pub mod sweep;
pub mod table;
pub mod txn;
pub mod vault;
pub mod view;

mod canonical;
mod chunks;
mod database;
mod folder;
mod reviewers;
mod schema;
mod slots;
mod stamp;
mod words;

#[cfg(test)]
extern crate self as tickmark_vault;
#[cfg(test)]
mod kit;

pub use error::{ReadOnlyReason, VaultError};
pub use signer::Signer;
pub use table::Kept;
pub use txn::Txn;
pub use vault::{Create, Mode, Vault};
pub use view::{Reader, View};
