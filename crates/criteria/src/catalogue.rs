//! A catalogue of criteria: read strictly, looked up, searched.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{CheckWord, Criterion, Evaluable, Grounding, Params};

/// The text of the shipped catalogue, for its digest and for the curious.
pub const SHIPPED: &str = include_str!("../data/frameworks.toml");

/// Criteria under one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    version: String,
    disclaimer: String,
    text: String,
    described: BTreeMap<CheckWord, String>,
    criteria: Vec<Criterion>,
}

/// Why a catalogue is refused. Every field is named as in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Longer than [`MAX_TEXT`].
    #[error("The catalogue has {found} bytes; at most {limit} are read.")]
    TooLong {
        /// Bytes of the text.
        found: usize,
        /// [`MAX_TEXT`].
        limit: usize,
    },
    /// Not TOML, a field missing, unknown or of the wrong kind.
    #[error("The catalogue cannot be read at byte {at}: {reason}")]
    Unreadable {
        /// Where reading stopped, as a byte offset.
        at: usize,
        /// What the reader found, in its words.
        reason: String,
    },
    /// Another layout of the file.
    #[error("The catalogue has schema {found}; this Tickmark reads schema {expected}.")]
    UnknownSchema {
        /// [`SCHEMA`].
        expected: u32,
        /// As stated.
        found: u32,
    },
    /// No criterion at all.
    #[error("The catalogue holds no criterion.")]
    Empty,
    /// Two criteria with one id.
    #[error("The id {id} stands twice: as criterion {first} and {second}.")]
    DuplicateId {
        /// The id.
        id: String,
        /// Place of the first, from 1.
        first: usize,
        /// Place of the second, from 1.
        second: usize,
    },
    /// An id with characters that a report or a command line would have to escape.
    #[error(
        "Criterion {at} has the id \"{found}\"; an id has 1 to 80 of the characters a-z A-Z 0-9 . - _ / ( )."
    )]
    BadId {
        /// Place of the criterion, from 1.
        at: usize,
        /// As written.
        found: String,
    },
    /// A word that is not a check.
    #[error("{at} names the check \"{found}\", which Tickmark does not perform.")]
    UnknownCheck {
        /// Id of the criterion, or `[checks]`.
        at: String,
        /// As written.
        found: String,
    },
    /// The same check twice in one criterion.
    #[error("{at} names the check {check} twice.")]
    RepeatedCheck {
        /// Id of the criterion.
        at: String,
        /// The check.
        check: CheckWord,
    },
    /// A criterion that claims to be evaluable and names no check.
    #[error("{at} is evaluable, yet names no check.")]
    ChecksMissing {
        /// Id of the criterion.
        at: String,
    },
    /// A line without words; `cannot` above all: what records cannot show is never left out.
    #[error("{at} says nothing under \"{field}\".")]
    LineMissing {
        /// Id of the criterion.
        at: String,
        /// The field.
        field: &'static str,
    },
    /// A line longer than [`MAX_LINE`] or with control characters.
    #[error("{at} has a \"{field}\" that is longer than {limit} characters or holds control characters.")]
    BadLine {
        /// Id of the criterion.
        at: String,
        /// The field.
        field: &'static str,
        /// [`MAX_LINE`].
        limit: usize,
    },
}

impl Catalogue {
    /// The catalogue that comes with Tickmark.
    ///
    /// # Errors
    /// None as shipped: a test reads the same text.
    pub fn shipped() -> Result<Catalogue, CatalogueError> {
        Catalogue::parse(SHIPPED)
    }

    /// Reads a catalogue, such as a reviewer's own with an internal policy. The layout is that of [`SHIPPED`]; the
    /// `[checks]` table may be left out, `verify` may be `own`.
    ///
    /// # Errors
    /// See [`CatalogueError`]; the first fault is reported.
    pub fn parse(text: &str) -> Result<Catalogue, CatalogueError> {
        if text.len() > MAX_TEXT {
            return Err(CatalogueError::TooLong {
                found: text.len(),
                limit: MAX_TEXT,
            });
        }
        let file: File = toml::from_str(text).map_err(|error| CatalogueError::Unreadable {
            at: error.span().map_or(0, |span| span.start),
            reason: error.message().to_owned(),
        })?;
        if file.schema != SCHEMA {
            return Err(CatalogueError::UnknownSchema {
                expected: SCHEMA,
                found: file.schema,
            });
        }
        let described = described(file.checks)?;
        let criteria = (1..)
            .zip(file.control)
            .map(|(at, row)| criterion(at, row))
            .collect::<Result<Vec<_>, _>>()?;
        check_ids(&criteria)?;
        Ok(Catalogue {
            version: file.version,
            disclaimer: file.disclaimer,
            text: text.to_owned(),
            described,
            criteria,
        })
    }

