//! Signed receipts that carry no hash of their own: the next one names the digest of the one before, or none does.

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base58, base64url, hex};

use super::{
    Manner, Proves, SIGNED, ecdsa, jsonl, p256, pinned, raw_key, scu, sign_hex, sign_url, text, without,
};

pub fn manners() -> Vec<Manner> {
    let plain = |profile, records, remake, covered| Manner {
        profile,
        records,
        pack: jsonl,
        remake,
        trust: pinned(),
        proves: SIGNED,
        covered,
        hash: None,
        signature: Some("/signature"),
        is_ordered: true,
        carries_key: false,
        states_extent: false,
    };
    vec![
        Manner {
            trust: format!(
                "[[key]]\nalgorithm = \"es256\"\nowner = \"Example Bank\"\npublic_key = '''{}'''\n",
                p256().public().pem()
            ),
            ..plain("aat", aat, remake_aat, "/agent_id")
        },
        Manner {
            proves: Proves {
                complete: true,
                ..SIGNED
            },
            signature: Some("/proof/proofValue"),
            ..plain(
                "agent-receipts",
                agent_receipts,
                remake_agent_receipts,
                "/credentialSubject/action/type",
            )
        },
        Manner {
            signature: Some("/signature/sig"),
            ..plain("scopeblind", scopeblind, remake_scopeblind, "/payload/tool_name")
        },
        Manner {
            trust: format!(
                "[[key]]\nalgorithm = \"ed25519\"\nowner = \"Example Bank\"\npublic_key = \"{}\"\n",
                did()
            ),
            signature: Some("/sig"),
            is_ordered: false,
            carries_key: true,
            ..plain(
                "actionproof",
                actionproof,
                |records| records,
                "/receipt/action/summary",
            )
        },
    ]
}

fn aat(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"record_id": format!("r{seq}"), "timestamp": "2026-11-23T15:00:24.459Z", "agent_id": text(&format!("urn:agent:{seq}")),
               "session_id": "s1", "action_type": "tool_call", "record_phase": "concurrent",
               "sig_alg": "ES256", "signer_kid": "k1"})
    });
    aat_records(bare.collect(), true)
}

fn remake_aat(records: Vec<Value>) -> Vec<Value> {
    aat_records(records, false)
}

fn aat_records(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let (mut prev, mut parent) = (Value::Null, Value::Null);
    for record in &mut records {
        record["prev_hash"] = prev;
        record["parent_record_id"] = parent;
        if with_key {
            let message = scu(&without(record, &["signature"]));
            record["signature"] = json!(base64url(&ecdsa::low_s(&p256().sign(&message))));
        }
        prev = json!(hex(&sha256(&scu(record))));
        parent = record["record_id"].clone();
    }
    records
}

fn agent_receipts(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|seq| {
        let mut chain = json!({"sequence": seq, "chain_id": "chain_1"});
        if seq == n {
            chain["terminal"] = json!(true);
        }
        json!({"@context": ["https://www.w3.org/ns/credentials/v2", "https://agentreceipts.ai/context/v1"],
               "id": format!("urn:receipt:{seq}"), "type": ["VerifiableCredential", "AgentReceipt"], "version": "0.4.0",
               "issuer": {"id": "did:agent:a"}, "issuanceDate": "2026-11-23T15:00:25.424Z",
               "credentialSubject": {
                   "principal": {"id": "did:user:u"},
                   "action": {"id": format!("act_{seq}"), "type": text(&format!("file.read {seq}")), "risk_level": "low",
                              "target": null, "timestamp": "2026-11-23T15:00:25.424Z"},
                   "outcome": {"status": "success"}, "chain": chain},
               "proof": {"type": "Ed25519Signature2020", "created": "2026-11-23T15:00:25.426Z",
                         "verificationMethod": "did:agent:a#key-1", "proofPurpose": "assertionMethod"}})
    });
    receipts(bare.collect(), true)
}

fn remake_agent_receipts(records: Vec<Value>) -> Vec<Value> {
    let mut records = receipts(records, false);
    for (index, record) in records.iter_mut().enumerate() {
        record["credentialSubject"]["chain"]["sequence"] = json!(index + 1);
    }
    receipts(records, false)
}

fn receipts(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev: Option<String> = None;
    for record in &mut records {
        let chain = record["credentialSubject"]["chain"].as_object_mut().unwrap();
        match &prev {
            Some(prev) => chain.insert("previous_receipt_hash".into(), json!(prev)),
            None => chain.remove("previous_receipt_hash"),
        };
        let mut signed = without(record, &["proof"]);
        signed["credentialSubject"]["action"]
            .as_object_mut()
            .unwrap()
            .remove("target");
        if prev.is_none() {
            signed["credentialSubject"]["chain"]["previous_receipt_hash"] = Value::Null;
        }
        let message = scu(&signed);
        if with_key {
            record["proof"]["proofValue"] = json!(format!("u{}", sign_url(&message)));
        }
        prev = Some(format!("sha256:{}", hex(&sha256(&message))));
    }
    records
}

fn scopeblind(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|seq| {
        json!({"payload": {"type": "protectmcp:decision", "tool_name": text(&format!("t{seq}")), "decision": "allow",
                           "issuer_id": "scopeblind-pydantic-ai", "sequence": seq},
               "signature": {"alg": "EdDSA", "kid": "sb:1"}})
    });
    scopeblind_receipts(bare.collect(), true)
}

fn remake_scopeblind(records: Vec<Value>) -> Vec<Value> {
    scopeblind_receipts(records, false)
}

fn scopeblind_receipts(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev = Value::Null;
    for (index, record) in records.iter_mut().enumerate() {
        record["payload"]["sequence"] = json!(index + 1);
        record["payload"]["previousReceiptHash"] = prev;
        let payload = scu(&record["payload"]);
        if with_key {
            record["signature"]["sig"] = json!(sign_hex(&payload));
        }
        prev = json!(format!("sha256:{}", hex(&sha256(&payload))));
    }
    records
}

fn did() -> String {
    let multicodec = [&[0xed, 0x01][..], &raw_key()].concat();
    format!("did:key:z{}", base58(&multicodec))
}

fn actionproof(n: u64) -> Vec<Value> {
    let receipt = |seq: u64| {
        let receipt = json!({"v": "ap0", "id": format!("id{seq}"), "action": {"type": "t", "summary": text(&format!("é {seq}"))},
                             "agent": {"id": did()}, "ts": "2026-11-23T15:00:24.493Z", "nonce": format!("n{seq}")});
        json!({"sig": sign_url(&scu(&receipt)), "receipt": receipt, "alg": "Ed25519"})
    };
    (0..n).map(receipt).collect()
}
