//! The text of tag files: encodings, lines, fields.

/// An encoding of tag files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    /// With a byte order mark, else big-endian (RFC 2781).
    Utf16,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// By its name in the IANA registry, in either case.
    pub fn named(name: &str) -> Option<Encoding> {
        Some(match name.to_ascii_uppercase().as_str() {
            "UTF-8" => Encoding::Utf8,
            "US-ASCII" | "ASCII" => Encoding::Ascii,
            "ISO-8859-1" | "LATIN1" => Encoding::Latin1,
            "UTF-16" => Encoding::Utf16,
            "UTF-16LE" => Encoding::Utf16Le,
            "UTF-16BE" => Encoding::Utf16Be,
            _ => return None,
        })
    }

    pub fn decode(self, bytes: &[u8]) -> Result<String, &'static str> {
        match self {
            Encoding::Utf8 => {
                // RFC 8493, section 2.1.1, forbids the mark in bagit.txt alone
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                let text = std::str::from_utf8(bytes).map_err(|_| "it is not in UTF-8")?;
                Ok(text.to_owned())
            }
            Encoding::Ascii if bytes.is_ascii() => Encoding::Utf8.decode(bytes),
            Encoding::Ascii => Err("it is not in US-ASCII"),
            Encoding::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Encoding::Utf16 => match bytes {
                [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
                [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
                rest => utf16(rest, u16::from_be_bytes),
            },
            Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
            Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, &'static str> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("it ends inside a UTF-16 unit");
    }
    let units: Vec<u16> = units.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).map_err(|_| "it is not in UTF-16")
}

/// Lines that end in LF, CR LF or CR; what follows the last end is a line where it is not empty.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let line = text.get(..end)?;
        let after = text.get(end..)?;
        let after = after
            .strip_prefix("\r\n")
            .or_else(|| after.strip_prefix(['\n', '\r']))?;
        rest = Some(after);
        Some(line)
    })
}

/// `Name: value` fields; a line that begins with white space goes on with the value before.
pub(super) fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines(text) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_of_every_system() {
        let found: Vec<_> = lines("a\nb\r\nc\rd\n\ne").collect();
        assert_eq!(found, ["a", "b", "c", "d", "", "e"]);
        assert_eq!(lines("").count(), 0);
        assert_eq!(lines("a\n").count(), 1);
    }

    #[test]
    fn encodings() {
        let text = "71  data/é";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xff, 0xfe][..], &little].concat();
        assert_eq!(Encoding::Utf16.decode(&marked).unwrap(), text);
        assert_eq!(Encoding::Utf16.decode(&big).unwrap(), text);
        assert_eq!(Encoding::Utf16Le.decode(&little).unwrap(), text);
        assert_eq!(Encoding::Latin1.decode(b"\xe9").unwrap(), "é");
        assert!(Encoding::Utf8.decode(b"\xe9").is_err());
        assert!(Encoding::Ascii.decode("é".as_bytes()).is_err());
        assert!(Encoding::Utf16Be.decode(b"abc").is_err());
        assert_eq!(Encoding::named("utf-8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::named("EBCDIC"), None);
    }

    #[test]
    fn fields_go_on() {
        assert_eq!(
            fields("A: b\n  c\nd : e\n"),
            [("A".into(), "b c".into()), ("d".into(), "e".into())]
        );
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            for name in ["UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "US-ASCII"] {
                if let Ok(text) = Encoding::named(name).unwrap().decode(&bytes) {
                    let _ = fields(&text);
                    let parts: usize = lines(&text).map(str::len).sum();
                    prop_assert!(parts <= text.len());
                }
            }
        }
    }
}
