//! A verification profile: how one system hashes, links and signs. Data, never code.
//!
//! TOML in, typed parameters out (`research/formats.md` A.4; reference page `docs/profiles.md`). A profile cannot run
//! anything, loop or fetch; its size and depth are bounded, so a foreign one can exhaust nothing.

mod encoding;
mod part;
mod shipped;

use serde::Deserialize;
use tickmark_crypto::digest::{Algorithm, sha256};
use tickmark_crypto::encoding::hex;
use tickmark_crypto::key::KeyAlgorithm;

pub use encoding::{Encoding, Spelling};
pub use part::{AllWord, As, Canon, DropNull, Json, Part, Prefix, Previous};
pub use shipped::shipped;

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
    /// The hash of each record.
    pub hash: Option<RecordHash>,
    /// Further hashes of each record.
    #[serde(default)]
    pub checks: Vec<FieldHash>,
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

/// How a trail is recognised: by its shape, then by reproducing a recorded hash.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Pointers that every record of the first twenty must have.
    #[serde(default)]
    pub all: Vec<String>,
    /// Pointers of which no record may have any.
    #[serde(default)]
    pub none: Vec<String>,
    /// Pointers with the text that they must have.
    #[serde(default, rename = "const")]
    pub constant: std::collections::BTreeMap<String, String>,
}

/// Where records lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How they are written.
    pub kind: SourceKind,
    /// Which members hold them: a name with `*` for any run of characters; absent for every member of the kind.
    pub file: Option<String>,
    /// For `json`: pointer of the array.
    #[serde(default)]
    pub at: String,
    /// Pointer whose text names the chain; absent for one chain.
    pub partition: Option<String>,
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// One record a line.
    Jsonl,
    /// A JSON document with the records in an array.
    Json,
    /// One record a member.
    Files,
}

/// The records' own numbering.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seq {
    /// Pointer of the number.
    pub field: String,
    /// The first number of a whole trail.
    #[serde(default)]
    pub start: u64,
    /// What is added each time.
    #[serde(default = "one")]
    pub step: u64,
    /// Whether a gap is a fault (`fail`) or only told (`report`).
    #[serde(default)]
    pub gaps: Gaps,
}

/// What a gap in the numbering means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gaps {
    /// A fault.
    #[default]
    Fail,
    /// Told, and completeness is not proven.
    Report,
}

/// The hash of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordHash {
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// Pointer where it is recorded; absent when the record does not carry its own hash.
    pub field: Option<String>,
    /// The hashed bytes.
    pub preimage: Vec<Part>,
}

/// A further hash in a record, for example of its payload.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldHash {
    /// Pointer where it is recorded.
    pub field: String,
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// The hashed bytes.
    pub preimage: Vec<Part>,
    /// Whether the field may be absent.
    #[serde(default)]
    pub optional: bool,
}

/// How a record names its predecessor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Pointer of the predecessor's value; absent when it stands in no field and only enters the preimage.
    pub field: Option<String>,
    /// Values that a first record may have there. `"absent"` and `"null"` are words; text is written `"=text"`.
    pub genesis: Vec<Genesis>,
    /// What of the predecessor is named.
    pub target: Target,
}

/// A value at the beginning of a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Genesis {
    /// The field is not there.
    Absent,
    /// The field is null.
    Null,
    /// The field has this text.
    Text(String),
}

/// What of the predecessor is named.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Target {
    /// Its recorded hash.
    Hash,
    /// The text of one of its fields.
    Field(String),
    /// A digest over it that it does not carry itself.
    Preimage(TargetPreimage),
}

/// A digest over the predecessor.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetPreimage {
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// How it is written.
    pub enc: Encoding,
    /// The hashed bytes.
    pub parts: Vec<Part>,
}

/// A signature on a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Pointer of its text.
    pub field: String,
    /// How it is written.
    pub enc: Encoding,
    /// Its algorithm. Never read from the record.
    #[serde(deserialize_with = "from_str")]
    pub alg: KeyAlgorithm,
    /// Whether an ECDSA signature is `p1363` or `der`.
    #[serde(default)]
    pub form: Form,
    /// The signed bytes.
    pub message: Vec<Part>,
    /// When it must be there.
    #[serde(default)]
    pub required: Required,
    /// Where the record names or carries the key.
    #[serde(default)]
    pub key: CarriedKey,
}

/// How an ECDSA signature is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// `r ‖ s`, fixed length.
    #[default]
    P1363,
    /// ASN.1 DER.
    Der,
}

/// When a signature must be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Required {
    /// On every record.
    #[default]
    Always,
    /// Never; one that is there is still checked.
    Never,
    /// When this pointer is there and not null.
    If(String),
}

