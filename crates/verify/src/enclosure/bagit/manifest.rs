//! Lines of payload and tag manifests (RFC 8493, sections 2.1.3 and 2.2.1): a digest, white space, a path.

use super::super::listing::{Digest, Function};
use super::super::names;

/// How the lines of one manifest are read.
pub(super) struct Rules {
    /// The function that the manifest's name names; `None` for one that is not known here.
    pub function: Option<Function>,
    pub name: String,
    pub encodes_percent: bool,
    pub is_payload: bool,
}

/// Why a line is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is no digest and path.
    Line,
    /// The path means no place where the listed files lie.
    Path { path: String, why: &'static str },
}

impl Rules {
    /// Reads one line. `is_here` tells of a path whether it is a file of the bag.
    pub fn line(&self, line: &str, is_here: impl Fn(&str) -> bool) -> Result<(String, Digest), Refusal> {
        let (digits, rest) = line.split_once([' ', '\t']).ok_or(Refusal::Line)?;
        let stated = match self.function {
            Some(function) => Digest::hex(digits, Some(function)).ok_or(Refusal::Line)?,
            None if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && !digits.is_empty() => {
                Digest::None(format!("{} is not computed here", self.name))
            }
            None => return Err(Refusal::Line),
        };
        let mut written = rest.trim_start_matches([' ', '\t']);
        // md5sum marks a file that it read as binary
        if let Some(plain) = written.strip_prefix('*')
            && !is_here(written)
        {
            written = plain;
        }
        let refused = |why| Refusal::Path {
            path: written.to_owned(),
            why,
        };
        let decoded = decode(written, self.encodes_percent);
        // writers differ in whether they encode; the file that is here decides, and only where one of the two is
        let path = if !is_here(&decoded) && is_here(written) {
            written
        } else {
            &decoded
        };
        let path = names::below(path).map_err(refused)?;
        if names::is_below(path, "data") != self.is_payload {
            return Err(refused(if self.is_payload {
                "lies outside the payload"
            } else {
                "lies in the payload, which tag manifests do not list"
            }));
        }
        Ok((path.to_owned(), stated))
    }
}

/// Undoes the encoding of line ends, and of the percent sign itself where the version has it.
pub(super) fn decode(path: &str, encodes_percent: bool) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        let sign = match after.get(..3) {
            Some("%0A" | "%0a") => Some('\n'),
            Some("%0D" | "%0d") => Some('\r'),
            Some("%25") if encodes_percent => Some('%'),
            _ => None,
        };
        match sign {
            Some(sign) => {
                plain.push(sign);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                plain.push('%');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> Rules {
        Rules {
            function: Function::named("sha256"),
            name: "sha256".into(),
            encodes_percent: true,
            is_payload: true,
        }
    }

    fn path(line: &str) -> Option<String> {
        rules().line(line, |_| false).ok().map(|(path, _)| path)
    }

    #[test]
    fn lines_of_payload_manifests() {
        let hex = "a".repeat(64);
        for (rest, expected) in [
            ("  data/a", "data/a"),
            (" data/a b", "data/a b"),
            ("\tdata/a", "data/a"),
            (" ./data/a", "data/a"),
            (" *data/a", "data/a"),
            ("  data/a%0Ab%0dc%25", "data/a\nb\rc%"),
            ("  data/%7E", "data/%7E"),
        ] {
            assert_eq!(path(&format!("{hex}{rest}")).as_deref(), Some(expected), "{rest}");
        }
        for rest in [
            "",
            "  ",
            "  ../a",
            "  data/../../a",
            "  /data/a",
            "  other/a",
            "  ~/data",
            "  data\\a",
            "  data/",
        ] {
            assert_eq!(path(&format!("{hex}{rest}")), None, "{rest}");
        }
        assert_eq!(path("abc  data/a"), None);
    }

    #[test]
    fn the_file_that_is_here_decides() {
        let line = format!("{}  data/a%25", "a".repeat(64));
        let read = |here: &str| rules().line(&line, |path| path == here).unwrap().0;
        assert_eq!(read("data/a%25"), "data/a%25");
        assert_eq!(read("data/a%"), "data/a%");
        assert_eq!(decode("a%25", false), "a%25");
    }

    proptest! {
        #[test]
        fn any_line(line in ".*", encodes_percent in any::<bool>()) {
            let _ = rules().line(&line, |_| false);
            let _ = decode(&line, encodes_percent);
        }
    }
}
