//! Pieces: what is placed on a page whole, one under the other.

use std::rc::Rc;

use super::colour::Colour;
use super::font::{Face, Fonts};
use super::shape::{Path, Placed, Shape};
use super::structure::{NodeId, Tree};
use super::text::{self, Item, Line, Span, Style};
use super::{mark, mark::Mark};

/// Fonts and structure, which everything that is set needs.
pub(crate) struct Ink {
    /// The faces.
    pub fonts: Fonts,
    /// The structure so far.
    pub tree: Tree,
}

/// Something that is placed whole. Coordinates are relative to its upper left corner.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Piece {
    /// How much of the page it takes, in points.
    pub height: f32,
    /// What is drawn.
    pub shapes: Vec<Placed>,
    /// Whether it has to stay on the page of the next one.
    pub keep_next: bool,
    /// Whether it is white space only, which is dropped at the top of a page.
    pub space: bool,
    /// Repeated at the top of a page when a page breaks before this piece.
    pub head: Option<Rc<Piece>>,
    /// A figure, whose frame is noted when it is placed: the part and its width.
    pub figure: Option<(NodeId, f32)>,
    /// An entry of the outline.
    pub entry: Option<Entry>,
}

/// An entry of the outline and of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// 1 for a chapter, 2 for a section.
    pub level: u8,
    /// Its number, or empty.
    pub number: String,
    /// Its title.
    pub title: String,
}

impl Piece {
    /// White space.
    pub fn space(height: f32) -> Piece {
        Piece {
            height,
            space: true,
            ..Piece::default()
        }
    }

    /// White space that does not let the page break.
    pub fn tie(height: f32) -> Piece {
        Piece {
            height,
            space: true,
            keep_next: true,
            ..Piece::default()
        }
    }

    /// Draws into it what another one draws, moved.
    pub fn paste(&mut self, other: &Piece, dx: f32, dy: f32) {
        self.shapes
            .extend(other.shapes.iter().map(|placed| placed.moved(dx, dy)));
    }

    /// The same without its place in the structure: a head that is repeated is read once.
    pub fn decoration(&self) -> Piece {
        let shapes = self.shapes.iter().map(|placed| Placed {
            node: None,
            shape: placed.shape.clone(),
        });
        Piece {
            height: self.height,
            shapes: shapes.collect(),
            ..Piece::default()
        }
    }
}

/// Where a text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the left edge.
    Left,
    /// At the right edge: figures.
    Right,
}

/// Sets a paragraph: one piece a line, so that a page may break between them, with at least two lines together.
pub(crate) fn paragraph(
    ink: &Ink,
    node: Option<NodeId>,
    spans: &[Span],
    width: f32,
    leading: f32,
) -> Vec<Piece> {
    let lines = text::set(&ink.fonts, spans, width);
    let many = lines.len();
    let piece = |(at, line): (usize, Line)| Piece {
        height: leading,
        shapes: draw_line(node, &line, 0.0, baseline_in(line_size(&line), leading)),
        keep_next: many > 1 && (at == 0 || at + 2 == many),
        ..Piece::default()
    };
    lines.into_iter().enumerate().map(piece).collect()
}

/// Sets a text as one piece.
pub(crate) fn block(
    ink: &Ink,
    node: Option<NodeId>,
    spans: &[Span],
    width: f32,
    leading: f32,
    align: Align,
) -> Piece {
    let mut piece = Piece::default();
    for line in text::set(&ink.fonts, spans, width) {
        let x = match align {
            Align::Left => 0.0,
            Align::Right => width - line.width,
        };
        let shapes = draw_line(node, &line, x, baseline_in(line_size(&line), leading));
        piece
            .shapes
            .extend(shapes.iter().map(|placed| placed.moved(0.0, piece.height)));
        piece.height += leading;
    }
    piece
}

