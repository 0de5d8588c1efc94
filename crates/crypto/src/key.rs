//! Public keys: read in the forms in which people hand them over, refused when weak, named by fingerprint.

mod algorithm;
mod carried;
mod der;
mod error;
mod file;
mod json;
mod jwk;
mod material;
mod minisign;
mod note;
mod openssh;
mod pem;
mod raw;

pub use algorithm::{KeyAlgorithm, UnknownKeyAlgorithm};
pub use carried::{KeyEncoding, parse_carried};
pub use error::{Curve, KeyError};
pub use file::{FoundKey, KEY_FILE_LIMIT, KeyFile, KeyLimits, SkippedKey, parse_key_file, parse_keys};
pub(crate) use material::Material;
pub use material::{PublicKey, hmac_key, hmac_key_bytes};

#[cfg(test)]
mod tests;
