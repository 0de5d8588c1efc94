//! Last hashes as people and bundles tell them: one digest in any of its usual spellings.

use tickmark_crypto::encoding as spelled;

use crate::examine::target_encoding;
use crate::profile::{Encoding, Profile, Spelling};

/// How a trail's own heads are written.
pub(crate) struct HeadSpelling<'p> {
    encoding: Option<&'p Encoding>,
    /// Whether the head is a record's id, as of an unlinked trail.
    is_id: bool,
}

impl<'p> HeadSpelling<'p> {
    pub fn of(profile: Option<&'p Profile>) -> Self {
        HeadSpelling {
            encoding: profile.and_then(target_encoding),
            is_id: profile.is_none_or(|profile| profile.link.is_none()),
        }
    }

    /// Whether `told` is `head`: the same text, or the same bytes in hex of either case, base64 or base64url, with or
    /// without a name before them. Only texts of the head's own length in bytes are the same digest, so that no text can be
    /// read as two.
    pub fn is_same(&self, told: &str, head: &str) -> bool {
        let told = told.trim();
        if told.is_empty() || head.is_empty() {
            return false;
        }
        told == head
            || self
                .bytes(head)
                .is_some_and(|bytes| self.readings(told).any(|reading| reading == bytes))
    }

    /// The bytes of the trail's own head.
    fn bytes(&self, head: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Some(encoding) => encoding.read(head),
            None if self.is_id => spelled::unhex(head).ok(),
            // a text whose spelling the profile does not tell
            None => None,
        }
    }

    /// Everything that a told text can stand for.
    fn readings(&self, told: &str) -> impl Iterator<Item = Vec<u8>> {
        let own = self.encoding.and_then(|encoding| {
            encoding
                .read(told)
                .or_else(|| encoding.read(&format!("{}{told}", encoding.prefix)))
        });
        let bare = self
            .encoding
            .and_then(|encoding| told.strip_prefix(encoding.prefix.as_str()));
        let bare = bare.unwrap_or(told);
        // a sender may name the algorithm where the format does not
        let bare = bare.rsplit_once(':').map_or(bare, |(_, digits)| digits);
        let is_base58 = self
            .encoding
            .is_some_and(|encoding| encoding.spelling == Spelling::Base58);
        let others = [
            spelled::unhex(&bare.to_ascii_lowercase()).ok(),
            spelled::unbase64(bare).ok(),
            spelled::unbase64url(bare).ok(),
            spelled::unbase58(bare).ok().filter(|_| is_base58),
        ];
        own.into_iter().chain(others.into_iter().flatten())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_digest_in_every_spelling() {
        let digest = [0xfb_u8; 32];
        let all = [
            spelled::hex(&digest),
            spelled::hex(&digest).to_uppercase(),
            format!("sha256:{}", spelled::hex(&digest)),
            spelled::base64(&digest),
            spelled::base64url(&digest),
            format!("sha-256:{}", spelled::base64(&digest)),
        ];
        for written in ["hex", "sha256:+hex", "b64", "b64url", "b58", "u+b64url"] {
            let encoding: Encoding = written.parse().unwrap();
            let spelling = HeadSpelling {
                encoding: Some(&encoding),
                is_id: false,
            };
            let head = encoding.write(&digest);
            let other = encoding.write(&[0xfa; 32]);
            for told in &all {
                assert!(spelling.is_same(told, &head), "{told} is {head}");
                assert!(!spelling.is_same(told, &other), "{told} is not {other}");
                assert!(
                    !spelling.is_same(&told[..told.len() - 2], &head),
                    "cut off: {told}"
                );
            }
            assert!(spelling.is_same(&head, &head) && !spelling.is_same("", &head));
        }
    }

    #[test]
    fn a_text_of_no_known_spelling_is_only_itself() {
        let spelling = HeadSpelling {
            encoding: None,
            is_id: false,
        };
        assert!(spelling.is_same("AbCd", "AbCd") && !spelling.is_same("abcd", "AbCd"));
    }
}
