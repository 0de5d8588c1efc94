//! The contents page: its place is reserved early and filled when the pages are known.

use crate::pdf::colour::Colour;
use crate::pdf::flow::{Anchor, Flow, Paper};
use crate::pdf::font::Face;
use crate::pdf::piece::{Align, Piece, label, rule};
use crate::pdf::structure::{NodeId, Role, Tree};
use crate::pdf::text::{Style, natural_width, plain};

/// A page and a part of the structure that are filled later.
pub(super) struct Contents {
    page: usize,
    top: f32,
    heading: NodeId,
    node: NodeId,
}

/// Takes a page, or the rest of one on which little stands.
pub(super) fn reserve(flow: &mut Flow) -> Contents {
    flow.settle();
    if flow.left() < (Paper::BOTTOM - Paper::TOP) * ROOM {
        flow.turn();
    } else if !flow.fresh() {
        flow.gap(34.0);
    }
    let heading = flow.ink.tree.add(Tree::ROOT, Role::Heading(1));
    let node = flow.ink.tree.add(Tree::ROOT, Role::Contents);
    let contents = Contents {
        page: flow.page(),
        top: flow.pen(),
        heading,
        node,
    };
    flow.turn();
    contents
}

/// Writes the list of chapters and sections in two columns, or of chapters only where the sections are too many.
pub(super) fn fill(flow: &mut Flow, contents: &Contents) {
    let room = Paper::BOTTOM - contents.top - HEAD;
    let whole: Vec<Anchor> = flow.anchors.clone();
    let chapters: Vec<Anchor> = whole
        .iter()
        .filter(|anchor| anchor.entry.level <= 1)
        .cloned()
        .collect();
    let columns = split(&whole);
    let fits = columns
        .iter()
        .all(|column| column.iter().map(height).sum::<f32>() <= room);
    let (columns, width) = if fits {
        (columns, COLUMN)
    } else {
        (vec![chapters], Paper::MEASURE)
    };
    let mut piece = Piece::default();
    let title = Style {
        face: Face::Strong,
        size: 17.0,
        colour: Colour::TEXT,
    };
    piece.shapes.extend(label(
        &flow.ink,
        Some(contents.heading),
        "Contents",
        title,
        0.0,
        17.2,
        Align::Left,
    ));
    for (number, column) in columns.iter().enumerate() {
        let x = number as f32 * (COLUMN + GUTTER);
        let mut y = HEAD;
        for anchor in column {
            if y + height(anchor) > room + HEAD {
                break;
            }
            line(flow, contents.node, anchor, &mut piece, (x, y, width));
            y += height(anchor);
        }
    }
    if let Some(sheet) = flow.sheets.get_mut(contents.page) {
        sheet.shapes.extend(
            piece
                .shapes
                .iter()
                .map(|placed| placed.moved(Paper::LEFT, contents.top)),
        );
    }
}

/// Two columns of about the same height; a chapter's sections stay under it.
fn split(anchors: &[Anchor]) -> Vec<Vec<Anchor>> {
    let whole: f32 = anchors.iter().map(height).sum();
    let mut columns = vec![Vec::new(), Vec::new()];
    let mut above = 0.0;
    let mut second = false;
    for anchor in anchors {
        // the second column begins with a chapter
        second = second || (anchor.entry.level <= 1 && above >= whole * 0.46);
        if let Some(column) = columns.get_mut(usize::from(second)) {
            column.push(anchor.clone());
        }
        above += height(anchor);
    }
    columns
}

fn line(
    flow: &mut Flow,
    contents: NodeId,
    anchor: &Anchor,
    piece: &mut Piece,
    (x, y, width): (f32, f32, f32),
) {
    let node = flow.ink.tree.add(contents, Role::ContentsItem);
    let chapter = anchor.entry.level <= 1;
    let style = if chapter {
        Style::BODY.strong()
    } else {
        Style::TABLE.size(8.6).colour(Colour::MUTED)
    };
    let baseline = y + if chapter { 18.0 } else { 10.0 };
    if chapter {
        piece.shapes.push(rule(x, y + 5.0, width, 0.4, Colour::RULE));
    }
    if !anchor.entry.number.is_empty() {
        piece.shapes.extend(label(
            &flow.ink,
            Some(node),
            &anchor.entry.number,
            style,
            x,
            baseline,
            Align::Left,
        ));
    }
    let title = fitting(flow, &anchor.entry.title, style, width - INDENT - 24.0);
    piece.shapes.extend(label(
        &flow.ink,
        Some(node),
        &title,
        style,
        x + INDENT,
        baseline,
        Align::Left,
    ));
    let page = (anchor.page + 1).to_string();
    piece.shapes.extend(label(
        &flow.ink,
        Some(node),
        &page,
        style,
        x + width,
        baseline,
        Align::Right,
    ));
}

fn fitting(flow: &Flow, title: &str, style: Style, room: f32) -> String {
    let wide = |text: &str| natural_width(&flow.ink.fonts, &plain(text, style));
    let mut kept: String = title.chars().take(120).collect();
    if kept == title && wide(&kept) <= room {
        return kept;
    }
    while !kept.is_empty() && wide(&format!("{kept} …")) > room {
        kept.pop();
    }
    format!("{} …", kept.trim_end())
}

fn height(anchor: &Anchor) -> f32 {
    if anchor.entry.level <= 1 { 25.0 } else { 13.5 }
}

/// Less than this part of a page is too little.
const ROOM: f32 = 0.8;
const HEAD: f32 = 30.0;
const INDENT: f32 = 26.0;
const GUTTER: f32 = 26.0;
const COLUMN: f32 = (Paper::MEASURE - GUTTER) / 2.0;
