//! What the full-text index holds of a record.

use tickmark_formats::json::{Kind, Value};

/// The words of a record: member names, strings and numbers in the order of the record, one member a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexedText {
    /// The words, at most [`MAX_TEXT`] bytes.
    pub text: String,
    /// Whether the record holds more than that.
    pub is_cut: bool,
}

/// Gathers the words of a record. Strings stand decoded; JSON inside a string stays the text it is.
#[must_use]
pub fn indexed_text(value: &Value<'_>) -> IndexedText {
    let mut gathered = IndexedText::default();
    gathered.gather(value);
    gathered
}

impl IndexedText {
    /// Depth is bounded by the parser that made the value.
    fn gather(&mut self, value: &Value<'_>) {
        if self.is_cut {
            return;
        }
        match &value.kind {
            Kind::Object(members) => {
                for member in members {
                    self.add(&member.name, "\n");
                    self.gather(&member.value);
                }
            }
            Kind::Array(elements) => elements.iter().for_each(|element| self.gather(element)),
            Kind::String(text) => self.add(text, " "),
            Kind::Number(token) => self.add(token, " "),
            Kind::Bool(_) | Kind::Null => {}
        }
    }

    fn add(&mut self, words: &str, separator: &str) {
        if self.is_cut || words.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(separator);
        }
        let room = MAX_TEXT.saturating_sub(self.text.len());
        self.is_cut = words.len() > room;
        self.text.push_str(prefix(words, room));
    }
}

/// The longest start of at most `bytes` bytes that ends between characters.
pub(crate) fn prefix(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// Most bytes that the index holds of one record: 64 KiB.
pub const MAX_TEXT: usize = 64 << 10;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tickmark_formats::json::parse;
    use tickmark_formats::limits::Limits;

    use super::*;

    fn text_of(json: &str) -> IndexedText {
        indexed_text(&parse(json.as_bytes(), &Limits::default()).unwrap())
    }

    #[test]
    fn names_strings_and_numbers_in_order() {
        let found = text_of(
            r#"{"tool":"search","data":{"query":"running sh\u00f6es","n":3,"ok":true,"x":null},"l":["a","b"]}"#,
        );
        assert_eq!(
            found.text,
            "tool search\ndata\nquery running shöes\nn 3\nok\nx\nl a b"
        );
        assert!(!found.is_cut);
    }

    #[test]
    fn a_long_record_is_cut_between_characters_and_says_so() {
        let long = format!(r#"{{"a":"{}","b":"end"}}"#, "é".repeat(MAX_TEXT));
        let found = text_of(&long);
        assert!(found.is_cut);
        assert!(found.text.len() <= MAX_TEXT && found.text.len() > MAX_TEXT - 4);
        assert!(!found.text.contains("end"));
        let whole = format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_TEXT - 2));
        assert!(!text_of(&whole).is_cut);
    }
}
