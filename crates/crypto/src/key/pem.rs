//! PEM (RFC 7468): base64 between a BEGIN and an END line of one label.

use super::{KeyAlgorithm, KeyError, PublicKey, der};
use crate::encoding;

/// One block: its label and its decoded content.
pub(super) struct Block<'a> {
    label: &'a str,
    content: Vec<u8>,
}

/// Splits a text into its blocks; text between blocks is explanation and is passed over (RFC 7468, section 5.2).
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyError> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = line
            .strip_prefix("-----BEGIN ")
            .and_then(|rest| rest.strip_suffix("-----"))
        else {
            continue;
        };
        let mut body = String::new();
        loop {
            let line = lines.next().ok_or(KeyError::Structure {
                at: 0,
                expected: "the END line of the PEM block",
            })?;
            match line
                .strip_prefix("-----END ")
                .and_then(|rest| rest.strip_suffix("-----"))
            {
                Some(end) if end == label => break,
                Some(_) => {
                    return Err(KeyError::Structure {
                        at: 0,
                        expected: "the END line of the same PEM label",
                    });
                }
                None => body.push_str(line),
            }
        }
        // Only the labels that are read have base64 alone between their lines.
        let content = if READ.contains(&label) {
            encoding::unbase64(&body)?
        } else {
            Vec::new()
        };
        blocks.push(Block { label, content });
    }
    Ok(blocks)
}

/// The contents of `CERTIFICATE` blocks; blocks of another kind are refused.
pub(crate) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, KeyError> {
    super::file::refuse_secrets(text)?;
    blocks(text)?
        .into_iter()
        .map(|block| match block.label {
            "CERTIFICATE" => Ok(block.content),
            _ => Err(KeyError::Unsupported {
                kind: "a PEM block that holds no certificate",
            }),
        })
        .collect()
}

/// The content of the only block, which has one of these labels.
pub(crate) fn only(text: &str, labels: &[&str]) -> Result<Vec<u8>, KeyError> {
    let mut blocks = blocks(text)?;
    match (blocks.pop(), blocks.is_empty()) {
        (Some(block), true) if labels.contains(&block.label) => Ok(block.content),
        _ => Err(KeyError::Unsupported {
            kind: "not one PEM block of the kind that is expected",
        }),
    }
}

/// Reads the key of a block by its label.
pub(super) fn parse_block(block: &Block<'_>, algorithm: Option<KeyAlgorithm>) -> Result<PublicKey, KeyError> {
    match block.label {
        "PUBLIC KEY" => der::parse_spki(&block.content, algorithm),
        "RSA PUBLIC KEY" => der::parse_pkcs1(&block.content, algorithm),
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Err(KeyError::Unsupported {
            kind: "an X.509 certificate",
        }),
        "CERTIFICATE REQUEST" => Err(KeyError::Unsupported {
            kind: "a certificate request",
        }),
        "PGP PUBLIC KEY BLOCK" => Err(KeyError::Unsupported {
            kind: "an OpenPGP key",
        }),
        "SSH SIGNATURE" => Err(KeyError::Unsupported { kind: "a signature" }),
        label if label.contains("PRIVATE") => Err(KeyError::Secret {
            form: "a private key in PEM",
        }),
        _ => Err(KeyError::Unsupported {
            kind: "a PEM block that holds no public key",
        }),
    }
}

const READ: [&str; 5] = ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "CMS", "PKCS7"];
