//! Gathers a report from one state of the vault. Every figure that is printed stands in the model.

use std::collections::BTreeMap;

use serde_json::Value;
use tickmark_criteria::Catalogue;
use tickmark_report::model as m;
use tickmark_vault::id::{BundleNo, EngagementId};
use tickmark_vault::query::{RecordQuery, Scope, Unit};
use tickmark_vault::table::Kept;
use tickmark_vault::table::bundle::Bundle;
use tickmark_vault::view::View;
use tickmark_verify::verification::{ClaimOutcome, Verification};

use crate::browse::shown_intake;
use crate::contract::finding as cf;
use crate::contract::report::WriteReport;
use crate::contract::sampling::{EvaluationView, UnitResult};
use crate::custody::sentence;
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::finding::findings;
use crate::sampling::{Sample, load, shown_outcome};
use crate::{canonical, moment};

use super::recipe;

/// Short names of bundles and samples in this report.
pub(super) struct Labels {
    bundles: BTreeMap<i64, String>,
    plans: BTreeMap<String, String>,
}

/// The report of the engagement, as the vault stands now.
pub(super) fn report(_bench: &Workbench, desk: &Desk, request: &WriteReport) -> Answer<m::Report> {
    let reader = desk.read()?;
    let view = reader.view();
    let engagement = desk.engagement()?;
    let kept = view.engagements().get(engagement)?;
    let bundles = view.bundles().of(engagement)?;
    let plans = view.plans().of(engagement)?;
    let samples = plans
        .iter()
        .map(|plan| load(&view, plan))
        .collect::<Answer<Vec<_>>>()?;
    let labels = Labels {
        bundles: bundles
            .iter()
            .enumerate()
            .map(|(i, b)| (b.bundle.0, format!("B{}", i + 1)))
            .collect(),
        plans: samples
            .iter()
            .enumerate()
            .map(|(i, s)| (s.plan.id.to_string(), format!("A{}", i + 1)))
            .collect(),
    };
    let evidence = bundles
        .iter()
        .map(|bundle| evidence_of(&view, bundle, &labels))
        .collect::<Answer<Vec<_>>>()?;
    let found = findings(&view, engagement)?;
    let samples = samples
        .iter()
        .map(|sample| sample_of(&view, sample, &labels, &found))
        .collect::<Answer<Vec<_>>>()?;
    let timelines = bundles
        .iter()
        .filter_map(|b| timeline(&view, b, &labels).transpose())
        .collect::<Answer<Vec<_>>>()?;
    let custody = custody_of(&view, engagement)?;
    let title = if request.title.trim().is_empty() {
        kept.title.clone()
    } else {
        request.title.trim().to_owned()
    };
    // the time of the last event and not of the clock: the same vault state gives the same bytes
    let made_at = view
        .custody()
        .last()?
        .map_or_else(|| moment::stated(kept.at), |event| event.time);
    let prepared_by = desk
        .signer
        .as_ref()
        .map_or_else(|| kept.by.clone(), |signer| signer.name().to_owned());
    let catalogue =
        Catalogue::shipped().map_err(|e| Error::new(crate::error::Code::Internal, e.to_string()))?;
    let findings: Vec<_> = found.iter().map(|finding| finding_of(finding, &labels)).collect();
    let mut report = m::Report {
        schema: "tickmark.report/1".into(),
        header: m::Header {
            id: report_id(engagement, &custody.head, &made_at),
            version: "1.0".into(),
            status: m::Status::Draft,
            title,
            subtitle: subtitle(
                &kept.scope,
                kept.period_from.as_deref(),
                kept.period_to.as_deref(),
            ),
            addressee: kept.addressee.clone(),
            period: m::Period {
                from: kept.period_from.clone(),
                to: kept.period_to.clone(),
            },
            classification: kept.classification.clone(),
            prepared_by: prepared_by.clone(),
            reviewed_by: None,
            tool: m::Tool {
                name: "Tickmark".into(),
                version: env!("CARGO_PKG_VERSION").into(),
                digest: None,
            },
            made_at: made_at.clone(),
            sealed_at: None,
            lang: "en".into(),
        },
        engagement: m::Engagement {
            id: engagement.to_string(),
            title: kept.title.clone(),
            scope: kept.scope.clone(),
            criteria: cited(&catalogue, &findings),
            criteria_map: Some(m::CriteriaMap {
                version: catalogue.version().to_owned(),
                digest: canonical::digest(catalogue.text()),
            }),
            responsibilities: RESPONSIBILITIES.iter().map(|s| (*s).to_owned()).collect(),
            independence: None,
        },
        summary: m::Summary {
            lead: Vec::new(),
            examined: Vec::new(),
            not_shown: Vec::new(),
            conclusion: None,
        },
        evidence,
        timelines,
        samples,
        census: Vec::new(),
        judgement: Vec::new(),
        findings,
        controls: Vec::new(),
        limitations: Vec::new(),
        redactions: Vec::new(),
        custody,
        sign_offs: Vec::new(),
        recipe: m::Recipe {
            needs: String::new(),
            steps: Vec::new(),
        },
        glossary: recipe::glossary(),
    };
    report.summary = summary(&report, request, &prepared_by, &made_at);
    report.limitations = limitations(&report, &request.limitations);
    report.recipe = recipe::recipe(&report);
    Ok(report)
}