/// Where a key is named or carried. A carried key proves only that the bundle agrees with itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedKey {
    /// Pointer of the key's name.
    pub kid: Option<String>,
    /// Pointer of the key itself.
    pub field: Option<String>,
    /// Member that holds the key.
    pub file: Option<String>,
    /// Where the envelope of a JSON document carries the key.
    pub at: Option<String>,
    /// How the key is written: `hex`, `b64`, `ed25519:+b64` …, `pem`, `did`, `jwk`.
    pub enc: Option<String>,
}

/// A place in the bundle beside the records: a member, or the document around the records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The member; absent for the document that holds the records.
    pub file: Option<String>,
    /// Pointer in a JSON member.
    pub at: Option<String>,
    /// Beginning of a line in a text member; the value is the rest of the line.
    pub line: Option<String>,
}

/// A digest over all hashes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// What of every record enters, in order: `text` as recorded, or `raw` bytes.
    pub over: Previous,
    /// How the digest is written.
    pub enc: Encoding,
    /// Hashed instead when there is no record.
    #[serde(default)]
    pub empty: String,
    /// Where it is stated; every place that exists must agree.
    pub stated: Vec<Place>,
    /// Its signature.
    pub signature: Option<StatementSignature>,
}

/// A signature over a statement beside the records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementSignature {
    /// Where it stands.
    pub place: Place,
    /// How it is written.
    pub enc: Encoding,
    /// Its algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: KeyAlgorithm,
    /// `text`: the statement's text; `raw`: its decoded bytes; or parts over the JSON document that holds it.
    pub over: Over,
    /// The signed parts, for `over = "document"`.
    #[serde(default)]
    pub message: Vec<Part>,
    /// Where the bundle carries the key.
    #[serde(default)]
    pub key: CarriedKey,
}

/// What a statement's signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Over {
    /// The statement's text.
    Text,
    /// Its decoded bytes.
    Raw,
    /// Parts of the JSON document in which it stands.
    Document,
}

/// A Merkle tree over all records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeSpec {
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// The bytes of a leaf, per record.
    pub leaf: Vec<Part>,
    /// Whether those bytes are the leaf's digest already.
    #[serde(default)]
    pub hashed: bool,
    /// Put before a leaf, hex.
    #[serde(default)]
    pub leaf_prefix: String,
    /// Put before a node, hex.
    #[serde(default)]
    pub node_prefix: String,
    /// What happens to an odd node: `promote`, `duplicate`, `zero-pad`.
    pub odd: OddWord,
    /// Whether nodes are combined as `raw` bytes or as `hextext`.
    #[serde(default)]
    pub combine: CombineWord,
    /// How the root is written.
    pub enc: Encoding,
    /// Where the root is stated.
    pub root: Vec<Place>,
    /// Its signature.
    pub signature: Option<StatementSignature>,
}

/// What happens to an odd node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OddWord {
    /// It moves up (RFC 6962).
    Promote,
    /// It is paired with itself.
    Duplicate,
    /// Leaves are padded with zeros to a power of two.
    ZeroPad,
}

/// How nodes are combined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CombineWord {
    /// Raw digests.
    #[default]
    Raw,
    /// Their hex text.
    HexText,
}

/// A list of members with their digests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The member that holds it.
    pub file: String,
    /// Pointer of the object `{name: digest}`.
    pub entries: String,
    /// Algorithm.
    #[serde(deserialize_with = "from_str")]
    pub alg: Algorithm,
    /// How a digest is written.
    pub enc: Encoding,
    /// Whether a member that it does not list is a fault.
    #[serde(default)]
    pub closed: bool,
    /// Its signature.
    pub signature: Option<StatementSignature>,
}

/// Statements that fix the extent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Where a count is stated.
    pub count: Option<Place>,
    /// Where a last hash is stated.
    pub head: Option<Place>,
    /// Pointer and text that mark a last record.
    pub terminal: Option<Terminal>,
}

