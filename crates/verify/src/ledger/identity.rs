//! Identical records: how often the same bytes have come by.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Counts identical records. Sixteen bytes of the digest tell records apart and bound the memory; the few that repeat are
/// counted beside.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    seen: HashSet<u128, BuildHasherDefault<Taken>>,
    repeated: HashMap<u128, u64>,
}

impl Identities {
    /// 1 for the first record with this id, k for the k-th.
    pub fn count(&mut self, id: &[u8; 32]) -> u64 {
        let mut key = [0; 16];
        key.copy_from_slice(&id[..16]);
        let key = u128::from_le_bytes(key);
        if self.seen.insert(key) {
            return 1;
        }
        let count = self.repeated.entry(key).or_insert(1);
        *count += 1;
        *count
    }
}

/// Notices records that say the same as an earlier one, in bounded memory: of a longer trail only the first records are
/// kept to compare with.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    kept: HashSet<u128, BuildHasherDefault<Taken>>,
    /// Whether there were more records than are kept.
    pub is_cut: bool,
}

impl Repeats {
    /// Whether this record says the same as one that is kept.
    pub fn is_one(&mut self, sameness: [u8; 16]) -> bool {
        let key = u128::from_le_bytes(sameness);
        if self.kept.len() < MOST_KEPT {
            return !self.kept.insert(key);
        }
        self.is_cut = true;
        self.kept.contains(&key)
    }
}

/// Two million slots of seventeen bytes, filled to seven eighths.
const MOST_KEPT: usize = (1 << 21) / 8 * 7;

/// Takes a part of a digest as it is: it is as even as a hash can be.
#[derive(Debug, Default)]
struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = (key >> 64) as u64 ^ key as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_k_th_identical_record_is_k() {
        let mut identities = Identities::default();
        assert_eq!(identities.count(&[1; 32]), 1);
        assert_eq!(identities.count(&[2; 32]), 1);
        assert_eq!(identities.count(&[1; 32]), 2);
        assert_eq!(identities.count(&[1; 32]), 3);
        assert_eq!(identities.count(&[2; 32]), 2);
    }

    #[test]
    fn a_record_that_says_the_same_is_noticed() {
        let mut repeats = Repeats::default();
        assert!(!repeats.is_one([1; 16]) && !repeats.is_one([2; 16]));
        assert!(repeats.is_one([1; 16]) && repeats.is_one([2; 16]) && !repeats.is_cut);
    }
}
