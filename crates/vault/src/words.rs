//! From what a person types to an FTS5 expression in which nothing is an operator.
//!
//! Every word becomes a quoted string, so that `NEAR(`, `column:`, `OR`, `-`, `^`, quotes and parentheses are plain text.
//! A word that ends in `*` matches by its beginning. All words must occur, in any order; a word that the index splits
//! (`agent-7`) must occur as that sequence.

/// The expression; `None` when no word has a letter or digit that the index could hold.
pub(crate) fn expression(words: &str) -> Option<String> {
    let mut expression = String::new();
    for word in words.split(|c: char| c.is_whitespace() || c == '\0') {
        let (word, prefix) = match word.strip_suffix('*') {
            Some(beginning) => (beginning, true),
            None => (word, false),
        };
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        if !expression.is_empty() {
            expression.push_str(" AND ");
        }
        expression.push('"');
        expression.push_str(&word.replace('"', "\"\""));
        expression.push('"');
        if prefix {
            expression.push('*');
        }
    }
    if expression.is_empty() {
        None
    } else {
        Some(expression)
    }
}

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
            assert_eq!(expression(typed).as_deref(), Some(expected), "{typed}");
        }
        for nothing in ["", "  ", "-", "* \"\" ()", "\0"] {
            assert_eq!(expression(nothing), None, "{nothing:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_index_never_refuses(words in ".{0,40}") {
            let index = rusqlite::Connection::open_in_memory().unwrap();
            index.execute_batch("CREATE VIRTUAL TABLE i USING fts5(text, content='', contentless_delete=1)").unwrap();
            if let Some(expression) = expression(&words) {
                let found = index.query_row("SELECT count(*) FROM i WHERE i MATCH ?1", [expression], |row| row.get::<_, i64>(0));
                proptest::prop_assert_eq!(found.unwrap(), 0);
            }
        }
    }
}
