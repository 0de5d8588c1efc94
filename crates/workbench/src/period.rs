//! The review period: stated at intake or taken over from the engagement, kept with the bundle, and used at every judgement.

use tickmark_vault::id::{BundleNo, EngagementId};
use tickmark_vault::table::review_period::ReviewPeriod as KeptPeriod;
use tickmark_vault::view::View;
use tickmark_verify::{Period, PeriodError};

use crate::contract::bundle::ReviewPeriod;
use crate::error::{Answer, Error};

impl ReviewPeriod {
    /// `FROM..TO`, as a request of the engine has it.
    pub(crate) fn spelled(&self) -> String {
        format!("{}..{}", self.from, self.to)
    }

    /// The row that states it of a bundle.
    pub(crate) fn row(&self, bundle: BundleNo, version: u64) -> KeptPeriod {
        KeptPeriod {
            bundle,
            version,
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }
}

/// The period that a text `FROM..TO` names.
///
/// # Errors
/// `invalid_input` when it cannot be read, saying which part.
pub fn parse(text: &str) -> Answer<ReviewPeriod> {
    let (from, to) = Period::ends(text).map_err(unreadable)?;
    checked(from, to)
}

/// The period between two ends, spelled without white space around them.
///
/// # Errors
/// As [`parse`].
pub(crate) fn checked(from: &str, to: &str) -> Answer<ReviewPeriod> {
    Period::between(from, to).map_err(unreadable)?;
    Ok(ReviewPeriod {
        from: from.trim().to_owned(),
        to: to.trim().to_owned(),
    })
}

/// A period in words: `1 Jul 2026 to 30 Sep 2026`.
pub fn words(period: &ReviewPeriod) -> String {
    tickmark_report::words::period(&period.from, &period.to)
}

/// The period that is stated, else the engagement's, where that has both days.
///
/// # Errors
/// As [`parse`].
pub(crate) fn asked(
    view: &View<'_>,
    stated: Option<&ReviewPeriod>,
    engagement: Option<&EngagementId>,
) -> Answer<Option<ReviewPeriod>> {
    if let Some(stated) = stated {
        return checked(&stated.from, &stated.to).map(Some);
    }
    let Some(engagement) = engagement else {
        return Ok(None);
    };
    let engagement = view.engagements().get(engagement)?;
    match (&engagement.period_from, &engagement.period_to) {
        (Some(from), Some(to)) => checked(from, to).map(Some),
        _ => Ok(None),
    }
}

/// The period that is kept with a bundle, and the number of its statement.
///
/// # Errors
/// When the vault cannot be read.
pub(crate) fn kept(view: &View<'_>, bundle: BundleNo) -> Answer<Option<(ReviewPeriod, u64)>> {
    let kept = view.review_periods().of(bundle)?;
    Ok(kept.map(|kept| {
        let period = ReviewPeriod {
            from: kept.row.from,
            to: kept.row.to,
        };
        (period, kept.row.version)
    }))
}

fn unreadable(error: PeriodError) -> Error {
    Error::invalid(format!("The review period cannot be read: {error}."))
}
