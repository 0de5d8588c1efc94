//! COSE messages with one signature: signed statements, and the receipts of transparency services for them.

use tickmark_crypto::cbor::Value;
use tickmark_crypto::cose::{CoseError, Sign1, Tagging};
use tickmark_crypto::encoding::hex;
use tickmark_crypto::receipt::{Receipt, ReceiptError};

use super::super::{Agreement, Covered, Enclosure, Vouched};
use super::members::{Members, period_note, used};
use super::{Kind, malformed, plain};
use crate::trust::PinnedKey;

/// Reads a message.
pub(super) fn read(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let kind = Kind::Cose;
    let message = match Sign1::parse(content, Tagging::Required) {
        Ok(message) => message,
        Err(error) => return malformed(kind.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(kind, member);
    let unchecked = Vouched::Unpinned {
        carried_verifies: false,
        carried_fails: false,
    };
    // a payload that stands elsewhere is the member that the message is named after
    let detached = match message.payload() {
        Some(_) => None,
        None => match members.about(member, &ENDINGS) {
            Some(named) => {
                enclosure.is_content = false;
                Some(named)
            }
            None => {
                enclosure.vouched = unchecked;
                enclosure.notes.push(format!(
                    "What {member} signs is not in the bundle, so its signature was not checked."
                ));
                return enclosure;
            }
        },
    };
    let payload = detached.map(|named| members.content(named));
    let agreement = match payload {
        Some(None) => {
            enclosure.vouched = unchecked;
            Agreement::Open("it is too large to be held against the signature".to_owned())
        }
        payload => {
            enclosure.vouched = vouched(members, &message, payload.flatten(), &mut enclosure);
            match enclosure.vouched {
                Vouched::Pinned(_) => Agreement::Agrees,
                _ => Agreement::Open("no pinned key's signature over it was verified".to_owned()),
            }
        }
    };
    if let Some(named) = detached {
        enclosure.covers.push(Covered {
            member: named.to_owned(),
            agreement,
        });
    }
    hold_hashed_payload(members, &message, &mut enclosure);
    hold_receipts(members, &message, &mut enclosure);
    enclosure
}

fn vouched(
    members: &Members<'_>,
    message: &Sign1<'_>,
    detached: Option<&[u8]>,
    enclosure: &mut Enclosure,
) -> Vouched {
    let candidates = named_by(members, message);
    let mut refused = None;
    for pinned in &candidates {
        match message.verify(&pinned.key, b"", detached) {
            Ok(()) => {
                enclosure.keys.push(used(pinned));
                return match period_note(pinned) {
                    None => Vouched::Pinned(pinned.key.fingerprint()),
                    Some(note) => {
                        enclosure.notes.push(note);
                        Vouched::Unpinned {
                            carried_verifies: false,
                            carried_fails: false,
                        }
                    }
                };
            }
            // a key of another algorithm is no candidate
            Err(CoseError::Algorithm { .. }) => {}
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        None => Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        },
        Some(error) => {
            enclosure.wrong("cose_signature_mismatch", "authenticity", &error.to_string());
            Vouched::Wrong {
                carried_verifies: false,
            }
        }
    }
}

/// Pinned keys whose name is the message's key id, as text or in hex, where both name one.
fn named_by<'b>(members: &Members<'b>, message: &Sign1<'_>) -> Vec<&'b PinnedKey> {
    let Some(kid) = message.kid() else {
        return members.signers(None);
    };
    let text = std::str::from_utf8(kid).ok();
    let digits = hex(kid);
    let mut keys = members.signers(None);
    keys.retain(|pinned| {
        pinned
            .kid
            .as_deref()
            .is_none_or(|own| Some(own) == text || own == digits)
    });
    keys
}

/// A payload that is the SHA-256 of something (RFC 9995: header 258 names the function).
fn hold_hashed_payload(members: &Members<'_>, message: &Sign1<'_>, enclosure: &mut Enclosure) {
    let function = message.protected(PAYLOAD_HASH).and_then(Value::integer);
    let (Some(function), Some(payload)) = (function, message.payload()) else {
        return;
    };
    if function != SHA_256 || payload.len() != 32 {
        enclosure.notes.push(format!(
            "{} signs a digest by function {function}, which was not held against members.",
            enclosure.member
        ));
        return;
    }
    match members.with_sha256(&hex(payload)) {
        Some(member) => enclosure.covers.push(Covered {
            member: member.to_owned(),
            agreement: Agreement::Agrees,
        }),
        None => enclosure.notes.push(format!(
            "No member has the digest that {} signs, so the statement stands for itself.",
            enclosure.member
        )),
    }
}

/// Receipts of transparency services stand in an unprotected header and are for the message without these headers.
fn hold_receipts(members: &Members<'_>, message: &Sign1<'_>, enclosure: &mut Enclosure) {
    let Some(list) = message.unprotected(RECEIPTS) else {
        return;
    };
    let name = enclosure.member.clone();
    let Some(receipts) = list.array().filter(|receipts| !receipts.is_empty()) else {
        enclosure.wrong("receipt_malformed", "integrity", "its receipts are not a list");
        return;
    };
    let entry = message.without_unprotected();
    for (index, receipt) in receipts.iter().take(RECEIPT_LIMIT).enumerate() {
        let number = index + 1;
        let bytes = receipt.bytes().unwrap_or_default();
        let read = match Receipt::parse(bytes) {
            Ok(read) => read,
            Err(error) => {
                enclosure.wrong(
                    "receipt_malformed",
                    "integrity",
                    &format!("receipt {number}: {error}"),
                );
                continue;
            }
        };
        let candidates = named_by(members, read.message());
        let results: Vec<_> = candidates
            .iter()
            .map(|pinned| (*pinned, read.verify_inclusion(&entry, &pinned.key)))
            .collect();
        if let Some((pinned, _)) = results.iter().find(|(_, result)| result.is_ok()) {
            enclosure.keys.push(used(pinned));
            enclosure.notes.push(format!(
                "Receipt {number} of {name} holds under a pinned key: the statement is in that service's log. It carries no time that a third party vouches for."
            ));
            continue;
        }
        // only a key that the receipt names can refute it; others are of other services
        let named = results.iter().find(|(pinned, result)| {
            pinned.kid.is_some() && read.message().kid().is_some() && !is_other_algorithm(result)
        });
        match named {
            Some((_, Err(error))) => {
                enclosure.wrong(
                    "receipt_mismatch",
                    "authenticity",
                    &format!("receipt {number}: {error}"),
                );
            }
            _ => enclosure.notes.push(format!(
                "Receipt {number} of {name} is by a service that is not pinned; it was not checked."
            )),
        }
    }
    if receipts.len() > RECEIPT_LIMIT {
        enclosure.notes.push(format!(
            "Only the first {RECEIPT_LIMIT} receipts of {name} were read."
        ));
    }
}

fn is_other_algorithm(result: &Result<(), ReceiptError>) -> bool {
    matches!(result, Err(ReceiptError::Cose(CoseError::Algorithm { .. })))
}

const PAYLOAD_HASH: i64 = 258; // RFC 9995
const SHA_256: i64 = -16; // RFC 9054
const RECEIPTS: i64 = 394; // RFC 9942
const RECEIPT_LIMIT: usize = 32;

/// How messages are named after a payload that stands elsewhere.
const ENDINGS: [&str; 4] = [".cose", ".cbor", ".sig", ".cose-sign1"];
