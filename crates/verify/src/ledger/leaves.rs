//! What is computed over all records: the tree, and the digest over their hashes.

use tickmark_crypto::digest::{Digest, Hasher};
use tickmark_crypto::encoding::unhex;
use tickmark_crypto::merkle::{Combine, Knobs, Odd, Tree};

use crate::examine::{Examined, Leaf};
use crate::profile::{CombineWord, OddWord, Previous, Profile, TreeSpec};

/// The tree and the closing digest, as far as records were joined.
pub(crate) struct Leaves {
    tree: Option<Tree>,
    /// Whether some record gave no leaf.
    is_broken: bool,
    closing: Option<Hasher>,
    records: u64,
}

impl Leaves {
    pub fn new(profile: Option<&Profile>) -> Self {
        let tree = profile.and_then(|profile| profile.tree.as_ref());
        let closing = profile.and_then(|profile| profile.closing.as_ref());
        Leaves {
            tree: tree.map(|tree| Tree::new(knobs(tree))),
            is_broken: false,
            closing: closing.map(|closing| Hasher::new(closing.alg)),
            records: 0,
        }
    }

    pub fn push(&mut self, profile: &Profile, seen: &Examined) {
        self.records += 1;
        if let (Some(tree), Some(leaf)) = (&mut self.tree, seen.leaf.as_deref()) {
            match leaf {
                Leaf::Data(bytes) => tree.push_leaf_data(bytes),
                Leaf::Hash(digest) => tree.push_leaf_hash(*digest),
                Leaf::Unbuildable => self.is_broken = true,
            }
        }
        if let (Some(hasher), Some(closing)) = (&mut self.closing, &profile.closing) {
            let recorded = seen.hash.as_ref().and_then(|hash| hash.recorded.as_deref());
            let recorded = recorded.unwrap_or_default();
            match (closing.over, &profile.hash) {
                (Previous::Raw, Some(spec)) => hasher.update(&spec.enc.read(recorded).unwrap_or_default()),
                _ => hasher.update(recorded.as_bytes()),
            }
        }
    }

    /// The tree's root; `None` when some record gave no leaf.
    pub fn root(&self) -> Option<Digest> {
        self.tree.as_ref().filter(|_| !self.is_broken).map(Tree::root)
    }

    /// The digest over all hashes; over the profile's own text when there is no record. `None` when it was taken.
    pub fn closing(&mut self, profile: &Profile) -> Option<Digest> {
        let closing = profile.closing.as_ref()?;
        let hasher = self.closing.take()?;
        Some(if self.records == 0 {
            closing.alg.of(closing.empty.as_bytes())
        } else {
            hasher.finish()
        })
    }
}

fn knobs(tree: &TreeSpec) -> Knobs {
    Knobs {
        // held against their form when the profile was read
        leaf_prefix: unhex(&tree.leaf_prefix).unwrap_or_default(),
        node_prefix: unhex(&tree.node_prefix).unwrap_or_default(),
        odd: match tree.odd {
            OddWord::Promote => Odd::Promote,
            OddWord::Duplicate => Odd::Duplicate,
            OddWord::ZeroPad => Odd::ZeroPad,
            OddWord::ZeroNode => Odd::ZeroNode,
        },
        combine: match tree.combine {
            CombineWord::Raw => Combine::Raw,
            CombineWord::HexText => Combine::HexText,
        },
        algorithm: tree.alg,
    }
}
