//! A profile that was checked and is ready to be applied.

use tickmark_crypto::digest::Algorithm;
use tickmark_crypto::encoding;
use tickmark_crypto::key::{KeyAlgorithm, KeyEncoding};
use tickmark_crypto::merkle::Knobs;
use tickmark_crypto::signature::EcdsaForm;
use tickmark_formats::canonical::Dialect;
use tickmark_formats::json::{Kind, Value};
use tickmark_formats::pointer::Pointer;

use super::pattern::Pattern;
pub(crate) use super::text::Scalar;

/// Everything that a profile asks for.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub detect: Detect,
    pub source: Source,
    pub seq: Option<Seq>,
    pub hash: Option<HashRule>,
    pub checks: Vec<HashRule>,
    pub link: Option<Link>,
    pub signatures: Vec<SignatureRule>,
    pub finals: Vec<Final>,
    pub tree: Option<TreeRule>,
    pub count: Option<Place>,
    pub head: Option<Place>,
    pub terminal: Vec<(Pointer, Scalar)>,
    /// Every distinct preimage of a record, once: a hash and a signature over the same bytes share them.
    pub recipes: Vec<Recipe>,
}

/// Bytes that are put together from parts.
pub(crate) type Recipe = Vec<Part>;

#[derive(Clone, Debug)]
pub(crate) struct Detect {
    pub files: Vec<Pattern>,
    pub all_fields: Vec<Pointer>,
    pub no_fields: Vec<Pointer>,
    pub constant: Vec<(Pointer, Scalar)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub kind: SourceKind,
    pub files: Vec<Pattern>,
    pub at: Pointer,
    pub order: Order,
    pub partition: Partition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SourceKind {
    Lines,
    Json,
    Files,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Order {
    File,
    Field(Pointer),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Partition {
    None,
    ByFile,
    Field(Pointer),
}

#[derive(Clone, Debug)]
pub(crate) struct Seq {
    pub field: Pointer,
    pub start: i64,
    pub step: i64,
    pub gaps_fail: bool,
}

/// A recorded digest and how it is made.
#[derive(Clone, Debug)]
pub(crate) struct HashRule {
    pub field: Option<Pointer>,
    pub algorithm: Algorithm,
    pub form: Form,
    pub recipe: usize,
    pub optional: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Where a record names its predecessor; `None` when the predecessor is only in the preimage.
    pub field: Option<Pointer>,
    pub genesis: Vec<String>,
    pub genesis_null: bool,
    pub genesis_absent: bool,
    pub genesis_field: Option<Pointer>,
    pub target: Target,
}

/// What of a record its successor links to.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// The value recorded in a field.
    Field { field: Pointer, form: Form },
    /// A digest that is recorded nowhere in the record itself.
    Computed { recipe: usize, algorithm: Algorithm, form: Form },
}

#[derive(Clone, Debug)]
pub(crate) struct SignatureRule {
    pub field: Pointer,
    pub form: Form,
    pub algorithm: SignatureAlgorithm,
    pub recipe: usize,
    pub required: RequiredWhen,
    pub key: KeyRule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignatureAlgorithm {
    pub key: KeyAlgorithm,
    pub ecdsa: EcdsaForm,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RequiredWhen {
    Always,
    Never,
    Present(Pointer),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct KeyRule {
    pub kid: Option<Pointer>,
    pub field: Option<Pointer>,
    pub file: Option<Pattern>,
    pub encoding: Option<KeyEncoding>,
}

/// A document of the bundle that states something about the whole.
#[derive(Clone, Debug)]
pub(crate) struct Final {
    pub file: Option<Pattern>,
    pub format: DocumentFormat,
    pub value: Option<FinalValue>,
    pub checksums: Option<Checksums>,
    pub seal: Option<Seal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DocumentFormat {
    Json,
    /// `name:value` a line.
    Lines,
}

#[derive(Clone, Debug)]
pub(crate) struct FinalValue {
    pub at: Pointer,
    pub form: Option<Form>,
    pub recipe: Recipe,
}

#[derive(Clone, Debug)]
pub(crate) struct Checksums {
    pub at: Pointer,
    pub algorithm: Algorithm,
    pub form: Form,
    pub closed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Seal {
    pub file: Option<Pattern>,
    pub at: Pointer,
    pub form: Form,
    pub algorithm: SignatureAlgorithm,
    pub message: Recipe,
    pub required: bool,
    pub key: KeyRule,
}

#[derive(Clone, Debug)]
pub(crate) struct TreeRule {
    pub leaf: usize,
    /// Whether a leaf is hashed with its prefix, or is a digest already.
    pub leaf_hashed: bool,
    pub knobs: Knobs,
    pub root: Place,
    pub seal: Option<Seal>,
}

#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub file: Option<Pattern>,
    pub at: Pointer,
    pub form: Option<Form>,
}

/// One part of a preimage.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Literal(Vec<u8>),
    Field(FieldPart),
    /// What the predecessor is linked by: its text, or the bytes that the text stands for.
    Previous { raw: bool },
    /// The record as received.
    RawLine,
    Digest { parts: Recipe, algorithm: Algorithm, raw: bool },
    Json(Box<JsonPart>),
    /// Every record's hash in order, as text or bytes; only alone inside a digest of a [`Final`] or [`Seal`].
    Hashes { raw: bool },
    /// The tree's root; only in a [`Seal`].
    Root { raw: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldPart {
    pub at: Pointer,
    pub form: FieldForm,
    pub default: Option<String>,
    pub strip: String,
    pub length_first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldForm {
    Token,
    PyRepr,
    Es6,
    IsoMs,
    PyIsoformat,
    HexBytes,
    Base64Bytes,
    Base64UrlBytes,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JsonPart {
    pub of: Pointer,
    /// Member names in the order of the list; `bool` says whether a null or absent one is left out.
    pub include: Option<Vec<(String, bool)>>,
    pub exclude: Vec<Pointer>,
    pub drop_null: DropNulls,
    pub reformat: Vec<(Pointer, FieldForm)>,
    pub default: Vec<(Pointer, Option<Scalar>)>,
    pub set: Vec<(Pointer, Option<Scalar>)>,
    pub dialect: Dialect,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DropNulls {
    No,
    All,
    Listed(Vec<Pointer>),
}

/// How bytes are written as text: a fixed prefix and an encoding. One spelling per value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub prefix: String,
    pub base: Base,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Hex,
    Base64,
    Base64Url,
    Base58,
}

impl Form {
    pub(crate) fn encode(&self, bytes: &[u8]) -> String {
        let text = match self.base {
            Base::Hex => encoding::hex(bytes),
            Base::Base64 => encoding::base64(bytes),
            Base::Base64Url => encoding::base64url(bytes),
            Base::Base58 => encoding::base58(bytes),
        };
        if self.prefix.is_empty() { text } else { format!("{}{text}", self.prefix) }
    }

    /// Decodes strictly; `None` for anything but the one spelling.
    pub(crate) fn decode(&self, text: &str) -> Option<Vec<u8>> {
        let text = text.strip_prefix(self.prefix.as_str())?;
        match self.base {
            Base::Hex => encoding::unhex(text).ok(),
            Base::Base64 => encoding::unbase64(text).ok(),
            Base::Base64Url => encoding::unbase64url(text).ok(),
            Base::Base58 => encoding::unbase58(text).ok(),
        }
    }
}

impl Scalar {
    /// Whether a JSON value is this scalar.
    pub(crate) fn is(&self, value: &Value<'_>) -> bool {
        match (self, &value.kind) {
            (Scalar::Bool(own), Kind::Bool(found)) => own == found,
            (Scalar::Integer(own), Kind::Number(_)) => value.as_i64() == Some(*own),
            (Scalar::Text(own), Kind::String(found)) => own == found,
            _ => false,
        }
    }
}

impl Rules {
    /// Whether any preimage depends on the record before.
    pub(crate) fn needs_previous(&self) -> bool {
        self.recipes.iter().any(|recipe| has(recipe, &|part| matches!(part, Part::Previous { .. })))
    }

    /// Whether signatures are required of every record, or of the bundle.
    pub(crate) fn requires_signatures(&self) -> bool {
        self.signatures.iter().any(|s| s.required != RequiredWhen::Never)
            || self.seals().any(|seal| seal.required)
    }

    /// Every signature over the bundle as a whole.
    pub(crate) fn seals(&self) -> impl Iterator<Item = &Seal> {
        let tree = self.tree.iter().filter_map(|tree| tree.seal.as_ref());
        self.finals.iter().filter_map(|last| last.seal.as_ref()).chain(tree)
    }
}

/// Whether a part of the recipe, at any depth, answers the question.
pub(crate) fn has(recipe: &[Part], question: &dyn Fn(&Part) -> bool) -> bool {
    recipe.iter().any(|part| {
        question(part) || matches!(part, Part::Digest { parts, .. } if has(parts, question))
    })
}
