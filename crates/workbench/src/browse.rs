//! Looking: bundles and their verdicts, records, one record beside its bytes, overview.

use std::collections::HashSet;
use std::time::Instant;

use tickmark_formats::json::{Value, parse};
use tickmark_formats::limits::Limits;
use tickmark_vault::id::BundleNo;
use tickmark_vault::query::{Field, Filter, Order, RecordQuery, Scope, Unit};
use tickmark_vault::table::Kept;
use tickmark_vault::table::bundle::Bundle;
use tickmark_vault::table::record::RecordRow as KeptRecord;
use tickmark_vault::view::View;
use tickmark_verify::verification::ClaimOutcome;

use crate::contract::bundle::{BundleRow, BundleView, Intake};
use crate::contract::command::{ById, Nothing, RecordAt};
use crate::contract::finding::{EvidenceKind, FindingStatus};
use crate::contract::record::{
    Bucket, ChainNeighbour, Facet, FacetValue, FieldView, HistogramView, RecordOrder, RecordRow, RecordView,
    RecordsPage, RecordsQuery, TextSpan,
};
use crate::contract::session::{NextStep, OverviewView};
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::finding::{bundle_ref, findings, notes_on, record_ref};
use crate::query::{Column, Query};
use crate::{moment, period};

impl Workbench {
    /// The bundles of the engagement, in the order of import.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn bundle_list(&self, _request: Nothing) -> Answer<Vec<BundleRow>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        rows(&desk, &reader.view())
    }

    /// One bundle with its newest judgement.
    ///
    /// # Errors
    /// `not_found`.
    pub fn bundle_view(&self, request: ById) -> Answer<BundleView> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let bundle = number(&request.id)?;
        let kept = view.bundles().get(bundle)?;
        let judged = view.verifications().latest(bundle)?;
        let told = kept.intake.sender_sha256.clone();
        let notes = notes_on(&view, &bundle_ref(bundle))?;
        Ok(BundleView {
            row: bundle_row(&view, &kept)?,
            judged_at: moment::stated(judged.at),
            judgements: view.verifications().count(bundle)?,
            verification: judged.row.verification,
            intake: shown_intake(&view, &kept)?,
            digest_agrees: told.map(|told| told.eq_ignore_ascii_case(&kept.sha256)),
            files: view.bundles().files(bundle)?.len() as u64,
            custody_seq: kept.custody,
            notes,
        })
    }

    /// A page of records.
    ///
    /// # Errors
    /// `invalid_input` when the query cannot be read, naming the character.
    pub fn records_page(&self, request: RecordsQuery) -> Answer<RecordsPage> {
        let started = Instant::now();
        let desk = self.desk()?;
        let query = Query::parse(&request.query)?;
        let mut asked = record_query(&query, scope_of(&desk, request.bundle.as_deref())?);
        asked.order = kept_order(request.order);
        asked.offset = request.offset;
        asked.limit = request.limit.min(MOST_ROWS);
        let reader = desk.read()?;
        let view = reader.view();
        let named = named_records(&desk, &view)?;
        let page = view.records().page(&asked)?;
        let rows = page
            .rows
            .iter()
            .map(|row| record_row(&view, row, &named))
            .collect::<Answer<Vec<_>>>()?;
        let wanted = |row: &RecordRow| query.note.is_none_or(|with| (row.notes > 0) == with);
        Ok(RecordsPage {
            total: page.total,
            of: page.of,
            rows: rows.into_iter().filter(wanted).collect(),
            reads_as: query.reads_as(),
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        })
    }

    /// How often the values of each column occur among the records that fit.
    ///
    /// # Errors
    /// `invalid_input` when the query cannot be read.
    pub fn records_facets(&self, request: RecordsQuery) -> Answer<Vec<Facet>> {
        let desk = self.desk()?;
        let query = record_query(
            &Query::parse(&request.query)?,
            scope_of(&desk, request.bundle.as_deref())?,
        );
        let reader = desk.read()?;
        let view = reader.view();
        Column::ALL
            .iter()
            .map(|column| {
                let facet = view.records().facet(&query, field(*column), MOST_VALUES)?;
                let values = facet
                    .values
                    .into_iter()
                    .map(|(value, count)| FacetValue { value, count })
                    .collect();
                Ok(Facet {
                    field: column.name().to_owned(),
                    values,
                    more: facet.more,
                })
            })
            .collect()
    }

    /// The records that fit, over time.
    ///
    /// # Errors
    /// `invalid_input` when the query cannot be read.
    pub fn records_histogram(&self, request: RecordsQuery) -> Answer<HistogramView> {
        let desk = self.desk()?;
        let query = record_query(
            &Query::parse(&request.query)?,
            scope_of(&desk, request.bundle.as_deref())?,
        );
        let reader = desk.read()?;
        histogram(&reader.view(), &query)
    }

    /// One record beside its original bytes.
    ///
    /// # Errors
    /// `not_found`.
    pub fn record_view(&self, request: RecordAt) -> Answer<RecordView> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let bundle = number(&request.bundle)?;
        let kept = view.records().get(bundle, request.position)?;
        let bytes = view.records().bytes(bundle, request.position)?.bytes;
        let (before, after) = view.records().neighbours(bundle, request.position)?;
        let judged = view.verifications().latest(bundle)?;
        let member = kept.member.as_deref().unwrap_or_default();
        let listed = judged.verification.uncovered_fields.iter();
        let uncovered: HashSet<String> = listed
            .filter_map(|field| own_field(field, member))
            .map(str::to_owned)
            .collect();
        let is_profiled = judged.verification.profile.is_some();
        let parsed = parse(&bytes, &Limits::default()).ok();
        let (fields, spans) = match &parsed {
            Some(value) => fields_of(value, &bytes, &uncovered, is_profiled),
            None => (Vec::new(), Vec::new()),
        };
        let named = named_records(&desk, &view)?;
        let findings = match &desk.engagement {
            Some(engagement) => findings(&view, engagement)?,
            None => Vec::new(),
        };
        let here = (bundle.to_string(), request.position);
        Ok(RecordView {
            row: record_row(&view, &kept, &named)?,
            member: kept.member.clone().unwrap_or_default(),
            line: kept.line.unwrap_or_default(),
            offset: kept.offset.unwrap_or_default(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            uncovered: spans,
            fields,
            before: before.as_ref().map(neighbour),
            own: neighbour(&kept),
            after: after.as_ref().map(neighbour),
            faults: view.verifications().faults_on(bundle, request.position)?,
            notes: notes_on(&view, &record_ref(bundle, request.position))?,
            findings: findings
                .iter()
                .filter(|f| {
                    f.evidence
                        .iter()
                        .any(|e| e.bundle.as_ref() == Some(&here.0) && e.position == Some(here.1))
                })
                .map(|f| f.id.clone())
                .collect(),
        })
    }

    /// What is proven, what is not, what to do next, over the engagement.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn overview(&self, _request: Nothing) -> Answer<OverviewView> {
        let plans = self.plan_list(Nothing {})?;
        let findings = self.finding_list(Nothing {})?;
        let desk = self.desk()?;
        let reader = desk.read()?;
        let view = reader.view();
        let bundles = rows(&desk, &view)?;
        let reports = view.reports().of(desk.engagement()?)?.len() as u64;
        let open = |f: &&crate::contract::finding::FindingView| {
            !matches!(f.status, FindingStatus::Closed | FindingStatus::Withdrawn)
        };
        let findings_open = findings.iter().filter(open).count() as u64;
        Ok(OverviewView {
            records: bundles.iter().map(|bundle| bundle.records).sum(),
            next_steps: next_steps(
                &bundles,
                &plans,
                findings.len(),
                reports,
                view.pinned_keys().list()?.is_empty(),
            ),
            findings_open,
            findings: findings.len() as u64,
            bundles,
            plans,
            reports,
        })
    }
}

