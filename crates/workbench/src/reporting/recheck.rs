//! Performs a report again: PDF against `report.json`, and every figure recomputed from the bundles, without a vault.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tickmark_formats::limits::Limits;
use tickmark_report::model as m;
use tickmark_sampling as sample;
use tickmark_sources::facts;
use tickmark_verify::verification::{CheckOutcome, Verification};
use tickmark_verify::{Observer, Request, SeenRecord};

use crate::contract::bundle::Progress;
use crate::contract::report::{CheckReport, FigureCheck, FigureOutcome, ReportCheck, ReportOutcome};
use crate::error::{Answer, Code, Error};
use crate::query::{Column, Query};
use crate::received::{at_path, small_file};
use crate::task::Meter;
use crate::{format, trust};

use super::gather::decimal;

/// Performs a report again.
///
/// # Errors
/// `unreadable` when it is neither a report's PDF nor its `report.json`.
pub(super) fn check(request: &CheckReport, progress: &mut dyn FnMut(Progress)) -> Answer<ReportCheck> {
    let mut figures = Figures::default();
    let report = open(Path::new(request.path.trim()), &mut figures)?;
    let performed = perform_bundles(&report, request, &mut figures, progress)?;
    for one in &report.samples {
        sampling(one, &performed, &mut figures);
    }
    custody(&report, &mut figures);
    entered(&report, &mut figures);
    Ok(figures.sum())
}

/// Reads the report, and holds PDF and `report.json` against each other where both are there.
fn open(path: &Path, figures: &mut Figures) -> Answer<m::Report> {
    let bytes = small_file(path, LARGEST_REPORT)?;
    let unreadable = |error: tickmark_report::ReportError| {
        Error::new(
            Code::Unreadable,
            format!("{} is no report: {error}.", path.display()),
        )
        .hint("Give the PDF that Tickmark wrote, or the report.json beside it.")
    };
    if !bytes.starts_with(b"%PDF") {
        let report = m::Report::from_json(&bytes).map_err(unreadable)?;
        figures.not_checked("PDF", "only report.json was given", "no PDF was given");
        canonical(&bytes, &report, figures);
        return Ok(report);
    }
    let embedded = tickmark_report::embedded_json(&bytes).map_err(unreadable)?;
    let report = m::Report::from_json(&embedded).map_err(unreadable)?;
    let digest = tickmark_report::digest_of(&embedded);
    match tickmark_report::printed_digest(&bytes) {
        Ok(printed) => figures.compare("Digest printed on the pages", &printed, &digest),
        Err(error) => figures.not_checked("Digest printed on the pages", &digest, &error.to_string()),
    }
    canonical(&embedded, &report, figures);
    match tickmark_report::render(&report) {
        Ok(again) => {
            let same = if again.pdf == bytes {
                "the same bytes"
            } else {
                "other bytes"
            };
            figures.compare("The PDF, made again from its report.json", "the same bytes", same);
        }
        Err(error) => figures.compare(
            "The PDF, made again from its report.json",
            "the same bytes",
            &error.to_string(),
        ),
    }
    let beside = path.with_extension("json");
    match small_file(&beside, LARGEST_REPORT) {
        Ok(other) => figures.compare(
            "report.json beside the PDF",
            &digest,
            &tickmark_report::digest_of(&other),
        ),
        Err(_) => figures.not_checked("report.json beside the PDF", &digest, "there is none beside it"),
    }
    Ok(report)
}

fn canonical(bytes: &[u8], report: &m::Report, figures: &mut Figures) {
    let again = report.canonical_json().unwrap_or_default();
    let told = |same: bool| if same { "canonical" } else { "not canonical" };
    figures.compare(
        "Spelling of report.json (RFC 8785)",
        "canonical",
        told(again == bytes),
    );
}

/// One bundle, judged again.
struct Performed {
    records: Vec<Seen>,
}

/// What a frame needs of a record.
struct Seen {
    id: String,
    position: u64,
    time: Option<i64>,
    columns: [Option<String>; 4],
}

