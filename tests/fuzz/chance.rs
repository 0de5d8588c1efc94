//! Chance that can be repeated: a seed gives the same numbers everywhere.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, quick and good enough to choose what to break.
pub struct Chance(u64);

impl Chance {
    /// The numbers of a seed and a name, so that a target's inputs do not depend on the targets beside it.
    pub fn new(seed: u64, name: &str) -> Chance {
        let named = name.bytes().fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Chance(seed ^ named)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % (end.max(1) as u64)) as usize
    }

    /// Whether something happens that happens once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        (self.number() >> 56) as u8
    }

    /// One of several; `None` where there is none.
    pub fn of<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len()))
    }

    /// A range within `length`, of at most `most`.
    pub fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        let end = (start + 1 + self.below(most)).min(length);
        start..end
    }
}
