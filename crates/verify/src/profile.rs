//! A verification profile: how one system hashes, links and signs. Data, never code.
//!
//! TOML in, typed parameters out; `docs/profiles.md` is the reference page. A profile cannot run anything, loop or
//! fetch; its size and depth are bounded, so a foreign one can exhaust nothing.

mod bounds;
mod digest;
mod encoding;
mod error;
mod part;
mod shipped;
mod signature;
mod soundness;
mod source;
mod statement;
mod time;

use serde::Deserialize;
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::hex;

pub use digest::{FieldHash, Genesis, Link, RecordHash, Target, TargetPreimage};
pub use encoding::{Encoding, Spelling};
pub use error::ProfileError;
pub use part::{AllWord, As, Canon, DropNull, Json, Part, Prefix, Previous};
pub use shipped::shipped;
pub use signature::{CarriedKey, Form, Required, Signature};
pub use source::{Detect, Gaps, Order, Seq, Source, SourceKind};
pub use statement::{
    Closing, CombineWord, Expect, Manifest, OddWord, Over, Place, StatementSignature, Terminal, TreeSpec,
};
pub use time::{TimeField, TimeForm};

use crate::verification::ProfileRef;

/// A parsed profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its id: lower-case letters, digits and hyphens.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What people call it.
    pub title: String,
    /// Where the format is described.
    pub spec_url: String,
    /// How it is recognised.
    pub detect: Detect,
    /// Where the records lie; the first that fits is used.
    pub source: Vec<Source>,
    /// The records' own numbering.
    pub seq: Option<Seq>,
    /// Where records say when they were made.
    pub time: Option<TimeField>,
    /// The hash of each record.
    pub hash: Option<RecordHash>,
    /// Further hashes of each record.
    #[serde(default)]
    pub checks: Vec<FieldHash>,
    /// Pointers with the text that every record must have there: what makes it a record of this format at all.
    #[serde(default)]
    pub fixed: std::collections::BTreeMap<String, String>,
    /// How a record names its predecessor.
    pub link: Option<Link>,
    /// Signatures on each record.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// A digest over all hashes, and its signature.
    #[serde(rename = "final")]
    pub closing: Option<Closing>,
    /// A Merkle tree over all records.
    pub tree: Option<TreeSpec>,
    /// A list of the members with their digests, and its signature.
    pub manifest: Option<Manifest>,
    /// Statements that fix the extent.
    pub expect: Option<Expect>,
    /// SHA-256 of the TOML text, hex; set by [`Profile::parse`].
    #[serde(skip)]
    digest: String,
    #[serde(skip)]
    text: String,
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// Names what was expected, what was found and where.
    pub fn parse(text: &str) -> Result<Profile, ProfileError> {
        if text.len() > LONGEST {
            return Err(ProfileError::TooLong {
                found: text.len(),
                limit: LONGEST,
            });
        }
        let mut profile: Profile = toml::from_str(text).map_err(|error| ProfileError::Shape {
            message: error.to_string(),
        })?;
        bounds::check(&profile)?;
        soundness::check(&profile)?;
        profile.digest = hex(&sha256(text.as_bytes()));
        text.clone_into(&mut profile.text);
        Ok(profile)
    }

    /// SHA-256 of its text, hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Its TOML text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How a verification names it.
    pub fn reference(&self) -> ProfileRef {
        ProfileRef {
            id: self.id.clone(),
            version: self.version.clone(),
            title: self.title.clone(),
            digest: self.digest.clone(),
        }
    }

    /// Every list of parts that is made of a record, with its place in the profile.
    pub(crate) fn part_lists(&self) -> Vec<(&'static str, &[Part])> {
        let mut lists: Vec<(&'static str, &[Part])> = Vec::new();
        lists.extend(self.hash.iter().map(|h| ("hash.preimage", h.preimage.as_slice())));
        lists.extend(
            self.checks
                .iter()
                .map(|c| ("checks.preimage", c.preimage.as_slice())),
        );
        if let Some(Link {
            target: Target::Preimage(target),
            ..
        }) = &self.link
        {
            lists.push((TARGET, &target.parts));
        }
        lists.extend(
            self.signatures
                .iter()
                .map(|s| ("signatures.message", s.message.as_slice())),
        );
        lists.extend(self.tree.iter().map(|t| ("tree.leaf", t.leaf.as_slice())));
        lists
    }

    /// Whether a preimage takes the predecessor's value from the record before.
    pub(crate) fn needs_previous(&self) -> bool {
        self.part_lists()
            .iter()
            .any(|(_, parts)| parts.iter().any(Part::takes_previous))
    }

    /// Every signature beside the records.
    pub(crate) fn statement_signatures(&self) -> impl Iterator<Item = &StatementSignature> {
        let closing = self
            .closing
            .iter()
            .filter_map(|closing| closing.signature.as_ref());
        let tree = self.tree.iter().filter_map(|tree| tree.signature.as_ref());
        let manifest = self
            .manifest
            .iter()
            .filter_map(|manifest| manifest.signature.as_ref());
        closing.chain(tree).chain(manifest)
    }
}

/// Reads a value that is one word.
fn word<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// Reads one value, or a list of at least one.
fn one_or_more<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        One(String),
        Several(Vec<String>),
    }
    let words = match Words::deserialize(deserializer)? {
        Words::One(word) => vec![word],
        Words::Several(words) => words,
    };
    if words.is_empty() {
        return Err(serde::de::Error::custom("expected at least one word"));
    }
    let parsed = words
        .iter()
        .map(|text| text.parse().map_err(serde::de::Error::custom));
    parsed.collect()
}

/// Where the parts of a link's target stand.
pub(crate) const TARGET: &str = "link.target.preimage";
/// Longest profile text, in bytes.
pub const LONGEST: usize = 64 * 1024;
