//! Digests: SHA-2 (FIPS 180-4), SHA-3 (FIPS 202) and BLAKE3.

use std::{fmt, str::FromStr};

use sha2::Digest as _;
use thiserror::Error;

use crate::encoding;

/// A hash function. Broken and shortened ones (MD5, SHA-1, SHA-224) are not listed and so cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256, written `sha256`.
    Sha256,
    /// SHA-384, written `sha384`.
    Sha384,
    /// SHA-512, written `sha512`.
    Sha512,
    /// SHA3-256, written `sha3-256`.
    Sha3_256,
    /// SHA3-384, written `sha3-384`.
    Sha3_384,
    /// SHA3-512, written `sha3-512`.
    Sha3_512,
    /// BLAKE3 with 32 bytes of output, written `blake3`.
    Blake3,
}

impl Algorithm {
    /// Every hash function, in the order of its listing.
    pub const ALL: [Self; 7] = [
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
        Self::Blake3,
    ];

    /// The number of bytes of its digests: 32, 48 or 64.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // no digest is empty
    pub const fn len(self) -> usize {
        match self {
            Self::Sha256 | Self::Sha3_256 | Self::Blake3 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// Computes the digest of some bytes.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }

    /// The name under which profiles and trust files know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Sha3_256 => "sha3-256",
            Self::Sha3_384 => "sha3-384",
            Self::Sha3_512 => "sha3-512",
            Self::Blake3 => "blake3",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or_else(|| UnknownAlgorithm {
                found: name.to_owned(),
            })
    }
}

/// A name that is no hash function of ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` is not one of sha256, sha384, sha512, sha3-256, sha3-384, sha3-512, blake3")]
pub struct UnknownAlgorithm {
    /// The name as it was given.
    pub found: String,
}

/// A digest that is being computed, piece by piece.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
    Sha3_256(sha3::Sha3_256),
    Sha3_384(sha3::Sha3_384),
    Sha3_512(sha3::Sha3_512),
    Blake3(Box<blake3::Hasher>), // boxed: its state is ten times the others'
}

impl Hasher {
    /// Starts with no bytes.
    #[must_use]
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => State::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => State::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => State::Sha512(sha2::Sha512::new()),
            Algorithm::Sha3_256 => State::Sha3_256(sha3::Sha3_256::new()),
            Algorithm::Sha3_384 => State::Sha3_384(sha3::Sha3_384::new()),
            Algorithm::Sha3_512 => State::Sha3_512(sha3::Sha3_512::new()),
            Algorithm::Blake3 => State::Blake3(Box::default()),
        })
    }

    /// Appends bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha384(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
            State::Sha3_256(state) => state.update(bytes),
            State::Sha3_384(state) => state.update(bytes),
            State::Sha3_512(state) => state.update(bytes),
            State::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    /// Returns the digest of all bytes so far.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest::of_array(state.finalize().into()),
            State::Sha384(state) => Digest::of_array::<48>(state.finalize().into()),
            State::Sha512(state) => Digest::of_array::<64>(state.finalize().into()),
            State::Sha3_256(state) => Digest::of_array::<32>(state.finalize().into()),
            State::Sha3_384(state) => Digest::of_array::<48>(state.finalize().into()),
            State::Sha3_512(state) => Digest::of_array::<64>(state.finalize().into()),
            State::Blake3(state) => Digest::of_array(*state.finalize().as_bytes()),
        }
    }
}

impl std::io::Write for Hasher {
    /// Appends bytes; it takes them all and never fails.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A digest of 1 to 64 bytes, kept in place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    bytes: [u8; Digest::LONGEST], // zero after `len`, so that equality is that of the digests
    len: u8,
}

impl Digest {
    /// The length of the longest digest in bytes.
    pub const LONGEST: usize = 64;