/// What is still missing, in words.
pub(super) fn gaps(report: &m::Report) -> Vec<String> {
    let mut gaps = Vec::new();
    if report.evidence.is_empty() {
        gaps.push("No bundle is imported.".to_owned());
    }
    for evidence in report
        .evidence
        .iter()
        .filter(|e| e.intake.received_from.is_empty())
    {
        gaps.push(format!(
            "It is not stated who handed over {}.",
            evidence.verification.bundle.name
        ));
    }
    for sample in &report.samples {
        match (&sample.draw, &sample.evaluation) {
            (None, _) => gaps.push(format!("The sample of {} is not drawn.", sample.label)),
            (Some(_), Some(evaluation)) if !evaluation.finished => {
                gaps.push(format!(
                    "The sample of {} is not finished: {} units are tested.",
                    sample.label, evaluation.tested
                ));
            }
            _ => {}
        }
    }
    if report.findings.is_empty()
        && report
            .evidence
            .iter()
            .any(|e| e.verification.verdict == ClaimOutcome::Refuted)
    {
        gaps.push("A bundle is refuted, and no finding says so.".into());
    }
    gaps.push("Nobody has signed off; the report is a draft.".into());
    gaps
}

fn report_id(engagement: &EngagementId, head: &str, made_at: &str) -> String {
    let year = made_at.get(..4).unwrap_or("0000");
    let digest = canonical::digest(&format!("{engagement}\n{head}\n"));
    format!("TM-{year}-{}", digest.get(..8).unwrap_or_default())
}

fn subtitle(scope: &str, from: Option<&str>, to: Option<&str>) -> String {
    let period = match (from, to) {
        (Some(from), Some(to)) => format!("for {} to {}", said_day(from), said_day(to)),
        _ => String::new(),
    };
    match (scope.trim().is_empty(), period.is_empty()) {
        (true, _) => period,
        (false, true) => format!("On {}", scope.trim()),
        (false, false) => format!("On {}\n{period}", scope.trim()),
    }
}

fn said_day(day: &str) -> String {
    chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_or_else(|_| day.to_owned(), |d| d.format("%-d %B %Y").to_string())
}

