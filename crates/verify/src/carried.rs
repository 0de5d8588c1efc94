//! Keys that a bundle carries. They show that it agrees with itself, never who made it.

use tickmark_crypto::key::{KeyAlgorithm, KeyEncoding, PublicKey, parse_carried};

use crate::profile::Signature;

/// How a profile says that a carried key is written: `hex`, `b64`, `b64url`, `pem`, `did`, `jwk`, or a prefix, `+` and one
/// of the first three, such as `ed25519:+b64`. `did-url` is `did` where the field may name a key of another method too.
pub(crate) fn encoding(word: &str) -> Option<KeyEncoding> {
    Some(match word {
        "hex" => KeyEncoding::Hex,
        "b64" => KeyEncoding::Base64,
        "b64url" => KeyEncoding::Base64Url,
        "pem" => KeyEncoding::Pem,
        "did" | "did-url" => KeyEncoding::DidKey,
        "jwk" => KeyEncoding::Jwk,
        prefixed => {
            let (prefix, spelling) = prefixed.rsplit_once('+')?;
            let prefix = prefix.to_owned();
            match spelling {
                "hex" => KeyEncoding::PrefixedHex { prefix },
                "b64" => KeyEncoding::PrefixedBase64 { prefix },
                "b64url" => KeyEncoding::PrefixedBase64Url { prefix },
                _ => return None,
            }
        }
    })
}

/// Reads a carried key; `None` for what is no key of that algorithm.
pub(crate) fn key(text: &str, word: Option<&str>, algorithm: KeyAlgorithm) -> Option<PublicKey> {
    if algorithm == KeyAlgorithm::HmacSha256 {
        return None;
    }
    parse_carried(text.trim(), &encoding(word.unwrap_or("hex"))?, algorithm).ok()
}

/// Reads the key that a record carries beside a signature.
pub(crate) fn of_record(spec: &Signature, text: &str) -> Option<PublicKey> {
    let word = spec.key.enc.as_deref();
    let text = match word {
        // the fragment names the key within its document, which a did:key is itself
        Some("did-url") => text.split_once('#').map_or(text, |(did, _)| did),
        _ => text,
    };
    spec.algorithms
        .iter()
        .find_map(|algorithm| key(text, word, *algorithm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_encodings() {
        assert_eq!(encoding("hex"), Some(KeyEncoding::Hex));
        let prefix = "ed25519:".to_owned();
        assert_eq!(
            encoding("ed25519:+b64"),
            Some(KeyEncoding::PrefixedBase64 { prefix })
        );
        assert_eq!(encoding("u+rot13"), None);
        assert_eq!(encoding("rot13"), None);
    }

    #[test]
    fn a_secret_is_never_carried() {
        assert!(key("00", Some("hex"), KeyAlgorithm::HmacSha256).is_none());
    }
}
