//! Canonical forms, and what is edited in a value before it is spelled: the JSON side of the search.

use std::collections::BTreeMap;

use tickmark_formats::canonical::{self, Dialect, Escape, Numbers, Separators, Sort};
use tickmark_formats::json::{Kind, Value};

use super::effort::Effort;
use crate::preimage::{at, edited};
use crate::profile::{AllWord, As, Canon, DropNull, Json};

/// One spelling of one value: which dialects give it, and its members one by one.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// What is done to the value first; its `canon` is the first of `dialects`.
    pub json: Json,
    /// Dialects that all spell the probed record alike.
    pub dialects: Vec<Dialect>,
    /// Names and spelled members (`"name":value`), in order.
    pub members: Vec<(String, Vec<u8>)>,
    /// How far from the usual it is; lower is tried first.
    pub rank: usize,
}

impl Form {
    /// What stands between members.
    pub fn comma(&self) -> &'static [u8] {
        self.json.canon.0.separators.comma()
    }

    /// Where any choice of members is searched: lower is tried first. Texts of times that were written anew are as usual
    /// as rarer dialects.
    pub fn likelihood(&self) -> usize {
        let dialect = dialects()
            .iter()
            .position(|dialect| *dialect == self.json.canon.0);
        let is_python = self.json.reformat.values().any(|form| *form == As::PyIsoformat);
        let edit = match (&self.json.drop_null, self.json.reformat.is_empty()) {
            (DropNull::None, true) => 0,
            (DropNull::None, false) if is_python => 1,
            _ => 2,
        };
        dialect.unwrap_or(usize::MAX / 2) + edit + self.json.of.matches('/').count()
    }

    /// The whole text, less members.
    pub fn spelled_without(&self, out: &[&str]) -> Vec<u8> {
        let kept = self
            .members
            .iter()
            .filter(|(name, _)| !out.contains(&name.as_str()));
        let texts: Vec<&[u8]> = kept.map(|(_, text)| text.as_slice()).collect();
        let mut whole = vec![b'{'];
        whole.extend_from_slice(&texts.join(self.comma()));
        whole.push(b'}');
        whole
    }
}

/// Every dialect that the language of profiles can name, the usual ones first.
pub(super) fn dialects() -> Vec<Dialect> {
    let plain = Dialect {
        sort: Sort::None,
        ..Dialect::SSA
    };
    let orjson = Dialect {
        numbers: Numbers::Orjson,
        ..Dialect::SCU
    };
    let mut all = vec![
        Dialect::SSA,
        Dialect::SCU,
        Dialect::SCA,
        Dialect::JCS,
        Dialect::OCU,
        plain,
        orjson,
    ];
    for nfc in [false, true] {
        for numbers in [
            Numbers::Token,
            Numbers::Es6,
            Numbers::PyRepr,
            Numbers::Orjson,
            Numbers::Serde,
        ] {
            for escape in [Escape::Utf8, Escape::PyAscii, Escape::GoHtml, Escape::DotNet] {
                for separators in [Separators::Compact, Separators::Spaced] {
                    for sort in [Sort::CodePoint, Sort::None, Sort::Utf16] {
                        let dialect = Dialect {
                            sort,
                            separators,
                            escape,
                            numbers,
                            nfc,
                        };
                        if !all.contains(&dialect) {
                            all.push(dialect);
                        }
                    }
                }
            }
        }
    }
    all
}

/// A JSON part that changes nothing.
pub(super) fn plain(of: &str, dialect: Dialect) -> Json {
    Json {
        of: of.to_owned(),
        include: None,
        exclude: Vec::new(),
        set: BTreeMap::new(),
        drop_null: DropNull::None,
        default: BTreeMap::new(),
        reformat: BTreeMap::new(),
        canon: Canon(dialect),
    }
}

/// What is left out, or overwritten, inside a value before it is spelled; pointers are relative to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Inside {
    /// The recorded value that is searched for, when it lies in the value.
    pub own: Option<String>,
    /// Other fields in it that look like a digest or signature and lie beneath its first level.
    pub nested: Vec<String>,
}

