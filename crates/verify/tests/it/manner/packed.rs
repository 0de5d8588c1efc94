//! Bundles that state something beside their records: a root, a count, a manifest, a digest over all hashes.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use tickmark_crypto::digest::{Algorithm, Digest, sha256};
use tickmark_crypto::encoding::{base64, hex, unhex};

use super::{
    Manner, NOTHING, Proves, SIGNED, jsonl, key, lines, only, pinned, raw_key, sca, scu, sign_b64, sign_hex,
    ssa, text, without,
};
use crate::kit::Bundle;

pub fn manners() -> Vec<Manner> {
    let plain = |profile, records, pack, remake, covered, hash| Manner {
        profile,
        records,
        pack,
        remake,
        trust: pinned(),
        proves: SIGNED,
        covered,
        hash: Some(hash),
        signature: Some("/signature"),
        is_ordered: true,
        carries_key: false,
        states_extent: true,
    };
    let complete = Proves {
        complete: true,
        ..SIGNED
    };
    vec![
        Manner {
            proves: complete,
            carries_key: true,
            ..plain(
                "ai-audit-trail",
                ai_audit,
                pack_ai_audit,
                remake_ai_audit,
                "/model_id",
                "/receipt_hash",
            )
        },
        Manner {
            states_extent: false,
            ..plain(
                "ai-audit-trail",
                ai_audit,
                jsonl,
                remake_ai_audit,
                "/model_id",
                "/receipt_hash",
            )
        },
        Manner {
            trust: String::new(),
            proves: NOTHING,
            signature: None,
            ..plain(
                "agt-auditlog",
                auditlog,
                pack_auditlog,
                remake_auditlog,
                "/data/note",
                "/entry_hash",
            )
        },
        Manner {
            carries_key: true,
            ..plain(
                "cap-srp",
                cap_srp,
                pack_cap_srp,
                remake_cap_srp,
                "/model_id",
                "/current_hash",
            )
        },
        Manner {
            proves: complete,
            signature: None,
            carries_key: true,
            ..plain("aivs", aivs, pack_aivs, remake_aivs, "/tool_name", "/row_hash")
        },
        Manner {
            proves: complete,
            signature: Some("/Security/Signature"),
            carries_key: true,
            ..plain(
                "vcp",
                vcp,
                pack_vcp,
                remake_vcp,
                "/Payload/note",
                "/Security/EventHash",
            )
        },
    ]
}

fn ai_audit(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"receipt_id": format!("r{seq}"), "receipt_version": "1.0", "timestamp": "2026-11-23T15:00:25Z",
               "trace_id": format!("t{seq}"), "session_id": "s", "tenant_id": "bank", "input_c14n": "", "state_digest": "",
               "output_hash": "", "checks": [], "action": "allow", "reason_codes": [], "nist_tags": [],
               "model_id": text(&format!("modèle {seq}")), "config_digest": ""})
    });
    let mut records = remake_ai_audit(bare.collect());
    for record in &mut records {
        let body = scu(&without(record, &["receipt_hash", "signature"]));
        record["signature"] = json!(sign_hex(&body));
    }
    records
}

fn remake_ai_audit(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = json!("");
    for record in &mut records {
        record["prev_receipt_hash"] = prev;
        let body = scu(&without(record, &["receipt_hash", "signature"]));
        record["receipt_hash"] = json!(hex(&sha256(&body)));
        prev = record["receipt_hash"].clone();
    }
    records
}

