//! The parts of a preimage.

use std::collections::BTreeMap;

use serde::Deserialize;
use tickmark_crypto::digest::Algorithm;
use tickmark_formats::canonical::{Dialect, Escape, Numbers, Separators, Sort};

/// One part of a preimage; parts are joined in order.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text as it is.
    Literal(String),
    /// The value of a field.
    Field {
        /// Its pointer.
        pointer: String,
        /// How it is written.
        spelled: As,
        /// Written when it is absent or null; without it the part cannot be built.
        default: Option<String>,
        /// A length before it.
        prefix: Option<Prefix>,
    },
    /// What the record before would be linked by.
    Previous(Previous),
    /// The received line.
    RawLine,
    /// What a signed token's signature covers (RFC 7515, section 5.2).
    SigningInput,
    /// A digest over parts.
    Digest {
        /// The parts.
        parts: Vec<Part>,
        /// Algorithm.
        alg: Algorithm,
        /// `raw` bytes or hex `text`.
        out: Previous,
    },
    /// JSON, spelled anew.
    Json(Box<Json>),
}

/// How a field is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum As {
    /// Text without quotes; a number as in the file.
    #[default]
    Token,
    /// A number as Python writes it.
    Pyrepr,
    /// A number as RFC 8785 writes it.
    Es6,
    /// An instant with three fractional digits and `Z`.
    IsoMs,
    /// An instant as Python's `isoformat` writes it.
    PyIsoformat,
    /// The bytes of hex text, after an optional `alg:`.
    HexBytes,
    /// The bytes of base64 text, after an optional `alg:`.
    B64Bytes,
}

/// A length before a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prefix {
    /// Four bytes, big-endian.
    U32be,
}

/// Text or bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Previous {
    /// As recorded.
    Text,
    /// Decoded.
    Raw,
}

/// JSON, chosen from the record and spelled anew.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Json {
    /// Pointer of the value; the whole record when empty.
    #[serde(default)]
    pub of: String,
    /// Members of that object to take, in this order; `name?` may be absent (or null).
    pub include: Option<Vec<String>>,
    /// Pointers to leave out.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Pointers set to a JSON text before spelling.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// `"all"` or a list of pointers: nulls that are left out.
    #[serde(default)]
    pub drop_null: DropNull,
    /// Pointers with the JSON text that stands in when they are absent.
    #[serde(default)]
    pub default: BTreeMap<String, String>,
    /// Pointers of times that are written in another form.
    #[serde(default)]
    pub reformat: BTreeMap<String, As>,
    /// The canonical form.
    pub canon: Canon,
}

/// Nulls that are left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub enum DropNull {
    /// None.
    #[default]
    None,
    /// `"all"`, at every depth.
    All(AllWord),
    /// These.
    Some(Vec<String>),
}

/// The word `all`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AllWord {
    /// At every depth.
    All,
}

/// A canonical form: a short name or five knobs.
#[derive(Debug, Clone, Copy)]
pub struct Canon(pub Dialect);