fn evidence_of(view: &View<'_>, bundle: &Kept<Bundle>, labels: &Labels) -> Answer<m::Evidence> {
    let judged = view.verifications().latest(bundle.bundle)?;
    let intake = shown_intake(view, bundle)?;
    let span = view.bundles().time_span(bundle.bundle)?;
    Ok(m::Evidence {
        label: labels.bundle(bundle.bundle),
        bundle: bundle.bundle.to_string(),
        intake: m::Intake {
            sender_agrees: intake
                .sender_sha256
                .as_ref()
                .map(|told| told.eq_ignore_ascii_case(&bundle.sha256)),
            received_from: intake.received_from,
            received_at: intake.received_at,
            medium: intake.medium,
            request: intake.request,
            sender_sha256: intake.sender_sha256,
            period: intake.period.map(|period| m::Period {
                from: Some(period.from),
                to: Some(period.to),
            }),
        },
        imported_at: moment::stated(bundle.at),
        imported_by: bundle.by.clone(),
        importer: judged.verification.tool.version.clone(),
        custody_seq: bundle.custody,
        judged_at: moment::stated(judged.at),
        judgements: view.verifications().count(bundle.bundle)?,
        first_time: span.and_then(|(first, _)| moment::of_micros(first)),
        last_time: span.and_then(|(_, last)| moment::of_micros(last)),
        verification: printed(judged.row.verification),
    })
}

/// The judgement with as many faults as are printed; `counts.faults` keeps the true number.
fn printed(mut verification: Verification) -> Verification {
    verification.faults.truncate(MOST_FAULTS);
    verification
}

fn sample_of(
    view: &View<'_>,
    sample: &Sample,
    labels: &Labels,
    found: &[cf::FindingView],
) -> Answer<m::Sample> {
    let json = sample.population_json();
    let named = json["bundles"].as_array().cloned().unwrap_or_default();
    let imported: u64 = named.iter().filter_map(|b| b["records"].as_u64()).sum();
    let left_out = imported.saturating_sub(sample.population.size);
    let reads_as = json["reads_as"].as_str().unwrap_or_default().to_owned();
    let numbers: Vec<BundleNo> = named
        .iter()
        .filter_map(|b| b["bundle"].as_i64())
        .map(BundleNo)
        .collect();
    let _ = view;
    Ok(m::Sample {
        label: labels.plan(sample.plan.id.as_str()),
        plan_id: sample.plan.id.to_string(),
        attribute: sample.plan.title.clone(),
        deviation: sample.text("deviation"),
        criterion: sample.text("criterion"),
        population: m::Population {
            definition: reads_as.clone(),
            bundles: numbers.iter().map(|number| labels.bundle(*number)).collect(),
            filter: json["query"].as_str().unwrap_or_default().to_owned(),
            filter_reads_as: reads_as,
            imported,
            excluded: if left_out == 0 {
                Vec::new()
            } else {
                vec![m::Exclusion {
                    reason: "do not fit the filter".into(),
                    count: left_out,
                }]
            },
            size: sample.population.size,
            frame_order: match json["order"].as_str() {
                Some("source") => m::FrameOrder::Source,
                Some("time,id") => m::FrameOrder::TimeId,
                _ => m::FrameOrder::Id,
            },
            frame_digest: sample.population.frame_digest.clone(),
            ids: json["ids"].as_array().map_or_else(Vec::new, |ids| {
                ids.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }),
        },
        plan: m::Plan {
            tolerable: sample.text("tolerable"),
            expected: sample.text("expected"),
            confidence: sample.text("confidence"),
            method: sample.text("method"),
            sample_size: sample.size(),
            acceptable: sample.acceptable(),
            frozen_at: moment::stated(sample.plan.at),
            frozen_by: sample.plan.by.clone(),
            digest: sample.plan.digest.clone(),
            custody_seq: sample.plan.custody,
        },
        draw: sample.draw.as_ref().map(|draw| m::Draw {
            algorithm: draw.method.clone(),
            seed: draw.seed.clone(),
            seed_source: draw.seed_source.clone(),
            drawn_at: moment::stated(draw.at),
            drawn_by: draw.by.clone(),
            custody_seq: draw.custody,
            units: units_of(sample, labels, found),
        }),
        evaluation: sample
            .evaluation()
            .filter(|e| e.tested > 0)
            .map(|e| evaluation_of(&e)),
    })
}

