use proptest::prelude::*;

use super::*;

/// The eight leaves of the RFC 6962 reference vectors and the roots of their first 1 to 8.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn rfc6962_known_roots() {
    let mut tree = Tree::new(Knobs::rfc6962());
    assert_eq!(
        tree.root().hex(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert!(tree.is_empty());
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        tree.push_leaf_data(&encoding::unhex(leaf).unwrap());
        assert_eq!(tree.root().hex(), root);
    }
    assert_eq!(tree.len(), 8);
}

fn knobs(odd: Odd, combine: Combine) -> Knobs {
    Knobs {
        odd,
        combine,
        ..Knobs::rfc6962()
    }
}

/// The same trees written down level by level, with every node in memory.
fn root_by_levels(knobs: &Knobs, leaves: &[Digest]) -> Digest {
    let mut level = leaves.to_vec();
    if level.is_empty() {
        return knobs.algorithm.of(b"");
    }
    if knobs.odd == Odd::ZeroPad {
        level.resize(level.len().next_power_of_two(), Digest::zero(knobs.algorithm));
    }
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match (pair, knobs.odd) {
                ([left, right], _) => knobs.node(left, right),
                ([node], Odd::Duplicate) => knobs.node(node, node),
                (nodes, _) => nodes[0],
            })
            .collect();
    }
    level[0]
}

fn leaves(count: u64) -> Vec<Digest> {
    (0..count)
        .map(|number| Knobs::rfc6962().leaf(&number.to_be_bytes()))
        .collect()
}

/// PATH of RFC 9162, section 2.1.3.1.
fn inclusion_proof(knobs: &Knobs, index: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, sibling) = if index < left.len() {
        (inclusion_proof(knobs, index, left), root_by_levels(knobs, right))
    } else {
        (
            inclusion_proof(knobs, index - left.len(), right),
            root_by_levels(knobs, left),
        )
    };
    proof.push(sibling);
    proof
}

/// SUBPROOF of RFC 9162, section 2.1.4.1.
fn consistency_proof(knobs: &Knobs, size: usize, leaves: &[Digest], whole: bool) -> Vec<Digest> {
    if size == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![root_by_levels(knobs, leaves)]
        };
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut proof, sibling) = if size <= left.len() {
        (
            consistency_proof(knobs, size, left, whole),
            root_by_levels(knobs, right),
        )
    } else {
        (
            consistency_proof(knobs, size - left.len(), right, false),
            root_by_levels(knobs, left),
        )
    };
    proof.push(sibling);
    proof
}

#[test]
fn streaming_agrees_with_levels_for_every_knob() {
    for odd in [Odd::Promote, Odd::Duplicate, Odd::ZeroPad] {
        for combine in [Combine::Raw, Combine::HexText] {
            let knobs = knobs(odd, combine);
            for count in 0..70 {
                let leaves = leaves(count);
                let mut tree = Tree::new(knobs.clone());
                leaves.iter().for_each(|leaf| tree.push_leaf_hash(*leaf));
                assert_eq!(
                    tree.root(),
                    root_by_levels(&knobs, &leaves),
                    "{odd:?} {combine:?} {count}"
                );
            }
        }
    }
}

#[test]
fn the_known_weaknesses_of_the_other_shapes_are_real() {
    let root = |odd, leaves: &[Digest]| {
        let mut tree = Tree::new(knobs(odd, Combine::Raw));
        leaves.iter().for_each(|leaf| tree.push_leaf_hash(*leaf));
        tree.root()
    };
    let three = leaves(3);
    let repeated = [three.clone(), vec![three[2]]].concat();
    let padded = [three.clone(), vec![Digest::zero(Algorithm::Sha256)]].concat();
    assert_eq!(root(Odd::Duplicate, &three), root(Odd::Duplicate, &repeated));
    assert_eq!(root(Odd::ZeroPad, &three), root(Odd::ZeroPad, &padded));
    assert_ne!(root(Odd::Promote, &three), root(Odd::Promote, &repeated));
    assert_ne!(root(Odd::Promote, &three), root(Odd::Promote, &padded));
}

#[test]
fn memory_grows_with_the_logarithm() {
    let mut tree = Tree::new(Knobs::rfc6962());
    (0..10_000_u32).for_each(|number| tree.push_leaf_data(&number.to_be_bytes()));
    assert_eq!(tree.levels.len(), 14);
}

