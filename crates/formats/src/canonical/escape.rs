//! Escaping of strings, one table a dialect.

use super::Escape;

/// Appends `text` without quotes.
pub(super) fn write_escaped(text: &str, escape: Escape, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((plain, special, tail)) = next_special(rest, escape) {
        out.extend_from_slice(plain.as_bytes());
        write_special(special, escape, out);
        rest = tail;
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Whether `text` is written as it stands, without any escape.
pub(super) fn is_plain(text: &str, escape: Escape) -> bool {
    next_special(text, escape).is_none()
}

/// Splits at the first character that is escaped.
fn next_special(text: &str, escape: Escape) -> Option<(&str, char, &str)> {
    let class = class_of(escape);
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += bytes
            .get(at..)?
            .iter()
            .position(|&byte| class[usize::from(byte)])?;
        let (plain, tail) = text.split_at_checked(at)?;
        let special = tail.chars().next()?;
        // In Go's dialect a lead byte E2 only hints at U+2028 and U+2029.
        if escape != Escape::GoHtml || special.is_ascii() || is_line_separator(special) {
            return Some((plain, special, &tail[special.len_utf8()..]));
        }
        at += special.len_utf8();
    }
}

fn write_special(c: char, escape: Escape, out: &mut Vec<u8>) {
    let short = match c {
        '"' if escape != Escape::DotNet => Some(b'"'),
        '\\' => Some(b'\\'),
        '\u{8}' => Some(b'b'),
        '\t' => Some(b't'),
        '\n' => Some(b'n'),
        '\u{c}' => Some(b'f'),
        '\r' => Some(b'r'),
        _ => None,
    };
    if let Some(letter) = short {
        out.extend_from_slice(&[b'\\', letter]);
        return;
    }
    let digits = if escape == Escape::DotNet { UPPER } else { LOWER };
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.extend_from_slice(b"\\u");
        out.extend([12, 8, 4, 0].map(|shift| digits[usize::from(*unit >> shift & 0xF)]));
    }
}

fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

fn class_of(escape: Escape) -> &'static [bool; 256] {
    match escape {
        Escape::Utf8 => &MINIMAL,
        Escape::PyAscii => &PYTHON,
        Escape::GoHtml => &GO,
        Escape::DotNet => &DOT_NET,
    }
}

const MINIMAL: [bool; 256] = table(b"", false);
const PYTHON: [bool; 256] = table(b"\x7F", true);
const GO: [bool; 256] = table(b"<>&\xE2", false);
const DOT_NET: [bool; 256] = table(b"\x7F<>&+'`", true);

/// The bytes at which a run of plain text ends: controls, the quote, the backslash, `also`, and beyond ASCII.
const fn table(also: &[u8], beyond_ascii: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte < 0x20 || (beyond_ascii && byte >= 0x80);
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    let mut index = 0;
    while index < also.len() {
        table[also[index] as usize] = true;
        index += 1;
    }
    table
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";
