//! Genuine logs of published emitters, where they are at hand: each proves what its format can prove, and no more.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods
)]

use crate::kit;

use crate::kit::{Bundle, fixtures, key_file};
use tickmark_verify::verification::{Basis, ClaimOutcome};

struct Case {
    name: &'static str,
    path: &'static str,
    key: Option<(&'static str, &'static str)>,
    profile: &'static str,
    records: u64,
    anchored: bool,
    authentic: bool,
    complete: bool,
    uncovered: &'static [&'static str],
}

const fn case(name: &'static str, path: &'static str, profile: &'static str, records: u64) -> Case {
    Case {
        name,
        path,
        key: None,
        profile,
        records,
        anchored: false,
        authentic: false,
        complete: false,
        uncovered: &[],
    }
}

fn cases() -> Vec<Case> {
    let signed = |name, path, key, profile, records| Case {
        key: Some(key),
        anchored: true,
        authentic: true,
        ..case(name, path, profile, records)
    };
    vec![
        Case {
            uncovered: &["/signature/alg", "/signature/public_key"],
            ..signed(
                "witnesskit",
                "emitters/witnesskit/chain.json",
                ("ed25519", "emitters/witnesskit/pubkey.b64"),
                "witnesskit",
                16,
            )
        },
        signed(
            "agentproofchain",
            "emitters/agentproofchain/log.jsonl",
            ("ed25519", "emitters/agentproofchain/pubkey.b64"),
            "agentproofchain",
            16,
        ),
        Case {
            complete: true,
            uncovered: &[
                "/proof/created",
                "/proof/proofPurpose",
                "/proof/verificationMethod",
            ],
            ..signed(
                "agent-receipts",
                "emitters/agent-receipts/receipts.jsonl",
                ("ed25519", "emitters/agent-receipts/pubkey.pem"),
                "agent-receipts",
                8,
            )
        },
        Case {
            uncovered: &[
                "/compute_driver",
                "/container_runtime",
                "/environment",
                "/matched_rule",
                "/policy_decision",
                "/sandbox_id",
                "/session_id",
                "/target_did",
                "/trace_id",
            ],
            ..case(
                "agt-auditlog lines",
                "emitters/agt-auditlog/entries.jsonl",
                "agt-auditlog",
                16,
            )
        },
        case(
            "agt-auditlog export",
            "emitters/agt-auditlog/export.json",
            "agt-auditlog",
            16,
        ),
        Case {
            uncovered: &["/container_runtime", "/environment", "/sandbox_id"],
            ..signed(
                "agt-fileauditsink",
                "emitters/agt-filesink-hmac/audit.jsonl",
                ("hmac-sha256", "emitters/agt-filesink-hmac/hmac_secret.txt"),
                "agt-fileauditsink",
                16,
            )
        },
        Case {
            uncovered: &["/error", "/signer_public_key"],
            ..case(
                "agt-mcp-receipts",
                "emitters/ms-mcp-receipt-governed/receipts.jsonl",
                "agt-mcp-receipts",
                16,
            )
        },
        Case {
            anchored: false,
            ..signed(
                "signet",
                "emitters/signet/audit_dir/audit/2026-11-23.jsonl",
                ("ed25519", "emitters/signet/pubkey.txt"),
                "signet",
                16,
            )
        },
        signed(
            "cap-srp",
            "emitters/cap-srp/export.json",
            ("ed25519", "emitters/cap-srp/pubkey.b64"),
            "cap-srp",
            10,
        ),
        signed(
            "aat",
            "emitters/aat-mcp/records.jsonl",
            ("es256", "emitters/aat-mcp/pubkey.pem"),
            "aat",
            18,
        ),
        Case {
            complete: true,
            ..signed(
                "ai-audit-trail zip",
                "emitters/ai-audit-trail/evidence_nonascii.zip",
                ("ed25519", "emitters/ai-audit-trail/unz/public_key.hex"),
                "ai-audit-trail",
                8,
            )
        },
        signed(
            "ai-audit-trail lines",
            "emitters/ai-audit-trail/unz/receipts.jsonl",
            ("ed25519", "emitters/ai-audit-trail/unz/public_key.hex"),
            "ai-audit-trail",
            8,
        ),
        Case {
            uncovered: &["/error", "/inputs_json", "/outputs_json"],
            ..case("aivs lines", "aivs/audit-log.jsonl", "aivs", 5)
        },
        signed(
            "scopeblind",
            "emitters/scopeblind-pydantic-ai/receipts.jsonl",
            ("ed25519", "emitters/scopeblind-pydantic-ai/pubkey.hex"),
            "scopeblind",
            8,
        ),
        case(
            "autonomous-audit",
            "emitters/autonomous-audit/audit.jsonl",
            "autonomous-audit",
            16,
        ),
        Case {
            uncovered: &["/actor", "/agent_id"],
            ..case(
                "merkle-audit",
                "emitters/merkle-audit/entries.jsonl",
                "merkle-audit",
                16,
            )
        },
        Case {
            uncovered: &["/alg"],
            ..case(
                "actionproof",
                "emitters/actionproof/receipts.jsonl",
                "actionproof",
                8,
            )
        },
        signed(
            "vcp lines",
            "vcp-rta/vcp_rta_events.jsonl",
            ("ed25519", "vcp-rta/pubkey.hex"),
            "vcp",
            40,
        ),
    ]
}

#[test]
fn genuine_logs_prove_what_their_format_can() {
    let Some(root) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let mut wrong = Vec::new();
    for case in cases() {
        let trust = case.key.map(|(alg, path)| key_file(alg, &root.join(path)));
        let verification = Bundle::from_file(&root.join(case.path)).verify_with(trust.as_deref());
        let v = match verification {
            Ok(v) => v,
            Err(error) => {
                wrong.push(format!("{}: {error}", case.name));
                continue;
            }
        };
        let mut hold = |what: &str, truth: bool| {
            if !truth {
                wrong.push(format!("{}: {what}\n{}", case.name, kit::told(&v)));
            }
        };
        hold(
            "profile",
            v.profile.as_ref().is_some_and(|p| p.id == case.profile),
        );
        hold("records", v.counts.records == case.records);
        hold("no fault", v.counts.faults == 0);
        hold("integrity", v.claims.integrity.outcome == ClaimOutcome::Proven);
        let anchored = v.claims.integrity.basis == Some(Basis::Anchored);
        hold("anchored", anchored == case.anchored);
        hold(
            "authenticity",
            (v.claims.authenticity.outcome == ClaimOutcome::Proven) == case.authentic,
        );
        hold(
            "completeness",
            (v.claims.completeness.outcome == ClaimOutcome::Proven) == case.complete,
        );
        hold("time", v.claims.time.outcome == ClaimOutcome::NotProven);
        if !case.uncovered.is_empty() {
            hold(
                &format!("uncovered {:?}", v.uncovered_fields),
                v.uncovered_fields == case.uncovered,
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_published_tampered_chain_is_refuted_at_record_21() {
    let Some(root) = fixtures() else {
        println!("skipped: fixtures not present");
        return;
    };
    let key = key_file("ed25519", &root.join("vcp-rta/pubkey.hex"));
    let v = Bundle::from_file(&root.join("vcp-rta/tampered_chain.jsonl"))
        .verify_with(Some(&key))
        .unwrap();
    assert_eq!(v.verdict, ClaimOutcome::Refuted, "{}", kit::told(&v));
    assert_eq!(
        v.faults.iter().find_map(|f| f.record),
        Some(21),
        "{}",
        kit::told(&v)
    );
}