fn units_of(sample: &Sample, labels: &Labels, found: &[cf::FindingView]) -> Vec<m::Unit> {
    sample
        .picks
        .iter()
        .map(|pick| {
            let result = sample.result(pick.number);
            let bundle = pick.bundle.to_string();
            let cites = |finding: &&cf::FindingView| {
                finding
                    .evidence
                    .iter()
                    .any(|e| e.bundle.as_ref() == Some(&bundle) && e.position == Some(pick.position))
            };
            m::Unit {
                ordinal: pick.number,
                counter: pick.counter,
                pick: pick.frame,
                bundle: labels.bundle(pick.bundle),
                position: pick.position,
                record_id: pick.record.clone(),
                result: result.map(|r| unit_result(shown_outcome(r.outcome))),
                note: result.map(|r| r.note.clone()).filter(|note| !note.is_empty()),
                tested_by: result.map(|r| r.by.clone()),
                tested_at: result.map(|r| moment::stated(r.at)),
                replaced_by: sample
                    .picks
                    .iter()
                    .find(|p| p.replaces == Some(pick.number))
                    .map(|p| p.number),
                finding: found.iter().find(cites).map(finding_number),
                superseded: sample
                    .history
                    .iter()
                    .filter(|r| r.pick == pick.number && result.is_some_and(|now| r.version < now.version))
                    .map(|r| m::EarlierResult {
                        result: unit_result(shown_outcome(r.outcome)),
                        note: Some(r.note.clone()).filter(|note| !note.is_empty()),
                        by: r.by.clone(),
                        at: moment::stated(r.at),
                    })
                    .collect(),
            }
        })
        .collect()
}

fn unit_result(result: UnitResult) -> m::UnitResult {
    match result {
        UnitResult::Pass => m::UnitResult::Pass,
        UnitResult::Deviation => m::UnitResult::Deviation,
        UnitResult::NotApplicable => m::UnitResult::NotApplicable,
        UnitResult::CouldNotTest => m::UnitResult::CouldNotTest,
    }
}

fn evaluation_of(e: &EvaluationView) -> m::Evaluation {
    m::Evaluation {
        finished: e.finished,
        tested: e.tested,
        passed: e.passed,
        deviations: e.deviations,
        could_not_test: e.could_not_test,
        not_applicable: e.not_applicable,
        point_rate: decimal(e.point),
        upper_limit: decimal(e.upper_limit),
        upper_printed: e.upper_printed.clone(),
        upper_count: e.upper_count,
        supports: e.supports,
        sentence: e.sentence.clone(),
    }
}

/// A double as decimal text that reads back to the same double.
pub(super) fn decimal(value: f64) -> String {
    format!("{value}")
}

fn finding_number(finding: &cf::FindingView) -> String {
    format!("F{}", finding.number)
}

fn finding_of(finding: &cf::FindingView, labels: &Labels) -> m::Finding {
    m::Finding {
        id: finding_number(finding),
        version: finding.version,
        title: finding.title.clone(),
        criterion: finding.criterion.clone(),
        condition: finding.condition.clone(),
        cause: finding.cause.clone(),
        effect: finding.effect.clone(),
        recommendation: finding.recommendation.clone(),
        response: None,
        severity: severity(finding.severity),
        status: status(finding.status),
        evidence: finding.evidence.iter().map(|e| reference(e, labels)).collect(),
        author: finding.author.clone(),
        written_at: finding.written_at.clone(),
        history: finding
            .history
            .iter()
            .map(|v| m::FindingVersion {
                version: v.version,
                title: v.title.clone(),
                severity: severity(v.severity),
                status: status(v.status),
                author: v.author.clone(),
                written_at: v.written_at.clone(),
            })
            .collect(),
    }
}

