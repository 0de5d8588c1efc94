//! Text set in lines: spans of style, broken at spaces by the real widths of their letters.

use std::rc::Rc;

use unicode_segmentation::UnicodeSegmentation;

use super::colour::Colour;
use super::font::{Face, Fonts, Letters};
use super::letter::{self, Part};
use super::mark::Mark;

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// The face.
    pub face: Face,
    /// Size in points.
    pub size: f32,
    /// Colour.
    pub colour: Colour,
}

impl Style {
    /// Body text, 9.5 pt.
    pub const BODY: Style = Style {
        face: Face::Text,
        size: 9.5,
        colour: Colour::TEXT,
    };
    /// Rows of a table, 9 pt.
    pub const TABLE: Style = Style {
        face: Face::Text,
        size: 9.0,
        colour: Colour::TEXT,
    };
    /// Captions, column heads, head and foot of the page, 8 pt.
    pub const SMALL: Style = Style {
        face: Face::Text,
        size: 8.0,
        colour: Colour::MUTED,
    };

    /// The same in SemiBold.
    pub const fn strong(self) -> Style {
        Style {
            face: Face::Strong,
            ..self
        }
    }

    /// The same in the fixed-width face, a little smaller, since its letters are wide.
    pub fn mono(self) -> Style {
        Style {
            face: Face::Mono,
            size: self.size * 0.9,
            ..self
        }
    }

    /// The same in another colour.
    pub const fn colour(self, colour: Colour) -> Style {
        Style { colour, ..self }
    }

    /// The same in another size.
    pub const fn size(self, size: f32) -> Style {
        Style { size, ..self }
    }
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Span {
    /// Letters. A line feed is a hidden letter here like any other; use [`Span::Break`] for a new line.
    Text(String, Style),
    /// An outcome mark of this size; the next word stays beside it.
    Mark(Mark, f32),
    /// A new line.
    Break,
}

/// Running text: spans in order.
pub(crate) type Rich = Vec<Span>;

/// Text in one style.
pub(crate) fn plain(text: impl Into<String>, style: Style) -> Rich {
    vec![Span::Text(text.into(), style)]
}

/// Text that a person wrote in several lines: its line feeds become new lines.
pub(crate) fn prose(text: &str, style: Style) -> Rich {
    let mut spans = Vec::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            spans.push(Span::Break);
        }
        spans.push(Span::Text(
            line.strip_suffix('\r').unwrap_or(line).to_string(),
            style,
        ));
    }
    spans
}

/// Something on a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// Letters of one face.
    Letters(Rc<Letters>, Style),
    /// A named letter in a frame.
    Named(Rc<Letters>, Style),
    /// An outcome mark of this size.
    Mark(Mark, f32),
}

/// A set line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Its items, each with its distance from the left edge in points.
    pub items: Vec<(f32, Item)>,
    /// How far it reaches, without spaces at its end.
    pub width: f32,
}

/// Sets text in lines of at most this width in points.
pub(crate) fn set(fonts: &Fonts, text: &[Span], width: f32) -> Vec<Line> {
    let mut setter = Setter {
        width: width.max(MIN_WIDTH),
        lines: Vec::new(),
        line: Line::default(),
        pen: 0.0,
    };
    for unit in units(fonts, text) {
        match unit {
            Unit::Break => setter.end_line(),
            Unit::Space(style) => setter.space(fonts, style),
            Unit::Word(atoms) => setter.word(fonts, atoms),
        }
    }
    setter.end_line();
    setter.lines
}

/// The width that text takes when nothing breaks it but its own line breaks, in points.
pub(crate) fn natural_width(fonts: &Fonts, text: &[Span]) -> f32 {
    set(fonts, text, f32::MAX)
        .iter()
        .map(|line| line.width)
        .fold(0.0, f32::max)
}

