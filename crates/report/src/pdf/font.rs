//! The four faces that a report is set in, and letters set as glyphs with their advances.
//!
//! Figures are tabular everywhere (`tnum`), so that columns of numbers align. Contextual forms and ligatures are off:
//! both families would otherwise redraw `->`, `!=` or `3x4`, and evidence is never improved.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use harfrust::{Buffer, Direction, Feature, Font, ShapeOptions, ShaperFont, Tag, shape};

use crate::ReportError;

/// One of the four faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    /// Inter Regular: words and figures.
    Text,
    /// Inter SemiBold: titles, verdicts, names.
    Strong,
    /// JetBrains Mono: bytes, digests, commands.
    Mono,
    /// Noto Sans: letters that the others lack.
    Wide,
}

impl Face {
    /// All of them, in the order of their indices.
    pub const ALL: [Face; 4] = [Face::Text, Face::Strong, Face::Mono, Face::Wide];

    /// Its name inside the PDF.
    pub fn name(self) -> &'static str {
        match self {
            Face::Text => "Inter-Regular",
            Face::Strong => "Inter-SemiBold",
            Face::Mono => "JetBrainsMono-Regular",
            Face::Wide => "NotoSans-Regular",
        }
    }

    /// The font file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Face::Text => include_bytes!("../../fonts/Inter-Regular.ttf"),
            Face::Strong => include_bytes!("../../fonts/Inter-SemiBold.ttf"),
            Face::Mono => include_bytes!("../../fonts/JetBrainsMono-Regular.ttf"),
            Face::Wide => include_bytes!("../../fonts/NotoSans-Regular.ttf"),
        }
    }

    /// Faces to ask for a letter, in this order.
    pub fn chain(self) -> [Face; 3] {
        match self {
            Face::Text | Face::Wide => [Face::Text, Face::Wide, Face::Mono],
            Face::Strong => [Face::Strong, Face::Wide, Face::Mono],
            Face::Mono => [Face::Mono, Face::Text, Face::Wide],
        }
    }
}

/// One glyph of a set word, in thousandths of an em.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    /// Its number in the whole face.
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// How far the face itself says the pen moves (before kerning); the PDF's width table is made from it.
    pub nominal: f32,
    /// Shift to the right, for marks over letters.
    pub dx: f32,
    /// Shift upwards, for marks over letters.
    pub dy: f32,
    /// The text it stands for; empty for the second and later glyphs of one cluster.
    pub text: String,
}

/// Letters of one face, set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Letters {
    /// The face.
    pub face: Face,
    /// Its glyphs.
    pub glyphs: Vec<Glyph>,
    /// Sum of the advances, in thousandths of an em.
    pub width: f32,
    /// The text.
    pub text: String,
}

/// The four faces, ready to set text.
pub(crate) struct Fonts {
    faces: Vec<Font>,
    scale: Vec<f32>,
    set: RefCell<HashMap<(Face, String), Rc<Letters>>>,
}

impl Fonts {
    /// Reads the four font files.
    ///
    /// # Errors
    /// When one of them cannot be read; they are part of the program.
    pub fn open() -> Result<Fonts, ReportError> {
        let mut faces = Vec::new();
        let mut scale = Vec::new();
        for face in Face::ALL {
            let font = Font::new(face.bytes(), 0).ok_or(ReportError::Font { face: face.name() })?;
            let units = font.units_per_em();
            if units == 0 {
                return Err(ReportError::Font { face: face.name() });
            }
            scale.push(1000.0 / f32::from(units));
            faces.push(font);
        }
        Ok(Fonts {
            faces,
            scale,
            set: RefCell::new(HashMap::new()),
        })
    }

    /// Whether the face draws this letter.
    pub fn draws(&self, face: Face, letter: char) -> bool {
        self.faces
            .get(face as usize)
            .and_then(|font| font.charmap().map_unicode(letter))
            .is_some_and(|glyph| glyph.to_u32() != 0)
    }

    /// Sets a text in one face, which has to draw all of it. Kerning and accents are placed by the font's own tables.
    pub fn set(&self, face: Face, text: &str) -> Rc<Letters> {
        if let Some(known) = self.set.borrow().get(&(face, text.to_string())) {
            return Rc::clone(known);
        }
        let letters = Rc::new(self.shape(face, text));
        let mut set = self.set.borrow_mut();
        // a cap, so that a report of a million different words does not keep them all
        if set.len() >= MAX_REMEMBERED {
            set.clear();
        }
        set.insert((face, text.to_string()), Rc::clone(&letters));
        letters
    }

