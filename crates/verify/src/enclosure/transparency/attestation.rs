//! DSSE envelopes: in-toto statements about members, and other signed payloads.

use tickmark_crypto::dsse::Envelope;
use tickmark_formats::pointer::Pointer;

use super::super::{Enclosure, Vouched};
use super::members::{Members, bare, period_note, strict, used};
use super::subjects::Statement;
use super::{Kind, malformed, plain};
use crate::coverage::{Reach, Shapes};
use crate::trust::PinnedKey;

/// Reads an envelope.
pub(super) fn read(members: &Members<'_>, member: &str, content: &[u8]) -> Enclosure {
    let envelope = match Envelope::parse(content) {
        Ok(envelope) => envelope,
        Err(error) => return malformed(Kind::Envelope.name(), member, &error.to_string()),
    };
    let mut enclosure = plain(Kind::Envelope, member);
    enclosure.uncovered = unsigned(content, "");
    enclosure.vouched = vouched(members, &envelope, &mut enclosure);
    hold_payload(members, &envelope, &mut enclosure);
    enclosure
}

/// Reads what an envelope's payload says of members; for whoever has verified the envelope otherwise, too.
pub(super) fn hold_payload(members: &Members<'_>, envelope: &Envelope, enclosure: &mut Enclosure) {
    let name = enclosure.member.clone();
    if envelope.payload_type != Statement::PAYLOAD_TYPE {
        enclosure.notes.push(format!(
            "{name} holds a payload of type {}, which was not read.",
            envelope.payload_type
        ));
        return;
    }
    match Statement::parse(&envelope.payload) {
        Ok(statement) => {
            enclosure.kind = "in-toto";
            enclosure.covers = statement.covers(members, &name);
            enclosure.notes.push(format!(
                "{name} is an in-toto statement of type {}. What it claims beyond the digests of its subjects was not judged.",
                statement.predicate
            ));
            if enclosure.covers.is_empty() {
                enclosure.notes.push(format!(
                    "None of the {} subjects of {name} is in the bundle, so the statement stands for itself.",
                    statement.len()
                ));
            }
        }
        Err(why) => {
            enclosure.vouched = Vouched::Malformed;
            enclosure.wrong("statement_malformed", "authenticity", &why);
        }
    }
}

/// Members of the envelope at a pointer that its signatures do not reach: they are over payload and payload type, and nothing
/// is over `keyid`, which is a hint.
pub(super) fn unsigned(content: &[u8], at: &str) -> Vec<String> {
    let mut shapes = Shapes::default();
    if let (Ok(document), Ok(pointer)) = (strict(content), Pointer::parse(at))
        && let Some(envelope) = document.at(&pointer)
    {
        shapes.note(envelope);
    }
    let signed = Reach::of_fields(&["/payload", "/payloadType", "/signatures/*/sig"]);
    let beyond = shapes.beyond(&signed).into_iter();
    beyond.map(|field| format!("{at}{field}")).collect()
}

/// One pinned key is enough. The hint may only narrow the choice.
fn vouched(members: &Members<'_>, envelope: &Envelope, enclosure: &mut Enclosure) -> Vouched {
    let mut candidates: Vec<&PinnedKey> = Vec::new();
    for signature in &envelope.signatures {
        for pinned in members.signers(signature.keyid.as_deref()) {
            if !candidates.iter().any(|other| std::ptr::eq(*other, pinned)) {
                candidates.push(pinned);
            }
        }
    }
    if candidates.is_empty() {
        return Vouched::Unpinned {
            carried_verifies: false,
            carried_fails: false,
        };
    }
    let Ok(signers) = envelope.verify(&bare(&candidates), 1) else {
        return Vouched::Wrong {
            carried_verifies: false,
        };
    };
    let signers: Vec<_> = signers
        .into_iter()
        .filter_map(|signer| candidates.get(signer).copied())
        .collect();
    enclosure.keys.extend(signers.iter().map(|pinned| used(pinned)));
    if signers.len() < envelope.signatures.len() {
        enclosure.notes.push(format!(
            "{} has {} signatures; {} fit pinned keys.",
            enclosure.member,
            envelope.signatures.len(),
            signers.len()
        ));
    }
    let whole = signers.iter().find(|pinned| period_note(pinned).is_none());
    match (whole, signers.first()) {
        (Some(pinned), _) => Vouched::Pinned(pinned.key.fingerprint()),
        (None, first) => {
            enclosure
                .notes
                .extend(first.and_then(|pinned| period_note(pinned)));
            Vouched::Unpinned {
                carried_verifies: false,
                carried_fails: false,
            }
        }
    }
}
