//! How much a platform export can prove by itself (`research/exports.md` 6).

use serde::Serialize;

/// The steps of proof, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ProofLevel {
    /// Hashed at import, nothing before.
    P0,
    /// Listed in the platform's own manifest.
    P1,
    /// Kept by the platform under a lock that forbids change.
    P2,
    /// Signed by the platform, with a gap or an unsigned end.
    P3,
    /// Signed by the platform, without a gap.
    P4,
}

/// What stands behind *every* record of a bundle. What holds for some of them only is `false`; the default is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProofBasis {
    /// The platform's manifest lists each file, and its size and count of records agree.
    pub is_listed: bool,
    /// Evidence of an immutability lock names each file's digest or version, and it agrees.
    pub is_locked: bool,
    /// A signature of the platform, under a key that was pinned, covers each file's digest.
    pub is_signed: bool,
    /// The signed statements follow one another without a gap up to the end, and the newest is signed.
    pub is_gapless: bool,
}

/// The level that a basis reaches. A gapless sequence that nobody signed adds nothing: whoever can write it can remake it.
#[must_use]
pub const fn proof_level(basis: ProofBasis) -> ProofLevel {
    match basis {
        ProofBasis {
            is_signed: true,
            is_gapless: true,
            ..
        } => ProofLevel::P4,
        ProofBasis { is_signed: true, .. } => ProofLevel::P3,
        ProofBasis { is_locked: true, .. } => ProofLevel::P2,
        ProofBasis { is_listed: true, .. } => ProofLevel::P1,
        _ => ProofLevel::P0,
    }
}

impl ProofLevel {
    /// What the level means, in one plain sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            ProofLevel::P0 => {
                "The export was hashed when it was imported. Changes since then would show; changes before it would not."
            }
            ProofLevel::P1 => {
                "The export agrees with the platform's own list of files. Whoever could write both could have changed both."
            }
            ProofLevel::P2 => {
                "The export agrees with evidence that the platform kept it under a lock. What was written before the lock is \
                 the recorder's own word."
            }
            ProofLevel::P3 => {
                "The platform signed what is here. There is a gap or an unsigned end, so records may be missing."
            }
            ProofLevel::P4 => "The platform signed what is here, without a gap.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_step_whose_conditions_hold() {
        let nothing = ProofBasis::default();
        assert_eq!(proof_level(nothing), ProofLevel::P0);
        assert_eq!(
            proof_level(ProofBasis {
                is_gapless: true,
                ..nothing
            }),
            ProofLevel::P0
        );
        assert_eq!(
            proof_level(ProofBasis {
                is_listed: true,
                ..nothing
            }),
            ProofLevel::P1
        );
        assert_eq!(
            proof_level(ProofBasis {
                is_listed: true,
                is_locked: true,
                ..nothing
            }),
            ProofLevel::P2
        );
        assert_eq!(
            proof_level(ProofBasis {
                is_signed: true,
                is_locked: true,
                ..nothing
            }),
            ProofLevel::P3
        );
        assert_eq!(
            proof_level(ProofBasis {
                is_signed: true,
                is_gapless: true,
                ..nothing
            }),
            ProofLevel::P4
        );
        assert!(ProofLevel::P0 < ProofLevel::P4);
    }
}
