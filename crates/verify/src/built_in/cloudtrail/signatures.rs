//! Who vouches for a digest: its signature, as the metadata of its object and the next digest have it.

use chrono::{DateTime, TimeDelta};

use super::chain::Span;
use super::{Case, about, name};
use crate::built_in::aws::{SIGNATURE_ALGORITHM, Signed};
use crate::fault::fault;

/// Who vouches for a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Vouched {
    /// No signature of it is in the bundle.
    Unsigned,
    /// Its signature, held against the keys.
    Signed(Signed),
}

impl Vouched {
    pub fn is_pinned(&self) -> bool {
        matches!(self, Vouched::Signed(Signed::Pinned(_)))
    }

    pub fn verifies(&self) -> bool {
        matches!(self, Vouched::Signed(signed) if signed.verifies())
    }
}

/// Where a signature comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Metadata,
    NextDigest,
}

impl Case<'_> {
    /// Verifies every signature of every digest.
    pub(super) fn verify_signatures(&mut self) {
        let mut from_next = vec![Vec::new(); self.digests.len()];
        for chain in &self.chains {
            for (place, number) in chain.digests.iter().enumerate() {
                let previous = self
                    .digests
                    .get(*number)
                    .and_then(|digest| digest.previous.as_ref());
                let Some(previous) = previous else { continue };
                let older = chain.digests.get(..place).unwrap_or_default();
                let named = older.iter().rev().find(|older| {
                    self.digests
                        .get(**older)
                        .is_some_and(|older| older.is_named_by(previous))
                });
                if let Some(signatures) = named.and_then(|named| from_next.get_mut(*named)) {
                    signatures.push(previous.signature.clone());
                }
            }
        }
        for (number, from_next) in from_next.iter().enumerate() {
            let vouched = match self.copied(number) {
                Some(original) => self.vouched.get(original).cloned().unwrap_or(Vouched::Unsigned),
                None => self.vouched_for(number, from_next),
            };
            self.vouched.push(vouched);
        }
    }

    /// The digest before of which this one is a copy, byte for byte.
    fn copied(&self, number: usize) -> Option<usize> {
        let digest = self.digests.get(number)?;
        let is_same = |other: &super::Digest| {
            other.sha256 == digest.sha256 && other.bucket == digest.bucket && other.object == digest.object
        };
        self.digests.iter().take(number).position(is_same)
    }

    fn vouched_for(&mut self, number: usize, from_next: &[String]) -> Vouched {
        let Some(digest) = self.digests.get(number) else {
            return Vouched::Unsigned;
        };
        let member = self.places.name(digest.member);
        let is_backfill = digest.name().is_some_and(|name| name.is_backfill);
        let (mut checked, mut faults) = (Vec::new(), Vec::new());
        let message = digest.to_sign();
        let signing = self.signing_time(digest);
        let check = |signature: &str| {
            self.keys
                .check(&digest.fingerprint, message.as_bytes(), signature, |key| {
                    key.may_hold_in(signing)
                })
        };
        for entry in self.metadata.of_digest(&digest.bucket, &digest.object, member) {
            let beside = self.places.name(entry.member);
            if let Some(other) = entry
                .algorithm
                .as_deref()
                .filter(|name| *name != SIGNATURE_ALGORITHM)
            {
                let sentence = format!(
                    "The metadata of {} names the signature algorithm {other}, expected {SIGNATURE_ALGORITHM}.",
                    name::base(member)
                );
                faults.push(about(beside, fault("digest_format", "integrity", sentence)));
            }
            if is_backfill && entry.generated.is_none() {
                let sentence = format!(
                    "The metadata of {} has no backfill-generation-timestamp, as a digest that was made afterwards must have.",
                    name::base(member)
                );
                faults.push(about(beside, fault("digest_format", "integrity", sentence)));
            }
            if let Some(signature) = &entry.signature {
                checked.push((Source::Metadata, check(signature)));
            }
        }
        checked.extend(
            from_next
                .iter()
                .map(|signature| (Source::NextDigest, check(signature))),
        );
        // the signature that the next digest repeats is signed with that one: where it alone is wrong, that one is
        let metadata_holds = checked
            .iter()
            .any(|(source, signed)| *source == Source::Metadata && signed.verifies());
        if metadata_holds {
            checked.retain(|(source, signed)| *source == Source::Metadata || signed.verifies());
        }
        let vouched = weakest(&checked);
        if let Vouched::Signed(signed) = vouched
            && signed.contradicts()
        {
            let claim = if signed == Signed::CarriedFails {
                "integrity"
            } else {
                "authenticity"
            };
            let (code, why) = match signed {
                Signed::Malformed => ("digest_signature_malformed", "cannot be read: it is no hex text"),
                Signed::CarriedFails => ("digest_signature_mismatch", "does not fit the key in the bundle"),
                _ => ("digest_signature_mismatch", "does not fit the pinned key"),
            };
            let sentence = format!(
                "The signature of the digest {} is invalid: it {why} {}.",
                name::base(member),
                digest.fingerprint
            );
            faults.push(about(member, fault(code, claim, sentence)));
        }
        self.tally.form.failed += faults
            .iter()
            .filter(|fault| fault.code == "digest_format")
            .count() as u64;
        for fault in faults {
            self.tell(fault);
        }
        vouched
    }
}

impl Case<'_> {
    /// When AWS must have signed a digest. No digest says so: it is soon after the hour that it covers, or about the time
    /// that the metadata states of a digest made afterwards. The margins are those with which AWS's own validator asks for
    /// keys.
    pub(super) fn signing_time(&self, digest: &super::Digest) -> Span {
        let is_backfill = digest.name().is_some_and(|name| name.is_backfill);
        let member = self.places.name(digest.member);
        let entries = self.metadata.of_digest(&digest.bucket, &digest.object, member);
        let generated = entries.iter().find_map(|entry| {
            let stated = DateTime::parse_from_rfc3339(entry.generated.as_deref()?).ok()?;
            Some(stated.to_utc())
        });
        match generated.filter(|_| is_backfill) {
            Some(at) => (at - TimeDelta::hours(1), at + TimeDelta::hours(1)),
            None => (digest.end, digest.end + TimeDelta::hours(2)),
        }
    }
}

/// What several signatures of one digest come to: one that contradicts it outweighs one that verifies.
fn weakest(checked: &[(Source, Signed)]) -> Vouched {
    let rank = |signed: &Signed| match signed {
        Signed::Malformed => 0,
        Signed::Wrong { .. } => 1,
        Signed::CarriedFails => 2,
        Signed::OutOfForce(_) => 3,
        Signed::Pinned(_) => 4,
        Signed::Carried(_) => 5,
        Signed::NoKey => 6,
    };
    checked
        .iter()
        .map(|(_, signed)| *signed)
        .min_by_key(rank)
        .map_or(Vouched::Unsigned, Vouched::Signed)
}
