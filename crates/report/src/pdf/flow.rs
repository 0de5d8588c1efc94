//! The flow of pieces over pages.

use super::piece::{Entry, Ink, Piece};
use super::shape::Placed;
use super::structure::NodeId;

/// A4 in points, and its margins (24 mm at the binding side, 20 outside, 22 above, 20 below).
pub(crate) struct Paper;

impl Paper {
    /// Width of the sheet.
    pub const WIDTH: f32 = 595.276;
    /// Height of the sheet.
    pub const HEIGHT: f32 = 841.89;
    /// Left edge of the text.
    pub const LEFT: f32 = 68.03;
    /// Right edge of the text.
    pub const RIGHT: f32 = Self::WIDTH - 56.69;
    /// Upper edge of the text.
    pub const TOP: f32 = 62.36;
    /// Lower edge of the text.
    pub const BOTTOM: f32 = Self::HEIGHT - 58.0;
    /// Width of the text.
    pub const MEASURE: f32 = Self::RIGHT - Self::LEFT;
}

/// One page: what is drawn on it, in points from its upper left corner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// What is drawn, in reading order.
    pub shapes: Vec<Placed>,
    /// Whether head and foot lines stand on it.
    pub plain: bool,
}

/// An entry and where it came to stand.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    /// The entry.
    pub entry: Entry,
    /// Its page, from 0.
    pub page: usize,
    /// Its distance from the upper edge in points.
    pub top: f32,
}

/// Places pieces on pages.
pub(crate) struct Flow {
    /// Fonts and structure.
    pub ink: Ink,
    /// The pages so far.
    pub sheets: Vec<Sheet>,
    /// Headings, in order.
    pub anchors: Vec<Anchor>,
    y: f32,
    /// Pieces that have to stay with what comes next, and wait for it.
    waiting: Vec<Piece>,
}

impl Flow {
    /// Nothing on the first page yet.
    pub fn new(ink: Ink) -> Flow {
        Flow {
            ink,
            sheets: vec![Sheet::default()],
            anchors: Vec::new(),
            y: Paper::TOP,
            waiting: Vec::new(),
        }
    }

    /// The page at hand, from 0.
    pub fn page(&self) -> usize {
        self.sheets.len().saturating_sub(1)
    }

    /// How much of the page is left.
    pub fn left(&self) -> f32 {
        Paper::BOTTOM - self.y - self.waiting.iter().map(|piece| piece.height).sum::<f32>()
    }

    /// Whether nothing stands on the page yet.
    pub fn fresh(&self) -> bool {
        self.y <= Paper::TOP && self.waiting.is_empty()
    }

    /// Whether a heading stands directly above, with nothing between.
    pub fn heading_waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Turns the page.
    pub fn turn(&mut self) {
        self.settle();
        self.sheets.push(Sheet::default());
        self.y = Paper::TOP;
    }

    /// Turns the page unless this much is left.
    pub fn need(&mut self, height: f32) {
        if self.left() < height && !self.fresh() {
            self.turn();
        }
    }

