//! Which letters are shown as letters, and which are named instead.
//!
//! Text of a record is hostile: a bidi control can turn a line round, a zero-width letter can hide in a name. What a
//! reader could not see is printed as its code, `U+202E`, in a small frame. So is a letter that no face draws.

use unicode_segmentation::UnicodeSegmentation;

use super::font::{Face, Fonts};

/// A part of a word that is drawn in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Letters of one face.
    Letters(Face, String),
    /// A letter that is named by its code.
    Named(char),
}

/// Cuts a word into parts, none of which is invisible. Nothing is dropped.
pub(crate) fn parts(fonts: &Fonts, face: Face, word: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for cluster in word.graphemes(true) {
        for part in cluster_parts(fonts, face, cluster) {
            match (parts.last_mut(), part) {
                (Some(Part::Letters(last, text)), Part::Letters(face, more)) if *last == face => {
                    text.push_str(&more);
                }
                (_, part) => parts.push(part),
            }
        }
    }
    parts
}

/// Whether a reader would not see this letter, or would see something else move because of it.
pub(crate) fn is_hidden(letter: char) -> bool {
    let code = letter as u32;
    letter.is_control()
        || HIDDEN
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&code))
        || code & 0xfffe == 0xfffe
}

/// The name of a letter: `U+202E`, with at least four digits.
pub(crate) fn name(letter: char) -> String {
    format!("U+{:04X}", letter as u32)
}

fn cluster_parts(fonts: &Fonts, face: Face, cluster: &str) -> Vec<Part> {
    // a letter under a heap of accents would paint over its neighbours; the heap is named
    let heap = cluster.chars().count() > MAX_CLUSTER;
    if !heap && !cluster.chars().any(is_hidden) {
        let drawn = |face: &&Face| cluster.chars().all(|letter| fonts.draws(**face, letter));
        if let Some(face) = face.chain().iter().find(drawn) {
            return vec![Part::Letters(*face, cluster.to_string())];
        }
    }
    let alone = |(at, letter): (usize, char)| {
        let drawn = |face: &&Face| fonts.draws(**face, letter);
        match face.chain().iter().find(drawn) {
            Some(face) if !is_hidden(letter) && (at < MAX_CLUSTER || !heap) => {
                Part::Letters(*face, letter.to_string())
            }
            _ => Part::Named(letter),
        }
    };
    cluster.chars().enumerate().map(alone).collect()
}

/// Letters of one cluster that are drawn over one another; more are named.
const MAX_CLUSTER: usize = 4;

/// Format characters, separators, variation selectors, fillers, private use and tags: Unicode 17, the categories Cf, Zl,
/// Zp, Co and the property `Default_Ignorable_Code_Point`, and spaces of unusual width.
const HIDDEN: &[(u32, u32)] = &[
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x1680, 0x1680),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x2000, 0x200f),
    (0x2028, 0x202e),
    (0x205f, 0x206f),
    (0x2800, 0x2800),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xe000, 0xf8ff),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffd),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1345f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0x10ffff),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_letters_are_named() {
        let fonts = Fonts::open().unwrap();
        for hidden in [
            '\u{202e}',
            '\u{200b}',
            '\u{feff}',
            '\u{0}',
            '\u{7f}',
            '\u{9b}',
            '\u{e0041}',
            '\u{2066}',
            '\t',
        ] {
            let parts = parts(&fonts, Face::Text, &format!("pay{hidden}load"));
            assert!(parts.contains(&Part::Named(hidden)), "{hidden:?} {parts:?}");
        }
    }

    #[test]
    fn a_letter_without_a_face_is_named() {
        let fonts = Fonts::open().unwrap();
        assert_eq!(parts(&fonts, Face::Text, "中"), vec![Part::Named('中')]);
        assert_eq!(name('中'), "U+4E2D");
        assert_eq!(name('\u{1f600}'), "U+1F600");
    }

    #[test]
    fn scripts_fall_back() {
        let fonts = Fonts::open().unwrap();
        assert_eq!(
            parts(&fonts, Face::Text, "Жöγ"),
            vec![Part::Letters(Face::Text, "Жöγ".into())]
        );
        assert_eq!(
            parts(&fonts, Face::Text, "हि"),
            vec![Part::Letters(Face::Wide, "हि".into())]
        );
    }

    #[test]
    fn a_heap_of_accents_is_named() {
        let fonts = Fonts::open().unwrap();
        let heap: String = std::iter::once('a')
            .chain(std::iter::repeat_n('\u{301}', 40))
            .collect();
        let named = parts(&fonts, Face::Text, &heap)
            .iter()
            .filter(|part| matches!(part, Part::Named(_)))
            .count();
        assert_eq!(named, 37);
    }

    proptest! {
        #[test]
        fn nothing_is_dropped(word in "\\PC{0,12}|.{0,12}") {
            let fonts = Fonts::open().unwrap();
            let back: String = parts(&fonts, Face::Text, &word).iter().map(|part| match part {
                Part::Letters(_, text) => text.clone(),
                Part::Named(letter) => letter.to_string(),
            }).collect();
            prop_assert_eq!(back, word);
        }
    }
}
