//! Where a judged bundle comes from.

use tickmark_vault::table::expected_profile::ExpectedProfile;
use tickmark_vault::view::View;
use tickmark_verify::ProfileChoice;
use tickmark_verify::verification::Verification;

use crate::contract::bundle::ImportBundle;
use crate::error::Answer;
use crate::memory::source_of;
use crate::source;

/// Where a judged bundle comes from.
pub(super) struct Origin {
    /// As it was named, or found by its records.
    pub source: Option<String>,
    /// The profile that this bundle is the first of its source to show.
    pub pins: Option<ExpectedProfile>,
    /// Whether a found source has keys or a profile of its own, with which the bundle was not judged.
    pub is_expected_otherwise: bool,
}

/// Asks the vault where it comes from.
///
/// # Errors
/// When the vault cannot be read.
pub(super) fn origin(
    view: &View<'_>,
    request: &ImportBundle,
    asked: &ProfileChoice,
    verification: &Verification,
) -> Answer<Origin> {
    let source = match &request.source {
        Some(named) => Some(named.clone()),
        None => source_of(view, verification)?,
    };
    let is_found = request.source.is_none() && source.is_some();
    Ok(Origin {
        pins: source::pin(view, source.as_deref(), asked, verification)?,
        is_expected_otherwise: is_found && source::judges_otherwise(view, source.as_deref(), verification)?,
        source,
    })
}
