//! What a caller requires, and the exit code that follows (design, section 8).

use crate::verification::{Basis, ClaimOutcome, Verification};

/// A claim by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimName {
    /// Do the records agree with the hashes and links that accompany them?
    Integrity,
    /// Did the expected party record them?
    Authenticity,
    /// Is everything here that a named statement says is there?
    Completeness,
    /// Is there a time that does not rest on the recorder's word?
    Time,
}

impl std::str::FromStr for ClaimName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "integrity" => Ok(ClaimName::Integrity),
            "authenticity" => Ok(ClaimName::Authenticity),
            "completeness" => Ok(ClaimName::Completeness),
            "time" => Ok(ClaimName::Time),
            other => Err(format!(
                "“{other}” is no claim: expected integrity, authenticity, completeness or time"
            )),
        }
    }
}

/// What follows from a verification for somebody who requires claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// What is required is proven: exit code 0.
    Proven,
    /// A claim is refuted, required or not: exit code 1.
    Refuted,
    /// Something required is not proven: exit code 3.
    NotProven,
}

impl Decision {
    /// The exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Decision::Proven => 0,
            Decision::Refuted => 1,
            Decision::NotProven => 3,
        }
    }
}

/// Decides. With nothing required by name: integrity anchored, authenticity and completeness. Naming integrity alone
/// accepts a bundle that only agrees with itself.
pub fn decide(verification: &Verification, required: &[ClaimName]) -> Decision {
    let claims = &verification.claims;
    let all = [
        &claims.integrity,
        &claims.authenticity,
        &claims.completeness,
        &claims.time,
    ];
    if all.iter().any(|claim| claim.outcome == ClaimOutcome::Refuted) {
        return Decision::Refuted;
    }
    let default = [
        ClaimName::Integrity,
        ClaimName::Authenticity,
        ClaimName::Completeness,
    ];
    let wanted = if required.is_empty() {
        &default[..]
    } else {
        required
    };
    let self_consistent_is_enough = required == [ClaimName::Integrity];
    let holds = |name: &ClaimName| match name {
        ClaimName::Integrity => {
            claims.integrity.outcome == ClaimOutcome::Proven
                && (self_consistent_is_enough || claims.integrity.basis == Some(Basis::Anchored))
        }
        ClaimName::Authenticity => claims.authenticity.outcome == ClaimOutcome::Proven,
        ClaimName::Completeness => claims.completeness.outcome == ClaimOutcome::Proven,
        ClaimName::Time => claims.time.outcome == ClaimOutcome::Proven,
    };
    if wanted.iter().all(holds) {
        Decision::Proven
    } else {
        Decision::NotProven
    }
}
