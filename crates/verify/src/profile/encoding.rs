//! How a digest, signature or key is written as text: a prefix and an encoding, `sha256:+hex`.

use serde::Deserialize;
use tickmark_crypto::encoding as spelled;

/// A prefix and a strict encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    /// Text before the encoded bytes, for example `sha256:`.
    pub prefix: String,
    /// The encoding.
    pub spelling: Spelling,
}

/// A strict encoding: one text for one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Lower-case hex.
    Hex,
    /// Base64, padded.
    Base64,
    /// Base64url, unpadded.
    Base64Url,
    /// Base58, Bitcoin's alphabet.
    Base58,
}

impl Encoding {
    /// Writes bytes.
    pub fn write(&self, bytes: &[u8]) -> String {
        let text = match self.spelling {
            Spelling::Hex => spelled::hex(bytes),
            Spelling::Base64 => spelled::base64(bytes),
            Spelling::Base64Url => spelled::base64url(bytes),
            Spelling::Base58 => spelled::base58(bytes),
        };
        if self.prefix.is_empty() {
            return text;
        }
        format!("{}{text}", self.prefix)
    }

    /// Reads bytes; only the one spelling that [`Encoding::write`] gives is accepted.
    pub fn read(&self, text: &str) -> Option<Vec<u8>> {
        let text = text.strip_prefix(self.prefix.as_str())?;
        match self.spelling {
            Spelling::Hex => spelled::unhex(text).ok(),
            Spelling::Base64 => spelled::unbase64(text).ok(),
            Spelling::Base64Url => spelled::unbase64url(text).ok(),
            Spelling::Base58 => spelled::unbase58(text).ok(),
        }
    }
}

impl std::str::FromStr for Encoding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (prefix, name) = text.rsplit_once('+').unwrap_or(("", text));
        let spelling = match name {
            "hex" => Spelling::Hex,
            "b64" => Spelling::Base64,
            "b64url" => Spelling::Base64Url,
            "b58" => Spelling::Base58,
            _ => {
                return Err(format!(
                    "encoding “{text}”: expected hex, b64, b64url or b58, after an optional prefix and +"
                ));
            }
        };
        Ok(Encoding {
            prefix: prefix.to_owned(),
            spelling,
        })
    }
}

impl<'de> Deserialize<'de> for Encoding {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_text_for_one_value() {
        for (name, text) in [
            ("hex", "00ff"),
            ("sha256:+hex", "sha256:00ff"),
            ("b64", "AP8="),
            ("u+b64url", "uAP8"),
        ] {
            let encoding: Encoding = name.parse().unwrap();
            assert_eq!(encoding.write(&[0, 255]), text);
            assert_eq!(encoding.read(text).unwrap(), [0, 255]);
        }
        let hex: Encoding = "hex".parse().unwrap();
        assert_eq!(hex.read("00FF"), None);
        let base64: Encoding = "b64".parse().unwrap();
        assert_eq!(base64.read("AP9="), None, "trailing bits");
        assert!("rot13".parse::<Encoding>().is_err());
    }
}