fn reference(evidence: &cf::EvidenceRef, labels: &Labels) -> m::EvidenceRef {
    let bundle = evidence
        .bundle
        .as_deref()
        .and_then(|b| b.parse().ok())
        .map(|b: BundleNo| labels.bundle(b));
    m::EvidenceRef {
        kind: match evidence.kind {
            cf::EvidenceKind::Record => m::EvidenceKind::Record,
            cf::EvidenceKind::Bundle => m::EvidenceKind::Bundle,
            cf::EvidenceKind::Check => m::EvidenceKind::Check,
            cf::EvidenceKind::Unit => m::EvidenceKind::Unit,
        },
        bundle,
        position: evidence.position,
        record_id: evidence.record_id.clone(),
        check: evidence.check.clone(),
        sample: evidence.plan.as_deref().map(|plan| labels.plan(plan)),
        ordinal: evidence.ordinal,
    }
}

fn severity(severity: cf::Severity) -> m::Severity {
    match severity {
        cf::Severity::High => m::Severity::High,
        cf::Severity::Medium => m::Severity::Medium,
        cf::Severity::Low => m::Severity::Low,
        cf::Severity::Info => m::Severity::Info,
    }
}

fn status(status: cf::FindingStatus) -> m::FindingStatus {
    match status {
        cf::FindingStatus::Draft => m::FindingStatus::Draft,
        cf::FindingStatus::Open => m::FindingStatus::Open,
        cf::FindingStatus::Answered => m::FindingStatus::Answered,
        cf::FindingStatus::Closed => m::FindingStatus::Closed,
        cf::FindingStatus::Withdrawn => m::FindingStatus::Withdrawn,
    }
}

/// Criteria of the catalogue that a finding names by its id.
fn cited(catalogue: &Catalogue, findings: &[m::Finding]) -> Vec<m::Criterion> {
    catalogue
        .criteria()
        .iter()
        .filter(|c| {
            findings
                .iter()
                .any(|f| f.criterion.contains(&c.id) || f.criterion.contains(&c.title()))
        })
        .map(|c| m::Criterion {
            id: c.id.clone(),
            framework: c.framework.clone(),
            clause: c.clause.clone(),
            duty: c.duty.clone(),
        })
        .collect()
}

fn timeline(view: &View<'_>, bundle: &Kept<Bundle>, labels: &Labels) -> Answer<Option<m::Timeline>> {
    let query = RecordQuery::of(Scope::Bundles(vec![bundle.bundle]));
    let Some((first, last)) = view.records().time_span(&query)? else {
        return Ok(None);
    };
    let days = last.saturating_sub(first) / 86_400_000_000;
    let (unit, step) = if days <= 4 {
        (Unit::Hour, 3_600_000_000)
    } else {
        (Unit::Day, 86_400_000_000)
    };
    if days > MOST_DAYS {
        return Ok(None);
    }
    let found = view.records().histogram(&query, unit)?;
    let mut buckets: Vec<m::Bucket> = Vec::new();
    let mut next: Option<i64> = None;
    for bucket in &found.buckets {
        while let Some(at) = next.filter(|at| *at < bucket.from) {
            buckets.push(m::Bucket {
                start: start(at, unit),
                records: 0,
                faults: 0,
            });
            next = Some(at + step);
        }
        buckets.push(m::Bucket {
            start: start(bucket.from, unit),
            records: bucket.count,
            faults: bucket.faults,
        });
        next = Some(bucket.from + step);
    }
    let silences = silences(&buckets, unit);
    let total: u64 = buckets.iter().map(|b| b.records).sum();
    let most = buckets.iter().map(|b| b.records).max().unwrap_or_default();
    let name = if unit == Unit::Hour { "hour" } else { "day" };
    let silent = match silences.len() {
        0 => String::new(),
        1 => " One interval without records is marked.".to_owned(),
        n => format!(" {n} intervals without records are marked."),
    };
    Ok(Some(m::Timeline {
        bundle: labels.bundle(bundle.bundle),
        unit: if unit == Unit::Hour {
            m::BucketUnit::Hour
        } else {
            m::BucketUnit::Day
        },
        zone: "UTC".into(),
        sentence: format!(
            "{} records by {name}, at most {} a {name}, as the records state their times.{silent}",
            moment::grouped(total),
            moment::grouped(most)
        ),
        buckets,
        silences,
    }))
}