    /// The version that the file states; printed in reports beside the digest of [`Catalogue::text`].
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the catalogue is not; printed wherever criteria are.
    #[must_use]
    pub fn disclaimer(&self) -> &str {
        &self.disclaimer
    }

    /// The text as it was read. Its digest names the catalogue.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every criterion in the order of the file.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The criterion with an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// The frameworks, each once, in the order of the file.
    #[must_use]
    pub fn frameworks(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        self.criteria
            .iter()
            .map(|one| one.framework.as_str())
            .filter(|name| seen.insert(*name))
            .collect()
    }

    /// What a check counts, in the words of this catalogue.
    #[must_use]
    pub fn describe(&self, check: CheckWord) -> Option<&str> {
        self.described.get(&check).map(String::as_str)
    }

    /// The criteria in which every word of `query` occurs, in any case and any field, in the order of the file. No words:
    /// all criteria.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<&Criterion> {
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let fits = |criterion: &&Criterion| {
            let text: Vec<String> = criterion.texts().map(str::to_lowercase).collect();
            words
                .iter()
                .all(|word| text.iter().any(|line| line.contains(word.as_str())))
        };
        self.criteria.iter().filter(fits).collect()
    }

    /// Ids that another catalogue uses as well: a reviewer's own catalogue may not shadow the shipped one.
    #[must_use]
    pub fn shared_ids(&self, other: &Catalogue) -> Vec<&str> {
        let ids: BTreeSet<&str> = other.criteria.iter().map(|one| one.id.as_str()).collect();
        self.criteria
            .iter()
            .map(|one| one.id.as_str())
            .filter(|id| ids.contains(id))
            .collect()
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    version: String,
    disclaimer: String,
    #[serde(default)]
    checks: BTreeMap<String, String>,
    #[serde(default)]
    control: Vec<Row>,
}

/// One `[[control]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    framework: String,
    clause: String,
    role: String,
    condition: Option<String>,
    summary: String,
    evaluable: Evaluable,
    #[serde(default)]
    checks: Vec<String>,
    #[serde(default)]
    params: Params,
    shows: String,
    /// Absent is a fault of its own, with the criterion's name.
    #[serde(default)]
    cannot: String,
    applies_from: String,
    verify: Grounding,
}

fn described(table: BTreeMap<String, String>) -> Result<BTreeMap<CheckWord, String>, CatalogueError> {
    table
        .into_iter()
        .map(|(word, meaning)| match word.parse() {
            Ok(check) => Ok((check, meaning)),
            Err(_) => Err(CatalogueError::UnknownCheck {
                at: "[checks]".to_owned(),
                found: word,
            }),
        })
        .collect()
}

fn criterion(at: usize, row: Row) -> Result<Criterion, CatalogueError> {
    check_id(at, &row.id)?;
    let lines = [
        ("framework", &row.framework),
        ("clause", &row.clause),
        ("role", &row.role),
        ("summary", &row.summary),
        ("shows", &row.shows),
        ("cannot", &row.cannot),
        ("applies_from", &row.applies_from),
    ];
    for (field, line) in lines
        .into_iter()
        .chain(row.condition.as_ref().map(|line| ("condition", line)))
    {
        check_line(&row.id, field, line)?;
    }
    let checks = checks(&row)?;
    Ok(Criterion {
        id: row.id,
        framework: row.framework,
        clause: row.clause,
        role: row.role,
        condition: row.condition,
        duty: row.summary,
        evaluable: row.evaluable,
        checks,
        params: row.params,
        shows: row.shows,
        cannot: row.cannot,
        applies_from: row.applies_from,
        grounding: row.verify,
    })
}

