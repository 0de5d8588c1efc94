//! Figures, paragraphs and tables for a terminal.

/// Widest line of prose.
const WIDTH: usize = 100;
/// Widest cell of a table; `--json` has the whole text.
const WIDEST_CELL: usize = 64;

/// `184,212`
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `412,608,233 bytes`
pub fn size(bytes: u64) -> String {
    counted(bytes, "byte", "bytes")
}

/// `1 record`, `2 records`
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// `9f3c 41d2 …` whole, in groups of four.
pub fn grouped(digest: &str) -> String {
    let characters: Vec<char> = digest.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    visible(&groups.join(" "))
}

/// `20 Nov 2026 14:05:00 +01:00` for `2026-11-20T14:05:00.123+01:00`; another text as it is.
pub fn moment(time: &str) -> String {
    spelled(time).unwrap_or_else(|| visible(time))
}

fn spelled(time: &str) -> Option<String> {
    let (date, rest) = time.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let (clock, zone) = (
        rest.get(..8)?,
        rest.get(8..)?
            .trim_start_matches(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
    );
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let known_zone = zone == "Z" || zone.strip_prefix(['+', '-']).is_some_and(plain);
    let all_plain = plain(year) && plain(clock) && known_zone && day.len() == 2 && plain(day);
    let zone = if zone == "Z" || zone == "+00:00" {
        "UTC"
    } else {
        zone
    };
    all_plain.then(|| format!("{} {month} {year} {clock} {zone}", day.trim_start_matches('0')))
}

/// A paragraph whose lines all start with `indent`, with a line feed at its end.
pub fn hanging(indent: &str, text: &str) -> String {
    let mut out = String::new();
    let mut line = String::from(indent);
    let mut empty = true;
    for word in text
        .split([' ', '\n'])
        .filter(|word| !word.is_empty())
        .map(visible)
    {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line = indent.into();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// A list.
pub fn bullets<T: AsRef<str>>(lines: &[T]) -> String {
    lines
        .iter()
        .map(|line| {
            let paragraph = hanging("    ", line.as_ref());
            format!("  - {}", paragraph.strip_prefix("    ").unwrap_or(&paragraph))
        })
        .collect()
}

/// Names and what belongs to them, aligned; empty ones are left out.
pub fn pairs(rows: &[(&str, String)]) -> String {
    let shown = || rows.iter().filter(|(_, value)| !value.is_empty());
    let width = shown().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let indent = " ".repeat(width + 4);
    shown()
        .map(|(name, value)| {
            let paragraph = hanging(&indent, value);
            format!("  {name:<width$}  {}", paragraph.trim_start_matches(' '))
        })
        .collect()
}

/// A table with aligned columns. A column of numbers is aligned at its right, an empty one is left out. No rows: the words
/// for that.
pub fn table(heads: &[&str], rows: &[Vec<String>], when_empty: &str) -> String {
    if rows.is_empty() {
        return hanging("", when_empty);
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|text| cell(text)).collect())
        .collect();
    let columns: Vec<Column> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| Column::of(at, head, &rows))
        .collect();
    let head: Vec<String> = heads.iter().map(|head| String::from(*head)).collect();
    std::iter::once(&head)
        .chain(&rows)
        .map(|row| table_line(row, &columns))
        .collect()
}

struct Column {
    width: usize,
    figures: bool,
    empty: bool,
}

impl Column {
    fn of(at: usize, head: &str, rows: &[Vec<String>]) -> Column {
        let cells = || rows.iter().filter_map(|row| row.get(at));
        let width = cells().map(|text| text.chars().count()).max().unwrap_or(0);
        Column {
            width: width.max(head.chars().count()),
            figures: cells().all(|text| is_figure(text)),
            empty: width == 0,
        }
    }
}

fn table_line(row: &[String], columns: &[Column]) -> String {
    let shown = row.iter().zip(columns).filter(|(_, column)| !column.empty);
    let cells = shown.map(|(text, column)| {
        let gap = " ".repeat(column.width.saturating_sub(text.chars().count()));
        if column.figures {
            format!("{gap}{text}")
        } else {
            format!("{text}{gap}")
        }
    });
    let line = cells.collect::<Vec<_>>().join("  ");
    format!("{}\n", line.trim_end())
}

fn cell(text: &str) -> String {
    let text = visible(text);
    if text.chars().count() <= WIDEST_CELL {
        return text;
    }
    text.chars().take(WIDEST_CELL - 1).chain(['…']).collect()
}

fn is_figure(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b',')
}

