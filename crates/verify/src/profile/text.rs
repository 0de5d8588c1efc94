//! A profile as it is written: the TOML tables, before anything is checked. See `docs/profiles.md`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileText {
    pub id: String,
    pub version: String,
    pub title: String,
    pub spec_url: Option<String>,
    #[serde(default)]
    pub detect: DetectText,
    pub source: SourceText,
    pub seq: Option<SeqText>,
    pub hash: Option<HashText>,
    #[serde(default)]
    pub checks: Vec<HashText>,
    pub link: Option<LinkText>,
    #[serde(default)]
    pub signatures: Vec<SignatureText>,
    #[serde(default, rename = "final")]
    pub finals: Vec<FinalText>,
    pub tree: Option<TreeText>,
    pub expect: Option<ExpectText>,
    pub coverage: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DetectText {
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(default)]
    pub all_fields: Vec<String>,
    #[serde(default)]
    pub no_fields: Vec<String>,
    #[serde(default, rename = "const")]
    pub constant: BTreeMap<String, Scalar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceText {
    pub kind: String,
    #[serde(default)]
    pub file: OneOrMany,
    pub at: Option<String>,
    pub order: Option<String>,
    pub partition: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeqText {
    pub field: String,
    #[serde(default)]
    pub start: i64,
    pub step: Option<i64>,
    pub gaps: Option<String>,
}

/// `[hash]` and each of `[[checks]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HashText {
    pub field: Option<String>,
    pub alg: Option<String>,
    pub enc: Option<String>,
    pub preimage: Vec<PartText>,
    #[serde(default)]
    pub optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkText {
    pub field: Option<String>,
    #[serde(default)]
    pub genesis: Vec<String>,
    #[serde(default)]
    pub genesis_null: bool,
    #[serde(default)]
    pub genesis_absent: bool,
    pub genesis_field: Option<String>,
    pub target: Option<TargetText>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum TargetText {
    Word(String),
    Table(TargetTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetTable {
    pub field: Option<String>,
    pub preimage: Option<Vec<PartText>>,
    pub alg: Option<String>,
    pub enc: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureText {
    pub field: String,
    pub enc: String,
    pub alg: String,
    pub message: Vec<PartText>,
    pub required: Option<Required>,
    #[serde(default)]
    pub key: KeyText,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Required {
    Always(bool),
    When(String),
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyText {
    pub trusted_kid: Option<String>,
    pub field: Option<String>,
    pub file: Option<String>,
    pub enc: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FinalText {
    pub file: Option<String>,
    pub format: Option<String>,
    pub value: Option<ValueText>,
    pub checksums: Option<ChecksumsText>,
    pub signature: Option<SealText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueText {
    pub at: String,
    pub enc: Option<String>,
    pub preimage: Vec<PartText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecksumsText {
    pub at: String,
    pub alg: Option<String>,
    pub enc: Option<String>,
    #[serde(default)]
    pub closed: bool,
}

/// A signature in a document of the bundle.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealText {
    pub file: Option<String>,
    pub at: String,
    pub enc: String,
    pub alg: String,
    pub message: Vec<PartText>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub key: KeyText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TreeText {
    pub leaf: Vec<PartText>,
    pub leaf_hashed: Option<bool>,
    #[serde(default)]
    pub leaf_prefix: String,
    #[serde(default)]
    pub node_prefix: String,
    pub odd: Option<String>,
    pub combine: Option<String>,
    pub alg: Option<String>,
    pub root: PlaceText,
    pub signature: Option<SealText>,
}

/// A place in a document of the bundle; without `file`, in the document around the records.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceText {
    pub file: Option<String>,
    pub at: String,
    pub enc: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectText {
    pub count: Option<PlaceText>,
    pub head: Option<PlaceText>,
    pub terminal: Option<BTreeMap<String, Scalar>>,
}

/// One PART: exactly one of the first seven members is set.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct PartText {
    pub lit: Option<String>,
    pub field: Option<String>,
    pub prev: Option<String>,
    pub raw: Option<String>,
    pub digest: Option<Vec<PartText>>,
    pub json: Option<JsonText>,
    pub hashes: Option<String>,
    pub root: Option<String>,
    // beside `field`
    #[serde(rename = "as")]
    pub form: Option<String>,
    pub default: Option<String>,
    pub strip: Option<String>,
    pub len: Option<String>,
    // beside `digest`
    pub alg: Option<String>,
    pub out: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct JsonText {
    pub of: Option<String>,
    pub include: Option<Vec<String>>,
    #[serde(default)]
    pub exclude: Vec<String>,
    #[serde(default)]
    pub set: BTreeMap<String, Scalar>,
    #[serde(default)]
    pub set_null: Vec<String>,
    pub drop_null: Option<DropNull>,
    #[serde(default)]
    pub default: BTreeMap<String, Scalar>,
    #[serde(default)]
    pub default_null: Vec<String>,
    #[serde(default)]
    pub reformat: BTreeMap<String, String>,
    pub canon: CanonText,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum DropNull {
    All(String),
    Listed(Vec<String>),
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
pub(super) enum CanonText {
    Name(String),
    Knobs(KnobsText),
    #[default]
    Missing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KnobsText {
    pub sort: Option<String>,
    pub sep: Option<(String, String)>,
    pub escape: Option<String>,
    pub num: Option<String>,
    #[serde(default)]
    pub nfc: bool,
}

/// A TOML scalar that stands for a JSON scalar.
#[derive(Deserialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Bool(bool),
    Integer(i64),
    Text(String),
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
    #[default]
    None,
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
            OneOrMany::None => Vec::new(),
        }
    }
}
