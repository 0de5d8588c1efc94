//! Ruled tables that break over pages with their head repeated.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::colour::Colour;
use super::piece::{Align, Ink, Piece, block, rule};
use super::structure::{NodeId, Role};
use super::text::{Rich, Style, natural_width, plain, set, widest_word};

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Width {
    /// As wide as its widest cell.
    Fit,
    /// This many points.
    Points(f32),
    /// This share of what is left.
    Share(f32),
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    title: String,
    width: Width,
    align: Align,
}

impl Column {
    /// A column of words.
    pub fn words(title: &str, width: Width) -> Column {
        Column {
            title: title.into(),
            width,
            align: Align::Left,
        }
    }

    /// A column of figures, at the right edge.
    pub fn figures(title: &str) -> Column {
        Column {
            title: title.into(),
            width: Width::Fit,
            align: Align::Right,
        }
    }
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; a short row leaves cells empty.
    pub rows: Vec<Vec<Rich>>,
    /// Space above and below the text of a row.
    pub padding: f32,
    /// Height of a line of text.
    pub leading: f32,
    /// Gap between columns.
    pub gap: f32,
    /// Whether the first cell of a row names the row.
    pub named_rows: bool,
    /// Notes under rows: by the row's place, the column at which the note begins, and the note.
    notes: BTreeMap<usize, (usize, Rich)>,
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new(columns: Vec<Column>) -> Table {
        Table {
            columns,
            rows: Vec::new(),
            padding: 3.9,
            leading: 12.5,
            gap: 11.0,
            named_rows: true,
            notes: BTreeMap::new(),
        }
    }

    /// A list of labels and values, without a head.
    pub fn pairs(label_width: f32) -> Table {
        let columns = vec![
            Column::words("", Width::Points(label_width)),
            Column::words("", Width::Share(1.0)),
        ];
        Table {
            columns,
            rows: Vec::new(),
            padding: 3.2,
            leading: 12.5,
            gap: 10.0,
            named_rows: true,
            notes: BTreeMap::new(),
        }
    }

    /// A narrow table: many rows that are looked up, not read.
    pub fn dense(mut self) -> Table {
        self.padding = 2.1;
        self.leading = 11.0;
        self.gap = 9.0;
        self
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Rich>) {
        self.rows.push(cells);
    }

    /// Adds a note under the last row, from this column to the right edge.
    pub fn note(&mut self, column: usize, text: Rich) {
        if let Some(row) = self.rows.len().checked_sub(1) {
            self.notes.insert(row, (column, text));
        }
    }

    /// Adds a label and its value.
    pub fn pair(&mut self, label: &str, value: Rich) {
        self.rows
            .push(vec![plain(label, Style::TABLE.colour(Colour::MUTED)), value]);
    }

