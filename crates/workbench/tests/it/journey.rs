//! The whole path through the workbench: from the demo's bundles to a report that is performed again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use crate::kit::Fixed;
use tickmark_workbench::contract::bundle::Progress;
use tickmark_workbench::contract::report::{CheckReport, FigureOutcome, ReportOutcome};
use tickmark_workbench::{Workbench, make_demo};

fn quiet() -> impl FnMut(Progress) {
    |_| {}
}

#[test]
fn from_bundles_to_a_report_that_is_performed_again() {
    let dir = tempfile::tempdir().unwrap();
    let demo = make_demo(&dir.path().join("demo"), Box::new(Fixed::new()), &mut quiet()).unwrap();
    let bench = Workbench::new(Fixed::new());
    let check = bench
        .report_check(
            CheckReport {
                path: demo.report_pdf.clone(),
                bundles: vec![format!("{}/bundles", demo.dir)],
                trust: vec![demo.trust.clone()],
            },
            &mut quiet(),
        )
        .unwrap();
    let differing: Vec<_> = check
        .figures
        .iter()
        .filter(|f| f.outcome == FigureOutcome::Differs)
        .collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!(check.outcome, ReportOutcome::Agrees, "{:#?}", check.figures);
    assert!(
        check
            .figures
            .iter()
            .filter(|f| f.outcome == FigureOutcome::Agrees)
            .count()
            > 40
    );
}

#[test]
fn the_same_vault_state_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let one = make_demo(&dir.path().join("one"), Box::new(Fixed::new()), &mut quiet()).unwrap();
    let bytes = std::fs::read(&one.report_pdf).unwrap();
    let check = Workbench::new(Fixed::new())
        .report_check(
            CheckReport {
                path: one.report_pdf.clone(),
                bundles: Vec::new(),
                trust: Vec::new(),
            },
            &mut quiet(),
        )
        .unwrap();
    let again = check
        .figures
        .iter()
        .find(|f| f.figure.starts_with("The PDF, made again"))
        .unwrap();
    assert_eq!(again.outcome, FigureOutcome::Agrees);
    assert!(bytes.starts_with(b"%PDF"));
}
