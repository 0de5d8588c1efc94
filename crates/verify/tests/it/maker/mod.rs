//! Makes trails as emitters do, so that every rule has a case without a fixture.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Map, Value, json};
use tickmark_crypto::digest::{Algorithm, Digest, sha256};
use tickmark_crypto::encoding::{base64, hex, unhex};
use tickmark_crypto::merkle::{Combine, Knobs, Odd, Tree};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::{SigningKey, hmac_sha256};

#[derive(Clone, Copy, PartialEq)]
pub enum Signs {
    Ed25519,
    Hmac,
}

pub struct Maker {
    signs: Signs,
    seed: u8,
}

const SECRET: &str = "a secret of this test";

/// Hash over everything but hash, sig and key; signature over the hash text.
pub const CHAIN_PROFILE: &str = r#"
id = "test-chain"
version = "1"
title = "Test chain"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "jsonl"
[seq]
field = "/seq"
start = 1
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash", "/sig", "/key"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ field = "/hash" }]
key = { field = "/key", enc = "hex" }
"#;

pub const HMAC_PROFILE: &str = r#"
id = "test-hmac"
version = "1"
title = "Test keyed chain"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash", "/sig", "/key"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "hmac-sha256"
message = [{ field = "/hash" }]
"#;

/// The signature covers the body only, not the link.
pub const LOOSE_PROFILE: &str = r#"
id = "test-loose"
version = "1"
title = "Test chain with unsigned links"
spec_url = "this test"
[detect]
all = ["/body", "/hash"]
[[source]]
kind = "jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ json = { of = "/body", canon = "jcs" } }]
"#;

pub const RECEIPT_PROFILE: &str = r#"
id = "test-receipt"
version = "1"
title = "Test receipts"
spec_url = "this test"
[detect]
all = ["/body"]
[[source]]
kind = "jsonl"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ json = { of = "/body", canon = "jcs" } }]
"#;

pub const DOCUMENT_PROFILE: &str = r#"
id = "test-document"
version = "1"
title = "Test document"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "json"
at = "/entries"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash", "/sig", "/key"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[[signatures]]
field = "/sig"
enc = "b64"
alg = "ed25519"
message = [{ field = "/hash" }]
[tree]
alg = "sha256"
leaf = [{ field = "/hash", as = "hex-bytes" }]
leaf_prefix = "00"
node_prefix = "01"
odd = "duplicate"
enc = "hex"
root = [{ at = "/root" }]
[expect]
count = { at = "/count" }
"#;

pub const ROOT_PROFILE: &str = r#"
id = "test-root"
version = "1"
title = "Test signed root"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "json"
at = "/entries"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[tree]
alg = "sha256"
leaf = [{ field = "/hash", as = "hex-bytes" }]
leaf_prefix = "00"
node_prefix = "01"
odd = "duplicate"
enc = "hex"
root = [{ at = "/root" }]
[tree.signature]
place = { at = "/root_signature" }
enc = "b64"
alg = "ed25519"
over = "raw"
key = { at = "/key", enc = "hex" }
"#;

pub const MANIFEST_PROFILE: &str = r#"
id = "test-manifest"
version = "1"
title = "Test manifest"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "jsonl"
file = "records.jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[manifest]
file = "manifest.json"
entries = "/files"
alg = "sha256"
enc = "hex"
closed = true
[manifest.signature]
place = { file = "manifest.json", at = "/signature" }
enc = "b64"
alg = "ed25519"
over = "document"
message = [{ json = { exclude = ["/signature"], canon = "jcs" } }]
key = { file = "manifest.json", at = "/key", enc = "hex" }
"#;

pub const CLOSING_PROFILE: &str = r#"
id = "test-closing"
version = "1"
title = "Test closing statement"
spec_url = "this test"
[detect]
all = ["/seq", "/hash"]
[[source]]
kind = "jsonl"
file = "records.jsonl"
[hash]
alg = "sha256"
enc = "hex"
field = "/hash"
preimage = [{ json = { exclude = ["/hash"], canon = "jcs" } }]
[link]
field = "/prev"
genesis = ["null"]
target = "hash"
[final]
alg = "sha256"
over = "text"
enc = "hex"
stated = [{ file = "sig.txt", line = "hash:" }]
[final.signature]
place = { file = "sig.txt", line = "signature:" }
enc = "b64"
alg = "ed25519"
over = "text"
"#;

