//! Records that carry their own hash and name the one before, one a line.

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base64, hex};
use tickmark_crypto::signing::hmac_sha256;

use super::{
    Manner, NOTHING, Proves, SIGNED, jsonl, key, note, only, pinned, raw_key, scu, secret, sign_b64,
    sign_hex, ssa, text, without,
};

pub fn manners() -> Vec<Manner> {
    let plain = |profile, records, remake, covered, hash| Manner {
        profile,
        records,
        pack: jsonl,
        remake,
        trust: pinned(),
        proves: SIGNED,
        covered,
        hash: Some(hash),
        signature: Some("/signature"),
        is_ordered: true,
        carries_key: false,
        states_extent: false,
    };
    vec![
        Manner {
            signature: Some("/signature/value"),
            carries_key: true,
            ..plain(
                "witnesskit",
                witnesskit,
                remake_witnesskit,
                "/payload/note",
                "/hash",
            )
        },
        Manner {
            signature: Some("/signature"),
            ..plain(
                "agentproofchain",
                agentproofchain,
                remake_agentproofchain,
                "/data/note",
                "/entry_hash",
            )
        },
        Manner {
            trust: String::new(),
            proves: NOTHING,
            signature: None,
            ..plain(
                "autonomous-audit",
                autonomous,
                remake_autonomous,
                "/decision/note",
                "/hash",
            )
        },
        Manner {
            trust: String::new(),
            proves: NOTHING,
            signature: None,
            ..plain(
                "merkle-audit",
                merkle,
                remake_merkle,
                "/payload/note",
                "/leaf_hash",
            )
        },
        Manner {
            trust: format!(
                "[[key]]\nalgorithm = \"hmac-sha256\"\nowner = \"Example Bank\"\nsecret = \"{}\"\n",
                secret()
            ),
            ..plain(
                "agt-fileauditsink",
                filesink,
                remake_filesink,
                "/data/note",
                "/content_hash",
            )
        },
        Manner {
            carries_key: true,
            ..plain("agt-mcp-receipts", mcp, remake_mcp, "/tool_name", "/payload_hash")
        },
        Manner {
            // the signature leaves the link out
            proves: Proves {
                anchored: false,
                ..SIGNED
            },
            signature: Some("/receipt/sig"),
            carries_key: true,
            ..plain(
                "signet",
                signet,
                remake_signet,
                "/receipt/action/tool",
                "/record_hash",
            )
        },
        plain(
            "tickmark-custody",
            custody,
            remake_custody,
            "/subject/note",
            "/hash",
        ),
    ]
}

fn witnesskit(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"version": "witnesskit/v0", "seq": seq, "timestamp": "2026-11-23T15:00:23Z", "actor": "agent-7",
               "action": "tool_call", "payload": note(seq)})
    });
    let mut records = remake_witnesskit(bare.collect());
    for record in &mut records {
        let hash = sha256(&scu(&without(record, &["hash", "signature"])));
        record["signature"] =
            json!({"alg": "Ed25519", "public_key": base64(&raw_key()), "value": sign_b64(&hash)});
    }
    records
}

fn remake_witnesskit(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = Value::Null;
    for (seq, record) in records.iter_mut().enumerate() {
        record["seq"] = json!(seq);
        record["prev_hash"] = prev;
        record["hash"] = json!(base64(&sha256(&scu(&without(record, &["hash", "signature"])))));
        prev = record["hash"].clone();
    }
    records
}

fn agentproofchain(n: u64) -> Vec<Value> {
    let bare = (0..n)
        .map(|seq| json!({"type": "tool_call", "data": note(seq), "signed_at": "2026-11-23T15:00:23+00:00"}));
    proof_entries(bare.collect(), true)
}

fn remake_agentproofchain(records: Vec<Value>) -> Vec<Value> {
    proof_entries(records, false)
}

fn proof_entries(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev = json!("genesis");
    for record in &mut records {
        record["prev_hash"] = prev;
        let body = ssa(&without(record, &["signature", "entry_hash"]));
        if with_key {
            record["signature"] = json!(sign_b64(&body));
        }
        let hashed = [body, record["signature"].as_str().unwrap().as_bytes().to_vec()].concat();
        record["entry_hash"] = json!(hex(&sha256(&hashed)));
        prev = record["entry_hash"].clone();
    }
    records
}

fn autonomous(n: u64) -> Vec<Value> {
    remake_autonomous(
        (0..n)
            .map(|seq| json!({"ts": "2026-11-23T10:00:00Z", "decision": note(seq)}))
            .collect(),
    )
}

fn remake_autonomous(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = json!("0".repeat(64));
    for record in &mut records {
        record["prev_hash"] = prev;
        record["hash"] = json!(hex(&sha256(&ssa(&without(record, &["hash"])))));
        prev = record["hash"].clone();
    }
    records
}

fn merkle(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"action_type": "tool_executed", "actor": "agent-1", "agent_id": "agent-1", "created_at": 1_795_446_024.25,
               "payload": note(seq), "leaf_index": seq})
    });
    remake_merkle(bare.collect())
}

