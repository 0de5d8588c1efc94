//! One record's faults as they are found.

use std::sync::Arc;

use tickmark_crypto::digest::sha256;

use crate::examine::{Computed, Examined, HashSeen};
use crate::fault::fault;
use crate::verification::Fault;

/// A record that is being judged.
pub(super) struct Site<'e> {
    pub seen: &'e Examined,
    pub position: u64,
    pub found: Vec<Fault>,
    bytes: &'e [u8],
    line: u64,
    member: Option<Arc<str>>,
}

impl<'e> Site<'e> {
    pub fn new(
        seen: &'e Examined,
        bytes: &'e [u8],
        position: u64,
        line: u64,
        member: Option<Arc<str>>,
    ) -> Self {
        Site {
            seen,
            position,
            found: Vec::new(),
            bytes,
            line,
            member,
        }
    }

    /// SHA-256 of the record's received bytes.
    pub fn id(&self) -> [u8; 32] {
        self.seen.id.unwrap_or_else(|| sha256(self.bytes))
    }

    /// Whether something was found that bears on integrity.
    pub fn bears_on_integrity(&self) -> bool {
        self.found.iter().any(|fault| fault.claim == "integrity")
    }

    pub fn add(&mut self, mut told: Fault, field: Option<&str>, expected: Option<&str>, found: Option<&str>) {
        told.record = Some(self.position);
        told.line = Some(self.line);
        told.member = self.member.as_deref().map(str::to_owned);
        told.field = field.map(str::to_owned);
        told.expected = expected.map(str::to_owned);
        told.found = found.map(str::to_owned);
        self.found.push(told);
    }

    /// A hash that does not hold. Expected is what the record says of itself, found what its content gives.
    pub fn add_hash(&mut self, code: &str, what: &str, field: Option<&str>, hash: &HashSeen) {
        let at = self.position;
        let (code, sentence) = match (&hash.recorded, &hash.computed) {
            (None, _) => (
                "hash_missing",
                format!("Record {at} does not carry the hash that its format requires."),
            ),
            (_, Computed::Nothing(error)) => (
                "not_a_record",
                format!("Record {at} is no record of this format: {error}."),
            ),
            _ => (code, format!("Record {at}: {what}")),
        };
        let computed = match &hash.computed {
            Computed::Other(text) => text.clone(),
            Computed::Nothing(error) => error.to_string(),
            Computed::Recorded => hash.recorded.clone().unwrap_or_default(),
        };
        let told = fault(code, "integrity", sentence);
        self.add(told, field, hash.recorded.as_deref(), Some(&computed));
    }
}