/// Where a query looks: one bundle, or the bundles of the engagement.
pub(crate) fn scope_of(desk: &Desk, bundle: Option<&str>) -> Answer<Scope> {
    match bundle.filter(|b| !b.is_empty()) {
        Some(bundle) => Ok(Scope::Bundles(vec![number(bundle)?])),
        None => Ok(desk.engagement.clone().map_or(Scope::Vault, Scope::Engagement)),
    }
}

/// The vault's query for a query line.
pub(crate) fn record_query(query: &Query, scope: Scope) -> RecordQuery {
    let mut asked = RecordQuery::of(scope);
    asked.words = query.words.join(" ");
    asked.without_words.clone_from(&query.without);
    asked.filters = query
        .columns
        .iter()
        .map(|term| Filter {
            field: field(term.column),
            values: term.values.clone(),
            wanted: !term.excluded,
        })
        .collect();
    asked.from = query.after.map(|at| at.timestamp_micros());
    asked.to = query.before.map(|at| at.timestamp_micros());
    asked.fault = query.fault;
    asked.signed = query.signature;
    asked
}

/// The records that fit, over time, in bars that a page can hold; empty bars are there too.
pub(crate) fn histogram(view: &View<'_>, query: &RecordQuery) -> Answer<HistogramView> {
    let unit = match view.records().time_span(query)? {
        Some((first, last)) => unit_for(last.saturating_sub(first)),
        None => Unit::Day,
    };
    let found = view.records().histogram(query, unit)?;
    let mut buckets = Vec::new();
    let mut expected: Option<i64> = None;
    for bucket in &found.buckets {
        while let Some(at) = expected.filter(|at| *at < bucket.from && buckets.len() < MOST_BUCKETS) {
            buckets.push(Bucket {
                from: moment::of_micros(at).unwrap_or_default(),
                count: 0,
                faults: 0,
            });
            expected = next_bucket(at, unit);
        }
        buckets.push(Bucket {
            from: moment::of_micros(bucket.from).unwrap_or_default(),
            count: bucket.count,
            faults: bucket.faults,
        });
        expected = next_bucket(bucket.from, unit);
    }
    Ok(HistogramView {
        unit: unit_word(unit).to_owned(),
        buckets,
        undated: found.undated,
    })
}