    /// Width of a text in points.
    pub fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        self.set(face, text).width * size / 1000.0
    }

    fn shape(&self, face: Face, text: &str) -> Letters {
        let empty = Letters {
            face,
            glyphs: Vec::new(),
            width: 0.0,
            text: text.to_string(),
        };
        let (Some(font), Some(scale)) = (self.faces.get(face as usize), self.scale.get(face as usize)) else {
            return empty;
        };
        let shaper = ShaperFont::new(font);
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        // every line runs from left to right: right-to-left scripts are not set by these faces but named
        buffer.set_direction(Direction::LeftToRight);
        let mut features = OFF.map(|tag| Feature::new(Tag::new(tag), 0, ..)).to_vec();
        features.extend(figures(text));
        if shape(&shaper, &mut buffer, ShapeOptions::new().features(&features)).is_err() {
            return empty;
        }
        let infos = buffer.glyph_infos();
        let places = buffer.glyph_positions();
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width = 0.0;
        for (at, (info, place)) in infos.iter().zip(places).enumerate() {
            let start = info.cluster as usize;
            let repeats = at > 0
                && infos
                    .get(at - 1)
                    .is_some_and(|before| before.cluster == info.cluster);
            let end = infos
                .iter()
                .skip(at)
                .map(|later| later.cluster as usize)
                .find(|later| *later > start);
            let cluster = if repeats {
                ""
            } else {
                text.get(start..end.unwrap_or(text.len())).unwrap_or("")
            };
            let id = u16::try_from(info.glyph_id).unwrap_or(0);
            let advance = place.x_advance as f32 * scale;
            width += advance;
            glyphs.push(Glyph {
                id,
                advance,
                nominal: shaper.glyph_h_advance(info.glyph_id.into()) as f32 * scale,
                dx: place.x_offset as f32 * scale,
                dy: place.y_offset as f32 * scale,
                text: cluster.to_string(),
            });
        }
        Letters {
            face,
            glyphs,
            width,
            text: text.to_string(),
        }
    }
}

/// Tabular forms where figures stand, and only there: hyphens and colons beside them keep their own width.
fn figures(text: &str) -> impl Iterator<Item = Feature> {
    let digits = text.char_indices().filter(|(_, letter)| letter.is_ascii_digit());
    digits.filter_map(|(at, _)| {
        let start = u32::try_from(at).ok()?;
        // the end is the first cluster without the feature
        Some(Feature {
            tag: Tag::new(b"tnum"),
            value: 1,
            start,
            end: start + 1,
        })
    })
}

/// Contextual forms and ligatures.
const OFF: [&[u8; 4]; 4] = [b"calt", b"liga", b"clig", b"dlig"];

const MAX_REMEMBERED: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_tabular() {
        let fonts = Fonts::open().unwrap();
        for face in [Face::Text, Face::Strong, Face::Mono] {
            let widths: Vec<f32> = "0123456789"
                .chars()
                .map(|d| fonts.width(face, 10.0, &d.to_string()))
                .collect();
            assert!(
                widths.windows(2).all(|pair| pair[0] == pair[1]),
                "{face:?} {widths:?}"
            );
        }
    }

    #[test]
    fn hyphens_keep_their_width() {
        let fonts = Fonts::open().unwrap();
        let whole = fonts.set(Face::Text, "x-2026-07");
        assert_eq!(whole.glyphs[1].id, fonts.set(Face::Text, "-").glyphs[0].id);
        assert_eq!(whole.glyphs[2].id, fonts.set(Face::Text, "2").glyphs[0].id);
    }

    #[test]
    fn arrows_are_not_drawn_from_evidence() {
        let fonts = Fonts::open().unwrap();
        for face in [Face::Text, Face::Mono] {
            let letters = fonts.set(face, "a->b != 3x4");
            assert_eq!(letters.glyphs.len(), 11, "{face:?}");
            let single: Vec<u16> = "a->b != 3x4"
                .chars()
                .map(|c| fonts.set(face, &c.to_string()).glyphs[0].id)
                .collect();
            assert_eq!(
                letters.glyphs.iter().map(|g| g.id).collect::<Vec<_>>(),
                single,
                "{face:?}"
            );
        }
    }

    #[test]
    fn letters_are_kerned() {
        let fonts = Fonts::open().unwrap();
        let apart = fonts.width(Face::Text, 1000.0, "T") + fonts.width(Face::Text, 1000.0, "o");
        assert!(fonts.width(Face::Text, 1000.0, "To") < apart - 1.0);
    }

    #[test]
    fn a_cluster_names_its_text_once() {
        let fonts = Fonts::open().unwrap();
        let letters = fonts.set(Face::Text, "q\u{301}\u{323}x");
        let text: String = letters.glyphs.iter().map(|g| g.text.as_str()).collect();
        assert_eq!(text, "q\u{301}\u{323}x");
    }
}
