//! Hash trees: the root of a stream of leaves, and the proofs of RFC 9162.

use thiserror::Error;

use crate::{
    digest::{Algorithm, Digest, Hasher},
    encoding,
};

/// What to do with a node that has no right neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// It moves up unchanged. With [`Combine::Raw`] this is the tree of RFC 9162, section 2.1.1.
    Promote,
    /// It is hashed with itself. Two lists of leaves then share a root (`a b c` and `a b c c`), so a tree of this kind must
    /// be judged together with its count of leaves.
    Duplicate,
    /// The leaves are filled up with zero digests to a power of two. A list that ends in zero digests shares its root with
    /// the shorter one.
    ZeroPad,
    /// A missing right child is all zeros at every level, whatever lies under it (Microsoft AGT, which grows its tree leaf
    /// by leaf). Equal to padding where the number of leaves is a power of two.
    ZeroNode,
}

/// How two children become the input of their parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// The bytes of both digests.
    Raw,
    /// The lower-case hex text of both digests, one after the other.
    HexText,
}

/// How a tree is built: node = H(`node_prefix` ‖ left ‖ right), leaf = H(`leaf_prefix` ‖ data).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knobs {
    /// Bytes before the data of a leaf.
    pub leaf_prefix: Vec<u8>,
    /// Bytes before the children of a node.
    pub node_prefix: Vec<u8>,
    /// What happens to a node without a right neighbour.
    pub odd: Odd,
    /// How children are written.
    pub combine: Combine,
    /// The hash function.
    pub algorithm: Algorithm,
}

impl Knobs {
    /// The tree of RFC 6962 and RFC 9162 with SHA-256: leaf 0x00, node 0x01, odd nodes move up.
    #[must_use]
    pub fn rfc6962() -> Self {
        Self {
            leaf_prefix: vec![0],
            node_prefix: vec![1],
            odd: Odd::Promote,
            combine: Combine::Raw,
            algorithm: Algorithm::Sha256,
        }
    }

    /// The digest of a leaf: H(`leaf_prefix` ‖ data).
    #[must_use]
    pub fn leaf(&self, data: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self.algorithm);
        hasher.update(&self.leaf_prefix);
        hasher.update(data);
        hasher.finish()
    }

    /// The digest of a node: H(`node_prefix` ‖ left ‖ right).
    #[must_use]
    pub fn node(&self, left: &Digest, right: &Digest) -> Digest {
        let mut hasher = Hasher::new(self.algorithm);
        hasher.update(&self.node_prefix);
        for child in [left, right] {
            match self.combine {
                Combine::Raw => hasher.update(child.as_bytes()),
                Combine::HexText => hasher.update(encoding::hex(child.as_bytes()).as_bytes()),
            }
        }
        hasher.finish()
    }

    fn zero(&self) -> Digest {
        Digest::zero(self.algorithm)
    }
}

/// A tree that takes leaves one by one and keeps one digest per level: at most 64, however many leaves there are.
///
/// - No leaves: the root is H("") with every setting (RFC 9162, section 2.1.1). An exporter that writes something else for
///   an empty tree is the caller's to know: ask [`Tree::is_empty`].
/// - One leaf: the root is that leaf's digest; it is neither duplicated nor padded.
#[derive(Debug, Clone)]
pub struct Tree {
    knobs: Knobs,
    leaves: u64,
    levels: Vec<Option<Digest>>, // levels[i]: root of the complete subtree of 2^i leaves that waits for its right neighbour
}

impl Tree {
    /// Starts without leaves.
    #[must_use]
    pub fn new(knobs: Knobs) -> Self {
        Self {
            knobs,
            leaves: 0,
            levels: Vec::new(),
        }
    }

    /// Appends a leaf by its data.
    pub fn push_leaf_data(&mut self, data: &[u8]) {
        self.push_leaf_hash(self.knobs.leaf(data));
    }

    /// Appends a leaf whose digest was computed elsewhere; `leaf_prefix` is not applied.
    pub fn push_leaf_hash(&mut self, leaf: Digest) {
        let mut carry = leaf;
        self.leaves = self.leaves.saturating_add(1);
        for level in &mut self.levels {
            match level.take() {
                Some(left) => carry = self.knobs.node(&left, &carry),
                None => {
                    *level = Some(carry);
                    return;
                }
            }
        }
        self.levels.push(Some(carry));
    }

    /// The number of leaves so far.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.leaves
    }

    /// Says whether no leaf was appended yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// The root over all leaves so far; see [`Tree`] for none and for one.
    #[must_use]
    pub fn root(&self) -> Digest {
        let mut carry: Option<Digest> = None; // the incomplete subtree on the right edge
        let mut zero = self.knobs.zero(); // root of a complete subtree of zero leaves, at the current level
        let top = self.levels.len().saturating_sub(1);
        for (height, waiting) in self.levels.iter().enumerate() {
            carry = match (waiting, carry) {
                (Some(left), Some(right)) => Some(self.knobs.node(left, &right)),
                (Some(node), None) if height == top => Some(*node),
                (Some(node), None) => Some(self.without_right(node, &zero)),
                (None, Some(node)) => Some(self.without_right(&node, &zero)),
                (None, None) => None,
            };
            // padded leaves are hashed on the way up; a missing node stays zero at every level
            if self.knobs.odd == Odd::ZeroPad {
                zero = self.knobs.node(&zero, &zero);
            }
        }
        carry.unwrap_or_else(|| self.knobs.algorithm.of(b""))
    }

    fn without_right(&self, node: &Digest, zero: &Digest) -> Digest {
        match self.knobs.odd {
            Odd::Promote => *node,
            Odd::Duplicate => self.knobs.node(node, node),
            Odd::ZeroPad | Odd::ZeroNode => self.knobs.node(node, zero),
        }
    }
}

