//! The review of the demo bundles, from an empty vault to the finished report.

use std::fs;
use std::path::{Path, PathBuf};

use crate::contract::bundle::{ImportBundle, Intake, Progress};
use crate::contract::command::Nothing;
use crate::contract::finding::{EvidenceKind, EvidenceRef, FindingStatus, Severity, WriteFinding, WriteNote};
use crate::contract::report::WriteReport;
use crate::contract::sampling::{DrawSample, FrameOrder, FreezePlan, PlanSize, RecordResult, UnitResult};
use crate::contract::session::{CreateVault, OpenVault, SessionView, WriteEngagement};
use crate::contract::trust::PinKey;
use crate::desk::Workbench;
use crate::error::{Answer, Error};
use crate::ports::Ports;

use super::bundles::{DemoBundle, write_bundles};

/// The passphrase of the demo vault. It protects invented records only.
pub const DEMO_PASSPHRASE: &str = "demo of tickmark";

/// Where everything of a demo lies.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DemoMade {
    /// Always `tickmark.demo/1`.
    pub schema: &'static str,
    /// Its folder.
    pub dir: String,
    /// The vault.
    pub vault: String,
    /// Its passphrase.
    pub passphrase: String,
    /// The trust folder.
    pub trust: String,
    /// The bundles.
    pub bundles: Vec<String>,
    /// The report.
    pub report_pdf: String,
    /// Its `report.json`.
    pub report_json: String,
}

/// Makes a demo engagement in a new folder: bundles, trust folder, vault, report.
///
/// # Errors
/// `invalid_input` when the folder holds a demo already.
pub fn make(dir: &Path, ports: Box<dyn Ports>, progress: &mut dyn FnMut(Progress)) -> Answer<DemoMade> {
    let vault = dir.join("demo.vault");
    if vault.exists() {
        return Err(Error::invalid(format!("{} holds a demo already.", dir.display()))
            .hint("Choose another folder, or remove this one."));
    }
    fs::create_dir_all(dir).map_err(|error| crate::received::unreadable(dir, &error))?;
    let bundles = write_bundles(&dir.join("bundles"), &dir.join("trust"))?;
    let bench = Workbench::new(ports);
    bench.vault_create(CreateVault {
        path: vault.display().to_string(),
        passphrase: DEMO_PASSPHRASE.into(),
        reviewer: "A. Reviewer, internal audit".into(),
        engagement: Some(WriteEngagement {
            title: "Credit assistant, third quarter 2026".into(),
            addressee: "Audit committee of Example Bank".into(),
            scope: "the audit records of Example Bank’s credit assistant".into(),
            period_from: Some("2026-07-01".into()),
            period_to: Some("2026-09-30".into()),
            classification: "Restricted".into(),
        }),
    })?;
    pin(&bench, &dir.join("trust"))?;
    let ids = bundles
        .iter()
        .map(|bundle| import(&bench, bundle, progress))
        .collect::<Answer<Vec<_>>>()?;
    let [whole, tampered, cut] = ids.as_slice() else {
        return Err(Error::stopped());
    };
    let plan = test(&bench, whole)?;
    write_findings(&bench, tampered, cut, &plan)?;
    let pdf = dir.join("report.pdf");
    let report = bench.report_write(
        WriteReport {
            path: pdf.display().to_string(),
            title: String::new(),
            limitations: "This is a demo: the bank, its records and its keys are invented.".into(),
            conclusion: String::new(),
        },
        progress,
    )?;
    bench.vault_lock(Nothing {})?;
    Ok(DemoMade {
        schema: "tickmark.demo/1",
        dir: dir.display().to_string(),
        vault: vault.display().to_string(),
        passphrase: DEMO_PASSPHRASE.into(),
        trust: dir.join("trust").display().to_string(),
        bundles: bundles
            .iter()
            .map(|bundle| bundle.path.display().to_string())
            .collect(),
        report_pdf: report.pdf,
        report_json: report.json,
    })
}

impl Workbench {
    /// Opens the demo engagement; makes it first where it is not there yet.
    ///
    /// # Errors
    /// When it cannot be made or opened.
    pub fn demo_open(&self, _request: Nothing, progress: &mut dyn FnMut(Progress)) -> Answer<SessionView> {
        let dir: PathBuf = self.ports().demo();
        let vault = dir.join("demo.vault");
        if !vault.join("vault.json").is_file() {
            make(&dir, self.ports().again(), progress)?;
        }
        self.vault_open(OpenVault {
            path: vault.display().to_string(),
            passphrase: DEMO_PASSPHRASE.into(),
        })
    }
}

fn pin(bench: &Workbench, trust: &Path) -> Answer<()> {
    let pinned = crate::trust::read(&[trust])?;
    for key in pinned.keys() {
        bench.key_pin(PinKey {
            text: key.key.pem(),
            algorithm: None,
            identity: None,
            vouches: None,
            kid: key.kid.clone(),
            owner: key.owner.clone().unwrap_or_default(),
            confirmed: key.confirmed.clone().unwrap_or_default(),
            second_person: Some("B. Second, compliance".into()),
            source: None,
            valid_from: None,
            valid_to: None,
            replaces: None,
        })?;
    }
    Ok(())
}

