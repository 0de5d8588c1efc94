//! `bagit.txt` (RFC 8493, section 2.1.1): two lines, in UTF-8 without a byte order mark.

/// What a bag declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration {
    version: (u32, u32),
    /// The encoding of all other tag files.
    pub encoding: String,
}

impl Default for Declaration {
    /// For a bag whose declaration cannot be read: the strictest.
    fn default() -> Self {
        Declaration {
            version: (1, 0),
            encoding: "UTF-8".to_owned(),
        }
    }
}

impl Declaration {
    /// Whether `%25` stands for a percent sign in paths; before 1.0 only `%0A` and `%0D` have a meaning.
    pub fn encodes_percent(&self) -> bool {
        self.version >= (1, 0)
    }

    /// Whether a manifest must not list a file twice, even with the same digest.
    pub fn forbids_repeats(&self) -> bool {
        self.version >= (1, 0)
    }

    /// Whether each payload manifest lists all payload files, and not only all manifests together.
    pub fn each_lists_all(&self) -> bool {
        self.version >= (1, 0)
    }
}

/// Reads the declaration. Lines end in LF, CR LF or (the last one) in nothing.
pub(super) fn parse(content: &[u8]) -> Result<Declaration, &'static str> {
    let text = std::str::from_utf8(content).map_err(|_| "it is not in UTF-8")?;
    if text.starts_with('\u{feff}') {
        return Err("it begins with a byte order mark");
    }
    let mut lines = super::tag::lines(text);
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("BagIt-Version: "))
        .ok_or("its first line is not BagIt-Version and a version")?;
    let encoding = lines
        .next()
        .and_then(|line| line.strip_prefix("Tag-File-Character-Encoding: "))
        .filter(|encoding| !encoding.is_empty() && encoding.trim() == *encoding)
        .ok_or("its second line is not Tag-File-Character-Encoding and a name")?;
    if lines.any(|line| !line.is_empty()) {
        return Err("it has more than two lines");
    }
    let version = match version {
        "0.93" => (0, 93),
        "0.94" => (0, 94),
        "0.95" => (0, 95),
        "0.96" => (0, 96),
        "0.97" => (0, 97),
        "1.0" => (1, 0),
        _ => return Err("its version is none of 0.93 to 0.97 and 1.0"),
    };
    Ok(Declaration {
        version,
        encoding: encoding.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_and_nothing_else() {
        for text in [
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8",
        ] {
            assert!(parse(text.as_bytes()).is_ok(), "{text:?}");
        }
        for text in [
            "",
            "BagIt-Version: 1.0\n",
            "BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n",
            "BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n",
            "\u{feff}BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n",
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nX: y\n",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(parse(b"\xff").is_err());
    }
}
