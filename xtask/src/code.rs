//! Rust source with everything blanked that is not shipped code: comments, text and test modules.
//!
//! Blanked means replaced by spaces, so that lines and columns stay where they are. This is a reader for our own,
//! formatted sources; it does not need to survive every program that the compiler accepts.

/// `source` with comments, string and character literals and `#[cfg(test)]` items blanked.
#[must_use]
pub fn shipped_code(source: &str) -> String {
    let mut code = blank_text(source);
    while let Some((start, end)) = test_item(&code) {
        code = code
            .char_indices()
            .map(|(at, c)| {
                if (start..end).contains(&at) && c != '\n' {
                    ' '
                } else {
                    c
                }
            })
            .collect();
    }
    code
}

/// Comments and literals blanked. Every other character keeps its line and column; all blanks are one byte.
fn blank_text(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let length = text_length(&chars, at);
        if length == 0 {
            out.push(if chars[at].is_ascii() { chars[at] } else { ' ' });
            at += 1;
        } else {
            out.extend(
                chars[at..at + length]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            at += length;
        }
    }
    out
}

/// How many characters from `at` are a comment or a literal; 0 where none begins.
fn text_length(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => rest.iter().take_while(|c| **c != '\n').count(),
        ['/', '*', ..] => block_comment_length(rest),
        ['r', '"' | '#', ..] if !follows_word(chars, at) => raw_string_length(rest),
        ['"', ..] => quoted_length(rest, '"'),
        ['\'', '\\', ..] => quoted_length(rest, '\''),
        ['\'', _, '\'', ..] => 3,
        _ => 0,
    }
}

/// `br"…"` is a literal, `for"…"` does not exist, `var"` neither: only a lone `r` (or `br`) starts a raw string.
fn follows_word(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|i| chars[i]);
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    is_word(before(1)) && (before(1) != Some('b') || is_word(before(2)))
}

fn block_comment_length(rest: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn raw_string_length(rest: &[char]) -> usize {
    let hashes = rest.iter().skip(1).take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0; // r#type: a raw identifier
    }
    let mut at = 2 + hashes;
    while at < rest.len() {
        if rest[at] == '"' && rest[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    rest.len()
}

fn quoted_length(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The bytes from the first `#[cfg(test)]` to the end of the item below it.
fn test_item(code: &str) -> Option<(usize, usize)> {
    const MARK: &str = "#[cfg(test)]";
    let start = code.find(MARK)?;
    let mut depth = 0_usize;
    for (at, c) in code[start + MARK.len()..].char_indices() {
        let end = start + MARK.len() + at + 1;
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return Some((start, end)),
            '}' => depth -= 1,
            ';' if depth == 0 => return Some((start, end)),
            _ => {}
        }
    }
    Some((start, code.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_in_place() {
        let source = "let a = \"std::fs\"; // std::fs\nlet b = '\"'; /* x /* y */ println */ c(r#\"println!\"#, br\"x\", '\\'');";
        let code = shipped_code(source);
        assert!(!code.contains("fs") && !code.contains("println"), "{code}");
        assert_eq!(code.find("let b"), source.find("let b"));
        assert!(code.contains("c(") && code.ends_with(");"), "{code}");
    }

    #[test]
    fn a_lifetime_is_no_literal() {
        assert_eq!(shipped_code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
    }

    #[test]
    fn a_raw_identifier_is_no_literal() {
        assert_eq!(shipped_code("let r#type = 1; // x"), "let r#type = 1;     ");
    }

    #[test]
    fn test_modules_are_blanked_and_what_follows_stays() {
        let code = shipped_code(
            "fn a() {}\n#[cfg(test)]\nmod tests { fn t() { std::fs::read(\"}\"); } }\nfn b() {}\n#[cfg(test)]\nuse x;\nfn c() {}",
        );
        assert!(!code.contains("std::fs") && !code.contains("use x"), "{code}");
        assert!(
            code.contains("fn a()") && code.contains("fn b()") && code.contains("fn c()"),
            "{code}"
        );
    }
}