fn checks(row: &Row) -> Result<Vec<CheckWord>, CatalogueError> {
    let mut checks: Vec<CheckWord> = Vec::new();
    for word in &row.checks {
        let Ok(check) = word.parse() else {
            return Err(CatalogueError::UnknownCheck {
                at: row.id.clone(),
                found: word.clone(),
            });
        };
        if checks.contains(&check) {
            return Err(CatalogueError::RepeatedCheck {
                at: row.id.clone(),
                check,
            });
        }
        checks.push(check);
    }
    if checks.is_empty() && row.evaluable != Evaluable::Context {
        return Err(CatalogueError::ChecksMissing { at: row.id.clone() });
    }
    Ok(checks)
}

fn check_id(at: usize, id: &str) -> Result<(), CatalogueError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/()".contains(&byte);
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(fits) {
        let found = id.chars().take(MAX_ID).collect();
        return Err(CatalogueError::BadId { at, found });
    }
    Ok(())
}

/// A line says something: "n/a" and "-" do not.
fn check_line(id: &str, field: &'static str, line: &str) -> Result<(), CatalogueError> {
    let at = || id.to_owned();
    if line.chars().filter(|c| c.is_alphanumeric()).count() < LEAST_LETTERS
        || EMPTY_WORDS.contains(&line.trim())
    {
        return Err(CatalogueError::LineMissing { at: at(), field });
    }
    if line.chars().count() > MAX_LINE || line.chars().any(char::is_control) {
        return Err(CatalogueError::BadLine {
            at: at(),
            field,
            limit: MAX_LINE,
        });
    }
    Ok(())
}

fn check_ids(criteria: &[Criterion]) -> Result<(), CatalogueError> {
    if criteria.is_empty() {
        return Err(CatalogueError::Empty);
    }
    let mut first_places = BTreeMap::new();
    for (second, criterion) in (1..).zip(criteria) {
        if let Some(first) = first_places.insert(criterion.id.as_str(), second) {
            return Err(CatalogueError::DuplicateId {
                id: criterion.id.clone(),
                first,
                second,
            });
        }
    }
    Ok(())
}

