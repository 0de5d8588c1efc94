//! The three bundles: one whole, one in which somebody edited two records, one whose end was cut off.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::secret::SecretBytes;
use tickmark_crypto::signing::SigningKey;

use super::decisions::{Decision, Numbers, decisions};
use crate::error::{Answer, Code, Error};

/// One bundle of the demo, and how it is said to have come.
pub struct DemoBundle {
    /// Where it lies.
    pub path: PathBuf,
    /// What the sender said its SHA-256 is.
    pub sender_sha256: String,
    /// On which medium it came.
    pub medium: &'static str,
    /// The system that wrote it.
    pub source: &'static str,
}

/// Writes the bundles into `folder` and the trusted keys into `trust`.
///
/// # Errors
/// `unreadable` or `disk_full` when a file cannot be written.
pub fn write_bundles(folder: &Path, trust: &Path) -> Answer<Vec<DemoBundle>> {
    fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    fs::create_dir_all(trust).map_err(|e| unwritable(trust, &e))?;
    let gateway = key(0x11)?;
    let assistant = key(0x22)?;
    write(
        &trust.join("example-bank-gateway.toml"),
        pinned(&gateway, "Example Bank, model gateway").as_bytes(),
    )?;
    write(
        &trust.join("example-bank-assistant.toml"),
        pinned(&assistant, "Example Bank, chat assistant").as_bytes(),
    )?;

    let start = "2026-07-01T07:04:00Z".parse().map_err(|_| Error::stopped())?;
    let trail = decisions(1_200, start, 0x7069);
    let whole = evidence_package(&receipts(&trail, &gateway), &gateway)?;
    let tampered = edited(&receipts(&decisions(640, start, 0x4242), &gateway));
    let tampered = evidence_package_around(
        &tampered,
        &gateway,
        &receipts(&decisions(640, start, 0x4242), &gateway),
    )?;
    let chat = witness_trail(&decisions(420, start, 0x99), &assistant);
    let mut cut = chat.clone();
    cut.truncate(360);

    Ok(vec![
        named(
            folder,
            "credit-gateway-2026-Q3.zip",
            &whole,
            ("sealed USB drive", "Credit gateway, head office"),
        )?,
        named(
            folder,
            "credit-gateway-branch-2026-Q3.zip",
            &tampered,
            ("sealed USB drive", "Credit gateway, branch"),
        )?,
        named(
            folder,
            "chat-assistant-2026-Q3.json",
            &witness_document(&cut),
            ("e-mail attachment", "Chat assistant"),
        )?,
    ])
}

fn key(byte: u8) -> Answer<SigningKey> {
    SigningKey::from_seed(&SecretBytes::new(vec![byte; 32])).map_err(|_| Error::stopped())
}

fn raw(key: &SigningKey) -> Vec<u8> {
    key.public()
        .ed25519_bytes()
        .map_or_else(Vec::new, |bytes| bytes.to_vec())
}

fn pinned(key: &SigningKey, owner: &str) -> String {
    format!(
        "# The demo's key. In a real review it comes from outside the bundle.\n[[key]]\nalgorithm = \"ed25519\"\n\
         public_key = \"{}\"\nowner = \"{owner}\"\n\
         confirmed = \"fingerprint read aloud by telephone, 18 Nov 2026, two people\"\n",
        base64(&raw(key))
    )
}

type Spelled = BTreeMap<String, Value>;

/// Receipts in the manner of an evidence package: sorted compact JSON, SHA-256 chain, Ed25519 over the same bytes.
fn receipts(trail: &[Decision], key: &SigningKey) -> Vec<Spelled> {
    let mut prev = String::new();
    let mut numbers = Numbers::from(0xa11d);
    trail
        .iter()
        .map(|decision| {
            let mut receipt: Spelled = decision.body.clone().into_iter().collect();
            receipt.insert("receipt_id".into(), json!(numbers.hex(16)));
            receipt.insert("receipt_version".into(), json!("1.0"));
            receipt.insert("prev_receipt_hash".into(), json!(prev));
            let bytes = spelled(&receipt);
            prev = hex(&sha256(&bytes));
            receipt.insert("receipt_hash".into(), json!(prev));
            receipt.insert("signature".into(), json!(hex(&key.sign(&bytes))));
            receipt
        })
        .collect()
}

/// Two records that somebody changed afterwards: a refusal made an approval, and a reviewer written in.
fn edited(receipts: &[Spelled]) -> Vec<Spelled> {
    let mut edited = receipts.to_vec();
    if let Some(receipt) = edited.get_mut(416) {
        let turned = if receipt.get("outcome") == Some(&json!("declined")) {
            "approved"
        } else {
            "declined"
        };
        receipt.insert("outcome".into(), json!(turned));
    }
    if let Some(receipt) = edited.get_mut(87) {
        receipt.insert(
            "review".into(),
            json!({"at": "2026-07-09T09:40:31.002Z", "by": "P-OP-12"}),
        );
    }
    edited
}

fn evidence_package(receipts: &[Spelled], key: &SigningKey) -> Answer<Vec<u8>> {
    evidence_package_around(receipts, key, receipts)
}