    /// Takes a digest from bytes that were read somewhere.
    ///
    /// # Errors
    /// [`DigestLength`] unless there are 1 to 64 bytes.
    pub fn from_slice(slice: &[u8]) -> Result<Self, DigestLength> {
        let wrong = DigestLength { found: slice.len() };
        let len = u8::try_from(slice.len()).map_err(|_| wrong)?;
        let mut bytes = [0; Self::LONGEST];
        match bytes.get_mut(..slice.len()) {
            Some(place) if len > 0 => place.copy_from_slice(slice),
            _ => return Err(wrong),
        }
        Ok(Self { bytes, len })
    }

    /// The digest's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&self.bytes)
    }

    /// The digest in lower-case hex.
    #[must_use]
    pub fn hex(&self) -> String {
        encoding::hex(self.as_bytes())
    }

    /// The digest of this algorithm's length whose bits are all zero.
    #[must_use]
    pub fn zero(algorithm: Algorithm) -> Self {
        Self {
            bytes: [0; Self::LONGEST],
            len: algorithm.len() as u8,
        } // 32, 48 or 64
    }

    fn of_array<const N: usize>(array: [u8; N]) -> Self {
        let mut bytes = [0; Self::LONGEST];
        for (place, byte) in bytes.iter_mut().zip(array) {
            *place = byte;
        }
        Self { bytes, len: N as u8 } // N is 32, 48 or 64
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self::of_array(bytes)
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A digest must have 1 to 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a digest has 1 to 64 bytes; here are {found}")]
pub struct DigestLength {
    /// How many there were.
    pub found: usize,
}

/// Computes the SHA-256 of some bytes, the digest that Tickmark itself uses everywhere.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// FIPS 180-4 and FIPS 202 examples for "abc"; BLAKE3's own vector for no bytes and "abc".
    const ABC: [(Algorithm, &str); 7] = [
        (
            Algorithm::Sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            Algorithm::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            Algorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            Algorithm::Sha3_256,
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ),
        (
            Algorithm::Sha3_384,
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        ),
        (
            Algorithm::Sha3_512,
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e\
             10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        ),
        (
            Algorithm::Blake3,
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
    ];

    #[test]
    fn known_answers() {
        for (algorithm, expected) in ABC {
            let digest = algorithm.of(b"abc");
            assert_eq!(digest.hex(), expected, "{algorithm}");
            assert_eq!(digest.as_bytes().len(), algorithm.len());
            assert_eq!(Digest::from_slice(digest.as_bytes()), Ok(digest));
        }
        assert_eq!(
            encoding::hex(&sha256(b"")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(Digest::from(sha256(b"abc")), Algorithm::Sha256.of(b"abc"));
        assert_eq!(
            Algorithm::Blake3.of(b"").hex(),
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
    }

    #[test]
    fn every_name_reads_back_and_has_one_spelling() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        for name in [
            "SHA256", "sha-256", "md5", "sha1", "", "sha224", "sha3_256", "sha256 ",
        ] {
            assert!(name.parse::<Algorithm>().is_err(), "{name}");
        }
    }

    #[test]
    fn lengths_are_bounded() {
        assert_eq!(Digest::from_slice(&[]), Err(DigestLength { found: 0 }));
        assert_eq!(Digest::from_slice(&[7; 65]), Err(DigestLength { found: 65 }));
        assert_eq!(Digest::from_slice(&[7; 300]), Err(DigestLength { found: 300 }));
        assert_eq!(Digest::from_slice(&[7; 64]).unwrap().as_bytes(), [7; 64]);
        assert_ne!(Digest::from_slice(&[0; 32]), Digest::from_slice(&[0; 33]));
        assert_eq!(Digest::zero(Algorithm::Sha384).as_bytes(), [0; 48]);
        assert_eq!(
            format!("{:?}", Digest::from_slice(&[1, 255]).unwrap()),
            "Digest(01ff)"
        );
    }

    proptest! {
        #[test]
        fn pieces_give_the_digest_of_the_whole(parts: Vec<Vec<u8>>) {
            for algorithm in Algorithm::ALL {
                let mut hasher = Hasher::new(algorithm);
                parts.iter().for_each(|part| hasher.update(part));
                prop_assert_eq!(hasher.finish(), algorithm.of(&parts.concat()));
            }
        }
    }
}
