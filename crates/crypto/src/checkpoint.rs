//! Checkpoints (C2SP tlog-checkpoint): what a log says of itself at one size.

use thiserror::Error;

use crate::{
    digest::Digest,
    encoding::{self, EncodingError},
};

/// The body of a checkpoint. It is a claim until the note around it is verified ([`crate::note`]).
///
/// ```text
/// example.com/behind-the-sofa
/// 20852163
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name for itself.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of RFC 6962 over them, with SHA-256.
    pub root: Digest,
    /// Further lines, which nobody can audit.
    pub extensions: Vec<String>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// It does not have the three lines, or one is empty, or the last has no LF.
    #[error("a checkpoint has a line each for origin, size and root, none of them empty")]
    Lines,
    /// The size is no number, or not in its one spelling.
    #[error("the size `{found}` is not a plain decimal number")]
    Size {
        /// The line as it stands.
        found: String,
    },
    /// The root does not decode.
    #[error("the root does not decode: {0}")]
    Encoding(#[from] EncodingError),
    /// The root is not a SHA-256.
    #[error("the root has {found} bytes; 32 are expected")]
    Root {
        /// How many it has.
        found: usize,
    },
}

impl Checkpoint {
    /// Reads the text of a note as a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if [origin, size, root].contains(&"") || extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Lines);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(|| CheckpointError::Size {
                found: size.to_owned(),
            })?,
            root: sha256_of(root)?,
            extensions,
        })
    }
}

/// A decimal number in its one spelling: digits only, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A SHA-256 in base64.
pub(crate) fn sha256_of(text: &str) -> Result<Digest, CheckpointError> {
    let bytes = encoding::unbase64(text)?;
    let wrong = CheckpointError::Root { found: bytes.len() };
    if bytes.len() == 32 {
        Digest::from_slice(&bytes).map_err(|_| wrong)
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn three_lines_and_more() {
        let read = Checkpoint::parse(&format!("example.com/behind-the-sofa\n20852163\n{ROOT}\n")).unwrap();
        assert_eq!(read.origin, "example.com/behind-the-sofa");
        assert_eq!(read.size, 20_852_163);
        assert_eq!(encoding::base64(read.root.as_bytes()), ROOT);
        let more = Checkpoint::parse(&format!("a b\n0\n{ROOT}\nTimestamp: 1\n")).unwrap();
        assert_eq!((more.size, more.extensions), (0, vec!["Timestamp: 1".to_owned()]));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            String::new(),
            format!("a\n1\n{ROOT}"),
            "a\n1\n".to_owned(),
            format!("\n1\n{ROOT}\n"),
            format!("a\n01\n{ROOT}\n"),
            format!("a\n+1\n{ROOT}\n"),
            format!("a\n-1\n{ROOT}\n"),
            format!("a\n 1\n{ROOT}\n"),
            format!("a\n18446744073709551616\n{ROOT}\n"),
            format!("a\n1\n{ROOT}\n\n"),
            format!("a\n1\n{ROOT}\n\nx\n"),
            "a\n1\nAAAA\n".to_owned(),
            format!("a\n1\n{}\n", ROOT.trim_end_matches('=')),
        ] {
            assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = Checkpoint::parse(&text);
        }
    }
}