/// A package whose signed manifest was made over `signed_over`; the same receipts in an honest package.
fn evidence_package_around(
    receipts: &[Spelled],
    key: &SigningKey,
    signed_over: &[Spelled],
) -> Answer<Vec<u8>> {
    let chain = json!({
        "exported_at": "2026-10-01T06:00:00+00:00",
        "key_fingerprint": key.public().fingerprint().chars().take(16).collect::<String>(),
        "tenant_id": "example-bank",
        "total_receipts": signed_over.len(),
    });
    let chain = serde_json::to_vec_pretty(&chain).unwrap_or_default();
    let public = hex(&raw(key)).into_bytes();
    let mut checksums = Spelled::new();
    for (name, bytes) in [
        ("chain_metadata.json", &chain),
        ("public_key.hex", &public),
        ("receipts.jsonl", &lines(signed_over)),
    ] {
        checksums.insert(name.into(), json!(hex(&sha256(bytes))));
    }
    let mut manifest = Spelled::new();
    manifest.insert("checksums".into(), json!(checksums));
    manifest.insert("created_at".into(), json!("2026-10-01T06:00:00+00:00"));
    manifest.insert("format".into(), json!("ai-audit-evidence-package"));
    manifest.insert(
        "key_fingerprint".into(),
        json!(key.public().fingerprint().chars().take(16).collect::<String>()),
    );
    manifest.insert("version".into(), json!("1.0"));
    let signature = hex(&key.sign(spaced(&json!(manifest)).as_bytes()));
    manifest.insert("signature".into(), json!(signature));
    zip_of(&[
        ("receipts.jsonl", lines(receipts)),
        ("chain_metadata.json", chain),
        ("public_key.hex", public),
        (
            "manifest.json",
            serde_json::to_vec_pretty(&manifest).unwrap_or_default(),
        ),
    ])
}

/// Entries in the manner of an agent's witness: RFC 8785 JSON, base64 SHA-256 chain, Ed25519 over the raw digest.
fn witness_trail(trail: &[Decision], key: &SigningKey) -> Vec<Value> {
    let mut prev = Value::Null;
    trail
        .iter()
        .enumerate()
        .map(|(seq, decision)| {
            let mut entry = Spelled::new();
            entry.insert("version".into(), json!("witnesskit/v0"));
            entry.insert("seq".into(), json!(seq));
            entry.insert("timestamp".into(), json!(decision.at.format("%Y-%m-%dT%H:%M:%SZ").to_string()));
            entry.insert("actor".into(), json!("credit-assistant"));
            entry.insert("action".into(), json!(format!("decision.{}", decision.outcome)));
            entry.insert("payload".into(), sorted(&Value::Object(decision.body.clone())));
            entry.insert("prev_hash".into(), prev.clone());
            let digest = sha256(&spelled(&entry));
            prev = json!(base64(&digest));
            entry.insert("hash".into(), prev.clone());
            entry.insert(
                "signature".into(),
                json!({"alg": "Ed25519", "public_key": base64(&raw(key)), "value": base64(&key.sign(&digest))}),
            );
            json!(entry)
        })
        .collect()
}

fn witness_document(entries: &[Value]) -> Vec<u8> {
    let document = json!({"version": "witnesskit/v0", "actor": "credit-assistant", "entries": entries});
    serde_json::to_vec_pretty(&document).unwrap_or_default()
}

/// Sorted, compact, raw UTF-8. The demo holds only ASCII names and small integers, for which this is also RFC 8785.
fn spelled(members: &Spelled) -> Vec<u8> {
    sorted(&json!(members)).to_string().into_bytes()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<_, _> = members
                .iter()
                .map(|(name, v)| (name.clone(), sorted(v)))
                .collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Sorted with `", "` and `": "`, as Python writes it by default; the manifest holds ASCII only.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let ordered: BTreeMap<_, _> = members.iter().collect();
            let parts: Vec<_> = ordered
                .iter()
                .map(|(name, v)| format!("{}: {}", json!(name), spaced(v)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        other => other.to_string(),
    }
}

fn lines(receipts: &[Spelled]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for receipt in receipts {
        bytes.extend_from_slice(&spelled(receipt));
        bytes.push(b'\n');
    }
    bytes
}

fn zip_of(members: &[(&str, Vec<u8>)]) -> Answer<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(Code::Internal, format!("A demo ZIP cannot be made ({error})."))
    };
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, bytes) in members {
        zip.start_file(*name, options).map_err(|e| failed(&e))?;
        zip.write_all(bytes).map_err(|e| failed(&e))?;
    }
    Ok(zip.finish().map_err(|e| failed(&e))?.into_inner())
}

fn named(folder: &Path, name: &str, bytes: &[u8], from: (&'static str, &'static str)) -> Answer<DemoBundle> {
    let (medium, source) = from;
    let path = folder.join(name);
    write(&path, bytes)?;
    Ok(DemoBundle {
        path,
        sender_sha256: hex(&sha256(bytes)),
        medium,
        source,
    })
}

fn write(path: &Path, bytes: &[u8]) -> Answer<()> {
    fs::write(path, bytes).map_err(|e| unwritable(path, &e))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    let code = if error.kind() == std::io::ErrorKind::StorageFull {
        Code::DiskFull
    } else {
        Code::Unreadable
    };
    Error::new(code, format!("{} cannot be written ({error}).", path.display()))
}
