//! Why a profile cannot be used.

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The text is too long.
    #[error("the profile has {found} bytes; at most {limit} are read")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The text is no TOML of a profile.
    #[error("{message}")]
    Shape {
        /// What is wrong and where, as the TOML reader says it.
        message: String,
    },
    /// A value cannot be used.
    #[error("{at}: expected {expected}, found {found}")]
    Value {
        /// Where.
        at: String,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// Parts lie too deep or are too many.
    #[error("{at}: at most {limit} parts, {depth} deep")]
    TooManyParts {
        /// Where.
        at: String,
        /// The limit of their number.
        limit: usize,
        /// The limit of their depth.
        depth: usize,
    },
}
