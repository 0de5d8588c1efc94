//! Ledger receipts of the Confidential Consortium Framework and Azure Confidential Ledger.

use tickmark_crypto::ccf::{LedgerError, LedgerReceipt};
use tickmark_crypto::key::{KeyAlgorithm, PublicKey};
use tickmark_crypto::x509::TrustAnchor;

use super::super::{Agreement, Covered, Enclosure, Vouched};
use super::members::{Members, bare, has, period_note, used};
use super::{Kind, malformed, plain};
use crate::trust::PinnedRoot;
use crate::verification::{KeyOrigin, KeyUse};

/// Whether some JSON is a receipt, by itself or in the answer of the ledger's interface.
pub(super) fn is_one(content: &[u8]) -> bool {
    has(content, &["cert", "proof", "signature"]) || has(content, &["receipt"])
}

/// Reads a receipt.
pub(super) fn read(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let receipt = match LedgerReceipt::parse(content) {
        Ok(receipt) => receipt,
        Err(error) => return malformed(Kind::LedgerReceipt.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(Kind::LedgerReceipt, member);
    enclosure.vouched = vouched(members, &receipt, &mut enclosure);
    for digest in [receipt.claims_digest(), receipt.write_set_digest()] {
        if let Some(covered) = members.with_sha256(&digest.hex()) {
            enclosure.covers.push(Covered {
                member: covered.to_owned(),
                agreement: Agreement::Agrees,
            });
        }
    }
    enclosure.notes.push(format!(
        "{member} shows that transaction {} is in the ledger; it carries no time, and revocation was not checked.",
        receipt.transaction().unwrap_or("without a number")
    ));
    enclosure
}

fn vouched(members: &Members<'_>, receipt: &LedgerReceipt, enclosure: &mut Enclosure) -> Vouched {
    let mut keys = members.signers(None);
    keys.retain(|pinned| matches!(pinned.key.algorithm(), KeyAlgorithm::Es256 | KeyAlgorithm::Es384));
    // a service's certificate counts by its key: its dates are short, and a receipt has no time to hold them against
    let roots = members.trust.roots().iter().filter(|root| root.uses.signatures());
    let roots: Vec<(&PinnedRoot, PublicKey)> = roots
        .filter_map(|root| Some((root, root.anchor.certificate().public_key(None).ok()?)))
        .collect();
    let mut services = bare(&keys);
    services.extend(roots.iter().map(|(_, key)| key.clone()));
    match receipt.verify(&services) {
        Ok(index) => match (keys.get(index), roots.get(index.saturating_sub(keys.len()))) {
            (Some(pinned), _) => {
                enclosure.keys.push(used(pinned));
                match period_note(pinned) {
                    None => Vouched::Pinned(pinned.key.fingerprint()),
                    Some(note) => {
                        enclosure.notes.push(note);
                        Vouched::Unpinned {
                            carried_verifies: true,
                            carried_fails: false,
                        }
                    }
                }
            }
            (None, Some((root, _))) => {
                enclosure.keys.push(KeyUse {
                    fingerprint: root.anchor.fingerprint(),
                    algorithm: TrustAnchor::ALGORITHM.to_owned(),
                    kid: None,
                    owner: root.owner.clone(),
                    confirmed: root.confirmed.clone(),
                    origin: KeyOrigin::Pinned,
                    records: 1,
                });
                Vouched::Pinned(root.anchor.fingerprint())
            }
            (None, None) => Vouched::Malformed,
        },
        // the node's signature fits; that the node is of the ledger is not shown
        Err(LedgerError::NotEndorsed) => {
            enclosure.keys.push(node(receipt));
            Vouched::Unpinned {
                carried_verifies: true,
                carried_fails: false,
            }
        }
        Err(error) => {
            enclosure.wrong("ledger_receipt_mismatch", "integrity", &error.to_string());
            Vouched::Unpinned {
                carried_verifies: false,
                carried_fails: true,
            }
        }
    }
}

fn node(receipt: &LedgerReceipt) -> KeyUse {
    let key = receipt.node().public_key(None).ok();
    KeyUse {
        fingerprint: key.as_ref().map(PublicKey::fingerprint).unwrap_or_default(),
        algorithm: key.map_or_else(|| "x509".to_owned(), |key| key.algorithm().to_string()),
        kid: None,
        owner: None,
        confirmed: None,
        origin: KeyOrigin::Carried,
        records: 1,
    }
}
