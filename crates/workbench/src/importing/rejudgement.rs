//! A kept bundle, judged again.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;
use tickmark_vault::id::BundleNo;
use tickmark_vault::table::review_period::ReviewPeriod as KeptPeriod;
use tickmark_vault::view::View;
use tickmark_verify::{Observer, ProfileChoice, Request};

use super::original::stored;
use crate::contract::bundle::{BundleView, Progress, ReviewPeriod, VerifyAgain};
use crate::contract::command::ById;
use crate::desk::Workbench;
use crate::error::{Answer, Error};
use crate::memory::{KeptRecords, remembered};
use crate::task::Meter;
use crate::{format, period, source, trust};

impl Workbench {
    /// Judges a kept bundle again, from the stored bytes, with the keys that are pinned now. Earlier judgements stay.
    ///
    /// # Errors
    /// `not_found`; `invalid_input` when the review period cannot be read; `wrong_secret` for a sealed bundle, whose
    /// secret is not kept.
    pub fn bundle_verify_again(
        &self,
        request: VerifyAgain,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<BundleView> {
        self.cancel.store(false, Ordering::Relaxed);
        let desk = self.desk()?;
        let bundle: BundleNo = request
            .id
            .parse()
            .map_err(|_| Error::invalid(format!("“{}” is no bundle.", request.id)))?;
        let memory = KeptRecords::new(&desk.vault);
        let (asked, restated) = {
            let reader = desk.read()?;
            let view = reader.view();
            let kept = view.bundles().get(bundle)?;
            let before = view.verifications().latest(bundle)?;
            let periods = Periods::of(&view, bundle, request.period.as_ref())?;
            let again = Again {
                memory: Arc::clone(&memory),
                source: kept.source.clone(),
                profile: before.verification.profile.as_ref().map(|p| p.id.clone()),
                sha256: kept.intake.sender_sha256.clone(),
                expect: told_before(&view, bundle)?,
                period: periods.in_force.clone(),
            };
            (again.request(&view, bundle)?, periods.restated)
        };
        let received = stored(&desk, bundle)?;
        let mut watch = Rejudge {
            bench: self,
            meter: Meter::new("judging", "bytes"),
            progress,
        };
        let verification = tickmark_verify::verify(received, &asked, &mut watch)?;
        memory.failure().map_or(Ok(()), Err)?;
        let subject =
            json!({"bundle": bundle.to_string(), "verdict": verification.verdict, "period": asked.period});
        desk.write(self.now(), "bundle.verify_again", subject, |txn| {
            if let Some(restated) = &restated {
                txn.review_periods_mut().insert(restated)?;
            }
            txn.verifications_mut().insert(bundle, &verification)
        })?;
        self.bundle_view(ById { id: request.id })
    }
}

struct Rejudge<'r> {
    bench: &'r Workbench,
    meter: Meter,
    progress: &'r mut dyn FnMut(Progress),
}

impl Observer for Rejudge<'_> {
    fn sees_records(&self) -> bool {
        false
    }

    fn progress(&mut self, at: &tickmark_verify::Progress) -> ControlFlow<()> {
        if let Some(told) = self.meter.at(at.bytes_done, at.bytes_total, at.records) {
            (self.progress)(told);
        }
        self.bench.flow()
    }
}

/// What a bundle is judged with again.
struct Again {
    memory: Arc<KeptRecords>,
    source: Option<String>,
    profile: Option<String>,
    sha256: Option<String>,
    expect: (Vec<String>, Option<u64>),
    period: Option<ReviewPeriod>,
}

impl Again {
    fn request(self, view: &View<'_>, bundle: BundleNo) -> Answer<Request> {
        let source = self.source.as_deref();
        Ok(Request {
            profile: match source::choice(view, source, None)? {
                // of its source nothing is expected: as before
                ProfileChoice::Detect => format::choice_again(self.profile.as_deref()),
                expected => expected,
            },
            trust: trust::pinned(view, source)?,
            expect_head: self.expect.0,
            expect_count: self.expect.1,
            expect_sha256: self.sha256,
            period: self.period.as_ref().map(ReviewPeriod::spelled),
            remembered: remembered(view, Some(bundle), source)?,
            memory: Some(self.memory),
            ..Request::default()
        })
    }
}

/// The review period of a bundle, as it was and as it is stated now.
struct Periods {
    in_force: Option<ReviewPeriod>,
    /// The statement that supersedes the one before; `None` where nothing changes.
    restated: Option<KeptPeriod>,
}

impl Periods {
    fn of(view: &View<'_>, bundle: BundleNo, stated: Option<&ReviewPeriod>) -> Answer<Periods> {
        let kept = period::kept(view, bundle)?;
        let (before, version) = kept.map_or((None, 0), |(period, version)| (Some(period), version));
        let Some(stated) = period::asked(view, stated, None)? else {
            return Ok(Periods {
                in_force: before,
                restated: None,
            });
        };
        let is_new = before.as_ref() != Some(&stated);
        Ok(Periods {
            restated: is_new.then(|| stated.row(bundle, version + 1)),
            in_force: Some(stated),
        })
    }
}

/// Head and count that were told at import, as the newest judgement's checks show them.
fn told_before(view: &View<'_>, bundle: BundleNo) -> Answer<(Vec<String>, Option<u64>)> {
    use tickmark_verify::verification::CheckOutcome;
    let judged = view.verifications().latest(bundle)?;
    let v = &judged.verification;
    let check = |id: &str| {
        v.claims
            .completeness
            .checks
            .iter()
            .find(|c| c.id == id)
            .map(|c| c.outcome)
    };
    let fault = |code: &str| {
        v.faults
            .iter()
            .find(|f| f.code == code)
            .and_then(|f| f.expected.clone())
    };
    let heads = match check("expected_head") {
        Some(CheckOutcome::Pass) => v.chains.iter().map(|chain| chain.head.clone()).collect(),
        Some(CheckOutcome::Fail) => fault("head_mismatch").into_iter().collect(),
        _ => Vec::new(),
    };
    let count = match check("expected_count") {
        Some(CheckOutcome::Pass) => Some(v.counts.records),
        Some(CheckOutcome::Fail) => fault("count_mismatch").and_then(|text| text.parse().ok()),
        _ => None,
    };
    Ok((heads, count))
}
