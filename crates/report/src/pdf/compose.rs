//! What a chapter is made of: headings, paragraphs, tables, figures.

use super::colour::Colour;
use super::flow::{Flow, Paper};
use super::font::Face;
use super::piece::{Align, Entry, Piece, block, label, paragraph};
use super::shape::{Placed, Shape};
use super::structure::{NodeId, Role, Tree};
use super::table::Table;
use super::text::{Rich, Style, plain, prose};

impl Flow {
    /// Begins a chapter: its number hangs in the margin. A new page, unless much of this one is left.
    pub fn chapter(&mut self, number: &str, title: &str) {
        if self.left() < (Paper::BOTTOM - Paper::TOP) * CHAPTER_ROOM {
            self.turn();
        } else if !self.fresh() {
            self.gap(30.0);
        }
        let node = self.ink.tree.add(Tree::ROOT, Role::Heading(1));
        let style = Style {
            face: Face::Strong,
            size: 17.0,
            colour: Colour::TEXT,
        };
        let mut piece = block(
            &self.ink,
            Some(node),
            &plain(title, style),
            Paper::MEASURE,
            22.0,
            Align::Left,
        );
        if let Some(Placed {
            shape: Shape::Letters { baseline, .. },
            ..
        }) = piece.shapes.first()
        {
            let thin = Style {
                face: Face::Text,
                size: 17.0,
                colour: Colour::QUIET,
            };
            let mut hanging = label(&self.ink, Some(node), number, thin, -9.5, *baseline, Align::Right);
            hanging.append(&mut piece.shapes);
            piece.shapes = hanging;
        }
        piece.keep_next = true;
        piece.entry = Some(Entry {
            level: 1,
            number: number.into(),
            title: title.into(),
        });
        self.place(&[piece, Piece::tie(7.0)]);
    }

    /// Begins a section, which the outline and the contents name.
    pub fn section(&mut self, number: &str, title: &str) {
        let node = self.ink.tree.add(Tree::ROOT, Role::Heading(2));
        let text = [number, title].join(" ").trim().to_string();
        let mut piece = self.heading(node, &text, 10.5, 14.0);
        // the parts of the summary have no number, and the contents do not name them
        piece.entry = (!number.is_empty()).then(|| Entry {
            level: 2,
            number: number.into(),
            title: title.into(),
        });
        // the parts of the summary have no number and stand closer, so that it fits on its page
        let above = match (self.heading_waits(), number.is_empty()) {
            (true, _) => 3.0,
            (false, true) => 9.5,
            (false, false) => 14.0,
        };
        self.place(&[
            Piece {
                keep_next: self.heading_waits(),
                ..Piece::space(above)
            },
            piece,
            Piece::tie(4.0),
        ]);
    }

    /// Begins a part of a section.
    pub fn part(&mut self, title: &str) {
        let node = self.ink.tree.add(Tree::ROOT, Role::Heading(3));
        let piece = self.heading(node, title, 9.5, 13.0);
        let above = if self.heading_waits() { 2.0 } else { 10.0 };
        self.place(&[
            Piece {
                keep_next: self.heading_waits(),
                ..Piece::space(above)
            },
            piece,
            Piece::tie(2.5),
        ]);
    }

    fn heading(&self, node: NodeId, title: &str, size: f32, leading: f32) -> Piece {
        let style = Style {
            face: Face::Strong,
            size,
            colour: Colour::TEXT,
        };
        let mut piece = block(
            &self.ink,
            Some(node),
            &plain(title, style),
            Paper::MEASURE,
            leading,
            Align::Left,
        );
        piece.keep_next = true;
        piece
    }

    /// A paragraph of body text.
    pub fn text(&mut self, text: &str) {
        self.rich(&prose(text, Style::BODY));
    }

    /// A paragraph of spans.
    pub fn rich(&mut self, spans: &Rich) {
        self.spans(spans, Paper::MEASURE, 13.5);
        self.place(&[Piece::space(4.0)]);
    }