fn pack_ai_audit(stated: &[Value], held: &[Value]) -> Bundle {
    let others = [
        (
            "chain_metadata.json",
            json!({"total_receipts": stated.len()}).to_string().into_bytes(),
        ),
        ("public_key.hex", hex(&raw_key()).into_bytes()),
        ("verify.py", b"print('VERIFIED')".to_vec()),
    ];
    let mut sums = json!({"receipts.jsonl": hex(&sha256(&lines(stated)))});
    for (name, bytes) in &others {
        sums[*name] = json!(hex(&sha256(bytes)));
    }
    let mut manifest = json!({"checksums": sums, "format": "ai-audit-evidence-package", "version": "1.0"});
    let signature = sign_hex(&ssa(&manifest));
    manifest["signature"] = json!(signature);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let members = [
        ("receipts.jsonl", lines(held)),
        ("manifest.json", manifest.to_string().into_bytes()),
    ];
    for (name, bytes) in members.into_iter().chain(others) {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    Bundle::file("evidence.zip", zip.finish().unwrap().into_inner())
}

fn auditlog(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"entry_id": format!("audit_{seq}"), "timestamp": "2026-11-23T15:02:17.869561Z", "event_type": "tool_invocation",
               "agent_did": "did:mesh:abc", "action": "tool", "resource": null, "data": {"note": text(&format!("entry {seq}"))},
               "outcome": "success", "trace_id": null})
    });
    remake_auditlog(bare.collect())
}

fn remake_auditlog(mut records: Vec<Value>) -> Vec<Value> {
    let covered = [
        "entry_id",
        "timestamp",
        "event_type",
        "agent_did",
        "action",
        "resource",
        "data",
        "outcome",
        "previous_hash",
    ];
    let mut prev = json!("");
    for record in &mut records {
        record["previous_hash"] = prev;
        let mut hashed = only(record, &covered);
        hashed["timestamp"] = json!("2026-11-23T15:02:17.869561+00:00");
        record["entry_hash"] = json!(hex(&sha256(&ssa(&hashed))));
        prev = record["entry_hash"].clone();
    }
    records
}

fn pack_auditlog(stated: &[Value], held: &[Value]) -> Bundle {
    // level by level: a missing node is all zeros
    let mut level: Vec<String> = stated
        .iter()
        .map(|record| record["entry_hash"].as_str().unwrap().to_owned())
        .collect();
    while level.len() > 1 {
        let pairs = level.chunks(2);
        let zeros = "0".repeat(64);
        level = pairs
            .map(|pair| {
                hex(&sha256(
                    format!("{}{}", pair[0], pair.get(1).unwrap_or(&zeros)).as_bytes(),
                ))
            })
            .collect();
    }
    let root = level.pop();
    let export = json!({"exported_at": "2026-11-23", "merkle_root": root, "entry_count": stated.len(), "entries": held});
    Bundle::file("export.json", export.to_string())
}

fn cap_srp(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"event_id": format!("e{seq}"), "event_type": "GEN_ATTEMPT", "timestamp": "2026-11-23T15:05:46+00:00",
               "session_id": "s é", "model_id": text(&format!("model {seq}"))})
    });
    let mut records = remake_cap_srp(bare.collect());
    for record in &mut records {
        let hash = record["current_hash"].as_str().unwrap();
        record["signature"] = json!(format!("ed25519:{}", sign_b64(hash.as_bytes())));
    }
    records
}

fn remake_cap_srp(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = json!("");
    for record in &mut records {
        record["previous_hash"] = prev;
        let hash = sha256(&sca(&without(record, &["current_hash", "signature"])));
        record["current_hash"] = json!(format!("sha256:{}", hex(&hash)));
        prev = record["current_hash"].clone();
    }
    records
}

fn digests(records: &[Value], field: &str) -> Vec<Digest> {
    let texts = records
        .iter()
        .map(|record| record.pointer(field).unwrap().as_str().unwrap());
    texts
        .map(|text| unhex(text.trim_start_matches("sha256:")).unwrap())
        .map(|bytes| Digest::from_slice(&bytes).unwrap())
        .collect()
}

/// RFC 6962 by its definition, or with an odd node paired with itself.
fn root(leaves: &[Digest], pairs_odd: bool) -> Digest {
    let hash = |prefix: u8, parts: &[&[u8]]| Algorithm::Sha256.of(&[&[prefix][..], &parts.concat()].concat());
    let mut level: Vec<Digest> = leaves.iter().map(|leaf| hash(0, &[leaf.as_bytes()])).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(1, &[left.as_bytes(), right.as_bytes()]),
                [odd, ..] if pairs_odd => hash(1, &[odd.as_bytes(), odd.as_bytes()]),
                [odd, ..] => *odd,
                [] => unreachable!("chunks are not empty"),
            })
            .collect();
    }
    level.pop().unwrap()
}

