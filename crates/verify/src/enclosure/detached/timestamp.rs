//! Time stamps (RFC 3161) by authorities whose root is pinned for time.

use tickmark_crypto::cms::CmsError;
use tickmark_crypto::message::Message;
use tickmark_crypto::timestamp::{TimestampError, Token};
use tickmark_crypto::x509::TrustAnchor;

use super::{Verdict, use_of_root};
use crate::enclosure::{Agreement, Stamp};
use crate::phrase::instant;
use crate::trust::{PinnedRoot, Trust};

pub(super) fn verify(member: &str, token: &Token, message: &Message, trust: &Trust) -> Verdict {
    let roots: Vec<&PinnedRoot> = trust.roots().iter().filter(|root| root.uses.time()).collect();
    let anchors: Vec<TrustAnchor> = roots.iter().map(|root| root.anchor.clone()).collect();
    let agreeing = || Verdict {
        agreement: Agreement::Agrees,
        ..Verdict::open("")
    };
    match token.verify(message, &anchors, &[]) {
        Ok(stamp) => {
            let root = roots.get(stamp.path.anchor);
            let by = root
                .and_then(|root| root.owner.clone())
                .unwrap_or_else(|| stamp.signer.clone());
            let accuracy = if stamp.accuracy.is_some() {
                ""
            } else {
                "; it states no accuracy"
            };
            let note = format!(
                "The time stamp {member} is by {}, of {} (policy {}, serial number {}{accuracy}); whether its certificate \
                 was revoked was not checked.",
                stamp.signer,
                instant(stamp.time),
                stamp.policy,
                stamp.serial
            );
            Verdict {
                stamp: Some(Stamp {
                    at: stamp.latest(),
                    by,
                }),
                keys: root.map(|root| use_of_root(root)).into_iter().collect(),
                notes: vec![note],
                ..agreeing()
            }
        }
        Err(TimestampError::Imprint { expected, found }) => Verdict {
            agreement: Agreement::Differs { expected, found },
            ..Verdict::open("")
        },
        Err(TimestampError::Message(why)) => Verdict::open(&why.to_string()),
        Err(TimestampError::Cms(error @ (CmsError::NoCertificate { .. } | CmsError::Path(_)))) => {
            agreeing().noted(format!("The time stamp {member} was not believed: {error}."))
        }
        Err(error) => agreeing().with_fault(
            member,
            "time_stamp_mismatch",
            "time",
            format!("The time stamp {member} does not hold: {error}."),
        ),
    }
}