/// The widest word, in points: a column narrower than this has to cut it.
pub(crate) fn widest_word(fonts: &Fonts, text: &[Span]) -> f32 {
    let word = |unit: Unit| match unit {
        Unit::Word(atoms) => atoms.iter().map(Atom::width).sum(),
        Unit::Space(_) | Unit::Break => 0.0,
    };
    units(fonts, text).into_iter().map(word).fold(0.0, f32::max)
}

enum Unit {
    Word(Vec<Atom>),
    Space(Style),
    Break,
}

#[derive(Clone)]
struct Atom {
    item: Item,
}

impl Atom {
    fn letters(fonts: &Fonts, face: Face, text: &str, style: Style) -> Atom {
        Atom {
            item: Item::Letters(fonts.set(face, text), Style { face, ..style }),
        }
    }

    fn named(fonts: &Fonts, letter: char, style: Style) -> Atom {
        let style = Style {
            face: Face::Mono,
            size: style.size * NAMED_SIZE,
            colour: Colour::UNPROVEN,
        };
        Atom {
            item: Item::Named(fonts.set(Face::Mono, &letter::name(letter)), style),
        }
    }

    fn width(&self) -> f32 {
        match &self.item {
            Item::Letters(letters, style) => letters.width * style.size / 1000.0,
            Item::Named(letters, style) => letters.width * style.size / 1000.0 + style.size * NAMED_ROOM,
            Item::Mark(_, size) => size + size * MARK_GAP,
        }
    }

    /// The same, cut after letters at which a long word may be broken, or else between clusters.
    fn cut(&self, fonts: &Fonts, width: f32) -> Vec<Atom> {
        let Item::Letters(letters, style) = &self.item else {
            return vec![self.clone()];
        };
        let piece = |text: &str| Atom::letters(fonts, letters.face, text, *style);
        let mut pieces = Vec::new();
        for part in letters.text.split_inclusive(SOFT) {
            let atom = piece(part);
            if atom.width() <= width {
                pieces.push(atom);
            } else {
                pieces.extend(part.graphemes(true).map(piece));
            }
        }
        pieces
    }
}

struct Setter {
    width: f32,
    lines: Vec<Line>,
    line: Line,
    pen: f32,
}

impl Setter {
    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.pen = 0.0;
    }

    fn space(&mut self, fonts: &Fonts, style: Style) {
        // a space at the start of a line that broke here is dropped; a line that begins with one keeps it
        if self.line.items.is_empty() && self.lines.last().is_some_and(|line| !line.items.is_empty()) {
            return;
        }
        let letters = fonts.set(style.face, " ");
        let wide = letters.width * style.size / 1000.0;
        self.line.items.push((self.pen, Item::Letters(letters, style)));
        self.pen += wide;
    }

    fn word(&mut self, fonts: &Fonts, atoms: Vec<Atom>) {
        let wide: f32 = atoms.iter().map(Atom::width).sum();
        if self.pen + wide <= self.width + SLACK {
            atoms.into_iter().for_each(|atom| self.put(atom));
        } else if wide <= self.width {
            self.break_line();
            atoms.into_iter().for_each(|atom| self.put(atom));
        } else {
            self.long_word(fonts, &atoms);
        }
    }

    fn long_word(&mut self, fonts: &Fonts, atoms: &[Atom]) {
        if self.pen > self.width * LONG_WORD_START {
            self.break_line();
        }
        let width = self.width;
        for piece in atoms.iter().flat_map(|atom| atom.cut(fonts, width)) {
            if self.pen + piece.width() > self.width + SLACK {
                self.break_line();
            }
            self.put(piece);
        }
    }

    fn put(&mut self, atom: Atom) {
        let wide = atom.width();
        self.line.items.push((self.pen, atom.item));
        self.pen += wide;
        self.line.width = self.pen;
    }

    fn break_line(&mut self) {
        while matches!(self.line.items.last(), Some((_, Item::Letters(letters, _))) if letters.text == " ") {
            self.line.items.pop();
        }
        if !self.line.items.is_empty() {
            self.end_line();
        }
        self.pen = 0.0;
    }
}