fn remake_merkle(mut records: Vec<Value>) -> Vec<Value> {
    let mut root = "0".repeat(64);
    for (index, record) in records.iter_mut().enumerate() {
        record["leaf_index"] = json!(index);
        let payload = hex(&sha256(&ssa(&record["payload"])));
        let action = record["action_type"].as_str().unwrap().to_owned();
        let leaf = hex(&sha256(
            format!("{root}:{action}:{payload}:1795446024.25").as_bytes(),
        ));
        root = hex(&sha256(format!("{root}:{leaf}").as_bytes()));
        record["payload_hash"] = json!(payload);
        record["leaf_hash"] = json!(leaf);
        record["mmr_root"] = json!(root);
    }
    records
}

fn filesink(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"entry_id": format!("audit_{seq}"), "timestamp": "2026-11-23T15:02:17.887601+00:00", "event_type": "tool_invocation",
               "agent_did": "did:mesh:abc", "action": "tool", "resource": null, "target_did": null, "data": note(seq),
               "outcome": "success", "policy_decision": null, "matched_rule": null, "trace_id": null, "session_id": null,
               "environment": null})
    });
    let mut records = remake_filesink(bare.collect());
    for record in &mut records {
        let hash = record["content_hash"].as_str().unwrap();
        let tag = hmac_sha256(secret().as_bytes(), hash.as_bytes());
        record["signature"] = json!(hex(&tag));
    }
    records
}

fn remake_filesink(mut records: Vec<Value>) -> Vec<Value> {
    let covered = [
        "entry_id",
        "timestamp",
        "event_type",
        "agent_did",
        "action",
        "resource",
        "target_did",
        "data",
        "outcome",
        "policy_decision",
        "matched_rule",
        "trace_id",
        "session_id",
        "previous_hash",
    ];
    let mut prev = json!("");
    for record in &mut records {
        record["previous_hash"] = prev;
        record["content_hash"] = json!(hex(&sha256(&ssa(&only(record, &covered)))));
        prev = record["content_hash"].clone();
    }
    records
}

const MCP: [&str; 7] = [
    "receipt_id",
    "tool_name",
    "agent_did",
    "cedar_policy_id",
    "cedar_decision",
    "args_hash",
    "timestamp",
];

fn mcp_body(record: &Value) -> Vec<u8> {
    let mut body = only(record, &MCP);
    for name in ["session_id", "parent_receipt_hash"] {
        if !record[name].is_null() {
            body[name] = record[name].clone();
        }
    }
    scu(&body)
}

fn mcp(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"receipt_id": format!("r{seq}"), "tool_name": text(&format!("search é {seq}")), "agent_did": "did:mesh:a",
               "cedar_policy_id": "p1", "cedar_decision": "allow", "args_hash": "00", "timestamp": 1_795_446_137.916_069,
               "session_id": "s1", "signer_public_key": hex(&raw_key()), "error": null})
    });
    let mut records = remake_mcp(bare.collect());
    for record in &mut records {
        record["signature"] = json!(sign_hex(&mcp_body(record)));
    }
    records
}

fn remake_mcp(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = Value::Null;
    for record in &mut records {
        record["parent_receipt_hash"] = prev;
        record["payload_hash"] = json!(hex(&sha256(&mcp_body(record))));
        prev = record["payload_hash"].clone();
    }
    records
}

fn signet(n: u64) -> Vec<Value> {
    let receipts = (0..n).map(|seq| {
        let params = note(seq);
        let params_hash = format!("sha256:{}", hex(&sha256(&scu(&params))));
        let mut receipt = json!({"action": {"tool": format!("search {seq}"), "params": params, "params_hash": params_hash,
                "target": "mcp://t", "transport": "stdio"}, "nonce": format!("rnd_{seq}"),
            "signer": {"name": "bot", "owner": "owner", "pubkey": format!("ed25519:{}", base64(&raw_key()))}, "ts": "2026-11-23T15:02:18.087Z", "v": 1});
        let signature = sign_b64(&scu(&receipt));
        receipt["sig"] = json!(format!("ed25519:{signature}"));
        receipt["id"] = json!(format!("rec_{seq}"));
        json!({"receipt": receipt})
    });
    remake_signet(receipts.collect())
}

fn remake_signet(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = json!(format!("sha256:{}", "0".repeat(64)));
    for record in &mut records {
        record["prev_hash"] = prev;
        let hash = sha256(&scu(&only(record, &["prev_hash", "receipt"])));
        record["record_hash"] = json!(format!("sha256:{}", hex(&hash)));
        prev = record["record_hash"].clone();
    }
    records
}

fn custody(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|seq| {
        json!({"v": "tickmark.custody/1", "vault": "v1", "seq": seq, "time": "2026-11-24T09:00:00.000Z", "actor": "Ada Example",
               "key": key().public().fingerprint(), "action": "finding.written", "subject": note(seq)})
    });
    let mut records = remake_custody(bare.collect());
    for record in &mut records {
        record["signature"] = json!(sign_b64(&scu(&without(record, &["signature"]))));
    }
    records
}

fn remake_custody(mut records: Vec<Value>) -> Vec<Value> {
    let mut prev = Value::Null;
    for (index, record) in records.iter_mut().enumerate() {
        record["seq"] = json!(index + 1);
        record["prev"] = prev;
        record["hash"] = json!(hex(&sha256(&scu(&without(record, &["hash", "signature"])))));
        prev = record["hash"].clone();
    }
    records
}