fn unit_for(span: i64) -> Unit {
    const HOUR: i64 = 3_600_000_000;
    match span {
        ..=HOUR => Unit::Minute,
        s if s <= 96 * HOUR => Unit::Hour,
        s if s <= 400 * 24 * HOUR => Unit::Day,
        _ => Unit::Month,
    }
}

fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Month => "month",
    }
}

fn next_bucket(at: i64, unit: Unit) -> Option<i64> {
    let step = |micros: i64| at.checked_add(micros);
    match unit {
        Unit::Minute => step(60_000_000),
        Unit::Hour => step(3_600_000_000),
        Unit::Day => step(86_400_000_000),
        Unit::Month => {
            let day = chrono::DateTime::from_timestamp_micros(at)?.date_naive();
            let next = day
                .checked_add_months(chrono::Months::new(1))?
                .and_hms_opt(0, 0, 0)?;
            Some(next.and_utc().timestamp_micros())
        }
    }
}

fn rows(desk: &Desk, view: &View<'_>) -> Answer<Vec<BundleRow>> {
    let bundles = match &desk.engagement {
        Some(engagement) => view.bundles().of(engagement)?,
        None => view.bundles().list()?,
    };
    bundles.iter().map(|bundle| bundle_row(view, bundle)).collect()
}

