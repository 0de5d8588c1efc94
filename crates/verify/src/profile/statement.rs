//! What a bundle states beside its records: a closing digest, a tree root, a manifest, a count, a last hash.

use serde::Deserialize;
use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::key::KeyAlgorithm;

use super::{CarriedKey, Encoding, Part, Previous, word};

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
    #[serde(deserialize_with = "word")]
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
    #[serde(deserialize_with = "word")]
    pub alg: KeyAlgorithm,
    /// `text`: the statement's text; `raw`: its decoded bytes; or parts over the JSON document that holds it.
    pub over: Over,
    /// Whether a bundle that has the statement must have its signature.
    #[serde(default)]
    pub required: bool,
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
    #[serde(deserialize_with = "word")]
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
    /// What happens to an odd node: `promote`, `duplicate`, `zero-pad`, `zero-node`.
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
    /// A missing node is all zeros at every level.
    ZeroNode,
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
    #[serde(deserialize_with = "word")]
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
