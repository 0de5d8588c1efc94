//! Which members are detached signatures, of which kind, and over which member.

use tickmark_crypto::cms::{CmsError, SignedData};
use tickmark_crypto::message::Message;
use tickmark_crypto::minisign::{self, MinisignError};
use tickmark_crypto::openpgp::{self, OpenPgpError};
use tickmark_crypto::sshsig::{self, SshsigError};
use tickmark_crypto::timestamp::{TimestampError, Token};

use super::super::{names, pass};
use super::Verdict;
use crate::built_in::Bundle;
use crate::enclosure::Vouched;
use crate::trust::Trust;

/// A detached signature as it was read.
pub(super) struct Found {
    /// The member in which it stands.
    pub member: String,
    /// The member that it is over.
    pub over: String,
    seal: Seal,
}

/// The kinds.
pub(super) enum Seal {
    Sshsig(sshsig::Signature),
    Minisign(minisign::Signature),
    OpenPgp(openpgp::Signature),
    Cms(SignedData),
    Token(Token),
    /// It has the name of a kind and cannot be read as one.
    Malformed(&'static str, String),
    /// It is of a kind, in a form that is not verified here.
    Unread(&'static str, String),
}

impl Found {
    pub fn kind(&self) -> &'static str {
        match &self.seal {
            Seal::Sshsig(_) => SSHSIG,
            Seal::Minisign(_) => MINISIGN,
            Seal::OpenPgp(_) => OPENPGP,
            Seal::Cms(_) => CMS,
            Seal::Token(_) => TOKEN,
            Seal::Malformed(kind, _) | Seal::Unread(kind, _) => kind,
        }
    }

    pub fn is_time_stamp(&self) -> bool {
        self.kind() == TOKEN
    }

    /// Whether the name of what it is over is that of a file beyond doubt.
    pub fn names_a_file(&self) -> bool {
        names::base(&self.over).contains('.')
    }

    /// What takes in the member that it is over.
    pub fn message(&self) -> Option<Message> {
        Some(match &self.seal {
            Seal::Sshsig(signature) => signature.message(),
            Seal::Minisign(signature) => signature.message(),
            Seal::OpenPgp(signature) => signature.message(),
            Seal::Cms(signature) => signature.message(),
            Seal::Token(token) => token.message(),
            // they are told of whatever the member holds, and any message will do
            Seal::Malformed(..) | Seal::Unread(..) => return None,
        })
    }

    /// Verifies it.
    pub fn verify(&self, message: &Message, trust: &Trust) -> Verdict {
        match &self.seal {
            Seal::Sshsig(signature) => super::sshsig::verify(&self.member, signature, message, trust),
            Seal::Minisign(signature) => super::minisign::verify(&self.member, signature, message, trust),
            Seal::OpenPgp(signature) => super::openpgp::verify(&self.member, signature, message, trust),
            Seal::Cms(signature) => super::cms::verify(&self.member, signature, message, trust),
            Seal::Token(token) => super::timestamp::verify(&self.member, token, message, trust),
            Seal::Malformed(..) | Seal::Unread(..) => self.unread().unwrap_or_else(|| Verdict::open("")),
        }
    }

    /// What follows where there is nothing to verify.
    pub fn unread(&self) -> Option<Verdict> {
        let member = &self.member;
        match &self.seal {
            Seal::Malformed(TOKEN, why) => Some(
                Verdict::open("the time stamp cannot be read")
                    .noted(format!("The time stamp {member} cannot be read: {why}.")),
            ),
            Seal::Malformed(_, why) => {
                let verdict = Verdict {
                    vouched: Vouched::Malformed,
                    ..Verdict::open("the signature over it cannot be read")
                };
                let sentence = format!("The signature {member} cannot be read: {why}.");
                Some(verdict.with_fault(member, "detached_signature_malformed", "authenticity", sentence))
            }
            Seal::Unread(_, why) => Some(
                Verdict::open("the signature over it was not checked")
                    .noted(format!("{member} was not checked: {why}.")),
            ),
            _ => None,
        }
    }
}

/// Finds all of them, by name and content.
pub(super) fn find(bundle: &Bundle<'_>) -> Vec<Found> {
    let members = bundle.inventory.members.keys();
    let mut found = Vec::new();
    for member in members {
        let Some((stem, ending)) = member.rsplit_once('.') else {
            continue;
        };
        if stem.is_empty() || stem.ends_with('/') || !ENDINGS.contains(&ending) {
            continue;
        }
        // signatures are small; a large member of that name is something else
        let content = bundle
            .inventory
            .members
            .get(member)
            .filter(|held| held.bytes.is_some_and(|bytes| bytes <= LONGEST))
            .and_then(|_| pass::content(bundle, member).ok());
        let Some(seal) = content.and_then(|content| seal(ending, &content)) else {
            continue;
        };
        let over = target(bundle, member, stem, &seal);
        found.push(Found {
            member: member.clone(),
            over,
            seal,
        });
    }
    found
}

/// The member that a signature is over: the one whose name it continues; for a time stamp the one whose digest it states;
/// else the only one of the same name with another ending.
fn target(bundle: &Bundle<'_>, member: &str, stem: &str, seal: &Seal) -> String {
    let members = &bundle.inventory.members;
    if members.contains_key(stem) {
        return stem.to_owned();
    }
    if let Seal::Token(token) = seal {
        let (_, digest) = token.imprint();
        let digest = tickmark_crypto::encoding::hex(digest);
        let stamped = members
            .iter()
            .find(|(_, held)| held.sha256.as_deref() == Some(digest.as_str()));
        if let Some((name, _)) = stamped {
            return name.clone();
        }
    }
    let start = format!("{stem}.");
    let is_other = |name: &&String| {
        let ending = name.strip_prefix(&start).unwrap_or_default();
        *name != member && !ending.contains('/') && !ENDINGS.iter().any(|known| ending.ends_with(known))
    };
    let mut beside = members
        .range(start.clone()..)
        .map(|(name, _)| name)
        .take_while(|name| name.starts_with(&start))
        .filter(is_other);
    match (beside.next(), beside.next()) {
        (Some(only), None) => only.clone(),
        _ => stem.to_owned(),
    }
}

/// Reads a signature of the kind that its content shows and its ending allows; `None` for what is no signature.
fn seal(ending: &str, content: &[u8]) -> Option<Seal> {
    let text = std::str::from_utf8(content).unwrap_or_default().trim_start();
    if text.starts_with("-----BEGIN SSH SIGNATURE-----") || ending == "sshsig" {
        return Some(match sshsig::Signature::parse(content) {
            Ok(signature) => Seal::Sshsig(signature),
            Err(
                error @ (SshsigError::Scheme { .. }
                | SshsigError::Hash { .. }
                | SshsigError::Version { .. }
                | SshsigError::Key(_)),
            ) => Seal::Unread(SSHSIG, error.to_string()),
            Err(error) => Seal::Malformed(SSHSIG, error.to_string()),
        });
    }
    if ending == "minisig" || (ending == "sig" && text.starts_with("untrusted comment:")) {
        return Some(match minisign::Signature::parse(content) {
            Ok(signature) => Seal::Minisign(signature),
            Err(error @ MinisignError::Algorithm { .. }) => Seal::Unread(MINISIGN, error.to_string()),
            Err(error) => Seal::Malformed(MINISIGN, error.to_string()),
        });
    }
    let is_armored = text.starts_with("-----BEGIN PGP SIGNATURE-----");
    // a binary signature packet, of the old form or the new one (RFC 9580, section 4.2)
    let is_packet = matches!(ending, "gpg" | "pgp" | "sig") && matches!(content, [0x88..=0x8b | 0xc2, ..]);
    if is_armored || is_packet {
        return match openpgp::Signature::parse(content) {
            Ok(signature) => Some(Seal::OpenPgp(signature)),
            Err(
                error @ (OpenPgpError::Weak { .. }
                | OpenPgpError::Algorithm { .. }
                | OpenPgpError::Version { .. }
                | OpenPgpError::Critical { .. }),
            ) => Some(Seal::Unread(OPENPGP, error.to_string())),
            Err(error) if is_armored => Some(Seal::Malformed(OPENPGP, error.to_string())),
            // some bytes that begin like a packet
            Err(_) => None,
        };
    }
    if matches!(ending, "tsr" | "tst") {
        return match Token::parse(content) {
            Ok(token) => Some(Seal::Token(token)),
            Err(
                error @ (TimestampError::Refused { .. }
                | TimestampError::ImprintAlgorithm(_)
                | TimestampError::Critical { .. }),
            ) => Some(Seal::Unread(TOKEN, error.to_string())),
            Err(error) => Some(Seal::Malformed(TOKEN, error.to_string())),
        };
    }
    let is_cms = matches!(ending, "p7s" | "p7" | "cms" | "pkcs7")
        || ["-----BEGIN CMS-----", "-----BEGIN PKCS7-----"]
            .iter()
            .any(|mark| text.starts_with(mark));
    if is_cms {
        return Some(match SignedData::parse(content) {
            Ok(signature) if signature.content().is_some() => Seal::Unread(
                CMS,
                "it carries what it signs inside itself, and is no detached signature".into(),
            ),
            Ok(signature) => Seal::Cms(signature),
            Err(error @ (CmsError::Scheme(_) | CmsError::NotSigned { .. })) => {
                Seal::Unread(CMS, error.to_string())
            }
            Err(error) => Seal::Malformed(CMS, error.to_string()),
        });
    }
    None
}

const SSHSIG: &str = "sshsig";
const MINISIGN: &str = "minisign";
const OPENPGP: &str = "openpgp";
const CMS: &str = "cms";
const TOKEN: &str = "rfc3161";

const ENDINGS: [&str; 12] = [
    "sig", "sshsig", "minisig", "asc", "gpg", "pgp", "p7s", "p7", "cms", "pkcs7", "tsr", "tst",
];
const LONGEST: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_signature_is_left_alone() {
        for (ending, content) in [
            ("sig", &b"some bytes"[..]),
            ("sig", b""),
            ("asc", b"-----BEGIN PGP PUBLIC KEY BLOCK-----"),
            ("sig", &[0x30, 0x45, 0x02, 0x21]),
        ] {
            assert!(seal(ending, content).is_none(), "{ending}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for ending in ENDINGS {
                let _ = seal(ending, &bytes);
            }
        }

        #[test]
        fn any_body(body in "[A-Za-z0-9+/=\n]{0,200}") {
            let _ = seal("sig", format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n").as_bytes());
            let _ = seal("sig", format!("untrusted comment: x\n{body}").as_bytes());
            let _ = seal("sig", format!("-----BEGIN CMS-----\n{body}\n-----END CMS-----\n").as_bytes());
        }
    }
}
