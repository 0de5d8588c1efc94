//! minisign signatures, under pinned Ed25519 keys whose name, where they have one, is the signature's key id.

use tickmark_crypto::key::Candidate;
use tickmark_crypto::message::Message;
use tickmark_crypto::minisign::{MinisignError, Signature};

use super::{Verdict, use_of_key};
use crate::trust::Trust;

pub(super) fn verify(member: &str, signature: &Signature, message: &Message, trust: &Trust) -> Verdict {
    let candidates: Vec<Candidate<'_>> = trust
        .keys()
        .iter()
        .map(|pinned| Candidate {
            key: &pinned.key,
            kid: pinned.kid.as_deref(),
        })
        .collect();
    match signature.verify(message, &candidates) {
        Ok(at) => match trust.keys().get(at) {
            Some(key) => Verdict::pinned(use_of_key(key)),
            None => Verdict::unpinned(None),
        },
        Err(MinisignError::NotPinned { key_id }) => {
            Verdict::unpinned(None).noted(format!("{member} names the key {key_id}, which you did not pin."))
        }
        Err(MinisignError::Message(why)) => {
            Verdict::open(&why.to_string()).noted(format!("{member} was not checked: {why}."))
        }
        Err(MinisignError::TrustedComment) => {
            let sentence = format!("The trusted comment of {member} is not the one that was signed.");
            Verdict::wrong(false).with_fault(member, "detached_signature_comment", "authenticity", sentence)
        }
        Err(_) => Verdict::wrong(false),
    }
}