/// Runs of empty buckets: every empty day; of hours, at least eight in a row.
fn silences(buckets: &[m::Bucket], unit: Unit) -> Vec<m::Silence> {
    let shortest = if unit == Unit::Hour { 8 } else { 1 };
    let word = if unit == Unit::Hour { "hours" } else { "days" };
    let mut found = Vec::new();
    let mut first = None;
    for (index, bucket) in buckets.iter().enumerate() {
        match (bucket.records, first) {
            (0, None) => first = Some(index),
            (0, Some(_)) | (_, None) => {}
            (_, Some(begun)) => {
                let length = index - begun;
                if length >= shortest && found.len() < MOST_SILENCES {
                    let (from, to) = (&buckets[begun].start, &buckets[index - 1].start);
                    let sentence = if length == 1 {
                        format!("no records on {from}")
                    } else {
                        format!("no records for {length} {word}, {from} to {to}")
                    };
                    found.push(m::Silence {
                        first: begun as u64,
                        last: (index - 1) as u64,
                        sentence,
                    });
                }
                first = None;
            }
        }
    }
    found
}

fn start(micros: i64, unit: Unit) -> String {
    let format = if unit == Unit::Hour {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%d"
    };
    chrono::DateTime::from_timestamp_micros(micros)
        .map_or_else(String::new, |at| at.format(format).to_string())
}

fn custody_of(view: &View<'_>, _engagement: &EngagementId) -> Answer<m::Custody> {
    let custody = view.custody();
    let count = custody.count()?;
    let mut events = Vec::new();
    let mut offset = 0;
    while offset < count {
        let page = custody.newest(offset, PAGE)?;
        if page.is_empty() {
            break;
        }
        offset += page.len() as u64;
        events.extend(page);
    }
    events.reverse();
    Ok(m::Custody {
        count,
        head: custody.last()?.map_or_else(String::new, |event| event.hash),
        events: events
            .iter()
            .map(|event| m::CustodyEvent {
                seq: event.seq,
                time: event.time.clone(),
                actor: event.actor.clone(),
                action: event.action.clone(),
                sentence: sentence(event),
                hash: event.hash.clone(),
            })
            .collect(),
        signers: view
            .reviewers()
            .list()?
            .iter()
            .map(|reviewer| m::Signer {
                name: reviewer.name.clone(),
                fingerprint: reviewer.custody_key_digest.clone(),
            })
            .collect(),
    })
}