    /// Draws at a fixed place of the page, outside the flow.
    pub fn stamp(&mut self, piece: &Piece, x: f32, y: f32) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet
                .shapes
                .extend(piece.shapes.iter().map(|placed| placed.moved(x, y)));
        }
    }

    /// Moves the pen down to this distance from the upper edge, if it is above.
    pub fn sink(&mut self, y: f32) {
        self.settle();
        self.y = self.y.max(y);
    }

    /// Where the pen is, from the upper edge.
    pub fn pen(&self) -> f32 {
        self.y
    }

    /// Places pieces one under the other, turning pages where they do not fit. What has to stay with its successor waits
    /// for it, over several calls.
    pub fn place(&mut self, pieces: &[Piece]) {
        let mut all = std::mem::take(&mut self.waiting);
        all.extend_from_slice(pieces);
        let settled = all
            .iter()
            .rposition(|piece| !piece.keep_next)
            .map_or(0, |last| last + 1);
        self.waiting = all.split_off(settled);
        self.lay(&all);
    }

    /// Places what waits, although nothing follows.
    pub fn settle(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.lay(&waiting);
    }

    fn lay(&mut self, pieces: &[Piece]) {
        for (at, piece) in pieces.iter().enumerate() {
            if piece.space && self.y <= Paper::TOP {
                continue;
            }
            let together = together(pieces.get(at..).unwrap_or_default());
            if self.y + together > Paper::BOTTOM + 0.01 && self.y > Paper::TOP {
                self.sheets.push(Sheet::default());
                self.y = Paper::TOP;
                if let Some(head) = &piece.head {
                    self.put(&head.decoration());
                }
                if piece.space {
                    continue;
                }
            }
            self.put(piece);
        }
    }

    fn put(&mut self, piece: &Piece) {
        let page = self.page();
        if let Some(entry) = &piece.entry {
            self.anchors.push(Anchor {
                entry: entry.clone(),
                page,
                top: self.y,
            });
        }
        if let Some((node, width)) = piece.figure {
            self.note_figure(node, width, piece.height);
        }
        let y = self.y;
        if let Some(sheet) = self.sheets.last_mut() {
            sheet
                .shapes
                .extend(piece.shapes.iter().map(|placed| placed.moved(Paper::LEFT, y)));
        }
        self.y += piece.height;
    }

    fn note_figure(&mut self, node: NodeId, width: f32, height: f32) {
        self.ink
            .tree
            .frame(node, [Paper::LEFT, self.y, Paper::LEFT + width, self.y + height]);
    }
}

/// Height of the first piece and of those that have to stay with it, but never more than a page.
fn together(pieces: &[Piece]) -> f32 {
    let mut height = 0.0;
    for piece in pieces {
        height += piece.height;
        if !piece.keep_next {
            break;
        }
    }
    if height > Paper::BOTTOM - Paper::TOP {
        pieces.first().map_or(0.0, |first| first.height)
    } else {
        height
    }
}

#[cfg(test)]
mod tests {
    use super::super::font::Fonts;
    use super::super::structure::Tree;
    use super::*;
    use std::rc::Rc;

    fn flow() -> Flow {
        Flow::new(Ink {
            fonts: Fonts::open().unwrap(),
            tree: Tree::new(),
        })
    }

    #[test]
    fn a_heading_goes_with_what_follows() {
        let mut flow = flow();
        flow.place(&[Piece {
            height: Paper::BOTTOM - Paper::TOP - 30.0,
            ..Piece::default()
        }]);
        let heading = Piece {
            height: 20.0,
            keep_next: true,
            ..Piece::default()
        };
        flow.place(&[
            heading,
            Piece {
                height: 20.0,
                ..Piece::default()
            },
        ]);
        assert_eq!(flow.sheets.len(), 2);
    }

    #[test]
    fn a_heading_waits_for_what_is_placed_later() {
        let mut flow = flow();
        flow.place(&[Piece {
            height: Paper::BOTTOM - Paper::TOP - 30.0,
            ..Piece::default()
        }]);
        flow.place(&[Piece {
            height: 20.0,
            keep_next: true,
            ..Piece::default()
        }]);
        assert_eq!(flow.sheets.len(), 1);
        flow.place(&[Piece {
            height: 20.0,
            ..Piece::default()
        }]);
        assert_eq!(flow.sheets.len(), 2);
        assert!((flow.pen() - Paper::TOP - 40.0).abs() < 0.1);
    }

    #[test]
    fn a_head_is_repeated() {
        let mut flow = flow();
        let head = Rc::new(Piece {
            height: 15.0,
            ..Piece::default()
        });
        let row = Piece {
            height: 300.0,
            head: Some(head),
            ..Piece::default()
        };
        flow.place(&[row.clone(), row.clone(), row]);
        assert_eq!(flow.sheets.len(), 2);
        assert!((flow.pen() - Paper::TOP - 315.0).abs() < 0.1);
    }

    #[test]
    fn what_is_taller_than_a_page_still_ends() {
        let mut flow = flow();
        let tall = Piece {
            height: 5000.0,
            keep_next: true,
            ..Piece::default()
        };
        flow.place(&[tall.clone(), tall]);
        flow.settle();
        assert_eq!(flow.sheets.len(), 2);
    }
}
