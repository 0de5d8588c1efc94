//! Three samples, and what was counted and judged beside them.

use tickmark_report::model::{
    CensusCheck, ControlResult, Draw, EarlierResult, Evaluation, Exclusion, FrameOrder, JudgementItem, Plan,
    Population, Sample, Unit, UnitResult,
};

use super::{HOSTILE, Numbers, hex};

pub fn samples() -> Vec<Sample> {
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
            sentence: format!("{label} deviates in {x} of {n}; with 95\u{202f}% confidence at most {printed} of the population deviates."),
        }),
    }
}

pub fn census() -> Vec<CensusCheck> {
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

pub fn judgement() -> Vec<JudgementItem> {
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
