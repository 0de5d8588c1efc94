//! The contents page: its place is reserved early and filled when the pages are known.

use crate::pdf::colour::Colour;
use crate::pdf::flow::{Anchor, Flow, Paper};
use crate::pdf::font::Face;
use crate::pdf::piece::{Align, Piece, label, rule};
use crate::pdf::structure::{NodeId, Role, Tree};
use crate::pdf::text::Style;

/// A page and a part of the structure that are filled later.
pub(super) struct Contents {
    page: usize,
    node: NodeId,
}

/// Takes a page.
pub(super) fn reserve(flow: &mut Flow) -> Contents {
    let node = flow.ink.tree.add(Tree::ROOT, Role::Contents);
    let contents = Contents {
        page: flow.page(),
        node,
    };
    flow.turn();
    contents
}

/// Writes the list of chapters, and of sections where they fit.
pub(super) fn fill(flow: &mut Flow, contents: &Contents) {
    let anchors: Vec<Anchor> = flow.anchors.clone();
    let room = Paper::BOTTOM - Paper::TOP - HEAD;
    let whole: f32 = anchors.iter().map(|anchor| height(anchor, true)).sum();
    let sections = whole <= room;
    let mut piece = Piece::default();
    let title = Style {
        face: Face::Strong,
        size: 17.0,
        colour: Colour::TEXT,
    };
    let heading = flow.ink.tree.add(contents.node, Role::Paragraph);
    piece.shapes.extend(label(
        &flow.ink,
        Some(heading),
        "Contents",
        title,
        0.0,
        17.2,
        Align::Left,
    ));
    let mut y = HEAD;
    for anchor in anchors
        .iter()
        .filter(|anchor| sections || anchor.entry.level <= 1)
    {
        if y + height(anchor, sections) > room + HEAD {
            break;
        }
        line(flow, contents.node, anchor, &mut piece, y);
        y += height(anchor, sections);
        if anchor.entry.level <= 1 && !sections {
            piece
                .shapes
                .push(rule(0.0, y - 3.0, Paper::MEASURE, 0.4, Colour::RULE));
        }
    }
    if let Some(sheet) = flow.sheets.get_mut(contents.page) {
        sheet.shapes.extend(
            piece
                .shapes
                .iter()
                .map(|placed| placed.moved(Paper::LEFT, Paper::TOP)),
        );
    }
}

fn line(flow: &mut Flow, contents: NodeId, anchor: &Anchor, piece: &mut Piece, y: f32) {
    let node = flow.ink.tree.add(contents, Role::ContentsItem);
    let chapter = anchor.entry.level <= 1;
    let (style, x, baseline) = match chapter {
        true => (Style::BODY.strong(), 0.0, y + 16.5),
        false => (Style::TABLE.colour(Colour::MUTED), INDENT, y + 9.6),
    };
    let ink = &flow.ink;
    let mut indent = x + if chapter { INDENT } else { 26.0 };
    if anchor.entry.number.is_empty() {
        indent = x;
    } else {
        piece.shapes.extend(label(
            ink,
            Some(node),
            &anchor.entry.number,
            style,
            x,
            baseline,
            Align::Left,
        ));
    }
    let room = Paper::MEASURE - indent - 40.0;
    let title = fitting(flow, &anchor.entry.title, style, room);
    piece.shapes.extend(label(
        &flow.ink,
        Some(node),
        &title,
        style,
        indent,
        baseline,
        Align::Left,
    ));
    let page = (anchor.page + 1).to_string();
    piece.shapes.extend(label(
        &flow.ink,
        Some(node),
        &page,
        style,
        Paper::MEASURE,
        baseline,
        Align::Right,
    ));
}

fn fitting(flow: &Flow, title: &str, style: Style, room: f32) -> String {
    let wide =
        |text: &str| crate::pdf::text::natural_width(&flow.ink.fonts, &crate::pdf::text::plain(text, style));
    let mut kept: String = title.chars().take(120).collect();
    if kept == title && wide(&kept) <= room {
        return kept;
    }
    while !kept.is_empty() && wide(&format!("{kept} …")) > room {
        kept.pop();
    }
    format!("{} …", kept.trim_end())
}

fn height(anchor: &Anchor, sections: bool) -> f32 {
    match (anchor.entry.level <= 1, sections) {
        (true, true) => 21.5,
        (true, false) => 25.0,
        (false, true) => 13.2,
        (false, false) => 0.0,
    }
}

const HEAD: f32 = 34.0;
const INDENT: f32 = 24.0;
