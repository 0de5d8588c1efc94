//! Statements that a log, a ledger or a signer of envelopes makes: attestations, Sigstore bundles, checkpoints and proofs, COSE
//! messages and receipts, ledger receipts.
//!
//! They are recognised by what they hold. Only members whose content is at hand (up to 1 MiB) are asked.

mod attestation;
mod azure_sql;
mod ccf;
mod checkpoint;
mod cose;
mod members;
mod sigstore;
mod subjects;

use tickmark_crypto::sigstore::{Bundle as SigstoreBundle, TrustedRoot};

use super::{Enclosure, Vouched};
use crate::built_in::Bundle;
use crate::fault::fault;

use members::Members;

/// Whether a member is such a statement.
pub(super) fn speaks(bundle: &Bundle<'_>) -> bool {
    let members = Members::of(bundle);
    members.at_hand().any(|(_, content)| Kind::of(content).is_some())
}

/// Reads every such statement.
pub(super) fn read(bundle: &Bundle<'_>) -> Vec<Enclosure> {
    read_all(&Members::of(bundle))
}

fn read_all(members: &Members<'_>) -> Vec<Enclosure> {
    let mut all: Vec<Enclosure> = members
        .at_hand()
        .filter_map(|(member, content)| Some(Kind::of(content)?.read(members, member, content)))
        .collect();
    checkpoint::hold_together(members, &mut all);
    azure_sql::hold_together(members, &mut all);
    all
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sigstore,
    SigstoreRoot,
    Envelope,
    Checkpoint,
    TlogProof,
    Cose,
    LedgerReceipt,
    SqlDigests,
}

impl Kind {
    /// Recognises a member by its content; whether it verifies plays no part.
    fn of(content: &[u8]) -> Option<Kind> {
        if content.starts_with(b"c2sp.org/tlog-proof@") {
            return Some(Kind::TlogProof);
        }
        if content.starts_with(&[0xd2, 0x84]) {
            return Some(Kind::Cose);
        }
        if content.trim_ascii_start().first() == Some(&b'{') {
            return Kind::of_json(content);
        }
        checkpoint::is_one(content).then_some(Kind::Checkpoint)
    }

    fn of_json(content: &[u8]) -> Option<Kind> {
        let holds = |mark: &str| {
            let mark = mark.as_bytes();
            content.windows(mark.len()).any(|part| part == mark)
        };
        if holds("application/vnd.dev.sigstore.") {
            if SigstoreBundle::is_one(content) {
                return Some(Kind::Sigstore);
            }
            if TrustedRoot::is_one(content) {
                return Some(Kind::SigstoreRoot);
            }
        }
        if holds("\"last_transaction_commit_time\"") && azure_sql::is_one(content) {
            return Some(Kind::SqlDigests);
        }
        if holds("\"payloadType\"") && members::has(content, &["payload", "payloadType", "signatures"]) {
            return Some(Kind::Envelope);
        }
        (holds("commitEvidence\"") || holds("commit_evidence\"")).then_some(())?;
        ccf::is_one(content).then_some(Kind::LedgerReceipt)
    }

    fn read(self, members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
        let is_json = content.trim_ascii_start().first() == Some(&b'{') && self != Kind::SqlDigests;
        if is_json && let Err(why) = members::strict(content) {
            return malformed(self.name(), member, &why);
        }
        match self {
            Kind::Sigstore => sigstore::read(members, member, content),
            Kind::SigstoreRoot => sigstore::read_root(members, member),
            Kind::Envelope => attestation::read(members, member, content),
            Kind::Checkpoint => checkpoint::read(members, member, content),
            Kind::TlogProof => checkpoint::read_proof(members, member, content),
            Kind::Cose => cose::read(members, member, content),
            Kind::LedgerReceipt => ccf::read(members, member, content),
            Kind::SqlDigests => azure_sql::read(member),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Sigstore => "sigstore-bundle",
            Kind::SigstoreRoot => "sigstore-root",
            Kind::Envelope => "dsse",
            Kind::Checkpoint => "checkpoint",
            Kind::TlogProof => "tlog-proof",
            Kind::Cose => "cose-sign1",
            Kind::LedgerReceipt => "ledger-receipt",
            Kind::SqlDigests => "sql-ledger-digest",
        }
    }
}

/// A statement of which nothing is known yet.
fn plain(kind: Kind, member: &str) -> Enclosure {
    Enclosure {
        kind: kind.name(),
        member: member.to_owned(),
        covers: Vec::new(),
        closed_below: None,
        is_content: true,
        vouched: Vouched::Nobody,
        stamp: None,
        uncovered: Vec::new(),
        keys: Vec::new(),
        faults: Vec::new(),
        notes: Vec::new(),
    }
}

/// A statement that breaks a rule of its format.
fn malformed(kind: &'static str, member: &str, why: &str) -> Enclosure {
    let mut enclosure = plain(Kind::Envelope, member);
    enclosure.kind = kind;
    enclosure.vouched = Vouched::Malformed;
    enclosure.wrong("statement_malformed", "authenticity", why);
    enclosure
}

impl Enclosure {
    /// Adds what is wrong with it, in a sentence after its name.
    fn wrong(&mut self, code: &str, claim: &str, why: &str) {
        let mut told = fault(code, claim, format!("{}: {why}.", self.member));
        told.member = Some(self.member.clone());
        self.faults.push(told);
    }
}

#[cfg(test)]
mod tests;
