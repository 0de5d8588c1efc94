//! Why bytes are no record.

use tickmark_formats::json::{JsonError, JsonErrorKind};
use tickmark_formats::pointer::Pointer;

use crate::jws::JwsError;

/// Why bytes are no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// They are no JSON value.
    #[error("{0}")]
    Json(JsonError),
    /// They are no signed token.
    #[error("{0}")]
    Token(JwsError),
}

impl Unreadable {
    /// Whether a limit was reached, so that nothing is said of the bytes.
    pub fn is_limit(&self) -> bool {
        match self {
            Unreadable::Json(error) => error.is_limit(),
            Unreadable::Token(error) => error.is_limit(),
        }
    }

    /// Where a member name stands twice, if that is why.
    pub fn repeated(&self) -> Option<&Pointer> {
        let (Unreadable::Json(error) | Unreadable::Token(JwsError::Json { error, .. })) = self else {
            return None;
        };
        match &error.kind {
            JsonErrorKind::DuplicateMember { pointer, .. } => Some(pointer),
            _ => None,
        }
    }

    /// The code of its fault.
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::Json(_) => "not_json",
            Unreadable::Token(_) => "not_a_token",
        }
    }
}
