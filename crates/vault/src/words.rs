//! From what a person types to an FTS5 expression in which nothing is an operator.
//!
//! Every word becomes a quoted string, so that `NEAR(`, `column:`, `OR`, `-`, `^`, quotes and parentheses are plain text.
//! A word that ends in `*` matches by its beginning. All words must occur, in any order; a word that the index splits
//! (`agent-7`) must occur as that sequence.

use crate::error::VaultError;

/// The expression; `None` when no word has a letter or digit that the index could hold.
///
/// # Errors
/// `Refused` above [`MOST_WORDS`] words: the index would refuse the expression, and a word that is dropped in silence
/// would make the answer wrong.
pub(crate) fn expression(words: &str) -> Result<Option<String>, VaultError> {
    let mut phrases = Vec::new();
    for word in words.split(|c: char| c.is_whitespace() || c == '\0') {
        let (word, prefix) = match word.strip_suffix('*') {
            Some(beginning) => (beginning, "*"),
            None => (word, ""),
        };
        if word.chars().any(char::is_alphanumeric) {
            phrases.push(format!("\"{}\"{prefix}", word.replace('"', "\"\"")));
        }
    }
    if phrases.len() > MOST_WORDS {
        let found = format!("{} words", phrases.len());
        return Err(VaultError::Refused {
            what: "search",
            expected: "at most 64 words",
            found,
        });
    }
    Ok(if phrases.is_empty() {
        None
    } else {
        Some(phrases.join(" AND "))
    })
}

/// Words of one search.
const MOST_WORDS: usize = 64;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_quoted() {
        for (typed, expected) in [
            ("refund", "\"refund\""),
            ("refund  declined", "\"refund\" AND \"declined\""),
            ("say \"hi\"", "\"say\" AND \"\"\"hi\"\"\""),
            ("NEAR(a b)", "\"NEAR(a\" AND \"b)\""),
            ("text:a - OR ^b", "\"text:a\" AND \"OR\" AND \"^b\""),
            ("refu*", "\"refu\"*"),
            ("a\0b", "\"a\" AND \"b\""),
        ] {
            assert_eq!(expression(typed).unwrap().as_deref(), Some(expected), "{typed}");
        }
        for nothing in ["", "  ", "-", "* \"\" ()", "\0"] {
            assert_eq!(expression(nothing).unwrap(), None, "{nothing:?}");
        }
    }

    #[test]
    fn as_many_words_as_are_allowed_are_searched_and_more_are_refused() {
        let index = rusqlite::Connection::open_in_memory().unwrap();
        index
            .execute_batch("CREATE VIRTUAL TABLE i USING fts5(text, content='', contentless_delete=1)")
            .unwrap();
        let most = expression(&"a-b-c-d* ".repeat(MOST_WORDS)).unwrap().unwrap();
        let count = |words| {
            index.query_row("SELECT count(*) FROM i WHERE i MATCH ?1", [words], |row| {
                row.get::<_, i64>(0)
            })
        };
        assert_eq!(count(most).unwrap(), 0);
        assert!(expression(&"a ".repeat(MOST_WORDS + 1)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn the_index_never_refuses(words in ".{0,40}") {
            let index = rusqlite::Connection::open_in_memory().unwrap();
            index.execute_batch("CREATE VIRTUAL TABLE i USING fts5(text, content='', contentless_delete=1)").unwrap();
            if let Some(expression) = expression(&words).unwrap() {
                let found = index.query_row("SELECT count(*) FROM i WHERE i MATCH ?1", [expression], |row| row.get::<_, i64>(0));
                proptest::prop_assert_eq!(found.unwrap(), 0);
            }
        }
    }
}