/// Text from a bundle must not steer the terminal: control, bidi and invisible characters become their code points.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hostile(c) {
            out.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// JSON of the same value in which the same characters are written `\\uXXXX`. They can only stand inside its strings.
pub fn escaped(json: &str) -> String {
    if !json.chars().any(hostile) {
        return json.into();
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if hostile(c) {
            c.encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Lines to copy into a shell; they are not wrapped.
pub fn to_copy(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("  {}\n", visible(line)))
        .collect()
}

fn hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(184_212), "184,212");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(counted(1, "record", "records"), "1 record");
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(
            visible("a\u{202E}b\u{1b}[31m\u{200B}"),
            "a<U+202E>b<U+001B>[31m<U+200B>"
        );
        assert_eq!(visible("tag\u{E0041}\u{00AD}"), "tag<U+E0041><U+00AD>");
    }

    #[test]
    fn json_keeps_its_value_and_cannot_steer_either() {
        let value = serde_json::json!({"a\u{202E}": "\u{9b}2J \u{E0041} ü"});
        let text = escaped(&value.to_string());
        assert_eq!(text, r#"{"a\u202e":"\u009b2J \udb40\udc41 ü"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }

    #[test]
    fn a_line_feed_cannot_forge_a_line() {
        assert_eq!(visible("a.jsonl\n[+] Proven"), "a.jsonl<U+000A>[+] Proven");
        let row = table(&["Name"], &[vec!["a\n[+] Proven".into()]], "");
        assert_eq!(row.lines().count(), 2);
    }

    #[test]
    fn paragraphs_keep_their_indent() {
        let text = hanging("  ", &"word ".repeat(60));
        assert!(
            text.lines()
                .all(|line| line.starts_with("  word") && line.chars().count() <= WIDTH)
        );
    }

    #[test]
    fn times_are_spelled_out() {
        assert_eq!(moment("2026-11-02T14:05:00+01:00"), "2 Nov 2026 14:05:00 +01:00");
        assert_eq!(moment("2026-11-20T14:05:00.250Z"), "20 Nov 2026 14:05:00 UTC");
        for other in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-11-20T14:05",
            "2026-11-20T14:05:00 or so",
            "2026-11-20Tüüüü:00Z",
        ] {
            assert_eq!(moment(other), other);
        }
    }

    #[test]
    fn tables_align_and_cut() {
        let rows = [vec!["a".into(), "7".into()], vec!["bb".into(), "1,000".into()]];
        assert_eq!(
            table(&["Name", "Records"], &rows, ""),
            "Name  Records\na           7\nbb      1,000\n"
        );
        assert_eq!(table(&["Name"], &[], "None yet."), "None yet.\n");
        let gap = [vec!["a".into(), String::new(), "7".into()]];
        assert_eq!(table(&["Name", "Actor", "N"], &gap, ""), "Name  N\na     7\n");
        let long = table(&["Name"], &[vec!["x".repeat(500)]], "");
        assert!(long.lines().all(|line| line.chars().count() <= WIDEST_CELL));
    }

    #[test]
    fn pairs_align_and_leave_out_what_is_empty() {
        let text = pairs(&[
            ("Title", "Q3".into()),
            ("Period", String::new()),
            ("By", "Ana".into()),
        ]);
        assert_eq!(text, "  Title  Q3\n  By     Ana\n");
    }
}
