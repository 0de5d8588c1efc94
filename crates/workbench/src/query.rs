//! The query line: words and `field:value` terms, and the same said back in plain words.
//!
//! ```text
//! query = { [ "-" ] ( field ":" value | word | "\"" phrase "\"" ) }
//! field = event | actor | outcome | model | after | before | has
//! ```
//! `after:` includes its day, `before:` excludes it. `has:` takes `fault`, `note` or `signature`. A repeated field means
//! any of its values; different fields must all hold. Every word must occur in the record's text.

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::Error;

/// A parsed query line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words and phrases that must occur.
    pub words: Vec<String>,
    /// Words and phrases that must not.
    pub without: Vec<String>,
    /// Columns that must have one of these values.
    pub columns: Vec<ColumnTerm>,
    /// From this instant on.
    pub after: Option<DateTime<Utc>>,
    /// Up to, and not including, this instant.
    pub before: Option<DateTime<Utc>>,
    /// With (true) or without (false) a fault.
    pub fault: Option<bool>,
    /// With or without a note or finding.
    pub note: Option<bool>,
    /// With or without a signature that verifies.
    pub signature: Option<bool>,
}

/// One column and the values that it must, or must not, have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnTerm {
    /// The column.
    pub column: Column,
    /// Its values.
    pub values: Vec<String>,
    /// Whether these values are left out instead.
    pub excluded: bool,
}

/// A column that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// What happened.
    Event,
    /// Who acted.
    Actor,
    /// How it ended.
    Outcome,
    /// Which model.
    Model,
}

impl Column {
    /// Every column, in the order of the facets.
    pub const ALL: [Column; 4] = [Column::Outcome, Column::Event, Column::Model, Column::Actor];

    /// Its name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Column::Event => "event",
            Column::Actor => "actor",
            Column::Outcome => "outcome",
            Column::Model => "model",
        }
    }
}

impl Query {
    /// Reads a query line.
    ///
    /// # Errors
    /// `invalid_input`, naming the character at which it cannot be read.
    pub fn parse(line: &str) -> Result<Query, Error> {
        let mut query = Query::default();
        for token in tokens(line)? {
            query.add(&token)?;
        }
        Ok(query)
    }

    fn add(&mut self, token: &Token) -> Result<(), Error> {
        match token.field.as_deref() {
            None if token.excluded => self.without.push(token.value.clone()),
            None => self.words.push(token.value.clone()),
            Some("event") => self.add_column(Column::Event, token),
            Some("actor") => self.add_column(Column::Actor, token),
            Some("outcome") => self.add_column(Column::Outcome, token),
            Some("model") => self.add_column(Column::Model, token),
            Some("after") => self.after = Some(instant(token)?),
            Some("before") => self.before = Some(instant(token)?),
            Some("has") => self.add_has(token)?,
            Some(other) => {
                return Err(Error::invalid(format!(
                    "“{other}:” at character {} is no field that can be asked for.",
                    token.at
                ))
                .hint("Fields are event, actor, outcome, model, after, before and has.")
                .hint("To search for a colon, put the words in double quotes."));
            }
        }
        Ok(())
    }

    fn add_column(&mut self, column: Column, token: &Token) {
        let same = |term: &&mut ColumnTerm| term.column == column && term.excluded == token.excluded;
        match self.columns.iter_mut().find(same) {
            Some(term) => term.values.push(token.value.clone()),
            None => self.columns.push(ColumnTerm {
                column,
                values: vec![token.value.clone()],
                excluded: token.excluded,
            }),
        }
    }

    fn add_has(&mut self, token: &Token) -> Result<(), Error> {
        let wanted = Some(!token.excluded);
        match token.value.as_str() {
            "fault" => self.fault = wanted,
            "note" => self.note = wanted,
            "signature" => self.signature = wanted,
            other => {
                return Err(Error::invalid(format!(
                    "“has:{other}” at character {} is not known. Expected fault, note or signature.",
                    token.at
                )));
            }
        }
        Ok(())
    }

    /// The query in plain words, for example "records with outcome declined, from 1 Aug 2026".
    pub fn reads_as(&self) -> String {
        let mut parts = Vec::new();
        for term in &self.columns {
            let not = if term.excluded { "not " } else { "" };
            parts.push(format!(
                "{not}with {} {}",
                term.column.name(),
                any_of(&term.values)
            ));
        }
        parts.extend(self.words.iter().map(|word| format!("that contain “{word}”")));
        parts.extend(
            self.without
                .iter()
                .map(|word| format!("that do not contain “{word}”")),
        );
        parts.extend(self.after.map(|at| format!("from {}", said(at))));
        parts.extend(
            self.before
                .map(|at| format!("up to but not including {}", said(at))),
        );
        for (state, with, without) in [
            (self.fault, "with a fault", "without a fault"),
            (self.note, "with a note or finding", "without a note or finding"),
            (
                self.signature,
                "with a signature that verifies",
                "without a signature that verifies",
            ),
        ] {
            parts.extend(state.map(|yes| String::from(if yes { with } else { without })));
        }
        if parts.is_empty() {
            return "All records.".into();
        }
        let times = if self.after.is_some() || self.before.is_some() {
            " Times are UTC."
        } else {
            ""
        };
        format!("Records {}.{times}", parts.join(", "))
    }
}

