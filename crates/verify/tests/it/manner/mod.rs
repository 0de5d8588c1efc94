//! Trails in the manner of the systems whose profiles are shipped, made here with keys of this test.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

mod chained;
pub mod ecdsa;
mod families;
mod packed;
mod receipts;

use std::cell::Cell;

use serde_json::{Map, Value, json};
use tickmark_crypto::encoding::{base64, base64url, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::{EcdsaSigningKey, SigningKey};

use crate::kit::Bundle;

/// One system's way to write a trail.
pub struct Manner {
    /// The shipped profile.
    pub profile: &'static str,
    /// Whole records of a trail of that length.
    pub records: fn(u64) -> Vec<Value>,
    /// A bundle that states what its emitter states of the first list, and holds the second.
    pub pack: fn(stated: &[Value], held: &[Value]) -> Bundle,
    /// The same records with hashes and links made anew, by somebody without the key.
    pub remake: fn(Vec<Value>) -> Vec<Value>,
    /// Pins the signer's key; empty where nothing is signed.
    pub trust: String,
    /// What the whole trail proves with the key pinned.
    pub proves: Proves,
    /// Pointer of a text that a hash or signature reaches.
    pub covered: &'static str,
    /// Pointer of the recorded hash, where a record has its own.
    pub hash: Option<&'static str>,
    /// Pointer of the signature, where a record has its own.
    pub signature: Option<&'static str>,
    /// Whether records are linked or numbered.
    pub is_ordered: bool,
    /// Whether the record carries the key.
    pub carries_key: bool,
    /// Whether the bundle states its own extent, so that a cut end shows.
    pub states_extent: bool,
}

/// What a whole trail proves under a pinned key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Proves {
    pub anchored: bool,
    pub authentic: bool,
    pub complete: bool,
}

/// Every manner.
pub fn all() -> Vec<Manner> {
    let mut all = chained::manners();
    all.extend(receipts::manners());
    all.extend(families::manners());
    all.extend(packed::manners());
    all
}

pub const NOTHING: Proves = Proves {
    anchored: false,
    authentic: false,
    complete: false,
};
pub const SIGNED: Proves = Proves {
    anchored: true,
    authentic: true,
    complete: false,
};

thread_local! {
    static SEED: Cell<u8> = const { Cell::new(OWN_SEED) };
    static IS_MIXED: Cell<bool> = const { Cell::new(false) };
}

const OWN_SEED: u8 = 7;

/// Makes something with the keys and secrets of somebody else.
pub fn by_somebody_else<T>(make: impl FnOnce() -> T) -> T {
    SEED.set(OWN_SEED + 1);
    let made = make();
    SEED.set(OWN_SEED);
    made
}

/// Makes something whose records hold what canonical forms disagree about.
pub fn with_mixed_content<T>(make: impl FnOnce() -> T) -> T {
    IS_MIXED.set(true);
    let made = make();
    IS_MIXED.set(false);
    made
}

/// A text for a record: plain, or with letters that canonical forms disagree about.
pub fn text(plain: &str) -> String {
    if IS_MIXED.get() {
        format!("{plain} naïve \u{1f600} \u{1d11e} a\u{2028}b \u{7f} tab\t \"quoted\" back\\slash / <b>&")
    } else {
        plain.to_owned()
    }
}

/// A payload: plain, or with values that canonical forms disagree about.
pub fn note(n: u64) -> Value {
    let mut note = json!({"n": n, "note": text(&format!("entry {n} — é"))});
    if IS_MIXED.get() {
        note["mixed"] = json!({"é": 1, "Z": 2, "_": 3, "a": [1, null, {"c": [null, {}]}], "tiny": 1e-7, "half": -0.5,
                               "empty": "", "yes": true, "list": [], "deep": {"z": null, "b": {"y": [[[]]]}},
                               "__proto__": {"isAdmin": true}, "constructor": {"prototype": {}}});
    }
    note
}

pub fn key() -> SigningKey {
    SigningKey::from_seed(&SecretBytes::new(vec![SEED.get(); 32])).unwrap()
}

/// Of another number than the Ed25519 key, so that no two algorithms share a secret.
pub fn p256() -> EcdsaSigningKey {
    EcdsaSigningKey::from_secret_bytes(&SecretBytes::new(vec![SEED.get() + 2; 32])).unwrap()
}

/// The shared secret of keyed digests.
pub fn secret() -> String {
    format!("a secret of this test, {}", SEED.get())
}

pub fn raw_key() -> [u8; 32] {
    *key().public().ed25519_bytes().unwrap()
}

pub fn pinned() -> String {
    format!(
        "[[key]]\nalgorithm = \"ed25519\"\nowner = \"Example Bank\"\npublic_key = \"{}\"\n",
        hex(&raw_key())
    )
}

pub fn sign_hex(message: &[u8]) -> String {
    hex(&key().sign(message))
}

pub fn sign_b64(message: &[u8]) -> String {
    base64(&key().sign(message))
}

pub fn sign_url(message: &[u8]) -> String {
    base64url(&key().sign(message))
}

pub fn lines(records: &[Value]) -> Vec<u8> {
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    text.into_bytes()
}

pub fn jsonl(_: &[Value], held: &[Value]) -> Bundle {
    Bundle::file("trail.jsonl", lines(held))
}

/// A copy without some members.
pub fn without(record: &Value, names: &[&str]) -> Value {
    let members = record.as_object().unwrap().iter();
    let kept = members.filter(|(name, _)| !names.contains(&name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A copy with these members only, in this order.
pub fn only(record: &Value, names: &[&str]) -> Value {
    let members = names
        .iter()
        .map(|name| ((*name).to_owned(), record[*name].clone()));
    Value::Object(members.collect::<Map<_, _>>())
}

/// `json.dumps(value, sort_keys=True)`, with or without spaces, as ASCII or not.
pub fn python(value: &Value, is_spaced: bool, is_ascii: bool) -> Vec<u8> {
    let (comma, colon) = if is_spaced { (", ", ": ") } else { (",", ":") };
    fn write(value: &Value, comma: &str, colon: &str, out: &mut String) {
        match value {
            Value::Object(members) => {
                let mut names: Vec<_> = members.keys().collect();
                names.sort();
                out.push('{');
                for (index, name) in names.into_iter().enumerate() {
                    out.push_str(if index > 0 { comma } else { "" });
                    out.push_str(&json!(name).to_string());
                    out.push_str(colon);
                    write(&members[name], comma, colon, out);
                }
                out.push('}');
            }
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { comma } else { "" });
                    write(item, comma, colon, out);
                }
                out.push(']');
            }
            scalar => out.push_str(&scalar.to_string()),
        }
    }
    let mut text = String::new();
    write(value, comma, colon, &mut text);
    if !is_ascii {
        return text.into_bytes();
    }
    let mut ascii = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            // Python escapes U+007F too
            Ok(byte) if byte.is_ascii() && byte != 0x7f => ascii.push(char::from(byte)),
            _ => ascii.push_str(&format!("\\u{unit:04x}")),
        }
    }
    ascii.into_bytes()
}

/// Sorted, spaced, ASCII.
pub fn ssa(value: &Value) -> Vec<u8> {
    python(value, true, true)
}

/// Sorted, compact, ASCII.
pub fn sca(value: &Value) -> Vec<u8> {
    python(value, false, true)
}

/// Sorted, compact, UTF-8; for texts and small whole numbers also RFC 8785.
pub fn scu(value: &Value) -> Vec<u8> {
    python(value, false, false)
}
