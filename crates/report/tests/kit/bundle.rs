//! Three bundles: one refuted, one proven, one not proven.

use tickmark_report::model::{Bucket, BucketUnit, Evidence, Intake, Period, Silence, Timeline};
use tickmark_verify::verification::{
    Basis, BundleId, ChainHead, Check, CheckOutcome, Claim, ClaimOutcome, Claims, Counts, Fault, FaultGroup,
    KeyOrigin, KeyUse, ProfileRef, Tool as Judge, Verification,
};

use super::{HOSTILE, Numbers, hex};

fn intake(sender: Option<String>, agrees: Option<bool>) -> Intake {
    Intake {
        received_from: "M. Example, platform operations, Example Bank".into(),
        received_at: "2026-11-20T09:05:00+01:00".into(),
        medium: "USB stick IA-12, sealed bag 0071".into(),
        request: "Request 3 of 12 Nov 2026: all audit records of the credit assistant, 1 Jul to 30 Sep 2026"
            .into(),
        sender_sha256: sender,
        sender_agrees: agrees,
        period: Some(Period {
            from: Some("2026-07-01".into()),
            to: Some("2026-09-30".into()),
        }),
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

pub fn refuted() -> Evidence {
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
        continuity: Vec::new(),
        next_steps: vec![
            "Ask the sender for the final count or the last hash and enter it. That can settle completeness."
                .into(),
        ],
        warnings: vec!["The bundle holds an executable, verify.sh. It was not run.".into()],
    };
    evidence("B1", 14, intake(Some(sha256), Some(true)), verification)
}

pub fn proven() -> Evidence {
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
        continuity: Vec::new(),
        next_steps: Vec::new(),
        warnings: Vec::new(),
    };
    evidence("B2", 15, intake(None, None), verification)
}

pub fn not_proven() -> Evidence {
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
        continuity: Vec::new(),
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

pub fn timelines() -> Vec<Timeline> {
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