struct Token {
    at: usize,
    excluded: bool,
    field: Option<String>,
    value: String,
}

fn tokens(line: &str) -> Result<Vec<Token>, Error> {
    let mut chars = line.chars().enumerate().peekable();
    let mut found = Vec::new();
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
            continue;
        }
        let excluded = c == '-';
        if excluded {
            chars.next();
        }
        let mut field = None;
        let mut value = String::new();
        while let Some(&(here, c)) = chars.peek() {
            if c.is_whitespace() {
                break;
            }
            chars.next();
            match c {
                '"' => loop {
                    match chars.next() {
                        Some((_, '"')) => break,
                        Some((_, c)) => value.push(c),
                        None => {
                            return Err(Error::invalid(format!(
                                "The quotation mark at character {} has no partner.",
                                here + 1
                            )));
                        }
                    }
                },
                ':' if field.is_none() && is_field_name(&value) => field = Some(std::mem::take(&mut value)),
                c => value.push(c),
            }
        }
        if value.is_empty() {
            return Err(Error::invalid(format!(
                "A value is missing at character {}.",
                at + 1
            )));
        }
        found.push(Token {
            at: at + 1,
            excluded,
            field,
            value,
        });
    }
    Ok(found)
}

fn is_field_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn instant(token: &Token) -> Result<DateTime<Utc>, Error> {
    let day = NaiveDate::parse_from_str(&token.value, "%Y-%m-%d")
        .ok()
        .and_then(|d| d.and_hms_opt(0, 0, 0));
    let instant = match day {
        Some(start) => Some(start.and_utc()),
        None => DateTime::parse_from_rfc3339(&token.value)
            .ok()
            .map(|at| at.with_timezone(&Utc)),
    };
    instant.filter(|_| !token.excluded).ok_or_else(|| {
        Error::invalid(format!("“{}” at character {} is no date.", token.value, token.at))
            .hint("Write a day as 2026-08-01, or an instant as 2026-08-01T09:00:00Z.")
    })
}

fn any_of(values: &[String]) -> String {
    values.join(" or ")
}

fn said(at: DateTime<Utc>) -> String {
    if at.time() == chrono::NaiveTime::MIN {
        at.format("%-d %b %Y").to_string()
    } else {
        at.format("%-d %b %Y, %H:%M:%S").to_string()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_line_of_the_design() {
        let line = "event:decision outcome:declined after:2026-08-01 before:2026-09-01 -actor:svc-batch";
        let query = Query::parse(line).unwrap();
        assert_eq!(query.columns.len(), 3);
        assert!(query.columns[2].excluded);
        assert_eq!(
            query.reads_as(),
            "Records with event decision, with outcome declined, not with actor svc-batch, from 1 Aug 2026, \
             up to but not including 1 Sep 2026. Times are UTC."
        );
    }

    #[test]
    fn a_repeated_field_means_any_of_its_values() {
        let query = Query::parse("outcome:declined outcome:referred").unwrap();
        assert_eq!(query.columns.len(), 1);
        assert_eq!(query.reads_as(), "Records with outcome declined or referred.");
    }

    #[test]
    fn words_phrases_and_colons() {
        let query = Query::parse("refund \"exact: phrase\" http://x -late").unwrap_err();
        assert!(query.to_string().contains("“http:”"));
        let query = Query::parse("refund \"exact: phrase\" -late has:fault").unwrap();
        assert_eq!(query.words, ["refund", "exact: phrase"]);
        assert_eq!(query.without, ["late"]);
        assert_eq!(query.fault, Some(true));
    }

    #[test]
    fn says_where_it_cannot_be_read() {
        for (line, part) in [
            ("abc \"open", "character 5"),
            ("event:", "character 1"),
            ("after:yesterday", "is no date"),
            ("has:everything", "Expected fault"),
            ("-after:2026-01-01", "is no date"),
        ] {
            let error = Query::parse(line).unwrap_err();
            assert!(error.to_string().contains(part), "{line}: {error}");
        }
    }

    #[test]
    fn nothing_means_all() {
        assert_eq!(Query::parse("  ").unwrap().reads_as(), "All records.");
    }
}
