//! What stands on the cover, and what was to be examined.

use tickmark_report::model::{CriteriaMap, Criterion, Engagement, Header, Period, Status, Summary, Tool};

use super::hex;

pub fn header() -> Header {
    Header {
        id: "TM-2026-0147".into(),
        version: "1.0".into(),
        status: Status::Final,
        title: "Credit assistant,\nthird quarter 2026".into(),
        subtitle: "On the audit records of Example Bank’s credit assistant\nfor 1 July to 30 September 2026"
            .into(),
        addressee: "Audit committee of Example Bank".into(),
        period: Period {
            from: Some("2026-07-01".into()),
            to: Some("2026-09-30".into()),
        },
        classification: "Example Bank, restricted".into(),
        prepared_by: "R. Preparer, internal audit".into(),
        reviewed_by: Some("S. Second, internal audit".into()),
        tool: Tool {
            name: "tickmark".into(),
            version: "0.1.0".into(),
            digest: Some(hex("program")),
        },
        made_at: "2026-12-04T11:24:09+01:00".into(),
        sealed_at: Some("2026-12-04T11:20:00+01:00".into()),
        lang: "en".into(),
    }
}

pub fn engagement() -> Engagement {
    Engagement {
        id: "7b1d7a80-5d0e-4c3a-9a53-1f0b6a1e2c44".into(),
        title: "Credit assistant, third quarter 2026".into(),
        scope: "The audit records that Example Bank’s credit assistant and its surroundings wrote between 1 July and 30 September 2026: the decision log, the cloud audit trail of its account, and the traces of the chat front end. The model itself, its training and its documentation were not examined.".into(),
        criteria: vec![
            Criterion { id: "policy-3.2".into(), framework: "Example Bank, review policy".into(), clause: "3.2".into(), duty: "A person reviews every case before a decline is sent.".into() },
            Criterion { id: "policy-3.4".into(), framework: "Example Bank, review policy".into(), clause: "3.4".into(), duty: "The letter names the main reason for a decline.".into() },
            Criterion { id: "eu-ai-act-12-1".into(), framework: "EU AI Act".into(), clause: "12(1)".into(), duty: "Events are recorded automatically over the lifetime of the system.".into() },
            Criterion { id: "eu-ai-act-19-1".into(), framework: "EU AI Act".into(), clause: "19(1)".into(), duty: "Logs are kept under own control for at least six months.".into() },
        ],
        criteria_map: Some(CriteriaMap { version: "2026.11".into(), digest: hex("map") }),
        responsibilities: vec![
            "Example Bank answers for the system, for its records and for what it handed over.".into(),
            "The reviewers answer for the procedures of this report and for what they state to have found.".into(),
        ],
        independence: Some("We have no part in the building or running of the credit assistant.".into()),
    }
}

pub fn summary() -> Summary {
    Summary {
        lead: vec![
            "One of three bundles is refuted: two of its 184,212 records differ from what was recorded.".into(),
            "The sample does not support that a person reviews every case before a decline: in 2 of 93 it was missing or late.".into(),
        ],
        examined: vec![
            "41,907 credit decisions of the period, 9,214 of them declined, in three bundles received on 20 November 2026.".into(),
            "Criteria: review policy 3.2 and 3.4 of Example Bank, and five controls of which four could be evaluated from these records.".into(),
        ],
        not_shown: vec![
            "Whether anything was left out before it was signed.".into(),
            "Whether the trail ends where the export ends.".into(),
            "Whether the recorded times are true.".into(),
            "Three fields that no hash reaches, chapter 4.1.".into(),
        ],
        conclusion: None,
    }
}