/// Every distinct spelling of the value at `of`, by rank.
pub(super) fn forms(record: &Value<'_>, of: &str, inside: &Inside, effort: &mut Effort) -> Vec<Form> {
    let Some(base) = at(record, of).filter(|value| value.is_object()) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u8>, Form)> = Vec::new();
    for (order, json) in edits(base, of, inside).into_iter().enumerate() {
        let Ok(value) = edited(&json, base) else { continue };
        for (rank, dialect) in dialects().into_iter().enumerate() {
            if !is_tried(&dialect) {
                continue;
            }
            if !effort.bytes(base.span.len()) {
                return ranked(found);
            }
            let Ok(whole) = canonical::to_vec(&value, &dialect) else {
                continue;
            };
            // the same bytes under the same edit are the same form; under another edit the simpler one stays
            match found.iter_mut().find(|(text, _)| *text == whole) {
                Some((_, form)) if is_same_edit(&form.json, &json) => form.dialects.push(dialect),
                Some(_) => {}
                None => {
                    let json = Json {
                        canon: Canon(dialect),
                        ..json.clone()
                    };
                    let form = Form {
                        members: members(&value, &dialect),
                        dialects: vec![dialect],
                        rank: order + rank,
                        json,
                    };
                    found.push((whole, form));
                }
            }
            if found.len() >= MOST_FORMS {
                return ranked(found);
            }
        }
    }
    ranked(found)
}

fn ranked(found: Vec<(Vec<u8>, Form)>) -> Vec<Form> {
    let mut forms: Vec<Form> = found.into_iter().map(|(_, form)| form).collect();
    forms.sort_by_key(|form| form.rank);
    forms
}

fn is_same_edit(a: &Json, b: &Json) -> bool {
    format!("{:?}{:?}{:?}{:?}", a.exclude, a.set, a.drop_null, a.reformat)
        == format!("{:?}{:?}{:?}{:?}", b.exclude, b.set, b.drop_null, b.reformat)
}

/// Normalization is tried with the plain spellings of numbers only: it is rare, and would double the search.
fn is_tried(dialect: &Dialect) -> bool {
    !dialect.nfc || matches!(dialect.numbers, Numbers::Token | Numbers::Es6)
}

/// The edits that are tried, the simplest first.
fn edits(base: &Value<'_>, of: &str, inside: &Inside) -> Vec<Json> {
    let mut owns: Vec<Json> = Vec::new();
    let start = plain(of, Dialect::SSA);
    match &inside.own {
        None => owns.push(start.clone()),
        Some(own) => {
            owns.push(Json {
                exclude: vec![own.clone()],
                ..start.clone()
            });
            for text in ["\"\"", "null"] {
                owns.push(Json {
                    set: BTreeMap::from([(own.clone(), text.to_owned())]),
                    ..start.clone()
                });
            }
        }
    }
    if !inside.nested.is_empty() {
        let first = owns.first().cloned().unwrap_or(start);
        let mut exclude = first.exclude.clone();
        exclude.extend(inside.nested.iter().cloned());
        owns.insert(1, Json { exclude, ..first });
    }
    let mut all = owns.clone();
    let times = instants(base);
    let spellings: &[As] = if times.is_empty() {
        &[]
    } else {
        &[As::PyIsoformat, As::IsoMs]
    };
    for json in &owns {
        for form in spellings {
            let reformat = times.iter().map(|pointer| (pointer.clone(), *form)).collect();
            all.push(Json {
                reformat,
                ..json.clone()
            });
        }
        if has_null(base) {
            all.push(Json {
                drop_null: DropNull::All(AllWord::All),
                ..json.clone()
            });
        }
    }
    all
}

fn has_null(value: &Value<'_>) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::Array(items) => items.iter().any(has_null),
        Kind::Object(members) => members.iter().any(|member| has_null(&member.value)),
        _ => false,
    }
}

/// First-level texts that are instants.
fn instants(base: &Value<'_>) -> Vec<String> {
    let members = base.members().unwrap_or_default().iter();
    let is_instant = |text: &str| {
        text.len() >= 19 && chrono::DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1)).is_ok()
    };
    members
        .filter(|member| member.value.as_str().is_some_and(is_instant))
        .map(|member| pointer_of(&member.name))
        .take(4)
        .collect()
}

/// The pointer of a first-level member.
pub(super) fn pointer_of(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn members(value: &Value<'_>, dialect: &Dialect) -> Vec<(String, Vec<u8>)> {
    let mut members: Vec<_> = value.members().unwrap_or_default().iter().collect();
    members.sort_by(|a, b| dialect.sort.compare(&a.name, &b.name));
    members
        .into_iter()
        .filter_map(|member| {
            let mut text = Vec::new();
            canonical::write_string(&member.name, dialect.escape, dialect.nfc, &mut text);
            canonical::write_colon(dialect.separators, &mut text);
            canonical::write(&member.value, dialect, &mut text).ok()?;
            Some((member.name.to_string(), text))
        })
        .collect()
}

const MOST_FORMS: usize = 256;