/// A bundle as lists show it.
pub(crate) fn bundle_row(view: &View<'_>, bundle: &Kept<Bundle>) -> Answer<BundleRow> {
    let judged = view.verifications().latest(bundle.bundle)?;
    let v = &judged.verification;
    let span = view.bundles().time_span(bundle.bundle)?;
    Ok(BundleRow {
        id: bundle.bundle.to_string(),
        name: bundle.name.clone(),
        source: bundle.source.clone(),
        sha256: bundle.sha256.clone(),
        bytes: bundle.bytes,
        records: bundle.records,
        verdict: v.verdict,
        integrity: v.claims.integrity.outcome,
        authenticity: v.claims.authenticity.outcome,
        completeness: v.claims.completeness.outcome,
        time: v.claims.time.outcome,
        profile: v.profile.as_ref().map(|profile| profile.title.clone()),
        imported_at: moment::stated(bundle.at),
        imported_by: bundle.by.clone(),
        faults: v.counts.faults,
        first_time: span.and_then(|(first, _)| moment::of_micros(first)),
        last_time: span.and_then(|(_, last)| moment::of_micros(last)),
    })
}

/// How a bundle came, as it is shown.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn shown_intake(view: &View<'_>, bundle: &Kept<Bundle>) -> Answer<Intake> {
    let intake = &bundle.intake;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Ok(Intake {
        received_from: text(&intake.received_from),
        received_at: text(&intake.received_at),
        medium: text(&intake.medium),
        request: text(&intake.request),
        sender_sha256: intake.sender_sha256.clone(),
        period: period::kept(view, bundle.bundle)?.map(|(period, _)| period),
    })
}

/// A bundle's number from its text.
pub(crate) fn number(text: &str) -> Answer<BundleNo> {
    text.parse()
        .map_err(|_| Error::invalid(format!("“{text}” is no bundle.")))
}

fn record_row(view: &View<'_>, row: &KeptRecord, named: &HashSet<(String, u64)>) -> Answer<RecordRow> {
    let bundle = row.bundle.to_string();
    let notes = view
        .notes()
        .count_on("record", &format!("{bundle}/{}", row.position))?;
    let findings = u64::from(named.contains(&(bundle.clone(), row.position)));
    Ok(RecordRow {
        bundle,
        position: row.position,
        id: row.id.to_string(),
        time: row.time_text.clone(),
        event: row.event.clone(),
        actor: row.actor.clone(),
        outcome: row.outcome.clone(),
        model: row.model.clone(),
        summary: Some(row.summary.clone()).filter(|s| !s.is_empty()),
        signed: row.signed,
        faults: row.faults,
        notes: notes + findings,
    })
}

/// Records that a finding of the engagement names.
fn named_records(desk: &Desk, view: &View<'_>) -> Answer<HashSet<(String, u64)>> {
    let Some(engagement) = &desk.engagement else {
        return Ok(HashSet::new());
    };
    let named = findings(view, engagement)?
        .into_iter()
        .flat_map(|finding| finding.evidence)
        .filter(|evidence| matches!(evidence.kind, EvidenceKind::Record | EvidenceKind::Unit))
        .filter_map(|evidence| Some((evidence.bundle?, evidence.position?)));
    Ok(named.collect())
}

fn neighbour(row: &KeptRecord) -> ChainNeighbour {
    ChainNeighbour {
        position: row.position,
        link: row.link.clone(),
        faults: row.faults,
    }
}

