mod read;
mod refused;

use super::*;
use crate::encoding;

/// RFC 8032, section 7.1, test 1; the same key in RFC 8037, appendix A.
const HEX: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn edwards() -> PublicKey {
    PublicKey::from_ed25519_bytes(&encoding::unhex(HEX).unwrap().try_into().unwrap()).unwrap()
}

fn only(text: &str) -> FoundKey {
    let mut keys = parse_keys(text.as_bytes(), None).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(keys.len(), 1, "{text}");
    keys.remove(0)
}

fn refusal(text: &str) -> KeyError {
    parse_keys(text.as_bytes(), None).expect_err(text)
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = encoding::base64(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn openssh(kind: &str, parts: &[&[u8]]) -> String {
    let mut blob = Vec::new();
    for part in [kind.as_bytes()].iter().chain(parts) {
        blob.extend((part.len() as u32).to_be_bytes());
        blob.extend_from_slice(part);
    }
    format!("{kind} {}", encoding::base64(&blob))
}

fn rsa(bits: usize, exponent: &[u8]) -> Result<PublicKey, KeyError> {
    let mut modulus = vec![0xc5; bits / 8];
    modulus[bits / 8 - 1] = 0x61;
    PublicKey::rsa(&modulus, exponent, None)
}
