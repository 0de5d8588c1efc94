//! Findings and notes: append-only, each version superseding the one before, with author and time.

use serde_json::{Value, json};
use tickmark_criteria::Catalogue;
use tickmark_vault::id::{BundleNo, FindingId, NoteId};
use tickmark_vault::table::Kept;
use tickmark_vault::table::finding::Finding;
use tickmark_vault::table::note::Note;
use tickmark_vault::view::View;

use crate::contract::command::Nothing;
use crate::contract::finding::{
    CriterionView, EvidenceKind, EvidenceRef, FindingStatus, FindingVersion, FindingView, NoteView, Severity,
    WriteFinding, WriteNote,
};
use crate::desk::Workbench;
use crate::error::{Answer, Code, Error};
use crate::moment;

impl Workbench {
    /// The criteria that a finding can cite.
    ///
    /// # Errors
    /// `internal` when the shipped catalogue is damaged.
    pub fn criterion_list(&self, _request: Nothing) -> Answer<Vec<CriterionView>> {
        let catalogue = Catalogue::shipped().map_err(|e| Error::new(Code::Internal, e.to_string()))?;
        Ok(catalogue
            .criteria()
            .iter()
            .map(|c| CriterionView {
                id: c.id.clone(),
                framework: c.framework.clone(),
                clause: c.clause.clone(),
                duty: c.duty.clone(),
                shows: c.shows.clone(),
                cannot: c.cannot.clone(),
            })
            .collect())
    }

    /// Findings of the engagement, oldest first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn finding_list(&self, _request: Nothing) -> Answer<Vec<FindingView>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        findings(&view, desk.engagement()?)
    }

    /// Writes a finding, or a version that supersedes one.
    ///
    /// # Errors
    /// `invalid_input` when a field is missing or the evidence is not in the vault; `not_found`.
    pub fn finding_write(&self, request: WriteFinding) -> Answer<FindingView> {
        for (what, text) in [
            ("title", &request.title),
            ("criterion", &request.criterion),
            ("condition", &request.condition),
        ] {
            if text.trim().is_empty() {
                return Err(Error::invalid(format!("The finding has no {what}.")));
            }
        }
        let desk = self.desk()?;
        let engagement = desk.engagement()?.clone();
        let finding = {
            let reader = desk.read()?;
            let view = reader.view();
            let evidence = request
                .evidence
                .iter()
                .map(|e| grounded(&view, e))
                .collect::<Answer<Vec<_>>>()?;
            let (id, version) = match &request.id {
                Some(id) => {
                    let id = FindingId::from(id.as_str());
                    let version = view.findings().get(&id)?.version + 1;
                    (id, version)
                }
                None => (FindingId::random()?, 1),
            };
            Finding {
                id,
                version,
                engagement: engagement.clone(),
                title: request.title,
                severity: word(&request.severity),
                status: word(&request.status),
                json: json!({
                    "criterion": request.criterion, "condition": request.condition, "cause": request.cause,
                    "effect": request.effect, "recommendation": request.recommendation,
                }),
                evidence: json!(evidence),
            }
        };
        let subject = json!({
            "finding": finding.id.as_str(), "version": finding.version, "title": finding.title,
            "severity": finding.severity, "status": finding.status,
        });
        let action = if finding.version == 1 {
            "finding.write"
        } else {
            "finding.supersede"
        };
        desk.write(self.now(), action, subject, |txn| {
            txn.findings_mut().insert(&finding)
        })?;
        let reader = desk.read()?;
        findings(&reader.view(), &engagement)?
            .into_iter()
            .find(|f| f.id == finding.id.to_string())
            .ok_or_else(Error::stopped)
    }

    /// Writes a note, or one that supersedes another.
    ///
    /// # Errors
    /// `invalid_input` when it is empty or its target is not in the vault.
    pub fn note_write(&self, request: WriteNote) -> Answer<NoteView> {
        if request.text.trim().is_empty() {
            return Err(Error::invalid("The note is empty."));
        }
        let desk = self.desk()?;
        let note = {
            let reader = desk.read()?;
            let view = reader.view();
            let target = grounded(&view, &request.target)?;
            let (id, version) = match &request.supersedes {
                Some(id) => {
                    let id = NoteId::from(id.as_str());
                    let version = view.notes().get(&id)?.version + 1;
                    (id, version)
                }
                None => (NoteId::random()?, 1),
            };
            Note {
                id,
                version,
                engagement: desk.engagement.as_ref().map(ToString::to_string),
                target: word(&target.kind),
                reference: reference(&target),
                text: request.text,
                json: json!({ "target": target }),
            }
        };
        let subject = json!({"note": note.id.as_str(), "version": note.version, "on": note.target, "of": note.reference});
        desk.write(self.now(), "note.write", subject, |txn| {
            txn.notes_mut().insert(&note)
        })?;
        let reader = desk.read()?;
        Ok(note_view(&reader.view().notes().get(&note.id)?))
    }
}

/// Findings of an engagement with their history.
pub(crate) fn findings(
    view: &View<'_>,
    engagement: &tickmark_vault::id::EngagementId,
) -> Answer<Vec<FindingView>> {
    let in_force = view.findings().of(engagement)?;
    in_force
        .iter()
        .enumerate()
        .map(|(index, finding)| finding_view(view, index as u64 + 1, finding))
        .collect()
}