fn perform_bundles(
    report: &m::Report,
    request: &CheckReport,
    figures: &mut Figures,
    progress: &mut dyn FnMut(Progress),
) -> Answer<HashMap<String, Performed>> {
    let mut performed = HashMap::new();
    for evidence in &report.evidence {
        let printed = &evidence.verification;
        let label = &evidence.label;
        let Some(path) = find(&request.bundles, &printed.bundle.name) else {
            figures.not_checked(
                &format!("{label}: verdict and counts"),
                &printed.bundle.name,
                "the bundle is not at hand",
            );
            continue;
        };
        let told = told(printed);
        let trusted = trust::read(&trust::outside(&request.trust, &path)?.0)?;
        let asked = Request {
            profile: format::choice_again(printed.profile.as_ref().map(|profile| profile.id.as_str())),
            trust: trusted.clone(),
            expect_head: told.0,
            expect_count: told.1,
            expect_sha256: evidence.intake.sender_sha256.clone(),
            period: evidence.intake.period.as_ref().map(spelled),
            ..Request::default()
        };
        let mut watch = Watch {
            seen: Vec::new(),
            meter: Meter::new("judging", "bytes"),
            progress,
            limits: Limits::default(),
        };
        match at_path(&path).and_then(|received| Ok(tickmark_verify::verify(received, &asked, &mut watch)?)) {
            Err(error) => figures.not_checked(
                &format!("{label}: verdict and counts"),
                &printed.bundle.name,
                &error.to_string(),
            ),
            Ok(found) => {
                bundle_figures(label, printed, &found, !trusted.is_empty(), figures);
                performed.insert(label.clone(), Performed { records: watch.seen });
            }
        }
    }
    Ok(performed)
}

fn find(paths: &[String], name: &str) -> Option<PathBuf> {
    paths.iter().map(PathBuf::from).find_map(|path| {
        if path.file_name().is_some_and(|n| n.to_string_lossy() == name) {
            return Some(path);
        }
        let inside = path.join(name);
        (path.is_dir() && inside.exists()).then_some(inside)
    })
}

/// The review period as a request has it. What cannot be read there covers nothing.
fn spelled(period: &m::Period) -> String {
    let end = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}..{}", end(&period.from), end(&period.to))
}

/// Heads and count that were told to the reviewer, as the printed checks show them.
fn told(printed: &Verification) -> (Vec<String>, Option<u64>) {
    let outcome = |id: &str| {
        printed
            .claims
            .completeness
            .checks
            .iter()
            .find(|c| c.id == id)
            .map(|c| c.outcome)
    };
    let fault = |code: &str| {
        printed
            .faults
            .iter()
            .find(|f| f.code == code)
            .and_then(|f| f.expected.clone())
    };
    let heads = match outcome("expected_head") {
        Some(CheckOutcome::Pass) => printed.chains.iter().map(|c| c.head.clone()).collect(),
        Some(CheckOutcome::Fail) => fault("head_mismatch").into_iter().collect(),
        _ => Vec::new(),
    };
    let count = match outcome("expected_count") {
        Some(CheckOutcome::Pass) => Some(printed.counts.records),
        Some(CheckOutcome::Fail) => fault("count_mismatch").and_then(|text| text.parse().ok()),
        _ => None,
    };
    (heads, count)
}

