//! A rich report for tests and for the example: three bundles, three samples, six findings, two hundred custody events,
//! and texts that would like to be something else. Everything in it is invented; its sampling figures hang together.

#![allow(clippy::unwrap_used, clippy::panic, dead_code, missing_docs)]

use tickmark_report::model::*;
use tickmark_verify::verification::{
    Basis, BundleId, ChainHead, Check, CheckOutcome, Claim, ClaimOutcome, Claims, Counts, Fault, FaultGroup,
    KeyOrigin, KeyUse, ProfileRef, Tool as Judge, Verification,
};

/// The report.
pub fn report() -> Report {
    Report {
        schema: SCHEMA.into(),
        header: header(),
        engagement: engagement(),
        summary: summary(),
        evidence: vec![refuted(), proven(), not_proven()],
        timelines: timelines(),
        samples: samples(),
        census: census(),
        judgement: judgement(),
        findings: findings(),
        controls: controls(),
        limitations: vec![
            "The bundle holds one quarter. Whether records are kept for six months can be seen only when they are older.".into(),
            "Complaints that came by telephone are not in these records.".into(),
        ],
        redactions: vec![
            Redaction { kind: "e-mail address".into(), rule: "email/2".into(), count: 1_204, ground: "not needed for the findings".into() },
            Redaction { kind: "IBAN".into(), rule: "iban/1, checksum".into(), count: 37, ground: "not needed for the findings".into() },
        ],
        custody: custody(),
        sign_offs: sign_offs(),
        recipe: recipe(),
        glossary: glossary(),
    }
}

/// A report with nothing in it but what every report has.
pub fn empty() -> Report {
    let whole = report();
    Report {
        evidence: Vec::new(),
        timelines: Vec::new(),
        samples: Vec::new(),
        census: Vec::new(),
        judgement: Vec::new(),
        findings: Vec::new(),
        controls: Vec::new(),
        limitations: Vec::new(),
        redactions: Vec::new(),
        custody: Custody {
            count: 0,
            head: hex("no event"),
            events: Vec::new(),
            signers: Vec::new(),
        },
        sign_offs: Vec::new(),
        recipe: Recipe {
            needs: "Nothing.".into(),
            steps: Vec::new(),
        },
        glossary: Vec::new(),
        summary: Summary {
            lead: vec!["Nothing was received.".into()],
            examined: Vec::new(),
            not_shown: Vec::new(),
            conclusion: None,
        },
        engagement: Engagement {
            criteria: Vec::new(),
            criteria_map: None,
            responsibilities: Vec::new(),
            independence: None,
            ..whole.engagement
        },
        header: Header {
            status: Status::Draft,
            reviewed_by: None,
            sealed_at: None,
            ..whole.header
        },
        ..whole
    }
}

/// Texts that a record or a person could bring along.
pub const HOSTILE: [&str; 12] = [
    "user\u{202e}nimda\u{202c} approved",
    "zero\u{200b}width\u{feff}join\u{2060}er",
    "=HYPERLINK(\"http://example.test\",\"click\")",
    "<script>alert(1)</script> & <b>bold</b>",
    "null \u{0} bell \u{7} escape \u{1b}[31m red",
    "中文 and العربية and עברית and हिन्दी and Ελληνικά and Русский",
    "Z\u{351}\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}algo",
    "a->b != c, 3x4, fi fl ffi, www.example.test",
    "tag\u{e0041}\u{e0042} private \u{e000} variation \u{fe0f}",
    "/a/very/long/path/without/any/space/that/goes/on/and/on/decision/reviewer/approved/by/name/and/then/some/more/so/that/it/has/to/be/broken",
    "\u{1f600} face, \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} family",
    "line one\nline two\r\nline three\ttab",
];

