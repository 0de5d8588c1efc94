//! Digests that prove nothing any more: MD5 (RFC 1321), SHA-1 (FIPS 180-4) and SHA-224.
//!
//! Old manifests still hold them. Different contents with one MD5 or SHA-1 digest can be made at will, so that an equal
//! digest shows nothing; SHA-224 is shorter than what is accepted as proof here. A digest that is *not* equal still shows
//! that the bytes are not the listed ones. These functions have a type of their own, so that no profile, key or proof can ask
//! for them by accident.

use sha2::Digest as _;

use crate::encoding;

/// A hash function that can contradict and never prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outdated {
    /// MD5, 16 bytes.
    Md5,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-224, 28 bytes.
    Sha224,
}

impl Outdated {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Md5, Self::Sha1, Self::Sha224];

    /// The name that manifests use: `md5`, `sha1`, `sha224`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
        }
    }

    /// The number of bytes of its digests.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // no digest is empty
    pub const fn len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
        }
    }
}

/// Such a digest while it is being computed.
#[derive(Clone)]
pub struct OutdatedHasher(State);

#[derive(Clone)]
enum State {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
}

impl OutdatedHasher {
    /// Starts with no bytes.
    #[must_use]
    pub fn new(function: Outdated) -> Self {
        Self(match function {
            Outdated::Md5 => State::Md5(md5::Md5::new()),
            Outdated::Sha1 => State::Sha1(sha1::Sha1::new()),
            Outdated::Sha224 => State::Sha224(sha2::Sha224::new()),
        })
    }

    /// Appends bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha224(state) => state.update(bytes),
        }
    }

    /// The digest of all bytes so far, in lower-case hex.
    #[must_use]
    pub fn finish_hex(self) -> String {
        match self.0 {
            State::Md5(state) => encoding::hex(&state.finalize()),
            State::Sha1(state) => encoding::hex(&state.finalize()),
            State::Sha224(state) => encoding::hex(&state.finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1321, appendix A.5; FIPS 180-4's examples.
    #[test]
    fn known_answers() {
        for (function, expected) in [
            (Outdated::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Outdated::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                Outdated::Sha224,
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            ),
        ] {
            let mut hasher = OutdatedHasher::new(function);
            hasher.update(b"a");
            hasher.update(b"bc");
            assert_eq!(hasher.finish_hex(), expected, "{}", function.name());
            assert_eq!(expected.len(), 2 * function.len());
        }
    }
}