fn units(fonts: &Fonts, text: &[Span]) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut word: Vec<Atom> = Vec::new();
    for span in text {
        match span {
            Span::Break => {
                end_word(&mut units, &mut word);
                units.push(Unit::Break);
            }
            Span::Mark(mark, size) => word.push(Atom {
                item: Item::Mark(*mark, *size),
            }),
            Span::Text(text, style) => {
                for (at, piece) in text.split(' ').enumerate() {
                    if at > 0 {
                        end_word(&mut units, &mut word);
                        units.push(Unit::Space(*style));
                    }
                    for part in letter::parts(fonts, style.face, piece) {
                        word.push(match part {
                            Part::Letters(face, text) => Atom::letters(fonts, face, &text, *style),
                            Part::Named(letter) => Atom::named(fonts, letter, *style),
                        });
                    }
                }
            }
        }
    }
    end_word(&mut units, &mut word);
    units
}

fn end_word(units: &mut Vec<Unit>, word: &mut Vec<Atom>) {
    if !word.is_empty() {
        units.push(Unit::Word(std::mem::take(word)));
    }
}

/// Letters after which a word that is wider than its line is broken first.
const SOFT: [char; 13] = [
    '\u{a0}', '-', '/', '.', '_', ':', ',', '@', '&', '=', '?', ';', '\\',
];
/// A named letter is this much smaller than the text around it.
pub(crate) const NAMED_SIZE: f32 = 0.78;
/// Room that its frame takes, in its own size.
pub(crate) const NAMED_ROOM: f32 = 0.6;
/// Gap between a mark and its word, in the mark's size.
pub(crate) const MARK_GAP: f32 = 0.55;
/// A word wider than the line starts on this line if less than this part of it is taken.
const LONG_WORD_START: f32 = 0.7;
/// Rounding of sums of widths.
const SLACK: f32 = 0.01;
/// Narrower than this nothing is set.
const MIN_WIDTH: f32 = 12.0;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(line: &Line) -> String {
        let item = |(_, item): &(f32, Item)| match item {
            Item::Letters(letters, _) => letters.text.clone(),
            Item::Named(letters, _) => format!("[{}]", letters.text),
            Item::Mark(..) => "*".into(),
        };
        line.items.iter().map(item).collect()
    }

    #[test]
    fn lines_break_at_spaces() {
        let fonts = Fonts::open().unwrap();
        let lines = set(&fonts, &plain("one two three four", Style::BODY), 45.0);
        assert_eq!(
            lines.iter().map(text_of).collect::<Vec<_>>(),
            ["one two", "three four"]
        );
    }

    #[test]
    fn a_mark_stays_with_its_word() {
        let fonts = Fonts::open().unwrap();
        let text = vec![
            Span::Text("aaaa ".into(), Style::BODY),
            Span::Mark(Mark::Proven, 9.0),
            Span::Text("Proven".into(), Style::BODY),
        ];
        let lines = set(&fonts, &text, 50.0);
        assert_eq!(lines.iter().map(text_of).collect::<Vec<_>>(), ["aaaa", "*Proven"]);
    }

    #[test]
    fn bidi_controls_are_named() {
        let fonts = Fonts::open().unwrap();
        let lines = set(&fonts, &plain("user\u{202e}nimda", Style::BODY), 300.0);
        assert_eq!(text_of(&lines[0]), "user[U+202E]nimda");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column(text in "[a-z/.\u{202e}中 -]{0,80}", width in 40.0f32..300.0) {
            let fonts = Fonts::open().unwrap();
            for line in set(&fonts, &plain(text, Style::BODY), width) {
                prop_assert!(line.width <= width + 0.1, "{} in {width}", line.width);
            }
        }

        #[test]
        fn no_letter_is_lost(text in "[a-zäж ]{0,80}", width in 20.0f32..300.0) {
            let fonts = Fonts::open().unwrap();
            let set: String = set(&fonts, &plain(text.clone(), Style::BODY), width).iter().map(text_of).collect();
            prop_assert_eq!(set.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
