//! How a bundle came, as the reviewer states it.

use tickmark_vault::table::bundle::Intake as KeptIntake;

use crate::contract::bundle::Intake;
use crate::error::{Answer, Error};

/// The intake as it is kept.
pub(super) fn kept(intake: &Intake) -> KeptIntake {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    KeptIntake {
        received_from: some(&intake.received_from),
        received_at: some(&intake.received_at),
        medium: some(&intake.medium),
        request: some(&intake.request),
        sender_sha256: intake
            .sender_sha256
            .as_deref()
            .and_then(some)
            .map(|t| t.to_ascii_lowercase()),
    }
}

/// The digest that the sender stated, in lower case.
///
/// # Errors
/// `invalid_input` when it is no SHA-256.
pub(super) fn sender_digest(intake: &Intake) -> Answer<Option<String>> {
    let Some(text) = intake
        .sender_sha256
        .as_deref()
        .map(str::trim)
        .filter(|t| !t.is_empty())
    else {
        return Ok(None);
    };
    let lower: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    if lower.len() == 64 && lower.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(Some(lower))
    } else {
        Err(Error::invalid(format!(
            "The sender's digest “{text}” is no SHA-256: expected 64 hexadecimal digits."
        )))
    }
}
