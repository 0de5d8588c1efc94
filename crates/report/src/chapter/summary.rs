//! Chapter 1: the one page that is read when nothing else is.

use super::phrase;
use crate::ReportError;
use crate::model::{ControlResult, Report, Severity};
use crate::pdf::colour::Colour;
use crate::pdf::flow::{Flow, Paper};
use crate::pdf::font::Face;
use crate::pdf::piece::{Align, Piece, block, rule};
use crate::pdf::structure::{Role, Tree};
use crate::pdf::table::{Column, Table, Width};
use crate::pdf::text::{Rich, Span, Style, plain, prose};
use crate::words;

/// Sets the summary.
pub(super) fn set(flow: &mut Flow, report: &Report) -> Result<(), ReportError> {
    flow.chapter("1", "Summary");
    let lead = Style {
        face: Face::Text,
        size: 12.0,
        colour: Colour::TEXT,
    };
    flow.spans(
        &emphasised(&report.summary.lead.join(" "), lead),
        Paper::MEASURE,
        17.4,
    );
    if !report.summary.examined.is_empty() {
        flow.section("", "What was examined");
        flow.text(&report.summary.examined.join(" "));
    }
    if !report.evidence.is_empty() {
        flow.section("", "What the evidence proves");
        flow.table(&verdicts(report));
        flow.caption(
            "The verdict stands under each name. Chapter 4 gives every check, and says what makes a verdict.",
        );
    }
    if !report.samples.is_empty() || !report.census.is_empty() {
        flow.section("", "What the tests found");
        flow.table(&tests(report)?);
    }
    flow.gap(12.5);
    let left = exceptions(flow, report);
    let right = not_shown(flow, report);
    flow.beside(&left, &right, COLUMN + GUTTER);
    if let Some(conclusion) = &report.summary.conclusion {
        flow.section("", "Conclusion of the reviewer");
        flow.text(&conclusion.text);
        flow.caption(&format!(
            "Entered by {}, {}. A person’s judgement; it does not follow from a computation.",
            conclusion.by,
            words::time(&conclusion.at)
        ));
    }
    signed(flow, report);
    Ok(())
}

/// Outcome words stand out in the sentences that are read first.
fn emphasised(text: &str, style: Style) -> Rich {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((at, word)) = OUTCOMES
        .iter()
        .filter_map(|word| Some((rest.find(word)?, *word)))
        .min()
    {
        // the longest word that starts there: "not proven" before "proven"
        let word = OUTCOMES
            .iter()
            .filter(|other| rest.get(at..).is_some_and(|tail| tail.starts_with(**other)))
            .max_by_key(|other| other.len())
            .unwrap_or(&word);
        let (before, tail) = rest.split_at(at);
        let (strong, after) = tail.split_at(word.len());
        spans.push(Span::Text(before.to_string(), style));
        spans.push(Span::Text(strong.to_string(), style.strong()));
        rest = after;
    }
    spans.push(Span::Text(rest.to_string(), style));
    spans
}

fn verdicts(report: &Report) -> Table {
    let claim = |title: &str| Column::words(title, Width::Points(72.0));
    let columns = vec![
        Column::words("Bundle", Width::Share(1.0)),
        claim("Integrity"),
        claim("Authenticity"),
        claim("Completeness"),
        Column::words("Time", Width::Points(62.0)),
    ];
    let mut table = Table::new(columns);
    table.padding = 3.0;
    for evidence in report.evidence.iter().take(MOST_ROWS) {
        let verification = &evidence.verification;
        let mut name = phrase::strong(phrase::quoted(&verification.bundle.name, 60));
        name.push(Span::Break);
        name.extend(phrase::outcome(verification.verdict, Style::TABLE.strong()));
        let claims = &verification.claims;
        let mut row = vec![name];
        row.extend(
            [
                &claims.integrity,
                &claims.authenticity,
                &claims.completeness,
                &claims.time,
            ]
            .map(|claim| phrase::outcome(claim.outcome, Style::TABLE)),
        );
        table.row(row);
    }
    if report.evidence.len() > MOST_ROWS {
        table.row(vec![phrase::muted(format!(
            "and {} more in chapter 4",
            words::count((report.evidence.len() - MOST_ROWS) as u64)
        ))]);
    }
    table
}

fn tests(report: &Report) -> Result<Table, ReportError> {
    let mut confidences: Vec<String> = report
        .samples
        .iter()
        .map(|s| words::entered_percent(&s.plan.confidence))
        .collect();
    confidences.dedup();
    let limit = match confidences.as_slice() {
        [one] => format!("At most, {one}"),
        _ => "At most".to_string(),
    };
    let mut table = Table::new(vec![
        Column::words("Attribute or check", Width::Share(1.0)),
        Column::figures("Population"),
        Column::figures("Tested"),
        Column::figures("Deviations"),
        Column::figures(&limit.replace(' ', "\u{a0}")),
        Column::words("Result", Width::Fit),
    ]);
    table.padding = 2.9;
    table.gap = 7.5;
    for sample in report.samples.iter().take(MOST_ROWS) {
        let name = phrase::cell(format!(
            "{} {}",
            sample.label,
            phrase::quoted(&sample.attribute, 90)
        ));
        let population = phrase::figure(sample.population.size);
        let row = match &sample.evaluation {
            None => vec![
                name,
                population,
                phrase::muted("not tested"),
                Rich::new(),
                Rich::new(),
                phrase::supports(None, Style::TABLE),
            ],
            Some(evaluation) => vec![
                name,
                population,
                phrase::figure(evaluation.tested),
                phrase::figure(evaluation.deviations),
                phrase::cell(super::results::limit(sample, evaluation)?),
                phrase::supports(evaluation.supports, Style::TABLE),
            ],
        };
        table.row(row);
    }
    for check in report.census.iter().take(MOST_ROWS) {
        table.row(vec![
            phrase::cell(format!("{} {}", check.label, phrase::quoted(&check.title, 90))),
            phrase::figure(check.records),
            phrase::figure(check.records),
            check
                .exceptions
                .map_or_else(|| phrase::muted("none"), phrase::figure),
            phrase::muted("counted"),
            phrase::control_result(check.result, Style::TABLE),
        ]);
    }
    Ok(table)
}

