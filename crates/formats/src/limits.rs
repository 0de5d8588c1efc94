//! How much a bundle may ask of the machine that reads it.

/// The bounds under which a bundle is read. Every reader of this crate takes them; each has its own named error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that a container may unfold to, all members together. 1 TiB.
    pub total: u64,
    /// Members (files, folders, links: every entry) of one container. 1,000,000.
    pub members: u64,
    /// Unpacked bytes for each packed byte, once [`Limits::ratio_from`] is passed. 100.
    pub ratio: u64,
    /// Unpacked bytes from which the ratio counts; small files may compress as well as they like. 64 MiB.
    pub ratio_from: u64,
    /// Arrays and objects inside one another. 64; never more than [`DEPTH_CEILING`], whatever is asked.
    pub depth: usize,
    /// Bytes of one line, of one record of an array, or of the text around that array. 16 MiB.
    pub line: usize,
    /// Members and elements of one record, on all levels together. 100,000.
    pub fields: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            total: 1 << 40,
            members: 1_000_000,
            ratio: 100,
            ratio_from: 64 << 20,
            depth: 64,
            line: 16 << 20,
            fields: 100_000,
        }
    }
}

impl Limits {
    /// The depth that is really granted: [`Limits::depth`], at most [`DEPTH_CEILING`].
    #[must_use]
    pub fn granted_depth(&self) -> usize {
        self.depth.min(DEPTH_CEILING)
    }
}

/// The deepest nesting that can be asked for. Values are walked by recursion, and this much fits every thread's stack.
pub const DEPTH_CEILING: usize = 512;
