//! The commands of the contract, one line each.
//!
//! Long ones run on a thread of their own, so that the window stays awake, and tell how far they are.

use std::sync::Arc;

use tauri::ipc::{Channel, Invoke};
use tauri::{AppHandle, State, Wry};
use tickmark_workbench::Workbench;
use tickmark_workbench::contract::ErrorView;
use tickmark_workbench::contract::activity::{CustodyExported, CustodyPage};
use tickmark_workbench::contract::bundle::{
    BundleRow, BundleView, ImportBundle, ImportSummary, Progress, VerifyAgain,
};
use tickmark_workbench::contract::command::{AtPath, ById, Nothing, Page, PickPath, RecordAt};
use tickmark_workbench::contract::finding::{CriterionView, FindingView, NoteView, WriteFinding, WriteNote};
use tickmark_workbench::contract::record::{Facet, HistogramView, RecordView, RecordsPage, RecordsQuery};
use tickmark_workbench::contract::report::{
    CheckReport, ReportCheck, ReportPreview, ReportRow, ReportWritten, WriteReport,
};
use tickmark_workbench::contract::sampling::{
    DrawSample, FreezePlan, PlanPreview, PlanRow, PlanView, PreviewPlan, RecordResult,
};
use tickmark_workbench::contract::session::{
    CreateVault, EngagementView, OpenVault, OverviewView, SessionView, WriteEngagement,
};
use tickmark_workbench::contract::source::{ExpectProfile, SourceView};
use tickmark_workbench::contract::trust::{KeyRead, PinKey, PinnedKeyView, QrPicture, ReadKey, WithdrawKey};

type Desk<'a> = State<'a, Arc<Workbench>>;
type Answer<T> = Result<T, ErrorView>;

/// Runs one use case away from the window's thread.
async fn at_desk<T: Send + 'static>(
    desk: &Desk<'_>,
    work: impl FnOnce(&Workbench) -> tickmark_workbench::Answer<T> + Send + 'static,
) -> Answer<T> {
    let workbench = Arc::clone(desk.inner());
    match tauri::async_runtime::spawn_blocking(move || work(&workbench)).await {
        Ok(answer) => answer.map_err(ErrorView::from),
        Err(_) => Err(ErrorView::from(tickmark_workbench::Error::stopped())),
    }
}

/// Says how far a task is; a window that is gone needs no progress.
fn teller(channel: Channel<Progress>) -> impl FnMut(Progress) + Send + 'static {
    move |progress| drop(channel.send(progress))
}

#[tauri::command]
async fn pick_path(app: AppHandle, request: PickPath) -> Answer<Option<String>> {
    match tauri::async_runtime::spawn_blocking(move || crate::dialog::pick(&app, request)).await {
        Ok(answer) => answer,
        Err(_) => Err(ErrorView::from(tickmark_workbench::Error::stopped())),
    }
}

macro_rules! commands {
    (plain { $($name:ident($request:ty) -> $response:ty;)* } long { $($task:ident($task_request:ty) -> $task_response:ty;)* }) => {
        $(#[tauri::command]
        async fn $name(desk: Desk<'_>, request: $request) -> Answer<$response> {
            at_desk(&desk, move |bench| bench.$name(request)).await
        })*
        $(#[tauri::command]
        async fn $task(desk: Desk<'_>, request: $task_request, progress: Channel<Progress>) -> Answer<$task_response> {
            at_desk(&desk, move |bench| bench.$task(request, &mut teller(progress))).await
        })*
        /// Every command of the contract.
        pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![pick_path, $($name,)* $($task,)*]
        }
        #[cfg(test)]
        const HANDLED: &[&str] = &["pick_path", $(stringify!($name),)* $(stringify!($task),)*];
    };
}

commands! {
    plain {
        session(Nothing) -> SessionView;
        vault_create(CreateVault) -> SessionView;
        vault_open(OpenVault) -> SessionView;
        vault_lock(Nothing) -> SessionView;
        overview(Nothing) -> OverviewView;
        engagement_list(Nothing) -> Vec<EngagementView>;
        engagement_create(WriteEngagement) -> EngagementView;
        engagement_select(ById) -> SessionView;
        bundle_import_cancel(Nothing) -> bool;
        bundle_list(Nothing) -> Vec<BundleRow>;
        bundle_view(ById) -> BundleView;
        records_page(RecordsQuery) -> RecordsPage;
        records_facets(RecordsQuery) -> Vec<Facet>;
        records_histogram(RecordsQuery) -> HistogramView;
        record_view(RecordAt) -> RecordView;
        source_list(Nothing) -> Vec<SourceView>;
        source_expect(ExpectProfile) -> Vec<SourceView>;
        key_list(Nothing) -> Vec<PinnedKeyView>;
        key_read(ReadKey) -> Vec<KeyRead>;
        key_picture(ById) -> QrPicture;
        key_pin(PinKey) -> Vec<PinnedKeyView>;
        key_withdraw(WithdrawKey) -> Vec<PinnedKeyView>;
        plan_preview(PreviewPlan) -> PlanPreview;
        plan_freeze(FreezePlan) -> PlanView;
        plan_list(Nothing) -> Vec<PlanRow>;
        plan_view(ById) -> PlanView;
        sample_draw(DrawSample) -> PlanView;
        result_record(RecordResult) -> PlanView;
        criterion_list(Nothing) -> Vec<CriterionView>;
        finding_list(Nothing) -> Vec<FindingView>;
        finding_write(WriteFinding) -> FindingView;
        note_write(WriteNote) -> NoteView;
        report_preview(Nothing) -> ReportPreview;
        report_list(Nothing) -> Vec<ReportRow>;
        activity(Page) -> CustodyPage;
        custody_export(AtPath) -> CustodyExported;
    }
    long {
        demo_open(Nothing) -> SessionView;
        bundle_import(ImportBundle) -> ImportSummary;
        bundle_verify_again(VerifyAgain) -> BundleView;
        report_write(WriteReport) -> ReportWritten;
        report_check(CheckReport) -> ReportCheck;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use tickmark_workbench::contract::command::COMMANDS;

    use super::HANDLED;

    #[test]
    fn every_command_of_the_contract_is_handled() {
        assert_eq!(set(HANDLED.iter().copied()), set(COMMANDS.iter().copied()));
        assert_eq!(HANDLED.len(), COMMANDS.len());
    }

    #[test]
    fn the_window_may_call_the_contract_and_nothing_else() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let allowed: Vec<_> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap())
            .collect();
        let own = COMMANDS
            .iter()
            .map(|name| format!("allow-{}", name.replace('_', "-")));
        let expected: BTreeSet<_> = own
            .chain(["core:webview:allow-set-webview-zoom".to_owned()])
            .collect();
        assert_eq!(set(allowed.iter().map(|p| (*p).to_owned())), expected);
        assert_eq!(allowed.len(), expected.len());
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert!(
            capability.get("remote").is_none(),
            "only the window's own pages call commands"
        );
    }

    fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
        items.into_iter().collect()
    }
}