fn import(bench: &Workbench, bundle: &DemoBundle, progress: &mut dyn FnMut(Progress)) -> Answer<String> {
    let summary = bench.bundle_import(
        ImportBundle {
            path: bundle.path.display().to_string(),
            intake: Intake {
                received_from: "Compliance office, Example Bank".into(),
                received_at: "2026-11-20T14:05:00+01:00".into(),
                medium: bundle.medium.into(),
                request: "Request IA-2026-31 of 2 November 2026".into(),
                sender_sha256: Some(bundle.sender_sha256.clone()),
                period: None,
            },
            source: Some(bundle.source.into()),
            profile: None,
            passphrase: None,
            identity: None,
            expect_head: None,
            expect_count: None,
        },
        progress,
    )?;
    summary
        .bundles
        .into_iter()
        .find_map(|imported| imported.bundle)
        .ok_or_else(Error::stopped)
}

/// A sample of declined decisions, tested by what the record says of the review.
fn test(bench: &Workbench, bundle: &str) -> Answer<String> {
    let plan = bench.plan_freeze(FreezePlan {
        attribute: "A person reviewed the case before it was declined".into(),
        deviation: "no reviewer recorded, or the review is later than the decision".into(),
        criterion: "Review policy 3.2 of Example Bank; EU AI Act Art. 26".into(),
        size: PlanSize {
            tolerable: "5%".into(),
            expected: "1%".into(),
            confidence: "95%".into(),
            population: None,
        },
        bundle: Some(bundle.to_owned()),
        query: "outcome:declined".into(),
        order: FrameOrder::Id,
    })?;
    let drawn = bench.sample_draw(DrawSample {
        plan: plan.row.id.clone(),
        seed: "58213 90477 11620 45938".into(),
        seed_source: "20 rolls of a ten-sided die, two people, after the freeze".into(),
    })?;
    for unit in drawn.draw.iter().flat_map(|draw| &draw.units) {
        let bytes = bench.export_record(&unit.bundle, unit.position)?;
        let text = String::from_utf8_lossy(&bytes);
        let reviewed = !text.contains("\"review\":null");
        let (result, note) = if reviewed {
            (UnitResult::Pass, String::new())
        } else {
            (
                UnitResult::Deviation,
                "No reviewer is recorded before the decision. The member review is null.".to_owned(),
            )
        };
        bench.result_record(RecordResult {
            plan: plan.row.id.clone(),
            ordinal: unit.ordinal,
            result,
            note,
        })?;
    }
    Ok(plan.row.id)
}

fn write_findings(bench: &Workbench, tampered: &str, cut: &str, plan: &str) -> Answer<()> {
    let record = |bundle: &str, position: u64| EvidenceRef {
        kind: EvidenceKind::Record,
        bundle: Some(bundle.to_owned()),
        position: Some(position),
        record_id: None,
        check: None,
        plan: None,
        ordinal: None,
    };
    let check = |bundle: &str, check: &str| EvidenceRef {
        kind: EvidenceKind::Check,
        position: None,
        check: Some(check.to_owned()),
        ..record(bundle, 0)
    };
    let write =
        |title: &str, criterion: &str, condition: &str, severity: Severity, evidence: Vec<EvidenceRef>| {
            bench.finding_write(WriteFinding {
                id: None,
                title: title.into(),
                criterion: criterion.into(),
                condition: condition.into(),
                cause: String::new(),
                effect: String::new(),
                recommendation: String::new(),
                severity,
                status: FindingStatus::Open,
                evidence,
            })
        };
    write(
        "Two records differ from what was recorded",
        "Records are kept as they were made (eu-ai-act-19-1)",
        "In the bundle of the branch, the content of two records does not match the recorded hash. In one, a reviewer is named; in the other, the outcome differs.",
        Severity::High,
        vec![
            record(tampered, 88),
            record(tampered, 417),
            check(tampered, "record_hash"),
        ],
    )?;
    let view = bench.plan_view(crate::contract::command::ById { id: plan.to_owned() })?;
    let deviating: Vec<EvidenceRef> = view
        .draw
        .iter()
        .flat_map(|draw| &draw.units)
        .filter(|unit| unit.result == Some(UnitResult::Deviation))
        .map(|unit| EvidenceRef {
            kind: EvidenceKind::Unit,
            plan: Some(plan.to_owned()),
            ordinal: Some(unit.ordinal),
            ..record(&unit.bundle, unit.position)
        })
        .collect();
    if !deviating.is_empty() {
        write(
            "No person reviewed before a decline",
            "Review policy 3.2 of Example Bank",
            &format!(
                "In {} of the drawn cases no reviewer is recorded before the decision.",
                deviating.len()
            ),
            Severity::Medium,
            deviating,
        )?;
    }
    write(
        "The end of the chat trail is not fixed",
        "The sender states how many records there are",
        "The export states no final count, and 360 records are here. A cut-off end would look the same.",
        Severity::Medium,
        vec![EvidenceRef {
            kind: EvidenceKind::Bundle,
            position: None,
            ..record(cut, 0)
        }],
    )?;
    bench.note_write(WriteNote {
        target: record(tampered, 417),
        text: "Compared with the original bytes; the outcome and the recorded hash do not belong together."
            .into(),
        supersedes: None,
    })?;
    Ok(())
}