/// Layout of the file.
pub const SCHEMA: u32 = 1;
/// Most bytes of a catalogue.
pub const MAX_TEXT: usize = 4 << 20;
/// Most characters of one line.
pub const MAX_LINE: usize = 2000;
const MAX_ID: usize = 80;
const LEAST_LETTERS: usize = 2;
const EMPTY_WORDS: [&str; 6] = ["n/a", "N/A", "none", "None", "tbd", "TBD"];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: &str = r#"
schema = 1
version = "2026-11"
disclaimer = "Internal."
[[control]]
id = "policy/4.2"
framework = "Model use policy"
clause = "4.2"
role = "deployer"
summary = "Every credit decision is released by a person."
evaluable = "partial"
checks = ["event.override", "field.actor"]
shows = "Releases and who made them."
cannot = "Whether the person read the case."
applies_from = "2025-01-01"
verify = "own"
"#;

    fn refused(from: &str, to: &str) -> CatalogueError {
        assert!(OWN.contains(from), "{from}");
        Catalogue::parse(&OWN.replacen(from, to, 1)).unwrap_err()
    }

    #[test]
    fn the_shipped_catalogue_has_51_criteria() {
        let catalogue = Catalogue::shipped().unwrap();
        let with = |evaluable| {
            catalogue
                .criteria()
                .iter()
                .filter(|one| one.evaluable == evaluable)
                .count()
        };
        assert_eq!(catalogue.criteria().len(), 51);
        assert_eq!(
            (
                with(Evaluable::Full),
                with(Evaluable::Partial),
                with(Evaluable::Context)
            ),
            (3, 29, 19)
        );
        let on = |grounding| {
            catalogue
                .criteria()
                .iter()
                .filter(|one| one.grounding == grounding)
                .count()
        };
        assert_eq!(
            (
                on(Grounding::Text),
                on(Grounding::Secondary),
                on(Grounding::Recall)
            ),
            (12, 11, 28)
        );
        assert!(
            CheckWord::ALL
                .iter()
                .all(|check| catalogue.describe(*check).is_some())
        );
        let used: BTreeSet<CheckWord> = catalogue
            .criteria()
            .iter()
            .flat_map(|one| one.checks.clone())
            .collect();
        assert_eq!(used.len(), CheckWord::ALL.len());
        assert_eq!(catalogue.version(), "2026-11-23");
        assert_eq!(catalogue.text(), SHIPPED);
    }

    #[test]
    fn a_criterion_is_found_by_id_and_by_words() {
        let catalogue = Catalogue::shipped().unwrap();
        let logs = catalogue.find("eu-ai-act/26.6").unwrap();
        assert_eq!(logs.params.min_days, Some(183));
        assert_eq!(logs.title(), "EU AI Act (Reg. (EU) 2024/1689), Art. 26(6)");
        assert!(catalogue.find("eu-ai-act/26").is_none());
        let found: Vec<&str> = catalogue
            .search("BIOMETRIC start")
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        assert_eq!(found, ["eu-ai-act/12.3"]);
        assert_eq!(catalogue.search(" ").len(), 51);
        assert!(catalogue.search("zeppelin").is_empty());
        assert!(catalogue.frameworks().len() > 10);
    }

    #[test]
    fn a_policy_of_ones_own_is_read() {
        let own = Catalogue::parse(OWN).unwrap();
        assert_eq!(
            own.criteria()[0].checks,
            [CheckWord::EventOverride, CheckWord::FieldActor]
        );
        assert_eq!(own.criteria()[0].grounding, Grounding::Own);
        let shipped = Catalogue::shipped().unwrap();
        assert!(own.shared_ids(&shipped).is_empty());
        let shadow = Catalogue::parse(&OWN.replacen("policy/4.2", "gdpr/22", 1)).unwrap();
        assert_eq!(shadow.shared_ids(&shipped), ["gdpr/22"]);
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        use CatalogueError as E;
        assert!(
            matches!(refused("field.actor", "field.author"), E::UnknownCheck { found, .. } if found == "field.author")
        );
        assert!(matches!(
            refused("field.actor", "event.override"),
            E::RepeatedCheck { .. }
        ));
        assert!(matches!(
            refused(r#""event.override", "field.actor""#, ""),
            E::ChecksMissing { .. }
        ));
        let cannot = r#"cannot = "Whether the person read the case.""#;
        for nothing in ["", r#"cannot = """#, r#"cannot = "n/a""#, r#"cannot = " - ""#] {
            assert_eq!(
                refused(cannot, nothing),
                E::LineMissing {
                    at: "policy/4.2".to_owned(),
                    field: "cannot"
                }
            );
        }
        assert!(matches!(
            refused("case.\"", "case.\\u0007\""),
            E::BadLine { field: "cannot", .. }
        ));
        assert!(matches!(
            refused("schema = 1", "schema = 2"),
            E::UnknownSchema {
                expected: 1,
                found: 2
            }
        ));
        assert!(matches!(
            refused("policy/4.2", "policy 4.2"),
            E::BadId { at: 1, .. }
        ));
        assert!(matches!(refused("partial", "mostly"), E::Unreadable { .. }));
        assert!(matches!(refused("role =", "rolle ="), E::Unreadable { .. }));
        assert!(matches!(
            refused("[[control]]", "[checks]\n\"seq.x\" = \"?\"\n[[control]]"),
            E::UnknownCheck { .. }
        ));
        assert!(matches!(
            refused("checks = [", "params = {days = 3}\nchecks = ["),
            E::Unreadable { .. }
        ));
        let twice = format!(
            "{OWN}{}",
            OWN.split_once("[[control]]")
                .map(|(_, row)| format!("[[control]]{row}"))
                .unwrap()
        );
        let expected = E::DuplicateId {
            id: "policy/4.2".to_owned(),
            first: 1,
            second: 2,
        };
        assert_eq!(Catalogue::parse(&twice).unwrap_err(), expected);
        let none = OWN.split_once("[[control]]").unwrap().0;
        assert_eq!(Catalogue::parse(none).unwrap_err(), E::Empty);
        assert!(matches!(
            Catalogue::parse(&"#".repeat(MAX_TEXT + 1)),
            Err(E::TooLong { .. })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_read_or_refused(at in 0usize..OWN.len(), with in ".{0,6}") {
            let mut text = OWN.to_owned();
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.insert_str(at, &with);
            let _read = Catalogue::parse(&text);
        }
    }
}