/// On which side of the path a sibling stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The sibling is the left child.
    Left,
    /// The sibling is the right child.
    Right,
}

/// Computes the root to which a path of sided siblings leads, lowest first, as receipts of CCF and events of VCP carry it.
///
/// Such a path says nothing about the leaf's index or the tree's size, so it proves membership only: compare the result with
/// a root that is known from elsewhere.
#[must_use]
pub fn root_of_path(knobs: &Knobs, leaf: &Digest, path: &[(Side, Digest)]) -> Digest {
    path.iter().fold(*leaf, |node, (side, sibling)| match side {
        Side::Left => knobs.node(sibling, &node),
        Side::Right => knobs.node(&node, sibling),
    })
}

/// Why a proof of RFC 9162 does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf's index does not lie in a tree of this size.
    #[error("leaf {index} does not lie in a tree of {size} leaves")]
    IndexBeyondSize {
        /// The leaf's index, from 0.
        index: u64,
        /// The tree's number of leaves.
        size: u64,
    },
    /// The earlier tree is larger than the later one, or has no leaves: nothing can be proved from it.
    #[error("a tree of {earlier} leaves cannot be the beginning of one of {later}")]
    Sizes {
        /// The earlier tree's number of leaves.
        earlier: u64,
        /// The later tree's number of leaves.
        later: u64,
    },
    /// The proof has too few or too many digests for these sizes.
    #[error("the proof has {found} digests, and these sizes need another number")]
    ProofLength {
        /// How many digests it has.
        found: usize,
    },
    /// The proof leads to another root than the stated one.
    #[error("the proof leads to root {found}; the stated one is {expected}")]
    Root {
        /// The root as it was stated.
        expected: Digest,
        /// The root to which the proof leads.
        found: Digest,
    },
}

/// Verifies that a leaf is in a tree (RFC 9162, section 2.1.3.2).
///
/// The tree's shape is that of RFC 9162; of the knobs, prefixes, algorithm and `combine` are used.
///
/// # Errors
/// [`ProofError`], naming what disagrees.
pub fn verify_inclusion(
    knobs: &Knobs,
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size });
    }
    let wrong_length = ProofError::ProofLength { found: proof.len() };
    let (mut node_index, mut last, mut found) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if node_index & 1 == 1 || node_index == last {
            found = knobs.node(sibling, &found);
            while node_index & 1 == 0 && node_index != 0 {
                (node_index, last) = (node_index >> 1, last >> 1);
            }
        } else {
            found = knobs.node(&found, sibling);
        }
        (node_index, last) = (node_index >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    same_root(root, found)
}

/// Verifies that a tree has only grown (RFC 9162, section 2.1.4.2).
///
/// Equal sizes need equal roots and an empty proof. A first tree without leaves is refused: it is the beginning of every
/// tree, so a proof from it would say nothing.
///
/// # Errors
/// [`ProofError`], naming what disagrees.
pub fn verify_consistency(
    knobs: &Knobs,
    earlier: (u64, &Digest),
    later: (u64, &Digest),
    proof: &[Digest],
) -> Result<(), ProofError> {
    let ((size, root), (later_size, later_root)) = (earlier, later);
    if size == 0 || size > later_size {
        return Err(ProofError::Sizes {
            earlier: size,
            later: later_size,
        });
    }
    let wrong_length = ProofError::ProofLength { found: proof.len() };
    if size == later_size {
        return if proof.is_empty() {
            same_root(root, *later_root)
        } else {
            Err(wrong_length)
        };
    }
    let mut path = proof.iter();
    // A complete earlier tree is itself a node of the later one, so the proof leaves it out.
    let first = if size.is_power_of_two() {
        root
    } else {
        path.next().ok_or(wrong_length)?
    };
    let (mut node_index, mut last) = (size - 1, later_size - 1);
    let shift = node_index.trailing_ones();
    (node_index, last) = (node_index >> shift, last >> shift);
    let (mut found, mut found_later) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if node_index & 1 == 1 || node_index == last {
            found = knobs.node(sibling, &found);
            found_later = knobs.node(sibling, &found_later);
            while node_index & 1 == 0 && node_index != 0 {
                (node_index, last) = (node_index >> 1, last >> 1);
            }
        } else {
            found_later = knobs.node(&found_later, sibling);
        }
        (node_index, last) = (node_index >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    same_root(root, found)?;
    same_root(later_root, found_later)
}

fn same_root(expected: &Digest, found: Digest) -> Result<(), ProofError> {
    if *expected == found {
        Ok(())
    } else {
        Err(ProofError::Root {
            expected: *expected,
            found,
        })
    }
}

#[cfg(test)]
mod tests;