impl Part {
    /// Whether it takes the record before.
    pub fn takes_previous(&self) -> bool {
        match self {
            Part::Previous(_) => true,
            Part::Digest { parts, .. } => parts.iter().any(Part::takes_previous),
            _ => false,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    lit: Option<String>,
    field: Option<String>,
    #[serde(rename = "as")]
    spelled: Option<As>,
    default: Option<String>,
    len: Option<Prefix>,
    prev: Option<Previous>,
    raw: Option<String>,
    digest: Option<Vec<Part>>,
    alg: Option<String>,
    out: Option<Previous>,
    json: Option<Json>,
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let raw = RawPart::deserialize(deserializer)?;
        if raw.field.is_none() && (raw.spelled.is_some() || raw.default.is_some() || raw.len.is_some()) {
            return Err(D::Error::custom("as, default and len stand beside field"));
        }
        if raw.digest.is_none() && (raw.alg.is_some() || raw.out.is_some()) {
            return Err(D::Error::custom("alg and out stand beside digest"));
        }
        let mut found = Vec::new();
        if let Some(text) = raw.lit {
            found.push(Part::Literal(text));
        }
        if let Some(pointer) = raw.field {
            found.push(Part::Field {
                pointer,
                spelled: raw.spelled.unwrap_or_default(),
                default: raw.default,
                prefix: raw.len,
            });
        }
        found.extend(raw.prev.map(Part::Previous));
        if let Some(what) = raw.raw {
            found.push(match what.as_str() {
                "line" => Part::RawLine,
                "jws" => Part::SigningInput,
                _ => return Err(D::Error::custom(format!("raw “{what}”: expected line or jws"))),
            });
        }
        if let Some(parts) = raw.digest {
            let alg = raw
                .alg
                .as_deref()
                .unwrap_or("sha256")
                .parse()
                .map_err(D::Error::custom)?;
            found.push(Part::Digest {
                parts,
                alg,
                out: raw.out.unwrap_or(Previous::Raw),
            });
        }
        found.extend(raw.json.map(|json| Part::Json(Box::new(json))));
        match (found.pop(), found.is_empty()) {
            (Some(part), true) => Ok(part),
            _ => Err(D::Error::custom(
                "a part is exactly one of lit, field, prev, raw, digest and json",
            )),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawCanon {
    Name(String),
    Knobs(Knobs),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Knobs {
    sort: String,
    sep: [String; 2],
    escape: String,
    num: String,
    #[serde(default)]
    nfc: bool,
}

impl<'de> Deserialize<'de> for Canon {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let dialect = match RawCanon::deserialize(deserializer)? {
            RawCanon::Name(name) => named(&name),
            RawCanon::Knobs(knobs) => knobs.dialect(),
        };
        dialect.map(Canon).map_err(D::Error::custom)
    }
}

/// The short names of `research/formats.md` A.2, with numbers as they stand in the file unless the name says otherwise.
fn named(name: &str) -> Result<Dialect, String> {
    Ok(match name {
        "jcs" => Dialect::JCS,
        "scu" => Dialect::SCU,
        "sca" => Dialect::SCA,
        "ssa" => Dialect::SSA,
        "ocu" | "oj" => Dialect::OCU,
        "orjson" => Dialect {
            numbers: Numbers::Orjson,
            ..Dialect::SCU
        },
        _ => {
            return Err(format!(
                "canon “{name}”: expected jcs, scu, sca, ssa, ocu, oj, orjson or the five knobs"
            ));
        }
    })
}

impl Knobs {
    fn dialect(&self) -> Result<Dialect, String> {
        let sort = match self.sort.as_str() {
            "utf16" => Sort::Utf16,
            "codepoint" => Sort::CodePoint,
            "utf8" => Sort::Utf8,
            "none" => Sort::None,
            other => return Err(format!("sort “{other}”: expected utf16, codepoint, utf8 or none")),
        };
        let separators = match (self.sep[0].as_str(), self.sep[1].as_str()) {
            (",", ":") => Separators::Compact,
            (", ", ": ") => Separators::Spaced,
            _ => return Err("sep: expected [\",\", \":\"] or [\", \", \": \"]".to_owned()),
        };
        let escape = match self.escape.as_str() {
            "utf8" => Escape::Utf8,
            "py-ascii" => Escape::PyAscii,
            "go-html" => Escape::GoHtml,
            "dotnet" => Escape::DotNet,
            other => {
                return Err(format!(
                    "escape “{other}”: expected utf8, py-ascii, go-html or dotnet"
                ));
            }
        };
        let numbers = match self.num.as_str() {
            "token" => Numbers::Token,
            "es6" => Numbers::Es6,
            "pyrepr" => Numbers::PyRepr,
            "orjson" => Numbers::Orjson,
            "serde" => Numbers::Serde,
            other => {
                return Err(format!(
                    "num “{other}”: expected token, es6, pyrepr, orjson or serde"
                ));
            }
        };
        Ok(Dialect {
            sort,
            separators,
            escape,
            numbers,
            nfc: self.nfc,
        })
    }
}