/// What marks a last record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// Pointer.
    pub field: String,
    /// Its text.
    pub is: String,
}

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The text is too long.
    #[error("the profile has {found} bytes; at most {limit} are read")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The text is no TOML of a profile.
    #[error("{message}")]
    Shape {
        /// What is wrong and where, as the TOML reader says it.
        message: String,
    },
    /// A value cannot be used.
    #[error("{at}: expected {expected}, found {found}")]
    Value {
        /// Where.
        at: String,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// Parts lie too deep or are too many.
    #[error("{at}: at most {limit} parts, {depth} deep")]
    TooManyParts {
        /// Where.
        at: String,
        /// The limit of their number.
        limit: usize,
        /// The limit of their depth.
        depth: usize,
    },
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
        profile.check()?;
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

    /// Every list of parts, with its place in the profile.
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
            lists.push(("link.target.preimage", &target.parts));
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

    fn check(&self) -> Result<(), ProfileError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 64 || !self.id.chars().all(plain) {
            return Err(value(
                "id",
                "lower-case letters, digits and hyphens, at most 64",
                &self.id,
            ));
        }
        if self.source.is_empty() {
            return Err(value("source", "at least one source", "none"));
        }
        if self.hash.is_none() && self.signatures.is_empty() && self.manifest.is_none() {
            return Err(value(
                "profile",
                "a hash, a signature or a manifest",
                "none of them",
            ));
        }
        for (at, pointer) in self.pointers() {
            if tickmark_formats::pointer::Pointer::parse(pointer).is_err() {
                return Err(value(at, "a JSON pointer such as /chain/prev", pointer));
            }
        }
        for (at, parts) in self.part_lists() {
            part::check(at, parts)?;
        }
        let partitioned = self.source.iter().any(|source| source.partition.is_some());
        if partitioned && self.needs_previous() {
            return Err(value(
                "source.partition",
                "no preimage that takes the previous record",
                "one that does",
            ));
        }
        if matches!(
            &self.link,
            Some(Link {
                target: Target::Hash,
                ..
            })
        ) && self.hash.as_ref().is_none_or(|h| h.field.is_none())
        {
            return Err(value("link.target", "a hash with a field", "no recorded hash"));
        }
        Ok(())
    }

    fn pointers(&self) -> Vec<(&'static str, &str)> {
        let mut all: Vec<(&'static str, &str)> = Vec::new();
        all.extend(self.detect.all.iter().map(|p| ("detect.all", p.as_str())));
        all.extend(self.detect.none.iter().map(|p| ("detect.none", p.as_str())));
        all.extend(self.detect.constant.keys().map(|p| ("detect.const", p.as_str())));
        all.extend(self.source.iter().map(|s| ("source.at", s.at.as_str())));
        all.extend(
            self.source
                .iter()
                .filter_map(|s| Some(("source.partition", s.partition.as_deref()?))),
        );
        all.extend(self.seq.iter().map(|s| ("seq.field", s.field.as_str())));
        all.extend(
            self.hash
                .iter()
                .filter_map(|h| Some(("hash.field", h.field.as_deref()?))),
        );
        all.extend(self.checks.iter().map(|c| ("checks.field", c.field.as_str())));
        all.extend(
            self.link
                .iter()
                .filter_map(|l| Some(("link.field", l.field.as_deref()?))),
        );
        all.extend(
            self.signatures
                .iter()
                .map(|s| ("signatures.field", s.field.as_str())),
        );
        all
    }
}

pub(crate) fn value(at: &str, expected: &'static str, found: &str) -> ProfileError {
    ProfileError::Value {
        at: at.to_owned(),
        expected,
        found: found.chars().take(120).collect(),
    }
}

fn one() -> u64 {
    1
}

fn from_str<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl<'de> Deserialize<'de> for Genesis {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "absent" => Ok(Genesis::Absent),
            "null" => Ok(Genesis::Null),
            other => match other.strip_prefix('=') {
                Some(rest) => Ok(Genesis::Text(expand_repeat(rest))),
                None => Err(serde::de::Error::custom(format!(
                    "genesis “{other}”: expected absent, null or =text"
                ))),
            },
        }
    }
}

/// `0*64` stands for sixty-four zeros, also after a prefix: `sha256:0*64`.
fn expand_repeat(text: &str) -> String {
    match text.rsplit_once('*') {
        Some((head, times)) => match (head.pop_char(), times.parse::<usize>()) {
            (Some((rest, last)), Ok(times)) if times <= 128 => {
                format!("{rest}{}", String::from(last).repeat(times))
            }
            _ => text.to_owned(),
        },
        None => text.to_owned(),
    }
}

trait PopChar {
    fn pop_char(&self) -> Option<(&str, char)>;
}

impl PopChar for str {
    fn pop_char(&self) -> Option<(&str, char)> {
        let last = self.chars().next_back()?;
        Some((&self[..self.len() - last.len_utf8()], last))
    }
}

impl<'de> Deserialize<'de> for Required {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "always" => Ok(Required::Always),
            "never" => Ok(Required::Never),
            other => match other.strip_prefix("if:") {
                Some(pointer) => Ok(Required::If(pointer.to_owned())),
                None => Err(serde::de::Error::custom(format!(
                    "required “{other}”: expected always, never or if:/pointer"
                ))),
            },
        }
    }
}

/// Longest profile text.
pub const LONGEST: usize = 64 * 1024;