    /// A small line under a table or figure.
    pub fn caption(&mut self, text: &str) {
        self.caption_of(&plain(text, Style::SMALL));
    }

    /// A small line of spans under a table or figure.
    pub fn caption_of(&mut self, spans: &Rich) {
        self.place(&[Piece::space(3.5)]);
        self.spans(spans, Paper::MEASURE, 11.0);
        self.place(&[Piece::space(3.0)]);
    }

    /// A paragraph of spans in a narrower measure and its own leading, without space after it.
    pub fn spans(&mut self, spans: &Rich, width: f32, leading: f32) {
        let node = self.ink.tree.add(Tree::ROOT, Role::Paragraph);
        let pieces = paragraph(&self.ink, Some(node), spans, width, leading);
        self.place(&pieces);
    }

    /// A table over the whole measure that stays on one page if it fits on half of one.
    pub fn table_together(&mut self, table: &Table) {
        let mut pieces = table.set(&mut self.ink, Tree::ROOT, Paper::MEASURE);
        let height: f32 = pieces.iter().map(|piece| piece.height).sum();
        if height <= (Paper::BOTTOM - Paper::TOP) * TOGETHER
            && let Some((_, before)) = pieces.split_last_mut()
        {
            before.iter_mut().for_each(|piece| piece.keep_next = true);
        }
        self.place(&pieces);
    }

    /// A table over the whole measure.
    pub fn table(&mut self, table: &Table) {
        let pieces = table.set(&mut self.ink, Tree::ROOT, Paper::MEASURE);
        self.place(&pieces);
    }

    /// White space, dropped at the top of a page.
    pub fn gap(&mut self, height: f32) {
        self.place(&[Piece::space(height)]);
    }

    /// Two columns of pieces side by side, kept together.
    pub fn beside(&mut self, left: &[Piece], right: &[Piece], offset: f32) {
        let mut whole = Piece::default();
        for (pieces, x) in [(left, 0.0), (right, offset)] {
            let mut y = 0.0;
            for piece in pieces {
                whole.paste(piece, x, y);
                y += piece.height;
            }
            whole.height = whole.height.max(y);
        }
        self.place(&[whole]);
    }

    /// A figure with what it shows in words, for readers who cannot see it.
    pub fn figure(
        &mut self,
        alt: &str,
        height: f32,
        draw: impl FnOnce(&super::piece::Ink, NodeId) -> Vec<Placed>,
    ) {
        let node = self.ink.tree.add(Tree::ROOT, Role::Figure(alt.to_string()));
        let shapes = draw(&self.ink, node);
        self.place(&[Piece {
            height,
            shapes,
            figure: Some((node, Paper::MEASURE)),
            ..Piece::default()
        }]);
    }

    /// A command in the fixed-width face on a pale ground.
    pub fn command(&mut self, text: &str) {
        let node = self.ink.tree.add(Tree::ROOT, Role::Paragraph);
        let style = Style {
            face: Face::Mono,
            size: 8.0,
            colour: Colour::TEXT,
        };
        let inner = block(
            &self.ink,
            Some(node),
            &prose(text, style),
            Paper::MEASURE - 16.0,
            11.5,
            Align::Left,
        );
        let height = inner.height + 8.0;
        let ground = Shape::Fill {
            x: 0.0,
            y: 0.0,
            width: Paper::MEASURE,
            height,
            colour: Colour::SUNKEN,
        };
        let mut piece = Piece {
            height,
            shapes: vec![Placed {
                node: None,
                shape: ground,
            }],
            ..Piece::default()
        };
        piece.paste(&inner, 8.0, 4.0);
        self.place(&[piece, Piece::space(3.0)]);
    }
}

/// A chapter begins on a new page unless this part of the page is left.
const CHAPTER_ROOM: f32 = 0.36;
/// A table of labels and values stays together up to this part of a page.
const TOGETHER: f32 = 0.55;
