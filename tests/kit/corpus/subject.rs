//! What each format hashes, links, signs and states: the ground on which expectations stand.

use serde_json::Value;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base58, base64, base64url, hex, unbase58, unbase64, unbase64url, unhex};

use super::case::{Case, Expect, Must, Told, must};
use crate::kit::Bundle;
use crate::manner::{self, Manner};

/// What a signature on a record covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// The record has none.
    Nothing,
    /// The text or bytes of the recorded hash.
    Hash,
    /// The content, with the link to the record before.
    Content,
    /// The content without the link.
    LooseContent,
    /// No record is signed; one statement over all of them is.
    Closing,
}

/// What a bundle states about all its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    /// Nothing.
    Nothing,
    /// A root and a count that nobody signed.
    Unsigned,
    /// A signed digest over all hashes, and a count.
    Closing,
    /// A signed root, and a count.
    Root,
    /// A signed manifest of every member, and a count.
    Manifest,
}

/// How a record follows the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follows {
    /// Not at all.
    Nothing,
    /// By its own number only.
    Number,
    /// It names the recorded hash of the one before.
    Hash,
    /// The hash of the one before enters its own and stands nowhere else.
    Silently,
    /// It names a digest of the one before that stands nowhere else.
    Digest,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Lower-case hex.
    Hex,
    /// Padded base64 after a prefix.
    Base64(&'static str),
    /// Unpadded base64url after a prefix.
    Base64Url(&'static str),
    /// Lower-case hex after a prefix.
    HexAfter(&'static str),
    /// base58 after a prefix.
    Base58(&'static str),
}

/// One format with its facts.
pub struct Subject {
    /// The name in case folders.
    pub name: String,
    /// How it is written.
    pub manner: Manner,
    pub signs: Signs,
    pub states: States,
    pub follows: Follows,
    /// Whether a gap in the records' own numbers is a fault.
    pub is_numbered: bool,
    /// Whether the hash of a record covers its signature's text, or the link of the next one does.
    pub hash_covers_signature: bool,
    pub written: Written,
    /// A field that nothing reaches, and a place of it in a record.
    pub uncovered: Option<&'static str>,
    /// Pointer of the text that a next record names; for heads.
    link: Option<&'static str>,
}

/// Records of a trail in the corpus.
pub const N: u64 = 8;

/// Every format.
pub fn all() -> Vec<Subject> {
    let mut seen_package = false;
    manner::all()
        .into_iter()
        .map(|manner| facts(manner, &mut seen_package))
        .collect()
}

/// Every format whose records lie open, so that what is done to a field is done to what was signed. A token's payload and
/// header are texts in base64url, which only a lie of its own can change; those are told in `crates/verify/tests/it/tokens.rs`.
pub fn open() -> Vec<Subject> {
    all()
        .into_iter()
        .filter(|subject| subject.name != "jws")
        .collect()
}

/// The format of that profile.
pub fn named(profile: &str) -> Subject {
    all().into_iter().find(|subject| subject.name == profile).unwrap()
}

#[rustfmt::skip]
fn facts(manner: Manner, seen_package: &mut bool) -> Subject {
    use Follows as F;
    use Signs as S;
    use Written as W;
    let is_package = manner.profile == "ai-audit-trail" && !std::mem::replace(seen_package, manner.profile == "ai-audit-trail" || *seen_package);
    // signs, follows, numbered, covers signature, written, uncovered, link
    let (signs, follows, is_numbered, covers, written, uncovered, link) = match manner.profile {
        "witnesskit" => (S::Hash, F::Hash, true, false, W::Base64(""), Some("/signature/alg"), Some("/hash")),
        "agentproofchain" => (S::Content, F::Hash, false, true, W::Base64(""), None, Some("/entry_hash")),
        "autonomous-audit" => (S::Nothing, F::Hash, false, false, W::Hex, None, Some("/hash")),
        "merkle-audit" => (S::Nothing, F::Silently, true, false, W::Hex, Some("/actor"), Some("/mmr_root")),
        "agt-fileauditsink" => (S::Hash, F::Hash, false, false, W::Hex, Some("/environment"), Some("/content_hash")),
        "agt-mcp-receipts" => (S::Content, F::Hash, false, false, W::Hex, Some("/error"), Some("/payload_hash")),
        "signet" => (S::LooseContent, F::Hash, false, true, W::Base64("ed25519:"), None, Some("/record_hash")),
        "tickmark-custody" => (S::Content, F::Hash, true, false, W::Base64(""), None, Some("/hash")),
        "aat" => (S::Content, F::Digest, false, true, W::Base64Url(""), None, Some("/prev_hash")),
        "agent-receipts" => (S::Content, F::Digest, true, false, W::Base64Url("u"), Some("/proof/created"), Some("/credentialSubject/chain/previous_receipt_hash")),
        "scopeblind" => (S::Content, F::Digest, true, false, W::Hex, Some("/signature/alg"), Some("/payload/previousReceiptHash")),
        "actionproof" => (S::Content, F::Nothing, false, false, W::Base64Url(""), Some("/alg"), None),
        "ai-audit-trail" => (S::Content, F::Hash, false, false, W::Hex, None, Some("/receipt_hash")),
        "agt-auditlog" => (S::Nothing, F::Hash, false, false, W::Hex, Some("/trace_id"), Some("/entry_hash")),
        "cap-srp" => (S::Hash, F::Hash, false, false, W::Base64("ed25519:"), None, Some("/current_hash")),
        "aivs" => (S::Closing, F::Hash, false, false, W::Base64(""), Some("/outputs_json"), Some("/row_hash")),
        "vcp" => (S::Hash, F::Number, true, false, W::Hex, Some("/Security/Version"), None),
        "acta" => (S::Content, F::Digest, false, true, W::Hex, None, Some("/payload/previousReceiptHash")),
        "aerf" => (S::Content, F::Digest, false, false, W::Hex, None, Some("/previous_receipt_hash")),
        "pipelock" => (S::Content, F::Digest, true, true, W::HexAfter("ed25519:"), None, Some("/chain_prev_hash")),
        "asqav" => (S::Content, F::Digest, true, false, W::Base64(""), Some("/signature/alg"), Some("/payload/previousReceiptHash")),
        "asqav-hash" => (S::Content, F::Nothing, false, false, W::Base64Url(""), Some("/key_id"), None),
        "w3c-vc" => (S::Content, F::Nothing, false, false, W::Base58("z"), None, None),
        "jws" => (S::Content, F::Nothing, false, false, W::Base64Url(""), None, None),
        other => panic!("no facts are known of {other}: add a line"),
    };
    let states = match manner.profile {
        "agt-auditlog" | "cap-srp" => States::Unsigned,
        "aivs" => States::Closing,
        "vcp" => States::Root,
        "ai-audit-trail" if is_package => States::Manifest,
        _ => States::Nothing,
    };
    let name = if manner.profile == "ai-audit-trail" && !is_package { "ai-audit-trail-lines" } else { manner.profile };
    Subject { name: name.to_owned(), signs, states, follows, is_numbered, hash_covers_signature: covers, written, uncovered, link, manner }
}

impl Subject {
    /// Records as the format writes them.
    pub fn records(&self) -> Vec<Value> {
        (self.manner.records)(N)
    }

    /// What the whole trail proves, with no fault.
    pub fn whole(&self) -> Expect {
        let proves = self.manner.proves;
        must(
            if proves.anchored {
                Must::Anchored
            } else {
                Must::SelfConsistent
            },
            if proves.authentic {
                Must::Proven
            } else {
                Must::NotProven
            },
            if proves.complete {
                Must::Proven
            } else {
                Must::NotProven
            },
            &[],
        )
    }

    /// Whether each record has a signature of its own.
    pub fn signs_records(&self) -> bool {
        !matches!(self.signs, Signs::Nothing | Signs::Closing)
    }

    /// Whether records have hashes of their own.
    pub fn has_hash(&self) -> bool {
        self.manner.hash.is_some()
    }

    /// Whether records name the one before.
    pub fn is_linked(&self) -> bool {
        !matches!(self.follows, Follows::Nothing | Follows::Number)
    }

    /// Whether the link of the next record covers a record's signature, so that another one cannot be put in.
    pub fn links_signature(&self) -> bool {
        self.follows == Follows::Digest && self.hash_covers_signature
    }

    /// Whether the members are listed with their digests.
    pub fn has_manifest(&self) -> bool {
        self.states == States::Manifest
    }

    /// The code for a record that does not follow.
    pub fn break_code(&self) -> Option<&'static str> {
        match self.follows {
            Follows::Nothing => None,
            Follows::Number => Some("sequence_gap"),
            Follows::Silently => Some("hash_mismatch"),
            Follows::Hash | Follows::Digest => Some("link_mismatch"),
        }
    }

    /// What a next record would have to name after these.
    pub fn head(&self, records: &[Value]) -> String {
        let last = records.last().unwrap();
        let text = |record: &Value| {
            record
                .pointer(self.link.unwrap())
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        };
        match self.follows {
            Follows::Nothing | Follows::Number => hex(&sha256(last.to_string().as_bytes())),
            Follows::Hash | Follows::Silently => text(last),
            Follows::Digest => {
                let mut more = records.to_vec();
                more.push(last.clone());
                text((self.manner.remake)(more).last().unwrap())
            }
        }
    }

    /// A case in which the bundle states the first list and holds the second.
    pub fn case(&self, lie: &str, title: &str, stated: &[Value], held: &[Value], expect: Expect) -> Case {
        self.case_of(lie, title, (self.manner.pack)(stated, held), expect)
    }

    /// A case with this bundle.
    pub fn case_of(&self, lie: &str, title: &str, bundle: Bundle, expect: Expect) -> Case {
        Case {
            format: self.name.clone(),
            lie: lie.to_owned(),
            title: title.to_owned(),
            attack: title.to_owned(),
            is_folder: bundle.files().len() > 1,
            bundle,
            profile: None,
            opened_by: None,
            trust: self.manner.trust.clone(),
            told: Told::default(),
            expect,
        }
    }
}

impl Written {
    /// The signature's bytes.
    pub fn read(self, text: &str) -> Vec<u8> {
        match self {
            Written::Hex => unhex(text).unwrap(),
            Written::Base64(prefix) => unbase64(text.strip_prefix(prefix).unwrap()).unwrap(),
            Written::Base64Url(prefix) => unbase64url(text.strip_prefix(prefix).unwrap()).unwrap(),
            Written::HexAfter(prefix) => unhex(text.strip_prefix(prefix).unwrap()).unwrap(),
            Written::Base58(prefix) => unbase58(text.strip_prefix(prefix).unwrap()).unwrap(),
        }
    }

    /// The text of a signature.
    pub fn write(self, bytes: &[u8]) -> String {
        match self {
            Written::Hex => hex(bytes),
            Written::Base64(prefix) => format!("{prefix}{}", base64(bytes)),
            Written::Base64Url(prefix) => format!("{prefix}{}", base64url(bytes)),
            Written::HexAfter(prefix) => format!("{prefix}{}", hex(bytes)),
            Written::Base58(prefix) => format!("{prefix}{}", base58(bytes)),
        }
    }

    /// Another text that a lenient reader takes for the same bytes; none in base58, which has no unused bits.
    pub fn lenient(self, text: &str) -> Option<String> {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        match self {
            Written::Hex => return Some(text.to_uppercase()),
            Written::HexAfter(prefix) => {
                return Some(format!("{prefix}{}", text[prefix.len()..].to_uppercase()));
            }
            Written::Base58(_) => return None,
            Written::Base64(_) | Written::Base64Url(_) => {}
        }
        // the unused bits of the last letter: 64 bytes leave four of them
        let padding = if matches!(self, Written::Base64(_)) { 2 } else { 0 };
        let at = text.len() - padding - 1;
        let letter = text.as_bytes()[at];
        let index = ALPHABET.iter().position(|other| *other == letter).unwrap();
        let other = char::from(ALPHABET[index ^ 1]);
        Some(format!("{}{other}{}", &text[..at], &text[at + 1..]))
    }
}
