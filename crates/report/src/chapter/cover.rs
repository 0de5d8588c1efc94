//! The cover: what it is, in which state, for whom, and the digest that binds paper and file.

use tickmark_verify::verification::ClaimOutcome;

use super::phrase;
use crate::model::{Report, Status};
use crate::pdf::colour::Colour;
use crate::pdf::flow::{Flow, Paper};
use crate::pdf::font::Face;
use crate::pdf::furniture;
use crate::pdf::mark::rounded;
use crate::pdf::piece::{Align, Piece, block, label};
use crate::pdf::qr;
use crate::pdf::shape::{Path, Placed, Shape, Step};
use crate::pdf::structure::{Role, Tree};
use crate::pdf::table::Table;
use crate::pdf::text::{Rich, Span, Style, plain, prose};
use crate::words;

/// Sets the cover. It keeps to one page: texts that are too long for it are shortened, and say so.
pub(super) fn set(flow: &mut Flow, report: &Report, digest: &str) {
    if let Some(sheet) = flow.sheets.last_mut() {
        sheet.plain = true;
    }
    logo(flow);
    let fits = |(top, most): &(f32, usize)| top + height(flow, report, *most) <= SEAL_TOP - 8.0;
    let (top, most) = LAYOUTS.into_iter().find(fits).unwrap_or(TIGHTEST);
    flow.sink(top);
    title(flow, report, most);
    state(flow, report);
    let facts = facts(report, most);
    flow.table(&facts);
    seal(flow, digest, &report.header.id);
}

/// How far title and facts reach when no text is longer than this.
fn height(flow: &Flow, report: &Report, most: usize) -> f32 {
    let lines = |spans: &Rich, width: f32| crate::pdf::text::set(&flow.ink.fonts, spans, width).len() as f32;
    let (large, leading) = title_style(&report.header.title);
    let title = lines(
        &prose(&phrase::quoted(&report.header.title, most), large),
        Paper::MEASURE,
    ) * leading;
    let under = lines(
        &prose(&phrase::quoted(&report.header.subtitle, most), UNDER),
        UNDER_WIDTH,
    ) * UNDER_LEADING;
    BETWEEN + title + under + facts(report, most).height(&flow.ink, Paper::MEASURE)
}

fn logo(flow: &mut Flow) {
    let (x, y, size) = (Paper::LEFT, 62.5, 14.0f32);
    let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
    let at = |px: f32, py: f32| (x + px * size, y + py * size);
    let path = |points: &[(f32, f32)], colour: Colour, width: f32| {
        let steps = points.iter().enumerate().map(|(i, p)| {
            let (px, py) = at(p.0, p.1);
            if i == 0 {
                Step::Move(px, py)
            } else {
                Step::Line(px, py)
            }
        });
        Shape::Path(Path {
            steps: steps.collect(),
            fill: None,
            stroke: Some((colour, width)),
            dash: None,
            round: true,
        })
    };
    let square = rounded(
        x + 0.02 * size,
        y + 0.08 * size,
        0.86 * size,
        0.86 * size,
        0.14 * size,
    );
    let frame = Shape::Path(Path {
        steps: square,
        fill: None,
        stroke: Some((Colour::TEXT, 1.1)),
        dash: None,
        round: true,
    });
    let tick = [(0.24, 0.5), (0.45, 0.73), (0.96, 0.04)];
    let mut piece = Piece::default();
    for shape in [
        frame,
        path(&tick, Colour::PAPER, 3.6),
        path(&tick, Colour::ACCENT, 1.9),
    ] {
        piece.shapes.push(Placed { node: None, shape });
    }
    let style = Style {
        face: Face::Strong,
        size: 11.0,
        colour: Colour::TEXT,
    };
    piece.shapes.extend(label(
        &flow.ink,
        Some(node),
        "Tickmark",
        style,
        x + 21.5,
        y + 11.2,
        Align::Left,
    ));
    flow.stamp(&piece, 0.0, 0.0);
}

