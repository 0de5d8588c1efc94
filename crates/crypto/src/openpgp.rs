//! OpenPGP's detached signatures (RFC 9580, version 4), as `gpg --detach-sign` makes them, and the keys that are pinned for them.
//!
//! A pinned key is a whole certificate: primary key, user ids, subkeys and the primary key's signatures over them. Whether a
//! key could sign is judged at the time that the signature states, by what the pinned certificate itself says: validity,
//! revocation, the binding of a subkey and its back signature. Nothing is fetched.

mod armor;
mod certificate;
mod error;
mod key;
mod packet;
mod signature;
mod subpacket;
mod verify;

pub use certificate::{Certificate, parse_certificates};
pub use error::{KeyFault, OpenPgpError};
pub use signature::Signature;
pub use verify::{Document, Signer};

#[cfg(test)]
pub(crate) mod tests;
