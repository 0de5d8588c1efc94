//! CMS SignedData (RFC 5652), detached or with its content, as `openssl cms -sign` and most signing services make it.
//!
//! Strict DER only. A signer is found by the issuer and serial number or by the key identifier that it names; the
//! certificates inside are material for the path to a pinned root and nothing more.

mod attributes;
mod error;
mod parse;
mod verify;

pub(crate) use attributes::Attributes;
pub use error::CmsError;
pub use parse::SignedData;
pub(crate) use parse::SignerInfo;
pub use verify::{CmsRequest, Signer};

#[cfg(test)]
pub(crate) mod tests;