impl Maker {
    pub fn new(signs: Signs) -> Self {
        Maker { signs, seed: 7 }
    }

    pub fn other() -> Self {
        Maker {
            signs: Signs::Ed25519,
            seed: 8,
        }
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_seed(&SecretBytes::new(vec![self.seed; 32])).unwrap()
    }

    pub fn public_hex(&self) -> String {
        let spki = self.key().public().spki_der().to_vec();
        hex(&spki[spki.len() - 32..])
    }

    /// The trust file that pins this maker.
    pub fn trust(&self) -> String {
        match self.signs {
            Signs::Ed25519 => format!(
                "[[key]]\nalgorithm = \"ed25519\"\nowner = \"the maker\"\npublic_key = \"{}\"\n",
                self.public_hex()
            ),
            Signs::Hmac => format!(
                "[[key]]\nalgorithm = \"hmac-sha256\"\nowner = \"the maker\"\nsecret = \"{SECRET}\"\n"
            ),
        }
    }

    pub fn sign(&self, message: &[u8]) -> String {
        match self.signs {
            Signs::Ed25519 => base64(&self.key().sign(message)),
            Signs::Hmac => base64(&hmac_sha256(SECRET.as_bytes(), message)),
        }
    }

    fn bare(&self, n: u64) -> Vec<Value> {
        (1..=n).map(|seq| json!({"seq": seq, "text": format!("entry {seq} — é"), "data": {"b": [1, null], "a": 2}})).collect()
    }

    fn seal(&self, mut records: Vec<Value>, signed: bool) -> Vec<Value> {
        let mut prev = Value::Null;
        for record in &mut records {
            let own = record.as_object_mut().unwrap();
            own.insert("prev".into(), prev);
            own.remove("hash");
            own.remove("sig");
            own.remove("key");
            let hash = hex(&sha256(&jcs(&Value::Object(own.clone()))));
            if signed {
                own.insert("sig".into(), json!(self.sign(hash.as_bytes())));
                if self.signs == Signs::Ed25519 {
                    own.insert("key".into(), json!(self.public_hex()));
                }
            }
            own.insert("hash".into(), json!(hash));
            prev = json!(hash);
        }
        records
    }

    /// Linked, hashed, signed.
    pub fn chain(&self, n: u64) -> Vec<Value> {
        self.seal(self.bare(n), true)
    }

    /// Linked and hashed.
    pub fn unsigned_chain(&self, n: u64) -> Vec<Value> {
        self.seal(self.bare(n), false)
    }

    /// Changes records before they are sealed again.
    pub fn resign(&self, mut records: Vec<Value>, change: impl Fn(&mut Value)) -> Vec<Value> {
        records.iter_mut().for_each(change);
        self.seal(records, true)
    }

    /// Hashes and links made anew; signatures stay.
    pub fn rechain_without_key(&self, mut records: Vec<Value>) -> Vec<Value> {
        let mut prev = Value::Null;
        for record in &mut records {
            record["prev"] = prev;
            let mut core = record.as_object().unwrap().clone();
            for name in ["hash", "sig", "key"] {
                core.remove(name);
            }
            let hash = hex(&sha256(&jcs(&Value::Object(core))));
            record["hash"] = json!(hash);
            prev = json!(hash);
        }
        records
    }

    /// Signed bodies in a chain whose links are not signed.
    pub fn loose(&self, n: u64) -> Vec<Value> {
        let bodies = (0..n).map(|i| {
            let body = json!({"n": i});
            json!({"sig": self.sign(&jcs(&body)), "body": body})
        });
        self.rechain_loose(bodies.collect())
    }