fn summary(report: &m::Report, request: &WriteReport, by: &str, at: &str) -> m::Summary {
    let count = |outcome| {
        report
            .evidence
            .iter()
            .filter(|e| e.verification.verdict == outcome)
            .count()
    };
    let mut lead = Vec::new();
    let all = report.evidence.len();
    let bundles = if all == 1 {
        "bundle".to_owned()
    } else {
        format!("{all} bundles")
    };
    match (all, count(ClaimOutcome::Refuted), count(ClaimOutcome::Proven)) {
        (0, ..) => lead.push("No bundle was received.".to_owned()),
        (_, 0, proven) if proven == all => lead.push(format!(
            "The {bundles} received {} proven.",
            if all == 1 { "is" } else { "are" }
        )),
        (_, 0, proven) => lead.push(format!(
            "Of the {bundles} received, none is refuted and {proven} {} proven.",
            if proven == 1 { "is" } else { "are" }
        )),
        (_, refuted, _) => {
            let first = report
                .evidence
                .iter()
                .find(|e| e.verification.verdict == ClaimOutcome::Refuted);
            let why = first.map_or("", |e| {
                e.verification
                    .sentence
                    .split(" One refuted claim")
                    .next()
                    .unwrap_or_default()
            });
            lead.push(format!(
                "{refuted} of {all} {} refuted. {why}",
                if refuted == 1 { "bundles is" } else { "bundles are" }
            ));
        }
    }
    for sample in &report.samples {
        lead.push(match &sample.evaluation {
            Some(e) if e.finished => {
                let verb = if e.supports == Some(true) { "supports" } else { "does not support" };
                format!("The sample {verb} the control “{}”: {} of {} units deviate, at most {} of the population.", sample.attribute, e.deviations, e.tested, e.upper_printed)
            }
            _ => format!("The sample for “{}” is not finished.", sample.attribute),
        });
    }
    let records: u64 = report
        .evidence
        .iter()
        .map(|e| e.verification.counts.records)
        .sum();
    let mut examined = vec![format!(
        "{} records in {all} {}.",
        moment::grouped(records),
        if all == 1 { "bundle" } else { "bundles" }
    )];
    examined.extend(report.samples.iter().map(|s| {
        format!(
            "{}: {} of {} records of the population were drawn for “{}”.",
            s.label,
            s.draw.as_ref().map_or(0, |d| d.units.len()),
            moment::grouped(s.population.size),
            s.attribute
        )
    }));
    let mut not_shown: Vec<String> = Vec::new();
    for line in report.evidence.iter().flat_map(|e| &e.verification.not_proven) {
        if !not_shown.contains(line) {
            not_shown.push(line.clone());
        }
    }
    let text = request.conclusion.trim();
    m::Summary {
        lead,
        examined,
        not_shown,
        conclusion: (!text.is_empty()).then(|| m::Conclusion {
            text: text.to_owned(),
            by: by.to_owned(),
            at: at.to_owned(),
        }),
    }
}

fn limitations(report: &m::Report, own: &str) -> Vec<String> {
    let mut lines: Vec<String> = LIMITATIONS.iter().map(|s| (*s).to_owned()).collect();
    if report.samples.iter().any(|s| s.evaluation.is_some()) {
        lines.push("A sample can miss what it is drawn to find: the confidence says how often. The limit assumes that each unit was judged without error.".into());
    }
    if report
        .evidence
        .iter()
        .any(|e| !e.verification.uncovered_fields.is_empty())
    {
        lines.push("Fields that no hash or signature reaches may have been changed without a trace; chapter 4 lists them.".into());
    }
    lines.extend(
        own.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned),
    );
    lines
}

impl Labels {
    fn bundle(&self, bundle: BundleNo) -> String {
        self.bundles
            .get(&bundle.0)
            .cloned()
            .unwrap_or_else(|| format!("bundle {bundle}"))
    }

    fn plan(&self, plan: &str) -> String {
        self.plans.get(plan).cloned().unwrap_or_default()
    }
}

const RESPONSIBILITIES: [&str; 2] = [
    "The party that handed over the records is responsible for them, and for what was recorded and what was not.",
    "The reviewer is responsible for the procedures that this report describes and for the findings.",
];
const LIMITATIONS: [&str; 4] = [
    "Only what was handed over was examined. Nothing shows what was left out before it was recorded.",
    "Identities of persons and systems are as the records state them.",
    "Times are as the records state them, and custody times are the machine clock of the reviewer.",
    "Names and addresses of persons in the records were not searched for or masked.",
];
const MOST_FAULTS: usize = 200;
const MOST_DAYS: i64 = 800;
const MOST_SILENCES: usize = 12;
const PAGE: u64 = 500;
