//! OpenSSH signatures (PROTOCOL.sshsig), under pinned keys and in the namespaces that the reviewer granted them.

use tickmark_crypto::key::{Candidate, PublicKey};
use tickmark_crypto::message::Message;
use tickmark_crypto::sshsig::{Signature, SshsigError};

use super::{Verdict, use_of_carried, use_of_key};
use crate::trust::{PinnedKey, Trust};

pub(super) fn verify(member: &str, signature: &Signature, message: &Message, trust: &Trust) -> Verdict {
    let namespace = signature.namespace();
    let stands_under = |keys: &[&PinnedKey]| {
        let candidates: Vec<Candidate<'_>> = keys.iter().map(|pinned| Candidate::from(&pinned.key)).collect();
        signature.verify(message, namespace, &candidates)
    };
    let all: Vec<&PinnedKey> = trust
        .keys()
        .iter()
        .filter(|pinned| is_of(&pinned.key, signature.carried()))
        .collect();
    let granted: Vec<&PinnedKey> = all
        .iter()
        .copied()
        .filter(|pinned| grants(pinned, namespace))
        .collect();
    let carried = signature
        .verify(message, namespace, &[Candidate::from(signature.carried())])
        .is_ok();
    let carries = || {
        let key = signature.carried();
        use_of_carried(key.fingerprint(), key.algorithm().to_string(), None)
    };
    match stands_under(&granted) {
        Ok(at) => {
            let key = granted.get(at);
            return key.map_or_else(
                || Verdict::unpinned(Some(carried)),
                |key| Verdict::pinned(use_of_key(key)),
            );
        }
        Err(SshsigError::NotPinned { .. }) => {}
        Err(SshsigError::Message(why)) => return Verdict::open(&why.to_string()),
        Err(_) => return Verdict::wrong(false),
    }
    if stands_under(&all).is_ok() {
        let sentence = format!(
            "The signature {member} was made with a key you pinned, for another purpose: in the namespace {namespace}, in \
             which you do not expect that key to sign."
        );
        return Verdict::wrong(carried).with_fault(
            member,
            "detached_signature_namespace",
            "authenticity",
            sentence,
        );
    }
    let mut verdict = if granted.is_empty() {
        Verdict::unpinned(Some(carried))
    } else {
        Verdict::wrong(carried)
    };
    if carried {
        verdict.keys.push(carries());
    }
    verdict
}

/// Without namespaces of its own a key signs files, which is what `ssh-keygen -Y sign -n file` says.
fn grants(pinned: &PinnedKey, namespace: &str) -> bool {
    if pinned.limits.namespaces.is_some() {
        pinned.limits.allow_namespace(namespace)
    } else {
        namespace == "file"
    }
}

/// Whether a pinned key is of the algorithm of the signature's; an OpenSSH key of RSA serves for both hashes.
fn is_of(pinned: &PublicKey, carried: &PublicKey) -> bool {
    let (pinned, carried) = (pinned.algorithm(), carried.algorithm());
    pinned == carried || (pinned.is_rsa() && carried.is_rsa() && !pinned.is_rsa_pss())
}