fn title(flow: &mut Flow, report: &Report, most: usize) {
    let header = &report.header;
    let kind = Style {
        face: Face::Strong,
        size: 11.5,
        colour: Colour::ACCENT,
    };
    flow.spans(
        &plain("Report of procedures and findings", kind),
        Paper::MEASURE,
        18.0,
    );
    flow.gap(4.0);
    let (large, leading) = title_style(&header.title);
    flow.spans(
        &prose(&phrase::quoted(&header.title, most), large),
        Paper::MEASURE,
        leading,
    );
    flow.gap(9.0);
    flow.spans(
        &prose(&phrase::quoted(&header.subtitle, most), UNDER),
        UNDER_WIDTH,
        UNDER_LEADING,
    );
    flow.gap(26.0);
}

/// A long title is set smaller.
fn title_style(title: &str) -> (Style, f32) {
    let (size, leading) = if title.chars().count() <= 70 {
        (30.0, 35.5)
    } else {
        (19.0, 24.0)
    };
    (
        Style {
            face: Face::Strong,
            size,
            colour: Colour::TEXT,
        },
        leading,
    )
}

/// The state in a frame: solid when final, dashed while it is a draft.
fn state(flow: &mut Flow, report: &Report) {
    let header = &report.header;
    let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
    let word = furniture::status(header.status);
    let detail = match (&header.sealed_at, header.status) {
        (Some(at), _) => format!("sealed {}", phrase::quoted(&words::time(at), 40)),
        (None, Status::Final) => format!("made {}", words::time(&header.made_at)),
        (None, Status::Draft) => format!("not sealed, made {}", words::time(&header.made_at)),
    };
    let strong = Style {
        face: Face::Strong,
        size: 9.5,
        colour: Colour::TEXT,
    };
    let mut shapes = label(&flow.ink, Some(node), word, strong, 8.0, 14.4, Align::Left);
    let split = 8.0 + flow.ink.fonts.width(Face::Strong, 9.5, word) + 8.0;
    shapes.push(Placed {
        node: None,
        shape: Shape::Rule {
            from: (split, 4.5),
            to: (split, 17.5),
            width: 0.5,
            colour: Colour::RULE_STRONG,
            dash: None,
        },
    });
    shapes.extend(label(
        &flow.ink,
        Some(node),
        &detail,
        Style::BODY,
        split + 8.0,
        14.4,
        Align::Left,
    ));
    let wide = split + 8.0 + flow.ink.fonts.width(Face::Text, 9.5, &detail) + 9.0;
    let dash = (header.status == Status::Draft).then_some((3.0, 2.0));
    let frame = Path {
        steps: rounded(0.0, 0.0, wide, 22.0, 2.6),
        fill: None,
        stroke: Some((Colour::TEXT, 0.7)),
        dash,
        round: false,
    };
    shapes.push(Placed {
        node: None,
        shape: Shape::Path(frame),
    });
    flow.place(&[
        Piece {
            height: 22.0,
            shapes,
            ..Piece::default()
        },
        Piece::space(36.0),
    ]);
}

fn facts(report: &Report, most: usize) -> Table {
    let header = &report.header;
    let short = |text: &str| phrase::stated(&phrase::quoted(text, most));
    let mut table = Table::pairs(80.0);
    table.padding = 4.7;
    table.pair(
        "Report",
        short(&format!("{}, version {}", header.id, header.version)),
    );
    table.pair("Prepared by", short(&header.prepared_by));
    if let Some(reviewer) = &header.reviewed_by {
        table.pair("Reviewed by", short(reviewer));
    }
    table.pair("For", short(&header.addressee));
    if let Some(period) = super::scope::period(report) {
        table.pair("Period", short(&period));
    }
    table.pair("Evidence", short(&evidence_line(report)));
    if !report.evidence.is_empty() {
        table.pair("Verdicts", verdicts(report));
    }
    let personal = if report.redactions.is_empty() {
        ""
    } else {
        " Personal data are replaced by placeholders."
    };
    let classification = match header.classification.trim().trim_end_matches('.') {
        "" => "not stated".to_string(),
        stated => phrase::quoted(stated, most),
    };
    table.pair(
        "Classification",
        phrase::cell(format!("{classification}.{personal}")),
    );
    table
}

