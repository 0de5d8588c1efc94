//! OpenPGP signatures (RFC 9580), under pinned keys with their subkeys.
//!
//! There is no clock here: a key is judged at the time that the signature states, which is the signer's own word.

use tickmark_crypto::message::Message;
use tickmark_crypto::openpgp::{Certificate, OpenPgpError, Signature};

use super::Verdict;
use crate::phrase::instant;
use crate::trust::Trust;
use crate::verification::{KeyOrigin, KeyUse};

pub(super) fn verify(member: &str, signature: &Signature, message: &Message, trust: &Trust) -> Verdict {
    let pinned = trust.openpgp();
    let candidates: Vec<&Certificate> = pinned.iter().map(|pinned| &pinned.certificate).collect();
    let stated = signature.stated_time();
    match signature.verify(message, &candidates, stated) {
        Ok(signer) => {
            let Some(key) = pinned.get(signer.candidate) else {
                return Verdict::unpinned(None);
            };
            let used = KeyUse {
                fingerprint: key.certificate.fingerprint(),
                algorithm: Certificate::ALGORITHM.to_owned(),
                kid: Some(signer.key),
                owner: key.owner.clone().or_else(|| key.certificate.user_ids().next()),
                confirmed: key.confirmed.clone(),
                origin: KeyOrigin::Pinned,
                records: 1,
            };
            Verdict::pinned(used).noted(format!(
                "{member} says that it was made at {}, which is the signer's own word.",
                instant(stated)
            ))
        }
        Err(OpenPgpError::NotPinned { issuer }) => {
            Verdict::unpinned(None).noted(format!("{member} names the key {issuer}, which you did not pin."))
        }
        Err(OpenPgpError::Message(why)) => Verdict::open(&why.to_string()),
        Err(error) => {
            let sentence = format!("The signature {member} does not hold under the key you pinned: {error}.");
            Verdict::wrong(false).with_fault(member, "detached_signature_mismatch", "authenticity", sentence)
        }
    }
}
