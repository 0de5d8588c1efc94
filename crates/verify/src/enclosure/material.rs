//! Members that are keys or certificates: material for checks, never content and never trusted.

use tickmark_crypto::pin::parse_pins;
use tickmark_crypto::x509::Certificate;

use crate::inventory::Inventory;

/// Whether a member is a public key or a certificate and nothing else.
pub(super) fn is_key(inventory: &Inventory, member: &str) -> bool {
    let content = inventory
        .members
        .get(member)
        .and_then(|held| held.content.as_deref())
        .filter(|content| content.len() <= LONGEST);
    content.is_some_and(is_key_text)
}

fn is_key_text(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else {
        return content.first() == Some(&0x30) && Certificate::from_der(content).is_ok();
    };
    let text = text.trim();
    // only forms that cannot be anything else: a hex text alone could be a record's digest
    let is_marked = MARKS.iter().any(|mark| text.starts_with(mark));
    is_marked && parse_pins(text.as_bytes()).is_ok()
}

const MARKS: [&str; 8] = [
    "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN RSA PUBLIC KEY-----",
    "ssh-ed25519 ",
    "ssh-rsa ",
    "ecdsa-sha2-",
    "untrusted comment:",
];
const LONGEST: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_are_keys() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEP0SMandF5QDlCernvP9sssCqzfe1xDiTSwElyG/7RD me";
        assert!(is_key_text(key.as_bytes()));
        for text in [
            "",
            "words",
            "ssh-ed25519 is a kind of key",
            &format!("{key}\nand a record"),
            &"a".repeat(64),
        ] {
            assert!(!is_key_text(text.as_bytes()), "{text}");
        }
    }
}