    pub fn rechain_loose(&self, mut records: Vec<Value>) -> Vec<Value> {
        let mut prev = Value::Null;
        for record in &mut records {
            record["prev"] = prev;
            record.as_object_mut().unwrap().remove("hash");
            let hash = hex(&sha256(&jcs(record)));
            record["hash"] = json!(hash);
            prev = json!(hash);
        }
        records
    }

    /// Single signed receipts.
    pub fn receipts(&self, n: u64) -> Vec<Value> {
        (0..n)
            .map(|i| {
                let body = json!({"n": i, "text": "x"});
                json!({"sig": self.sign(&jcs(&body)), "body": body})
            })
            .collect()
    }

    fn root(records: &[Value]) -> Digest {
        let mut tree = Tree::new(Knobs {
            leaf_prefix: vec![0],
            node_prefix: vec![1],
            odd: Odd::Duplicate,
            combine: Combine::Raw,
            algorithm: Algorithm::Sha256,
        });
        for record in records {
            tree.push_leaf_data(&unhex(record["hash"].as_str().unwrap()).unwrap());
        }
        tree.root()
    }

    pub fn document(&self, records: &[Value]) -> Value {
        json!({"count": records.len(), "root": Self::root(records).hex(), "entries": records})
    }

    pub fn signed_document(&self, records: &[Value]) -> Value {
        let root = Self::root(records);
        json!({
            "root": root.hex(), "root_signature": self.sign(root.as_bytes()), "key": self.public_hex(), "entries": records,
        })
    }

    /// A folder with a signed manifest of the named members.
    pub fn packed(&self, records: &[Value], listed: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
        let files = vec![
            ("records.jsonl", lines(records)),
            ("note.txt", b"a note".to_vec()),
        ];
        let sums: Map<String, Value> = files
            .iter()
            .filter(|(name, _)| listed.contains(name))
            .map(|(name, bytes)| ((*name).to_owned(), json!(hex(&sha256(bytes)))))
            .collect();
        let mut manifest = json!({"files": sums, "key": self.public_hex()});
        let signature = self.sign(&jcs(&manifest));
        manifest["signature"] = json!(signature);
        let mut files = files;
        files.push(("manifest.json", manifest.to_string().into_bytes()));
        files
    }

    /// A folder with a signed digest over all hashes.
    pub fn closed(&self, records: &[Value]) -> Vec<(&'static str, Vec<u8>)> {
        let all: String = records.iter().map(|r| r["hash"].as_str().unwrap()).collect();
        let digest = hex(&sha256(all.as_bytes()));
        let statement = format!("hash:{digest}\nsignature:{}\n", self.sign(digest.as_bytes()));
        vec![
            ("records.jsonl", lines(records)),
            ("sig.txt", statement.into_bytes()),
        ]
    }

    /// As witnesskit writes.
    pub fn witnesskit(&self, n: u64) -> Vec<Value> {
        let mut prev = Value::Null;
        (0..n)
            .map(|seq| {
                let mut record = json!({
                    "version": "witnesskit/v0", "seq": seq, "timestamp": "2026-11-23T15:00:23Z", "actor": "a",
                    "action": "tool_call", "payload": {"n": seq}, "prev_hash": prev,
                });
                let hash = sha256(&jcs(&record));
                record["hash"] = json!(base64(&hash));
                let key = unhex(&self.public_hex()).unwrap();
                record["signature"] =
                    json!({"alg": "Ed25519", "public_key": base64(&key), "value": self.sign(&hash)});
                prev = record["hash"].clone();
                record
            })
            .collect()
    }
}

/// RFC 8785 for what this file makes: strings without controls, small integers.
pub fn jcs(value: &Value) -> Vec<u8> {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut names: Vec<_> = members.keys().collect();
                names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
                Value::Object(
                    names
                        .into_iter()
                        .map(|name| (name.clone(), sorted(&members[name])))
                        .collect(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string().into_bytes()
}

pub fn lines(records: &[Value]) -> Vec<u8> {
    records
        .iter()
        .map(|record| format!("{record}\n"))
        .collect::<String>()
        .into_bytes()
}

pub fn array(records: &[Value]) -> Vec<u8> {
    Value::Array(records.to_vec()).to_string().into_bytes()
}