/// One line of text at a place, in one style, without breaking: labels of charts, head and foot.
pub(crate) fn label(
    ink: &Ink,
    node: Option<NodeId>,
    text: &str,
    style: Style,
    x: f32,
    baseline: f32,
    align: Align,
) -> Vec<Placed> {
    let spans = text::plain(text, style);
    let mut shapes = Vec::new();
    for line in text::set(&ink.fonts, &spans, f32::MAX) {
        let left = match align {
            Align::Left => x,
            Align::Right => x - line.width,
        };
        shapes.extend(draw_line(node, &line, left, baseline));
    }
    shapes
}

/// The baseline of letters of this size in a line of this height: capitals stand in its middle.
pub(crate) fn baseline_in(size: f32, leading: f32) -> f32 {
    leading / 2.0 + size * CAPITALS / 2.0
}

fn draw_line(node: Option<NodeId>, line: &Line, x: f32, baseline: f32) -> Vec<Placed> {
    let mut shapes = Vec::new();
    for (at, item) in &line.items {
        let left = x + at;
        match item {
            Item::Letters(letters, style) => shapes.push(Placed {
                node,
                shape: Shape::Letters {
                    x: left,
                    baseline,
                    size: style.size,
                    colour: style.colour,
                    letters: Rc::clone(letters),
                },
            }),
            Item::Named(letters, style) => shapes.extend(draw_named(node, letters, *style, left, baseline)),
            Item::Mark(mark, size) => {
                let capitals = CAPITALS * line_size(line);
                let top = if capitals > 0.0 {
                    baseline - capitals / 2.0 - size / 2.0
                } else {
                    baseline - size
                };
                shapes.extend(
                    mark.draw(left, top, *size)
                        .into_iter()
                        .map(|shape| Placed { node, shape }),
                );
            }
        }
    }
    shapes
}

fn draw_named(
    node: Option<NodeId>,
    letters: &Rc<super::font::Letters>,
    style: Style,
    x: f32,
    baseline: f32,
) -> Vec<Placed> {
    let room = style.size * text::NAMED_ROOM / 2.0;
    let wide = letters.width * style.size / 1000.0;
    let top = baseline - style.size * 0.9;
    let frame = Path {
        steps: mark::rounded(x + 0.5, top, wide + 2.0 * room - 1.0, style.size * 1.12, 1.2),
        fill: None,
        stroke: Some((style.colour, 0.4)),
        dash: None,
        round: false,
    };
    vec![
        Placed {
            node,
            shape: Shape::Path(frame),
        },
        Placed {
            node,
            shape: Shape::Letters {
                x: x + room,
                baseline,
                size: style.size,
                colour: style.colour,
                letters: Rc::clone(letters),
            },
        },
    ]
}

fn item_size(item: &Item) -> f32 {
    match item {
        // the fixed-width face is set smaller beside words; the words keep the line
        Item::Letters(letters, style) if letters.face == Face::Mono => style.size / 0.9,
        Item::Letters(_, style) => style.size,
        Item::Named(_, style) => style.size / text::NAMED_SIZE,
        Item::Mark(..) => 0.0,
    }
}

/// The largest letters of a line give its baseline.
fn line_size(line: &Line) -> f32 {
    line.items
        .iter()
        .map(|(_, item)| item_size(item))
        .fold(0.0, f32::max)
}

/// A mark and its word, both in the colour of the meaning.
pub(crate) fn marked(mark: Mark, word: &str, style: Style, mark_size: f32) -> Vec<Span> {
    vec![
        Span::Mark(mark, mark_size),
        Span::Text(word.to_string(), style.colour(mark.colour())),
    ]
}

/// A horizontal line across a width.
pub(crate) fn rule(x: f32, y: f32, width: f32, thick: f32, colour: Colour) -> Placed {
    Placed {
        node: None,
        shape: Shape::Rule {
            from: (x, y),
            to: (x + width, y),
            width: thick,
            colour,
            dash: None,
        },
    }
}

/// Height of capitals in Inter, in em.
pub(crate) const CAPITALS: f32 = 0.727;
