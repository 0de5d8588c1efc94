//! The report: gathered from one state of the vault, written as PDF, `report.json` and lists; and performed again.

mod gather;
mod recheck;
mod recipe;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use tickmark_vault::id::ReportId;
use tickmark_vault::table::report::Report as KeptReport;

use crate::contract::bundle::Progress;
use crate::contract::command::Nothing;
use crate::contract::report::{
    CheckReport, ReportCheck, ReportPreview, ReportRow, ReportWritten, WriteReport,
};
use crate::desk::Workbench;
use crate::error::{Answer, Code, Error};
use crate::moment;
use crate::task::Meter;

impl Workbench {
    /// What the report would say, and what is still missing.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn report_preview(&self, _request: Nothing) -> Answer<ReportPreview> {
        let desk = self.desk()?;
        let request = WriteReport {
            path: String::new(),
            title: String::new(),
            limitations: String::new(),
            conclusion: String::new(),
        };
        let report = gather::report(self, &desk, &request)?;
        Ok(ReportPreview {
            title: report.header.title.clone(),
            lead: report.summary.lead.clone(),
            chapters: CHAPTERS.iter().map(|chapter| (*chapter).to_owned()).collect(),
            gaps: gather::gaps(&report),
        })
    }

    /// Writes the report: the PDF, and beside it `report.json`, `sample.csv` and `exceptions.csv`.
    ///
    /// # Errors
    /// `invalid_input` when the path cannot be used; `disk_full`, `unreadable`.
    pub fn report_write(
        &self,
        request: WriteReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ReportWritten> {
        let desk = self.desk()?;
        desk.signer()?;
        let pdf = pdf_path(&request.path)?;
        let mut meter = Meter::new("writing", "records");
        if let Some(told) = meter.at(0, None, 0) {
            progress(told);
        }
        let report = gather::report(self, &desk, &request)?;
        let rendered = tickmark_report::render(&report).map_err(|e| unprintable(&e))?;
        let sample = tickmark_report::csv::sample(&report).map_err(|e| unprintable(&e))?;
        let exceptions = tickmark_report::csv::exceptions(&report).map_err(|e| unprintable(&e))?;
        let json = beside(&pdf, "json");
        write(&pdf, &rendered.pdf)?;
        write(&json, &rendered.json)?;
        write(&beside(&pdf, "sample.csv"), &sample)?;
        write(&beside(&pdf, "exceptions.csv"), &exceptions)?;
        let pages = rendered.pages as u64;
        let kept = KeptReport {
            id: ReportId::random()?,
            version: 1,
            engagement: desk.engagement()?.clone(),
            digest: rendered.digest.clone(),
            path: Some(pdf.display().to_string()),
            json: json!({"title": report.header.title, "pages": pages, "report": report.header.id}),
        };
        let subject = json!({"report": report.header.id, "title": report.header.title, "digest": rendered.digest, "pages": pages});
        let custody_seq = desk.write(self.now(), "report.write", subject, |txn| {
            txn.reports_mut().insert(&kept)?;
            Ok(txn.custody_seq())
        })?;
        Ok(ReportWritten {
            pdf: pdf.display().to_string(),
            json: json.display().to_string(),
            digest: rendered.digest,
            pages,
            custody_seq,
        })
    }

    /// Reports that were written, oldest first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn report_list(&self, _request: Nothing) -> Answer<Vec<ReportRow>> {
        let desk = self.desk()?;
        let reader = desk.read()?;
        let reports = reader.view().reports().of(desk.engagement()?)?;
        Ok(reports
            .iter()
            .map(|report| ReportRow {
                id: report.id.to_string(),
                title: report.json["title"].as_str().unwrap_or_default().to_owned(),
                digest: report.digest.clone(),
                pages: report.json["pages"].as_u64().unwrap_or_default(),
                written_at: moment::stated(report.at),
                written_by: report.by.clone(),
                path: report.path.clone().unwrap_or_default(),
            })
            .collect())
    }

    /// Performs a report again from its bundles. Needs no vault.
    ///
    /// # Errors
    /// `unreadable` when it is no report.
    pub fn report_check(
        &self,
        request: CheckReport,
        progress: &mut dyn FnMut(Progress),
    ) -> Answer<ReportCheck> {
        recheck::check(&request, progress)
    }
}

fn unprintable(error: &tickmark_report::ReportError) -> Error {
    Error::new(Code::Internal, format!("The report cannot be made: {error}."))
        .hint("Nothing was written. The vault is as it was.")
}

fn pdf_path(text: &str) -> Answer<PathBuf> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("The report has no path."));
    }
    let path = Path::new(text);
    if path.is_dir() {
        return Ok(path.join("report.pdf"));
    }
    Ok(
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) {
            path.into()
        } else {
            PathBuf::from(format!("{text}.pdf"))
        },
    )
}

/// `report.pdf` -> `report.json`, `report.sample.csv`.
fn beside(pdf: &Path, ending: &str) -> PathBuf {
    pdf.with_extension(ending)
}

/// Writes a file whole, or not at all: first beside it, then renamed into place.
fn write(path: &Path, bytes: &[u8]) -> Answer<()> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::StorageFull => Error::new(
            Code::DiskFull,
            format!("The disk is full; {} was not written.", path.display()),
        ),
        _ => Error::new(
            Code::Unreadable,
            format!("{} cannot be written ({error}).", path.display()),
        ),
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&part)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
    if let Err(error) = written.and_then(|()| fs::rename(&part, path)) {
        let _ = fs::remove_file(&part);
        return Err(failed(error));
    }
    Ok(())
}

const CHAPTERS: [&str; 12] = [
    "Summary",
    "Scope and criteria",
    "Evidence received",
    "Integrity",
    "Population",
    "Plan and draw",
    "Results",
    "Exceptions",
    "Limitations",
    "Chain of custody",
    "Sign-off",
    "How to perform it again",
];