/// Notes on a record, a bundle or a bundle's check.
pub(crate) fn notes_on(view: &View<'_>, target: &EvidenceRef) -> Answer<Vec<NoteView>> {
    Ok(view
        .notes()
        .on(&word(&target.kind), &reference(target))?
        .iter()
        .map(note_view)
        .collect())
}

/// Names a record as a target.
pub(crate) fn record_ref(bundle: BundleNo, position: u64) -> EvidenceRef {
    EvidenceRef {
        kind: EvidenceKind::Record,
        bundle: Some(bundle.to_string()),
        position: Some(position),
        record_id: None,
        check: None,
        plan: None,
        ordinal: None,
    }
}

/// Names a bundle as a target.
pub(crate) fn bundle_ref(bundle: BundleNo) -> EvidenceRef {
    EvidenceRef {
        kind: EvidenceKind::Bundle,
        position: None,
        ..record_ref(bundle, 0)
    }
}

fn finding_view(view: &View<'_>, number: u64, finding: &Kept<Finding>) -> Answer<FindingView> {
    let text = |name: &str| finding.json[name].as_str().unwrap_or_default().to_owned();
    let history = view.findings().versions(&finding.id)?;
    Ok(FindingView {
        id: finding.id.to_string(),
        number,
        version: finding.version,
        title: finding.title.clone(),
        criterion: text("criterion"),
        condition: text("condition"),
        cause: text("cause"),
        effect: text("effect"),
        recommendation: text("recommendation"),
        severity: from_word(&finding.severity).unwrap_or(Severity::Info),
        status: from_word(&finding.status).unwrap_or(FindingStatus::Open),
        evidence: serde_json::from_value(finding.evidence.clone()).unwrap_or_default(),
        author: finding.by.clone(),
        written_at: moment::stated(finding.at),
        history: history
            .iter()
            .filter(|version| version.version < finding.version)
            .map(|version| FindingVersion {
                version: version.version,
                title: version.title.clone(),
                severity: from_word(&version.severity).unwrap_or(Severity::Info),
                status: from_word(&version.status).unwrap_or(FindingStatus::Open),
                author: version.by.clone(),
                written_at: moment::stated(version.at),
            })
            .collect(),
    })
}

fn note_view(note: &Kept<Note>) -> NoteView {
    NoteView {
        id: note.id.to_string(),
        target: serde_json::from_value(note.json["target"].clone())
            .unwrap_or_else(|_| bundle_ref(BundleNo(0))),
        text: note.text.clone(),
        author: note.by.clone(),
        written_at: moment::stated(note.at),
        superseded: false,
    }
}

/// Holds a reference against the vault, and completes a record's id.
fn grounded(view: &View<'_>, given: &EvidenceRef) -> Answer<EvidenceRef> {
    let bundle = |given: &EvidenceRef| -> Answer<BundleNo> {
        let text = given
            .bundle
            .as_deref()
            .ok_or_else(|| Error::invalid("The evidence names no bundle."))?;
        let bundle: BundleNo = text
            .parse()
            .map_err(|_| Error::invalid(format!("“{text}” is no bundle.")))?;
        view.bundles().get(bundle)?;
        Ok(bundle)
    };
    match given.kind {
        EvidenceKind::Bundle => {
            bundle(given)?;
        }
        EvidenceKind::Record => {
            let position = given
                .position
                .ok_or_else(|| Error::invalid("The evidence names no record number."))?;
            let record = view.records().get(bundle(given)?, position)?;
            return Ok(EvidenceRef {
                record_id: Some(record.id.to_string()),
                ..given.clone()
            });
        }
        EvidenceKind::Check => {
            let check = given
                .check
                .as_deref()
                .ok_or_else(|| Error::invalid("The evidence names no check."))?;
            let judged = view.verifications().latest(bundle(given)?)?;
            let claims = &judged.verification.claims;
            let known = [
                &claims.integrity,
                &claims.authenticity,
                &claims.completeness,
                &claims.time,
            ]
            .iter()
            .any(|claim| claim.checks.iter().any(|c| c.id == check));
            if !known {
                return Err(Error::invalid(format!("The bundle has no check “{check}”.")));
            }
        }
        EvidenceKind::Unit => {
            let plan = given
                .plan
                .as_deref()
                .ok_or_else(|| Error::invalid("The evidence names no plan."))?;
            let sample = crate::sampling::load(view, &view.plans().get(&plan.into())?)?;
            let ordinal = given
                .ordinal
                .ok_or_else(|| Error::invalid("The evidence names no unit."))?;
            let Some(pick) = sample.picks.iter().find(|pick| pick.number == ordinal) else {
                return Err(Error::invalid(format!("The sample has no unit {ordinal}.")));
            };
            return Ok(EvidenceRef {
                bundle: Some(pick.bundle.to_string()),
                position: Some(pick.position),
                record_id: Some(pick.record.clone()),
                ..given.clone()
            });
        }
    }
    Ok(given.clone())
}

/// One text for a target: `1/88417` for a record, `1` for a bundle, `1#record_hash` for a check.
fn reference(target: &EvidenceRef) -> String {
    let bundle = target.bundle.as_deref().unwrap_or_default();
    match target.kind {
        EvidenceKind::Bundle => bundle.to_owned(),
        EvidenceKind::Record | EvidenceKind::Unit => {
            format!("{bundle}/{}", target.position.unwrap_or_default())
        }
        EvidenceKind::Check => format!("{bundle}#{}", target.check.as_deref().unwrap_or_default()),
    }
}

/// The word of an enumeration, as both doors spell it.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}
