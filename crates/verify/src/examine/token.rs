//! The signatures of a signed token: one answer for all of them.

use tickmark_crypto::encoding::unbase64url;
use tickmark_formats::json::{Kind, Value};

use super::{Bench, SignatureSeen, ecdsa};
use crate::jws::{Input, Opened};
use crate::profile::Signature;

impl Bench<'_> {
    /// What a token's signatures turned out to be. One that is refused, malformed or wrong speaks against the token whoever
    /// else signed it; one without a pinned key does not speak against one that has.
    pub(super) fn token_signature(
        &self,
        spec: &Signature,
        record: &Value<'_>,
        opened: &Opened,
    ) -> SignatureSeen {
        let entries = record
            .get("signatures")
            .and_then(Value::elements)
            .unwrap_or_default();
        let all = entries.iter().zip(&opened.inputs);
        let judged = all.map(|(entry, input)| self.one_of_token(spec, record, entry, input));
        judged
            .min_by_key(|seen| match seen {
                SignatureSeen::Refused(_) => 0,
                SignatureSeen::Malformed => 1,
                SignatureSeen::Wrong { .. } => 2,
                SignatureSeen::Missing => 3,
                SignatureSeen::Pinned { in_force: true, .. } => 4,
                SignatureSeen::Pinned { .. } => 5,
                _ => 6,
            })
            .unwrap_or(SignatureSeen::Missing)
    }

    fn one_of_token(
        &self,
        spec: &Signature,
        record: &Value<'_>,
        entry: &Value<'_>,
        input: &Input,
    ) -> SignatureSeen {
        let text = match entry.get("signature").map(|value| &value.kind) {
            None | Some(Kind::Null) => return SignatureSeen::Missing,
            Some(Kind::String(text)) if text.is_empty() => return SignatureSeen::Missing,
            Some(Kind::String(text)) => text,
            Some(_) => return SignatureSeen::Malformed,
        };
        let asks = match &input.asks {
            Ok(asks) if spec.may_be(asks.algorithm) => asks,
            Ok(asks) => {
                return SignatureSeen::Refused(crate::jws::Refusal::Algorithm(asks.algorithm.to_string()));
            }
            Err(refusal) => return SignatureSeen::Refused(refusal.clone()),
        };
        let Ok(signature) = unbase64url(text) else {
            return SignatureSeen::Malformed;
        };
        let mut is_candidate = false;
        let mut out_of_force = None;
        for (key, pinned) in self.trust.candidates(&[asks.algorithm], asks.kid.as_deref()) {
            is_candidate = true;
            if pinned
                .key
                .verify(&input.bytes, &signature, ecdsa(spec.form))
                .is_err()
            {
                continue;
            }
            let in_force = self.is_in_force(pinned, record);
            let verified = SignatureSeen::Pinned {
                key,
                carried_differs: false,
                in_force,
            };
            if in_force {
                return verified;
            }
            out_of_force.get_or_insert(verified);
        }
        match out_of_force {
            Some(verified) => verified,
            None if is_candidate => SignatureSeen::Wrong { carried: None },
            None => SignatureSeen::Unpinned {
                carried: None,
                carried_fails: false,
            },
        }
    }
}
