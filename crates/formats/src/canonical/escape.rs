//! Escaping of strings, one table a dialect.

use super::Escape;
use crate::json::run;

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
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += plain_run(bytes.get(at..)?, escape);
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

/// How many bytes stand before the first that is escaped. Each closure names the bytes of its dialect.
fn plain_run(bytes: &[u8], escape: Escape) -> usize {
    let is_minimal = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    match escape {
        Escape::Utf8 => run(bytes, is_minimal),
        Escape::PyAscii => run(bytes, |byte| is_minimal(byte) || byte >= 0x7F),
        Escape::GoHtml => run(bytes, |byte| is_minimal(byte) || b"<>&\xE2".contains(&byte)),
        Escape::DotNet => run(bytes, |byte| {
            is_minimal(byte) || byte >= 0x7F || b"<>&+'`".contains(&byte)
        }),
    }
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";