    /// Sets the table: one piece a row, each with the head that is repeated above it.
    pub fn set(&self, ink: &mut Ink, parent: NodeId, width: f32) -> Vec<Piece> {
        let table = ink.tree.add(parent, Role::Table);
        let widths = self.widths(ink, width);
        let mut pieces = Vec::new();
        let mut repeated = None;
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            let head = self.head(ink, table, &widths, width);
            repeated = Some(Rc::new(head.decoration()));
            pieces.push(Piece {
                keep_next: true,
                ..head
            });
        } else {
            pieces.push(Piece {
                height: 0.4,
                shapes: vec![rule(0.0, 0.0, width, 0.6, Colour::RULE_STRONG)],
                keep_next: true,
                ..Piece::default()
            });
        }
        let body = ink.tree.add(table, Role::TableBody);
        for (at, row) in self.rows.iter().enumerate() {
            let mut split = self.body_row(ink, body, row, self.notes.get(&at), &widths, width);
            for piece in &mut split {
                piece.head.clone_from(&repeated);
            }
            // the first row and the last but one never stand without their neighbour
            if (at == 0 || at + 2 == self.rows.len()) && at + 1 < self.rows.len() {
                split.iter_mut().for_each(|piece| piece.keep_next = true);
            }
            pieces.append(&mut split);
        }
        pieces
    }

    /// How tall the rows are, without a head.
    pub fn height(&self, ink: &Ink, width: f32) -> f32 {
        let widths = self.widths(ink, width);
        let lines = |(cell, width): (&Rich, &f32)| set(&ink.fonts, cell, *width).len();
        let row = |row: &Vec<Rich>| row.iter().zip(&widths).map(lines).max().unwrap_or(1);
        self.rows
            .iter()
            .map(|cells| row(cells) as f32 * self.leading + 2.0 * self.padding)
            .sum()
    }

    fn head(&self, ink: &mut Ink, table: NodeId, widths: &[f32], width: f32) -> Piece {
        let section = ink.tree.add(table, Role::TableHead);
        let row = ink.tree.add(section, Role::Row);
        let mut cells = Vec::new();
        let mut height = 0.0f32;
        for (column, wide) in self.columns.iter().zip(widths) {
            let cell = ink.tree.add(row, Role::HeadCell);
            let set = block(
                ink,
                Some(cell),
                &plain(column.title.as_str(), Style::SMALL),
                *wide,
                10.5,
                column.align,
            );
            height = height.max(set.height);
            cells.push(set);
        }
        let mut piece = Piece {
            height: height + 4.5,
            ..Piece::default()
        };
        let mut x = 0.0;
        for (set, wide) in cells.iter().zip(widths) {
            // short heads stand on the line, beside taller ones
            piece.paste(set, x, height - set.height);
            x += wide + self.gap;
        }
        piece
            .shapes
            .push(rule(0.0, piece.height, width, 0.6, Colour::RULE_STRONG));
        piece
    }

    fn body_row(
        &self,
        ink: &mut Ink,
        body: NodeId,
        row: &[Rich],
        note: Option<&(usize, Rich)>,
        widths: &[f32],
        width: f32,
    ) -> Vec<Piece> {
        let node = ink.tree.add(body, Role::Row);
        let mut cells = Vec::new();
        for (at, (column, wide)) in self.columns.iter().zip(widths).enumerate() {
            let role = if at == 0 && self.named_rows {
                Role::RowHeadCell
            } else {
                Role::Cell
            };
            let cell = ink.tree.add(node, role);
            let empty = Rich::new();
            let spans = row.get(at).unwrap_or(&empty);
            cells.push(block(ink, Some(cell), spans, *wide, self.leading, column.align));
        }
        let mut places = self.places(widths);
        if let Some((column, text)) = note {
            let left = places.get(*column).copied().unwrap_or(0.0);
            // a row of its own, which is read after this one
            let below = ink.tree.add(body, Role::Row);
            let cell = ink.tree.add(below, Role::WideCell(self.columns.len()));
            let set = block(ink, Some(cell), text, width - left, self.leading, Align::Left);
            let above = cells.iter().map(|cell| cell.height).fold(self.leading, f32::max);
            let mut lowered = Piece {
                height: above + set.height,
                ..Piece::default()
            };
            lowered.paste(&set, 0.0, above);
            cells.push(lowered);
            places.push(left);
        }
        self.split_row(&cells, &places, width)
    }

    fn places(&self, widths: &[f32]) -> Vec<f32> {
        let mut x = 0.0;
        let mut places = Vec::new();
        for width in widths {
            places.push(x);
            x += width + self.gap;
        }
        places
    }

    /// A row as one piece, or as several when it is so tall that a page has to break within it.
    fn split_row(&self, cells: &[Piece], places: &[f32], width: f32) -> Vec<Piece> {
        let tallest = cells.iter().map(|cell| cell.height).fold(self.leading, f32::max);
        let lines = (tallest / self.leading).round().max(1.0);
        let mut pieces = Vec::new();
        let mut from = 0.0;
        while from < lines {
            let to = if lines <= WHOLE_LINES {
                lines
            } else {
                (from + SPLIT_LINES).min(lines)
            };
            let (first, last) = (from <= 0.0, to >= lines);
            let top = if first { self.padding } else { 0.0 };
            let height = (to - from) * self.leading + top + if last { self.padding } else { 0.0 };
            let mut piece = Piece {
                height,
                ..Piece::default()
            };
            let (upper, lower) = (from * self.leading, to * self.leading);
            for (cell, x) in cells.iter().zip(places) {
                let part = cell
                    .shapes
                    .iter()
                    .filter(|placed| (upper..lower).contains(&placed.shape.line()));
                piece
                    .shapes
                    .extend(part.map(|placed| placed.moved(*x, top - upper)));
            }
            if last {
                piece.shapes.push(rule(0.0, height, width, 0.4, Colour::RULE));
            }
            pieces.push(piece);
            from = to;
        }
        pieces
    }

    fn widths(&self, ink: &Ink, width: f32) -> Vec<f32> {
        let gaps = self.gap * (self.columns.len().saturating_sub(1)) as f32;
        let mut widths: Vec<f32> = Vec::new();
        let mut shares = 0.0;
        for (at, column) in self.columns.iter().enumerate() {
            widths.push(match column.width {
                Width::Points(points) => points,
                Width::Fit => self.fitting(ink, at, column),
                Width::Share(share) => {
                    shares += share;
                    0.0
                }
            });
        }
        let fixed: f32 = widths.iter().sum();
        let left = (width - gaps - fixed).max(0.0);
        for (wide, column) in widths.iter_mut().zip(&self.columns) {
            if let Width::Share(share) = column.width {
                *wide = left * share / shares;
            }
        }
        widths
    }

    fn fitting(&self, ink: &Ink, at: usize, column: &Column) -> f32 {
        let title = plain(column.title.as_str(), Style::SMALL);
        // a head of several words may take several lines
        let head = widest_word(&ink.fonts, &title);
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let widest = cells
            .map(|cell| natural_width(&ink.fonts, cell))
            .fold(head, f32::max);
        (widest + 0.1).min(WIDEST_FIT)
    }
}

/// A row of more lines than this may be broken by a page.
const WHOLE_LINES: f32 = 24.0;
/// Lines that stay together in a broken row.
const SPLIT_LINES: f32 = 8.0;
/// A column that fits its cells is never wider than this.
const WIDEST_FIT: f32 = 170.0;
