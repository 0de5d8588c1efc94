//! Why a report could not be made or read.

/// Why a report could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The model names another schema.
    #[error("expected schema {expected}, found {found}")]
    Schema {
        /// `tickmark.report/1`.
        expected: &'static str,
        /// What the model says.
        found: String,
    },
    /// A figure of the model contradicts what it was counted from. No report is made from it.
    #[error("{figure}: stated {stated}, counted {counted}")]
    FigureDisagrees {
        /// Which figure, and where.
        figure: String,
        /// As the model states it.
        stated: String,
        /// As the model's own parts give it.
        counted: String,
    },
    /// A value of the model is not spelled as the schema asks.
    #[error("{place}: expected {expected}, found {found}")]
    Spelling {
        /// Where.
        place: String,
        /// What the schema asks.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A number is too large to be read alike by every JSON reader (2^53 and above), or is not whole.
    #[error("{place}: a whole number below 2^53 is expected, found {found}")]
    Number {
        /// JSON pointer of the number.
        place: String,
        /// The number.
        found: String,
    },
    /// The model could not be written as JSON.
    #[error("the report could not be written as JSON: {reason}")]
    Json {
        /// What the JSON writer says.
        reason: String,
    },
    /// A CSV list could not be written.
    #[error("the list {list} could not be written: {reason}")]
    Csv {
        /// Which list.
        list: &'static str,
        /// What the CSV writer says.
        reason: String,
    },
    /// A font that is part of the program cannot be read.
    #[error("the font {face} cannot be read")]
    Font {
        /// Its name.
        face: &'static str,
    },
    /// The page engine refused an operation.
    #[error("page {page} could not be drawn: {reason}")]
    Page {
        /// The page.
        page: usize,
        /// What the page engine says.
        reason: String,
    },
    /// The PDF could not be written.
    #[error("the PDF could not be written: {reason}")]
    Write {
        /// What the writer says.
        reason: String,
    },
    /// The file is no PDF that can be read.
    #[error("the file is no readable PDF: {reason}")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// The PDF lacks something that every report of Tickmark has.
    #[error("the PDF has no {what}")]
    Missing {
        /// What is missing.
        what: &'static str,
    },
    /// A part of the PDF is larger than any report's.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
}
