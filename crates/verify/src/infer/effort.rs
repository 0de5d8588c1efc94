//! How much work an inference may do. Hostile input costs an answer, never the afternoon.

/// Work that was done, and what it may come to.
///
/// The unit is a block of 64 bytes hashed or written; a signature that is tried counts as [`SIGNATURE`] blocks.
#[derive(Debug, Clone)]
pub(super) struct Effort {
    spent: u64,
    limit: u64,
    stage: u64,
    cut: bool,
}

impl Effort {
    /// Nothing is spent yet.
    pub fn new(limit: u64) -> Self {
        Effort {
            spent: 0,
            limit,
            stage: limit,
            cut: false,
        }
    }

    /// Begins a stage that may take a share of the whole, in percent.
    pub fn stage(&mut self, percent: u64) {
        let share = self.limit / 100 * percent;
        self.stage = self.spent.saturating_add(share).min(self.limit);
    }

    /// Takes blocks for so many bytes; false when the stage has none left.
    pub fn bytes(&mut self, count: usize) -> bool {
        self.blocks(count as u64 / 64 + 1)
    }

    /// Takes one signature; false when the stage has none left.
    pub fn signature(&mut self) -> bool {
        self.blocks(SIGNATURE)
    }

    /// Whether some stage ended before its end.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Blocks spent.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// Blocks that may be spent.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    fn blocks(&mut self, count: u64) -> bool {
        if self.spent >= self.stage {
            self.cut = true;
            return false;
        }
        self.spent = self.spent.saturating_add(count);
        true
    }
}

/// What one public-key operation costs, in blocks: about a hundred microseconds either way.
const SIGNATURE: u64 = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_ends_at_its_share_and_is_told() {
        let mut effort = Effort::new(1_000);
        effort.stage(10);
        let taken = (0..10_000).take_while(|_| effort.bytes(1)).count();
        assert_eq!(taken, 100);
        assert!(effort.is_cut());
        effort.stage(100);
        assert!(effort.signature() && effort.signature() && !effort.signature());
        assert!(effort.spent() >= effort.limit());
    }
}