fn bundle_figures(
    label: &str,
    printed: &Verification,
    found: &Verification,
    has_trust: bool,
    figures: &mut Figures,
) {
    let name = |what: &str| format!("{label}: {what}");
    figures.compare(&name("SHA-256"), &printed.bundle.sha256, &found.bundle.sha256);
    figures.compare(
        &name("size in bytes"),
        &printed.bundle.bytes.to_string(),
        &found.bundle.bytes.to_string(),
    );
    figures.compare(
        &name("records"),
        &printed.counts.records.to_string(),
        &found.counts.records.to_string(),
    );
    figures.compare(
        &name("faults"),
        &printed.counts.faults.to_string(),
        &found.counts.faults.to_string(),
    );
    let profile = |v: &Verification| {
        v.profile
            .as_ref()
            .map_or("none".to_owned(), |p| format!("{} {}", p.id, p.digest))
    };
    figures.compare(&name("profile"), &profile(printed), &profile(found));
    figures.compare(
        &name("uncovered fields"),
        &printed.uncovered_fields.join(", "),
        &found.uncovered_fields.join(", "),
    );
    let heads = |v: &Verification| {
        v.chains
            .iter()
            .map(|c| c.head.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    figures.compare(&name("last hash"), &heads(printed), &heads(found));
    let claims = |v: &Verification| {
        [
            ("integrity", v.claims.integrity.outcome),
            ("authenticity", v.claims.authenticity.outcome),
            ("completeness", v.claims.completeness.outcome),
            ("time", v.claims.time.outcome),
            ("verdict", v.verdict),
        ]
    };
    let needs_keys = printed
        .keys
        .iter()
        .any(|key| key.origin == tickmark_verify::verification::KeyOrigin::Pinned);
    for ((what, stated), (_, again)) in claims(printed).into_iter().zip(claims(found)) {
        let word = |outcome| crate::finding::word(&outcome).replace('_', " ");
        if needs_keys && !has_trust && stated != again {
            figures.not_checked(
                &name(what),
                &word(stated),
                "the pinned keys are not at hand: give them with --trust",
            );
        } else {
            figures.compare(&name(what), &word(stated), &word(again));
        }
    }
}

struct Watch<'w> {
    seen: Vec<Seen>,
    meter: Meter,
    progress: &'w mut dyn FnMut(Progress),
    limits: Limits,
}

impl Observer for Watch<'_> {
    fn progress(&mut self, at: &tickmark_verify::Progress) -> ControlFlow<()> {
        if let Some(told) = self.meter.at(at.bytes_done, at.bytes_total, at.records) {
            (self.progress)(told);
        }
        ControlFlow::Continue(())
    }

    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        let id = tickmark_crypto::encoding::hex(&record.id);
        let id = if record.occurrence > 1 {
            format!("{id}#{}", record.occurrence)
        } else {
            id
        };
        let told = tickmark_formats::json::parse(record.bytes, &self.limits)
            .ok()
            .map(|value| facts(&value));
        let value = |fact: Option<&tickmark_sources::Fact>| fact.map(|f| f.value.clone());
        self.seen.push(Seen {
            id,
            position: record.position,
            time: told
                .as_ref()
                .and_then(|f| f.time.as_ref())
                .map(|t| t.utc_nanos.div_euclid(1_000)),
            columns: Column::ALL.map(|column| {
                let facts = told.as_ref()?;
                value(match column {
                    Column::Event => facts.event.as_ref(),
                    Column::Actor => facts.actor.as_ref(),
                    Column::Outcome => facts.outcome.as_ref(),
                    Column::Model => facts.model.as_ref(),
                })
            }),
        });
        ControlFlow::Continue(())
    }
}

