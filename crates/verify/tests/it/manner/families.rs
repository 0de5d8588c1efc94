//! Receipt families with signatures of several parties, several algorithms or several parts.

use serde_json::{Value, json};
use tickmark_crypto::digest::sha256;
use tickmark_crypto::encoding::{base58, base64url, hex};

use super::{Manner, SIGNED, jsonl, key, pinned, scu, sign_b64, sign_hex, sign_url, without};

pub fn manners() -> Vec<Manner> {
    let plain = |profile, records, remake, covered, signature| Manner {
        profile,
        records,
        pack: jsonl,
        remake,
        trust: pinned(),
        proves: SIGNED,
        covered,
        hash: None,
        signature: Some(signature),
        is_ordered: true,
        carries_key: false,
        states_extent: false,
    };
    let single = |profile, records, covered, signature| Manner {
        is_ordered: false,
        ..plain(profile, records, |records| records, covered, signature)
    };
    vec![
        plain(
            "acta",
            acta,
            |records| link_acta(records, false),
            "/payload/agent_id",
            "/signature/sig",
        ),
        plain(
            "aerf",
            aerf,
            |records| link_aerf(records, false),
            "/agent",
            "/signature",
        ),
        plain(
            "pipelock",
            pipelock,
            |records| link_pipelock(records, false),
            "/payload/target",
            "/signature/signature",
        ),
        plain(
            "asqav",
            asqav,
            |records| link_asqav(records, false),
            "/payload/tool_name",
            "/signature/sig",
        ),
        single("asqav-hash", asqav_hash, "/hash", "/signature_b64"),
        single("w3c-vc", w3c_vc, "/credentialSubject/task", "/proof/proofValue"),
        single("jws", jws, "/payload", "/signature"),
    ]
}

fn acta(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"payload": {"type": "protectmcp:decision", "issued_at": "2026-05-04T12:00:00Z", "issuer_id": "sb:1",
                           "agent_id": format!("agt {seq} é"), "decision": "allow"},
               "signature": {"alg": "EdDSA", "kid": "sb:1"}})
    });
    link_acta(bare.collect(), true)
}

fn link_acta(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev: Option<String> = None;
    for (index, record) in records.iter_mut().enumerate() {
        let payload = record["payload"].as_object_mut().unwrap();
        match &prev {
            // one trail may change from one draft to the next
            Some(prev) if index % 2 == 0 => payload.insert("previousReceiptHash".into(), json!(prev)),
            Some(prev) => payload.insert("previousReceiptHash".into(), json!(format!("sha256:{prev}"))),
            None => payload.remove("previousReceiptHash"),
        };
        if with_key {
            record["signature"]["sig"] = json!(sign_hex(&scu(&record["payload"])));
        }
        prev = Some(hex(&sha256(&scu(record))));
    }
    records
}

fn aerf(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"id": format!("id{seq}"), "type": "notarised_evidence", "plan_id": "p", "agent": format!("agent {seq}"),
               "action": "submit:claim", "in_policy": true, "evidence_hash_sha512": "00", "evidence": {"amount": seq},
               "observed_at": "2026-06-01T10:00:00+00:00", "key_id": "k1"})
    });
    link_aerf(bare.collect(), true)
}

fn link_aerf(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev: Option<String> = None;
    for record in &mut records {
        match &prev {
            Some(prev) => record["previous_receipt_hash"] = json!(prev),
            None => {
                record.as_object_mut().unwrap().remove("previous_receipt_hash");
            }
        }
        let message = scu(&without(record, &["signature"]));
        if with_key {
            record["signature"] = json!(sign_hex(&message));
        }
        prev = Some(hex(&sha256(&message)));
    }
    records
}

