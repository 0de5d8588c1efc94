//! `finding` and `note`.

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::command::Nothing;
use tickmark_workbench::contract::finding::{
    CriterionView, FindingStatus, FindingView, NoteView, Severity, WriteFinding, WriteNote,
};

use super::session::{Session, bench};
use super::{DONE, reference};
use crate::arguments::{Finding, Grade, Note, Standing};
use crate::output::Door;
use crate::text::{hanging, moment, number, pairs, visible};

/// Runs a verb of findings.
///
/// # Errors
/// As the workbench says.
pub fn run(typed: Finding, door: &Door) -> Answer<u8> {
    match typed {
        Finding::List(vault) => {
            let findings = Session::of(&vault, door)?.bench.finding_list(Nothing {})?;
            door.result("tickmark.findings/1", &json!({ "findings": findings }), |_| {
                list(&findings)
            });
        }
        Finding::Write {
            vault,
            supersede,
            title,
            criterion,
            condition,
            cause,
            effect,
            recommendation,
            severity,
            status,
            evidence,
        } => {
            let request = WriteFinding {
                id: supersede,
                title,
                criterion,
                condition,
                cause,
                effect,
                recommendation,
                severity: severity.into(),
                status: status.into(),
                evidence: evidence
                    .iter()
                    .map(|text| reference::parse(text))
                    .collect::<Answer<_>>()?,
            };
            let written = Session::of(&vault, door)?.bench.finding_write(request)?;
            door.result("tickmark.finding/1", &written, in_words);
        }
        Finding::Criteria => {
            let criteria = bench().criterion_list(Nothing {})?;
            door.result("tickmark.criteria/1", &json!({ "criteria": criteria }), |_| {
                criteria.iter().map(criterion).collect()
            });
        }
    }
    Ok(DONE)
}

/// Writes a note.
///
/// # Errors
/// As the workbench says.
pub fn note(typed: Note, door: &Door) -> Answer<u8> {
    let target = reference::parse(&typed.target)?;
    let request = WriteNote {
        target,
        text: typed.text,
        supersedes: typed.supersede,
    };
    let written = Session::of(&typed.vault, door)?.bench.note_write(request)?;
    door.result("tickmark.note/1", &written, |note: &NoteView| {
        format!(
            "Note {} on {} is written.",
            visible(&note.id),
            reference::spelled(&note.target)
        )
    });
    Ok(DONE)
}

fn list(findings: &[FindingView]) -> String {
    if findings.is_empty() {
        return "This engagement has no finding yet.".into();
    }
    findings.iter().map(in_words).collect::<Vec<_>>().join("\n")
}

fn in_words(finding: &FindingView) -> String {
    let evidence: Vec<_> = finding.evidence.iter().map(reference::spelled).collect();
    let version = if finding.version > 1 {
        format!(", version {}", number(finding.version))
    } else {
        String::new()
    };
    let rows = pairs(&[
        ("Id", finding.id.clone()),
        ("Severity", severity(finding.severity).into()),
        ("Status", status(finding.status).into()),
        ("Criterion", finding.criterion.clone()),
        ("Condition", finding.condition.clone()),
        ("Cause", finding.cause.clone()),
        ("Effect", finding.effect.clone()),
        ("Recommendation", finding.recommendation.clone()),
        ("Rests on", evidence.join(", ")),
        (
            "Written",
            format!("{} by {}", moment(&finding.written_at), finding.author),
        ),
    ]);
    format!(
        "Finding {}{version}: {}\n{rows}",
        number(finding.number),
        visible(&finding.title)
    )
}

fn criterion(criterion: &CriterionView) -> String {
    let head = format!(
        "{}  {}, {}\n",
        visible(&criterion.id),
        visible(&criterion.framework),
        visible(&criterion.clause)
    );
    let shows = [
        ("Duty", &criterion.duty),
        ("Shows", &criterion.shows),
        ("Cannot show", &criterion.cannot),
    ];
    head + &pairs(&shows.map(|(name, text)| (name, text.clone()))) + &hanging("", "")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "for information",
    }
}

fn status(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Draft => "draft",
        FindingStatus::Open => "open",
        FindingStatus::Answered => "answered",
        FindingStatus::Closed => "closed",
        FindingStatus::Withdrawn => "withdrawn",
    }
}

impl From<Grade> for Severity {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::High => Severity::High,
            Grade::Medium => Severity::Medium,
            Grade::Low => Severity::Low,
            Grade::Info => Severity::Info,
        }
    }
}

impl From<Standing> for FindingStatus {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Draft => FindingStatus::Draft,
            Standing::Open => FindingStatus::Open,
            Standing::Answered => FindingStatus::Answered,
            Standing::Closed => FindingStatus::Closed,
            Standing::Withdrawn => FindingStatus::Withdrawn,
        }
    }
}