fn sampling(one: &m::Sample, performed: &HashMap<String, Performed>, figures: &mut Figures) {
    let name = |what: &str| format!("{}: {what}", one.label);
    match frame(one, performed) {
        Err(why) => figures.not_checked(
            &name("population and frame digest"),
            &one.population.frame_digest,
            &why,
        ),
        Ok(frame) => {
            figures.compare(
                &name("population"),
                &one.population.size.to_string(),
                &frame.len().to_string(),
            );
            let digest =
                sample::frame_digest(frame.iter().map(|(_, seen)| seen.id.as_str())).unwrap_or_default();
            figures.compare(&name("frame digest"), &one.population.frame_digest, &digest);
            if let Some(draw) = &one.draw {
                let wrong = draw.units.iter().find(|unit| {
                    let at = usize::try_from(unit.pick)
                        .ok()
                        .and_then(|pick| frame.get(pick.checked_sub(1)?));
                    at.is_none_or(|(label, seen)| {
                        **label != unit.bundle || seen.id != unit.record_id || seen.position != unit.position
                    })
                });
                let found = wrong.map_or_else(
                    || "each pick is its record".to_owned(),
                    |u| format!("pick {} is another record", u.pick),
                );
                figures.compare(&name("records of the picks"), "each pick is its record", &found);
            }
        }
    }
    plan(one, figures);
    if let Some(draw) = &one.draw {
        let picks = |units: &[m::Unit]| {
            units
                .iter()
                .map(|u| u.pick.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let again = sample::rivest(&draw.seed, one.population.size, draw.units.len() as u64);
        let again = again.map(|p| {
            p.iter()
                .map(|x| x.position.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        });
        match again {
            Ok(again) => figures.compare(&name("picks from the seed"), &picks(&draw.units), &again),
            Err(error) => figures.not_checked(
                &name("picks from the seed"),
                &picks(&draw.units),
                &error.to_string(),
            ),
        }
    }
    evaluation(one, figures);
}

fn plan(one: &m::Sample, figures: &mut Figures) {
    let size = crate::contract::sampling::PlanSize {
        tolerable: one.plan.tolerable.clone(),
        expected: one.plan.expected.clone(),
        confidence: one.plan.confidence.clone(),
        population: Some(one.population.size),
    };
    let stated = format!(
        "{} units, {} acceptable",
        one.plan.sample_size, one.plan.acceptable
    );
    let name = format!("{}: sample size", one.label);
    match crate::sampling::size(&size, Some(one.population.size)) {
        Ok(plan) => figures.compare(
            &name,
            &stated,
            &format!("{} units, {} acceptable", plan.sample_size, plan.acceptable),
        ),
        Err(error) => figures.not_checked(&name, &stated, &error.to_string()),
    }
}

/// Results are what a person saw; the counts over them and the limit are computed again.
fn evaluation(one: &m::Sample, figures: &mut Figures) {
    let (Some(evaluation), Some(draw)) = (&one.evaluation, &one.draw) else {
        return;
    };
    let name = |what: &str| format!("{}: {what}", one.label);
    let result_of = |ordinal: u64| {
        draw.units
            .iter()
            .find(|u| u.ordinal == ordinal)
            .and_then(|u| u.result)
    };
    let replaces = |unit: &m::Unit| {
        draw.units
            .iter()
            .find(|u| u.replaced_by == Some(unit.ordinal))
            .map(|u| u.ordinal)
    };
    let belongs =
        |unit: &&m::Unit| replaces(unit).is_none_or(|of| result_of(of) == Some(m::UnitResult::NotApplicable));
    let count = |wanted: m::UnitResult| {
        draw.units
            .iter()
            .filter(belongs)
            .filter(|u| u.result == Some(wanted))
            .count() as u64
    };
    let deviations = count(m::UnitResult::Deviation) + count(m::UnitResult::CouldNotTest);
    let tested = count(m::UnitResult::Pass) + deviations;
    figures.compare(
        &name("tested units"),
        &evaluation.tested.to_string(),
        &tested.to_string(),
    );
    figures.compare(
        &name("deviations"),
        &evaluation.deviations.to_string(),
        &deviations.to_string(),
    );
    let again = one.plan.confidence.parse().ok().and_then(|confidence| {
        let request = sample::EvaluateRequest {
            sample: tested,
            deviations,
            confidence,
            population: Some(one.population.size),
        };
        sample::evaluate(&request).ok()
    });
    match (again, one.plan.tolerable.parse::<sample::Rate>()) {
        (Some(again), Ok(tolerable)) => {
            figures.compare(
                &name("upper limit"),
                &evaluation.upper_limit,
                &decimal(again.upper_limit),
            );
            if let Some(stated) = evaluation.supports {
                let word = |supports: bool| if supports { "supports" } else { "does not support" };
                figures.compare(
                    &name("conclusion of the sample"),
                    word(stated),
                    word(again.supports(tolerable)),
                );
            }
        }
        _ => figures.not_checked(
            &name("upper limit"),
            &evaluation.upper_limit,
            "the plan's rates cannot be read",
        ),
    }
}

/// The frame of a population, from the bundles alone.
fn frame<'p>(
    one: &'p m::Sample,
    performed: &'p HashMap<String, Performed>,
) -> Result<Vec<(&'p String, &'p Seen)>, String> {
    let query = Query::parse(&one.population.filter).map_err(|e| e.to_string())?;
    let ids: Option<std::collections::HashSet<&str>> = if one.population.ids.is_empty() {
        None
    } else {
        Some(one.population.ids.iter().map(String::as_str).collect())
    };
    if ids.is_none() && !crate::sampling::derivable(&query) {
        return Err("the filter cannot be applied again, and the report carries no ids".into());
    }
    let mut frame = Vec::new();
    for label in &one.population.bundles {
        let bundle = performed
            .get(label)
            .ok_or_else(|| format!("{label} is not at hand"))?;
        let fits = |seen: &&Seen| match &ids {
            Some(ids) => ids.contains(seen.id.as_str()),
            None => fits(&query, seen),
        };
        frame.extend(bundle.records.iter().filter(fits).map(|seen| (label, seen)));
    }
    match one.population.frame_order {
        m::FrameOrder::Id => frame.sort_by(|a, b| a.1.id.cmp(&b.1.id)),
        m::FrameOrder::TimeId => frame.sort_by(|a, b| {
            (a.1.time.unwrap_or(i64::MAX), &a.1.id).cmp(&(b.1.time.unwrap_or(i64::MAX), &b.1.id))
        }),
        m::FrameOrder::Source => {}
    }
    Ok(frame)
}

fn fits(query: &Query, seen: &Seen) -> bool {
    let column = |wanted: Column| {
        let index = Column::ALL.iter().position(|c| *c == wanted)?;
        seen.columns.get(index)?.as_deref()
    };
    let columns = query.columns.iter().all(|term| {
        let value = column(term.column).unwrap_or_default();
        term.values.iter().any(|v| v == value) != term.excluded
    });
    let after = query
        .after
        .is_none_or(|at| seen.time.is_some_and(|t| t >= at.timestamp_micros()));
    let before = query
        .before
        .is_none_or(|at| seen.time.is_some_and(|t| t < at.timestamp_micros()));
    columns && after && before
}

fn custody(report: &m::Report, figures: &mut Figures) {
    let last = report
        .custody
        .events
        .last()
        .map_or_else(String::new, |event| event.hash.clone());
    figures.compare(
        "Custody: last hash is that of the last event printed",
        &report.custody.head,
        &last,
    );
    // who did what is the vault's to prove, not the report's: its export is a bundle of its own
    figures.entered(
        "Custody: events",
        &format!(
            "{} events; a custody export with this head proves them",
            report.custody.count
        ),
    );
}

fn entered(report: &m::Report, figures: &mut Figures) {
    figures.entered(
        "Findings",
        &format!("{} written by a person", report.findings.len()),
    );
    for one in &report.samples {
        let results = one
            .draw
            .as_ref()
            .map_or(0, |d| d.units.iter().filter(|u| u.result.is_some()).count());
        figures.entered(
            &format!("{}: results per unit", one.label),
            &format!("{results} entered by a person"),
        );
    }
    if let Some(conclusion) = &report.summary.conclusion {
        figures.entered("Conclusion", &format!("entered by {}", conclusion.by));
    }
}

#[derive(Default)]
struct Figures {
    figures: Vec<FigureCheck>,
}

impl Figures {
    fn add(&mut self, figure: &str, printed: &str, found: &str, outcome: FigureOutcome) {
        self.figures.push(FigureCheck {
            figure: figure.to_owned(),
            printed: printed.to_owned(),
            found: found.to_owned(),
            outcome,
        });
    }

    fn compare(&mut self, figure: &str, printed: &str, found: &str) {
        let outcome = if printed == found {
            FigureOutcome::Agrees
        } else {
            FigureOutcome::Differs
        };
        self.add(figure, printed, found, outcome);
    }

    fn not_checked(&mut self, figure: &str, printed: &str, why: &str) {
        self.add(figure, printed, why, FigureOutcome::NotChecked);
    }

    fn entered(&mut self, figure: &str, printed: &str) {
        self.add(figure, printed, "", FigureOutcome::Entered);
    }

    fn sum(self) -> ReportCheck {
        let count = |outcome| self.figures.iter().filter(|f| f.outcome == outcome).count();
        let (agree, differ, open) = (
            count(FigureOutcome::Agrees),
            count(FigureOutcome::Differs),
            count(FigureOutcome::NotChecked),
        );
        let (outcome, sentence) = if differ > 0 {
            (
                ReportOutcome::Differs,
                format!("{differ} figures differ from what the report states; {agree} agree."),
            )
        } else if open > 0 {
            (
                ReportOutcome::Incomplete,
                format!("Nothing differs: {agree} figures agree, {open} could not be checked."),
            )
        } else {
            (
                ReportOutcome::Agrees,
                format!("Every figure agrees: {agree} were computed again."),
            )
        };
        ReportCheck {
            schema: "tickmark.report-check/1".into(),
            outcome,
            sentence,
            figures: self.figures,
        }
    }
}

const LARGEST_REPORT: u64 = 256 << 20;