#[test]
fn every_proof_of_small_trees_stands_and_no_other() {
    let knobs = Knobs::rfc6962();
    for size in 1..=20_usize {
        let leaves = leaves(size as u64);
        let root = root_by_levels(&knobs, &leaves);
        for index in 0..size {
            let proof = inclusion_proof(&knobs, index, &leaves);
            let verify = |index: usize, size: usize, proof: &[Digest], root: &Digest| {
                verify_inclusion(
                    &knobs,
                    &leaves[index.min(leaves.len() - 1)],
                    index as u64,
                    size as u64,
                    proof,
                    root,
                )
            };
            assert_eq!(verify(index, size, &proof, &root), Ok(()));
            assert_eq!(
                verify(size, size, &proof, &root),
                Err(ProofError::IndexBeyondSize {
                    index: size as u64,
                    size: size as u64
                })
            );
            let longer = [proof.clone(), vec![root]].concat();
            assert_eq!(
                verify(index, size, &longer, &root),
                Err(ProofError::ProofLength { found: longer.len() })
            );
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(
                    verify(index, size, shorter, &root),
                    Err(ProofError::ProofLength { found: shorter.len() })
                );
                assert!(matches!(
                    verify(index, size, &proof, &proof[0]),
                    Err(ProofError::Root { .. })
                ));
            }
        }
    }
}

#[test]
fn consistency_of_every_pair_of_small_trees() {
    let knobs = Knobs::rfc6962();
    let leaves = leaves(20);
    let roots: Vec<_> = (0..=20)
        .map(|size| root_by_levels(&knobs, &leaves[..size]))
        .collect();
    for later in 1..=20_usize {
        for earlier in 1..=later {
            let proof = consistency_proof(&knobs, earlier, &leaves[..later], true);
            let verify = |proof: &[Digest], earlier_root: &Digest, later_root: &Digest| {
                verify_consistency(
                    &knobs,
                    (earlier as u64, earlier_root),
                    (later as u64, later_root),
                    proof,
                )
            };
            assert_eq!(
                verify(&proof, &roots[earlier], &roots[later]),
                Ok(()),
                "{earlier} {later}"
            );
            assert!(verify(&proof, &roots[0], &roots[later]).is_err());
            assert!(verify(&proof, &roots[earlier], &roots[0]).is_err());
            let longer = [proof.clone(), vec![roots[1]]].concat();
            assert!(matches!(
                verify(&longer, &roots[earlier], &roots[later]),
                Err(ProofError::ProofLength { .. })
            ));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify(shorter, &roots[earlier], &roots[later]).is_err());
            }
        }
        let sizes = verify_consistency(&knobs, (0, &roots[0]), (later as u64, &roots[later]), &[]);
        assert_eq!(
            sizes,
            Err(ProofError::Sizes {
                earlier: 0,
                later: later as u64
            })
        );
    }
    let shrunk = verify_consistency(&knobs, (5, &roots[5]), (4, &roots[4]), &[]);
    assert_eq!(shrunk, Err(ProofError::Sizes { earlier: 5, later: 4 }));
}

#[test]
fn a_sided_path_leads_to_the_root() {
    let knobs = Knobs::rfc6962();
    let leaves = leaves(8);
    let proof = inclusion_proof(&knobs, 5, &leaves);
    let sides = [Side::Left, Side::Right, Side::Left];
    let path: Vec<_> = sides.into_iter().zip(proof).collect();
    assert_eq!(
        root_of_path(&knobs, &leaves[5], &path),
        root_by_levels(&knobs, &leaves)
    );
    assert_eq!(root_of_path(&knobs, &leaves[5], &[]), leaves[5]);
}

proptest! {
    #[test]
    fn proofs_of_any_size_end(index: u64, size: u64, later: u64, count in 0_usize..70) {
        let (knobs, leaf) = (Knobs::rfc6962(), Digest::zero(Algorithm::Sha256));
        let proof = vec![leaf; count];
        let _ = verify_inclusion(&knobs, &leaf, index, size, &proof, &leaf);
        let _ = verify_consistency(&knobs, (size, &leaf), (later, &leaf), &proof);
    }
}

#[test]
fn a_missing_node_is_zero_at_every_level() {
    let knobs = Knobs {
        leaf_prefix: Vec::new(),
        node_prefix: Vec::new(),
        odd: Odd::ZeroNode,
        combine: Combine::HexText,
        algorithm: Algorithm::Sha256,
    };
    let leaves: Vec<Digest> = (0..5_u8).map(|n| Algorithm::Sha256.of(&[n])).collect();
    let zero = Digest::zero(Algorithm::Sha256);
    let mut tree = Tree::new(knobs.clone());
    leaves.iter().for_each(|leaf| tree.push_leaf_hash(*leaf));
    let four = knobs.node(
        &knobs.node(&leaves[0], &leaves[1]),
        &knobs.node(&leaves[2], &leaves[3]),
    );
    let one = knobs.node(&knobs.node(&leaves[4], &zero), &zero);
    assert_eq!(tree.root(), knobs.node(&four, &one));
}