fn header() -> Header {
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

fn engagement() -> Engagement {
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

fn summary() -> Summary {
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

fn intake(sender: Option<String>, agrees: Option<bool>) -> Intake {
    Intake {
        received_from: "M. Example, platform operations, Example Bank".into(),
        received_at: "2026-11-20T09:05:00+01:00".into(),
        medium: "USB stick IA-12, sealed bag 0071".into(),
        request: "Request 3 of 12 Nov 2026: all audit records of the credit assistant, 1 Jul to 30 Sep 2026"
            .into(),
        sender_sha256: sender,
        sender_agrees: agrees,
    }
}

fn evidence(label: &str, seq: u64, intake: Intake, verification: Verification) -> Evidence {
    Evidence {
        label: label.into(),
        bundle: format!("b{seq:07x}-5d0e-4c3a-9a53-1f0b6a1e2c44"),
        intake,
        imported_at: "2026-11-20T10:12:44+01:00".into(),
        imported_by: "R. Preparer".into(),
        importer: "0.1.0".into(),
        custody_seq: seq,
        judged_at: "2026-12-03T16:02:10+01:00".into(),
        judgements: 2,
        first_time: Some("2026-07-01T00:00:04.112Z".into()),
        last_time: Some("2026-09-30T23:59:51.907Z".into()),
        verification,
    }
}

fn check(id: &str, title: &str, outcome: CheckOutcome, detail: &str, passed: u64, failed: u64) -> Check {
    Check {
        id: id.into(),
        title: title.into(),
        outcome,
        detail: detail.into(),
        passed,
        failed,
    }
}

fn claim(outcome: ClaimOutcome, basis: Option<Basis>, sentence: &str, checks: Vec<Check>) -> Claim {
    Claim {
        outcome,
        basis,
        sentence: sentence.into(),
        checks,
    }
}

fn refuted() -> Evidence {
    use CheckOutcome::{Fail, NotApplicable, NotChecked, Pass};
    let fault = |record: u64, field: Option<&str>, code: &str, sentence: &str| Fault {
        code: code.into(),
        claim: "integrity".into(),
        record: Some(record),
        line: Some(record + 1),
        member: Some("credit-assistant-2026-Q3/decisions.jsonl".into()),
        field: field.map(Into::into),
        expected: Some(hex(&format!("expected {record}"))),
        found: Some(hex(&format!("found {record}"))),
        sentence: sentence.into(),
    };
    let mut faults = vec![
        fault(
            61_874,
            Some("/hash"),
            "hash_mismatch",
            "The content of record 61,874 does not match its recorded hash.",
        ),
        fault(
            120_031,
            Some("/hash"),
            "hash_mismatch",
            "The content of record 120,031 does not match its recorded hash.",
        ),
        fault(
            88_288,
            None,
            "duplicate_member",
            &format!(
                "Record 88,288 names a member twice, so it can be read in two ways: {}.",
                HOSTILE[0]
            ),
        ),
    ];
    faults[2].expected = Some("each member once".into());
    faults[2].found = Some(HOSTILE[1].into());
    let sha256 = hex("credit-assistant-2026-Q3");
    let verification = Verification {
        schema: tickmark_verify::verification::SCHEMA.into(),
        tool: Judge {
            name: "tickmark".into(),
            version: "0.1.0".into(),
        },
        bundle: BundleId {
            name: "credit-assistant-2026-Q3".into(),
            sha256: sha256.clone(),
            bytes: 104_338_112,
            packing: vec!["zip".into(), "gzip".into()],
        },
        profile: Some(ProfileRef {
            id: "witnesskit".into(),
            version: "2".into(),
            title: "WitnessKit decision log".into(),
            digest: hex("profile"),
        }),
        verdict: ClaimOutcome::Refuted,
        sentence: "Two of 184,212 records differ from what was recorded, and one can be read in two ways."
            .into(),
        claims: Claims {
            integrity: claim(
                ClaimOutcome::Refuted,
                Some(Basis::Anchored),
                "Two of 184,212 records differ from what was recorded.",
                vec![
                    check(
                        "record_hash",
                        "Every record’s content matches its recorded hash",
                        Fail,
                        "184,210 match, 2 do not",
                        184_210,
                        2,
                    ),
                    check(
                        "link",
                        "Every record follows the one before it",
                        Pass,
                        "184,212 follow one another",
                        184_212,
                        0,
                    ),
                    check(
                        "unique_members",
                        "Every record can be read in one way only",
                        Fail,
                        "1 names a member twice",
                        184_211,
                        1,
                    ),
                    check(
                        "canonical",
                        "Every record is spelled as its profile says",
                        Pass,
                        "184,212 are",
                        184_212,
                        0,
                    ),
                ],
            ),
            authenticity: claim(
                ClaimOutcome::Proven,
                None,
                "All 185 checkpoints are signed with the key you pinned.",
                vec![
                    check(
                        "checkpoint_signature",
                        "Every checkpoint is signed with a pinned key",
                        Pass,
                        "185 of 185",
                        185,
                        0,
                    ),
                    check(
                        "revocation",
                        "No key was revoked",
                        NotChecked,
                        "revocation is not carried, and Tickmark has no network",
                        0,
                        0,
                    ),
                ],
            ),
            completeness: claim(
                ClaimOutcome::NotProven,
                None,
                "The export states no final count. A cut-off end would look the same.",
                vec![
                    check(
                        "genesis",
                        "The trail starts at its first record",
                        Pass,
                        "the first record links to the accepted first value",
                        1,
                        0,
                    ),
                    check(
                        "gaps",
                        "No number of the sequence is missing",
                        Pass,
                        "1 to 184,212 without a gap",
                        184_212,
                        0,
                    ),
                    check(
                        "end",
                        "Something signed fixes the end",
                        NotChecked,
                        "the bundle carries no signed count and no closing record",
                        0,
                        0,
                    ),
                    check(
                        "tree_root",
                        "The tree has the signed root",
                        NotApplicable,
                        "the profile has no tree",
                        0,
                        0,
                    ),
                ],
            ),
            time: claim(
                ClaimOutcome::NotProven,
                None,
                "Every time is the recorder’s own word.",
                vec![check(
                    "time_stamp",
                    "A third party’s time stamp covers the head",
                    NotChecked,
                    "the bundle carries no time stamp",
                    0,
                    0,
                )],
            ),
        },
        counts: Counts {
            records: 184_212,
            checked: 184_212,
            signed: 0,
            unsigned: 184_212,
            chains: 1,
            members: 4,
            faults: 3,
            proof_level: None,
        },
        faults,
        fault_groups: vec![
            FaultGroup {
                code: "hash_mismatch".into(),
                title: "Content does not match its recorded hash".into(),
                count: 2,
                records: vec![61_874, 120_031],
            },
            FaultGroup {
                code: "duplicate_member".into(),
                title: "A member is named twice".into(),
                count: 1,
                records: vec![88_288],
            },
        ],
        uncovered_fields: vec![
            "/meta/received_at".into(),
            "/meta/host".into(),
            "/annotations/*/text".into(),
        ],
        keys: vec![
            KeyUse {
                fingerprint: hex("gateway key"),
                algorithm: "ed25519".into(),
                kid: Some("agent-7".into()),
                owner: Some("Example Bank, model gateway".into()),
                confirmed: Some("fingerprint read aloud by phone, 2026-11-20, two people".into()),
                origin: KeyOrigin::Pinned,
                records: 185,
            },
            KeyUse {
                fingerprint: hex("carried key"),
                algorithm: "ed25519".into(),
                kid: None,
                owner: None,
                confirmed: None,
                origin: KeyOrigin::Carried,
                records: 0,
            },
        ],
        chains: vec![ChainHead {
            chain: None,
            records: 184_212,
            starts_at_genesis: true,
            first_seq: Some("1".into()),
            last_seq: Some("184212".into()),
            head: hex("head one"),
        }],
        not_proven: vec![
            "Whether anything was left out before it was recorded.".into(),
            "Whether the trail ends where the export ends.".into(),
            "Whether the recorded times are true.".into(),
        ],
        next_steps: vec![
            "Ask the sender for the final count or the last hash and enter it. That can settle completeness."
                .into(),
        ],
        warnings: vec!["The bundle holds an executable, verify.sh. It was not run.".into()],
    };
    evidence("B1", 14, intake(Some(sha256), Some(true)), verification)
}

fn proven() -> Evidence {
    use CheckOutcome::Pass;
    let verification = Verification {
        schema: tickmark_verify::verification::SCHEMA.into(),
        tool: Judge { name: "tickmark".into(), version: "0.1.0".into() },
        bundle: BundleId { name: "cloud-trail-2026-Q3".into(), sha256: hex("cloud"), bytes: 12_418_304, packing: vec!["folder".into(), "gzip".into()] },
        profile: Some(ProfileRef { id: "cloudtrail".into(), version: "1".into(), title: "AWS CloudTrail with digest files".into(), digest: hex("profile two") }),
        verdict: ClaimOutcome::Proven,
        sentence: "All 61,480 records match their recorded hashes, and the pinned key covers them from the first to the last.".into(),
        claims: Claims {
            integrity: claim(ClaimOutcome::Proven, Some(Basis::Anchored), "All 2,208 log files match the hashes in the signed digests.", vec![check("file_hash", "Every log file matches its hash in a digest", Pass, "2,208 of 2,208", 2_208, 0)]),
            authenticity: claim(ClaimOutcome::Proven, None, "All 2,208 digests are signed with the keys you pinned.", vec![check("digest_signature", "Every digest is signed with a pinned key", Pass, "2,208 of 2,208", 2_208, 0)]),
            completeness: claim(ClaimOutcome::Proven, None, "The signed digests follow one another over the whole period, and every log file they list is here.", vec![
                check("gapless", "Digests follow one another over the period", Pass, "1 Jul 00:00 to 30 Sep 24:00 UTC", 2_208, 0),
                check("listed_files", "Every listed log file is here", Pass, "2,208 of 2,208", 2_208, 0),
            ]),
            time: claim(ClaimOutcome::NotProven, None, "Every time is the recorder’s own word.", vec![check("time_stamp", "A third party’s time stamp covers the head", CheckOutcome::NotChecked, "the bundle carries no time stamp", 0, 0)]),
        },
        counts: Counts { records: 61_480, checked: 61_480, signed: 61_480, unsigned: 0, chains: 1, members: 4_416, faults: 0, proof_level: None },
        faults: Vec::new(),
        fault_groups: Vec::new(),
        uncovered_fields: Vec::new(),
        keys: vec![KeyUse { fingerprint: hex("cloud key"), algorithm: "rsa-pkcs1-sha256".into(), kid: Some("eu-central-1".into()), owner: Some("AWS CloudTrail, eu-central-1".into()), confirmed: Some("list-public-keys of 19 Nov 2026, handed over by cloud operations".into()), origin: KeyOrigin::Pinned, records: 61_480 }],
        chains: vec![ChainHead { chain: Some("111122223333 eu-central-1".into()), records: 2_208, starts_at_genesis: false, first_seq: None, last_seq: None, head: hex("head two") }],
        not_proven: vec!["Whether the recorded times are true.".into()],
        next_steps: Vec::new(),
        warnings: Vec::new(),
    };
    evidence("B2", 15, intake(None, None), verification)
}

fn not_proven() -> Evidence {
    use CheckOutcome::NotChecked;
    let open = |sentence: &str| {
        claim(
            ClaimOutcome::NotProven,
            None,
            sentence,
            vec![check(
                "no_profile",
                "A profile describes how this export is protected",
                NotChecked,
                "a platform export without hashes and signatures",
                0,
                0,
            )],
        )
    };
    let verification = Verification {
        schema: tickmark_verify::verification::SCHEMA.into(),
        tool: Judge {
            name: "tickmark".into(),
            version: "0.1.0".into(),
        },
        bundle: BundleId {
            name: "chat-traces-2026-Q3".into(),
            sha256: hex("chat"),
            bytes: 9_998,
            packing: vec!["file".into()],
        },
        profile: None,
        verdict: ClaimOutcome::NotProven,
        sentence: "The export carries no hash and no signature. It was read and counted, not proven.".into(),
        claims: Claims {
            integrity: open("The export carries no hash."),
            authenticity: open("The export carries no signature."),
            completeness: open("The export states no count."),
            time: open("Every time is the recorder’s own word."),
        },
        counts: Counts {
            records: 41_907,
            checked: 0,
            signed: 0,
            unsigned: 41_907,
            chains: 0,
            members: 1,
            faults: 0,
            proof_level: Some("P0".into()),
        },
        faults: Vec::new(),
        fault_groups: Vec::new(),
        uncovered_fields: vec!["/*".into()],
        keys: Vec::new(),
        chains: Vec::new(),
        not_proven: vec!["Whether any record was changed, added or left out.".into()],
        next_steps: vec!["Ask for an export with a signed manifest.".into()],
        warnings: Vec::new(),
    };
    evidence(
        "B3",
        16,
        intake(Some(hex("another file")), Some(false)),
        verification,
    )
}

fn timelines() -> Vec<Timeline> {
    let mut number = Numbers(7);
    let day = |at: u64| {
        let (month, day) = match at {
            0..31 => (7, at + 1),
            31..62 => (8, at - 30),
            _ => (9, at - 61),
        };
        format!("2026-{month:02}-{day:02}")
    };
    let buckets = (0..92).map(|at| {
        let weekend = at % 7 == 3 || at % 7 == 4;
        let silent = at == 45;
        let records = if silent {
            0
        } else {
            number.below(600) + if weekend { 500 } else { 2_100 }
        };
        let faults = match at {
            29 => 1,
            60 => 2,
            _ => 0,
        };
        Bucket {
            start: day(at),
            records,
            faults,
        }
    });
    let days = Timeline {
        bundle: "B1".into(),
        unit: BucketUnit::Day,
        zone: "UTC".into(),
        buckets: buckets.collect(),
        silences: vec![Silence {
            first: 45,
            last: 45,
            sentence: "silent for 31 h, 15 Aug 04:12 to 16 Aug 11:20".into(),
        }],
        sentence: "Records on 91 of 92 days.".into(),
    };
    let hours = (0..26).map(|at: u64| Bucket {
        start: format!("2026-09-{:02}T{:02}:00", 29 + at / 24, at % 24),
        records: number.below(90),
        faults: 0,
    });
    let hours = Timeline {
        bundle: "B3".into(),
        unit: BucketUnit::Hour,
        zone: "+02:00".into(),
        buckets: hours.collect(),
        silences: Vec::new(),
        sentence: "The last 26 hours of the export.".into(),
    };
    vec![days, hours]
}

fn samples() -> Vec<Sample> {
    let a1 = sample(
        "A1",
        "A person reviewed before a decline",
        "no review, or later than the decision",
        9_214,
        93,
        1,
        &[22, 38],
        Some(36),
        (
            "0.021505376344086023",
            "0.06576080746690907",
            "6.6\u{202f}%",
            605,
            false,
        ),
    );
    let mut a2 = sample(
        "A2",
        "The letter names the reason",
        "no reason, or another than recorded",
        9_214,
        93,
        1,
        &[],
        None,
        ("0", "0.031473844150206209", "3.2\u{202f}%", 289, true),
    );
    a2.criterion = "Example Bank, review policy, 3.4".into();
    let a3 = sample(
        "A3",
        "Complaint answered in 15 days",
        "no answer in 15 days",
        3_120,
        59,
        0,
        &[],
        None,
        ("0", "0.049038461538461538", "5.0\u{202f}%", 153, true),
    );
    vec![a1, a2, a3]
}

#[allow(clippy::too_many_arguments)]
fn sample(
    label: &str,
    attribute: &str,
    deviation: &str,
    size: u64,
    n: u64,
    c: u64,
    deviations: &[u64],
    inapplicable: Option<u64>,
    (point, upper, printed, count, supports): (&str, &str, &str, u64, bool),
) -> Sample {
    let mut number = Numbers(u64::from(label.as_bytes()[1]) * 977);
    let drawn = n + u64::from(inapplicable.is_some());
    let unit = |ordinal: u64| {
        let deviates = deviations.contains(&ordinal);
        let result = if deviates {
            UnitResult::Deviation
        } else if inapplicable == Some(ordinal) {
            UnitResult::NotApplicable
        } else {
            UnitResult::Pass
        };
        let pick = number.below(size) + 1;
        let position = match (label, ordinal) {
            ("A1", 22) => 61_874,
            ("A1", 38) => 88_288,
            _ => pick * 19 + 7,
        };
        let note = match (label, ordinal) {
            ("A1", 22) => Some("Reviewed 4 min 10 s after the decision.".into()),
            ("A1", 38) => Some(
                "No reviewer recorded before the decision. The case was opened by P-OP-03 26 min later."
                    .into(),
            ),
            ("A1", 36) => Some("Withdrawn by the applicant before a decision.".into()),
            ("A1", at) if at <= 12 => Some(HOSTILE[at as usize - 1].into()),
            _ => None,
        };
        let superseded = if (label, ordinal) == ("A1", 38) {
            vec![EarlierResult {
                result: UnitResult::Pass,
                note: Some("Looked at the wrong case.".into()),
                by: "R. Preparer".into(),
                at: "2026-11-25T14:02:00+01:00".into(),
            }]
        } else {
            Vec::new()
        };
        Unit {
            ordinal,
            counter: ordinal + ordinal / 40,
            pick,
            bundle: "B1".into(),
            position,
            record_id: hex(&format!("{label} {ordinal}")),
            result: Some(result),
            note,
            tested_by: Some("R. Preparer".into()),
            tested_at: Some(format!(
                "2026-11-25T{:02}:{:02}:{:02}+01:00",
                9 + ordinal / 20,
                (ordinal * 3) % 60,
                (ordinal * 7) % 60
            )),
            replaced_by: (inapplicable == Some(ordinal)).then_some(drawn),
            finding: deviates.then(|| "F-03".into()),
            superseded,
        }
    };
    let units: Vec<Unit> = (1..=drawn).map(unit).collect();
    let x = deviations.len() as u64;
    Sample {
        label: label.into(),
        plan_id: format!("plan-{label}"),
        attribute: attribute.into(),
        deviation: deviation.into(),
        criterion: "Example Bank, review policy, 3.2".into(),
        population: Population {
            definition: format!("All records of the kind asked for by {label} between 1 July and 30 September 2026."),
            bundles: vec!["B1".into()],
            filter: "event:decision outcome:declined time:2026-07-01..2026-09-30".into(),
            filter_reads_as: "Records whose event is “decision” and whose outcome is “declined”, from 1 Jul 2026 to 30 Sep 2026.".into(),
            imported: 184_212,
            excluded: vec![
                Exclusion { reason: "other events than a decision".into(), count: 142_305 },
                Exclusion { reason: "decisions that are no part of this population".into(), count: 184_212 - 142_305 - size },
            ],
            size,
            frame_order: FrameOrder::Id,
            frame_digest: hex(&format!("frame {label}")),
            ids: Vec::new(),
        },
        plan: Plan {
            tolerable: "5%".into(),
            expected: "1%".into(),
            confidence: "95%".into(),
            method: "hypergeometric".into(),
            sample_size: n,
            acceptable: c,
            frozen_at: "2026-11-24T16:40:00+01:00".into(),
            frozen_by: "R. Preparer".into(),
            digest: hex(&format!("plan {label}")),
            custody_seq: 31,
        },
        draw: Some(Draw {
            algorithm: "rivest-sha256/1".into(),
            seed: "83042917560318842095".into(),
            seed_source: "20 rolls of a ten-sided die, ten each by R. Preparer and S. Second".into(),
            drawn_at: "2026-11-24T16:52:31+01:00".into(),
            drawn_by: "R. Preparer".into(),
            custody_seq: 32,
            units,
        }),
        evaluation: Some(Evaluation {
            finished: true,
            tested: n,
            passed: n - x,
            deviations: x,
            could_not_test: 0,
            not_applicable: u64::from(inapplicable.is_some()),
            point_rate: point.into(),
            upper_limit: upper.into(),
            upper_printed: printed.into(),
            upper_count: Some(count),
            supports: Some(supports),
            sentence: format!("{} deviates in {x} of {n}; with 95\u{202f}% confidence at most {printed} of the population deviates.", label),
        }),
    }
}

fn census() -> Vec<CensusCheck> {
    vec![
        CensusCheck {
            label: "C1".into(),
            title: "Every decision states the model version".into(),
            records: 41_907,
            exceptions: Some(212),
            result: ControlResult::Exception,
            note: None,
        },
        CensusCheck {
            label: "C2".into(),
            title: "Required fields are present".into(),
            records: 184_212,
            exceptions: Some(0),
            result: ControlResult::Observed,
            note: None,
        },
        CensusCheck {
            label: "C3".into(),
            title: "Records are kept for six months".into(),
            records: 184_212,
            exceptions: None,
            result: ControlResult::NotEvaluable,
            note: Some(
                "The bundle holds one quarter. Only records older than six months could show it.".into(),
            ),
        },
    ]
}

fn judgement() -> Vec<JudgementItem> {
    (0..3u64)
        .map(|at| JudgementItem {
            bundle: "B1".into(),
            position: 96_001 + at * 17,
            record_id: hex(&format!("judged {at}")),
            reason: "The last case before the silent 31 hours of 15 and 16 August.".into(),
            found: if at == 1 {
                HOSTILE[3].into()
            } else {
                "The case lacks a closing event.".into()
            },
            by: "S. Second".into(),
            at: "2026-11-26T15:30:00+01:00".into(),
        })
        .collect()
}

fn findings() -> Vec<Finding> {
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

fn controls() -> Vec<Control> {
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

fn custody() -> Custody {
    let actions = [
        (
            "record_opened",
            "Opened record 61,874 of bundle B1 beside its original bytes.",
        ),
        (
            "result_recorded",
            "Recorded the result of draw 22 of A1: deviation.",
        ),
        ("note_written", "Wrote a note on record 88,288 of bundle B1."),
        ("bundle_judged", "Judged bundle B1 again: refuted, as before."),
        (
            "identity_unmasked",
            "Unmasked one identity in record 88,288 of bundle B1, ground: finding F-03.",
        ),
    ];
    let event = |seq: u64| {
        let (action, sentence) = match seq {
            1 => ("vault_created", "Created the vault."),
            14 => (
                "bundle_imported",
                "Imported credit-assistant-2026-Q3: 184,212 records, refuted.",
            ),
            15 => (
                "bundle_imported",
                "Imported cloud-trail-2026-Q3: 61,480 records, proven.",
            ),
            16 => (
                "bundle_imported",
                "Imported chat-traces-2026-Q3: 41,907 records, not proven.",
            ),
            31 => ("plan_frozen", "Froze plan A1 with a population of 9,214 records."),
            32 => ("sample_drawn", "Drew 94 units for plan A1."),
            200 => ("engagement_sealed", "Sealed the engagement."),
            60 => ("note_written", HOSTILE[4]),
            _ => actions[seq as usize % actions.len()],
        };
        CustodyEvent {
            seq,
            time: format!(
                "2026-11-{:02}T{:02}:{:02}:{:02}+01:00",
                20 + seq / 40,
                9 + seq % 8,
                (seq * 7) % 60,
                (seq * 13) % 60
            ),
            actor: if seq.is_multiple_of(3) {
                "S. Second".into()
            } else {
                "R. Preparer".into()
            },
            action: action.into(),
            sentence: sentence.into(),
            hash: hex(&format!("custody {seq}")),
        }
    };
    let events: Vec<CustodyEvent> = (1..=200).map(event).collect();
    Custody {
        count: 200,
        head: events.last().unwrap().hash.clone(),
        events,
        signers: vec![
            Signer {
                name: "R. Preparer".into(),
                fingerprint: hex("preparer"),
            },
            Signer {
                name: "S. Second".into(),
                fingerprint: hex("second"),
            },
        ],
    }
}

fn sign_offs() -> Vec<SignOff> {
    vec![
        SignOff {
            role: "Preparer".into(),
            name: "R. Preparer".into(),
            meaning: "I performed these procedures and recorded what I found.".into(),
            at: "2026-12-04T10:52:00+01:00".into(),
            clock: "machine clock".into(),
            key: hex("preparer"),
            statement: Some(hex("statement one")),
            signature: None,
        },
        SignOff {
            role: "Second reviewer".into(),
            name: "S. Second".into(),
            meaning: "I reviewed the work and agree with the findings as stated.".into(),
            at: "2026-12-04T11:18:00+01:00".into(),
            clock: "machine clock".into(),
            key: hex("second"),
            statement: Some(hex("statement two")),
            signature: None,
        },
    ]
}

fn recipe() -> Recipe {
    Recipe {
        needs: "With the received bundles and the keys beside this report, every figure can be computed again: by Tickmark, or with sha256sum, Python and the published rules.".into(),
        steps: vec![
            Step { title: "The bundles".into(), text: "The digest of each received file is that of chapter 3.".into(), command: "sha256sum credit-assistant-2026-Q3.zip".into(), expected: vec![format!("{}  credit-assistant-2026-Q3.zip", hex("credit-assistant-2026-Q3"))] },
            Step { title: "The verdicts".into(), text: "Judge each bundle again with the pinned keys.".into(), command: "tickmark verify credit-assistant-2026-Q3.zip --trust trust/ --json".into(), expected: vec!["\"verdict\":\"refuted\"".into(), "exit status 1".into()] },
            Step { title: "The draw".into(), text: "Draw again from seed, population and algorithm.".into(), command: "tickmark draw --method rivest --seed 83042917560318842095 --population 9214 --count 94 --json".into(), expected: vec!["the positions of appendix A.1, in the same order".into()] },
            Step { title: "The limits".into(), text: String::new(), command: "tickmark evaluate --sample 93 --deviations 2 --confidence 95% --population 9214 --json".into(), expected: vec!["\"upper_limit\":0.06576080746690907".into()] },
            Step { title: "The whole report".into(), text: "Tickmark recomputes every figure of this report from the bundles.".into(), command: "tickmark verify-report report.pdf --bundle credit-assistant-2026-Q3.zip --bundle cloud-trail-2026-Q3 --bundle chat-traces-2026-Q3.json --trust trust/".into(), expected: vec!["exit status 0: all agrees".into()] },
        ],
    }
}

fn glossary() -> Vec<Term> {
    [
        ("Bundle", "What was delivered as one file or folder."),
        (
            "Record",
            "One entry of the audited log. Its id is the SHA-256 of its received bytes.",
        ),
        (
            "Claim",
            "What is judged of a bundle: integrity, authenticity, completeness, time.",
        ),
        ("Population", "All records that an attribute is asked of."),
        ("Deviation", "A unit that departs from what is prescribed."),
        (
            "Upper limit",
            "With the stated confidence no larger part of the population deviates.",
        ),
        (
            "Custody",
            "Who had or touched evidence, and when; nothing is ever removed from it.",
        ),
    ]
    .map(|(term, meaning)| Term {
        term: term.into(),
        meaning: meaning.into(),
    })
    .to_vec()
}

/// Invented digests: the SHA-256 of a name.
pub fn hex(name: &str) -> String {
    tickmark_report::digest_of(name.as_bytes())
}

/// A small generator of invented numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
