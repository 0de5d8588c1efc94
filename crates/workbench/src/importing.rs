//! Import: the received bytes are stored first, and the stored bytes are judged; records are kept in that same pass.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;
use tickmark_formats::container::Received;
use tickmark_formats::limits::Limits;
use tickmark_sources::facts;
use tickmark_vault::id::{BundleNo, RecordId};
use tickmark_vault::import::{Bytes, Finished, Import, ImportDraft, NewRecord, Outcome};
use tickmark_vault::table::bundle::Intake as KeptIntake;
use tickmark_vault::table::expected_profile::ExpectedProfile;
use tickmark_vault::view::View;
use tickmark_verify::verification::Verification;
use tickmark_verify::{Observer, ProfileChoice, Request, SeenRecord};

use crate::contract::ErrorView;
use crate::contract::bundle::{
    BundleView, ImportBundle, ImportCounts, ImportSummary, ImportedBundle, Intake, Progress,
};
use crate::contract::command::{ById, Nothing};
use crate::desk::{Desk, Workbench};
use crate::error::{Answer, Error};
use crate::judging::openers;
use crate::memory::{KeptRecords, heads_of, remembered, source_of};
use crate::received::at_path;
use crate::task::Meter;
use crate::{format, source, trust};

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

    /// Judges a kept bundle again, from the stored bytes, with the keys that are pinned now. Earlier judgements stay.
    ///
    /// # Errors
    /// `not_found`; `wrong_secret` for a sealed bundle, whose secret is not kept.
    pub fn bundle_verify_again(
        &self,
        request: ById,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<BundleView> {
        self.cancel.store(false, Ordering::Relaxed);
        let desk = self.desk()?;
        let bundle: BundleNo = request
            .id
            .parse()
            .map_err(|_| Error::invalid(format!("“{}” is no bundle.", request.id)))?;
        let memory = KeptRecords::new(&desk.vault);
        let asked = {
            let reader = desk.read()?;
            let view = reader.view();
            let kept = view.bundles().get(bundle)?;
            let before = view.verifications().latest(bundle)?;
            let again = Again {
                memory: Arc::clone(&memory),
                source: kept.source.clone(),
                profile: before.verification.profile.as_ref().map(|p| p.id.clone()),
                sha256: kept.intake.sender_sha256.clone(),
                expect: told_before(&view, bundle)?,
            };
            again.request(&view, bundle)?
        };
        let received = stored(&desk, bundle)?;
        let mut watch = Rejudge {
            bench: self,
            meter: Meter::new("judging", "bytes"),
            progress,
        };
        let verification = tickmark_verify::verify(received, &asked, &mut watch)?;
        memory.failure().map_or(Ok(()), Err)?;
        let subject = json!({"bundle": bundle.to_string(), "verdict": verification.verdict});
        desk.write(self.now(), "bundle.verify_again", subject, |txn| {
            txn.verifications_mut().insert(bundle, &verification)
        })?;
        self.bundle_view(request)
    }

    fn import(
        &self,
        desk: &Desk,
        request: ImportBundle,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ImportedBundle> {
        let received = at_path(Path::new(request.path.trim()))?;
        let sha256 = sender_digest(&request.intake)?;
        let mut request = request;
        request.source = match source::name(request.source.as_deref())? {
            Some(name) => Some(source::spelled(&desk.read()?.view(), name)?),
            None => None,
        };
        let draft = ImportDraft {
            name: received.name().to_owned(),
            intake: kept_intake(&request.intake),
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
            Ok(None) => self.judge(desk, import, &request, sha256, is_folder, progress),
        }
    }

    /// Stores the received bytes. They are read once, here; everything after reads what is stored.
    fn store(
        &self,
        import: &mut Import,
        received: &Received,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<()> {
        let files = match received {
            Received::File(file) => std::slice::from_ref(file),
            Received::Folder { files, .. } => files.as_slice(),
        };
        let total = received.len();
        let mut meter = Meter::new("receiving", "bytes");
        let mut before = 0;
        for file in files {
            let mut source = file
                .open()
                .map_err(|error| crate::received::unreadable(Path::new(file.name()), &error))?;
            let stored = import.add_file(file.name(), &mut source, &mut |bytes| {
                if let Some(told) = meter.at(before + bytes, Some(total), 0) {
                    progress(told);
                }
                self.flow()
            })?;
            before += stored.bytes;
        }
        Ok(())
    }

    fn judge(
        &self,
        desk: &Desk,
        import: Import,
        request: &ImportBundle,
        sha256: Option<String>,
        is_folder: bool,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ImportedBundle> {
        let memory = KeptRecords::new(&desk.vault);
        let prepared = self
            .prepare(desk, request, sha256, &memory)
            .and_then(|asked| Ok((asked, received_of(&import, is_folder)?)));
        let (asked, received) = match prepared {
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
        let judged = tickmark_verify::verify(received, &asked, &mut keep);
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
        let finished = import.finish_with(desk.signer()?, &outcome, self.now(), |txn| {
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
            remembered: remembered(&view, None, request.source.as_deref())?,
            memory: Some(Arc::clone(memory) as Arc<dyn tickmark_verify::Memory>),
            openers: openers(request.passphrase.clone(), request.identity.clone())?,
            ..Request::default()
        })
    }

    fn already_held(&self, desk: &Desk, held: BundleNo) -> Answer<ImportedBundle> {
        let (verification, under_source, linked) = {
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
            (verification, under_source, linked)
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

/// Where a judged bundle comes from.
struct Origin {
    /// As it was named, or found by its records.
    source: Option<String>,
    /// The profile that this bundle is the first of its source to show.
    pins: Option<ExpectedProfile>,
    /// Whether a found source has keys or a profile of its own, with which the bundle was not judged.
    is_expected_otherwise: bool,
}

fn origin(
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
        counts: counts(0),
        faults: Vec::new(),
        error: Some(ErrorView::from(error)),
    }
}

/// The received files of a kept bundle, for a reader of bundles.
pub(crate) fn stored(desk: &Desk, bundle: BundleNo) -> Answer<Received> {
    let kept = desk.vault.read(|view| view.bundles().get(bundle))?;
    let files = desk.vault.originals(bundle)?;
    let folder = kept.packing.first().is_some_and(|layer| layer == "folder");
    match (folder, files.as_slice()) {
        (false, [file]) => Ok(Received::File(std::sync::Arc::clone(file))),
        _ => Ok(Received::Folder {
            name: kept.name.clone(),
            files,
        }),
    }
}

fn received_of(import: &Import, is_folder: bool) -> Answer<Received> {
    let files = import.origins()?;
    match (is_folder, files.as_slice()) {
        (false, [file]) => Ok(Received::File(std::sync::Arc::clone(file))),
        _ => Ok(Received::Folder {
            name: "folder".into(),
            files,
        }),
    }
}

/// Keeps every record in the pass that judges it.
struct Keep<'k> {
    bench: &'k Workbench,
    import: Option<Import>,
    /// Numbers of the received files, by name.
    files: HashMap<String, u64>,
    meter: Meter,
    progress: &'k mut dyn FnMut(Progress),
    failed: Option<Error>,
    limits: Limits,
}

impl Observer for Keep<'_> {
    fn progress(&mut self, at: &tickmark_verify::Progress) -> ControlFlow<()> {
        if let Some(told) = self.meter.at(at.bytes_done, at.bytes_total, at.records) {
            (self.progress)(told);
        }
        self.bench.flow()
    }

    fn record(&mut self, record: &SeenRecord<'_>) -> ControlFlow<()> {
        self.meter.found(record.faults);
        let kept = self.new_record(record);
        match self.import.as_mut().map(|import| import.add_record(kept)) {
            Some(Ok(())) => ControlFlow::Continue(()),
            Some(Err(error)) => {
                self.failed = Some(error.into());
                ControlFlow::Break(())
            }
            None => ControlFlow::Break(()),
        }
    }
}

impl Keep<'_> {
    fn new_record(&self, record: &SeenRecord<'_>) -> NewRecord {
        let parsed = tickmark_formats::json::parse(record.bytes, &self.limits);
        let told = parsed.ok().map(|value| facts(&value));
        let fact = |pick: fn(&tickmark_sources::Facts) -> &Option<tickmark_sources::Fact>| {
            told.as_ref()
                .and_then(|facts| pick(facts).as_ref().map(|fact| fact.value.clone()))
        };
        let time = told.as_ref().and_then(|facts| facts.time.as_ref());
        NewRecord {
            position: record.position,
            id: RecordId::new(record.id, record.occurrence),
            bytes: match self.files.get(record.member) {
                Some(file) => Bytes::InFile {
                    file: *file,
                    offset: record.offset,
                    length: record.bytes.len() as u64,
                },
                None => Bytes::Own(record.bytes.to_vec()),
            },
            member: Some(record.member.to_owned()),
            line: Some(record.line),
            time_utc: time.map(|time| time.utc_nanos.div_euclid(1_000)),
            time_text: time.map(|time| time.text.clone()),
            event: fact(|facts| &facts.event),
            actor: fact(|facts| &facts.actor),
            actor_token: None,
            outcome: fact(|facts| &facts.outcome),
            model: fact(|facts| &facts.model),
            summary: fact(|facts| &facts.summary).unwrap_or_default(),
            text: told.map_or_else(
                || {
                    String::from_utf8_lossy(record.bytes)
                        .chars()
                        .take(UNREAD_TEXT)
                        .collect()
                },
                |f| f.text.text,
            ),
            link: record.link.map(str::to_owned),
            chain: record.chain.map(str::to_owned),
            signed: record.signed,
            masks: Vec::new(),
        }
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
            remembered: remembered(view, Some(bundle), source)?,
            memory: Some(self.memory),
            ..Request::default()
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

fn kept_intake(intake: &Intake) -> KeptIntake {
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

fn sender_digest(intake: &Intake) -> Answer<Option<String>> {
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

fn counts(records: u64) -> ImportCounts {
    ImportCounts {
        records,
        metrics: 0,
        evidence: 0,
        fairness: 0,
        pii: 0,
    }
}

/// Characters of an unreadable record that the index holds.
const UNREAD_TEXT: usize = 8 * 1024;