fn pipelock(n: u64) -> Vec<Value> {
    let bare = (1..=n).map(|seq| {
        json!({"record_type": "evidence_receipt_v2", "receipt_version": 2, "payload_kind": "proxy_decision",
               "event_id": format!("e{seq}"), "timestamp": "2026-04-25T22:00:00Z", "chain_seq": seq,
               "signature": {"signer_key_id": "k", "key_purpose": "receipt-signing", "algorithm": "ed25519", "signature": ""},
               "payload": {"target": format!("{seq}.example"), "verdict": "allow"}})
    });
    link_pipelock(bare.collect(), true)
}

fn link_pipelock(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev = "genesis".to_owned();
    for (index, record) in records.iter_mut().enumerate() {
        record["chain_seq"] = json!(index + 1);
        record["chain_prev_hash"] = json!(prev);
        if with_key {
            let mut blank = record.clone();
            for text in blank["signature"].as_object_mut().unwrap().values_mut() {
                *text = json!("");
            }
            record["signature"]["signature"] = json!(format!("ed25519:{}", sign_hex(&scu(&blank))));
        }
        prev = format!("sha256:{}", hex(&sha256(&scu(record))));
    }
    records
}

fn asqav(n: u64) -> Vec<Value> {
    let bare = (0..n).map(|seq| {
        json!({"payload": {"type": "protectmcp:decision", "v": 1, "issued_at": "2026-05-04T12:00:00+00:00", "issuer_id": "A",
                           "agent_id": "agt", "payload_digest": {"hash": "00", "size": 1}, "policy_digest": "sha256:00",
                           "mode": "payload", "decision": "allow", "tool_name": format!("tool {seq} ü"), "seq": seq},
               "signature": {"alg": "Ed25519", "kid": "A"}, "anchors": []})
    });
    link_asqav(bare.collect(), true)
}

fn link_asqav(mut records: Vec<Value>, with_key: bool) -> Vec<Value> {
    let mut prev = "0".repeat(64);
    for (index, record) in records.iter_mut().enumerate() {
        record["payload"]["seq"] = json!(index);
        record["payload"]["previousReceiptHash"] = json!(prev);
        let payload = scu(&record["payload"]);
        if with_key {
            record["signature"]["sig"] = json!(sign_b64(&payload));
        }
        prev = hex(&sha256(&payload));
    }
    records
}

fn asqav_hash(n: u64) -> Vec<Value> {
    let receipt = |seq: u64| {
        let mut receipt = json!({"mode": "hash", "v": 1, "hash": format!("sha256:{seq}"), "hash_algo": "sha256", "metadata": {},
            "server_timestamp": "2026-06-04T20:31:38.361764", "action_id": format!("act_{seq}"), "agent_id": "agt", "org_id": "o",
            "policy_digest": "00", "policy_decision": "permit"});
        let signature = sign_url(&scu(&receipt));
        receipt["signature_b64"] = json!(signature);
        receipt["payload"] = Value::Null;
        receipt["key_id"] = json!("k");
        receipt
    };
    (0..n).map(receipt).collect()
}

fn w3c_vc(n: u64) -> Vec<Value> {
    let document = |seq: u64| {
        let mut document = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "id": format!("urn:x:{seq}"),
            "type": ["VerifiableCredential"], "issuer": "did:web:issuer.example",
            "credentialSubject": {"task": format!("task {seq} é")}});
        let mut proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": "2026-08-01T09:30:05Z",
            "verificationMethod": "did:web:issuer.example#key-1", "proofPurpose": "assertionMethod"});
        let message = [sha256(&scu(&proof)), sha256(&scu(&document))].concat();
        proof["proofValue"] = json!(format!("z{}", base58(&key().sign(&message))));
        document["proof"] = proof;
        document
    };
    (0..n).map(document).collect()
}

fn jws(n: u64) -> Vec<Value> {
    let token = |seq: u64| {
        let header = base64url(br#"{"alg":"EdDSA","kid":"k"}"#);
        let payload = base64url(format!(r#"{{"n": {seq}, "iat": 1795446023}}"#).as_bytes());
        let signature = sign_url(format!("{header}.{payload}").as_bytes());
        json!({"protected": header, "payload": payload, "signature": signature})
    };
    (0..n).map(token).collect()
}
