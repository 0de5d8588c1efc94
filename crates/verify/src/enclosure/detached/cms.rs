//! Detached CMS signatures (RFC 5652), with a path to a root that is pinned for signatures.
//!
//! The path has to be valid when the signer says it signed. That is the signer's own word, and revocation is not checked;
//! both are said. A signature that states no time has no moment at which its path could be judged.

use chrono::{DateTime, Utc};
use tickmark_crypto::cms::{CmsError, CmsRequest, SignedData, Signer};
use tickmark_crypto::message::Message;
use tickmark_crypto::x509::{Certificate, Purpose, TrustAnchor};

use super::{Verdict, use_of_carried, use_of_root};
use crate::enclosure::Agreement;
use crate::phrase::instant;
use crate::trust::{PinnedRoot, Trust};

pub(super) fn verify(member: &str, signature: &SignedData, message: &Message, trust: &Trust) -> Verdict {
    let roots: Vec<&PinnedRoot> = trust
        .roots()
        .iter()
        .filter(|root| root.uses.signatures())
        .collect();
    let pinned: Vec<TrustAnchor> = roots.iter().map(|root| root.anchor.clone()).collect();
    // whether it agrees with a certificate that it brings along
    let carried_anchors: Vec<TrustAnchor> = signature
        .certificates()
        .iter()
        .cloned()
        .map(TrustAnchor::pin)
        .collect();
    let carried = at_its_time(signature, message, &carried_anchors);
    if let Err(CmsError::Digest { expected, found }) = &carried {
        let agreement = Agreement::Differs {
            expected: expected.clone(),
            found: found.clone(),
        };
        let verdict = if roots.is_empty() {
            Verdict::open("")
        } else {
            Verdict::wrong(false)
        };
        return Verdict { agreement, ..verdict };
    }
    let unpinned = |why: Option<String>| {
        let mut verdict = match &carried {
            Ok(signer) => {
                let mut verdict = Verdict::unpinned(Some(true));
                let key = signer.path.certificates.first();
                verdict.keys.extend(key.map(|certificate| {
                    use_of_carried(
                        certificate.fingerprint(),
                        "x509".into(),
                        Some(certificate.subject().to_owned()),
                    )
                }));
                verdict
            }
            // the signature itself fails, whatever the path
            Err(CmsError::Scheme(_)) => Verdict::unpinned(Some(false)),
            Err(_) => Verdict::unpinned(None),
        };
        verdict
            .notes
            .extend(why.map(|why| format!("{member} was not believed: {why}.")));
        verdict
    };
    if pinned.is_empty() {
        return unpinned(None);
    }
    match at_its_time(signature, message, &pinned) {
        Ok(signer) => match (signer.claimed_time, roots.get(signer.path.anchor)) {
            (Some(time), Some(root)) => {
                let note = format!(
                    "{member} is by {}. It says that it was made at {}, which is the signer's own word; whether its \
                     certificate was revoked was not checked.",
                    signer.subject,
                    instant(time)
                );
                Verdict::pinned(use_of_root(root)).noted(note)
            }
            _ => unpinned(Some(
                "it states no time at which its certificate could have been valid".into(),
            )),
        },
        Err(error @ (CmsError::NoCertificate { .. } | CmsError::Path(_))) => {
            unpinned(Some(error.to_string()))
        }
        Err(CmsError::Message(why)) => Verdict::open(&why.to_string()),
        Err(error) => Verdict::wrong(carried.is_ok()).noted(format!("{member} was not believed: {error}.")),
    }
}

/// Verifies at the time that the signer states, or (for the answer's sake only) at the first day of a certificate inside.
fn at_its_time(
    signature: &SignedData,
    message: &Message,
    anchors: &[TrustAnchor],
) -> Result<Signer, CmsError> {
    let at = |moment: DateTime<Utc>| {
        signature.verify(
            message,
            &CmsRequest {
                anchors,
                material: &[],
                moment,
                purpose: Purpose::Any,
            },
        )
    };
    let pinned = anchors.iter().map(TrustAnchor::certificate);
    let certificates = signature.certificates().iter().chain(pinned);
    let mut refusal = None;
    // later days first: the signer's certificate begins after its authorities'
    let mut moments: Vec<DateTime<Utc>> = certificates.map(Certificate::not_before).collect();
    moments.sort_unstable();
    moments.dedup();
    for moment in moments.into_iter().rev().take(MOST_MOMENTS) {
        match at(moment) {
            Ok(signer) => {
                return match signer.claimed_time {
                    Some(claimed) => at(claimed),
                    None => Ok(signer),
                };
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| CmsError::NoCertificate {
        signer: String::new(),
    }))
}

const MOST_MOMENTS: usize = 8;
