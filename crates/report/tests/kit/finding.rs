//! Six findings, and what the records show about five controls.

use tickmark_report::model::{
    Control, ControlResult, EvidenceKind, EvidenceRef, Finding, FindingStatus, FindingVersion, Severity,
};

use super::{HOSTILE, hex};

pub fn findings() -> Vec<Finding> {
    let finding =
        |number: u64, title: &str, severity: Severity, status: FindingStatus, condition: &str| Finding {
            id: format!("F-{number:02}"),
            version: 1,
            title: title.into(),
            criterion:
                "Example Bank, review policy, 3.2: a person reviews every case before a decline is sent."
                    .into(),
            condition: condition.into(),
            cause: "Not known. The gateway’s configuration of that day was not among the records.".into(),
            effect: "A decline can reach an applicant without a person having looked at it.".into(),
            recommendation: "Let the gateway hold a decline until the review event is recorded.".into(),
            response: None,
            severity,
            status,
            evidence: vec![EvidenceRef {
                kind: EvidenceKind::Record,
                bundle: Some("B1".into()),
                position: Some(61_874),
                record_id: Some(hex("A1 22")),
                check: None,
                sample: None,
                ordinal: None,
            }],
            author: "R. Preparer".into(),
            written_at: "2026-11-27T10:00:00+01:00".into(),
            history: Vec::new(),
        };
    let mut findings = vec![
        finding(
            1,
            "Two records differ from what was recorded",
            Severity::High,
            FindingStatus::Answered,
            "The content of records 61,874 and 120,031 of bundle B1 does not match the hash that was recorded with them. Every other record does.",
        ),
        finding(
            2,
            "Silent for 31 hours",
            Severity::Medium,
            FindingStatus::Open,
            "Between 15 August, 04:12 and 16 August, 11:20 UTC no record was written, while the cloud trail shows requests to the service.",
        ),
        finding(
            3,
            "Review missing or late",
            Severity::Medium,
            FindingStatus::Open,
            "In 2 of 93 drawn declines the review was missing or came after the decision.",
        ),
        finding(
            4,
            "A letter went out twice",
            Severity::Medium,
            FindingStatus::Closed,
            "Line one of the condition.\nLine two of the condition, which a person wrote on a line of its own.",
        ),
        finding(
            5,
            "Model version not stated",
            Severity::Low,
            FindingStatus::Open,
            "212 of 41,907 decisions state no model version.",
        ),
        finding(
            6,
            "One name is used by two operators",
            Severity::Low,
            FindingStatus::Draft,
            &HOSTILE.join(" | "),
        ),
    ];
    findings[0].version = 2;
    findings[0].response = Some("We restored the two records from a backup on 3 August and did not know that their hashes would change. The originals are looked for.".into());
    findings[0].history = vec![FindingVersion {
        version: 1,
        title: "Two records do not verify".into(),
        severity: Severity::Medium,
        status: FindingStatus::Open,
        author: "R. Preparer".into(),
        written_at: "2026-11-24T10:00:00+01:00".into(),
    }];
    findings[0].evidence.push(EvidenceRef {
        kind: EvidenceKind::Check,
        bundle: Some("B1".into()),
        position: None,
        record_id: None,
        check: Some("record_hash".into()),
        sample: None,
        ordinal: None,
    });
    findings[2].evidence = [22u64, 38]
        .map(|ordinal| EvidenceRef {
            kind: EvidenceKind::Unit,
            bundle: Some("B1".into()),
            position: Some(if ordinal == 22 { 61_874 } else { 88_288 }),
            record_id: Some(hex(&format!("A1 {ordinal}"))),
            check: None,
            sample: Some("A1".into()),
            ordinal: Some(ordinal),
        })
        .to_vec();
    findings
}

pub fn controls() -> Vec<Control> {
    let control = |id: &str,
                   framework: &str,
                   clause: &str,
                   duty: &str,
                   result: ControlResult,
                   detail: &str,
                   cannot: &str| Control {
        id: id.into(),
        framework: framework.into(),
        clause: clause.into(),
        duty: duty.into(),
        result,
        detail: detail.into(),
        shows: "continuity of records within the period".into(),
        cannot: cannot.into(),
        findings: if result == ControlResult::Exception {
            vec!["F-02".into(), "F-03".into()]
        } else {
            Vec::new()
        },
    };
    vec![
        control(
            "eu-ai-act-12-1",
            "EU AI Act",
            "12(1)",
            "events are recorded automatically over the lifetime",
            ControlResult::Exception,
            "Records on 91 of 92 days; silent for 31 h in August.",
            "the capability over the whole lifetime",
        ),
        control(
            "eu-ai-act-19-1",
            "EU AI Act",
            "19(1)",
            "logs are kept for at least six months",
            ControlResult::NotEvaluable,
            "The oldest record is five months old.",
            "records that were not exported",
        ),
        control(
            "eu-ai-act-26-5",
            "EU AI Act",
            "26(5)",
            "the deployer monitors the operation",
            ControlResult::Observed,
            "61,480 records of the account show daily reviews.",
            "how well it was monitored",
        ),
        control(
            "iso-42001-a-6-2-8",
            "ISO/IEC 42001",
            "A.6.2.8",
            "event logs are kept at least in use",
            ControlResult::Observed,
            "Records exist for every decision of the period.",
            "the decision which phases are logged",
        ),
        control(
            "policy-3.2",
            "Example Bank, review policy",
            "3.2",
            "a person reviews before a decline",
            ControlResult::Exception,
            "In 2 of 93 drawn declines the review was missing or late.",
            "what the person thought",
        ),
    ]
}