/// Fields of a record and the parts of its text that nothing reaches.
fn fields_of(
    value: &Value<'_>,
    bytes: &[u8],
    uncovered: &HashSet<String>,
    is_profiled: bool,
) -> (Vec<FieldView>, Vec<TextSpan>) {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut fields = Vec::new();
    let mut spans = Vec::new();
    for (pointer, leaf) in value.leaves() {
        let pointer = pointer.to_string();
        let covered = is_profiled && !uncovered.contains(&pattern(&pointer));
        let own = leaf.span.of(bytes);
        if is_profiled && !covered {
            let units = |end: u32| text.get(..end as usize).map_or(0, |t| t.encode_utf16().count());
            let (start, end) = (units(leaf.span.start), units(leaf.span.end));
            spans.push(TextSpan {
                start: narrow(start),
                end: narrow(end),
            });
        }
        fields.push(FieldView {
            pointer,
            value: String::from_utf8_lossy(own).into_owned(),
            covered,
        });
        if fields.len() >= MOST_FIELDS {
            break;
        }
    }
    (fields, spans)
}

fn narrow(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// The pointer of an uncovered field, where it is one of every record or of this member: of a statement it stands behind
/// the name of its member.
fn own_field<'f>(field: &'f str, member: &str) -> Option<&'f str> {
    if field.is_empty() || field.starts_with('/') {
        return Some(field);
    }
    field.strip_prefix(member)?.strip_prefix(": ")
}

/// A pointer with `*` for array indices, as uncovered fields are named.
fn pattern(pointer: &str) -> String {
    let is_index = |segment: &str| !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
    pointer
        .split('/')
        .map(|segment| if is_index(segment) { "*" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

fn kept_order(order: RecordOrder) -> Order {
    match order {
        RecordOrder::Source => Order::Source,
        RecordOrder::SourceReversed => Order::SourceReversed,
        RecordOrder::Time => Order::Time,
        RecordOrder::TimeReversed => Order::TimeReversed,
    }
}

fn field(column: Column) -> Field {
    match column {
        Column::Event => Field::Event,
        Column::Actor => Field::Actor,
        Column::Outcome => Field::Outcome,
        Column::Model => Field::Model,
    }
}

fn next_steps(
    bundles: &[BundleRow],
    plans: &[crate::contract::sampling::PlanRow],
    findings: usize,
    reports: u64,
    no_key: bool,
) -> Vec<NextStep> {
    let step = |sentence: &str, screen: &str, target: Option<String>| NextStep {
        sentence: sentence.to_owned(),
        screen: screen.to_owned(),
        target,
    };
    let mut steps = Vec::new();
    if bundles.is_empty() {
        steps.push(step(
            "Import the first bundle: an exported file or folder.",
            "bundles",
            None,
        ));
    }
    if let Some(refuted) = bundles.iter().find(|b| b.verdict == ClaimOutcome::Refuted) {
        steps.push(step(
            &format!("Look at what refutes {}.", refuted.name),
            "bundles",
            Some(refuted.id.clone()),
        ));
    }
    if no_key && bundles.iter().any(|b| b.authenticity == ClaimOutcome::NotProven) {
        steps.push(step(
            "Pin the public key of the system that recorded these trails.",
            "keys",
            None,
        ));
    }
    if let Some(undrawn) = plans.iter().find(|p| !p.drawn) {
        steps.push(step(
            "Draw the sample of the frozen plan.",
            "sampling",
            Some(undrawn.id.clone()),
        ));
    } else if let Some(open) = plans.iter().find(|p| p.supports.is_none()) {
        steps.push(step(
            "Go on testing the drawn units.",
            "sampling",
            Some(open.id.clone()),
        ));
    } else if plans.is_empty() && !bundles.is_empty() {
        steps.push(step(
            "Plan a sample of what no machine can judge.",
            "sampling",
            None,
        ));
    }
    if findings == 0 && bundles.iter().any(|b| b.faults > 0) {
        steps.push(step("Write a finding from the faults.", "findings", None));
    }
    if reports == 0 && !bundles.is_empty() {
        steps.push(step(
            "Write the report. It can be written at any time and says what is still open.",
            "reports",
            None,
        ));
    }
    steps
}

const MOST_ROWS: u64 = 500;
const MOST_VALUES: usize = 12;
const MOST_BUCKETS: usize = 2_000;
const MOST_FIELDS: usize = 5_000;
