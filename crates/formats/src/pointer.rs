//! JSON Pointer (RFC 6901): the name of one place inside a record.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A place inside a JSON value: `""` is the whole, `/chain/prev` a member, `/items/0` an element.
///
/// Used as a pattern (see [`Pointer::is_matched_by`]), the segment `*` stands for any array index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer {
    segments: Vec<String>,
}

impl Pointer {
    /// The pointer to the whole value, written as the empty text.
    #[must_use]
    pub fn root() -> Self {
        Pointer::default()
    }

    /// Parses a pointer as RFC 6901 section 3 writes it: empty, or segments that each begin with `/`, in which `~1`
    /// is a slash and `~0` a tilde.
    ///
    /// # Errors
    /// [`PointerError::NoLeadingSlash`] or [`PointerError::BadEscape`].
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Pointer::root());
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(PointerError::NoLeadingSlash {
                found: text.to_owned(),
            });
        };
        let segments = rest
            .split('/')
            .map(|segment| unescape(segment, text))
            .collect::<Result<_, _>>()?;
        Ok(Pointer { segments })
    }

    /// The decoded segments, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// Whether this points to the whole value.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// Appends one segment, given decoded.
    pub fn push(&mut self, segment: impl Into<String>) {
        self.segments.push(segment.into());
    }

    /// Takes the last segment off.
    pub fn pop(&mut self) -> Option<String> {
        self.segments.pop()
    }

    /// This pointer with one more segment, given decoded.
    #[must_use]
    pub fn child(&self, segment: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.push(segment);
        child
    }

    /// This pointer without its last segment; the root has no parent.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, head) = self.segments.split_last()?;
        Some(Pointer {
            segments: head.to_vec(),
        })
    }

    /// The last segment: the member's own name or index.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.segments.last().map(String::as_str)
    }

    /// Whether this pointer is `other` or lies beneath it.
    #[must_use]
    pub fn starts_with(&self, other: &Pointer) -> bool {
        self.segments.starts_with(&other.segments)
    }

    /// Whether `pattern` names this place: equal, where a segment `*` of the pattern also stands for any array index.
    #[must_use]
    pub fn is_matched_by(&self, pattern: &Pointer) -> bool {
        self.segments.len() == pattern.segments.len() && self.is_beneath(pattern)
    }

    /// Whether `pattern` names this place or one above it, with `*` as in [`Pointer::is_matched_by`].
    #[must_use]
    pub fn is_beneath(&self, pattern: &Pointer) -> bool {
        self.segments.len() >= pattern.segments.len()
            && self
                .segments
                .iter()
                .zip(&pattern.segments)
                .all(|(own, asked)| segment_matches(own, asked))
    }

    /// Puts one segment in front; used while an error climbs out of a parser.
    pub(crate) fn prepend(&mut self, segment: String) {
        self.segments.insert(0, segment);
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            f.write_str("/")?;
            f.write_str(&segment.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Pointer::parse(text)
    }
}

/// Parses a segment as an array index: digits without a leading zero (RFC 6901 section 4).
#[must_use]
pub fn array_index(segment: &str) -> Option<usize> {
    let digits = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (segment == "0" || !segment.starts_with('0'));
    if canonical { segment.parse().ok() } else { None }
}

/// Why a text is not a JSON Pointer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PointerError {
    /// A pointer that is not empty begins with a slash.
    #[error("a JSON Pointer is empty or begins with \"/\"; found {found:?}")]
    NoLeadingSlash {
        /// The text as given.
        found: String,
    },
    /// A tilde is followed by `0` or `1`.
    #[error("in a JSON Pointer \"~\" is written \"~0\" and \"/\" is written \"~1\"; found {found:?}")]
    BadEscape {
        /// The text as given.
        found: String,
    },
}

fn segment_matches(own: &str, asked: &str) -> bool {
    own == asked || (asked == "*" && array_index(own).is_some())
}

fn unescape(segment: &str, whole: &str) -> Result<String, PointerError> {
    let mut out = String::with_capacity(segment.len());
    let mut rest = segment.chars();
    while let Some(c) = rest.next() {
        match (c, c == '~') {
            (_, false) => out.push(c),
            (_, true) => match rest.next() {
                Some('0') => out.push('~'),
                Some('1') => out.push('/'),
                _ => {
                    return Err(PointerError::BadEscape {
                        found: whole.to_owned(),
                    });
                }
            },
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_examples_of_rfc_6901_parse_and_print_back() {
        for (text, segments) in [
            ("", vec![]),
            ("/foo", vec!["foo"]),
            ("/foo/0", vec!["foo", "0"]),
            ("/", vec![""]),
            ("/a~1b", vec!["a/b"]),
            ("/c%d", vec!["c%d"]),
            ("/m~0n", vec!["m~n"]),
            ("/~01", vec!["~1"]),
            ("/ ", vec![" "]),
        ] {
            let pointer = Pointer::parse(text).unwrap();
            assert_eq!(pointer.segments(), segments, "{text}");
            assert_eq!(pointer.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        assert!(matches!(
            Pointer::parse("foo"),
            Err(PointerError::NoLeadingSlash { .. })
        ));
        assert!(matches!(
            Pointer::parse("/a~2"),
            Err(PointerError::BadEscape { .. })
        ));
        assert!(matches!(
            Pointer::parse("/a~"),
            Err(PointerError::BadEscape { .. })
        ));
    }

    #[test]
    fn a_star_stands_for_an_index_and_nothing_else() {
        let pattern = Pointer::parse("/items/*/id").unwrap();
        assert!(Pointer::parse("/items/0/id").unwrap().is_matched_by(&pattern));
        assert!(Pointer::parse("/items/17/id").unwrap().is_matched_by(&pattern));
        assert!(!Pointer::parse("/items/017/id").unwrap().is_matched_by(&pattern));
        assert!(!Pointer::parse("/items/x/id").unwrap().is_matched_by(&pattern));
        assert!(!Pointer::parse("/items/0/id/y").unwrap().is_matched_by(&pattern));
        assert!(Pointer::parse("/items/0/id/y").unwrap().is_beneath(&pattern));
        assert!(!Pointer::parse("/items/0").unwrap().is_beneath(&pattern));
    }
}
