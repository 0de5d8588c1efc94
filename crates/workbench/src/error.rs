//! One error for both doors: a stable code, what happened, what can be done.

use std::fmt;

use crate::contract::ErrorView;

/// What a use case answers.
pub type Answer<T> = Result<T, Error>;

/// Why a use case could not be done. Nothing was changed, unless the message says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    code: Code,
    message: String,
    hints: Vec<String>,
}

/// A code that a door reacts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The passphrase or identity opens nothing.
    WrongSecret,
    /// The folder is no vault.
    NotAVault,
    /// The vault was written by a newer Tickmark.
    NewerFormat,
    /// Something in the vault is damaged.
    Damaged,
    /// Another process holds the vault's writer lock.
    LockedElsewhere,
    /// The vault is open for reading only.
    ReadOnly,
    /// No vault is open.
    VaultLocked,
    /// The thing asked for is not there.
    NotFound,
    /// A file or bundle cannot be read.
    Unreadable,
    /// Several profiles fit; a person has to choose.
    AmbiguousProfile,
    /// A person cancelled.
    Cancelled,
    /// The same bytes are in the vault already.
    AlreadyHeld,
    /// A limit was reached.
    Limit,
    /// The disk is full.
    DiskFull,
    /// What was entered cannot be used.
    InvalidInput,
    /// Something that should not happen.
    Internal,
}

impl Code {
    /// The word that crosses the border.
    pub fn word(self) -> &'static str {
        match self {
            Code::WrongSecret => "wrong_secret",
            Code::NotAVault => "not_a_vault",
            Code::NewerFormat => "newer_format",
            Code::Damaged => "damaged",
            Code::LockedElsewhere => "locked_elsewhere",
            Code::ReadOnly => "read_only",
            Code::VaultLocked => "vault_locked",
            Code::NotFound => "not_found",
            Code::Unreadable => "unreadable",
            Code::AmbiguousProfile => "ambiguous_profile",
            Code::Cancelled => "cancelled",
            Code::AlreadyHeld => "already_held",
            Code::Limit => "limit",
            Code::DiskFull => "disk_full",
            Code::InvalidInput => "invalid_input",
            Code::Internal => "internal",
        }
    }
}

impl Error {
    /// An error with its code and sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The same with something that can be done.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Something entered cannot be used.
    pub fn invalid(message: impl Into<String>) -> Self {
        Error::new(Code::InvalidInput, message)
    }

    /// A task's thread ended without an answer.
    pub fn stopped() -> Self {
        Error::new(
            Code::Internal,
            "The task stopped without an answer. The vault is as it was.",
        )
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for ErrorView {
    fn from(error: Error) -> Self {
        ErrorView {
            schema: "tickmark.error/1".into(),
            code: error.code.word().into(),
            message: error.message,
            hints: error.hints,
        }
    }
}

impl From<tickmark_vault::VaultError> for Error {
    fn from(error: tickmark_vault::VaultError) -> Self {
        use tickmark_vault::VaultError as V;
        let code = match &error {
            V::NotAVault { .. } => Code::NotAVault,
            V::Incomplete { .. } | V::Damaged { .. } | V::NotEncrypted { .. } => Code::Damaged,
            V::AlreadyExists { .. } | V::LastSlot => Code::InvalidInput,
            V::WrongSecret { .. } => Code::WrongSecret,
            V::NewerFormat { .. } => Code::NewerFormat,
            V::ReadOnly { .. } | V::UnfinishedOnReadOnlyMedium { .. } => Code::ReadOnly,
            V::Locked => Code::VaultLocked,
            V::DiskFull { .. } => Code::DiskFull,
            V::Io { .. } | V::Source { .. } => Code::Unreadable,
            V::NotFound { .. } | V::Disposed { .. } => Code::NotFound,
            V::Cancelled => Code::Cancelled,
            V::Refused { .. } => Code::InvalidInput,
            _ => Code::Internal,
        };
        let hint = match code {
            Code::WrongSecret => {
                Some("Check the keyboard layout and capital letters. The vault is unharmed.")
            }
            Code::NotAVault => {
                Some("A vault is a folder whose name ends in .vault and that holds vault.json.")
            }
            Code::NewerFormat => Some("Open it with a newer Tickmark. This one changed nothing."),
            Code::Damaged => Some("Restore the last backup, or run: tickmark vault check."),
            Code::DiskFull => Some("Free some space and try again. The vault is as it was."),
            _ => None,
        };
        told(code, &error, hint)
    }
}

impl From<tickmark_verify::VerifyError> for Error {
    fn from(error: tickmark_verify::VerifyError) -> Self {
        use tickmark_formats::container::ContainerError as C;
        use tickmark_verify::VerifyError as V;
        let code = match &error {
            V::Ambiguous { .. } => Code::AmbiguousProfile,
            V::Cancelled => Code::Cancelled,
            V::Container(C::Limit { .. }) | V::TooManyToOrder { .. } => Code::Limit,
            V::Container(C::Sealed { .. } | C::Locked { .. }) | V::Sealed => Code::WrongSecret,
            V::Container(_) | V::NoSource { .. } => Code::Unreadable,
            V::Shipped { .. } => Code::Internal,
        };
        let hint = match code {
            _ if matches!(error, V::TooManyToOrder { .. }) => {
                Some("Ask for the trail in its own order, or in parts.")
            }
            Code::AmbiguousProfile => Some("Name the profile of the system that made the bundle."),
            Code::WrongSecret => Some("Give the passphrase or the age identity that the sender agreed on."),
            Code::Limit => Some("If the bundle is meant to be that large, raise the named limit."),
            _ => None,
        };
        told(code, &error, hint)
    }
}

/// An error of a lower floor as a sentence, with what can be done.
fn told(code: Code, error: &dyn fmt::Display, hint: Option<&str>) -> Error {
    let mut text = error.to_string();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    let made = Error::new(code, text);
    match hint {
        Some(hint) => made.hint(hint),
        None => made,
    }
}
