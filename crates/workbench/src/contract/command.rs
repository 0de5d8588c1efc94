//! Every command of the window: its name, what goes in, what comes out.
//!
//! One table, three readers: the window registers these names, TypeScript gets them as an interface, and a test holds
//! that both say the same.

use ts_rs::{Config, TS};

use super::activity::{CustodyExported, CustodyPage};
use super::bundle::{BundleRow, BundleView, ImportBundle, ImportSummary, VerifyAgain};
use super::finding::{CriterionView, FindingView, NoteView, WriteFinding, WriteNote};
use super::record::{Facet, HistogramView, RecordView, RecordsPage, RecordsQuery};
use super::report::{CheckReport, ReportCheck, ReportPreview, ReportRow, ReportWritten, WriteReport};
use super::sampling::{DrawSample, FreezePlan, PlanPreview, PlanRow, PlanView, PreviewPlan, RecordResult};
use super::session::{CreateVault, EngagementView, OpenVault, OverviewView, SessionView, WriteEngagement};
use super::source::{ExpectProfile, SourceView};
use super::trust::{KeyRead, PinKey, PinnedKeyView, QrPicture, ReadKey, WithdrawKey};

/// Names a bundle, plan, key, engagement or finding by its id.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct ById {
    /// The id.
    pub id: String,
}

/// Names a record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct RecordAt {
    /// Its bundle.
    pub bundle: String,
    /// Its number in file order, from 1.
    pub position: u64,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct Page {
    /// First row, from 0.
    pub offset: u64,
    /// Rows wanted, at most 500.
    pub limit: u64,
}

/// A path that a person chose or typed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct AtPath {
    /// The path.
    pub path: String,
}

/// Which path a dialog asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct PickPath {
    /// `file`, `folder` or `save`.
    pub kind: String,
    /// The dialog's title.
    pub title: String,
    /// A suggested name, for `save`.
    pub suggestion: String,
}

/// Nothing goes in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, TS)]
pub struct Nothing {}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $response:ty;)*) => {
        /// The names, in order.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        /// The table as a TypeScript interface, after the types it names.
        pub fn commands_ts(config: &Config) -> String {
            let mut text = String::from("export interface Commands {\n");
            $( text.push_str(&format!(
                "  {}: {{ request: {}; response: {} }};\n",
                stringify!($name), <$request as TS>::name(config), <$response as TS>::name(config)
            )); )*
            text.push_str("}\n");
            text
        }

        /// Exports every type that the table names, with its dependencies.
        ///
        /// # Errors
        /// When a file cannot be written.
        pub fn export_types(config: &Config) -> Result<(), ts_rs::ExportError> {
            $( export_one::<$request>(config)?; export_one::<$response>(config)?; )*
            export_one::<super::bundle::Progress>(config)?;
            export_one::<super::ErrorView>(config)
        }
    };
}

commands! {
    session(Nothing) -> SessionView;
    vault_create(CreateVault) -> SessionView;
    vault_open(OpenVault) -> SessionView;
    vault_lock(Nothing) -> SessionView;
    demo_open(Nothing) -> SessionView;
    pick_path(PickPath) -> Option<String>;
    overview(Nothing) -> OverviewView;
    engagement_list(Nothing) -> Vec<EngagementView>;
    engagement_create(WriteEngagement) -> EngagementView;
    engagement_select(ById) -> SessionView;
    bundle_import(ImportBundle) -> ImportSummary;
    bundle_import_cancel(Nothing) -> bool;
    bundle_list(Nothing) -> Vec<BundleRow>;
    bundle_view(ById) -> BundleView;
    bundle_verify_again(VerifyAgain) -> BundleView;
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
    report_write(WriteReport) -> ReportWritten;
    report_list(Nothing) -> Vec<ReportRow>;
    report_check(CheckReport) -> ReportCheck;
    activity(Page) -> CustodyPage;
    custody_export(AtPath) -> CustodyExported;
}

fn export_one<T: TS + 'static + ?Sized>(config: &Config) -> Result<(), ts_rs::ExportError> {
    // containers such as Vec<T> have no file of their own; their parts do
    if T::output_path().is_some() {
        T::export_all(config)
    } else {
        T::export_dependencies_of(config)
    }
}

trait ExportDependencies: TS {
    fn export_dependencies_of(config: &Config) -> Result<(), ts_rs::ExportError>;
}

impl<T: TS + 'static + ?Sized> ExportDependencies for T {
    fn export_dependencies_of(config: &Config) -> Result<(), ts_rs::ExportError> {
        struct Visit<'a> {
            config: &'a Config,
            result: Result<(), ts_rs::ExportError>,
        }
        impl ts_rs::TypeVisitor for Visit<'_> {
            fn visit<U: TS + 'static + ?Sized>(&mut self) {
                if self.result.is_ok() && U::output_path().is_some() {
                    self.result = U::export_all(self.config);
                }
            }
        }
        let mut visit = Visit {
            config,
            result: Ok(()),
        };
        T::visit_dependencies(&mut visit);
        T::visit_generics(&mut visit);
        visit.result
    }
}
