//! Import: the received bytes are stored first, and the stored bytes are judged; records are kept in that same pass.

mod intake;
mod judgement;
mod origin;
mod original;
mod record;
mod rejudgement;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::Ordering;

use serde_json::json;
use tickmark_formats::container::Received;
use tickmark_vault::id::BundleNo;
use tickmark_vault::import::ImportDraft;

use crate::contract::ErrorView;
use crate::contract::bundle::{ImportBundle, ImportCounts, ImportSummary, ImportedBundle, Progress};
use crate::contract::command::Nothing;
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::received::at_path;
use crate::{period, source};

impl Workbench {
    /// Imports one file or folder: stored, judged, indexed, visible all at once at the end.
    ///
    /// # Errors
    /// When nothing was stored; the vault is then as it was.
    pub fn bundle_import(
        &self,
        request: ImportBundle,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ImportSummary> {
        let path = request.path.clone();
        self.cancel.store(false, Ordering::Relaxed);
        let desk = self.desk()?;
        desk.signer()?;
        let imported = self.import(&desk, request, progress)?;
        Ok(ImportSummary {
            schema: "tickmark.import/1".into(),
            bundles: vec![ImportedBundle {
                name: path,
                ..imported
            }],
        })
    }

    /// Asks the import under way to stop. The vault will be as it was.
    ///
    /// # Errors
    /// None; it is an answer like the others.
    pub fn bundle_import_cancel(&self, _request: Nothing) -> Answer<bool> {
        Ok(!self.cancel.swap(true, Ordering::Relaxed))
    }

    fn import(
        &self,
        desk: &Desk,
        request: ImportBundle,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ImportedBundle> {
        let received = at_path(Path::new(request.path.trim()))?;
        let sha256 = intake::sender_digest(&request.intake)?;
        let mut request = request;
        request.intake.period = period::asked(
            &desk.read()?.view(),
            request.intake.period.as_ref(),
            desk.engagement.as_ref(),
        )?;
        request.source = match source::name(request.source.as_deref())? {
            Some(name) => Some(source::spelled(&desk.read()?.view(), name)?),
            None => None,
        };
        let draft = ImportDraft {
            name: received.name().to_owned(),
            intake: intake::kept(&request.intake),
            source: request.source.clone(),
            engagement: desk.engagement.clone(),
        };
        let mut import = desk.vault.begin_import(draft, self.now())?;
        let is_folder = matches!(received, Received::Folder { .. });
        let stored = self.store(&mut import, &received, progress);
        let stored = stored.and_then(|()| import.already_kept(is_folder).map_err(Error::from));
        match stored {
            Err(error) => {
                import.cancel()?;
                Err(error)
            }
            Ok(Some(held)) => {
                import.cancel()?;
                self.already_held(desk, held)
            }
            Ok(None) => self.judge(desk, import, &request, sha256, &received, progress),
        }
    }

    fn already_held(&self, desk: &Desk, held: BundleNo) -> Answer<ImportedBundle> {
        let (verification, under_source, period, linked) = {
            let reader = desk.read()?;
            let view = reader.view();
            let linked = match &desk.engagement {
                Some(engagement) => view
                    .bundles()
                    .of(engagement)?
                    .iter()
                    .any(|bundle| bundle.bundle == held),
                None => true,
            };
            let under_source = view.bundles().get(held)?.source.clone();
            let verification = view.verifications().latest(held)?.row.verification;
            let period = period::kept(&view, held)?.map(|(period, _)| period);
            (verification, under_source, period, linked)
        };
        if let (Some(engagement), false) = (&desk.engagement, linked) {
            let subject = json!({"bundle": held.to_string(), "engagement": engagement.as_str()});
            desk.write(self.now(), "bundle.link", subject, |txn| {
                txn.bundles_mut().link(engagement, held)
            })?;
        }
        Ok(ImportedBundle {
            name: String::new(),
            bundle: Some(held.to_string()),
            source: verification.profile.as_ref().map(|profile| profile.id.clone()),
            under_source,
            pins_profile: None,
            verdict: Some(verification.verdict),
            already_held: true,
            period,
            counts: counts(verification.counts.records),
            faults: verification.faults,
            error: None,
        })
    }

    fn flow(&self) -> ControlFlow<()> {
        if self.cancel.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The entry of a path of which nothing was stored.
pub fn not_stored(path: &str, error: Error) -> ImportedBundle {
    ImportedBundle {
        name: path.to_owned(),
        bundle: None,
        source: None,
        under_source: None,
        pins_profile: None,
        verdict: None,
        already_held: false,
        period: None,
        counts: counts(0),
        faults: Vec::new(),
        error: Some(ErrorView::from(error)),
    }
}

fn counts(records: u64) -> ImportCounts {
    ImportCounts {
        records,
        metrics: 0,
        evidence: 0,
        fairness: 0,
        pii: 0,
    }
}
