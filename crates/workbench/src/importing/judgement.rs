//! The first judgement of a bundle, from its stored bytes.

use std::sync::Arc;

use tickmark_formats::container::Received;
use tickmark_formats::limits::Limits;
use tickmark_vault::import::{Finished, Import, Outcome};
use tickmark_verify::Request;

use super::counts;
use super::origin::origin;
use super::original::received_of;
use super::record::Keep;
use crate::contract::bundle::{ImportBundle, ImportedBundle, Progress, ReviewPeriod};
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::judging::openers;
use crate::memory::{KeptRecords, heads_of, remembered};
use crate::task::Meter;
use crate::{source, trust};

impl Workbench {
    /// Judges what is stored, and makes it visible.
    ///
    /// # Errors
    /// When nothing was kept.
    pub(super) fn judge(
        &self,
        desk: &Desk,
        import: Import,
        request: &ImportBundle,
        sha256: Option<String>,
        received: &Received,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ImportedBundle> {
        let memory = KeptRecords::new(&desk.vault);
        let prepared = self
            .prepare(desk, request, sha256, &memory)
            .and_then(|asked| Ok((asked, received_of(&import, received)?)));
        let (asked, kept) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                import.cancel()?;
                return Err(error);
            }
        };
        let mut keep = Keep {
            bench: self,
            files: import
                .origins()?
                .iter()
                .enumerate()
                .map(|(i, f)| (f.name().to_owned(), i as u64 + 1))
                .collect(),
            import: Some(import),
            meter: Meter::new("judging", "bytes"),
            progress: &mut *progress,
            failed: None,
            limits: Limits::default(),
        };
        let judged = tickmark_verify::verify(kept, &asked, &mut keep);
        let (failed, import) = (keep.failed.take(), keep.import.take());
        let failed = failed.or_else(|| memory.failure().map(Error::from));
        let Some(mut import) = import else {
            return Err(Error::stopped());
        };
        let verification = match (judged, failed) {
            (Ok(verification), None) => verification,
            (judged, failed) => {
                import.cancel()?;
                return Err(failed
                    .or_else(|| judged.err().map(Error::from))
                    .unwrap_or_else(Error::stopped));
            }
        };
        let heads = heads_of(&verification, import.bundle());
        let origin = match origin(&desk.read()?.view(), request, &asked.profile, &verification) {
            Ok(origin) => origin,
            Err(error) => {
                import.cancel()?;
                return Err(error);
            }
        };
        if origin.is_expected_otherwise {
            // found by its records: from the beginning, as if it had been named
            import.cancel()?;
            let named = ImportBundle {
                source: origin.source,
                ..request.clone()
            };
            return self.import(desk, named, progress);
        }
        import.name_source(origin.source.clone());
        let outcome = Outcome {
            verification: &verification,
            all_faults: &[],
            heads: &heads,
            importer: None,
        };
        let period = request.intake.period.as_ref();
        let bundle = import.bundle();
        let finished = import.finish_with(desk.signer()?, &outcome, self.now(), |txn| {
            if let Some(period) = period {
                txn.tell("period", period.spelled());
                txn.review_periods_mut().insert(&period.row(bundle, 1))?;
            }
            let Some(expected) = &origin.pins else {
                return Ok(());
            };
            txn.tell("expected_profile", expected.profile_digest.as_str());
            txn.expected_profiles_mut().insert(expected)
        })?;
        match finished {
            Finished::AlreadyKept { bundle } => self.already_held(desk, bundle),
            Finished::Kept { bundle, .. } => Ok(ImportedBundle {
                name: String::new(),
                bundle: Some(bundle.to_string()),
                source: verification.profile.as_ref().map(|profile| profile.id.clone()),
                under_source: origin.source.clone(),
                pins_profile: origin.pins.map(|expected| expected.profile),
                verdict: Some(verification.verdict),
                already_held: false,
                period: period.cloned(),
                counts: counts(verification.counts.records),
                faults: verification.faults,
                error: None,
            }),
        }
    }

    fn prepare(
        &self,
        desk: &Desk,
        request: &ImportBundle,
        sha256: Option<String>,
        memory: &Arc<KeptRecords>,
    ) -> Answer<Request> {
        let reader = desk.read()?;
        let view = reader.view();
        let text = |value: &Option<String>| {
            value
                .as_ref()
                .map(|t| t.trim().to_owned())
                .filter(|t| !t.is_empty())
        };
        Ok(Request {
            profile: source::choice(
                &view,
                request.source.as_deref(),
                text(&request.profile).as_deref(),
            )?,
            trust: trust::pinned(&view, request.source.as_deref())?,
            expect_head: text(&request.expect_head).into_iter().collect(),
            expect_count: request.expect_count,
            expect_sha256: sha256,
            period: request.intake.period.as_ref().map(ReviewPeriod::spelled),
            remembered: remembered(&view, None, request.source.as_deref())?,
            memory: Some(Arc::clone(memory) as Arc<dyn tickmark_verify::Memory>),
            openers: openers(request.passphrase.clone(), request.identity.clone())?,
            ..Request::default()
        })
    }
}
