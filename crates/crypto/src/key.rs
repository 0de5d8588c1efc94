//! Public keys: read in the forms in which people hand them over, refused when weak, named by fingerprint.

mod algorithm;
mod candidate;
mod carried;
mod der;
mod error;
mod file;
mod json;
mod jwk;
mod limits;
mod material;
mod minisign;
mod note;
mod openssh;
pub(crate) mod pem;
mod raw;
pub(crate) mod wire;

pub use algorithm::{KeyAlgorithm, UnknownKeyAlgorithm};
pub use candidate::Candidate;
pub use carried::{KeyEncoding, parse_carried};
pub(crate) use der::{from_pkcs1_der, pss};
pub use error::{Curve, KeyError};
pub use file::{FoundKey, KEY_FILE_LIMIT, KeyFile, SkippedKey, is_key_set, parse_key_file, parse_keys};
pub use limits::{KeyLimits, LimitTime, matches_list};
pub(crate) use material::Material;
pub use material::{PublicKey, hmac_key, hmac_key_bytes};

#[cfg(test)]
mod tests;