fn exceptions(flow: &mut Flow, report: &Report) -> Vec<Piece> {
    let mut table = Table::new(vec![
        Column::words("", Width::Fit),
        Column::figures(""),
        Column::words("", Width::Share(1.0)),
    ]);
    table.padding = 2.9;
    table.gap = 8.0;
    for severity in [Severity::High, Severity::Medium, Severity::Low, Severity::Info] {
        let findings: Vec<_> = report
            .findings
            .iter()
            .filter(|f| f.severity == severity)
            .collect();
        if findings.is_empty() && severity == Severity::Info {
            continue;
        }
        let titles: Vec<&str> = findings.iter().map(|finding| finding.title.as_str()).collect();
        let titles = short(&titles.join("; "));
        let row = vec![
            phrase::strong(words::severity(severity)),
            phrase::figure(findings.len() as u64),
            phrase::cell(titles),
        ];
        table.row(row);
    }
    if !report.controls.is_empty() {
        let silent = report
            .controls
            .iter()
            .filter(|c| c.result == ControlResult::NotEvaluable)
            .count() as u64;
        let of = format!(
            "of {}, chapter 9",
            words::counted(report.controls.len() as u64, "control", "controls")
        );
        table.row(vec![
            phrase::strong("Not evaluable"),
            phrase::figure(silent),
            phrase::cell(of),
        ]);
    }
    let mut pieces = vec![small_heading(flow, "Exceptions")];
    pieces.extend(table.set(&mut flow.ink, Tree::ROOT, COLUMN));
    pieces
}

/// Enough for two lines; chapter 8 has the whole.
fn short(text: &str) -> String {
    let Some((at, _)) = text.char_indices().nth(SHORT) else {
        return text.to_string();
    };
    let start = text.get(..at).unwrap_or_default();
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{} …", words.trim_end_matches([';', ',', ' ']))
}

fn not_shown(flow: &mut Flow, report: &Report) -> Vec<Piece> {
    let mut pieces = vec![small_heading(flow, "What this report does not show")];
    let mut table = Table::new(vec![Column::words("", Width::Share(1.0))]);
    table.padding = 2.9;
    for sentence in &report.summary.not_shown {
        table.row(vec![phrase::cell(sentence.clone())]);
    }
    pieces.extend(table.set(&mut flow.ink, Tree::ROOT, COLUMN));
    pieces
}

fn small_heading(flow: &mut Flow, title: &str) -> Piece {
    let node = flow.ink.tree.add(Tree::ROOT, Role::Heading(2));
    let style = Style {
        face: Face::Strong,
        size: 10.5,
        colour: Colour::TEXT,
    };
    let mut piece = block(
        &flow.ink,
        Some(node),
        &plain(title, style),
        COLUMN,
        14.0,
        Align::Left,
    );
    piece.height += 4.0;
    piece
}

fn signed(flow: &mut Flow, report: &Report) {
    if report.sign_offs.is_empty() {
        flow.section("", "Signed off");
        flow.text("Nobody has signed this report.");
        return;
    }
    let mut columns = Vec::new();
    for sign_off in report.sign_offs.iter().take(2) {
        let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
        let mut spans = phrase::strong(format!("{}: {}", sign_off.role, sign_off.name));
        spans.push(Span::Break);
        spans.extend(prose(
            &phrase::quoted(&format!("“{}”", sign_off.meaning), 240),
            Style::TABLE,
        ));
        spans.push(Span::Break);
        let muted = Style::TABLE.colour(Colour::MUTED);
        spans.push(Span::Text(
            format!("{}, {}", words::time(&sign_off.at), sign_off.clock),
            muted,
        ));
        spans.push(Span::Break);
        spans.push(Span::Text(
            format!("key {}", words::short_digest(&sign_off.key)),
            muted.mono(),
        ));
        let set = block(&flow.ink, Some(node), &spans, COLUMN, 12.8, Align::Left);
        let mut piece = Piece {
            height: set.height + 5.0,
            shapes: vec![rule(0.0, 0.0, COLUMN, 0.6, Colour::TEXT)],
            ..Piece::default()
        };
        piece.paste(&set, 0.0, 5.0);
        columns.push(piece);
    }
    let height = columns.iter().map(|piece| piece.height).fold(0.0, f32::max);
    // at the foot of the page where there is room, as one signs a letter
    let room = flow.left() - height - 34.0;
    if room > 15.0 {
        flow.gap(room - 15.0);
    }
    flow.section("", "Signed off");
    let right = columns.split_off(columns.len().min(1));
    flow.beside(&columns, &right, COLUMN + GUTTER);
    if report.sign_offs.len() > 2 {
        flow.caption("Chapter 12 lists every signature.");
    }
}

const OUTCOMES: [&str; 8] = [
    "refuted",
    "Refuted",
    "not proven",
    "Not proven",
    "proven",
    "Proven",
    "does not support",
    "do not support",
];
const GUTTER: f32 = 26.0;
const COLUMN: f32 = (Paper::MEASURE - GUTTER) / 2.0;
const SHORT: usize = 52;
const MOST_ROWS: usize = 8;
