//! `report`, `reports`, `verify-report`.

use std::path::PathBuf;

use serde_json::json;
use tickmark_workbench::Answer;
use tickmark_workbench::contract::command::Nothing;
use tickmark_workbench::contract::report::{
    CheckReport, FigureCheck, FigureOutcome, ReportCheck, ReportOutcome, ReportRow, ReportWritten,
    WriteReport,
};

use super::session::{Session, bench};
use super::{AGAINST, DONE, OPEN};
use crate::arguments::{InVault, Report, VerifyReport};
use crate::output::Door;
use crate::progress::Line;
use crate::text::{bullets, grouped, hanging, moment, number, pairs, table, visible};

/// Writes the report. What is still missing from it is said on stderr.
///
/// # Errors
/// As the workbench says.
pub fn write(typed: Report, door: &Door) -> Answer<u8> {
    let session = Session::of(&typed.vault, door)?;
    for gap in session.bench.report_preview(Nothing {})?.gaps {
        door.note(&format!("tickmark: Still missing: {gap}"));
    }
    let request = WriteReport {
        path: typed.pdf.display().to_string(),
        title: typed.title,
        limitations: typed.limitations,
        conclusion: typed.conclusion,
    };
    let mut line = Line::new(door);
    let written = session
        .bench
        .report_write(request, &mut |progress| line.show(&progress))?;
    drop(line);
    door.result("tickmark.report-written/1", &written, written_in_words);
    Ok(DONE)
}

/// Lists the reports that were written.
///
/// # Errors
/// As the workbench says.
pub fn list(vault: &InVault, door: &Door) -> Answer<u8> {
    let reports = Session::of(vault, door)?.bench.report_list(Nothing {})?;
    door.result("tickmark.reports/1", &json!({ "reports": reports }), |_| {
        reports_in_words(&reports)
    });
    Ok(DONE)
}

/// Performs a report again. Needs no vault.
///
/// # Errors
/// When the report, a bundle or a trust file cannot be read.
pub fn check(typed: &VerifyReport, door: &Door) -> Answer<u8> {
    let spelled = |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect();
    let request = CheckReport {
        path: typed.report.display().to_string(),
        bundles: spelled(&typed.bundle),
        trust: spelled(&typed.trust),
    };
    let mut line = Line::new(door);
    let checked = bench().report_check(request, &mut |progress| line.show(&progress))?;
    drop(line);
    door.result("tickmark.report-check/1", &checked, checked_in_words);
    Ok(match checked.outcome {
        ReportOutcome::Agrees => DONE,
        ReportOutcome::Differs => AGAINST,
        ReportOutcome::Incomplete => OPEN,
    })
}

fn written_in_words(written: &ReportWritten) -> String {
    let rows = pairs(&[
        ("PDF", format!("{}, {} pages", written.pdf, number(written.pages))),
        ("Figures", written.json.clone()),
        ("Report digest", grouped(&written.digest)),
        ("Custody event", number(written.custody_seq)),
    ]);
    format!("The report is written.\n{rows}")
}

fn reports_in_words(reports: &[ReportRow]) -> String {
    let row = |r: &ReportRow| {
        vec![
            r.id.clone(),
            r.title.clone(),
            number(r.pages),
            moment(&r.written_at),
            r.written_by.clone(),
            r.path.clone(),
        ]
    };
    let rows: Vec<_> = reports.iter().map(row).collect();
    let heads = ["Id", "Title", "Pages", "Written", "By", "Path"];
    table(
        &heads,
        &rows,
        "This engagement has no report yet. `tickmark report` writes one.",
    )
}

fn checked_in_words(check: &ReportCheck) -> String {
    let sum = match check.outcome {
        ReportOutcome::Agrees => "[+] Agrees",
        ReportOutcome::Differs => "[x] Differs",
        ReportOutcome::Incomplete => "[-] Nothing differs, not everything could be checked",
    };
    let chapters = [
        ("Differs", FigureOutcome::Differs),
        ("Not checked", FigureOutcome::NotChecked),
        ("Agrees", FigureOutcome::Agrees),
        ("Entered by a person, not recomputed", FigureOutcome::Entered),
    ];
    let chapters = chapters.map(|(title, outcome)| chapter(title, outcome, &check.figures));
    format!("{sum}\n{}{}", hanging("    ", &check.sentence), chapters.concat())
}

fn chapter(title: &str, outcome: FigureOutcome, figures: &[FigureCheck]) -> String {
    let lines: Vec<_> = figures
        .iter()
        .filter(|figure| figure.outcome == outcome)
        .map(figure_line)
        .collect();
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{title}\n{}", bullets(&lines))
    }
}

fn figure_line(figure: &FigureCheck) -> String {
    let printed = &figure.printed;
    let rest = match figure.outcome {
        FigureOutcome::Differs => format!("the report states {printed}; performed again: {}", figure.found),
        FigureOutcome::NotChecked => format!("the report states {printed}; {}", figure.found),
        FigureOutcome::Agrees | FigureOutcome::Entered => printed.clone(),
    };
    visible(&format!("{}: {rest}", figure.figure))
}