fn pack_cap_srp(stated: &[Value], held: &[Value]) -> Bundle {
    let root = root(&digests(stated, "/current_hash"), false);
    let export = json!({"version": "1.0.0", "public_key": base64(&raw_key()), "merkle_root": root.hex(),
                        "event_count": stated.len(), "events": held});
    Bundle::file("export.json", export.to_string())
}

fn aivs(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|id| {
        json!({"id": id, "session_id": "s1", "action_type": "tool_call", "tool_name": text(&format!("browser {id}")),
               "inputs_json": "{}", "outputs_json": "{}", "cost_cents": 1, "error": "", "timestamp": 1_742_000_400.123_456})
    });
    remake_aivs(bare.collect())
}

fn remake_aivs(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = json!("");
    for record in &mut records {
        record["prev_hash"] = prev;
        let spelled = |name: &str| match &record[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let joined = [
            "id",
            "session_id",
            "action_type",
            "tool_name",
            "cost_cents",
            "timestamp",
            "prev_hash",
        ]
        .map(spelled)
        .join(":");
        record["row_hash"] = json!(hex(&sha256(joined.as_bytes())));
        prev = record["row_hash"].clone();
    }
    records
}

fn pack_aivs(stated: &[Value], held: &[Value]) -> Bundle {
    let all: String = stated
        .iter()
        .map(|record| record["row_hash"].as_str().unwrap())
        .collect();
    let digest = hex(&sha256(all.as_bytes()));
    let manifest = json!({"session_id": "s1", "action_count": stated.len(), "chain_hash": digest});
    let members = [
        ("audit_log.jsonl", lines(held)),
        ("manifest.json", manifest.to_string().into_bytes()),
        (
            "session_sig.txt",
            format!("chain_hash:{digest}\nsignature:{}\n", sign_b64(digest.as_bytes())).into_bytes(),
        ),
        ("public_key.pem", hex(&raw_key()).into_bytes()),
        ("verify.py", b"print('VERIFIED')".to_vec()),
    ];
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(packed);
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let name = format!("session_proof/{name}");
        tar.append_data(&mut header, name, bytes.as_slice()).unwrap();
    }
    Bundle::file("session.tar.gz", tar.into_inner().unwrap().finish().unwrap())
}

fn vcp(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|seq| {
        json!({"Header": {"EventID": format!("e{seq}"), "EventType": "SIG", "Sequence": seq},
               "Payload": {"note": text(&format!("entry {seq}"))}, "Security": {"Version": "1.1"}})
    });
    let mut records = remake_vcp(bare.collect());
    for record in &mut records {
        let hash = unhex(record["Security"]["EventHash"].as_str().unwrap()).unwrap();
        record["Security"]["Signature"] = json!(hex(&key().sign(&hash)));
    }
    records
}

fn remake_vcp(mut records: Vec<Value>) -> Vec<Value> {
    for (index, record) in records.iter_mut().enumerate() {
        record["Header"]["Sequence"] = json!(index + 1);
        let hashed = [ssa(&record["Header"]), ssa(&record["Payload"])].concat();
        record["Security"]["EventHash"] = json!(hex(&sha256(&hashed)));
    }
    records
}

fn pack_vcp(stated: &[Value], held: &[Value]) -> Bundle {
    let root = root(&digests(stated, "/Security/EventHash"), true);
    let signature = hex(&key().sign(root.as_bytes()));
    let security =
        json!({"EventCount": stated.len(), "MerkleTree": {"Root": root.hex()}, "Signature": signature});
    let public = json!({"Algorithm": "ED25519", "PublicKey": hex(&raw_key())});
    Bundle::folder(&[
        ("vcp_events.jsonl", lines(held)),
        ("security_object.json", security.to_string().into_bytes()),
        ("public_key.json", public.to_string().into_bytes()),
    ])
}