/// `3 bundles, 287,599 records, received 20 Nov 2026`.
pub(super) fn evidence_line(report: &Report) -> String {
    let records = report
        .evidence
        .iter()
        .fold(0u64, |sum, e| sum.saturating_add(e.verification.counts.records));
    let bundles = words::counted(report.evidence.len() as u64, "bundle", "bundles");
    let mut days: Vec<&str> = report
        .evidence
        .iter()
        .filter_map(|e| e.intake.received_at.get(..10))
        .collect();
    days.sort_unstable();
    let received = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first == last => format!(", received {}", words::day(first)),
        (Some(first), Some(last)) => format!(", received {} to {}", words::day(first), words::day(last)),
        _ => String::new(),
    };
    format!(
        "{bundles}, {}{received}",
        words::counted(records, "record", "records")
    )
}

/// Weakest first; a verdict that no bundle has is not named.
fn verdicts(report: &Report) -> Vec<Span> {
    let mut spans = Vec::new();
    for outcome in [
        ClaimOutcome::Refuted,
        ClaimOutcome::NotProven,
        ClaimOutcome::Proven,
    ] {
        let number = report
            .evidence
            .iter()
            .filter(|e| e.verification.verdict == outcome)
            .count();
        if number == 0 {
            continue;
        }
        if !spans.is_empty() {
            spans.push(Span::Text("       ".into(), Style::TABLE));
        }
        let mark = phrase::outcome_mark(outcome);
        let word = format!(
            "{} {}",
            words::count(number as u64),
            words::outcome(outcome).to_lowercase()
        );
        spans.push(Span::Mark(mark, 9.6));
        spans.push(Span::Text(word, Style::TABLE.strong().colour(mark.colour())));
    }
    spans
}

/// QR code, digest and what the report is not, at the foot of the page.
fn seal(flow: &mut Flow, digest: &str, id: &str) {
    let top = flow.pen().max(SEAL_TOP);
    let mut piece = Piece::default();
    let code = format!("{id} report.json sha256 {digest}");
    if let Some(shape) = qr::draw(&code, 0.0, 0.0, 72.0) {
        let node = flow
            .ink
            .tree
            .add(Tree::ROOT, Role::Figure(format!("QR code of the text: {code}")));
        piece.shapes.push(Placed {
            node: Some(node),
            shape,
        });
        flow.ink
            .tree
            .frame(node, [Paper::LEFT, top, Paper::LEFT + 72.0, top + 72.0]);
    }
    let x = 88.0;
    let width = Paper::MEASURE - x;
    let mut y = 2.0;
    let digits = words::digest(digest);
    let (one, two) = digits.split_once(' ').unwrap_or((&digits, ""));
    let mono = Style {
        face: Face::Mono,
        size: 8.8,
        colour: Colour::TEXT,
    };
    let small = Style::SMALL.size(8.2);
    let lines = [
        (
            plain("SHA-256 of the embedded report.json", Style::TABLE.strong()),
            15.5,
        ),
        (
            vec![
                Span::Text(one.trim().into(), mono),
                Span::Break,
                Span::Text(two.trim().into(), mono),
            ],
            13.0,
        ),
    ];
    for (spans, leading) in lines {
        let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
        let set = block(&flow.ink, Some(node), &spans, width, leading, Align::Left);
        piece.paste(&set, x, y);
        y += set.height;
    }
    y += 6.0;
    let node = flow.ink.tree.add(Tree::ROOT, Role::Paragraph);
    let set = block(
        &flow.ink,
        Some(node),
        &plain(NOT_ASSURANCE, small),
        width,
        11.5,
        Align::Left,
    );
    piece.paste(&set, x, y);
    flow.stamp(&piece, Paper::LEFT, top);
}

/// What the report is not.
const NOT_ASSURANCE: &str = "This report states procedures and what they found. It is not an assurance report and gives no \
opinion on compliance with any law. Chapter 13 tells how to perform it again without Tickmark.";

/// Where the title begins, and how long a text may be: the first layout that fits is taken.
const LAYOUTS: [(f32, usize); 4] = [(174.0, 160), (110.0, 160), (110.0, 80), TIGHTEST];
const TIGHTEST: (f32, usize) = (96.0, 24);
const UNDER: Style = Style {
    face: Face::Text,
    size: 12.0,
    colour: Colour::TEXT,
};
const UNDER_WIDTH: f32 = Paper::MEASURE * 0.84;
const UNDER_LEADING: f32 = 17.4;
/// Kind of report, state, and the white space of the cover.
const BETWEEN: f32 = 18.0 + 4.0 + 9.0 + 26.0 + 22.0 + 36.0 + 0.4;
const SEAL_TOP: f32 = 701.0;
