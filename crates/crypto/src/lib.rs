//! Mathematics under our names: digests, signatures, keys, trees, secrets. The only crate that names hash and signature crates.
//!
//! Nothing here knows a bundle, a profile or a verdict. Bytes go in; a digest, a key, or a plain yes or a named error comes
//! out. Everything is pure except [`random`], which asks the operating system.

pub mod asn1;
pub mod cms;
pub mod digest;
pub mod encoding;
pub mod equal;
pub mod key;
pub mod merkle;
pub mod message;
pub mod minisign;
pub mod openpgp;
pub mod outdated;
pub mod pin;
pub mod random;
#[cfg(feature = "rsa-signing")]
pub mod rsa_signing;
pub mod scheme;
pub mod sealed;
pub mod secret;
pub mod signature;
pub mod signing;
pub mod sshsig;
pub mod timestamp;
pub mod x509;
